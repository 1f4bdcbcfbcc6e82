/* A request's parts put back into its event once they were cleaned. */
#include "event/event.h"
#include "tap.h"

static void test_paths(void)
{
    static const struct {
        const char *pattern, *id, *rest, *expected; /* NULL: there is no such path */
    } rows[] = {
        {"/a/{id}", "x", NULL, "/a/x"},   {"/a/{id}/b/{rest+}", "x y", "c/d", "/a/x y/b/c/d"},
        {"/a/{id}", "", NULL, NULL},      {"/a/{id}", "x/y", NULL, NULL},
        {"/a/{id}", "..", NULL, NULL},    {"/a/{id}", "x\\y", NULL, NULL},
        {"/{rest+}", NULL, "a//b", NULL}, {"/{rest+}", NULL, "a/../b", NULL},
        {"/{other}", "x", NULL, NULL},    {"/a", NULL, NULL, "/a"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const struct event_pair params[] = {{STR("id"), str_of(rows[i].id)},
                                            {STR("rest"), str_of(rows[i].rest)}};
        str path = STR("");
        bool ok = event_route_path(a, str_of(rows[i].pattern), params, 2, &path);

        if (rows[i].expected)
            CHECK_STR(path, rows[i].expected, "%s with its parameters", rows[i].pattern);
        else
            CHECK(!ok && !path.len, "%s has no such path", rows[i].pattern);
    }
}

static void test_texts(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf out = {0};
    struct json *values, *texts;
    struct err e = {0};

    if (CHECK(json_read(a, STR("{\"a\": \"x\", \"b\": 5, \"c\": true, \"d\": [1]}"),
                        &json_limits_event, &values, &e) &&
                  event_texts(a, values, &texts),
              "values become texts"))
        json_write(&out, texts);
    CHECK_STR(buf_str(&out), "{\"a\":\"x\",\"b\":\"5\",\"c\":\"true\",\"d\":\"[1]\"}",
              "numbers and truth values as JSON writes them");
}

static void test_encode(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf out = {0};
    str given = STR("a-._~Z9 +&=%#/\xc3\xa9[{@`"), back = STR("");

    http_encode(&out, given);
    CHECK_STR(buf_str(&out), "a-._~Z9%20%2B%26%3D%25%23%2F%C3%A9%5B%7B%40%60", "encoded");
    CHECK(http_decode(a, buf_str(&out), true, &back) && str_equal(back, given), "and back");
}

int main(void)
{
    test_paths();
    test_texts();
    test_encode();
    return tap_end();
}
