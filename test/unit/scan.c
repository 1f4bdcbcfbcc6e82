/*
 * scan: the rules for schemas. Each rule's page shows what it reports; what is called
 * impossible is held against every schema of the official suite that some value satisfies.
 */
#include "scan/scan.h"
#include "schema/schema.h"
#include "tap.h"

#include <dirent.h>

static const struct json_limits limits = {64 << 20, 200, 4 << 20, .repeats = true};

static struct findings lint(struct arena *a, str text, unsigned draft)
{
    struct findings f = findings_new(a, FINDINGS_MAX);
    struct scanned_schema s = {
        .file = "s.json", .text = text, .draft = draft, .is_event = true};
    struct json *root;
    struct err e = {0};

    if (!CHECK(json_read(a, text, &limits, &root, &e), "a schema is JSON: %s", e.what))
        return f;
    s.root = root;
    scan_schema(&s, &f);
    return f;
}

static bool has(const struct findings *f, const char *rule)
{
    for (const struct finding *i = f->first; i; i = i->next)
        if (strcmp(i->rule->id, rule) == 0)
            return true;
    return false;
}

/* "rule at /where, ..." of what is medium or more. */
static str listed(struct arena *a, const struct findings *f)
{
    CLEANUP(buf_free) struct buf b = {0};

    for (const struct finding *i = f->first; i; i = i->next)
        if (i->severity >= SEVERITY_MEDIUM)
            buf_addf(&b, "%s%s %.*s", b.len ? ", " : "", i->rule->id + strlen("schema-"),
                     STR_ARG(i->where));
    return arena_str(a, buf_str(&b));
}

/* ---- the pages ---- */

static str block_after(str *rest)
{
    static const str open = STR_INIT("```json\n"), close = STR_INIT("```\n");
    size_t from = str_find_str(*rest, open) + open.len, to;
    str block = str_sub(*rest, from, rest->len);

    to = str_find_str(block, close);
    *rest = str_sub(block, to + close.len, block.len);
    return str_sub(block, 0, to);
}

static void test_page(const struct rule *r)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str path = arena_format(a, "%s/docs/rules/%s.md", getenv("FNWARD_SOURCE"), r->id), page;
    str head =
        arena_format(a, "# %s\n\n`%s` · severity %s · confidence %s · CWE-%u\n", r->title,
                     r->id, severity_name(r->severity), confidence_name(r->confidence), r->cwe);
    struct findings bad, good;
    struct err e = {0};

    if (!CHECK(file_read(a, path.at, 1 << 16, &page, &e), "%s has a page: %s", r->id, e.what))
        return;
    CHECK(str_starts(page, head), "%s: the page says of the rule what the table says", r->id);
    bad = lint(a, block_after(&page), 2020);
    good = lint(a, block_after(&page), 2020);
    CHECK(has(&bad, r->id), "%s: the first example is reported", r->id);
    CHECK(good.count == 0, "%s: the second example is not, nor for anything else: %s", r->id,
          good.first ? good.first->rule->id : "");
}

static void test_pages(void)
{
    for (const struct rule *r = scan_schema_rules; r->id; r++)
        test_page(r);
}

/* ---- what is proven, and what is not ---- */

