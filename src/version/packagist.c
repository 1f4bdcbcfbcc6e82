/* PHP's version_compare, which Composer's order is built on. */
#include "version/order.h"

/* From oldest. A part is one of these when it begins with it; other words are older still. */
static const char *const forms[] = {"dev", "alpha", "a", "beta", "b",
                                    "RC",  "rc",    "#", "pl",   "p"};
static const int ranks[] = {0, 1, 1, 2, 2, 3, 3, 4, 5, 5};
enum { NUMBER_RANK = 4 };

static bool is_separator(char c)
{
    return !is_digit(c) && !is_letter(c) && c != '#' && !(c & 0x80);
}

static bool is_word(char c)
{
    return !is_digit(c) && !is_separator(c);
}

static int rank(str part)
{
    if (is_number(part))
        return NUMBER_RANK;
    for (size_t i = 0; i < COUNT(forms); i++)
        if (str_starts(part, str_of(forms[i])))
            return ranks[i];
    return -1;
}

static bool next_part(str *rest, str *ret)
{
    take_while(rest, is_separator);
    if (!rest->len)
        return false;
    *ret = take_while(rest, is_digit(rest->at[0]) ? is_digit : is_word);
    return true;
}

/* What one version has and the other has not: a number makes it newer, a word says by how much. */
static int order_rest(str rest, str part)
{
    int order = is_number(part) ? 1 : order_of(rank(part), NUMBER_RANK);

    return order || !next_part(&rest, &part) ? order : order_rest(rest, part);
}

static str without_v(str s)
{
    return s.len && lower(s.at[0]) == 'v' ? str_sub(s, 1, s.len) : s;
}

int order_packagist(str a, str b)
{
    a = without_v(a);
    b = without_v(b);
    for (;;) {
        str x, y;
        bool more_a = next_part(&a, &x), more_b = next_part(&b, &y);
        int order;

        if (!more_a && !more_b)
            return 0;
        if (!more_a || !more_b)
            return more_a ? order_rest(a, x) : -order_rest(b, y);
        order = is_number(x) && is_number(y) ? order_digits(x, y) : order_of(rank(x), rank(y));
        if (order)
            return order;
    }
}
