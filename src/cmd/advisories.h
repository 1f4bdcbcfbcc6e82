/*
 * advisories: the compiled file of known vulnerabilities, as the commands use it.
 */
#pragma once

#include "advisory/advisory.h"
#include "cmd/cmd.h"

/* The row for a command's options. */
#define CMD_ADVISORIES_OPTION                                                                  \
    {                                                                                          \
        "advisories", "FILE", 0,                                                               \
            "the compiled advisories (default: ~/.local/share/fnward/advisories)"              \
    }

/* --advisories, else fnward/advisories in XDG_DATA_HOME or ~/.local/share; NULL without HOME. */
const char *advisories_path(struct arena *a, const struct cmd_line *line);
/* Maps the file; it stays mapped until advisories_closep(). */
bool advisories_map(const char *path, struct advisories *ret, struct err *e) MUST_USE;
void advisories_closep(struct advisories *db);
unsigned advisories_age_days(const struct advisories *db); /* since they were imported */
bool advisories_are_old(const struct advisories *db);
