/*
 * Appending: one write a call, so that processes never mix their lines.
 */
#include "ledger/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static bool open_dir(const char *dir, int *ret, struct err *e)
{
    int fd;

    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return err_sys(e, "cannot make the ledger's directory '%s'", dir);
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_sys(e, "cannot open the ledger's directory '%s'", dir);
    *ret = fd;
    return true;
}

/* A writer that was killed may have left half a line. Where the disk has no room for the
 * newline, the next append brings it. */
static bool close_last_line(int fd, off_t size, bool *torn, struct err *e)
{
    char last = '\n';

    if (size > 0 && pread(fd, &last, 1, size - 1) < 0)
        return err_sys(e, "cannot read the end of the ledger");
    *torn = last != '\n' && write(fd, "\n", 1) != 1;
    return true;
}

bool ledger_open(const char *dir, enum ledger_file file, struct ledger *ret, struct err *e)
{
    CLEANUP(fd_closep) int dir_fd = -1;
    CLEANUP(fd_closep) int fd = -1;
    const char *name = current_name(file);
    struct stat st;
    bool torn = false;

    if (!open_dir(dir, &dir_fd, e))
        return false;
    /* O_NOFOLLOW: a link planted in a project must not make us write elsewhere. O_NONBLOCK: nor
     * may a FIFO make us wait. */
    fd = openat(dir_fd, name, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                0600);
    if (fd < 0 && errno == ELOOP) {
        err_set(e, ERR_INPUT, "'%s/%s' is a symbolic link", dir, name);
        return err_fix(e, "link the directory instead, or name another with --ledger");
    }
    if (fd < 0)
        return err_sys(e, "cannot open '%s/%s'", dir, name);
    if (fstat(fd, &st) < 0)
        return err_sys(e, "cannot inspect '%s/%s'", dir, name);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, "'%s/%s' is not a regular file", dir, name);
    if (!close_last_line(fd, st.st_size, &torn, e))
        return false;
    *ret = (struct ledger){.file = file, .fd = fd_steal(&fd), .torn = torn};
    return true;
}

/* A write that was cut after `written` bytes of the lines: what stands, and what is torn. */
static bool append_was_cut(struct ledger *l, str lines, size_t written, struct err *e)
{
    size_t whole = written;

    while (whole > 0 && lines.at[whole - 1] != '\n')
        whole--;
    l->whole = whole;
    l->torn = l->torn || whole < written;
    errno = ENOSPC; /* what cuts a write to a file: the disk, a quota or a limit of size */
    return err_sys(e, "cannot append all records to the ledger");
}

bool ledger_append(struct ledger *l, str lines, struct err *e)
{
    struct iovec parts[] = {{(char *)"\n", 1}, {(char *)lines.at, lines.len}};
    size_t newline = l->torn ? 1 : 0;
    ssize_t n;

    l->whole = 0;
    if (lines.len == 0)
        return err_limit(e);
    do
        n = writev(l->fd, parts + 1 - newline, (int)newline + 1);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(e, "cannot append to the ledger");
    l->torn = l->torn && n == 0;
    if ((size_t)n < newline + lines.len)
        return append_was_cut(l, lines, n ? (size_t)n - newline : 0, e);
    return true;
}

void ledger_close(struct ledger *l)
{
    fd_closep(&l->fd);
}
