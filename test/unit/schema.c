#include "json/json.h"
#include "schema/schema.h"
#include "tap.h"

static const struct json_limits limits = {.bytes = 1 << 24, .depth = 1000, .nodes = 4000000};

static struct json *parse(struct arena *a, str text)
{
    struct err e = {0};
    struct json *v = NULL;

    if (!json_read(a, text, &limits, &v, &e))
        CHECK(false, "the test's JSON is right: %s: %.*s", e.what, STR_ARG(text));
    return v;
}

static void free_schema(struct schema **s)
{
    schema_free(*s);
}

static struct schema *compile(struct arena *a, const char *text)
{
    struct json *source = parse(a, str_of(text));
    struct schema *s = NULL;
    struct err e = {0};
    uint32_t offset;

    if (!source || !schema_compile(a, source, NULL, &s, &offset, &e))
        CHECK(false, "the test's schema is right: %s: %s", e.what, text);
    return s;
}

/* ---- mistakes in a schema ---- */

static void test_compile_errors(void)
{
    static const struct {
        const char *schema;
        unsigned column;
        const char *what, *fix;
    } rows[] = {
        {"{\"type\":\"strng\"}", 9, "'strng' is not a type (at /type)",
         "did you mean 'string'?"},
        {"{\"maxlength\":3}", 2, "'maxlength' is not a JSON Schema keyword (at /maxlength)",
         "did you mean 'maxLength'?"},
        {"{\"properties\":{\"a\":{\"colour\":1}}}", 21,
         "'colour' is not a JSON Schema keyword (at /properties/a/colour)",
         "remove it, or begin its name with 'x-' when it is a note"},
        {"{\"minItems\":-1}", 13,
         "'minItems' must be a whole number, zero or more (at /minItems)", ""},
        {"{\"required\":true}", 13, "'required' must be an array of strings (at /required)",
         "list the required names beside 'properties'"},
        {"{\"items\":[{}]}", 10,
         "'items' must be a schema: an object, true or false (at /items)",
         "an array of schemas is written prefixItems since 2020-12"},
        {"{\"exclusiveMinimum\":true}", 21,
         "'exclusiveMinimum' must be a number (at /exclusiveMinimum)",
         "write the bound itself here: since draft 6 this is a number"},
        {"{\"multipleOf\":0}", 15,
         "'multipleOf' must be a number above zero, of at most 18 digits (at /multipleOf)", ""},
        {"{\"allOf\":[]}", 10, "'allOf' must be an array of schemas, at least one (at /allOf)",
         ""},
        {"{\"$ref\":\"#/$defs/b\",\"$defs\":{\"a\":true}}", 9,
         "'#/$defs/b' refers to nothing: there is no 'b' (at /$ref)", "did you mean 'a'?"},
        {"{\"$ref\":\"#b\"}", 9, "there is no anchor 'b' (at /$ref)",
         "to refer to a definition write '#/$defs/b'"},
        {"{\"$ref\":\"other.json\"}", 9, "'other.json' refers to another schema (at /$ref)",
         "copy it below $defs and refer to it as '#/$defs/name'"},
        {"{\"$ref\":\"#\"}", 1, "this schema refers to itself without end",
         "let it refer to itself only for a member or an item"},
        {"{\"$defs\":{\"a\":{\"anyOf\":[{\"$ref\":\"#/$defs/b\"}]},\"b\":{\"not\":{\"$ref\":"
         "\"#/$defs/a\"}}}}",
         15, "this schema refers to itself without end (at /$defs/a)",
         "let it refer to itself only for a member or an item"},
        {"{\"extends\":{}}", 2, "'extends' is not enforced by this version (at /extends)",
         "write allOf"},
        {"{\"$dynamicRef\":\"#\"}", 1, "this schema refers to itself without end",
         "let it refer to itself only for a member or an item"},
        {"{\"additionalItems\":false}", 2,
         "'additionalItems' means nothing in the draft that $schema names (at /additionalItems)",
         "write what took its place in that draft"},
        {"{\"id\":\"a\"}", 2, "'id' means nothing in the draft that $schema names (at /id)",
         "write '$id'"},
        {"{\"nullable\":true}", 2, "'nullable' is not a JSON Schema keyword (at /nullable)",
         "remove it, or begin its name with 'x-' when it is a note"},
        {"{\"format\":\"mail\"}", 11, "'mail' is not a format that can be checked (at /format)",
         "remove it, or write a 'pattern'"},
        {"{\"$schema\":\"http://example.com/mine\"}", 12,
         "$schema names a dialect that fnward does not know (at /$schema)",
         "write \"https://json-schema.org/draft/2020-12/schema\""},
        {"{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"prefixItems\":[true]}", 54,
         "'prefixItems' means nothing in the draft that $schema names (at /prefixItems)",
         "write \"$schema\": \"https://json-schema.org/draft/2020-12/schema\""},
        {"{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$ref\":\"#/$defs/a\","
         "\"minimum\":1,\"$defs\":{\"a\":true}}",
         61, "'minimum' beside '$ref' is ignored in the draft that $schema names (at /$ref)",
         "remove it, or put the $ref inside an allOf"},
        {"{\"properties\":{\"a\":{\"$id\":\"b#c\"}}}", 27,
         "'$id' with a fragment names nothing (at /properties/a/$id)",
         "remove the part from '#' on, and write '$anchor' for it"},
        {"{\"pattern\":\"(a\"}", 12,
         "the pattern '(a' is wrong: '(' without its ')', at character 3 (at /pattern)", ""},
        {"{\"patternProperties\":{\"[\":{}}}", 27,
         "the pattern '[' is wrong: '[' without its ']', at character 2 "
         "(at /patternProperties/[)",
         ""},
        {"7", 1, "a schema is an object, true or false", ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct err e = {0};
        struct schema *s = NULL;
        uint32_t offset = UINT32_MAX;
        bool ok = schema_compile(a, parse(a, str_of(rows[i].schema)), NULL, &s, &offset, &e);

        CHECK(!ok && !s && offset + 1 == rows[i].column, "%s: at column %u", rows[i].what,
              offset + 1);
        CHECK_STR(str_of(e.what), rows[i].what, "%s: the words", rows[i].what);
        CHECK_STR(str_of(e.fix), rows[i].fix, "%s: the fix", rows[i].what);
    }
}

static void test_annotations(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(free_schema)
    struct schema *s = compile(
        a, "{\"title\":\"t\",\"description\":\"d\",\"default\":1,\"examples\":[2],"
           "\"deprecated\":true,\"readOnly\":true,\"writeOnly\":false,\"$comment\":\"c\","
           "\"contentEncoding\":\"base64\",\"x-note\":{\"type\":\"nothing\"}}");

    CHECK(s && schema_valid(s, parse(a, STR("\"no address\""))), "annotations assert nothing");
}

/* ---- what is wrong with a value ---- */

static void write_problems(struct buf *out, const struct schema *s, const struct json *v)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct schema_problem list[10];
    size_t n = schema_problems(s, v, a, list, COUNT(list));

    for (size_t i = 0; i < n; i++)
        buf_addf(out, "%s%.*s: %s %.*s", i ? "; " : "", STR_ARG(list[i].where), list[i].keyword,
                 STR_ARG(list[i].why));
}

