/*
 * What instances print: redacted, cut into lines, tied to the request under way. Printing more
 * than the limits is counted, not kept; it never slows the others down.
 */
#include "run/front.h"

#include <errno.h>
#include <unistd.h>

enum {
    READ_SIZE = 64 << 10,
    READS_PER_TURN = 8,
    LINE_MAX_BYTES = 8 << 10, /* a longer line is told in parts */
    LOG_KEEP = 4 * LOG_TAIL, /* of which the last LOG_TAIL are asked for */
};

static void keep_tail(struct invocation *i, str line)
{
    if (!i->tail)
        return;
    if (i->log.len + line.len + 1 > LOG_KEEP)
        buf_drop(&i->log, i->log.len > LOG_TAIL ? i->log.len - LOG_TAIL : 0);
    buf_add(&i->log, line);
    buf_addc(&i->log, '\n');
}

/* False when this line is one too many. */
static bool within_limits(struct instance *n, size_t bytes)
{
    n->log_lines++;
    n->log_bytes += bytes;
    if (n->log_lines <= LOG_LINES_MAX && n->log_bytes <= LOG_BYTES_MAX &&
        record_possible(n->pool->front))
        return true;
    n->log_dropped++;
    n->pool->watch->log_dropped++;
    return false;
}

static void tell_line(struct instance *n, str line)
{
    struct front *f = n->pool->front;
    struct invocation *i = n->invocation;

    n->pool->watch->log_lines++;
    if (i)
        keep_tail(i, line);
    if (!within_limits(n, line.len))
        return;
    record_begin(f, LEDGER_LOG, n->pool, n, i ? i->id : NULL);
    ledger_text(&f->record, LEDGER_MESSAGE, line);
    record_end(f);
}

static void tell_dropped(struct instance *n)
{
    struct front *f = n->pool->front;
    struct invocation *i = n->invocation;

    if (n->log_dropped) {
        record_begin(f, LEDGER_LOG, n->pool, n, i ? i->id : NULL);
        ledger_number(&f->record, LEDGER_DROPPED, n->log_dropped);
        ledger_text(&f->record, LEDGER_MESSAGE, STR("output past the limit was left out"));
        record_end(f);
    }
    n->log_lines = n->log_bytes = n->log_dropped = 0;
}

/* Whole lines, and over-long ones in parts; an unfinished line stays for the next piece. */
static void tell_lines(struct instance *n)
{
    str rest = buf_str(&n->line);
    size_t end;

    while ((end = str_find(rest, '\n')) < rest.len || rest.len > LINE_MAX_BYTES) {
        size_t len = end < LINE_MAX_BYTES ? end : LINE_MAX_BYTES;
        str line = str_sub(rest, 0, len);

        rest = str_sub(rest, len + (end == len), rest.len);
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        tell_line(n, line);
    }
    buf_drop(&n->line, n->line.len - rest.len);
}

static void take(struct instance *n, str piece)
{
    size_t found = redact_stream_add(&n->redact, piece, &n->line);

    n->pool->watch->redactions += found;
    if (n->invocation)
        n->invocation->redactions += found;
    if (n->line.failed)
        buf_clear(&n->line);
    tell_lines(n);
}

/* False at the end of what there is for now. */
static bool read_piece(struct instance *n)
{
    char bytes[READ_SIZE];
    ssize_t got;

    do
        got = read(n->output.fd, bytes, sizeof(bytes));
    while (got < 0 && errno == EINTR);
    if (got == 0 || (got < 0 && errno != EAGAIN))
        loop_close(n->pool->front->loop, &n->output);
    if (got <= 0)
        return false;
    take(n, (str){bytes, (size_t)got});
    return true;
}

static void output_ready(struct source *s, uint32_t events)
{
    struct instance *n = CONTAINER(s, struct instance, output);

    (void)events;
    for (int i = 0; i < READS_PER_TURN; i++)
        if (n->output.fd < 0 || !read_piece(n))
            return;
    loop_again(n->pool->front->loop, s);
}

bool output_watch(struct instance *n, int fd, struct err *e)
{
    n->output.ready = output_ready;
    n->line.max = 1 << 20;
    n->redact = (struct redact_stream){.by = n->pool->front->redact};
    return loop_watch(n->pool->front->loop, &n->output, fd, e);
}

void output_drain(struct instance *n)
{
    size_t found;

    if (!n->redact.by)
        return; /* it has not started yet */
    /* A function that prints without end is not waited for: READS_PER_TURN are 512 KB. */
    for (int i = 0; i < READS_PER_TURN && n->output.fd >= 0; i++)
        if (!read_piece(n))
            break;
    found = redact_stream_flush(&n->redact, &n->line);
    n->pool->watch->redactions += found;
    if (n->invocation)
        n->invocation->redactions += found;
    tell_lines(n);
    if (n->line.len)
        tell_line(n, buf_str(&n->line));
    buf_clear(&n->line);
    tell_dropped(n);
}
