/* Values cleaned along a schema: where the walk goes, what it shares, and what it tells. */
#include "schema/schema.h"
#include "tap.h"

static struct json *parse(struct arena *a, const char *text)
{
    struct json_limits limits = json_limits_event;
    struct json *v = NULL;
    struct err e = {0};

    limits.bytes = strlen(text);
    return json_read(a, str_of(text), &limits, &v, &e) ? v : NULL;
}

static str written(struct arena *a, const struct json *v)
{
    struct buf out = {0};
    str text;

    json_write(&out, v);
    text = arena_str(a, buf_str(&out));
    buf_free(&out);
    return text;
}

/* "/name trim, /name nfc" */
static str told(struct arena *a, const struct schema_cleaned *r)
{
    str text = STR("");

    for (size_t i = 0; i < r->change_count && i < SCHEMA_CHANGES_MAX; i++)
        text = arena_format(a, "%.*s%s%.*s %s", STR_ARG(text), i ? ", " : "",
                            STR_ARG(r->changes[i].where), r->changes[i].rule);
    for (size_t i = 0; i < r->problem_count; i++)
        text = arena_format(a, "%.*s%s%.*s %.*s", STR_ARG(text), text.len ? ", " : "",
                            STR_ARG(r->problems[i].where), STR_ARG(r->problems[i].why));
    return text;
}

static struct schema_cleaner *compile(struct arena *a, const char *schema,
                                      enum schema_source from, struct err *e)
{
    struct schema_cleaner *c = NULL;
    const struct json *source = parse(a, schema);
    uint32_t offset;

    if (!CHECK(source && schema_cleaner_compile(a, source, NULL, from, &c, &offset, e),
               "%s: %s", schema, e->what))
        return NULL;
    return c;
}

struct row {
    const char *schema, *given, *expected; /* NULL: the very same */
    const char *told;
};

