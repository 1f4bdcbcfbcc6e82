/*
 * From a schema's JSON to a program, in three steps: nodes with a rule for each keyword; terms,
 * which say what a node asks of one kind of value, simplified; code. Private to the room.
 */
#pragma once

#include "schema/keyword.h"
#include "schema/number.h"
#include "schema/program.h"
#include "schema/sources.h"

/* ---- terms ---- */

struct node;
struct object_rules;

/* What must hold of a value whose kind is known. Shared freely, never changed once made. */
struct term {
    enum op op;
    uint32_t a, b, c;
    uint32_t count; /* of parts, or of values */
    struct term **parts;
    struct node *node, *second;
    const void *operand;
    uint32_t code, data; /* once emitted, else 0 */
};

/* ---- rules ---- */

enum rule_kind {
    RULE_LEAF,
    RULE_TYPE,
    RULE_VALUES,
    RULE_FALSE,
    RULE_ALL,
    RULE_ANY,
    RULE_ONE,
    RULE_NOT,
    RULE_IF,
    RULE_OBJECT,
    RULE_ARRAY,
    RULE_CONTAINS,
    RULE_NEEDS,
    RULE_WHEN,
    RULE_UNEVALUATED_ITEMS,
    RULE_UNEVALUATED_PROPERTIES,
};

/* Operands of terms. */
struct bound_rule {
    struct bound bound;
    str text;
};

struct shape_rule {
    str prefix;
    bool anchored_end;
    enum shape_place place;
    uint32_t count;
    struct run_of runs[RUNS_MAX];
};

struct choice_rule {
    str member;
    str *texts;
    struct term **parts; /* for each text */
    uint32_t count;
};

struct property_rule {
    str name;
    struct node *node; /* NULL: the name is only required */
    bool required;
};

struct pattern_rule {
    str text;
    struct term *name;
    struct node *node;
};

struct object_rules {
    struct property_rule *properties;
    uint32_t count, required;
    struct pattern_rule *patterns;
    uint32_t pattern_count;
    struct node *others, *names;
    const struct keyword *others_keyword;
    uint32_t emitted; /* where, or 0 */
};

struct array_rules {
    struct node **prefix;
    uint32_t prefix_count;
    struct node *rest;
    const struct keyword *prefix_keyword, *rest_keyword;
};

struct rule {
    enum rule_kind kind;
    const struct keyword *keyword;
    const struct json *source;
    unsigned kinds; /* of which it speaks: of others it says nothing */
    struct term *leaf;
    unsigned types; /* RULE_TYPE */
    bool whole, as_written;
    bool listed; /* the nodes stand in an array */
    struct node **nodes; /* RULE_IF: three, some of them NULL */
    uint32_t count;
    const struct json *values; /* RULE_VALUES, `count` of them */
    str *names; /* RULE_NEEDS, RULE_WHEN: the first is the one that needs */
    uint32_t least, most; /* RULE_CONTAINS */
    bool marks; /* the items that it holds for count as looked at */
    struct object_rules *object;
    const struct array_rules *array;
    struct term *terms[KINDS];
};

/* ---- nodes ---- */

/* Which schema each dynamic anchor means, by the resources through which the way led here. */
struct scope {
    struct scope *next;
    const struct scope *before;
    str name;
    struct reference target;
};

struct node {
    const struct json *source;
    struct resource *in;
    const struct scope *scope;
    uint32_t spot;
    struct node *next;
    struct rule *rules;
    uint32_t count;
    struct term *terms[KINDS];
    bool in_progress[KINDS];
    uint32_t block; /* once something refers to it, else 0 */
    struct node *next_used;
};

struct fixup {
    struct fixup *next;
    uint32_t property;
    const struct node *node;
};

struct compiler {
    struct arena *a;
    struct schema *schema;
    struct sources sources;
    struct err *e;
    bool strict;
    struct node **table; /* by the address of their source and their scope */
    uint32_t mask, nodes;
    struct node *first, *last; /* in the order in which they are compiled */
    struct scope *scopes; /* all that were made */
    struct term yes, no; /* what asks for nothing, and what nothing satisfies */
    unsigned depth; /* of the terms that are being made */
    struct buf out;
    struct node *used, *last_used; /* whose blocks are still to be written */
    struct fixup *fixups;
    uint32_t pattern_count, format_count;
    struct str_list {
        struct str_list *next;
        str text;
        uint32_t number;
    } * patterns, *formats;
};

/* One subschema while its keywords are read. */
struct site {
    struct compiler *c;
    struct node *node;
    uint32_t room;
    bool object_done, array_done;
};

