/*
 * Our verdicts, for differ.py. Of each line, {"schema": ..., "documents": [...]}, a line: a "v"
 * or "i" for each document, or "!" and why the schema was refused.
 */
#include "json/json.h"
#include "schema/schema.h"

#include <stdlib.h>

static const struct json_limits limits = {.bytes = 1 << 22, .depth = 100, .nodes = 1 << 20};
static const struct schema_options options = {.annotate_formats = true, .lenient = true};

static void judge(struct arena *a, const struct json *one)
{
    const struct json *documents = json_get(one, STR("documents"));
    struct schema *s;
    struct err e = {0};
    uint32_t offset;

    if (!schema_compile(a, json_get(one, STR("schema")), &options, &s, &offset, &e)) {
        printf("!%s\n", e.what);
        return;
    }
    for (uint32_t i = 0; i < documents->count; i++)
        putchar(schema_valid(s, &documents->items[i]) ? 'v' : 'i');
    putchar('\n');
    schema_free(s);
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    while ((len = getline(&line, &size, stdin)) > 0) {
        struct err e = {0};
        struct json *one;

        if (json_read(a, str_trim((str){line, (size_t)len}), &limits, &one, &e))
            judge(a, one);
        else
            printf("!cannot be read: %s\n", e.what);
        fflush(stdout);
        arena_reset(a);
    }
    free(line);
    return 0;
}
