/*
 * The compiled form of a schema, shared by compiler and runner. Private to the room.
 *
 * A subschema is a block: the kinds of value it accepts and a run of steps, cheap ones first.
 * A step holds one keyword's operands and points to its operation. Blocks point to one
 * another; nothing of the schema's text is looked up while events are checked.
 */
#pragma once

#include "pattern/pattern.h"
#include "schema/schema.h"

/* UNDECIDED means that a budget ran out. It ends the whole evaluation, whatever stands
 * around it, so that an event is rejected and never accepted for want of time. */
enum verdict { FAILS, HOLDS, UNDECIDED };

#define KIND(kind) (1u << (kind))
enum {
    BOOLEANS = KIND(JSON_FALSE) | KIND(JSON_TRUE),
    CONTAINERS = KIND(JSON_ARRAY) | KIND(JSON_OBJECT),
    ALL_KINDS = 0x7f,
};

/* ---- numbers: 0.DIGITS times ten to the `point`, exact, as they stand in the text ---- */

struct decimal {
    bool negative;
    str whole, fraction; /* the digits, without zeros at either end; none for zero */
    size_t digits;
    int64_t point;
};

/* Strictly as RFC 8259 writes numbers. False also for an exponent past 10^18. */
bool decimal_read(str text, struct decimal *ret) MUST_USE;
/* The digit at `i` from the first that is not zero; 0 behind the last. */
unsigned decimal_digit(const struct decimal *d, size_t i);
int decimal_compare(const struct decimal *a, const struct decimal *b);
bool decimal_is_whole(const struct decimal *d);
/* Up to DIVISOR_DIGITS in `divisor`, which is not zero. */
enum { DIVISOR_DIGITS = 18 };
bool decimal_is_multiple(const struct decimal *d, const struct decimal *divisor);
uint64_t decimal_hash(const struct decimal *d, uint64_t seed);

/* ---- names: a fixed set of strings, found by hash ---- */

#define NOT_FOUND UINT32_MAX
struct names {
    const str *list;
    uint32_t *slots; /* index + 1, or 0 */
    uint32_t count, mask;
    uint64_t seed;
};

/* `list` stays; of equal names the first is found. */
bool names_build(struct arena *a, const str *list, uint32_t count, uint64_t seed,
                 struct names *ret) MUST_USE;
uint32_t names_find(const struct names *n, str name);

/* ---- the program ---- */

struct run {
    const struct schema *schema;
    unsigned depth;
    uint64_t blocks_left;
    uint64_t pattern_work_left;
};

struct block {
    const struct json *source;
    const struct step *steps;
    uint32_t count;
    unsigned kinds; /* what `type` leaves; 0 is the schema `false` */
    bool whole; /* numbers must be integers */
    bool whole_as_written; /* as draft 4 has it: 1.0 is none */
    /* While compiling: */
    struct block *next;
    uint32_t index;
};

struct property {
    const struct block *block; /* NULL when the name is only required */
    bool required;
};

struct pattern_property {
    struct pattern *pattern;
    const struct block *block;
};

struct object_rules {
    struct names names;
    const struct property *properties; /* by index of the name */
    uint32_t required;
    uint32_t pattern_count;
    const struct pattern_property *patterns;
    const struct block *others; /* additionalProperties, or NULL */
    const struct block *name_block; /* propertyNames, or NULL */
};

struct array_rules {
    const struct block *const *prefix;
    uint32_t prefix_count;
    const struct block *items, *contains; /* or NULL */
    uint64_t least, most; /* items that `contains` holds for */
};

struct value_set {
    struct names strings;
    unsigned kinds; /* of null, false and true: which are in it */
    const struct json *const *others;
    uint32_t other_count;
};

struct dependency {
    str name;
    const str *needs;
    uint32_t need_count;
};

struct step {
    const struct op *op;
    const struct json *source; /* the keyword's value */
    const struct block *const *blocks; /* that judge the same value */
    uint32_t block_count;
    union {
        uint64_t count;
        const struct decimal *bound;
        const struct value_set *values;
        const struct object_rules *object;
        const struct array_rules *array;
        const struct dependency *dependency;
        struct pattern *pattern;
    };
};

struct report;

struct op {
    const char *keyword;
    unsigned rank; /* cheap ones first */
    unsigned kinds; /* the values it says something about */
    enum verdict (*run)(struct run *, const struct step *, const struct json *);
    /* Names the problems of a value that `run` refused, or finds out itself when
     * `explains_itself`. NULL: `why`, followed by the operand, says it all. */
    void (*explain)(struct report *, const struct step *, const struct json *);
    bool explains_itself;
    const char *why, *unit;
};

struct schema {
    const struct json *source;
    const struct block *root;
    struct pattern_list *patterns;
    uint64_t seed;
};

struct run run_start(const struct schema *s);
enum verdict run_block(struct run *r, const struct block *b, const struct json *v);
/* Whether the value has the type that the block wants. */
bool run_has_type(const struct block *b, const struct json *v);
/* False when the event has used up what it may cost. */
bool run_enter(struct run *r) MUST_USE;
void run_leave(struct run *r);
/* Exact equality of JSON Schema: 1 and 1.0 are equal, so are members in another order. */
enum verdict run_equal(const struct json *a, const struct json *b);

/* ---- patterns ---- */

/* What the schema frees at its end. */
struct pattern_list {
    struct pattern_list *next;
    struct pattern *pattern;
};
enum verdict run_pattern_on(struct run *r, struct pattern *p, str text);
