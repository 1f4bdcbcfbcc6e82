#include "cmd/prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MAX_TYPED = 4096 }; /* what a terminal holds of one line */

/*
 * A terminal that shows nothing. The signals that would end us wait until it is as it was
 * before: a shell must not be left without echo.
 */
struct quiet {
    struct termios before;
    sigset_t mask;
    int signals; /* readable when one of them waits */
};

static void quiet_end(struct quiet *q)
{
    if (q->signals < 0)
        return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &q->before);
    fputc('\n', stderr);
    fd_closep(&q->signals);
    sigprocmask(SIG_SETMASK, &q->mask, NULL);
}

static bool quiet_start(struct quiet *q, struct err *e)
{
    static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    struct termios silent;
    sigset_t set;

    if (tcgetattr(STDIN_FILENO, &q->before) < 0)
        return err_sys(e, "cannot read the terminal's settings");
    silent = q->before;
    silent.c_lflag &= (tcflag_t)~ECHO;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT(held); i++)
        sigaddset(&set, held[i]);
    q->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (q->signals < 0)
        return err_sys(e, "cannot watch for signals");
    sigprocmask(SIG_BLOCK, &set, &q->mask);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) < 0)
        return err_sys(e, "cannot turn the terminal's echo off");
    return true;
}

static bool wait_for_line(const struct quiet *q, struct err *e)
{
    struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {q->signals, POLLIN, 0}};

    while (poll(fds, COUNT(fds), -1) < 0)
        if (errno != EINTR)
            return err_sys(e, "cannot wait for the terminal");
    return !fds[1].revents || err_set(e, ERR_INPUT, "interrupted");
}

static bool read_line(const struct quiet *q, struct secret *ret, struct err *e)
{
    ssize_t n;

    if (!secret_new(LINE_MAX_TYPED, ret, e) || !wait_for_line(q, e))
        return false;
    n = read(STDIN_FILENO, ret->at, ret->cap);
    if (n < 0)
        return err_sys(e, "cannot read from the terminal");
    if (n == 0 || ret->at[n - 1] != '\n')
        return err_set(e, ERR_INPUT, "the line has no end; give long values by a pipe");
    ret->len = (size_t)n - 1;
    return true;
}

static bool ask(const char *what, const char *again, struct secret *ret, struct err *e)
{
    CLEANUP(quiet_end) struct quiet q = {.signals = -1};

    if (!quiet_start(&q, e))
        return false;
    fprintf(stderr, "%s%s: ", what, again);
    return read_line(&q, ret, e);
}

bool prompt_secret(const char *what, struct secret *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret first = {0}, second = {0};

    if (!ask(what, "", &first, e) || !ask(what, ", again", &second, e))
        return false;
    if (!str_equal_secret(secret_str(&first), secret_str(&second)))
        return err_set(e, ERR_INPUT, "the two are not the same: nothing was changed");
    *ret = secret_steal(&first);
    return true;
}
