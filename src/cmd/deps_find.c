/*
 * Finding the lock files of a project, and the flaws of what they name.
 */
#include "cmd/deps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 32, ENTRIES_MAX = 200000, ALONE_MAX = 1000 };

struct walk {
    struct deps *d;
    char root[4096]; /* absolute */
    size_t capacity; /* of the files */
    unsigned depth;
    size_t entries;
    struct err *e;
};

/* What is installed, built or not ours. */
static const char *const passed_over[] = {".git", "node_modules", ".fnward", ".venv",
                                          "venv", "target",       "vendor",  "__pycache__",
                                          ".tox", "dist"};

/* What holds installed packages. */
static const char *const trees[] = {"node_modules", ".venv", "venv", "vendor", "dist"};

static const char *const manifests[] = {"package.json", "Pipfile", "Cargo.toml", "Gemfile",
                                        "composer.json"};

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A file that can't be read is told of, and the rest goes on. */
static bool read_file(struct walk *w, str path, const struct lockfile_format *format)
{
    struct deps *d = w->d;
    struct deps_file *f;
    str absolute = path_join(d->a, str_of(w->root), path), text;
    const struct lockfile_context context = {&file_source_disk, str_of(w->root), absolute};
    const char *c;

    if (!absolute.at || !path_c(d->a, absolute, &c, w->e))
        return w->e->code != ERR_NONE ? false : err_limit(w->e);
    if (d->file_count == DEPS_FILES_MAX) {
        d->complete = false;
        return true;
    }
    if (!arena_grow(d->a, &d->files, d->file_count, &w->capacity, sizeof(*d->files)))
        return err_limit(w->e);
    f = &d->files[d->file_count];
    *f = (struct deps_file){.path = path};
    d->file_count++;
    if (!file_read(d->a, c, LOCKFILE_BYTES_MAX, &text, &f->error) ||
        !lockfile_read(d->a, format, &context, text, &f->lock, &f->error))
        f->error.at.file = path.at;
    return true;
}

static bool note_alone(struct walk *w, str path)
{
    if (w->d->alone_count < ALONE_MAX)
        w->d->alone[w->d->alone_count++] = path;
    return true;
}

static bool walk(struct walk *w, int at, str path, bool locked);

static bool enter(struct walk *w, int at, const char *name, str path, bool locked)
{
    CLEANUP(fd_closep) int fd = -1;

    if (is_one_of(name, passed_over, COUNT(passed_over)) &&
        !(w->d->installed && is_one_of(name, trees, COUNT(trees))))
        return true;
    fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || w->depth == DEPTH_MAX) {
        w->d->complete = w->d->complete && fd < 0 && (errno == ENOTDIR || errno == ELOOP);
        return true;
    }
    w->depth++;
    if (!walk(w, fd_steal(&fd), path, locked))
        return false;
    w->depth--;
    return true;
}

