/*
 * snapshot: all that front and broker need to know, in one sealed memory file.
 *
 * The keeper reads the contract and the schema files from the disk once; front and broker read
 * the very same bytes out of the snapshot, so that no process works from another version of the
 * contract than its neighbours, and none of them needs files.
 */
#pragma once

#include "base/base.h"
#include "redact/redact.h"

enum { SNAPSHOT_FILES_MAX = 4096, SNAPSHOT_MAX = 256 << 20 };

struct snapshot_function { /* what the disk knows of a function's code */
    uint64_t code_size, modified_ms;
    uint8_t sha256[32]; /* over names, sizes and times, not contents */
};

/* Plain numbers that cross as they are. */
struct snapshot_settings {
    uint32_t port;
    uint8_t loopback_only; /* then only local names are accepted as Host */
    uint8_t has_token, has_tls, one_client;
    uint8_t token_sha256[32];
    uint32_t warm; /* instances of each function kept ready */
    uint64_t idle_ns; /* after which the others end */
};

struct snapshot_file {
    str path, text;
};

struct snapshot {
    struct snapshot_settings settings;
    str directory; /* of the contract */
    str tls_cert, tls_key; /* PEM */
    struct snapshot_file *files;
    size_t file_count;
    struct snapshot_function *functions;
    size_t function_count;
    struct redact_key redact_key;
    struct redact_mark *marks;
    size_t mark_count;
    const char **secret_names; /* by mark.secret */
    size_t secret_count;
};

/* A source that reads from the disk and keeps what it read in `s`, for snapshot_write. */
struct snapshot_recorder {
    struct arena *arena;
    struct snapshot *into;
};
struct file_source snapshot_recording(struct snapshot_recorder *r);
/* A source that gives what the snapshot holds, and nothing else. */
struct file_source snapshot_source(struct snapshot *s);

/* A memory file that nobody can change any more. */
bool snapshot_write(const struct snapshot *s, int *ret, struct err *e) MUST_USE;
/* Its text stays in the file, which is mapped for as long as the process lives. */
bool snapshot_read(struct arena *a, int fd, struct snapshot *ret, struct err *e) MUST_USE;
