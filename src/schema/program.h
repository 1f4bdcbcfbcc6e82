/*
 * The compiled form: one piece of memory without a pointer in it, which can be written to a
 * file and mapped again. Offsets are bytes from its beginning. Private to the room.
 *
 * A block is a subschema. For each kind of value it names the code that judges it, where FAIL
 * and PASS need no code: which keyword speaks of which kind is settled while compiling. Code is
 * a run of instructions that all must hold, cheap ones first. Beside its code a block has its
 * clauses, one for each keyword, for the second pass that tells what is wrong.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"
#include "schema/number.h"
#include "schema/schema.h"

enum { FAIL, PASS }; /* in place of code */

/* Kinds of values are JSON's own, and numbers that are integers as they are written. */
enum { WHOLE = JSON_OBJECT + 1, KINDS };
#define KIND(kind) (1u << (kind))
enum {
    BOOLEANS = KIND(JSON_FALSE) | KIND(JSON_TRUE),
    NUMBERS = KIND(JSON_NUMBER) | KIND(WHOLE),
    STRINGS = KIND(JSON_STRING),
    ARRAYS = KIND(JSON_ARRAY),
    OBJECTS = KIND(JSON_OBJECT),
    CONTAINERS = ARRAYS | OBJECTS,
    ALL_KINDS = (1 << KINDS) - 1,
};

/* In the order in which they are done: what is cheap and often decides comes first. */
enum op {
    OP_TRUE, /* only while compiling, as the next two */
    OP_FALSE,
    OP_AND,
    OP_WHOLE,
    OP_WHOLE_AS_WRITTEN,
    OP_COUNT, /* a, b: least and most items or members */
    OP_MEMBER, /* a: struct property, looked up by itself */
    OP_STRING, /* a, b: the one text */
    OP_STRINGS, /* a: struct table of keys */
    OP_BOUND, /* a: struct bound */
    OP_LENGTH, /* a, b: least and most characters */
    OP_VALUES, /* a: constants, b of them; past FEW_VALUES in the order of their hashes */
    OP_MULTIPLE, /* a: struct bound */
    OP_NEEDS, /* a: keys, b of them; the first needs the rest */
    OP_SHAPE, /* a: struct shape_test */
    OP_ITEMS, /* a: block, b: the first item that it is for */
    OP_TUPLE, /* a: blocks, b of them */
    OP_MAP, /* a: block */
    OP_OBJECT, /* a: struct object */
    OP_OBJECT_WIDE, /* the same, where it has patterns or looks at names */
    OP_CALL, /* a: code */
    OP_SWITCH, /* a: struct choice */
    OP_WHEN, /* a: key, b: block */
    OP_NOT, /* a: code */
    OP_IF, /* a, b, c: code */
    OP_ANY, /* a: codes, b of them */
    OP_ONE,
    OP_PATTERN, /* a: its number */
    OP_FORMAT, /* a: its number */
    OP_CONTAINS, /* a: block, b, c: least and most */
    OP_UNIQUE,
    OP_UNEVALUATED_ITEMS, /* a: the block that it stands in, b: the block to apply */
    OP_UNEVALUATED_PROPERTIES,
};

struct instruction {
    uint16_t op, last; /* last: no other follows */
    uint32_t a, b, c;
};

struct span {
    uint32_t at, len;
};

/* A name, with what tells it from nearly all others in front. */
struct key {
    uint32_t hash, unused;
    struct json_ends ends;
    struct span name;
};

/* Keys by their hash: each slot holds where one is, or 0. */
struct table {
    uint32_t slots, mask;
    uint32_t list, count;
};

struct block {
    uint32_t entry[KINDS];
    uint32_t clauses, count;
    struct span uri, pointer; /* where it stands: the resource, and the way in it */
};

struct property {
    struct key key;
    uint32_t required; /* 0 or 1 */
    uint32_t block; /* 0: it is only required */
    uint32_t keyword; /* that the block belongs to */
    uint32_t entry[KINDS]; /* the block's */
};

/* Which of several schemas is meant, by the text that one member has. */
struct choice {
    struct key member;
    struct table texts; /* of struct branch */
};

struct branch {
    struct key text;
    uint32_t code;
};

struct pattern_property {
    uint32_t code; /* for the name */
    uint32_t shape; /* that is all of the code, or 0 */
    uint32_t block;
    struct span text;
};

struct object {
    struct table properties;
    uint32_t required; /* how many are */
    uint32_t others, others_keyword; /* a block, or 0 */
    uint32_t others_block; /* the same, 0 when it lets everything pass */
    uint32_t names; /* a block for the names, or 0 */
    uint32_t patterns, pattern_count;
};

enum bound_side { AT_MOST, BELOW, AT_LEAST, ABOVE };
struct bound {
    int64_t whole;
    struct divisor divisor; /* of OP_MULTIPLE */
    uint32_t is_whole; /* `whole` is it */
    uint32_t side;
    struct span text;
};

/* A value of enum or const. The kind is WHOLE for an integer as it is written, but for -0:
 * of two such numbers their texts decide. */
enum { FEW_VALUES = 8 }; /* that are compared one by one */
struct constant {
    uint32_t kind, count;
    uint32_t hash, unused; /* value_hash(), of one among many */
    struct span text;
    uint32_t children; /* constants, count of them */
    struct table members; /* of an object: keys in the order of the children */
};

/* A pattern that needs no matcher: runs of characters, each as long as it can be. */
enum { RUNS_MAX = 24 };
struct run_of {
    uint32_t least, most;
    uint8_t set[16]; /* of ASCII */
    uint32_t others; /* whether all others are in it: 1, without the line separators: 2 */
};
enum shape_place { FROM_START, AT_END, ANYWHERE };
struct shape_test {
    uint32_t count;
    uint32_t anchored_end;
    uint32_t place; /* but from the start there is nothing behind the prefix */
    struct span prefix; /* before the runs */
    struct run_of runs[];
};

enum say {
    SAY_TEST,
    SAY_TYPE, /* a: kinds, b: 1 when numbers must be whole */
    SAY_FALSE,
    SAY_ALL, /* a: blocks, b of them, c: they are a list */
    SAY_ANY,
    SAY_ONE,
    SAY_IF, /* a: three blocks */
    SAY_OBJECT, /* a: struct object */
    SAY_ARRAY, /* a: blocks of the first b items, c: block of the rest */
    SAY_CONTAINS, /* a: block, b, c: least and most */
    SAY_NEEDS, /* a: keys, b of them */
    SAY_WHEN, /* a: key, b: block */
    SAY_UNEVALUATED_ITEMS, /* a: block */
    SAY_UNEVALUATED_PROPERTIES,
};

struct clause {
    uint32_t entry[KINDS]; /* code of this keyword alone */
    uint16_t say, keyword;
    uint32_t rest_keyword; /* of SAY_ARRAY's c; of SAY_CONTAINS whether it marks items */
    uint32_t a, b, c;
    struct span operand; /* as a number stands in the schema */
};

/* ---- the whole ---- */

/* To be raised with every change of what this file or the table of keywords says. */
enum { PROGRAM_VERSION = 2 };
#define PROGRAM_MAGIC "fnschema"

struct program {
    char magic[8]; /* without a NUL */
    uint32_t version, size;
    uint64_t sum; /* of what follows */
    uint32_t root;
    uint32_t patterns, pattern_count; /* spans */
    uint32_t formats, format_count;
};

/* Of all that stands behind it. Against damage, not against malice. */
uint64_t program_sum(str program);
