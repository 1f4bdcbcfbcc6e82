/*
 * event_call: requests that come as events, in the forms of API Gateway, function URLs and load
 * balancers.
 */
#include "event.h"

static const struct {
    const char *name;
    enum event_kind kind;
    const char *event;
    const char *call; /* method, path, queries and headers; NULL: refused */
} calls[] = {
    {"v2", EVENT_HTTP_V2,
     "{\"rawPath\":\"/a\",\"rawQueryString\":\"x=1&x=2&y=%20\",\"queryStringParameters\":"
     "{\"x\":\"1,2\",\"y\":\" \"},\"headers\":{\"A\":\"1\"},\"requestContext\":{\"http\":"
     "{\"method\":\"GET\"}}}",
     "GET /a [{\"x\":\"1,2\",\"y\":\" \"},{\"x\":\"1,2\",\"y\":\" \"}] [{\"a\":\"1\"}]"},
    {"v1", EVENT_HTTP_V1,
     "{\"httpMethod\":\"PUT\",\"path\":\"/a\",\"queryStringParameters\":{\"x\":\"2\"},"
     "\"multiValueQueryStringParameters\":{\"x\":[\"1\",\"2\"],\"y\":[\"3\"]},\"headers\":"
     "{\"Accept\":\"a\",\"Cookie\":\"c\"},\"multiValueHeaders\":{\"Accept\":[\"b\",\"a\"]}}",
     "PUT /a [{\"x\":\"2\"},{\"x\":[\"1\",\"2\"],\"y\":\"3\"}] "
     "[{\"accept\":\"a\"},{\"accept\":[\"b\",\"a\"]}]"},
    {"v1, all null", EVENT_HTTP_V1,
     "{\"httpMethod\":\"GET\",\"path\":\"/\",\"queryStringParameters\":null,"
     "\"multiValueQueryStringParameters\":null,\"headers\":null,\"multiValueHeaders\":null}",
     "GET / [] []"},
    {"a load balancer's query is encoded", EVENT_ALB,
     "{\"httpMethod\":\"GET\",\"path\":\"/\",\"queryStringParameters\":{\"a%20b\":\"c+d%26\"}}",
     "GET / [{\"a b\":\"c d&\"}] []"},
    {"API Gateway's is not", EVENT_HTTP_V1,
     "{\"httpMethod\":\"GET\",\"path\":\"/\",\"queryStringParameters\":{\"a\":\"100%\"}}",
     "GET / [{\"a\":\"100%\"}] []"},
    {"a value that is null", EVENT_HTTP_V1,
     "{\"httpMethod\":\"GET\",\"path\":\"/\",\"queryStringParameters\":{\"a\":null}}",
     "GET / [{}] []"},
    {"v1 with the method of v2", EVENT_HTTP_V1,
     "{\"httpMethod\":\"PUT\",\"path\":\"/\",\"rawPath\":\"/b\",\"requestContext\":{\"http\":"
     "{\"method\":\"GET\"}}}",
     "PUT / [] []"},
    {"a header twice in other letters", EVENT_HTTP_V1,
     "{\"httpMethod\":\"GET\",\"path\":\"/\",\"headers\":{\"A\":\"1\",\"a\":\"2\"}}", NULL},
    {"a name twice once decoded", EVENT_ALB,
     "{\"httpMethod\":\"GET\",\"path\":\"/\",\"queryStringParameters\":{\"%61\":\"1\","
     "\"a\":\"2\"}}",
     NULL},
    {"a query that is a list", EVENT_HTTP_V1, "{\"queryStringParameters\":[]}", NULL},
    {"a value that is an object", EVENT_HTTP_V2, "{\"queryStringParameters\":{\"a\":{}}}",
     NULL},
    {"a list of numbers", EVENT_HTTP_V1, "{\"multiValueHeaders\":{\"a\":[1,2]}}", NULL},
    {"a broken escape", EVENT_ALB, "{\"queryStringParameters\":{\"a\":\"%\"}}", NULL},
    {"a broken raw query", EVENT_HTTP_V2, "{\"rawQueryString\":\"%ff\"}", NULL},
};

static str list(struct arena *a, const struct event_form *forms, size_t count)
{
    struct json items[3], all = {.kind = JSON_ARRAY, .count = (uint32_t)count, .items = items};

    for (size_t i = 0; i < count; i++)
        items[i] = forms[i].texts;
    return write_json(a, &all);
}

/* What is put back is what is read again. */
static void check_back(struct arena *a, enum event_kind kind, const struct json *event,
                       struct event_call *call, const char *name)
{
    struct event_call again;
    struct json anew;
    struct err e = {0};

    for (size_t i = 0; i < call->query_count; i++)
        call->queries[i].changed = true;
    for (size_t i = 0; i < call->header_count; i++)
        call->headers[i].changed = true;
    if (!CHECK(event_with_call(a, kind, event, call, &anew, &e) &&
                   event_call_of(a, kind, &anew, &again, &e),
               "%s can be put back %s", name, e.what))
        return;
    CHECK_STR(list(a, again.queries, again.query_count),
              list(a, call->queries, call->query_count).at, "%s: the same query", name);
    CHECK_STR(list(a, again.headers, again.header_count),
              list(a, call->headers, call->header_count).at, "%s: the same headers", name);
}

