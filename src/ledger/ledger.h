/*
 * ledger: the record of every invocation, denial, connection and lifecycle event.
 *
 * A file of lines, each one flat JSON object with OpenTelemetry's names (docs/ledger.md has them
 * all). A record is appended whole by one write before what it tells of is acknowledged, so a
 * crash loses nothing that anybody was told; only the machine losing power can, since nothing
 * is synced. Several processes append to one file; each has its own descriptor.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

enum ledger_kind {
    LEDGER_INVOCATION, /* an event was answered */
    LEDGER_DENIAL, /* something was refused, at the gate or in the cage */
    LEDGER_CONNECTION, /* the broker connected, or would not */
    LEDGER_LIFECYCLE, /* start, ready, crash, timeout, recycle, stop */
    LEDGER_LOG, /* a line that a function printed */
    LEDGER_QUARANTINED, /* a record of a batch that was kept from the function */
    LEDGER_KINDS,
};

enum { LEDGER_RECORD_MAX = 16 << 10, LEDGER_TEXT_MAX = 8 << 10 };
/* Of LEDGER_QUARANTINED, which holds what was sent. */
enum { LEDGER_QUARANTINED_MAX = 256 << 10, LEDGER_PAYLOAD_MAX = 128 << 10 };

/* What is written to a directory: each has its own current file, and old ones. */
enum ledger_file {
    LEDGER_RECORDS, /* ledger.jsonl */
    LEDGER_QUARANTINE, /* quarantine.jsonl */
};

/* ---- the names of the members; their meanings stand in ledger_fields ---- */

#define LEDGER_TIME "time"
#define LEDGER_KIND "kind"
#define LEDGER_FAAS_NAME "faas.name"
#define LEDGER_FAAS_VERSION "faas.version"
#define LEDGER_FAAS_INSTANCE "faas.instance"
#define LEDGER_FAAS_INVOCATION_ID "faas.invocation_id"
#define LEDGER_FAAS_TRIGGER "faas.trigger"
#define LEDGER_FAAS_COLDSTART "faas.coldstart"
#define LEDGER_OUTCOME "outcome"
#define LEDGER_DURATION_MS "duration_ms"
#define LEDGER_INIT_DURATION_MS "init_duration_ms"
#define LEDGER_QUEUE_MS "queue_ms"
#define LEDGER_MEMORY_BYTES "memory_bytes"
#define LEDGER_HTTP_METHOD "http.request.method"
#define LEDGER_HTTP_ROUTE "http.route"
#define LEDGER_HTTP_STATUS "http.response.status_code"
#define LEDGER_REQUEST_BYTES "http.request.body.size"
#define LEDGER_RESPONSE_BYTES "http.response.body.size"
#define LEDGER_URL_PATH "url.path"
#define LEDGER_CLIENT_ADDRESS "client.address"
#define LEDGER_ERROR_TYPE "error.type"
#define LEDGER_ERROR_MESSAGE "error.message"
#define LEDGER_STACKTRACE "exception.stacktrace"
#define LEDGER_ACTION "action"
#define LEDGER_SUBJECT "subject"
#define LEDGER_REASON "reason"
#define LEDGER_REPEATED "repeated"
#define LEDGER_SERVER_ADDRESS "server.address"
#define LEDGER_SERVER_PORT "server.port"
#define LEDGER_PEER_ADDRESS "network.peer.address"
#define LEDGER_BYTES_OUT "bytes_out"
#define LEDGER_BYTES_IN "bytes_in"
#define LEDGER_EVENT "event"
#define LEDGER_PID "process.pid"
#define LEDGER_EXIT_CODE "process.exit.code"
#define LEDGER_EXIT_SIGNAL "process.exit.signal"
#define LEDGER_MESSAGE "message"
#define LEDGER_SEVERITY "severity"
#define LEDGER_CLEANED "input.cleaned"
#define LEDGER_CHANGES "input.changes"
#define LEDGER_REDACTED "redacted"
#define LEDGER_DROPPED "dropped"
#define LEDGER_HEADERS_DROPPED "headers_dropped"
#define LEDGER_HEADERS_DROPPED_NAMES "headers_dropped.names"
#define LEDGER_MEMBERS_DROPPED "members_dropped"
#define LEDGER_MESSAGE_ID "messaging.message.id"
#define LEDGER_DESTINATION "messaging.destination.name"
#define LEDGER_PAYLOAD "payload"
#define LEDGER_PAYLOAD_ENCODING "payload.encoding"

