/* semver.org 2.0, and the relatives of it: NuGet, Pub. */
#include "version/order.h"

enum { NUMBERS_MAX = 4 };

/* "v1.2.3-rc.1+build" in parts. What does not look like a version ends in `pre`. */
struct semver {
    str numbers[NUMBERS_MAX];
    str pre; /* with whatever separates it from the numbers; empty when there is none */
    str build;
};

static struct semver semver_read(str s, size_t numbers_max)
{
    struct semver v = {0};
    size_t n = 0, plus;

    if (s.len && (s.at[0] == 'v' || s.at[0] == 'V'))
        s = str_sub(s, 1, s.len);
    plus = str_find(s, '+');
    v.build = str_sub(s, plus, s.len);
    s = str_sub(s, 0, plus);
    while (n < numbers_max && s.len && is_digit(s.at[0])) {
        v.numbers[n++] = take_while(&s, is_digit);
        if (n == numbers_max || s.len < 2 || s.at[0] != '.' || !is_digit(s.at[1]))
            break;
        s = str_sub(s, 1, s.len);
    }
    v.pre = s;
    return v;
}

/* A release is newer than all that leads to it. */
static int order_pre(str a, str b, int (*words)(str a, str b))
{
    if (!a.len || !b.len)
        return (a.len == 0) - (b.len == 0);
    a = str_sub(a, a.at[0] == '-', a.len);
    b = str_sub(b, b.at[0] == '-', b.len);
    return order_identifiers(a, b, words);
}

static int order_versions(const struct semver *a, const struct semver *b,
                          int (*words)(str a, str b))
{
    for (size_t i = 0; i < NUMBERS_MAX; i++) {
        int order = order_digits(a->numbers[i], b->numbers[i]);

        if (order)
            return order;
    }
    return order_pre(a->pre, b->pre, words);
}

int order_semver(str a, str b)
{
    struct semver x = semver_read(a, 3), y = semver_read(b, 3);

    return order_versions(&x, &y, str_compare);
}

int order_nuget(str a, str b)
{
    struct semver x = semver_read(a, 4), y = semver_read(b, 4);

    return order_versions(&x, &y, order_nocase);
}

int order_pub(str a, str b)
{
    struct semver x = semver_read(a, 3), y = semver_read(b, 3);
    int order = order_versions(&x, &y, str_compare);

    if (order || !x.build.len || !y.build.len)
        return order ? order : (x.build.len != 0) - (y.build.len != 0);
    return order_identifiers(str_sub(x.build, 1, x.build.len), str_sub(y.build, 1, y.build.len),
                             str_compare);
}
