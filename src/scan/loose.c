/* What lets too much through: of schemas that say what strangers may send. */
#include "scan/lint.h"

#include "pattern/pattern.h"

/* ---- what is said of the same value elsewhere ---- */

static bool says(const struct json *schema, const char *const *keywords, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lint_has(schema, keywords[i]))
            return true;
    return false;
}

/* By this schema, by what it refers to or demands in allOf, or by one that it is a part of. */
static bool is_said(struct linter *l, const struct visit *v, const char *const *keywords,
                    size_t count)
{
    for (const struct visit *at = v; at; at = at->position == BRANCH ? at->up : NULL) {
        struct proof p = {.linter = l, .steps = PROOF_STEPS};
        struct conjunction c = {0};

        conjunction_add(&p, &c, at->schema);
        for (size_t i = 0; i < c.count; i++)
            if (says(c.list[i], keywords, count))
                return true;
    }
    return false;
}

static bool asks_for(const struct json *schema, unsigned kinds)
{
    return lint_has(schema, "type") && kinds_of_type(schema) & kinds;
}

/* ---- texts ---- */

/* Formats that no long text satisfies. */
static const char *const short_formats[] = {"date", "time",     "date-time", "uuid",
                                            "ipv4", "hostname", "ipv6",      "idn-hostname"};

static bool is_short_by_format(const struct json *schema)
{
    str format = json_get_str(schema, STR("format"));

    for (size_t i = 0; i < COUNT(short_formats); i++)
        if (str_is(format, short_formats[i]))
            return true;
    return false;
}

static bool is_short_by_pattern(const struct json *schema)
{
    str text = json_get_str(schema, STR("pattern"));
    struct pattern_facts facts;
    struct pattern *pattern;
    struct err e = {0};

    if (!text.len || !pattern_compile(text, &pattern, &e))
        return false;
    facts = pattern_facts(pattern);
    pattern_free(pattern);
    return facts.bounded && facts.anchored_start && facts.anchored_end;
}

static void check_text(struct linter *l, const struct visit *v)
{
    static const char *const bounds[] = {"maxLength", "enum", "const"};

    if (!asks_for(v->schema, K_STRING) || is_said(l, v, bounds, COUNT(bounds)) ||
        is_short_by_format(v->schema) || is_short_by_pattern(v->schema))
        return;
    lint_add(l, v, RULE_STRING_UNBOUNDED, json_get(v->schema, STR("type")),
             "a text of any length is let through: there is no maxLength");
}

/* ---- lists and numbers ---- */

static void check_list(struct linter *l, const struct visit *v)
{
    static const char *const bounds[] = {"maxItems", "enum", "const"};
    const struct json *items = json_get(v->schema, STR("items"));

    if (!asks_for(v->schema, K_ARRAY) || is_said(l, v, bounds, COUNT(bounds)) ||
        (items && items->kind == JSON_FALSE))
        return;
    lint_add(l, v, RULE_ARRAY_UNBOUNDED, json_get(v->schema, STR("type")),
             "a list of any length is let through: there is no maxItems");
}

static bool has_both_bounds(struct linter *l, const struct visit *v)
{
    static const char *const low[] = {"minimum", "exclusiveMinimum", "enum", "const", "format"};
    static const char *const high[] = {"maximum", "exclusiveMaximum", "enum", "const",
                                       "format"};

    return is_said(l, v, low, COUNT(low)) && is_said(l, v, high, COUNT(high));
}

static bool is_whole(const struct json *v)
{
    return !v || (v->kind == JSON_NUMBER && kind_of(v) == K_INTEGER);
}

/* Names of what is counted, when all that is said of the number is whole as well. */
static bool is_counted(const struct visit *v)
{
    static const char *const names[] = {"count",  "quantity", "qty",   "page",     "limit",
                                        "offset", "index",    "port",  "year",     "pageSize",
                                        "size",   "number",   "month", "page_size"};

    if (!v->is_member || lint_has(v->schema, "multipleOf") ||
        !is_whole(json_get(v->schema, STR("minimum"))) ||
        !is_whole(json_get(v->schema, STR("maximum"))))
        return false;
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(v->name, names[i]))
            return true;
    return false;
}

static void check_number(struct linter *l, const struct visit *v)
{
    const struct json *type = json_get(v->schema, STR("type"));

    if (!asks_for(v->schema, K_NUMBER))
        return;
    if (!has_both_bounds(l, v))
        lint_add(l, v, RULE_NUMBER_UNBOUNDED, type,
                 "a number of any size is let through: there is no minimum and maximum");
    if ((kinds_of_type(v->schema) & K_NUMBER) == K_NUMBER && is_counted(v))
        lint_add(l, v, RULE_NUMBER_INTEGER, type, "'%.*s' may have a fraction",
                 STR_ARG(str_sub(v->name, 0, 60)));
}

/* ---- objects and values of any kind ---- */

static bool is_part_by_ref(const struct linter *l, const struct json *in,
                           const struct json *schema);

/* Whether an allOf holds a reference to it: then something else has to close the whole. */
static bool is_part_in_list(const struct linter *l, const struct json *list,
                            const struct json *schema)
{
    for (uint32_t i = 0; list->kind == JSON_ARRAY && i < list->count; i++)
        if (list->items[i].kind == JSON_OBJECT && lint_target(l, &list->items[i]) == schema)
            return true;
    return false;
}

static bool is_part_by_ref(const struct linter *l, const struct json *in,
                           const struct json *schema)
{
    for (uint32_t i = 0; in->kind == JSON_OBJECT && i < in->count; i++)
        if ((str_is(in->members[i].name, "allOf") &&
             is_part_in_list(l, &in->members[i].value, schema)) ||
            is_part_by_ref(l, &in->members[i].value, schema))
            return true;
    for (uint32_t i = 0; in->kind == JSON_ARRAY && i < in->count; i++)
        if (is_part_by_ref(l, &in->items[i], schema))
            return true;
    return false;
}

static void check_object(struct linter *l, const struct visit *v)
{
    static const char *const closed[] = {"additionalProperties", "unevaluatedProperties",
                                         "x-unknown", "enum", "const"};
    const struct json *properties = json_get(v->schema, STR("properties"));

    if (!properties || v->closed_elsewhere || says(v->schema, closed, COUNT(closed)))
        return;
    if (v->position == DEFINES && is_part_by_ref(l, l->schema->root, v->schema))
        return;
    lint_add(l, v, RULE_OPEN_OBJECT, properties,
             "members that are not named here are let through");
}

static bool says_anything(const struct json *schema)
{
    for (uint32_t i = 0; i < schema->count; i++)
        if (kinds_of_keyword(schema->members[i].name) ||
            str_is(schema->members[i].name, "x-clean"))
            return true;
    return false;
}

static void check_any(struct linter *l, const struct visit *v)
{
    if (v->position != DECLARES || !v->up || says_anything(v->schema) ||
        lint_has(v->schema, "$anchor") || lint_has(v->schema, "$dynamicAnchor"))
        return;
    lint_add(l, v, RULE_ANY_VALUE, v->schema, "%s%.*s%s may be a value of any kind",
             v->is_member ? "'" : "an item or member",
             STR_ARG(v->is_member ? str_sub(v->name, 0, 60) : STR("")),
             v->is_member ? "'" : "");
}

void lint_loose(struct linter *l, const struct visit *v)
{
    if (!lint_has_siblings(l, v->schema))
        return;
    check_text(l, v);
    check_list(l, v);
    check_number(l, v);
    check_object(l, v);
    check_any(l, v);
}
