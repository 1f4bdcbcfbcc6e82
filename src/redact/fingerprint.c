/*
 * fingerprint: what can be told of a form without telling the form.
 *
 * For the search, a window of 4 to 64 bytes is read as words, the last of which may overlap;
 * their sum is multiplied with a secret odd number, and the highest bits are the fingerprint.
 * Nothing is carried from one place to the next, so that a processor looks at several at once.
 * To be certain, SHA-256 under the key.
 */
#include "redact/parts.h"

/* The plain functions need no allocation and hash a short form in a third of EVP's time. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

static const size_t checked[REDACT_CHECKS] = {64, 256, 1024, 4096, 16384, 65536};

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

static inline uint64_t sum(const char *at, uint32_t window)
{
    uint64_t all;

    if (window < 8)
        return load4(at) << 32 | load4(at + window - 4);
    all = load8(at + window - 8);
    for (uint32_t i = 0; i + 8 < window; i += 8)
        all += load8(at + i);
    return all;
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

uint16_t fingerprint(uint64_t multiplier, const char *at, uint32_t window)
{
    return (uint16_t)(sum(at, window) * multiplier >> (64 - PREFIX_BITS));
}

/* Writes without a branch, as whether there is a hit can't be predicted. */
static inline size_t scan(const struct scan *s, const char *at, size_t count, uint32_t window,
                          uint32_t stride, uint16_t *ret)
{
    size_t found = 0;

    for (size_t i = 0; i < count * stride; i += stride) {
        ret[found] = (uint16_t)i;
        found += s->table[sum(at + i, window) * s->multiplier >> (64 - TABLE_BITS)];
    }
    return found;
}

/* With constants, the compiler unrolls the sums of the windows that most secrets have. */
size_t fingerprint_scan(const struct scan *s, const char *at, size_t count, uint16_t *ret)
{
    if (s->window == 16 && s->stride == 4)
        return scan(s, at, count, 16, 4, ret);
    if (s->window == 24 && s->stride == 4)
        return scan(s, at, count, 24, 4, ret);
    if (s->window == 32 && s->stride == 8)
        return scan(s, at, count, 32, 8, ret);
    if (s->window == 48 && s->stride == 8)
        return scan(s, at, count, 48, 8, ret);
    if (s->window == 64 && s->stride == 8)
        return scan(s, at, count, 64, 8, ret);
    if (s->window == 16 && s->stride == 1)
        return scan(s, at, count, 16, 1, ret);
    return scan(s, at, count, s->window, s->stride, ret);
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

static void add_digest(const struct redact_key *key, str form, struct redact_mark *ret)
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

/*
 * Few kinds of windows, as each costs a pass over the text; long strides, as they make it
 * cheap; but never much less than the whole of a short secret: a fingerprint of half of it would
 * let that half be guessed by itself.
 */
static void choose_window(size_t length, bool sparse, struct redact_mark *ret)
{
    static const struct {
        uint16_t least, window, stride;
        bool sparse;
    } rows[] = {
        {71, 64, 8, false}, {55, 48, 8, false}, {39, 32, 8, false},
        {32, 24, 4, true},  {24, 24, 1, true},  {20, 20, 1, true},
        {27, 24, 4, false}, {20, 16, 4, false}, {16, 16, 1, false},
    };

    ret->window = (uint16_t)length;
    ret->stride = 1;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (length >= rows[i].least && (sparse || !rows[i].sparse)) {
            ret->window = rows[i].window;
            ret->stride = rows[i].stride;
            return;
        }
}

void fingerprint_mark(const struct redact_key *key, str form, bool sparse,
                      struct redact_mark *ret)
{
    uint64_t multiplier = fingerprint_multiplier(key);

    ret->length = (uint32_t)form.len;
    choose_window(form.len, sparse, ret);
    for (uint32_t i = 0; i < ret->stride; i++)
        ret->prefixes[i] = fingerprint(multiplier, form.at + i, ret->window);
    add_digest(key, form, ret);
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
