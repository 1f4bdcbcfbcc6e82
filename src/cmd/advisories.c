/*
 * fnward advisories: the known vulnerabilities that 'check' and 'deps' look dependencies up in.
 */
#include "cmd/advisories.h"

#include "archive/archive.h"
#include "cmd/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    IMPORT_MAX = 1 << 30, /* bytes of one export */
    OLD_DAYS = 14, /* advisories of which are told to be old */
};
static const uint64_t DAY_MS = 24 * 60 * 60 * 1000;

const char *advisories_path(struct arena *a, const struct cmd_line *line)
{
    const char *given = cmd_value(line, "advisories");

    return given ? given : cmd_data_path(a, "advisories");
}

/* ---- the file, mapped ---- */

void advisories_closep(struct advisories *db)
{
    if (db->bytes.at)
        munmap((void *)db->bytes.at, db->bytes.len);
    *db = (struct advisories){0};
}

bool advisories_map(const char *path, struct advisories *ret, struct err *e)
{
    CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    CLEANUP(advisories_closep) struct advisories db = {0};
    struct stat st;
    void *at;

    if (fd < 0) {
        err_sys(e, "cannot open the advisories, '%s'", path);
        return errno == ENOENT
                   ? err_fix(e, "fnward advisories import all.zip, with an export from "
                                "https://osv.dev")
                   : false;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !st.st_size)
        return err_set(e, ERR_INPUT, "'%s' is not a file of advisories", path);
    at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return err_sys(e, "cannot map '%s'", path);
    db.bytes = (str){at, (size_t)st.st_size};
    if (!advisory_open(db.bytes, &db, e))
        return err_wrap(e, "'%s'", path);
    *ret = db;
    db.bytes.at = NULL; /* the caller's now */
    return true;
}

unsigned advisories_age_days(const struct advisories *db)
{
    uint64_t now = clock_wall_ms(), built = advisory_built_ms(db);

    return built < now ? (unsigned)((now - built) / DAY_MS) : 0;
}

bool advisories_are_old(const struct advisories *db)
{
    return advisories_age_days(db) >= OLD_DAYS;
}

/* ---- import ---- */

struct import {
    struct advisory_compiler *compiler;
    struct arena *file, *entry; /* of what is being read */
    size_t skipped;
};

static bool add_entry(struct import *im, struct archive *z, size_t i, struct err *e)
{
    struct archive_entry entry;
    str json;

    if (!archive_entry(z, i, &entry, e))
        return false;
    if (entry.is_directory || !str_ends(entry.name, STR(".json"))) {
        im->skipped += !entry.is_directory;
        return true;
    }
    arena_reset(im->entry);
    return (archive_read(im->entry, z, i, ADVISORY_JSON_MAX, &json, e) &&
            advisory_add(im->compiler, json, e)) ||
           err_wrap(e, "%.*s", STR_ARG(entry.name));
}

static bool add_archive(struct import *im, str bytes, struct err *e)
{
    CLEANUP(archive_closep) struct archive *z = NULL;

    if (!archive_open(bytes, &z, e))
        return false;
    for (size_t i = 0; i < archive_count(z); i++)
        if (!add_entry(im, z, i, e))
            return false;
    return true;
}

/* Which of the forms that we know it is shows in its first bytes. */
static bool add_bytes(struct import *im, str bytes, struct err *e)
{
    str start = str_trim(str_sub(bytes, 0, 4096));

    if (str_starts(bytes, STR("PK")))
        return add_archive(im, bytes, e);
    if (str_starts(start, STR("#")) || str_starts(start, STR("cve,")))
        return advisory_add_epss(im->compiler, bytes, e);
    if (!str_starts(start, STR("{"))) {
        err_set(e, ERR_INPUT, "this is neither an OSV export nor a catalogue that is known");
        return err_fix(e,
                       "import a zip of OSV records, one record as JSON, CISA's catalogue as "
                       "JSON, or EPSS scores as CSV");
    }
    if (str_find_str(start, STR("\"catalogVersion\"")) < start.len)
        return advisory_add_kev(im->compiler, bytes, e);
    return advisory_add(im->compiler, bytes, e);
}

static bool add_source(struct import *im, const char *source, struct err *e)
{
    str bytes;

    arena_reset(im->file);
    if (download_is_url(source) ? !download(im->file, source, IMPORT_MAX, &bytes, e)
                                : !file_read(im->file, source, IMPORT_MAX, &bytes, e))
        return false;
    if (add_bytes(im, bytes, e))
        return true;
    e->at.file = e->at.line ? source : e->at.file;
    return e->at.line || err_wrap(e, "%s", source);
}

static bool make_directory(const char *path, struct err *e)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str dir = path_dir(str_of(path));

    for (size_t i = 1; i <= dir.len; i++) {
        str part;

        if (i < dir.len && dir.at[i] != '/')
            continue;
        part = arena_str(a, str_sub(dir, 0, i));
        if (!part.at)
            return err_limit(e);
        if (mkdir(part.at, 0755) != 0 && errno != EEXIST)
            return err_sys(e, "cannot make the directory '%s'", part.at);
    }
    return true;
}

