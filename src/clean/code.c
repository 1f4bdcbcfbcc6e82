/* Code points in UTF-8 that is known to be valid, and how a rule ends. */
#include "clean/parts.h"

size_t code_at(str s, size_t i, uint32_t *code)
{
    const unsigned char *at = (const unsigned char *)s.at + i;

    if (at[0] < 0x80) {
        *code = at[0];
        return 1;
    }
    if (at[0] < 0xe0) {
        *code = (uint32_t)(at[0] & 0x1f) << 6 | (at[1] & 0x3f);
        return 2;
    }
    if (at[0] < 0xf0) {
        *code = (uint32_t)(at[0] & 0x0f) << 12 | (uint32_t)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
        return 3;
    }
    *code = (uint32_t)(at[0] & 0x07) << 18 | (uint32_t)(at[1] & 0x3f) << 12 |
            (uint32_t)(at[2] & 0x3f) << 6 | (at[3] & 0x3f);
    return 4;
}

size_t code_before(str s, size_t i)
{
    do
        i--;
    while (i && ((unsigned char)s.at[i] & 0xc0) == 0x80);
    return i;
}

size_t ascii_prefix(str s)
{
    size_t i = 0;

    for (uint64_t word; i + sizeof(word) <= s.len; i += sizeof(word)) {
        memcpy(&word, s.at + i, sizeof(word));
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < s.len && !(s.at[i] & 0x80))
        i++;
    return i;
}

bool is_space_code(uint32_t code)
{
    static const struct code_range spaces[] = {
        {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
        {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
    };

    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    return code_in(spaces, COUNT(spaces), code);
}

bool code_in(const struct code_range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].from <= code; i++)
        if (code <= ranges[i].to)
            return true;
    return false;
}

enum cleaned cleaned_as(struct cleaning *c, str given, const struct buf *made, str *ret)
{
    str copy;

    if (made->failed || made->len > CLEAN_TEXT_MAX)
        return cleaned_refuse(c, "is too long");
    if (str_equal(buf_str(made), given))
        return CLEANED_SAME;
    copy = arena_str(c->a, buf_str(made));
    if (!copy.at)
        return cleaned_refuse(c, "is too long");
    *ret = copy;
    return CLEANED_CHANGED;
}

enum cleaned cleaned_refuse(struct cleaning *c, const char *why)
{
    c->why = why;
    return CLEANED_REFUSED;
}
