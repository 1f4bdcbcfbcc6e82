/* Rules that send members and items to schemas of their own: several keywords, one rule. */
#include "schema/compiler.h"

static bool optional_child(struct site *s, const struct json *source, struct node **ret)
{
    if (!source)
        return true;
    *ret = compile_child(s, source);
    return *ret != NULL;
}

/* Whether another schema may look at the same value and leave word of what it saw. */
static bool has_neighbours(const struct site *s)
{
    static const char *const names[] = {"$ref",  "$dynamicRef",  "$recursiveRef",
                                        "allOf", "anyOf",        "oneOf",
                                        "if",    "dependencies", "dependentSchemas"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (json_get(s->node->source, str_of(names[i])))
            return true;
    return false;
}

/* ---- arrays ---- */

static bool set_prefix(struct site *s, struct array_rules *rules, const struct json *list)
{
    rules->prefix = arena_array(s->c->a, list->count, sizeof(struct node *));
    if (!rules->prefix)
        return err_limit(s->c->e);
    rules->prefix_count = list->count;
    for (uint32_t i = 0; i < list->count; i++)
        if (!(rules->prefix[i] = compile_child(s, &list->items[i])))
            return false;
    return true;
}

/* A list of schemas and one for the rest, by the names of each draft. */
struct items_parts {
    const struct json *prefix, *rest;
    const struct keyword *prefix_keyword, *rest_keyword;
};

static bool find_items(struct site *s, struct items_parts *p)
{
    const struct keyword *k;
    const struct json *items;

    if (!compile_sibling(s, "prefixItems", &p->prefix_keyword, &p->prefix) ||
        !compile_sibling(s, "items", &k, &items))
        return false;
    if (!items || items->kind != JSON_ARRAY) {
        p->rest = items;
        p->rest_keyword = k;
        return true;
    }
    p->prefix = items;
    p->prefix_keyword = k;
    return compile_sibling(s, "additionalItems", &p->rest_keyword, &p->rest);
}

static bool add_array(struct site *s)
{
    struct array_rules *rules = arena_alloc(s->c->a, sizeof(*rules));
    struct items_parts p = {0};
    const struct json *value;
    struct rule *r;

    if (s->array_done)
        return true;
    s->array_done = true;
    if (!rules)
        return err_limit(s->c->e);
    if (!find_items(s, &p))
        return false;
    if (!p.rest && !has_neighbours(s) && !json_get(s->node->source, STR("contains")) &&
        !compile_sibling(s, "unevaluatedItems", &p.rest_keyword, &p.rest))
        return false;
    value = p.prefix ? p.prefix : p.rest;
    if (!value)
        return true;
    r = compile_rule(s, RULE_ARRAY, p.prefix ? p.prefix_keyword : p.rest_keyword, value,
                     ARRAYS);
    r->array = rules;
    rules->prefix_keyword = p.prefix_keyword;
    rules->rest_keyword = p.rest_keyword;
    return (!p.prefix || set_prefix(s, rules, p.prefix)) &&
           optional_child(s, p.rest, &rules->rest);
}

bool add_items(struct site *s, const struct keyword *k, const struct json *value)
{
    (void)k;
    (void)value;
    return add_array(s);
}

/* Means something beside a list of items only, where it is read together with that. */
bool add_additional_items(struct site *s, const struct keyword *k, const struct json *value)
{
    return add_definition(s, k, value);
}

bool add_contains(struct site *s, const struct keyword *k, const struct json *value)
{
    struct rule *r = compile_rule(s, RULE_CONTAINS, k, value, ARRAYS);
    const struct json *least, *most;

    r->least = 1;
    r->most = UINT32_MAX;
    r->marks = s->node->in->meaning.dialect >= DRAFT_2020;
    r->nodes = arena_alloc(s->c->a, sizeof(struct node *));
    r->count = 1;
    if (!r->nodes)
        return err_limit(s->c->e);
    if (!compile_sibling(s, "minContains", NULL, &least) ||
        !compile_sibling(s, "maxContains", NULL, &most))
        return false;
    r->nodes[0] = compile_child(s, value);
    return r->nodes[0] && (!least || compile_count(s->c, least, &r->least)) &&
           (!most || compile_count(s->c, most, &r->most));
}

/* ---- objects ---- */

struct object_parts {
    const struct json *properties, *patterns, *others, *names, *required;
    const struct keyword *others_keyword;
};

static bool find_object(struct site *s, struct object_parts *p)
{
    if (!compile_sibling(s, "properties", NULL, &p->properties) ||
        !compile_sibling(s, "patternProperties", NULL, &p->patterns) ||
        !compile_sibling(s, "additionalProperties", &p->others_keyword, &p->others) ||
        !compile_sibling(s, "propertyNames", NULL, &p->names) ||
        !compile_sibling(s, "required", NULL, &p->required))
        return false;
    return p->others || has_neighbours(s) ||
           compile_sibling(s, "unevaluatedProperties", &p->others_keyword, &p->others);
}

/* Names stand in `index` by their hash: the number of their property + 1. */
static struct property_rule *find_property(struct object_rules *rules, uint32_t *index,
                                           uint32_t mask, str name)
{
    uint32_t slot = json_hash(name) & mask;

    for (; index[slot]; slot = (slot + 1) & mask)
        if (str_equal(rules->properties[index[slot] - 1].name, name))
            return &rules->properties[index[slot] - 1];
    index[slot] = ++rules->count;
    rules->properties[rules->count - 1].name = name;
    return &rules->properties[rules->count - 1];
}

static bool list_properties(struct site *s, const struct object_parts *p,
                            struct object_rules *rules)
{
    uint32_t known = p->properties ? p->properties->count : 0;
    uint32_t required = p->required ? p->required->count : 0, mask = 3, *index;

    while (mask < ((uint64_t)known + required) * 2)
        mask = mask * 2 + 1;
    index = arena_array(s->c->a, (size_t)mask + 1, sizeof(*index));
    rules->properties =
        arena_array(s->c->a, (size_t)known + required, sizeof(*rules->properties));
    if (!index || !rules->properties)
        return err_limit(s->c->e);
    for (uint32_t i = 0; i < known; i++) {
        const struct json_member *m = &p->properties->members[i];
        struct property_rule *property = find_property(rules, index, mask, m->name);

        property->node = compile_child(s, &m->value);
        if (!property->node)
            return false;
    }
    for (uint32_t i = 0; i < required; i++) {
        struct property_rule *property =
            find_property(rules, index, mask, p->required->items[i].text);

        rules->required += !property->required;
        property->required = true;
    }
    return true;
}

static bool list_patterns(struct site *s, const struct json *patterns,
                          struct object_rules *rules)
{
    uint32_t count = patterns ? patterns->count : 0;
    struct pattern_rule *list = arena_array(s->c->a, count, sizeof(*list));

    if (!list)
        return err_limit(s->c->e);
    for (uint32_t i = 0; i < count; i++) {
        const struct json_member *m = &patterns->members[i];

        list[i].text = m->name;
        list[i].name = compile_pattern_term(s->c, &m->value, m->name);
        list[i].node = list[i].name ? compile_child(s, &m->value) : NULL;
        if (!list[i].node)
            return false;
    }
    rules->patterns = list;
    rules->pattern_count = count;
    return true;
}

bool add_object(struct site *s, const struct keyword *k, const struct json *value)
{
    struct object_rules *rules = arena_alloc(s->c->a, sizeof(*rules));
    struct object_parts p = {0};
    struct rule *r;

    if (s->object_done)
        return true;
    s->object_done = true;
    if (!rules)
        return err_limit(s->c->e);
    r = compile_rule(s, RULE_OBJECT, k, value, OBJECTS);
    r->object = rules;
    if (!find_object(s, &p))
        return false;
    rules->others_keyword = p.others_keyword;
    return list_properties(s, &p, rules) && list_patterns(s, p.patterns, rules) &&
           optional_child(s, p.others, &rules->others) &&
           optional_child(s, p.names, &rules->names);
}

/* ---- what no other keyword has looked at ---- */

/* Without neighbours it is additionalProperties, or items, by another name. */
bool add_unevaluated(struct site *s, const struct keyword *k, const struct json *value)
{
    bool items = str_is(str_of(k->name), "unevaluatedItems");
    bool simple = !has_neighbours(s) && !(items && json_get(s->node->source, STR("contains")));
    struct rule *r;

    if (simple)
        return items ? add_array(s) : add_object(s, k, value);
    r = compile_rule(s, items ? RULE_UNEVALUATED_ITEMS : RULE_UNEVALUATED_PROPERTIES, k, value,
                     items ? ARRAYS : OBJECTS);
    r->nodes = arena_alloc(s->c->a, sizeof(struct node *));
    r->count = 1;
    if (!r->nodes)
        return err_limit(s->c->e);
    r->nodes[0] = compile_child(s, value);
    return r->nodes[0] != NULL;
}
