/* Strings: basic and literal, on one line or several. */
#include "toml/reader.h"

static bool is_refused(char c, bool lines)
{
    return ((unsigned char)c < 0x20 && c != '\t' && !(lines && c == '\n')) || c == 0x7f;
}

static bool add_code_point(struct reader *r, struct buf *out, uint32_t c, size_t at)
{
    char bytes[4];

    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return fail_at(r, at, "this escape is no character");
    buf_add(out, (str){bytes, str_utf8_write(bytes, c)});
    return true;
}

static bool unicode_escape(struct reader *r, struct buf *out, size_t digits)
{
    str hex = str_sub(r->text, r->at, digits);
    size_t at = r->at;
    unsigned char bytes[4] = {0};

    if (hex.len != digits || !hex_read(hex, bytes + 4 - digits / 2, digits / 2))
        return fail_at(r, at, "an escape needs %zu hexadecimal digits", digits);
    r->at += digits;
    return add_code_point(r, out,
                          (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                              (uint32_t)bytes[2] << 8 | bytes[3],
                          at);
}

/* A backslash at the end of a line takes the white space that follows away. */
static bool skip_fold(struct reader *r)
{
    size_t at = r->at;
    bool newline = false;

    for (; peek(r, 0) == ' ' || peek(r, 0) == '\t' || peek(r, 0) == '\n' || peek(r, 0) == '\r';
         r->at++)
        newline |= peek(r, 0) == '\n';
    if (newline)
        return true;
    r->at = at;
    return false;
}

static bool escape(struct reader *r, struct buf *out, bool lines)
{
    static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
    char c = peek(r, 0);
    const char *known = c ? strchr(from, c) : NULL;

    if (lines && skip_fold(r))
        return true;
    if (at_end(r))
        return fail_at(r, r->at, "this string has no end");
    r->at++;
    if (c == 'u' || c == 'U')
        return unicode_escape(r, out, c == 'u' ? 4 : 8);
    if (!known)
        return fail_at(r, r->at - 1, "'\\%.*s' is not an escape",
                       (int)str_utf8_length(r->text, r->at - 1), r->text.at + r->at - 1);
    buf_addc(out, to[known - from]);
    return true;
}

/* Whether the string ends here. Up to two quotes may stand right before the three that end it: they
 * are taken first. */
static bool take_close(struct reader *r, struct buf *out, char quote, bool lines)
{
    size_t run = 0;

    if (!lines)
        return peek(r, 0) == quote;
    while (run < 5 && peek(r, run) == quote)
        run++;
    for (; run > 3; run--, r->at++)
        buf_addc(out, quote);
    return run == 3;
}

/* Most strings have no escape: they are where they stand. */
static bool plain(struct reader *r, char quote, str *ret)
{
    size_t start = r->at;

    for (; !at_end(r) && peek(r, 0) != quote; r->at++) {
        if (quote == '"' && peek(r, 0) == '\\') {
            r->at = start;
            return false;
        }
        if (is_refused(peek(r, 0), false))
            return false;
    }
    *ret = str_sub(r->text, start, r->at - start);
    return !at_end(r);
}

static bool collect(struct reader *r, struct buf *out, char quote, bool lines)
{
    size_t start = r->at;

    while (!take_close(r, out, quote, lines)) {
        char c = peek(r, 0);

        if (at_end(r))
            return fail_at(r, start, "this string has no end");
        if (lines && c == '\r' && peek(r, 1) == '\n') {
            r->at++;
            continue;
        }
        if (is_refused(c, lines))
            return fail_at(r, r->at, "a control character in a string");
        r->at++;
        if (quote == '"' && c == '\\') {
            if (!escape(r, out, lines))
                return false;
        } else {
            buf_addc(out, c);
        }
    }
    return true;
}

bool string_read(struct reader *r, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = TOML_BYTES_MAX};
    char quote = peek(r, 0);
    bool lines = peek(r, 1) == quote && peek(r, 2) == quote;
    size_t start;

    r->at += lines ? 3 : 1;
    start = r->at;
    if (!lines && plain(r, quote, ret)) {
        r->at++;
        return true;
    }
    r->at = start;
    if (lines)
        r->at += peek(r, 0) == '\n' ? 1 : peek(r, 0) == '\r' && peek(r, 1) == '\n' ? 2 : 0;
    if (!collect(r, &out, quote, lines))
        return false;
    r->at += lines ? 3 : 1;
    *ret = arena_str(r->a, buf_str(&out));
    return ret->at && !out.failed ? true : err_limit(r->e);
}
