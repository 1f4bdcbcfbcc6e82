/* A value being walked along the graph of cleaning. Private to the room. */
#pragma once

#include "schema/clean.h"

/* How much may be looked at in all where branches are tried: values, and the validator's steps. */
#define CLEAN_STEPS_MAX 4000000ull

struct set { /* the subschemas that speak of one value */
    const struct clean_node *list[CLEAN_TOGETHER_MAX];
    uint32_t count;
    bool acts;
    const struct set *around; /* of a branch: what holds for the value whatever the branch */
};

struct where { /* where the walk is */
    const struct where *up;
    str name; /* name.at is NULL: an item */
    uint32_t index;
};

struct walk {
    const struct schema_cleaner *c;
    struct arena *a;
    struct schema_cleaned *ret;
    unsigned depth;
    uint64_t work, steps;
};

/* ---- clean_tell.c ---- */

void clean_changed(struct walk *w, const struct where *at, const char *rule);
void clean_refuse(struct walk *w, const struct where *at, const char *keyword, const char *why);
bool clean_too_large(struct walk *w, const struct where *at); /* false */

/* ---- clean_string.c, clean_run.c, clean_decide.c ---- */

/* Each is true when the value is changed; *ret is then what it has become. */
bool clean_string(struct walk *w, const struct set *s, const struct where *at,
                  const struct json *v, struct json *ret);
bool clean_value(struct walk *w, const struct set *s, const struct where *at,
                 const struct json *v, struct json *ret);
/* What the branches of the subschemas ask for. */
bool clean_branches(struct walk *w, const struct set *s, const struct where *at,
                    const struct json *v, struct json *ret);
/* False when too many subschemas speak of one value. */
bool clean_add_nodes(struct set *s, const struct clean_node *n) MUST_USE;
