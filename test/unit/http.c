#include "http.h"

#define POST "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
#define GET(headers) "GET / HTTP/1.1\r\n" headers "\r\n"
#define TARGET(target) "GET " target " HTTP/1.1\r\nHost: x\r\n\r\n"

enum { OK = 0 };

struct row {
    const char *name;
    str text;
    unsigned status; /* OK or the refusal's */
};

/* Each alone decides nothing that two servers could read differently. */
static const struct row good[] = {
    {"a body by its length", STR_INIT(POST "Content-Length: 2\r\n\r\n{}"), OK},
    {"a body in chunks",
     STR_INIT(POST "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), OK},
    {"the coding's name in any case",
     STR_INIT(POST "transfer-encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), OK},
    {"no body", STR_INIT(GET("Host: x\r\n")), OK},
    {"an empty value", STR_INIT(GET("Host: x\r\nX-A:\r\n")), OK},
    {"a value between tabs and spaces", STR_INIT(GET("Host: x\r\nX-A: \t b \t\r\n")), OK},
    {"bytes past ASCII in a value", STR_INIT(GET("Host: x\r\nX-A: gr\xfc\xdf\r\n")), OK},
    {"every sign of a token in a name", STR_INIT(GET("Host: x\r\n!#$%&'*+-.^_`|~09Az: b\r\n")),
     OK},
    {"a host with its port", STR_INIT(GET("Host: shop.example:8080\r\n")), OK},
    {"an IPv6 host", STR_INIT(GET("Host: [::1]:8080\r\n")), OK},
    {"HTTP/1.0 without Host", STR_INIT("GET / HTTP/1.0\r\n\r\n"), OK},
    {"a method that nobody knows", STR_INIT("BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n"), OK},
    {"OPTIONS *", STR_INIT("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), OK},
    {"escapes in path and query", STR_INIT(TARGET("/a%20b?c=%7B%7d")), OK},
    {"a target with its host", STR_INIT(TARGET("http://x/a?b")), OK},
    {"the same of https, in any case", STR_INIT(TARGET("HTTPS://X")), OK},
    {"a target with an IPv6 host",
     STR_INIT("GET http://[::1]:80/ HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), OK},
    {"signs that browsers leave in a query", STR_INIT(TARGET("/?a[b]={c|d}^`\\")), OK},
    {"zeros in front of a length", STR_INIT(POST "Content-Length: 0002\r\n\r\n{}"), OK},
    {"Expect: 100-continue", STR_INIT(GET("Host: x\r\nExpect: 100-Continue\r\n")), OK},
    {"headers whose names begin like others",
     STR_INIT(GET("Host: x\r\nHos: y\r\nHosts: z\r\nContent-Lengths: 9\r\n")), OK},
};

static const struct row framing[] = {
    {"two lengths", STR_INIT(POST "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}"), 400},
    {"the same length twice", STR_INIT(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
     400},
    {"length, then coding",
     STR_INIT(POST
              "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
     400},
    {"coding, then length",
     STR_INIT(POST
              "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
     400},
    {"two codings in a line",
     STR_INIT(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501},
    {"chunked twice in a line",
     STR_INIT(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"), 501},
    {"chunked twice in two lines",
     STR_INIT(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"chunked and identity",
     STR_INIT(POST
              "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"identity with a length",
     STR_INIT(POST "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"), 400},
    {"an unknown coding with a length",
     STR_INIT(POST "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}"), 400},
    {"an unknown coding", STR_INIT(POST "Transfer-Encoding: xchunked\r\n\r\n"), 501},
    {"an empty coding", STR_INIT(POST "Transfer-Encoding:\r\n\r\n"), 501},
    {"a quoted coding", STR_INIT(POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"), 501},
    {"a vertical tab before chunked",
     STR_INIT(POST "Transfer-Encoding: \x0b"
                   "chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"a coding in HTTP/1.0",
     STR_INIT("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"a plus in front of a length", STR_INIT(POST "Content-Length: +2\r\n\r\n{}"), 400},
    {"a list of lengths", STR_INIT(POST "Content-Length: 2, 2\r\n\r\n{}"), 400},
    {"a hexadecimal length", STR_INIT(POST "Content-Length: 0x2\r\n\r\n{}"), 400},
    {"letters behind a length", STR_INIT(POST "Content-Length: 2abc\r\n\r\n{}"), 400},
    {"a space inside a length", STR_INIT(POST "Content-Length: 1 2\r\n\r\n{}"), 400},
    {"a fraction", STR_INIT(POST "Content-Length: 2.0\r\n\r\n{}"), 400},
    {"a negative length", STR_INIT(POST "Content-Length: -1\r\n\r\n{}"), 400},
    {"an empty length", STR_INIT(POST "Content-Length:\r\n\r\n{}"), 400},
    {"a length of 2^64 and 2", STR_INIT(POST "Content-Length: 18446744073709551618\r\n\r\n{}"),
     400},
    {"a length of 2^63", STR_INIT(POST "Content-Length: 9223372036854775808\r\n\r\n{}"), 400},
    {"a length past the limit", STR_INIT(POST "Content-Length: 1001\r\n\r\n{}"), 413},
};

static const struct row lines[] = {
    {"a space before the colon", STR_INIT(POST "Content-Length : 2\r\n\r\n{}"), 400},
    {"a tab before the colon", STR_INIT(POST "Content-Length\t: 2\r\n\r\n{}"), 400},
    {"a folded line", STR_INIT(POST "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}"), 400},
    {"a line folded with a tab", STR_INIT(POST "X-A: b\r\n\tc\r\n\r\n"), 400},
    {"a folded first header", STR_INIT("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), 400},
    {"LF alone everywhere", STR_INIT("POST / HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}"), 400},
    {"LF alone after a header", STR_INIT(POST "X-A: b\nContent-Length: 2\r\n\r\n{}"), 400},
    {"LF alone at the end", STR_INIT(POST "Content-Length: 2\r\n\n{}"), 400},
    {"CR inside a value",
     STR_INIT(POST "X-A: b\rContent-Length: 9\r\nContent-Length: 2\r\n\r\n{}"), 400},
    {"CR CR LF", STR_INIT(POST "X-A: b\r\r\n\r\n"), 400},
    {"NUL in a value", STR_INIT(POST "X-A: b\0c\r\n\r\n"), 400},
    {"NUL in a name", STR_INIT(POST "X\0A: b\r\n\r\n"), 400},
    {"DEL in a value", STR_INIT(POST "X-A: b\x7f\r\n\r\n"), 400},
    {"an escape sequence in a value", STR_INIT(POST "X-A: \x1b[2J\r\n\r\n"), 400},
    {"a control character behind sixteen others",
     STR_INIT(POST "X-A: 0123456789abcdef0123\x01"
                   "4567\r\n\r\n"),
     400},
    {"a name that is not ASCII", STR_INIT(POST "X-\xc3\xbc: b\r\n\r\n"), 400},
    {"a header without a colon", STR_INIT(POST "X-A\r\n\r\n"), 400},
    {"a header without a name", STR_INIT(POST ": b\r\n\r\n"), 400},
    {"a quote in a name", STR_INIT(POST "\"X\": b\r\n\r\n"), 400},
    {"no Host", STR_INIT("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"), 400},
    {"two Hosts", STR_INIT(GET("Host: a\r\nHost: b\r\n")), 400},
    {"the same Host twice", STR_INIT(GET("Host: a\r\nhost: a\r\n")), 400},
    {"an empty Host", STR_INIT(GET("Host:\r\n")), 400},
    {"a Host with a path", STR_INIT(GET("Host: a/b\r\n")), 400},
    {"a Host with a user", STR_INIT(GET("Host: u@a\r\n")), 400},
    {"a list of Hosts", STR_INIT(GET("Host: a, b\r\n")), 400},
    {"a Host with a port that is none", STR_INIT(GET("Host: a:b\r\n")), 400},
    {"a Host with a port too high", STR_INIT(GET("Host: a:65536\r\n")), 400},
    {"an IPv6 Host that is not closed", STR_INIT(GET("Host: [::1\r\n")), 400},
    {"an IPv6 Host with letters behind", STR_INIT(GET("Host: [::1]x\r\n")), 400},
    {"another expectation", STR_INIT(GET("Host: x\r\nExpect: a-pony\r\n")), 417},
};

static const struct row first_lines[] = {
    {"letters behind the version", STR_INIT("POST / HTTP/1.1x\r\nHost: x\r\n\r\n"), 400},
    {"a digit behind the version", STR_INIT("POST / HTTP/1.10\r\nHost: x\r\n\r\n"), 400},
    {"a space behind the version", STR_INIT("POST / HTTP/1.1 \r\nHost: x\r\n\r\n"), 400},
    {"HTTP/9.9", STR_INIT("POST / HTTP/9.9\r\nHost: x\r\n\r\n"), 505},
    {"HTTP/1.2", STR_INIT("POST / HTTP/1.2\r\nHost: x\r\n\r\n"), 505},
    {"HTTP/2's preface", STR_INIT("PRI http://x/ HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {"HTTP/0.9", STR_INIT("GET /\r\n\r\n"), 400},
    {"a version in lower case", STR_INIT("GET / http/1.1\r\nHost: x\r\n\r\n"), 400},
    {"another protocol", STR_INIT("GET / ICAP/1.0\r\nHost: x\r\n\r\n"), 400},
    {"two spaces", STR_INIT("GET  / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"two spaces before the version", STR_INIT("GET /  HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"a tab for a space", STR_INIT("GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"a space in front", STR_INIT(" GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"an empty line in front", STR_INIT("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"the greeting of TLS", STR_INIT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400},
    {"a method with a bracket", STR_INIT("G(T / HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"an endless method",
     STR_INIT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\nHost: x\r\n\r\n"), 501},
    {"no target", STR_INIT("GET HTTP/1.1\r\nHost: x\r\n\r\n"), 400},
    {"a target that is not a path", STR_INIT(TARGET("orders")), 400},
    {"a fragment", STR_INIT(TARGET("/a#b")), 400},
    {"a quote in the target", STR_INIT(TARGET("/\"a\"")), 400},
    {"an angle bracket in the query", STR_INIT(TARGET("/?<script>")), 400},
    {"a bracket in the path", STR_INIT(TARGET("/a[0]")), 400},
    {"a backslash in the path", STR_INIT(TARGET("/a\\b")), 400},
    {"bytes past ASCII in the target", STR_INIT(TARGET("/gr\xc3\xbc\xc3\x9f")), 400},
    {"a NUL in the target", STR_INIT(TARGET("/a\0b")), 400},
    {"a broken escape", STR_INIT(TARGET("/a%2")), 400},
    {"an escape that is not hexadecimal", STR_INIT(TARGET("/?a=%zz")), 400},
    {"CONNECT", STR_INIT("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n"), 400},
    {"* without OPTIONS", STR_INIT(TARGET("*")), 400},
    {"a target of another host", STR_INIT(TARGET("http://y/")), 400},
    {"a target of another port", STR_INIT(TARGET("http://x:81/")), 400},
    {"a target with a user", STR_INIT(TARGET("http://u@x/")), 400},
    {"a target without a host", STR_INIT(TARGET("http:///a")), 400},
    {"a target of another scheme", STR_INIT(TARGET("ftp://x/")), 400},
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct verdict all = feed(rows[i].text, rows[i].text.len, 1000);
        struct verdict bytes = feed(rows[i].text, 1, 1000);
        enum http_result expected = rows[i].status ? HTTP_REFUSED : HTTP_DONE;

        CHECK(all.result == expected && all.status == rows[i].status, "%s: %s", rows[i].name,
              rows[i].status ? "refused" : "read");
        CHECK(same_verdict(&all, &bytes), "%s: the same byte by byte", rows[i].name);
        CHECK(expected != HTTP_DONE || all.used == rows[i].text.len, "%s: to its end",
              rows[i].name);
    }
}

/* Every proper prefix of a good request asks for more. */
static void test_prefixes(void)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        size_t early = 0;

        for (size_t n = 0; n < good[i].text.len; n++)
            early += feed(str_sub(good[i].text, 0, n), SIZE_MAX, 1000).result != HTTP_MORE;
        CHECK(early == 0, "%s: not done before its end", good[i].name);
    }
}

static void add_repeated(struct buf *b, const char *what, unsigned times)
{
    while (times--)
        buf_add(b, str_of(what));
}

/* What repeats until it is too much: pieces of an uneven size see the same as the whole. */
static void test_limits(void)
{
    static const struct {
        const char *name, *before, *repeated;
        unsigned times;
        const char *after;
        unsigned status;
    } rows[] = {
        {"a hundred headers", "GET / HTTP/1.1\r\nHost: x\r\n", "X: 1\r\n", 99, "\r\n", OK},
        {"one more", "GET / HTTP/1.1\r\nHost: x\r\n", "X: 1\r\n", 100, "\r\n", 431},
        {"a thousand", "GET / HTTP/1.1\r\nHost: x\r\n", "X: 1\r\n", 1000, "\r\n", 431},
        {"a value of 70 KB", POST "X: ", "a", 70000, "\r\n\r\n", 431},
        {"a name of 70 KB", POST, "a", 70000, ": b\r\n\r\n", 431},
        {"a name of 256 bytes", "GET / HTTP/1.1\r\nHost: x\r\n", "a", 256, ": b\r\n\r\n", OK},
        {"a name of 257 bytes", "GET / HTTP/1.1\r\nHost: x\r\n", "a", 257, ": b\r\n\r\n", 431},
        {"70 KB of spaces", POST "X:", " ", 70000, "b\r\n\r\n", 431},
        {"a target of 8 KB", "GET /", "a", 8191, " HTTP/1.1\r\nHost: x\r\n\r\n", OK},
        {"a byte more", "GET /", "a", 8192, " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        {"a query past it", "GET /?", "%20", 2731, " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
        {"a head of 32 KB to the byte", "GET / HTTP/1.1\r\nHost: x\r\nX: ", "a", 32768 - 32,
         "\r\n\r\n", OK},
        {"and one more", "GET / HTTP/1.1\r\nHost: x\r\nX: ", "a", 32768 - 31, "\r\n\r\n", 431},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(buf_free) struct buf b = {0};
        struct verdict all, pieces;

        buf_add(&b, str_of(rows[i].before));
        add_repeated(&b, rows[i].repeated, rows[i].times);
        buf_add(&b, str_of(rows[i].after));
        all = feed(buf_str(&b), b.len, 1000);
        pieces = feed(buf_str(&b), 997, 1000);
        CHECK(all.status == rows[i].status && all.result != HTTP_MORE, "%s", rows[i].name);
        CHECK(same_verdict(&all, &pieces), "%s: the same in pieces", rows[i].name);
    }
}

static void test_parts(void)
{
    static const char text[] = "PUT /a%20b/c?x=1&y=%20 HTTP/1.1\r\nHOST: shop.example:80\r\n"
                               "X-Two: first\r\nx-two:  second \r\nExpect: 100-continue\r\n"
                               "Content-Length: 12\r\n\r\nleft alone";
    struct http_head h;
    size_t used = 0;
    unsigned status;
    const char *why;
    enum http_result result = http_read_request(str_of(text), &h, &used, &status, &why);

    CHECK(result == HTTP_DONE && used == sizeof(text) - 1 - 10, "the body is left alone");
    CHECK_STR(h.method, "PUT", "the method");
    CHECK_STR(h.target, "/a%20b/c?x=1&y=%20", "the target as it came");
    CHECK_STR(h.path, "/a%20b/c", "its path");
    CHECK_STR(h.query, "x=1&y=%20", "its query without the question mark");
    CHECK(h.minor == 1 && h.keep_alive && h.expect_continue,
          "version, connection, expectation");
    CHECK(h.has_length && h.length == 12 && !h.chunked, "the length");
    CHECK(h.header_count == 5, "every header");
    CHECK_STR(*http_header(&h, "host"), "shop.example:80", "a header by name in any case");
    CHECK_STR(*http_header(&h, "X-TWO"), "first", "the first of several");
    CHECK_STR(h.headers[2].value, "second", "the others stand behind, trimmed");
    CHECK(!http_header(&h, "X-Three"), "none that is absent");
}

static void test_keep_alive(void)
{
    static const struct {
        const char *head;
        bool keep;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
         false},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: closed\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nHost: x\r\nConnection: Keep-Alive\r\n\r\n", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_head h;
        size_t used;
        unsigned status;
        const char *why;

        CHECK(http_read_request(str_of(rows[i].head), &h, &used, &status, &why) == HTTP_DONE &&
                  h.keep_alive == rows[i].keep,
              "connection %zu %s", i, rows[i].keep ? "stays open" : "is closed");
    }
}

static void test_absolute_target(void)
{
    struct http_head h;
    size_t used;
    unsigned status;
    const char *why;

    CHECK(http_read_request(STR(TARGET("http://X/a?b=/c")), &h, &used, &status, &why) ==
              HTTP_DONE,
          "an absolute target is read");
    CHECK_STR(h.path, "/a", "its path starts behind the host");
    CHECK_STR(h.query, "b=/c", "its query behind that");
    CHECK(http_read_request(STR(TARGET("http://x?b")), &h, &used, &status, &why) == HTTP_DONE,
          "one without a path");
    CHECK_STR(h.path, "/", "has the root");
    CHECK_STR(h.query, "b", "and its query");
}

int main(void)
{
    check_rows(good, COUNT(good));
    check_rows(framing, COUNT(framing));
    check_rows(lines, COUNT(lines));
    check_rows(first_lines, COUNT(first_lines));
    test_prefixes();
    test_limits();
    test_parts();
    test_keep_alive();
    test_absolute_target();
    return tap_end();
}
