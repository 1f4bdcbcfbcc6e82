/*
 * What one subschema says about cleaning. Where it can't be said beforehand whether a subschema
 * is for a value, it may not ask for cleaning, and says so while the contract is read.
 */
#include "schema/clean.h"

#include <stdlib.h>

#define BIT(kind) (1u << (kind))

static bool note_kind(struct clean_planner *p, const struct json *v, unsigned *kinds)
{
    static const struct {
        const char *name;
        unsigned kinds;
    } types[] = {
        {"string", BIT(JSON_STRING)},  {"object", BIT(JSON_OBJECT)},
        {"array", BIT(JSON_ARRAY)},    {"number", BIT(JSON_NUMBER)},
        {"integer", BIT(JSON_NUMBER)}, {"boolean", BIT(JSON_TRUE) | BIT(JSON_FALSE)},
        {"null", BIT(JSON_NULL)},
    };

    (void)p;
    for (size_t i = 0; v->kind == JSON_STRING && i < COUNT(types); i++)
        if (str_is(v->text, types[i].name))
            *kinds |= types[i].kinds;
    return true;
}

static bool read_type(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    unsigned kinds = 0;

    note_kind(p, v, &kinds);
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        note_kind(p, &v->items[i], &kinds);
    n->kinds &= kinds;
    return true;
}

static bool read_const(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    (void)p;
    n->kinds &= BIT(v->kind);
    return true;
}

static bool read_enum(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    unsigned kinds = 0;

    (void)p;
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        kinds |= BIT(v->items[i].kind);
    n->kinds &= kinds;
    return true;
}

/* ---- our own keywords ---- */

static bool read_clean(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    const struct json *at;

    if (clean_read(p->a, v, &n->rules, &at, p->e))
        return true;
    p->bad = at;
    return false;
}

static bool read_unknown(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    const struct json *others = json_get(n->source, STR("additionalProperties"));

    if (v->kind != JSON_STRING || !str_is(v->text, "strip")) {
        clean_plan_fail(p, v, "'x-unknown' is always 'strip'");
        return err_fix(p->e, "to refuse unknown members write 'additionalProperties: false'");
    }
    if (others && others->kind != JSON_FALSE) {
        clean_plan_fail(p, v, "'x-unknown' beside 'additionalProperties', which allows all");
        return err_fix(p->e, "remove one of the two");
    }
    n->strips = true;
    return true;
}

static bool read_defaults(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    if (n->source == p->root && v->kind == JSON_TRUE)
        return true;
    clean_plan_fail(p, v, "'x-defaults' stands at the top of a schema and is 'true'");
    return err_fix(p->e, "without it no default is inserted");
}

/* ---- members and items ---- */

static bool child(struct clean_planner *p, const struct json *source, struct clean_node **ret)
{
    *ret = clean_plan_node(p, source);
    return *ret != NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct clean_member *x = a, *y = b;

    return str_compare(x->name, y->name);
}

static bool find_defaults(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    n->defaults = arena_array(p->a, v->count, sizeof(struct clean_member *));
    if (!n->defaults)
        return err_limit(p->e);
    for (uint32_t i = 0; i < v->count; i++) {
        const struct clean_member key = {.name = v->members[i].name};
        const struct clean_member *m =
            bsearch(&key, n->members, n->member_count, sizeof(*m), by_name);

        if (m && m->otherwise)
            n->defaults[n->default_count++] = m;
    }
    return true;
}

static bool read_properties(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    if (v->kind != JSON_OBJECT)
        return true;
    n->members = arena_array(p->a, v->count, sizeof(*n->members));
    if (!n->members)
        return err_limit(p->e);
    for (uint32_t i = 0; i < v->count; i++) {
        struct clean_member *m = &n->members[i];

        m->name = v->members[i].name;
        if (p->cleaner->defaults)
            m->otherwise = json_get(&v->members[i].value, STR("default"));
        if (!child(p, &v->members[i].value, &m->node))
            return false;
    }
    n->member_count = v->count;
    qsort(n->members, n->member_count, sizeof(*n->members), by_name);
    return find_defaults(p, n, v);
}

static bool read_patterns(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++) {
        struct clean_pattern *pattern = arena_alloc(p->a, sizeof(*pattern));

        if (!pattern)
            return err_limit(p->e);
        p->bad = &v->members[i].value;
        if (!pattern_compile(v->members[i].name, &pattern->pattern, p->e))
            return false;
        pattern->next = n->patterns;
        n->patterns = pattern;
        if (!child(p, &v->members[i].value, &pattern->node))
            return false;
    }
    return true;
}

