/*
 * What 'fnward deps' prints: the packages as a tree, the flaws, and what is not known.
 */
#include "cmd/deps.h"
#include "json/json.h"

enum { CHAIN_MAX = 12, DEPTH_MAX = 64 };

static const char *const sources[] = {NULL, "git", "path", "url"};

static const struct {
    const char *rating, *colour;
} colours[] = {{"critical", "\033[1;31m"}, {"high", "\033[31m"}, {"medium", "\033[33m"}};

static const char *colour_of(const char *rating)
{
    for (size_t i = 0; i < COUNT(colours); i++)
        if (strcmp(colours[i].rating, rating) == 0)
            return colours[i].colour;
    return "";
}

/* ---- the tree ---- */

static void add_marks(struct buf *out, const struct lockfile_package *p)
{
    const char *marks[] = {
        p->dev ? "development" : NULL,
        p->optional ? "optional" : NULL,
        p->peer ? "peer" : NULL,
        sources[p->source],
        p->pinned ? NULL : "not pinned",
        p->pinned && !p->has_integrity && p->source == SOURCE_REGISTRY ? "no checksum" : NULL};
    bool first = true;

    for (size_t i = 0; i < COUNT(marks); i++) {
        if (!marks[i])
            continue;
        buf_addf(out, "%s%s", first ? "  (" : ", ", marks[i]);
        first = false;
    }
    buf_add(out, first ? STR("") : STR(")"));
}

static void add_package(struct buf *out, const struct lockfile_package *p)
{
    buf_add(out, p->name);
    if (p->version.len)
        buf_addf(out, " %.*s", STR_ARG(p->version));
    else if (p->wanted.len)
        buf_addf(out, " %.*s", STR_ARG(p->wanted));
    add_marks(out, p);
    buf_addc(out, '\n');
}

/* Who needs whom, as lists: first[package] and next[package] are indexes + 1; the project is the last. */
struct children {
    uint32_t *first, *next;
};

static bool children_make(struct arena *a, const struct lockfile *f, struct children *ret)
{
    struct children c = {arena_array(a, f->count + 1, sizeof(*c.first)),
                         arena_array(a, f->count + 1, sizeof(*c.next))};

    if (!c.first || !c.next)
        return false;
    for (size_t i = f->count; i-- > 0;) {
        uint32_t by = f->packages[i].needed_by;
        uint32_t *first = &c.first[by == LOCKFILE_ROOT ? f->count : by];

        c.next[i] = *first;
        *first = (uint32_t)i + 1;
    }
    *ret = c;
    return true;
}

static void add_below(struct buf *out, const struct lockfile *f, const struct children *c,
                      size_t by, unsigned depth)
{
    for (uint32_t i = c->first[by]; i && depth < DEPTH_MAX; i = c->next[i - 1]) {
        buf_addf(out, "%*s", (int)(2 * depth), "");
        add_package(out, &f->packages[i - 1]);
        add_below(out, f, c, i - 1, depth + 1);
    }
}

static void add_notes(struct buf *out, const struct deps_file *f)
{
    for (size_t i = 0; i < f->lock.note_count; i++) {
        buf_add_visible(out, f->path);
        buf_addf(out, ":%u: note: ", f->lock.notes[i].line);
        buf_add_visible(out, f->lock.notes[i].what);
        buf_addc(out, '\n');
    }
}

/* One file for each package: a line is enough. */
static void add_installed(struct buf *out, const struct deps_file *f, bool tree)
{
    for (size_t i = 0; tree && i < f->lock.count; i++) {
        buf_add_visible(out, f->path);
        buf_addf(out, ": %.*s %.*s\n", STR_ARG(f->lock.packages[i].name),
                 STR_ARG(f->lock.packages[i].version));
    }
    add_notes(out, f);
}