bool compile_fail(struct compiler *c, const struct json *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* The node of a subschema that stands in the site's; NULL with the error set. */
struct node *compile_child(struct site *s, const struct json *source) MUST_USE;
/* The same for a reference. */
struct node *compile_target(struct site *s, struct reference to) MUST_USE;
struct rule *compile_rule(struct site *s, enum rule_kind kind, const struct keyword *k,
                          const struct json *source, unsigned kinds);
/* The keyword beside the one at hand, when it means something and has the right form. */
bool compile_sibling(struct site *s, const char *name, const struct keyword **k,
                     const struct json **ret) MUST_USE;
/* The number of a pattern, which is checked; that of a format. */
bool compile_pattern(struct compiler *c, const struct json *at, str text,
                     uint32_t *ret) MUST_USE;
bool compile_count(struct compiler *c, const struct json *v, uint32_t *ret) MUST_USE;
/* The term that decides whether a text matches; NULL with the error set. */
struct term *compile_pattern_term(struct compiler *c, const struct json *at, str text);
/* *found: it is a few runs of characters, and *ret tells so; else a matcher has to do it. */
bool pattern_as_shape(struct compiler *c, str text, struct term **ret, bool *found) MUST_USE;

bool add_id(struct site *s, const struct keyword *k, const struct json *value);
bool add_ref(struct site *s, const struct keyword *k, const struct json *value);
bool add_definitions(struct site *s, const struct keyword *k, const struct json *value);
bool add_definition(struct site *s, const struct keyword *k, const struct json *value);
bool add_type(struct site *s, const struct keyword *k, const struct json *value);
bool add_enum(struct site *s, const struct keyword *k, const struct json *value);
bool add_const(struct site *s, const struct keyword *k, const struct json *value);
bool add_multiple(struct site *s, const struct keyword *k, const struct json *value);
bool add_bound(struct site *s, const struct keyword *k, const struct json *value);
bool add_count(struct site *s, const struct keyword *k, const struct json *value);
bool add_pattern(struct site *s, const struct keyword *k, const struct json *value);
bool add_format(struct site *s, const struct keyword *k, const struct json *value);
bool add_unique(struct site *s, const struct keyword *k, const struct json *value);
bool add_items(struct site *s, const struct keyword *k, const struct json *value);
bool add_additional_items(struct site *s, const struct keyword *k, const struct json *value);
bool add_contains(struct site *s, const struct keyword *k, const struct json *value);
bool add_object(struct site *s, const struct keyword *k, const struct json *value);
bool add_dependencies(struct site *s, const struct keyword *k, const struct json *value);
bool add_branches(struct site *s, const struct keyword *k, const struct json *value);
bool add_not(struct site *s, const struct keyword *k, const struct json *value);
bool add_if(struct site *s, const struct keyword *k, const struct json *value);
bool add_unevaluated(struct site *s, const struct keyword *k, const struct json *value);

/* ---- terms ---- */

/* NULL with the error set: without memory, or where a node sends a value round to itself. */
struct term *term_new(struct compiler *c, enum op op);
struct term *term_and(struct compiler *c, struct term *const *parts, uint32_t count);
struct term *term_of_node(struct compiler *c, struct node *n, unsigned kind);
struct term *term_of_rule(struct compiler *c, struct node *n, struct rule *r, unsigned kind);
bool node_is_true(const struct node *n); /* at first sight */
bool node_is_false(const struct node *n);

/* ---- code ---- */

/* Writes the program of all that the root leads to. */
bool emit_program(struct compiler *c, struct node *root) MUST_USE;
uint32_t emit_bytes(struct compiler *c, const void *at, size_t size); /* aligned to 8 */
struct span emit_text(struct compiler *c, str text);
struct key emit_key(struct compiler *c, str name);
/* The offset of the node's block, which is queued to be written. 0 for NULL. */
uint32_t emit_block(struct compiler *c, struct node *n);
uint32_t emit_blocks(struct compiler *c, struct node *const *nodes, uint32_t count);
/* PASS, FAIL, or where the code is. */
uint32_t emit_code(struct compiler *c, struct term *t);
/* Where the term's operands are. */
uint32_t emit_data(struct compiler *c, struct term *t);
/* The operands of an OP_OBJECT, also where code does without them. */
uint32_t emit_object(struct compiler *c, struct object_rules *o);
/* The index over `count` records of `stride` bytes at `list`, each with its key in front. */
struct table emit_table(struct compiler *c, uint32_t list, size_t stride, uint32_t count);
/* Of what was emitted before; valid until something else is. */
void *emitted(struct compiler *c, uint32_t at);
