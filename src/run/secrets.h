/*
 * secrets: the values that the contract's functions declare, opened once by the keeper.
 *
 * Who else must recognise them gets marks (see redact.h), never values.
 */
#pragma once

#include "base/base.h"
#include "contract/contract.h"
#include "run/snapshot.h"
#include "seal/seal.h"

struct secrets;

/* Opens every declared secret. `store` is fnward.secrets; `identity` the file with the key.
 * Without declared secrets neither is looked at. */
bool secrets_open(struct arena *a, const struct contract *c, const char *store,
                  const char *identity, struct secrets **ret, struct err *e) MUST_USE;
void secrets_close(struct secrets *s);
/* The marks of all values, into the snapshot. */
bool secrets_mark(struct arena *a, const struct secrets *s, struct snapshot *into,
                  struct err *e) MUST_USE;
/* "NAME=value" for each secret of a function, into memory that the caller wipes: `ret` gets
 * pointers into `b`. */
bool secrets_environment(const struct secrets *s, size_t function, struct buf *b,
                         const char **ret, size_t max, size_t *count, struct err *e) MUST_USE;