static bool write_compiled(struct import *im, const char *path, struct advisory_counts *counts,
                           size_t *size, struct err *e)
{
    CLEANUP(buf_free) struct buf out = {.max = (size_t)1 << 31};
    struct advisories db;

    if (!advisory_write(im->compiler, clock_wall_ms(), &out, counts, e))
        return false;
    if (!counts->records)
        return err_set(e, ERR_INPUT, "there is no advisory in what was imported");
    /* Read back before the old one is given up. */
    if (!advisory_open(buf_str(&out), &db, e) || !advisory_verify(&db, e))
        return false;
    *size = out.len;
    return make_directory(path, e) && file_replace(path, buf_str(&out), 0644, e);
}

static const char *plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static void say_size(struct buf *out, size_t advisories, size_t packages)
{
    buf_addf(out, "%zu %s of %zu %s", advisories, plural(advisories, "advisory", "advisories"),
             packages, plural(packages, "package", "packages"));
}

static void say_imported(struct buf *out, const char *path, const struct advisory_counts *n,
                         size_t size, size_t skipped)
{
    say_size(out, n->records, n->packages);
    buf_addf(out, ", %.1f MB, in %s\n", (double)size / 1e6, path);
    if (n->withdrawn)
        buf_addf(out, "withdrawn, and left out: %zu\n", n->withdrawn);
    if (n->exploited)
        buf_addf(out, "known to be exploited: %zu\n", n->exploited);
    if (n->scored)
        buf_addf(out, "with a probability of being exploited: %zu\n", n->scored);
    if (skipped)
        buf_addf(out, "files that are not JSON, and were passed over: %zu\n", skipped);
}

static int import(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(arena_freep) struct arena *file = arena_new((size_t)IMPORT_MAX + (1 << 20));
    CLEANUP(arena_freep) struct arena *entry = arena_new((size_t)2 * ADVISORY_JSON_MAX);
    CLEANUP(advisory_compiler_freep) struct advisory_compiler *c = advisory_compiler_new();
    CLEANUP(buf_free) struct buf out = {0};
    struct import im = {.compiler = c, .file = file, .entry = entry};
    const char *path = advisories_path(a, line);
    struct advisory_counts counts;
    struct err e = {0};
    size_t size = 0;

    if (line->count < 2)
        return cmd_usage(line, "'import' takes the files to import");
    if (!c || !path) {
        err_set(&e, ERR_USAGE, "there is no place to keep advisories: HOME is not set");
        err_fix(&e, "name a file by --advisories");
        return cmd_fail(&e);
    }
    for (size_t i = 1; i < line->count; i++)
        if (!add_source(&im, line->arguments[i], &e))
            return cmd_fail(&e);
    if (!write_compiled(&im, path, &counts, &size, &e))
        return cmd_fail(&e);
    say_imported(&out, path, &counts, size, im.skipped);
    return cmd_print(&out) ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

/* ---- status ---- */

static void say_status(struct buf *out, const char *path, const struct advisories *db)
{
    unsigned days = advisories_age_days(db);
    char built[25];

    clock_iso(advisory_built_ms(db), built);
    buf_addf(out, "%s\n", path);
    say_size(out, advisory_count(db), advisory_package_count(db));
    buf_addf(out, "\nimported %.10s, %u %s ago\n", built, days, plural(days, "day", "days"));
    if (advisory_newest(db).len)
        buf_addf(out, "newest advisory: %.*s\n", STR_ARG(str_sub(advisory_newest(db), 0, 10)));
    if (advisories_are_old(db))
        buf_add(out, STR("they are old: import a newer export\n"));
}

static int status(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(advisories_closep) struct advisories db = {0};
    CLEANUP(buf_free) struct buf out = {0};
    const char *path = advisories_path(a, line);
    struct err e = {0};

    if (line->count > 1)
        return cmd_usage(line, "'%s' is one argument too many", line->arguments[1]);
    if (!path)
        return cmd_usage(line, "there is no place for advisories: HOME is not set");
    if (!advisories_map(path, &db, &e) || !advisory_verify(&db, &e))
        return cmd_fail(&e);
    say_status(&out, path, &db);
    if (!cmd_print(&out))
        return EXIT_INCOMPLETE;
    return advisories_are_old(&db) ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int run(const struct cmd_line *line)
{
    if (!line->count)
        return cmd_usage(line, "say what to do: import or status");
    if (strcmp(line->arguments[0], "import") == 0)
        return import(line);
    if (strcmp(line->arguments[0], "status") == 0)
        return status(line);
    return cmd_usage(line, "'%s' is not something that 'advisories' does: import or status",
                     line->arguments[0]);
}

const struct command command_advisories = {
    .name = "advisories",
    .arguments = "import FILE|URL... | status",
    .summary = "Keep the known vulnerabilities that dependencies are looked up in",
    .text =
        "'import' compiles OSV exports (all.zip as osv.dev publishes them, or single records) into one\n"
        "small file, which replaces the old one once it is whole; nothing of the old one stays.\n"
        "CISA's catalogue of known exploited vulnerabilities (JSON) and EPSS scores (CSV) can be\n"
        "imported with them. Records that were withdrawn are left out. A URL is downloaded by the\n"
        "program 'curl'; nothing else is ever downloaded.\n"
        "\n"
        "'status' tells how many there are and how old, and checks that the file is whole. Exit code\n"
        "1 means that they were imported two weeks ago or more.\n",
    .options = {CMD_ADVISORIES_OPTION},
    .examples = {{"fnward advisories import PyPI-all.zip npm-all.zip", "from files"},
                 {"fnward advisories import npm-all.zip known_exploited_vulnerabilities.json",
                  "with what is known to be exploited"},
                 {"fnward advisories status", "how old they are"}},
    .run = run,
};
