/*
 * http: HTTP/1.1 messages (RFC 9112), read strictly and written.
 *
 * Refused rather than repaired: bare LF or CR, obs-fold, space before the colon, NUL, any
 * Transfer-Encoding other than exactly "chunked", Transfer-Encoding with Content-Length or on
 * HTTP/1.0, more than one or a malformed Content-Length, no Host or two, chunk sizes with
 * anything around the digits, and whatever is past a limit. The reader does no input or output
 * and keeps no copy: names and values point into the caller's bytes.
 */
#pragma once

#include "base/base.h"

enum {
    HTTP_HEAD_MAX = 32 << 10,
    HTTP_HEADERS_MAX = 100,
    HTTP_TARGET_MAX = 8 << 10,
    HTTP_TRAILER_MAX = 64 << 10, /* bytes of names and values */
};

struct http_header {
    str name, value; /* as sent, value trimmed */
};

struct http_head {
    /* a request's */
    str method, target;
    /* The target's parts, still percent-encoded, every escape known to be whole; query without
     * the '?'. An absolute target's host is known to be Host's. */
    str path, query;
    /* a response's */
    unsigned status;

    unsigned minor; /* HTTP/1.minor: 0 or 1 */
    bool chunked;
    bool has_length;
    uint64_t length; /* Content-Length, 0 without */
    bool until_close; /* a response of neither: its body lasts until the connection closes */
    bool keep_alive;
    bool expect_continue;

    size_t header_count;
    struct http_header headers[HTTP_HEADERS_MAX]; /* last: what is past the count is not set */
};

enum http_result {
    HTTP_MORE, /* not complete yet */
    HTTP_DONE,
    HTTP_REFUSED, /* *status says how to answer (400, 414, 417, 431, 501, 505); then close */
};

/* Reads a request's head from the start of `bytes`; *used is its length with the empty line.
 * `why` is one short phrase for the record. Nothing in *ret means anything before HTTP_DONE.
 * Call it again with the same bytes and more while it says HTTP_MORE: it starts over, which for
 * the largest head costs as much as receiving a piece did. */
enum http_result http_read_request(str bytes, struct http_head *ret, size_t *used,
                                   unsigned *status, const char **why);
/* The same for a response's. Which responses have no body is known for the status (1xx, 204,
 * 304), not for the request's method: after HEAD there is none. */
enum http_result http_read_response(str bytes, struct http_head *ret, size_t *used,
                                    const char **why);

/* NULL when absent. Case of the name does not matter. The first of several. */
const str *http_header(const struct http_head *h, const char *name);

/*
 * A body as it arrives: by length or in chunks, with trailers. Feed it what was received, in
 * pieces of any size; it appends the content to `out`.
 */
struct http_body {
    bool chunked;
    uint64_t left; /* of the body, or of this chunk */
    uint64_t taken, max; /* content so far, and its limit */
    unsigned state;
    char line[256]; /* a trailer's name, cut over two pieces */
    size_t line_len; /* of it, or the digits of a chunk's size */
    size_t trailer_bytes;
    unsigned trailer; /* which one is being read */
    /* The trailers of interest (Lambda-Runtime-Function-Error-Type and -Body). */
    char error_type[128];
    struct buf *error_body; /* filled when set; the caller's */
};

/* Forgets everything in `b` but error_body, which the caller sets before (or to NULL). */
void http_body_start(struct http_body *b, const struct http_head *h, uint64_t max);
/* HTTP_DONE when the body is complete; *used is how much of `bytes` belonged to it: all while
 * HTTP_MORE. HTTP_REFUSED with *status 400 or 413; a Content-Length past `max` is refused on the
 * first call, with `bytes` empty too. A body until close never says HTTP_DONE. */
enum http_result http_body_read(struct http_body *b, str bytes, struct buf *out, size_t *used,
                                unsigned *status, const char **why);

/* "HTTP/1.1 404 Not Found\r\n"; then headers; then http_write_end or http_write_body. */
void http_write_status(struct buf *out, unsigned status);
/* A token for a name, and no control character in the value. */
bool http_header_valid(str name, str value);
/* False, writing nothing, for a name or value that could split the response. */
bool http_write_header(struct buf *out, str name, str value);
/* The empty line alone, for a response without a body (204, 304). */
void http_write_end(struct buf *out);
/* Content-Length, the empty line and the body. */
void http_write_body(struct buf *out, str body);
const char *http_reason(unsigned status);

/* A cookie as a response sets it; texts that it does not have are empty. */
struct http_cookie {
    str name, value; /* the value with its quotes, when it has them */
    str expires, max_age, domain, path, same_site, priority;
    bool secure, http_only, partitioned;
};

/* The value of a Set-Cookie header, by the grammar for those who send it (RFC 6265, 4.1.1), plus
 * SameSite, Partitioned and Priority. Refused: other attributes, one that stands there twice, a
 * value that does not fit its attribute, more than browsers take. `why` is a phrase. */
bool http_read_set_cookie(str text, struct http_cookie *ret, const char **why) MUST_USE;
/* The value of the header, in one spelling. */
void http_write_set_cookie(struct buf *out, const struct http_cookie *c);

/* Percent-decodes one path segment or query component ('+' is a space only with `form`).
 * Refuses broken escapes, encoded NUL and results that are not UTF-8. */
bool http_decode(struct arena *a, str encoded, bool form, str *ret) MUST_USE;
/* Percent-encodes all but letters, digits and "-._~", for a query's component. */
void http_encode(struct buf *out, str text);
/* The path as the routes see it: decoded once, by segment; refuses "." and ".." segments,
 * empty segments inside, encoded '/' and '\', control characters. */
bool http_path(struct arena *a, str path, str *ret) MUST_USE;
