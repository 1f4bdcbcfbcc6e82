/*
 * value: what is inside the ciphertexts, and the key that marks it.
 */
#include "seal/parts.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { KEY = 32, DIGEST = 32, INSIDE_MAX = SEAL_VALUE_MAX + 512 };

static const str key_label = STR_INIT("fnward-secrets-key 1\n");
static const str value_label = STR_INIT("fnward-secret 1\n");

static bool collect(void *self, str plain, struct err *e)
{
    struct secret *to = self;

    if (plain.len > to->cap - to->len)
        return err_set(e, ERR_LIMIT, "a sealed value is larger than the limit of %d bytes",
                       SEAL_VALUE_MAX);
    memcpy(to->at + to->len, plain.at, plain.len);
    to->len += plain.len;
    return true;
}

bool cipher_open(str cipher, const struct age_identity *identities, size_t count,
                 struct secret *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret inside = {0};
    struct age_from from = {.identities = identities, .count = count};
    struct age_sink sink = {collect, &inside};
    enum age_verdict v;

    if (!secret_new(cipher.len < INSIDE_MAX ? cipher.len : INSIDE_MAX, &inside, e))
        return false;
    v = age_decrypt(cipher, &from, &sink, e);
    if (v == AGE_NO_MATCH)
        return err_fix(
            e, "one of its recipients can add yours: fnward seal add-recipient age1...");
    if (v != AGE_OK)
        return false;
    *ret = secret_steal(&inside);
    return true;
}

bool value_seal(const struct seal *s, const struct secret *inside, str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct age_to to = {.recipients = s->recipients, .count = s->recipient_count};
    str copy;

    if (!age_encrypt(secret_str(inside), &to, true, &b, e))
        return false;
    copy = arena_str(s->arena, buf_str(&b));
    if (!copy.at)
        return err_limit(e);
    *ret = copy;
    return true;
}

/* ---- the key ---- */

static void digest_recipients(const struct seal *s, uint8_t ret[DIGEST])
{
    EVP_Digest(s->recipients, s->recipient_count * sizeof(s->recipients[0]), ret, NULL,
               EVP_sha256(), NULL);
}

static bool list_was_changed(const struct seal *s, struct err *e)
{
    err_set(e, ERR_DENIED, "the recipients listed in '%s' are not those that it was sealed for",
            s->file);
    return err_fix(e, "restore the list, then use 'fnward seal add-recipient' or "
                      "'remove-recipient'");
}

bool key_open(const struct seal *s, const struct age_identity *identities, size_t count,
              struct secret *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret inside = {0};
    uint8_t digest[DIGEST];

    if (!cipher_open(s->key, identities, count, &inside, e))
        return err_wrap(e, "the key of '%s'", s->file);
    if (inside.len != key_label.len + DIGEST + KEY ||
        !str_starts(secret_str(&inside), key_label))
        return err_set(e, ERR_INPUT, "the key of '%s' is something else", s->file);
    digest_recipients(s, digest);
    if (memcmp(digest, inside.at + key_label.len, DIGEST) != 0)
        return list_was_changed(s, e);
    memmove(inside.at, inside.at + key_label.len + DIGEST, KEY);
    inside.len = KEY;
    *ret = secret_steal(&inside);
    return true;
}

bool key_create(struct seal *s, struct secret *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret inside = {0}, key = {0};
    bool ok;

    if (!secret_new(key_label.len + DIGEST + KEY, &inside, e))
        return false;
    memcpy(inside.at, key_label.at, key_label.len);
    digest_recipients(s, (uint8_t *)inside.at + key_label.len);
    random_bytes(inside.at + key_label.len + DIGEST, KEY);
    inside.len = inside.cap;
    ok = value_seal(s, &inside, &s->key, e) && secret_new(KEY, &key, e);
    if (!ok)
        return false;
    memcpy(key.at, inside.at + key_label.len + DIGEST, KEY);
    key.len = KEY;
    *ret = secret_steal(&key);
    return true;
}

/* ---- the values ---- */

static size_t put(char *to, size_t at, str s)
{
    memcpy(to + at, s.at, s.len);
    return at + s.len;
}

/* "fnward-secret 1", the name, the function, an empty line. Neither can hold a line end. */
static size_t put_head(char *to, str function, str name)
{
    size_t n = put(to, 0, value_label);

    n = put(to, n, name);
    n = put(to, n, STR("\n"));
    n = put(to, n, function);
    return put(to, n, STR("\n\n"));
}

bool value_wrap(str function, str name, str value, struct secret *ret, struct err *e)
{
    struct secret inside;
    size_t n;

    if (!secret_new(value_label.len + name.len + function.len + 3 + value.len, &inside, e))
        return false;
    n = put_head(inside.at, function, name);
    inside.len = put(inside.at, n, value);
    *ret = inside;
    return true;
}

bool value_mark(const struct secret *key, const struct secret *inside, uint8_t ret[SEAL_MARK],
                struct err *e)
{
    if (HMAC(EVP_sha256(), key->at, (int)key->len, (const uint8_t *)inside->at, inside->len,
             ret, NULL))
        return true;
    return err_set(e, ERR_SYSTEM, "HMAC failed in OpenSSL");
}

static bool is_genuine(const struct sealed *from, const struct secret *key,
                       const struct secret *inside, struct err *e)
{
    char head[sizeof("fnward-secret 1\n") + 2 * SEAL_NAME_MAX + 3];
    size_t n = put_head(head, from->entry.function, from->entry.name);
    uint8_t mark[SEAL_MARK];

    if (!str_starts(secret_str(inside), (str){head, n}))
        return err_set(e, ERR_DENIED,
                       "it was sealed as another secret, or for another function");
    if (!value_mark(key, inside, mark, e))
        return false;
    return str_equal_secret((str){(const char *)mark, SEAL_MARK},
                            (str){(const char *)from->mark, SEAL_MARK}) ||
           err_set(e, ERR_DENIED, "it was not sealed by one of the recipients");
}

bool value_open(const struct seal *s, const struct sealed *from, const struct secret *key,
                const struct age_identity *identities, size_t count, struct secret *ret,
                struct err *e)
{
    CLEANUP(secret_free) struct secret inside = {0};
    size_t head = value_label.len + from->entry.name.len + from->entry.function.len + 3;

    if (!cipher_open(from->cipher, identities, count, &inside, e) ||
        !is_genuine(from, key, &inside, e))
        return err_wrap(e, "the secret '%.*s' in '%s'", STR_ARG(from->entry.name), s->file);
    inside.len -= head;
    memmove(inside.at, inside.at + head, inside.len);
    *ret = secret_steal(&inside);
    return true;
}
