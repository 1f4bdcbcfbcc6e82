#include "age/parts.h"

#include <openssl/crypto.h>

struct file_key {
    uint8_t bytes[AGE_FILE_KEY];
};

static void file_key_wipe(struct file_key *k)
{
    memory_wipe(k, sizeof(*k));
}

enum age_verdict age_refuse(struct err *e, enum age_verdict v, const char *format, ...)
{
    char what[sizeof(e->what)];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    err_set(e, v == AGE_NO_MATCH ? ERR_DENIED : ERR_INPUT, "%s", what);
    return v;
}

static bool header_mac(const struct file_key *k, str text, uint8_t ret[AGE_KEY], struct err *e)
{
    uint8_t key[AGE_KEY];
    bool ok = hkdf((struct bytes){k->bytes, sizeof(k->bytes)}, (struct bytes){"", 0},
                   STR("header"), key, e) &&
              hmac(key, text, ret, e);

    memory_wipe(key, sizeof(key));
    return ok;
}

static enum age_verdict find_file_key(const struct header *h, const struct age_from *from,
                                      struct file_key *ret, struct err *e)
{
    str rest = h->stanzas;
    struct stanza s;

    while (rest.len && stanza_next(&rest, &s)) {
        enum age_verdict v = stanza_unwrap(&s, from, ret->bytes, e);

        if (v != AGE_NO_MATCH)
            return v;
    }
    return age_refuse(e, AGE_NO_MATCH, "this is not encrypted to any of our identities");
}

static enum age_verdict decrypt_binary(str file, const struct age_from *from,
                                       const struct age_sink *to, struct err *e)
{
    CLEANUP(file_key_wipe) struct file_key key;
    struct header h;
    uint8_t mac[AGE_KEY];
    enum age_verdict v = header_read(file, &h, e);

    if (v == AGE_OK)
        v = find_file_key(&h, from, &key, e);
    if (v != AGE_OK)
        return v;
    if (!header_mac(&key, h.signed_part, mac, e))
        return AGE_FAILED;
    if (CRYPTO_memcmp(mac, h.mac, sizeof(mac)) != 0)
        return age_refuse(e, AGE_HMAC, "the header was changed after it was written");
    return payload_open(key.bytes, h.rest, to, e);
}

enum age_verdict age_decrypt(str file, const struct age_from *from, const struct age_sink *to,
                             struct err *e)
{
    CLEANUP(buf_free) struct buf binary = {.max = file.len + 64};
    enum age_verdict v;

    if (!armor_is(file))
        return decrypt_binary(file, from, to, e);
    v = armor_read(file, &binary, e);
    return v == AGE_OK ? decrypt_binary(buf_str(&binary), from, to, e) : v;
}

static bool wrap(const struct age_to *to, const struct file_key *key, struct buf *ret,
                 struct err *e)
{
    if (to->passphrase.len)
        return stanza_wrap_scrypt(to, key->bytes, ret, e);
    for (size_t i = 0; i < to->count; i++)
        if (!stanza_wrap_x25519(&to->recipients[i], key->bytes, ret, e))
            return false;
    return true;
}

static bool encrypt_binary(str plain, const struct age_to *to, struct buf *ret, struct err *e)
{
    CLEANUP(file_key_wipe) struct file_key key;
    size_t start = ret->len;
    uint8_t mac[AGE_KEY];

    random_bytes(key.bytes, sizeof(key.bytes));
    buf_add(ret, STR(AGE_VERSION_LINE));
    if (!wrap(to, &key, ret, e))
        return false;
    buf_add(ret, STR("---"));
    if (ret->failed)
        return err_limit(e);
    if (!header_mac(&key, (str){ret->at + start, ret->len - start}, mac, e))
        return false;
    buf_addc(ret, ' ');
    base64_add(ret, mac, sizeof(mac));
    buf_addc(ret, '\n');
    return payload_seal(key.bytes, plain, ret, e);
}

bool age_encrypt(str plain, const struct age_to *to, bool armor, struct buf *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf binary = {.max = ret->max};

    if (!to->count == !to->passphrase.len)
        return err_set(e, ERR_INPUT,
                       "a file is encrypted to recipients or else to a passphrase");
    if (to->count > AGE_RECIPIENTS_MAX)
        return err_set(e, ERR_LIMIT, "more than %d recipients", AGE_RECIPIENTS_MAX);
    if (!encrypt_binary(plain, to, armor ? &binary : ret, e))
        return false;
    if (armor)
        armor_write(buf_str(&binary), ret);
    return ret->failed ? err_limit(e) : true;
}
