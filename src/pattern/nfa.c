/* From the tree to states: each node is built in front of the state that follows it. */
#include "pattern/nfa.h"

#define NOWHERE UINT32_MAX

/* The states that a set became. */
struct copy {
    const struct set *set;
    uint32_t first_state, end_state, first_range, end_range, next;
};

struct builder {
    struct buf states, ranges;
    struct copy copies[16];
    bool backwards, has_words, has_looks, too_large;
};

static uint32_t count(const struct buf *b, size_t size)
{
    return (uint32_t)(b->len / size);
}

static uint32_t add_state(struct builder *b, enum nfa_kind kind, uint32_t first,
                          uint32_t second)
{
    struct nfa_state s = {kind, first, second};
    uint32_t id = count(&b->states, sizeof(s));

    if (id >= NFA_STATES_MAX || b->states.failed || b->ranges.failed) {
        b->too_large = true;
        return 0;
    }
    buf_add(&b->states, (str){(const char *)&s, sizeof(s)});
    return id;
}

/* ---- sets ---- */

/* A state under construction: where each byte leads. */
struct row {
    uint32_t to[256];
};

static bool same_ranges(const struct builder *b, const struct nfa_state *s,
                        const struct byte_range *list, uint32_t n)
{
    const struct byte_range *ranges = (const struct byte_range *)(const void *)b->ranges.at;

    if (s->kind != NFA_BYTES || s->b != n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (ranges[s->a + i].from != list[i].from || ranges[s->a + i].to != list[i].to ||
            ranges[s->a + i].state != list[i].state)
            return false;
    return true;
}

/* The state with these ways out; one that was made since `since` and has the same serves. */
static uint32_t add_row(struct builder *b, const struct row *row, uint32_t since)
{
    struct byte_range list[256];
    const struct nfa_state *states;
    uint32_t n = 0, first = count(&b->ranges, sizeof(list[0]));

    for (unsigned c = 0; c < 256; c++) {
        if (row->to[c] == NOWHERE)
            continue;
        if (n && list[n - 1].to + 1u == c && list[n - 1].state == row->to[c])
            list[n - 1].to = (unsigned char)c;
        else
            list[n++] = (struct byte_range){(unsigned char)c, (unsigned char)c, row->to[c]};
    }
    if (!n)
        return NOWHERE;
    states = (const struct nfa_state *)(const void *)b->states.at;
    for (uint32_t i = since; i < count(&b->states, sizeof(*states)); i++)
        if (same_ranges(b, &states[i], list, n))
            return i;
    buf_add(&b->ranges, (str){(const char *)list, n * sizeof(list[0])});
    return add_state(b, NFA_BYTES, first, n);
}

static void clear_row(struct row *row)
{
    memset(row, 0xff, sizeof(*row));
}

/* The ranges of `s` that reach into [from, to], as [*first, *end). */
static void ranges_in(const struct set *s, uint32_t from, uint32_t to, uint32_t *first,
                      uint32_t *end)
{
    while (*first < *end && s->ranges[*first].to < from)
        ++*first;
    while (*end > *first && s->ranges[*end - 1].from > to)
        --*end;
}

/*
 * What reads the `more` bytes behind a first one whose code points begin at `base`; blocks of
 * the set that are whole share their states.
 */
static uint32_t add_tail(struct builder *b, const struct set *s, uint32_t base, unsigned more,
                         uint32_t first, uint32_t end, uint32_t next, uint32_t since)
{
    uint32_t size = 1u << (6 * more);
    struct row row;

    if (!more)
        return next;
    ranges_in(s, base, base + size - 1, &first, &end);
    if (first == end)
        return NOWHERE;
    clear_row(&row);
    for (unsigned c = 0; c < 64; c++) {
        uint32_t from = base + c * (size >> 6), f = first, t = end;

        /* Shorter sequences are for these. */
        if (more > 1 && from < (more == 2 ? 0x800u : 0x10000u))
            continue;
        ranges_in(s, from, from + (size >> 6) - 1, &f, &t);
        if (f == t)
            continue;
        /* Where a whole block stands behind a whole block, both lead to the same. */
        if (c && row.to[0x80 + c - 1] != NOWHERE && s->ranges[f].from <= from - (size >> 6) &&
            s->ranges[f].to >= from + (size >> 6) - 1)
            row.to[0x80 + c] = row.to[0x80 + c - 1];
        else
            row.to[0x80 + c] = add_tail(b, s, from, more - 1, f, t, next, since);
    }
    return add_row(b, &row, since);
}

/* Of ASCII alone: its ranges are those of bytes. */
static uint32_t add_ascii(struct builder *b, const struct set *s, uint32_t next)
{
    uint32_t first = count(&b->ranges, sizeof(struct byte_range));

    for (uint32_t i = 0; i < s->count; i++) {
        struct byte_range r = {(unsigned char)s->ranges[i].from, (unsigned char)s->ranges[i].to,
                               next};

        buf_add(&b->ranges, (str){(const char *)&r, sizeof(r)});
    }
    return add_state(b, NFA_BYTES, first, s->count);
}

static bool is_whole(const struct set *s, uint32_t from, uint32_t to)
{
    uint32_t first = 0, end = s->count;

    ranges_in(s, from, to, &first, &end);
    return first < end && s->ranges[first].from <= from && s->ranges[first].to >= to;
}

static uint32_t add_wide(struct builder *b, const struct set *s, uint32_t next)
{
    uint32_t since = count(&b->states, sizeof(struct nfa_state));
    struct row row;

    clear_row(&row);
    for (uint32_t i = 0; i < s->count; i++)
        for (uint32_t c = s->ranges[i].from; c <= s->ranges[i].to && c < 0x80; c++)
            row.to[c] = next;
    for (unsigned lead = 0xc2; lead < 0xf5; lead++) {
        unsigned more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        uint32_t size = 1u << (6 * more), base = (lead & (0x3fu >> more)) << (6 * more);

        /* As in add_tail(); behind the first of a length, and the one with shorter ones. */
        if (lead != 0xc2 && lead != 0xe0 && lead != 0xe1 && lead != 0xf0 && lead != 0xf1 &&
            is_whole(s, base - size, base + size - 1))
            row.to[lead] = row.to[lead - 1];
        else
            row.to[lead] = add_tail(b, s, base, more, 0, s->count, next, since);
    }
    return add_row(b, &row, since);
}

/* A set that was added before: the same states again, leading elsewhere. */
static uint32_t add_copy(struct builder *b, const struct copy *c, uint32_t next)
{
    uint32_t states = count(&b->states, sizeof(struct nfa_state)), start = 0;
    uint32_t ranges = count(&b->ranges, sizeof(struct byte_range));

    for (uint32_t i = c->first_range; i < c->end_range; i++) {
        struct byte_range r = ((const struct byte_range *)(const void *)b->ranges.at)[i];

        r.state = r.state == c->next ? next : r.state - c->first_state + states;
        buf_add(&b->ranges, (str){(const char *)&r, sizeof(r)});
    }
    for (uint32_t i = c->first_state; i < c->end_state && !b->too_large; i++) {
        struct nfa_state s = ((const struct nfa_state *)(const void *)b->states.at)[i];

        start = add_state(b, s.kind, s.a - c->first_range + ranges, s.b);
    }
    return start;
}

static uint32_t add_set(struct builder *b, const struct set *s, uint32_t next)
{
    struct copy *c = &b->copies[(uintptr_t)s / 64 % COUNT(b->copies)];
    uint32_t state;

    if (!s->count || s->ranges[s->count - 1].to < 0x80)
        return add_ascii(b, s, next);
    if (c->set == s)
        return add_copy(b, c, next);
    *c = (struct copy){
        .first_state = count(&b->states, sizeof(struct nfa_state)),
        .first_range = count(&b->ranges, sizeof(struct byte_range)),
        .next = next,
    };
    state = add_wide(b, s, next);
    c->end_state = count(&b->states, sizeof(struct nfa_state));
    c->end_range = count(&b->ranges, sizeof(struct byte_range));
    /* What it begins with is the last state that it made, unless another served. */
    c->set = state + 1 == c->end_state ? s : NULL;
    return state;
}

/* ---- sets, last byte first: a way for each sequence of byte ranges ---- */

static uint32_t add_bytes(struct builder *b, unsigned from, unsigned to, uint32_t next)
{
    struct byte_range r = {(unsigned char)from, (unsigned char)to, next};
    uint32_t first = count(&b->ranges, sizeof(r));

    buf_add(&b->ranges, (str){(const char *)&r, sizeof(r)});
    return add_state(b, NFA_BYTES, first, 1);
}

static void encode(uint32_t c, unsigned more, unsigned char out[4])
{
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};

    for (unsigned i = more; i > 0; i--, c >>= 6)
        out[i] = (unsigned char)(0x80 | (c & 0x3f));
    out[0] = (unsigned char)(leads[more] | c);
}

