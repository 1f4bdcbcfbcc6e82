/*
 * fingerprint: what can be told of a form without telling the form.
 *
 * For the search, a window of 4 to 32 bytes is read as words that may overlap; their sum is
 * multiplied with a secret odd number, and the highest bits are the fingerprint. One multiplication
 * a byte, no state from one place to the next, so that a processor overlaps them. To be
 * certain, SHA-256 under the key.
 */
#include "redact/parts.h"

/* The plain functions need no allocation and hash a short form in a third of EVP's time. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

static const size_t checked[REDACT_CHECKS] = {64, 256, 1024, 4096, 16384};

static uint64_t load8(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

static uint64_t load4(const char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

/* 4 to 7 bytes */
static inline uint64_t sum_small(const char *at, uint32_t window)
{
    return load4(at) << 32 | load4(at + window - 4);
}

/* 8 to 16 bytes */
static inline uint64_t sum_pair(const char *at, uint32_t window)
{
    return load8(at) + load8(at + window - 8);
}

/* 17 to 32 bytes */
static inline uint64_t sum_four(const char *at, uint32_t window)
{
    return load8(at) + load8(at + 8) + load8(at + window - 16) + load8(at + window - 8);
}

uint64_t fingerprint_multiplier(const struct redact_key *key)
{
    static const char purpose[] = "fnward redact multiplier";
    uint8_t digest[SHA256_DIGEST_LENGTH];
    uint64_t number;
    SHA256_CTX c;

    SHA256_Init(&c);
    SHA256_Update(&c, purpose, sizeof(purpose));
    SHA256_Update(&c, key, sizeof(*key));
    SHA256_Final(digest, &c);
    memcpy(&number, digest, sizeof(number));
    return number | 1;
}

/*
 * Few lengths, as each costs a pass over the text, but never much less than the whole of what a
 * short secret is: a fingerprint of half of it would let that half be guessed by itself.
 */
uint32_t fingerprint_window(size_t length, bool sparse)
{
    if (length <= 16)
        return (uint32_t)length;
    if (length >= WINDOW_LONGEST)
        return WINDOW_LONGEST;
    if (!sparse || length < 20)
        return 16;
    return length < 24 ? 20 : 24;
}

uint16_t fingerprint(uint64_t multiplier, const char *at, uint32_t window)
{
    uint64_t sum = window < 8     ? sum_small(at, window)
                   : window <= 16 ? sum_pair(at, window)
                                  : sum_four(at, window);

    return (uint16_t)(sum * multiplier >> (64 - PREFIX_BITS));
}

void fingerprint_block(uint64_t multiplier, const char *at, size_t count, uint32_t window,
                       const uint8_t table[1 << TABLE_BITS], uint8_t *hits)
{
    if (window < 8)
        for (size_t i = 0; i < count; i++)
            hits[i] |= table[sum_small(at + i, window) * multiplier >> (64 - TABLE_BITS)];
    else if (window <= 16)
        for (size_t i = 0; i < count; i++)
            hits[i] |= table[sum_pair(at + i, window) * multiplier >> (64 - TABLE_BITS)];
    else
        for (size_t i = 0; i < count; i++)
            hits[i] |= table[sum_four(at + i, window) * multiplier >> (64 - TABLE_BITS)];
}

static void start(SHA256_CTX *c, const struct redact_key *key)
{
    SHA256_Init(c);
    SHA256_Update(c, key, sizeof(*key));
}

/* The first bits of what the digest would be if the form ended here. */
static uint16_t peek(const SHA256_CTX *c)
{
    SHA256_CTX copy = *c;
    uint8_t digest[SHA256_DIGEST_LENGTH];

    SHA256_Final(digest, &copy);
    return (uint16_t)(digest[0] << 8 | digest[1]);
}

void fingerprint_digest(const struct redact_key *key, str form, struct redact_mark *ret)
{
    SHA256_CTX c;
    size_t done = 0;

    start(&c, key);
    for (size_t i = 0; i < REDACT_CHECKS && checked[i] < form.len; i++) {
        SHA256_Update(&c, form.at + done, checked[i] - done);
        done = checked[i];
        ret->checks[i] = peek(&c);
    }
    SHA256_Update(&c, form.at + done, form.len - done);
    SHA256_Final(ret->digest, &c);
    memory_wipe(&c, sizeof(c));
}

static enum fit later(size_t *need, size_t length)
{
    *need = length;
    return FIT_LATER;
}

enum fit fingerprint_fits(const struct redact_key *key, const struct redact_mark *m, str ahead,
                          size_t *need)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX c;
    size_t done = 0;

    start(&c, key);
    for (size_t i = 0; i < REDACT_CHECKS && checked[i] < m->length; i++) {
        if (ahead.len < checked[i])
            return later(need, checked[i]);
        SHA256_Update(&c, ahead.at + done, checked[i] - done);
        done = checked[i];
        if (peek(&c) != m->checks[i])
            return FIT_NO;
    }
    if (ahead.len < m->length)
        return later(need, m->length);
    SHA256_Update(&c, ahead.at + done, m->length - done);
    SHA256_Final(digest, &c);
    return memcmp(digest, m->digest, sizeof(digest)) == 0 ? FIT_YES : FIT_NO;
}
