/* The keywords: what may stand behind each, since when it exists, and what it becomes. */
#include "schema/compiler.h"

static bool add_type(struct site *s, const struct keyword *k, const struct json *value);
static bool add_count(struct site *s, const struct keyword *k, const struct json *value);
static bool add_bound(struct site *s, const struct keyword *k, const struct json *value);
static bool add_pattern(struct site *s, const struct keyword *k, const struct json *value);
static bool add_unique(struct site *s, const struct keyword *k, const struct json *value);
static bool add_branches(struct site *s, const struct keyword *k, const struct json *value);
static bool add_not(struct site *s, const struct keyword *k, const struct json *value);
static bool add_if(struct site *s, const struct keyword *k, const struct json *value);
static bool add_definitions(struct site *s, const struct keyword *k, const struct json *value);
static bool add_dependent_required(struct site *s, const struct keyword *k,
                                   const struct json *value);
static bool add_dependent_schemas(struct site *s, const struct keyword *k,
                                  const struct json *value);
static bool add_definition(struct site *s, const struct keyword *k, const struct json *value);

#define LATER "a later version will enforce it; until then write the rule without it"

// clang-format off
static const struct keyword keywords[] = {
    {"$schema", STRING, DRAFT_4, add_dialect},
    {"$id", STRING, DRAFT_6, add_id},
    {"id", STRING, DRAFT_4, add_id},
    {"$ref", STRING, DRAFT_4, add_ref, &op_ref},
    {"$anchor", STRING, DRAFT_2019, add_anchor},
    {"$defs", SCHEMAS_BY_NAME, DRAFT_4, add_definitions},
    {"definitions", SCHEMAS_BY_NAME, DRAFT_4, add_definitions},

    {"type", TYPES, DRAFT_4, add_type},
    {"enum", VALUES, DRAFT_4, add_values, &op_enum},
    {"const", ANYTHING, DRAFT_6, add_const, &op_const},
    {"multipleOf", DIVISOR, DRAFT_4, add_bound, &op_multiple_of},
    {"maximum", NUMBER, DRAFT_4, add_bound, &op_maximum},
    {"exclusiveMaximum", NUMBER, DRAFT_4, add_bound, &op_exclusive_maximum},
    {"minimum", NUMBER, DRAFT_4, add_bound, &op_minimum},
    {"exclusiveMinimum", NUMBER, DRAFT_4, add_bound, &op_exclusive_minimum},
    {"maxLength", COUNT_SHAPE, DRAFT_4, add_count, &op_max_length},
    {"minLength", COUNT_SHAPE, DRAFT_4, add_count, &op_min_length},
    {"pattern", STRING, DRAFT_4, add_pattern, &op_pattern},

    {"prefixItems", SCHEMAS, DRAFT_2020, add_array, &op_array},
    {"items", SCHEMA, DRAFT_4, add_array, &op_array},
    {"contains", SCHEMA, DRAFT_6, add_array, &op_array},
    {"maxContains", COUNT_SHAPE, DRAFT_2019, add_array, &op_array},
    {"minContains", COUNT_SHAPE, DRAFT_2019, add_array, &op_array},
    {"maxItems", COUNT_SHAPE, DRAFT_4, add_count, &op_max_items},
    {"minItems", COUNT_SHAPE, DRAFT_4, add_count, &op_min_items},
    {"uniqueItems", BOOLEAN, DRAFT_4, add_unique, &op_unique_items},

    {"properties", SCHEMAS_BY_NAME, DRAFT_4, add_object, &op_object},
    {"patternProperties", SCHEMAS_BY_NAME, DRAFT_4, add_object, &op_object},
    {"additionalProperties", SCHEMA, DRAFT_4, add_object, &op_object},
    {"propertyNames", SCHEMA, DRAFT_6, add_object, &op_object},
    {"required", NAMES, DRAFT_4, add_object, &op_object},
    {"maxProperties", COUNT_SHAPE, DRAFT_4, add_count, &op_max_properties},
    {"minProperties", COUNT_SHAPE, DRAFT_4, add_count, &op_min_properties},
    {"dependentRequired", NAMES_BY_NAME, DRAFT_2019, add_dependent_required,
     &op_dependent_required},
    {"dependentSchemas", SCHEMAS_BY_NAME, DRAFT_2019, add_dependent_schemas,
     &op_dependent_schemas},

    {"allOf", SCHEMAS, DRAFT_4, add_branches, &op_all_of},
    {"anyOf", SCHEMAS, DRAFT_4, add_branches, &op_any_of},
    {"oneOf", SCHEMAS, DRAFT_4, add_branches, &op_one_of},
    {"not", SCHEMA, DRAFT_4, add_not, &op_not},
    {"if", SCHEMA, DRAFT_7, add_if, &op_if},
    {"then", SCHEMA, DRAFT_7, add_definition, &op_if},
    {"else", SCHEMA, DRAFT_7, add_definition, &op_if},

    {"title", STRING, DRAFT_4},
    {"description", STRING, DRAFT_4},
    {"default", ANYTHING, DRAFT_4},
    {"examples", ANYTHING, DRAFT_4},
    {"deprecated", BOOLEAN, DRAFT_4},
    {"readOnly", BOOLEAN, DRAFT_4},
    {"writeOnly", BOOLEAN, DRAFT_4},
    {"$comment", STRING, DRAFT_4},
    {"format", STRING, DRAFT_4},
    {"contentEncoding", STRING, DRAFT_4},
    {"contentMediaType", STRING, DRAFT_4},
    {"contentSchema", SCHEMA, DRAFT_2019},
    /* What editors read, common in published schemas: */
    {"markdownDescription", ANYTHING, DRAFT_4},
    {"enumDescriptions", ANYTHING, DRAFT_4},
    {"markdownEnumDescriptions", ANYTHING, DRAFT_4},
    {"defaultSnippets", ANYTHING, DRAFT_4},
    {"deprecationMessage", ANYTHING, DRAFT_4},
    {"errorMessage", ANYTHING, DRAFT_4},
    {"patternErrorMessage", ANYTHING, DRAFT_4},
    {"doNotSuggest", ANYTHING, DRAFT_4},
    {"tsType", ANYTHING, DRAFT_4},

    {"unevaluatedItems", REFUSED, .fix = LATER},
    {"unevaluatedProperties", REFUSED,
     .fix = "write additionalProperties where the properties are named"},
    {"$dynamicRef", REFUSED, .fix = "write $ref"},
    {"$dynamicAnchor", REFUSED, .fix = "write $anchor"},
    {"$recursiveRef", REFUSED, .fix = "write $ref"},
    {"$recursiveAnchor", REFUSED, .fix = "remove it and write \"$ref\": \"#\""},
    {"$vocabulary", REFUSED, .fix = "remove it: all keywords that fnward knows are enforced"},
    {"additionalItems", REFUSED, .fix = "write prefixItems and items, as 2020-12 has them"},
    {"dependencies", REFUSED, .fix = "write dependentRequired or dependentSchemas"},
    {"disallow", REFUSED, .fix = "write not"},
    {"divisibleBy", REFUSED, .fix = "write multipleOf"},
    {"extends", REFUSED, .fix = "write allOf"},
    {"nullable", REFUSED, .fix = "write \"type\": [..., \"null\"]"},
    {"example", REFUSED, .fix = "write examples, an array"},
    {"discriminator", REFUSED, .fix = "remove it: oneOf alone decides"},
};
// clang-format on

