/* A pattern as a tree, and what the files of its reader share. Private to the room. */
#pragma once

#include "pattern/pattern.h"

enum { DEPTH_MAX = 200, GROUPS_MAX = 1000, LOOKS_MAX = 100 };
#define ENDLESS UINT32_MAX

/* ---- sets of code points: sorted, apart, no surrogates ---- */

struct range {
    uint32_t from, to;
};
struct set {
    const struct range *ranges;
    uint32_t count;
};

bool set_has(const struct set *s, uint32_t c);
bool set_overlaps(const struct set *a, const struct set *b);
bool set_is_one(const struct set *s); /* a single code point */
/* Builds a set from ranges in any order. `pile` holds struct range one behind another. */
void set_pile_add(struct buf *pile, uint32_t from, uint32_t to);
void set_pile_add_all(struct buf *pile, const struct set *s, bool inverted);
const struct set *set_build(struct arena *a, struct buf *pile, bool inverted) MUST_USE;

/* ---- the tree ---- */

enum node_kind {
    NODE_SET, /* one code point of it */
    NODE_ALL, /* its children, one behind another; without any, nothing */
    NODE_ANY, /* one of its children */
    NODE_REPEAT,
    NODE_GROUP, /* that captures */
    NODE_START,
    NODE_END,
    NODE_WORD, /* \b, or \B */
    NODE_LOOK,
    NODE_REFERENCE,
};

struct node {
    enum node_kind kind;
    struct node *next, *previous; /* among its parent's children */
    struct node *children, *last;
    const struct set *set;
    uint32_t least, most; /* NODE_REPEAT; most may be ENDLESS */
    bool lazy, behind, negative;
    unsigned group; /* NODE_GROUP, NODE_REFERENCE; from 1 */
    unsigned groups_from, groups_to; /* NODE_REPEAT: which it holds, to forget in each round */
    unsigned look; /* NODE_LOOK; inner ones have smaller numbers */
    bool decided; /* NODE_LOOK at the start of the text, which is asked apart */
};

struct syntax {
    struct node *root;
    unsigned groups, looks;
    bool refers; /* to a group */
};

/* `a` gets the tree. */
bool pattern_read(struct arena *a, str text, bool loose, struct syntax *ret,
                  struct err *e) MUST_USE;

/* ---- the reader ---- */

struct reader {
    struct arena *a;
    str in;
    size_t at;
    bool loose; /* what the u flag forbids, but has one meaning without it */
    struct err *e;
    struct syntax syntax;
    unsigned depth, opened;
    str names[GROUPS_MAX + 1];
};

bool read_fail(struct reader *r, const char *format, ...) PRINTF_LIKE(2, 3);
char read_peek(const struct reader *r);
bool read_take(struct reader *r, const char *text);
/* The code point at hand, which is not the end, and behind it. */
bool read_point(struct reader *r, uint32_t *ret) MUST_USE;
struct node *read_node(struct reader *r, enum node_kind kind) MUST_USE;

/* From a backslash, outside a class; and from '[' to behind its ']'. NULL has set r->e. */
struct node *read_escape(struct reader *r) MUST_USE;
struct node *read_class(struct reader *r) MUST_USE;
struct node *read_set_node(struct reader *r, struct buf *pile, bool inverted) MUST_USE;

/* What stands in \p{...}; false when ECMA-262 knows nothing of that name. */
bool unicode_property(str name, struct set *ret) MUST_USE;
