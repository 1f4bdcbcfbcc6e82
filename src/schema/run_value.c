/* Keywords that look at one string, number or count, and at nothing inside it. */
#include "schema/run.h"

static size_t characters(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n;
}

/* A character is one to four bytes: most answers need no counting. */
enum verdict run_max_length(struct run *r, const struct step *s, const struct json *v)
{
    (void)r;
    return v->text.len <= s->count || characters(v->text) <= s->count;
}

enum verdict run_min_length(struct run *r, const struct step *s, const struct json *v)
{
    (void)r;
    return v->text.len >= s->count && characters(v->text) >= s->count;
}

enum verdict run_max_count(struct run *r, const struct step *s, const struct json *v)
{
    (void)r;
    return v->count <= s->count;
}

enum verdict run_min_count(struct run *r, const struct step *s, const struct json *v)
{
    (void)r;
    return v->count >= s->count;
}

static bool order(const struct step *s, const struct json *v, int *ret)
{
    struct decimal d;

    if (!decimal_read(v->text, &d))
        return false;
    *ret = decimal_compare(&d, s->bound);
    return true;
}

enum verdict run_maximum(struct run *r, const struct step *s, const struct json *v)
{
    int o;

    (void)r;
    return !order(s, v, &o) ? UNDECIDED : o <= 0;
}

enum verdict run_minimum(struct run *r, const struct step *s, const struct json *v)
{
    int o;

    (void)r;
    return !order(s, v, &o) ? UNDECIDED : o >= 0;
}

enum verdict run_below(struct run *r, const struct step *s, const struct json *v)
{
    int o;

    (void)r;
    return !order(s, v, &o) ? UNDECIDED : o < 0;
}

enum verdict run_above(struct run *r, const struct step *s, const struct json *v)
{
    int o;

    (void)r;
    return !order(s, v, &o) ? UNDECIDED : o > 0;
}

enum verdict run_multiple(struct run *r, const struct step *s, const struct json *v)
{
    struct decimal d;

    (void)r;
    return !decimal_read(v->text, &d) ? UNDECIDED : decimal_is_multiple(&d, s->bound);
}

enum verdict run_pattern_on(struct run *r, struct pattern *p, str text)
{
    switch (pattern_match(p, text, &r->pattern_work_left)) {
    case PATTERN_HOLDS:
        return HOLDS;
    case PATTERN_FAILS:
        return FAILS;
    default:
        return UNDECIDED;
    }
}

enum verdict run_pattern(struct run *r, const struct step *s, const struct json *v)
{
    return run_pattern_on(r, s->pattern, v->text);
}

/* enum, and const as one of a single value. */
enum verdict run_values(struct run *r, const struct step *s, const struct json *v)
{
    const struct value_set *set = s->values;

    (void)r;
    if (v->kind == JSON_STRING)
        return names_find(&set->strings, v->text) != NOT_FOUND;
    if (set->kinds & KIND(v->kind))
        return HOLDS;
    for (uint32_t i = 0; i < set->other_count; i++) {
        enum verdict same = run_equal(set->others[i], v);

        if (same != FAILS)
            return same;
    }
    return FAILS;
}
