/* Gem::Version: numbers and words; a version with a word in it is a pre-release. */
#include "version/order.h"

/* The next number or word; a dash reads as "pre". */
static bool next_segment(str *rest, str *ret)
{
    while (rest->len && !is_digit(rest->at[0]) && !is_letter(rest->at[0])) {
        bool dash = rest->at[0] == '-';

        *rest = str_sub(*rest, 1, rest->len);
        if (dash) {
            *ret = STR("pre");
            return true;
        }
    }
    if (!rest->len)
        return false;
    *ret = take_while(rest, is_digit(rest->at[0]) ? is_digit : is_letter);
    return true;
}

static bool is_zero(str s)
{
    return is_number(s) && order_digits(s, STR("")) == 0;
}

/* Whether nothing but zeros is left before the first word, or the end. */
static bool is_padding(str rest, str segment)
{
    bool more = true;

    while (more && is_zero(segment))
        more = next_segment(&rest, &segment);
    return !more || !is_number(segment);
}

/* As next_segment, without the zeros that end the numbers and the version. */
static bool next_significant(str *rest, str *ret)
{
    while (next_segment(rest, ret)) {
        if (!is_zero(*ret) || !is_padding(*rest, *ret))
            return true;
    }
    return false;
}

static int order_segment(str a, str b)
{
    bool a_number = is_number(a), b_number = is_number(b);

    if (a_number != b_number)
        return a_number ? 1 : -1;
    return a_number ? order_digits(a, b) : str_compare(a, b);
}

int order_rubygems(str a, str b)
{
    for (;;) {
        str x = STR("0"), y = STR("0");
        bool more_a = next_significant(&a, &x), more_b = next_significant(&b, &y);
        int order;

        if (!more_a && !more_b)
            return 0;
        if (!more_a)
            x = STR("0");
        if (!more_b)
            y = STR("0");
        order = order_segment(x, y);
        if (order)
            return order;
    }
}
