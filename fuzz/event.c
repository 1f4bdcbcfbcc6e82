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

/* A list can only be CloudEvents, which come so over HTTP. */
static enum event_kind kind_of(const struct json *event)
{
    return event->kind == JSON_ARRAY ? EVENT_CLOUDEVENT : event_recognise(event);
}

/* What a request asks for can be put back, and asks for the same then. */
static void call(struct arena *a, enum event_kind kind, const struct json *event)
{
    struct event_call c, again;
    struct json anew;
    struct err e = {0};

    if (event->kind != JSON_OBJECT || !event_call_of(a, kind, event, &c, &e))
        return;
    for (size_t i = 0; i < c.query_count; i++)
        c.queries[i].changed = true;
    for (size_t i = 0; i < c.header_count; i++)
        c.headers[i].changed = true;
    demand(event_with_call(a, kind, event, &c, &anew, &e));
    demand(event_call_of(a, kind, &anew, &again, &e));
    demand(again.header_count == c.header_count);
}

/* A record that opens is closed, and what comes of it holds the same. */
static bool keep(struct arena *a, const struct event_batch *b, size_t i, struct json *ret,
                 str *held)
{
    CLEANUP(buf_free) struct buf text = {.max = 64 << 20};
    struct event_record r;
    struct err e = {0};

    if (!event_record_open(a, b, i, NULL, &r, &e)) {
        demand(e.code != ERR_NONE);
        return false;
    }
    for (uint32_t k = 0; k < r.count; k++)
        json_write(&text, &r.payloads[k]);
    *held = arena_str(a, buf_str(&text));
    if (event_record_close(a, b, &r, r.payloads, ret, &e))
        return true;
    demand(e.code == ERR_LIMIT);
    return false;
}

static void unwrap(struct arena *a, str text)
{
    enum { MAX = 32 };
    const struct json *kept[MAX] = {0};
    struct json *event, records[MAX], anew;
    struct event_batch b, again;
    str held[MAX], same;
    size_t n = 0;
    struct err e = {0};
    CLEANUP(buf_free) struct buf written = {0};

    if (!json_read(a, text, &json_limits_event, &event, &e))
        return;
    call(a, text.len % 2 ? EVENT_ALB : EVENT_HTTP_V1, event);
    if (!event_batch_open(a, kind_of(event), event, MAX, &b, &e))
        return;
    for (size_t i = 0; i < b.count; i++)
        if (keep(a, &b, i, &records[i], &held[n])) {
            kept[i] = &records[i];
            n++;
        }
    if (!event_batch_close(a, &b, kept, &anew, &e))
        return;
    json_write(&written, &anew);
    demand(event_batch_open(a, b.kind, read_back(a, &written), MAX, &again, &e));
    demand(again.count == n || again.count == 1);
    for (size_t i = 0; n && i < again.count; i++)
        demand(keep(a, &again, i, &records[i], &same) && str_equal(same, held[i]));
}

/* Whatever a function answers, the source hears of all records or gets what it would refuse. */
static void answer_batch(struct arena *a, str text)
{
    static const enum event_kind kinds[] = {EVENT_SQS,      EVENT_KINESIS,   EVENT_KAFKA,
                                            EVENT_FIREHOSE, EVENT_ANALYTICS, EVENT_SNS};
    struct event_item items[4] = {0};
    CLEANUP(buf_free) struct buf b = {0};
    struct json *ignored;
    struct err e = {0};

    for (size_t i = 0; i < COUNT(items); i++) {
        items[i].name = arena_format(a, "%zu", i);
        items[i].id = (struct json){.kind = JSON_STRING, .text = items[i].name};
        items[i].fate = (enum event_fate)(text.len % 3 * i % 3);
        items[i].group = i % 2 ? STR("g") : STR("");
    }
    demand(event_batch_answer(a, kinds[text.len % COUNT(kinds)], items, COUNT(items), text, &b,
                              &e));
    if (json_read(a, text, &json_limits_event, &ignored, &e))
        read_back(a, &b);
}

static void answer(struct arena *a, str text)
{
    struct err e = {0};
    struct event_response r;
    CLEANUP(buf_free) struct buf b = {0};

    answer_batch(a, text);
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
    struct json event;
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
    if (event_cloudevent_from_request(a, &head, r.body, &event, &e))
        demand(event_recognise(&event) == EVENT_CLOUDEVENT &&
               event_cloudevent_check(&event, &e));
    e = (struct err){0};
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
    static void (*const kinds[])(struct arena *, str) = {unwrap, answer, make, name,
                                                         answer_batch};
    CLEANUP(arena_freep) struct arena *a = arena_new(0);

    if (size)
        kinds[data[0] % COUNT(kinds)](a, (str){(const char *)data + 1, size - 1});
    return 0;
}
