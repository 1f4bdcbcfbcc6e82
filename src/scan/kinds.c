/* Kinds of values, and which keyword speaks of which. */
#include "scan/lint.h"

static const struct {
    const char *name;
    unsigned kinds;
} types[] = {
    {"null", K_NULL},     {"boolean", K_BOOLEAN}, {"number", K_NUMBER}, {"integer", K_INTEGER},
    {"string", K_STRING}, {"array", K_ARRAY},     {"object", K_OBJECT},
};

/* Digits alone are a whole number; of others only the value tells. */
static unsigned kind_of_number(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '.' || text.at[i] == 'e' || text.at[i] == 'E')
            return K_NUMBER;
    return K_INTEGER;
}

unsigned kind_of(const struct json *value)
{
    static const unsigned kinds[] = {
        [JSON_NULL] = K_NULL,     [JSON_FALSE] = K_BOOLEAN, [JSON_TRUE] = K_BOOLEAN,
        [JSON_STRING] = K_STRING, [JSON_ARRAY] = K_ARRAY,   [JSON_OBJECT] = K_OBJECT,
    };

    return value->kind == JSON_NUMBER ? kind_of_number(value->text) : kinds[value->kind];
}

static unsigned kinds_named(const struct json *name)
{
    for (size_t i = 0; name->kind == JSON_STRING && i < COUNT(types); i++)
        if (str_is(name->text, types[i].name))
            return types[i].kinds;
    return 0;
}

unsigned kinds_of_type(const struct json *schema)
{
    const struct json *type = json_get(schema, STR("type"));
    unsigned kinds = 0;

    if (!type)
        return K_ALL;
    if (type->kind == JSON_STRING)
        kinds = kinds_named(type);
    for (uint32_t i = 0; type->kind == JSON_ARRAY && i < type->count; i++)
        kinds |= kinds_named(&type->items[i]);
    if (json_get(schema, STR("nullable")) &&
        json_get(schema, STR("nullable"))->kind == JSON_TRUE)
        kinds |= K_NULL;
    return kinds ? kinds : K_ALL;
}

const char *kinds_name(unsigned kinds)
{
    for (size_t i = 0; i < COUNT(types); i++)
        if (types[i].kinds == kinds)
            return types[i].name;
    return kinds == K_FRACTION ? "number" : "value";
}

static const struct {
    const char *name;
    unsigned kinds;
} keywords[] = {
    {"type", K_ALL},
    {"enum", K_ALL},
    {"const", K_ALL},
    {"allOf", K_ALL},
    {"anyOf", K_ALL},
    {"oneOf", K_ALL},
    {"not", K_ALL},
    {"if", K_ALL},
    {"then", K_ALL},
    {"else", K_ALL},
    {"$ref", K_ALL},
    {"$dynamicRef", K_ALL},
    {"$recursiveRef", K_ALL},
    {"nullable", K_ALL},
    {"format", K_STRING | K_NUMBER},
    {"multipleOf", K_NUMBER},
    {"maximum", K_NUMBER},
    {"minimum", K_NUMBER},
    {"exclusiveMaximum", K_NUMBER},
    {"exclusiveMinimum", K_NUMBER},
    {"maxLength", K_STRING},
    {"minLength", K_STRING},
    {"pattern", K_STRING},
    {"items", K_ARRAY},
    {"prefixItems", K_ARRAY},
    {"additionalItems", K_ARRAY},
    {"unevaluatedItems", K_ARRAY},
    {"contains", K_ARRAY},
    {"minContains", K_ARRAY},
    {"maxContains", K_ARRAY},
    {"maxItems", K_ARRAY},
    {"minItems", K_ARRAY},
    {"uniqueItems", K_ARRAY},
    {"properties", K_OBJECT},
    {"patternProperties", K_OBJECT},
    {"additionalProperties", K_OBJECT},
    {"unevaluatedProperties", K_OBJECT},
    {"propertyNames", K_OBJECT},
    {"required", K_OBJECT},
    {"dependencies", K_OBJECT},
    {"dependentRequired", K_OBJECT},
    {"dependentSchemas", K_OBJECT},
    {"maxProperties", K_OBJECT},
    {"minProperties", K_OBJECT},
};

unsigned kinds_of_keyword(str name)
{
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (str_is(name, keywords[i].name))
            return keywords[i].kinds;
    return 0;
}
