/*
 * json: RFC 8259 text to a tree and back, stricter than the RFC.
 *
 * One pass, no recursion on the input's depth beyond the limit, all memory from the caller's
 * arena. Refused: duplicate member names, invalid UTF-8, unpaired surrogate escapes, a byte
 * order mark, anything after the value, and whatever is past a limit. Numbers keep their exact
 * text. Every value knows where it stood.
 */
#pragma once

#include "base/base.h"

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json_member;

/* What json_read() noticed on its way and whoever changes the value need not keep right:
 * a hint that does not belong to the kind, or none, says nothing. */
enum json_hint {
    JSON_NO_HINT,
    JSON_ASCII, /* of a string: as many characters as bytes */
    JSON_WHOLE, /* of a number: an integer as it is written */
};

struct json {
    enum json_kind kind;
    uint32_t at; /* offset of its first byte in the text */
    uint32_t count; /* items or members */
    enum json_hint hint; /* to be cleared with a change of the text */
    union {
        str text; /* JSON_STRING: unescaped UTF-8, may hold NUL; JSON_NUMBER: as it stood */
        struct json *items;
        struct json_member *members; /* in the order of the text, names unique */
    };
};

struct json_member {
    str name;
    uint32_t at; /* of the name */
    uint32_t hash; /* json_hash() of the name; 0: not made yet, as when the name changed */
    struct json value;
};

struct json_limits {
    size_t bytes; /* of the whole text, at most 2^32 - 1 */
    unsigned depth; /* nested arrays and objects */
    size_t nodes; /* values in all */
    /* Lets names repeat, as the RFC does, for files that others wrote; never for events, which
     * the next reader may understand otherwise. json_get() finds the first of them. */
    bool repeats;
};

/* What an event may be: 6 MiB + 100 as in Lambda, 64 deep, a million values. */
extern const struct json_limits json_limits_event;

/* Strings without escapes point into `text`, which must outlive the result. On failure
 * e->at has line, column and `text`; the caller sets e->at.file. */
bool json_read(struct arena *a, str text, const struct json_limits *limits, struct json **ret,
               struct err *e) MUST_USE;

/* The member's value, or NULL when there is none or `v` is not an object (or is NULL). */
const struct json *json_get(const struct json *v, str name);
/* As json_get, for a member that is a string; the empty str otherwise. */
str json_get_str(const struct json *v, str name);
bool json_is_number(const struct json *v, double *ret); /* for small tables, not for checks */

/* The value that a JSON Pointer (RFC 6901, not percent-encoded) leads to, or NULL. `name_at` may
 * be NULL; otherwise it gets the offset of the member's name, or the value's own without one. */
const struct json *json_pointer(const struct json *root, str pointer, uint32_t *name_at);

/* Minimal text: no spaces, members in their order, shortest escapes, "/" not escaped, valid
 * inside a line of a log (control characters escaped). */
void json_write(struct buf *out, const struct json *v);
/* The same for a string alone, quotes included. Bytes that are not UTF-8 become U+FFFD, so
 * that hostile output can never break the reader of a record. */
void json_write_str(struct buf *out, str s);

/* Line and column (from 1, in bytes) of an offset. */
struct place json_place(str text, const char *file, uint32_t at, unsigned width);
/* The same for the value that begins there, as wide as it is; the text may be YAML, too. */
struct place json_value_place(str text, const char *file, uint32_t at);

/* ---- names by their hash ---- */

/*
 * The hash is not seeded: a table that is built of an event's own names must not rest on it.
 * Whoever looks up an event's names in a table of fixed ones may, since no event can lengthen
 * a chain. Inline, as is comparing, since that is all that most members cost.
 */
static inline uint64_t json_load8(const char *at)
{
    uint64_t n;

    memcpy(&n, at, sizeof(n));
    return n;
}

static inline uint32_t json_load4(const char *at)
{
    uint32_t n;

    memcpy(&n, at, sizeof(n));
    return n;
}

static inline uint64_t json_fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The first and the last eight bytes, or what there is: all of a text of up to 16. */
struct json_ends {
    uint64_t head, tail;
};

static inline struct json_ends json_ends(str s)
{
    if (s.len >= 8)
        return (struct json_ends){json_load8(s.at), json_load8(s.at + s.len - 8)};
    if (s.len >= 4)
        return (struct json_ends){json_load4(s.at), json_load4(s.at + s.len - 4)};
    if (!s.len)
        return (struct json_ends){0};
    return (struct json_ends){(uint64_t)(unsigned char)s.at[0] << 16 |
                                  (uint64_t)(unsigned char)s.at[s.len / 2] << 8 |
                                  (unsigned char)s.at[s.len - 1],
                              0};
}

/* Never 0, which stands for a hash that nobody has made yet. */
static inline uint32_t json_hash(str s)
{
    uint64_t h = s.len * 0x9e3779b97f4a7c15u;
    struct json_ends ends;

    for (; s.len > 16; s = (str){s.at + 16, s.len - 16})
        h = json_fold(json_load8(s.at) ^ h, json_load8(s.at + 8) ^ 0xa0761d6478bd642fu);
    ends = json_ends(s);
    h = json_fold(ends.head ^ h ^ 0xe7037ed1a0b428dbu, ends.tail ^ 0x8ebc6af09c88c6e3u);
    return (uint32_t)(h ^ h >> 32) | 1;
}

/* Whether `n` bytes are the same: memcmp() for what is nearly always short. */
static inline bool json_same_bytes(const char *a, const char *b, size_t n)
{
    if (n >= 8) {
        for (size_t i = 0; i + 8 < n; i += 8)
            if (json_load8(a + i) != json_load8(b + i))
                return false;
        return json_load8(a + n - 8) == json_load8(b + n - 8);
    }
    if (n >= 4)
        return json_load4(a) == json_load4(b) && json_load4(a + n - 4) == json_load4(b + n - 4);
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}