static void test_calls(void)
{
    for (size_t i = 0; i < COUNT(calls); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct event_call c;
        struct err e = {0};
        struct json *event = read_json(a, str_of(calls[i].event));
        bool ok = event_call_of(a, calls[i].kind, event, &c, &e);

        CHECK(ok == (calls[i].call != NULL) && (ok || e.what[0]), "%s is %s", calls[i].name,
              ok ? "read" : "refused");
        if (!ok)
            continue;
        CHECK_STR(arena_format(a, "%.*s %.*s %.*s %.*s", STR_ARG(c.method), STR_ARG(c.path),
                               STR_ARG(list(a, c.queries, c.query_count)),
                               STR_ARG(list(a, c.headers, c.header_count))),
                  calls[i].call, "%s: what it asks", calls[i].name);
        check_back(a, calls[i].kind, event, &c, calls[i].name);
    }
}

static void test_stages(void)
{
    static const struct {
        const char *stage, *path, *rest;
    } rows[] = {{"prod", "/prod/a", "/a"},
                {"prod", "/prod", "/"},
                {"prod", "/production/a", "/production/a"},
                {"prod", "/a", "/a"},
                {"$default", "/a", "/a"},
                {"prod", "", ""}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        str text = arena_format(a, "{\"requestContext\":{\"stage\":\"%s\"}}", rows[i].stage);

        CHECK_STR(event_path_in_stage(read_json(a, text), str_of(rows[i].path)), rows[i].rest,
                  "%s in the stage %s", rows[i].path, rows[i].stage);
    }
}

static void test_params(void)
{
    static const struct {
        const char *name, *event, *result;
        size_t count;
    } rows[] = {
        {"others", "{\"pathParameters\":{\"proxy\":\"x\"}}",
         "{\"pathParameters\":{\"id\":\"7\"}}", 1},
        {"none yet", "{}", "{\"pathParameters\":{\"id\":\"7\"}}", 1},
        {"some where the route has none", "{\"pathParameters\":{\"id\":\"x\"}}",
         "{\"pathParameters\":null}", 0},
        {"none at all", "{\"a\":1}", "{\"a\":1}", 0},
    };
    const struct event_pair params[] = {{STR("id"), STR("7")}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json anew;
        struct err e = {0};

        CHECK(event_with_params(a, read_json(a, str_of(rows[i].event)), params, rows[i].count,
                                &anew, &e),
              "parameters are set: %s", rows[i].name);
        CHECK_STR(write_json(a, &anew), rows[i].result, "they are the route's: %s",
                  rows[i].name);
    }
}

static const struct {
    const char *name;
    enum event_kind kind;
    const char *event;
    bool agrees;
} copies[] = {
    {"a default route", EVENT_HTTP_V2, "{\"routeKey\":\"$default\"}", true},
    {"the route", EVENT_HTTP_V2, "{\"routeKey\":\"PUT /a/{x}\"}", true},
    {"a route of any method", EVENT_HTTP_V2, "{\"routeKey\":\"ANY /{proxy+}\"}", true},
    {"a route of another method", EVENT_HTTP_V2, "{\"routeKey\":\"POST /a/{x}\"}", false},
    {"a route of another path", EVENT_HTTP_V2, "{\"routeKey\":\"PUT /b\"}", false},
    {"a route that is none", EVENT_HTTP_V2, "{\"routeKey\":\"a\"}", false},
    {"another route in the context", EVENT_HTTP_V2,
     "{\"requestContext\":{\"routeKey\":\"PUT /b\"}}", false},
    {"another path in the context", EVENT_HTTP_V2,
     "{\"requestContext\":{\"http\":{\"path\":\"/b\"}}}", false},
    {"the same path", EVENT_HTTP_V2, "{\"requestContext\":{\"http\":{\"path\":\"/s/a/1\"}}}",
     true},
    {"the resource", EVENT_HTTP_V1, "{\"resource\":\"/a/{id}\"}", true},
    {"another resource", EVENT_HTTP_V1, "{\"resource\":\"/b\"}", false},
    {"another resource in the context", EVENT_HTTP_V1,
     "{\"requestContext\":{\"resourcePath\":\"/b\"}}", false},
    {"another method in the context", EVENT_HTTP_V1,
     "{\"requestContext\":{\"httpMethod\":\"GET\"}}", false},
    {"a load balancer's, which says it once", EVENT_ALB, "{\"resource\":\"/b\"}", true},
    {"nothing more", EVENT_HTTP_V1, "{}", true},
};

static void test_agreement(void)
{
    const struct event_call call = {.method = STR("PUT"), .path = STR("/s/a/1")};

    for (size_t i = 0; i < COUNT(copies); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct err e = {0};

        CHECK(event_call_agrees(copies[i].kind, read_json(a, str_of(copies[i].event)), &call,
                                STR("/a/1"), &e) == copies[i].agrees,
              "%s %s", copies[i].name, copies[i].agrees ? "agrees" : "does not agree");
    }
}

/* Cookies are no text of a contract: they stay where they were. */
static void test_cookies(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *event = read_json(a, STR("{\"headers\":{\"Cookie\":\"c=1\",\"A\":\"1\"}}"));
    struct event_call c;
    struct json anew;
    struct err e = {0};

    if (!CHECK(event_call_of(a, EVENT_HTTP_V1, event, &c, &e), "headers with a cookie"))
        return;
    c.headers[0].changed = true;
    CHECK(event_with_call(a, EVENT_HTTP_V1, event, &c, &anew, &e), "are put back");
    CHECK_STR(write_json(a, &anew), "{\"headers\":{\"a\":\"1\",\"Cookie\":\"c=1\"}}",
              "with the cookie");
}

int main(void)
{
    test_agreement();
    test_cookies();
    test_calls();
    test_stages();
    test_params();
    return tap_end();
}