struct ledger_field {
    const char *name, *meaning;
};
/* Every name above, ended by a row without one. */
extern const struct ledger_field ledger_fields[];

/* "invocation", "denial", ...: the values of LEDGER_KIND. */
const char *ledger_kind_name(enum ledger_kind kind);

/* ---- one record, being built ---- */

/*
 * Text past LEDGER_TEXT_MAX is cut and NAME_cut says by how many bytes; so is text that would
 * take the record past LEDGER_RECORD_MAX, so write the long ones last. A member that finds no
 * room at all is left out and LEDGER_MEMBERS_DROPPED counts it. Redact before, not after: a
 * secret that is cut in two is not recognised any more.
 */
struct ledger_record {
    struct buf line; /* reuse it: ledger_begin clears */
    size_t text_max;
    unsigned dropped;
    bool no_memory;
};
void ledger_begin(struct ledger_record *r, enum ledger_kind kind, uint64_t wall_ms);
void ledger_text(struct ledger_record *r, const char *name, str value);
void ledger_number(struct ledger_record *r, const char *name, uint64_t value);
/* Nanoseconds, written as milliseconds with three decimals. */
void ledger_millis(struct ledger_record *r, const char *name, uint64_t ns);
void ledger_truth(struct ledger_record *r, const char *name, bool value);
/* Closes the object and ends the line; the line is then in r->line. Empty without memory,
 * which ledger_append refuses. */
str ledger_end(struct ledger_record *r);
void ledger_record_free(struct ledger_record *r);

/* ---- writing ---- */

struct ledger {
    enum ledger_file file;
    int fd;
    bool torn; /* the last write was cut: begin the next with a newline */
    size_t whole; /* of an append that failed: the bytes of the lines that stand whole */
};

/* Opens the current file in DIR for appending, making DIR (0700) and the file (0600). A line left
 * unfinished by a crash is closed first. */
bool ledger_open(const char *dir, enum ledger_file file, struct ledger *ret,
                 struct err *e) MUST_USE;
/* One or more whole lines by one write. False, with errno's reason, when the disk is full: then
 * only the first l->whole bytes may be acknowledged, and the rest is to be appended again. */
bool ledger_append(struct ledger *l, str lines, struct err *e) MUST_USE;
void ledger_close(struct ledger *l);

/*
 * Renames the file to ledger-<first time>.jsonl and starts a new one when it is past `bytes`;
 * keeps at most `files` old ones. *rotated tells whether it did. Every appender calls it now
 * and then: one whose file was renamed by another gets the new one. What it appended in
 * between stands in the renamed file, where readers find it.
 */
bool ledger_rotate(const char *dir, struct ledger *l, size_t bytes, unsigned files,
                   uint64_t wall_ms, bool *rotated, struct err *e) MUST_USE;

/* ---- reading ---- */

struct ledger_filter {
    str function, request; /* empty: any */
    uint64_t since_ms; /* wall clock; 0: any */
    bool errors, denials; /* only those; both: either; both false: all */
};

struct ledger_reader;
/* Old files first, then the current one, then whatever is appended (following rotation). */
bool ledger_reader_open(const char *dir, enum ledger_file file, struct ledger_reader **ret,
                        struct err *e) MUST_USE;
/* The next record that passes, or *ret = NULL at the end for now. A damaged line is counted
 * and passed over; a whole record behind a torn one on the same line is still found. `line`
 * stays valid until the next call. */
bool ledger_reader_next(struct ledger_reader *r, const struct ledger_filter *f,
                        const struct json **ret, str *line, struct err *e) MUST_USE;
size_t ledger_reader_damaged(const struct ledger_reader *r);
/* Once ledger_reader_next is at the end: whether that is inside a line, which is being written
 * or was torn. */
bool ledger_reader_unfinished(const struct ledger_reader *r);
void ledger_reader_free(struct ledger_reader *r);
void ledger_reader_freep(struct ledger_reader **r);

/* One record as a line for people; stack traces and line breaks in a log follow indented, so
 * that no text can pass for a record. Control characters are made visible. */
void ledger_show(struct buf *out, const struct json *record, bool colour);
