/*
 * A request that came as an event: what it asks for, in the one form that contracts speak of.
 */
#include "event/tree.h"

enum { NAMES_MAX = 256 };

static bool wrong(struct err *e, const char *part)
{
    return err_set(e, ERR_INPUT, "%s is not an object of texts", part);
}

static str lower_case(struct arena *a, str s)
{
    str copy = arena_str(a, s);

    for (size_t i = 0; copy.at && i < s.len; i++)
        if (s.at[i] >= 'A' && s.at[i] <= 'Z')
            ((char *)copy.at)[i] = (char)(s.at[i] + 32);
    return copy;
}

/* How the texts of one part are meant. */
struct manner {
    const char *part; /* "multiValueHeaders" */
    bool is_header, encoded;
};

static bool take_text(struct arena *a, const struct manner *m, const struct json *v,
                      struct json *ret, struct err *e)
{
    str text;

    if (v->kind != JSON_STRING)
        return wrong(e, m->part);
    if (!m->encoded) {
        *ret = *v;
        return true;
    }
    if (!http_decode(a, v->text, true, &text))
        return err_set(e, ERR_INPUT, "%s is not percent-encoded UTF-8", m->part);
    *ret = event_string(text);
    return true;
}

/* A list of one is a text. */
static bool take_value(struct arena *a, const struct manner *m, const struct json *v,
                       struct json *ret, struct err *e)
{
    struct json list = {.kind = JSON_ARRAY};

    if (v->kind != JSON_ARRAY)
        return take_text(a, m, v, ret, e);
    if (v->count == 1)
        return take_text(a, m, &v->items[0], ret, e);
    list.items = arena_array(a, v->count, sizeof(*list.items));
    if (!list.items)
        return err_limit(e);
    for (; list.count < v->count; list.count++)
        if (!take_text(a, m, &v->items[list.count], &list.items[list.count], e))
            return false;
    *ret = list;
    return true;
}

static bool take_name(struct arena *a, const struct manner *m, str name, str *ret,
                      struct err *e)
{
    if (m->is_header)
        *ret = lower_case(a, name);
    else if (!m->encoded)
        *ret = name;
    else if (!http_decode(a, name, true, ret))
        return err_set(e, ERR_INPUT, "%s is not percent-encoded UTF-8", m->part);
    return ret->at || !name.len ? true : err_limit(e);
}

/* The part as an object of texts and lists of texts; *found is false when it is absent. */
static bool take_part(struct arena *a, const struct manner *m, const struct json *event,
                      struct json *ret, bool *found, struct err *e)
{
    const struct json *part = json_get(event, str_of(m->part));
    struct json *object;

    *found = part && part->kind != JSON_NULL;
    if (!*found)
        return true;
    if (part->kind != JSON_OBJECT)
        return wrong(e, m->part);
    if (part->count > NAMES_MAX)
        return err_set(e, ERR_LIMIT, "%s has %u names, more than %d", m->part, part->count,
                       NAMES_MAX);
    object = event_object(a, part->count);
    if (!object)
        return err_limit(e);
    for (uint32_t i = 0; i < part->count; i++) {
        const struct json_member *from = &part->members[i];
        struct json value;
        str name;

        if (from->value.kind == JSON_NULL)
            continue;
        if (!take_name(a, m, from->name, &name, e) ||
            !take_value(a, m, &from->value, &value, e))
            return false;
        if (json_get(object, name))
            return err_set(e, ERR_INPUT, "%s has the name '%.*s' twice", m->part,
                           STR_ARG(str_sub(name, 0, 80)));
        if (!m->is_header || !str_is(name, "cookie"))
            event_member(object, name, value);
    }
    *ret = *object;
    return true;
}

static const char raw_query[] = "rawQueryString";

static bool take_raw_query(struct arena *a, const struct json *event, struct event_call *call,
                           struct err *e)
{
    str raw = json_get_str(event, str_of(raw_query));
    struct json *query;

    if (!raw.len)
        return true;
    if (!event_query(a, raw, &query, e))
        return err_wrap(e, "%s", raw_query);
    call->queries[call->query_count++] =
        (struct event_form){.part = raw_query, .texts = *query};
    return true;
}

/* All parts of one manner that the event has. */
static bool take_forms(struct arena *a, const struct manner *manners, size_t n,
                       const struct json *event, struct event_form *forms, size_t *count,
                       struct err *e)
{
    bool found;

    for (size_t i = 0; i < n; i++) {
        struct event_form *form = &forms[*count];

        if (!take_part(a, &manners[i], event, &form->texts, &found, e))
            return false;
        form->part = manners[i].part;
        *count += found;
    }
    return true;
}

/* A load balancer passes the query on as it came. */
static const struct manner queries[] =
    {
        {"queryStringParameters", false, false},
        {"multiValueQueryStringParameters", false, false},
},
                           encoded_queries[] = {
                               {"queryStringParameters", false, true},
                               {"multiValueQueryStringParameters", false, true},
};
static const struct manner headers[] = {
    {"headers", true, false},
    {"multiValueHeaders", true, false},
};

bool event_call_of(struct arena *a, enum event_kind kind, const struct json *event,
                   struct event_call *ret, struct err *e)
{
    const struct json *http = json_get(json_get(event, STR("requestContext")), STR("http"));
    struct event_call call = {0};

