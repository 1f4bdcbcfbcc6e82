/* Reading what comes as it comes. */
#include "cmd/cmd.h"

#include <errno.h>
#include <unistd.h>

enum { READ_AT_ONCE = 256 << 10 };

bool cmd_read_more(int fd, struct buf *into, bool *ended, struct err *e)
{
    char *to = buf_reserve(into, READ_AT_ONCE);
    ssize_t n;

    if (!to)
        return err_limit(e);
    do {
        n = read(fd, to, READ_AT_ONCE);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(e, "cannot read");
    into->len += (size_t)n;
    *ended = n == 0;
    return true;
}
