#include "json/json.h"

#include <stdlib.h>

static const struct json_limits limits = {.bytes = 1 << 20, .depth = 40, .nodes = 5000};

/* What was read is written as text that reads back to the same text. */
static void check_round_trip(struct arena *a, const struct json *v)
{
    CLEANUP(buf_free) struct buf first = {0}, second = {0};
    struct err e = {0};
    struct json *again;

    json_write(&first, v);
    if (first.failed || !str_is_utf8(buf_str(&first)) ||
        str_find(buf_str(&first), '\n') != first.len)
        abort();
    if (!json_read(a, buf_str(&first), &limits, &again, &e)) {
        /* Escapes may make it longer than what was read. */
        if (first.len <= limits.bytes)
            abort();
        return;
    }
    json_write(&second, again);
    if (!str_equal(buf_str(&first), buf_str(&second)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0), *small = arena_new(5000);
    CLEANUP(buf_free) struct buf b = {0};
    str text = {(const char *)data, size};
    struct err e = {0}, other = {0};
    struct json *v;

    if (json_read(a, text, &limits, &v, &e))
        check_round_trip(a, v);
    else
        err_render(&b, &e);
    /* Little memory is an error like others. */
    if (json_read(small, text, &limits, &v, &other) && e.code)
        abort();
    buf_clear(&b);
    json_write_str(&b, text);
    if (!b.failed && !str_is_utf8(buf_str(&b)))
        abort();
    return 0;
}
