/* From a keyword's value to what its step holds. */
#include "schema/compiler.h"

bool compile_number(struct compiler *c, const struct json *v, struct decimal *ret)
{
    if (!decimal_read(v->text, ret))
        return compile_fail(c, v, "this number cannot be judged");
    return true;
}

/* A count past what any value can have is as good as the largest. */
bool compile_count(struct compiler *c, const struct json *v, uint64_t *ret)
{
    struct decimal d;
    uint64_t n = 0;

    if (!compile_number(c, v, &d))
        return false;
    if (d.point > 18) {
        *ret = UINT64_MAX;
        return true;
    }
    for (int64_t i = 0; i < d.point; i++)
        n = n * 10 + decimal_digit(&d, (size_t)i);
    *ret = n;
    return true;
}

bool compile_pattern(struct compiler *c, const struct json *at, str text, struct pattern **ret)
{
    struct pattern_list *kept = arena_alloc(c->a, sizeof(*kept));
    struct err e = {0};

    if (!kept)
        return err_limit(c->e);
    if (pattern_compile(text, &kept->pattern, &e)) {
        kept->next = c->schema->patterns;
        c->schema->patterns = kept;
        *ret = kept->pattern;
        return true;
    }
    if (e.code != ERR_INPUT)
        return err_set(c->e, e.code, "%s", e.what);
    compile_fail(c, at, "the pattern '%.*s' is wrong: %s", STR_ARG(str_sub(text, 0, 100)),
                 e.what);
    return err_fix(c->e, "%s", e.fix);
}

const struct block **compile_blocks(struct compiler *c, const struct json *schemas)
{
    const struct block **list = arena_array(c->a, schemas->count, sizeof(struct block *));

    if (!list)
        err_limit(c->e);
    for (uint32_t i = 0; list && i < schemas->count; i++) {
        list[i] = compile_block(c, &schemas->items[i]);
        if (!list[i])
            return NULL;
    }
    return list;
}

str *compile_texts(struct compiler *c, const struct json *strings)
{
    str *list = arena_array(c->a, strings->count, sizeof(str));

    if (!list)
        err_limit(c->e);
    for (uint32_t i = 0; list && i < strings->count; i++)
        list[i] = strings->items[i].text;
    return list;
}

/* ---- enum and const ---- */

static bool add_set(struct site *s, const struct keyword *k, const struct json *source,
                    const struct json *values, uint32_t count)
{
    struct compiler *c = s->c;
    struct value_set *set = arena_alloc(c->a, sizeof(*set));
    const struct json **others = arena_array(c->a, count, sizeof(struct json *));
    str *strings = arena_array(c->a, count, sizeof(str));
    uint32_t string_count = 0;

    if (!set || !others || !strings)
        return err_limit(c->e);
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].kind == JSON_STRING)
            strings[string_count++] = values[i].text;
        else if (KIND(values[i].kind) & (KIND(JSON_NULL) | BOOLEANS))
            set->kinds |= KIND(values[i].kind);
        else
            others[set->other_count++] = &values[i];
    }
    set->others = others;
    compile_step(s, k->op, source)->values = set;
    if (!names_build(c->a, strings, string_count, c->schema->seed, &set->strings))
        return err_limit(c->e);
    return true;
}

bool add_values(struct site *s, const struct keyword *k, const struct json *value)
{
    return add_set(s, k, value, value->items, value->count);
}

bool add_const(struct site *s, const struct keyword *k, const struct json *value)
{
    return add_set(s, k, value, value, 1);
}

/* ---- arrays: five keywords, one step ---- */

static bool optional_block(struct compiler *c, const struct json *source,
                           const struct block **ret)
{
    if (!source)
        return true;
    *ret = compile_block(c, source);
    return *ret != NULL;
}

static bool optional_count(struct compiler *c, const struct json *source, uint64_t *ret)
{
    return !source || compile_count(c, source, ret);
}

/* The keyword of the site, when it stands there with the value that it must have. */
static bool sibling(struct site *s, const char *name, const struct json **ret)
{
    *ret = json_get(s->schema, str_of(name));
    return !*ret || shape_check(s->c, keyword_find(str_of(name)), *ret);
}

