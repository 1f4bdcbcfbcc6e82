/* Sets of code points. */
#include "pattern/syntax.h"

#include <stdlib.h>

static const uint32_t POINT_MAX = 0x10ffff;

bool set_has(const struct set *s, uint32_t c)
{
    uint32_t low = 0, high = s->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (s->ranges[middle].to < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < s->count && s->ranges[low].from <= c;
}

bool set_overlaps(const struct set *a, const struct set *b)
{
    for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->ranges[i].to < b->ranges[j].from)
            i++;
        else if (b->ranges[j].to < a->ranges[i].from)
            j++;
        else
            return true;
    }
    return false;
}

bool set_is_one(const struct set *s)
{
    return s->count == 1 && s->ranges[0].from == s->ranges[0].to;
}

void set_pile_add(struct buf *pile, uint32_t from, uint32_t to)
{
    struct range r = {from, to};

    buf_add(pile, (str){(const char *)&r, sizeof(r)});
}

void set_pile_add_all(struct buf *pile, const struct set *s, bool inverted)
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < s->count; i++) {
        if (!inverted)
            set_pile_add(pile, s->ranges[i].from, s->ranges[i].to);
        else if (s->ranges[i].from > from)
            set_pile_add(pile, from, s->ranges[i].from - 1);
        from = s->ranges[i].to + 1;
    }
    if (inverted && from <= POINT_MAX)
        set_pile_add(pile, from, POINT_MAX);
}

static int compare_ranges(const void *a, const void *b)
{
    const struct range *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

static void add(struct range *out, uint32_t *count, uint32_t from, uint32_t to)
{
    if (from > to)
        return;
    if (*count && from <= out[*count - 1].to + 1) {
        if (to > out[*count - 1].to)
            out[*count - 1].to = to;
        return;
    }
    out[(*count)++] = (struct range){from, to};
}

/* No text holds half a surrogate pair. */
static void add_scalars(struct range *out, uint32_t *count, uint32_t from, uint32_t to)
{
    add(out, count, from, to < 0xd800 ? to : (from < 0xd800 ? 0xd7ff : 0));
    add(out, count, from > 0xdfff ? from : 0xe000, to > 0xdfff ? to : 0);
}

const struct set *set_build(struct arena *a, struct buf *pile, bool inverted)
{
    size_t n = pile->len / sizeof(struct range);
    struct range *given = (struct range *)(void *)pile->at;
    struct range *out = arena_array(a, 2 * n + 3, sizeof(*out));
    struct set *s = arena_alloc(a, sizeof(*s));
    uint32_t from = 0;

    if (!out || !s || pile->failed)
        return NULL;
    if (n)
        qsort(given, n, sizeof(*given), compare_ranges);
    for (size_t i = 0; i < n; i++) {
        if (!inverted)
            add_scalars(out, &s->count, given[i].from, given[i].to);
        else if (given[i].from > from)
            add_scalars(out, &s->count, from, given[i].from - 1);
        if (given[i].to >= from)
            from = given[i].to + 1;
    }
    if (inverted && from <= POINT_MAX)
        add_scalars(out, &s->count, from, POINT_MAX);
    s->ranges = out;
    return s;
}
