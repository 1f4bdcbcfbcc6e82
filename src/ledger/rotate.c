/*
 * Rotation. The directory is locked while the name changes hands, so that two appenders never
 * rename the same file twice; who still holds the old descriptor finishes into the renamed one.
 */
#include "ledger/inside.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum state { KEEP, RENAMED, FULL };

/* Whether `l` still is the current file, and has room. */
static bool state_of(int dir, const struct ledger *l, size_t bytes, enum state *ret,
                     struct err *e)
{
    struct stat held, named;

    if (fstat(l->fd, &held) < 0)
        return err_sys(e, "cannot inspect the ledger");
    if (fstatat(dir, current_name(l->file), &named, AT_SYMLINK_NOFOLLOW) < 0 ||
        held.st_ino != named.st_ino || held.st_dev != named.st_dev)
        *ret = RENAMED;
    else
        *ret = (size_t)held.st_size > bytes ? FULL : KEEP;
    return true;
}

/* The time that the file's first record tells. */
static bool first_time(const struct ledger *l, uint64_t *ret)
{
    char start[sizeof(LINE_START) - 1 + 24];
    ssize_t n = pread(l->fd, start, sizeof(start), 0);

    return n == (ssize_t)sizeof(start) &&
           str_starts((str){start, sizeof(start)}, STR(LINE_START)) &&
           iso_read((str){start + sizeof(LINE_START) - 1, 24}, ret);
}

/* Names must sort in the order of rotation, also when the clock was set back. */
static bool rename_current(int dir, const struct ledger *l, uint64_t wall_ms, struct err *e)
{
    struct old_name none = {0}, name;
    struct old_names names;
    uint64_t time, last;

    if (!old_names_scan(dir, l->file, &none, &names, e))
        return false;
    if (!first_time(l, &time))
        time = wall_ms;
    if (old_name_time(l->file, &names.last, &last) && time <= last)
        time = last + 1;
    old_name_make(l->file, time, &name);
    if (renameat(dir, current_name(l->file), dir, name.text) < 0)
        return err_sys(e, "cannot rename the ledger to '%s'", name.text);
    return true;
}

static bool remove_oldest(int dir, const struct ledger *l, unsigned files, struct err *e)
{
    struct old_name none = {0};
    struct old_names names;

    do {
        if (!old_names_scan(dir, l->file, &none, &names, e))
            return false;
        if (names.count > files && unlinkat(dir, names.first.text, 0) < 0)
            return err_sys(e, "cannot remove the old ledger '%s'", names.first.text);
    } while (names.count > files);
    return true;
}

static bool reopen(const char *dir, struct ledger *l, struct err *e)
{
    struct ledger fresh;

    if (!ledger_open(dir, l->file, &fresh, e))
        return false;
    ledger_close(l);
    *l = fresh;
    return true;
}

bool ledger_rotate(const char *dir, struct ledger *l, size_t bytes, unsigned files,
                   uint64_t wall_ms, bool *rotated, struct err *e)
{
    CLEANUP(fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum state state;

    if (fd < 0)
        return err_sys(e, "cannot open the ledger's directory '%s'", dir);
    if (!state_of(fd, l, bytes, &state, e))
        return false;
    *rotated = false;
    if (state == KEEP)
        return true;
    /* Released with the descriptor. Asked again: another may have rotated meanwhile. */
    if (flock(fd, LOCK_EX) < 0)
        return err_sys(e, "cannot lock the ledger's directory '%s'", dir);
    if (!state_of(fd, l, bytes, &state, e))
        return false;
    if (state == FULL && !rename_current(fd, l, wall_ms, e))
        return false;
    *rotated = state == FULL;
    if (!reopen(dir, l, e))
        return false;
    return state != FULL || remove_oldest(fd, l, files, e);
}
