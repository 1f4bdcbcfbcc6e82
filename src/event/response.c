/*
 * A function's result as an HTTP response, by the rules of payload format 2.0: an object with a
 * statusCode says it all, anything else is the body of a 200.
 */
#include "event/tree.h"

/* Framing and the connection are the gate's to decide. */
static const char *const dropped[] = {
    "content-length", "transfer-encoding", "connection",       "keep-alive",
    "upgrade",        "trailer",           "proxy-connection", "te",
};

static bool is_dropped(str name)
{
    for (size_t i = 0; i < COUNT(dropped); i++)
        if (str_equal_nocase(name, str_of(dropped[i])))
            return true;
    return false;
}

static bool as_text(struct arena *a, const struct json *v, str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf out = {0};
    str text;

    if (v->kind == JSON_STRING || v->kind == JSON_NUMBER) {
        *ret = v->text;
        return true;
    }
    json_write(&out, v);
    text = out.failed ? (str){0} : arena_str(a, buf_str(&out));
    if (!text.at)
        return err_limit(e);
    *ret = text;
    return true;
}

/* ---- the parts ---- */

static bool read_status(const struct json *v, unsigned *ret, struct err *e)
{
    uint64_t status = 0;

    if ((v->kind != JSON_NUMBER && v->kind != JSON_STRING) ||
        !str_to_u64(v->text, 599, &status) || status < 200)
        return err_set(e, ERR_INPUT,
                       "the function's statusCode is not a number from 200 to 599");
    *ret = (unsigned)status;
    return true;
}

static struct event_pair *place_for(struct event_response *r, str name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_equal_nocase(r->headers[i].name, name))
            return &r->headers[i];
    return r->header_count < EVENT_HEADERS_MAX ? &r->headers[r->header_count++] : NULL;
}

static bool add_cookie(struct event_response *r, str cookie, struct err *e)
{
    if (r->cookie_count == EVENT_COOKIES_MAX)
        return err_set(e, ERR_LIMIT, "the function's response has more than %d cookies",
                       EVENT_COOKIES_MAX);
    r->cookies[r->cookie_count++] = cookie;
    return true;
}

static bool add_header(struct arena *a, const struct json_member *m, struct event_response *r,
                       struct err *e)
{
    struct event_pair *place;
    str value;

    if (m->value.kind == JSON_NULL || is_dropped(m->name))
        return true;
    if (m->value.kind == JSON_OBJECT || m->value.kind == JSON_ARRAY)
        return err_set(e, ERR_INPUT, "the function's header '%.*s' is not a text",
                       STR_ARG(m->name));
    if (!as_text(a, &m->value, &value, e))
        return false;
    if (str_equal_nocase(m->name, STR("set-cookie")))
        return add_cookie(r, value, e);
    if (!http_header_valid(m->name, value))
        return err_set(e, ERR_INPUT,
                       "the function's header '%.*s' has a character that no header may have",
                       STR_ARG(m->name));
    place = place_for(r, m->name);
    if (!place)
        return err_set(e, ERR_LIMIT, "the function's response has more than %d headers",
                       EVENT_HEADERS_MAX);
    *place = (struct event_pair){m->name, value};
    return true;
}

static bool read_headers(struct arena *a, const struct json *v, struct event_response *r,
                         struct err *e)
{
    if (!v || v->kind == JSON_NULL)
        return true;
    if (v->kind != JSON_OBJECT)
        return err_set(e, ERR_INPUT, "the function's headers are not an object");
    for (uint32_t i = 0; i < v->count; i++)
        if (!add_header(a, &v->members[i], r, e))
            return false;
    return true;
}

static bool read_cookies(const struct json *v, struct event_response *r, struct err *e)
{
    if (!v || v->kind == JSON_NULL)
        return true;
    if (v->kind != JSON_ARRAY)
        return err_set(e, ERR_INPUT, "the function's cookies are not a list");
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->items[i].kind != JSON_STRING)
            return err_set(e, ERR_INPUT, "the function's cookie %u is not a text", i + 1);
        if (!add_cookie(r, v->items[i].text, e))
            return false;
    }
    return true;
}

static bool read_body(struct arena *a, const struct json *v, bool base64, str *ret,
                      struct err *e)
{
    if (!v || v->kind == JSON_NULL)
        return true;
    if (!base64)
        return as_text(a, v, ret, e);
    if (v->kind != JSON_STRING || !base64_decode(a, v->text, ret))
        return err_set(e, ERR_INPUT,
                       "the function's body is not the base64 that it says it is");
    return true;
}

static bool says_type(const struct event_response *r)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_equal_nocase(r->headers[i].name, STR("content-type")))
            return true;
    return false;
}

/* ---- the whole ---- */

static bool read_response(struct arena *a, const struct json *v, struct event_response *r,
                          struct err *e)
{
    const struct json *encoded = json_get(v, STR("isBase64Encoded"));
    bool base64 = encoded && encoded->kind == JSON_TRUE;

    if (!read_status(json_get(v, STR("statusCode")), &r->status, e) ||
        !read_headers(a, json_get(v, STR("headers")), r, e) ||
        !read_cookies(json_get(v, STR("cookies")), r, e) ||
        !read_body(a, json_get(v, STR("body")), base64, &r->body, e))
        return false;
    if (says_type(r))
        r->content_type = (str){0};
    if (r->status == 204 || r->status == 304)
        r->body = r->content_type = (str){0};
    return true;
}

bool event_to_response(struct arena *a, str result, struct event_response *ret, struct err *e)
{
    struct event_response r = {.status = 200, .content_type = STR("application/json")};
    struct json *v;

    if (str_trim(result).len) {
        if (!json_read(a, result, &json_limits_event, &v, e))
            return err_wrap(e, "reading the function's result");
        if (!(json_get(v, STR("statusCode")) ? read_response(a, v, &r, e)
                                             : as_text(a, v, &r.body, e)))
            return false;
    }
    *ret = r;
    return true;
}
