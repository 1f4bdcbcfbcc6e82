/* Compiled schemas: their bytes, what references reach, dialects, and ways through a schema. */
#include "json/json.h"
#include "pattern/pattern.h"
#include "schema/schema.h"
#include "tap.h"

static const struct json_limits limits = {.bytes = 1 << 20, .depth = 100, .nodes = 100000};

static void free_schema(struct schema **s)
{
    schema_free(*s);
}

static struct json *parse(struct arena *a, const char *text)
{
    struct err e = {0};
    struct json *v = NULL;

    if (!json_read(a, str_of(text), &limits, &v, &e))
        CHECK(false, "%s is JSON: %s", text, e.what);
    return v;
}

static struct schema *compile(struct arena *a, const char *text, const struct schema_options *o)
{
    struct schema *s = NULL;
    struct err e = {0};
    uint32_t offset;

    if (!schema_compile(a, parse(a, text), o, &s, &offset, &e))
        CHECK(false, "%s compiles: %s", text, e.what);
    return s;
}

/* ---- bytes ---- */

static const char everything[] =
    "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,\"x\",[2],{\"b\":null}]},"
    "\"c\":{\"pattern\":\"(b|c)+d\",\"format\":\"date\"},\"n\":{\"multipleOf\":0.5,"
    "\"maximum\":9}},\"patternProperties\":{\"^p-\":{\"$ref\":\"#\"}},\"oneOf\":["
    "{\"required\":[\"a\"]},{\"required\":[\"c\"]}],\"unevaluatedProperties\":false}";

static void test_bytes(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(free_schema) struct schema *s = compile(a, everything, NULL);
    CLEANUP(free_schema) struct schema *opened = NULL;
    str program = schema_program(s);
    char *copy = arena_alloc(a, program.len);
    struct err e = {0};
    static const struct {
        const char *value;
        bool valid;
    } rows[] = {
        {"{\"a\":1}", true},           {"{\"a\":{\"b\":null}}", true},
        {"{\"a\":2}", false},          {"{\"c\":\"2020-01-01\"}", false},
        {"{\"a\":1,\"q\":1}", false},  {"{\"a\":1,\"p-x\":{\"a\":\"x\"}}", true},
        {"{\"a\":1,\"n\":8.5}", true}, {"{\"a\":1,\"n\":8.6}", false},
    };

    memcpy(copy, program.at, program.len);
    if (!CHECK(schema_open(a, (str){copy, program.len}, &opened, &e) &&
                   schema_prepare(opened, &e),
               "a copy of the bytes is a schema: %s", e.what))
        return;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json *v = parse(a, rows[i].value);

        CHECK(schema_valid(s, v) == rows[i].valid && schema_valid(opened, v) == rows[i].valid,
              "both %s %s", rows[i].valid ? "accept" : "refuse", rows[i].value);
    }
}

static void test_damage(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(free_schema) struct schema *s = compile(a, everything, NULL);
    str program = schema_program(s);
    char *copy = arena_alloc(a, program.len + 8);
    unsigned opened = 0;

    memcpy(copy, program.at, program.len);
    for (size_t i = 0; i < program.len + 1; i++) {
        struct schema *damaged = NULL;
        struct err e = {0};
        /* The last round: one byte is missing at the end. */
        str bytes = {copy, program.len - (i == program.len)};

        copy[i] ^= 0x10;
        opened += schema_open(a, bytes, &damaged, &e) || e.code != ERR_INPUT;
        copy[i] ^= 0x10;
    }
    CHECK(!opened, "whichever byte is damaged, the schema does not open (%u did)", opened);
}

/* ---- references ---- */

