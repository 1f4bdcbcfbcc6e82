/* Zip files by libzip, with limits of our own on everything that it is told. */
#include "archive/archive.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <zip.h>

enum { SYSTEM_UNIX = 3 };

struct archive {
    zip_t *zip;
    size_t count;
};

static bool fail(struct err *e, zip_error_t *why, const char *what)
{
    err_set(e, ERR_INPUT, "%s: %s", what, zip_error_strerror(why));
    zip_error_fini(why);
    return false;
}

bool archive_open(str bytes, struct archive **ret, struct err *e)
{
    zip_error_t why;
    zip_source_t *source;
    struct archive z = {0};
    zip_int64_t count;

    zip_error_init(&why);
    source = zip_source_buffer_create(bytes.at, bytes.len, 0, &why);
    if (!source)
        return fail(e, &why, "cannot read the archive");
    z.zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    if (!z.zip) {
        zip_source_free(source);
        return fail(e, &why, "this is not a zip archive");
    }
    zip_error_fini(&why);
    count = zip_get_num_entries(z.zip, 0);
    if (count < 0 || count > ARCHIVE_ENTRIES_MAX) {
        zip_discard(z.zip);
        return err_set(e, ERR_LIMIT, "an archive of more than %d entries", ARCHIVE_ENTRIES_MAX);
    }
    z.count = (size_t)count;
    *ret = malloc(sizeof(z));
    if (!*ret) {
        zip_discard(z.zip);
        return err_limit(e);
    }
    **ret = z;
    return true;
}

void archive_close(struct archive *z)
{
    if (!z)
        return;
    zip_discard(z->zip);
    free(z);
}

void archive_closep(struct archive **z)
{
    archive_close(*z);
}

size_t archive_count(const struct archive *z)
{
    return z->count;
}

static bool is_link(struct archive *z, size_t i)
{
    zip_uint8_t system;
    zip_uint32_t attributes;

    return zip_file_get_external_attributes(z->zip, i, 0, &system, &attributes) == 0 &&
           system == SYSTEM_UNIX && S_ISLNK(attributes >> 16);
}

bool archive_entry(struct archive *z, size_t i, struct archive_entry *ret, struct err *e)
{
    zip_stat_t s;
    str name;

    zip_stat_init(&s);
    if (zip_stat_index(z->zip, i, ZIP_FL_ENC_RAW, &s) != 0 || !(s.valid & ZIP_STAT_NAME) ||
        !(s.valid & ZIP_STAT_SIZE))
        return err_set(e, ERR_INPUT, "entry %zu of the archive cannot be read", i);
    name = str_of(s.name);
    if (name.len > ARCHIVE_NAME_MAX || !str_is_utf8(name))
        return err_set(e, ERR_INPUT, "entry %zu of the archive has a name that is %s", i,
                       name.len > ARCHIVE_NAME_MAX ? "too long" : "not UTF-8");
    if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) && s.encryption_method != ZIP_EM_NONE)
        return err_set(e, ERR_INPUT, "'%.*s' is encrypted", STR_ARG(name));
    *ret = (struct archive_entry){
        .name = name,
        .size = s.size,
        .is_directory = str_ends(name, STR("/")),
        .is_link = is_link(z, i),
    };
    return true;
}

/* One byte more than was claimed shows an archive that lies. */
static bool read_all(struct arena *a, zip_file_t *file, size_t size, str *ret, struct err *e)
{
    char *bytes = arena_alloc(a, size + 1);
    zip_int64_t n = 0;
    size_t len = 0;

    if (!bytes)
        return err_limit(e);
    while (len <= size && (n = zip_fread(file, bytes + len, size + 1 - len)) > 0)
        len += (size_t)n;
    if (n < 0 || len != size)
        return err_set(e, ERR_INPUT, "it is damaged");
    *ret = (str){bytes, len};
    return true;
}

bool archive_read(struct arena *a, struct archive *z, size_t i, size_t max, str *ret,
                  struct err *e)
{
    struct archive_entry entry;
    zip_file_t *file;
    bool ok;

    if (!archive_entry(z, i, &entry, e))
        return false;
    if (entry.size > max)
        return err_set(e, ERR_LIMIT, "'%.*s' has more than %zu bytes", STR_ARG(entry.name),
                       max);
    file = zip_fopen_index(z->zip, i, 0);
    if (!file)
        return err_set(e, ERR_INPUT, "'%.*s' cannot be read: %s", STR_ARG(entry.name),
                       zip_strerror(z->zip));
    ok = read_all(a, file, (size_t)entry.size, ret, e) ||
         err_wrap(e, "'%.*s'", STR_ARG(entry.name));
    zip_fclose(file);
    return ok;
}
