/* References of RFC 3986, and of RFC 3987 with characters beyond ASCII. */
#include "format/checks.h"

enum {
    SCHEME = 1, /* behind its first letter */
    UNRESERVED = 2, /* and sub-delims */
    USER = 4,
    SEGMENT = 8, /* of a path */
    PATH = 16,
    QUERY = 32,
    FRAGMENT = 64,
};
#define COMMON (UNRESERVED | USER | SEGMENT | PATH | QUERY | FRAGMENT)

static const unsigned char kinds[128] = {
    ['a' ... 'z'] = COMMON | SCHEME,
    ['A' ... 'Z'] = COMMON | SCHEME,
    ['0' ... '9'] = COMMON | SCHEME,
    ['-'] = COMMON | SCHEME,
    ['.'] = COMMON | SCHEME,
    ['+'] = COMMON | SCHEME,
    ['_'] = COMMON,
    ['~'] = COMMON,
    ['!'] = COMMON,
    ['$'] = COMMON,
    ['&'] = COMMON,
    ['\''] = COMMON,
    ['('] = COMMON,
    [')'] = COMMON,
    ['*'] = COMMON,
    [','] = COMMON,
    [';'] = COMMON,
    ['='] = COMMON,
    [':'] = USER | PATH | QUERY | FRAGMENT,
    ['@'] = SEGMENT | PATH | QUERY | FRAGMENT,
    ['/'] = PATH | QUERY | FRAGMENT,
    ['?'] = QUERY | FRAGMENT,
};

struct reader {
    str in;
    size_t at;
    bool wide; /* RFC 3987 */
};

static char peek(const struct reader *r)
{
    return r->at < r->in.len ? r->in.at[r->at] : '\0';
}

static bool take(struct reader *r, char c)
{
    return r->at < r->in.len && r->in.at[r->at] == c && ++r->at;
}

/* ucschar, and in queries iprivate: neither controls nor what Unicode never uses. */
static bool take_wide(struct reader *r, unsigned kind)
{
    size_t at = r->at;
    uint32_t c;

    if (!r->wide || !str_utf8_take(r->in, &at, &c) || c < 0xa0)
        return false;
    if ((c & 0xffff) >= 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) || (c >= 0xfff0 && c < 0x10000))
        return false;
    /* E0000 to E0FFF: tags, and other characters that are not seen. */
    if (c >= 0xe0000 && c < 0xe1000)
        return false;
    if (((c >= 0xe000 && c < 0xf900) || c >= 0xf0000) && !(kind & QUERY))
        return false;
    r->at = at;
    return true;
}

static bool take_escape(struct reader *r)
{
    if (r->in.len - r->at < 3 || !format_is_hex(r->in.at[r->at + 1]) ||
        !format_is_hex(r->in.at[r->at + 2]))
        return false;
    r->at += 3;
    return true;
}

/* As many characters as are of the kind, escaped ones among them. */
static void skip(struct reader *r, unsigned kind)
{
    while (r->at < r->in.len) {
        unsigned char c = (unsigned char)r->in.at[r->at];

        if (c < 0x80 && kinds[c] & kind)
            r->at++;
        else if (c == '%' ? !take_escape(r) : c < 0x80 || !take_wide(r, kind))
            return;
    }
}

static bool take_scheme(struct reader *r)
{
    size_t i = r->at;

    if (!format_is_letter(peek(r)))
        return false;
    while (i < r->in.len && (unsigned char)r->in.at[i] < 0x80 &&
           kinds[(unsigned char)r->in.at[i]] & SCHEME)
        i++;
    if (i == r->in.len || r->in.at[i] != ':')
        return false;
    r->at = i + 1;
    return true;
}

