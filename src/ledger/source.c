/*
 * One file of the ledger as lines, also while it grows.
 */
#include "ledger/inside.h"

#include <errno.h>
#include <unistd.h>

enum { READ_SIZE = 64 << 10 };

void source_free(struct source *s)
{
    fd_closep(&s->fd);
    buf_free(&s->bytes);
}

bool source_inside_line(const struct source *s)
{
    return s->skipping || s->bytes.len > s->from;
}

/* *got is false at the end of the file. */
static bool source_fill(struct source *s, bool *got, struct err *e)
{
    char *to;
    ssize_t n;

    s->bytes.max = s->line_max + 2 * READ_SIZE;
    buf_drop(&s->bytes, s->from);
    s->from = 0;
    to = buf_reserve(&s->bytes, READ_SIZE);
    if (!to)
        return err_limit(e);
    do
        n = read(s->fd, to, READ_SIZE);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(e, "cannot read the ledger");
    s->bytes.len += (size_t)n;
    *got = n > 0;
    return true;
}

/* Takes the next whole line out of what was read. */
static bool take_line(struct source *s, str *line)
{
    str rest = str_sub(buf_str(&s->bytes), s->from, s->bytes.len);
    size_t end = str_find(rest, '\n');

    if (end == rest.len)
        return false;
    *line = str_sub(rest, 0, end);
    s->from += end + 1;
    return true;
}

bool source_line(struct source *s, str *line, size_t *damaged, struct err *e)
{
    bool got = s->fd >= 0;

    *line = (str){NULL, 0};
    while (got) {
        while (take_line(s, line)) {
            if (line->len && !s->skipping)
                return true;
            s->skipping = false;
        }
        *line = (str){NULL, 0};
        if (s->bytes.len - s->from > s->line_max) {
            *damaged += !s->skipping;
            s->skipping = true;
            s->from = s->bytes.len;
        }
        if (!source_fill(s, &got, e))
            return false;
    }
    return true;
}
