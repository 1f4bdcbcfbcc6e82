/* From a schema's JSON to blocks and steps. Private to the room. */
#pragma once

#include "schema/ops.h"

/* In the order of their age; the public enum has another. */
enum dialect { DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020 };

struct anchor {
    struct anchor *next;
    str name;
    const struct json *schema;
};

/* A $ref that waits until all anchors are known. */
struct pending {
    struct pending *next;
    str anchor;
    const struct json *source;
    const struct block **target;
};

struct compiler {
    struct arena *a;
    struct schema *schema;
    const struct json *source;
    const struct schema_options *options;
    enum dialect dialect;
    struct err *e;
    uint32_t *offset;
    struct block **table; /* by the address of a block's source */
    uint32_t mask, blocks;
    struct block *first, *last; /* all blocks, in the order in which they are compiled */
    struct anchor *anchors;
    struct pending *pending;
};

/* One subschema while its keywords are read. */
struct site {
    struct compiler *c;
    const struct json *schema;
    struct block *block;
    struct step *steps;
    uint32_t count;
    bool object_done, array_done;
};

struct keyword {
    const char *name;
    enum shape {
        ANYTHING,
        BOOLEAN,
        COUNT_SHAPE,
        NUMBER,
        DIVISOR,
        STRING,
        NAMES,
        NAMES_BY_NAME,
        TYPES,
        VALUES,
        SCHEMA,
        SCHEMAS,
        SCHEMAS_BY_NAME,
        REFUSED, /* not enforced by this version; `fix` says what to do */
    } shape;
    enum dialect since;
    /* NULL: an annotation, which asserts nothing. */
    bool (*add)(struct site *s, const struct keyword *k, const struct json *value);
    const struct op *op;
    const char *fix;
};

/* The row of a keyword; NULL when there is none. */
const struct keyword *keyword_find(str name);
const char *keyword_nearest(str name);

/* Whether the value may stand behind the keyword. */
bool shape_check(struct compiler *c, const struct keyword *k,
                 const struct json *value) MUST_USE;
bool shape_is_schema(const struct json *v);

/* Sets the error: "<words> (at #/pointer)", and the offset. Returns false. */
bool compile_fail(struct compiler *c, const struct json *at, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The block of a subschema, queued to be compiled when it is new. NULL without memory. */
struct block *compile_block(struct compiler *c, const struct json *source);
/* Room for another step of the site's block; there always is. */
struct step *compile_step(struct site *s, const struct op *op, const struct json *source);
bool compile_number(struct compiler *c, const struct json *v, struct decimal *ret) MUST_USE;
bool compile_count(struct compiler *c, const struct json *v, uint64_t *ret) MUST_USE;
/* `at` is where to blame. */
bool compile_pattern(struct compiler *c, const struct json *at, str text,
                     struct pattern **ret) MUST_USE;
/* NULL, with the error set, without memory. */
const struct block **compile_blocks(struct compiler *c, const struct json *schemas) MUST_USE;
str *compile_texts(struct compiler *c, const struct json *strings) MUST_USE;

bool add_object(struct site *s, const struct keyword *k, const struct json *value);
bool add_array(struct site *s, const struct keyword *k, const struct json *value);
bool add_values(struct site *s, const struct keyword *k, const struct json *value);
bool add_const(struct site *s, const struct keyword *k, const struct json *value);
bool add_ref(struct site *s, const struct keyword *k, const struct json *value);
bool add_anchor(struct site *s, const struct keyword *k, const struct json *value);
bool add_id(struct site *s, const struct keyword *k, const struct json *value);
bool add_dialect(struct site *s, const struct keyword *k, const struct json *value);

/* Finds the dialect that `$schema` names. */
bool dialect_read(struct compiler *c) MUST_USE;
/* Points the waiting references to their anchors. */
bool ref_resolve_anchors(struct compiler *c) MUST_USE;
/* Refuses blocks that send a value round to themselves. */
bool cycle_check(struct compiler *c) MUST_USE;
