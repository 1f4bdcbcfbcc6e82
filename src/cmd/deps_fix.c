/*
 * Where the fix of a flaw has to be made: in the lock file alone, in the manifest, or at the package of
 * the project through which the flawed one comes.
 */
#include "cmd/deps.h"
#include "version/version.h"

static bool takes(const struct lockfile_package *p, str range, str version, bool *ret)
{
    return range.len && version_in_range(p->ecosystem, range, version, ret);
}

/* One who asks for it in a range that is known: `fix` says whether all such let the version in. */
static void weigh(struct deps_fix *fix, const struct lockfile_package *p, uint32_t by,
                  str range, str version)
{
    bool taken;

    if (fix->range.len && !fix->allowed)
        return; /* the first one that stands in the way is enough */
    if (!takes(p, range, version, &taken) || (fix->range.len && taken))
        return;
    *fix = (struct deps_fix){.range = range, .by = by, .allowed = taken};
}

/* What the project itself asks for and `package` comes with. */
static uint32_t direct_of(const struct lockfile *f, uint32_t package)
{
    size_t steps = 0;

    while (f->packages[package].needed_by != LOCKFILE_ROOT && steps++ < f->count)
        package = f->packages[package].needed_by;
    return package;
}

struct deps_fix deps_fix_of(const struct deps *d, const struct deps_flaw *found)
{
    const struct lockfile *f = &d->files[found->file].lock;
    const struct lockfile_package *p = &f->packages[found->package];
    struct deps_fix fix = {.by = LOCKFILE_ROOT, .through = found->package};

    if (!found->flaw.fixed.len)
        return fix;
    if (p->direct)
        weigh(&fix, p, LOCKFILE_ROOT, p->wanted, found->flaw.fixed);
    for (size_t i = 0; i < f->need_count; i++)
        if (f->needs[i].to == found->package)
            weigh(&fix, p, f->needs[i].by, f->needs[i].wanted, found->flaw.fixed);
    fix.through = direct_of(f, fix.by == LOCKFILE_ROOT ? found->package : fix.by);
    return fix;
}

void deps_fix_show(struct buf *out, const struct deps *d, const struct deps_flaw *found)
{
    const struct lockfile *f = &d->files[found->file].lock;
    const struct deps_fix fix = deps_fix_of(d, found);
    const struct lockfile_package *through = &f->packages[fix.through];

    buf_addf(out, "  fix: %.*s or later", STR_ARG(found->flaw.fixed));
    if (fix.range.len && fix.allowed)
        buf_addf(out, " (allowed by %.*s: update the lock file)", STR_ARG(fix.range));
    else if (fix.range.len && fix.by == LOCKFILE_ROOT)
        buf_addf(out, " (not allowed by %.*s: change the manifest)", STR_ARG(fix.range));
    else if (fix.range.len)
        buf_addf(out, " (%.*s asks for %.*s: update %.*s)", STR_ARG(f->packages[fix.by].name),
                 STR_ARG(fix.range), STR_ARG(through->name));
    else if (fix.through != found->package)
        buf_addf(out, " (it comes with %.*s)", STR_ARG(through->name));
    buf_addc(out, '\n');
}
