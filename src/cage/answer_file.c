/*
 * answer_file: names that the function opens. What lies below a grant is the kernel's to decide;
 * what does not is refused here, so that it can be told by its name.
 */
#include "cage/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

/* Tried by loaders, C libraries and runtimes at every start, and not missed. */
static const char *const quiet_files[] = {
    "/etc/ld.so.preload",
    "/etc/localtime",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/netsvc.conf",
    "/etc/svc.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/locale.alias",
    "/etc/ssl/openssl.cnf",
    "/etc/suid-debug",
    "/usr/lib/ssl/openssl.cnf",
    "/usr/local/ssl/openssl.cnf",

    "/dev/tty",
    "/etc/debuginfod",
    "/etc/nodejs/openssl.cnf",
    "/etc/terminfo",
    /* Node asks every directory above a module what kind of module it is. */
    "/package.json",
    "/var/package.json",
};
/* Wherever they are looked for: Python asks what kind of installation it is in. */
static const char *const quiet_endings[] = {"/pyvenv.cfg", "/pybuilddir.txt", "._pth"};
/* What a runtime would like to know of the machine, and which it must not. */
static const char *const quiet_trees[] = {
    "/sys",           "/usr/share/locale", "/usr/lib/locale", "/usr/share/zoneinfo",
    "/usr/local/lib", "/usr/local/share",  "/lib/terminfo",   "/usr/share/terminfo",
    "/usr/lib/tls",
};

struct opening {
    int directory;
    uint64_t path, flags, mode;
};

static struct opening read_opening(const struct seccomp_notif *n)
{
    const __u64 *a = n->data.args;

    switch (n->data.nr) {
    case SYS_openat:
        return (struct opening){(int)a[0], a[1], a[2], a[3]};
#ifdef SYS_open
    case SYS_creat:
        return (struct opening){AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, a[1]};
#endif
    default:
        return (struct opening){AT_FDCWD, a[0], a[1], a[2]};
    }
}

/* What is written to the machine's disk is its owner's, who may be root: a set-user-id file
 * there would run outside as the owner. The registers can't change while we look. */
static bool makes_set_id(const struct opening *o)
{
    return (o->flags & O_CREAT || (o->flags & O_TMPFILE) == O_TMPFILE) &&
           o->mode & (S_ISUID | S_ISGID);
}

