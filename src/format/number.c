/* OpenAPI's numbers, judged by their text: 1e2 is an integer, 2147483647.5 is none. */
#include "format/checks.h"

enum { DIGITS_MAX = 60 };

/* 0.DIGITS times ten to the `point`; `digits` are those that count, cut at DIGITS_MAX. */
struct number {
    bool negative;
    char digits[DIGITS_MAX];
    size_t count;
    int64_t point;
    size_t last; /* where the last digit stands that is not zero, from 1; 0 for zero */
};

static bool take_exponent(str s, size_t i, int64_t *ret)
{
    int64_t n = 0;
    bool negative;

    if (i == s.len)
        return true;
    negative = ++i < s.len && s.at[i] == '-';
    i += i < s.len && (s.at[i] == '-' || s.at[i] == '+');
    for (; i < s.len; i++) {
        if (!format_is_digit(s.at[i]))
            return false;
        /* Further off than any text could move the point back. */
        if (n < INT64_MAX / 100)
            n = n * 10 + (s.at[i] - '0');
    }
    *ret += negative ? -n : n;
    return true;
}

static void add_digit(struct number *n, char digit)
{
    if (digit == '0' && !n->last && n->count == 0)
        return;
    if (n->count < DIGITS_MAX)
        n->digits[n->count] = digit;
    n->count++;
    if (digit != '0')
        n->last = n->count;
}

static bool read_number(str s, struct number *ret)
{
    struct number n = {.negative = s.len && s.at[0] == '-'};
    size_t i = n.negative, whole;
    bool fraction = false;

    for (; i < s.len && (s.at[i] | 0x20) != 'e'; i++) {
        if (s.at[i] == '.') {
            fraction = true;
            continue;
        }
        if (!format_is_digit(s.at[i]))
            return false;
        whole = n.count;
        add_digit(&n, s.at[i]);
        if (!fraction)
            n.point += n.count > whole;
        else
            n.point -= n.count == whole;
    }
    if (!take_exponent(s, i, &n.point))
        return false;
    *ret = n;
    return true;
}

/* The digit at `i`, zero behind the last. */
static char digit_at(const struct number *n, size_t i)
{
    return i < n->count && i < DIGITS_MAX ? n->digits[i] : '0';
}

/* Whether the number's size is at most that of the whole number `limit`, in digits. */
static bool is_within(const struct number *n, str limit)
{
    if (n->point != (int64_t)limit.len)
        return n->point < (int64_t)limit.len;
    for (size_t i = 0; i < limit.len; i++)
        if (digit_at(n, i) != limit.at[i])
            return digit_at(n, i) < limit.at[i];
    return true;
}

bool format_integer(str s, str least, str most)
{
    struct number n;

    if (!read_number(s, &n))
        return false;
    if (!n.last)
        return true;
    return (int64_t)n.last <= n.point && is_within(&n, n.negative ? least : most);
}

/*
 * Whether a number rounds to a finite one: its first digits are less than those of the least
 * number that does not. Where all of these agree it is taken as too large.
 */
static bool is_finite(str s, int64_t point, str first)
{
    struct number n;

    if (!read_number(s, &n))
        return false;
    if (!n.last || n.point < point)
        return true;
    for (size_t i = 0; n.point == point && i < first.len; i++)
        if (digit_at(&n, i) != first.at[i])
            return digit_at(&n, i) < first.at[i];
    return false;
}

/* 2^128 - 2^103 */
bool format_float(str s)
{
    return is_finite(s, 39, STR("340282356779733661637539395458142568448"));
}

/* 2^1024 - 2^970, cut */
bool format_double(str s)
{
    return is_finite(s, 309,
                     STR("179769313486231580793728971405303415079934132710037826936173"));
}
