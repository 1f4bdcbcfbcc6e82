/* The official suite's tests of formats, asked of the checks directly, in every draft. */
#include "format/format.h"
#include "json/json.h"
#include "tap.h"

#include <dirent.h>

static const struct json_limits limits = {.bytes = 1 << 20, .depth = 60, .nodes = 100000};

struct counts {
    unsigned passed, failed;
};

/* A value of a kind that the format says nothing about holds. */
static bool holds(const struct format *f, const struct json *v)
{
    bool judged = f && (format_subject(f) == FORMAT_OF_STRINGS ? v->kind == JSON_STRING
                                                               : v->kind == JSON_NUMBER);

    return !judged || format_holds(f, v->text);
}

static void run_group(const char *draft, const struct json *group, struct counts *n)
{
    const struct json *tests = json_get(group, STR("tests"));
    str name = json_get_str(json_get(group, STR("schema")), STR("format"));
    const struct format *f = format_find(name);

    for (uint32_t i = 0; i < tests->count; i++) {
        const struct json *test = &tests->items[i];
        str about = json_get_str(test, STR("description"));
        bool expected = json_get(test, STR("valid"))->kind == JSON_TRUE;

        if (holds(f, json_get(test, STR("data"))) == expected) {
            n->passed++;
            continue;
        }
        n->failed++;
        CHECK(false, "%s %.*s: %.*s", draft, STR_ARG(name), STR_ARG(about));
    }
}

static void run_file(const char *draft, const char *name, struct counts *n)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str path = arena_format(a, "%s/json-schema/tests/%s/optional/format/%s", tap_suites(),
                            draft, name);
    struct err e = {0};
    struct json *groups;
    str text;

    if (!file_read(a, path.at, limits.bytes, &text, &e) ||
        !json_read(a, text, &limits, &groups, &e)) {
        CHECK(false, "%s is read: %s", name, e.what);
        return;
    }
    for (uint32_t i = 0; i < groups->count; i++)
        run_group(draft, &groups->items[i], n);
}

static void close_folder(DIR **d)
{
    if (*d)
        closedir(*d);
}

static void run_draft(const char *draft, unsigned count)
{
    char folder[512];
    CLEANUP(close_folder) DIR *d = NULL;
    struct counts n = {0};

    snprintf(folder, sizeof(folder), "%s/json-schema/tests/%s/optional/format", tap_suites(),
             draft);
    d = opendir(folder);
    for (struct dirent *f; d && (f = readdir(d));)
        if (str_ends(str_of(f->d_name), STR(".json")))
            run_file(draft, f->d_name, &n);
    CHECK(n.failed == 0 && n.passed == count, "%s: %u of %u tests of formats pass", draft,
          n.passed, count);
}

int main(void)
{
    if (!tap_suites()) {
        tap_skip("FNWARD_SUITES is not set: the JSON Schema test suite");
        return tap_end();
    }
    run_draft("draft2020-12", 764);
    run_draft("draft2019-09", 757);
    run_draft("draft7", 676);
    run_draft("draft6", 325);
    run_draft("draft4", 219);
    return tap_end();
}
