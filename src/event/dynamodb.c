/*
 * DynamoDB's attribute values, {"S": "x"} or {"M": {...}}, as the JSON that they stand for.
 * Recursive: the depth is that of an event, which json_limits_event bounds.
 */
#include "event/tree.h"

typedef bool converter(struct arena *a, const struct json *v, struct json *ret, struct err *e);

static bool mistake(struct err *e)
{
    return err_set(e, ERR_INPUT, "a DynamoDB attribute is not of the form {\"S\": \"text\"}");
}

static bool text(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    (void)a;
    if (v->kind != JSON_STRING)
        return mistake(e);
    *ret = *v;
    return true;
}

/* Read by the JSON reader, so that nothing but a JSON number becomes one. */
static bool number(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    struct err inner = {0};
    struct json *n;

    if (v->kind != JSON_STRING || !json_read(a, v->text, &json_limits_event, &n, &inner) ||
        n->kind != JSON_NUMBER)
        return mistake(e);
    *ret = *n;
    return true;
}

static bool boolean(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    (void)a;
    if (v->kind != JSON_TRUE && v->kind != JSON_FALSE)
        return mistake(e);
    *ret = *v;
    return true;
}

static bool null(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    (void)a;
    if (v->kind != JSON_TRUE)
        return mistake(e);
    *ret = (struct json){.kind = JSON_NULL};
    return true;
}

static bool array(struct arena *a, const struct json *v, converter *convert, struct json *ret,
                  struct err *e)
{
    struct json *items;

    if (v->kind != JSON_ARRAY)
        return mistake(e);
    items = arena_array(a, v->count, sizeof(*items));
    if (!items)
        return err_limit(e);
    for (uint32_t i = 0; i < v->count; i++)
        if (!convert(a, &v->items[i], &items[i], e))
            return false;
    *ret = (struct json){.kind = JSON_ARRAY, .count = v->count, .items = items};
    return true;
}

static converter attribute;

static bool list(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    return array(a, v, attribute, ret, e);
}

static bool texts(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    return array(a, v, text, ret, e);
}

static bool numbers(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    return array(a, v, number, ret, e);
}

/* Binary values stay the base64 text that the event carries. */
static const struct {
    const char *type;
    converter *convert;
} types[] = {
    {"S", text},     {"N", number}, {"BOOL", boolean},
    {"NULL", null},  {"B", text},   {"SS", texts},
    {"NS", numbers}, {"BS", texts}, {"M", event_dynamodb_item},
    {"L", list},
};

static bool attribute(struct arena *a, const struct json *v, struct json *ret, struct err *e)
{
    if (v->kind != JSON_OBJECT || v->count != 1)
        return mistake(e);
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_is(v->members[0].name, types[i].type))
            return types[i].convert(a, &v->members[0].value, ret, e);
    return mistake(e);
}

bool event_dynamodb_item(struct arena *a, const struct json *item, struct json *ret,
                         struct err *e)
{
    struct json *object;

    if (item->kind != JSON_OBJECT)
        return mistake(e);
    object = event_object(a, item->count);
    if (!object)
        return err_limit(e);
    for (uint32_t i = 0; i < item->count; i++) {
        struct json value;

        if (!attribute(a, &item->members[i].value, &value, e))
            return false;
        event_member(object, item->members[i].name, value);
    }
    *ret = *object;
    return true;
}