static void test_problems(void)
{
    static const struct {
        const char *schema, *value, *problems;
    } rows[] = {
        {"{\"type\":\"string\"}", "1", ": type must be a string"},
        {"{\"type\":[\"integer\",\"null\"]}", "1.5", ": type must be a whole number or null"},
        {"{\"maxLength\":20}", "\"123456789012345678901\"",
         ": maxLength is longer than 20 characters"},
        {"{\"minLength\":1}", "\"\"", ": minLength is shorter than 1 character"},
        {"{\"maximum\":5,\"multipleOf\":2}", "7",
         ": maximum is greater than 5; : multipleOf is not a multiple of 2"},
        {"{\"minimum\":1e2}", "7", ": minimum is less than 1e2"},
        {"{\"exclusiveMinimum\":7}", "7", ": exclusiveMinimum is not greater than 7"},
        {"{\"exclusiveMaximum\":7}", "7", ": exclusiveMaximum is not less than 7"},
        {"{\"enum\":[1,2]}", "3", ": enum is not one of the allowed values"},
        {"{\"const\":1}", "3", ": const is not the one allowed value"},
        {"{\"pattern\":\"^a\"}", "\"b\"", ": pattern does not have the required form"},
        {"{\"uniqueItems\":true}", "[1,1.0]", ": uniqueItems has two equal items"},
        {"{\"minItems\":1}", "[]", ": minItems has fewer than 1 item"},
        {"{\"maxProperties\":1}", "{\"a\":1,\"b\":2}",
         ": maxProperties has more than 1 member"},
        {"{\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"items\":{\"maximum\":1}}},"
         "\"required\":[\"c\"]}",
         "{\"b\":[0,2],\"a\":1}",
         ": required lacks the member 'c'; /b/1: maximum is greater than 1; "
         "/a: type must be a string"},
        {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"q~/\":1}",
         "/q~0~1: additionalProperties is not a known member"},
        {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}",
         "/ab: propertyNames has a name that is not allowed"},
        {"{\"patternProperties\":{\"^n\":{\"type\":\"number\"}}}", "{\"n1\":\"x\"}",
         "/n1: type must be a number"},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}",
         ": dependentRequired lacks the member 'b', which 'a' needs"},
        {"{\"dependentSchemas\":{\"a\":{\"maxProperties\":1}}}", "{\"a\":1,\"b\":2}",
         ": maxProperties has more than 1 member"},
        {"{\"prefixItems\":[{}],\"items\":false}", "[1,2,3]",
         "/1: items is more than the 1 allowed"},
        {"{\"contains\":{\"type\":\"null\"}}", "[1]",
         ": contains has too few items of the required form"},
        {"{\"contains\":{\"type\":\"null\"},\"maxContains\":1}", "[null,null]",
         ": maxContains has too many items of one form"},
        {"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"allOf\":[{\"minimum\":1}]}}}", "0",
         ": minimum is less than 1"},
        {"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\",\"minimum\":5}]}", "1",
         ": minimum is less than 5"},
        {"{\"anyOf\":[{\"minimum\":9},{\"minimum\":5}]}", "1",
         ": anyOf has none of the 2 allowed forms"},
        {"{\"oneOf\":[true,{\"minimum\":1}]}", "1",
         ": oneOf has more than one of the allowed forms"},
        {"{\"not\":{\"type\":\"number\"}}", "1", ": not has a form that is not allowed"},
        {"{\"if\":{\"minimum\":5},\"then\":{\"maximum\":7},\"else\":{\"multipleOf\":2}}", "9",
         ": maximum is greater than 7"},
        {"{\"if\":{\"minimum\":5},\"then\":{\"maximum\":7},\"else\":{\"multipleOf\":2}}", "3",
         ": multipleOf is not a multiple of 2"},
        {"{\"properties\":{\"a\":false}}", "{\"a\":1}", "/a: false is not allowed"},
        {"{\"required\":[\"a\"],\"additionalProperties\":{\"type\":\"null\"}}", "{\"a\":1}",
         "/a: type must be null"},
        {"{\"required\":[\"a\"],\"additionalProperties\":false}", "{\"a\":1}",
         "/a: additionalProperties is not a known member"},
        {"{\"required\":[\"a\",\"x\"],\"additionalProperties\":false,"
         "\"patternProperties\":{\"^x\":true}}",
         "{\"a\":1,\"x\":1}", "/a: additionalProperties is not a known member"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(free_schema) struct schema *s = compile(a, rows[i].schema);
        CLEANUP(buf_free) struct buf b = {0};
        struct json *v = parse(a, str_of(rows[i].value));

        CHECK(!schema_valid(s, v), "%s refuses %s", rows[i].schema, rows[i].value);
        write_problems(&b, s, v);
        CHECK_STR(buf_str(&b), rows[i].problems, "%s says why", rows[i].schema);
    }
}

