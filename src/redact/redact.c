#include "redact/parts.h"

#include <stdlib.h>

static int compare(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_pass(const void *left, const void *right)
{
    const struct redact_mark *a = left, *b = right;
    int order = compare(a->window, b->window);

    if (!order)
        order = compare(a->stride, b->stride);
    return order ? order : compare(b->length, a->length);
}

static int by_prefix(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare(a->prefix, b->prefix);

    if (!order)
        order = compare(a->offset, b->offset);
    return order ? order : compare(a->mark, b->mark);
}

/* Marks come from another process: what the search relies on is checked. */
static bool are_sound(const struct redact_mark *marks, size_t count, struct err *e)
{
    if (count > REDACT_MARKS_MAX)
        return err_set(e, ERR_LIMIT, "more than %d marks of secrets", REDACT_MARKS_MAX);
    for (size_t i = 0; i < count; i++)
        if (marks[i].window < REDACT_SHORTEST || marks[i].window > WINDOW_LONGEST ||
            marks[i].stride < 1 || marks[i].stride > REDACT_STRIDE_MAX ||
            marks[i].window + marks[i].stride - 1u > marks[i].length ||
            marks[i].secret >= REDACT_MARKS_MAX)
            return err_set(e, ERR_INPUT, "mark %zu of a secret is malformed", i);
    return true;
}

static bool copy_tags(struct redact *r, const char *const *names)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->marks[i].secret >= r->tag_count)
            r->tag_count = r->marks[i].secret + 1;
    r->tags = calloc(r->tag_count + 1, sizeof(*r->tags));
    if (!r->tags)
        return false;
    for (size_t i = 0; i < r->count; i++) {
        uint32_t number = r->marks[i].secret;

        if (!r->tags[number] && asprintf(&r->tags[number], "[redacted %s]", names[number]) < 0)
            return false;
    }
    return true;
}

static bool is_next_pass(const struct redact *r, size_t i)
{
    return i == 0 || r->marks[i].window != r->marks[i - 1].window ||
           r->marks[i].stride != r->marks[i - 1].stride;
}

/* Begins the pass of this mark; its entries are the next. */
static void begin_pass(struct redact *r, const struct redact_mark *m, struct entry *entries)
{
    struct pass *p = &r->passes[r->pass_count];

    p->scan = (struct scan){r->multiplier, m->window, m->stride, r->tables[r->pass_count]};
    p->entries = entries;
    r->pass_count++;
    if (m->window + m->stride - 1u > r->reach)
        r->reach = m->window + m->stride - 1u;
}

static bool make_passes(struct redact *r)
{
    struct entry *next;
    size_t passes = 0;

    for (size_t i = 0; i < r->count; i++)
        passes += is_next_pass(r, i);
    r->passes = calloc(passes + 1, sizeof(*r->passes));
    r->tables = calloc(passes + 1, sizeof(*r->tables));
    r->entries = next = calloc(r->count * REDACT_STRIDE_MAX + 1, sizeof(*r->entries));
    if (!r->passes || !r->tables || !r->entries)
        return false;
    for (size_t i = 0; i < r->count; i++) {
        const struct redact_mark *m = &r->marks[i];

        if (is_next_pass(r, i))
            begin_pass(r, m, next);
        for (uint16_t k = 0; k < m->stride; k++) {
            *next++ = (struct entry){(uint32_t)i, m->prefixes[k], k};
            r->tables[r->pass_count - 1][m->prefixes[k] >> (PREFIX_BITS - TABLE_BITS)] = 1;
        }
        r->passes[r->pass_count - 1].count += m->stride;
    }
    for (size_t i = 0; i < r->pass_count; i++)
        qsort((void *)r->passes[i].entries, r->passes[i].count, sizeof(*next), by_prefix);
    return true;
}

bool redact_new(const struct redact_key *key, const struct redact_mark *marks, size_t count,
                const char *const *names, struct redact **ret, struct err *e)
{
    struct redact *r;

    if (!are_sound(marks, count, e))
        return false;
    r = calloc(1, sizeof(*r));
    if (!r)
        return err_limit(e);
    r->key = *key;
    r->multiplier = fingerprint_multiplier(key);
    r->count = count;
    r->reach = 1;
    r->marks = calloc(count + 1, sizeof(*marks));
    if (r->marks && count) {
        memcpy(r->marks, marks, count * sizeof(*marks));
        qsort(r->marks, count, sizeof(*marks), by_pass);
    }
    if (!r->marks || !copy_tags(r, names) || !make_passes(r)) {
        redact_free(r);
        return err_limit(e);
    }
    *ret = r;
    return true;
}

void redact_free(struct redact *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->tags && i < r->tag_count; i++)
        free(r->tags[i]);
    free(r->tags);
    free(r->tables);
    free(r->entries);
    free(r->passes);
    free(r->marks);
    free(r);
}

size_t redact_text(const struct redact *r, str text, struct buf *out)
{
    struct search s = {.by = r, .text = text, .is_whole = true, .out = out};
    size_t need, end = search_run(&s, &need);

    if (s.replaced)
        search_write(&s, end);
    return s.replaced;
}

static size_t go_on(struct redact_stream *s, bool is_whole, struct buf *out)
{
    struct search run = {.by = s->by,
                         .text = buf_str(&s->held),
                         .is_whole = is_whole,
                         .covered = s->covered,
                         .written = s->covered,
                         .out = out};
    size_t end = search_run(&run, &s->wait);

    search_write(&run, end);
    buf_drop(&s->held, end);
    s->covered = run.covered > end ? run.covered - end : 0;
    return run.replaced;
}

size_t redact_stream_add(struct redact_stream *s, str piece, struct buf *out)
{
    enum { AT_ONCE = 64 << 10 };
    size_t replaced = 0;

    while (piece.len) {
        buf_add(&s->held, str_sub(piece, 0, AT_ONCE));
        piece = str_sub(piece, AT_ONCE, piece.len);
        if (s->held.failed)
            out->failed = true;
        else if (s->held.len >= s->wait)
            replaced += go_on(s, false, out);
    }
    return replaced;
}

size_t redact_stream_flush(struct redact_stream *s, struct buf *out)
{
    size_t replaced = s->held.failed ? 0 : go_on(s, true, out);

    buf_clear(&s->held);
    s->covered = s->wait = 0;
    return replaced;
}

void redact_stream_free(struct redact_stream *s)
{
    if (s->held.at)
        memory_wipe(s->held.at, s->held.cap);
    buf_free(&s->held);
    s->covered = s->wait = 0;
}
