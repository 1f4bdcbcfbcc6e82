/*
 * forms: the ways in which a program writes a string that it was given. Each is a mark.
 */
#include "redact/parts.h"

enum { UPPER = 1, PLUS = 2, URL = 4, ASCII_ONLY = 8, LAST = 16 };

struct form {
    void (*write)(struct buf *to, str secret, const struct form *how);
    unsigned flags;
    unsigned offset; /* base64: in its group of three bytes */
    const char *safe; /* percent-encoding: what stays, beside letters and digits */
    bool sparse;
};

static void write_exact(struct buf *to, str secret, const struct form *how)
{
    (void)how;
    buf_add(to, secret);
}

/* Only characters that are the same whatever stands before and behind the secret; with LAST, as
 * nothing stands behind it, also the one that its last bits begin. */
static void write_base64(struct buf *to, str secret, const struct form *how)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t first = (8 * how->offset + 5) / 6, bits = 8 * (how->offset + secret.len);
    size_t end = how->flags & LAST ? (bits + 5) / 6 : bits / 6;

    for (size_t i = first; i < end; i++) {
        size_t bit = 6 * i - 8 * how->offset, byte = bit / 8;
        unsigned two = (unsigned)(unsigned char)secret.at[byte] << 8, value;

        if (byte + 1 < secret.len)
            two |= (unsigned char)secret.at[byte + 1];
        value = two >> (10 - bit % 8) & 63;
        if (value < 62)
            buf_addc(to, alphabet[value]);
        else
            buf_addc(to, (how->flags & URL ? "-_" : "+/")[value - 62]);
    }
}

static void add_hex(struct buf *to, unsigned char c, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    buf_addc(to, digits[c >> 4]);
    buf_addc(to, digits[c & 15]);
}

static void write_hex(struct buf *to, str secret, const struct form *how)
{
    for (size_t i = 0; i < secret.len; i++)
        add_hex(to, (unsigned char)secret.at[i], how->flags & UPPER);
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void write_percent(struct buf *to, str secret, const struct form *how)
{
    for (size_t i = 0; i < secret.len; i++) {
        char c = secret.at[i];

        if (is_alphanumeric(c) || (c && strchr(how->safe, c))) {
            buf_addc(to, c);
        } else if (c == ' ' && how->flags & PLUS) {
            buf_addc(to, '+');
        } else {
            buf_addc(to, '%');
            add_hex(to, (unsigned char)c, how->flags & UPPER);
        }
    }
}

static void add_unit(struct buf *to, unsigned unit)
{
    buf_add(to, STR("\\u"));
    add_hex(to, (unsigned char)(unit >> 8), false);
    add_hex(to, (unsigned char)unit, false);
}

/* One character of valid UTF-8 as UTF-16 escapes; returns its length. */
static size_t add_utf16(struct buf *to, const unsigned char *at)
{
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    unsigned point = at[0] & (0xff >> (length + 1));

    for (size_t i = 1; i < length; i++)
        point = point << 6 | (at[i] & 0x3f);
    if (point >= 0x10000) {
        add_unit(to, 0xd7c0 + (point >> 10));
        point = 0xdc00 | (point & 0x3ff);
    }
    add_unit(to, point);
    return length;
}

static void write_json(struct buf *to, str secret, const struct form *how)
{
    static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    bool ascii = how->flags & ASCII_ONLY && str_is_utf8(secret);

    for (size_t i = 0; i < secret.len; i++) {
        char c = secret.at[i];
        const char *name = c ? strchr(named, c) : NULL;

        if (name) {
            buf_addc(to, '\\');
            buf_addc(to, names[name - named]);
        } else if ((unsigned char)c < 0x20) {
            add_unit(to, (unsigned char)c);
        } else if (ascii && (unsigned char)c >= 0x80) {
            i += add_utf16(to, (const unsigned char *)secret.at + i) - 1;
        } else {
            buf_addc(to, c);
        }
    }
}

/* What several libraries write for the same secret differs only where it holds such characters;
 * equal forms become one mark. */
static const struct form forms[] = {
    {write_exact},
    {write_base64, .offset = 0},
    {write_base64, .offset = 1},
    {write_base64, .offset = 2},
    {write_base64, URL, .offset = 0},
    {write_base64, URL, .offset = 1},
    {write_base64, URL, .offset = 2},
    {write_base64, LAST, .offset = 0},
    {write_base64, LAST, .offset = 1},
    {write_base64, LAST, .offset = 2},
    {write_base64, URL | LAST, .offset = 0},
    {write_base64, URL | LAST, .offset = 1},
    {write_base64, URL | LAST, .offset = 2},
    {write_hex, .sparse = true},
    {write_hex, UPPER, .sparse = true},
    /* RFC 3986, in either case; for paths; JavaScript's encodeURIComponent; then forms */
    {write_percent, UPPER, .safe = "-_.~", .sparse = true},
    {write_percent, .safe = "-_.~", .sparse = true},
    {write_percent, UPPER, .safe = "-_.~/", .sparse = true},
    {write_percent, UPPER, .safe = "-_.!~*'()", .sparse = true},
    {write_percent, UPPER | PLUS, .safe = "-_.~", .sparse = true},
    {write_percent, UPPER | PLUS, .safe = "-_.*", .sparse = true},
    {write_json, .sparse = true},
    {write_json, ASCII_ONLY, .sparse = true},
};

_Static_assert(COUNT(forms) <= REDACT_FORMS_MAX, "every form has its place in the result");

static bool is_new(const struct redact_mark *marks, size_t count, const struct redact_mark *m)
{
    for (size_t i = 0; i < count; i++)
        if (marks[i].length == m->length && memcmp(marks[i].digest, m->digest, 32) == 0)
            return false;
    return true;
}

static void form_wipe(struct buf *b)
{
    if (b->at)
        memory_wipe(b->at, b->cap);
    buf_free(b);
}

size_t redact_marks(const struct redact_key *key, str secret, uint32_t number,
                    struct redact_mark *ret)
{
    enum { CHARACTERS_A_BYTE = 6 }; /* \u0001 */
    CLEANUP(form_wipe) struct buf text = {0};
    size_t count = 0;

    /* All that is needed at once: growing would leave copies behind. */
    if (secret.len < REDACT_SHORTEST || secret.len > REDACT_LONGEST ||
        !buf_reserve(&text, CHARACTERS_A_BYTE * secret.len))
        return 0;
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct redact_mark m = {.secret = number};

        buf_clear(&text);
        forms[i].write(&text, secret, &forms[i]);
        if (text.len < REDACT_SHORTEST)
            continue;
        fingerprint_mark(key, buf_str(&text), forms[i].sparse, &m);
        if (is_new(ret, count, &m))
            ret[count++] = m;
    }
    return count;
}
