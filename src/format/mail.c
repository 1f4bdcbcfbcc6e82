/* Mailboxes as RFC 5321 writes them, and RFC 6531 with letters beyond ASCII. */
#include "format/checks.h"

enum { LOCAL_MAX = 64 };

/* How far the words between dots go, none of them empty; 0 when they do not. */
static size_t dot_string(str s, bool wide)
{
    unsigned kinds = KIND_ATOM | (wide ? KIND_WIDE : 0);
    size_t i = 0, from;

    do {
        for (from = i; i < s.len && format_is(s.at[i], kinds);)
            i++;
        if (i == from)
            return 0;
    } while (i < s.len && s.at[i] == '.' && ++i);
    return i;
}

/* From one quote to behind the other; 0 when that is not there. */
static size_t quoted_string(str s, bool wide)
{
    for (size_t i = 1; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        if (c == '"')
            return i + 1;
        if (c == '\\' && ++i < s.len)
            c = (unsigned char)s.at[i];
        if (c < 0x20 || c == 0x7f || (c >= 0x80 && !wide))
            return 0;
    }
    return 0;
}

static bool is_address(str s)
{
    str inside = str_sub(s, 1, s.len - 2);

    if (s.at[s.len - 1] != ']')
        return false;
    if (str_equal_nocase(str_sub(inside, 0, 5), STR("IPv6:")))
        return format_ipv6(str_sub(inside, 5, inside.len));
    return format_ipv4(inside);
}

static bool is_mailbox(str s, bool wide)
{
    size_t local = s.len && s.at[0] == '"' ? quoted_string(s, wide) : dot_string(s, wide);
    str domain = str_sub(s, local + 1, s.len);

    if (!local || local > LOCAL_MAX || local >= s.len || s.at[local] != '@' || !domain.len)
        return false;
    return domain.at[0] == '[' ? is_address(domain) : format_is_domain(domain, wide);
}

bool format_email(str s)
{
    return is_mailbox(s, false);
}

bool format_idn_email(str s)
{
    return str_is_utf8(s) && is_mailbox(s, true);
}
