/*
 * fnward seal exec: a command whose environment holds secrets. Their memory is ours only until
 * the exec, which gives the whole of it back to the kernel.
 */
#include "cmd/seal.h"

#include <errno.h>
#include <unistd.h>

struct environment {
    struct arena *a;
    struct secret *secrets; /* "NAME=value" and a NUL, each */
    str *names;
    size_t count;
};

static void environment_free(struct environment *v)
{
    for (size_t i = 0; i < v->count; i++)
        secret_free(&v->secrets[i]);
}

static bool add(struct environment *v, const struct seal_job *j, str name, struct err *e)
{
    CLEANUP(secret_free) struct secret value = {0};
    struct secret *to = &v->secrets[v->count];

    if (v->count == SEAL_ENTRIES_MAX)
        return err_set(e, ERR_LIMIT, "more than %d secrets", SEAL_ENTRIES_MAX);
    if (!seal_open(j->store, j->identities.items, j->identities.count, j->function, name,
                   &value, e) ||
        !secret_new(name.len + value.len + 2, to, e))
        return false;
    memcpy(to->at, name.at, name.len);
    to->at[name.len] = '=';
    memcpy(to->at + name.len + 1, value.at, value.len);
    v->names[v->count++] = name;
    return true;
}

static bool add_named(struct environment *v, const struct seal_job *j, str names, struct err *e)
{
    str name;

    while (str_cut(&names, ',', &name))
        if (!add(v, j, str_trim(name), e))
            return false;
    return true;
}

/* Entries stand by name: one that is there for the function and for all is taken once. */
static bool add_all(struct environment *v, const struct seal_job *j, struct err *e)
{
    str last = {0};

    for (size_t i = 0; i < seal_count(j->store); i++) {
        struct seal_entry entry = seal_entry(j->store, i);

        if (str_equal(entry.name, last) || (!str_equal(entry.function, j->function) &&
                                            !str_is(entry.function, SEAL_EVERY_FUNCTION)))
            continue;
        if (!add(v, j, entry.name, e))
            return false;
        last = entry.name;
    }
    if (v->count)
        return true;
    err_set(e, ERR_INPUT, "no secret in '%s' is for every function", j->path);
    return err_fix(e, "--function NAME takes those of one function");
}

static bool is_replaced(const struct environment *v, const char *variable)
{
    str name, rest = str_of(variable);

    str_cut(&rest, '=', &name);
    for (size_t i = 0; i < v->count; i++)
        if (str_equal(v->names[i], name))
            return true;
    return false;
}

static char **with_current(const struct environment *v)
{
    size_t n = 0, at = 0;
    char **all;

    while (environ[n])
        n++;
    all = arena_array(v->a, n + v->count + 1, sizeof(*all));
    if (!all)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (!is_replaced(v, environ[i]))
            all[at++] = environ[i];
    for (size_t i = 0; i < v->count; i++)
        all[at++] = v->secrets[i].at;
    return all;
}

static bool replace_process(struct seal_job *j, struct err *e)
{
    CLEANUP(environment_free) struct environment v = {.a = j->a};
    const char *names = cmd_value(j->line, "secret");
    char **variables;

    v.secrets = arena_array(j->a, SEAL_ENTRIES_MAX, sizeof(*v.secrets));
    v.names = arena_array(j->a, SEAL_ENTRIES_MAX, sizeof(*v.names));
    if (!v.secrets || !v.names)
        return err_limit(e);
    if (!(names ? add_named(&v, j, str_of(names), e) : add_all(&v, j, e)))
        return false;
    seal_identities_free(&j->identities);
    variables = with_current(&v);
    if (!variables)
        return err_limit(e);
    execvpe(j->arguments[0], (char *const *)j->arguments, variables);
    return err_sys(e, "cannot run '%s'", j->arguments[0]);
}

int seal_job_exec(struct seal_job *j)
{
    struct err e = {0};

    return replace_process(j, &e) ? EXIT_CLEAN : cmd_fail(&e);
}
