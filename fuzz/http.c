/*
 * HTTP messages: a request, or a response when the first byte says so, with its body. The
 * second byte cuts the input: both ways of reading it must come to the same verdict.
 */
#include "http/http.h"

#include <stdlib.h>

enum { BODY_MAX = 4096 };

struct outcome {
    enum http_result result;
    unsigned status;
    size_t used;
    struct buf content;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static bool inside(str part, str whole)
{
    return !part.len || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void check_head(const struct http_head *h, str bytes)
{
    demand(h->header_count <= HTTP_HEADERS_MAX && !(h->chunked && h->has_length));
    demand(inside(h->method, bytes) && inside(h->target, bytes) && inside(h->query, bytes));
    for (size_t i = 0; i < h->header_count; i++) {
        struct http_header header = h->headers[i];
        CLEANUP(buf_free) struct buf out = {0};

        demand(inside(header.name, bytes) && inside(header.value, bytes));
        demand(http_write_header(&out, header.name, header.value));
    }
}

static enum http_result read_head(str bytes, bool response, struct http_head *h,
                                  struct outcome *o)
{
    const char *why;

    return response ? http_read_response(bytes, h, &o->used, &why)
                    : http_read_request(bytes, h, &o->used, &o->status, &why);
}

static void read_body(str bytes, size_t piece, const struct http_head *h, struct outcome *o)
{
    CLEANUP(buf_free) struct buf error = {.max = BODY_MAX};
    struct http_body b = {.error_body = &error};
    size_t at = 0, used;
    const char *why;

    http_body_start(&b, h, BODY_MAX);
    do {
        str part = str_sub(bytes, at, piece);

        o->result = http_body_read(&b, part, &o->content, &used, &o->status, &why);
        demand(used <= part.len && (o->result != HTTP_MORE || used == part.len));
        at += used;
    } while (o->result == HTTP_MORE && at < bytes.len);
    demand(o->content.len <= BODY_MAX);
    o->used += at;
}

static struct outcome read_message(str bytes, bool response, size_t piece)
{
    struct outcome o = {.result = HTTP_MORE};
    struct http_head h;

    for (size_t n = 0; o.result == HTTP_MORE && n < bytes.len;) {
        n = bytes.len - n < piece ? bytes.len : n + piece;
        o.result = read_head(str_sub(bytes, 0, n), response, &h, &o);
    }
    if (o.result != HTTP_DONE)
        return o;
    check_head(&h, bytes);
    read_body(str_sub(bytes, o.used, bytes.len), piece, &h, &o);
    return o;
}

static void check_paths(str bytes)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str decoded;

    if (http_path(a, bytes, &decoded))
        demand(decoded.len <= bytes.len && str_is_utf8(decoded) &&
               str_find_str(decoded, STR("/../")) == decoded.len);
    if (http_decode(a, bytes, true, &decoded))
        demand(decoded.len <= bytes.len && str_is_utf8(decoded));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, cut;
    str bytes;

    if (size < 2)
        return 0;
    bytes = (str){(const char *)data + 2, size - 2};
    whole = read_message(bytes, data[0] & 1, SIZE_MAX);
    cut = read_message(bytes, data[0] & 1, data[1] + 1u);
    demand(whole.result == cut.result && whole.status == cut.status);
    if (whole.result == HTTP_DONE)
        demand(whole.used == cut.used &&
               str_equal(buf_str(&whole.content), buf_str(&cut.content)));
    buf_free(&whole.content);
    buf_free(&cut.content);
    check_paths(bytes);
    return 0;
}
