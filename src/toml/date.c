/* Dates and times: RFC 3339, and its parts without the others. */
#include "toml/reader.h"

/* Exactly `n` digits off the front, from `low` to `high`. */
static bool take_number(str *s, size_t n, unsigned low, unsigned high, unsigned *ret)
{
    unsigned value = 0;

    for (size_t i = 0; i < n; i++) {
        if (i >= s->len || s->at[i] < '0' || s->at[i] > '9')
            return false;
        value = 10 * value + (unsigned)(s->at[i] - '0');
    }
    if (value < low || value > high)
        return false;
    *s = str_sub(*s, n, s->len);
    *ret = value;
    return true;
}

static bool take_any(str *s, const char *any)
{
    if (!s->len || !s->at[0] || !strchr(any, s->at[0]))
        return false;
    *s = str_sub(*s, 1, s->len);
    return true;
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(str *s)
{
    str rest = *s;
    unsigned year, month, day;

    if (!take_number(&rest, 4, 1, 9999, &year) || !take_any(&rest, "-") ||
        !take_number(&rest, 2, 1, 12, &month) || !take_any(&rest, "-") ||
        !take_number(&rest, 2, 1, days_of(year, month), &day))
        return false;
    *s = rest;
    return true;
}

static bool take_time(str *s)
{
    str rest = *s;
    unsigned part;
    size_t digits = 0;

    if (!take_number(&rest, 2, 0, 23, &part) || !take_any(&rest, ":") ||
        !take_number(&rest, 2, 0, 59, &part) || !take_any(&rest, ":") ||
        !take_number(&rest, 2, 0, 59, &part))
        return false;
    if (take_any(&rest, ".")) {
        while (take_number(&rest, 1, 0, 9, &part))
            digits++;
        if (!digits)
            return false;
    }
    *s = rest;
    return true;
}

static bool take_offset(str *s)
{
    unsigned part;

    return take_any(s, "Zz") || (take_any(s, "+-") && take_number(s, 2, 0, 23, &part) &&
                                 take_any(s, ":") && take_number(s, 2, 0, 59, &part));
}

bool date_is(str s)
{
    if (take_time(&s))
        return !s.len;
    if (!take_date(&s))
        return false;
    if (!s.len)
        return true;
    return take_any(&s, "Tt ") && take_time(&s) && (!s.len || (take_offset(&s) && !s.len));
}
