#include "run/snapshot.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- sources ---- */

static bool record(void *self, struct arena *a, const char *path, size_t max, str *ret,
                   struct err *e)
{
    struct snapshot_recorder *r = self;
    struct snapshot *s = r->into;
    struct snapshot_file file;

    if (!file_read(a, path, max, &file.text, e))
        return false;
    if (s->file_count == SNAPSHOT_FILES_MAX)
        return err_set(e, ERR_LIMIT, "the contract names more than %d files",
                       SNAPSHOT_FILES_MAX);
    if (!s->files)
        s->files = arena_array(r->arena, SNAPSHOT_FILES_MAX, sizeof(*s->files));
    file.path = arena_str(r->arena, str_of(path));
    if (!s->files || !file.path.at)
        return err_limit(e);
    s->files[s->file_count++] = file;
    *ret = file.text;
    return true;
}

struct file_source snapshot_recording(struct snapshot_recorder *r)
{
    return (struct file_source){.read = record, .self = r};
}

static bool look_up(void *self, struct arena *a, const char *path, size_t max, str *ret,
                    struct err *e)
{
    const struct snapshot *s = self;

    (void)a;
    for (size_t i = 0; i < s->file_count; i++)
        if (str_is(s->files[i].path, path) && s->files[i].text.len <= max) {
            *ret = s->files[i].text;
            return true;
        }
    return err_set(e, ERR_SYSTEM, "cannot open '%s': it is not in the snapshot", path);
}

struct file_source snapshot_source(struct snapshot *s)
{
    return (struct file_source){.read = look_up, .self = s};
}

/* ---- the memory file: lengths before bytes, in the order of the struct ---- */

static void put(struct buf *b, const void *at, size_t n)
{
    buf_add(b, (str){at, n});
}

static void put_size(struct buf *b, uint64_t n)
{
    put(b, &n, sizeof(n));
}

static void put_str(struct buf *b, str s)
{
    put_size(b, s.len);
    buf_add(b, s);
}

static void put_all(struct buf *b, const struct snapshot *s)
{
    put(b, &s->settings, sizeof(s->settings));
    put_str(b, s->directory);
    put_str(b, s->tls_cert);
    put_str(b, s->tls_key);
    put_size(b, s->file_count);
    for (size_t i = 0; i < s->file_count; i++) {
        put_str(b, s->files[i].path);
        put_str(b, s->files[i].text);
    }
    put_size(b, s->function_count);
    put(b, s->functions, s->function_count * sizeof(*s->functions));
    put(b, &s->redact_key, sizeof(s->redact_key));
    put_size(b, s->mark_count);
    put(b, s->marks, s->mark_count * sizeof(*s->marks));
    put_size(b, s->secret_count);
    for (size_t i = 0; i < s->secret_count; i++)
        put_str(b, str_of(s->secret_names[i]));
}

bool snapshot_write(const struct snapshot *s, int *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = SNAPSHOT_MAX};
    CLEANUP(fd_closep)
    int fd = memfd_create("fnward-snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    bool written;

    if (fd < 0)
        return err_sys(e, "cannot make the snapshot");
    put_all(&b, s);
    if (b.failed)
        return err_limit(e);
    written = fd_write_all(fd, buf_str(&b), e);
    memory_wipe(b.at, b.len); /* it may hold the TLS key */
    if (!written)
        return err_wrap(e, "making the snapshot");
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
        return err_sys(e, "cannot seal the snapshot");
    *ret = fd_steal(&fd);
    return true;
}

struct cursor {
    str rest;
    bool failed;
};

static const char *take(struct cursor *c, size_t n)
{
    const char *at = c->rest.at;

    if (c->failed || n > c->rest.len) {
        c->failed = true;
        return NULL;
    }
    c->rest = str_sub(c->rest, n, c->rest.len);
    return at;
}

static void get(struct cursor *c, void *to, size_t n)
{
    const char *at = take(c, n);

    if (at && n)
        memcpy(to, at, n);
}

static size_t get_size(struct cursor *c, size_t max)
{
    uint64_t n = 0;

    get(c, &n, sizeof(n));
    if (n > max)
        c->failed = true;
    return c->failed ? 0 : (size_t)n;
}

static str get_str(struct cursor *c)
{
    size_t n = get_size(c, SNAPSHOT_MAX);
    const char *at = take(c, n);

    return at ? (str){at, n} : (str){"", 0};
}

/* An array of plain structs, copied so that it is aligned. */
static void *get_array(struct cursor *c, struct arena *a, size_t max, size_t size,
                       size_t *count)
{
    size_t n = get_size(c, max);
    void *array = arena_array(a, n, size);

    if (!array)
        c->failed = true;
    else
        get(c, array, n * size);
    *count = c->failed ? 0 : n;
    return array;
}

static void get_files(struct cursor *c, struct arena *a, struct snapshot *s)
{
    s->file_count = get_size(c, SNAPSHOT_FILES_MAX);
    s->files = arena_array(a, s->file_count, sizeof(*s->files));
    if (!s->files)
        c->failed = true;
    for (size_t i = 0; i < s->file_count && !c->failed; i++) {
        s->files[i].path = get_str(c);
        s->files[i].text = get_str(c);
    }
}

static void get_names(struct cursor *c, struct arena *a, struct snapshot *s)
{
    s->secret_count = get_size(c, REDACT_MARKS_MAX);
    s->secret_names = arena_array(a, s->secret_count, sizeof(*s->secret_names));
    if (!s->secret_names)
        c->failed = true;
    for (size_t i = 0; i < s->secret_count && !c->failed; i++) {
        s->secret_names[i] = arena_str(a, get_str(c)).at;
        c->failed |= !s->secret_names[i];
    }
}

static bool get_all(struct cursor *c, struct arena *a, struct snapshot *s)
{
    get(c, &s->settings, sizeof(s->settings));
    s->directory = get_str(c);
    s->tls_cert = get_str(c);
    s->tls_key = get_str(c);
    get_files(c, a, s);
    s->functions =
        get_array(c, a, SNAPSHOT_FILES_MAX, sizeof(*s->functions), &s->function_count);
    get(c, &s->redact_key, sizeof(s->redact_key));
    s->marks = get_array(c, a, REDACT_MARKS_MAX, sizeof(*s->marks), &s->mark_count);
    get_names(c, a, s);
    return !c->failed;
}

bool snapshot_read(struct arena *a, int fd, struct snapshot *ret, struct err *e)
{
    struct snapshot s = {0};
    struct cursor c = {0};
    struct stat st;
    void *at;

    if (fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > SNAPSHOT_MAX)
        return err_set(e, ERR_SYSTEM, "the snapshot is damaged");
    /* Mapped, not read: several processes have this descriptor, and its one offset. */
    at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return err_sys(e, "cannot map the snapshot");
    c.rest = (str){at, (size_t)st.st_size};
    if (!get_all(&c, a, &s))
        return err_set(e, ERR_SYSTEM, "the snapshot is damaged");
    *ret = s;
    return true;
}
