/* Collecting what is wrong with a value. Private to the room. */
#pragma once

#include "schema/program.h"

/* The way down to the value at hand, a link on the stack for each step. */
struct trail {
    const struct trail *up;
    const str *name; /* NULL: the item `index` */
    uint32_t index;
};

struct noted {
    uint32_t at, number; /* where, and as which it was found */
    struct schema_problem problem;
};

struct report {
    struct run run;
    struct arena *a;
    const struct trail *trail;
    struct noted *list;
    size_t count, max;
};

/* One problem of the value at hand, which begins at `at`. */
void report_note(struct report *p, uint32_t at, const char *keyword, const char *format, ...)
    PRINTF_LIKE(4, 5);
void report_block(struct report *p, const struct block *b, const struct json *v);
/* The same for a part of the value at hand. */
void report_member(struct report *p, const struct block *b, const struct json_member *m);
void report_item(struct report *p, const struct block *b, const struct json *v, uint32_t i);
/* What the runner could not decide is a problem of its own. */
void report_undecided(struct report *p, const struct json *v, const char *keyword);
