/* What the files of this room share. */
#pragma once

#include "generate/generate.h"

enum {
    FACETS_MAX = 48,
    DEPTH_SPARE = 4, /* from here on only what must be */
    DEPTH_MAX = 24,
    NODES_MAX = 3000,
    TEXT_LONGEST = 4096, /* of what is made on purpose */
};

/* A document being made. */
struct maker {
    struct arena *a;
    const struct json *root;
    struct generate_random *random;
    unsigned depth, nodes;
    str where; /* the place at hand, a JSON Pointer */
    /* The value to be broken, by its number in the order of making; 0: none. */
    unsigned break_at;
    const char *broken; /* the keyword, once it is */
    str broken_where;
};

uint32_t draw(struct maker *m, uint32_t below);

/* ---- schemas (facets.c) ---- */

/* All the schemas that speak of one value at once, conjunctions resolved, choices made. */
struct facets {
    const struct json *list[FACETS_MAX];
    unsigned count;
};
/* False when nothing can satisfy it, or it goes too deep. */
bool facets_add(struct maker *m, struct facets *f, const struct json *schema,
                unsigned depth) MUST_USE;
/* The first that has the keyword. */
const struct json *facets_get(const struct facets *f, const char *keyword);
bool facets_number(const struct facets *f, const char *keyword, bool largest, double *ret);
/* Bounds of a length or count; `most` is SIZE_MAX without one. */
void facets_bounds(const struct facets *f, const char *least_keyword, const char *most_keyword,
                   size_t *least, size_t *most);

/* ---- kinds of values ---- */

enum type {
    TYPE_NULL = 1,
    TYPE_BOOLEAN = 2,
    TYPE_INTEGER = 4,
    TYPE_NUMBER = 8,
    TYPE_STRING = 16,
    TYPE_ARRAY = 32,
    TYPE_OBJECT = 64,
    TYPE_ALL = 127,
};
unsigned types_of(const struct facets *f); /* a set of them */

bool make_value(struct maker *m, const struct json *const *schemas, unsigned count,
                struct json *ret) MUST_USE;
bool make_of_type(struct maker *m, const struct facets *f, enum type type,
                  struct json *ret) MUST_USE;
bool make_number(struct maker *m, const struct facets *f, bool integer,
                 struct json *ret) MUST_USE;
bool make_text(struct maker *m, const struct facets *f, struct json *ret) MUST_USE;
bool make_array(struct maker *m, const struct facets *f, struct json *ret) MUST_USE;
bool make_object(struct maker *m, const struct facets *f, struct json *ret) MUST_USE;
/* Breaks one keyword of the value at hand; false when it has none that can be broken. */
bool break_value(struct maker *m, const struct facets *f, struct json *value);

bool set_text(struct maker *m, enum json_kind kind, str text, struct json *ret) MUST_USE;
/* "" for a format that has no examples. */
str format_example(struct maker *m, str format);
/* A text that matches, by the pattern's syntax; false when there is none, or it is no pattern. */
bool pattern_text(struct maker *m, str pattern, size_t longest, str *ret) MUST_USE;
bool matches(str pattern, str text);

/* ---- trees (tree.c): values are numbered from 0 in the order of the text ---- */

size_t tree_size(const struct json *v);
const struct json *tree_at(struct arena *a, const struct json *v, size_t n, str *where);
/* A copy with `value` in the place of the n-th; NULL leaves the member or item out. Shares what
 * it does not change. */
bool tree_with(struct arena *a, const struct json *v, size_t n, const struct json *value,
               struct json *ret) MUST_USE;

bool hostile_document(struct arena *a, const struct generate_schema *s,
                      struct generate_random *r, const struct json *valid,
                      struct generated *ret) MUST_USE;
