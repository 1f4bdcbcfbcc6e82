/*
 * number: within its bounds, and more often than not at one of them.
 */
#include "generate/inside.h"

#include <math.h>

static const double SAFE = 9007199254740991.0; /* whole numbers up to it are exact */

struct range {
    double from, to;
};

/* Draft 4 has the bound in `minimum` and a truth in `exclusiveMinimum`. */
static bool is_true(const struct json *v)
{
    return v && v->kind == JSON_TRUE;
}

static struct range range_of(const struct facets *f, bool integer)
{
    struct range r = {-1000, 1000};
    double least, most, nudge = integer ? 1 : 0.5;
    bool has_least = facets_number(f, "minimum", true, &least);
    bool has_most = facets_number(f, "maximum", false, &most);
    double n;

    if (has_least && is_true(facets_get(f, "exclusiveMinimum")))
        least += nudge;
    if (has_most && is_true(facets_get(f, "exclusiveMaximum")))
        most -= nudge;
    if (facets_number(f, "exclusiveMinimum", true, &n) && (!has_least || n + nudge > least)) {
        least = n + nudge;
        has_least = true;
    }
    if (facets_number(f, "exclusiveMaximum", false, &n) && (!has_most || n - nudge < most)) {
        most = n - nudge;
        has_most = true;
    }
    if (has_least && has_most && least > most) { /* a narrow one: its middle, or nothing */
        least = most = (least + most) / 2;
    }
    if (has_least)
        r = (struct range){least, has_most ? most : least + 1000};
    else if (has_most)
        r = (struct range){most - 1000, most};
    if (integer)
        r = (struct range){ceil(r.from), floor(r.to)};
    r.from = r.from < -SAFE ? -SAFE : r.from;
    r.to = r.to > SAFE ? SAFE : r.to;
    return r;
}

/* A number of the range: an end of it, one of the usual suspects, or any. */
static double pick(struct maker *m, struct range r)
{
    static const double usual[] = {0, 1, -1, 2, 10, 100, 255, 256, 65536, 2147483647};
    double n = r.from + (r.to - r.from) * (double)draw(m, 1 << 20) / (double)((1 << 20) - 1);

    switch (draw(m, 5)) {
    case 0:
        return r.from;
    case 1:
        return r.to;
    case 2:
        n = usual[draw(m, COUNT(usual))];
        return n < r.from || n > r.to ? r.from : n;
    default:
        return n;
    }
}

/* "0.01" as 1 and 2: the number without its point, and how many digits stand behind it. */
static bool read_step(str text, uint64_t *unit, unsigned *digits)
{
    size_t point = str_find(text, '.');
    char plain[24];
    size_t n = 0;

    if (text.len >= sizeof(plain) || !text.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (i != point)
            plain[n++] = text.at[i];
    *digits = point < text.len ? (unsigned)(text.len - point - 1) : 0;
    return str_to_u64((str){plain, n}, (uint64_t)1 << 50, unit) && *unit && *digits < 16;
}

/* A multiple, written with its digits and not by way of a binary fraction. */
static bool make_multiple(struct maker *m, const struct json *step, struct range r,
                          struct json *ret)
{
    uint64_t unit, whole, power = 1;
    unsigned digits;
    double size, times;
    char text[64];

    if (!read_step(step->text, &unit, &digits))
        return false;
    for (unsigned i = 0; i < digits; i++)
        power *= 10;
    size = (double)unit / (double)power;
    times = pick(m, (struct range){ceil(r.from / size), floor(r.to / size)});
    times = floor(times);
    if (fabs(times) * (double)unit > SAFE)
        times = 0;
    whole = (uint64_t)fabs(times) * unit;
    if (digits)
        snprintf(text, sizeof(text), "%s%llu.%0*llu", times < 0 ? "-" : "",
                 (unsigned long long)(whole / power), (int)digits,
                 (unsigned long long)(whole % power));
    else
        snprintf(text, sizeof(text), "%s%llu", times < 0 ? "-" : "", (unsigned long long)whole);
    return set_text(m, JSON_NUMBER, str_of(text), ret);
}

bool make_number(struct maker *m, const struct facets *f, bool integer, struct json *ret)
{
    struct range r = range_of(f, integer);
    const struct json *step = facets_get(f, "multipleOf");
    double n;
    char text[64];

    if (r.from > r.to)
        return false;
    if (step && step->kind == JSON_NUMBER && make_multiple(m, step, r, ret))
        return true;
    n = pick(m, r);
    if (integer)
        n = floor(n);
    if (n == 0)
        n = 0; /* not -0 */
    snprintf(text, sizeof(text), fabs(n) < 1e16 && floor(n) == n ? "%.0f" : "%.15g", n);
    return set_text(m, JSON_NUMBER, str_of(text), ret);
}
