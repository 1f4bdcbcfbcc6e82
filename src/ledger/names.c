/*
 * The names of the old files: the time of their first record, so that they sort by age.
 */
#include "ledger/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#define SUFFIX ".jsonl"

static const struct {
    const char *current;
    str prefix; /* of old ones */
} files[] = {
    [LEDGER_RECORDS] = {"ledger" SUFFIX, STR_INIT("ledger-")},
    [LEDGER_QUARANTINE] = {"quarantine" SUFFIX, STR_INIT("quarantine-")},
};

enum { ISO_LEN = 24, HOUR_COLON = 13, MINUTE_COLON = 16 };

const char *current_name(enum ledger_file file)
{
    return files[file].current;
}

bool iso_read(str iso, uint64_t *ret)
{
    /* One row a number: where it stands and its digits. */
    static const struct {
        unsigned char at, len;
    } parts[] = {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}, {20, 3}};
    static const char pattern[] = "    -  -  T  :  :  .   Z";
    uint64_t n[COUNT(parts)];
    struct tm t = {0};

    if (iso.len != ISO_LEN)
        return false;
    for (size_t i = 0; i < ISO_LEN; i++)
        if (pattern[i] != ' ' && iso.at[i] != pattern[i])
            return false;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!str_to_u64(str_sub(iso, parts[i].at, parts[i].len), 9999, &n[i]))
            return false;
    t.tm_year = (int)n[0] - 1900;
    t.tm_mon = (int)n[1] - 1;
    t.tm_mday = (int)n[2];
    t.tm_hour = (int)n[3];
    t.tm_min = (int)n[4];
    t.tm_sec = (int)n[5];
    *ret = (uint64_t)timegm(&t) * 1000 + n[6];
    return true;
}

void old_name_make(enum ledger_file file, uint64_t wall_ms, struct old_name *ret)
{
    char iso[ISO_LEN + 1];

    clock_iso(wall_ms, iso);
    /* A colon in a file's name trips scp and make. */
    iso[HOUR_COLON] = iso[MINUTE_COLON] = '-';
    snprintf(ret->text, sizeof(ret->text), "%s%s" SUFFIX, files[file].prefix.at, iso);
}

bool old_name_time(enum ledger_file file, const struct old_name *name, uint64_t *ret)
{
    str whole = str_of(name->text), prefix = files[file].prefix;
    char iso[ISO_LEN];

    if (whole.len != prefix.len + ISO_LEN + strlen(SUFFIX) || !str_starts(whole, prefix) ||
        !str_ends(whole, STR(SUFFIX)))
        return false;
    memcpy(iso, whole.at + prefix.len, ISO_LEN);
    if (iso[HOUR_COLON] != '-' || iso[MINUTE_COLON] != '-')
        return false;
    iso[HOUR_COLON] = iso[MINUTE_COLON] = ':';
    return iso_read((str){iso, ISO_LEN}, ret);
}

static void take_name(struct old_names *names, const struct old_name *name,
                      const struct old_name *after)
{
    names->count++;
    if (!names->first.text[0] || strcmp(name->text, names->first.text) < 0)
        names->first = *name;
    if (strcmp(name->text, names->last.text) > 0)
        names->last = *name;
    if (strcmp(name->text, after->text) > 0 &&
        (!names->next.text[0] || strcmp(name->text, names->next.text) < 0))
        names->next = *name;
}

static void dir_closep(DIR **d)
{
    if (*d)
        closedir(*d);
}

bool old_names_scan(int dir, enum ledger_file file, const struct old_name *after,
                    struct old_names *ret, struct err *e)
{
    CLEANUP(fd_closep) int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLEANUP(dir_closep) DIR *d = fd < 0 ? NULL : fdopendir(fd);
    struct old_names names = {0};
    const struct dirent *entry;

    if (!d)
        return err_sys(e, "cannot list the ledger's directory");
    fd = -1; /* now the stream's */
    while (errno = 0, (entry = readdir(d))) {
        struct old_name name;
        uint64_t time;

        if (strlen(entry->d_name) >= sizeof(name.text))
            continue;
        memcpy(name.text, entry->d_name, strlen(entry->d_name) + 1);
        if (old_name_time(file, &name, &time))
            take_name(&names, &name, after);
    }
    if (errno)
        return err_sys(e, "cannot list the ledger's directory");
    *ret = names;
    return true;
}