const struct keyword *keyword_find(str name)
{
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (str_is(name, keywords[i].name))
            return &keywords[i];
    return NULL;
}

const char *keyword_nearest(str name)
{
    const char *names[COUNT(keywords)];

    for (size_t i = 0; i < COUNT(keywords); i++)
        names[i] = keywords[i].name;
    return did_you_mean(name, names, COUNT(names));
}

/* ---- type ---- */

static const struct {
    str name;
    unsigned kinds;
} types[] = {
    {STR_INIT("null"), KIND(JSON_NULL)},      {STR_INIT("boolean"), BOOLEANS},
    {STR_INIT("object"), KIND(JSON_OBJECT)},  {STR_INIT("array"), KIND(JSON_ARRAY)},
    {STR_INIT("number"), KIND(JSON_NUMBER)},  {STR_INIT("string"), KIND(JSON_STRING)},
    {STR_INIT("integer"), KIND(JSON_NUMBER)},
};

static bool add_one_type(struct site *s, const struct json *value, bool *any_number)
{
    const char *names[COUNT(types)], *nearest;

    for (size_t i = 0; i < COUNT(types); i++) {
        names[i] = types[i].name.at;
        if (!str_equal(value->text, types[i].name))
            continue;
        s->block->kinds |= types[i].kinds;
        s->block->whole |= str_is(value->text, "integer");
        *any_number |= str_is(value->text, "number");
        return true;
    }
    compile_fail(s->c, value, "'%.*s' is not a type", STR_ARG(value->text));
    nearest = did_you_mean(value->text, names, COUNT(names));
    if (nearest)
        return err_fix(s->c->e, "did you mean '%s'?", nearest);
    return err_fix(s->c->e, "types are null, boolean, object, array, number, integer, string");
}

