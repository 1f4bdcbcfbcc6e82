/* What the reader's files share. Private to the room. */
#pragma once

#include "json/json.h"

struct reader {
    struct arena *a;
    const char *start, *p, *end;
    const struct json_limits *limits;
    struct err *e;
    size_t values;
    unsigned depth;
    /*
     * Children of the open containers, each container's node followed by its children so far;
     * closing one moves them to the arena in one piece. `open` is the offset of the innermost
     * open node, whose `text.len` holds the offset of the one around it.
     */
    char *stack;
    size_t used, cap, open;
    bool stack_is_ours;
};

/* From the opening quote at r->p to behind the closing one. */
bool json_read_string(struct reader *r, str *ret, enum json_hint *hint) MUST_USE;
bool json_read_number(struct reader *r, str *ret, enum json_hint *hint) MUST_USE;
/* Fails at the second of two equal names. */
bool json_names_unique(struct reader *r, const struct json_member *members, size_t n) MUST_USE;

/* The error path: each returns false. `at` is where in the text. */
bool json_fail(struct reader *r, const char *at, const char *format, ...) PRINTF_LIKE(3, 4);
bool json_fail_limit(struct reader *r, const char *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* "expected <what> but found <the byte at `at`>", with a fix for a mistake that is known. */
bool json_fail_expected(struct reader *r, const char *at, const char *what);
