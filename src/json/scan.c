/* Strings and numbers: where the reader spends its time. */
#include "json/reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_plain(char c)
{
    return (signed char)c >= 0x20 && c != '"' && c != '\\';
}

/* Past the ASCII that stands for itself: to a quote, backslash, control or other byte. */
static inline const char *skip_plain(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);

    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        /* Compared as signed, so that bytes past ASCII count as below space. */
        __m128i special =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)),
                         _mm_cmplt_epi8(x, space));
        int mask = _mm_movemask_epi8(special);

        if (mask)
            return p + __builtin_ctz((unsigned)mask);
    }
#endif
    while (p < end && is_plain(*p))
        p++;
    return p;
}

static unsigned hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* The four digits of a \u escape, or -1. */
static int32_t four_digits(const char *p, const char *end)
{
    unsigned value = 0;

    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        unsigned digit = hex_value(p[i]);

        if (digit > 15)
            return -1;
        value = value << 4 | digit;
    }
    return (int32_t)value;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 63));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 63));
        *to++ = (char)(0x80 | (c >> 6 & 63));
    }
    *to++ = (char)(0x80 | (c & 63));
    return to;
}

/* Behind "\u", which stands at *from. A pair of surrogates is one character. */
static bool put_unicode(struct reader *r, const char **from, const char *end, char **to)
{
    const char *p = *from + 2;
    int32_t c = four_digits(p, end), low;

    if (c < 0)
        return json_fail(r, *from, "\\u needs four hexadecimal digits");
    p += 4;
    if (c >= 0xdc00 && c <= 0xdfff)
        return json_fail(r, *from, "the second half of a surrogate pair without its first");
    if (c >= 0xd800 && c <= 0xdbff) {
        low = end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? four_digits(p + 2, end) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return json_fail(r, *from, "the first half of a surrogate pair without its second");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        p += 6;
    }
    *from = p;
    *to = put_utf8(*to, (uint32_t)c);
    return true;
}

static bool put_escape(struct reader *r, const char **from, const char *end, char **to)
{
    static const char plain[128] = {
        ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
        ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
    };
    unsigned char c = (unsigned char)(*from)[1];

    if (c == 'u')
        return put_unicode(r, from, end, to);
    if (c >= sizeof(plain) || !plain[c]) {
        json_fail(r, *from, "a backslash that starts no escape");
        return err_fix(r->e, "write two backslashes for one; escapes are "
                             "\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    *(*to)++ = plain[c];
    *from += 2;
    return true;
}

/* `raw` holds whole escapes, since its end was found by skipping over them. */
static bool unescape(struct reader *r, str raw, str *ret)
{
    const char *from = raw.at, *end = raw.at + raw.len;
    char *text = arena_alloc(r->a, raw.len), *to = text;

    if (!text)
        return err_limit(r->e);
    while (from < end) {
        const char *escape = memchr(from, '\\', (size_t)(end - from));
        size_t n = (size_t)((escape ? escape : end) - from);

        memcpy(to, from, n);
        to += n;
        from += n;
        if (escape && !put_escape(r, &from, end, &to))
            return false;
    }
    *ret = (str){text, (size_t)(to - text)};
    return true;
}

/* One byte or sequence that is not plain; NULL when it may not stand in a string. */
static const char *skip_special(struct reader *r, const char *p)
{
    size_t n;

    if (p == r->end) {
        json_fail(r, r->p, "this string has no closing quote");
        return NULL;
    }
    if (*p == '\\')
        return p + 2 <= r->end ? p + 2 : r->end;
    if ((unsigned char)*p < 0x20) {
        json_fail(r, p, "a control character (0x%02x) inside a string", (unsigned)*p);
        err_fix(r->e,
                *p == '\n' ? "write \\n, or close the string on its line"
                           : "write it as \\u%04x",
                (unsigned)*p);
        return NULL;
    }
    n = str_utf8_length((str){p, (size_t)(r->end - p)}, 0);
    if (!n)
        json_fail(r, p, "invalid UTF-8 (byte 0x%02x)", (unsigned)(unsigned char)*p);
    return n ? p + n : NULL;
}

bool json_read_string(struct reader *r, str *ret, enum json_hint *hint)
{
    const char *from = r->p + 1, *p = from;
    bool escaped = false, ascii = true;
    str raw;

    for (;;) {
        p = skip_plain(p, r->end);
        if (p < r->end && *p == '"')
            break;
        escaped |= p < r->end && *p == '\\';
        ascii = false;
        p = skip_special(r, p);
        if (!p)
            return false;
    }
    raw = (str){from, (size_t)(p - from)};
    if (escaped && !unescape(r, raw, &raw))
        return false;
    r->p = p + 1;
    *ret = raw;
    *hint = ascii ? JSON_ASCII : JSON_NO_HINT;
    return true;
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* At least one digit; *p moves behind them. */
static bool some_digits(struct reader *r, const char **p, const char *what)
{
    const char *from = *p;

    *p = skip_digits(from, r->end);
    return *p > from || json_fail_expected(r, from, what);
}

static bool whole_part(struct reader *r, const char **p)
{
    const char *from = *p;

    if (!some_digits(r, p, "a digit"))
        return false;
    if (*from != '0' || *p == from + 1)
        return true;
    json_fail(r, from, "a number with a leading zero");
    return err_fix(r->e, "remove the zero, or write a string");
}

bool json_read_number(struct reader *r, str *ret, enum json_hint *hint)
{
    const char *p = r->p + (*r->p == '-');

    if (!whole_part(r, &p))
        return false;
    *hint = JSON_WHOLE;
    if (p < r->end && *p == '.') {
        *hint = JSON_NO_HINT;
        p++;
        if (!some_digits(r, &p, "a digit after the decimal point"))
            return false;
    }
    if (p < r->end && (*p | 0x20) == 'e') {
        *hint = JSON_NO_HINT;
        p++;
        p += p < r->end && (*p == '+' || *p == '-');
        if (!some_digits(r, &p, "a digit of the exponent"))
            return false;
    }
    *ret = (str){r->p, (size_t)(p - r->p)};
    r->p = p;
    return true;
}
