/* TOML: whatever is read can be written as JSON. */
#include "toml/toml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf out = {0};
    struct err e = {0};
    struct json *v;

    if (!size || !toml_read(a, (str){(const char *)data, size}, &v, &e))
        return 0;
    json_write(&out, v);
    if (!out.len)
        abort();
    return 0;
}
