/*
 * seal: the secrets of a project, sealed in the repository in fnward.secrets.
 *
 * One age ciphertext per value, so that diffs stay small. Inside each ciphertext stands the
 * entry's own name and the function that may open it, so that entries can't be swapped or
 * lent. A value that did not change keeps its bytes. Nothing is ever written in clear.
 *
 * Anybody can encrypt to a recipient; so that not anybody can put values into the file, each
 * entry carries a mark: HMAC-SHA256 over what is inside, under a key that stands in the file as
 * well, sealed to the same recipients together with their list. An entry, or a list of
 * recipients, that was not written by one of them is refused.
 */
#pragma once

#include "age/age.h"
#include "base/base.h"

enum {
    SEAL_VALUE_MIN = 4, /* shorter ones can't be kept out of logs without blanking words */
    SEAL_VALUE_SHORT = 8, /* shorter ones deserve a warning */
    SEAL_VALUE_MAX = 64 << 10,
    SEAL_ENTRIES_MAX = 1024,
    SEAL_NAME_MAX = 128,
    SEAL_FILE_MAX = 32 << 20,
    SEAL_IDENTITIES_MAX = 16,
};

#define SEAL_FILE "fnward.secrets"
#define SEAL_EVERY_FUNCTION "*"

/* ---- who we are ---- */

struct seal_identities {
    struct age_identity items[SEAL_IDENTITIES_MAX];
    size_t count;
};

/*
 * A file of lines AGE-SECRET-KEY-1..., and comments; as age and age-keygen have them. Refused
 * when others than its owner may read it. A `path` of NULL is an error that says what to do.
 */
bool seal_identities_load(const char *path, struct seal_identities *ret,
                          struct err *e) MUST_USE;
void seal_identities_free(struct seal_identities *i);
/* Writes a new identity to a file of mode 0600; never over one that is there. */
bool seal_identity_create(const char *path, str date, struct age_recipient *ret,
                          struct err *e) MUST_USE;

/* ---- the file ---- */

struct seal; /* the file, read; lives in the arena that it was read into */

struct seal_entry {
    str name; /* STRIPE_KEY */
    str function; /* "orders", or "*" for every function that declares it */
    str changed; /* ISO 8601 date of its last change */
    bool rotate; /* its value should be changed: someone who knew it was removed */
};

/* An absent file is an empty store. */
bool seal_read(struct arena *a, const char *path, struct seal **ret, struct err *e) MUST_USE;
/* The same from text; `file` is its name in messages. */
bool seal_parse(struct arena *a, const char *file, str text, struct seal **ret,
                struct err *e) MUST_USE;
bool seal_write(const struct seal *s, const char *path, struct err *e) MUST_USE;
void seal_text(const struct seal *s, struct buf *ret);
size_t seal_count(const struct seal *s);
struct seal_entry seal_entry(const struct seal *s, size_t i); /* by name, then function */
size_t seal_recipient_count(const struct seal *s);
const struct age_recipient *seal_recipient(const struct seal *s, size_t i);

/* The entry for this function, else the one for "*". Binding to name and function is checked
 * after decryption. */
bool seal_open(const struct seal *s, const struct age_identity *identities, size_t count,
               str function, str name, struct secret *ret, struct err *e) MUST_USE;

/* ---- changes, in memory until seal_write ---- */

enum seal_change { SEAL_ADDED, SEAL_CHANGED, SEAL_UNCHANGED };

/*
 * The first value of a new store is sealed to `identities`; later ones to those in its list.
 * Every other entry is opened to see that all were written by one of the recipients, before
 * something new is entrusted to the same list.
 */
bool seal_set(struct seal *s, const struct age_identity *identities, size_t count, str function,
              str name, str value, str date, enum seal_change *ret, struct err *e) MUST_USE;
bool seal_remove(struct seal *s, str function, str name, struct err *e) MUST_USE;

struct seal_rotation {
    const struct age_recipient *add, *remove;
    size_t add_count, remove_count;
};

/* Encrypts everything anew, under a new key, to the recipients as changed. When any is removed,
 * every value is marked: they knew it, so that it has to be changed where it is used. */
bool seal_rotate(struct seal *s, const struct age_identity *identities, size_t count,
                 const struct seal_rotation *how, struct err *e) MUST_USE;
