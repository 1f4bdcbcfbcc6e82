#include "event.h"

/* ---- from a request ---- */

static struct http_head read_head(const char *text)
{
    struct http_head h;
    size_t used;
    unsigned status;
    const char *why;

    if (http_read_request(str_of(text), &h, &used, &status, &why) != HTTP_DONE)
        abort();
    return h;
}

#define CONTEXT(method, path)                                                                  \
    "\"requestContext\":{\"accountId\":\"anonymous\",\"apiId\":\"orders\","                    \
    "\"domainName\":\"orders.shop.example\",\"domainPrefix\":\"orders\",\"http\":{"            \
    "\"method\":\"" method "\",\"path\":\"" path "\",\"protocol\":\"HTTP/1.1\","               \
    "\"sourceIp\":\"192.0.2.7\",\"userAgent\":\"\"},"                                          \
    "\"requestId\":\"0190b2a4-6a0a-4a69-9df3-3f6b1a2a9a11\",\"routeKey\":\"" method " " path   \
    "\",\"stage\":\"$default\",\"time\":\"12/Mar/2020:19:03:58 +0000\","                       \
    "\"timeEpoch\":1584039838390}"

#define GATE(port, protocol)                                                                   \
    "\"x-amzn-trace-id\":\"Root=1-5e6a879e-6a0a4a699df33f6b1a2a9a11\","                        \
    "\"x-forwarded-for\":\"192.0.2.7\",\"x-forwarded-port\":\"" port "\","                     \
    "\"x-forwarded-proto\":\"" protocol "\"}"

#define HEAD(method, path)                                                                     \
    "{\"version\":\"2.0\",\"routeKey\":\"" method " " path "\","                               \
    "\"rawPath\":\"" path "\",\"rawQueryString\":"

static const struct {
    const char *name, *head, *path, *route;
    str body;
    bool tls;
    const char *event;
} requests[] = {
    {"a plain request", "GET / HTTP/1.1\r\nHost: orders.shop.example\r\n\r\n", "/", "GET /",
     STR_INIT(""), false,
     HEAD("GET", "/") "\"\",\"headers\":{\"host\":\"orders.shop.example\"," GATE(
         "80", "http") "," CONTEXT("GET", "/") ",\"isBase64Encoded\":false}"},
    {"JSON with a query",
     "POST /o?a=1&b=%20+&a=2&c HTTP/1.1\r\nHost: x:8080\r\nContent-Type: Application/JSON\r\n\r\n",
     "/o", "POST /o", STR_INIT("{\"n\": \"gr\xc3\xbc\"}"), true,
     HEAD(
         "POST",
         "/o") "\"a=1&b=%20+&a=2&c\",\"headers\":{\"host\":\"x:8080\","
               "\"content-type\":\"Application/JSON\"," GATE(
                   "8080",
                   "https") ","
                            "\"queryStringParameters\":{\"a\":\"1,2\",\"b\":\"  \",\"c\":\"\"}," CONTEXT(
                                "POST",
                                "/o") ",\"body\":\"{\\\"n\\\": \\\"gr\xc3\xbc\\\"}\",\"isBase64Encoded\":false}"},
    {"cookies, repeated headers and what a client says of the gate",
     "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=1; b=2;\r\nX-A: 1\r\nx-a: 2\r\nX-Forwarded-For: 9.9.9.9"
     "\r\nCookie: c\r\nX-Amzn-Trace-Id: Root=1\r\n\r\n",
     "/", "GET /", STR_INIT(""), true,
     HEAD("GET", "/") "\"\",\"cookies\":[\"a=1\",\"b=2\",\"c\"],\"headers\":{\"host\":\"x\","
                      "\"x-a\":\"1,2\"," GATE("443", "https") "," CONTEXT(
                          "GET", "/") ",\"isBase64Encoded\":false}"},
    {"a form, which is base64 as with AWS",
     "PUT /f HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
     "/f", "PUT /f", STR_INIT("a=1"), false,
     HEAD("PUT", "/f") "\"\",\"headers\":{\"host\":\"x\",\"content-type\":"
                       "\"application/x-www-form-urlencoded\"," GATE("80", "http") "," CONTEXT(
                           "PUT", "/f") ",\"body\":\"YT0x\",\"isBase64Encoded\":true}"},
    {"text that is not UTF-8",
     "PUT /f HTTP/1.1\r\nHost: [::1]:81\r\nContent-Type: text/plain\r\n\r\n", "/f", "PUT /f",
     STR_INIT("\xff\xfe\x00"), false,
     HEAD("PUT", "/f") "\"\",\"headers\":{\"host\":\"[::1]:81\",\"content-type\":\"text/plain\"," GATE(
         "81", "http") "," CONTEXT("PUT", "/f") ",\"body\":\"//4A\",\"isBase64Encoded\":true}"},
    {"bytes without a type", "PUT /f HTTP/1.1\r\nHost: x\r\n\r\n", "/f", "PUT /f",
     STR_INIT("{}"), false,
     HEAD("PUT", "/f") "\"\",\"headers\":{\"host\":\"x\"," GATE("80", "http") "," CONTEXT(
         "PUT", "/f") ",\"body\":\"e30=\",\"isBase64Encoded\":true}"},
};

