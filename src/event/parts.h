/*
 * What each kind of event holds, and where: the one table of it.
 */
#pragma once

#include "event/tree.h"

/* How the records stand in what holds them. */
enum holding { HOLDS_ITSELF, HOLDS_LIST, HOLDS_LISTS /* an object of lists */ };

/* How a source is told about each record. */
enum answering {
    ANSWERS_NOTHING,
    ANSWERS_FAILURES, /* {"batchItemFailures": [{"itemIdentifier": ...}]} */
    ANSWERS_FIREHOSE, /* {"records": [{"recordId", "result", "data"}]} */
    ANSWERS_ANALYTICS, /* the same in other words */
};

struct parts {
    enum holding holding;
    const char *records; /* the member that holds them */

    /* The payload: a text at this path, or another value when it is `plain`. */
    const char *payload[2];
    bool base64, plain;
    bool optional; /* it may be absent or null */
    bool wrapped; /* it may come in envelopes of other sources */
    bool (*open)(struct arena *a, const struct json *record, struct event_record *ret,
                 struct err *e); /* where a path does not say it */

    const char *digest; /* the member that has the MD5 of that text */

    const char *id[3], *source[3], *group[2];
    /* A stream: what follows a failure comes again with it. Without groups it is all of one. */
    bool ordered;
    enum answering answering;
};

const struct parts *event_parts(enum event_kind kind);
/* The value at a path of up to `n` members; NULL when there is none. */
const struct json *event_at(const struct json *v, const char *const *path, size_t n);

bool event_open_s3(struct arena *a, const struct json *record, struct event_record *ret,
                   struct err *e) MUST_USE;
bool event_open_dynamodb(struct arena *a, const struct json *record, struct event_record *ret,
                         struct err *e) MUST_USE;
bool event_open_body(struct arena *a, const struct json *event, struct event_record *ret,
                     struct err *e) MUST_USE;
bool event_open_kinesis(struct arena *a, const struct json *record, struct event_record *ret,
                        struct err *e) MUST_USE;
bool event_open_cloudevent(struct arena *a, const struct json *event, struct event_record *ret,
                           struct err *e) MUST_USE;

/* Reads the text at record.path[0].path[1], the outermost of a record. */
bool event_open_text(struct arena *a, const struct json *record, const char *const path[2],
                     bool base64, struct event_record *ret, struct err *e) MUST_USE;
/* Opens the envelopes within the innermost text. */
bool event_open_layers(struct arena *a, const struct event_unwrap *unwrap,
                       struct event_record *r, struct err *e) MUST_USE;
/* One S3 record as the user sees it. */
bool event_s3_payload(struct arena *a, const struct json *record, struct json *ret,
                      struct err *e) MUST_USE;

/* What t->text says, which may be bytes. */
bool event_read_bytes(struct arena *a, struct event_text *t, struct err *e) MUST_USE;
/* The text that says `value`, as it stands in its envelope. */
bool event_text_of(struct arena *a, const struct event_text *t, const struct json *value,
                   str *ret, struct err *e) MUST_USE;

/* aggregate.c */
bool event_aggregate_is(str bytes);
bool event_aggregate_open(struct arena *a, str bytes, struct event_record *ret,
                          struct err *e) MUST_USE;
bool event_aggregate_close(struct arena *a, str bytes, const struct json *payloads, str *ret,
                           struct err *e) MUST_USE;

/* In hexadecimal. */
void event_md5(str text, char ret[33]);
