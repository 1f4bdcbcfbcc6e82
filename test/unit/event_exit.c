/*
 * event_exit: what of a response and of an error leaves.
 */
#include "event.h"

static str names[] = {STR_INIT("X-Total-Count")};
static struct cookie_rule rules[] = {
    {STR_INIT("theme"), .http_only = false, .secure = true, STR_INIT("Lax")},
    {STR_INIT("cart"), .http_only = true, .secure = false, STR_INIT("Strict")},
    {STR_INIT("embed"), .http_only = true, .secure = true, STR_INIT("None")},
};
static const struct answers answers = {.headers = names,
                                       .header_count = COUNT(names),
                                       .cookies = rules,
                                       .cookie_count = COUNT(rules)};

enum how { LOCAL, TLS, PUBLIC, PUBLIC_TLS };

static struct event_exit exit_of(enum how how)
{
    return (struct event_exit){
        .answers = &answers,
        .host = STR("www.shop.example:8443"),
        .tls = how == TLS || how == PUBLIC_TLS,
        .is_public = how == PUBLIC || how == PUBLIC_TLS,
    };
}

/* Hardens a result; false when it could not be read. */
static bool harden(struct arena *a, str result, enum how how, struct event_response *r,
                   struct event_dropped *dropped)
{
    struct event_exit exit = exit_of(how);
    struct err e = {0};

    *r = (struct event_response){0};
    return event_to_response(a, result, r, &e) && event_harden(a, &exit, r, dropped, &e);
}

/* ---- cookies ---- */

static const struct {
    enum how how;
    const char *cookie, *sent; /* NULL: dropped */
} cookies[] = {
    {LOCAL, "a=1", "a=1; SameSite=Lax; HttpOnly"},
    {TLS, "a=1", "a=1; SameSite=Lax; Secure; HttpOnly"},
    {PUBLIC, "a=1", "a=1; SameSite=Lax; Secure; HttpOnly"},
    {LOCAL, "a=1; Secure; SameSite=Strict", "a=1; SameSite=Strict; Secure; HttpOnly"},
    {TLS, "theme=dark", "theme=dark; SameSite=Lax; Secure"},
    {TLS, "theme=dark; HttpOnly", "theme=dark; SameSite=Lax; Secure; HttpOnly"},
    {TLS, "cart=1", "cart=1; SameSite=Strict; HttpOnly"},
    {LOCAL, "embed=1", "embed=1; SameSite=None; Secure; HttpOnly"},
    {TLS, "Theme=dark", "Theme=dark; SameSite=Lax; Secure; HttpOnly"},
    {LOCAL, "a=1; SameSite=None", "a=1; SameSite=None; Secure; HttpOnly"},
    {TLS, "cart=1; SameSite=None", NULL},
    {LOCAL, "a=1; Partitioned", "a=1; SameSite=Lax; Secure; HttpOnly; Partitioned"},
    {TLS, "cart=1; Partitioned", NULL},
    {LOCAL, "__Secure-a=1", "__Secure-a=1; SameSite=Lax; Secure; HttpOnly"},
    {LOCAL, "__Host-a=1; Path=/", "__Host-a=1; Path=/; SameSite=Lax; Secure; HttpOnly"},
    {TLS, "__Host-a=1", NULL},
    {TLS, "__Host-a=1; Path=/orders", NULL},
    {TLS, "__host-a=1; Path=/; Domain=shop.example", NULL},
    {TLS, "a=1; Domain=shop.example",
     "a=1; Domain=shop.example; SameSite=Lax; Secure; HttpOnly"},
    {TLS, "a=1; Domain=.WWW.shop.example",
     "a=1; Domain=.WWW.shop.example; SameSite=Lax; Secure; HttpOnly"},
    {TLS, "a=1; Domain=other.example", NULL},
    {TLS, "a=1; Domain=w.shop.example", NULL},
    {TLS, "a=1; Domain=hop.example", NULL},
    {TLS, "a=1; Domain=x.www.shop.example", NULL},
    {TLS, "a b=1", NULL},
    {TLS, "a=1; Path=x", NULL},
};

