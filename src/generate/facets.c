/*
 * facets: what all the schemas that apply to one value ask of it. References and conjunctions
 * are followed, one alternative of each choice is taken.
 */
#include "generate/inside.h"

enum { NESTED_MAX = 40 };

/* ---- references within the schema ---- */

/* "~1" and "~0", and percent signs, which few write. */
static str unescape(struct arena *a, str token)
{
    CLEANUP(buf_free) struct buf out = {0};

    for (size_t i = 0; i < token.len; i++) {
        uint8_t byte;

        if (token.at[i] == '~' && i + 1 < token.len) {
            buf_addc(&out, token.at[++i] == '1' ? '/' : '~');
        } else if (token.at[i] == '%' && hex_read(str_sub(token, i + 1, 2), &byte, 1)) {
            buf_addc(&out, (char)byte);
            i += 2;
        } else {
            buf_addc(&out, token.at[i]);
        }
    }
    return arena_str(a, buf_str(&out));
}

static const struct json *step(struct arena *a, const struct json *v, str token)
{
    uint64_t i;

    if (v->kind == JSON_ARRAY)
        return str_to_u64(token, UINT32_MAX, &i) && i < v->count ? &v->items[i] : NULL;
    return json_get(v, unescape(a, token));
}

static const struct json *by_pointer(struct arena *a, const struct json *v, str pointer)
{
    str token;

    str_cut(&pointer, '/', &token); /* what stands before the first */
    while (v && str_cut(&pointer, '/', &token))
        v = step(a, v, token);
    return v;
}

/* By $id, id, $anchor or $dynamicAnchor, wherever it stands. */
static const struct json *by_name(const struct json *v, str name, unsigned depth)
{
    static const char *const keywords[] = {"$id", "id", "$anchor", "$dynamicAnchor"};
    const struct json *found = NULL;

    if (depth > NESTED_MAX)
        return NULL;
    for (size_t i = 0; v->kind == JSON_OBJECT && i < COUNT(keywords); i++) {
        str id = json_get_str(v, str_of(keywords[i]));

        if (id.len && (str_equal(id, name) ||
                       (id.at[0] == '#' && str_equal(str_sub(id, 1, id.len), name))))
            return v;
    }
    for (uint32_t i = 0; !found && i < v->count; i++)
        if (v->kind == JSON_OBJECT)
            found = by_name(&v->members[i].value, name, depth + 1);
        else if (v->kind == JSON_ARRAY)
            found = by_name(&v->items[i], name, depth + 1);
    return found;
}

static const struct json *resolve(struct maker *m, str reference)
{
    size_t hash = str_find(reference, '#');
    str base = str_sub(reference, 0, hash);
    str fragment = str_sub(reference, hash + 1, reference.len);
    const struct json *from = m->root;

    if (base.len) {
        from = by_name(m->root, base, 0);
        for (size_t i = 0; !from && i < base.len;
             i++) /* relative to a base that we don't track */
            if (base.at[i] == '/')
                from = by_name(m->root, str_sub(base, i + 1, base.len), 0);
    }
    if (!from || !fragment.len)
        return from;
    return fragment.at[0] == '/' ? by_pointer(m->a, from, fragment)
                                 : by_name(from, fragment, 0);
}

/* ---- choices ---- */

/* What ends a recursion for sure. */
static bool is_plain(const struct json *schema)
{
    str type = json_get_str(schema, STR("type"));

    return schema->kind != JSON_OBJECT || json_get(schema, STR("const")) ||
           json_get(schema, STR("enum")) ||
           (type.len && !str_is(type, "object") && !str_is(type, "array"));
}

static bool try_one(struct maker *m, struct facets *f, const struct json *schema,
                    unsigned depth)
{
    unsigned before = f->count;

    if (facets_add(m, f, schema, depth + 1))
        return true;
    f->count = before;
    return false;
}

static bool add_choice(struct maker *m, struct facets *f, const struct json *list,
                       unsigned depth)
{
    uint32_t start;

    if (!list || list->kind != JSON_ARRAY || !list->count)
        return true;
    start = draw(m, list->count);
    for (uint32_t i = 0; m->depth > DEPTH_SPARE && i < list->count; i++)
        if (is_plain(&list->items[i]) && try_one(m, f, &list->items[i], depth))
            return true;
    for (uint32_t i = 0; i < list->count; i++)
        if (try_one(m, f, &list->items[(start + i) % list->count], depth))
            return true;
    return false;
}

static bool add_condition(struct maker *m, struct facets *f, const struct json *schema,
                          unsigned depth)
{
    const struct json *condition = json_get(schema, STR("if"));
    const struct json *then = json_get(schema, STR("then"));
    const struct json *otherwise = json_get(schema, STR("else"));
    unsigned before = f->count;

    if (!condition || (!then && !otherwise))
        return true;
    if (draw(m, 2) && facets_add(m, f, condition, depth + 1) &&
        (!then || facets_add(m, f, then, depth + 1)))
        return true;
    f->count = before;
    return !otherwise || facets_add(m, f, otherwise, depth + 1);
}

