/* rpm: [epoch:]version[-release], each part by rpmvercmp. */
#include "version/order.h"

struct redhat {
    str epoch, version, release;
    bool has_release;
};

static struct redhat redhat_read(str s)
{
    struct redhat v = {.epoch = STR("0")};
    size_t dash = str_find(s, '-'), colon;

    v.has_release = dash < s.len;
    v.release = str_sub(s, dash + 1, s.len);
    v.version = str_sub(s, 0, dash);
    colon = str_find(v.version, ':');
    if (colon < v.version.len) {
        v.epoch = str_sub(v.version, 0, colon);
        v.version = str_sub(v.version, colon + 1, v.version.len);
    }
    return v;
}

static bool is_passed_over(char c)
{
    return !is_digit(c) && !is_letter(c) && c != '~' && c != '^';
}

/* Whether one side at least begins with `mark`. */
static bool meets(str a, str b, char mark)
{
    return (a.len && a.at[0] == mark) || (b.len && b.at[0] == mark);
}

static bool both(str *a, str *b, char mark)
{
    if (!a->len || !b->len || a->at[0] != mark || b->at[0] != mark)
        return false;
    *a = str_sub(*a, 1, a->len);
    *b = str_sub(*b, 1, b->len);
    return true;
}

/* "1.0^x" is after "1.0" and before "1.0.1". */
static int order_caret(str a, str b)
{
    bool a_has = a.len && a.at[0] == '^';

    if (a_has)
        return b.len ? -1 : 1;
    return a.len ? 1 : -1;
}

static int order_segment(str *a, str *b)
{
    bool digits = is_digit(a->at[0]), other = is_digit(b->at[0]);
    str x = take_while(a, digits ? is_digit : is_letter);
    str y = take_while(b, digits ? is_digit : is_letter);

    if (digits != other)
        return digits ? 1 : -1;
    return digits ? order_digits(x, y) : str_compare(x, y);
}

static int order_part(str a, str b)
{
    int order;

    while (a.len || b.len) {
        take_while(&a, is_passed_over);
        take_while(&b, is_passed_over);
        if (meets(a, b, '~')) {
            if (!both(&a, &b, '~'))
                return a.len && a.at[0] == '~' ? -1 : 1;
            continue;
        }
        if (meets(a, b, '^')) {
            if (!both(&a, &b, '^'))
                return order_caret(a, b);
            continue;
        }
        if (!a.len || !b.len)
            break;
        order = order_segment(&a, &b);
        if (order)
            return order;
    }
    return (a.len != 0) - (b.len != 0);
}

int order_redhat(str a, str b)
{
    struct redhat x = redhat_read(a), y = redhat_read(b);
    int order = order_part(x.epoch, y.epoch);

    if (!order)
        order = order_part(x.version, y.version);
    if (order || !x.has_release || !y.has_release)
        return order ? order : x.has_release - y.has_release;
    return order_part(x.release, y.release);
}
