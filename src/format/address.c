/* Addresses of the Internet protocol, as RFC 2673 and RFC 4291 write them. */
#include "format/checks.h"

bool format_ipv4(str s)
{
    size_t i = 0;

    for (unsigned part = 0; part < 4; part++) {
        size_t from;
        unsigned value = 0;

        if (part && (i == s.len || s.at[i++] != '.'))
            return false;
        for (from = i; i < s.len && i - from < 3 && format_is_digit(s.at[i]); i++)
            value = value * 10 + (unsigned)(s.at[i] - '0');
        if (i == from || value > 255 || (s.at[from] == '0' && i - from > 1))
            return false;
    }
    return i == s.len;
}

/* Up to four digits. */
static size_t group_length(str s, size_t i)
{
    size_t n = 0;

    while (n < 4 && i + n < s.len && format_is_hex(s.at[i + n]))
        n++;
    return n;
}

bool format_ipv6(str s)
{
    size_t i = 0;
    unsigned groups = 0;
    bool gap = str_starts(s, STR("::"));

    if (gap)
        i = 2;
    while (i < s.len && groups < 8) {
        size_t n = group_length(s, i);

        if (i + n < s.len && s.at[i + n] == '.') {
            groups += 2;
            return format_ipv4(str_sub(s, i, s.len)) && (gap ? groups < 8 : groups == 8);
        }
        if (!n)
            return false;
        groups++;
        i += n;
        if (i == s.len)
            break;
        if (s.at[i] != ':' || ++i == s.len)
            return false;
        if (s.at[i] == ':') {
            if (gap)
                return false;
            gap = true;
            i++;
        }
    }
    return i == s.len && (gap ? groups < 8 : groups == 8);
}
