/* The table of keywords: what may stand behind each, where it exists, what it becomes. */
#pragma once

#include "base/base.h"
#include "json/json.h"

/* In the order of their age; schema.h's has another. */
enum dialect { DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020 };

enum vocabulary {
    IN_CORE,
    IN_APPLICATOR = 1,
    IN_UNEVALUATED = 2,
    IN_VALIDATION = 4,
    IN_METADATA = 8,
    IN_FORMAT = 16,
    IN_CONTENT = 32,
    IN_OPENAPI_3_0 = 64,
    IN_OPENAPI_3_1 = 128,
    IN_OPENAPI = IN_OPENAPI_3_0 | IN_OPENAPI_3_1,
    IN_ASSERTION = 256, /* formats assert whatever the caller says */
    IN_STANDARD = 63,
};

/* What a $schema means: the age of the keywords, and from 2019-09 on which there are. */
struct meaning {
    enum dialect dialect;
    unsigned vocabularies;
};

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
    SCHEMA_OR_SCHEMAS,
    DEPENDENCIES, /* by name: a schema or names */
    REFUSED, /* of an older draft than any here; `fix` says what to write */
};

struct site;

struct keyword {
    const char *name;
    enum shape shape;
    enum dialect since, until;
    unsigned vocabulary;
    /* NULL: an annotation, or one that is read together with another. */
    bool (*add)(struct site *s, const struct keyword *k, const struct json *value);
    /* How it tells what is wrong: `why`, the operand when it is a number, and its unit. */
    const char *why, *unit;
    const char *fix; /* of REFUSED */
};

/* The row of a keyword in a dialect; NULL where it means nothing. */
const struct keyword *keyword_find(str name, struct meaning meaning);
/* In any dialect. */
const struct keyword *keyword_find_any(str name);
const char *keyword_nearest(str name);
uint32_t keyword_number(const struct keyword *k);
const struct keyword *keyword_by_number(uint32_t number); /* NULL: there is none */

/* NULL when the value may stand behind the keyword; else what may. */
const char *shape_wants(const struct keyword *k, const struct json *value);
/* What the same keyword meant in older drafts, or NULL. */
const char *shape_fix(const struct keyword *k, const struct json *value);
bool shape_is_schema(const struct json *v);
