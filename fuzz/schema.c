/* A schema, a newline, and a value for it. */
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
        if (!str_is_utf8(problems[i].where))
            abort();
        if (valid && str_find_str(problems[i].why, STR("too long")) == problems[i].why.len)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str text = {(const char *)data, size}, first;
    struct err e = {0};
    struct json *source, *value, *copy;
    struct schema *s;
    uint32_t offset = 0;

    if (!str_cut(&text, '\n', &first) || !json_read(a, first, &limits, &source, &e))
        return 0;
    if (!schema_compile(a, source, NULL, &s, &offset, &e)) {
        if (!e.code || offset > first.len)
            abort();
        return 0;
    }
    if (json_read(a, text, &limits, &value, &e)) {
        check_problems(s, a, value);
        if (schema_coerce(s, a, value, &copy))
            check_problems(s, a, copy);
    }
    schema_free(s);
    return 0;
}
