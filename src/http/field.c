/*
 * The five headers that decide where a message ends and whom it is for.
 */
#include "http/head.h"

static enum http_result read_host(struct http_reader *r, str value)
{
    if (!r->request)
        return HTTP_DONE;
    if (r->has_host)
        return http_refuse(r, 400, "more than one Host");
    if (!http_host_valid(value))
        return http_refuse(r, 400, "Host is not a host");
    r->has_host = true;
    r->host = value;
    return HTTP_DONE;
}

static enum http_result read_expect(struct http_reader *r, str value)
{
    if (!r->request)
        return HTTP_DONE;
    if (!str_equal_nocase(value, STR("100-continue")))
        return http_refuse(r, 417, "an expectation other than 100-continue");
    /* RFC 9110 10.1.1: from an HTTP/1.0 client it means nothing. */
    r->head->expect_continue = r->head->minor > 0;
    return HTTP_DONE;
}

static enum http_result read_connection(struct http_reader *r, str value)
{
    str rest = value, word;

    while (str_cut(&rest, ',', &word)) {
        word = str_trim(word);
        r->asks_close |= str_equal_nocase(word, STR("close"));
        r->asks_keep |= str_equal_nocase(word, STR("keep-alive"));
    }
    return HTTP_DONE;
}

static enum http_result read_length(struct http_reader *r, str value)
{
    enum { DIGITS_MAX = 19 };

    if (r->head->has_length)
        return http_refuse(r, 400, "more than one Content-Length");
    if (value.len > DIGITS_MAX || !str_to_u64(value, INT64_MAX, &r->head->length))
        return http_refuse(r, 400, "Content-Length is not a number");
    r->head->has_length = true;
    return HTTP_DONE;
}

static enum http_result read_coding(struct http_reader *r, str value)
{
    if (r->has_coding)
        return http_refuse(r, 400, "more than one Transfer-Encoding");
    r->has_coding = true;
    r->head->chunked = str_equal_nocase(value, STR("chunked"));
    return HTTP_DONE;
}

/* No two of the names are of the same length, so that it picks the only candidate. */
static const struct {
    str name;
    enum http_result (*read)(struct http_reader *r, str value);
} fields[] = {
    [4] = {STR_INIT("host"), read_host},
    [6] = {STR_INIT("expect"), read_expect},
    [10] = {STR_INIT("connection"), read_connection},
    [14] = {STR_INIT("content-length"), read_length},
    [17] = {STR_INIT("transfer-encoding"), read_coding},
};

enum http_result http_field(struct http_reader *r, const struct http_header *h)
{
    size_t n = h->name.len;

    if (n >= COUNT(fields) || !fields[n].read || !str_equal_nocase(h->name, fields[n].name))
        return HTTP_DONE;
    return fields[n].read(r, h->value);
}

static bool bodiless(unsigned status)
{
    return status < 200 || status == 204 || status == 304;
}

static enum http_result finish_framing(struct http_reader *r)
{
    struct http_head *h = r->head;

    if (r->has_coding && h->has_length)
        return http_refuse(r, 400, "Transfer-Encoding together with Content-Length");
    if (r->has_coding && h->minor == 0)
        return http_refuse(r, 400, "Transfer-Encoding in HTTP/1.0");
    if (r->has_coding && !h->chunked)
        return http_refuse(r, 501, "a Transfer-Encoding other than chunked");
    h->until_close = !r->request && !bodiless(h->status) && !h->chunked && !h->has_length;
    h->keep_alive = !r->asks_close && !h->until_close && (h->minor > 0 || r->asks_keep);
    return HTTP_DONE;
}

enum http_result http_finish(struct http_reader *r)
{
    if (r->request && !r->has_host && r->head->minor > 0)
        return http_refuse(r, 400, "no Host");
    if (r->authority.at && r->has_host && !str_equal_nocase(r->authority, r->host))
        return http_refuse(r, 400, "the target's host is not that of Host");
    return finish_framing(r);
}

static bool port_valid(str port)
{
    uint64_t number;

    return port.len <= 5 && str_to_u64(port, 65535, &number);
}

static bool is_address6(str s)
{
    bool colon = false;

    for (size_t i = 0; i < s.len; i++) {
        colon |= s.at[i] == ':';
        if (!http_is(s.at[i], HTTP_HEX) && s.at[i] != ':' && s.at[i] != '.')
            return false;
    }
    return colon;
}

bool http_host_valid(str host)
{
    size_t end = str_starts(host, STR("[")) ? str_find(host, ']') : str_find(host, ':');
    str name = str_sub(host, 0, end), rest;

    if (str_starts(name, STR("["))) {
        if (end == host.len || !is_address6(str_sub(name, 1, name.len)))
            return false;
        end++;
    } else if (!name.len || !http_all(name, HTTP_HOST)) {
        return false;
    }
    rest = str_sub(host, end, host.len);
    return !rest.len || (rest.at[0] == ':' && port_valid(str_sub(rest, 1, rest.len)));
}