static void test_requests(void)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf b = {0};
        struct http_head head = read_head(requests[i].head);
        struct event_request r = {
            .head = &head,
            .path = str_of(requests[i].path),
            .route = str_of(requests[i].route),
            .body = requests[i].body,
            .source_ip = STR("192.0.2.7"),
            .request_id = STR("0190b2a4-6a0a-4a69-9df3-3f6b1a2a9a11"),
            .domain = STR("orders.shop.example"),
            .function = STR("orders"),
            .tls = requests[i].tls,
            .wall_ms = 1584039838390u,
        };
        struct err e = {0};
        struct json *event;

        CHECK(event_from_request(a, &r, &b, &e), "%s becomes an event", requests[i].name);
        CHECK_STR(buf_str(&b), requests[i].event, "%s, to the byte", requests[i].name);
        event = read_json(a, buf_str(&b));
        CHECK(event && event_recognise(event) == EVENT_HTTP_V2, "%s is recognised again",
              requests[i].name);
    }
}

static void test_request_parameters(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {.max = 2000};
    struct http_head head =
        read_head("GET /o/17 HTTP/1.1\r\nHost: x\r\nUser-Agent: curl\r\n\r\n");
    struct event_pair params[] = {{STR("id"), STR("17")}, {STR("x"), STR("\"")}};
    struct event_request r = {.head = &head, .params = params, .param_count = 2};
    struct err e = {0};
    struct json *event;

    CHECK(event_from_request(a, &r, &b, &e), "a path has parameters");
    event = read_json(a, buf_str(&b));
    CHECK_STR(write_json(a, json_get(event, STR("pathParameters"))),
              "{\"id\":\"17\",\"x\":\"\\\"\"}", "they are in the event");
    CHECK_STR(json_get_str(json_get(json_get(event, STR("requestContext")), STR("http")),
                           STR("userAgent")),
              "curl", "and who asked");
    CHECK(json_get(json_get(event, STR("requestContext")), STR("timeEpoch")) != NULL,
          "and when");
    buf_clear(&b);
    b.max = b.cap = 100;
    buf_add(&b, STR("kept"));
    CHECK(!event_from_request(a, &r, &b, &e) && e.code == ERR_LIMIT &&
              str_is(buf_str(&b), "kept"),
          "an event past the limit leaves the buffer as it was");
}

/* ---- query, headers, routes ---- */

