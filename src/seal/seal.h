/*
 * seal: the secrets of a project, sealed in the repository in fnward.secrets.
 *
 * One age ciphertext per value, so that diffs stay small. Inside each ciphertext stands the
 * entry's own name and the functions that may open it, so that entries can't be swapped or
 * lent. A value that did not change keeps its bytes. Nothing is ever written in clear.
 */
#pragma once

#include "age/age.h"
#include "base/base.h"

enum { SEAL_VALUE_MAX = 64 << 10, SEAL_ENTRIES_MAX = 1024, SEAL_NAME_MAX = 128 };

struct seal; /* the file, read */

struct seal_entry {
    str name; /* STRIPE_KEY */
    str function; /* "orders", or "*" for every function that declares it */
    str changed; /* ISO 8601 date of its last change */
    bool rotate; /* its value should be changed: someone who knew it was removed */
};

/* An absent file is an empty store. */
bool seal_read(struct arena *a, const char *path, struct seal **ret, struct err *e) MUST_USE;
bool seal_write(const struct seal *s, const char *path, struct err *e) MUST_USE;
size_t seal_count(const struct seal *s);
struct seal_entry seal_entry(const struct seal *s, size_t i);

/* The entry for this function, else the one for "*". Binding to name and function is checked
 * after decryption. */
bool seal_open(const struct seal *s, const struct age_identity *identities, size_t count,
               str function, str name, struct secret *ret, struct err *e) MUST_USE;