/* One way, if the code points are those of one range for each byte; else what it splits in. */
static uint32_t add_backwards(struct builder *b, uint32_t from, uint32_t to, unsigned more,
                              uint32_t next, uint32_t others)
{
    unsigned char low[4], high[4];
    uint32_t state = next;

    for (unsigned i = 1; i <= more; i++) {
        uint32_t tail = (1u << (6 * i)) - 1;

        if ((from & ~tail) == (to & ~tail))
            continue;
        if (from & tail) {
            others = add_backwards(b, from, from | tail, more, next, others);
            return add_backwards(b, (from | tail) + 1, to, more, next, others);
        }
        if ((to & tail) != tail) {
            others = add_backwards(b, to & ~tail, to, more, next, others);
            return add_backwards(b, from, (to & ~tail) - 1, more, next, others);
        }
    }
    encode(from, more, low);
    encode(to, more, high);
    for (unsigned i = 0; i <= more; i++)
        state = add_bytes(b, low[i], high[i], state);
    return others == NOWHERE ? state : add_state(b, NFA_SPLIT, state, others);
}

static uint32_t add_set_backwards(struct builder *b, const struct set *s, uint32_t next)
{
    static const uint32_t lengths[] = {0x7f, 0x7ff, 0xffff, 0x10ffff};
    uint32_t state = NOWHERE;

    for (uint32_t i = 0; i < s->count && !b->too_large; i++) {
        uint32_t from = s->ranges[i].from;

        for (unsigned more = 0; more < COUNT(lengths) && from <= s->ranges[i].to; more++) {
            uint32_t to = s->ranges[i].to < lengths[more] ? s->ranges[i].to : lengths[more];

            if (from > lengths[more])
                continue;
            state = add_backwards(b, from, to, more, next, state);
            from = to + 1;
        }
    }
    return state == NOWHERE ? add_state(b, NFA_BYTES, 0, 0) : state;
}

