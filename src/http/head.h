/*
 * What the files of this room share while they read one head.
 */
#pragma once

#include "http/http.h"

/* ---- classes of bytes, RFC 9110 5.6.2 and RFC 3986 ---- */

enum {
    HTTP_TOKEN = 1, /* methods and header names */
    HTTP_PATH = 2, /* pchar and '/' */
    /* RFC 3986's query, and the few that every browser sends as they are: [ ] { } | \ ^ ` */
    HTTP_QUERY = 4,
    HTTP_HOST = 8, /* of a registered name, less the signs that no real host has */
    HTTP_HEX = 16,
};
extern const unsigned char http_class[256];

static inline bool http_is(char c, unsigned classes)
{
    return http_class[(unsigned char)c] & classes;
}

/* Whether every byte belongs to one of the classes. */
bool http_all(str s, unsigned classes);
/* The first byte in [at, end) that may not stand in a header's value: a control character
 * other than the tab. */
const char *http_value_end(const char *at, const char *end);
/* The value of a byte of class HTTP_HEX. */
unsigned http_hex(char c);

/* ---- one head being read ---- */

struct http_reader {
    const char *at, *end;
    struct http_head *head;
    bool request;
    str authority; /* of a target in absolute form */
    str host;
    bool has_host, has_coding, asks_close, asks_keep;
    unsigned status;
    const char *why;
};

/* Returns HTTP_REFUSED, so that `return http_refuse(...)` both records and refuses. */
enum http_result http_refuse(struct http_reader *r, unsigned status, const char *why);
/* Checks head->target and splits it into path and query. */
enum http_result http_target(struct http_reader *r);
/* What the header just read says about framing and the connection. */
enum http_result http_field(struct http_reader *r, const struct http_header *h);
/* What can be said only when all headers are known. */
enum http_result http_finish(struct http_reader *r);
/* host or host:port, with an IPv6 address in brackets. */
bool http_host_valid(str host);
