/* What one subschema says about cleaning, keyword by keyword. */
#include "schema/clean.h"

#include <stdlib.h>

#define BIT(kind) (1u << (kind))

static unsigned kinds_of(const struct json *type)
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

    for (size_t i = 0; type->kind == JSON_STRING && i < COUNT(types); i++)
        if (str_is(type->text, types[i].name))
            return types[i].kinds;
    return 0;
}

static bool read_type(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    unsigned kinds = kinds_of(v);

    (void)p;
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        kinds |= kinds_of(&v->items[i]);
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

    struct err why = {0};

    if (clean_read(p->a, v, &n->rules, &at, &why))
        return true;
    if (why.code == ERR_LIMIT)
        return err_limit(p->e);
    sources_fail(&p->sources, at, "%s", why.what);
    return why.fix[0] ? err_fix(p->e, "%s", why.fix) : false;
}

static bool read_unknown(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    const struct json *others = json_get(n->source, STR("additionalProperties"));

    if (v->kind != JSON_STRING || !str_is(v->text, "strip")) {
        sources_fail(&p->sources, v, "'x-unknown' is always 'strip'");
        return err_fix(p->e, "to refuse unknown members write 'additionalProperties: false'");
    }
    if (others && others->kind != JSON_FALSE) {
        sources_fail(&p->sources, v,
                     "'x-unknown' beside 'additionalProperties', which allows all");
        return err_fix(p->e, "remove one of the two");
    }
    n->strips = true;
    return true;
}

static bool read_defaults(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    if (n->source == p->sources.root && v->kind == JSON_TRUE)
        return true;
    sources_fail(&p->sources, v, "'x-defaults' stands at the top of a schema and is 'true'");
    return err_fix(p->e, "without it no default is inserted");
}

/* ---- members and items ---- */

static bool child(struct clean_planner *p, const struct clean_node *n,
                  const struct json *source, struct clean_node **ret)
{
    *ret = clean_plan_node(p, source, n->in);
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
        if (!child(p, n, &v->members[i].value, &m->node))
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
        if (!pattern_compile(v->members[i].name, &pattern->pattern, p->e))
            return false;
        pattern->next = n->patterns;
        n->patterns = pattern;
        if (!child(p, n, &v->members[i].value, &pattern->node))
            return false;
    }
    return true;
}

static bool read_others(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    return v->kind == JSON_FALSE || child(p, n, v, &n->others);
}

static bool read_list(struct clean_planner *p, const struct clean_node *n, const struct json *v,
                      struct clean_node ***ret, uint32_t *count)
{
    *ret = arena_array(p->a, v->count, sizeof(struct clean_node *));
    if (!*ret)
        return err_limit(p->e);
    for (uint32_t i = 0; i < v->count; i++)
        if (!child(p, n, &v->items[i], &(*ret)[i]))
            return false;
    *count = v->count;
    return true;
}

static bool read_prefix(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    return v->kind != JSON_ARRAY || read_list(p, n, v, &n->prefix, &n->prefix_count);
}

/* A list of items was what prefixItems is now. */
static bool read_items(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    return v->kind == JSON_ARRAY ? read_prefix(p, n, v) : child(p, n, v, &n->rest);
}

static bool read_additional_items(struct clean_planner *p, struct clean_node *n,
                                  const struct json *v)
{
    const struct json *items = json_get(n->source, STR("items"));

    return !items || items->kind != JSON_ARRAY || child(p, n, v, &n->rest);
}

/* ---- the same value ---- */

static bool add_together(struct clean_planner *p, struct clean_node *n, const struct json *v,
                         const struct resource *in)
{
    struct clean_node **list =
        arena_array(p->a, n->together_count + 1, sizeof(struct clean_node *));

    if (!list)
        return err_limit(p->e);
    if (n->together_count)
        memcpy(list, n->together, n->together_count * sizeof(*list));
    n->together = list;
    list[n->together_count] = clean_plan_node(p, v, in);
    return list[n->together_count++] != NULL;
}

static bool read_ref(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    struct reference to;

    return ref_resolve(&p->sources, n->in, v, &to) && add_together(p, n, to.schema, to.in);
}

static bool read_all(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (!add_together(p, n, &v->items[i], n->in))
            return false;
    return true;
}

/* Where it leads depends on how it was reached. */
static bool read_dynamic(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    struct reference to;

    return ref_resolve(&p->sources, n->in, v, &to) &&
           clean_forbid(p, to.in, to.schema, "$dynamicRef", 0);
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
    {"$dynamicRef", read_dynamic},
    {"$recursiveRef", read_dynamic},
    {"anyOf", clean_read_options},
    {"oneOf", clean_read_options},
    {"if", clean_read_if},
    {"not", NULL},
    {"contains", NULL},
    {"propertyNames", NULL},
    {"dependentSchemas", NULL},
    {"dependencies", NULL},
    {"unevaluatedItems", NULL},
    {"unevaluatedProperties", NULL},
};

static const struct clean_keyword *find_keyword(const struct clean_node *n, str name)
{
    bool alone = dialect_ignores_siblings(n->in->meaning) && json_get(n->source, STR("$ref"));

    /* What means nothing in the schema's dialect may look like anything. */
    if (!str_starts(name, STR("x-")) &&
        ((alone && !str_is(name, "$ref")) || !keyword_find(name, n->in->meaning)))
        return NULL;
    for (size_t k = 0; k < COUNT(keywords); k++)
        if (str_is(name, keywords[k].name))
            return &keywords[k];
    return NULL;
}

bool clean_read_node(struct clean_planner *p, struct clean_node *n)
{
    for (uint32_t i = 0; n->source->kind == JSON_OBJECT && i < n->source->count; i++) {
        const struct json_member *m = &n->source->members[i];
        const struct clean_keyword *k = find_keyword(n, m->name);

        if (k && (k->read ? !k->read(p, n, &m->value)
                          : !clean_forbid(p, n->in, &m->value, k->name, 0)))
            return false;
    }
    return true;
}
