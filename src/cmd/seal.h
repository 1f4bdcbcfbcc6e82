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
    struct secret value; /* for 'set' */
    int lock; /* the directory, or -1 */
};

/* Each returns the exit code. */
int seal_job_list(struct seal_job *j);
int seal_job_rotate(struct seal_job *j);
int seal_job_add_recipient(struct seal_job *j);
int seal_job_remove_recipient(struct seal_job *j);
/* Replaces this process by the command; returns only when that failed. */
int seal_job_exec(struct seal_job *j);
