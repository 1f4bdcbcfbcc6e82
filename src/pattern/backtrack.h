/*
 * Matching by trying one way after another, as ECMA-262 describes it: for patterns that refer
 * to what a group matched, and for the few that are too large for an automaton. It may take
 * long, so it is given work and gives up when that is spent. Private to the room.
 */
#pragma once

#include "pattern/syntax.h"

struct backtrack;

struct backtrack *backtrack_new(struct arena *a, const struct syntax *s);
enum pattern_verdict backtrack_match(const struct backtrack *b, str text, bool anchored,
                                     uint64_t *work);
