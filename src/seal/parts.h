/*
 * The parts of seal, for this room only.
 */
#pragma once

#include "seal/seal.h"

enum { SEAL_MARK = 32, SEAL_DATE = 10 };

struct sealed {
    struct seal_entry entry;
    uint8_t mark[SEAL_MARK];
    str cipher; /* armored, as it stands in the file */
};

struct seal {
    struct arena *arena;
    const char *file; /* in messages */
    struct age_recipient recipients[AGE_RECIPIENTS_MAX]; /* ascending */
    size_t recipient_count;
    str key; /* armored; empty in a new store */
    struct sealed *entries; /* by name, then function; room for SEAL_ENTRIES_MAX */
    size_t count;
};

bool seal_name_check(str name, struct err *e) MUST_USE;
bool seal_function_check(str function, struct err *e) MUST_USE;
bool seal_date_is_well_formed(str date);
/* Of the entry with exactly this name and function, or where it would be put. */
size_t seal_position(const struct seal *s, str function, str name);
bool seal_is_at(const struct seal *s, size_t i, str function, str name);
/* Ascending; refuses a second of the same. */
bool seal_recipient_add(struct seal *s, const struct age_recipient *r);
bool seal_recipient_drop(struct seal *s, const struct age_recipient *r);

/* ---- the key of the marks ---- */

/* False when the list of recipients is not the one that was sealed with the key. */
bool key_open(const struct seal *s, const struct age_identity *identities, size_t count,
              struct secret *ret, struct err *e) MUST_USE;
/* A new one, sealed to the recipients as they are. */
bool key_create(struct seal *s, struct secret *ret, struct err *e) MUST_USE;

/* ---- values ---- */

/* What is inside the ciphertext: the entry's names, then its value. */
bool value_wrap(str function, str name, str value, struct secret *ret, struct err *e) MUST_USE;
bool value_mark(const struct secret *key, const struct secret *inside, uint8_t ret[SEAL_MARK],
                struct err *e) MUST_USE;
/* Encrypts into the arena. */
bool value_seal(const struct seal *s, const struct secret *inside, str *ret,
                struct err *e) MUST_USE;
bool value_open(const struct seal *s, const struct sealed *from, const struct secret *key,
                const struct age_identity *identities, size_t count, struct secret *ret,
                struct err *e) MUST_USE;
/* All that a ciphertext holds. */
bool cipher_open(str cipher, const struct age_identity *identities, size_t count,
                 struct secret *ret, struct err *e) MUST_USE;
