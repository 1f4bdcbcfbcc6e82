/* Keywords of one subschema that contradict each other, and values that it lists in vain. */
#include "scan/lint.h"

static const struct {
    const char *least, *most;
} pairs[] = {
    {"minimum", "maximum"},          {"minLength", "maxLength"},
    {"minItems", "maxItems"},        {"minProperties", "maxProperties"},
    {"minContains", "maxContains"},  {"exclusiveMinimum", "maximum"},
    {"minimum", "exclusiveMaximum"}, {"exclusiveMinimum", "exclusiveMaximum"},
};

static void check_pairs(struct linter *l, const struct visit *v)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const struct json *least = json_get(v->schema, str_of(pairs[i].least));
        const struct json *most = json_get(v->schema, str_of(pairs[i].most));
        struct finding *f;
        double low, high;

        if (!json_is_number(least, &low) || !json_is_number(most, &high) || low <= high)
            continue;
        f = lint_add(l, v, RULE_CONTRADICTION, least, "'%s' is %.*s, above '%s', which is %.*s",
                     pairs[i].least, STR_ARG(least->text), pairs[i].most, STR_ARG(most->text));
        lint_relate(l, f, most, "the other bound");
    }
}

/* ---- members that are required and forbidden ---- */

static void check_required(struct linter *l, const struct visit *v)
{
    const struct json *required = json_get(v->schema, STR("required"));
    const struct json *others = json_get(v->schema, STR("additionalProperties"));
    const struct json *properties = json_get(v->schema, STR("properties"));

    if (!required || required->kind != JSON_ARRAY || !others || others->kind != JSON_FALSE ||
        lint_has(v->schema, "patternProperties"))
        return;
    for (uint32_t i = 0; i < required->count; i++) {
        const struct json *name = &required->items[i];
        struct finding *f;

        if (name->kind != JSON_STRING || json_get(properties, name->text))
            continue;
        f = lint_add(l, v, RULE_CONTRADICTION, name,
                     "'%.*s' is required, and additionalProperties forbids it",
                     STR_ARG(str_sub(name->text, 0, 80)));
        lint_relate(l, f, others, "forbidden here");
    }
}

/* ---- values in vain ---- */

/* The schema without the keyword that lists the value: what the rest says of it. */
static bool is_refused(struct linter *l, const struct visit *v, const char *listed_by,
                       const struct json *value)
{
    struct proof p = {.linter = l, .steps = PROOF_STEPS};
    struct json_member members[CONJUNCTS_MAX];
    struct json rest = {.kind = JSON_OBJECT, .members = members};

    for (uint32_t i = 0; i < v->schema->count; i++)
        if (rest.count < COUNT(members) && !str_is(v->schema->members[i].name, listed_by))
            members[rest.count++] = v->schema->members[i];
    return lint_holds(&p, &rest, value) == NO;
}

static void check_value(struct linter *l, const struct visit *v, const char *keyword,
                        const struct json *value)
{
    CLEANUP(buf_free) struct buf text = {0};
    struct finding *f;

    if (!is_refused(l, v, keyword, value))
        return;
    json_write(&text, value);
    f = lint_add(l, v, RULE_IMPOSSIBLE_VALUE, value, "'%s' has %.*s, which the rest refuses",
                 keyword, STR_ARG(str_sub(buf_str(&text), 0, 80)));
    if (f && strcmp(keyword, "default") == 0)
        f->severity = SEVERITY_LOW;
}

static void check_values(struct linter *l, const struct visit *v)
{
    const struct json *list = json_get(v->schema, STR("enum"));
    const struct json *fallback = json_get(v->schema, STR("default"));
    const struct json *only = lint_const(l, v->schema);

    if (list && list->kind == JSON_ARRAY && !list->count)
        lint_add(l, v, RULE_CONTRADICTION, list, "'enum' is empty: it refuses every value");
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++)
        check_value(l, v, "enum", &list->items[i]);
    if (only)
        check_value(l, v, "const", only);
    if (fallback)
        check_value(l, v, "default", fallback);
}

void lint_clash(struct linter *l, const struct visit *v)
{
    if (!lint_has_siblings(l, v->schema))
        return;
    check_pairs(l, v);
    check_required(l, v);
    check_values(l, v);
}
