/*
 * archive: what is in a zip file (wheels, jars, deployment packages, exports of advisories).
 *
 * The only room that knows libzip. Nothing is written anywhere: entries are read into memory, each
 * up to a limit that the caller sets, whatever the archive claims of its size. Names are as they
 * stand in the archive and mean nothing to the file system.
 */
#pragma once

#include "base/base.h"

enum { ARCHIVE_ENTRIES_MAX = 1 << 20, ARCHIVE_NAME_MAX = 4096 };

struct archive;

struct archive_entry {
    str name; /* lives as long as the archive */
    uint64_t size; /* as the archive claims */
    bool is_directory, is_link;
};

/* `bytes` must outlive the result. */
bool archive_open(str bytes, struct archive **ret, struct err *e) MUST_USE;
void archive_close(struct archive *z);
void archive_closep(struct archive **z);
size_t archive_count(const struct archive *z);
/* Fails for an entry that is encrypted, or whose name is too long or not UTF-8. */
bool archive_entry(struct archive *z, size_t i, struct archive_entry *ret,
                   struct err *e) MUST_USE;
/* The entry's bytes, checked against its checksum. ERR_LIMIT past `max`. */
bool archive_read(struct arena *a, struct archive *z, size_t i, size_t max, str *ret,
                  struct err *e) MUST_USE;
