#include "base/base.h"

str str_of(const char *c)
{
    return c ? (str){c, strlen(c)} : (str){"", 0};
}

str str_sub(str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (str){from ? s.at + from : s.at, len}; /* the empty str may be NULL */
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

str str_trim(str s)
{
    while (s.len && is_blank(s.at[0]))
        s = str_sub(s, 1, s.len);
    while (s.len && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

bool str_equal(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_equal_nocase(str a, str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool str_is(str s, const char *c)
{
    return str_equal(s, str_of(c));
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && str_equal(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len && str_equal(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

int str_compare(str a, str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.at, b.at, n) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

size_t str_find(str s, char c)
{
    const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;

    return hit ? (size_t)(hit - s.at) : s.len;
}

size_t str_find_str(str s, str needle)
{
    const char *hit = s.len ? memmem(s.at, s.len, needle.at, needle.len) : NULL;

    return hit ? (size_t)(hit - s.at) : s.len;
}

bool str_cut(str *rest, char c, str *part)
{
    size_t i;

    if (!rest->at)
        return false;
    i = str_find(*rest, c);
    *part = str_sub(*rest, 0, i);
    *rest = i < rest->len ? str_sub(*rest, i + 1, rest->len) : (str){NULL, 0};
    return true;
}

bool str_to_u64(str s, uint64_t max, uint64_t *ret)
{
    uint64_t n = 0;

    if (!s.len)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned char)s.at[i] - '0';

        if (digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, digit, &n) || n > max)
            return false;
    }
    *ret = n;
    return true;
}

/* Up to eight bytes as a number; the short lengths read overlapping halves. */
static uint64_t load(const char *p, size_t n)
{
    uint64_t wide = 0;
    uint32_t low, high;

    if (n >= 8) {
        memcpy(&wide, p, 8);
        return wide;
    }
    if (n >= 4) {
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    for (size_t i = 0; i < n; i++)
        wide = wide << 8 | (unsigned char)p[i];
    return wide;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/*
 * Sixteen bytes a step, both halves of a wide product. `seed` is secret where the keys are
 * hostile: `key` hides which text would make a product vanish.
 */
uint64_t str_hash(str s, uint64_t seed)
{
    uint64_t key = (seed ^ 0xcbf29ce484222325u) * 0x9e3779b97f4a7c15u;
    uint64_t h = seed ^ fold(key, s.len ^ 0xd6e8feb86659fd93u);

    while (s.len > 16) {
        h = fold(load(s.at, 8) ^ key, load(s.at + 8, 8) ^ h);
        s = (str){s.at + 16, s.len - 16};
    }
    if (s.len > 8)
        h = fold(load(s.at, 8) ^ key, load(s.at + s.len - 8, 8) ^ h);
    else
        h = fold(load(s.at, s.len) ^ key, h ^ 0x589965cc75374cc3u);
    return fold(h ^ 0xa0761d6478bd642fu, key);
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned m = a < b ? a : b;

    return m < c ? m : c;
}

unsigned str_distance(str a, str b)
{
    enum { MAX = 63 };
    unsigned char rows[3][MAX + 1];
    unsigned char *before = rows[0], *last = rows[1], *row = rows[2];

    if (a.len > MAX || b.len > MAX)
        return 255;
    for (size_t j = 0; j <= b.len; j++)
        last[j] = (unsigned char)j;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned char *free_row = before;

        row[0] = (unsigned char)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned change = lower(a.at[i - 1]) != lower(b.at[j - 1]);
            unsigned d = min3(last[j] + 1u, row[j - 1] + 1u, last[j - 1] + change);

            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
                d = min3(d, before[j - 2] + 1u, d);
            row[j] = (unsigned char)d;
        }
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.len];
}

size_t str_utf8_length(str s, size_t i)
{
    const unsigned char *p = (const unsigned char *)s.at + i;
    size_t left = s.len - i;

    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xc2 && p[0] <= 0xdf)
        return left >= 2 && (p[1] & 0xc0) == 0x80 ? 2 : 0;
    if (p[0] >= 0xe0 && p[0] <= 0xef) {
        unsigned char low = p[0] == 0xe0 ? 0xa0 : 0x80, high = p[0] == 0xed ? 0x9f : 0xbf;

        return left >= 3 && p[1] >= low && p[1] <= high && (p[2] & 0xc0) == 0x80 ? 3 : 0;
    }
    if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        unsigned char low = p[0] == 0xf0 ? 0x90 : 0x80, high = p[0] == 0xf4 ? 0x8f : 0xbf;

        return left >= 4 && p[1] >= low && p[1] <= high && (p[2] & 0xc0) == 0x80 &&
                       (p[3] & 0xc0) == 0x80
                   ? 4
                   : 0;
    }
    return 0;
}

bool str_utf8_take(str s, size_t *i, uint32_t *ret)
{
    size_t n = *i < s.len ? str_utf8_length(s, *i) : 0;
    const unsigned char *p = (const unsigned char *)s.at + *i;
    uint32_t c;

    if (!n)
        return false;
    c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t k = 1; k < n; k++)
        c = c << 6 | (p[k] & 0x3f);
    *i += n;
    *ret = c;
    return true;
}

size_t str_utf8_write(char out[4], uint32_t c)
{
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(leads[n] | c);
    return n;
}

size_t str_utf8_count(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n;
}

str str_utf8_cut(str s, size_t most)
{
    if (s.len <= most)
        return s;
    while (most && ((unsigned char)s.at[most] & 0xc0) == 0x80)
        most--;
    return str_sub(s, 0, most);
}

/* How far ASCII goes, from `i`. */
static size_t ascii_end(str s, size_t i)
{
    uint64_t eight;

    for (; s.len - i >= sizeof(eight); i += sizeof(eight)) {
        memcpy(&eight, s.at + i, sizeof(eight));
        if (eight & 0x8080808080808080)
            break;
    }
    while (i < s.len && !(s.at[i] & 0x80))
        i++;
    return i;
}

bool str_is_utf8(str s)
{
    for (size_t i = 0; (i = ascii_end(s, i)) < s.len;) {
        size_t n = str_utf8_length(s, i);

        if (!n)
            return false;
        i += n;
    }
    return true;
}

bool str_equal_secret(str a, str b)
{
    unsigned char difference = a.len != b.len;

    for (size_t i = 0; i < a.len && i < b.len; i++)
        difference |= (unsigned char)(a.at[i] ^ b.at[i]);
    return difference == 0;
}