static bool is_directory(int at, const struct dirent *entry)
{
    struct stat st;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(at, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static str below(struct walk *w, str path, const char *name)
{
    return path.len ? arena_format(w->d->a, "%.*s/%s", STR_ARG(path), name)
                    : arena_str(w->d->a, str_of(name));
}

/* Lock files that packages bring with them are of their own making. */
static const struct lockfile_format *kind_of(struct walk *w, str path, const char *name)
{
    const struct lockfile_format *format = NULL;
    str absolute = path_join(w->d->a, str_of(w->root), path);

    if (w->d->installed && absolute.at)
        format = lockfile_installed_kind(absolute);
    if (format || (absolute.at && w->d->installed && lockfile_in_installed(absolute)))
        return format;
    return lockfile_kind(str_of(name));
}

static bool look_at(struct walk *w, int at, str path, struct dirent **list, int n, bool locked)
{
    for (int i = 0; i < n; i++)
        locked |= lockfile_kind(str_of(list[i]->d_name)) != NULL;
    for (int i = 0; i < n; i++) {
        const char *name = list[i]->d_name;
        str inner = below(w, path, name);
        const struct lockfile_format *format = inner.at ? kind_of(w, inner, name) : NULL;
        bool ok = true;

        if (++w->entries > ENTRIES_MAX) {
            w->d->complete = false;
            return true;
        }
        if (!inner.at)
            return err_limit(w->e);
        if (is_directory(at, list[i]))
            ok = enter(w, at, name, inner, locked);
        else if (format)
            ok = read_file(w, inner, format);
        else if (!locked && !lockfile_in_installed(inner) &&
                 is_one_of(name, manifests, COUNT(manifests)))
            ok = note_alone(w, inner);
        if (!ok)
            return false;
    }
    return true;
}

static int visible(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Takes the descriptor over. */
static bool walk(struct walk *w, int at, str path, bool locked)
{
    CLEANUP(fd_closep) int fd = at;
    struct dirent **list = NULL;
    int n = scandirat(fd, ".", &list, visible, by_name);
    bool ok;

    if (n < 0) {
        w->d->complete = false;
        return true;
    }
    ok = look_at(w, fd, path, list, n, locked);
    for (int i = 0; i < n; i++)
        free(list[i]);
    free(list);
    return ok;
}

bool deps_find(struct deps *d, struct err *e)
{
    struct walk w = {.d = d, .e = e};
    int fd = open(d->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return err_sys(e, "cannot open '%s'", d->root);
    if (!realpath(d->root, w.root)) {
        close(fd);
        return err_sys(e, "cannot find '%s'", d->root);
    }
    d->complete = true;
    d->installed |= lockfile_in_installed(str_of(w.root));
    d->alone = arena_array(d->a, ALONE_MAX, sizeof(*d->alone));
    if (!d->alone) {
        close(fd);
        return err_limit(e);
    }
    return walk(&w, fd, STR(""), false);
}

/* ---- flaws ---- */

struct looking {
    struct deps *d;
    struct advisory_hit *hits;
    struct advisory_flaw *flaws;
    size_t capacity; /* of the flaws that were found */
    struct err *e;
};

static bool look_up(struct looking *l, uint32_t file, uint32_t package)
{
    struct deps *d = l->d;
    const struct lockfile_package *p = &d->files[file].lock.packages[package];
    const struct advisory_package what = {
        p->ecosystem, advisory_name(d->a, p->ecosystem, p->name), p->version};
    size_t hits, flaws;

    if (!p->version.len)
        return true; /* told of as not pinned */
    if (!what.name.at)
        return err_limit(l->e);
    if (!advisory_match(d->advisories, &what, l->hits, &hits, l->e) ||
        !advisory_flaws(d->advisories, l->hits, hits, l->flaws, &flaws, l->e))
        return false;
    for (size_t i = 0; i < flaws; i++) {
        if (d->flaw_count == DEPS_FLAWS_MAX)
            return err_set(l->e, ERR_LIMIT, "more than %d flaws", DEPS_FLAWS_MAX);
        if (!arena_grow(d->a, &d->flaws, d->flaw_count, &l->capacity, sizeof(*d->flaws)))
            return err_limit(l->e);
        d->flaws[d->flaw_count++] = (struct deps_flaw){file, package, l->flaws[i], NULL};
    }
    return true;
}

static int by_urgency(const void *a, const void *b)
{
    const struct deps_flaw *x = a, *y = b;
    int order = advisory_flaw_order(&x->flaw, &y->flaw);

    if (order)
        return order;
    return x->file != y->file ? (x->file > y->file) - (x->file < y->file)
                              : (x->package > y->package) - (x->package < y->package);
}

static void looking_end(struct looking *l)
{
    free(l->hits);
    free(l->flaws);
}

bool deps_look_up(struct deps *d, struct err *e)
{
    /* From the kernel, not the arena, which zeroes: room for the most hits, of which few are used. */
    CLEANUP(looking_end)
    struct looking l = {d, calloc(ADVISORY_HITS_MAX, sizeof(*l.hits)),
                        calloc(ADVISORY_HITS_MAX, sizeof(*l.flaws)), 0, e};

    if (!l.hits || !l.flaws)
        return err_limit(e);
    for (uint32_t i = 0; i < d->file_count; i++)
        for (uint32_t k = 0; k < d->files[i].lock.count; k++)
            if (!look_up(&l, i, k))
                return false;
    if (d->flaw_count)
        qsort(d->flaws, d->flaw_count, sizeof(*d->flaws), by_urgency);
    return true;
}

bool deps_incomplete(const struct deps *d)
{
    if (!d->complete || !d->advisories || d->alone_count)
        return true;
    for (size_t i = 0; i < d->file_count; i++)
        if (d->files[i].error.code != ERR_NONE || d->files[i].lock.note_count)
            return true;
    return false;
}
