/*
 * What the files of this room share: where a line begins, the names of the files, their lines.
 */
#pragma once

#include "ledger/ledger.h"

/*
 * Every record begins so. Quotes inside of values are escaped, so these bytes never stand inside
 * a record, and one can be found behind the torn rest of another.
 */
#define LINE_START "{\"" LEDGER_TIME "\":\""

/* "ledger.jsonl" */
const char *current_name(enum ledger_file file);

/* "ledger-2026-01-31T12-34-56.789Z.jsonl": in the order of time when sorted as text. */
enum { OLD_NAME_SIZE = 42 };
struct old_name {
    char text[OLD_NAME_SIZE]; /* empty for none */
};

void old_name_make(enum ledger_file file, uint64_t wall_ms, struct old_name *ret);
bool old_name_time(enum ledger_file file, const struct old_name *name, uint64_t *ret) MUST_USE;
/* A time as the records have it. */
bool iso_read(str iso, uint64_t *ret) MUST_USE;

struct old_names {
    size_t count;
    struct old_name first, last;
    struct old_name next; /* the first one after `after` */
};
bool old_names_scan(int dir, enum ledger_file file, const struct old_name *after,
                    struct old_names *ret, struct err *e) MUST_USE;

/* A torn record may have a whole one behind it; longer lines are not ours. */
enum { SOURCE_LINE_MAX = 4 * LEDGER_RECORD_MAX, LONG_LINE_MAX = 2 * LEDGER_QUARANTINED_MAX };

struct source {
    int fd; /* -1: nothing to read */
    size_t line_max;
    struct buf bytes; /* read and not yet given out start at `from` */
    size_t from;
    bool skipping; /* inside a line that is too long */
};
void source_free(struct source *s);
/* The next line; *line is empty at the end of the file. Lines too long are counted and left
 * out, empty ones left out. */
bool source_line(struct source *s, str *line, size_t *damaged, struct err *e) MUST_USE;
bool source_inside_line(const struct source *s);

bool filter_passes(const struct json *record, const struct ledger_filter *f);
