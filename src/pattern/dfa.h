/*
 * The automaton made deterministic while it runs: a state is made when a text first leads to
 * it, and all are forgotten when they become many. Time is in proportion to the text, whatever
 * the pattern; the factor is the size of the automaton in the worst case, and one step of a
 * table where states are met again. Private to the room.
 */
#pragma once

#include "pattern/nfa.h"

struct dfa;

/* `looks` of the pattern are told to it by marks: bit `look` of a byte for each place. */
struct dfa *dfa_new(const struct nfa *nfa, unsigned looks);
void dfa_free(struct dfa *d);

/* `marks` has text.len + 1 bytes; NULL where the automaton looks nowhere. */
enum pattern_verdict dfa_match(struct dfa *d, str text, const unsigned char *marks,
                               uint64_t *work);
/*
 * Sets `bit` of each place in the text where a match ends, or begins for an automaton that
 * reads backwards. False when the work was not enough.
 */
bool dfa_mark(struct dfa *d, str text, unsigned char *marks, unsigned char bit, uint64_t *work);
