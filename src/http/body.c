/*
 * A body as it arrives: a state for each thing that can come next, and a row for each state.
 */
#include "http/head.h"

enum {
    SIZE_DIGITS_MAX = 16, /* of a chunk: 64 bits */
};

enum state {
    FINISHED,
    TOO_LARGE,
    FIXED,
    UNTIL_CLOSE,
    SIZE,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
};

enum trailer { TRAILER_OTHER, TRAILER_TYPE, TRAILER_BODY };

/* What one call was given. */
struct piece {
    str bytes;
    size_t at;
    struct buf *out;
    unsigned status;
    const char *why;
};

void http_body_start(struct http_body *b, const struct http_head *h, uint64_t max)
{
    struct buf *error_body = b->error_body;

    *b = (struct http_body){.chunked = h->chunked, .max = max, .error_body = error_body};
    b->left = h->length;
    if (h->chunked)
        b->state = SIZE;
    else if (h->until_close)
        b->state = UNTIL_CLOSE;
    else if (h->length > max)
        b->state = TOO_LARGE;
    else
        b->state = h->length ? FIXED : FINISHED;
}

static enum http_result refuse(struct piece *p, unsigned status, const char *why)
{
    p->status = status;
    p->why = why;
    return HTTP_REFUSED;
}

static enum http_result go_on(struct http_body *b, enum state next)
{
    b->state = next;
    return HTTP_MORE;
}

static enum http_result expect(struct http_body *b, struct piece *p, char c, enum state next)
{
    if (p->bytes.at[p->at] != c)
        return refuse(p, 400, "a line in the body does not end with CR LF");
    p->at++;
    return go_on(b, next);
}

/* ---- content ---- */

static enum http_result finished(struct http_body *b, struct piece *p)
{
    (void)b;
    (void)p;
    return HTTP_DONE;
}

static enum http_result too_large(struct http_body *b, struct piece *p)
{
    (void)b;
    return refuse(p, 413, "the body is too large");
}

static enum http_result take_content(struct http_body *b, struct piece *p, uint64_t most)
{
    str part = str_sub(p->bytes, p->at, most < SIZE_MAX ? (size_t)most : SIZE_MAX);

    buf_add(p->out, part);
    if (p->out->failed)
        return refuse(p, 413, "the body is too large");
    p->at += part.len;
    b->taken += part.len;
    return HTTP_MORE;
}

static enum http_result take_left(struct http_body *b, struct piece *p, enum state next)
{
    uint64_t before = b->taken;
    enum http_result result = take_content(b, p, b->left);

    b->left -= b->taken - before;
    if (result == HTTP_MORE && !b->left)
        b->state = next;
    return result;
}

static enum http_result fixed(struct http_body *b, struct piece *p)
{
    return take_left(b, p, FINISHED);
}

static enum http_result until_close(struct http_body *b, struct piece *p)
{
    if (p->bytes.len - p->at > b->max - b->taken)
        return too_large(b, p);
    return take_content(b, p, UINT64_MAX);
}

/* ---- chunks ---- */

static enum http_result size(struct http_body *b, struct piece *p)
{
    char c = p->bytes.at[p->at++];

    if (c == '\r' && b->line_len)
        return go_on(b, SIZE_LF);
    if (c == ';')
        return refuse(p, 400, "chunk extensions are not accepted");
    if (!http_is(c, HTTP_HEX))
        return refuse(p, 400, "a chunk's size is not hexadecimal digits alone");
    if (++b->line_len > SIZE_DIGITS_MAX)
        return refuse(p, 400, "a chunk's size is too long");
    b->left = b->left << 4 | http_hex(c);
    return HTTP_MORE;
}

static enum http_result size_lf(struct http_body *b, struct piece *p)
{
    b->line_len = 0;
    if (b->left > b->max - b->taken)
        return too_large(b, p);
    return expect(b, p, '\n', b->left ? DATA : TRAILER_NAME);
}

static enum http_result data(struct http_body *b, struct piece *p)
{
    return take_left(b, p, DATA_CR);
}

static enum http_result data_cr(struct http_body *b, struct piece *p)
{
    return expect(b, p, '\r', DATA_LF);
}

static enum http_result data_lf(struct http_body *b, struct piece *p)
{
    return expect(b, p, '\n', SIZE);
}

/* ---- trailers: those of the Lambda Runtime API are kept, the others read and dropped ---- */

static enum trailer which_trailer(const struct http_body *b)
{
    str name = {b->line, b->line_len};

