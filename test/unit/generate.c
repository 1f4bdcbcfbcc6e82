/*
 * generate: what is made is what it is said to be, by the validator's own word.
 */
#include "generate/generate.h"
#include "schema/schema.h"
#include "tap.h"

#include <dirent.h>

struct subject {
    struct arena *a;
    struct schema *schema;
    struct generate_schema source;
    unsigned asked, refused;
};

static bool is_valid(void *self, const struct json *document)
{
    struct subject *s = self;
    bool valid = schema_valid(s->schema, document);

    s->asked++;
    s->refused += !valid;
    return valid;
}

static bool open_subject(struct subject *s, str text, enum schema_dialect dialect)
{
    struct schema_options o = {.dialect = dialect, .lenient = true};
    struct json_limits limits = json_limits_event;
    struct json *source;
    struct err e = {0};
    uint32_t offset;

    *s = (struct subject){.a = arena_new((size_t)512 << 20)};
    limits.repeats = true;
    if (json_read(s->a, text, &limits, &source, &e) &&
        schema_compile(s->a, source, &o, &s->schema, &offset, &e)) {
        s->source = (struct generate_schema){source, is_valid, s};
        return true;
    }
    printf("# %s\n", e.what);
    return false;
}

static void close_subject(struct subject *s)
{
    schema_free(s->schema);
    arena_free(s->a);
}

static str text_of(struct arena *a, const struct json *v)
{
    CLEANUP(buf_free) struct buf b = {0};

    json_write(&b, v);
    return arena_str(a, buf_str(&b));
}

/* ---- each keyword ---- */

static const char *const schemas[] = {
    "{}",
    "true",
    "{\"const\":{\"a\":[1]}}",
    "{\"enum\":[1,\"a\",null]}",
    "{\"type\":\"string\",\"minLength\":3,\"maxLength\":3}",
    "{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{1,4}(x|yy)?$\"}",
    "{\"type\":\"string\",\"pattern\":\"^(a|b)\\\\1$\"}",
    "{\"type\":\"string\",\"pattern\":\"^\\\\p{Lu}\\\\w*$\",\"minLength\":4,\"maxLength\":9}",
    "{\"type\":\"string\",\"format\":\"date-time\"}",
    "{\"type\":\"string\",\"format\":\"uuid\"}",
    "{\"type\":\"string\",\"format\":\"email\"}",
    "{\"type\":\"string\",\"format\":\"ipv6\"}",
    "{\"type\":\"string\",\"format\":\"uri\"}",
    "{\"type\":\"string\",\"format\":\"duration\"}",
    "{\"type\":\"integer\",\"minimum\":1,\"maximum\":2}",
    "{\"type\":\"integer\",\"exclusiveMinimum\":1,\"exclusiveMaximum\":3}",
    "{\"type\":\"number\",\"multipleOf\":0.01,\"minimum\":-5}",
    "{\"type\":\"integer\",\"multipleOf\":7,\"maximum\":-1}",
    "{\"type\":[\"integer\",\"null\"]}",
    "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"uniqueItems\":true}",
    "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"null\"}],"
    "\"items\":false,\"minItems\":1}",
    "{\"type\":\"array\",\"contains\":{\"const\":7},\"minContains\":2,\"maxItems\":4}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{}},"
    "\"required\":[\"a\"],\"additionalProperties\":false}",
    "{\"type\":\"object\",\"patternProperties\":{\"^x[0-9]$\":{\"type\":\"null\"}},"
    "\"additionalProperties\":false,\"minProperties\":2}",
    "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[a-z]{2}$\"},\"minProperties\":3}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
    "\"dependentRequired\":{\"a\":[\"b\",\"c\"]},\"required\":[\"a\"]}",
    "{\"allOf\":[{\"type\":\"string\",\"minLength\":2},{\"maxLength\":4}]}",
    "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\",\"required\":[\"x\"]}]}",
    "{\"oneOf\":[{\"type\":\"integer\",\"minimum\":5},{\"type\":\"integer\",\"maximum\":2}]}",
    "{\"type\":\"object\",\"properties\":{\"k\":{\"enum\":[\"a\",\"b\"]}},\"required\":[\"k\"],"
    "\"if\":{\"properties\":{\"k\":{\"const\":\"a\"}}},\"then\":{\"required\":[\"a\"]},"
    "\"else\":{\"required\":[\"b\"]}}",
    "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"required\":[\"n\"],"
    "\"properties\":{\"n\":{\"type\":\"integer\"},\"next\":{\"$ref\":\"#/$defs/node\"},"
    "\"all\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"}}}}}}",
    "{\"$ref\":\"#here\",\"$defs\":{\"x\":{\"$anchor\":\"here\",\"type\":\"boolean\"}}}",
    "{\"not\":{\"type\":\"string\"}}",
};