static const struct {
    const char *schema, *expected;
    unsigned draft;
} rows[] = {
    {"{\"type\":[\"string\",\"null\"],\"minLength\":3,\"maxLength\":2}", "contradiction ",
     2020},
    {"{\"exclusiveMinimum\":3,\"maximum\":3,\"type\":\"number\"}", "unsatisfiable ", 2020},
    {"{\"minimum\":3,\"maximum\":3,\"type\":\"number\"}", "", 2020},
    {"{\"minimum\":3,\"exclusiveMinimum\":true,\"maximum\":3,\"type\":\"number\"}",
     "unsatisfiable ", 4},
    {"{\"minimum\":0.1,\"maximum\":0.9,\"type\":\"integer\"}", "unsatisfiable ", 2020},
    {"{\"minimum\":0.1,\"maximum\":1,\"type\":\"integer\"}", "", 2020},
    {"{\"exclusiveMinimum\":0,\"exclusiveMaximum\":1,\"type\":\"integer\"}", "unsatisfiable ",
     2020},
    {"{\"minimum\":1,\"maximum\":4,\"multipleOf\":5,\"type\":\"number\"}", "unsatisfiable ",
     2020},
    {"{\"minimum\":-1,\"maximum\":4,\"multipleOf\":5,\"type\":\"number\"}", "", 2020},
    {"{\"exclusiveMinimum\":0,\"maximum\":5,\"multipleOf\":5,\"type\":\"number\"}", "", 2020},
    {"{\"exclusiveMinimum\":0,\"exclusiveMaximum\":5,\"multipleOf\":5,\"type\":\"number\"}",
     "unsatisfiable ", 2020},
    {"{\"minimum\":0.99999999999999999999,\"maximum\":1,\"type\":\"integer\"}", "", 2020},
    {"{\"minimum\":1.00000000000000000001,\"maximum\":1.5,\"type\":\"integer\"}", "", 2020},
    {"{\"minimum\":1e400,\"maximum\":1e401,\"type\":\"number\"}", "", 2020},
    {"{\"type\":\"integer\",\"enum\":[\"a\"]}", "impossible-value ", 2020},
    {"{\"type\":\"integer\",\"enum\":[1.0]}", "", 2020},
    {"{\"type\":\"integer\",\"const\":\"a\"}", "impossible-value ", 2020},
    {"{\"type\":\"integer\",\"const\":\"a\"}", "", 4},
    {"{\"enum\":[\"a\",\"bb\"],\"maxLength\":1}", "impossible-value ", 2020},
    {"{\"enum\":[\"\xf0\x9f\x98\x80\"],\"maxLength\":1}", "", 2020},
    {"{\"enum\":[\"b\"],\"pattern\":\"^a$\"}", "impossible-value ", 2020},
    {"{\"enum\":[{\"a\":1}],\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":1}},"
     "\"additionalProperties\":false}",
     "impossible-value ", 2020},
    {"{\"not\":{\"type\":\"string\"},\"type\":\"string\",\"maxLength\":3}", "unsatisfiable ",
     2020},
    {"{\"not\":{\"type\":\"strin\"},\"type\":\"string\",\"maxLength\":3}", "", 2020},
    {"{\"not\":{\"type\":\"string\",\"maxLength\":3},\"type\":\"string\",\"maxLength\":3}", "",
     2020},
    {"{\"not\":{}}", "", 2020},
    {"{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":false},"
     "\"additionalProperties\":false}",
     "unsatisfiable ", 2020},
    {"{\"type\":\"object\",\"properties\":{\"a\":false},\"additionalProperties\":false}", "",
     2020},
    {"{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false,"
     "\"patternProperties\":{\"^a$\":{\"type\":\"boolean\"}}}",
     "", 2020},
    {"{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false}",
     "contradiction ", 2020},
    {"{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"maxProperties\":1,"
     "\"additionalProperties\":{\"type\":\"boolean\"}}",
     "unsatisfiable ", 2020},
    {"{\"allOf\":[{\"required\":[\"a\"],\"type\":\"object\"},{\"properties\":{},"
     "\"additionalProperties\":false}]}",
     "unsatisfiable ", 2020},
    {"{\"type\":\"array\",\"minItems\":2,\"prefixItems\":[{\"type\":\"boolean\"}],\"items\":false,"
     "\"maxItems\":2}",
     "unsatisfiable ", 2020},
    {"{\"type\":\"array\",\"minItems\":1,\"prefixItems\":[{\"type\":\"boolean\"}],\"items\":false}",
     "", 2020},
    {"{\"type\":\"array\",\"minItems\":2,\"items\":[{\"type\":\"boolean\"}],"
     "\"additionalItems\":false}",
     "unsatisfiable ", 7},
    {"{\"type\":\"array\",\"maxItems\":1,\"contains\":{\"allOf\":[{\"type\":\"null\"},"
     "{\"type\":\"boolean\"}]}}",
     "unsatisfiable /contains", 2020},
    {"{\"type\":\"array\",\"maxItems\":1,\"contains\":false,\"minContains\":0}", "", 2020},
    {"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":"
     "\"#/$defs/a\"}}}",
     "", 2020},
    {"{\"allOf\":[{\"$ref\":\"#/$defs/a\"},{\"type\":\"null\"}],\"$defs\":{\"a\":{\"type\":"
     "\"boolean\"}}}",
     "unsatisfiable ", 2020},
    {"{\"allOf\":[{\"$ref\":\"other.json\"},{\"type\":\"null\"}]}", "", 2020},
    {"{\"allOf\":[{\"$ref\":\"#/$defs/a\"},{\"type\":\"null\"}],\"$defs\":{\"a\":{\"$id\":\"x\","
     "\"type\":\"boolean\"}}}",
     "", 2020},
    {"{\"$ref\":\"#/definitions/a\",\"type\":\"null\",\"definitions\":{\"a\":{\"type\":"
     "\"boolean\"}}}",
     "ref-siblings ", 7},
    {"{\"$ref\":\"#/$defs/a\",\"type\":\"null\",\"$defs\":{\"a\":{\"type\":\"boolean\"}}}",
     "unsatisfiable ", 2020},
    {"{\"type\":\"boolean\",\"anyOf\":[{\"type\":\"null\"},{\"type\":\"array\",\"maxItems\":1}]}",
     "dead-branch , dead-branch , unsatisfiable ", 2020},
    {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"boolean\"}],\"oneOf\":[{\"const\":3},"
     "{\"const\":null}]}",
     "dead-branch , dead-branch ", 2020},
    {"{\"anyOf\":[{\"type\":\"null\"},false]}", "", 2020},
    {"{\"oneOf\":[{\"type\":\"null\"},{\"type\":\"null\"}]}",
     "dead-branch , overlapping-branches ", 2020},
    {"{\"type\":\"string\",\"maxLength\":3,\"oneOf\":[{\"type\":[\"string\",\"null\"]},"
     "{\"type\":[\"null\",\"boolean\"]}]}",
     "dead-branch ", 2020},
    {"{\"oneOf\":[{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false,"
     "\"properties\":{\"a\":{\"const\":1}}},{\"type\":\"object\",\"required\":[\"a\"],"
     "\"additionalProperties\":false,\"properties\":{\"a\":{\"const\":2}}}]}",
     "", 2020},
    {"{\"properties\":{\"type\":{\"type\":\"boolean\"},\"minimum\":{\"const\":5},\"maximum\":"
     "{\"const\":1}},\"additionalProperties\":false}",
     "", 2020},
    {"{\"examples\":[{\"minimum\":5,\"maximum\":1}],\"type\":\"boolean\"}", "", 2020},
    {"{\"if\":{\"type\":\"string\"},\"then\":{\"maxLength\":3},\"type\":\"string\","
     "\"maxLength\":9}",
     "", 2020},
    {"{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#\"},\"minProperties\":1}", "",
     2020},
    {"{\"type\":\"object\",\"required\":[\"next\"],\"properties\":{\"next\":{\"$ref\":\"#\"}},"
     "\"additionalProperties\":false}",
     "", 2020},
    {"{\"type\":\"string\",\"maxLength\":5,\"requird\":3}", "keyword-misspelt ", 2020},
    {"{\"type\":\"string\",\"maxLength\":5,\"x-minLenght\":3,\"hint\":1,\"tsType\":\"T\"}", "",
     2020},
    {"{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"null\"}}}],"
     "\"unevaluatedProperties\":false}",
     "", 2020},
    {"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"null\"}},\"x-unknown\":\"strip\"}",
     "", 2020},
    {"{\"properties\":{\"a\":{\"oneOf\":[{\"type\":\"object\",\"required\":[\"x\"],"
     "\"properties\":{\"x\":{\"type\":\"null\"}}},{\"type\":\"null\"}]}},"
     "\"additionalProperties\":false}",
     "open-object /properties/a/oneOf/0", 2020},
    {"{\"type\":\"string\",\"pattern\":\"^(?=.*[0-9]).{8,64}$\"}", "", 2020},
    {"{\"type\":\"string\",\"pattern\":\"^a|b$\",\"maxLength\":3}", "pattern-unanchored ",
     2020},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct findings f = lint(a, str_of(rows[i].schema), rows[i].draft);

        CHECK_STR(listed(a, &f), rows[i].expected, "draft %u: %s", rows[i].draft,
                  rows[i].schema);
    }
}

