/*
 * pattern: regular expressions of ECMA-262 with the u flag, matched in bounded time.
 *
 * A pattern is a constraint of a contract, and the text comes from a stranger: matching never
 * takes longer than the work that it is given, and what could not be decided within it is
 * neither a match nor the lack of one. The caller has to refuse it, also under a negation.
 *
 * Patterns without references to groups take time in proportion to the text, looks ahead and
 * behind included. Nothing here makes machine code, so a process that may no longer map
 * executable memory can compile and match.
 */
#pragma once

#include "base/base.h"

struct pattern;

/* Longest text of a pattern, in bytes. */
enum { PATTERN_TEXT_MAX = 64 << 10 };

enum pattern_verdict { PATTERN_FAILS, PATTERN_HOLDS, PATTERN_UNDECIDED };

/*
 * Reads and checks `text`. Its matcher is made by the first match, or ahead by
 * pattern_prepare(), which takes some microseconds. ERR_INPUT for a text that is no pattern.
 */
bool pattern_compile(str text, struct pattern **ret, struct err *e) MUST_USE;
/*
 * Takes as well what people write although the u flag forbids it, where it has one meaning
 * without the flag: a backslash before what needs none, a bracket or brace that closes nothing,
 * a hyphen behind a set as in [\w-.].
 */
bool pattern_compile_loose(str text, struct pattern **ret, struct err *e) MUST_USE;
bool pattern_prepare(struct pattern *p, struct err *e) MUST_USE;
void pattern_free(struct pattern *p);

/*
 * Whether `p` matches anywhere in `text`, as RegExp.prototype.test() does. `work` is what the
 * caller has left to spend, about a nanosecond each; what was used beyond the ordinary pace of
 * a nanosecond or two for a byte is taken off it. Bytes that are no UTF-8 are undecided.
 * Matching changes what the pattern remembers, so only one thread at a time may use it.
 */
enum pattern_verdict pattern_match(struct pattern *p, str text, uint64_t *work);

/* What can be said about a pattern without a text, for linters. */
struct pattern_facts {
    bool anchored_start, anchored_end; /* every match begins (ends) where the text does */
    bool linear; /* decided in time in proportion to the text */
    bool ambiguous; /* loops in loops, in more than one way: other matchers explode */
    bool bounded; /* no match is longer than `longest` code points */
    uint64_t longest;
    str prefix; /* ASCII that every match begins with; belongs to the pattern */
};
struct pattern_facts pattern_facts(struct pattern *p);

/*
 * Appends a text in which the pattern matches, by way of its syntax: `draw` gives the choices,
 * each below what it is asked for. At most `longest` bytes or so. Looks and word borders are not
 * taken into account: ask pattern_match() whether it did.
 */
struct pattern_draw {
    uint32_t (*draw)(void *self, uint32_t below);
    void *self;
};
void pattern_example(const struct pattern *p, const struct pattern_draw *draw, size_t longest,
                     struct buf *out);
