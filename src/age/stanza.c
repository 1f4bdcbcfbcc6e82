/*
 * stanza: the file key, wrapped for a recipient or under a passphrase.
 */
#include "age/parts.h"

enum { SHARE_TEXT = 43, SALT_TEXT = 22, WORK_FACTOR_MAX = 22, WORK_FACTOR = 18 };

/* Each wraps a key of its own, so that the nonce may be fixed. */
static const uint8_t nonce[AGE_NONCE];
static const str x25519_info = STR_INIT("age-encryption.org/v1/X25519");
static const str scrypt_label = STR_INIT("age-encryption.org/v1/scrypt");

static bool read_share(const struct stanza *s, uint8_t ret[AGE_KEY])
{
    size_t n;

    return s->arguments.len == SHARE_TEXT && base64_read(s->arguments, ret, AGE_KEY, &n);
}

/* A decimal number without leading zeros. Far too large ones are refused later, as too slow. */
static bool read_scrypt(const struct stanza *s, uint8_t salt[AGE_SALT], uint64_t *work_factor)
{
    str rest = s->arguments, text;
    size_t n;

    return str_cut(&rest, ' ', &text) && text.len == SALT_TEXT &&
           base64_read(text, salt, AGE_SALT, &n) && rest.len && rest.at[0] != '0' &&
           str_to_u64(rest, 63, work_factor);
}

bool stanza_is_well_formed(const struct stanza *s)
{
    uint8_t share[AGE_KEY], salt[AGE_SALT];
    uint64_t work_factor;

    if (str_is(s->type, "X25519"))
        return s->len == AGE_WRAPPED && read_share(s, share);
    if (str_is(s->type, "scrypt"))
        return s->len == AGE_WRAPPED && read_scrypt(s, salt, &work_factor);
    return true;
}

/* The key that wraps the file key, from what both sides can compute. */
static bool x25519_key(const uint8_t shared[AGE_KEY], const uint8_t share[AGE_KEY],
                       const struct age_recipient *to, uint8_t ret[AGE_KEY], struct err *e)
{
    uint8_t salt[2 * AGE_KEY];

    memcpy(salt, share, AGE_KEY);
    memcpy(salt + AGE_KEY, to->key, AGE_KEY);
    return hkdf((struct bytes){shared, AGE_KEY}, (struct bytes){salt, sizeof(salt)},
                x25519_info, ret, e);
}

struct keys {
    uint8_t shared[AGE_KEY], key[AGE_KEY];
};

static void keys_wipe(struct keys *k)
{
    memory_wipe(k, sizeof(*k));
}

static enum age_verdict opened(bool ok, struct err *e)
{
    return ok ? AGE_OK : e->code ? AGE_FAILED : AGE_NO_MATCH;
}

static enum age_verdict unwrap_x25519(const struct stanza *s, const struct age_identity *i,
                                      uint8_t ret[AGE_FILE_KEY], struct err *e)
{
    CLEANUP(keys_wipe) struct keys k;
    uint8_t share[AGE_KEY];

    if (!read_share(s, share))
        return age_refuse(e, AGE_HEADER, "an X25519 stanza is malformed");
    if (!x25519((const uint8_t *)i->key.at, share, k.shared, e))
        return e->code ? AGE_FAILED
                       : age_refuse(e, AGE_HEADER, "an X25519 share is a point of low order");
    if (!x25519_key(k.shared, share, &i->recipient, k.key, e))
        return AGE_FAILED;
    return opened(aead_open(k.key, nonce, (str){(const char *)s->body, AGE_WRAPPED}, ret, e),
                  e);
}

static bool scrypt_key(str passphrase, const uint8_t salt[AGE_SALT], unsigned work_factor,
                       uint8_t ret[AGE_KEY], struct err *e)
{
    uint8_t labelled[64];

    memcpy(labelled, scrypt_label.at, scrypt_label.len);
    memcpy(labelled + scrypt_label.len, salt, AGE_SALT);
    return scrypt(passphrase, (struct bytes){labelled, scrypt_label.len + AGE_SALT},
                  work_factor, ret, e);
}

