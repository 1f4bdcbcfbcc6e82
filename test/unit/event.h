/*
 * Reading JSON in the tests of event.
 */
#pragma once

#include "event/event.h"
#include "tap.h"

static inline struct json *read_json(struct arena *a, str text)
{
    struct err e = {0};
    struct json *v;

    if (json_read(a, text, &json_limits_event, &v, &e))
        return v;
    printf("# %s\n", e.what);
    return NULL;
}

/* NULL when the suites are absent. */
static inline struct json *read_suite(struct arena *a, const char *path)
{
    const char *suites = tap_suites();
    struct err e = {0};
    str text;

    if (!suites)
        return NULL;
    if (!file_read(a, arena_format(a, "%s/%s", suites, path).at, 4 << 20, &text, &e))
        return NULL;
    return read_json(a, text);
}

static inline str write_json(struct arena *a, const struct json *v)
{
    CLEANUP(buf_free) struct buf b = {0};

    json_write(&b, v);
    return arena_str(a, buf_str(&b));
}

/* The text with each `from` as `to`. */
static inline str replace(struct arena *a, str text, const char *from, const char *to)
{
    CLEANUP(buf_free) struct buf b = {0};
    size_t i;

    while ((i = str_find_str(text, str_of(from))) < text.len) {
        buf_add(&b, str_sub(text, 0, i));
        buf_add(&b, str_of(to));
        text = str_sub(text, i + strlen(from), text.len);
    }
    buf_add(&b, text);
    return arena_str(a, buf_str(&b));
}