static void add_file(struct buf *out, struct arena *a, const struct deps_file *f, bool tree)
{
    struct children c;
    size_t direct = 0, dev = 0;

    if (f->error.code != ERR_NONE) {
        err_render(out, &f->error);
        return;
    }
    if (strcmp(f->lock.format, "installed") == 0) {
        add_installed(out, f, tree);
        return;
    }
    for (size_t i = 0; i < f->lock.count; i++) {
        direct += f->lock.packages[i].direct;
        dev += f->lock.packages[i].dev;
    }
    buf_add_visible(out, f->path);
    buf_addf(out, ": %zu %s", f->lock.count, f->lock.count == 1 ? "package" : "packages");
    if (direct || dev)
        buf_addf(out, " (%zu direct, %zu for development)", direct, dev);
    buf_addc(out, '\n');
    if (tree && children_make(a, &f->lock, &c))
        add_below(out, &f->lock, &c, f->lock.count, 1);
    add_notes(out, f);
}

/* ---- flaws ---- */

/* "express > body-parser > qs": from what the project asks for down to the package. */
static void add_chain(struct buf *out, const struct lockfile *f, uint32_t package)
{
    uint32_t chain[CHAIN_MAX];
    size_t n = 0;

    for (uint32_t i = package; i != LOCKFILE_ROOT && n < CHAIN_MAX;
         i = f->packages[i].needed_by)
        chain[n++] = i;
    while (n-- > 0)
        buf_addf(out, "%.*s%s", STR_ARG(f->packages[chain[n]].name), n ? " > " : "");
}

static void add_flaw(struct buf *out, const struct deps *d, const struct deps_flaw *found,
                     bool colour)
{
    const struct deps_file *file = &d->files[found->file];
    const struct lockfile_package *p = &file->lock.packages[found->package];
    const struct advisory_flaw *f = &found->flaw;

    buf_addf(out, "\n%s%s%s", colour ? colour_of(f->rating) : "",
             f->malicious ? "malicious" : f->rating, colour ? "\033[0m" : "");
    if (f->tenths)
        buf_addf(out, " %u.%u", f->tenths / 10, f->tenths % 10);
    buf_addf(out, "  %.*s %.*s  %.*s", STR_ARG(p->name), STR_ARG(p->version), STR_ARG(f->id));
    if (f->cve.len)
        buf_addf(out, " (%.*s)", STR_ARG(f->cve));
    buf_addc(out, '\n');
    if (f->summary.len)
        buf_addf(out, "  %.*s\n", STR_ARG(f->summary));
    if (f->exploited.len)
        buf_addf(out, "  known to be exploited since %.*s\n", STR_ARG(f->exploited));
    else if (f->epss >= 0.01)
        buf_addf(out, "  %.0f %% likely to be exploited within 30 days\n", f->epss * 100);
    buf_add(out, STR("  in "));
    buf_add_visible(out, file->path);
    buf_addf(out, ":%u: ", p->line);
    add_chain(out, &file->lock, found->package);
    buf_addf(out, "%s\n", p->dev ? ", for development only" : "");
    if (f->malicious)
        buf_add(out, STR("  fix: remove it; what it could reach is to be replaced\n"));
    else if (f->fixed.len)
        deps_fix_show(out, d, found);
    else
        buf_add(out, STR("  no version is known that fixes it\n"));
}

static str spaced(struct arena *a, str words)
{
    str copy = arena_str(a, words);

    for (size_t i = 0; copy.at && i < copy.len; i++)
        if (copy.at[i] == '_')
            ((char *)copy.at)[i] = ' ';
    return copy;
}

static void add_suppressed(struct buf *out, const struct deps *d, const struct deps_flaw *found)
{
    const struct lockfile_package *p = &d->files[found->file].lock.packages[found->package];
    const struct advisory_flaw *f = &found->flaw;

    buf_addf(out, "\nsuppressed  %.*s %.*s  %.*s", STR_ARG(p->name), STR_ARG(p->version),
             STR_ARG(f->id));
    if (f->cve.len)
        buf_addf(out, " (%.*s)", STR_ARG(f->cve));
    buf_addf(out, "\n  %s:%u: %.*s", d->vex_path, found->vex->line,
             STR_ARG(spaced(d->a, found->vex->status)));
    if (found->vex->justification.len)
        buf_addf(out, ": %.*s", STR_ARG(spaced(d->a, found->vex->justification)));
    buf_addc(out, '\n');
}

