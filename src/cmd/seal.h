/*
 * seal: what the subcommands of 'fnward seal' share.
 */
#pragma once

#include "cmd/cmd.h"
#include "seal/seal.h"

struct seal_job {
    const struct cmd_line *line;
    const char *const *arguments; /* behind the subcommand's name */
    size_t count;
    str function; /* --function, or "*" */
    struct arena *a;
    const char *path; /* of the file */
    const char *identity_path;
    struct seal *store;
    struct seal_identities identities;
    int lock; /* the directory, or -1 */
};

/* Replaces this process by the command; returns only when that failed. */
int seal_job_exec(struct seal_job *j);
