/*
 * Normalisation and case. A table says of each code point whether it can be part of what
 * normalisation changes; only the stretches around those that can are given to the library.
 */
#include "clean/parts.h"

#include "clean/normal_tables.h"

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

struct normal_form {
    const uint16_t *index;
    const unsigned char (*blocks)[NORMAL_BLOCK];
    unsigned char
        inert; /* the first lead byte of a code point that the table must be asked for */
};

static const struct normal_form form_c = {nfc_index, nfc_blocks, 0xcc}; /* U+0300 */
static const struct normal_form form_kc = {nfkc_index, nfkc_blocks, 0xc2};

/* The combining class of a code point that the form leaves alone, or NORMAL_ASK. 0 is a place
 * where the text can be cut: nothing before it can join it. */
static unsigned class_of(const struct normal_form *f, uint32_t code)
{
    return f->blocks[f->index[code / NORMAL_BLOCK]][code % NORMAL_BLOCK];
}

/*
 * The first stretch from `i` on that may not be normal: [*from, *to) begins and ends where the
 * text can be cut. False when there is none.
 */
static bool next_stretch(const struct normal_form *f, str text, size_t i, size_t *from,
                         size_t *to)
{
    unsigned last = 0;
    bool found = false;
    uint32_t code;

    *from = i;
    for (size_t n; i < text.len; i += n) {
        unsigned char lead = (unsigned char)text.at[i];
        unsigned class = 0;

        if (lead < 0x80 && !found && !last) {
            size_t plain = ascii_prefix(str_sub(text, i, text.len));

            *from = i + plain - 1;
            n = plain;
            continue;
        }
        n = code_at(text, i, &code);
        if (lead >= f->inert)
            class = class_of(f, code);
        if (!class && found)
            break;
        if (!class)
            *from = i;
        found |= class == NORMAL_ASK || (class && class < last);
        last = class;
    }
    *to = i;
    return found;
}

/* The library is slow to call: what lies closer together than GAP is given to it as one, up to
 * ONCE bytes, which it may make eleven times as many. */
enum { GAP = 16, ONCE = 4096 };

static bool normalize_stretch(uninorm_t form, str text, struct buf *out)
{
    size_t len = 0;
    uint8_t *made = u8_normalize(form, (const uint8_t *)text.at, text.len, NULL, &len);

    if (!made)
        return false;
    buf_add(out, (str){(const char *)made, len});
    free(made);
    return true;
}

static enum cleaned normalize(struct cleaning *c, const struct normal_form *f, uninorm_t form,
                              str text, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = CLEAN_TEXT_MAX};
    size_t done = 0, from, to, next_from, next_to;
    bool more = next_stretch(f, text, 0, &from, &to);

    while (more) {
        while ((more = next_stretch(f, text, to, &next_from, &next_to)) &&
               next_from < to + GAP && next_to < from + ONCE)
            to = next_to;
        buf_add(&out, str_sub(text, done, from - done));
        if (!normalize_stretch(form, str_sub(text, from, to - from), &out) || out.failed)
            return cleaned_refuse(c, "is too long");
        done = to;
        from = next_from;
        to = next_to;
    }
    if (!done)
        return CLEANED_SAME;
    buf_add(&out, str_sub(text, done, text.len));
    return cleaned_as(c, text, &out, ret);
}

enum cleaned clean_nfc(struct cleaning *c, str text, str *ret)
{
    return normalize(c, &form_c, UNINORM_NFC, text, ret);
}

enum cleaned clean_nfkc(struct cleaning *c, str text, str *ret)
{
    return normalize(c, &form_kc, UNINORM_NFKC, text, ret);
}

/* ---- case, without the customs of any language ---- */

typedef uint8_t *change_case(const uint8_t *s, size_t n, const char *language, uninorm_t form,
                             uint8_t *into, size_t *len);

static bool has_between(str text, char from, char to)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= from && text.at[i] <= to)
            return true;
    return false;
}

static enum cleaned change_ascii(struct cleaning *c, str text, char from, char to, str *ret)
{
    char *at;

    if (!has_between(text, from, to))
        return CLEANED_SAME;
    at = arena_alloc(c->a, text.len + 1);
    if (!at)
        return cleaned_refuse(c, "is too long");
    for (size_t i = 0; i < text.len; i++)
        at[i] = text.at[i] >= from && text.at[i] <= to ? (char)(text.at[i] ^ 0x20) : text.at[i];
    *ret = (str){at, text.len};
    return CLEANED_CHANGED;
}

static enum cleaned change(struct cleaning *c, change_case *by, str text, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = CLEAN_TEXT_MAX};
    size_t len = 0;
    uint8_t *made = by((const uint8_t *)text.at, text.len, NULL, NULL, NULL, &len);

    if (!made)
        return cleaned_refuse(c, "is too long");
    buf_add(&out, (str){(const char *)made, len});
    free(made);
    return cleaned_as(c, text, &out, ret);
}

enum cleaned clean_lower(struct cleaning *c, str text, str *ret)
{
    if (ascii_prefix(text) == text.len)
        return change_ascii(c, text, 'A', 'Z', ret);
    return change(c, u8_tolower, text, ret);
}

enum cleaned clean_upper(struct cleaning *c, str text, str *ret)
{
    if (ascii_prefix(text) == text.len)
        return change_ascii(c, text, 'a', 'z', ret);
    return change(c, u8_toupper, text, ret);
}

enum cleaned clean_fold(struct cleaning *c, str text, str *ret)
{
    if (ascii_prefix(text) == text.len)
        return change_ascii(c, text, 'A', 'Z', ret);
    return change(c, u8_casefold, text, ret);
}