/* Whether one of `count` documents of that kind was not what it should be. */
static unsigned make_many(struct subject *s, enum generate_kind kind, unsigned count,
                          unsigned *wrong)
{
    struct generate_random random = {7 + kind};
    unsigned made = 0;

    for (unsigned i = 0; i < count; i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new((size_t)256 << 20);
        struct generated g;

        if (!generate_document(a, &s->source, &random, kind, &g))
            continue;
        made++;
        *wrong += kind == GENERATE_VALID    ? !schema_valid(s->schema, g.document)
                  : kind == GENERATE_ALMOST ? schema_valid(s->schema, g.document) || !g.what
                                            : !g.what;
    }
    return made;
}

static void test_keywords(void)
{
    for (size_t i = 0; i < COUNT(schemas); i++) {
        struct subject s;
        unsigned wrong = 0;

        if (CHECK(open_subject(&s, str_of(schemas[i]), SCHEMA_2020_12), "%s", schemas[i])) {
            CHECK(make_many(&s, GENERATE_VALID, 200, &wrong) == 200 && !wrong,
                  "... 200 documents that are valid");
            CHECK(s.refused < s.asked - s.asked / 6, "... %u of %u were right at once",
                  s.asked - s.refused, s.asked);
            make_many(&s, GENERATE_ALMOST, 30, &wrong);
            CHECK(!wrong, "... none that is almost valid is valid");
            CHECK(make_many(&s, GENERATE_HOSTILE, 30, &wrong) == 30 && !wrong,
                  "... and hostile ones");
        }
        close_subject(&s);
    }
}

/* ---- what is broken ---- */

static void test_bounds(void)
{
    static const char text[] =
        "{\"type\":\"object\",\"required\":[\"s\",\"n\",\"l\"],\"additionalProperties\":false,"
        "\"properties\":{\"s\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":5},"
        "\"n\":{\"type\":\"integer\",\"minimum\":3,\"maximum\":9},"
        "\"l\":{\"type\":\"array\",\"items\":{\"type\":\"null\"},\"minItems\":1,\"maxItems\":2}}}";
    static const char *const expected[] = {"type",     "minLength", "maxLength",
                                           "minimum",  "maximum",   "minItems",
                                           "maxItems", "required",  "additionalProperties"};
    bool seen[COUNT(expected)] = {false};
    struct generate_random random = {1};
    struct subject s;

    if (!CHECK(open_subject(&s, str_of(text), SCHEMA_2020_12), "a schema with bounds"))
        return;
    for (unsigned i = 0; i < 300; i++) {
        struct generated g;

        if (!generate_document(s.a, &s.source, &random, GENERATE_ALMOST, &g))
            continue;
        for (size_t k = 0; k < COUNT(expected); k++)
            seen[k] |= strcmp(g.what, expected[k]) == 0;
        if (strcmp(g.what, "maxLength") == 0 && !seen[0])
            CHECK(json_get_str(g.document, STR("s")).len == 6, "one character too many");
    }
    for (size_t k = 0; k < COUNT(expected); k++)
        CHECK(seen[k], "%s is broken some time", expected[k]);
    close_subject(&s);
}

