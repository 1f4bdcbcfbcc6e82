/*
 * cases: test cases in a text file. A line "=== NAME" starts each; what is expected follows a
 * line "-->". FNWARD_REWRITE=1 has the expectations written anew.
 */
#pragma once

#include "tap.h"

struct cases {
    str rest;
    str preface; /* before the first case */
    str file;
    struct buf anew; /* the file as it would be written */
};

struct test_case {
    str name, given, expected;
};

/* The part of `rest` up to a line that starts with `mark`, which is taken off as well. */
static inline str cases_cut(str *rest, str mark)
{
    str text = *rest;

    for (size_t i = 0; i < text.len; i++) {
        if ((i && text.at[i - 1] != '\n') || !str_starts(str_sub(text, i, mark.len), mark))
            continue;
        *rest = str_sub(text, i + mark.len, text.len);
        return str_sub(text, 0, i);
    }
    *rest = (str){NULL, 0};
    return text;
}

/* `file` below test/unit/. */
static inline bool cases_open(struct arena *a, const char *file, struct cases *c)
{
    const char *source = getenv("FNWARD_SOURCE");
    struct err e = {0};

    *c = (struct cases){0};
    c->file = arena_format(a, "%s/test/unit/%s", source ? source : ".", file);
    if (!file_read(a, c->file.at, 1 << 20, &c->rest, &e))
        return CHECK(false, "%s", e.what);
    c->preface = cases_cut(&c->rest, STR("=== "));
    buf_add(&c->anew, c->preface);
    return true;
}

static inline bool cases_next(struct cases *c, struct test_case *ret)
{
    str body;

    if (!c->rest.at)
        return false;
    body = cases_cut(&c->rest, STR("=== "));
    str_cut(&body, '\n', &ret->name);
    ret->expected = body;
    ret->given = cases_cut(&ret->expected, STR("-->\n"));
    return true;
}

/* One case's check. */
static inline void cases_check(struct cases *c, const struct test_case *t, str got)
{
    tap_check(str_equal(got, t->expected), __FILE__, __LINE__, "%.*s", STR_ARG(t->name));
    if (!str_equal(got, t->expected))
        printf("#   got      '%.*s'\n#   expected '%.*s'\n", STR_ARG(got),
               STR_ARG(t->expected));
    buf_addf(&c->anew, "=== %.*s\n%.*s-->\n%.*s", STR_ARG(t->name), STR_ARG(t->given),
             STR_ARG(got));
}

static inline void cases_close(struct cases *c)
{
    struct err e = {0};

    if (getenv("FNWARD_REWRITE"))
        CHECK(file_replace(c->file.at, buf_str(&c->anew), 0644, &e), "written anew");
    buf_free(&c->anew);
}
