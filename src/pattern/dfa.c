/* The automaton at work: a step, and a text. */
#include "pattern/dfa_inside.h"

#include <stdlib.h>

static bool is_word(unsigned c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 'a' && c <= 'z');
}

/* ---- steps ---- */

struct spot {
    bool before_word, behind_word, at_end;
    unsigned marks;
};

static bool is_satisfied(const struct dfa *d, const struct nfa_state *s, const struct spot *p)
{
    bool edge = p->before_word != p->behind_word;

    switch (s->kind) {
    case NFA_TEXT_START:
        return d->nfa.backwards && p->at_end;
    case NFA_TEXT_END:
        return !d->nfa.backwards && p->at_end;
    case NFA_WORD_EDGE:
        return edge;
    case NFA_NO_WORD_EDGE:
        return !edge;
    case NFA_LOOK:
        return p->marks >> s->b & 1;
    case NFA_NO_LOOK:
        return !(p->marks >> s->b & 1);
    default:
        return false;
    }
}

/* Decides the assertions, now that what stands on both sides is known. */
static void assert_all(struct dfa *d, const struct dfa_state *from, const struct spot *p)
{
    struct members *m = &d->now;

    bool at_start = from->context & AT_START;

    m->count = 0;
    d->matched = false;
    for (uint32_t i = 0; i < from->count; i++)
        dfa_close_over(d, m, d->pool[from->first + i], at_start);
    for (uint32_t i = 0; i < m->count; i++)
        if (is_satisfied(d, &d->nfa.states[m->list[i]], p))
            dfa_close_over(d, m, d->nfa.states[m->list[i]].a, at_start);
}

static void read_byte(struct dfa *d, unsigned char c)
{
    d->then.count = 0;
    d->matched = false;
    for (uint32_t i = 0; i < d->now.count; i++) {
        const struct nfa_state *s = &d->nfa.states[d->now.list[i]];

        if (s->kind != NFA_BYTES)
            continue;
        for (uint32_t k = s->a; k < s->a + s->b; k++)
            if (c >= d->nfa.ranges[k].from && c <= d->nfa.ranges[k].to)
                dfa_close_over(d, &d->then, d->nfa.ranges[k].state, false);
    }
}

static void spend(uint64_t *work, uint64_t cost)
{
    *work -= *work < cost ? *work : cost;
}

/* What the table holds for a state and a symbol; UNKNOWN when that cannot be found out. */
static uint32_t step(struct dfa *d, uint32_t row, uint32_t symbol, bool marking, uint64_t *work)
{
    const struct dfa_state from = d->states[(row - FIRST_STATE) / d->stride];
    uint32_t class = symbol % d->classes, states = d->state_count, to, mark;
    struct spot p = {
        .at_end = class == d->classes - 1,
        .behind_word = from.context & BEHIND_WORD,
        .marks = symbol / d->classes,
    };
    unsigned char c = d->byte_of[class];
    bool word = d->nfa.has_words && !p.at_end && is_word(c);

    if (!*work)
        return UNKNOWN;
    p.before_word = word;
    assert_all(d, &from, &p);
    mark = marking && d->matched ? MARKED : 0;
    to = d->matched && !marking ? HELD : FAILED;
    if (to != HELD && !p.at_end) {
        read_byte(d, c);
        if (d->matched && !marking)
            to = HELD;
        else if (d->then.count || marking) {
            dfa_keep_what_matters(d, &d->then);
            to = dfa_find_state(d, &d->then, word ? BEHIND_WORD : 0);
        }
    }
    spend(work, STEP_COST + (uint64_t)MEMBER_COST * (d->now.count + d->then.count));
    /* When all was forgotten there is no row to write to. */
    if (to != UNKNOWN && d->state_count >= states)
        d->table[row + symbol] = to | mark;
    return to | mark;
}

static uint32_t find_start(struct dfa *d, bool marking)
{
    d->then.count = 0;
    d->matched = false;
    dfa_close_over(d, &d->then, d->nfa.start, true);
    if (d->matched && !marking)
        return d->start = HELD;
    dfa_keep_what_matters(d, &d->then);
    return d->start = dfa_find_state(d, &d->then, AT_START);
}

static enum pattern_verdict verdict_of(uint32_t row)
{
    if (row == HELD)
        return PATTERN_HOLDS;
    return row == FAILED ? PATTERN_FAILS : PATTERN_UNDECIDED;
}

/* The symbol behind the last byte. */
static enum pattern_verdict finish(struct dfa *d, uint32_t row, unsigned marks, uint64_t *work)
{
    uint32_t symbol = d->classes - 1 + d->classes * marks, to = d->table[row + symbol];

    return verdict_of(to ? to : step(d, row, symbol, false, work));
}