/* ---- soundness, by what others wrote ---- */

static const struct {
    const char *directory;
    unsigned draft;
} drafts[] = {{"draft4", 4},
              {"draft6", 6},
              {"draft7", 7},
              {"draft2019-09", 2019},
              {"draft2020-12", 2020}};

static bool is_satisfied(const struct json *group)
{
    const struct json *tests = json_get(group, STR("tests"));

    for (uint32_t i = 0; i < tests->count; i++)
        if (json_get(&tests->items[i], STR("valid"))->kind == JSON_TRUE)
            return true;
    return false;
}

static bool is_called_impossible(const struct findings *f)
{
    for (const struct finding *i = f->first; i; i = i->next)
        if (strcmp(i->rule->id, "schema-unsatisfiable") == 0 && !i->where.len)
            return true;
    return false;
}

static void test_suite_file(const char *path, unsigned draft, unsigned counts[2])
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *groups;
    struct err e = {0};
    str text;

    if (!CHECK(file_read(a, path, limits.bytes, &text, &e) &&
                   json_read(a, text, &limits, &groups, &e),
               "%s is read", path_base(str_of(path)).at))
        return;
    for (uint32_t i = 0; i < groups->count; i++) {
        struct findings f = findings_new(a, FINDINGS_MAX);
        struct scanned_schema s = {.root = json_get(&groups->items[i], STR("schema")),
                                   .file = path,
                                   .text = text,
                                   .draft = draft,
                                   .is_event = true};
        bool satisfied = is_satisfied(&groups->items[i]);

        scan_schema(&s, &f);
        counts[satisfied]++;
        if (satisfied && is_called_impossible(&f))
            CHECK(false, "%s: '%.*s' is satisfied by a value, not impossible: %.*s", path,
                  STR_ARG(json_get_str(&groups->items[i], STR("description"))),
                  STR_ARG(f.first->message));
    }
}