static bool add_type(struct site *s, const struct keyword *k, const struct json *value)
{
    const struct json *list = value->kind == JSON_ARRAY ? value->items : value;
    uint32_t count = value->kind == JSON_ARRAY ? value->count : 1;
    bool any_number = false;

    (void)k;
    s->block->kinds = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!add_one_type(s, &list[i], &any_number))
            return false;
    s->block->whole &= !any_number;
    s->block->whole_as_written = s->c->dialect == DRAFT_4;
    return true;
}

/* ---- one operand ---- */

static bool add_count(struct site *s, const struct keyword *k, const struct json *value)
{
    return compile_count(s->c, value, &compile_step(s, k->op, value)->count);
}

static bool add_bound(struct site *s, const struct keyword *k, const struct json *value)
{
    struct decimal *d = arena_alloc(s->c->a, sizeof(*d));

    if (!d)
        return err_limit(s->c->e);
    compile_step(s, k->op, value)->bound = d;
    return compile_number(s->c, value, d);
}

static bool add_pattern(struct site *s, const struct keyword *k, const struct json *value)
{
    return compile_pattern(s->c, value, value->text, &compile_step(s, k->op, value)->pattern);
}

static bool add_unique(struct site *s, const struct keyword *k, const struct json *value)
{
    if (value->kind == JSON_TRUE)
        compile_step(s, k->op, value);
    return true;
}

/* ---- blocks that judge the same value ---- */

static bool set_branches(struct site *s, struct step *step, const struct json *first,
                         const struct json *second, const struct json *third)
{
    const struct json *sources[] = {first, second, third};
    const struct block **list = arena_array(s->c->a, COUNT(sources), sizeof(struct block *));

    if (!list)
        return err_limit(s->c->e);
    for (size_t i = 0; i < COUNT(sources); i++)
        if (sources[i] && !(list[i] = compile_block(s->c, sources[i])))
            return false;
    step->blocks = list;
    step->block_count = second || third ? COUNT(sources) : 1;
    return true;
}

static bool add_branches(struct site *s, const struct keyword *k, const struct json *value)
{
    struct step *step = compile_step(s, k->op, value);

    step->block_count = value->count;
    step->blocks = compile_blocks(s->c, value);
    return step->blocks != NULL;
}

static bool add_not(struct site *s, const struct keyword *k, const struct json *value)
{
    return set_branches(s, compile_step(s, k->op, value), value, NULL, NULL);
}

static bool add_if(struct site *s, const struct keyword *k, const struct json *value)
{
    const struct json *then = json_get(s->schema, STR("then"));
    const struct json *otherwise = json_get(s->schema, STR("else"));

    if (!then && !otherwise)
        return compile_block(s->c, value) != NULL;
    return set_branches(s, compile_step(s, k->op, value), value, then, otherwise);
}

/* ---- what is compiled though nothing here refers to it ---- */

static bool add_definition(struct site *s, const struct keyword *k, const struct json *value)
{
    (void)k;
    return compile_block(s->c, value) != NULL;
}

static bool add_definitions(struct site *s, const struct keyword *k, const struct json *value)
{
    (void)k;
    for (uint32_t i = 0; i < value->count; i++)
        if (!compile_block(s->c, &value->members[i].value))
            return false;
    return true;
}

/* ---- dependencies: a step for each name ---- */

static struct dependency *new_dependency(struct site *s, const struct keyword *k,
                                         const struct json_member *m, struct step **step)
{
    struct dependency *d = arena_alloc(s->c->a, sizeof(*d));

    if (!d) {
        err_limit(s->c->e);
        return NULL;
    }
    d->name = m->name;
    *step = compile_step(s, k->op, &m->value);
    (*step)->dependency = d;
    return d;
}

static bool add_dependent_required(struct site *s, const struct keyword *k,
                                   const struct json *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        const struct json_member *m = &value->members[i];
        struct step *step;
        struct dependency *d = new_dependency(s, k, m, &step);

        if (!d)
            return false;
        d->need_count = m->value.count;
        d->needs = compile_texts(s->c, &m->value);
        if (!d->needs)
            return false;
    }
    return true;
}

static bool add_dependent_schemas(struct site *s, const struct keyword *k,
                                  const struct json *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        const struct json_member *m = &value->members[i];
        struct step *step;

        if (!new_dependency(s, k, m, &step) || !set_branches(s, step, &m->value, NULL, NULL))
            return false;
    }
    return true;
}