static const struct row rows[] = {
    {"{\"x-clean\": \"trim\"}", "\" a \"", "\"a\"", " trim"},
    {"{\"x-clean\": \"trim\"}", "\"a\"", NULL, ""},
    {"{\"x-clean\": \"trim\"}", "7", NULL, ""},
    {"{\"properties\": {\"a\": {\"x-clean\": [\"trim\", \"lower\"]}}}",
     "{\"a\": \" X \", \"b\": \" X \"}", "{\"a\":\"x\",\"b\":\" X \"}", "/a trim, /a lower"},
    {"{\"properties\": {\"a/b~\": {\"x-clean\": \"trim\"}}}", "{\"a/b~\": \" X \"}",
     "{\"a/b~\":\"X\"}", "/a~1b~0 trim"},
    {"{\"patternProperties\": {\"^x\": {\"x-clean\": \"trim\"}}, \"additionalProperties\": "
     "{\"x-clean\": \"lower\"}}",
     "{\"x1\": \" A \", \"y\": \" A \"}", "{\"x1\":\"A\",\"y\":\" a \"}", "/x1 trim, /y lower"},
    {"{\"items\": {\"x-clean\": \"trim\"}}", "[\"a\", \" b\", 1]", "[\"a\",\"b\",1]",
     "/1 trim"},
    {"{\"prefixItems\": [{\"x-clean\": \"trim\"}], \"items\": {\"x-clean\": \"upper\"}}",
     "[\" a\", \" a\"]", "[\"a\",\" A\"]", "/0 trim, /1 upper"},
    {"{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"items\": [{\"x-clean\": \"trim\"}], \"additionalItems\": {\"x-clean\": \"upper\"}}",
     "[\" a\", \" a\"]", "[\"a\",\" A\"]", "/0 trim, /1 upper"},
    {"{\"$ref\": \"#/$defs/t\", \"$defs\": {\"t\": {\"x-clean\": \"trim\"}}}", "\" a\"",
     "\"a\"", " trim"},
    {"{\"$ref\": \"#t\", \"$defs\": {\"t\": {\"$anchor\": \"t\", \"x-clean\": \"trim\"}}}",
     "\" a\"", "\"a\"", " trim"},
    {"{\"properties\": {\"next\": {\"$ref\": \"#\"}, \"v\": {\"x-clean\": \"trim\"}}}",
     "{\"next\": {\"next\": {\"v\": \" a\"}}}", "{\"next\":{\"next\":{\"v\":\"a\"}}}",
     "/next/next/v trim"},
    {"{\"allOf\": [{\"x-clean\": \"trim\"}, {\"x-clean\": \"lower\"}]}", "\" A\"", "\"a\"",
     " trim, "
     " lower"},
    {"{\"allOf\": [{\"x-clean\": \"lower\"}, {\"x-clean\": \"upper\"}]}", "\"A\"", NULL,
     " lower,  upper,  lower,  upper,  lower,  upper,  lower,  upper,  lower,  upper,  does not "
     "come to rest"},
    {"{\"properties\": {\"f\": {\"x-clean\": {\"path\": \"up\"}}}}", "{\"f\": \"../x\"}", NULL,
     "/f is a path that leads upwards"},
    /* branches */
    {"{\"oneOf\": [{\"properties\": {\"k\": {\"const\": \"a\"}, \"v\": {\"x-clean\": \"upper\"}}}, "
     "{\"properties\": {\"k\": {\"const\": \"b\"}, \"v\": {\"x-clean\": \"lower\"}}}]}",
     "{\"k\": \"b\", \"v\": \"X\"}", "{\"k\":\"b\",\"v\":\"x\"}", "/v lower"},
    {"{\"anyOf\": [{\"pattern\": \"^x$\", \"x-clean\": \"trim\"}, {}]}", "\" x \"", "\"x\"",
     " trim"},
    {"{\"anyOf\": [{\"maxLength\": 1, \"x-clean\": \"trim\"}, {\"x-clean\": \"lower\"}]}",
     "\" AB\"", "\" ab\"", " lower"},
    {"{\"anyOf\": [{\"x-clean\": \"url\"}, {\"x-clean\": \"trim\"}]}", "\" x\"", "\"x\"",
     " trim"},
    {"{\"anyOf\": [{\"maxLength\": 1, \"x-clean\": \"trim\"}]}", "\" AB\"", NULL, ""},
    {"{\"anyOf\": [{\"maxLength\": 2, \"x-clean\": \"upper\"}, {\"x-clean\": \"trim\"}]}",
     "\" ab \"", "\"AB\"", " trim,  upper"},
    {"{\"allOf\": [{\"anyOf\": [{\"x-clean\": \"lower\"}]}, {\"anyOf\": [{\"x-clean\": "
     "\"upper\"}]}]}",
     "\"\"", NULL, ""},
    {"{\"x-clean\": \"trim\", \"if\": {\"maxLength\": 1}, \"then\": {\"x-clean\": \"upper\"}, "
     "\"else\": {\"x-clean\": \"lower\"}}",
     "\" a\"", "\"A\"", " trim,  upper"},
    {"{\"if\": {\"maxLength\": 1}, \"else\": {\"x-clean\": \"lower\"}}", "\"AB\"", "\"ab\"",
     " lower"},
    {"{\"if\": {\"maxLength\": 1}, \"else\": {\"x-clean\": \"lower\"}}", "\"A\"", NULL, ""},
    {"{\"properties\": {\"k\": {}}, \"oneOf\": [{\"properties\": {\"x\": {}}, \"required\": "
     "[\"x\"], \"x-unknown\": \"strip\"}, {\"properties\": {\"y\": {}}, \"required\": [\"y\"]}]}",
     "{\"k\": 1, \"x\": 2, \"z\": 3}", "{\"k\":1,\"x\":2}", "/z x-unknown"},
    {"{\"anyOf\": [{\"$ref\": \"#/$defs/t\"}], \"$defs\": {\"t\": {\"properties\": {\"n\": "
     "{\"$ref\": \"#/$defs/t\"}, \"v\": {\"x-clean\": \"trim\"}}}}}",
     "{\"n\": {\"n\": {\"v\": \" x\"}}}", "{\"n\":{\"n\":{\"v\":\"x\"}}}", "/n/n/v trim"},
    {"{\"$id\": \"https://example.com/a\", \"$schema\": "
     "\"http://json-schema.org/draft-07/schema#\", \"anyOf\": [{\"$ref\": \"#/definitions/t\"}], "
     "\"definitions\": {\"t\": {\"x-clean\": \"trim\"}}}",
     "\" x\"", "\"x\"", " trim"},
    /* unknown members */
    {"{\"properties\": {\"a\": {}}, \"x-unknown\": \"strip\"}",
     "{\"z\": 1, \"a\": 2, \"b\": 3}", "{\"a\":2}", "/z x-unknown, /b x-unknown"},
    {"{\"properties\": {\"a\": {}}, \"x-unknown\": \"strip\"}", "{\"a\": 2}", NULL, ""},
    {"{\"properties\": {\"a\": {}}, \"patternProperties\": {\"^x\": true}, \"x-unknown\": "
     "\"strip\", \"additionalProperties\": false}",
     "{\"a\": 1, \"x1\": 2, \"y\": 3}", "{\"a\":1,\"x1\":2}", "/y x-unknown"},
    {"{\"allOf\": [{\"properties\": {\"a\": {}}}, {\"properties\": {\"b\": {}}}], \"x-unknown\": "
     "\"strip\"}",
     "{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"a\":1,\"b\":2}", "/c x-unknown"},
    /* defaults */
    {"{\"properties\": {\"a\": {\"default\": 1}}}", "{}", NULL, ""},
    {"{\"x-defaults\": true, \"properties\": {\"b\": {\"default\": 1}, \"a\": {\"default\": {}, "
     "\"properties\": {\"c\": {\"default\": \"x\"}}}}}",
     "{}", "{\"b\":1,\"a\":{\"c\":\"x\"}}", "/b default, /a default, /a/c default"},
    {"{\"x-defaults\": true, \"properties\": {\"a\": {\"default\": 1}}}", "{\"a\": null}", NULL,
     ""},
    {"{\"x-defaults\": true, \"properties\": {\"a\": {\"default\": \" x\", \"x-clean\": "
     "\"trim\"}}}",
     "{}", "{\"a\":\"x\"}", "/a default, /a trim"},
    {"{\"x-defaults\": true, \"properties\": {\"a\": {\"default\": 1}}}", "[]", NULL, ""},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct schema_cleaned r, again;
        struct err e = {0};
        struct schema_cleaner *c = compile(a, rows[i].schema, SCHEMA_FROM_JSON, &e);
        const struct json *given = parse(a, rows[i].given);
        bool ok = schema_clean(c, a, given, &r);

        CHECK_STR(told(a, &r), rows[i].told, "%s tells what it did", rows[i].given);
        if (!rows[i].expected) {
            CHECK(r.value == given, "  and leaves what was given");
        } else if (CHECK(ok, "  and takes it")) {
            CHECK_STR(written(a, r.value), rows[i].expected, "  and makes it clean");
            CHECK(schema_clean(c, a, r.value, &again) && again.value == r.value &&
                      !again.change_count,
                  "  which it stays");
        }
        schema_cleaner_free(c);
    }
}

