/*
 * Percent-encoding taken off, once.
 */
#include "http/head.h"

static bool take_escape(str s, size_t i, char *ret)
{
    if (s.len - i < 3 || !http_is(s.at[i + 1], HTTP_HEX) || !http_is(s.at[i + 2], HTTP_HEX))
        return false;
    *ret = (char)(http_hex(s.at[i + 1]) << 4 | http_hex(s.at[i + 2]));
    return true;
}

/* Into `out`, which has room for encoded.len bytes. */
static bool decode(str encoded, bool form, char *out, str *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < encoded.len; i++) {
        char c = encoded.at[i];

        if (c == '%' && !take_escape(encoded, i, &c))
            return false;
        else if (encoded.at[i] == '%')
            i += 2;
        else if (c == '+' && form)
            c = ' ';
        if (!c)
            return false;
        out[n++] = c;
    }
    *ret = (str){out, n};
    return str_is_utf8(*ret);
}

bool http_decode(struct arena *a, str encoded, bool form, str *ret)
{
    char *out = arena_alloc(a, encoded.len + 1);
    str decoded;

    if (!out || !decode(encoded, form, out, &decoded))
        return false;
    *ret = decoded;
    return true;
}

/* Nothing that a file system, a terminal or another reader of the path could take amiss. */
static bool segment_safe(str s)
{
    if (str_is(s, ".") || str_is(s, ".."))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool c1 = c == 0xc2 && i + 1 < s.len && (unsigned char)s.at[i + 1] < 0xa0;

        if (c < 0x20 || c == 0x7f || c == '/' || c == '\\' || c1)
            return false;
    }
    return true;
}

bool http_path(struct arena *a, str path, str *ret)
{
    char *out = arena_alloc(a, path.len + 1);
    str rest = str_sub(path, 1, path.len), segment, decoded;
    size_t n = 0;

    if (!out || !str_starts(path, STR("/")))
        return false;
    while (str_cut(&rest, '/', &segment)) {
        out[n++] = '/';
        if (!decode(segment, false, out + n, &decoded) || !segment_safe(decoded))
            return false;
        if (!decoded.len && rest.at)
            return false;
        n += decoded.len;
    }
    *ret = (str){out, n};
    return true;
}

void http_encode(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            buf_addc(out, (char)c);
        else if ((c >= '0' && c <= '9') || (c && strchr("-._~", c)))
            buf_addc(out, (char)c);
        else
            buf_addf(out, "%%%02X", c);
    }
}
