/* TOML: what comes out, and where what is wrong is wrong. What is accepted is held against Python's
 * reader in test/e2e/toml.py. */
#include "tap.h"
#include "toml/toml.h"

static const struct {
    const char *text, *json;
} trees[] = {
    {"", "{}"},
    {"a.b = 1\na.c = 'x'\n", "{\"a\":{\"b\":1,\"c\":\"x\"}}"},
    {"[[p]]\nn = 'a'\n[p.d]\nx = '1'\n[[p]]\nn = 'b'\n",
     "{\"p\":[{\"n\":\"a\",\"d\":{\"x\":\"1\"}},{\"n\":\"b\"}]}"},
    {"t = 1979-05-27 07:32:00Z\nn = 1_000\nb = true\n",
     "{\"t\":\"1979-05-27 07:32:00Z\",\"n\":1_000,\"b\":true}"},
    {"s = \"\"\"\na\\\n   b\n\"\"\"\n", "{\"s\":\"ab\\n\"}"},
};

static const struct {
    const char *text;
    unsigned line, column;
    const char *what;
} wrong[] = {
    {"a = 1\na = 2\n", 2, 1, "'a' is there already"},
    {"a = {b = 1}\na.c = 2\n", 2, 1, "nothing can be added to 'a' here"},
    {"[a]\n[a]\n", 2, 2, "this table is there already"},
    {"a = 1\n[[a]]\n", 2, 3, "'a' is no array of tables"},
    {"a = 1\n[a.b]\n", 2, 2, "'a' is not a table"},
    {"[a\n", 1, 3, "']' is missing here"},
    {"a\n", 1, 2, "'=' is missing here"},
    {"a = 01\n", 1, 5, "'01' is not a value"},
    {"a = \n", 1, 5, "a value is missing here"},
    {"a = 1 2\n", 1, 7, "the line should end here"},
    {"a = [1 2]\n", 1, 8, "',' or ']' is missing here"},
    {"a = {b = 1\n}\n", 1, 11, "',' or '}' is missing here"},
    {"a = \"x\n", 1, 7, "a control character in a string"},
    {"a = \"x", 1, 6, "this string has no end"},
    {"a = \"\\q\"\n", 1, 7, "'\\q' is not an escape"},
    {"a = \"\\u12\"\n", 1, 8, "an escape needs 4 hexadecimal digits"},
    {"a = \"\\ud800\"\n", 1, 8, "this escape is no character"},
    {"a = 'x' # \x01\n", 1, 11, "a control character in a comment"},
    {"a = \xff\n", 1, 5, "this is not UTF-8"},
};

static void test_depth(struct arena *a, const char *part, const char *what)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct err e = {0};
    struct json *v;

    buf_add(&b, STR("a = "));
    for (unsigned i = 0; i <= TOML_DEPTH_MAX; i++)
        buf_add(&b, str_of(part));
    CHECK(!toml_read(a, buf_str(&b), &v, &e) && strstr(e.what, "64 deep"), "%s are not read",
          what);
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);

    for (size_t i = 0; i < COUNT(trees); i++) {
        CLEANUP(buf_free) struct buf out = {0};
        struct err e = {0};
        struct json *v;

        if (CHECK(toml_read(a, str_of(trees[i].text), &v, &e), "document %zu is read: %s", i,
                  e.what))
            json_write(&out, v);
        CHECK_STR(buf_str(&out), trees[i].json, "... as what it says");
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct err e = {0};
        struct json *v;

        CHECK(!toml_read(a, str_of(wrong[i].text), &v, &e), "fault %zu is refused", i);
        CHECK_STR(str_of(e.what), wrong[i].what, "... with the reason");
        if (!CHECK(e.at.line == wrong[i].line && e.at.column == wrong[i].column,
                   "... at its place"))
            printf("#   got %u:%u\n", e.at.line, e.at.column);
    }
    test_depth(a, "[", "arrays in arrays in arrays");
    test_depth(a, "{a = ", "tables in tables in tables");
    return tap_end();
}
