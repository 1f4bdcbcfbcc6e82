/*
 * Which byte may stand where.
 */
#include "http/head.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    T = HTTP_TOKEN,
    URL = HTTP_PATH | HTTP_QUERY,
    Q = HTTP_QUERY,
    H = HTTP_HOST,
    WORD = T | URL | H,
    HEX = WORD | HTTP_HEX,
};

// clang-format off
const unsigned char http_class[256] = {
    ['0' ... '9'] = HEX, ['A' ... 'F'] = HEX, ['a' ... 'f'] = HEX,
    ['G' ... 'Z'] = WORD, ['g' ... 'z'] = WORD,
    ['-'] = WORD, ['.'] = WORD, ['_'] = WORD, ['~'] = WORD,
    ['!'] = T | URL, ['$'] = T | URL, ['%'] = T | URL, ['&'] = T | URL, ['\''] = T | URL,
    ['*'] = T | URL, ['+'] = T | URL,
    ['('] = URL, [')'] = URL, [','] = URL, ['/'] = URL, [':'] = URL, [';'] = URL, ['='] = URL,
    ['@'] = URL,
    ['#'] = T, ['^'] = T | Q, ['`'] = T | Q, ['|'] = T | Q,
    ['?'] = Q, ['['] = Q, ['\\'] = Q, [']'] = Q, ['{'] = Q, ['}'] = Q,
};
// clang-format on

bool http_all(str s, unsigned classes)
{
    for (size_t i = 0; i < s.len; i++)
        if (!http_is(s.at[i], classes))
            return false;
    return true;
}

unsigned http_hex(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

static bool is_value_byte(char c)
{
    return (unsigned char)c >= 0x20 ? c != 0x7f : c == '\t';
}

#ifdef __SSE2__
/* Sixteen at a time: a bit for each byte below a space that is not a tab, and for DEL. */
static unsigned bad_value_bytes(const char *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i space = _mm_set1_epi8(' ');
    __m128i printable = _mm_cmpeq_epi8(_mm_max_epu8(bytes, space), bytes);
    __m128i tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
    __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
    __m128i good = _mm_andnot_si128(del, _mm_or_si128(printable, tab));

    return (unsigned)_mm_movemask_epi8(good) ^ 0xffff;
}
#endif

const char *http_value_end(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        unsigned bad = bad_value_bytes(at);

        if (bad)
            return at + __builtin_ctz(bad);
    }
#endif
    while (at < end && is_value_byte(*at))
        at++;
    return at;
}
