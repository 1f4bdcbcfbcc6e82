/*
 * runtime: which of the machine's files a runtime can't start without. All are mounted
 * read-only, and only the interpreter may be started.
 */
#include "cage/cage.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct runtime {
    const char *name;
    const char *programs[3]; /* the first that is found; none for a bootstrap */
    const char *const *files; /* beside the libraries; a '*' stands for the program's name */
    const char *fix;
};

/* The loader finds libraries by its cache, some of them by way of /etc/alternatives. */
static const char *const libraries[] = {
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/ssl/certs",
    "/usr/lib/locale",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    "/usr/share/zoneinfo",
    NULL,
};

static const char *const multiarch[] = {"x86_64-linux-gnu", "aarch64-linux-gnu"};

static const char *const node_files[] = {
    "/usr/share/nodejs",
    "/usr/lib/nodejs",
    "/usr/share/node_modules",
    NULL,
};

static const char *const python_files[] = {
    "/usr/lib/*", "/usr/lib/python3",   "/usr/local/lib/*",
    "/etc/*",     "/usr/share/python3", "/usr/lib64/*",
    NULL,
};

static const char *const no_files[] = {NULL};

static const struct runtime runtimes[] = {
    {"nodejs", {"node", "nodejs"}, node_files, "install Node.js: apt-get install nodejs"},
    {"python", {"python3", "python"}, python_files, "install Python: apt-get install python3"},
    {"provided", {NULL}, no_files, NULL},
};

static bool add(struct cage_runtime *r, const char *path, bool exec, struct err *e)
{
    if (!path)
        return err_limit(e);
    for (size_t i = 0; i < r->mount_count; i++) {
        if (strcmp(r->mounts[i].to, path) == 0) {
            r->mounts[i].exec |= exec;
            return true;
        }
    }
    if (r->mount_count == CAGE_RUNTIME_MOUNTS_MAX)
        return err_limit(e);
    r->mounts[r->mount_count++] = (struct cage_mount){.from = path, .to = path, .exec = exec};
    return true;
}

static bool is_link(const char *path)
{
    char nothing;

    return readlink(path, &nothing, 1) >= 0;
}

/* Links are left out: what they lead to is mounted under its own name, or not at all. */
static bool add_present(struct arena *a, struct cage_runtime *r, str path, struct err *e)
{
    const char *c = arena_str(a, path).at;

    if (!c)
        return err_limit(e);
    return is_link(c) || !file_exists(c) || add(r, c, false, e);
}

/* Debian and its like keep one directory an architecture; others have nothing but libraries. */
static bool add_libraries(struct arena *a, struct cage_runtime *r, struct err *e)
{
    static const char *const roots[] = {"/usr/lib", "/lib"};
    bool found = false;

    for (size_t i = 0; i < COUNT(roots); i++) {
        if (is_link(roots[i]))
            continue;
        for (size_t j = 0; j < COUNT(multiarch); j++) {
            str path = arena_format(a, "%s/%s", roots[i], multiarch[j]);

            if (!path.at)
                return err_limit(e);
            found |= file_exists(path.at);
            if (!add_present(a, r, path, e))
                return false;
        }
    }
    if (!found && !(add_present(a, r, STR("/usr/lib"), e) && add_present(a, r, STR("/lib"), e)))
        return false;
    return add_present(a, r, STR("/usr/lib64"), e) && add_present(a, r, STR("/lib64"), e);
}

static bool add_files(struct arena *a, struct cage_runtime *r, const char *const *files,
                      str program, struct err *e)
{
    for (; *files; files++) {
        str file = str_of(*files);
        size_t star = str_find(file, '*');

        if (star < file.len)
            file = arena_format(a, "%.*s%.*s", (int)star, file.at, STR_ARG(path_base(program)));
        if (!add_present(a, r, file, e))
            return false;
    }
    return true;
}

/* A version manager's shim is a script that would need the manager inside. */
static bool is_program(const char *path)
{
    CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char head[SELFMAG];

    return fd >= 0 && access(path, X_OK) == 0 && read(fd, head, SELFMAG) == SELFMAG &&
           memcmp(head, ELFMAG, SELFMAG) == 0;
}

/* The first program called `name`, or NULL. */
static const char *find_program(struct arena *a, str search, const char *name)
{
    str directory;

    while (str_cut(&search, ':', &directory)) {
        str path = arena_format(a, "%.*s/%s", STR_ARG(directory), name);

        if (path.at && path.at[0] == '/' && is_program(path.at))
            return path.at;
    }
    return NULL;
}

/* Without links; NULL when it is gone, or the arena is full. */
static const char *real_path(struct arena *a, const char *path)
{
    char real[PATH_MAX];

    return path && realpath(path, real) ? arena_str(a, str_of(real)).at : NULL;
}

/* An interpreter that is not the distribution's has its library beside it. */
static bool add_program(struct arena *a, struct cage_runtime *r, const char *program,
                        struct err *e)
{
    str prefix = path_dir(path_dir(str_of(program)));

