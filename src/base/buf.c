#include "base/base.h"

#include <stdlib.h>

enum { SMALLEST = 256 };

void buf_free(struct buf *b)
{
    free(b->at);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

static bool grow_to(struct buf *b, size_t need, size_t max)
{
    size_t cap = b->cap ? b->cap : SMALLEST;
    char *at;

    while (cap < need)
        cap *= 2;
    if (cap > max)
        cap = max;
    at = realloc(b->at, cap);
    if (!at)
        return false;
    b->at = at;
    b->cap = cap;
    return true;
}

char *buf_reserve(struct buf *b, size_t n)
{
    size_t max = b->max ? b->max : BUF_DEFAULT;
    size_t need;

    if (b->failed || __builtin_add_overflow(b->len, n, &need) || need > max ||
        (need > b->cap && !grow_to(b, need, max))) {
        b->failed = true;
        return NULL;
    }
    return b->at + b->len;
}

void buf_add(struct buf *b, str s)
{
    char *to = s.len ? buf_reserve(b, s.len) : NULL;

    if (!to)
        return;
    memcpy(to, s.at, s.len);
    b->len += s.len;
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, (str){&c, 1});
}

void buf_addf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    int n;
    char *to;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    to = n >= 0 ? buf_reserve(b, (size_t)n + 1) : NULL;
    if (to) {
        vsnprintf(to, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_add_u64(struct buf *b, uint64_t n)
{
    char digits[20];
    size_t i = sizeof(digits);

    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    buf_add(b, (str){digits + i, sizeof(digits) - i});
}

void buf_drop(struct buf *b, size_t n)
{
    if (n >= b->len) {
        b->len = 0;
        return;
    }
    memmove(b->at, b->at + n, b->len - n);
    b->len -= n;
}

str buf_str(const struct buf *b)
{
    return (str){b->at ? b->at : "", b->len};
}
