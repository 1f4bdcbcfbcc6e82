/* What the fuzz targets of the cleaning rules share: rules read, and a text that rests. */
#pragma once

#include "clean/clean.h"

#include <stdlib.h>

static inline void demand(bool ok)
{
    if (!ok)
        abort();
}

/* NULL when they may not stand together. */
static inline struct clean *read_rules(struct arena *a, str rules)
{
    struct json_limits limits = json_limits_event;
    const struct json *at;
    struct clean *c = NULL;
    struct json *source;
    struct err e = {0};

    limits.bytes = rules.len;
    if (!json_read(a, rules, &limits, &source, &e) || !clean_read(a, source, &c, &at, &e))
        return NULL;
    return c;
}

/* The cleaned text, which must be clean; false when it was refused. */
static inline bool clean_twice(const struct clean *c, struct arena *a, str text, str *ret)
{
    struct clean_outcome once, again;

    if (!clean_text(c, a, text, &once)) {
        demand(once.rule && once.why);
        return false;
    }
    demand(once.changed || once.text.at == text.at);
    demand(clean_text(c, a, once.text, &again));
    demand(!again.changed && again.text.at == once.text.at);
    demand(str_is_utf8(once.text) && once.text.len <= CLEAN_TEXT_MAX);
    *ret = once.text;
    return true;
}