    if (!str_is(prefix, "/usr") && !str_is(prefix, "/") &&
        !add_present(a, r, arena_format(a, "%.*s/lib", STR_ARG(prefix)), e))
        return false;
    return add(r, program, true, e);
}

static bool add_interpreter(struct arena *a, struct cage_runtime *r, const char *runtime,
                            const struct runtime *kind, str search, struct err *e)
{
    const char *program = NULL;

    for (size_t i = 0; kind->programs[i] && !program; i++)
        program = real_path(a, find_program(a, search, kind->programs[i]));
    if (!program) {
        err_set(e, ERR_SYSTEM, "the runtime '%s' needs a program '%s', which is not in '%.*s'",
                runtime, kind->programs[0], STR_ARG(search));
        return err_fix(e, "%s", kind->fix);
    }
    r->program = program;
    return add_files(a, r, kind->files, str_of(program), e) && add_program(a, r, program, e);
}

/* The program that a link names is placed where the script looks for it. */
static bool add_as(struct arena *a, struct cage_runtime *r, const char *name, struct err *e)
{
    const char *from = real_path(a, name);

    if (!from)
        return err_sys(e, "cannot find the interpreter '%s'", name);
    if (r->mount_count == CAGE_RUNTIME_MOUNTS_MAX)
        return err_limit(e);
    r->mounts[r->mount_count++] = (struct cage_mount){.from = from, .to = name, .exec = true};
    return true;
}

/* /bin/sh is /usr/bin/sh where /bin is a link, which the cage has too. */
static const char *without_link(struct arena *a, str path)
{
    char root[16], to[64];
    str rest = str_sub(path, 1, path.len), first;
    ssize_t n;

    if (!str_cut(&rest, '/', &first) || first.len >= sizeof(root) - 1)
        return arena_str(a, path).at;
    snprintf(root, sizeof(root), "/%.*s", STR_ARG(first));
    n = readlink(root, to, sizeof(to));
    if (n <= 0 || n >= (ssize_t)sizeof(to) || to[0] == '/')
        return arena_str(a, path).at;
    return arena_format(a, "/%.*s/%.*s", (int)n, to, STR_ARG(rest)).at;
}

/* "#!/usr/bin/env python3": env, and the program that it finds along the path. */
static bool add_by_env(struct arena *a, struct cage_runtime *r, str name, str search,
                       struct err *e)
{
    const char *c = arena_str(a, name).at, *program = c ? find_program(a, search, c) : NULL;
    const struct runtime *kind = str_starts(name, STR("python")) ? &runtimes[1] : &runtimes[0];
    const char *real = real_path(a, program);

    if (!real)
        return err_set(e, ERR_SYSTEM, "cannot find the interpreter '%.*s' in '%.*s'",
                       STR_ARG(name), STR_ARG(search));
    if (!add_files(a, r, kind->files, str_of(real), e) || !add_program(a, r, real, e))
        return false;
    r->run[r->run_count++] = program;
    return strcmp(program, real) == 0 || add_as(a, r, program, e);
}

static bool add_script(struct arena *a, struct cage_runtime *r, const char *bootstrap,
                       str search, struct err *e)
{
    CLEANUP(fd_closep) int fd = open(bootstrap, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char head[256];
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));
    str line, all = {head, n > 0 ? (size_t)n : 0}, interpreter = {0};
    const char *name;

    if (n < 0)
        return err_sys(e, "cannot open '%s'", bootstrap);
    if (!str_starts(all, STR("#!")) || !str_cut(&all, '\n', &line))
        return true;
    line = str_trim(str_sub(line, 2, line.len));
    str_cut(&line, ' ', &interpreter);
    name = without_link(a, interpreter);
    if (!name)
        return err_limit(e);
    if (!add_as(a, r, name, e))
        return err_wrap(e, "'%s'", bootstrap);
    line = str_trim(line);
    if (str_is(path_base(interpreter), "env") && line.len > 0)
        return add_by_env(a, r, line, search, e) || err_wrap(e, "'%s'", bootstrap);
    return true;
}

bool cage_runtime_find(struct arena *a, str runtime, str search, const char *bootstrap,
                       struct cage_runtime *ret, struct err *e)
{
    struct cage_runtime r = {0};
    const struct runtime *kind = NULL;

    for (size_t i = 0; i < COUNT(runtimes); i++)
        if (str_is(runtime, runtimes[i].name))
            kind = &runtimes[i];
    if (!kind)
        return err_set(e, ERR_USAGE, "'%.*s' is not a runtime", STR_ARG(runtime));
    if (!add_libraries(a, &r, e) || !add_files(a, &r, libraries, (str){0}, e))
        return false;
    if (kind->programs[0]) {
        if (!add_interpreter(a, &r, kind->name, kind, search, e))
            return false;
    } else if (!add_script(a, &r, bootstrap, search, e)) {
        return false;
    }
    *ret = r;
    return true;
}
