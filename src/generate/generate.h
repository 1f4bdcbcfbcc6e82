/*
 * generate: documents out of a JSON Schema: valid, almost valid and hostile ones; and smaller
 * ones that still do what a larger one did.
 *
 * Pure: the same seed gives the same documents. Recursion ends, sizes are bounded. References
 * within the schema are followed; what can't be made on purpose (`not`, `unevaluated*`, looks in
 * patterns) is left to luck, and to the validator, which has the last word on every document.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

struct generate_schema {
    const struct json *source; /* of the schema */
    /* Whether a document is valid. */
    bool (*valid)(void *self, const struct json *document);
    void *self;
};

/* A stream of numbers from a seed, which is its first state. */
struct generate_random {
    uint64_t state;
};
uint64_t generate_next(struct generate_random *r);
/* Below `below`, which is not 0. */
uint32_t generate_below(struct generate_random *r, uint32_t below);

enum generate_kind {
    GENERATE_VALID,
    GENERATE_ALMOST, /* one keyword is broken at one place */
    GENERATE_HOSTILE, /* something that attacks who handles it carelessly; may be valid */
    GENERATE_KINDS,
};

struct generated {
    const struct json *document;
    str raw; /* text to send instead: what no tree can hold, such as a name twice */
    bool valid;
    const char *what; /* "minLength", "SQL"; NULL for a valid one */
    str where; /* JSON Pointer: the place of that */
};

/* False when none could be made: `a` is full, or the schema wants too much. */
bool generate_document(struct arena *a, const struct generate_schema *s,
                       struct generate_random *r, enum generate_kind kind,
                       struct generated *ret) MUST_USE;

struct generate_still {
    bool (*holds)(void *self, const struct json *document); /* whether it still does it */
    void *self;
    unsigned calls; /* how often it may be asked at most */
};
/* Leaves out members and items, shortens texts, simplifies values, for as long as it helps. The
 * document itself when nothing can be left out. */
const struct json *generate_smaller(struct arena *a, const struct json *document,
                                    struct generate_still *still);
