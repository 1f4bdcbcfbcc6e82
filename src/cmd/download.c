/*
 * Downloading by curl. As a program, and not as a library, since every start of fnward would pay for
 * loading what one rare command needs.
 */
#include "cmd/download.h"

#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool starts(const char *text, const char *prefix)
{
    return str_equal_nocase(str_sub(str_of(text), 0, strlen(prefix)), str_of(prefix));
}

bool download_is_url(const char *text)
{
    return starts(text, "https://") || starts(text, "http://");
}

static bool is_here(const char *url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};

    for (size_t i = 0; i < COUNT(hosts); i++)
        if (starts(url, hosts[i]) && strchr("/:", url[strlen(hosts[i])]))
            return true;
    return false;
}

static bool start(const char *url, const char *protocols, int output, pid_t *pid, struct err *e)
{
    /* --disable, which keeps ~/.curlrc out, only works in front. */
    const char *argv[] = {"curl",
                          "--disable",
                          "--fail",
                          "--silent",
                          "--show-error",
                          "--location",
                          "--globoff",
                          "--max-redirs",
                          "5",
                          "--proto",
                          protocols,
                          "--proto-redir",
                          protocols,
                          "--max-time",
                          "900",
                          "--connect-timeout",
                          "30",
                          "--",
                          url,
                          NULL};
    posix_spawn_file_actions_t actions;
    int failed;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return err_limit(e);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    failed = posix_spawnp(pid, argv[0], &actions, NULL, (char **)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    errno = failed;
    if (!failed)
        return true;
    err_sys(e, "cannot start 'curl', which downloads");
    return err_fix(e, "install it, or download '%s' by other means and import the file", url);
}

static bool wait_for(pid_t pid, const char *url, struct err *e)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return err_sys(e, "cannot wait for 'curl'");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return err_set(e, ERR_SYSTEM, "'%s' was not downloaded: see what 'curl' says above", url);
}

bool download(struct arena *a, const char *url, size_t max, str *ret, struct err *e)
{
    CLEANUP(fd_closep) int from = -1, to = -1;
    int ends[2];
    str bytes;
    pid_t pid;
    bool read;

    if (!is_here(url) && !starts(url, "https://")) {
        err_set(e, ERR_USAGE, "'%s' is not downloaded: anybody on the way could change it",
                url);
        return err_fix(e, "use an address that begins with https://");
    }
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_sys(e, "cannot make a pipe");
    from = ends[0];
    to = ends[1];
    if (!start(url, is_here(url) ? "=http" : "=https", to, &pid, e))
        return false;
    fd_closep(&to);
    read = fd_read_all(a, from, max, &bytes, e);
    fd_closep(&from); /* a curl that is still writing ends */
    if (!read) {
        wait_for(pid, url, &(struct err){0});
        return false;
    }
    if (!wait_for(pid, url, e))
        return false;
    *ret = bytes;
    return true;
}
