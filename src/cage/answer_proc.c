/*
 * answer_proc: /proc as the function sees it. It is mounted nowhere inside: the warden opens the
 * few files of this table itself and gives the descriptor, so that environments, memory and
 * other processes do not exist, and no exchanged path or link can reach them.
 */
#include "cage/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* Of the caller's own process. */
static const char *const own_files[] = {
    "stat",
    "statm",
    "status",
    "maps",
    "smaps_rollup",
    "limits",
    "cgroup",
    "comm",
    "cmdline",
    "io",
    "fd",
    "task",
    "oom_score",
    "oom_score_adj",
    "schedstat",
    "sched",
    "coredump_filter",
    "personality",
    "auxv",
};
static const char *const task_files[] = {"stat", "status", "comm", "schedstat", "sched"};

/* Of the machine: what runtimes size themselves by. */
static const char *const machine_files[] = {
    "meminfo",
    "cpuinfo",
    "stat",
    "uptime",
    "loadavg",
    "version",
    "filesystems",
    "sys/vm/overcommit_memory",
    "sys/vm/max_map_count",
    "sys/kernel/ostype",
    "sys/kernel/osrelease",
    "sys/kernel/hostname",
    "sys/kernel/pid_max",
    "sys/kernel/threads-max",
    "sys/kernel/cap_last_cap",
    "sys/kernel/ngroups_max",
    "sys/kernel/random/uuid",
    "sys/kernel/random/boot_id",
    "sys/kernel/random/entropy_avail",
    "sys/net/core/somaxconn",
    "sys/fs/file-max",
    "sys/fs/nr_open",
    "sys/fs/pipe-max-size",
};

/* Tried by runtimes and missed by none; mounts would tell the machine's paths. */
static const char *const quiet_files[] = {
    "mountinfo",
    "mounts",
    "net/if_inet6",
    "net/dev",
    "sys/kernel/core_pattern",
    "sys/net/ipv6/conf/all/disable_ipv6",
    "sys/net/ipv6/bindv6only",
    "loginuid",
    "sys/crypto/fips_enabled",
    "self/mountinfo",
    "self/mounts",
    "cgroups",
    "swaps",
    "timer_list",
    "attr/current",
};

static bool is_one_of(str name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(name, list[i]))
            return true;
    return false;
}

/* "12" and nothing else. */
static bool to_number(str s, int *ret)
{
    uint64_t n;

    if (!str_to_u64(s, INT32_MAX, &n))
        return false;
    *ret = (int)n;
    return true;
}

/* Whether `pid` is the process that the calling thread belongs to. */
static bool is_own_process(const struct warden *w, int pid, pid_t thread)
{
    char path[48];

    snprintf(path, sizeof(path), "%d/task/%d", pid, thread);
    return faccessat(w->in->proc, path, F_OK, 0) == 0;
}

/* Splits "/proc/self/x" into the caller and "x"; false for what is not the caller's. */
static bool own_part(const struct warden *w, pid_t thread, str path, str *ret)
{
    str rest = str_sub(path, strlen("/proc/"), path.len), first;
    int pid;

    if (!str_cut(&rest, '/', &first))
        return false;
    if (!str_is(first, "self") && !str_is(first, "thread-self") &&
        !(to_number(first, &pid) && is_own_process(w, pid, thread)))
        return false;
    *ret = rest;
    return true;
}

static bool is_own_file(str name)
{
    str rest = name, first, task;
    int number;

    if (is_one_of(name, own_files, COUNT(own_files)))
        return true;
    if (str_starts(name, STR("fd/")) || str_is(name, "exe"))
        return true;
    return str_cut(&rest, '/', &first) && str_is(first, "task") && str_cut(&rest, '/', &task) &&
           to_number(task, &number) && is_one_of(rest, task_files, COUNT(task_files));
}