static bool is_below(const char *path, const char *root)
{
    size_t n = strlen(root);

    return strncmp(path, root, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

static bool is_any(const char *path, const char *const *list, size_t n,
                   bool (*fits)(const char *path, const char *row))
{
    for (size_t i = 0; i < n; i++)
        if (fits(path, list[i]))
            return true;
    return false;
}

static bool is_equal(const char *path, const char *row)
{
    return strcmp(path, row) == 0;
}

static bool has_ending(const char *path, const char *row)
{
    return str_ends(str_of(path), str_of(row));
}

/* The loader looks for each library in many places. */
static bool is_library(const char *path)
{
    const char *name = strrchr(path, '/'), *ending = strstr(name, ".so");

    return ending && (ending[3] == '\0' || ending[3] == '.');
}

static bool is_quiet(const char *path)
{
    return is_library(path) || is_any(path, quiet_files, COUNT(quiet_files), is_equal) ||
           is_any(path, quiet_endings, COUNT(quiet_endings), has_ending) ||
           is_any(path, quiet_trees, COUNT(quiet_trees), is_below);
}

enum grant { GRANT_NONE, GRANT_READ, GRANT_WRITE };

/* The last mount that holds the path is the one on top. */
static enum grant grant_of(const struct cage_spec *spec, const char *path)
{
    static const struct {
        const char *path;
        enum grant grant;
    } always[] = {
        {"/dev/null", GRANT_WRITE},       {"/dev/zero", GRANT_WRITE},
        {"/dev/full", GRANT_WRITE},       {"/dev/random", GRANT_READ},
        {"/dev/urandom", GRANT_READ},     {"/etc/hosts", GRANT_READ},
        {"/etc/resolv.conf", GRANT_READ}, {"/etc/nsswitch.conf", GRANT_READ},
    };
    enum grant found = is_below(path, "/tmp") ? GRANT_WRITE : GRANT_NONE;

    for (size_t i = 0; i < COUNT(always); i++)
        if (strcmp(path, always[i].path) == 0)
            return always[i].grant;
    for (size_t i = 0; i < spec->mount_count; i++)
        if (is_below(path, spec->mounts[i].to))
            found = spec->mounts[i].write ? GRANT_WRITE : GRANT_READ;
    return found;
}

static bool is_writing(uint64_t flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
}

/* /dev/stdin and the like are links to what only the warden sees. */
static const char *follow_device(const char *path, char *room, size_t size)
{
    static const char *const streams[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};

    for (int i = 0; i < (int)COUNT(streams); i++) {
        if (strcmp(path, streams[i]) == 0) {
            snprintf(room, size, "/proc/self/fd/%d", i);
            return room;
        }
    }
    if (!is_below(path, "/dev/fd"))
        return path;
    snprintf(room, size, "/proc/self/fd%.64s", path + strlen("/dev/fd"));
    return room;
}

/* Python tries to keep what it compiled beside the source. */
static bool is_cache(const char *path)
{
    return strstr(path, "/__pycache__/");
}

struct cage_answer cage_answer_open(struct warden *w, const struct seccomp_notif *n)
{
    struct opening o = read_opening(n);
    char path[CAGE_PATH_MAX], room[128];
    const char *name;
    enum grant grant;

    if (makes_set_id(&o)) {
        cage_tell(&w->tell, CAGE_DENIED_SYSCALL, STR("open with set-user-id"));
        return FAIL(EPERM);
    }
    if (!cage_caller_path(w, (pid_t)n->pid, o.directory, o.path, path))
        return GO_ON; /* the kernel finds the same, and holds what we could not see */
    name = follow_device(path, room, sizeof(room));
    if (is_below(name, "/proc"))
        return cage_answer_proc_open(w, n, str_of(name), o.flags);
    grant = grant_of(w->in->spec, path);
    if (grant == GRANT_WRITE || (grant == GRANT_READ && !is_writing(o.flags)))
        return GO_ON;
    if (grant == GRANT_READ && is_cache(path))
        return FAIL(EROFS);
    if (grant == GRANT_NONE && is_quiet(path))
        return FAIL(ENOENT);
    cage_tell(&w->tell, CAGE_DENIED_OPEN, str_of(path));
    return FAIL(grant == GRANT_READ ? EROFS : EACCES);
}

static struct cage_answer write_back(const struct seccomp_notif *n, uint64_t at, uint64_t size,
                                     const char *text, size_t length)
{
    struct iovec from = {(void *)(uintptr_t)text, length < size ? length : (size_t)size};
    struct iovec to = {(void *)(uintptr_t)at, from.iov_len};

    if (process_vm_writev((pid_t)n->pid, &from, 1, &to, 1, 0) != (ssize_t)from.iov_len)
        return FAIL(EFAULT);
    return RETURN((int64_t)from.iov_len);
}

/* Programs look for themselves at /proc/self/exe. */
struct cage_answer cage_answer_readlink(struct warden *w, const struct seccomp_notif *n)
{
    bool at = n->data.nr == SYS_readlinkat;
    const __u64 *a = n->data.args + at;
    char path[CAGE_PATH_MAX], link[CAGE_PATH_MAX];
    size_t length;

    if (!cage_caller_path(w, (pid_t)n->pid, at ? (int)n->data.args[0] : AT_FDCWD, a[0], path) ||
        !is_below(path, "/proc") || (int)a[2] <= 0)
        return GO_ON;
    length = cage_proc_link(w, n, str_of(path), link, sizeof(link));
    if (length == 0 || !cage_caller_waits(w, n))
        return GO_ON;
    return write_back(n, a[1], (uint64_t)(int)a[2], link, length);
}
