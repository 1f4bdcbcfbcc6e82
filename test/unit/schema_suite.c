/* The official JSON Schema test suite, all of it: every draft, optional parts and formats. */
#include "json/json.h"
#include "schema/schema.h"
#include "tap.h"

#include <dirent.h>

static const struct json_limits limits = {.bytes = 1 << 24, .depth = 200, .nodes = 1000000};

static const struct draft {
    const char *name;
    enum schema_dialect dialect;
} drafts[] = {
    {"draft2020-12", SCHEMA_2020_12}, {"draft2019-09", SCHEMA_2019_09},
    {"draft7", SCHEMA_DRAFT_7},       {"draft6", SCHEMA_DRAFT_6},
    {"draft4", SCHEMA_DRAFT_4},
};

/* Optional tests that are not passed, and why. */
static const struct left {
    const char *file, *group; /* NULL: the whole file */
    const char *why;
} left[] = {
    {"content.json", NULL,
     "contentEncoding and contentMediaType are annotations, as since 2019"},
};

struct suite {
    struct arena *a; /* of the documents that references may reach */
    struct schema_document documents[256];
    size_t document_count;
    unsigned passed, failed, left;
};

/* ---- folders ---- */

static void close_folder(DIR **d)
{
    if (*d)
        closedir(*d);
}

typedef void (*visit)(struct suite *s, const struct draft *d, str path, str name);

static void each_file(struct suite *s, const struct draft *d, str folder, bool deep, visit v)
{
    CLEANUP(close_folder) DIR *dir = opendir(folder.at);

    for (struct dirent *f; dir && (f = readdir(dir));) {
        str path = arena_format(s->a, "%s/%s", folder.at, f->d_name);

        if (str_ends(path, STR(".json")))
            v(s, d, path, path_base(path));
        else if (deep && f->d_name[0] != '.')
            each_file(s, d, path, true, v);
    }
}

static struct json *read_json(struct arena *a, str path)
{
    struct err e = {0};
    struct json *v;
    str text;

    if (file_read(a, path.at, limits.bytes, &text, &e) && json_read(a, text, &limits, &v, &e))
        return v;
    CHECK(false, "%s is read: %s", path.at, e.what);
    return NULL;
}

/* What http://localhost:1234/ would serve. */
static void add_remote(struct suite *s, const struct draft *d, str path, str name)
{
    size_t from = str_find_str(path, STR("/remotes/")) + 9;
    str uri = arena_format(s->a, "http://localhost:1234/%s", path.at + from);

    (void)d;
    (void)name;
    if (s->document_count < COUNT(s->documents))
        s->documents[s->document_count++] =
            (struct schema_document){uri, read_json(s->a, path)};
}

/* ---- tests ---- */

static bool is_left(str file, str group)
{
    for (size_t i = 0; i < COUNT(left); i++)
        if (left[i].file && str_is(file, left[i].file) &&
            (!left[i].group || str_is(group, left[i].group)))
            return true;
    return false;
}

static bool judge(struct arena *a, const struct schema *s, const struct json *data,
                  bool expected)
{
    struct schema_problem problems[8];
    size_t count = schema_problems(s, data, a, problems, COUNT(problems));

    return schema_valid(s, data) == expected && (count == 0) == expected;
}

/* The same from the compiled bytes, as another process would open them. */
static struct schema *opened(struct arena *a, const struct schema *s)
{
    struct schema *copy = NULL;
    struct err e = {0};

    return schema_open(a, schema_program(s), &copy, &e) ? copy : NULL;
}

static void run_group(struct suite *suite, struct arena *a, str file, const struct draft *d,
                      const struct json *group, bool annotate)
{
    const struct schema_options o = {
        .dialect = d->dialect,
        .documents = suite->documents,
        .document_count = suite->document_count,
        .annotate_formats = annotate,
        .lenient = true,
    };
    const struct json *tests = json_get(group, STR("tests"));
    str description = json_get_str(group, STR("description"));
    bool expected_to_fail = is_left(file, description);
    struct schema *s = NULL, *copy = NULL;
    struct err e = {0};
    uint32_t offset;

    if (schema_compile(a, json_get(group, STR("schema")), &o, &s, &offset, &e))
        copy = opened(a, s);
    for (uint32_t i = 0; i < tests->count; i++) {
        const struct json *test = &tests->items[i];
        bool valid = json_get(test, STR("valid"))->kind == JSON_TRUE;
        bool ok = copy && judge(a, copy, json_get(test, STR("data")), valid);

        suite->passed += ok;
        suite->left += !ok && expected_to_fail;
        suite->failed += !ok && !expected_to_fail;
        if (!ok && !expected_to_fail)
            CHECK(false, "%s %.*s: %.*s: %.*s%s%s", d->name, STR_ARG(file),
                  STR_ARG(description), STR_ARG(json_get_str(test, STR("description"))),
                  e.code ? ": " : "", e.what);
    }
    schema_free(copy);
    schema_free(s);
}

static void run_file(struct suite *s, const struct draft *d, str path, bool annotate)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    struct json *groups = read_json(a, path);

    for (uint32_t i = 0; groups && i < groups->count; i++)
        run_group(s, a, path_base(path), d, &groups->items[i], annotate);
}

static void run_annotating(struct suite *s, const struct draft *d, str path, str name)
{
    (void)name;
    run_file(s, d, path, true);
}

static void run_asserting(struct suite *s, const struct draft *d, str path, str name)
{
    (void)name;
    run_file(s, d, path, false);
}

/* All drafts' files of one folder, and how many of their tests pass. */
static void run_folder(struct suite *s, const char *name, const char *folder, visit v,
                       unsigned expected)
{
    s->passed = s->failed = s->left = 0;
    for (size_t i = 0; i < COUNT(drafts); i++)
        each_file(s, &drafts[i],
                  arena_format(s->a, "%s/json-schema/tests/%s%s", tap_suites(), drafts[i].name,
                               folder),
                  false, v);
    CHECK(s->failed == 0 && s->passed + s->left == expected,
          "%s tests: %u of %u pass, %u are left for reasons that are known", name, s->passed,
          s->passed + s->failed + s->left, s->left);
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    struct suite s = {.a = a};

    if (!tap_suites()) {
        tap_skip("FNWARD_SUITES is not set: the JSON Schema test suite");
        return tap_end();
    }
    each_file(&s, NULL, arena_format(a, "%s/json-schema/remotes", tap_suites()), true,
              add_remote);
    run_folder(&s, "required", "", run_annotating, 4942);
    run_folder(&s, "format", "/optional/format", run_asserting, 2741);
    run_folder(&s, "optional", "/optional", run_annotating, 644);
    return tap_end();
}
