/*
 * A connection without a network, for the tests of http: gives the reader a request in pieces
 * and says what came of it.
 */
#pragma once

#include "http/http.h"
#include "tap.h"

struct verdict {
    enum http_result result;
    unsigned status; /* of a refusal */
    size_t used;
    char content[64]; /* of the body, cut */
    char type[128], error[64]; /* of the trailers */
};

/* A copy that ends where its memory ends, so that the sanitizer sees a byte read too many. */
static inline str tight_copy(str s)
{
    char *at = malloc(s.len ? s.len : 1);

    if (!at)
        abort();
    if (s.len)
        memcpy(at, s.at, s.len);
    return (str){at, s.len};
}

static inline void tight_free(str *s)
{
    free((char *)s->at);
}

static inline void keep(char *to, size_t size, str text)
{
    snprintf(to, size, "%.*s", STR_ARG(text));
}

/* The head of prefix after prefix, each `piece` bytes longer, until there is a verdict. */
static inline enum http_result feed_head(str bytes, size_t piece, struct http_head *head,
                                         struct verdict *v)
{
    enum http_result result = HTTP_MORE;
    const char *why = NULL;

    for (size_t n = 0; result == HTTP_MORE && n < bytes.len;) {
        n = bytes.len - n < piece ? bytes.len : n + piece;
        CLEANUP(tight_free) str part = tight_copy(str_sub(bytes, 0, n));

        result = http_read_request(part, head, &v->used, &v->status, &why);
        if (result == HTTP_REFUSED && !why)
            abort();
    }
    return result;
}

static inline enum http_result feed_body(str bytes, size_t piece, struct http_body *b,
                                         struct buf *out, struct verdict *v)
{
    enum http_result result;
    const char *why;
    size_t at = 0, used;

    do {
        CLEANUP(tight_free) str part = tight_copy(str_sub(bytes, at, piece));

        result = http_body_read(b, part, out, &used, &v->status, &why);
        at += used;
    } while (result == HTTP_MORE && at < bytes.len);
    v->used += at;
    return result;
}

/* A request with its body, of at most `max` bytes. */
static inline struct verdict feed(str bytes, size_t piece, uint64_t max)
{
    struct verdict v = {0};
    CLEANUP(buf_free) struct buf content = {0};
    CLEANUP(buf_free) struct buf error = {0};
    struct http_head head;
    struct http_body body = {.error_body = &error};

    v.result = feed_head(bytes, piece, &head, &v);
    if (v.result != HTTP_DONE)
        return v;
    http_body_start(&body, &head, max);
    v.result = feed_body(str_sub(bytes, v.used, bytes.len), piece, &body, &content, &v);
    keep(v.content, sizeof(v.content), buf_str(&content));
    keep(v.type, sizeof(v.type), str_of(body.error_type));
    keep(v.error, sizeof(v.error), buf_str(&error));
    return v;
}

static inline bool same_verdict(const struct verdict *a, const struct verdict *b)
{
    return a->result == b->result && a->status == b->status &&
           (a->result != HTTP_DONE || a->used == b->used) &&
           strcmp(a->content, b->content) == 0 && strcmp(a->type, b->type) == 0 &&
           strcmp(a->error, b->error) == 0;
}
