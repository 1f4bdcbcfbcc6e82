/* A schema, a newline, and a value for it; the schema's length chooses the dialect. */
#include "json/json.h"
#include "schema/schema.h"

#include <stdlib.h>

static const struct json_limits limits = {.bytes = 1 << 16, .depth = 40, .nodes = 2000};

/* What was refused has a problem; what was accepted none but that looking took too long. */
static void check_problems(const struct schema *s, struct arena *a, const struct json *v)
{
    struct schema_problem problems[4];
    size_t n = schema_problems(s, v, a, problems, COUNT(problems));
    bool valid = schema_valid(s, v);

    if (!valid && !n)
        abort();
    for (size_t i = 0; i < n; i++) {
        if (!str_is_utf8(problems[i].where) || !str_is_utf8(problems[i].keyword_at))
            abort();
        if (valid && str_find_str(problems[i].why, STR("too long")) == problems[i].why.len)
            abort();
    }
}

/* The compiled bytes, opened elsewhere, judge as the schema does that they came from. */
static void check_program(const struct schema *s, struct arena *a, const struct json *v)
{
    struct schema *copy;
    struct err e = {0};

    if (!schema_open(a, schema_program(s), &copy, &e) || !schema_prepare(copy, &e))
        abort();
    if (schema_valid(copy, v) != schema_valid(s, v))
        abort();
    schema_free(copy);
}

/* A byte that is not what it was is noticed, and so is one that is missing. */
static void check_damage(const struct schema *s, struct arena *a, size_t where)
{
    str program = arena_str(a, schema_program(s));
    struct schema *copy;
    struct err e = {0}, again = {0};

    if (!program.at)
        return;
    ((char *)program.at)[where % program.len] ^= 0x10;
    if (schema_open(a, program, &copy, &e) ||
        schema_open(a, str_sub(schema_program(s), 0, where % program.len), &copy, &again))
        abort();
}

static void check(struct arena *a, str first, const struct json *source, str text, bool lenient)
{
    const struct schema_options o = {
        .dialect = (enum schema_dialect)(first.len % (SCHEMA_OPENAPI_3_0 + 1)),
        .base = STR("http://example.com/a"),
        .documents = &(struct schema_document){STR("http://example.com/b"), source},
        .document_count = 1,
        .lenient = lenient,
    };
    struct err e = {0}, reading = {0};
    struct json *value;
    struct schema *s;
    uint32_t offset = 0;

    if (!schema_compile(a, source, &o, &s, &offset, &e)) {
        if (!e.code || offset > first.len)
            abort();
        return;
    }
    if (json_read(a, text, &limits, &value, &reading)) {
        check_problems(s, a, value);
        check_program(s, a, value);
        check_damage(s, a, text.len * 7);
    }
    schema_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str text = {(const char *)data, size}, first;
    struct err e = {0};
    struct json *source;

    if (!str_cut(&text, '\n', &first) || !json_read(a, first, &limits, &source, &e))
        return 0;
    check(a, first, source, text, false);
    check(a, first, source, text, true);
    return 0;
}
