/*
 * A schema, a newline, and a value to be cleaned along it: what comes out is clean, and what
 * was not told to be changed is the very value.
 */
#include "json/json.h"
#include "schema/schema.h"

#include <stdlib.h>

static const struct json_limits limits = {.bytes = 1 << 16, .depth = 40, .nodes = 2000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static void check_told(const struct schema_cleaned *r)
{
    for (size_t i = 0; i < r->change_count && i < SCHEMA_CHANGES_MAX; i++)
        demand(r->changes[i].rule && str_is_utf8(r->changes[i].where));
    for (size_t i = 0; i < r->problem_count; i++)
        demand(r->problems[i].why.len && str_is_utf8(r->problems[i].where));
}

static void clean_twice(const struct schema_cleaner *c, struct arena *a, const struct json *v,
                        bool from_json)
{
    struct schema_cleaned once, again;
    bool ok = schema_clean(c, a, v, &once);

    check_told(&once);
    demand(ok == !once.problem_count);
    if (!ok)
        return;
    demand(once.change_count || !from_json || once.value == v);
    demand(schema_clean(c, a, once.value, &again));
    demand(!again.change_count && again.value == once.value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size}, first;

    for (enum schema_source from = SCHEMA_FROM_JSON; from <= SCHEMA_FROM_TEXT; from++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct schema_cleaner *c = NULL;
        struct json *source, *value;
        struct schema *s = NULL;
        struct err e = {0};
        uint32_t offset = 0;
        str rest = text;

        if (!str_cut(&rest, '\n', &first) || !json_read(a, first, &limits, &source, &e))
            return 0;
        if (schema_compile(a, source, NULL, &s, &offset, &e) &&
            json_read(a, rest, &limits, &value, &e)) {
            if (schema_cleaner_compile(a, source, NULL, from, &c, &offset, &e))
                clean_twice(c, a, value, from == SCHEMA_FROM_JSON);
            else
                demand(e.code && offset <= first.len);
        }
        schema_cleaner_free(c);
        schema_free(s);
    }
    return 0;
}
