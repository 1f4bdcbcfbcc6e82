#include "http.h"

#define HEAD "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

enum { LIMIT = 32 };

static const struct {
    const char *name;
    str body;
    const char *content; /* NULL: refused */
    unsigned status;
    const char *type, *error;
} chunked[] = {
    {"one chunk", STR_INIT("2\r\n{}\r\n0\r\n\r\n"), "{}"},
    {"several", STR_INIT("3\r\nabc\r\n0000a\r\n0123456789\r\n1\r\nz\r\n0\r\n\r\n"),
     "abc0123456789z"},
    {"digits of either case", STR_INIT("0A\r\n0123456789\r\n0c\r\n0123456789ab\r\n0\r\n\r\n"),
     "01234567890123456789ab"},
    {"none", STR_INIT("0\r\n\r\n"), ""},
    {"line ends as content", STR_INIT("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "\r\n\r\n"},
    {"a trailer that nobody asked for", STR_INIT("0\r\nX-A: b\r\n\r\n"), ""},
    {"a trailer named like a framing header", STR_INIT("0\r\nContent-Length: 9\r\n\r\n"), ""},
    {"the error's type",
     STR_INIT("0\r\nlambda-runtime-function-error-type:\t Function.Boom \r\n\r\n"), "", 0,
     "Function.Boom", ""},
    {"the error's type and body",
     STR_INIT("1\r\na\r\n0\r\nLambda-Runtime-Function-Error-Body: eyJ9 \r\n"
              "Lambda-Runtime-Function-Error-Type: Function.X\r\n\r\n"),
     "a", 0, "Function.X", "eyJ9"},
    {"exactly the limit", STR_INIT("20\r\n01234567890123456789012345678901\r\n0\r\n\r\n"),
     "01234567890123456789012345678901"},

    {"a byte past the limit", STR_INIT("21\r\n012345678901234567890123456789012\r\n0\r\n\r\n"),
     NULL, 413},
    {"past the limit in the second", STR_INIT("1\r\na\r\n20\r\n0123"), NULL, 413},
    {"a size of 64 bits", STR_INIT("ffffffffffffffff\r\na"), NULL, 413},
    {"a size of 17 digits", STR_INIT("00000000000000002\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"0x", STR_INIT("0x2\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"letters behind the size", STR_INIT("2 x\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"a space behind the size", STR_INIT("2 \r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"a space before the size", STR_INIT(" 2\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"an extension", STR_INIT("2;a=b\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"an extension of the last", STR_INIT("2\r\n{}\r\n0;a\r\n\r\n"), NULL, 400},
    {"LF alone behind the size", STR_INIT("2\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"CR alone behind the size", STR_INIT("2\r{}\r\n0\r\n\r\n"), NULL, 400},
    {"a minus", STR_INIT("-1\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"a plus", STR_INIT("+2\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"an underscore", STR_INIT("1_0\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"no size", STR_INIT("\r\n{}\r\n0\r\n\r\n"), NULL, 400},
    {"more content than the size", STR_INIT("2\r\n{}x\r\n0\r\n\r\n"), NULL, 400},
    {"LF alone behind the content", STR_INIT("2\r\n{}\n0\r\n\r\n"), NULL, 400},
    {"CR alone behind the content", STR_INIT("2\r\n{}\r0\r\n\r\n"), NULL, 400},
    {"no empty line at the end", STR_INIT("0\r\nGET / HTTP/1.1\r\n"), NULL, 400},
    {"LF alone at the end", STR_INIT("0\r\n\n"), NULL, 400},
    {"CR alone at the end", STR_INIT("0\r\n\rX"), NULL, 400},
    {"a folded trailer", STR_INIT("0\r\nX-A: b\r\n c\r\n\r\n"), NULL, 400},
    {"a space before the trailer's colon", STR_INIT("0\r\nX-A : b\r\n\r\n"), NULL, 400},
    {"a trailer without a name", STR_INIT("0\r\n: b\r\n\r\n"), NULL, 400},
    {"a NUL in a trailer", STR_INIT("0\r\nX-A: b\0c\r\n\r\n"), NULL, 400},
    {"LF alone behind a trailer", STR_INIT("0\r\nX-A: b\n\r\n"), NULL, 400},
    {"the error's type twice",
     STR_INIT("0\r\nLambda-Runtime-Function-Error-Type: A\r\n"
              "Lambda-Runtime-Function-Error-Type: B\r\n\r\n"),
     NULL, 400},
};

static struct verdict feed_chunked(str body, size_t piece)
{
    CLEANUP(buf_free) struct buf b = {0};

    buf_add(&b, STR(HEAD));
    buf_add(&b, body);
    return feed(buf_str(&b), piece, LIMIT);
}

static void test_chunked(void)
{
    for (size_t i = 0; i < COUNT(chunked); i++) {
        struct verdict all = feed_chunked(chunked[i].body, SIZE_MAX);
        const char *content = chunked[i].content;

        CHECK(all.result == (content ? HTTP_DONE : HTTP_REFUSED) &&
                  all.status == chunked[i].status,
              "chunks, %s: %s", chunked[i].name, content ? "read" : "refused");
        if (content)
            CHECK_STR(str_of(all.content), content, "chunks, %s: content", chunked[i].name);
        if (chunked[i].type)
            CHECK(strcmp(all.type, chunked[i].type) == 0 &&
                      strcmp(all.error, chunked[i].error) == 0,
                  "chunks, %s: trailers", chunked[i].name);
        for (size_t piece = 1; piece <= 3; piece++) {
            struct verdict cut = feed_chunked(chunked[i].body, piece);

            CHECK(cut.result == all.result && cut.status == all.status &&
                      (!content || same_verdict(&cut, &all)),
                  "chunks, %s: the same in pieces of %zu", chunked[i].name, piece);
        }
    }
}

static void test_trailer_limits(void)
{
    CLEANUP(buf_free) struct buf many = {0};
    CLEANUP(buf_free) struct buf name = {0};
    CLEANUP(buf_free) struct buf type = {0};
    struct verdict v;

    buf_add(&many, STR("0\r\n"));
    for (unsigned i = 0; i < HTTP_TRAILER_MAX / 4; i++)
        buf_add(&many, STR("X-A: b\r\n"));
    v = feed_chunked(buf_str(&many), 4096);
    CHECK(v.result == HTTP_REFUSED && v.status == 400, "trailers have a limit in all");
    buf_add(&name, STR("0\r\n"));
    for (unsigned i = 0; i < 257; i++)
        buf_addc(&name, 'a');
    v = feed_chunked(buf_str(&name), SIZE_MAX);
    CHECK(v.result == HTTP_REFUSED && v.status == 400, "and each in its name");
    buf_add(&type, STR("0\r\nLambda-Runtime-Function-Error-Type: "));
    for (unsigned i = 0; i < 128; i++)
        buf_addc(&type, 'a');
    v = feed_chunked(buf_str(&type), 50);
    CHECK(v.result == HTTP_REFUSED && v.status == 400, "and the error's type in its value");
}

/* What follows a body belongs to the next request. */
static void test_pipelining(void)
{
    static const char *bodies[] = {
        HEAD "2\r\n{}\r\n0\r\n\r\n",
        HEAD "0\r\nX: y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    };

    for (size_t i = 0; i < COUNT(bodies); i++) {
        CLEANUP(buf_free) struct buf b = {0};
        struct verdict v;

        buf_add(&b, str_of(bodies[i]));
        buf_add(&b, STR("GET /next HTTP/1.1\r\n"));
        v = feed(buf_str(&b), SIZE_MAX, LIMIT);
        CHECK(v.result == HTTP_DONE && v.used == strlen(bodies[i]),
              "request %zu ends where the next begins", i);
    }
}

static void test_full_buffer(void)
{
    CLEANUP(buf_free) struct buf out = {.max = 4};
    struct http_head h = {.has_length = true, .length = 8};
    struct http_body b = {0};
    size_t used;
    unsigned status = 0;
    const char *why;

    http_body_start(&b, &h, 100);
    CHECK(http_body_read(&b, STR("12345678"), &out, &used, &status, &why) == HTTP_REFUSED &&
              status == 413,
          "a buffer that is full refuses the body");
    http_body_start(&b, &h, 7);
    CHECK(http_body_read(&b, STR(""), &out, &used, &status, &why) == HTTP_REFUSED &&
              status == 413,
          "a length past the limit is refused before the first byte");
}

static void test_responses(void)
{
    static const struct {
        const char *text;
        enum http_result result;
        unsigned status;
        bool until_close, keep_alive;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", HTTP_DONE, 200, false, true},
        {"HTTP/1.1 404 \r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_DONE, 404, false, true},
        {"HTTP/1.1 200 OK\r\n\r\n", HTTP_DONE, 200, true, false},
        {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n", HTTP_DONE, 200, false, false},
        {"HTTP/1.1 204 No Content\r\n\r\n", HTTP_DONE, 204, false, true},
        {"HTTP/1.1 100 Continue\r\n\r\n", HTTP_DONE, 100, false, true},
        {"HTTP/1.1 200 OK\r\nExpect: x\r\nHost: a b\r\nConnection: close\r\n\r\n", HTTP_DONE,
         200, true, false},
        {"HTTP/1.1 200 O", HTTP_MORE},
        {"HTTP/1.1 200\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 2000 OK\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 +20 OK\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 099 OK\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 600 OK\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1  200 OK\r\n\r\n", HTTP_REFUSED},
        {"HTTP/2.0 200 OK\r\n\r\n", HTTP_REFUSED},
        {"http/1.1 200 OK\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 200 O\001K\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 200 OK\nContent-Length: 2\n\n", HTTP_REFUSED},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n", HTTP_REFUSED},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
         HTTP_REFUSED},
        {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_REFUSED},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(tight_free) str text = tight_copy(str_of(rows[i].text));
        struct http_head h;
        const char *why = NULL;
        size_t used = 0;
        enum http_result result = http_read_response(text, &h, &used, &why);

        CHECK(result == rows[i].result && (result == HTTP_REFUSED) == (why != NULL),
              "response %zu is %s", i, result == HTTP_REFUSED ? "refused" : "read");
        if (result == HTTP_DONE)
            CHECK(used == text.len && h.status == rows[i].status &&
                      h.until_close == rows[i].until_close &&
                      h.keep_alive == rows[i].keep_alive,
                  "response %zu says how it ends", i);
    }
}

static void test_until_close(void)
{
    CLEANUP(buf_free) struct buf out = {0};
    struct http_head h = {.until_close = true};
    struct http_body b = {0};
    size_t used;
    unsigned status;
    const char *why;

    http_body_start(&b, &h, 6);
    CHECK(http_body_read(&b, STR("abc"), &out, &used, &status, &why) == HTTP_MORE &&
              http_body_read(&b, STR("def"), &out, &used, &status, &why) == HTTP_MORE,
          "a body until close asks for more");
    CHECK_STR(buf_str(&out), "abcdef", "and is kept");
    CHECK(http_body_read(&b, STR("g"), &out, &used, &status, &why) == HTTP_REFUSED &&
              status == 413,
          "up to its limit");
}

static void test_writing(void)
{
    CLEANUP(buf_free) struct buf b = {0};
    static const struct {
        str name, value;
        bool written;
    } rows[] = {
        {STR_INIT("X-A"), STR_INIT("b c"), true},
        {STR_INIT("X-A"), STR_INIT(""), true},
        {STR_INIT("X-A"), STR_INIT("b\r\nSet-Cookie: c"), false},
        {STR_INIT("X-A"), STR_INIT("b\nc"), false},
        {STR_INIT("X-A"), STR_INIT("b\0c"), false},
        {STR_INIT("X-A\r\nB"), STR_INIT("c"), false},
        {STR_INIT("X A"), STR_INIT("c"), false},
        {STR_INIT("X:"), STR_INIT("c"), false},
        {STR_INIT(""), STR_INIT("c"), false},
    };

    http_write_status(&b, 404);
    CHECK(http_write_header(&b, STR("X-A"), STR("b")), "a header is written");
    http_write_body(&b, STR("{}"));
    CHECK_STR(buf_str(&b), "HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 2\r\n\r\n{}",
              "a response");
    buf_clear(&b);
    http_write_status(&b, 299);
    http_write_end(&b);
    CHECK_STR(buf_str(&b), "HTTP/1.1 299 Unknown\r\n\r\n", "a status that has no name");
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_clear(&b);
        CHECK(http_write_header(&b, rows[i].name, rows[i].value) == rows[i].written &&
                  (b.len > 0) == rows[i].written,
              "header %zu is %s", i, rows[i].written ? "written" : "refused whole");
    }
}

static void test_decode(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    static const struct {
        str encoded;
        bool form;
        const char *decoded; /* NULL: refused */
    } rows[] = {
        {STR_INIT("a%20b+c"), false, "a b+c"},
        {STR_INIT("a%20b+c%2B"), true, "a b c+"},
        {STR_INIT(""), false, ""},
        {STR_INIT("gr%C3%bc"), false, "gr\xc3\xbc"},
        {STR_INIT("%25%32%30"), false, "%20"},
        {STR_INIT("%0d%0a"), false, "\r\n"},
        {STR_INIT("%00"), false, NULL},
        {STR_INIT("a\0b"), false, NULL},
        {STR_INIT("%"), false, NULL},
        {STR_INIT("%2"), false, NULL},
        {STR_INIT("%g0"), false, NULL},
        {STR_INIT("%0g"), false, NULL},
        {STR_INIT("%+1"), true, NULL},
        {STR_INIT("%c0%af"), false, NULL},
        {STR_INIT("%ff"), false, NULL},
        {STR_INIT("%ed%a0%80"), false, NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(tight_free) str encoded = tight_copy(rows[i].encoded);
        str decoded = {0};
        bool ok = http_decode(a, encoded, rows[i].form, &decoded);

        CHECK(ok == (rows[i].decoded != NULL), "escapes %zu are %s", i,
              ok ? "read" : "refused");
        if (ok)
            CHECK_STR(decoded, rows[i].decoded, "escapes %zu mean what they say", i);
    }
}

static void test_paths(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    static const char *rows[][2] = {
        {"/", "/"},
        {"/orders/", "/orders/"},
        {"/a%20b/c", "/a b/c"},
        {"/a+b", "/a+b"},
        {"/%41", "/A"},
        {"/...", "/..."},
        {"/.well-known/x", "/.well-known/x"},
        {"/arn%3Aaws%3Alambda", "/arn:aws:lambda"},
        {"/%2525", "/%25"},
        {"", NULL},
        {"a", NULL},
        {"*", NULL},
        {"//", NULL},
        {"/a//b", NULL},
        {"/.", NULL},
        {"/..", NULL},
        {"/a/../b", NULL},
        {"/a/%2e%2E/b", NULL},
        {"/a/.%2e", NULL},
        {"/a/%2e", NULL},
        {"/a%2fb", NULL},
        {"/a%5cb", NULL},
        {"/a\\b", NULL},
        {"/a%00", NULL},
        {"/a%0a", NULL},
        {"/a%7f", NULL},
        {"/a%c2%85", NULL},
        {"/a%c0%ae", NULL},
        {"/a%", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(tight_free) str path = tight_copy(str_of(rows[i][0]));
        str decoded = {0};
        bool ok = http_path(a, path, &decoded);

        CHECK(ok == (rows[i][1] != NULL), "the path '%s' is %s", rows[i][0],
              ok ? "read" : "refused");
        if (ok)
            CHECK_STR(decoded, rows[i][1], "the path '%s' decoded", rows[i][0]);
    }
}

int main(void)
{
    test_chunked();
    test_trailer_limits();
    test_pipelining();
    test_full_buffer();
    test_responses();
    test_until_close();
    test_writing();
    test_decode();
    test_paths();
    return tap_end();
}