static bool read_others(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    return v->kind == JSON_FALSE || child(p, v, &n->others);
}

static bool read_list(struct clean_planner *p, const struct json *v, struct clean_node ***ret,
                      uint32_t *count)
{
    *ret = arena_array(p->a, v->count, sizeof(struct clean_node *));
    if (!*ret)
        return err_limit(p->e);
    for (uint32_t i = 0; i < v->count; i++)
        if (!child(p, &v->items[i], &(*ret)[i]))
            return false;
    *count = v->count;
    return true;
}

static bool read_prefix(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    return v->kind != JSON_ARRAY || read_list(p, v, &n->prefix, &n->prefix_count);
}

/* A list of items was what prefixItems is now. */
static bool read_items(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    return v->kind == JSON_ARRAY ? read_prefix(p, n, v) : child(p, v, &n->rest);
}

static bool read_additional_items(struct clean_planner *p, struct clean_node *n,
                                  const struct json *v)
{
    const struct json *items = json_get(n->source, STR("items"));

    return !items || items->kind != JSON_ARRAY || child(p, v, &n->rest);
}

/* ---- the same value ---- */

static bool add_together(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    struct clean_node **list =
        arena_array(p->a, n->together_count + 1, sizeof(struct clean_node *));

    if (!list)
        return err_limit(p->e);
    if (n->together_count)
        memcpy(list, n->together, n->together_count * sizeof(*list));
    n->together = list;
    return child(p, v, &list[n->together_count++]);
}

static bool read_ref(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    const struct json *target = v->kind == JSON_STRING ? clean_ref(p, v->text) : NULL;

    return !target || add_together(p, n, target);
}

static bool read_all(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        if (!add_together(p, n, &v->items[i]))
            return false;
    return true;
}

/* ---- where nobody can tell beforehand ---- */

static bool is_ours(str name)
{
    return str_is(name, "x-clean") || str_is(name, "x-unknown");
}

static bool forbid(struct clean_planner *p, const struct json *v, const char *below,
                   unsigned depth)
{
    if (depth > CLEAN_DEPTH_MAX)
        return clean_plan_fail(p, v, "the schema refers to itself too deeply");
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        if (!forbid(p, &v->items[i], below, depth + 1))
            return false;
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++) {
        const struct json_member *m = &v->members[i];

        if (is_ours(m->name)) {
            clean_plan_fail(p, &m->value, "'%.*s' below '%s', where it depends on the value",
                            STR_ARG(m->name), below);
            return err_fix(p->e, "put it where it holds for every value, under 'properties'");
        }
        if (!forbid(p, &m->value, below, depth + 1))
            return false;
    }
    return true;
}

struct clean_keyword {
    const char *name;
    bool (*read)(struct clean_planner *p, struct clean_node *n, const struct json *v);
};

/* NULL: nothing below it may be cleaned. */
static const struct clean_keyword keywords[] = {
    {"x-clean", read_clean},
    {"x-unknown", read_unknown},
    {"x-defaults", read_defaults},
    {"type", read_type},
    {"const", read_const},
    {"enum", read_enum},
    {"properties", read_properties},
    {"patternProperties", read_patterns},
    {"additionalProperties", read_others},
    {"prefixItems", read_prefix},
    {"items", read_items},
    {"additionalItems", read_additional_items},
    {"$ref", read_ref},
    {"allOf", read_all},
    {"anyOf", NULL},
    {"oneOf", NULL},
    {"if", NULL},
    {"then", NULL},
    {"else", NULL},
    {"not", NULL},
    {"contains", NULL},
    {"propertyNames", NULL},
    {"dependentSchemas", NULL},
    {"dependencies", NULL},
    {"unevaluatedItems", NULL},
    {"unevaluatedProperties", NULL},
};

bool clean_read_node(struct clean_planner *p, struct clean_node *n)
{
    for (uint32_t i = 0; n->source->kind == JSON_OBJECT && i < n->source->count; i++) {
        const struct json_member *m = &n->source->members[i];

        for (size_t k = 0; k < COUNT(keywords); k++) {
            if (!str_is(m->name, keywords[k].name))
                continue;
            if (keywords[k].read ? !keywords[k].read(p, n, &m->value)
                                 : !forbid(p, &m->value, keywords[k].name, 0))
                return false;
        }
    }
    return true;
}
