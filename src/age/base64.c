/*
 * base64 as age has it: without padding in headers, with it in armor, and one text for one
 * value: nothing stands in the unused bits.
 */
#include "age/parts.h"

bool base64_read(str text, uint8_t *ret, size_t max, size_t *n)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t out = 0;

    if (text.len % 4 == 1 || text.len / 4 * 3 + text.len % 4 * 3 / 4 > max)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.at[i]);

        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            ret[out++] = (uint8_t)(bits >> have);
        }
    }
    if (bits & ((1u << have) - 1))
        return false;
    *n = out;
    return true;
}

bool base64_read_padded(str text, uint8_t *ret, size_t max, size_t *n)
{
    if (text.len % 4 != 0)
        return false;
    for (unsigned i = 0; i < 2 && text.len && text.at[text.len - 1] == '='; i++)
        text.len--;
    return base64_read(text, ret, max, n);
}

void base64_add(struct buf *to, const uint8_t *bytes, size_t n)
{
    base64_encode(to, (str){(const char *)bytes, n});
    if (!to->failed && n % 3)
        to->len -= 3 - n % 3;
}
