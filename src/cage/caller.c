/*
 * caller: the process whose system call waits for the warden's answer.
 */
#include "cage/warden.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096 };

bool cage_caller_read(pid_t pid, uint64_t at, void *ret, size_t size)
{
    struct iovec to = {ret, size}, from = {(void *)(uintptr_t)at, size};

    return process_vm_readv(pid, &to, 1, &from, 1, 0) == (ssize_t)size;
}

/* Up to the NUL. Page by page: what lies behind it need not be there. */
static bool read_text(pid_t pid, uint64_t at, char *ret, size_t size)
{
    size_t done = 0;

    while (done < size) {
        size_t part = PAGE - (at + done) % PAGE;
        struct iovec to = {ret + done, 0}, from = {(void *)(uintptr_t)(at + done), 0};
        ssize_t n;

        to.iov_len = from.iov_len = part < size - done ? part : size - done;
        n = process_vm_readv(pid, &to, 1, &from, 1, 0);
        if (n <= 0)
            return false;
        if (memchr(ret + done, '\0', (size_t)n))
            return true;
        done += (size_t)n;
    }
    errno = ENAMETOOLONG;
    return false;
}

/* Removes "", "." and ".." in place. */
static void clean(char *path)
{
    char *out = path, *in = path;

    while (*in) {
        size_t n = strcspn(in, "/");

        if (n == 2 && in[0] == '.' && in[1] == '.') {
            while (out > path && *--out != '/')
                ;
        } else if (n > 0 && !(n == 1 && in[0] == '.')) {
            *out++ = '/';
            memmove(out, in, n);
            out += n;
        }
        in += n + (in[n] == '/');
    }
    if (out == path)
        *out++ = '/';
    *out = '\0';
}

/* Where a relative path starts: false when the warden can't see it. */
static bool read_base(const struct warden *w, pid_t pid, int directory, char *ret)
{
    char link[64];
    ssize_t n;

    if (directory == AT_FDCWD)
        snprintf(link, sizeof(link), "%d/cwd", pid);
    else
        snprintf(link, sizeof(link), "%d/fd/%d", pid, directory);
    n = w->in->proc < 0 ? -1 : readlinkat(w->in->proc, link, ret, CAGE_PATH_MAX - 2);
    if (n <= 0 || ret[0] != '/')
        return false;
    ret[n] = '/';
    ret[n + 1] = '\0';
    return true;
}

/* /lib/x is /usr/lib/x where /lib is a link of our own making. */
static void follow_root_link(const struct cage_machine *m, char *path)
{
    for (size_t i = 0; i < m->link_count; i++) {
        const struct cage_link *link = &m->links[i];
        size_t name = strlen(link->name), to = strlen(link->to);

        if (strncmp(path + 1, link->name, name) != 0 || path[1 + name] != '/')
            continue;
        if (strlen(path) + to >= CAGE_PATH_MAX)
            return;
        memmove(path + 1 + to, path + 1 + name, strlen(path + 1 + name) + 1);
        memcpy(path + 1, link->to, to);
        return;
    }
}

bool cage_caller_path(struct warden *w, pid_t pid, int directory, uint64_t at, char *ret)
{
    char text[CAGE_PATH_MAX], base[CAGE_PATH_MAX] = "";

    if (!read_text(pid, at, text, sizeof(text)))
        return false;
    if (text[0] != '/' && !read_base(w, pid, directory, base)) {
        errno = ENOENT;
        return false;
    }
    if (strlen(base) + strlen(text) >= CAGE_PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    stpcpy(stpcpy(ret, base), text);
    clean(ret);
    follow_root_link(w->in->machine, ret);
    return true;
}

bool cage_caller_waits(struct warden *w, const struct seccomp_notif *n)
{
    return ioctl(w->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n->id) == 0;
}