static void test_text(void)
{
    static const struct row text_rows[] = {
        {"{\"properties\": {\"n\": {\"type\": \"integer\"}, \"b\": {\"type\": \"boolean\"}, "
         "\"s\": {\"type\": \"string\"}}}",
         "{\"n\": \"12\", \"b\": \"true\", \"s\": \"12\", \"x\": \"12\"}",
         "{\"n\":12,\"b\":true,\"s\":\"12\",\"x\":\"12\"}", ""},
        {"{\"properties\": {\"n\": {\"type\": \"number\"}}}", "{\"n\": \"-1.5e3\"}",
         "{\"n\":-1.5e3}", ""},
        {"{\"properties\": {\"n\": {\"type\": \"number\"}}}", "{\"n\": \"012\"}", NULL, ""},
        {"{\"properties\": {\"b\": {\"type\": \"boolean\"}}}", "{\"b\": \"True\"}", NULL, ""},
        {"{\"properties\": {\"n\": {\"$ref\": \"#/$defs/n\"}}, \"$defs\": {\"n\": {\"type\": "
         "\"integer\"}}}",
         "{\"n\": \"12\"}", "{\"n\":12}", ""},
        {"{\"allOf\": [{\"properties\": {\"n\": {\"type\": \"integer\"}}}]}", "{\"n\": \"12\"}",
         "{\"n\":12}", ""},
        {"{\"additionalProperties\": {\"type\": \"integer\"}}", "{\"n\": \"12\"}", "{\"n\":12}",
         ""},
        {"{\"anyOf\": [{\"properties\": {\"n\": {\"type\": \"integer\"}}}]}", "{\"n\": \"12\"}",
         "{\"n\":12}", ""},
        {"{\"properties\": {\"n\": {\"type\": \"integer\"}}}", "[\"1\"]", NULL, ""},
        {"{\"properties\": {\"n\": {\"type\": \"number\"}}}", "{\"n\": \" 1\"}", NULL, ""},
        {"{\"properties\": {\"n\": {\"type\": \"number\"}}}", "{\"n\": \"0x1\"}", NULL, ""},
        {"{\"properties\": {\"n\": {\"type\": \"number\"}}}", "{\"n\": \"\"}", NULL, ""},
        {"{\"properties\": {\"n\": {\"type\": [\"number\", \"string\"]}}}", "{\"n\": \"1\"}",
         NULL, ""},
        {"{\"properties\": {\"n\": {\"type\": \"number\", \"x-clean\": \"trim\"}}}",
         "{\"n\": \" 1 \"}", "{\"n\":1}", "/n trim"},
        {"{\"properties\": {\"n\": {\"enum\": [1, 2]}}}", "{\"n\": \"2\"}", "{\"n\":2}", ""},
        {"{\"properties\": {\"n\": {\"allOf\": [{\"type\": [\"number\", \"string\"]}, {\"type\": "
         "[\"number\", \"boolean\"]}]}}}",
         "{\"n\": \"1\"}", "{\"n\":1}", ""},
        {"{\"properties\": {\"n\": {\"type\": \"array\", \"items\": {\"type\": \"integer\"}}}}",
         "{\"n\": [\"1\", \"x\"]}", "{\"n\":[1,\"x\"]}", ""},
    };

    for (size_t i = 0; i < COUNT(text_rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct schema_cleaned r;
        struct err e = {0};
        struct schema_cleaner *c = compile(a, text_rows[i].schema, SCHEMA_FROM_TEXT, &e);
        const struct json *given = parse(a, text_rows[i].given);

        CHECK(schema_clean(c, a, given, &r), "%s as text", text_rows[i].given);
        CHECK_STR(told(a, &r), text_rows[i].told, "  tells what was done");
        if (text_rows[i].expected)
            CHECK_STR(written(a, r.value), text_rows[i].expected,
                      "  becomes what it stands for");
        else
            CHECK(r.value == given, "  stays as it is");
        schema_cleaner_free(c);
    }
}

static void test_sharing(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};
    struct schema_cleaner *c =
        compile(a, "{\"properties\": {\"a\": {\"x-clean\": \"trim\"}}}", SCHEMA_FROM_JSON, &e);
    const struct json *given = parse(a, "{\"a\": \" x\", \"b\": {\"deep\": [1, 2]}}");
    struct schema_cleaned r;

    CHECK(schema_clean(c, a, given, &r) && r.value != given, "a change makes a new value");
    CHECK(json_get(r.value, STR("b"))->members == json_get(given, STR("b"))->members,
          "that shares what was not changed");
    CHECK_STR(written(a, given), "{\"a\":\" x\",\"b\":{\"deep\":[1,2]}}", "with the one given");
}

