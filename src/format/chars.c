/* Kinds of characters, and names made of labels. */
#include "format/checks.h"

bool format_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool format_is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool format_is_hex(char c)
{
    return format_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

bool format_is_label(str s, bool wide)
{
    if (!s.len || s.len > (wide ? HOST_MAX : LABEL_MAX) || s.at[0] == '-' ||
        s.at[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!format_is_letter(s.at[i]) && !format_is_digit(s.at[i]) && s.at[i] != '-' &&
            !(wide && (unsigned char)s.at[i] >= 0x80))
            return false;
    return true;
}

bool format_is_domain(str s, bool wide)
{
    str rest = s, label;

    if (!s.len || s.len > HOST_MAX || s.at[s.len - 1] == '.')
        return false;
    while (str_cut(&rest, '.', &label))
        if (!format_is_label(label, wide))
            return false;
    return true;
}

bool format_next_point(str s, size_t *i, uint32_t *ret)
{
    size_t n = *i < s.len ? str_utf8_length(s, *i) : 0;
    const unsigned char *p = (const unsigned char *)s.at + *i;
    uint32_t c;

    if (!n)
        return false;
    c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t k = 1; k < n; k++)
        c = c << 6 | (p[k] & 0x3f);
    *i += n;
    *ret = c;
    return true;
}
