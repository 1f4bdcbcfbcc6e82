/*
 * http_cookie: what is a cookie, and what is written of it.
 */
#include "http/http.h"
#include "tap.h"

static const struct {
    const char *text, *written; /* NULL: refused */
} rows[] = {
    {"a=1", "a=1"},
    {"a=", "a="},
    {"a=\"b\"", "a=\"b\""},
    {"a=b=c", "a=b=c"},
    {"  a=1  ;Secure;HTTPONLY", "a=1; Secure; HttpOnly"},
    {"a=1; secure; path=/; samesite=strict", "a=1; Path=/; SameSite=strict; Secure"},
    {"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=60",
     "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=60"},
    {"a=1; expires=Thu, 01-Jan-1970 00:00:00 GMT; max-age=-1",
     "a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=-1"},
    {"a=1; Domain=.Shop.example; Priority=High", "a=1; Domain=.Shop.example; Priority=High"},
    {"a=1; Partitioned; Secure;", "a=1; Secure; Partitioned"},

    {"", NULL},
    {"a", NULL},
    {"=1", NULL},
    {"a b=1", NULL},
    {"a=1\r\nX: y", NULL},
    {"a=b c", NULL},
    {"a=b,c", NULL},
    {"a=\"b", NULL},
    {"a=b\\c", NULL},
    {"a=gr\xc3\xbc\xc3\x9f", NULL},
    {"a=1; Path=orders", NULL},
    {"a=1; Path", NULL},
    {"a=1; Path=/\x01", NULL},
    {"a=1; Domain=com", NULL},
    {"a=1; Domain=localhost", NULL},
    {"a=1; Domain=192.0.2.7", NULL},
    {"a=1; Domain=shop.example.", NULL},
    {"a=1; Domain=shop..example", NULL},
    {"a=1; Domain=", NULL},
    {"a=1; SameSite=Sometimes", NULL},
    {"a=1; SameSite", NULL},
    {"a=1; Max-Age=1.5", NULL},
    {"a=1; Max-Age=", NULL},
    {"a=1; Expires=tomorrow", NULL},
    {"a=1; Expires=Wed, 21-Oct 2026 07:28:00 GMT", NULL},
    {"a=1; Expires=Wed, 21 Okt 2026 07:28:00 GMT", NULL},
    {"a=1; Expires=Wed, 21 Oct 2026 07:28:00 CET", NULL},
    {"a=1; Secure=true", NULL},
    {"a=1; Secure; Secure", NULL},
    {"a=1; Path=/; path=/a", NULL},
    {"a=1; Version=1", NULL},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(buf_free) struct buf b = {0};
        struct http_cookie c;
        const char *why = NULL;
        bool ok = http_read_set_cookie(str_of(rows[i].text), &c, &why);

        CHECK(ok == (rows[i].written != NULL) && (ok || why), "'%s' is %s%s", rows[i].text,
              ok ? "a cookie" : "refused: ", ok ? "" : why);
        if (!ok)
            continue;
        http_write_set_cookie(&b, &c);
        CHECK_STR(buf_str(&b), rows[i].written, "'%s' as it is written", rows[i].text);
    }
}

static void test_size(void)
{
    static char text[4098];
    struct http_cookie c;
    const char *why;

    memset(text, 'x', sizeof(text));
    text[1] = '=';
    CHECK(http_read_set_cookie((str){text, 4096}, &c, &why), "4096 bytes of name and value");
    CHECK(!http_read_set_cookie((str){text, 4097}, &c, &why), "not one more");
}

int main(void)
{
    test_rows();
    test_size();
    return tap_end();
}
