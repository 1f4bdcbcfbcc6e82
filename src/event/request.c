/*
 * An HTTP request as an event of payload format 2.0, as a function URL makes it.
 */
#include "event/tree.h"

static void put(struct buf *out, const char *before, str value)
{
    buf_add(out, str_of(before));
    json_write_str(out, value);
}

/* ---- headers ---- */

/* Said by the gate; what a client says of itself here is left out. */
static const char *const forwarded[] = {
    "x-amzn-trace-id",
    "x-forwarded-for",
    "x-forwarded-port",
    "x-forwarded-proto",
};

static bool is_forwarded(str name)
{
    for (size_t i = 0; i < COUNT(forwarded); i++)
        if (str_is(name, forwarded[i]))
            return true;
    return false;
}

static str port_of(const struct event_request *r)
{
    const str *host = http_header(r->head, "host");
    str rest = host ? *host : (str){0};
    size_t colon;

    if (str_starts(rest, STR("[")))
        rest = str_sub(rest, str_find(rest, ']'), rest.len);
    colon = str_find(rest, ':');
    if (colon + 1 < rest.len)
        return str_sub(rest, colon + 1, rest.len);
    return r->tls ? STR("443") : STR("80");
}

/* Root=1-SECONDS-ID: the time in hexadecimal and the last 24 digits of the request's id. */
void event_trace_id(struct buf *out, str request_id, uint64_t wall_ms)
{
    char digits[25] = "000000000000000000000000", seconds[8];
    uint32_t s = (uint32_t)(wall_ms / 1000);
    size_t n = 24;

    for (size_t i = request_id.len; i > 0 && n > 0; i--)
        if (strchr("0123456789abcdef", request_id.at[i - 1]) && request_id.at[i - 1])
            digits[--n] = request_id.at[i - 1];
    hex_write(seconds,
              (const uint8_t[]){(uint8_t)(s >> 24), (uint8_t)(s >> 16), (uint8_t)(s >> 8),
                                (uint8_t)s},
              4);
    buf_add(out, STR("Root=1-"));
    buf_add(out, (str){seconds, sizeof(seconds)});
    buf_addc(out, '-');
    buf_add(out, str_of(digits));
}

static void put_headers(struct buf *out, const struct event_request *r,
                        const struct json *headers)
{
    buf_add(out, STR(",\"headers\":{"));
    for (uint32_t i = 0; i < headers->count; i++) {
        if (is_forwarded(headers->members[i].name))
            continue;
        json_write_str(out, headers->members[i].name);
        put(out, ":", headers->members[i].value.text);
        buf_addc(out, ',');
    }
    buf_add(out, STR("\"x-amzn-trace-id\":\""));
    event_trace_id(out, r->request_id, r->wall_ms);
    put(out, "\",\"x-forwarded-for\":", r->source_ip);
    put(out, ",\"x-forwarded-port\":", port_of(r));
    put(out, ",\"x-forwarded-proto\":", r->tls ? STR("https") : STR("http"));
    buf_addc(out, '}');
}

static void put_cookies(struct buf *out, const struct http_head *head)
{
    const char *before = ",\"cookies\":[";
    bool any = false;

    for (size_t i = 0; i < head->header_count; i++) {
        str rest = head->headers[i].value, cookie;

        if (!str_equal_nocase(head->headers[i].name, STR("cookie")))
            continue;
        while (str_cut(&rest, ';', &cookie)) {
            cookie = str_trim(cookie);
            if (!cookie.len)
                continue;
            put(out, any ? "," : before, cookie);
            any = true;
        }
    }
    if (any)
        buf_addc(out, ']');
}

/* ---- requestContext ---- */

/* "12/Mar/2026:19:03:58 +0000": what clock_iso tells, in the order of access logs. */
static void put_time(struct buf *out, uint64_t wall_ms)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char iso[25];
    unsigned month;

    clock_iso(wall_ms, iso);
    month = (unsigned)(iso[5] - '0') * 10 + (unsigned)(iso[6] - '0');
    buf_add(out, STR(",\"time\":\""));
    buf_add(out, (str){iso + 8, 2});
    buf_addc(out, '/');
    buf_add(out, (str){months + 3 * (month - 1), 3});
    buf_addc(out, '/');
    buf_add(out, (str){iso, 4});
    buf_addc(out, ':');
    buf_add(out, (str){iso + 11, 8});
    buf_add(out, STR(" +0000\",\"timeEpoch\":"));
    buf_add_u64(out, wall_ms);
}

