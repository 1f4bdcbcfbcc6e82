/*
 * Cleaning along a schema: a graph of what each subschema says about it, made once, and the
 * walk of a value along it. Private to the room.
 */
#pragma once

#include "clean/clean.h"
#include "pattern/pattern.h"
#include "schema/sources.h"

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

struct clean_option {
    const struct json *source; /* which decides, as schema_valid() has it */
    struct schema *schema; /* once it is known that something below acts */
    struct clean_node *node;
};

/* anyOf, oneOf, and if with then and else. */
struct clean_branch {
    struct clean_branch *next;
    bool is_if; /* options: if and then, if and else; a node may be missing */
    struct clean_option *options;
    uint32_t count;
    bool acts;
};

/* What one subschema says. */
struct clean_node {
    struct clean_node *next, *same_bucket;
    const struct json *source;
    const struct resource *in;
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
    struct clean_branch *branches; /* in the order of the schema */
    /* $ref and allOf, as they stand; once linked all they lead to, itself first. */
    struct clean_node **together;
    uint32_t together_count;
};

struct schema_cleaner {
    struct clean_node *root;
    enum schema_source source;
    bool defaults, branches;
    struct clean_node *nodes;
};

/* ---- clean_plan.c ---- */

struct clean_visited {
    struct clean_visited *next;
    const struct json *source;
};

struct clean_planner {
    struct arena *a;
    struct schema_cleaner *cleaner;
    struct sources sources;
    struct clean_node *last;
    struct clean_node *buckets[1024];
    struct clean_visited *visited[256]; /* by clean_forbid() */
    struct err *e;
};

/* The node of a subschema; `in` is the resource of the one that leads to it. */
struct clean_node *clean_plan_node(struct clean_planner *p, const struct json *source,
                                   const struct resource *in);

/* ---- clean_read.c ---- */

/* Reads the keywords of a node's source. */
bool clean_read_node(struct clean_planner *p, struct clean_node *n) MUST_USE;

/* ---- clean_branch.c ---- */

bool clean_read_if(struct clean_planner *p, struct clean_node *n,
                   const struct json *v) MUST_USE;
bool clean_read_options(struct clean_planner *p, struct clean_node *n,
                        const struct json *v) MUST_USE;
/* What decides between the options of those branches that act. */
bool clean_compile_branches(struct clean_planner *p) MUST_USE;
/* Fails when x-clean or x-unknown stands in `v`, or in what it refers to. */
bool clean_forbid(struct clean_planner *p, const struct resource *in, const struct json *v,
                  const char *below, unsigned depth) MUST_USE;
