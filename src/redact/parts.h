/*
 * The parts of redact, for this room only.
 */
#pragma once

#include "redact/redact.h"

/* ---- fingerprint ---- */

enum {
    PREFIX_BITS = 16,
    TABLE_BITS = 14, /* of those, the ones that a table answers; it fits the first cache */
    WINDOW_LONGEST = 32,
    WINDOWS = WINDOW_LONGEST + 1,
};

/* The odd number that everything under this key is multiplied with. */
uint64_t fingerprint_multiplier(const struct redact_key *key);
/* How many of the first bytes of a form of this length are looked at. `sparse`: it takes several
 * characters to write one byte of the secret. */
uint32_t fingerprint_window(size_t length, bool sparse);
uint16_t fingerprint(uint64_t multiplier, const char *at, uint32_t window);
/* Sets hits[i] where the table has the fingerprint of the window at at[i]. */
void fingerprint_block(uint64_t multiplier, const char *at, size_t count, uint32_t window,
                       const uint8_t table[1 << TABLE_BITS], uint8_t *hits);

/* Fills in the mark's checks and digest. */
void fingerprint_digest(const struct redact_key *key, str form, struct redact_mark *ret);

enum fit { FIT_NO, FIT_YES, FIT_LATER };

/* FIT_LATER: it fits so far, and more can be said once `need` bytes are there. */
enum fit fingerprint_fits(const struct redact_key *key, const struct redact_mark *m, str ahead,
                          size_t *need);

/* ---- search ---- */

struct redact {
    struct redact_key key;
    uint64_t multiplier;
    uint32_t windows[WINDOWS]; /* those in use, ascending */
    size_t window_count;
    uint8_t (*tables)[1 << TABLE_BITS]; /* one for each of them */
    struct redact_mark *marks; /* by window, prefix, and the longest first */
    size_t count;
    char **tags; /* by mark.secret */
    size_t tag_count;
};

struct search {
    const struct redact *by;
    str text;
    bool is_whole; /* nothing follows */
    size_t covered; /* the end of what is replaced; what begins before it is no longer ours */
    size_t written; /* up to here `out` has it */
    size_t replaced;
    struct buf *out;
};

/* Where it stopped: before this, everything is decided. `need` is how many bytes from there on
 * would let it go on. */
size_t search_run(struct search *s, size_t *need);
/* Lets through what stands between the replacements, up to `end`. */
void search_write(struct search *s, size_t end);
