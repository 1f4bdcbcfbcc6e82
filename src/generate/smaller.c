/*
 * smaller: delta debugging over a document. What can be left out is, as long as what is left
 * still does what the whole did; then texts become shorter and values plainer.
 */
#include "generate/inside.h"

struct shrinking {
    struct arena *a;
    struct generate_still *still;
    const struct json *best;
};

/* Asks about the document with `value` in the n-th place, and keeps it when it still does it. */
static bool try_with(struct shrinking *s, size_t n, const struct json *value)
{
    struct json *smaller;

    if (!s->still->calls)
        return false;
    smaller = arena_alloc(s->a, sizeof(*smaller));
    if (!smaller || !tree_with(s->a, s->best, n, value, smaller))
        return false;
    s->still->calls--;
    if (!s->still->holds(s->still->self, smaller))
        return false;
    s->best = smaller;
    return true;
}

static const struct json *value_at(struct shrinking *s, size_t n)
{
    str where = STR("");

    return tree_at(s->a, s->best, n, &where);
}

/* From the first value on: the large come before what they hold. */
static bool leave_out(struct shrinking *s)
{
    bool helped = false;

    for (size_t n = 1; n < tree_size(s->best) && s->still->calls;) {
        if (try_with(s, n, NULL))
            helped = true; /* another stands at n now */
        else
            n++;
    }
    return helped;
}

/* ---- texts ---- */

/* A cut must not fall inside a character. */
static size_t whole(str text, size_t at)
{
    while (at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static bool try_without(struct shrinking *s, size_t n, size_t from, size_t to)
{
    str text = value_at(s, n)->text;
    struct json value = {.kind = JSON_STRING};

    from = whole(text, from);
    to = whole(text, to);
    if (from >= to)
        return false;
    value.text = arena_format(s->a, "%.*s%.*s", STR_ARG(str_sub(text, 0, from)),
                              STR_ARG(str_sub(text, to, text.len)));
    return value.text.at && try_with(s, n, &value);
}

/* Halves, quarters, ... single characters are left out. */
static bool shorten(struct shrinking *s, size_t n)
{
    bool helped = false;

    for (size_t piece = value_at(s, n)->text.len; piece; piece /= 2)
        for (size_t at = 0; at < value_at(s, n)->text.len && s->still->calls;) {
            if (try_without(s, n, at, at + piece))
                helped = true;
            else
                at += piece;
        }
    return helped;
}

/* ---- values ---- */

static bool plainer(struct shrinking *s, size_t n)
{
    static const struct json plain[] = {
        [JSON_NUMBER] = {.kind = JSON_NUMBER, .text = STR_INIT("0")},
        [JSON_ARRAY] = {.kind = JSON_ARRAY},
        [JSON_OBJECT] = {.kind = JSON_OBJECT},
    };
    const struct json *v = value_at(s, n);

    switch (v->kind) {
    case JSON_STRING:
        return v->text.len && shorten(s, n);
    case JSON_NUMBER:
        return !str_is(v->text, "0") && try_with(s, n, &plain[JSON_NUMBER]);
    case JSON_ARRAY:
    case JSON_OBJECT:
        return v->count && try_with(s, n, &plain[v->kind]);
    default:
        return false;
    }
}

const struct json *generate_smaller(struct arena *a, const struct json *document,
                                    struct generate_still *still)
{
    struct shrinking s = {.a = a, .still = still, .best = document};
    bool helped = true;

    while (helped && still->calls) {
        helped = leave_out(&s);
        for (size_t n = 0; n < tree_size(s.best) && still->calls; n++)
            helped |= plainer(&s, n);
    }
    return s.best;
}
