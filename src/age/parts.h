/*
 * The parts that age is made of, for this room only.
 */
#pragma once

#include "age/age.h"

enum {
    AGE_KEY = 32,
    AGE_FILE_KEY = 16,
    AGE_TAG = 16,
    AGE_NONCE = 12,
    AGE_STREAM_NONCE = 16,
    AGE_CHUNK = 64 << 10,
    AGE_WRAPPED = AGE_FILE_KEY + AGE_TAG, /* the body of both kinds of stanza */
    AGE_SALT = 16,
    AGE_STANZAS_MAX = 1024, /* each costs a scalar multiplication per identity */
};

#define AGE_VERSION_LINE "age-encryption.org/v1\n"

/* ---- bech32: the text form of keys ---- */

/* Characters of `n` bytes behind a prefix, the separator and the checksum included. */
#define BECH32_LENGTH(prefix, n) ((prefix) + 1 + ((n)*8 + 4) / 5 + 6)
/* The case of the prefix is the case of the whole. Neither takes time by the bytes' values. */
void bech32_write(str prefix, const uint8_t *bytes, size_t n, char *ret);
bool bech32_read(str text, str prefix, uint8_t *ret, size_t n) MUST_USE;

/* ---- base64: canonical or refused ---- */

bool base64_read(str text, uint8_t *ret, size_t max, size_t *n) MUST_USE; /* no padding */
void base64_add(struct buf *to, const uint8_t *bytes, size_t n); /* no padding */
bool base64_read_padded(str text, uint8_t *ret, size_t max, size_t *n) MUST_USE;

/* ---- the primitives, by OpenSSL ---- */

struct bytes {
    const void *at;
    size_t len;
};

bool hkdf(struct bytes key, struct bytes salt, str info, uint8_t ret[AGE_KEY],
          struct err *e) MUST_USE;
bool hmac(const uint8_t key[AGE_KEY], str text, uint8_t ret[AGE_KEY], struct err *e) MUST_USE;
bool x25519_public(const uint8_t private[AGE_KEY], uint8_t ret[AGE_KEY],
                   struct err *e) MUST_USE;
/* False without an error when the shared secret would be zero: `peer` is of low order. */
bool x25519(const uint8_t private[AGE_KEY], const uint8_t peer[AGE_KEY], uint8_t ret[AGE_KEY],
            struct err *e) MUST_USE;
bool scrypt(str passphrase, struct bytes salt, unsigned work_factor, uint8_t ret[AGE_KEY],
            struct err *e) MUST_USE;
/* `ret` has room for the plain text and AGE_TAG. */
bool aead_seal(const uint8_t key[AGE_KEY], const uint8_t nonce[AGE_NONCE], str plain,
               uint8_t *ret, struct err *e) MUST_USE;
/* False without an error when the tag is wrong. */
bool aead_open(const uint8_t key[AGE_KEY], const uint8_t nonce[AGE_NONCE], str sealed,
               uint8_t *ret, struct err *e) MUST_USE;

/* Sets the error and returns the verdict. */
enum age_verdict age_refuse(struct err *e, enum age_verdict v, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* ---- armor ---- */

bool armor_is(str file);
enum age_verdict armor_read(str file, struct buf *ret, struct err *e) MUST_USE;
void armor_write(str binary, struct buf *ret);

/* ---- header ---- */

struct stanza {
    str type;
    str arguments; /* what follows the type, without the space between */
    uint8_t body[48]; /* its first line */
    size_t len; /* of the whole body */
};

struct header {
    str stanzas; /* as they stand in the file */
    str signed_part; /* from the first byte to "---" */
    uint8_t mac[AGE_KEY];
    str rest; /* the nonce and the payload */
};

enum age_verdict header_read(str file, struct header *ret, struct err *e) MUST_USE;
/* Takes the next stanza off. For stanzas that header_read() has accepted it can't fail. */
bool stanza_next(str *rest, struct stanza *ret) MUST_USE;

/* ---- stanzas: the file key, wrapped ---- */

/* Whether a stanza of a type that we know has its type's form. */
bool stanza_is_well_formed(const struct stanza *s) MUST_USE;
enum age_verdict stanza_unwrap(const struct stanza *s, const struct age_from *from,
                               uint8_t ret[AGE_FILE_KEY], struct err *e) MUST_USE;
bool stanza_wrap_x25519(const struct age_recipient *to, const uint8_t file_key[AGE_FILE_KEY],
                        struct buf *ret, struct err *e) MUST_USE;
bool stanza_wrap_scrypt(const struct age_to *to, const uint8_t file_key[AGE_FILE_KEY],
                        struct buf *ret, struct err *e) MUST_USE;

/* ---- payload ---- */

enum age_verdict payload_open(const uint8_t file_key[AGE_FILE_KEY], str nonce_and_payload,
                              const struct age_sink *to, struct err *e) MUST_USE;
bool payload_seal(const uint8_t file_key[AGE_FILE_KEY], str plain, struct buf *ret,
                  struct err *e) MUST_USE;
