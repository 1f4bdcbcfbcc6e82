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

bool event_text(struct arena *a, str text, struct json *ret, struct err *e)
{
    struct err inner = {0};
    struct json *v;

    if (json_read(a, text, &json_limits_event, &v, &inner)) {
        *ret = *v;
        return true;
    }
    if (inner.code == ERR_LIMIT) {
        *e = inner;
        return err_wrap(e, "reading a payload");
    }
    *ret = event_string(text);
    return true;
}

bool event_base64_text(struct arena *a, str text, struct json *ret, struct err *e)
{
    str bytes;

    if (!base64_decode(a, text, &bytes))
        return err_set(e, ERR_INPUT, "a payload is not base64");
    if (str_is_utf8(bytes))
        return event_text(a, bytes, ret, e);
    *ret = event_string(text);
    return true;
}
