#include "base/base.h"

#include <stdlib.h>
#include <sys/random.h>

void hex_write(char *out, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = "0123456789abcdef"[b[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[b[i] & 15];
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_read(str hex, void *out, size_t n)
{
    unsigned char *b = out;

    if (hex.len != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(hex.at[2 * i]), low = hex_digit(hex.at[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        b[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

void random_bytes(void *out, size_t n)
{
    /* getrandom gives up to 256 bytes whole, uninterrupted. */
    for (size_t done = 0; done < n;) {
        size_t part = n - done < 256 ? n - done : 256;

        if (getrandom((char *)out + done, part, 0) != (ssize_t)part)
            abort();
        done += part;
    }
}

void memory_wipe(void *at, size_t n)
{
    if (n)
        explicit_bzero(at, n);
}