/* ---- nodes ---- */

static uint32_t add_node(struct builder *b, const struct node *n, uint32_t next);

static uint32_t add_all(struct builder *b, const struct node *n, uint32_t next)
{
    const struct node *child = b->backwards ? n->children : n->last;

    for (; child; child = b->backwards ? child->next : child->previous)
        next = add_node(b, child, next);
    return next;
}

static uint32_t add_any(struct builder *b, const struct node *child, uint32_t next)
{
    uint32_t state = add_node(b, child, next);

    for (child = child->next; child; child = child->next)
        state = add_state(b, NFA_SPLIT, add_node(b, child, next), state);
    return state;
}

static uint32_t add_loop(struct builder *b, const struct node *child, uint32_t next)
{
    uint32_t loop = add_state(b, NFA_SPLIT, next, next), body = add_node(b, child, loop);

    if (!b->too_large)
        ((struct nfa_state *)(void *)b->states.at)[loop].a = body;
    return loop;
}

static uint32_t add_repeat(struct builder *b, const struct node *n, uint32_t next)
{
    if (n->most == ENDLESS)
        next = add_loop(b, n->children, next);
    else
        for (uint32_t i = n->least, end = next; i < n->most && !b->too_large; i++)
            next = add_state(b, NFA_SPLIT, add_node(b, n->children, next), end);
    for (uint32_t i = 0; i < n->least && !b->too_large; i++) {
        uint32_t before = next;

        next = add_node(b, n->children, next);
        if (next == before)
            break; /* it is empty, and may have been repeated a billion times */
    }
    return next;
}