    if (str_equal_nocase(name, STR("Lambda-Runtime-Function-Error-Type")))
        return TRAILER_TYPE;
    if (str_equal_nocase(name, STR("Lambda-Runtime-Function-Error-Body")) && b->error_body)
        return TRAILER_BODY;
    return TRAILER_OTHER;
}

static enum http_result count_trailer(struct http_body *b, struct piece *p, size_t n)
{
    b->trailer_bytes += n;
    if (b->trailer_bytes > HTTP_TRAILER_MAX)
        return refuse(p, 400, "the trailers are too large");
    return HTTP_MORE;
}

static size_t kept(const struct http_body *b)
{
    return b->trailer == TRAILER_BODY ? b->error_body->len : strlen(b->error_type);
}

static enum http_result start_value(struct http_body *b, struct piece *p)
{
    b->trailer = which_trailer(b);
    if (b->trailer != TRAILER_OTHER && kept(b))
        return refuse(p, 400, "a trailer came twice");
    return go_on(b, TRAILER_VALUE);
}

static enum http_result trailer_name(struct http_body *b, struct piece *p)
{
    char c = p->bytes.at[p->at++];

    if (c == '\r' && !b->line_len)
        return go_on(b, END_LF);
    if (c == ':' && b->line_len)
        return start_value(b, p);
    if (!http_is(c, HTTP_TOKEN))
        return refuse(p, 400, "a trailer's name is not a token and a colon");
    if (b->line_len == sizeof(b->line))
        return refuse(p, 400, "a trailer's name is too long");
    b->line[b->line_len++] = c;
    return count_trailer(b, p, 1);
}

static enum http_result keep_value(struct http_body *b, struct piece *p, str part)
{
    size_t used = strlen(b->error_type);

    if (b->trailer == TRAILER_OTHER)
        return HTTP_MORE;
    while (part.len && !kept(b) && (part.at[0] == ' ' || part.at[0] == '\t'))
        part = str_sub(part, 1, part.len);
    if (b->trailer == TRAILER_BODY) {
        buf_add(b->error_body, part);
        return b->error_body->failed ? refuse(p, 400, "the trailers are too large") : HTTP_MORE;
    }
    if (part.len >= sizeof(b->error_type) - used)
        return refuse(p, 400, "a trailer's value is too long");
    memcpy(b->error_type + used, part.at, part.len);
    return HTTP_MORE;
}

static void trim_value(struct http_body *b)
{
    str type = str_trim(str_of(b->error_type));

    if (b->trailer == TRAILER_TYPE)
        b->error_type[type.len] = 0;
    if (b->trailer == TRAILER_BODY)
        b->error_body->len = str_trim(buf_str(b->error_body)).len;
}

static enum http_result trailer_value(struct http_body *b, struct piece *p)
{
    const char *from = p->bytes.at + p->at, *end = p->bytes.at + p->bytes.len;
    str part = {from, (size_t)(http_value_end(from, end) - from)};

    if (count_trailer(b, p, part.len) != HTTP_MORE || keep_value(b, p, part) != HTTP_MORE)
        return HTTP_REFUSED;
    p->at += part.len;
    if (p->at == p->bytes.len)
        return HTTP_MORE;
    trim_value(b);
    return expect(b, p, '\r', TRAILER_LF);
}

static enum http_result trailer_lf(struct http_body *b, struct piece *p)
{
    b->line_len = 0;
    return expect(b, p, '\n', TRAILER_NAME);
}

static enum http_result end_lf(struct http_body *b, struct piece *p)
{
    return expect(b, p, '\n', FINISHED);
}

/* ---- the table ---- */

static enum http_result (*const steps[])(struct http_body *b, struct piece *p) = {
    [FINISHED] = finished,
    [TOO_LARGE] = too_large,
    [FIXED] = fixed,
    [UNTIL_CLOSE] = until_close,
    [SIZE] = size,
    [SIZE_LF] = size_lf,
    [DATA] = data,
    [DATA_CR] = data_cr,
    [DATA_LF] = data_lf,
    [TRAILER_NAME] = trailer_name,
    [TRAILER_VALUE] = trailer_value,
    [TRAILER_LF] = trailer_lf,
    [END_LF] = end_lf,
};

enum http_result http_body_read(struct http_body *b, str bytes, struct buf *out, size_t *used,
                                unsigned *status, const char **why)
{
    struct piece p = {.bytes = bytes, .out = out};
    enum http_result result = HTTP_MORE;

    while (result == HTTP_MORE && (p.at < bytes.len || b->state <= TOO_LARGE))
        result = steps[b->state](b, &p);
    *used = p.at;
    if (result == HTTP_REFUSED) {
        *status = p.status;
        *why = p.why;
    }
    return result;
}
