/* dpkg: [epoch:]upstream[-revision], Debian policy 5.6.12. */
#include "version/order.h"

struct debian {
    str epoch, upstream, revision;
};

static struct debian debian_read(str s)
{
    struct debian v = {0};
    size_t colon = str_find(s, ':'), dash;

    if (colon < s.len) {
        v.epoch = str_sub(s, 0, colon);
        s = str_sub(s, colon + 1, s.len);
    }
    for (dash = s.len; dash > 0 && s.at[dash - 1] != '-';)
        dash--;
    v.upstream = dash ? str_sub(s, 0, dash - 1) : s;
    v.revision = dash ? str_sub(s, dash, s.len) : STR("");
    return v;
}

/* "~" is below the end, the end below letters, letters below all else. */
static int weight(str s)
{
    if (!s.len || is_digit(s.at[0]))
        return 0;
    if (s.at[0] == '~')
        return -1;
    return is_letter(s.at[0]) ? (unsigned char)s.at[0] : (unsigned char)s.at[0] + 256;
}

static int order_words(str *a, str *b)
{
    while ((a->len && !is_digit(a->at[0])) || (b->len && !is_digit(b->at[0]))) {
        int order = order_of(weight(*a), weight(*b));

        if (order)
            return order;
        *a = str_sub(*a, 1, a->len);
        *b = str_sub(*b, 1, b->len);
    }
    return 0;
}

static int order_part(str a, str b)
{
    while (a.len || b.len) {
        int order = order_words(&a, &b);

        if (!order)
            order = order_digits(take_while(&a, is_digit), take_while(&b, is_digit));
        if (order)
            return order;
    }
    return 0;
}

int order_debian(str a, str b)
{
    struct debian x = debian_read(a), y = debian_read(b);
    int order = order_digits(x.epoch, y.epoch);

    if (!order)
        order = order_part(x.upstream, y.upstream);
    return order ? order : order_part(x.revision, y.revision);
}
