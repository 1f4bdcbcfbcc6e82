/*
 * bech32: the text form of keys (BIP 173), without its limit on length. Private keys pass
 * through here, so nothing branches on, or looks up by, the value of a character.
 */
#include "age/parts.h"

enum { CHECKSUM = 6 };

static const char lower[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
static const char upper[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";

static bool is_upper(str prefix)
{
    return prefix.at[0] >= 'A' && prefix.at[0] <= 'Z';
}

/* All ones when the two are equal, else zero. */
static uint32_t same(uint32_t a, uint32_t b)
{
    return 0 - (((a ^ b) - 1) >> 31);
}

static char letter_of(const char *alphabet, uint32_t value)
{
    uint32_t found = 0;

    for (uint32_t k = 0; k < 32; k++)
        found |= same(k, value) & (unsigned char)alphabet[k];
    return (char)found;
}

/* 32 and above for a character that is not in the alphabet. */
static uint32_t value_of(const char *alphabet, char c)
{
    uint32_t found = 0, any = 0;

    for (uint32_t k = 0; k < 32; k++) {
        uint32_t hit = same((unsigned char)alphabet[k], (unsigned char)c);

        found |= hit & k;
        any |= hit;
    }
    return found | (~any & 32);
}

static uint32_t checksum_add(uint32_t sum, uint32_t value)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < COUNT(generator); i++)
        sum ^= (0 - (top >> i & 1)) & generator[i];
    return sum;
}

static uint32_t checksum_of_prefix(str prefix)
{
    uint32_t sum = 1;

    for (size_t i = 0; i < prefix.len; i++) {
        char c = prefix.at[i];

        sum = checksum_add(sum, (uint32_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c) >> 5);
    }
    sum = checksum_add(sum, 0);
    for (size_t i = 0; i < prefix.len; i++)
        sum = checksum_add(sum, prefix.at[i] & 31);
    return sum;
}

struct writer {
    const char *alphabet;
    char *at;
    uint32_t sum;
};

static void put(struct writer *w, uint32_t value)
{
    w->sum = checksum_add(w->sum, value);
    *w->at++ = letter_of(w->alphabet, value);
}

void bech32_write(str prefix, const uint8_t *bytes, size_t n, char *ret)
{
    struct writer w = {is_upper(prefix) ? upper : lower, ret, checksum_of_prefix(prefix)};
    uint32_t bits = 0, sum;
    unsigned have = 0;

    memcpy(w.at, prefix.at, prefix.len);
    w.at += prefix.len;
    *w.at++ = '1';
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | bytes[i];
        for (have += 8; have >= 5; have -= 5)
            put(&w, bits >> (have - 5) & 31);
    }
    if (have)
        put(&w, bits << (5 - have) & 31);
    sum = w.sum;
    for (unsigned i = 0; i < CHECKSUM; i++)
        sum = checksum_add(sum, 0);
    sum ^= 1;
    for (unsigned i = 0; i < CHECKSUM; i++)
        put(&w, sum >> 5 * (CHECKSUM - 1 - i) & 31);
}

bool bech32_read(str text, str prefix, uint8_t *ret, size_t n)
{
    const char *alphabet = is_upper(prefix) ? upper : lower;
    uint32_t sum = checksum_of_prefix(prefix), bits = 0, bad = 0;
    unsigned have = 0;
    size_t at = prefix.len + 1, groups = (n * 8 + 4) / 5, out = 0;

    if (text.len != BECH32_LENGTH(prefix.len, n) || !str_starts(text, prefix) ||
        text.at[prefix.len] != '1')
        return false;
    for (size_t i = 0; i < groups + CHECKSUM; i++) {
        uint32_t value = value_of(alphabet, text.at[at + i]);

        bad |= value & ~31u;
        sum = checksum_add(sum, value & 31);
        if (i >= groups)
            continue;
        bits = bits << 5 | value;
        have += 5;
        if (have >= 8) {
            have -= 8;
            ret[out++] = (uint8_t)(bits >> have);
        }
    }
    bad |= bits & ((1u << have) - 1); /* the padding is zero */
    return !(bad | (sum ^ 1));
}
