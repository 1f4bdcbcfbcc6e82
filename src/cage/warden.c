/*
 * warden: the first process of a cage. It makes the cage, starts the function and stays until
 * that is gone; its end is the end of every process inside.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void apply(struct inside *in, const struct cage_step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        in->detail[0] = '\0';
        errno = 0;
        if (!steps[i].apply(in))
            cage_give_up(in, &steps[i]);
    }
}

__attribute__((noreturn)) static void function_main(struct inside *in, const sigset_t *signals)
{
    static const struct cage_step start = {"start the program", "", NULL, NULL};

    apply(in, cage_function_steps, cage_function_step_count);
    sigprocmask(SIG_SETMASK, signals, NULL);
    execve(in->spec->program, in->argv, in->envp);
    cage_at(in, "'%s'", in->spec->program);
    cage_give_up(in, &start);
}

static void exited(int events, int status, long max_rss)
{
    struct cage_event event = {
        .kind = CAGE_EXITED, .status = status, .max_rss = (uint32_t)max_rss};

    send(events, &event, sizeof(event), MSG_NOSIGNAL);
    _exit(0);
}

/* Reaps whoever died; the function's own death ends everything. */
static void reap(struct inside *in, pid_t function)
{
    struct rusage usage;
    int status;
    pid_t pid;

    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
        if (pid == function)
            exited(in->events, status, usage.ru_maxrss);
}

void cage_warden_main(struct inside *in)
{
    sigset_t children, before;
    int pair[2], signals;
    pid_t function;

    apply(in, cage_warden_steps, cage_warden_step_count);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_SETMASK, &children, &before);
    sigemptyset(&before);
    signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        _exit(1);
    function = fork();
    if (function == 0) {
        in->handover = pair[1];
        function_main(in, &before);
    }
    close(in->trouble);
    close(pair[1]);
    munmap(in->block, in->block_size);
    for (;;) {
        struct pollfd p[] = {{signals, POLLIN, 0}, {in->events, 0, 0}};
        struct signalfd_siginfo info;

        if (poll(p, COUNT(p), -1) < 0 && errno != EINTR)
            _exit(1);
        if (p[1].revents)
            _exit(1);
        while (read(signals, &info, sizeof(info)) > 0)
            ;
        reap(in, function);
    }
}
