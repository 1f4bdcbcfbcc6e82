/*
 * ledger: the record of every invocation, denial, connection and lifecycle event.
 *
 * A file of lines, each one JSON object with OpenTelemetry's names. A record is appended whole
 * by one write before what it tells of is acknowledged, so a crash loses nothing that anybody
 * was told. Several processes append to one file; each has its own descriptor.
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
    LEDGER_KINDS,
};

enum { LEDGER_RECORD_MAX = 16 << 10, LEDGER_TEXT_MAX = 8 << 10 };

/* One record, being built. Text past LEDGER_TEXT_MAX is cut and says by how much. */
struct ledger_record {
    struct buf line; /* reuse it: ledger_begin clears */
};
void ledger_begin(struct ledger_record *r, enum ledger_kind kind, uint64_t wall_ms);
void ledger_text(struct ledger_record *r, const char *name, str value);
void ledger_number(struct ledger_record *r, const char *name, uint64_t value);
void ledger_truth(struct ledger_record *r, const char *name, bool value);
/* Closes the object and ends the line; the line is then in r->line. */
str ledger_end(struct ledger_record *r);
void ledger_record_free(struct ledger_record *r);

/* ---- writing ---- */

struct ledger {
    int fd;
    bool torn; /* the last write was cut: begin the next with a newline */
};

/* Opens DIR/ledger.jsonl for appending, making DIR (0700) and the file (0600). A line left
 * unfinished by a crash is closed first. */
bool ledger_open(const char *dir, struct ledger *ret, struct err *e) MUST_USE;
/* One or more whole lines by one write. False, with errno's reason, when the disk is full. */
bool ledger_append(struct ledger *l, str lines, struct err *e) MUST_USE;
void ledger_close(struct ledger *l);

/* Renames the file to ledger-<first time>.jsonl and starts a new one when it is past `bytes`;
 * keeps at most `files` old ones. *rotated tells whether it did. */
bool ledger_rotate(const char *dir, struct ledger *l, size_t bytes, unsigned files,
                   uint64_t wall_ms, bool *rotated, struct err *e) MUST_USE;

/* ---- reading ---- */

struct ledger_filter {
    str function, request; /* empty: any */
    uint64_t since_ms; /* wall clock; 0: any */
    bool errors, denials; /* only those; both false: all */
};

struct ledger_reader;
/* Old files first, then the current one, then whatever is appended (following rotation). */
bool ledger_reader_open(const char *dir, struct ledger_reader **ret, struct err *e) MUST_USE;
/* The next record that passes, or *ret = NULL at the end for now. A damaged line is counted
 * and passed over. `line` stays valid until the next call. */
bool ledger_reader_next(struct ledger_reader *r, const struct ledger_filter *f,
                        const struct json **ret, str *line, struct err *e) MUST_USE;
size_t ledger_reader_damaged(const struct ledger_reader *r);
void ledger_reader_free(struct ledger_reader *r);

/* One record as a line (or more) for people. */
void ledger_show(struct buf *out, const struct json *record, bool colour);