bool add_array(struct site *s, const struct keyword *k, const struct json *value)
{
    struct array_rules *rules;
    const struct json *prefix, *items, *contains, *least, *most;

    (void)k;
    if (s->array_done)
        return true;
    s->array_done = true;
    rules = arena_alloc(s->c->a, sizeof(*rules));
    if (!rules)
        return err_limit(s->c->e);
    rules->least = 1;
    rules->most = UINT64_MAX;
    compile_step(s, &op_array, value)->array = rules;
    if (!sibling(s, "prefixItems", &prefix) || !sibling(s, "items", &items) ||
        !sibling(s, "contains", &contains) || !sibling(s, "minContains", &least) ||
        !sibling(s, "maxContains", &most))
        return false;
    rules->prefix_count = prefix ? prefix->count : 0;
    rules->prefix = prefix ? compile_blocks(s->c, prefix) : NULL;
    return (rules->prefix || !prefix) && optional_block(s->c, items, &rules->items) &&
           optional_block(s->c, contains, &rules->contains) &&
           optional_count(s->c, least, &rules->least) &&
           optional_count(s->c, most, &rules->most);
}

/* ---- objects: five keywords, one step ---- */

struct object_parts {
    const struct json *properties, *patterns, *others, *names, *required;
};

/* Names of both keywords; one that stands in both is there twice until joined. */
static bool list_names(struct compiler *c, const struct object_parts *parts,
                       struct object_rules *rules)
{
    uint32_t known = parts->properties ? parts->properties->count : 0;
    uint32_t required = parts->required ? parts->required->count : 0;
    str *names = arena_array(c->a, (size_t)known + required, sizeof(*names));
    struct property *list = arena_array(c->a, (size_t)known + required, sizeof(*list));

    if (!names || !list)
        return err_limit(c->e);
    for (uint32_t i = 0; i < known; i++) {
        names[i] = parts->properties->members[i].name;
        list[i].block = compile_block(c, &parts->properties->members[i].value);
        if (!list[i].block)
            return false;
    }
    for (uint32_t i = 0; i < required; i++)
        names[known + i] = parts->required->items[i].text;
    if (!names_build(c->a, names, known + required, c->schema->seed, &rules->names))
        return err_limit(c->e);
    for (uint32_t i = 0; i < required; i++) {
        struct property *p = &list[names_find(&rules->names, names[known + i])];

        rules->required += !p->required;
        p->required = true;
    }
    rules->properties = list;
    return true;
}

static bool list_patterns(struct compiler *c, const struct json *patterns,
                          struct object_rules *rules)
{
    uint32_t count = patterns ? patterns->count : 0;
    struct pattern_property *list = arena_array(c->a, count, sizeof(*list));

    if (!list)
        return err_limit(c->e);
    for (uint32_t i = 0; i < count; i++) {
        const struct json_member *m = &patterns->members[i];

        if (!compile_pattern(c, &m->value, m->name, &list[i].pattern))
            return false;
        list[i].block = compile_block(c, &m->value);
        if (!list[i].block)
            return false;
    }
    rules->patterns = list;
    rules->pattern_count = count;
    return true;
}

bool add_object(struct site *s, const struct keyword *k, const struct json *value)
{
    struct object_parts parts;
    struct object_rules *rules;

    (void)k;
    if (s->object_done)
        return true;
    s->object_done = true;
    rules = arena_alloc(s->c->a, sizeof(*rules));
    if (!rules)
        return err_limit(s->c->e);
    compile_step(s, &op_object, value)->object = rules;
    if (!sibling(s, "properties", &parts.properties) ||
        !sibling(s, "patternProperties", &parts.patterns) ||
        !sibling(s, "additionalProperties", &parts.others) ||
        !sibling(s, "propertyNames", &parts.names) || !sibling(s, "required", &parts.required))
        return false;
    return list_names(s->c, &parts, rules) && list_patterns(s->c, parts.patterns, rules) &&
           optional_block(s->c, parts.others, &rules->others) &&
           optional_block(s->c, parts.names, &rules->name_block);
}
