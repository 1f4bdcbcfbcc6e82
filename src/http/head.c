/*
 * A message's head, line by line. Every function goes on where the last one stopped and looks
 * at no byte behind its own part: so a head that arrives in pieces, read again from its start
 * with each, gets the verdict that it gets in one piece.
 */
#include "http/head.h"

enum { METHOD_MAX = 32, HEADER_NAME_MAX = 256, VERSION = sizeof("HTTP/1.1") - 1 };

enum http_result http_refuse(struct http_reader *r, unsigned status, const char *why)
{
    r->status = status;
    r->why = why;
    return HTTP_REFUSED;
}

static enum http_result take_line_end(struct http_reader *r)
{
    if (r->at == r->end)
        return HTTP_MORE;
    if (*r->at != '\r')
        return http_refuse(r, 400, "a line does not end with CR LF");
    if (r->end - r->at < 2)
        return HTTP_MORE;
    if (r->at[1] != '\n')
        return http_refuse(r, 400, "CR without LF");
    r->at += 2;
    return HTTP_DONE;
}

static enum http_result take_space(struct http_reader *r)
{
    if (r->at == r->end)
        return HTTP_MORE;
    if (*r->at != ' ')
        return http_refuse(r, 400,
                           "the first line is not of three parts with one space between");
    r->at++;
    return HTTP_DONE;
}

static str take_class(struct http_reader *r, unsigned classes)
{
    const char *from = r->at, *end = r->end, *at = from;

    while (at < end && http_is(*at, classes))
        at++;
    r->at = at;
    return (str){from, (size_t)(at - from)};
}

static enum http_result read_method(struct http_reader *r)
{
    str method = take_class(r, HTTP_TOKEN);

    if (method.len > METHOD_MAX)
        return http_refuse(r, 501, "the method is too long");
    if (r->at == r->end)
        return HTTP_MORE;
    if (!method.len)
        return http_refuse(r, 400, "there is no method");
    r->head->method = method;
    return take_space(r);
}

static enum http_result read_target(struct http_reader *r)
{
    str target = take_class(r, HTTP_PATH | HTTP_QUERY);
    enum http_result result;

    if (target.len > HTTP_TARGET_MAX)
        return http_refuse(r, 414, "the target is too long");
    if (r->at == r->end)
        return HTTP_MORE;
    if (*r->at != ' ')
        return http_refuse(r, 400, "a character in the target must be percent-encoded");
    r->head->target = target;
    result = http_target(r);
    return result == HTTP_DONE ? take_space(r) : result;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* HTTP/1.0 and HTTP/1.1. Any other pair of digits is a version, only not ours. */
static enum http_result read_version(struct http_reader *r)
{
    const char *v = r->at;

    if (r->end - v <= VERSION)
        return HTTP_MORE;
    if (memcmp(v, "HTTP/", 5) != 0 || !is_digit(v[5]) || v[6] != '.' || !is_digit(v[7]) ||
        is_digit(v[8]))
        return http_refuse(r, 400, "the version is malformed");
    if (v[5] != '1' || v[7] > '1')
        return http_refuse(r, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    r->head->minor = (unsigned)(v[7] - '0');
    r->at += VERSION;
    return HTTP_DONE;
}

static enum http_result read_status(struct http_reader *r)
{
    const char *s = r->at;

    if (r->end - s < 4)
        return HTTP_MORE;
    if (s[0] < '1' || s[0] > '5' || !is_digit(s[1]) || !is_digit(s[2]))
        return http_refuse(r, 400, "the status is not of three digits");
    r->head->status = (unsigned)((s[0] - '0') * 100 + (s[1] - '0') * 10 + s[2] - '0');
    r->at += 3;
    return take_space(r);
}

static enum http_result read_reason(struct http_reader *r)
{
    r->at = http_value_end(r->at, r->end);
    return HTTP_DONE;
}

static str trim_end(const char *from, const char *to)
{
    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    return (str){from, (size_t)(to - from)};
}

static enum http_result read_name(struct http_reader *r, str *ret)
{
    str name = take_class(r, HTTP_TOKEN);

    if (name.len > HEADER_NAME_MAX)
        return http_refuse(r, 431, "a header's name is too long");
    if (r->at == r->end)
        return HTTP_MORE;
    if (!name.len && (*r->at == ' ' || *r->at == '\t'))
        return http_refuse(r, 400, "a folded header line");
    if (!name.len || *r->at != ':')
        return http_refuse(r, 400, "a header's name is not a token and a colon");
    r->at++;
    *ret = name;
    return HTTP_DONE;
}

static enum http_result read_value(struct http_reader *r, str *ret)
{
    const char *from;

    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
    from = r->at;
    r->at = http_value_end(from, r->end);
    if (r->at < r->end && *r->at != '\r')
        return http_refuse(r, 400, "a control character in a header's value");
    *ret = trim_end(from, r->at);
    return take_line_end(r);
}

static enum http_result read_header(struct http_reader *r)
{
    struct http_head *head = r->head;
    struct http_header *h;
    enum http_result result;

    if (head->header_count == HTTP_HEADERS_MAX)
        return http_refuse(r, 431, "too many headers");
    h = &head->headers[head->header_count];
    result = read_name(r, &h->name);
    if (result != HTTP_DONE)
        return result;
    result = read_value(r, &h->value);
    if (result != HTTP_DONE)
        return result;
    head->header_count++;
    return http_field(r, h);
}

static enum http_result read_headers(struct http_reader *r)
{
    while (r->at < r->end && *r->at != '\r') {
        enum http_result result = read_header(r);

        if (result != HTTP_DONE)
            return result;
    }
    return take_line_end(r);
}

typedef enum http_result step(struct http_reader *r);

static step *const request_steps[] = {
    read_method, read_target, read_version, take_line_end, read_headers, http_finish, NULL,
};

static step *const response_steps[] = {
    read_version,  take_space,   read_status, read_reason,
    take_line_end, read_headers, http_finish, NULL,
};

static enum http_result run(struct http_reader *r, str bytes, step *const *steps, size_t *used)
{
    bool full = bytes.len >= HTTP_HEAD_MAX;
    enum http_result result = HTTP_DONE;

    r->at = bytes.at;
    r->end = bytes.at + (full ? HTTP_HEAD_MAX : bytes.len);
    /* All but the headers: 3 KB that are written before they are read. */
    memset(r->head, 0, offsetof(struct http_head, headers));
    while (*steps && result == HTTP_DONE)
        result = (*steps++)(r);
    if (result == HTTP_MORE && full)
        return http_refuse(r, 431, "the head is too large");
    if (result == HTTP_DONE)
        *used = (size_t)(r->at - bytes.at);
    return result;
}

enum http_result http_read_request(str bytes, struct http_head *ret, size_t *used,
                                   unsigned *status, const char **why)
{
    struct http_reader r = {.head = ret, .request = true};
    enum http_result result = run(&r, bytes, request_steps, used);

    if (result == HTTP_REFUSED) {
        *status = r.status;
        *why = r.why;
    }
    return result;
}

enum http_result http_read_response(str bytes, struct http_head *ret, size_t *used,
                                    const char **why)
{
    struct http_reader r = {.head = ret};
    enum http_result result = run(&r, bytes, response_steps, used);

    if (result == HTTP_REFUSED)
        *why = r.why;
    return result;
}

const str *http_header(const struct http_head *h, const char *name)
{
    str wanted = str_of(name);

    for (size_t i = 0; i < h->header_count; i++)
        if (str_equal_nocase(h->headers[i].name, wanted))
            return &h->headers[i].value;
    return NULL;
}
