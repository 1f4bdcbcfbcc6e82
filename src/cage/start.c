/*
 * start: the parent's side of a cage: what it prepares, forks, waits for and clears away.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 10000 };

static bool check_spec(const struct cage_spec *spec, struct err *e)
{
    if (spec->mount_count > CAGE_MOUNTS_MAX)
        return err_set(e, ERR_LIMIT, "%zu mounts, but a cage takes %d", spec->mount_count,
                       CAGE_MOUNTS_MAX);
    if (spec->listener_count > CAGE_LISTENERS_MAX)
        return err_set(e, ERR_LIMIT, "%zu listeners, but a cage takes %d", spec->listener_count,
                       CAGE_LISTENERS_MAX);
    if (spec->run_count > CAGE_RUN_MAX)
        return err_set(e, ERR_LIMIT, "%zu programs to run, but a cage takes %d",
                       spec->run_count, CAGE_RUN_MAX);
    return true;
}

static pid_t fork_warden(const struct cage_machine *m, int group, int *pidfd)
{
    struct clone_args args = {
        .flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_PIDFD |
                 CLONE_CLEAR_SIGHAND | (m->root ? 0 : CLONE_NEWUSER) |
                 (group < 0 ? 0 : CLONE_INTO_CGROUP),
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .cgroup = group < 0 ? 0 : (uint64_t)group,
        /* No signal: a program's general waitpid() shall not take it from cage_stop(). */
        .exit_signal = 0,
    };

    return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static bool fail_step(const struct cage_spec *spec, const struct cage_trouble *t, struct err *e)
{
    errno = t->sysno;
    if (t->detail[0])
        err_sys(e, "starting '%s': step '%s': %.*s", spec->name, t->step,
                (int)sizeof(t->detail), t->detail);
    else
        err_sys(e, "starting '%s': step '%s'", spec->name, t->step);
    return t->fix ? err_fix(e, "%s", t->fix) && false : false;
}

/* The pipe closes without a word when the function's program starts. */
static bool wait_for_start(const struct cage_spec *spec, int trouble, struct err *e)
{
    struct pollfd p = {trouble, POLLIN, 0};
    struct cage_trouble t;
    ssize_t n;

    do
        n = poll(&p, 1, START_MS);
    while (n < 0 && errno == EINTR);
    if (n == 0)
        return err_set(e, ERR_SYSTEM, "starting '%s': not done after %d seconds", spec->name,
                       START_MS / 1000);
    n = read(trouble, &t, sizeof(t));
    return n == sizeof(t) ? fail_step(spec, &t, e) : true;
}

static bool take_listeners(const struct cage_spec *spec, struct cage *c, struct err *e)
{
    char nothing;
    int n = 0;

    if (spec->listener_count > 0)
        n = cage_receive_fds(c->events, &nothing, 1, c->listeners, CAGE_LISTENERS_MAX);
    c->listener_count = n > 0 ? (size_t)n : 0;
    if (c->listener_count != spec->listener_count)
        return err_set(e, ERR_SYSTEM, "starting '%s': its first process died", spec->name);
    return true;
}

/* ---- a cage made ahead ---- */

struct cage_spare {
    const struct cage_machine *machine;
    struct order_pages pages;
    struct cage cage;
    int trouble; /* what the steps have to say */
    int mounts; /* the machine's mounts; tells when they have changed */
};

static void close_groups(struct inside *in)
{
    for (size_t i = 0; i < CAGE_CONTROLLERS; i++)
        fd_closep(&in->groups[i]);
    fd_closep(&in->memory_events);
    fd_closep(&in->group);
}

static bool fork_cage(struct cage_spare *s, struct inside *in, struct err *e)
{
    CLEANUP(fd_closep) int trouble_inside = -1, events_inside = -1;
    struct cage *c = &s->cage;
    int pair[2], ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return err_sys(e, "cannot make a socket");
    c->events = pair[0];
    events_inside = in->events = pair[1];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_sys(e, "cannot make a pipe");
    s->trouble = ends[0];
    trouble_inside = in->trouble = ends[1];
    c->pid = fork_warden(s->machine, in->group, &c->pidfd);
    if (c->pid == 0)
        cage_warden_main(in);
    if (c->pid > 0)
        return order_keep_from_others(&s->pages, e);
    err_sys(e, "cannot make the namespaces of a cage");
    return err_fix(e, "'fnward status' tells which of them this machine refuses");
}