static void test_documents(void)
{
    static const struct {
        const char *schema, *value;
        bool valid;
    } rows[] = {
        {"{\"$ref\":\"http://example.com/b\"}", "1", true},
        {"{\"$ref\":\"http://example.com/b\"}", "\"1\"", false},
        {"{\"$ref\":\"b#/$defs/s\"}", "\"1\"", true},
        {"{\"$ref\":\"b#named\"}", "\"1\"", true},
        {"{\"$ref\":\"b#/$defs/s\"}", "1", false},
        {"{\"$ref\":\"http://other.example/own\"}", "null", true},
        {"{\"$ref\":\"http://other.example/own\"}", "1", false},
        {"{\"$id\":\"http://elsewhere.example/x\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":"
         "{\"$id\":\"/y\",\"$ref\":\"z\"},\"b\":{\"$id\":\"z\",\"const\":3}}}",
         "3", true},
        {"{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}", "{\"items\":{}}", true},
        {"{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}",
         "{\"items\":{\"minimum\":\"x\"}}", false},
        {"{\"$ref\":\"https://json-schema.org/draft/2019-09/schema\"}",
         "{\"items\":[{\"type\":\"int\"}]}", false},
        {"{\"$ref\":\"http://json-schema.org/draft-07/schema#\"}", "{\"if\":{}}", true},
        {"{\"$ref\":\"http://json-schema.org/draft-07/schema#\"}",
         "{\"properties\":{\"a\":{\"minLength\":-1}}}", false},
        {"{\"$ref\":\"http://json-schema.org/draft-06/schema#\"}", "{\"contains\":1}", false},
        {"{\"$ref\":\"http://json-schema.org/draft-04/schema#\"}",
         "{\"exclusiveMinimum\":true}", false},
        {"{\"$ref\":\"http://json-schema.org/draft-04/schema#\"}",
         "{\"exclusiveMinimum\":true,\"minimum\":1}", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const struct schema_document documents[] = {
            {STR("http://example.com/b"),
             parse(a, "{\"type\":\"integer\",\"$defs\":{\"s\":{\"$anchor\":\"named\","
                      "\"type\":\"string\"}}}")},
            {STR("http://example.com/c"),
             parse(a, "{\"$id\":\"http://other.example/own\",\"type\":\"null\"}")},
        };
        const struct schema_options o = {.base = STR("http://example.com/a"),
                                         .documents = documents,
                                         .document_count = COUNT(documents)};
        CLEANUP(free_schema) struct schema *s = compile(a, rows[i].schema, &o);

        CHECK(s && schema_valid(s, parse(a, rows[i].value)) == rows[i].valid, "%s %s %s",
              rows[i].schema, rows[i].valid ? "accepts" : "refuses", rows[i].value);
    }
}

/* ---- dialects ---- */

static void test_dialects(void)
{
    static const struct {
        enum schema_dialect dialect;
        const char *schema, *value;
        bool valid;
    } rows[] = {
        {SCHEMA_OPENAPI_3_0, "{\"type\":\"string\",\"nullable\":true}", "null", true},
        {SCHEMA_OPENAPI_3_0, "{\"type\":\"string\",\"nullable\":true}", "1", false},
        {SCHEMA_OPENAPI_3_0, "{\"type\":\"string\",\"nullable\":false}", "null", false},
        {SCHEMA_OPENAPI_3_0, "{\"type\":\"string\",\"nullable\":true,\"enum\":[\"a\"]}", "null",
         false},
        {SCHEMA_OPENAPI_3_0, "{\"minimum\":1,\"exclusiveMinimum\":true,\"example\":7}", "1",
         false},
        {SCHEMA_OPENAPI_3_0, "{\"discriminator\":{\"propertyName\":\"k\"},\"xml\":{}}", "{}",
         true},
        {SCHEMA_OPENAPI_3_1, "{\"type\":[\"string\",\"null\"],\"example\":1}", "null", true},
        {SCHEMA_OPENAPI_3_1, "{\"exclusiveMinimum\":1,\"externalDocs\":{}}", "1", false},
        {SCHEMA_DRAFT_4, "{\"type\":\"integer\"}", "1.0", false},
        {SCHEMA_DRAFT_6, "{\"type\":\"integer\"}", "1.0", true},
        {SCHEMA_DRAFT_7, "{\"items\":[{\"const\":1}],\"additionalItems\":false}", "[1,2]",
         false},
        {SCHEMA_DRAFT_7, "{\"dependencies\":{\"a\":[\"b\"]}}", "{\"a\":1}", false},
        {SCHEMA_2019_09, "{\"items\":[true],\"unevaluatedItems\":false}", "[1,2]", false},
        {SCHEMA_2020_12, "{\"contains\":{\"const\":1},\"unevaluatedItems\":false}", "[1,1]",
         true},
        {SCHEMA_2019_09, "{\"contains\":{\"const\":1},\"unevaluatedItems\":false}", "[1,1]",
         false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const struct schema_options o = {.dialect = rows[i].dialect};
        CLEANUP(free_schema) struct schema *s = compile(a, rows[i].schema, &o);

        CHECK(s && schema_valid(s, parse(a, rows[i].value)) == rows[i].valid,
              "dialect %d: %s %s %s", rows[i].dialect, rows[i].schema,
              rows[i].valid ? "accepts" : "refuses", rows[i].value);
    }
}

static void test_lenient(void)
{
    static const char *const rows[] = {
        "{\"propertys\":{}}",
        "{\"divisibleBy\":2}",
        "{\"prefixItems\":[],\"$schema\":\"http://json-schema.org/draft-07/schema#\"}",
        "{\"$ref\":\"#/$defs/a\",\"minimum\":3,\"$defs\":{\"a\":true},"
        "\"$schema\":\"http://json-schema.org/draft-07/schema#\"}",
        "{\"format\":\"no-such-format\"}",
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const struct schema_options o = {.lenient = true};
        CLEANUP(free_schema) struct schema *s = compile(a, rows[i], &o), *strict = NULL;
        struct err e = {0};
        uint32_t offset;

        CHECK(s && schema_valid(s, parse(a, "1")), "%s: an annotation to the lenient", rows[i]);
        CHECK(!schema_compile(a, parse(a, rows[i]), NULL, &strict, &offset, &e) && e.what[0],
              "%s: an error to the strict", rows[i]);
    }
}

/* ---- ways ---- */

static void test_ways(void)
{
    static const struct {
        const char *schema, *value, *way, *uri;
    } rows[] = {
        {"{\"type\":\"string\"}", "1", "/type", "http://example.com/a#/type"},
        {"{\"items\":{\"$ref\":\"#/$defs/t\"},\"$defs\":{\"t\":{\"maximum\":1}}}", "[2]",
         "/items/$ref/maximum", "http://example.com/a#/$defs/t/maximum"},
        {"{\"properties\":{\"x/y\":{\"allOf\":[true,{\"const\":1}]}}}", "{\"x/y\":2}",
         "/properties/x~1y/allOf/1/const",
         "http://example.com/a#/properties/x~1y/allOf/1/const"},
        {"{\"properties\":{\"b\":{\"$id\":\"b\",\"minLength\":3}}}", "{\"b\":\"\"}",
         "/properties/b/minLength", "http://example.com/b#/minLength"},
        {"{\"prefixItems\":[true],\"items\":false}", "[1,2]", "/items",
         "http://example.com/a#/items"},
        {"{\"if\":true,\"then\":{\"required\":[\"a\"]}}", "{}", "/then/required",
         "http://example.com/a#/then/required"},
        {"{\"patternProperties\":{\"^a\":{\"type\":\"null\"}}}", "{\"a\":1}",
         "/patternProperties/^a/type", "http://example.com/a#/patternProperties/^a/type"},
        {"{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}",
         "{\"a\":1,\"b\":2}", "/unevaluatedProperties",
         "http://example.com/a#/unevaluatedProperties"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const struct schema_options o = {.base = STR("http://example.com/a"), .lenient = true};
        struct schema_problem p = {0};
        CLEANUP(free_schema) struct schema *s = compile(a, rows[i].schema, &o);

        if (!CHECK(s && schema_problems(s, parse(a, rows[i].value), a, &p, 1) == 1,
                   "%s refuses %s", rows[i].schema, rows[i].value))
            continue;
        CHECK_STR(p.keyword_at, rows[i].way, "%s: the way", rows[i].schema);
        CHECK_STR(p.keyword_uri, rows[i].uri, "%s: the place", rows[i].schema);
    }
}

/* ---- what is done without a matcher is done as the matcher does it ---- */

static void compare_pattern(struct arena *a, const char *pattern, const char *const *texts,
                            size_t count)
{
    struct pattern *p = NULL;
    struct err e = {0};
    struct json keyword = {.kind = JSON_STRING, .text = str_of(pattern)};
    struct json_member member = {.name = STR("pattern"), .value = keyword};
    struct json source = {.kind = JSON_OBJECT, .count = 1, .members = &member};
    CLEANUP(free_schema) struct schema *s = NULL;
    unsigned differ = 0;
    uint32_t offset;

    if (!CHECK(pattern_compile(str_of(pattern), &p, &e) &&
                   schema_compile(a, &source, NULL, &s, &offset, &e),
               "%s compiles: %s", pattern, e.what))
        return;
    for (size_t i = 0; i < count; i++) {
        uint64_t work = 1000000;
        struct json v = {.kind = JSON_STRING, .text = str_of(texts[i])};

        differ +=
            schema_valid(s, &v) != (pattern_match(p, str_of(texts[i]), &work) == PATTERN_HOLDS);
    }
    CHECK(!differ, "%s: the same of each text", pattern);
    pattern_free(p);
}

static void test_patterns(void)
{
    static const char *const patterns[] = {
        "",
        "^",
        "$",
        ".*",
        "^.*$",
        ".",
        "^.",
        "^.+$",
        "^.{2,3}$",
        "^a",
        "a$",
        "a",
        "^a$",
        "^abc",
        "bc$",
        "^[a-c]+$",
        "^[^a-c]+$",
        "^[a-c]*[0-9]",
        "^[a-z]+-[0-9]{1,2}$",
        "^\\d+$",
        "^\\w+$",
        "^a?b?c?$",
        "^[a-z]*c$",
        "^ab*c",
        "^\\.",
        "^a\\$b$",
        "^[\\w.-]+$",
        "^[]$",
        "^[^]$",
        "^[a\\-c]$",
        "^x{0}$",
        "^[a-z]{2}",
        "^a{2,}$",
        "^\\/a$",
        "^(ab)+$",
        "^a|b$",
        "^[+-]?[0-9]+$",
        "^a-",
        "^[-a]b",
        "^\xc3\xa9$",
    };
    static const char *const texts[] = {
        "",
        "a",
        "b",
        "ab",
        "abc",
        "abbbc",
        "aabc",
        "aa",
        "aaa",
        "-",
        "a-c",
        "a$b",
        "a.b-c_d",
        ".x",
        "abc-12",
        "abc-123",
        "12",
        "+12",
        "1a",
        "\n",
        "a\n",
        "\xc3\xa9",
        "\xc3\xa9\xc3\xa9",
        "\xe2\x80\xa8",
        "a\xe2\x80\xa8",
        "\xf0\x9f\x98\x80",
        "/a",
        "x",
        "-b",
        "a-",
        "zzc",
        "abab",
    };

    for (size_t i = 0; i < COUNT(patterns); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);

        compare_pattern(a, patterns[i], texts, COUNT(texts));
    }
}

/* Nor does it guess: bytes that are no text are refused on both sides. */
static void test_no_text(void)
{
    static const char *const schemas[] = {
        "{\"pattern\":\"^[^a]$\"}",
        "{\"not\":{\"pattern\":\"^[^a]{2}$\"}}",
        "{\"not\":{\"pattern\":\"^[a-z]+$\"}}",
    };

    for (size_t i = 0; i < COUNT(schemas); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(free_schema) struct schema *s = compile(a, schemas[i], NULL);
        struct json v = {.kind = JSON_STRING, .text = STR("\xff")};

        CHECK(s && !schema_valid(s, &v), "%s refuses a byte that is no text", schemas[i]);
    }
}

/* ---- branches that a member tells apart ---- */

static void test_choice(void)
{
    static const char schema[] =
        "{\"%s\":[{\"required\":[\"k\"],\"properties\":{\"k\":{\"const\":\"a\"},"
        "\"n\":{\"minimum\":5}}},{\"required\":[\"k\"],\"properties\":{\"k\":{\"enum\":"
        "[\"b\",\"c\"]},\"n\":{\"maximum\":5}}},{\"required\":[\"k\",\"m\"],\"properties\":"
        "{\"k\":{\"const\":\"d\"},\"n\":true,\"m\":true},\"additionalProperties\":false}]}";
    static const struct {
        const char *value;
        bool valid;
    } rows[] = {
        {"{\"k\":\"a\",\"n\":5}", true},
        {"{\"k\":\"a\",\"n\":4}", false},
        {"{\"n\":4,\"k\":\"c\"}", true},
        {"{\"k\":\"b\",\"n\":6}", false},
        {"{\"k\":\"d\",\"m\":1}", true},
        {"{\"k\":\"d\"}", false},
        {"{\"k\":\"e\"}", false},
        {"{}", false},
        {"{\"k\":1}", false},
        {"[]", true},
        {"{\"k\":\"d\",\"m\":1,\"x\":1}", false},
    };

    for (size_t i = 0; i < COUNT(rows) * 2; i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const char *keyword = i % 2 ? "oneOf" : "anyOf";
        str text = arena_format(a, schema, keyword);
        CLEANUP(free_schema) struct schema *s = compile(a, text.at, NULL);
        const char *value = rows[i / 2].value;
        /* No array has a member: each branch holds, which is more than one. */
        bool valid = rows[i / 2].valid && (value[0] == '{' || i % 2 == 0);

        CHECK(s && schema_valid(s, parse(a, value)) == valid, "%s %s %s", keyword,
              valid ? "accepts" : "refuses", value);
    }
}

int main(void)
{
    test_bytes();
    test_damage();
    test_documents();
    test_dialects();
    test_lenient();
    test_ways();
    test_patterns();
    test_no_text();
    test_choice();
    return tap_end();
}
