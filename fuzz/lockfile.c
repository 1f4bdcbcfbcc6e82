/* Lock files: the first byte says of which format; whatever is read holds together. */
#include "lockfile/lockfile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"package-lock.json",
                                    "yarn.lock",
                                    "pnpm-lock.yaml",
                                    "bun.lock",
                                    "requirements.txt",
                                    "Pipfile.lock",
                                    "poetry.lock",
                                    "pdm.lock",
                                    "uv.lock",
                                    "pylock.toml",
                                    "go.mod",
                                    "Cargo.lock",
                                    "Gemfile.lock",
                                    "composer.lock",
                                    "packages.lock.json",
                                    "gradle.lockfile",
                                    "pom.xml",
                                    "node_modules/a/package.json",
                                    "a.dist-info/METADATA"};

static bool no_file(void *self, struct arena *a, const char *path, size_t max, str *ret,
                    struct err *e)
{
    (void)self, (void)a, (void)path, (void)max, (void)ret;
    return err_set(e, ERR_SYSTEM, "there are no files");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct file_source files = {no_file, NULL};
    const struct lockfile_context context = {&files, STR("/p"), STR("/p/file")};
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)256 << 20);
    struct lockfile f;
    struct err e = {0};

    const struct lockfile_format *format;

    if (!size || !a)
        return 0;
    format = lockfile_installed_kind(str_of(names[data[0] % COUNT(names)]));
    if (!format)
        format = lockfile_kind(str_of(names[data[0] % COUNT(names)]));
    if (!lockfile_read(a, format, &context, (str){(const char *)data + 1, size - 1}, &f, &e))
        return 0;
    for (size_t i = 0; i < f.count; i++) {
        uint32_t by = f.packages[i].needed_by;

        if (by != LOCKFILE_ROOT && (by >= f.count || by == i))
            abort();
    }
    return 0;
}