/* A statement that does nothing may be a mistake of who wrote it. */
static void add_statements(struct buf *out, const struct deps *d)
{
    for (size_t i = 0; i < d->vex_count; i++) {
        const struct deps_vex *v = &d->vex[i];

        if (v->fault)
            buf_addf(out, "%s:%u: warning: the statement on %.*s counts for nothing: %s\n",
                     d->vex_path, v->line, STR_ARG(v->vulnerability), v->fault);
        else if (!v->fits && d->advisories)
            buf_addf(out, "%s:%u: note: the statement on %.*s fits no flaw that was found\n",
                     d->vex_path, v->line, STR_ARG(v->vulnerability));
    }
}

static void add_unknown(struct buf *out, const struct deps *d)
{
    for (size_t i = 0; i < d->alone_count; i++) {
        buf_add_visible(out, d->alone[i]);
        buf_add(out, STR(": warning: there is no lock file beside it: what it installs is not "
                         "known\n"));
    }
    if (!d->complete)
        buf_add(out, STR("warning: not every directory could be looked into\n"));
    if (!d->advisories)
        buf_add(out, STR("warning: nothing was looked up: there are no advisories\n"
                         "  fix: fnward advisories import all.zip\n"));
}

static void add_sum(struct buf *out, const struct deps *d)
{
    static const char *const ratings[] = {"critical", "high", "medium",
                                          "low",      "none", "unknown"};
    size_t packages = 0, told = d->flaw_count - d->suppressed;
    bool first = true;

    for (size_t i = 0; i < d->file_count; i++)
        packages += d->files[i].lock.count;
    buf_addf(out, "\n%zu known %s in %zu %s", told, told == 1 ? "flaw" : "flaws", packages,
             packages == 1 ? "package" : "packages");
    for (size_t r = 0; r < COUNT(ratings); r++) {
        size_t n = 0;

        for (size_t i = 0; i < d->flaw_count; i++)
            n += !d->flaws[i].vex && strcmp(d->flaws[i].flaw.rating, ratings[r]) == 0;
        if (n)
            buf_addf(out, "%s%zu %s", first ? ": " : ", ", n, ratings[r]);
        first = first && !n;
    }
    if (d->suppressed)
        buf_addf(out, "; %zu suppressed", d->suppressed);
    buf_addc(out, '\n');
}

void deps_show_text(struct buf *out, const struct deps *d, bool tree, bool colour)
{
    for (size_t i = 0; i < d->file_count; i++)
        add_file(out, d->a, &d->files[i], tree);
    if (!d->file_count)
        buf_addf(out, "%s: no lock file was found\n", d->root);
    add_unknown(out, d);
    add_statements(out, d);
    for (size_t i = 0; i < d->flaw_count; i++)
        if (!d->flaws[i].vex)
            add_flaw(out, d, &d->flaws[i], colour);
    for (size_t i = 0; i < d->flaw_count; i++)
        if (d->flaws[i].vex)
            add_suppressed(out, d, &d->flaws[i]);
    if (d->advisories)
        add_sum(out, d);
}

/* ---- JSON ---- */

static void member(struct buf *out, const char *name, str value)
{
    buf_addf(out, ",\"%s\":", name);
    json_write_str(out, value);
}

static void flag(struct buf *out, const char *name, bool value)
{
    if (value)
        buf_addf(out, ",\"%s\":true", name);
}

static void add_json_package(struct buf *out, const struct lockfile *f, uint32_t i)
{
    const struct lockfile_package *p = &f->packages[i];

    buf_addf(out, "%s{\"line\":%u", i ? "," : "", p->line);
    member(out, "ecosystem", p->ecosystem);
    member(out, "name", p->name);
    if (p->version.len)
        member(out, "version", p->version);
    if (p->wanted.len)
        member(out, "wanted", p->wanted);
    if (sources[p->source])
        member(out, "source", str_of(sources[p->source]));
    if (p->origin.len)
        member(out, "origin", p->origin);
    flag(out, "direct", p->direct);
    flag(out, "development", p->dev);
    flag(out, "optional", p->optional);
    flag(out, "peer", p->peer);
    flag(out, "integrity", p->has_integrity);
    if (p->needed_by != LOCKFILE_ROOT)
        buf_addf(out, ",\"neededBy\":%u", p->needed_by);
    buf_addc(out, '}');
}