static void test_query(void)
{
    static const char *rows[][2] = {
        {"", "{}"},
        {"a", "{\"a\":\"\"}"},
        {"a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}"},
        {"b=1&a=2&b=3&b=", "{\"b\":\"1,3,\",\"a\":\"2\"}"},
        {"&&a=1&", "{\"a\":\"1\"}"},
        {"a=b=c", "{\"a\":\"b=c\"}"},
        {"=x", "{\"\":\"x\"}"},
        {"%61=%2B+%26", "{\"a\":\"+ &\"}"},
        {"__proto__=1", "{\"__proto__\":\"1\"}"},
        {"a=%00", NULL},
        {"a=%ff", NULL},
        {"%=1", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json *query;
        struct err e = {0};
        bool ok = event_query(a, str_of(rows[i][0]), &query, &e);

        CHECK(ok == (rows[i][1] != NULL), "the query '%s' is %s", rows[i][0],
              ok ? "read" : "refused");
        if (ok)
            CHECK_STR(write_json(a, query), rows[i][1], "the query '%s' as an object",
                      rows[i][0]);
    }
}

static void test_many_parameters(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    struct json *query;
    struct err e = {0};

    for (unsigned i = 0; i < 255; i++)
        buf_add(&b, STR("a&"));
    buf_addc(&b, 'a');
    CHECK(event_query(a, buf_str(&b), &query, &e) && query->count == 1, "256 parameters");
    buf_add(&b, STR("&a"));
    CHECK(!event_query(a, buf_str(&b), &query, &e) && e.code == ERR_LIMIT, "not one more");
}

static void test_headers(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct http_head head = read_head("GET / HTTP/1.1\r\nHOST: x\r\nCookie: a\r\nX-B:\r\n\r\n");
    struct http_head latin = read_head("GET / HTTP/1.1\r\nHost: x\r\nX-A: gr\xfc\xdf\r\n\r\n");
    struct json *headers;
    struct err e = {0};

    CHECK(event_headers(a, &head, &headers, &e), "headers as an object");
    CHECK_STR(write_json(a, headers), "{\"host\":\"x\",\"x-b\":\"\"}",
              "names in lower case, no cookies");
    CHECK(!event_headers(a, &latin, &headers, &e) && e.code == ERR_INPUT,
          "a value that is not UTF-8 is refused");
}

static void test_routes(void)
{
    static const struct {
        const char *pattern, *path, *params; /* NULL: no match */
    } rows[] = {
        {"/", "/", ""},
        {"/orders", "/orders", ""},
        {"/orders", "/orders/", NULL},
        {"/orders/", "/orders", NULL},
        {"/orders", "/orders/1", NULL},
        {"/orders/{id}", "/orders/1", "id=1;"},
        {"/orders/{id}", "/orders/", NULL},
        {"/orders/{id}", "/orders", NULL},
        {"/orders/{id}", "/orders/1/2", NULL},
        {"/orders/{id}/items/{n}", "/orders/a b/items/7", "id=a b;n=7;"},
        {"/files/{name+}", "/files/a/b.txt", "name=a/b.txt;"},
        {"/files/{name+}", "/files/a", "name=a;"},
        {"/files/{name+}", "/files/", NULL},
        {"/{all+}", "/", NULL},
        {"/{all+}", "/a/", "all=a/;"},
        {"/{all+}/x", "/a/x", NULL},
        {"/a{id}", "/a1", NULL},
        {"/a{id}", "/a{id}", ""},
        {"/{}", "/1", NULL},
        {"/{+}", "/1", NULL},
        {"/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}",
         "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(buf_free) struct buf b = {0};
        struct event_pair params[16];
        size_t count = 0;
        bool ok =
            event_route_match(str_of(rows[i].pattern), str_of(rows[i].path), params, &count);

        CHECK(ok == (rows[i].params != NULL), "%s %s %s", rows[i].pattern,
              ok ? "matches" : "does not match", rows[i].path);
        for (size_t k = 0; ok && k < count; k++)
            buf_addf(&b, "%.*s=%.*s;", STR_ARG(params[k].name), STR_ARG(params[k].value));
        if (ok)
            CHECK_STR(buf_str(&b), rows[i].params, "%s takes its parameters", rows[i].pattern);
    }
}

/* ---- the response ---- */

/* A response as lines: status, headers, cookies, type when no header says it, body. */
static str describe(struct arena *a, const struct event_response *r)
{
    CLEANUP(buf_free) struct buf b = {0};

    buf_addf(&b, "%u", r->status);
    for (size_t i = 0; i < r->header_count; i++)
        buf_addf(&b, "|%.*s: %.*s", STR_ARG(r->headers[i].name), STR_ARG(r->headers[i].value));
    for (size_t i = 0; i < r->cookie_count; i++)
        buf_addf(&b, "|cookie %.*s", STR_ARG(r->cookies[i]));
    if (r->content_type.len)
        buf_addf(&b, "|%.*s", STR_ARG(r->content_type));
    buf_addf(&b, "|%.*s", STR_ARG(r->body));
    return arena_str(a, buf_str(&b));
}

static const struct {
    const char *result;
    const char *response; /* NULL: refused */
} results[] = {
    {"\"hello\"", "200|application/json|hello"},
    {"3", "200|application/json|3"},
    {"3.10", "200|application/json|3.10"},
    {"true", "200|application/json|true"},
    {"null", "200|application/json|null"},
    {"", "200|application/json|"},
    {"[1, 2]", "200|application/json|[1,2]"},
    {"{\"hello\": \"world\"}", "200|application/json|{\"hello\":\"world\"}"},
    {"{\"body\":\"x\",\"headers\":{}}", "200|application/json|{\"body\":\"x\",\"headers\":{}}"},
    {"{\"statusCode\":201}", "201|application/json|"},
    {"{\"statusCode\":\"404\",\"body\":null}", "404|application/json|"},
    {"{\"statusCode\":200,\"body\":\"text\"}", "200|application/json|text"},
    {"{\"statusCode\":200,\"body\":{\"a\": 1}}", "200|application/json|{\"a\":1}"},
    {"{\"statusCode\":200,\"body\":7}", "200|application/json|7"},
    {"{\"statusCode\":200,\"headers\":{\"Content-Type\":\"text/html\"},\"body\":\"<p>\"}",
     "200|Content-Type: text/html|<p>"},
    {"{\"statusCode\":200,\"headers\":{\"X-A\":true,\"X-B\":1.50,\"X-C\":null,\"X-D\":\"\"}}",
     "200|X-A: true|X-B: 1.50|X-D: |application/json|"},
    {"{\"statusCode\":200,\"headers\":{\"x-a\":\"1\",\"X-A\":\"2\"}}",
     "200|X-A: 2|application/json|"},
    {"{\"statusCode\":200,\"headers\":{\"Content-Length\":9,\"transfer-encoding\":\"chunked\","
     "\"Connection\":\"close\",\"Keep-Alive\":\"x\",\"Upgrade\":\"h2c\",\"Trailer\":\"x\"}}",
     "200|application/json|"},
    {"{\"statusCode\":200,\"cookies\":[\"a=1; Secure\",\"b=2\"],\"body\":\"\"}",
     "200|cookie a=1; Secure|cookie b=2|application/json|"},
    {"{\"statusCode\":200,\"headers\":null,\"cookies\":null}", "200|application/json|"},
    {"{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":\"aGk=\"}",
     "200|application/json|hi"},
    {"{\"statusCode\":200,\"isBase64Encoded\":true}", "200|application/json|"},
    {"{\"statusCode\":200,\"isBase64Encoded\":false,\"body\":\"aGk=\"}",
     "200|application/json|aGk="},
    {"{\"statusCode\":204,\"headers\":{\"X-A\":\"b\"},\"body\":\"x\"}", "204|X-A: b|"},

    {"{\"statusCode\":199}", NULL},
    {"{\"statusCode\":101}", NULL},
    {"{\"statusCode\":600}", NULL},
    {"{\"statusCode\":-200}", NULL},
    {"{\"statusCode\":200.5}", NULL},
    {"{\"statusCode\":2e2}", NULL},
    {"{\"statusCode\":null}", NULL},
    {"{\"statusCode\":\"ok\"}", NULL},
    {"{\"statusCode\":200,\"headers\":[]}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"X-A\":\"b\\r\\nSet-Cookie: c\"}}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"X-A\":\"b\\u0000\"}}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"X-A\\r\\nB\":\"c\"}}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"X A\":\"c\"}}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"\":\"c\"}}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"X-A\":[\"c\"]}}", NULL},
    {"{\"statusCode\":200,\"headers\":{\"X-A\":{}}}", NULL},
    {"{\"statusCode\":200,\"cookies\":\"a=1\"}", NULL},
    {"{\"statusCode\":200,\"cookies\":[1]}", NULL},
    {"{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":\"a\"}", NULL},
    {"{\"statusCode\":200,\"isBase64Encoded\":true,\"body\":{}}", NULL},
    {"{\"statusCode\":200,\"statusCode\":201}", NULL},
    {"not JSON", NULL},
};

static void test_responses(void)
{
    for (size_t i = 0; i < COUNT(results); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct event_response r = {.status = 7};
        struct err e = {0};
        bool ok = event_to_response(a, str_of(results[i].result), &r, &e);

        CHECK(ok == (results[i].response != NULL) && (ok || (r.status == 7 && e.what[0])),
              "the result %s is %s", results[i].result, ok ? "answered" : "refused");
        if (ok)
            CHECK_STR(describe(a, &r), results[i].response, "the result %s as a response",
                      results[i].result);
    }
}

static void test_too_many(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf headers = {0};
    CLEANUP(buf_free) struct buf cookies = {0};
    struct event_response r;
    struct err e = {0};

    buf_add(&headers, STR("{\"statusCode\":200,\"headers\":{\"x\":1"));
    for (unsigned i = 0; i < 64; i++)
        buf_addf(&headers, ",\"x%u\":1", i);
    buf_add(&headers, STR("}}"));
    CHECK(!event_to_response(a, buf_str(&headers), &r, &e) && e.code == ERR_LIMIT,
          "65 headers are too many");
    e = (struct err){0};
    buf_add(&cookies, STR("{\"statusCode\":200,\"cookies\":[\"a\""));
    for (unsigned i = 0; i < 32; i++)
        buf_add(&cookies, STR(",\"b\""));
    buf_add(&cookies, STR("]}"));
    CHECK(!event_to_response(a, buf_str(&cookies), &r, &e), "33 cookies are too many");
}

/* What AWS's function URLs answered to the same results. */
static void test_recorded(void)
{
    static const char *rows[][2] = {
        {"dict", "{\"hello\": \"world\"}"},
        {"string", "\"hello\""},
        {"integer", "3"},
        {"float", "3.1"},
        {"boolean", "true"},
        {"list-mixed", "[\"hello\", 3, true]"},
        {"http-response", "{\"statusCode\":200,\"body\":\"body123\"}"},
        {"http-response-json",
         "{\"statusCode\":200,\"body\":\"{\\\"hello\\\": \\\"world\\\"}\"}"},
    };
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *all = read_suite(a, "lambda-aws-recorded/test_lambda.snapshot.json");

    if (!all) {
        tap_skip("the recorded responses need FNWARD_SUITES");
        return;
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        str name = arena_format(a,
                                "tests/aws/services/lambda_/test_lambda.py::TestLambdaURL::"
                                "test_lambda_url_invocation[%s]",
                                rows[i][0]);
        const struct json *recorded =
            json_get(json_get(json_get(all, name), STR("recorded-content")),
                     STR("lambda_url_invocation"));
        const struct json *headers = json_get(recorded, STR("headers"));
        struct event_response r;
        struct err e = {0};

        CHECK(event_to_response(a, str_of(rows[i][1]), &r, &e) &&
                  str_equal(r.content_type, json_get_str(headers, STR("Content-Type"))),
              "%s: the type that AWS gave it", rows[i][0]);
        CHECK_STR(arena_format(a, "%zu", r.body.len),
                  arena_str(a, json_get_str(headers, STR("Content-Length"))).at,
                  "%s: as long as AWS made it", rows[i][0]);
    }
}

int main(void)
{
    test_requests();
    test_request_parameters();
    test_query();
    test_many_parameters();
    test_headers();
    test_routes();
    test_responses();
    test_too_many();
    test_recorded();
    return tap_end();
}