static void test_nothing_to_do(void)
{
    static const char *const schemas[] = {
        "true", "{}", "{\"properties\": {\"a\": {\"type\": \"string\", \"default\": \"x\"}}}",
        "{\"$defs\": {\"a\": {\"x-clean\": \"trim\"}}}"};

    for (size_t i = 0; i < COUNT(schemas); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct err e = {0};

        CHECK(!compile(a, schemas[i], SCHEMA_FROM_JSON, &e), "%s costs nothing", schemas[i]);
    }
}

#define BELOW                                                                                  \
    "put it under 'properties' or 'items', also of an allOf, anyOf, oneOf, then or else"

static void test_errors(void)
{
    static const struct {
        const char *schema, *what, *fix;
    } wrong[] = {
        {"{\"x-clean\": \"trimm\"}", "there is no cleaning rule 'trimm' (at /x-clean)",
         "did you mean 'trim'?"},
        {"{\"x-unknown\": \"keep\"}", "'x-unknown' is always 'strip' (at /x-unknown)",
         "to refuse unknown members write 'additionalProperties: false'"},
        {"{\"x-unknown\": \"strip\", \"additionalProperties\": true}",
         "'x-unknown' beside 'additionalProperties', which allows all (at /x-unknown)",
         "remove one of the two"},
        {"{\"properties\": {\"a\": {\"x-defaults\": true}}}",
         "'x-defaults' stands at the top of a schema and is 'true' (at "
         "/properties/a/x-defaults)",
         "without it no default is inserted"},
        {"{\"not\": {\"x-clean\": \"trim\"}}",
         "'x-clean' below 'not', where it can't be followed (at /not/x-clean)", BELOW},
        {"{\"if\": {\"x-clean\": \"trim\"}, \"then\": {}}",
         "'x-clean' below 'if', where it can't be followed (at /if/x-clean)", BELOW},
        {"{\"contains\": {\"$ref\": \"#/$defs/t\"}, \"$defs\": {\"t\": {\"x-clean\": "
         "\"trim\"}}}",
         "'x-clean' below 'contains', where it can't be followed (at /$defs/t/x-clean)", BELOW},
        {"{\"unevaluatedProperties\": {\"x-unknown\": \"strip\"}}",
         "'x-unknown' below 'unevaluatedProperties', where it can't be followed (at "
         "/unevaluatedProperties/x-unknown)",
         BELOW},
        {"{\"x-unknown\": \"strip\", \"allOf\": [{\"oneOf\": [{\"properties\": {\"a\": {}}}]}]}",
         "'x-unknown' can't tell which members 'oneOf' knows (at /allOf/0)", ""},
    };

    for (size_t i = 0; i < COUNT(wrong); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct schema_cleaner *c = NULL;
        struct err e = {0};
        uint32_t offset = 0;

        CHECK(!schema_cleaner_compile(a, parse(a, wrong[i].schema), NULL, SCHEMA_FROM_JSON, &c,
                                      &offset, &e) &&
                  offset < strlen(wrong[i].schema),
              "%s is refused", wrong[i].schema);
        CHECK_STR(str_of(e.what), wrong[i].what, "  saying why");
        CHECK_STR(str_of(e.fix), wrong[i].fix, "  and the way out");
    }
}

