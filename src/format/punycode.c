/* Punycode (RFC 3492) of one label. */
#include "format/checks.h"

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST = 128 };
static const uint32_t POINT_MAX = 0x10ffff;

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    if (k <= bias)
        return T_MIN;
    return k >= bias + T_MAX ? T_MAX : k - bias;
}

static int digit_value(char c)
{
    if (format_is_digit(c))
        return c - '0' + 26;
    return format_is_letter(c) ? (c | 0x20) - 'a' : -1;
}

/* One number of variable length, at s[*at]. */
static bool take_delta(str s, size_t *at, uint32_t bias, uint32_t *ret)
{
    uint64_t value = 0, weight = 1;

    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias);
        int digit = *at < s.len ? digit_value(s.at[(*at)++]) : -1;

        if (digit < 0)
            return false;
        value += (uint64_t)digit * weight;
        if (value > UINT32_MAX / 2)
            return false;
        if ((uint32_t)digit < t) {
            *ret = (uint32_t)value;
            return true;
        }
        weight *= BASE - t;
    }
}

/* The ASCII letters stand first, before the last hyphen. */
static size_t take_basic(str s, struct label *l)
{
    size_t end = s.len;

    while (end && s.at[end - 1] != '-')
        end--;
    for (size_t i = 0; i + 1 < end; i++) {
        char c = s.at[i];

        l->points[l->count++] = (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return end;
}

bool punycode_decode(str s, struct label *ret)
{
    struct label l = {.count = 0};
    uint32_t n = FIRST, i = 0, bias = BIAS, delta;
    bool first = true;
    size_t at;

    if (s.len > LABEL_MAX)
        return false;
    for (at = take_basic(s, &l); at < s.len;) {
        uint32_t room = (uint32_t)l.count + 1;

        if (!take_delta(s, &at, bias, &delta) || l.count == LABEL_MAX)
            return false;
        bias = adapt(delta, room, first);
        first = false;
        i += delta;
        if (i / room > POINT_MAX - n)
            return false;
        n += i / room;
        i %= room;
        memmove(&l.points[i + 1], &l.points[i], (l.count - i) * sizeof(l.points[0]));
        l.points[i++] = n;
        l.count++;
    }
    *ret = l;
    return true;
}

static size_t delta_length(uint32_t delta, uint32_t bias)
{
    size_t n = 1;

    for (uint32_t k = BASE; delta >= threshold(k, bias); k += BASE, n++)
        delta = (delta - threshold(k, bias)) / (BASE - threshold(k, bias));
    return n;
}

/* The least code point that is `n` or more. */
static uint32_t least_from(const struct label *l, uint32_t n)
{
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < l->count; i++)
        if (l->points[i] >= n && l->points[i] < least)
            least = l->points[i];
    return least;
}

size_t punycode_length(const struct label *l)
{
    uint32_t n = FIRST, delta = 0, bias = BIAS, done = 0, basic;
    size_t length;

    for (size_t i = 0; i < l->count; i++)
        done += l->points[i] < FIRST;
    basic = done;
    length = basic + (basic > 0);
    while (done < l->count) {
        uint32_t next = least_from(l, n);

        delta += (next - n) * (done + 1);
        for (size_t i = 0; i < l->count; i++) {
            delta += l->points[i] < next;
            if (l->points[i] != next)
                continue;
            length += delta_length(delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        n = next + 1;
    }
    return length;
}