bool cage_spare_make(const struct cage_machine *m, struct cage_spare **ret, struct err *e)
{
    static unsigned made; /* tells the groups of this process apart */
    struct inside in = {.machine = m,
                        .root = -1,
                        .proc = -1,
                        .memory_events = -1,
                        .group = -1,
                        .groups = {-1, -1, -1},
                        .handover = -1,
                        .output = -1};
    struct cage_spare *s = malloc(sizeof(*s));
    bool forked;

    if (!s)
        return err_limit(e);
    *s = (struct cage_spare){.machine = m,
                             .cage = {.machine = m, .pidfd = -1, .events = -1, .pid = -1},
                             .trouble = -1,
                             .mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)};
    snprintf(s->cage.group, sizeof(s->cage.group), "cage-%u", made++);
    forked = order_map(&s->pages, e);
    if (forked) {
        in.pages = s->pages;
        cage_group_make(&m->cgroups, s->cage.group, &in);
        forked = fork_cage(s, &in, e);
        close_groups(&in);
    }
    if (!forked) {
        cage_spare_free(s);
        return false;
    }
    *ret = s;
    return true;
}

/* All but the cage itself. */
static void spare_release(struct cage_spare *s)
{
    fd_closep(&s->trouble);
    fd_closep(&s->mounts);
    order_unmap(&s->pages);
    free(s);
}

void cage_spare_free(struct cage_spare *s)
{
    if (!s)
        return;
    cage_stop(&s->cage);
    spare_release(s);
}

/* ---- what it is for ---- */

static bool send_order(struct cage_spare *s, const struct cage_spec *spec, const int *owners)
{
    struct order *o = s->pages.order;
    int fds[ORDER_FDS_MAX];
    size_t n = 0;

    o->output = -1;
    if (spec->output >= 0) {
        o->output = (int)n;
        fds[n++] = spec->output;
    }
    for (size_t i = 0; i < spec->mount_count; i++) {
        o->owners[i] = owners[i] < 0 ? -1 : (int)n;
        if (owners[i] >= 0)
            fds[n++] = owners[i];
    }
    return cage_send_fds(s->cage.events, "o", 1, fds, n);
}

static bool order_cage(struct cage_spare *s, const struct cage_spec *spec, struct err *e)
{
    int owners[CAGE_MOUNTS_MAX];
    bool sent;

    if (!check_spec(spec, e) || !order_write(&s->pages, spec, e))
        return false;
    s->pages.order->uid = s->machine->root ? CAGE_FIRST_UID + spec->slot : s->machine->uid;
    s->pages.order->gid = s->machine->root ? CAGE_FIRST_UID + spec->slot : s->machine->gid;
    cage_group_limit(&s->machine->cgroups, s->cage.group, &spec->limits);
    cage_owners_open(s->machine, spec, s->pages.order->uid, owners);
    sent = send_order(s, spec, owners);
    cage_owners_close(spec, owners);
    /* When a step has failed already, that is the reason. */
    if (!wait_for_start(spec, s->trouble, e))
        return false;
    if (!sent)
        return err_set(e, ERR_SYSTEM, "starting '%s': its first process died", spec->name);
    return take_listeners(spec, &s->cage, e);
}

static bool start_instead(struct cage_spare *s, const struct cage_spec *spec,
                          void (*instead)(void), struct cage *ret, struct err *e)
{
    bool started;

    s->pages.order->instead = instead;
    started = order_cage(s, spec, e);
    order_wipe(&s->pages);
    if (!started) {
        cage_spare_free(s);
        return false;
    }
    *ret = s->cage;
    spare_release(s);
    return true;
}

/* Its mounts are those that the machine had when it was made. */
static bool is_stale(const struct cage_spare *s)
{
    struct pollfd p = {s->mounts, POLLPRI, 0};

    return s->mounts < 0 || poll(&p, 1, 0) != 0;
}

bool cage_spare_start(struct cage_spare *s, const struct cage_spec *spec, struct cage *ret,
                      struct err *e)
{
    const struct cage_machine *m = s->machine;

    if (!is_stale(s))
        return start_instead(s, spec, NULL, ret, e);
    cage_spare_free(s);
    return cage_start(m, spec, ret, e);
}

bool cage_start_instead(const struct cage_machine *m, const struct cage_spec *spec,
                        void (*instead)(void), struct cage *ret, struct err *e)
{
    struct cage_spare *s;

    return (cage_spare_make(m, &s, e) || err_wrap(e, "starting '%s'", spec->name)) &&
           start_instead(s, spec, instead, ret, e);
}

bool cage_start(const struct cage_machine *m, const struct cage_spec *spec, struct cage *ret,
                struct err *e)
{
    return cage_start_instead(m, spec, NULL, ret, e);
}

/* ---- its end ---- */

void cage_stop(struct cage *c)
{
    siginfo_t info;

    if (c->pid > 0) {
        pidfd_send_signal(c->pidfd, SIGKILL, NULL, 0);
        while (waitid(P_PIDFD, (id_t)c->pidfd, &info, WEXITED | __WALL) < 0 && errno == EINTR)
            ;
    }
    fd_closep(&c->pidfd);
    fd_closep(&c->events);
    for (size_t i = 0; i < c->listener_count; i++)
        fd_closep(&c->listeners[i]);
    c->listener_count = 0;
    c->pid = -1;
    if (c->machine)
        cage_group_remove(&c->machine->cgroups, c->group);
}
