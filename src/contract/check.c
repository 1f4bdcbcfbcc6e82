/*
 * check: where the paths of a contract lead on the disk. For the first process, before
 * anything is started.
 */
#include "contract/read.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct check {
    struct arena *a;
    const struct contract *contract;
    str root; /* with symbolic links resolved */
    struct err *e;
};

/* The path as the project's people know it. */
static str shown(const struct check *c, str path)
{
    str root = c->contract->root;

    if (path_is_below(path, root) && path.len > root.len && root.len > 1)
        return str_sub(path, root.len + 1, path.len);
    return path;
}

static bool resolve(struct check *c, str path, struct place at, str *ret)
{
    char real[PATH_MAX];

    if (!realpath(arena_format(c->a, "%.*s", STR_ARG(path)).at, real)) {
        str name = shown(c, path);
        int sysno = errno;

        err_at(c->e, at, "'%.*s': %s", STR_ARG(name), strerror(sysno));
        return sysno == ENOENT ? err_fix(c->e, "create it, or correct the path") : false;
    }
    *ret = arena_str(c->a, str_of(real));
    return ret->at || err_limit(c->e);
}

static bool leads_out(struct check *c, str path, str real, struct place at)
{
    str name = shown(c, path);

    err_at(c->e, at, "'%.*s' leads out of the project, to '%.*s'", STR_ARG(name),
           STR_ARG(real));
    return err_fix(c->e, "put the files there themselves instead of a link");
}

static bool resolve_in_project(struct check *c, str path, struct place at, str *ret)
{
    if (!resolve(c, path, at, ret))
        return false;
    return path_is_below(*ret, c->root) || leads_out(c, path, *ret, at);
}

