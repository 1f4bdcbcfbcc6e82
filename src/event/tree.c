#include "event/tree.h"

struct json event_string(str s)
{
    return (struct json){.kind = JSON_STRING, .text = s};
}

struct json *event_object(struct arena *a, size_t room)
{
    struct json *object = arena_alloc(a, sizeof(*object));
    struct json_member *members = arena_array(a, room ? room : 1, sizeof(*members));

    if (!object || !members)
        return NULL;
    *object = (struct json){.kind = JSON_OBJECT, .members = members};
    return object;
}

void event_member(struct json *object, str name, struct json value)
{
    object->members[object->count++] = (struct json_member){.name = name, .value = value};
}

bool event_replace(struct arena *a, const struct json *object, const char *name,
                   struct json value, struct json *ret, struct err *e)
{
    struct json_member *members = arena_array(a, object->count + 1, sizeof(*members));
    struct json copy = *object;
    uint32_t i = 0;

    if (!members)
        return err_limit(e);
    if (object->count)
        memcpy(members, object->members, object->count * sizeof(*members));
    while (i < object->count && !str_is(members[i].name, name))
        i++;
    members[i] = (struct json_member){.name = str_of(name), .value = value};
    copy.count += i == object->count;
    copy.members = members;
    *ret = copy;
    return true;
}

bool event_written(struct arena *a, const struct json *v, str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = json_limits_event.bytes};
    str text;

    json_write(&b, v);
    text = arena_str(a, buf_str(&b));
    if (b.failed || !text.at)
        return err_limit(e);
    *ret = text;
    return true;
}

/* Whether a reader that takes the first or the last of two members would take it. */
static bool is_json_for_others(struct arena *a, str text)
{
    struct json_limits careless = json_limits_event;
    struct err ignored = {0};
    struct json *v;

    careless.repeats = true;
    return json_read(a, text, &careless, &v, &ignored);
}

bool event_text(struct arena *a, str text, struct json *ret, bool *is_json, struct err *e)
{
    struct err inner = {0};
    struct json *v;

    if (json_read(a, text, &json_limits_event, &v, &inner)) {
        *ret = *v;
        *is_json = true;
        return true;
    }
    if (inner.code == ERR_LIMIT || is_json_for_others(a, text)) {
        *e = inner;
        e->at = (struct place){0}; /* the text is gone when the error is shown */
        return err_wrap(e, "the payload is not read");
    }
    *ret = event_string(text);
    *is_json = false;
    return true;
}
