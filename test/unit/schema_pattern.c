/* What a pattern could not decide refuses the event, whatever stands around it. */
#include "json/json.h"
#include "schema/schema.h"
#include "tap.h"

/* Only references to groups can run out; then nothing around them helps, unless the answer does
 * not depend on them. */
static void test_undecided(void)
{
    static const char *const schemas[] = {
        "{\"pattern\":\"^((a+)+)b\\\\1$|^b\"}",
        "{\"not\":{\"pattern\":\"^((a+)+)b\\\\1$|^b\"}}",
        "{\"anyOf\":[{\"pattern\":\"^((a+)+)b\\\\1$|^b\"},{\"maxLength\":3}]}",
        "{\"oneOf\":[{\"pattern\":\"^((a+)+)b\\\\1$|^b\"},true]}",
        "{\"if\":{\"pattern\":\"^((a+)+)b\\\\1$|^b\"},\"else\":true,\"then\":{\"minLength\":1}}",
        "{\"not\":{\"not\":{\"pattern\":\"^((a+)+)b\\\\1$|^b\"}}}",
    };
    char as[200];

    memset(as, 'a', sizeof(as) - 1);
    as[sizeof(as) - 1] = '!';
    for (size_t i = 0; i < COUNT(schemas); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct json_limits limits = {.bytes = 1000, .depth = 10, .nodes = 100};
        struct schema_problem problem;
        struct schema *s = NULL;
        struct err e = {0};
        struct json *source, v = {.kind = JSON_STRING, .text = {as, sizeof(as)}};
        uint32_t offset;

        if (!json_read(a, str_of(schemas[i]), &limits, &source, &e) ||
            !schema_compile(a, source, NULL, &s, &offset, &e)) {
            CHECK(false, "%s compiles: %s", schemas[i], e.what);
            continue;
        }
        CHECK(!schema_valid(s, &v), "%s refuses what it cannot decide", schemas[i]);
        CHECK(schema_problems(s, &v, a, &problem, 1) == 1, "%s says so", schemas[i]);
        CHECK_STR(problem.why, "takes too long to check", "%s in these words", schemas[i]);
        v.text = STR("b");
        CHECK(schema_problems(s, &v, a, &problem, 1) == !schema_valid(s, &v),
              "%s decides about a short text", schemas[i]);
        schema_free(s);
    }
}

/* Schemas of others have patterns that the u flag forbids; a contract's may not. */
static void test_lenience(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json_limits limits = {.bytes = 1000, .depth = 10, .nodes = 100};
    struct schema_options lenient = {.lenient = true};
    struct json v = {.kind = JSON_STRING, .text = STR("a-b")};
    struct schema *s = NULL;
    struct err e = {0};
    struct json *source;
    uint32_t offset;

    if (!json_read(a, STR("{\"pattern\":\"^[\\\\w\\\\-]+\\\\-(b|\\\\_)$\"}"), &limits, &source,
                   &e)) {
        CHECK(false, "the schema is read: %s", e.what);
        return;
    }
    CHECK(schema_compile(a, source, &lenient, &s, &offset, &e) && schema_valid(s, &v),
          "a lenient schema takes '\\-' and '\\_': %s", e.what);
    schema_free(s);
    CHECK(!schema_compile(a, source, NULL, &s, &offset, &e) && strstr(e.what, "is no escape"),
          "a strict one does not: %s", e.what);
}

int main(void)
{
    test_undecided();
    test_lenience();
    return tap_end();
}
