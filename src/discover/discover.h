/*
 * discover: the functions that a project has already, and a first contract written from them.
 *
 * Looked for, in this order: a SAM or CloudFormation template, a serverless.yml, files that
 * export a handler. What cannot be carried over is kept as a note beside its function, never
 * dropped in silence. Values that look like secrets are not copied: only their names are.
 * Everything lives in the caller's arena; files are read from the disk.
 */
#pragma once

#include "contract/contract.h"

struct discover_item {
    str text, value;
    struct discover_item *next;
};

struct discover_list {
    struct discover_item *first, *last;
    size_t count;
};

struct discover_function {
    str name; /* fit for a contract */
    str code; /* directory, from the project's */
    enum runtime runtime;
    str handler;
    struct discover_list triggers; /* "http" and "POST /orders"; "sqs" */
    struct discover_list env; /* name and value */
    struct discover_list secrets; /* names */
    struct discover_list aws; /* "dynamodb:PutItem arn:aws:..." */
    struct discover_list notes; /* what was assumed or could not be carried */
    uint64_t timeout_s, memory_mb, tmp_mb, concurrency; /* 0: not said */
    struct discover_function *next;
};

struct discover {
    str source; /* "template.yaml"; "the handler files" */
    struct discover_function *functions;
    size_t count;
    struct discover_list notes; /* functions that could not be carried, and why */
};

enum {
    DISCOVER_FUNCTIONS_MAX = 256,
    DISCOVER_FILES_MAX = 5000, /* looked at when there is no template */
    DISCOVER_DEPTH_MAX = 5,
};

/* Fails when nothing is found, saying what was looked for. */
bool discover_project(struct arena *a, const char *dir, struct discover **ret,
                      struct err *e) MUST_USE;
/* The contract as text. contract_read() accepts it. */
void discover_write(struct buf *out, const struct discover *d);
