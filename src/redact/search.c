/*
 * search: finds what the marks were made of. A table says for each place whether any mark may
 * begin there; only there is looked closer.
 */
#include "redact/parts.h"

enum { BLOCK = 2048 };

/* The first entry of the pass with this prefix, or the place where it would be. */
static size_t lower_bound(const struct pass *p, uint16_t prefix)
{
    size_t low = 0, high = p->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (p->entries[middle].prefix < prefix)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct finding {
    const struct redact_mark *longest;
    size_t need; /* 0: there is no more to wait for */
};

static void check_mark(const struct search *s, const struct redact_mark *m, size_t at,
                       struct finding *f)
{
    size_t need = 0;
    enum fit fit = fingerprint_fits(&s->by->key, m, str_sub(s->text, at, s->text.len), &need);

    if (fit == FIT_LATER && (!f->need || need < f->need))
        f->need = need;
    if (fit == FIT_YES && (!f->longest || m->length > f->longest->length))
        f->longest = m;
}

/* The marks of one pass that begin at `at`. The pass looks at multiples of its stride. */
static void look_for(const struct search *s, const struct pass *p, size_t at, struct finding *f)
{
    size_t offset = (p->scan.stride - at % p->scan.stride) % p->scan.stride;
    uint16_t prefix;

    if (at + offset + p->scan.window > s->text.len)
        return;
    prefix = fingerprint(p->scan.multiplier, s->text.at + at + offset, p->scan.window);
    for (size_t i = lower_bound(p, prefix); i < p->count && p->entries[i].prefix == prefix; i++)
        if (p->entries[i].offset == offset)
            check_mark(s, &s->by->marks[p->entries[i].mark], at, f);
}

static struct finding look(const struct search *s, size_t at)
{
    struct finding f = {0};

    for (size_t i = 0; i < s->by->pass_count; i++)
        look_for(s, &s->by->passes[i], at, &f);
    return f;
}

void search_write(struct search *s, size_t end)
{
    if (end > s->written) {
        buf_add(s->out, str_sub(s->text, s->written, end - s->written));
        s->written = end;
    }
}

/* A finding that begins within another and reaches beyond it is told as well. */
static void replace(struct search *s, size_t at, const struct redact_mark *m)
{
    size_t end = at + m->length;

    if (end <= s->covered)
        return;
    search_write(s, at);
    buf_add(s->out, str_of(s->by->tags[m->secret]));
    s->replaced++;
    s->covered = end;
    s->written = end;
}

/* A window that begins at `place` of the block may be a secret's that begins further up. */
static void mark_starts(const struct search *s, const struct pass *p, size_t block,
                        size_t place, size_t size, uint8_t *hits)
{
    uint16_t prefix =
        fingerprint(p->scan.multiplier, s->text.at + block + place, p->scan.window);

    for (size_t i = lower_bound(p, prefix); i < p->count && p->entries[i].prefix == prefix;
         i++) {
        size_t offset = p->entries[i].offset;

        if (place >= offset && place - offset < size)
            hits[place - offset] = 1;
    }
}

/* One pass over a block, and over what lies behind it of windows that begin in it. */
static void mark_hits(const struct search *s, const struct pass *p, size_t block, size_t size,
                      uint8_t *hits)
{
    uint16_t found[BLOCK + 3];
    size_t stride = p->scan.stride, left = s->text.len - block;
    size_t first = (stride - block % stride) % stride, count, n;

    if (left < first + p->scan.window)
        return;
    count = (left - first - p->scan.window) / stride + 1;
    /* What begins at the last place is seen at the next multiple of the stride. */
    if (count > size / stride + 2)
        count = size / stride + 2;
    n = fingerprint_scan(&p->scan, s->text.at + block + first, count, found);
    for (size_t i = 0; i < n; i++)
        mark_starts(s, p, block, first + found[i], size, hits);
}

static size_t next_hit(const uint8_t *hits, size_t i, size_t count)
{
    uint64_t eight;

    for (; i + 8 <= count; i += 8) {
        memcpy(&eight, hits + i, 8);
        if (eight)
            break;
    }
    while (i < count && !hits[i])
        i++;
    return i;
}

/* Places up to `end`: behind it some windows have no room yet, unless all is there. */
static size_t search_until(struct search *s, size_t end, size_t *need)
{
    uint8_t hits[BLOCK];

    for (size_t from = 0; from < end; from += BLOCK) {
        size_t count = end - from < BLOCK ? end - from : BLOCK;

        memset(hits, 0, count);
        for (size_t i = 0; i < s->by->pass_count; i++)
            mark_hits(s, &s->by->passes[i], from, count, hits);
        for (size_t i = next_hit(hits, 0, count); i < count; i = next_hit(hits, i + 1, count)) {
            struct finding f = look(s, from + i);

            if (f.need && !s->is_whole) {
                *need = f.need;
                return from + i;
            }
            if (f.longest)
                replace(s, from + i, f.longest);
        }
    }
    return end;
}

size_t search_run(struct search *s, size_t *need)
{
    size_t reach = s->by->reach, end = s->text.len;

    if (!s->is_whole)
        end = end < reach ? 0 : end - reach + 1;
    *need = reach;
    return search_until(s, end, need);
}
