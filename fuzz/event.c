/*
 * The envelopes: an event to recognise and unwrap, a function's result to answer, or a request
 * to make an event of, as the first byte says. What we write must read again.
 */
#include "event/event.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static struct json *read_back(struct arena *a, const struct buf *b)
{
    struct err e = {0};
    struct json *v = NULL;

    demand(json_read(a, buf_str(b), &json_limits_event, &v, &e));
    return v;
}

static void unwrap(struct arena *a, str text)
{
    struct err e = {0};
    const struct json *payloads[32];
    struct json *event;
    size_t count;

    if (!json_read(a, text, &json_limits_event, &event, &e))
        return;
    if (!event_payloads(a, event_recognise(event), event, payloads, 32, &count, &e)) {
        demand(e.code != ERR_NONE);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_free) struct buf b = {0};

        json_write(&b, payloads[i]);
        read_back(a, &b);
    }
}

static void answer(struct arena *a, str text)
{
    struct err e = {0};
    struct event_response r;
    CLEANUP(buf_free) struct buf b = {0};

    if (!event_to_response(a, text, &r, &e))
        return;
    demand(r.status >= 200 && r.status <= 599);
    for (size_t i = 0; i < r.header_count; i++)
        demand(http_write_header(&b, r.headers[i].name, r.headers[i].value));
    for (size_t i = 0; i < r.cookie_count; i++)
        demand(http_write_header(&b, STR("Set-Cookie"), r.cookies[i]));
}

static void make(struct arena *a, str text)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct http_head head;
    struct event_request r = {.head = &head, .wall_ms = 1584039838390u};
    struct event_pair params[16];
    struct err e = {0};
    const char *why;
    unsigned status;
    size_t used;

    if (http_read_request(text, &head, &used, &status, &why) != HTTP_DONE ||
        !http_path(a, head.path, &r.path))
        return;
    r.body = str_sub(text, used, text.len);
    r.params = params;
    if (!event_route_match(STR("/a/{x}/{y+}"), r.path, params, &r.param_count))
        r.param_count = 0;
    if (event_from_request(a, &r, &b, &e))
        demand(event_recognise(read_back(a, &b)) == EVENT_HTTP_V2);
}

static void name(struct arena *a, str text)
{
    struct event_name n;
    struct err e = {0};
    str decoded;

    if (!http_decode(a, text, false, &decoded) || !event_name_parse(decoded, &n, &e))
        return;
    demand(n.function.len > 0 && n.function.len + n.qualifier.len <= decoded.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const kinds[])(struct arena *, str) = {unwrap, answer, make, name};
    CLEANUP(arena_freep) struct arena *a = arena_new(0);

    if (size)
        kinds[data[0] % COUNT(kinds)](a, (str){(const char *)data + 1, size - 1});
    return 0;
}