/* Gives the caller `fd`, and closes it, as the result of its call. */
static struct cage_answer give(struct warden *w, const struct seccomp_notif *n, int fd,
                               uint64_t flags)
{
    struct seccomp_notif_addfd add = {
        .id = n->id,
        .flags = SECCOMP_ADDFD_FLAG_SEND,
        .srcfd = (uint32_t)fd,
        .newfd_flags = (uint32_t)(flags & O_CLOEXEC),
    };
    int failed;

    if (fd < 0)
        return FAIL(errno);
    failed = ioctl(w->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 ? errno : 0;
    close(fd);
    /* ENOENT: the caller is gone. Else it has too many descriptors. */
    return failed && failed != ENOENT ? FAIL(failed) : GONE;
}

static struct cage_answer open_proc(struct warden *w, const struct seccomp_notif *n,
                                    const char *path, uint64_t flags)
{
    int fd = openat(w->in->proc, path,
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (int)(flags & O_DIRECTORY));

    return give(w, n, fd, flags);
}

/* The process that a thread belongs to, or -1. */
static pid_t process_of(const struct warden *w, pid_t thread)
{
    char path[32], text[512];
    CLEANUP(fd_closep) int fd = -1;
    const char *line;
    ssize_t size;

    snprintf(path, sizeof(path), "%d/status", thread);
    fd = openat(w->in->proc, path, O_RDONLY | O_CLOEXEC);
    size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (size <= 0)
        return -1;
    text[size] = '\0';
    line = strstr(text, "\nTgid:");
    return line ? atoi(line + strlen("\nTgid:")) : -1;
}

/* Its own descriptor once more, as dup() does: to open it anew would ask nobody's leave. */
static struct cage_answer duplicate(struct warden *w, const struct seccomp_notif *n, str name,
                                    uint64_t flags)
{
    CLEANUP(fd_closep) int process = pidfd_open(process_of(w, (pid_t)n->pid), 0);
    int number, fd, mode;

    if (!to_number(name, &number) || process < 0)
        return FAIL(ENOENT);
    fd = pidfd_getfd(process, number, 0);
    if (fd < 0)
        return FAIL(errno == EBADF ? ENOENT : EACCES);
    mode = fcntl(fd, F_GETFL) & (O_ACCMODE | O_PATH);
    if (mode == O_RDWR || mode == (int)(flags & O_ACCMODE))
        return give(w, n, fd, flags);
    close(fd);
    return FAIL(EACCES);
}

/* The program's own file, which its mount keeps read-only. */
static struct cage_answer open_program(struct warden *w, const struct seccomp_notif *n,
                                       uint64_t flags)
{
    char link[32];

    snprintf(link, sizeof(link), "%d/exe", (pid_t)n->pid);
    return give(w, n, openat(w->in->proc, link, O_RDONLY | O_CLOEXEC | O_NOCTTY), flags);
}

static struct cage_answer open_own(struct warden *w, const struct seccomp_notif *n, str name,
                                   uint64_t flags)
{
    char path[128];

    if (str_starts(name, STR("fd/")))
        return duplicate(w, n, str_sub(name, 3, name.len), flags);
    if (flags & (O_ACCMODE | O_TRUNC | O_CREAT))
        return FAIL(EACCES);
    if (str_is(name, "exe"))
        return open_program(w, n, flags);
    snprintf(path, sizeof(path), "%d/%.*s", (pid_t)n->pid, STR_ARG(name));
    return open_proc(w, n, path, flags);
}

struct cage_answer cage_answer_proc_open(struct warden *w, const struct seccomp_notif *n,
                                         str path, uint64_t flags)
{
    str rest = str_sub(path, strlen("/proc/"), path.len), name;

    if (w->in->proc < 0 || is_one_of(rest, quiet_files, COUNT(quiet_files)))
        return FAIL(ENOENT);
    if (own_part(w, (pid_t)n->pid, path, &name) && is_own_file(name))
        return open_own(w, n, name, flags);
    if (is_one_of(rest, machine_files, COUNT(machine_files)) && !(flags & O_ACCMODE))
        return open_proc(w, n, rest.at, flags);
    cage_tell(&w->tell, CAGE_DENIED_OPEN, path);
    return FAIL(EACCES);
}

size_t cage_proc_link(struct warden *w, const struct seccomp_notif *n, str path, char *ret,
                      size_t size)
{
    char link[64];
    int number;
    str name;
    ssize_t length;

    if (w->in->proc < 0)
        return 0;
    if (str_is(path, "/proc/self"))
        return (size_t)snprintf(ret, size, "%d", process_of(w, (pid_t)n->pid));
    if (!own_part(w, (pid_t)n->pid, path, &name))
        return 0;
    if (!str_is(name, "exe") && !str_is(name, "cwd") &&
        !(str_starts(name, STR("fd/")) && to_number(str_sub(name, 3, name.len), &number)))
        return 0;
    snprintf(link, sizeof(link), "%d/%.*s", (pid_t)n->pid, STR_ARG(name));
    length = readlinkat(w->in->proc, link, ret, size);
    return length < 0 ? 0 : (size_t)length;
}
