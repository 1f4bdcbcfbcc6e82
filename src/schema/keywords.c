/* The keywords: where each exists, what may stand behind it, and what it becomes. */
#include "schema/compiler.h"

#define UNTIL_2019 DRAFT_2019
#define NOW DRAFT_2020

// clang-format off
static const struct keyword keywords[] = {
    {"$schema", STRING, DRAFT_4, NOW, IN_CORE},
    {"$id", STRING, DRAFT_6, NOW, IN_CORE, add_id},
    {"id", STRING, DRAFT_4, DRAFT_4, IN_CORE, add_id},
    {"$ref", STRING, DRAFT_4, NOW, IN_CORE, add_ref},
    {"$dynamicRef", STRING, DRAFT_2020, NOW, IN_CORE, add_ref},
    {"$recursiveRef", STRING, DRAFT_2019, DRAFT_2019, IN_CORE, add_ref},
    {"$anchor", STRING, DRAFT_2019, NOW, IN_CORE},
    {"$dynamicAnchor", STRING, DRAFT_2020, NOW, IN_CORE},
    {"$recursiveAnchor", BOOLEAN, DRAFT_2019, DRAFT_2019, IN_CORE},
    {"$vocabulary", ANYTHING, DRAFT_2019, NOW, IN_CORE},
    {"$comment", STRING, DRAFT_4, NOW, IN_CORE},
    {"$defs", SCHEMAS_BY_NAME, DRAFT_4, NOW, IN_CORE, add_definitions},
    {"definitions", SCHEMAS_BY_NAME, DRAFT_4, NOW, IN_CORE, add_definitions},

    {"type", TYPES, DRAFT_4, NOW, IN_VALIDATION, add_type},
    {"enum", VALUES, DRAFT_4, NOW, IN_VALIDATION, add_enum,
     "is not one of the allowed values"},
    {"const", ANYTHING, DRAFT_6, NOW, IN_VALIDATION, add_const,
     "is not the one allowed value"},
    {"multipleOf", DIVISOR, DRAFT_4, NOW, IN_VALIDATION, add_multiple,
     "is not a multiple of"},
    {"maximum", NUMBER, DRAFT_4, NOW, IN_VALIDATION, add_bound, "is greater than"},
    {"exclusiveMaximum", NUMBER, DRAFT_6, NOW, IN_VALIDATION, add_bound, "is not less than"},
    {"exclusiveMaximum", BOOLEAN, DRAFT_4, DRAFT_4, IN_VALIDATION},
    {"minimum", NUMBER, DRAFT_4, NOW, IN_VALIDATION, add_bound, "is less than"},
    {"exclusiveMinimum", NUMBER, DRAFT_6, NOW, IN_VALIDATION, add_bound,
     "is not greater than"},
    {"exclusiveMinimum", BOOLEAN, DRAFT_4, DRAFT_4, IN_VALIDATION},
    {"maxLength", COUNT_SHAPE, DRAFT_4, NOW, IN_VALIDATION, add_count, "is longer than",
     "character"},
    {"minLength", COUNT_SHAPE, DRAFT_4, NOW, IN_VALIDATION, add_count, "is shorter than",
     "character"},
    {"pattern", STRING, DRAFT_4, NOW, IN_VALIDATION, add_pattern,
     "does not have the required form"},
    {"format", STRING, DRAFT_4, NOW, IN_FORMAT, add_format, "is not of the required format"},

    {"prefixItems", SCHEMAS, DRAFT_2020, NOW, IN_APPLICATOR, add_items},
    {"items", SCHEMA, DRAFT_2020, NOW, IN_APPLICATOR, add_items},
    {"items", SCHEMA_OR_SCHEMAS, DRAFT_4, UNTIL_2019, IN_APPLICATOR, add_items},
    {"additionalItems", SCHEMA, DRAFT_4, UNTIL_2019, IN_APPLICATOR, add_additional_items},
    {"unevaluatedItems", SCHEMA, DRAFT_2019, NOW, IN_UNEVALUATED, add_unevaluated},
    {"contains", SCHEMA, DRAFT_6, NOW, IN_APPLICATOR, add_contains},
    {"maxContains", COUNT_SHAPE, DRAFT_2019, NOW, IN_VALIDATION},
    {"minContains", COUNT_SHAPE, DRAFT_2019, NOW, IN_VALIDATION},
    {"maxItems", COUNT_SHAPE, DRAFT_4, NOW, IN_VALIDATION, add_count, "has more than", "item"},
    {"minItems", COUNT_SHAPE, DRAFT_4, NOW, IN_VALIDATION, add_count, "has fewer than",
     "item"},
    {"uniqueItems", BOOLEAN, DRAFT_4, NOW, IN_VALIDATION, add_unique, "has two equal items"},

    {"properties", SCHEMAS_BY_NAME, DRAFT_4, NOW, IN_APPLICATOR, add_object},
    {"patternProperties", SCHEMAS_BY_NAME, DRAFT_4, NOW, IN_APPLICATOR, add_object},
    {"additionalProperties", SCHEMA, DRAFT_4, NOW, IN_APPLICATOR, add_object},
    {"unevaluatedProperties", SCHEMA, DRAFT_2019, NOW, IN_UNEVALUATED, add_unevaluated},
    {"propertyNames", SCHEMA, DRAFT_6, NOW, IN_APPLICATOR, add_object},
    {"required", NAMES, DRAFT_4, NOW, IN_VALIDATION, add_object},
    {"maxProperties", COUNT_SHAPE, DRAFT_4, NOW, IN_VALIDATION, add_count, "has more than",
     "member"},
    {"minProperties", COUNT_SHAPE, DRAFT_4, NOW, IN_VALIDATION, add_count, "has fewer than",
     "member"},
    {"dependentRequired", NAMES_BY_NAME, DRAFT_2019, NOW, IN_VALIDATION, add_dependencies},
    {"dependentSchemas", SCHEMAS_BY_NAME, DRAFT_2019, NOW, IN_APPLICATOR, add_dependencies},
    {"dependencies", DEPENDENCIES, DRAFT_4, NOW, IN_APPLICATOR, add_dependencies},

    {"allOf", SCHEMAS, DRAFT_4, NOW, IN_APPLICATOR, add_branches},
    {"anyOf", SCHEMAS, DRAFT_4, NOW, IN_APPLICATOR, add_branches},
    {"oneOf", SCHEMAS, DRAFT_4, NOW, IN_APPLICATOR, add_branches},
    {"not", SCHEMA, DRAFT_4, NOW, IN_APPLICATOR, add_not, "has a form that is not allowed"},
    {"if", SCHEMA, DRAFT_7, NOW, IN_APPLICATOR, add_if},
    {"then", SCHEMA, DRAFT_7, NOW, IN_APPLICATOR, add_definition},
    {"else", SCHEMA, DRAFT_7, NOW, IN_APPLICATOR, add_definition},

    {"title", STRING, DRAFT_4, NOW, IN_METADATA},
    {"description", STRING, DRAFT_4, NOW, IN_METADATA},
    {"default", ANYTHING, DRAFT_4, NOW, IN_METADATA},
    {"examples", ANYTHING, DRAFT_4, NOW, IN_METADATA},
    {"deprecated", BOOLEAN, DRAFT_4, NOW, IN_METADATA},
    {"readOnly", BOOLEAN, DRAFT_4, NOW, IN_METADATA},
    {"writeOnly", BOOLEAN, DRAFT_4, NOW, IN_METADATA},
    {"contentEncoding", STRING, DRAFT_4, NOW, IN_CONTENT},
    {"contentMediaType", STRING, DRAFT_4, NOW, IN_CONTENT},
    {"contentSchema", SCHEMA, DRAFT_2019, NOW, IN_CONTENT},
    /* OpenAPI's own; the first changes what add_type() makes. */
    {"nullable", BOOLEAN, DRAFT_4, DRAFT_4, IN_OPENAPI_3_0},
    {"example", ANYTHING, DRAFT_4, NOW, IN_OPENAPI},
    {"discriminator", ANYTHING, DRAFT_4, NOW, IN_OPENAPI},
    {"xml", ANYTHING, DRAFT_4, NOW, IN_OPENAPI},
    {"externalDocs", ANYTHING, DRAFT_4, NOW, IN_OPENAPI},
    /* What editors read, common in published schemas: */
    {"markdownDescription", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"enumDescriptions", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"markdownEnumDescriptions", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"defaultSnippets", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"deprecationMessage", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"errorMessage", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"patternErrorMessage", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"doNotSuggest", ANYTHING, DRAFT_4, NOW, IN_CORE},
    {"tsType", ANYTHING, DRAFT_4, NOW, IN_CORE},

    {"disallow", REFUSED, DRAFT_4, NOW, IN_CORE, .fix = "write not"},
    {"divisibleBy", REFUSED, DRAFT_4, NOW, IN_CORE, .fix = "write multipleOf"},
    {"extends", REFUSED, DRAFT_4, NOW, IN_CORE, .fix = "write allOf"},
};
// clang-format on

static bool exists(const struct keyword *k, struct meaning m)
{
    if (m.dialect < k->since || m.dialect > k->until)
        return false;
    if (k->vocabulary & IN_OPENAPI)
        return m.vocabularies & k->vocabulary;
    return m.dialect < DRAFT_2019 || !k->vocabulary || (m.vocabularies & k->vocabulary);
}

static bool is_named(const struct keyword *k, str name)
{
    return k->name[0] == (name.len ? name.at[0] : 0) && str_is(name, k->name);
}

const struct keyword *keyword_find(str name, struct meaning meaning)
{
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (is_named(&keywords[i], name) && exists(&keywords[i], meaning))
            return &keywords[i];
    return NULL;
}

const struct keyword *keyword_find_any(str name)
{
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (is_named(&keywords[i], name))
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

uint32_t keyword_number(const struct keyword *k)
{
    return (uint32_t)(k - keywords);
}

const struct keyword *keyword_by_number(uint32_t number)
{
    return number < COUNT(keywords) ? &keywords[number] : NULL;
}
