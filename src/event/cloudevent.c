/*
 * CloudEvents 1.0: the attributes, and HTTP's binary mode.
 */
#include "event/tree.h"

enum { ATTRIBUTES_MAX = 64 };

static bool is_name(str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!((name.at[i] >= 'a' && name.at[i] <= 'z') ||
              (name.at[i] >= '0' && name.at[i] <= '9')))
            return false;
    return name.len > 0;
}

/* ---- forms ---- */

static bool is_text(const struct json *v)
{
    return v->kind == JSON_STRING && v->text.len;
}

/* RFC 3339: 2026-01-31T12:00:00.5+01:00 */
static bool is_time(const struct json *v)
{
    static const char pattern[] = "0000-00-00T00:00:00";
    str rest = v->text;
    size_t i = 0;

    if (v->kind != JSON_STRING || rest.len < sizeof(pattern))
        return false;
    for (; i < sizeof(pattern) - 1; i++)
        if (pattern[i] == '0' ? rest.at[i] < '0' || rest.at[i] > '9'
                              : (rest.at[i] & ~0x20) != (pattern[i] & ~0x20))
            return false;
    if (rest.at[i] == '.')
        for (i++; i < rest.len && rest.at[i] >= '0' && rest.at[i] <= '9';)
            i++;
    rest = str_sub(rest, i, rest.len);
    if (rest.len == 1)
        return rest.at[0] == 'Z' || rest.at[0] == 'z';
    return rest.len == 6 && (rest.at[0] == '+' || rest.at[0] == '-') && rest.at[3] == ':';
}

static bool is_base64(const struct json *v)
{
    return v->kind == JSON_STRING;
}

static bool is_version(const struct json *v)
{
    return v->kind == JSON_STRING && str_is(v->text, "1.0");
}

static bool is_anything(const struct json *v)
{
    return v != NULL;
}

/* Of an extension: text, a truth, or a whole number of 32 bits. */
static bool is_extension(const struct json *v)
{
    double n;

    if (v->kind == JSON_NUMBER)
        return json_is_number(v, &n) && n >= INT32_MIN && n <= INT32_MAX &&
               n == (double)(int32_t)n;
    return v->kind == JSON_STRING || v->kind == JSON_TRUE || v->kind == JSON_FALSE;
}

static const struct attribute {
    const char *name;
    bool (*is)(const struct json *v);
    const char *form; /* "must be FORM" */
    bool required;
} attributes[] = {
    {"specversion", is_version, "1.0", true},    {"id", is_text, "text", true},
    {"source", is_text, "text", true},           {"type", is_text, "text", true},
    {"datacontenttype", is_text, "text", false}, {"dataschema", is_text, "text", false},
    {"subject", is_text, "text", false},         {"time", is_time, "a time of RFC 3339", false},
    {"data", is_anything, "a value", false},     {"data_base64", is_base64, "text", false},
};

static const struct attribute *find_attribute(str name)
{
    for (size_t i = 0; i < COUNT(attributes); i++)
        if (str_is(name, attributes[i].name))
            return &attributes[i];
    return NULL;
}

static bool check_member(const struct json_member *m, struct err *e)
{
    static const struct attribute extension = {
        NULL, is_extension, "text, true, false or a whole number of 32 bits", false};
    const struct attribute *known = find_attribute(m->name);
    const struct attribute *form = known ? known : &extension;

    if (!known && !is_name(m->name))
        return err_set(e, ERR_INPUT,
                       "an attribute's name is not of lower case letters and digits");
    if (form->is(&m->value) || (m->value.kind == JSON_NULL && !form->required))
        return true;
    return err_set(e, ERR_INPUT, "the attribute '%.*s' is not %s",
                   STR_ARG(str_sub(m->name, 0, 40)), form->form);
}

bool event_cloudevent_check(const struct json *event, struct err *e)
{
    if (event->kind != JSON_OBJECT)
        return err_set(e, ERR_INPUT, "a CloudEvent must be an object");
    if (event->count > ATTRIBUTES_MAX)
        return err_set(e, ERR_LIMIT, "the event has %u attributes, more than %d", event->count,
                       ATTRIBUTES_MAX);
    for (size_t i = 0; i < COUNT(attributes); i++)
        if (attributes[i].required && !json_get(event, str_of(attributes[i].name)))
            return err_set(e, ERR_INPUT, "the attribute '%s' is missing", attributes[i].name);
    for (uint32_t i = 0; i < event->count; i++)
        if (!check_member(&event->members[i], e))
            return false;
    if (json_get(event, STR("data")) && json_get(event, STR("data_base64")))
        return err_set(e, ERR_INPUT, "the event has data twice: data and data_base64");
    return true;
}

/* ---- HTTP ---- */

static str media_type(const struct http_head *head)
{
    const str *type = http_header(head, "content-type");

    return type ? str_trim(str_sub(*type, 0, str_find(*type, ';'))) : (str){NULL, 0};
}