static void test_cookies(void)
{
    for (size_t i = 0; i < COUNT(cookies); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct event_dropped dropped;
        struct event_response r;
        str result =
            arena_format(a, "{\"statusCode\":200,\"cookies\":[\"%s\"]}", cookies[i].cookie);

        if (!CHECK(harden(a, result, cookies[i].how, &r, &dropped), "'%s' is judged",
                   cookies[i].cookie))
            continue;
        CHECK(r.cookie_count + dropped.cookie_count == 1, "... it leaves or is on record");
        CHECK_STR(r.cookie_count ? r.cookies[0] : STR("dropped"),
                  cookies[i].sent ? cookies[i].sent : "dropped", "... as it should");
        if (dropped.cookie_count)
            CHECK(dropped.cookies[0].why && dropped.cookies[0].name.len, "... because: %s",
                  dropped.cookies[0].why);
    }
}

static void test_cookie_in_headers(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct event_dropped dropped;
    struct event_response r;

    CHECK(harden(a,
                 STR("{\"statusCode\":200,\"headers\":{\"Set-Cookie\":\"a=1\"},"
                     "\"cookies\":[\"b=2\",\"b c\",\"d=3\\r\\nX: y\"]}"),
                 LOCAL, &r, &dropped) &&
              r.cookie_count == 2 && dropped.cookie_count == 2 && dropped.header_count == 0,
          "a cookie among the headers is a cookie; wrong ones are dropped");
    CHECK_STR(r.cookies[0], "a=1; SameSite=Lax; HttpOnly", "... and gets what it lacks");
    CHECK_STR(dropped.cookies[0].name, "b c", "a wrong one is known by its name");
}

/* ---- headers ---- */

static str describe(struct arena *a, const struct event_response *r,
                    const struct event_dropped *dropped)
{
    CLEANUP(buf_free) struct buf b = {0};

    for (size_t i = 0; i < r->header_count; i++)
        buf_addf(&b, "%.*s: %.*s\n", STR_ARG(r->headers[i].name), STR_ARG(r->headers[i].value));
    buf_addf(&b, "-%zu %.*s", dropped->header_count, STR_ARG(dropped->headers));
    return arena_str(a, buf_str(&b));
}

#define NOSNIFF "X-Content-Type-Options: nosniff\n"
#define PAGE                                                                                   \
    "X-Frame-Options: DENY\n"                                                                  \
    "Referrer-Policy: strict-origin-when-cross-origin\n"                                       \
    "Cross-Origin-Opener-Policy: same-origin\n"                                                \
    "Cross-Origin-Resource-Policy: same-site\n"                                                \
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\n"
#define POLICY                                                                                 \
    "Content-Security-Policy: default-src 'self'; base-uri 'self'; form-action 'self'; "       \
    "frame-ancestors 'none'; object-src 'none'\n"

static const struct {
    enum how how;
    const char *headers, *sent;
} headers[] = {
    {LOCAL, "", NOSNIFF "-0 "},
    {LOCAL, "\"X-Powered-By\":\"x\",\"ETag\":\"1\",\"Server\":\"y\"",
     "ETag: 1\n" NOSNIFF "-2 X-Powered-By, Server"},
    {LOCAL, "\"x-total-count\":\"7\",\"access-control-allow-origin\":\"*\"",
     "x-total-count: 7\naccess-control-allow-origin: *\n" NOSNIFF "-0 "},
    {LOCAL, "\"x-content-type-options\":\"none\"", "x-content-type-options: none\n-0 "},
    {LOCAL, "\"access-control\":\"*\",\"content-typ\":\"x\"",
     NOSNIFF "-2 access-control, content-typ"},
    {LOCAL, "\"content-type\":\"Text/HTML; charset=utf-8\"",
     "content-type: Text/HTML; charset=utf-8\n" NOSNIFF POLICY PAGE "-0 "},
    {TLS, "\"content-type\":\"image/svg+xml\"",
     "content-type: image/svg+xml\n" NOSNIFF POLICY PAGE "-0 "},
    {PUBLIC_TLS, "\"content-type\":\"text/html\",\"content-security-policy\":\"default-src *\"",
     "content-type: text/html\ncontent-security-policy: default-src *\n" NOSNIFF PAGE
     "Strict-Transport-Security: max-age=31536000\n-0 "},
    {PUBLIC_TLS, "\"content-type\":\"text/plain\"", "content-type: text/plain\n" NOSNIFF "-0 "},
};

