/* Large and hostile events: judged rightly, and without time that grows faster than they do. */
#include "json/json.h"
#include "schema/schema.h"
#include "tap.h"

static const struct json_limits limits = {.bytes = 1 << 28, .depth = 5000, .nodes = 4000000};

/* Far more than any of these takes, far less than a quadratic one would. */
static const uint64_t SECONDS_10 = 10000000000;

static void list(struct buf *b, unsigned n, const char *prefix, const char *last)
{
    buf_addc(b, '[');
    for (unsigned i = 0; i < n; i++)
        buf_addf(b, "\"%s%u\",", prefix, i);
    buf_addf(b, "%s]", last);
}

static void object(struct buf *b, unsigned n, bool backwards, const char *value)
{
    for (unsigned i = 0; i < n; i++)
        buf_addf(b, "%s\"a-rather-long-name-of-a-member-%u\":%s", i ? "," : "{",
                 backwards ? n - 1 - i : i, value);
    buf_addc(b, '}');
}

static void nested(struct buf *b, unsigned n, const char *open, const char *inside,
                   const char *close)
{
    for (unsigned i = 0; i < n; i++)
        buf_add(b, str_of(open));
    buf_add(b, str_of(inside));
    for (unsigned i = 0; i < n; i++)
        buf_add(b, str_of(close));
}

static void judge(str schema, const struct buf *value, bool expected, const char *name)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    struct json *source, *v;
    struct schema *s;
    struct err e = {0};
    uint32_t offset;
    uint64_t from;

    if (!json_read(a, schema, &limits, &source, &e) ||
        !json_read(a, buf_str(value), &limits, &v, &e) ||
        !schema_compile(a, source, NULL, &s, &offset, &e)) {
        CHECK(false, "%s: %s", name, e.what);
        return;
    }
    from = clock_mono_ns();
    CHECK(schema_valid(s, v) == expected, "%s: %s", name, expected ? "valid" : "refused");
    CHECK(clock_mono_ns() - from < SECONDS_10, "%s: in bounded time", name);
    schema_free(s);
}

static void test_unique_items(void)
{
    CLEANUP(buf_free) struct buf b = {.max = 1 << 26}, pair = {.max = 1 << 26};
    str schema = STR("{\"uniqueItems\":true}");

    list(&b, 200000, "0123456789012345678901234567890123456789", "1");
    judge(schema, &b, true, "200,000 different items");
    buf_clear(&b);
    list(&b, 200000, "x", "\"x5\"");
    judge(schema, &b, false, "200,000 items and one again");
    buf_clear(&b);
    list(&b, 20, "x", "{\"a\":1,\"b\":[1e2]},{\"b\":[100.0],\"a\":1.0}");
    judge(schema, &b, false, "equal objects in other words");
    buf_addc(&pair, '[');
    object(&pair, 50000, false, "1");
    buf_addc(&pair, ',');
    object(&pair, 50000, true, "1.0");
    buf_addc(&pair, ']');
    judge(schema, &pair, false, "two equal objects of 50,000 members, one backwards");
}

static void test_many_names(void)
{
    CLEANUP(buf_free)
    struct buf schema = {.max = 1 << 26}, value = {.max = 1 << 26},
               backwards = {.max = 1 << 26};

    buf_add(&schema, STR("{\"additionalProperties\":false,\"properties\":"));
    object(&schema, 20000, false, "true");
    buf_addc(&schema, '}');
    object(&value, 20000, false, "1");
    object(&backwards, 20001, true, "1");
    judge(buf_str(&schema), &value, true, "20,000 known members");
    judge(buf_str(&schema), &backwards, false, "one more than are known");
    buf_clear(&schema);
    buf_add(&schema, STR("{\"const\":"));
    buf_add(&schema, buf_str(&backwards));
    buf_addc(&schema, '}');
    buf_clear(&value);
    object(&value, 20001, false, "1");
    judge(buf_str(&schema), &value, true, "a constant of 20,001 members");
}

static void test_recursion(void)
{
    CLEANUP(buf_free) struct buf deep = {0}, deeper = {0}, doubling = {0};

    nested(&deep, 500, "[", "", "]");
    judge(STR("{\"items\":{\"$ref\":\"#\"}}"), &deep, true, "500 levels");
    nested(&deeper, 4000, "[", "", "]");
    judge(STR("{\"items\":{\"$ref\":\"#\"}}"), &deeper, false, "4,000 levels, past the limit");
    judge(STR("{\"not\":{\"items\":{\"not\":{\"$ref\":\"#\"}}}}"), &deeper, false,
          "nor accepted by a not");
    /* Each level asks two ways that both fail at the bottom only. */
    nested(&doubling, 60, "{\"z\":1,\"a\":", "{}", "}");
    judge(STR("{\"properties\":{\"a\":{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}},"
              "\"required\":[\"z\"]}"),
          &doubling, false, "60 levels of two ways each");
}

static void test_large_numbers(void)
{
    CLEANUP(buf_free) struct buf b = {0};

    nested(&b, 1000000, "7", "", "");
    judge(STR("{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":1e999999}"), &b, true,
          "a million digits");
    judge(STR("{\"multipleOf\":1000}"), &b, false, "a million digits, no multiple");
}

int main(void)
{
    test_unique_items();
    test_many_names();
    test_recursion();
    test_large_numbers();
    return tap_end();
}