static void test_suite(void)
{
    unsigned counts[2] = {0};

    if (!tap_suites()) {
        tap_skip("FNWARD_SUITES does not name the test data");
        return;
    }
    for (size_t i = 0; i < COUNT(drafts); i++) {
        char directory[400], path[800];
        struct dirent *f;
        DIR *d;

        snprintf(directory, sizeof(directory), "%s/json-schema/tests/%s", tap_suites(),
                 drafts[i].directory);
        d = opendir(directory);
        while (d && (f = readdir(d))) {
            snprintf(path, sizeof(path), "%s/%s", directory, f->d_name);
            if (str_ends(str_of(path), STR(".json")))
                test_suite_file(path, drafts[i].draft, counts);
        }
        if (d)
            closedir(d);
    }
    CHECK(counts[1] > 1300, "%u schemas that a value satisfies are not called impossible",
          counts[1]);
}

/* Schemas that are in use: what is certain to be wrong is rare there, and looked at by hand. */
static void test_real_schemas(void)
{
    static const char *const names[] = {"aws-cdk",
                                        "clang-format",
                                        "code-climate",
                                        "cspell",
                                        "deno",
                                        "fabric-mod",
                                        "helm-chart-lock",
                                        "jasmine",
                                        "jshintrc",
                                        "lazygit",
                                        "nest-cli",
                                        "pre-commit-hooks",
                                        "semantic-release",
                                        "stylecop",
                                        "ui5",
                                        "unreal-engine-uproject",
                                        "yamllint"};

    if (!tap_suites())
        return;
    for (size_t i = 0; i < COUNT(names); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        str path =
            arena_format(a, "%s/json-schema-bench/%s/schema.json", tap_suites(), names[i]);
        struct findings f;
        struct err e = {0};
        size_t high = 0;
        str text;

        if (!CHECK(file_read(a, path.at, limits.bytes, &text, &e), "%s is read", names[i]))
            continue;
        f = lint(a, text, 7);
        for (const struct finding *j = f.first; j; j = j->next)
            high += j->severity >= SEVERITY_HIGH;
        CHECK(high == 0, "%s: nothing is called impossible: %.*s", names[i],
              STR_ARG(high ? listed(a, &f) : STR("")));
    }
}