static bool is_kind(str path, mode_t kind)
{
    struct stat st;

    return stat(path.at, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

/* ---- handlers ---- */

/* Where Node looks: the file's name ends at the first dot. */
static str node_stem(const struct function *f)
{
    size_t base = f->handler.len;

    while (base && f->handler.at[base - 1] != '/')
        base--;
    return str_sub(f->handler, 0,
                   base + str_find(str_sub(f->handler, base, f->handler.len), '.'));
}

/* Where Python looks: the module ends at the last dot, and dots in it are directories. */
static str python_stem(struct arena *a, const struct function *f)
{
    str stem = arena_str(a, f->handler);

    while (stem.len && stem.at[stem.len - 1] != '.')
        stem.len--;
    stem.len -= stem.len ? 1 : 0;
    for (size_t i = 0; i < stem.len; i++)
        if (stem.at[i] == '.')
            ((char *)stem.at)[i] = '/';
    return stem;
}

static const struct {
    enum runtime runtime;
    const char *ending;
} endings[] = {
    {RUNTIME_NODEJS, ".js"}, {RUNTIME_NODEJS, ".mjs"},         {RUNTIME_NODEJS, ".cjs"},
    {RUNTIME_PYTHON, ".py"}, {RUNTIME_PYTHON, "/__init__.py"}, {RUNTIME_PROVIDED, ""},
};

static bool find_handler(struct check *c, const struct function *f, str *ret)
{
    str stem = f->runtime == RUNTIME_NODEJS   ? node_stem(f)
               : f->runtime == RUNTIME_PYTHON ? python_stem(c->a, f)
                                              : STR("bootstrap");

    for (size_t i = 0; i < COUNT(endings); i++) {
        str path;

        if (endings[i].runtime != f->runtime)
            continue;
        path = arena_format(c->a, "%.*s/%.*s%s", STR_ARG(f->code), STR_ARG(stem),
                            endings[i].ending);
        if (!path.at)
            return err_limit(c->e);
        if (is_kind(path, S_IFREG)) {
            *ret = path;
            return true;
        }
    }
    err_at(c->e, f->handler_at, "there is no %.*s%s in '%.*s'", STR_ARG(stem),
           f->runtime == RUNTIME_NODEJS   ? ".js, .mjs or .cjs"
           : f->runtime == RUNTIME_PYTHON ? ".py"
                                          : "",
           STR_ARG(shown(c, f->code)));
    return err_fix(c->e, "correct the handler, or the directory under 'code'");
}

static bool check_code(struct check *c, const struct function *f)
{
    str code, handler, real;

    if (!resolve_in_project(c, f->code, f->code_at, &code))
        return false;
    if (!is_kind(code, S_IFDIR)) {
        err_at(c->e, f->code_at, "'%.*s' is not a directory", STR_ARG(shown(c, f->code)));
        return err_fix(c->e, "name the directory that the file lies in");
    }
    if (!find_handler(c, f, &handler) || !resolve(c, handler, f->handler_at, &real))
        return false;
    if (!path_is_below(real, code))
        return leads_out(c, handler, real, f->handler_at);
    if (f->runtime != RUNTIME_PROVIDED || access(real.at, X_OK) == 0)
        return true;
    err_at(c->e, f->handler_at, "'%.*s' cannot be executed", STR_ARG(shown(c, handler)));
    return err_fix(c->e, "chmod +x %.*s", STR_ARG(shown(c, handler)));
}

/* ---- permissions and schemas ---- */

static bool check_path(struct check *c, const struct path_rule *rule)
{
    const char *why;
    str real;

    if (!resolve(c, rule->path, rule->at, &real))
        return false;
    why = path_refused(c->contract, real);
    if (!why && path_is_below(c->root, real))
        why = "it holds the contract; name a directory below it";
    if (!why)
        return true;
    err_at(c->e, rule->at, "'%.*s' cannot be permitted: it leads to '%.*s'",
           STR_ARG(shown(c, rule->path)), STR_ARG(real));
    return err_fix(c->e, "%s", why);
}

static bool check_program(struct check *c, const struct path_rule *rule)
{
    str real;

    if (!resolve(c, rule->path, rule->at, &real))
        return false;
    if (is_kind(real, S_IFREG) && access(real.at, X_OK) == 0)
        return true;
    err_at(c->e, rule->at, "'%.*s' is not a program", STR_ARG(shown(c, rule->path)));
    return err_fix(c->e, "name an executable file");
}

static bool check_paths(struct check *c, const struct function *f)
{
    for (size_t i = 0; i < f->read_count; i++)
        if (!check_path(c, &f->read[i]))
            return false;
    for (size_t i = 0; i < f->write_count; i++)
        if (!check_path(c, &f->write[i]))
            return false;
    for (size_t i = 0; i < f->run_count; i++)
        if (!check_program(c, &f->run[i]))
            return false;
    return true;
}

static bool check_schema(struct check *c, const struct contract_schema *s)
{
    str path, real;

    if (!s->source || str_is(s->name, c->contract->file))
        return true;
    path = path_join(c->a, c->contract->root, s->name);
    return path.at ? resolve_in_project(c, path, s->at, &real) : err_limit(c->e);
}

static bool check_schemas(struct check *c, const struct function *f)
{
    if (!check_schema(c, &f->returns))
        return false;
    for (size_t i = 0; i < f->returns_count; i++)
        if (!check_schema(c, &f->returns_by_status[i].schema))
            return false;
    for (size_t i = 0; i < f->trigger_count; i++) {
        const struct trigger *t = &f->triggers[i];

        if (!check_schema(c, &t->body) || !check_schema(c, &t->query) ||
            !check_schema(c, &t->headers) || !check_schema(c, &t->params))
            return false;
    }
    return true;
}

bool contract_check_files(const struct contract *contract, struct err *e)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct check c = {.a = a, .contract = contract, .e = e};
    struct place nowhere = {.file = contract->file};

    if (!a)
        return err_limit(e);
    if (!resolve(&c, contract->root, nowhere, &c.root))
        return false;
    for (size_t i = 0; i < contract->function_count; i++) {
        const struct function *f = &contract->functions[i];

        if (!check_code(&c, f) || !check_paths(&c, f) || !check_schemas(&c, f))
            return false;
    }
    return true;
}

/* ---- what no function may see ---- */

static bool is_hidden_from(struct check *c, str dir, struct place at, str path,
                           const char *what)
{
    str real;

    if (!resolve(c, dir, at, &real))
        return false;
    if (!path_is_below(path, real))
        return true;
    err_at(c->e, at, "%s, '%.*s', lies in '%.*s'", what, STR_ARG(path), STR_ARG(shown(c, dir)));
    return err_fix(c->e, "keep it where no function can see it");
}

/* A function whose code is the whole project does not see what is private in it. */
static bool is_private(const struct check *c, const struct function *f, str path)
{
    str rest = str_sub(path, c->root.len + 1, path.len), name;

    return str_equal(f->code, c->contract->root) && path_is_below(path, c->root) &&
           str_cut(&rest, '/', &name) && contract_is_private(name);
}

bool contract_keeps_out(const struct contract *contract, const char *path, const char *what,
                        struct err *e)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct check c = {.a = a, .contract = contract, .e = e};
    str real;

    if (!a)
        return err_limit(e);
    if (!resolve(&c, str_of(path), (struct place){0}, &real) ||
        !resolve(&c, contract->root, (struct place){0}, &c.root))
        return false;
    for (size_t i = 0; i < contract->function_count; i++) {
        const struct function *f = &contract->functions[i];

        if (!is_private(&c, f, real) && !is_hidden_from(&c, f->code, f->code_at, real, what))
            return false;
        for (size_t k = 0; k < f->read_count; k++)
            if (!is_hidden_from(&c, f->read[k].path, f->read[k].at, real, what))
                return false;
        for (size_t k = 0; k < f->write_count; k++)
            if (!is_hidden_from(&c, f->write[k].path, f->write[k].at, real, what))
                return false;
    }
    return true;
}
