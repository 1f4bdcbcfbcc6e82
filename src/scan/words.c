/* Words: keywords that nobody knows or that do nothing, formats, definitions. */
#include "scan/lint.h"

#include "format/format.h"

static const char *const known[] = {
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
    "$ref",
    "$schema",
    "$vocabulary",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "discriminator",
    "else",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "id",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
    "xml",
};

static bool is_known(str name)
{
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(name, known[i]))
            return true;
    return str_starts(name, STR("x-"));
}

/* Only words near to a keyword that asserts something: any other may be somebody's remark. */
static void check_spelling(struct linter *l, const struct visit *v)
{
    for (uint32_t i = 0; i < v->schema->count; i++) {
        const struct json_member *m = &v->schema->members[i];
        const char *near = is_known(m->name) || m->name.len < 4
                               ? NULL
                               : did_you_mean(m->name, known, COUNT(known));
        struct finding *f;

        if (!near || !kinds_of_keyword(str_of(near)) || lint_has(v->schema, near))
            continue;
        f = lint_add_at(l, v, RULE_MISSPELT, m->at, "'%.*s' is not a keyword",
                        STR_ARG(m->name));
        if (f)
            f->fix = arena_format(l->findings->arena, "did you mean '%s'?", near);
    }
}

static void check_siblings(struct linter *l, const struct visit *v)
{
    for (uint32_t i = 0; i < v->schema->count; i++) {
        const struct json_member *m = &v->schema->members[i];

        if (!kinds_of_keyword(m->name) || str_is(m->name, "$ref"))
            continue;
        lint_add_at(l, v, RULE_REF_SIBLINGS, m->at, "'%.*s' beside $ref is ignored in draft %u",
                    STR_ARG(m->name), l->draft);
    }
}

static void check_idle(struct linter *l, const struct visit *v)
{
    unsigned allowed = kinds_of_type(v->schema);

    for (uint32_t i = 0; i < v->schema->count; i++) {
        const struct json_member *m = &v->schema->members[i];
        unsigned kinds = kinds_of_keyword(m->name);

        if (!kinds || kinds & allowed || str_is(m->name, "format"))
            continue;
        lint_add_at(l, v, RULE_KEYWORD_IDLE, m->at, "'%.*s' has no effect on type %s",
                    STR_ARG(m->name), kinds_name(allowed));
    }
}

static void check_format(struct linter *l, const struct visit *v)
{
    const struct json *format = json_get(v->schema, STR("format"));

    if (!format || format->kind != JSON_STRING || format_find(format->text))
        return;
    lint_add(l, v, RULE_FORMAT_UNKNOWN, format, "no standard knows the format '%.*s'",
             STR_ARG(str_sub(format->text, 0, 60)));
}

void lint_words(struct linter *l, const struct visit *v)
{
    check_spelling(l, v);
    if (!lint_has_siblings(l, v->schema)) {
        check_siblings(l, v);
        return;
    }
    check_idle(l, v);
    check_format(l, v);
}

/* ---- definitions ---- */

static bool is_inside(const struct json *in, const struct json *value)
{
    if (in == value)
        return true;
    for (uint32_t i = 0; in->kind == JSON_OBJECT && i < in->count; i++)
        if (is_inside(&in->members[i].value, value))
            return true;
    for (uint32_t i = 0; in->kind == JSON_ARRAY && i < in->count; i++)
        if (is_inside(&in->items[i], value))
            return true;
    return false;
}

/* To the definition or to a part of it. */
static bool is_referred_to(const struct linter *l, const struct json *in,
                           const struct json *target)
{
    const struct json *found = in->kind == JSON_OBJECT ? lint_target(l, in) : NULL;

    if (found && is_inside(target, found))
        return true;
    for (uint32_t i = 0; in->kind == JSON_OBJECT && i < in->count; i++)
        if (is_referred_to(l, &in->members[i].value, target))
            return true;
    for (uint32_t i = 0; in->kind == JSON_ARRAY && i < in->count; i++)
        if (is_referred_to(l, &in->items[i], target))
            return true;
    return false;
}

/* By an $anchor or by an $id of its own it may be reached in ways not followed here. */
static bool may_be_reached_by_name(const struct json *definition)
{
    return lint_has(definition, "$anchor") || lint_has(definition, "$dynamicAnchor") ||
           lint_has(definition, "$id") || lint_has(definition, "id");
}

void lint_definitions(struct linter *l)
{
    static const char *const places[] = {"$defs", "definitions"};
    const struct json *root = l->schema->root;
    struct visit v = {.schema = root, .position = DECLARES};

    for (size_t i = 0; i < COUNT(places) && !l->own_ids; i++) {
        const struct json *list = json_get(root, str_of(places[i]));

        for (uint32_t j = 0; list && list->kind == JSON_OBJECT && j < list->count; j++) {
            const struct json_member *m = &list->members[j];

            if (may_be_reached_by_name(&m->value) || is_referred_to(l, root, &m->value))
                continue;
            lint_add_at(l, &v, RULE_DEFINITION_UNUSED, m->at,
                        "nothing refers to the definition '%.*s'",
                        STR_ARG(str_sub(m->name, 0, 80)));
        }
    }
}
