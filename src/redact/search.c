/*
 * search: finds what the marks were made of. A table says for each place whether any mark may
 * begin there; only there is looked closer.
 */
#include "redact/parts.h"

enum { BLOCK = 2048 };

/* The first of the marks with this window and prefix, or the place where it would be. */
static size_t lower_bound(const struct redact *r, uint32_t window, uint16_t prefix)
{
    size_t low = 0, high = r->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct redact_mark *m = &r->marks[middle];

        if (m->window < window || (m->window == window && m->prefix < prefix))
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

/* The marks of one window, the longest first. */
static void look_for(const struct redact *r, uint32_t window, str ahead, struct finding *f)
{
    uint16_t prefix = fingerprint(r->multiplier, ahead.at, window);

    for (size_t i = lower_bound(r, window, prefix); i < r->count; i++) {
        const struct redact_mark *m = &r->marks[i];
        size_t need = 0;
        enum fit fit;

        if (m->window != window || m->prefix != prefix)
            return;
        fit = fingerprint_fits(&r->key, m, ahead, &need);
        if (fit == FIT_LATER && (!f->need || need < f->need))
            f->need = need;
        if (fit == FIT_YES && (!f->longest || m->length > f->longest->length))
            f->longest = m;
    }
}

static struct finding look(const struct redact *r, str ahead)
{
    struct finding f = {0};

    for (size_t i = 0; i < r->window_count && r->windows[i] <= ahead.len; i++)
        look_for(r, r->windows[i], ahead, &f);
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

/* Which of the block's places deserve a closer look; past `fits` a window has no room. */
static void mark_hits(const struct search *s, size_t from, size_t count, uint8_t *hits)
{
    const struct redact *r = s->by;

    memset(hits, 0, BLOCK);
    for (size_t i = 0; i < r->window_count; i++) {
        size_t left = s->text.len - from;
        size_t fits = left < r->windows[i] ? 0 : left - r->windows[i] + 1;

        fingerprint_block(r->multiplier, s->text.at + from, fits < count ? fits : count,
                          r->windows[i], r->tables[i], hits);
    }
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

/* Places up to `end`, which is where the longest window no longer fits, unless all is there. */
static size_t search_until(struct search *s, size_t end, size_t *need)
{
    uint8_t hits[BLOCK];

    for (size_t from = 0; from < end; from += BLOCK) {
        size_t count = end - from < BLOCK ? end - from : BLOCK;

        mark_hits(s, from, count, hits);
        for (size_t i = next_hit(hits, 0, count); i < count; i = next_hit(hits, i + 1, count)) {
            struct finding f = look(s->by, str_sub(s->text, from + i, s->text.len));

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
    const struct redact *r = s->by;
    size_t longest = r->window_count ? r->windows[r->window_count - 1] : 1;
    size_t end = s->text.len;

    if (!s->is_whole)
        end = end < longest ? 0 : end - longest + 1;
    *need = longest;
    return search_until(s, end, need);
}
