/* The formats, by the names of their files. */
#include "lockfile/build.h"

static const struct lockfile_format formats[] = {
    {"package-lock.json", "npm", true, read_package_lock},
    {"npm-shrinkwrap.json", "npm", true, read_package_lock},
    {"yarn.lock", "npm", true, read_yarn},
    {"pnpm-lock.yaml", "npm", true, read_pnpm},
    {"bun.lock", "npm", true, read_bun},
    {"Pipfile.lock", "PyPI", true, read_pipfile},
    {"poetry.lock", "PyPI", true, read_poetry},
    {"pdm.lock", "PyPI", true, read_pdm},
    {"uv.lock", "PyPI", true, read_uv},
    {"pylock.toml", "PyPI", true, read_pylock},
    {"pylock.*.toml", "PyPI", true, read_pylock},
    {"requirements*.txt", "PyPI", false, read_requirements},
    {"*requirements.txt", "PyPI", false, read_requirements},
    {"go.mod", "Go", true, read_gomod},
    {"Cargo.lock", "crates.io", true, read_cargo},
    {"Gemfile.lock", "RubyGems", true, read_gemfile},
    {"gems.locked", "RubyGems", true, read_gemfile},
    {"composer.lock", "Packagist", true, read_composer},
    {"packages.lock.json", "NuGet", true, read_nuget},
    {"gradle.lockfile", "Maven", true, read_gradle},
    {"pom.xml", "Maven", false, read_pom},
    {"buildscript-gradle.lockfile", "Maven", true, read_gradle},
};

/* One "*" at most, which stands for anything. */
static bool fits(str pattern, str name)
{
    size_t star = str_find(pattern, '*');
    str before = str_sub(pattern, 0, star), after = str_sub(pattern, star + 1, pattern.len);

    if (star == pattern.len)
        return str_equal(pattern, name);
    return name.len >= before.len + after.len && str_starts(name, before) &&
           str_ends(name, after);
}

const struct lockfile_format *lockfile_kind(str name)
{
    for (size_t i = 0; i < COUNT(formats); i++)
        if (fits(str_of(formats[i].name), name))
            return &formats[i];
    return NULL;
}

const char *lockfile_format_name(const struct lockfile_format *f)
{
    return f->name;
}

bool lockfile_is_exact(const struct lockfile_format *f)
{
    return f->exact;
}

static str without_mark(str text)
{
    return str_starts(text, STR("\xef\xbb\xbf")) ? str_sub(text, 3, text.len) : text;
}

bool lockfile_read(struct arena *a, const struct lockfile_format *f,
                   const struct lockfile_context *context, str text, struct lockfile *ret,
                   struct err *e)
{
    struct lockfile file = {.format = f->name};
    struct builder b = {
        .a = a, .context = context, .text = without_mark(text), .file = &file, .e = e};

    if (text.len > LOCKFILE_BYTES_MAX)
        return err_set(e, ERR_LIMIT, "more than %d bytes", LOCKFILE_BYTES_MAX);
    if (str_trim(b.text).len && (!f->read(&b) || !finish(&b)))
        return false;
    *ret = file;
    return true;
}
