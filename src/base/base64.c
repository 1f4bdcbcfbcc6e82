#include "base/base.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct buf *out, str bytes)
{
    char *to = buf_reserve(out, (bytes.len + 2) / 3 * 4);

    if (!to)
        return;
    for (size_t i = 0; i < bytes.len; i += 3) {
        const unsigned char *b = (const unsigned char *)bytes.at + i;
        size_t left = bytes.len - i;
        unsigned n = (unsigned)b[0] << 16;

        n |= left > 1 ? (unsigned)b[1] << 8 : 0;
        n |= left > 2 ? b[2] : 0;
        *to++ = alphabet[n >> 18];
        *to++ = alphabet[n >> 12 & 63];
        *to++ = left > 1 ? alphabet[n >> 6 & 63] : '=';
        *to++ = left > 2 ? alphabet[n & 63] : '=';
    }
    out->len = (size_t)(to - out->at);
}

int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four digits as 24 bits; the last `pad` of them are signs of padding. */
static bool read_group(const char *at, unsigned pad, unsigned *ret)
{
    unsigned n = 0;

    for (unsigned i = 0; i < 4 - pad; i++) {
        int value = base64_value(at[i]);

        if (value < 0)
            return false;
        n |= (unsigned)value << (18 - 6 * i);
    }
    *ret = n;
    return (n & ((1u << 8 * pad) - 1)) == 0;
}

static unsigned padding(str text)
{
    unsigned pad = 0;

    while (pad < 2 && pad < text.len && text.at[text.len - 1 - pad] == '=')
        pad++;
    return pad;
}

bool base64_decode(struct arena *a, str text, str *ret)
{
    unsigned pad = padding(text), group;
    char *out = text.len % 4 == 0 ? arena_alloc(a, text.len / 4 * 3 + 1) : NULL;
    size_t n = 0;

    if (!out)
        return false;
    for (size_t i = 0; i < text.len; i += 4) {
        if (!read_group(text.at + i, i + 4 == text.len ? pad : 0, &group))
            return false;
        out[n++] = (char)(group >> 16);
        out[n++] = (char)(group >> 8);
        out[n++] = (char)group;
    }
    *ret = (str){out, n - pad};
    return true;
}
