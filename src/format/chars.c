/* Kinds of characters, and names made of labels. */
#include "format/checks.h"

#define DIGIT (KIND_DIGIT | KIND_HEX | KIND_HOST | KIND_ATOM)
#define LETTER (KIND_LETTER | KIND_HOST | KIND_ATOM)

const unsigned char format_kinds[256] = {
    ['0' ... '9'] = DIGIT,       ['a' ... 'f'] = LETTER | KIND_HEX,
    ['g' ... 'z'] = LETTER,      ['A' ... 'F'] = LETTER | KIND_HEX,
    ['G' ... 'Z'] = LETTER,      ['-'] = KIND_HOST | KIND_ATOM | KIND_HYPHEN,
    ['!'] = KIND_ATOM,           ['#' ... '\''] = KIND_ATOM,
    ['*' ... '+'] = KIND_ATOM,   ['/'] = KIND_ATOM,
    ['='] = KIND_ATOM,           ['?'] = KIND_ATOM,
    ['^' ... '`'] = KIND_ATOM,   ['{' ... '~'] = KIND_ATOM,
    [0x80 ... 0xff] = KIND_WIDE,
};

/* From `from` as far as letters, digits and hyphens go; 0 when that is no label. */
static size_t label_length(str s, size_t from, bool wide)
{
    unsigned kinds = KIND_HOST | (wide ? KIND_WIDE : 0);
    size_t i = from;

    while (i < s.len && format_is(s.at[i], kinds))
        i++;
    if (i == from || s.at[from] == '-' || s.at[i - 1] == '-' ||
        i - from > (wide ? HOST_MAX : LABEL_MAX))
        return 0;
    return i - from;
}

bool format_is_label(str s, bool wide)
{
    return s.len && label_length(s, 0, wide) == s.len;
}

bool format_is_domain(str s, bool wide)
{
    size_t i = 0;

    if (s.len > HOST_MAX)
        return false;
    for (;;) {
        size_t n = label_length(s, i, wide);

        i += n;
        if (!n || i == s.len)
            return n > 0;
        if (s.at[i++] != '.')
            return false;
    }
}
