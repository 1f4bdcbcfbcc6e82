/*
 * contract_schema: the published JSON Schema says the same as the reader, as far as a schema
 * can see.
 */
#include "contract/project.h"
#include "schema/schema.h"
#include "yaml/yaml.h"

static void schema_freep(struct schema **s)
{
    schema_free(*s);
}

static bool compile(struct arena *a, struct schema **ret)
{
    struct json_limits limits = {1 << 20, 64, 10000};
    struct json *source;
    struct err e = {0};
    uint32_t offset;

    return CHECK(json_read(a, contract_schema_text, &limits, &source, &e) &&
                     schema_compile(a, source, NULL, ret, &offset, &e),
                 "the published schema can be compiled %s", e.what);
}

static bool accepts(struct arena *a, const struct schema *s, str text)
{
    struct yaml *y;
    struct json *j;
    struct err e = {0};

    if (!yaml_read(a, text, "fnward.yaml", &y, &e) || !yaml_to_json(a, y, &j, &e))
        return CHECK(false, "this is JSON for a schema to see: %s", e.what);
    return schema_valid(s, j);
}

static void test_file(const struct schema *s, const char *file, bool wrong)
{
    static const str mark = STR_INIT("[schema] ");
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct cases cases;
    struct test_case t;

    if (!cases_open(a, file, &cases))
        return;
    while (cases_next(&cases, &t)) {
        str text = project_contract(a, &t);

        if (wrong && str_starts(t.name, mark))
            CHECK(!accepts(a, s, text), "the schema refuses %.*s",
                  STR_ARG(str_sub(t.name, mark.len, t.name.len)));
        else if (!wrong)
            CHECK(accepts(a, s, text), "the schema accepts %.*s", STR_ARG(t.name));
    }
    buf_free(&cases.anew);
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(schema_freep) struct schema *s = NULL;

    if (compile(a, &s)) {
        test_file(s, "contract/wrong.txt", true);
        test_file(s, "contract/right.txt", false);
    }
    return tap_end();
}