/* A default that asks for itself would never end. */
static void test_endless(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};
    struct schema_cleaner *c =
        compile(a,
                "{\"x-defaults\": true, \"properties\": {\"a\": {\"$ref\": \"#\", \"default\": "
                "{}}}}",
                SCHEMA_FROM_JSON, &e);
    struct schema_cleaned r;

    CHECK(!schema_clean(c, a, parse(a, "{}"), &r) && r.problem_count == 1,
          "defaults without end are refused");
}

/* Each level would be walked for each branch, and each of those below it again. */
static void test_many_branches(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)512 << 20);
    struct err e = {0};
    struct schema_cleaner *c = compile(
        a,
        "{\"$ref\": \"#/$defs/t\", \"$defs\": {\"t\": {\"anyOf\": [{\"properties\": {\"l\": "
        "{\"$ref\": \"#/$defs/t\"}}, \"required\": [\"no\"]}, {\"properties\": {\"l\": {\"$ref\": "
        "\"#/$defs/t\"}, \"v\": {\"x-clean\": \"trim\"}}}]}}}",
        SCHEMA_FROM_JSON, &e);
    struct buf text = {0};
    struct schema_cleaned r;

    for (unsigned i = 0; i < 60; i++)
        buf_addf(&text, "{\"v\": \" x\", \"l\": ");
    buf_addf(&text, "1");
    for (unsigned i = 0; i < 60; i++)
        buf_addc(&text, '}');
    buf_addc(&text, '\0');
    CHECK(!schema_clean(c, a, parse(a, text.at), &r), "branches of branches are refused");
    CHECK_STR(told(a, &r), " takes too long to clean", "saying why");
    buf_free(&text);
    schema_cleaner_free(c);
}

