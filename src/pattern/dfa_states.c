/* The states of the automaton: sets of the states that it was built from, each once. */
#include "pattern/dfa_inside.h"

#include <stdlib.h>

/* ---- sets ---- */

static bool is_in(const struct members *m, uint32_t state)
{
    uint32_t place = m->place[state];

    return place < m->count && m->list[place] == state;
}

static void put(struct members *m, uint32_t state)
{
    m->place[state] = m->count;
    m->list[m->count++] = state;
}

void dfa_close_over(struct dfa *d, struct members *m, uint32_t state, bool at_start)
{
    enum nfa_kind first_edge = d->nfa.backwards ? NFA_TEXT_END : NFA_TEXT_START;
    uint32_t depth = 0;

    d->stack[depth++] = state;
    while (depth) {
        const struct nfa_state *s;

        state = d->stack[--depth];
        if (is_in(m, state))
            continue;
        put(m, state);
        s = &d->nfa.states[state];
        d->matched |= s->kind == NFA_MATCH;
        if (s->kind == NFA_SPLIT)
            d->stack[depth++] = s->b;
        if (s->kind == NFA_SPLIT || (s->kind == first_edge && at_start))
            d->stack[depth++] = s->a;
    }
}

/* ---- states ---- */

static int compare_states(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

void dfa_keep_what_matters(const struct dfa *d, struct members *m)
{
    enum nfa_kind first_edge = d->nfa.backwards ? NFA_TEXT_END : NFA_TEXT_START;
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->count; i++) {
        enum nfa_kind kind = d->nfa.states[m->list[i]].kind;

        if (kind != NFA_SPLIT && kind != first_edge)
            m->list[n++] = m->list[i];
    }
    m->count = n;
    qsort(m->list, n, sizeof(m->list[0]), compare_states);
}

static uint32_t hash(const struct members *m, unsigned context)
{
    uint32_t h = 2166136261u + context;

    for (uint32_t i = 0; i < m->count; i++)
        h = (h ^ m->list[i]) * 16777619u;
    return h ^ h >> 15;
}

static bool is_state(const struct dfa *d, uint32_t index, const struct members *m,
                     unsigned context)
{
    const struct dfa_state *s = &d->states[index];

    return s->count == m->count && s->context == context &&
           memcmp(d->pool + s->first, m->list, m->count * sizeof(m->list[0])) == 0;
}

/* Makes room for `count` things of `size`. */
static bool reserve(void *at, uint32_t *room, size_t count, size_t size)
{
    void **list = at, *larger;
    size_t n = *room ? *room : 16;

    while (n < count)
        n *= 2;
    if (n == *room)
        return true;
    larger = realloc(*list, n * size);
    if (!larger)
        return false;
    *list = larger;
    *room = (uint32_t)n;
    return true;
}

static void forget_all(struct dfa *d)
{
    d->state_count = 0;
    d->pool_count = 0;
    d->start = UNKNOWN;
    if (d->slots)
        memset(d->slots, 0, d->slot_count * sizeof(d->slots[0]));
}

/* The hash table stays at most half full. */
static bool grow_slots(struct dfa *d)
{
    uint32_t count = d->slot_count ? d->slot_count * 2 : 32;
    uint32_t *slots;

    if (d->state_count * 2 < d->slot_count)
        return true;
    slots = calloc(count, sizeof(*slots));
    if (!slots)
        return false;
    for (uint32_t i = 0; i < d->state_count; i++) {
        struct members m = {.list = d->pool + d->states[i].first, .count = d->states[i].count};
        uint32_t at = hash(&m, d->states[i].context) & (count - 1);

        while (slots[at])
            at = (at + 1) & (count - 1);
        slots[at] = i + 1;
    }
    free(d->slots);
    d->slots = slots;
    d->slot_count = count;
    return true;
}

static uint32_t offset_of(const struct dfa *d, uint32_t index)
{
    return FIRST_STATE + index * d->stride;
}

static uint32_t *slot_of(const struct dfa *d, const struct members *m, unsigned context)
{
    uint32_t at = hash(m, context) & (d->slot_count - 1);

    while (d->slots[at] && !is_state(d, d->slots[at] - 1, m, context))
        at = (at + 1) & (d->slot_count - 1);
    return &d->slots[at];
}

uint32_t dfa_find_state(struct dfa *d, const struct members *m, unsigned context)
{
    uint32_t index = d->state_count, *slot, row;

    if (index > 1 &&
        (offset_of(d, index + 1) > CELLS_MAX || d->pool_count + m->count > POOL_MAX))
        forget_all(d);
    if (!grow_slots(d))
        return UNKNOWN;
    slot = slot_of(d, m, context);
    if (*slot)
        return offset_of(d, *slot - 1);
    index = d->state_count;
    row = offset_of(d, index);
    if (!reserve(&d->states, &d->state_room, index + 1, sizeof(*d->states)) ||
        !reserve(&d->pool, &d->pool_room, (size_t)d->pool_count + m->count + 1,
                 sizeof(*d->pool)) ||
        !reserve(&d->table, &d->table_room, (size_t)row + d->stride, sizeof(*d->table)))
        return UNKNOWN;
    memset(d->table + row, 0, d->stride * sizeof(*d->table));
    memcpy(d->pool + d->pool_count, m->list, m->count * sizeof(m->list[0]));
    d->states[index] = (struct dfa_state){d->pool_count, m->count, context};
    d->pool_count += m->count;
    *slot = ++d->state_count;
    return row;
}
