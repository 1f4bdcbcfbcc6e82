/*
 * Reading the records in the order in which they were written: the old files by their names,
 * then the current one. When that is renamed, what late writers still append to it is read too.
 */
#include "ledger/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct json_limits record_limits = {
    .bytes = LONG_LINE_MAX, .depth = 4, .nodes = 1024};

struct ledger_reader {
    enum ledger_file file;
    int dir;
    struct source now;
    struct source late; /* the file before, for those who still append to it */
    bool on_current; /* `now` was opened as the current file */
    struct old_name after; /* the old file that `now` is, or the last one read */
    struct arena *a; /* of the record given out */
    size_t damaged;
};

bool ledger_reader_open(const char *dir, enum ledger_file file, struct ledger_reader **ret,
                        struct err *e)
{
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = calloc(1, sizeof(*r));

    if (!r)
        return err_limit(e);
    r->file = file;
    r->now.fd = r->late.fd = -1;
    r->now.line_max = r->late.line_max =
        file == LEDGER_QUARANTINE ? LONG_LINE_MAX : SOURCE_LINE_MAX;
    r->a = arena_new(0);
    r->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->dir < 0 && errno == ENOENT) {
        err_set(e, ERR_INPUT, "there is no ledger in '%s'", dir);
        return err_fix(e, "'fnward run' and 'fnward invoke' begin one");
    }
    if (r->dir < 0)
        return err_sys(e, "cannot open the ledger's directory '%s'", dir);
    if (!r->a)
        return err_limit(e);
    *ret = r;
    r = NULL;
    return true;
}

void ledger_reader_free(struct ledger_reader *r)
{
    if (!r)
        return;
    source_free(&r->now);
    source_free(&r->late);
    fd_closep(&r->dir);
    arena_free(r->a);
    free(r);
}

void ledger_reader_freep(struct ledger_reader **r)
{
    ledger_reader_free(*r);
    *r = NULL;
}

size_t ledger_reader_damaged(const struct ledger_reader *r)
{
    return r->damaged;
}

bool ledger_reader_unfinished(const struct ledger_reader *r)
{
    return source_inside_line(&r->now) || source_inside_line(&r->late);
}

/* ---- from file to file ---- */

static bool is_same_file(int fd, int dir, const char *name)
{
    struct stat held, named;

    return fstat(fd, &held) == 0 && fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

/* The current file has been renamed: it is one of the old files after the last one we read.
 * When it was removed as well, all of those are newer. */
static bool find_new_name(struct ledger_reader *r, struct err *e)
{
    struct old_name at = r->after;
    struct old_names names;

    for (;;) {
        if (!old_names_scan(r->dir, r->file, &at, &names, e))
            return false;
        if (!names.next.text[0])
            return true;
        if (is_same_file(r->now.fd, r->dir, names.next.text)) {
            r->after = names.next;
            return true;
        }
        at = names.next;
    }
}

static void start_on(struct ledger_reader *r, int fd)
{
    struct source late = r->late;

    r->damaged += late.fd >= 0 && source_inside_line(&late);
    fd_closep(&late.fd);
    buf_clear(&late.bytes);
    late = (struct source){.fd = fd, .line_max = late.line_max, .bytes = late.bytes};
    r->late = r->now;
    r->now = late;
}

static int open_regular(int dir, const char *name)
{
    CLEANUP(fd_closep)
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    struct stat st;

    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
        errno = EINVAL;
        return -1;
    }
    return fd_steal(&fd);
}

/* At the end of a file: on to the next, if there is one. *moved tells. */
static bool next_file(struct ledger_reader *r, bool *moved, struct err *e)
{
    CLEANUP(fd_closep) int fd = -1;
    struct old_names names;

    *moved = false;
    if (r->on_current && is_same_file(r->now.fd, r->dir, current_name(r->file)))
        return true;
    if (r->on_current && !find_new_name(r, e))
        return false;
    r->on_current = false;
    /* Opened before the names are read: renamed in between, it is found under its new name. */
    fd = open_regular(r->dir, current_name(r->file));
    if (fd < 0 && errno != ENOENT)
        return err_sys(e, "cannot open '%s'", current_name(r->file));
    if (!old_names_scan(r->dir, r->file, &r->after, &names, e))
        return false;
    if (names.next.text[0]) {
        fd_closep(&fd);
        fd = open_regular(r->dir, names.next.text);
        r->after = names.next;
        *moved = true; /* one that vanished since is passed over */
        if (fd < 0 && errno != ENOENT)
            return err_sys(e, "cannot open '%s'", names.next.text);
    } else {
        r->on_current = *moved = fd >= 0;
    }
    if (fd >= 0)
        start_on(r, fd_steal(&fd));
    return true;
}

/* ---- records ---- */

static bool parse(struct ledger_reader *r, str line, const struct json **ret)
{
    struct json *record;
    struct err wrong = {0};

    arena_reset(r->a);
    if (!json_read(r->a, line, &record_limits, &record, &wrong) ||
        !json_get_str(record, STR(LEDGER_TIME)).len ||
        !json_get_str(record, STR(LEDGER_KIND)).len)
        return false;
    *ret = record;
    return true;
}

/* What stands behind the torn beginning of another record; empty when there is none. */
static str behind_torn(str line)
{
    str found = {NULL, 0};

    while (line.len) {
        size_t at = 1 + str_find_str(str_sub(line, 1, line.len), STR(LINE_START));

        line = str_sub(line, at, line.len);
        if (line.len)
            found = line;
    }
    return found;
}

/* NULL when there is no record in it. */
static const struct json *record_in(struct ledger_reader *r, str *line)
{
    const struct json *record;
    str rest;

    if (parse(r, *line, &record))
        return record;
    r->damaged++;
    rest = behind_torn(*line);
    if (!rest.len || !parse(r, rest, &record))
        return NULL;
    *line = rest;
    return record;
}

bool ledger_reader_next(struct ledger_reader *r, const struct ledger_filter *f,
                        const struct json **ret, str *line, struct err *e)
{
    bool more = true;

    while (more) {
        const struct json *record;
        str found;

        if (!source_line(&r->now, &found, &r->damaged, e) ||
            (!found.len && !source_line(&r->late, &found, &r->damaged, e)))
            return false;
        record = found.len ? record_in(r, &found) : NULL;
        if (record && filter_passes(record, f)) {
            *ret = record;
            *line = found;
            return true;
        }
        if (!found.len && !next_file(r, &more, e))
            return false;
    }
    *ret = NULL;
    return true;
}