/* "v1.anything", for addresses yet to come. */
static bool is_future_address(str s)
{
    size_t i = 1;

    if (!s.len || (s.at[0] | 0x20) != 'v')
        return false;
    while (i < s.len && format_is_hex(s.at[i]))
        i++;
    if (i == 1 || i + 1 >= s.len || s.at[i++] != '.')
        return false;
    for (; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80 || !(kinds[(unsigned char)s.at[i]] & USER))
            return false;
    return true;
}

static bool take_address(struct reader *r)
{
    str rest = str_sub(r->in, r->at + 1, r->in.len);
    size_t end = str_find(rest, ']');
    str inside = str_sub(rest, 0, end);

    if (end == rest.len || !(format_ipv6(inside) || is_future_address(inside)))
        return false;
    r->at += end + 2;
    return true;
}

/* [userinfo "@"] host [":" port] */
static bool take_authority(struct reader *r)
{
    size_t from = r->at;

    skip(r, USER);
    if (!take(r, '@'))
        r->at = from;
    if (peek(r) == '[') {
        if (!take_address(r))
            return false;
    } else {
        skip(r, UNRESERVED);
    }
    if (take(r, ':'))
        while (format_is_digit(peek(r)))
            r->at++;
    return r->at == r->in.len || strchr("/?#", peek(r));
}

static bool take_rest(struct reader *r)
{
    skip(r, PATH);
    if (take(r, '?'))
        skip(r, QUERY);
    if (take(r, '#'))
        skip(r, FRAGMENT);
    return r->at == r->in.len;
}

static bool is_reference(str s, bool wide, bool relative)
{
    struct reader r = {.in = s, .wide = wide};
    bool absolute = take_scheme(&r);

    if (!absolute && !relative)
        return false;
    if (str_starts(str_sub(s, r.at, 2), STR("//"))) {
        r.at += 2;
        if (!take_authority(&r))
            return false;
    } else if (!absolute) {
        /* A colon here would make the segment a scheme. */
        skip(&r, SEGMENT);
        if (peek(&r) == ':')
            return false;
    }
    return take_rest(&r);
}

bool format_uri(str s)
{
    return is_reference(s, false, false);
}

bool format_uri_reference(str s)
{
    return is_reference(s, false, true);
}

bool format_iri(str s)
{
    return is_reference(s, true, false);
}

bool format_iri_reference(str s)
{
    return is_reference(s, true, true);
}

/* ---- templates: RFC 6570 ---- */

/* Any character that is not for expressions, white space or control. */
static bool take_literal(struct reader *r)
{
    unsigned char c = (unsigned char)peek(r);

    if (c == '%')
        return take_escape(r);
    if (c >= 0x80)
        return take_wide(r, QUERY);
    if (c <= 0x20 || c == 0x7f || strchr("\"<>\\^`{|}", c))
        return false;
    r->at++;
    return true;
}

static bool take_variable_char(struct reader *r)
{
    char c = peek(r);

    if (c == '%')
        return take_escape(r);
    if (!format_is_letter(c) && !format_is_digit(c) && c != '_')
        return false;
    r->at++;
    return true;
}

/* A name, and how much of it is to be used. */
static bool take_variable(struct reader *r)
{
    size_t digits = 0;

    do {
        if (!take_variable_char(r))
            return false;
        while (take_variable_char(r))
            ;
    } while (take(r, '.'));
    if (take(r, '*') || !take(r, ':'))
        return true;
    if (peek(r) == '0')
        return false;
    for (; format_is_digit(peek(r)); digits++)
        r->at++;
    return digits >= 1 && digits <= 4;
}

static bool take_expression(struct reader *r)
{
    r->at++;
    if (peek(r) && strchr("+#./;?&=,!@|", peek(r)))
        r->at++;
    do {
        if (!take_variable(r))
            return false;
    } while (take(r, ','));
    return take(r, '}');
}

bool format_uri_template(str s)
{
    struct reader r = {.in = s, .wide = true};

    while (r.at < s.len)
        if (!(peek(&r) == '{' ? take_expression : take_literal)(&r))
            return false;
    return true;
}