static bool add_reference(struct maker *m, struct facets *f, const struct json *schema,
                          const char *keyword, unsigned depth)
{
    str reference = json_get_str(schema, str_of(keyword));
    const struct json *target = reference.len ? resolve(m, reference) : NULL;

    return !target || facets_add(m, f, target, depth + 1);
}

bool facets_add(struct maker *m, struct facets *f, const struct json *schema, unsigned depth)
{
    const struct json *all;

    if (schema->kind != JSON_OBJECT)
        return schema->kind != JSON_FALSE;
    if (depth > NESTED_MAX || f->count == FACETS_MAX)
        return false;
    f->list[f->count++] = schema;
    all = json_get(schema, STR("allOf"));
    for (uint32_t i = 0; all && all->kind == JSON_ARRAY && i < all->count; i++)
        if (!facets_add(m, f, &all->items[i], depth + 1))
            return false;
    return add_reference(m, f, schema, "$ref", depth) &&
           add_reference(m, f, schema, "$dynamicRef", depth) &&
           add_reference(m, f, schema, "$recursiveRef", depth) &&
           add_choice(m, f, json_get(schema, STR("anyOf")), depth) &&
           add_choice(m, f, json_get(schema, STR("oneOf")), depth) &&
           add_condition(m, f, schema, depth);
}

/* ---- what they say ---- */

const struct json *facets_get(const struct facets *f, const char *keyword)
{
    for (unsigned i = 0; i < f->count; i++) {
        const struct json *v = json_get(f->list[i], str_of(keyword));

        if (v)
            return v;
    }
    return NULL;
}

bool facets_number(const struct facets *f, const char *keyword, bool largest, double *ret)
{
    bool found = false;

    for (unsigned i = 0; i < f->count; i++) {
        const struct json *v = json_get(f->list[i], str_of(keyword));
        double n;

        if (!v || !json_is_number(v, &n) || (found && (largest ? n <= *ret : n >= *ret)))
            continue;
        *ret = n;
        found = true;
    }
    return found;
}

void facets_bounds(const struct facets *f, const char *least_keyword, const char *most_keyword,
                   size_t *least, size_t *most)
{
    double n;

    *least = facets_number(f, least_keyword, true, &n) && n > 0 && n < 1e9 ? (size_t)n : 0;
    *most =
        facets_number(f, most_keyword, false, &n) && n >= 0 && n < 1e9 ? (size_t)n : SIZE_MAX;
}

/* ---- types ---- */

static const struct {
    const char *name;
    unsigned types;
} type_names[] = {
    {"null", TYPE_NULL},       {"boolean", TYPE_BOOLEAN},
    {"integer", TYPE_INTEGER}, {"number", TYPE_NUMBER | TYPE_INTEGER},
    {"string", TYPE_STRING},   {"array", TYPE_ARRAY},
    {"object", TYPE_OBJECT},
};

/* Keywords that speak of one type let it be meant where no `type` stands. */
static const struct {
    const char *keyword;
    unsigned types;
} meant[] = {
    {"properties", TYPE_OBJECT},
    {"required", TYPE_OBJECT},
    {"additionalProperties", TYPE_OBJECT},
    {"patternProperties", TYPE_OBJECT},
    {"minProperties", TYPE_OBJECT},
    {"items", TYPE_ARRAY},
    {"prefixItems", TYPE_ARRAY},
    {"minItems", TYPE_ARRAY},
    {"contains", TYPE_ARRAY},
    {"uniqueItems", TYPE_ARRAY},
    {"minLength", TYPE_STRING},
    {"maxLength", TYPE_STRING},
    {"pattern", TYPE_STRING},
    {"format", TYPE_STRING},
    {"minimum", TYPE_NUMBER},
    {"maximum", TYPE_NUMBER},
    {"exclusiveMinimum", TYPE_NUMBER},
    {"exclusiveMaximum", TYPE_NUMBER},
    {"multipleOf", TYPE_NUMBER},
};

static unsigned type_named(str name)
{
    for (size_t i = 0; i < COUNT(type_names); i++)
        if (str_is(name, type_names[i].name))
            return type_names[i].types;
    return 0;
}

static unsigned types_said(const struct json *schema)
{
    const struct json *type = json_get(schema, STR("type"));
    const struct json *nullable = json_get(schema, STR("nullable"));
    unsigned types = 0;

    if (!type)
        return TYPE_ALL;
    if (type->kind == JSON_STRING)
        types = type_named(type->text);
    for (uint32_t i = 0; type->kind == JSON_ARRAY && i < type->count; i++)
        if (type->items[i].kind == JSON_STRING)
            types |= type_named(type->items[i].text);
    if (nullable && nullable->kind == JSON_TRUE)
        types |= TYPE_NULL;
    return types;
}

unsigned types_of(const struct facets *f)
{
    unsigned types = TYPE_ALL, hinted = 0;

    for (unsigned i = 0; i < f->count; i++)
        types &= types_said(f->list[i]);
    if (types != TYPE_ALL)
        return types;
    for (size_t i = 0; i < COUNT(meant); i++)
        if (facets_get(f, meant[i].keyword))
            hinted |= meant[i].types;
    return hinted ? hinted : TYPE_ALL;
}
