/*
 * The parts of redact, for this room only.
 */
#pragma once

#include "redact/redact.h"

/* ---- fingerprint ---- */

enum {
    PREFIX_BITS = 16,
    TABLE_BITS = 13, /* of those, the ones that a table answers; several fit the first cache */
    WINDOW_LONGEST = 64,
};

/* The odd number that everything under this key is multiplied with. */
uint64_t fingerprint_multiplier(const struct redact_key *key);
uint16_t fingerprint(uint64_t multiplier, const char *at, uint32_t window);

struct scan {
    uint64_t multiplier;
    uint32_t window, stride;
    const uint8_t
        *table; /* 1 << TABLE_BITS, one for a fingerprint that is looked for, else 0 */
};

/* Looks at `count` places, `stride` apart. Writes those that the table has, as offsets from
 * `at`, and returns how many. `ret` has room for one more than `count`. */
size_t fingerprint_scan(const struct scan *s, const char *at, size_t count, uint16_t *ret);

/* Fills in all of the mark but the number of the secret. `sparse`: it takes several characters
 * to write one byte of the secret. */
void fingerprint_mark(const struct redact_key *key, str form, bool sparse,
                      struct redact_mark *ret);

enum fit { FIT_NO, FIT_YES, FIT_LATER };

/* FIT_LATER: it fits so far, and more can be said once `need` bytes are there. */
enum fit fingerprint_fits(const struct redact_key *key, const struct redact_mark *m, str ahead,
                          size_t *need);

/* ---- search ---- */

/* One of a mark's prefixes. */
struct entry {
    uint32_t mark;
    uint16_t prefix, offset;
};

/* The marks that are looked for in one pass over the text. */
struct pass {
    struct scan scan;
    const struct entry *entries; /* by prefix, then offset, then the longest mark first */
    size_t count;
};

struct redact {
    struct redact_key key;
    uint64_t multiplier;
    struct redact_mark *marks; /* by window and stride, then the longest first */
    size_t count;
    struct pass *passes;
    size_t pass_count;
    struct entry *entries;
    uint8_t (*tables)[1 << TABLE_BITS]; /* one for each pass */
    size_t reach; /* from its first byte, how far any mark's windows go */
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
