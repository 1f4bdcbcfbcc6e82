/*
 * check: what the files of this command share. What is found is gathered first, then written
 * in one of the formats.
 */
#pragma once

#include "cmd/cmd.h"
#include "scan/scan.h"

enum { CHECK_FILES_MAX = 4096 };

struct checked {
    struct arena *a;
    struct findings findings;
    const char *files[CHECK_FILES_MAX]; /* that were looked at, each once */
    size_t file_count;
    enum severity fail_on;
    bool never_fail;
};

struct check_format {
    const char *name;
    void (*write)(struct buf *out, struct checked *c);
};

/* Ended by a row without a name; the first is the default. */
extern const struct check_format check_formats[];

size_t check_count(const struct checked *c, enum severity s);
/* How many findings are of the severity that fails, or above. */
size_t check_failing(const struct checked *c);