static enum pattern_verdict match_marked(struct dfa *d, str text, const unsigned char *marks,
                                         uint32_t row, uint64_t *work)
{
    const unsigned char *at = (const unsigned char *)text.at;

    for (size_t i = 0; i < text.len && row >= FIRST_STATE; i++) {
        uint32_t symbol = d->class_of[at[i]] + d->classes * marks[i];
        uint32_t to = d->table[row + symbol];

        row = to ? to : step(d, row, symbol, false, work);
    }
    return row < FIRST_STATE ? verdict_of(row) : finish(d, row, marks[text.len], work);
}

static enum pattern_verdict match_backwards(struct dfa *d, str text, uint32_t row,
                                            uint64_t *work)
{
    const unsigned char *from = (const unsigned char *)text.at, *at = from + text.len;

    while (at > from && row >= FIRST_STATE) {
        uint32_t symbol = d->class_of[*--at], to = d->table[row + symbol];

        row = to ? to : step(d, row, symbol, false, work);
    }
    return row < FIRST_STATE ? verdict_of(row) : finish(d, row, 0, work);
}

enum pattern_verdict dfa_match(struct dfa *d, str text, const unsigned char *marks,
                               uint64_t *work)
{
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
    uint32_t row = d->start ? d->start : find_start(d, false);
    const uint32_t *table = d->table;

    if (d->nfa.has_looks)
        return match_marked(d, text, marks, row, work);
    if (d->nfa.backwards)
        return match_backwards(d, text, row, work);
    while (at < end && row >= FIRST_STATE) {
        uint32_t symbol = d->class_of[*at++], to = table[row + symbol];

        if (__builtin_expect(to == UNKNOWN, 0)) {
            to = step(d, row, symbol, false, work);
            table = d->table;
        }
        row = to;
    }
    return row < FIRST_STATE ? verdict_of(row) : finish(d, row, 0, work);
}

bool dfa_mark(struct dfa *d, str text, unsigned char *marks, unsigned char bit, uint64_t *work)
{
    const unsigned char *at = (const unsigned char *)text.at;
    uint32_t row = d->start ? d->start : find_start(d, true);

    for (size_t n = 0; n <= text.len; n++) {
        size_t i = d->nfa.backwards ? text.len - n : n;
        uint32_t symbol = d->classes - 1, to;

        if (n < text.len)
            symbol = d->class_of[at[d->nfa.backwards ? i - 1 : i]];
        if (d->nfa.has_looks)
            symbol += d->classes * marks[i];
        if (row < FIRST_STATE)
            return false;
        to = d->table[row + symbol];
        if (!to)
            to = step(d, row, symbol, true, work);
        if (to & MARKED)
            marks[i] |= bit;
        row = to & ~MARKED;
    }
    return row != UNKNOWN;
}

/* ---- making one ---- */

static void cut_classes(struct dfa *d, const bool begins[257])
{
    uint32_t class = 0;

    for (unsigned c = 0; c < 256; c++) {
        class += c && begins[c];
        d->class_of[c] = (unsigned char)class;
        d->byte_of[class] = (unsigned char)c;
    }
    d->classes = class + 2;
}

/* Bytes that no state tells apart are one symbol. */
static void find_classes(struct dfa *d)
{
    static const unsigned char edges[] = {'0', '9' + 1, 'A', 'Z' + 1,
                                          '_', '_' + 1, 'a', 'z' + 1};
    bool begins[257] = {false};

    for (uint32_t i = 0; i < d->nfa.range_count; i++) {
        begins[d->nfa.ranges[i].from] = true;
        begins[d->nfa.ranges[i].to + 1] = true;
    }
    for (size_t i = 0; d->nfa.has_words && i < COUNT(edges); i++)
        begins[edges[i]] = true;
    cut_classes(d, begins);
}

static bool members_new(struct members *m, uint32_t states)
{
    m->list = calloc(states, sizeof(*m->list));
    m->place = calloc(states, sizeof(*m->place));
    return m->list && m->place;
}

struct dfa *dfa_new(const struct nfa *nfa, unsigned looks)
{
    struct dfa *d = calloc(1, sizeof(*d));

    if (!d)
        return NULL;
    d->nfa = *nfa;
    find_classes(d);
    d->stride = d->classes << (nfa->has_looks ? looks : 0);
    d->stack = calloc((size_t)2 * nfa->state_count + 2, sizeof(*d->stack));
    if (!d->stack || !members_new(&d->now, nfa->state_count) ||
        !members_new(&d->then, nfa->state_count)) {
        dfa_free(d);
        return NULL;
    }
    return d;
}

void dfa_free(struct dfa *d)
{
    if (!d)
        return;
    free(d->now.list);
    free(d->now.place);
    free(d->then.list);
    free(d->then.place);
    free(d->stack);
    free(d->table);
    free(d->states);
    free(d->pool);
    free(d->slots);
    free(d);
}