static uint32_t add_look(struct builder *b, const struct node *n, uint32_t next)
{
    if (n->decided)
        return next;
    b->has_looks = true;
    return add_state(b, n->negative ? NFA_NO_LOOK : NFA_LOOK, next, n->look);
}

static uint32_t add_word(struct builder *b, const struct node *n, uint32_t next)
{
    b->has_words = true;
    return add_state(b, n->negative ? NFA_NO_WORD_EDGE : NFA_WORD_EDGE, next, 0);
}

static uint32_t add_node(struct builder *b, const struct node *n, uint32_t next)
{
    if (b->too_large)
        return 0;
    switch (n->kind) {
    case NODE_SET:
        return (b->backwards ? add_set_backwards : add_set)(b, n->set, next);
    case NODE_ALL:
        return add_all(b, n, next);
    case NODE_ANY:
        return add_any(b, n->children, next);
    case NODE_REPEAT:
        return add_repeat(b, n, next);
    case NODE_GROUP:
        return add_node(b, n->children, next);
    case NODE_START:
        return add_state(b, NFA_TEXT_START, next, 0);
    case NODE_END:
        return add_state(b, NFA_TEXT_END, next, 0);
    case NODE_WORD:
        return add_word(b, n, next);
    case NODE_LOOK:
        return add_look(b, n, next);
    case NODE_REFERENCE:
        break;
    }
    b->too_large = true; /* no automaton remembers what a group matched */
    return 0;
}

/* In front of it, any number of characters. */
static uint32_t add_floating(struct builder *b, uint32_t next)
{
    static const struct range every[] = {{0, 0xd7ff}, {0xe000, 0x10ffff}};
    static const struct set all = {every, COUNT(every)};
    static const struct node any = {.kind = NODE_SET, .set = &all};

    return add_loop(b, &any, next);
}

static void builder_free(struct builder *b)
{
    buf_free(&b->states);
    buf_free(&b->ranges);
}

enum nfa_result nfa_build(struct arena *a, const struct node *root, bool floating,
                          bool backwards, struct nfa *ret)
{
    CLEANUP(builder_free) struct builder b = {.backwards = backwards};
    uint32_t start = add_node(&b, root, add_state(&b, NFA_MATCH, 0, 0));
    struct nfa nfa;

    if (floating)
        start = add_floating(&b, start);
    if (b.too_large)
        return NFA_TOO_LARGE;
    nfa = (struct nfa){
        .states = (struct nfa_state *)(void *)arena_str(a, buf_str(&b.states)).at,
        .ranges = (struct byte_range *)(void *)arena_str(a, buf_str(&b.ranges)).at,
        .state_count = count(&b.states, sizeof(struct nfa_state)),
        .range_count = count(&b.ranges, sizeof(struct byte_range)),
        .start = start,
        .backwards = backwards,
        .has_words = b.has_words,
        .has_looks = b.has_looks,
    };
    if (!nfa.states || (nfa.range_count && !nfa.ranges))
        return NFA_NO_MEMORY;
    *ret = nfa;
    return NFA_BUILT;
}
