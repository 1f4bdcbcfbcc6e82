/* Character references: numbers, and the WHATWG's names. */
#include "clean/html.h"

enum { REPLACEMENT = 0xfffd, LONGEST_NAME = 32 };

static const struct named {
    str name; /* with its semicolon, where it has one */
    uint32_t codes[2];
} named[] = {
#include "clean/html_references.h"
};

/* What the numbers 0x80 to 0x9f are taken for: windows-1252. */
static const uint16_t windows[] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

static int digit_value(char c, unsigned base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint32_t number_meant(uint32_t n)
{
    if (n == 0 || n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff))
        return REPLACEMENT;
    return n >= 0x80 && n <= 0x9f ? windows[n - 0x80] : n;
}

static size_t numeric(str in, size_t i, uint32_t codes[2])
{
    bool hex = i + 2 < in.len && (in.at[i + 2] | 0x20) == 'x';
    size_t from = i + 2 + hex, at = from;
    uint32_t n = 0;

    for (int d; at < in.len && (d = digit_value(in.at[at], hex ? 16 : 10)) >= 0; at++)
        if (n <= 0x10ffff)
            n = n * (hex ? 16 : 10) + (uint32_t)d;
    if (at == from)
        return 0;
    codes[0] = number_meant(n);
    codes[1] = 0;
    return at - i + (at < in.len && in.at[at] == ';');
}

static const struct named *find_named(str name)
{
    size_t from = 0, to = COUNT(named);

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_compare(named[middle].name, name);

        if (!order)
            return &named[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

size_t html_reference(str in, size_t i, bool in_attribute, uint32_t codes[2])
{
    str rest = str_sub(in, i + 1, LONGEST_NAME);
    size_t len = 0;

    if (i + 1 < in.len && in.at[i + 1] == '#')
        return numeric(in, i, codes);
    while (len < rest.len && is_alphanumeric(rest.at[len]))
        len++;
    len += len < rest.len && rest.at[len] == ';';
    for (; len >= 2; len--) {
        const struct named *n = find_named(str_sub(rest, 0, len));
        char next = i + 1 + len < in.len ? in.at[i + 1 + len] : 0;

        if (!n)
            continue;
        /* For the sake of old links with a query, "&copy=1" in an attribute is none. */
        if (in_attribute && rest.at[len - 1] != ';' && (next == '=' || is_alphanumeric(next)))
            return 0;
        memcpy(codes, n->codes, sizeof(n->codes));
        return 1 + len;
    }
    return 0;
}
