/*
 * age: files in the age format v1 (C2SP age.md), read and written.
 *
 * X25519 and scrypt recipients, armor, streaming payloads. Secrets live in `struct secret`:
 * guarded, locked, wiped, not inherited by children, one owner.
 */
#pragma once

#include "base/base.h"

/* ---- secret memory ---- */

/* Page-aligned, between guard pages, mlocked where the limit allows, MADV_DONTDUMP and
 * MADV_WIPEONFORK. */
struct secret {
    char *at;
    size_t len, cap;
};

bool secret_new(size_t cap, struct secret *ret, struct err *e) MUST_USE;
void secret_free(struct secret *s); /* wipes; for CLEANUP too; zero-initialised is empty */
struct secret secret_steal(struct secret *s); /* takes it out of a CLEANUP variable */
str secret_str(const struct secret *s);
/* All of a descriptor, e.g. stdin, straight into secret memory. */
bool secret_read_fd(int fd, size_t max, struct secret *ret, struct err *e) MUST_USE;

/* ---- keys ---- */

struct age_recipient {
    uint8_t key[32];
};
struct age_identity {
    struct secret key; /* 32 bytes, X25519 */
    struct age_recipient recipient;
};

enum { AGE_TEXT_MAX = 80, AGE_RECIPIENTS_MAX = 64 };

bool age_identity_generate(struct age_identity *ret, struct err *e) MUST_USE;
bool age_identity_parse(str text, struct age_identity *ret, struct err *e) MUST_USE;
void age_identity_text(const struct age_identity *i,
                       struct secret *ret); /* cap >= AGE_TEXT_MAX */
void age_identity_free(struct age_identity *i);
bool age_recipient_parse(str text, struct age_recipient *ret, struct err *e) MUST_USE;
void age_recipient_text(const struct age_recipient *r, char ret[AGE_TEXT_MAX]);

/* ---- files ---- */

struct age_to { /* whom to encrypt to: recipients, or else a passphrase */
    const struct age_recipient *recipients;
    size_t count;
    str passphrase;
    unsigned work_factor; /* log2 of scrypt's N; 0 means 18 */
};
struct age_from { /* who we are */
    const struct age_identity *identities;
    size_t count;
    str passphrase;
    unsigned work_factor_max; /* 0 means 22 */
};

enum age_verdict {
    AGE_OK,
    AGE_HEADER, /* malformed header */
    AGE_ARMOR, /* malformed armor */
    AGE_NO_MATCH, /* not encrypted to any of these identities */
    AGE_HMAC,
    AGE_PAYLOAD, /* what was released before is authentic */
    AGE_FAILED, /* not the file's fault: the sink's, or the machine's */
};

/* Streaming: plain text is released chunk by chunk, each authenticated before it is. */
struct age_sink {
    bool (*write)(void *self, str plain, struct err *e);
    void *self;
};
bool age_encrypt(str plain, const struct age_to *to, bool armor, struct buf *ret,
                 struct err *e) MUST_USE;
enum age_verdict age_decrypt(str file, const struct age_from *from, const struct age_sink *to,
                             struct err *e) MUST_USE;
