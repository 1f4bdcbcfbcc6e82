/*
 * PyPI's specifiers: ~=, ==, !=, <=, >=, <, >, ===, and ".*" behind == and !=.
 *
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
#include "version/order.h"

enum { RELEASE_MAX = 16 };

/* "1!2.0.3rc1" as far as the letters. */
struct release {
    str epoch, number[RELEASE_MAX];
    size_t count;
    bool pre; /* what follows makes it a pre-release or a release for development */
    bool local, post;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool holds(str rest, const char *const *words, size_t n)
{
    for (size_t w = 0; w < n; w++)
        for (size_t i = 0; i < rest.len; i++)
            if (str_equal_nocase(str_sub(rest, i, strlen(words[w])), str_of(words[w])))
                return true;
    return false;
}

static bool read_release(str text, struct release *ret)
{
    static const char *const pre[] = {"a", "b", "c", "dev", "pre"};
    static const char *const post[] = {"post", "rev", "-"};
    struct release r = {0};
    size_t plus;

    if (text.len && lower(text.at[0]) == 'v')
        text = str_sub(text, 1, text.len);
    plus = str_find(text, '+');
    r.local = plus < text.len;
    text = str_sub(text, 0, plus);
    if (str_find(text, '!') < text.len)
        str_cut(&text, '!', &r.epoch);
    do {
        if (r.count == RELEASE_MAX)
            return false;
        r.number[r.count] = take_while(&text, is_digit);
        if (!r.number[r.count++].len)
            return false;
    } while (text.len > 1 && text.at[0] == '.' && is_digit(text.at[1]) &&
             (text = str_sub(text, 1, text.len), true));
    r.pre = holds(text, pre, COUNT(pre));
    r.post = holds(text, post, COUNT(post));
    if (text.len && !r.pre && !r.post)
        return false;
    *ret = r;
    return true;
}

/* Whether the first `n` numbers are the same; what is left out is 0. */
static bool same_numbers(const struct release *a, const struct release *b, size_t n)
{
    if (order_digits(a->epoch, b->epoch) != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (order_digits(i < a->count ? a->number[i] : STR("0"),
                         i < b->count ? b->number[i] : STR("0")) != 0)
            return false;
    return true;
}

static str without_local(str version)
{
    return str_sub(version, 0, str_find(version, '+'));
}

struct question {
    str version;
    struct release is;
    bool pre_wanted; /* a specifier that asks for pre-releases names one */
};

/* Of "==1.0" a version's local part does not count, unless the specifier has one. */
static int order_to(const struct question *q, str than, const struct release *r)
{
    return order_pypi(r->local ? q->version : without_local(q->version), than);
}

static bool compatible(const struct question *q, str than, const struct release *r)
{
    return order_to(q, than, r) >= 0 && same_numbers(&q->is, r, r->count - 1);
}

/* "<2.0" does not take 2.0's pre-releases. */
static bool below(const struct question *q, str than, const struct release *r)
{
    if (order_to(q, than, r) >= 0)
        return false;
    return r->pre || !q->is.pre ||
           !same_numbers(&q->is, r, q->is.count > r->count ? q->is.count : r->count);
}

/* ">2.0" takes neither 2.0.post1 nor 2.0+local. */
static bool above(const struct question *q, str than, const struct release *r)
{
    bool same = same_numbers(&q->is, r, q->is.count > r->count ? q->is.count : r->count);

    return order_to(q, than, r) > 0 && !(same && (q->is.local || (q->is.post && !r->post)));
}

enum operator{ COMPATIBLE, EQUAL, OTHER, AT_MOST, AT_LEAST, BELOW, ABOVE };

static const struct {
    const char *word;
    enum operator op;
} operators[] = {
    {"~=", COMPATIBLE}, {"==", EQUAL}, {"!=", OTHER}, {"<=", AT_MOST},
    {">=", AT_LEAST},   {"<", BELOW},  {">", ABOVE},
};

static bool fits(const struct question *q, enum operator op, str than, const struct release *r)
{
    switch (op) {
    case COMPATIBLE:
        return compatible(q, than, r);
    case EQUAL:
        return order_to(q, than, r) == 0;
    case OTHER:
        return order_to(q, than, r) != 0;
    case AT_MOST:
        return order_to(q, than, r) <= 0;
    case AT_LEAST:
        return order_to(q, than, r) >= 0;
    case BELOW:
        return below(q, than, r);
    case ABOVE:
        return above(q, than, r);
    }
    return false;
}

static bool take_operator(str *rest, enum operator* ret)
{
    for (size_t i = 0; i < COUNT(operators); i++) {
        if (!str_starts(*rest, str_of(operators[i].word)))
            continue;
        *rest = str_sub(*rest, strlen(operators[i].word), rest->len);
        *ret = operators[i].op;
        return true;
    }
    return false;
}

static bool read_one(struct question *q, str text, bool *ret)
{
    enum operator op;
    struct release r;

    if (str_starts(text, STR("==="))) {
        *ret = str_equal_nocase(str_trim(str_sub(text, 3, text.len)), q->version);
        q->pre_wanted |= *ret;
        return true;
    }
    if (!take_operator(&text, &op))
        return false;
    take_while(&text, is_blank);
    if (str_ends(text, STR(".*"))) {
        if ((op != EQUAL && op != OTHER) || !read_release(str_sub(text, 0, text.len - 2), &r) ||
            r.pre || r.post || r.local)
            return false;
        *ret = same_numbers(&q->is, &r, r.count) == (op == EQUAL);
        return true;
    }
    if (!read_release(text, &r))
        return false;
    if (op == COMPATIBLE && r.count < 2)
        return false;
    *ret = fits(q, op, text, &r);
    q->pre_wanted |= r.pre && op != OTHER && op != BELOW && op != ABOVE;
    return true;
}

/* Without a specifier that names one, pre-releases are not taken. */
bool range_pypi(str range, str version, bool *ret)
{
    struct question q = {.version = version};
    bool all = true;
    str one;

    if (!read_release(version, &q.is))
        return false;
    while (str_cut(&range, ',', &one)) {
        bool taken = true;

        one = str_trim(one);
        if (one.len && !read_one(&q, one, &taken))
            return false;
        all = all && taken;
    }
    *ret = all && (!q.is.pre || q.pre_wanted);
    return true;
}
