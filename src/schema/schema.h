/*
 * schema: JSON Schema 2020-12, compiled once, run on every event.
 *
 * A keyword that this version does not enforce is a compile error, never skipped: a contract
 * that could not be held is not accepted. Patterns are ECMA-262 with the u flag; a pattern
 * that runs out of its budget rejects the event, whatever stands around it.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

struct schema;

/* `source` and its text must outlive the result. On failure e->at.line is 0 and the words name
 * the place by JSON Pointer; *offset is the offset of the offending value in the source. */
bool schema_compile(struct arena *a, const struct json *source, struct schema **ret,
                    uint32_t *offset, struct err *e) MUST_USE;
void schema_free(struct schema *s); /* what lies outside the arena: compiled patterns */

/* First failure only. */
bool schema_valid(const struct schema *s, const struct json *instance);

struct schema_problem {
    str where; /* JSON Pointer into the instance, "" for all of it */
    const char *keyword; /* "maxLength" */
    str why; /* "is longer than 20 characters"; never the value itself */
};

/* Up to `max` reasons, for the answer to an event that schema_valid() refused. */
size_t schema_problems(const struct schema *s, const struct json *instance, struct arena *a,
                       struct schema_problem *ret, size_t max);

/* Query strings and path parameters are all text: turns each member of `object` whose schema
 * wants a number, integer or boolean into one where its text is exactly that. */
bool schema_coerce(const struct schema *s, struct arena *a, const struct json *object,
                   struct json **ret) MUST_USE;