static void put_http(struct buf *out, const struct event_request *r)
{
    const str *agent = http_header(r->head, "user-agent");

    put(out, ",\"http\":{\"method\":", r->head->method);
    put(out, ",\"path\":", r->path);
    put(out, ",\"protocol\":", r->head->minor ? STR("HTTP/1.1") : STR("HTTP/1.0"));
    put(out, ",\"sourceIp\":", r->source_ip);
    put(out, ",\"userAgent\":", agent ? *agent : STR(""));
    buf_addc(out, '}');
}

static void put_context(struct buf *out, const struct event_request *r)
{
    str prefix = str_sub(r->domain, 0, str_find(r->domain, '.'));

    put(out, ",\"requestContext\":{\"accountId\":\"anonymous\",\"apiId\":", r->function);
    put(out, ",\"domainName\":", r->domain);
    put(out, ",\"domainPrefix\":", prefix);
    put_http(out, r);
    put(out, ",\"requestId\":", r->request_id);
    put(out, ",\"routeKey\":", r->route);
    buf_add(out, STR(",\"stage\":\"$default\""));
    put_time(out, r->wall_ms);
    buf_addc(out, '}');
}

/* ---- body ---- */

static bool is_text(struct arena *a, const struct event_request *r)
{
    static const char *const types[] = {"text", "json", "xml"};
    const str *header = http_header(r->head, "content-type");
    str type = header ? arena_str(a, *header) : (str){0};

    for (size_t i = 0; type.at && i < COUNT(types); i++)
        if (strcasestr(type.at, types[i]))
            return str_is_utf8(r->body);
    return false;
}

/* Returns whether it had to be base64. */
static bool put_body(struct arena *a, struct buf *out, const struct event_request *r)
{
    if (!r->body.len)
        return false;
    if (is_text(a, r)) {
        put(out, ",\"body\":", r->body);
        return false;
    }
    buf_add(out, STR(",\"body\":\""));
    base64_encode(out, r->body);
    buf_addc(out, '"');
    return true;
}

static void put_params(struct buf *out, const struct event_request *r)
{
    for (size_t i = 0; i < r->param_count; i++) {
        put(out, i ? "," : ",\"pathParameters\":{", r->params[i].name);
        put(out, ":", r->params[i].value);
    }
    if (r->param_count)
        buf_addc(out, '}');
}

/* As a form writes it; what was joined by a comma stays so. */
static void put_query(struct buf *out, const struct json *query)
{
    CLEANUP(buf_free) struct buf text = {0};

    for (uint32_t i = 0; i < query->count; i++) {
        if (i)
            buf_addc(&text, '&');
        http_encode(&text, query->members[i].name);
        buf_addc(&text, '=');
        http_encode(&text, query->members[i].value.text);
    }
    out->failed |= text.failed;
    put(out, ",\"rawQueryString\":", buf_str(&text));
}

/* What the gate made of them, else what the head has. */
static bool take_pairs(struct arena *a, const struct event_request *r,
                       const struct json **query, const struct json **headers, struct err *e)
{
    struct json *read;

    *query = r->query;
    *headers = r->headers;
    if (!*query) {
        if (!event_query(a, r->head->query, &read, e))
            return false;
        *query = read;
    }
    if (!*headers) {
        if (!event_headers(a, r->head, &read, e))
            return false;
        *headers = read;
    }
    return true;
}

bool event_from_request(struct arena *a, const struct event_request *r, struct buf *ret,
                        struct err *e)
{
    const struct json *query, *headers;
    size_t before = ret->len;
    bool base64;

    if (!take_pairs(a, r, &query, &headers, e))
        return false;
    put(ret, "{\"version\":\"2.0\",\"routeKey\":", r->route);
    put(ret, ",\"rawPath\":", r->path);
    if (r->query)
        put_query(ret, query);
    else
        put(ret, ",\"rawQueryString\":", r->head->query);
    put_cookies(ret, r->head);
    put_headers(ret, r, headers);
    if (query->count) {
        buf_add(ret, STR(",\"queryStringParameters\":"));
        json_write(ret, query);
    }
    put_context(ret, r);
    base64 = put_body(a, ret, r);
    put_params(ret, r);
    buf_add(ret,
            base64 ? STR(",\"isBase64Encoded\":true}") : STR(",\"isBase64Encoded\":false}"));
    if (!ret->failed)
        return true;
    ret->len = before;
    return err_limit(e);
}
