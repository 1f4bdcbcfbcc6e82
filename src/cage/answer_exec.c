/*
 * answer_exec: new programs and new processes.
 */
#include "cage/warden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool may_run(const struct cage_spec *spec, const char *path)
{
    for (size_t i = 0; i < spec->run_count; i++)
        if (strcmp(spec->run[i], path) == 0)
            return true;
    return false;
}

/*
 * Without may.run nothing is started, whatever the path says. With it, a thread that exchanges
 * the path after we looked gets what Landlock lets be executed: another of the programs that
 * were mounted for it.
 */
struct cage_answer cage_answer_exec(struct warden *w, const struct seccomp_notif *n)
{
    bool by_descriptor = n->data.nr == SYS_execveat;
    const __u64 *a = n->data.args;
    char path[CAGE_PATH_MAX] = "?";

    if (!w->started && (pid_t)n->pid == w->function && !by_descriptor) {
        w->started = true;
        return GO_ON;
    }
    if (!cage_caller_path(w, (pid_t)n->pid, by_descriptor ? (int)a[0] : AT_FDCWD,
                          by_descriptor ? a[1] : a[0], path) &&
        errno == EFAULT)
        return FAIL(EFAULT);
    if (!by_descriptor && may_run(w->in->spec, path))
        return GO_ON;
    cage_tell(&w->tell, CAGE_DENIED_EXEC, str_of(path));
    return FAIL(EACCES);
}

static int count_numbers(const char *at, long size)
{
    int count = 0;

    for (long i = 0; i < size;) {
        const struct dirent64 *entry = (const void *)(at + i);

        count += entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
        i += entry->d_reclen;
    }
    return count;
}

int cage_count_processes(struct warden *w)
{
    _Alignas(struct dirent64) char entries[4096];
    int count = -1; /* the warden */
    long n;

    if (w->processes < 0 || lseek(w->processes, 0, SEEK_SET) != 0)
        return -1;
    while ((n = syscall(SYS_getdents64, w->processes, entries, sizeof(entries))) > 0)
        count += count_numbers(entries, n);
    return n < 0 ? -1 : count;
}

/* Two threads that ask at once may both be counted before either is there: what this stops
 * exactly is stopped for good by the control group or the limit of the user. */
struct cage_answer cage_answer_fork(struct warden *w, const struct seccomp_notif *n)
{
    static const uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                       CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                                       CLONE_NEWNET;

    /* The flags are in a register, which nobody can change under our eyes. */
    if (n->data.nr == SYS_clone && n->data.args[0] & namespaces) {
        cage_tell(&w->tell, CAGE_DENIED_SYSCALL, STR("clone"));
        return FAIL(EPERM);
    }
    if (cage_count_processes(w) < (int)w->in->spec->limits.processes)
        return GO_ON;
    cage_tell(&w->tell, CAGE_DENIED_FORK, (str){0});
    return FAIL(EAGAIN);
}
