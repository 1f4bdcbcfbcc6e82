#include "yaml/yaml.h"

#include <stdlib.h>

/* Every node lies in the text, and no list is longer or shorter than it says. */
static void walk(const struct yaml *y, size_t size)
{
    size_t count = 0;

    if (y->offset > size || (y->text.len && !y->text.at))
        abort();
    for (const struct yaml *child = y->first; child; child = child->next, count++) {
        walk(child, size);
        if ((y->kind == YAML_MAP) != (child->value != NULL))
            abort();
        if (child->value)
            walk(child->value, size);
    }
    if (count != y->count)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    str text = {(const char *)data, size};
    struct err e = {0};
    struct yaml *y, *back;
    struct json *j;

    if (yaml_read(a, text, "fuzz.yaml", &y, &e)) {
        walk(y, size);
        if (yaml_to_json(a, y, &j, &e) && !yaml_from_json(a, j, text, "fuzz.yaml", &back, &e))
            abort();
    }
    if (e.code)
        err_render(&b, &e);
    return 0;
}
