/* apk-tools: numbers[letter]{_suffix[number]}[~hash][-rN]. */
#include "version/order.h"

struct alpine {
    str numbers; /* digits between dots */
    char letter; /* 0: none */
    str suffixes; /* "_rc1_p2" */
    str hash, build; /* digits of -rN */
    bool has_build;
    str rest; /* what did not fit */
};

static const char *const suffixes[] = {"alpha", "beta", "pre", "rc", "",
                                       "cvs",   "svn",  "git", "hg", "p"};
enum { NO_SUFFIX = 4 };

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_hash(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool find_suffix(str word, int *ret)
{
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        if (i == NO_SUFFIX || !str_is(word, suffixes[i]))
            continue;
        *ret = (int)i;
        return true;
    }
    return false;
}

/* "_rc1" off the front; false and nothing taken when it is no known suffix. */
static bool next_suffix(str *rest, int *kind, str *number)
{
    str s = *rest;

    if (!s.len || s.at[0] != '_')
        return false;
    s = str_sub(s, 1, s.len);
    if (!find_suffix(take_while(&s, is_lower), kind))
        return false;
    *number = take_while(&s, is_digit);
    *rest = s;
    return true;
}

static void take_numbers(str *rest)
{
    take_while(rest, is_digit);
    while (rest->len > 1 && rest->at[0] == '.' && is_digit(rest->at[1])) {
        *rest = str_sub(*rest, 1, rest->len);
        take_while(rest, is_digit);
    }
}

static struct alpine alpine_read(str s)
{
    struct alpine v = {0};
    str number, start = s;
    int kind;

    take_numbers(&s);
    v.numbers = str_sub(start, 0, start.len - s.len);
    if (s.len && is_lower(s.at[0])) {
        v.letter = s.at[0];
        s = str_sub(s, 1, s.len);
    }
    start = s;
    while (next_suffix(&s, &kind, &number))
        ;
    v.suffixes = str_sub(start, 0, start.len - s.len);
    if (s.len > 1 && s.at[0] == '~' && is_hash(s.at[1])) {
        s = str_sub(s, 1, s.len);
        v.hash = take_while(&s, is_hash);
    }
    if (str_starts(s, STR("-r")) && !(s.len > 2 && is_letter(s.at[2]))) {
        s = str_sub(s, 2, s.len);
        v.build = take_while(&s, is_digit);
        v.has_build = true;
    }
    v.rest = s;
    return v;
}

/* Behind the first dot a leading zero makes digits a decimal fraction: 1.02 is before 1.1. */
static int order_number(str a, str b, bool first)
{
    if (!first && (a.at[0] == '0' || b.at[0] == '0'))
        return str_compare(a, b);
    return order_digits(a, b);
}

static int order_numbers_of(str a, str b)
{
    for (bool first = true;; first = false) {
        str x, y;
        bool more_a = a.len && str_cut(&a, '.', &x), more_b = b.len && str_cut(&b, '.', &y);
        int order;

        if (!more_a || !more_b)
            return more_a - more_b;
        order = order_number(x, y, first);
        if (order)
            return order;
    }
}

static int order_suffixes(str a, str b)
{
    while (a.len || b.len) {
        int p = NO_SUFFIX, q = NO_SUFFIX, order;
        str x = {0}, y = {0};

        next_suffix(&a, &p, &x);
        next_suffix(&b, &q, &y);
        order = order_of(p, q);
        if (!order)
            order = order_digits(x, y);
        if (order)
            return order;
    }
    return 0;
}

/* What no rule knows: behind a dash all is the same, and older than nothing at all. */
static int order_strange(str a, str b)
{
    bool a_dash = a.len && (a.at[0] == '-' || a.at[0] == '_');
    bool b_dash = b.len && (b.at[0] == '-' || b.at[0] == '_');

    if (a_dash && b_dash && a.at[0] == b.at[0])
        return 0;
    return a_dash != b_dash ? b_dash - a_dash : str_compare(a, b);
}

int order_alpine(str a, str b)
{
    struct alpine x = alpine_read(a), y = alpine_read(b);
    int order = order_numbers_of(x.numbers, y.numbers);

    if (!order)
        order = order_of(x.letter, y.letter);
    if (!order)
        order = order_suffixes(x.suffixes, y.suffixes);
    if (!order)
        order = str_compare(x.hash, y.hash);
    if (!order)
        order = x.has_build - y.has_build;
    if (!order)
        order = order_digits(x.build, y.build);
    return order ? order : order_strange(x.rest, y.rest);
}
