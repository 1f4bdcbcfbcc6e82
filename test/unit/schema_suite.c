/* The official JSON Schema test suite, draft 2020-12, as far as this version goes. */
#include "json/json.h"
#include "schema/schema.h"
#include "tap.h"

#include <dirent.h>

static const struct json_limits limits = {.bytes = 1 << 24, .depth = 200, .nodes = 1000000};

static const char *const covered[] = {
    "additionalProperties",
    "allOf",
    "anchor",
    "anyOf",
    "boolean_schema",
    "const",
    "contains",
    "content",
    "default",
    "defs",
    "dependentRequired",
    "dependentSchemas",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if-then-else",
    "infinite-loop-detection",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "ref",
    "required",
    "type",
    "uniqueItems",
    "optional/bignum",
    "optional/ecmascript-regex",
    "optional/float-overflow",
    "optional/non-bmp-regex",
    "optional/no-schema",
};

/* A schema that uses these is refused, all tests on it are. */
static const char *const later[] = {
    "dynamicRef", "refRemote", "unevaluatedItems", "unevaluatedProperties", "vocabulary",
};

struct counts {
    unsigned passed, failed, apart;
};

static bool is_later_keyword(const struct json_member *m, bool top)
{
    static const char *const names[] = {"$dynamicRef", "$dynamicAnchor", "$vocabulary",
                                        "unevaluatedItems", "unevaluatedProperties"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(m->name, names[i]))
            return true;
    if (m->value.kind != JSON_STRING)
        return false;
    if (str_is(m->name, "$ref"))
        return !str_starts(m->value.text, STR("#"));
    if (str_is(m->name, "$schema"))
        return !str_starts(m->value.text, STR("https://json-schema.org/draft/"));
    return str_is(m->name, "$id") && !top;
}

/* Whether the schema uses what a later version brings, and may therefore be refused. */
static bool needs_later(const struct json *v, bool top)
{
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++)
        if (is_later_keyword(&v->members[i], top) || needs_later(&v->members[i].value, false))
            return true;
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        if (needs_later(&v->items[i], false))
            return true;
    return false;
}

static void run_tests(struct arena *a, const char *file, const struct json *group,
                      const struct schema *s, struct counts *n)
{
    const struct json *tests = json_get(group, STR("tests"));

    for (uint32_t i = 0; i < tests->count; i++) {
        const struct json *test = &tests->items[i], *data = json_get(test, STR("data"));
        bool expected = json_get(test, STR("valid"))->kind == JSON_TRUE;
        struct schema_problem problems[8];
        bool ok = schema_valid(s, data) == expected;
        size_t count = schema_problems(s, data, a, problems, COUNT(problems));

        ok &= (count == 0) == expected;
        n->passed += ok;
        n->failed += !ok;
        if (!ok)
            CHECK(false, "%s: %.*s: %.*s (%zu problems)", file,
                  STR_ARG(json_get_str(group, STR("description"))),
                  STR_ARG(json_get_str(test, STR("description"))), count);
    }
}

/* The older drafts' tests go without $schema: puts it in. */
static const struct json *with_dialect(struct arena *a, const struct json *schema,
                                       const char *dialect)
{
    struct json *copy = arena_alloc(a, sizeof(*copy));
    struct json_member *members;

    if (!dialect || schema->kind != JSON_OBJECT || json_get(schema, STR("$schema")))
        return schema;
    members = arena_array(a, (size_t)schema->count + 1, sizeof(*members));
    if (schema->count)
        memcpy(members, schema->members, schema->count * sizeof(*members));
    members[schema->count].name = STR("$schema");
    members[schema->count].value = (struct json){.kind = JSON_STRING, .text = str_of(dialect)};
    *copy = *schema;
    copy->members = members;
    copy->count++;
    return copy;
}

static void run_group(struct arena *a, const char *file, const struct json *group,
                      const char *dialect, struct counts *n)
{
    const struct json *source = with_dialect(a, json_get(group, STR("schema")), dialect);
    struct schema *s = NULL;
    struct err e = {0};
    uint32_t offset;

    if (schema_compile(a, source, NULL, &s, &offset, &e)) {
        run_tests(a, file, group, s, n);
        schema_free(s);
        return;
    }
    n->apart += json_get(group, STR("tests"))->count;
    if (!dialect)
        CHECK(needs_later(source, true), "%s: %.*s: refused: %s", file,
              STR_ARG(json_get_str(group, STR("description"))), e.what);
}

static bool run_file(const char *draft, const char *name, const char *dialect, struct counts *n)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str path = arena_format(a, "%s/json-schema/tests/%s/%s", tap_suites(), draft, name);
    struct err e = {0};
    struct json *groups;
    str text;

    if (!file_read(a, path.at, limits.bytes, &text, &e) ||
        !json_read(a, text, &limits, &groups, &e))
        return CHECK(false, "%s is read: %s", name, e.what);
    for (uint32_t i = 0; i < groups->count; i++)
        run_group(a, name, &groups->items[i], dialect, n);
    return true;
}

static void run_this_draft(void)
{
    struct counts now = {0}, not_yet = {0};
    char file[80];

    for (size_t i = 0; i < COUNT(covered); i++) {
        snprintf(file, sizeof(file), "%s.json", covered[i]);
        run_file("draft2020-12", file, NULL, &now);
    }
    for (size_t i = 0; i < COUNT(later); i++) {
        snprintf(file, sizeof(file), "%s.json", later[i]);
        run_file("draft2020-12", file, NULL, &not_yet);
    }
    CHECK(now.failed == 0 && now.passed > 1000, "2020-12: %u tests pass, %u need what is later",
          now.passed, now.apart);
    CHECK(not_yet.failed == 0, "2020-12, files for later: %u tests pass, %u are refused",
          not_yet.passed, not_yet.apart);
}

static void close_folder(DIR **d)
{
    if (*d)
        closedir(*d);
}

/* Of the older drafts what would mean something else is refused, and the rest is right. */
static void run_older_draft(const char *draft, const char *dialect, unsigned at_least)
{
    char folder[512];
    CLEANUP(close_folder) DIR *d = NULL;
    struct counts n = {0};

    snprintf(folder, sizeof(folder), "%s/json-schema/tests/%s", tap_suites(), draft);
    d = opendir(folder);
    for (struct dirent *f; d && (f = readdir(d));)
        if (str_ends(str_of(f->d_name), STR(".json")))
            run_file(draft, f->d_name, dialect, &n);
    CHECK(n.failed == 0 && n.passed >= at_least,
          "%s: %u tests pass, none fails, %u are refused", draft, n.passed, n.apart);
}

int main(void)
{
    if (!tap_suites()) {
        tap_skip("FNWARD_SUITES is not set: the JSON Schema test suite");
        return tap_end();
    }
    run_this_draft();
    run_older_draft("draft2019-09", "https://json-schema.org/draft/2019-09/schema", 900);
    run_older_draft("draft7", "http://json-schema.org/draft-07/schema#", 600);
    run_older_draft("draft6", "http://json-schema.org/draft-06/schema#", 500);
    run_older_draft("draft4", "http://json-schema.org/draft-04/schema#", 300);
    return tap_end();
}
