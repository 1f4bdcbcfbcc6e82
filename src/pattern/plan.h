/*
 * The short way for most patterns that people write: sets one behind another, each repeated
 * some number of times, where no choice has to be made. Private to the room.
 */
#pragma once

#include "pattern/syntax.h"

struct plan;

/* NULL when the pattern is not of that kind, or without memory. */
struct plan *plan_new(struct arena *a, const struct syntax *s);
bool plan_matches(const struct plan *p, str text);
