#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_closep(int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = saved;
}

int fd_steal(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

bool fd_write_all(int fd, str s, struct err *e)
{
    while (s.len) {
        ssize_t n = write(fd, s.at, s.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(e, "cannot write");
        s = str_sub(s, (size_t)n, s.len);
    }
    return true;
}

bool fd_read_all(struct arena *a, int fd, size_t max, str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = max + 65537};
    str copy;

    for (;;) {
        char *to = buf_reserve(&b, 65536);
        ssize_t n = to ? read(fd, to, 65536) : 0;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(e, "cannot read");
        if (!to || b.len + (size_t)n > max)
            return err_set(e, ERR_LIMIT, "larger than the limit of %zu bytes", max);
        if (n == 0)
            break;
        b.len += (size_t)n;
    }
    copy = arena_str(a, buf_str(&b));
    if (!copy.at)
        return err_limit(e);
    *ret = copy;
    return true;
}

void fd_set_nonblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags >= 0)
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

bool file_read(struct arena *a, const char *path, size_t max, str *ret, struct err *e)
{
    /* O_NONBLOCK: a FIFO planted in a scanned tree must not hang us. */
    CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;

    if (fd < 0)
        return err_sys(e, "cannot open '%s'", path);
    if (fstat(fd, &st) < 0)
        return err_sys(e, "cannot inspect '%s'", path);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, "'%s' is not a regular file", path);
    if (!fd_read_all(a, fd, max, ret, e))
        return err_wrap(e, "'%s'", path);
    return true;
}

struct temporary {
    char path[4096]; /* empty once it is renamed, or where it was never made */
};

static void temporary_removep(struct temporary *t)
{
    int saved = errno;

    if (t->path[0])
        unlink(t->path);
    errno = saved;
}

bool file_replace(const char *path, str content, unsigned mode, struct err *e)
{
    CLEANUP(temporary_removep) struct temporary t = {0};
    CLEANUP(fd_closep) int fd = -1;
    char name[sizeof(t.path)];
    int n = snprintf(name, sizeof(name), "%s.XXXXXX", path);

    if (n < 0 || (size_t)n >= sizeof(name))
        return err_set(e, ERR_INPUT, "the path '%s' is too long", path);
    fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0)
        return err_sys(e, "cannot write beside '%s'", path);
    memcpy(t.path, name, sizeof(name));
    if (fchmod(fd, mode) < 0)
        return err_sys(e, "cannot set the mode of '%s'", path);
    if (!fd_write_all(fd, content, e))
        return err_wrap(e, "'%s'", path);
    if (fsync(fd) < 0)
        return err_sys(e, "cannot sync '%s'", path);
    if (rename(name, path) < 0)
        return err_sys(e, "cannot replace '%s'", path);
    t.path[0] = 0;
    return true;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool disk_read(void *self, struct arena *a, const char *path, size_t max, str *ret,
                      struct err *e)
{
    (void)self;
    return file_read(a, path, max, ret, e);
}

const struct file_source file_source_disk = {.read = disk_read};