static void test_headers(void)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct event_dropped dropped;
        struct event_response r;
        str result =
            arena_format(a, "{\"statusCode\":200,\"headers\":{%s}}", headers[i].headers);

        CHECK(harden(a, result, headers[i].how, &r, &dropped), "{%s} is judged",
              headers[i].headers);
        CHECK_STR(describe(a, &r, &dropped), headers[i].sent, "{%s} leaves as it should",
                  headers[i].headers);
    }
}

/* As many as a function may set, and all that is added. */
static void test_most(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    struct event_dropped dropped;
    struct event_response r;

    buf_add(&b, STR("{\"statusCode\":200,\"headers\":{\"content-type\":\"text/html\""));
    for (unsigned i = 1; i < EVENT_HEADERS_MAX; i++)
        buf_addf(&b, ",\"access-control-%u\":1", i);
    buf_add(&b, STR("}}"));
    CHECK(harden(a, buf_str(&b), PUBLIC_TLS, &r, &dropped) &&
              r.header_count == EVENT_HEADERS_MAX + 8,
          "there is room for everything");
}

/* ---- errors ---- */

#define ERROR(type, message) "{\"errorType\":\"" type "\",\"errorMessage\":\"" message "\"}"

static const char *const errors[][2] = {
    {"{\"errorType\":\"RangeError\",\"errorMessage\":\"no stock\",\"trace\":[\"x\"]}",
     ERROR("RangeError", "no stock")},
    {"{\"errorMessage\":\"m\",\"errorType\":\"E\",\"requestId\":\"r\",\"stackTrace\":[\"f\"]}",
     ERROR("E", "m")},
    {"{\"errorType\":\"Runtime.ExitError\"}", ERROR("Runtime.ExitError", "")},
    {"{\"errorType\":\"a b <c>\",\"errorMessage\":\"m\"}", ERROR("Error", "m")},
    {"{\"errorType\":7,\"errorMessage\":{}}", ERROR("Error", "")},
    {"not JSON", ERROR("Error", "the function failed")},
    {"", ERROR("Error", "the function failed")},
    {"[]", ERROR("Error", "")},
    {ERROR("E", "ENOENT: no such file, open '/var/task/data/x.json'"),
     ERROR("E", "ENOENT: no such file, open '[path]'")},
    {ERROR("E", "cannot read /srv/shop/data/menu.csv. Try again"),
     ERROR("E", "cannot read [path]. Try again")},
    {ERROR("E", "in (/tmp/a:3:9) and file:///var/task/app.mjs"),
     ERROR("E", "in ([path]:3:9) and file://[path]")},
    {ERROR("E", "/data/shop/menu and /data/shopping"), ERROR("E", "[path] and /data/shopping")},
    {ERROR("E", "GET /orders/7 at shop.example/var/1 is 1/2"),
     ERROR("E", "GET /orders/7 at shop.example/var/1 is 1/2")},
    {ERROR("E", "/variable and /var"), ERROR("E", "/variable and [path]")},
    {ERROR("E", "Cannot find module 'x'\\nRequire stack:\\n- /var/task/app.js"),
     ERROR("E", "Cannot find module 'x'\\nRequire stack:\\n- [path]")},
    {ERROR("E", "no\\n    at handler (/var/task/app.js:1:2)"), ERROR("E", "no")},
    {ERROR("E", "no: Traceback (most recent call last):\\n  File"), ERROR("E", "no: ")},
};

static void test_errors(void)
{
    static const str roots[] = {STR_INIT("/data/shop"), STR_INIT("/")};

    for (size_t i = 0; i < COUNT(errors); i++) {
        CLEANUP(buf_free) struct buf b = {0};

        event_error_plain(&b, str_of(errors[i][0]), roots, COUNT(roots));
        CHECK_STR(buf_str(&b), errors[i][1], "the caller of %s", errors[i][0]);
    }
}

int main(void)
{
    test_cookies();
    test_cookie_in_headers();
    test_headers();
    test_most();
    test_errors();
    return tap_end();
}
