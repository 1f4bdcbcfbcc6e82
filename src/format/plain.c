/* Pointers, identifiers, encodings, patterns. */
#include "format/checks.h"
#include "pattern/pattern.h"

bool format_json_pointer(str s)
{
    if (s.len && s.at[0] != '/')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '~' && (++i == s.len || (s.at[i] != '0' && s.at[i] != '1')))
            return false;
    return true;
}

bool format_relative_json_pointer(str s)
{
    size_t digits = 0;
    str rest;

    while (digits < s.len && format_is_digit(s.at[digits]))
        digits++;
    if (!digits || (s.at[0] == '0' && digits > 1))
        return false;
    rest = str_sub(s, digits, s.len);
    return str_equal(rest, STR("#")) || format_json_pointer(rest);
}

bool format_uuid(str s)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    unsigned wrong = 0;

    if (s.len != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < sizeof(form) - 1; i++)
        wrong |= !format_is(s.at[i], form[i] == '-' ? KIND_HYPHEN : KIND_HEX);
    return !wrong;
}

bool format_base64(str s)
{
    size_t padding = str_ends(s, STR("==")) ? 2 : str_ends(s, STR("="));
    int value = 0;

    if (s.len % 4)
        return false;
    for (size_t i = 0; i < s.len - padding; i++) {
        value = base64_value(s.at[i]);
        if (value < 0)
            return false;
    }
    /* Bits that stand for nothing are zero. */
    return !padding || !(value & (padding == 2 ? 15 : 3));
}

bool format_regex(str s)
{
    struct pattern *p;
    struct err e = {0};

    if (!pattern_compile(s, &p, &e))
        return false;
    pattern_free(p);
    return true;
}

bool format_any(str s)
{
    (void)s;
    return true;
}