static void test_documents(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const struct schema_document other = {
        STR("https://example.com/t"),
        parse(a, "{\"oneOf\": [{\"$ref\": \"#/$defs/s\"}, {\"type\": \"null\"}], \"$defs\": "
                 "{\"s\": {\"type\": \"string\", \"x-clean\": \"trim\"}}}")};
    const struct schema_options o = {.documents = &other, .document_count = 1};
    struct schema_cleaner *c = NULL;
    struct schema_cleaned r;
    uint32_t offset;
    struct err e = {0};

    CHECK(schema_cleaner_compile(a,
                                 parse(a, "{\"items\": {\"$ref\": \"https://example.com/t\"}}"),
                                 &o, SCHEMA_FROM_JSON, &c, &offset, &e) &&
              c && schema_clean(c, a, parse(a, "[\" x\", null]"), &r),
          "rules in a bundled document are found: %s", e.what);
    CHECK_STR(written(a, r.value), "[\"x\",null]", "and applied");
    schema_cleaner_free(c);
}

/* What a dialect has no meaning for is no keyword there, whatever it looks like. */
static void test_dialects(void)
{
    static const char *const schemas[] = {
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$dynamicRef\": 7, "
        "\"prefixItems\": 1, \"x-clean\": \"trim\"}",
        "{\"$schema\": \"http://json-schema.org/draft-04/schema#\", \"if\": \"x\", \"then\": 1, "
        "\"propertyNames\": [], \"x-clean\": \"trim\"}",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$ref\": "
        "\"#/definitions/a\", \"properties\": 5, \"definitions\": {\"a\": {\"x-clean\": "
        "\"trim\"}}}",
    };

    for (size_t i = 0; i < COUNT(schemas); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        const struct schema_options o = {.lenient = true};
        const struct json *source = parse(a, schemas[i]);
        struct schema_cleaner *c = NULL;
        struct schema *s = NULL;
        struct schema_cleaned r;
        struct err e = {0};
        uint32_t offset;

        if (!schema_compile(a, source, &o, &s, &offset, &e))
            continue;
        CHECK(schema_cleaner_compile(a, source, &o, SCHEMA_FROM_JSON, &c, &offset, &e) && c &&
                  schema_clean(c, a, parse(a, "\" x\""), &r),
              "%s: %s", schemas[i], e.what);
        CHECK_STR(written(a, r.value), "\"x\"", "is cleaned by the keywords that it has");
        schema_cleaner_free(c);
        schema_free(s);
    }
}

static void test_many_changes(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};
    struct schema_cleaner *c =
        compile(a, "{\"items\": {\"x-clean\": \"trim\"}}", SCHEMA_FROM_JSON, &e);
    struct buf text = {0};
    struct schema_cleaned r;

    buf_addc(&text, '[');
    for (unsigned i = 0; i < 1000; i++)
        buf_addf(&text, "%s\" x\"", i ? "," : "");
    buf_add(&text, (str){"]", 2}); /* and a NUL */
    CHECK(schema_clean(c, a, parse(a, text.at), &r) && r.change_count == 1000,
          "all changes are counted");
    CHECK_STR(r.changes[SCHEMA_CHANGES_MAX - 1].where, "/15", "and the first are told");
    buf_free(&text);
}

int main(void)
{
    test_rows();
    test_text();
    test_sharing();
    test_nothing_to_do();
    test_errors();
    test_endless();
    test_many_branches();
    test_documents();
    test_dialects();
    test_many_changes();
    return tap_end();
}