/* ---- SARIF ---- */

static str sarif_of(struct arena *a, const char *text)
{
    static const struct sarif_tool tool = {"fnward", "1.2.3", "fnward/check/"};
    CLEANUP(buf_free) struct buf b = {0};
    struct findings f = lint(a, str_of(text), 2020);

    CHECK(findings_sort(&f), "findings are sorted");
    scan_sarif(&b, &tool, &f);
    return arena_str(a, buf_str(&b));
}

static str print_of(const struct json *log, uint32_t i)
{
    const struct json *run = &json_get(log, STR("runs"))->items[0];
    const struct json *result = &json_get(run, STR("results"))->items[i];

    return json_get_str(json_get(result, STR("partialFingerprints")), STR("fnward/v1"));
}

/* The shape that GitHub's code scanning asks for, as a schema of our own. */
static void test_sarif_shape(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str path = arena_format(a, "%s/test/unit/scan/sarif.schema.json", getenv("FNWARD_SOURCE"));
    struct json *source, *log;
    struct schema_problem p;
    struct schema *s;
    struct err e = {0};
    uint32_t offset;
    str text;

    if (!CHECK(file_read(a, path.at, 1 << 20, &text, &e) &&
                   json_read(a, text, &limits, &source, &e) &&
                   schema_compile(a, source, NULL, &s, &offset, &e),
               "the schema of SARIF is read: %s", e.what))
        return;
    text = sarif_of(
        a, "{\"type\":\"string\",\"maxLenght\":3,\n\"x-\xc3\xa4\":1,\"allOf\":[{\"type\":"
           "\"null\"}],\"pattern\":\"\xf0\x9f\x98\x80\"}");
    if (CHECK(json_read(a, text, &limits, &log, &e), "the log is JSON: %s", e.what))
        CHECK(schema_valid(s, log), "the log is SARIF as GitHub takes it: %.*s",
              STR_ARG(schema_problems(s, log, a, &p, 1)
                          ? arena_format(a, "%.*s %.*s", STR_ARG(p.where), STR_ARG(p.why))
                          : STR("")));
    schema_free(s);
}

static void test_fingerprints(void)
{
    static const char before[] =
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"string\",\"minLength\":1}]}";
    static const char after[] =
        "{\n\n \"anyOf\":[{\"type\":\"string\"},\n{\"type\":\"string\",\"minLength\":1}]}";
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *one, *two;
    struct err e = {0};

    if (!CHECK(json_read(a, sarif_of(a, before), &limits, &one, &e) &&
                   json_read(a, sarif_of(a, after), &limits, &two, &e),
               "both logs are read"))
        return;
    CHECK(print_of(one, 0).len == 32 && !str_equal(print_of(one, 0), print_of(one, 1)),
          "two findings have two fingerprints");
    CHECK(str_equal(print_of(one, 0), print_of(two, 0)) &&
              str_equal(print_of(one, 1), print_of(two, 1)),
          "a fingerprint stays when lines move");
}

static void test_limits(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct findings f = findings_new(a, 2);
    struct place at = {.file = "f", .line = 1, .column = 1};

    finding_add(&f, &scan_schema_rules[0], at, "one");
    finding_add(&f, &scan_schema_rules[0], at, "one");
    finding_add(&f, &scan_schema_rules[0], at, "three");
    CHECK(f.count == 2 && f.dropped == 1, "past the maximum findings are counted only");
    CHECK(findings_sort(&f) && f.count == 1, "what is found twice is kept once");
}

int main(void)
{
    test_pages();
    test_rows();
    test_suite();
    test_real_schemas();
    test_sarif_shape();
    test_fingerprints();
    test_limits();
    return tap_end();
}
