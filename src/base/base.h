/*
 * base: what every room stands on. libc only; knows nothing of functions or contracts.
 *
 * str    text as pointer and length          arena  memory that dies all at once
 * buf    bytes that grow, to a maximum       err    what went wrong, where, and the fix
 * file   reading and replacing files         fd     descriptors that close themselves
 * clock  the two clocks                      hex    bytes as text
 *
 * Conventions of the whole program: what can fail returns bool, is MUST_USE and takes
 * `struct err *e` last; `ret` is untouched on failure; parameters come in the order arena,
 * subject, inputs, ret, e. Nothing here prints or exits, except on a broken invariant.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MUST_USE __attribute__((warn_unused_result))
#define CLEANUP(function) __attribute__((cleanup(function)))
#define PRINTF_LIKE(text, first) __attribute__((__format__(printf, text, first)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- str: bytes that somebody else owns, not NUL-terminated ---- */

typedef struct str {
    const char *at;
    size_t len;
} str;

#define STR(literal) ((str){(literal), sizeof(literal) - 1})
/* For static tables, where a compound literal is not a constant. */
// clang-format off
#define STR_INIT(literal) {(literal), sizeof(literal) - 1}
// clang-format on
/* printf("%.*s", STR_ARG(s)); text longer than INT_MAX is cut. */
#define STR_ARG(s) (int)((s).len > INT32_MAX ? INT32_MAX : (s).len), (s).at ? (s).at : ""

str str_of(const char *c); /* NULL gives the empty str */
str str_sub(str s, size_t from, size_t len); /* clamped to s */
str str_trim(str s); /* spaces, tabs, CR, LF at both ends */
bool str_equal(str a, str b);
bool str_equal_nocase(str a, str b); /* ASCII only */
bool str_is(str s, const char *c);
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
int str_compare(str a, str b); /* bytewise, as memcmp, the shorter first */
/* Index of the first `c`, or s.len. */
size_t str_find(str s, char c);
size_t str_find_str(str s, str needle);
/* Takes the part before the first `c` off `rest` (and the `c`); false once rest is used up. */
bool str_cut(str *rest, char c, str *part);
/* Digits only, no sign, no surrounding space, at most `max`. */
bool str_to_u64(str s, uint64_t max, uint64_t *ret) MUST_USE;
/* Good enough for hash tables of hostile keys when `seed` is random and kept. */
uint64_t str_hash(str s, uint64_t seed);
/* The edit distance of two short words (Damerau), or 255 when either is over 63 bytes. */
unsigned str_distance(str a, str b);
/* Strict UTF-8 as RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool str_is_utf8(str s);
/* Bytes of the sequence that starts at s[i], i < s.len; 0 when it is not one. */
size_t str_utf8_length(str s, size_t i);
/* The code point at s[*i], which is moved behind it; false where there is none. */
bool str_utf8_take(str s, size_t *i, uint32_t *ret);
/* Writes a code point; returns how many bytes it has. */
size_t str_utf8_write(char out[4], uint32_t c);
/* How many code points valid UTF-8 has. */
size_t str_utf8_count(str s);
/* The longest beginning of at most `most` bytes that ends between two of valid UTF-8. */
str str_utf8_cut(str s, size_t most);
/* Compares secrets: the time taken depends on the lengths only. */
bool str_equal_secret(str a, str b);

/* ---- arena: allocate freely, release once ---- */

struct arena;

/* `limit` in bytes; 0 asks for ARENA_DEFAULT. NULL only when the machine has no memory. */
#define ARENA_DEFAULT ((size_t)64 << 20)
struct arena *arena_new(size_t limit);
void arena_free(struct arena *a);
void arena_freep(struct arena **a);
/* Forgets everything but keeps the first block, for reuse by the next request. */
void arena_reset(struct arena *a);
/* Zeroed, aligned for any type. NULL past the limit: turn it into err_limit(). */
void *arena_alloc(struct arena *a, size_t size) MUST_USE;
/* Refuses a product that overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) MUST_USE;
/* Room for one more of `size` bytes at *at, a pointer to the array, which doubles: the arena does
 * not give the old one back. False past the limit, with nothing changed. */
bool arena_grow(struct arena *a, void *at, size_t count, size_t *capacity,
                size_t size) MUST_USE;
/* A copy; also NUL-terminated behind its length, so that `at` serves as a C string when the
 * text holds no NUL. `at` is NULL past the limit. */
str arena_str(struct arena *a, str s) MUST_USE;
str arena_format(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3) MUST_USE;
size_t arena_used(const struct arena *a);

/* ---- buf: growing bytes with a maximum ---- */

/*
 * Appending past `max`, or without memory, sets `failed` and appends nothing from then on, so
 * that a run of appends is checked once, at its end. Zero-initialised is empty with BUF_DEFAULT
 * as its maximum. `at` is NULL while empty.
 */
#define BUF_DEFAULT ((size_t)16 << 20)
struct buf {
    char *at;
    size_t len, cap, max;
    bool failed;
};

