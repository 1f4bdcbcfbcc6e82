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

static size_t list_size(const char *const *list)
{
    size_t size = sizeof(char *);

    for (; *list; list++)
        size += sizeof(char *) + strlen(*list) + 1;
    return size;
}

/* The pointers come first, then the text. */
static char **list_copy(const char *const *list, char *block)
{
    char **copy = (char **)block, *text;
    size_t n = 0, i;

    while (list[n])
        n++;
    text = block + (n + 1) * sizeof(char *);
    for (i = 0; i < n; i++) {
        copy[i] = text;
        text = stpcpy(text, list[i]) + 1;
    }
    copy[n] = NULL;
    return copy;
}

/* On pages of their own, so that the warden can give them back once the program has them. */
static bool copy_arguments(const struct cage_spec *spec, struct inside *in, struct err *e)
{
    size_t arguments = (list_size(spec->argv) + 15) & ~(size_t)15;
    size_t size = arguments + list_size(spec->envp);
    char *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (block == MAP_FAILED)
        return err_sys(e, "cannot copy the arguments");
    in->block = block;
    in->block_size = size;
    in->argv = list_copy(spec->argv, block);
    in->envp = list_copy(spec->envp, block + arguments);
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

static void close_groups(struct inside *in)
{
    for (size_t i = 0; i < CAGE_CONTROLLERS; i++)
        fd_closep(&in->groups[i]);
    fd_closep(&in->memory_events);
    fd_closep(&in->group);
}

static bool fork_and_wait(const struct cage_machine *m, struct inside *in, struct cage *c,
                          struct err *e)
{
    CLEANUP(fd_closep) int trouble = -1, trouble_inside = -1, events_inside = -1;
    int pair[2], ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return err_sys(e, "starting '%s': cannot make a socket", in->spec->name);
    c->events = pair[0];
    events_inside = in->events = pair[1];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_sys(e, "starting '%s': cannot make a pipe", in->spec->name);
    trouble = ends[0];
    trouble_inside = in->trouble = ends[1];
    c->pid = fork_warden(m, in->group, &c->pidfd);
    if (c->pid == 0)
        cage_warden_main(in);
    if (c->pid < 0) {
        err_sys(e, "starting '%s': cannot make its namespaces", in->spec->name);
        return err_fix(e, "'fnward status' tells which of them this machine refuses");
    }
    fd_closep(&trouble_inside);
    fd_closep(&events_inside);
    return wait_for_start(in->spec, trouble, e) && take_listeners(in->spec, c, e);
}

bool cage_start(const struct cage_machine *m, const struct cage_spec *spec, struct cage *ret,
                struct err *e)
{
    return cage_start_instead(m, spec, NULL, ret, e);
}

bool cage_start_instead(const struct cage_machine *m, const struct cage_spec *spec,
                        void (*instead)(void), struct cage *ret, struct err *e)
{
    struct inside in = {.machine = m,
                        .spec = spec,
                        .root = -1,
                        .proc = -1,
                        .memory_events = -1,
                        .group = -1,
                        .groups = {-1, -1, -1},
                        .handover = -1,
                        .uid = m->uid,
                        .gid = m->gid,
                        .instead = instead};
    struct cage c = {.machine = m, .pidfd = -1, .events = -1, .pid = -1};
    bool started;

    if (!check_spec(spec, e) || !copy_arguments(spec, &in, e))
        return false;
    if (m->root)
        in.uid = in.gid = CAGE_FIRST_UID + spec->slot;
    snprintf(c.group, sizeof(c.group), "%.40s-%u", spec->name, spec->slot);
    cage_owners_open(&in);
    cage_group_make(&m->cgroups, c.group, &spec->limits, &in);
    started = fork_and_wait(m, &in, &c, e);
    close_groups(&in);
    cage_owners_close(&in);
    memory_wipe(in.block, in.block_size);
    munmap(in.block, in.block_size);
    if (!started)
        cage_stop(&c);
    else
        *ret = c;
    return started;
}

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
