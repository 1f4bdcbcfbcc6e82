/* Numbers between dots and dashes; of two that are alike so far the longer is newer. */
#include "version/order.h"

static bool is_separator(char c)
{
    return c == '.' || c == '-';
}

int order_numbers(str a, str b)
{
    for (;;) {
        str x, y;
        int order;

        if (!a.len || !b.len)
            return (a.len != 0) - (b.len != 0);
        x = take_while(&a, is_digit);
        y = take_while(&b, is_digit);
        order = order_digits(x, y);
        if (order)
            return order;
        /* What is neither a number nor a separator is text, as is all behind it. */
        if (!is_separator(a.len ? a.at[0] : '.') || !is_separator(b.len ? b.at[0] : '.'))
            return str_compare(a, b);
        take_while(&a, is_separator);
        take_while(&b, is_separator);
    }
}