    call.method = kind == EVENT_HTTP_V2 ? json_get_str(http, STR("method"))
                                        : json_get_str(event, STR("httpMethod"));
    call.path = json_get_str(event, kind == EVENT_HTTP_V2 ? STR("rawPath") : STR("path"));
    if (!take_forms(a, kind == EVENT_ALB ? encoded_queries : queries, COUNT(queries), event,
                    call.queries, &call.query_count, e) ||
        !take_forms(a, headers, COUNT(headers), event, call.headers, &call.header_count, e) ||
        !take_raw_query(a, event, &call, e))
        return false;
    *ret = call;
    return true;
}

/* ---- back into the event ---- */

static bool put_text(struct arena *a, const struct json *v, bool encode, struct json *ret,
                     struct err *e)
{
    CLEANUP(buf_free) struct buf encoded = {.max = json_limits_event.bytes};
    str text = v->text;

    if (v->kind != JSON_STRING && !event_written(a, v, &text, e))
        return false;
    if (encode) {
        http_encode(&encoded, text);
        text = arena_str(a, buf_str(&encoded));
    }
    *ret = event_string(text);
    return !encoded.failed && (text.at || !text.len) ? true : err_limit(e);
}

/* A list of texts in a form of many values, the last of them in one of single values. */
static bool put_value(struct arena *a, const struct json *v, bool many, bool encode,
                      struct json *ret, struct err *e)
{
    uint32_t count = v->kind == JSON_ARRAY ? v->count : 1;
    const struct json *items = v->kind == JSON_ARRAY ? v->items : v;
    struct json list = {.kind = JSON_ARRAY, .items = arena_array(a, count, sizeof(*items))};

    if (!list.items)
        return err_limit(e);
    for (; list.count < count; list.count++)
        if (!put_text(a, &items[list.count], encode, &list.items[list.count], e))
            return false;
    *ret = many ? list : count ? list.items[count - 1] : event_string(STR(""));
    return true;
}

static bool put_raw_query(struct arena *a, const struct json *texts, struct json *ret,
                          struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = json_limits_event.bytes};
    struct json v;
    str text;

    for (uint32_t i = 0; i < texts->count; i++) {
        if (!put_text(a, &texts->members[i].value, true, &v, e))
            return false;
        if (i)
            buf_addc(&b, '&');
        http_encode(&b, texts->members[i].name);
        buf_addc(&b, '=');
        buf_add(&b, v.text);
    }
    text = arena_str(a, buf_str(&b));
    *ret = event_string(text);
    return !b.failed && text.at ? true : err_limit(e);
}

/* What is no part of the texts: cookies, which stay as they came. */
static void keep_cookies(const struct json *was, struct json *object)
{
    for (uint32_t i = 0; was && was->kind == JSON_OBJECT && i < was->count; i++)
        if (str_equal_nocase(was->members[i].name, STR("cookie")))
            event_member(object, was->members[i].name, was->members[i].value);
}

static bool put_form(struct arena *a, enum event_kind kind, const struct event_form *form,
                     bool is_header, struct json *event, struct err *e)
{
    const struct json *was = json_get(event, str_of(form->part));
    bool many = str_starts(str_of(form->part), STR("multi"));
    bool encode = kind == EVENT_ALB && !is_header;
    struct json *object = event_object(a, form->texts.count + (was ? was->count : 0)), value;

    if (!object)
        return err_limit(e);
    if (form->part == raw_query)
        return put_raw_query(a, &form->texts, &value, e) &&
               event_replace(a, event, form->part, value, event, e);
    for (uint32_t i = 0; i < form->texts.count; i++) {
        const struct json_member *m = &form->texts.members[i];
        struct json name;

        if (!put_text(a, &(struct json){.kind = JSON_STRING, .text = m->name}, encode, &name,
                      e) ||
            !put_value(a, &m->value, many, encode, &value, e))
            return false;
        event_member(object, name.text, value);
    }
    if (is_header)
        keep_cookies(was, object);
    return event_replace(a, event, form->part, *object, event, e);
}

bool event_with_call(struct arena *a, enum event_kind kind, const struct json *event,
                     const struct event_call *call, struct json *ret, struct err *e)
{
    struct json anew = *event;

    for (size_t i = 0; i < call->query_count; i++)
        if (call->queries[i].changed && !put_form(a, kind, &call->queries[i], false, &anew, e))
            return false;
    for (size_t i = 0; i < call->header_count; i++)
        if (call->headers[i].changed && !put_form(a, kind, &call->headers[i], true, &anew, e))
            return false;
    *ret = anew;
    return true;
}

str event_path_in_stage(const struct json *event, str path)
{
    str stage = json_get_str(json_get(event, STR("requestContext")), STR("stage"));
    str rest = str_sub(path, 1 + stage.len, path.len);

    if (!stage.len || path.len < 1 + stage.len ||
        !str_equal(str_sub(path, 1, stage.len), stage))
        return path;
    return !rest.len ? STR("/") : rest.at[0] == '/' ? rest : path;
}

bool event_with_params(struct arena *a, const struct json *event,
                       const struct event_pair *params, size_t count, struct json *ret,
                       struct err *e)
{
    struct json *object = event_object(a, count);
    struct json none = {.kind = JSON_NULL};

    if (!object)
        return err_limit(e);
    if (!count && !json_get(event, STR("pathParameters"))) {
        *ret = *event;
        return true;
    }
    for (size_t i = 0; i < count; i++)
        event_member(object, params[i].name, event_string(params[i].value));
    return event_replace(a, event, "pathParameters", count ? *object : none, ret, e);
}
