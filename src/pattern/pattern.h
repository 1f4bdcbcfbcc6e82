/*
 * pattern: regular expressions of ECMA-262 with the u flag, matched in bounded time.
 *
 * A pattern is a constraint of a contract, and the text comes from a stranger: matching never
 * takes longer than the work that it is given, and what could not be decided within it is
 * neither a match nor the lack of one. The caller has to refuse it, also under a negation.
 */
#pragma once

#include "base/base.h"

struct pattern;

/* Longest text of a pattern, in bytes. */
enum { PATTERN_TEXT_MAX = 64 << 10 };

enum pattern_verdict { PATTERN_FAILS, PATTERN_HOLDS, PATTERN_UNDECIDED };

/*
 * Reads and checks `text`, which is copied. ERR_INPUT for a text that is no pattern.
 */
bool pattern_compile(str text, struct pattern **ret, struct err *e) MUST_USE;
void pattern_free(struct pattern *p);

/*
 * Whether `p` matches anywhere in `text`, as RegExp.prototype.test() does. `work` is what the
 * caller has left to spend, about a nanosecond each; what was used beyond the ordinary pace is
 * taken off it. Bytes that are no UTF-8 are undecided. Matching changes what the pattern keeps,
 * so only one thread at a time may use it.
 */
enum pattern_verdict pattern_match(struct pattern *p, str text, uint64_t *work);
