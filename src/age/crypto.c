/*
 * The primitives that age is built from, as OpenSSL has them.
 */
#include "age/parts.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

static void pkey_freep(EVP_PKEY **p)
{
    EVP_PKEY_free(*p);
}

static void pkey_ctx_freep(EVP_PKEY_CTX **c)
{
    EVP_PKEY_CTX_free(*c);
}

static void kdf_freep(EVP_KDF **k)
{
    EVP_KDF_free(*k);
}

static void kdf_ctx_freep(EVP_KDF_CTX **c)
{
    EVP_KDF_CTX_free(*c);
}

static void cipher_ctx_freep(EVP_CIPHER_CTX **c)
{
    EVP_CIPHER_CTX_free(*c);
}

static bool failed(struct err *e, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_get_error());

    ERR_clear_error();
    return err_set(e, ERR_SYSTEM, "%s failed in OpenSSL%s%s", what, reason ? ": " : "",
                   reason ? reason : "");
}

bool hkdf(struct bytes key, struct bytes salt, str info, uint8_t ret[AGE_KEY], struct err *e)
{
    CLEANUP(kdf_freep) EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    CLEANUP(kdf_ctx_freep) EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM parameters[5], *p = parameters;

    *p++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key.at, key.len);
    *p++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info.at, info.len);
    /* An absent salt is the empty one. */
    if (salt.len)
        *p++ =
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt.at, salt.len);
    *p = OSSL_PARAM_construct_end();
    if (!ctx || EVP_KDF_derive(ctx, ret, AGE_KEY, parameters) <= 0)
        return failed(e, "HKDF");
    return true;
}

bool hmac(const uint8_t key[AGE_KEY], str text, uint8_t ret[AGE_KEY], struct err *e)
{
    unsigned n = 0;

    if (!HMAC(EVP_sha256(), key, AGE_KEY, (const unsigned char *)text.at, text.len, ret, &n) ||
        n != AGE_KEY)
        return failed(e, "HMAC");
    return true;
}

bool x25519_public(const uint8_t private[AGE_KEY], uint8_t ret[AGE_KEY], struct err *e)
{
    CLEANUP(pkey_freep)
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private, AGE_KEY);
    size_t n = AGE_KEY;

    if (!key || EVP_PKEY_get_raw_public_key(key, ret, &n) <= 0 || n != AGE_KEY)
        return failed(e, "X25519");
    return true;
}

bool x25519(const uint8_t private[AGE_KEY], const uint8_t peer[AGE_KEY], uint8_t ret[AGE_KEY],
            struct err *e)
{
    static const uint8_t zero[AGE_KEY];
    CLEANUP(pkey_freep)
    EVP_PKEY *ours = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private, AGE_KEY);
    CLEANUP(pkey_freep)
    EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer, AGE_KEY);
    CLEANUP(pkey_ctx_freep) EVP_PKEY_CTX *ctx = ours ? EVP_PKEY_CTX_new(ours, NULL) : NULL;
    size_t n = AGE_KEY;

    if (!ctx || !theirs || EVP_PKEY_derive_init(ctx) <= 0 ||
        EVP_PKEY_derive_set_peer(ctx, theirs) <= 0)
        return failed(e, "X25519");
    /* OpenSSL refuses a zero result itself; RFC 7748 leaves that to whoever calls. */
    if (EVP_PKEY_derive(ctx, ret, &n) <= 0 || CRYPTO_memcmp(ret, zero, AGE_KEY) == 0) {
        ERR_clear_error();
        return false;
    }
    return true;
}

bool scrypt(str passphrase, struct bytes salt, unsigned work_factor, uint8_t ret[AGE_KEY],
            struct err *e)
{
    enum { R = 8, P = 1 };
    uint64_t n = (uint64_t)1 << work_factor;
    /* 128 r bytes for each of n blocks, and some more; the default maximum stops at 2^15. */
    uint64_t memory = 128 * R * (n + 16);

    if (EVP_PBE_scrypt(passphrase.at, passphrase.len, salt.at, salt.len, n, R, P, memory, ret,
                       AGE_KEY) <= 0)
        return failed(e, "scrypt");
    return true;
}

static EVP_CIPHER_CTX *aead_new(const uint8_t *key, const uint8_t *nonce, int encrypt)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    if (ctx && EVP_CipherInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, nonce, encrypt) > 0)
        return ctx;
    EVP_CIPHER_CTX_free(ctx);
    return NULL;
}

bool aead_seal(const uint8_t key[AGE_KEY], const uint8_t nonce[AGE_NONCE], str plain,
               uint8_t *ret, struct err *e)
{
    CLEANUP(cipher_ctx_freep) EVP_CIPHER_CTX *ctx = aead_new(key, nonce, 1);
    int n = 0, more = 0;

    if (!ctx ||
        EVP_CipherUpdate(ctx, ret, &n, (const uint8_t *)plain.at, (int)plain.len) <= 0 ||
        EVP_CipherFinal_ex(ctx, ret + n, &more) <= 0 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AGE_TAG, ret + plain.len) <= 0)
        return failed(e, "ChaCha20-Poly1305");
    return true;
}

bool aead_open(const uint8_t key[AGE_KEY], const uint8_t nonce[AGE_NONCE], str sealed,
               uint8_t *ret, struct err *e)
{
    CLEANUP(cipher_ctx_freep) EVP_CIPHER_CTX *ctx = aead_new(key, nonce, 0);
    size_t len = sealed.len < AGE_TAG ? 0 : sealed.len - AGE_TAG;
    const uint8_t *in = (const uint8_t *)sealed.at;
    int n = 0, more = 0;

    if (sealed.len < AGE_TAG)
        return false;
    if (!ctx ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AGE_TAG, (void *)(in + len)) <= 0 ||
        EVP_CipherUpdate(ctx, ret, &n, in, (int)len) <= 0)
        return failed(e, "ChaCha20-Poly1305");
    return EVP_CipherFinal_ex(ctx, ret + n, &more) > 0;
}
