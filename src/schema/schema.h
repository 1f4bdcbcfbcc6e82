/*
 * schema: JSON Schema, compiled once, run on every event.
 *
 * Drafts 2020-12, 2019-09, 7, 6 and 4, and the schema objects of OpenAPI 3.0 and 3.1. A keyword
 * that is not known, or means nothing in the draft at hand, is a compile error, never skipped:
 * a contract that could not be held is not accepted. Who reads what others publish sets
 * `lenient`.
 *
 * Numbers are exact. Patterns are ECMA-262 with the u flag. What an event may cost is bounded:
 * where a pattern, the depth or the number of steps runs out of its budget the event is
 * refused, whatever stands around it, unless the answer does not depend on that.
 *
 * A compiled schema is one piece of memory without a pointer in it (schema_program), ready
 * again at once when it is mapped (schema_open). In use it holds scratch memory for its
 * patterns: use it from one thread at a time. Values are judged as json.h describes them; above
 * all an object's names are unique.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

struct schema;

enum schema_dialect {
    SCHEMA_2020_12,
    SCHEMA_2019_09,
    SCHEMA_DRAFT_7,
    SCHEMA_DRAFT_6,
    SCHEMA_DRAFT_4,
    SCHEMA_OPENAPI_3_1,
    SCHEMA_OPENAPI_3_0,
};

/* What references may reach besides the source itself: bundled or pinned, never the network. */
struct schema_document {
    str uri;
    const struct json *root;
};

struct schema_options {
    enum schema_dialect dialect; /* where no $schema says it */
    str base; /* the source's URI, or "" */
    const struct schema_document *documents;
    size_t document_count;
    bool annotate_formats; /* `format` asserts unless this is set */
    /* Unknown keywords are annotations, as the standard has it. Else they are an error, with
     * the keyword that was meant; names that begin with x- are always allowed. Patterns may
     * break the u flag's rules as pattern_compile_loose() lets them. */
    bool lenient;
};

/* Nothing of the source is needed afterwards. `o` may be NULL: a 2020-12 schema, strict. On failure e->at.line is 0 and the words name the place by JSON
 * Pointer; *offset is the offset of the offending value in the source. */
bool schema_compile(struct arena *a, const struct json *source, const struct schema_options *o,
                    struct schema **ret, uint32_t *offset, struct err *e) MUST_USE;
void schema_free(struct schema *s); /* what lies outside the arena: compiled patterns */

/* The compiled schema as bytes, which live as long as it does. */
str schema_program(const struct schema *s);
/* A schema of such bytes, aligned to 8, which stay where they are and must outlive it. They
 * must be schema_program()'s: damage is noticed, malice is not. */
bool schema_open(struct arena *a, str program, struct schema **ret, struct err *e) MUST_USE;
/* Patterns are compiled when they are first needed; this does it now, for who may not later. */
bool schema_prepare(struct schema *s, struct err *e) MUST_USE;

/* Stops at the first failure. Allocates only for uniqueItems of over 256 items, and to compare
 * objects of over 16 members that stand in another order. */
bool schema_valid(const struct schema *s, const struct json *instance);

struct schema_problem {
    str where; /* JSON Pointer into the instance, "" for all of it */
    /* JSON Pointer through the schema, $ref and all, as in "/items/$ref/type"; and the same
     * keyword by its schema's URI and a pointer, without detours. Empty where not known. */
    str keyword_at, keyword_uri;
    const char *keyword; /* "maxLength" */
    str why; /* "is longer than 20 characters"; never the value itself */
    bool undecided; /* not known to be wrong: the budget ran out before it was decided */
};

/* Up to `max` reasons, in the order of the document, for the answer to an event that
 * schema_valid() refused: one at least, unless `a` is full. */
size_t schema_problems(const struct schema *s, const struct json *instance, struct arena *a,
                       struct schema_problem *ret, size_t max);

/* ---- cleaning, before anything is checked ---- */

/*
 * `x-clean` names what is done with a string before it is judged (clean.h, docs/cleaning.md).
 * `x-unknown: strip` leaves out the members of an object that neither `properties` nor
 * `patternProperties` nor `additionalProperties` speaks of, there and in what `$ref` and `allOf`
 * add. `x-defaults: true`, at the top of a schema, inserts what `default` says for members of
 * `properties` that are missing from an object; without it `default` is a note. Values that
 * come as text become numbers and truth values where the schema wants no string.
 *
 * The walk follows properties, patternProperties, additionalProperties, items, prefixItems,
 * $ref and allOf; what these ask for is done first. Then, in the order of the schema:
 *
 * anyOf, oneOf    the first branch that holds for the value once it is cleaned as the branch
 *                 asks; where none holds, nothing is done
 * if              judges the value as it is by then; then or else is followed
 *
 * Since a branch may make another one hold, a schema that has some is walked again until nothing
 * changes. Below other keywords x-clean and x-unknown are an error, never passed over; there,
 * and where x-defaults is not set, `default` is a note.
 */
enum schema_source {
    SCHEMA_FROM_JSON,
    SCHEMA_FROM_TEXT, /* a query, headers, parameters of a path: members are strings */
};

struct schema_cleaner;

/* *ret is NULL when there is nothing to do, ever. Errors as schema_compile(); the source, which
 * schema_compile() accepts with these options, must outlive the result. */
bool schema_cleaner_compile(struct arena *a, const struct json *source,
                            const struct schema_options *o, enum schema_source from,
                            struct schema_cleaner **ret, uint32_t *offset,
                            struct err *e) MUST_USE;
void schema_cleaner_free(struct schema_cleaner *c); /* what lies outside the arena */

enum { SCHEMA_CHANGES_MAX = 16 };

struct schema_change {
    str where; /* JSON Pointer into the instance as it came; never the value */
    const char *rule; /* "trim", "x-unknown", "default" */
};

struct schema_cleaned {
    const struct json *value; /* the very instance when nothing was changed */
    struct schema_change changes[SCHEMA_CHANGES_MAX]; /* the first of them */
    size_t change_count; /* of all */
    struct schema_problem problems[SCHEMA_CHANGES_MAX];
    size_t problem_count;
};

/* False when something can't be made clean: `problems` say what. `c` may be NULL. The result
 * shares with the instance what was not changed. One thread at a time, as with schemas. */
bool schema_clean(const struct schema_cleaner *c, struct arena *a, const struct json *instance,
                  struct schema_cleaned *ret) MUST_USE;