void buf_free(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_add(struct buf *b, str s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* With control characters made visible ("\\x1b"), for a terminal. */
void buf_add_visible(struct buf *b, str s);
void buf_add_u64(struct buf *b, uint64_t n);
/* Room for `n` more bytes at at+len, to be filled by the caller who then raises len. */
char *buf_reserve(struct buf *b, size_t n) MUST_USE;
void buf_drop(struct buf *b, size_t n); /* removes the first n bytes */
str buf_str(const struct buf *b);

/* ---- err: one error, of fixed size, never overwritten ---- */

enum err_code {
    ERR_NONE,
    ERR_USAGE, /* the command line is wrong */
    ERR_INPUT, /* what we were given to read is wrong */
    ERR_DENIED, /* not permitted, by us or by the machine */
    ERR_LIMIT, /* more than a limit allows */
    ERR_SYSTEM, /* the machine failed us */
};

/* A place in a file. Lines and columns count from 1, columns in bytes; line 0 is the whole
 * file. `text` is the whole source when it is at hand, so that the line can be shown. */
struct place {
    const char *file;
    str text;
    unsigned line, column, width;
    unsigned skipped; /* lines of the file before `text` begins */
};

struct err {
    enum err_code code;
    int sysno; /* errno, or 0 */
    struct place at;
    char what[512];
    char fix[256];
};

/* Each returns false, so that `return err_set(...)` both reports and fails. */
bool err_set(struct err *e, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);
bool err_at(struct err *e, struct place at, const char *format, ...) PRINTF_LIKE(3, 4);
bool err_sys(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3); /* with errno */
bool err_limit(struct err *e); /* an arena or buf ran full */
/* Puts what the caller was doing in front: "starting 'orders': <what was set before>". */
bool err_wrap(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
bool err_fix(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
/* file:line:column: error: what, the line with carets under the place, and the fix. Control
 * characters in quoted text are made visible. Ends with a newline. */
void err_render(struct buf *out, const struct err *e);
/* The same picture for a place and words that are not an error. */
void place_render(struct buf *out, struct place at, const char *kind, const char *what,
                  const char *fix);
/* The nearest of `n` words to a misspelt one, or NULL when none is near. */
const char *did_you_mean(str word, const char *const *words, size_t n);

/* ---- fd and file ---- */

void fd_closep(int *fd); /* for CLEANUP; ignores -1, leaves errno alone */
int fd_steal(int *fd); /* takes the descriptor out of a CLEANUP variable */
bool fd_write_all(int fd, str s, struct err *e) MUST_USE;
bool fd_read_all(struct arena *a, int fd, size_t max, str *ret, struct err *e) MUST_USE;
void fd_set_nonblock(int fd);

/* A regular file, or nothing: FIFOs, devices and directories are refused, never waited for. */
bool file_read(struct arena *a, const char *path, size_t max, str *ret, struct err *e) MUST_USE;
/* Replaces the file by a new one written and synced beside it; the old one stays on failure. */
bool file_replace(const char *path, str content, unsigned mode, struct err *e) MUST_USE;
bool file_exists(const char *path);
/* `path` seen from directory `base`; absolute paths stay. Lexical: removes "." and "..". */
str path_join(struct arena *a, str base, str path) MUST_USE;
str path_clean(struct arena *a, str path) MUST_USE;
str path_dir(str path);
str path_base(str path);
/* Whether `path` is `root` or below it. Both already clean. */
bool path_is_below(str path, str root);
/* A C string for a system call; refuses text with a NUL inside. */
bool path_c(struct arena *a, str path, const char **ret, struct err *e) MUST_USE;

/*
 * Where a reader gets its files from: the disk, or a snapshot that another process made of it.
 */
struct file_source {
    bool (*read)(void *self, struct arena *a, const char *path, size_t max, str *ret,
                 struct err *e);
    void *self;
};
extern const struct file_source file_source_disk;

/* ---- clock ---- */

uint64_t clock_mono_ns(void); /* never goes back; for durations and deadlines */
uint64_t clock_wall_ms(void); /* since 1970 */
/* 2026-01-31T12:34:56.789Z, 24 characters and a NUL. */
void clock_iso(uint64_t wall_ms, char out[25]);

/* ---- hex and randomness ---- */

void hex_write(char *out, const void *bytes, size_t n); /* lower case, 2n characters, no NUL */
bool hex_read(str hex, void *out, size_t n) MUST_USE; /* exactly 2n digits, either case */
/* RFC 4648, standard alphabet, padded. Reading is strict: no other character, no stray bits. */
void base64_encode(struct buf *out, str bytes);
int base64_value(char c); /* 0 to 63, -1 for another character */
bool base64_decode(struct arena *a, str text, str *ret) MUST_USE;
void random_bytes(void *out, size_t n); /* from the kernel; aborts without */
void memory_wipe(void *at, size_t n); /* not optimised away */
