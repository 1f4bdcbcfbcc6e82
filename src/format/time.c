/* Dates, times and durations as RFC 3339 writes them. */
#include "format/checks.h"

/* The number of `n` digits at s[*i], and behind them. */
static bool take_number(str s, size_t *i, size_t n, unsigned *ret)
{
    unsigned value = 0;

    if (s.len - *i < n)
        return false;
    for (size_t end = *i + n; *i < end; ++*i) {
        unsigned digit = (unsigned)(unsigned char)s.at[*i] - '0';

        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *ret = value;
    return true;
}

static bool take(str s, size_t *i, char c)
{
    return *i < s.len && s.at[*i] == c && ++*i;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(str s, size_t *i)
{
    unsigned year, month, day;

    return take_number(s, i, 4, &year) && take(s, i, '-') && take_number(s, i, 2, &month) &&
           take(s, i, '-') && take_number(s, i, 2, &day) && month >= 1 && month <= 12 &&
           day >= 1 && day <= days_in(year, month);
}

/* Minutes to be added for UTC. */
static bool take_offset(str s, size_t *i, unsigned *ret)
{
    unsigned hour, minute;
    char sign = *i < s.len ? s.at[*i] : '\0';

    ++*i;
    *ret = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    if ((sign != '+' && sign != '-') || !take_number(s, i, 2, &hour) || !take(s, i, ':') ||
        !take_number(s, i, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ret = sign == '-' ? hour * 60 + minute : 24 * 60 - hour * 60 - minute;
    return true;
}

static bool take_fraction(str s, size_t *i)
{
    size_t from;

    if (!take(s, i, '.'))
        return true;
    for (from = *i; *i < s.len && format_is_digit(s.at[*i]);)
        ++*i;
    return *i > from;
}

static bool take_time(str s, size_t *i)
{
    unsigned hour, minute, second, offset;

    if (!take_number(s, i, 2, &hour) || !take(s, i, ':') || !take_number(s, i, 2, &minute) ||
        !take(s, i, ':') || !take_number(s, i, 2, &second) || !take_fraction(s, i) ||
        !take_offset(s, i, &offset) || hour > 23 || minute > 59)
        return false;
    /* A leap second is the last of a day in UTC. */
    return second < 60 ||
           (second == 60 && (hour * 60 + minute + offset) % (24 * 60) == 24 * 60 - 1);
}

bool format_date(str s)
{
    size_t i = 0;

    return take_date(s, &i) && i == s.len;
}

bool format_time(str s)
{
    size_t i = 0;

    return take_time(s, &i) && i == s.len;
}

bool format_date_time(str s)
{
    size_t i = 0;

    return take_date(s, &i) && (take(s, &i, 'T') || take(s, &i, 't')) && take_time(s, &i) &&
           i == s.len;
}

/* Digits and a unit; the units that follow one another in `units` may, without a gap. */
static bool take_units(str s, size_t *i, const char *units)
{
    const char *next = NULL;

    while (*i < s.len && format_is_digit(s.at[*i])) {
        const char *unit;

        while (*i < s.len && format_is_digit(s.at[*i]))
            ++*i;
        unit = *i < s.len && s.at[*i] ? strchr(units, s.at[*i]) : NULL;
        if (!unit || (next && unit != next))
            return false;
        next = unit + 1;
        ++*i;
    }
    return next != NULL;
}

bool format_duration(str s)
{
    size_t i = 0, after_date;

    if (!take(s, &i, 'P'))
        return false;
    if (s.len > i && s.at[s.len - 1] == 'W')
        return take_units(s, &i, "W") && i == s.len;
    if (i < s.len && s.at[i] != 'T' && !take_units(s, &i, "YMD"))
        return false;
    after_date = i;
    if (take(s, &i, 'T'))
        return take_units(s, &i, "HMS") && i == s.len;
    return after_date > 1 && i == s.len;
}
