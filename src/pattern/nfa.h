/*
 * A pattern without references as a nondeterministic automaton over bytes of UTF-8. Private to
 * the room.
 *
 * A look ahead or behind is an automaton of its own, which tells for each place in the text
 * whether it holds there; in the automaton around it that is one more assertion.
 */
#pragma once

#include "pattern/syntax.h"

/* More than these, and the pattern is matched by backtracking within a budget. */
enum { NFA_STATES_MAX = 1 << 16, NFA_LOOKS_MAX = 6 };

enum nfa_kind {
    NFA_BYTES, /* one byte, by its ranges */
    NFA_SPLIT,
    NFA_TEXT_START,
    NFA_TEXT_END,
    NFA_WORD_EDGE,
    NFA_NO_WORD_EDGE,
    NFA_LOOK,
    NFA_NO_LOOK,
    NFA_MATCH,
};

struct byte_range {
    unsigned char from, to;
    uint32_t state;
};

struct nfa_state {
    enum nfa_kind kind;
    uint32_t a; /* where to; of NFA_BYTES the first range */
    uint32_t b; /* NFA_SPLIT: the other way; NFA_BYTES: how many ranges; NFA_LOOK: which */
};

struct nfa {
    struct nfa_state *states;
    struct byte_range *ranges;
    uint32_t state_count, range_count;
    uint32_t start;
    bool backwards; /* reads the text from its end */
    bool has_words; /* \b or \B */
    bool has_looks;
};

enum nfa_result { NFA_BUILT, NFA_TOO_LARGE, NFA_NO_MEMORY };

/*
 * `floating`: a match may begin anywhere. `backwards` reads the text, and the tree, from the
 * end.
 */
enum nfa_result nfa_build(struct arena *a, const struct node *root, bool floating,
                          bool backwards, struct nfa *ret) MUST_USE;