static enum age_verdict unwrap_scrypt(const struct stanza *s, const struct age_from *from,
                                      uint8_t ret[AGE_FILE_KEY], struct err *e)
{
    CLEANUP(keys_wipe) struct keys k;
    uint8_t salt[AGE_SALT];
    unsigned max = from->work_factor_max ? from->work_factor_max : WORK_FACTOR_MAX;
    uint64_t work_factor;

    if (!read_scrypt(s, salt, &work_factor))
        return age_refuse(e, AGE_HEADER, "a scrypt stanza is malformed");
    if (work_factor > max)
        return age_refuse(e, AGE_HEADER, "a passphrase work factor of %u is above the limit %u",
                          (unsigned)work_factor, max);
    if (!scrypt_key(from->passphrase, salt, (unsigned)work_factor, k.key, e))
        return AGE_FAILED;
    return opened(aead_open(k.key, nonce, (str){(const char *)s->body, AGE_WRAPPED}, ret, e),
                  e);
}

enum age_verdict stanza_unwrap(const struct stanza *s, const struct age_from *from,
                               uint8_t ret[AGE_FILE_KEY], struct err *e)
{
    if (str_is(s->type, "scrypt"))
        return from->passphrase.len ? unwrap_scrypt(s, from, ret, e) : AGE_NO_MATCH;
    if (!str_is(s->type, "X25519"))
        return AGE_NO_MATCH;
    for (size_t i = 0; i < from->count; i++) {
        enum age_verdict v = unwrap_x25519(s, &from->identities[i], ret, e);

        if (v != AGE_NO_MATCH)
            return v;
    }
    return AGE_NO_MATCH;
}

static bool add_body(const uint8_t key[AGE_KEY], const uint8_t file_key[AGE_FILE_KEY],
                     struct buf *ret, struct err *e)
{
    uint8_t body[AGE_WRAPPED];

    if (!aead_seal(key, nonce, (str){(const char *)file_key, AGE_FILE_KEY}, body, e))
        return false;
    base64_add(ret, body, sizeof(body));
    buf_addc(ret, '\n');
    return true;
}

bool stanza_wrap_x25519(const struct age_recipient *to, const uint8_t file_key[AGE_FILE_KEY],
                        struct buf *ret, struct err *e)
{
    CLEANUP(keys_wipe) struct keys k, ephemeral;
    uint8_t share[AGE_KEY];
    bool ok;

    random_bytes(ephemeral.key, AGE_KEY);
    ok = x25519_public(ephemeral.key, share, e) && x25519(ephemeral.key, to->key, k.shared, e);
    keys_wipe(&ephemeral);
    if (!ok)
        return e->code ? false
                       : err_set(e, ERR_INPUT, "a recipient's key is a point of low order");
    if (!x25519_key(k.shared, share, to, k.key, e))
        return false;
    buf_add(ret, STR("-> X25519 "));
    base64_add(ret, share, sizeof(share));
    buf_addc(ret, '\n');
    return add_body(k.key, file_key, ret, e);
}

bool stanza_wrap_scrypt(const struct age_to *to, const uint8_t file_key[AGE_FILE_KEY],
                        struct buf *ret, struct err *e)
{
    CLEANUP(keys_wipe) struct keys k;
    uint8_t salt[AGE_SALT];
    unsigned work_factor = to->work_factor ? to->work_factor : WORK_FACTOR;

    if (work_factor > WORK_FACTOR_MAX)
        return err_set(e, ERR_LIMIT, "a passphrase work factor of %u is above the limit %d",
                       work_factor, WORK_FACTOR_MAX);
    random_bytes(salt, sizeof(salt));
    if (!scrypt_key(to->passphrase, salt, work_factor, k.key, e))
        return false;
    buf_add(ret, STR("-> scrypt "));
    base64_add(ret, salt, sizeof(salt));
    buf_addf(ret, " %u\n", work_factor);
    return add_body(k.key, file_key, ret, e);
}
