/*
 * warden: the first process of a cage. It makes the cage, starts the function, answers for it
 * and stays until it is gone; its own end is the end of every process inside.
 */
#include "cage/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAMPLE_MS = 250 };

static void apply(struct inside *in, const struct cage_step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        in->detail[0] = '\0';
        errno = 0;
        if (!steps[i].apply(in))
            cage_give_up(in, &steps[i]);
    }
}

__attribute__((noreturn)) static void function_main(struct inside *in)
{
    static const struct cage_step start = {"start the program", "", NULL, NULL};
    sigset_t none;

    apply(in, cage_function_steps, cage_function_step_count);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (in->pages.order->instead) {
        in->pages.order->instead();
        _exit(0);
    }
    execve(in->spec->program, (char **)in->spec->argv, (char **)in->spec->envp);
    cage_at(in, "'%s'", in->spec->program);
    cage_give_up(in, &start);
}

/* Blocked, a signal from inside does not end process 1; SIGCHLD is read when it suits. */
static int open_signals(void)
{
    sigset_t all, children;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The filter's listener comes from the function's process, just before its program. */
static int take_listener(const struct inside *in)
{
    char nothing;
    int listener = -1;
    uint64_t wake_up = SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP;

    if (!in->machine->notify || cage_receive_fds(in->handover, &nothing, 1, &listener, 1) != 1)
        return -1;
    /* We run while the caller waits: on its processor. Older kernels do without. */
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, wake_up);
    return listener;
}

static void fork_function(struct warden *w)
{
    static const struct cage_step start = {"start the function's process", "", NULL, NULL};
    struct inside *in = w->in;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        cage_give_up(in, &start);
    w->function = fork();
    if (w->function < 0)
        cage_give_up(in, &start);
    in->handover = pair[w->function == 0];
    close(pair[w->function != 0]);
    if (w->function == 0)
        function_main(in);
}

/* Nothing can fail any more; the function's process may be waiting for its first answer. */
static void take_over(struct warden *w)
{
    struct inside *in = w->in;

    close(in->trouble);
    w->listener = take_listener(in);
    fd_closep(&in->handover);
}

/* Reaps whoever died; the function's own death ends everything. */
static void reap(struct warden *w)
{
    struct signalfd_siginfo info;
    struct rusage usage;
    int status;
    pid_t pid;

    while (read(w->signals, &info, sizeof(info)) > 0)
        ;
    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
            cage_memory_killed(w);
        if (pid != w->function)
            continue;
        cage_tell_exit(&w->tell, status, usage.ru_maxrss);
        _exit(0);
    }
}

/*
 * What remains is to answer, to tell and to reap. The first answer lets the program start and
 * comes before: the kernel loads the program meanwhile, and until then there was nobody to
 * fear.
 */
static void lock(struct warden *w)
{
    if (w->locked || (w->listener >= 0 && !w->started))
        return;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        cage_filter_install(&w->in->machine->warden_filter, 0) != 0)
        _exit(1);
    w->locked = true;
}

static int wait_ms(const struct warden *w)
{
    return cage_memory_is_sampled(w) ? SAMPLE_MS : cage_tell_due(&w->tell);
}

__attribute__((noreturn)) static void serve(struct warden *w)
{
    for (;;) {
        struct pollfd p[] = {
            {w->listener, POLLIN, 0}, {w->signals, POLLIN, 0}, {w->in->events, 0, 0}};

        lock(w);
        if (poll(p, COUNT(p), wait_ms(w)) < 0 && errno != EINTR)
            _exit(1);
        if (p[2].revents & (POLLHUP | POLLERR))
            _exit(1); /* nobody wants to know any more */
        if (p[0].revents & POLLIN && !cage_answer_one(w))
            _exit(1);
        if (p[0].revents & (POLLHUP | POLLERR))
            fd_closep(&w->listener); /* the last process with the filter is dead */
        if (p[1].revents)
            reap(w);
        cage_memory_look(w);
        cage_tell_flush(&w->tell, false);
    }
}

void cage_warden_main(struct inside *in)
{
    struct warden w = {.in = in,
                       .tell = {.events = in->events, .in = in},
                       .processes = -1,
                       .sampled_ns = clock_mono_ns()};

    apply(in, cage_common_steps, cage_common_step_count);
    w.signals = open_signals();
    fork_function(&w);
    apply(in, cage_warden_steps, cage_warden_step_count);
    if (in->proc >= 0)
        w.processes = openat(in->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    take_over(&w);
    /* The environment holds the function's secrets; from now on they are its own business. */
    order_forget_arguments(&in->pages);
    serve(&w);
}