static void test_problem_limits(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0), *full = arena_new(4096);
    CLEANUP(free_schema) struct schema *s = compile(a, "{\"items\":{\"type\":\"null\"}}");
    struct json *v = parse(a, STR("[1,2,3,4,5,6,7,8,9]"));
    struct schema_problem list[3];

    CHECK(schema_problems(s, v, a, list, 3) == 3, "as many problems as asked for");
    CHECK_STR(list[2].where, "/2", "from the front");
    CHECK(schema_problems(s, v, a, list, 0) == 0, "or none");
    while (arena_alloc(full, 64))
        ;
    CHECK(schema_problems(s, v, full, list, 3) == 0, "and none without memory");
}

/* ---- numbers ---- */

static void test_numbers(void)
{
    static const struct {
        const char *schema, *value;
        bool valid;
    } rows[] = {
        {"{\"multipleOf\":0.01}", "19.99", true},
        {"{\"multipleOf\":0.01}", "19.999", false},
        {"{\"multipleOf\":3}", "1e400", false},
        {"{\"multipleOf\":5}", "1e400", true},
        {"{\"multipleOf\":5}", "1e9999999", true},
        {"{\"multipleOf\":1e-400}", "1", true},
        {"{\"multipleOf\":7}", "-21.0", true},
        {"{\"multipleOf\":999999999999999989}", "999999999999999989e1", true},
        {"{\"multipleOf\":999999999999999989}", "999999999999999988e1", false},
        {"{\"maximum\":5}", "1e400", false},
        {"{\"maximum\":1e400}", "9.99e399", true},
        {"{\"minimum\":-1e9999999}", "-1e9999998", true},
        {"{\"minimum\":0.1}", "0.1000000000000000000000000000000001", true},
        {"{\"maximum\":0.1}", "0.1000000000000000000000000000000001", false},
        {"{\"maximum\":9007199254740993}", "9007199254740993", true},
        {"{\"maximum\":9007199254740992}", "9007199254740993", false},
        {"{\"exclusiveMaximum\":0}", "-0", false},
        {"{\"minimum\":0,\"maximum\":1}", "0.35", true},
        {"{\"minimum\":0,\"maximum\":1}", "1.0", true},
        {"{\"minimum\":0,\"maximum\":1}", "1.01", false},
        {"{\"minimum\":0,\"maximum\":1}", "-0.01", false},
        {"{\"minimum\":0,\"maximum\":1}", "-0.00", true},
        {"{\"minimum\":-3}", "-3.5", false},
        {"{\"minimum\":-4}", "-3.5", true},
        {"{\"exclusiveMinimum\":-3}", "-2.5", true},
        {"{\"maximum\":3}", "35e-1", false},
        {"{\"maximum\":4}", "3.5e0", true},
        {"{\"exclusiveMaximum\":0}", "-0.0001e-5000", true},
        {"{\"minimum\":0}", "-0e99999999999999999999999", true},
        {"{\"const\":100}", "1.00e2", true},
        {"{\"const\":0}", "-0.0", true},
        {"{\"const\":18446744073709551616}", "18446744073709551617", false},
        {"{\"type\":\"integer\"}", "1.0", true},
        {"{\"type\":\"integer\"}", "1e400", true},
        {"{\"type\":\"integer\"}", "1.5e1", true},
        {"{\"type\":\"integer\"}", "15e-1", false},
        {"{\"type\":[\"integer\",\"number\"]}", "1.5", true},
        /* Past what can be judged: refused on both sides. */
        {"{\"minimum\":5}", "1e99999999999999999999", false},
        {"{\"not\":{\"minimum\":5}}", "1e99999999999999999999", false},
        {"{\"maxLength\":1e30}", "\"a\"", true},
        {"{\"minLength\":1e30}", "\"a\"", false},
        {"{\"maxLength\":2.0}", "\"abc\"", false},
        {"{\"maxLength\":0.2e1}", "\"ab\"", true},
        {"{\"maxLength\":2}", "\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\"", true},
        {"{\"minLength\":3}", "\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\"", false},
        {"{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"type\":\"integer\"}",
         "1.0", false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(free_schema) struct schema *s = compile(a, rows[i].schema);

        CHECK(s && schema_valid(s, parse(a, str_of(rows[i].value))) == rows[i].valid,
              "%s %s %s", rows[i].schema, rows[i].valid ? "accepts" : "refuses", rows[i].value);
    }
}

int main(void)
{
    test_compile_errors();
    test_annotations();
    test_problems();
    test_problem_limits();
    test_numbers();
    return tap_end();
}
