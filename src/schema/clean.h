/*
 * Cleaning along a schema: a graph of what each subschema says about it, made once, and the
 * walk of a value along it. Private to the room.
 */
#pragma once

#include "clean/clean.h"
#include "pattern/pattern.h"
#include "schema/schema.h"

enum { CLEAN_TOGETHER_MAX = 16, CLEAN_DEPTH_MAX = 256 };

struct clean_member {
    str name;
    struct clean_node *node;
    const struct json *otherwise; /* its `default`, where defaults are inserted */
};

struct clean_pattern {
    struct clean_pattern *next;
    struct pattern *pattern;
    struct clean_node *node;
};

/* What one subschema says. */
struct clean_node {
    struct clean_node *next, *same_bucket;
    const struct json *source;
    struct clean *rules;
    bool strips;
    bool acts; /* it, or what it leads to, may change something */
    unsigned kinds; /* bits of enum json_kind that its type, const and enum leave */
    struct clean_member *members; /* in the order of their names */
    uint32_t member_count, default_count;
    const struct clean_member **defaults; /* in the order of the schema */
    struct clean_pattern *patterns;
    struct clean_node *others, **prefix, *rest;
    uint32_t prefix_count;
    struct clean_node *
        *together; /* $ref and allOf, as they stand; once linked all they lead to,
                                   * itself first */
    uint32_t together_count;
};

struct schema_cleaner {
    struct clean_node *root;
    enum schema_source source;
    bool defaults;
    struct clean_node *nodes;
};

/* ---- clean_plan.c ---- */

struct clean_planner {
    struct arena *a;
    struct schema_cleaner *cleaner;
    const struct json *root;
    struct clean_node *last;
    struct clean_node *buckets[1024];
    const struct json *bad; /* where it is wrong */
    struct err *e;
};

bool clean_plan_fail(struct clean_planner *p, const struct json *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
struct clean_node *clean_plan_node(struct clean_planner *p, const struct json *source);

/* ---- clean_read.c ---- */

/* Reads the keywords of a node's source. */
bool clean_read_node(struct clean_planner *p, struct clean_node *n) MUST_USE;

/* ---- clean_ref.c ---- */

/* Where a reference leads; NULL when that is not in this document. */
const struct json *clean_ref(struct clean_planner *p, str reference);
