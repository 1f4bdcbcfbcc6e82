/*
 * key: identities and recipients, generated, read and written.
 */
#include "age/parts.h"

static const str recipient_prefix = STR_INIT("age");
static const str identity_prefix = STR_INIT("AGE-SECRET-KEY-");

static bool finish(struct secret *key, struct age_identity *ret, struct err *e)
{
    struct age_recipient recipient;

    if (!x25519_public((uint8_t *)key->at, recipient.key, e)) {
        secret_free(key);
        return false;
    }
    key->len = AGE_KEY;
    *ret = (struct age_identity){.key = *key, .recipient = recipient};
    return true;
}

bool age_identity_generate(struct age_identity *ret, struct err *e)
{
    struct secret key;

    if (!secret_new(AGE_KEY, &key, e))
        return false;
    random_bytes(key.at, AGE_KEY);
    return finish(&key, ret, e);
}

bool age_identity_parse(str text, struct age_identity *ret, struct err *e)
{
    struct secret key;

    if (!secret_new(AGE_KEY, &key, e))
        return false;
    if (bech32_read(text, identity_prefix, (uint8_t *)key.at, AGE_KEY))
        return finish(&key, ret, e);
    secret_free(&key);
    /* The text may be a private key with a typing mistake: it is not quoted. */
    err_set(e, ERR_INPUT, "this is not an age identity: the form or the checksum is wrong");
    return err_fix(e, "an identity is one line that begins with AGE-SECRET-KEY-1");
}

void age_identity_text(const struct age_identity *i, struct secret *ret)
{
    bech32_write(identity_prefix, (const uint8_t *)i->key.at, AGE_KEY, ret->at);
    ret->len = BECH32_LENGTH(identity_prefix.len, AGE_KEY);
}

void age_identity_free(struct age_identity *i)
{
    secret_free(&i->key);
}

bool age_recipient_parse(str text, struct age_recipient *ret, struct err *e)
{
    uint8_t key[AGE_KEY];

    if (bech32_read(text, recipient_prefix, key, AGE_KEY)) {
        memcpy(ret->key, key, AGE_KEY);
        return true;
    }
    /* Nor is a private key that was pasted by mistake. */
    if (str_starts(text, STR("AGE-"))) {
        err_set(e, ERR_INPUT, "this is an identity, the private half, not a recipient");
        return err_fix(e, "'fnward seal keygen' printed the recipient: it begins with age1");
    }
    err_set(e, ERR_INPUT, "'%.*s' is not an age recipient: the form or the checksum is wrong",
            STR_ARG(str_sub(text, 0, AGE_TEXT_MAX)));
    return err_fix(e, "a recipient is 62 characters and begins with age1");
}

void age_recipient_text(const struct age_recipient *r, char ret[AGE_TEXT_MAX])
{
    bech32_write(recipient_prefix, r->key, AGE_KEY, ret);
    ret[BECH32_LENGTH(recipient_prefix.len, AGE_KEY)] = 0;
}
