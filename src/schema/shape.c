/* What may stand behind a keyword. */
#include "schema/keyword.h"
#include "schema/number.h"

bool shape_is_schema(const struct json *v)
{
    return v->kind == JSON_OBJECT || v->kind == JSON_TRUE || v->kind == JSON_FALSE;
}

static bool is_anything(const struct json *v)
{
    (void)v;
    return true;
}

static bool is_boolean(const struct json *v)
{
    return v->kind == JSON_TRUE || v->kind == JSON_FALSE;
}

static bool is_string(const struct json *v)
{
    return v->kind == JSON_STRING;
}

static bool is_number(const struct json *v)
{
    struct decimal d;

    return v->kind == JSON_NUMBER && decimal_read(v->text, &d);
}

static bool is_divisor(const struct json *v)
{
    struct decimal d;

    return v->kind == JSON_NUMBER && decimal_read(v->text, &d) && !d.negative && d.digits &&
           d.digits <= DIVISOR_DIGITS;
}

static bool is_count(const struct json *v)
{
    struct decimal d;

    return v->kind == JSON_NUMBER && decimal_read(v->text, &d) && !d.negative &&
           decimal_is_whole(&d);
}

static bool is_names(const struct json *v)
{
    if (v->kind != JSON_ARRAY)
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (v->items[i].kind != JSON_STRING)
            return false;
    return true;
}

static bool is_names_by_name(const struct json *v)
{
    if (v->kind != JSON_OBJECT)
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!is_names(&v->members[i].value))
            return false;
    return true;
}

static bool is_types(const struct json *v)
{
    return v->kind == JSON_STRING || (is_names(v) && v->count);
}

static bool is_values(const struct json *v)
{
    return v->kind == JSON_ARRAY;
}

static bool is_schemas(const struct json *v)
{
    if (v->kind != JSON_ARRAY || !v->count)
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!shape_is_schema(&v->items[i]))
            return false;
    return true;
}

static bool is_schemas_by_name(const struct json *v)
{
    if (v->kind != JSON_OBJECT)
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!shape_is_schema(&v->members[i].value))
            return false;
    return true;
}

static bool is_schema_or_schemas(const struct json *v)
{
    return shape_is_schema(v) || (v->kind == JSON_ARRAY && (!v->count || is_schemas(v)));
}

static bool is_dependencies(const struct json *v)
{
    if (v->kind != JSON_OBJECT)
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!shape_is_schema(&v->members[i].value) && !is_names(&v->members[i].value))
            return false;
    return true;
}

static const struct {
    bool (*is)(const struct json *);
    const char *words;
} shapes[] = {
    [ANYTHING] = {is_anything, ""},
    [BOOLEAN] = {is_boolean, "true or false"},
    [COUNT_SHAPE] = {is_count, "a whole number, zero or more"},
    [NUMBER] = {is_number, "a number"},
    [DIVISOR] = {is_divisor, "a number above zero, of at most 18 digits"},
    [STRING] = {is_string, "a string"},
    [NAMES] = {is_names, "an array of strings"},
    [NAMES_BY_NAME] = {is_names_by_name, "an object of arrays of strings"},
    [TYPES] = {is_types, "a type's name, or an array of them"},
    [VALUES] = {is_values, "an array"},
    [SCHEMA] = {shape_is_schema, "a schema: an object, true or false"},
    [SCHEMAS] = {is_schemas, "an array of schemas, at least one"},
    [SCHEMAS_BY_NAME] = {is_schemas_by_name, "an object whose members are schemas"},
    [SCHEMA_OR_SCHEMAS] = {is_schema_or_schemas, "a schema, or an array of schemas"},
    [DEPENDENCIES] = {is_dependencies, "an object whose members are schemas or lists of names"},
};

const char *shape_fix(const struct keyword *k, const struct json *v)
{
    bool is_items = strcmp(k->name, "items") == 0;

    if (is_items && v->kind == JSON_ARRAY)
        return "an array of schemas is written prefixItems since 2020-12";
    if (strncmp(k->name, "exclusive", 9) == 0 && is_boolean(v))
        return "write the bound itself here: since draft 6 this is a number";
    if (strcmp(k->name, "required") == 0 && is_boolean(v))
        return "list the required names beside 'properties'";
    return NULL;
}

const char *shape_wants(const struct keyword *k, const struct json *value)
{
    return shapes[k->shape].is(value) ? NULL : shapes[k->shape].words;
}
