/*
 * limits: the function's process, on its way to its program.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { THREADS_A_PROCESS = 16, TASKS_MIN = 64 };

unsigned cage_tasks(const struct cage_limits *limits)
{
    unsigned tasks = limits->processes * THREADS_A_PROCESS;

    return tasks < TASKS_MIN ? TASKS_MIN : tasks;
}

/* The parent is gone, or has no use for us, when there is none. */
bool cage_step_wait_for_order(struct inside *in)
{
    const struct order *o = in->pages.order;
    int fds[ORDER_FDS_MAX];
    char word;
    int n;

    do
        n = cage_receive_fds(in->events, &word, 1, fds, COUNT(fds));
    while (n < 0 && errno == EINTR);
    if (n < 0)
        _exit(0);
    in->spec = &o->spec;
    in->uid = o->uid;
    in->gid = o->gid;
    in->output = o->output < n && o->output >= 0 ? fds[o->output] : -1;
    for (size_t i = 0; i < in->spec->mount_count; i++)
        in->owners[i] = o->owners[i] < n && o->owners[i] >= 0 ? fds[o->owners[i]] : -1;
    return true;
}

bool cage_step_hand_on(struct inside *in)
{
    CLEANUP(fd_closep) int output = fd_steal(&in->output);

    return cage_send_fds(in->handover, "o", 1, &output, output >= 0);
}

bool cage_step_take_order(struct inside *in)
{
    char word;

    in->output = -1;
    if (cage_receive_fds(in->handover, &word, 1, &in->output, 1) < 0)
        _exit(0); /* the warden is gone */
    in->spec = &in->pages.order->spec;
    in->uid = in->pages.order->uid;
    in->gid = in->pages.order->gid;
    return true;
}

bool cage_step_session(struct inside *in)
{
    (void)in;
    return setsid() >= 0;
}

bool cage_step_release(struct inside *in)
{
    return send(in->handover, "r", 1, MSG_NOSIGNAL) == 1;
}

static bool wait_for_word(const struct inside *in)
{
    char word;

    return recv(in->handover, &word, 1, 0) == 1;
}

bool cage_step_wait_for_root(struct inside *in)
{
    return wait_for_word(in);
}

bool cage_step_wait_for_leave(struct inside *in)
{
    return wait_for_word(in);
}

static rlim_t data_limit(const struct inside *in)
{
    /* Counts what is mapped, not what is used, of which runtimes map a multiple: this only
     * bounds the jump past the limit between two looks of the warden. */
    if (in->machine->cgroups.live[CAGE_MEMORY] || in->spec->limits.memory == 0)
        return RLIM_INFINITY;
    return in->spec->limits.memory * 4 + ((rlim_t)512 << 20);
}

bool cage_step_rlimits(struct inside *in)
{
    const struct cage_limits *l = &in->spec->limits;
    const struct {
        int which;
        rlim_t value;
    } limits[] = {
        {RLIMIT_NOFILE, l->files ? l->files : 1024},
        {RLIMIT_NPROC, cage_tasks(l) + 1}, /* the warden is of the same user */
        {RLIMIT_CORE, 0},
        {RLIMIT_MEMLOCK, 64 << 10},
        {RLIMIT_MSGQUEUE, 0},
        {RLIMIT_SIGPENDING, 1024},
        {RLIMIT_RTPRIO, 0},
        {RLIMIT_NICE, 0},
        {RLIMIT_DATA, data_limit(in)},
    };

    for (size_t i = 0; i < COUNT(limits); i++) {
        struct rlimit now, to = {limits[i].value, limits[i].value};

        if (getrlimit((__rlimit_resource_t)limits[i].which, &now) != 0)
            return false;
        if (now.rlim_max < to.rlim_max) /* not ours to raise */
            to.rlim_cur = to.rlim_max = now.rlim_max;
        if (setrlimit((__rlimit_resource_t)limits[i].which, &to) != 0)
            return cage_at(in, "limit number %d", limits[i].which);
    }
    return true;
}

bool cage_step_streams(struct inside *in)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int output = in->output < 0 ? null : in->output;

    /* Descriptors 0 to 2 may themselves be what we are given: copies first. */
    output = fcntl(output, F_DUPFD_CLOEXEC, 3);
    in->trouble = fcntl(in->trouble, F_DUPFD_CLOEXEC, 3);
    in->handover = fcntl(in->handover, F_DUPFD_CLOEXEC, 3);
    if (null < 0 || output < 0 || in->trouble < 0 || in->handover < 0)
        return false;
    if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
        return false;
    return close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

bool cage_step_directory(struct inside *in)
{
    const char *directory = in->spec->directory ? in->spec->directory : "/";

    return chdir(directory) == 0 || cage_at(in, "'%s'", directory);
}