enum event_mode event_cloudevent_mode(const struct http_head *head)
{
    str media = media_type(head), prefix = STR("application/cloudevents");

    if (str_equal_nocase(media, STR("application/cloudevents+json")))
        return EVENT_STRUCTURED;
    if (str_equal_nocase(media, STR("application/cloudevents-batch+json")))
        return EVENT_STRUCTURED_BATCH;
    if (str_equal_nocase(str_sub(media, 0, prefix.len), prefix))
        return EVENT_NO_CLOUDEVENT; /* in a form that is not read here */
    return http_header(head, "ce-specversion") ? EVENT_BINARY : EVENT_NO_CLOUDEVENT;
}

/* A value may stand in quotes, and what is not printable ASCII is percent-encoded. */
static bool attribute_value(struct arena *a, str raw, str *ret)
{
    char *plain;
    size_t n = 0;

    if (raw.len < 2 || raw.at[0] != '"' || raw.at[raw.len - 1] != '"')
        return http_decode(a, raw, false, ret);
    plain = arena_alloc(a, raw.len);
    if (!plain)
        return false;
    for (size_t i = 1; i + 1 < raw.len; i++) {
        if (raw.at[i] == '\\' && i + 2 < raw.len)
            i++;
        plain[n++] = raw.at[i];
    }
    return http_decode(a, (str){plain, n}, false, ret);
}

/* "Ce-Id" gives "id"; empty for another header. */
static str attribute_name(struct arena *a, str header)
{
    char *lower = arena_alloc(a, header.len + 1);

    if (!lower || !str_equal_nocase(str_sub(header, 0, 3), STR("ce-")))
        return (str){NULL, 0};
    for (size_t i = 3; i < header.len; i++)
        lower[i - 3] = header.at[i] >= 'A' && header.at[i] <= 'Z' ? (char)(header.at[i] + 32)
                                                                  : header.at[i];
    return (str){lower, header.len - 3};
}

static bool add_attribute(struct arena *a, struct json *event, str name, str raw, struct err *e)
{
    str value;

    if (str_starts(name, STR("data")) && !str_is(name, "dataschema"))
        return err_set(e, ERR_INPUT, "the header 'ce-%.*s' has no place in binary mode",
                       STR_ARG(str_sub(name, 0, 40)));
    if (json_get(event, name))
        return err_set(e, ERR_INPUT, "the header 'ce-%.*s' stands here twice",
                       STR_ARG(str_sub(name, 0, 40)));
    if (!attribute_value(a, raw, &value))
        return err_set(e, ERR_INPUT, "the header 'ce-%.*s' is not percent-encoded UTF-8",
                       STR_ARG(str_sub(name, 0, 40)));
    event_member(event, name, event_string(value));
    return true;
}

bool event_is_json_type(str type)
{
    str media = str_trim(str_sub(type, 0, str_find(type, ';')));

    return str_equal_nocase(media, STR("application/json")) ||
           (media.len > 5 && str_equal_nocase(str_sub(media, media.len - 5, 5), STR("+json")));
}

bool event_is_json(const struct http_head *head)
{
    const str *type = http_header(head, "content-type");

    return type && event_is_json_type(*type);
}

static bool add_data(struct arena *a, struct json *event, const struct http_head *head,
                     str body, struct err *e)
{
    CLEANUP(buf_free) struct buf encoded = {.max = 2 * json_limits_event.bytes};
    struct json *data;
    str text;

    if (event_is_json(head)) {
        if (!json_read(a, body, &json_limits_event, &data, e)) {
            e->at = (struct place){0};
            return err_wrap(e, "the data");
        }
        event_member(event, STR("data"), *data);
        return true;
    }
    if (str_equal_nocase(str_sub(media_type(head), 0, 5), STR("text/")) && str_is_utf8(body)) {
        event_member(event, STR("data"), event_string(body));
        return true;
    }
    base64_encode(&encoded, body);
    text = arena_str(a, buf_str(&encoded));
    if (encoded.failed || !text.at)
        return err_limit(e);
    event_member(event, STR("data_base64"), event_string(text));
    return true;
}

bool event_cloudevent_from_request(struct arena *a, const struct http_head *head, str body,
                                   struct json *ret, struct err *e)
{
    const str *type = http_header(head, "content-type");
    struct json *event = event_object(a, head->header_count + 2);

    if (!event)
        return err_limit(e);
    for (size_t i = 0; i < head->header_count; i++) {
        str name = attribute_name(a, head->headers[i].name);

        if (name.len && !add_attribute(a, event, name, head->headers[i].value, e))
            return false;
    }
    if (type && !str_is_utf8(*type))
        return err_set(e, ERR_INPUT, "the content type is not UTF-8");
    if (type && type->len)
        event_member(event, STR("datacontenttype"), event_string(*type));
    if (body.len && !add_data(a, event, head, body, e))
        return false;
    if (!event_cloudevent_check(event, e))
        return false;
    *ret = *event;
    return true;
}
