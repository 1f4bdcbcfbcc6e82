/*
 * The compiled file. Private to the room.
 *
 * A head, then spans of rows of fixed size. Texts are 16-bit lengths and bytes in the span `texts`; a
 * `uint32_t` that names a text is its offset there. A list is a run of such offsets in `lists`.
 */
#pragma once

#include "advisory/advisory.h"

#define FILE_MAGIC "FNWADV\n"
enum { FILE_VERSION = 1, FILE_ORDER = 0x01020304, DIGEST_SIZE = 32, TEXT_MAX = 4096 };

struct span {
    uint32_t at, count; /* offset in bytes; rows */
};

struct file_head {
    char magic[8];
    uint32_t order, version;
    uint64_t size, built_ms;
    unsigned char digest[DIGEST_SIZE]; /* SHA-256 of the file with this field zero */
    uint32_t newest; /* text */
    uint32_t package_count;
    struct span slots; /* of packages, by hash: index + 1, or 0; a power of two */
    struct span packages, affected, ranges, events, lists, records, texts;
};

struct package_row {
    uint32_t ecosystem, name;
    uint32_t affected, affected_count;
};

/* What a record says of a package. */
struct affected_row {
    uint32_t record;
    uint32_t ranges, range_count;
    uint32_t versions, version_count; /* list */
    uint32_t symbols, symbol_count; /* list */
};

enum range_type { RANGE_SEMVER, RANGE_ECOSYSTEM };

struct range_row {
    uint32_t type;
    uint32_t events, event_count; /* in the order of their versions, limits last */
};

enum event_kind { EVENT_INTRODUCED, EVENT_FIXED, EVENT_LAST_AFFECTED, EVENT_LIMIT };

struct event_row {
    uint32_t kind, version;
};

enum { RECORD_MALICIOUS = 1, RECORD_WITHDRAWN = 2 /* never in a file */ };

struct record_row {
    uint32_t id, group, summary, published, modified;
    uint32_t vectors[ADVISORY_VECTORS], word;
    uint32_t aliases, alias_count, cwes, cwe_count;
    uint32_t flags;
    uint32_t exploited; /* text */
    uint32_t epss; /* millionths + 1, or 0 */
};

/* FNV-1a over the ecosystem, a NUL and the name. */
uint32_t package_hash(str ecosystem, str name);
void file_digest(str bytes, unsigned char digest[DIGEST_SIZE]);
