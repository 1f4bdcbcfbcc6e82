/*
 * The linter of schemas, inside. Every subschema is visited once (schema.c); each check is a
 * file: what contradicts itself (clash.c, impossible.c), alternatives (branches.c), what lets
 * too much through (loose.c, patterns.c), and words (words.c).
 */
#pragma once

#include "scan/scan.h"

/* What a subschema is for, where it stands. */
enum position {
    DECLARES, /* it says what a value is: the root, properties, items */
    BRANCH, /* it adds to the schema that holds it: allOf, anyOf, then */
    TESTS, /* it only asks: if, not, contains, propertyNames */
    DEFINES, /* it waits to be referred to */
};

enum rule_name {
    RULE_UNSATISFIABLE,
    RULE_CONTRADICTION,
    RULE_IMPOSSIBLE_VALUE,
    RULE_DEAD_BRANCH,
    RULE_OVERLAP,
    RULE_MISSPELT,
    RULE_REF_SIBLINGS,
    RULE_FORMAT_UNKNOWN,
    RULE_OPEN_OBJECT,
    RULE_ANY_VALUE,
    RULE_PATTERN_UNANCHORED,
    RULE_PATTERN_AMBIGUOUS,
    RULE_PATTERN_PERMISSIVE,
    RULE_STRING_UNBOUNDED,
    RULE_ARRAY_UNBOUNDED,
    RULE_KEYWORD_IDLE,
    RULE_NUMBER_UNBOUNDED,
    RULE_NUMBER_INTEGER,
    RULE_DEFINITION_UNUSED,
};

struct linter {
    const struct scanned_schema *schema;
    struct findings *findings;
    unsigned draft; /* 4, 6, 7, 2019 or 2020 */
    bool own_ids; /* some subschema has an $id: references can't be followed by pointer alone */
    size_t hard; /* findings so far that are proven to make a value impossible */
};

struct visit {
    const struct json *schema; /* an object */
    const struct visit *up; /* the schema that holds it, or NULL */
    enum position position;
    const char *keyword; /* of `up`, in which it stands */
    str name; /* the member's name in there; empty for an item */
    uint32_t index;
    bool is_member, is_item; /* what tells it from others under the keyword: name, index */
    bool closed_elsewhere; /* it is a part of an object that something else closes */
};

/* A finding at a value of the schema, inside the visited subschema. */
struct finding *lint_add(struct linter *l, const struct visit *v, enum rule_name rule,
                         const struct json *at, const char *format, ...) PRINTF_LIKE(5, 6);
/* The same at an offset; for names, which are no values. */
struct finding *lint_add_at(struct linter *l, const struct visit *v, enum rule_name rule,
                            uint32_t at, const char *format, ...) PRINTF_LIKE(5, 6);
void lint_relate(struct linter *l, struct finding *to, const struct json *at,
                 const char *message);

/* The checks: each of one visited subschema, after those inside it. */
void lint_clash(struct linter *l, const struct visit *v);
void lint_impossible(struct linter *l, const struct visit *v, size_t hard_before);
void lint_branches(struct linter *l, const struct visit *v);
void lint_loose(struct linter *l, const struct visit *v);
void lint_patterns(struct linter *l, const struct visit *v);
void lint_words(struct linter *l, const struct visit *v);
void lint_definitions(struct linter *l); /* of the whole schema */

/* ---- kinds of values (kinds.c) ---- */

enum {
    K_NULL = 1,
    K_BOOLEAN = 2,
    K_FRACTION = 4, /* numbers that are no integers */
    K_INTEGER = 8,
    K_NUMBER = K_FRACTION | K_INTEGER,
    K_STRING = 16,
    K_ARRAY = 32,
    K_OBJECT = 64,
    K_ALL = 127,
};

unsigned kind_of(const struct json *value);
/* What `type` allows; K_ALL without one, or with one that is not understood. */
unsigned kinds_of_type(const struct json *schema);
const char *kinds_name(unsigned kinds); /* of one kind, or of numbers */
/* What a keyword speaks of, K_ALL for all values, 0 when it is no assertion that is known. */
unsigned kinds_of_keyword(str name);

/* ---- reading schemas (schema.c, reach.c) ---- */

bool lint_has(const struct json *schema, const char *keyword);

/* The schema that the $ref of `schema` leads to inside this document, or NULL. */
const struct json *lint_target(const struct linter *l, const struct json *schema);
/* Whether the keywords beside $ref count: not in draft 7 and older. */
bool lint_has_siblings(const struct linter *l, const struct json *schema);
/* `const`, which draft 4 does not know. */
const struct json *lint_const(const struct linter *l, const struct json *schema);
/* A number that a keyword has; false without one. */
bool lint_number(const struct json *schema, const char *keyword, double *ret);
/* How a keyword holds subschemas. */
enum holding { HOLDS_NONE, HOLDS_ONE, HOLDS_LIST, HOLDS_MAP, HOLDS_ONE_OR_LIST };
enum holding lint_holding(str keyword, enum position *position);

/* ---- proofs ---- */

/* All of these must hold at once. */
enum { CONJUNCTS_MAX = 48, CHOICES_MAX = 4 };
struct conjunction {
    const struct json *list[CONJUNCTS_MAX];
    size_t count;
    const struct json *chosen[CHOICES_MAX]; /* alternatives of which one is in the list */
    size_t chosen_count;
};

struct proof {
    const struct linter *linter;
    unsigned steps; /* left; without any, nothing is proven */
    unsigned depth;
    char why[200]; /* of the last thing that was found impossible */
};

enum { PROOF_STEPS = 4000, PROOF_DEPTH = 12 };

void conjunction_add(struct proof *p, struct conjunction *c, const struct json *schema);
/* The kinds of values that may satisfy them all: 0 is proof that none does. */
unsigned conjunction_kinds(struct proof *p, const struct conjunction *c);

enum verdict { NO, YES, UNKNOWN };
/* Whether a schema holds for a value; UNKNOWN wherever that is not certain. */
enum verdict lint_holds(struct proof *p, const struct json *schema, const struct json *value);
enum verdict lint_equal(const struct json *a, const struct json *b);
