/* What the files of the automaton share. Private to them. */
#pragma once

#include "pattern/dfa.h"

/* What stands in the table instead of a state. */
enum { UNKNOWN, FAILED, HELD, FIRST_STATE = 4 };
/* Set in the table of an automaton that marks: a match ends before the symbol. */
#define MARKED 0x80000000u

enum {
    CELLS_MAX = 1 << 18, /* of the table: 1 MiB */
    POOL_MAX = 1 << 19, /* members of all states: 2 MiB */
    STEP_COST = 60,
    MEMBER_COST = 6,
};

/* A set of states that is emptied at once; `list` keeps the order in which they came. */
struct members {
    uint32_t *list, *place;
    uint32_t count;
};

struct dfa_state {
    uint32_t first, count; /* in `pool` */
    unsigned context;
};

/* What stands before a state in the order of reading. */
enum { AT_START = 1, BEHIND_WORD = 2 };

struct dfa {
    struct nfa nfa;
    unsigned looks;
    unsigned char class_of[256], byte_of[256];
    uint32_t classes; /* the last is the text's end */
    uint32_t stride; /* symbols: classes, for each of what may be marked */
    uint32_t start;
    uint32_t *table;
    uint32_t table_room;
    struct dfa_state *states;
    uint32_t state_count, state_room;
    uint32_t *pool;
    uint32_t pool_count, pool_room;
    uint32_t *slots; /* a hash table of states: index + 1, or 0 */
    uint32_t slot_count;
    struct members now, then;
    uint32_t *stack;
    bool matched; /* the set at hand holds the end of the pattern */
};

/*
 * Adds a state and what it leads to without reading; d->matched when that is the pattern's end.
 * Of the assertions only that of the text's first edge is decided here.
 */
void dfa_close_over(struct dfa *d, struct members *m, uint32_t state, bool at_start);
/* Keeps what the future depends on, in order. */
void dfa_keep_what_matters(const struct dfa *d, struct members *m);
/* The row of the state of this set, made when it is new; UNKNOWN without memory. May forget all
 * other states: then d->state_count is 1. */
uint32_t dfa_find_state(struct dfa *d, const struct members *m, unsigned context);