static void test_seed(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct generate_random one = {42}, two = {42}, three = {43};
    struct generated x, y, z;
    struct subject s;
    bool made = open_subject(&s, str_of(schemas[19]), SCHEMA_2020_12) &&
                generate_document(a, &s.source, &one, GENERATE_VALID, &x) &&
                generate_document(a, &s.source, &two, GENERATE_VALID, &y) &&
                generate_document(a, &s.source, &three, GENERATE_VALID, &z);

    CHECK(made && str_equal(text_of(a, x.document), text_of(a, y.document)) &&
              !str_equal(text_of(a, x.document), text_of(a, z.document)),
          "a seed gives the same documents, another one others");
    close_subject(&s);
}

static void test_impossible(void)
{
    static const char *const rows[] = {
        "false",
        "{\"type\":\"string\",\"minLength\":5,\"maxLength\":4}",
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
        "{\"allOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
        "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"uniqueItems\":true,"
        "\"minItems\":3}",
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct generate_random random = {1};
        struct generated g;
        struct subject s;

        CHECK(open_subject(&s, str_of(rows[i]), SCHEMA_2020_12) &&
                  !generate_document(s.a, &s.source, &random, GENERATE_VALID, &g),
              "nothing is made for %s", rows[i]);
        close_subject(&s);
    }
}

/* ---- smaller ---- */

static bool holds_needle(void *self, const struct json *document)
{
    CLEANUP(buf_free) struct buf b = {0};
    unsigned *asked = self;

    ++*asked;
    json_write(&b, document);
    return str_find_str(buf_str(&b), STR(";")) < b.len;
}

static void test_smaller(void)
{
    static const char *const rows[][2] = {
        {"{\"a\":1,\"b\":[{\"c\":\"hello; world\"},2,3],\"d\":{\"e\":null}}",
         "{\"b\":[{\"c\":\";\"}]}"},
        {"[\"\xc3\xa9\xc3\xa9;\xe6\xbc\xa2\",12345]", "[\";\"]"},
        {"\"x;y\"", "\";\""},
        {"{\"a;\":{\"b\":12}}", "{\"a;\":{}}"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        unsigned asked = 0;
        struct generate_still still = {holds_needle, &asked, 500};
        struct json *document;
        struct err e = {0};

        CHECK(json_read(a, str_of(rows[i][0]), &json_limits_event, &document, &e), "%s",
              rows[i][0]);
        CHECK_STR(text_of(a, generate_smaller(a, document, &still)), rows[i][1],
                  "... as small as it gets, with %u questions", asked);
        asked = 0;
        still.calls = 3;
        generate_smaller(a, document, &still);
        CHECK(asked <= 3, "... and with no more than are allowed");
    }
}

/* ---- schemas of others ---- */

static void test_real(void)
{
    const char *suites = tap_suites();
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str root = suites ? arena_format(a, "%s/json-schema-bench", suites) : STR("");
    DIR *dir = suites ? opendir(root.at) : NULL;
    const struct dirent *entry;

    if (!dir) {
        tap_skip("the schemas of others need FNWARD_SUITES");
        return;
    }
    while ((entry = readdir(dir))) {
        CLEANUP(arena_freep) struct arena *file = arena_new(0);
        struct subject s;
        unsigned wrong = 0, made, almost;
        struct err e = {0};
        str text;

        if (entry->d_name[0] == '.' ||
            !file_read(file, arena_format(a, "%s/%s/schema.json", root.at, entry->d_name).at,
                       8 << 20, &text, &e))
            continue;
        if (CHECK(open_subject(&s, text, SCHEMA_2020_12), "the schema of %s", entry->d_name)) {
            made = make_many(&s, GENERATE_VALID, 20, &wrong);
            CHECK(made >= 18 && !wrong, "... %u of 20 documents are valid", made);
            almost = make_many(&s, GENERATE_ALMOST, 20, &wrong);
            CHECK(almost >= 15 && !wrong, "... %u are almost", almost);
        }
        close_subject(&s);
    }
    closedir(dir);
}

int main(void)
{
    test_keywords();
    test_bounds();
    test_seed();
    test_impossible();
    test_smaller();
    test_real();
    return tap_end();
}