static void add_json_file(struct buf *out, const struct deps_file *f)
{
    buf_add(out, STR("{\"path\":"));
    json_write_str(out, f->path);
    if (f->error.code != ERR_NONE)
        member(out, "error", str_of(f->error.what));
    buf_add(out, STR(",\"packages\":["));
    for (uint32_t i = 0; i < f->lock.count; i++)
        add_json_package(out, &f->lock, i);
    buf_add(out, STR("],\"notes\":["));
    for (size_t i = 0; i < f->lock.note_count; i++) {
        buf_addf(out, "%s{\"line\":%u", i ? "," : "", f->lock.notes[i].line);
        member(out, "what", f->lock.notes[i].what);
        buf_addc(out, '}');
    }
    buf_add(out, STR("]}"));
}

static void add_json_fix(struct buf *out, const struct deps *d, const struct deps_flaw *found)
{
    const struct deps_fix fix = deps_fix_of(d, found);

    if (!found->flaw.fixed.len)
        return;
    buf_addf(out, ",\"fix\":{\"through\":%u", fix.through);
    if (fix.range.len) {
        member(out, "range", fix.range);
        buf_addf(out, ",\"allowed\":%s", fix.allowed ? "true" : "false");
    }
    if (fix.range.len && fix.by != LOCKFILE_ROOT)
        buf_addf(out, ",\"askedBy\":%u", fix.by);
    buf_addc(out, '}');
}

static void add_json_flaw(struct buf *out, const struct deps *d, const struct deps_flaw *found)
{
    const struct advisory_flaw *f = &found->flaw;

    buf_addf(out, "{\"file\":%u,\"package\":%u", found->file, found->package);
    member(out, "id", f->id);
    if (f->cve.len)
        member(out, "cve", f->cve);
    member(out, "summary", f->summary);
    member(out, "rating", str_of(f->rating));
    if (f->tenths)
        buf_addf(out, ",\"score\":%u.%u", f->tenths / 10, f->tenths % 10);
    flag(out, "malicious", f->malicious);
    if (f->exploited.len)
        member(out, "exploitedSince", f->exploited);
    if (f->epss >= 0)
        buf_addf(out, ",\"epss\":%.6f", f->epss);
    if (f->fixed.len)
        member(out, "fixed", f->fixed);
    add_json_fix(out, d, found);
    if (found->vex) {
        buf_addf(out, ",\"suppressed\":{\"line\":%u", found->vex->line);
        member(out, "status", found->vex->status);
        member(out, "justification", found->vex->justification);
        buf_addc(out, '}');
    }
    buf_add(out, STR(",\"cwes\":["));
    for (uint32_t i = 0; i < f->cwe_count; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        json_write_str(out, advisory_text(d->advisories, f->cwes, i));
    }
    buf_add(out, STR("]}"));
}

void deps_show_json(struct buf *out, const struct deps *d)
{
    buf_addf(out, "{\"complete\":%s,\"lookedUp\":%s,\"files\":[",
             deps_incomplete(d) ? "false" : "true", d->advisories ? "true" : "false");
    for (size_t i = 0; i < d->file_count; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        add_json_file(out, &d->files[i]);
    }
    buf_add(out, STR("],\"withoutLockFile\":["));
    for (size_t i = 0; i < d->alone_count; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        json_write_str(out, d->alone[i]);
    }
    buf_add(out, STR("],\"flaws\":["));
    for (size_t i = 0; i < d->flaw_count; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        add_json_flaw(out, d, &d->flaws[i]);
    }
    buf_add(out, STR("]}\n"));
}
