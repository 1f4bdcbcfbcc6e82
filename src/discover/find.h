/*
 * find: what the files of this room share.
 */
#pragma once

#include "discover/discover.h"
#include "yaml/yaml.h"

struct finder {
    struct arena *a;
    const char *dir;
    struct discover *found;
    bool full; /* the arena is: checked once, at the end */
};

/* Each looks for its own kind; *found stays empty where there is none. */
bool find_templates(struct finder *f, struct err *e) MUST_USE;
bool find_serverless(struct finder *f, struct err *e) MUST_USE;
bool find_handlers(struct finder *f, struct err *e) MUST_USE;

/* ---- what is found (found.c) ---- */

void list_add(struct finder *f, struct discover_list *list, str text, str value);
void note(struct finder *f, struct discover_list *list, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool list_has(const struct discover_list *list, str text, str value);

/* A new function of that name, made fit for a contract and unique; NULL past the maximum. */
struct discover_function *add_function(struct finder *f, str name);
void drop_function(struct finder *f, struct discover_function *fn, const char *why, str what);
/* "python3.12" as "python"; false for what fnward does not run. */
bool set_runtime(struct discover_function *fn, str runtime);
/* False where a contract would not take it. */
bool set_handler(struct finder *f, struct discover_function *fn, str handler);
bool set_code(struct finder *f, struct discover_function *fn, str path);
void add_env(struct finder *f, struct discover_function *fn, str name, str value);
/* A value that is not in the template: kept as a secret by its name, or as a note. */
void add_unknown_env(struct finder *f, struct discover_function *fn, str name, str value);
/* One route; "ANY" becomes the usual five methods. */
void add_route(struct finder *f, struct discover_function *fn, str method, str path);
void add_trigger(struct finder *f, struct discover_function *fn, const char *kind);
void add_action(struct finder *f, struct discover_function *fn, str action, str resource);
/* The limits of a contract, from whole numbers as text within Lambda's bounds; others are
 * noted. */
struct number {
    const char *name; /* of the template's property */
    const char *what; /* in words */
    uint64_t least, most;
    size_t offset; /* in struct discover_function */
};
void set_number(struct finder *f, struct discover_function *fn, const struct number *number,
                str text);
/* What every function needs in the end: a trigger, a handler's file. */
void complete(struct finder *f, struct discover_function *fn);

/* Reads the first of these files that has functions, and keeps its name as the source. */
bool read_first(struct finder *f, const char *const *names, size_t count,
                bool (*read)(struct finder *f, const char *name, str text, struct err *e),
                struct err *e) MUST_USE;

/* ---- templates: what a stack would be made from ---- */

struct stack {
    struct finder *finder;
    const struct yaml *resources, *parameters;
    /* A tool's own variables in a text; NULL where there are none. */
    bool (*expand)(struct stack *t, str text, bool pattern, struct buf *out);
};

/* A value as text. A part that only the stack knows is '*' in a pattern, otherwise the whole
 * is unknown: false. */
bool template_text(struct stack *t, const struct yaml *value, bool pattern, str *ret);
/* The logical name behind !Ref or !GetAtt, or the empty str. */
str template_target(struct stack *t, const struct yaml *value);
const struct yaml *template_resource(const struct stack *t, str logical);
str template_type(const struct yaml *resource);
/* How a template writes a value, for a note: "!Ref Orders". */
str template_source(struct finder *f, const struct yaml *value);

void template_policies(struct stack *t, struct discover_function *fn,
                       const struct yaml *policies);
/* An IAM policy document's statements. */
void template_statements(struct stack *t, struct discover_function *fn,
                         const struct yaml *statements);
/* False for a name that is no policy template of SAM's. */
bool template_policy(struct stack *t, struct discover_function *fn, str name,
                     const struct yaml *arguments);
void template_events(struct stack *t, struct discover_function *fn, const struct yaml *events);
