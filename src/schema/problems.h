/* Collecting what is wrong with a value. Private to the room. */
#pragma once

#include "schema/keyword.h"
#include "schema/run.h"

/* The way down to the value at hand, a link on the stack for each step. */
struct trail {
    const struct trail *up;
    const str *name; /* NULL: the item `index` */
    uint32_t index;
};

/* The way through the schema to the block at hand: a keyword, and what it names in itself. */
struct way {
    const struct way *up;
    const char *keyword;
    str name; /* `at` is NULL: the item `index`, or nothing when that is NOWHERE */
    uint32_t index;
};
#define NOWHERE UINT32_MAX

struct noted {
    uint32_t at, number; /* where, and as which it was found */
    struct schema_problem problem;
};

struct report {
    struct run run;
    struct arena *a;
    const struct trail *trail;
    const struct way *way;
    const struct block *block;
    struct noted *list;
    size_t count, max;
};

/* One problem of the value at hand, which begins at `at`; `keyword` is one of the block. */
void report_note(struct report *p, uint32_t at, const char *keyword, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* A problem that stands for not knowing. */
void report_undecided(struct report *p, uint32_t at, const char *keyword);
/* Marks what was noted since there were `before` as undecided. */
void report_mark_undecided(struct report *p, size_t before);
void report_block(struct report *p, struct way way, uint32_t block, const struct json *v);
/* The same for a part of the value at hand. */
void report_member(struct report *p, struct way way, uint32_t block,
                   const struct json_member *m);
void report_item(struct report *p, struct way way, uint32_t block, const struct json *v,
                 uint32_t i);
/* Whether the code holds; what could not be decided is a problem of its own. */
enum verdict report_test(struct report *p, uint32_t code, const struct json *v,
                         const char *keyword);
/* What is wrong where one sentence with the operand does not tell. */
void explain_clause(struct report *p, const struct clause *c, const struct json *v);
const char *clause_keyword(const struct clause *c);
