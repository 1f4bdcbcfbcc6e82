#include "run/plan.h"

#include "run/address.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILES_MAX = 1024 }; /* descriptors, as in Lambda */

/* ---- mounts ---- */

static bool add_mount(struct plan *p, struct cage_mount m, struct err *e)
{
    struct cage_spec *s = &p->spec;

    if (!m.from || !m.to)
        return err_limit(e);
    for (size_t i = 0; i < s->mount_count; i++)
        if (strcmp(p->mounts[i].to, m.to) == 0) {
            p->mounts[i].exec |= m.exec;
            p->mounts[i].write |= m.write;
            return true;
        }
    if (s->mount_count == CAGE_MOUNTS_MAX)
        return err_set(e, ERR_LIMIT, "more than %d mounts", CAGE_MOUNTS_MAX);
    p->mounts[s->mount_count++] = m;
    return true;
}

/* What stands below the contract's directory is found below /var/project; all else where it is. */
static str inside_path(struct arena *a, const struct contract *c, str path)
{
    if (!path_is_below(path, c->root))
        return arena_str(a, path);
    return arena_format(a, PLAN_PROJECT "%.*s", STR_ARG(str_sub(path, c->root.len, path.len)));
}

static bool add_rules(struct arena *a, struct plan *p, const struct contract *c,
                      const struct path_rule *rules, size_t count, bool write, struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        struct cage_mount m = {.write = write, .owned = true};

        if (!path_c(a, rules[i].path, &m.from, e))
            return false;
        m.to = inside_path(a, c, rules[i].path).at;
        if (!add_mount(p, m, e))
            return false;
    }
    return true;
}

static bool add_programs(struct arena *a, struct plan *p, const struct function *f,
                         struct err *e)
{
    for (size_t i = 0; i < f->run_count; i++) {
        struct cage_mount m = {.exec = true};

        if (!path_c(a, f->run[i].path, &m.from, e))
            return false;
        m.to = m.from;
        if (!add_mount(p, m, e))
            return false;
        if (p->spec.run_count == CAGE_RUN_MAX)
            return err_set(e, ERR_LIMIT, "more than %d programs", CAGE_RUN_MAX);
        p->run[p->spec.run_count++] = m.to;
    }
    return true;
}

static bool add_runtime(struct arena *a, struct plan *p, const struct function *f,
                        const char *search, struct err *e)
{
    struct cage_runtime found;
    str bootstrap = arena_format(a, "%.*s/bootstrap", STR_ARG(f->code));

    if (!bootstrap.at)
        return err_limit(e);
    if (!cage_runtime_find(a, str_of(runtime_name(f->runtime)), str_of(search), bootstrap.at,
                           &found, e))
        return false;
    for (size_t i = 0; i < found.mount_count; i++)
        if (!add_mount(p, found.mounts[i], e))
            return false;
    for (size_t i = 0; i < found.run_count; i++)
        p->run[p->spec.run_count++] = found.run[i];
    p->spec.program = found.program;
    return true;
}

static bool add_code_entry(struct arena *a, struct plan *p, const struct function *f,
                           const char *name, struct err *e)
{
    struct cage_mount m = {.exec = f->runtime == RUNTIME_PROVIDED, .owned = true};
    str from = path_join(a, f->code, str_of(name));
    struct stat st;

    if (contract_is_private(str_of(name)) || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return true;
    m.from = from.at;
    m.to = arena_format(a, PLAN_CODE "/%s", name).at;
    /* A link would be followed on this side of the cage. */
    if (m.from && (lstat(m.from, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))))
        return true;
    if (add_mount(p, m, e))
        return true;
    return err_fix(e, "move the code of '%.*s' into a directory of its own", STR_ARG(f->name));
}

/* The project's own directory also holds the contract, the ledger and the repository: what is
 * code in it is shown entry by entry. */
static bool add_project_as_code(struct arena *a, struct plan *p, const struct function *f,
                                struct err *e)
{
    struct dirent **entries;
    const char *path;
    bool added = true;
    int count;

    if (!path_c(a, f->code, &path, e))
        return false;
    count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        return err_sys(e, "cannot read '%s'", path);
    for (int i = 0; i < count; i++) {
        added = added && add_code_entry(a, p, f, entries[i]->d_name, e);
        free(entries[i]);
    }
    free(entries);
    return added;
}

static bool add_code(struct arena *a, struct plan *p, const struct contract *c,
                     const struct function *f, struct err *e)
{
    struct cage_mount code = {
        .to = PLAN_CODE, .exec = f->runtime == RUNTIME_PROVIDED, .owned = true};

    if (str_equal(f->code, c->root))
        return add_project_as_code(a, p, f, e);
    return path_c(a, f->code, &code.from, e) && add_mount(p, code, e);
}

static bool add_files(struct arena *a, struct plan *p, const struct contract *c,
                      const struct function *f, const char *runtimes, const char *search,
                      struct err *e)
{
    struct cage_mount clients = {.to = PLAN_RUNTIME, .owned = true};

    if (!add_runtime(a, p, f, search, e))
        return false;
    if (f->runtime != RUNTIME_PROVIDED) {
        clients.from =
            arena_format(a, "%s/%s", runtimes, f->runtime == RUNTIME_NODEJS ? "node" : "python")
                .at;
        if (!add_mount(p, clients, e))
            return false;
    }
    return add_code(a, p, c, f, e) && add_programs(a, p, f, e) &&
           add_rules(a, p, c, f->read, f->read_count, false, e) &&
           add_rules(a, p, c, f->write, f->write_count, true, e);
}

/* ---- the program ---- */

static void set_command(struct plan *p, enum runtime runtime)
{
    static const char *const arguments[][8] = {
        [RUNTIME_NODEJS] = {"node", PLAN_RUNTIME "/client.cjs"},
        [RUNTIME_PYTHON] = {"python3", "-I", "-S", "-B", "-X", "utf8",
                            PLAN_RUNTIME "/client.py"},
        [RUNTIME_PROVIDED] = {PLAN_CODE "/bootstrap"},
    };

    memcpy(p->argv, arguments[runtime], sizeof(p->argv));
    if (runtime == RUNTIME_PROVIDED)
        p->spec.program = PLAN_CODE "/bootstrap";
    p->spec.argv = p->argv;
    p->spec.directory = PLAN_CODE;
}

static bool add_env(struct plan *p, str line, struct err *e)
{
    if (!line.at)
        return err_limit(e);
    if (p->env_count == PLAN_ENV_MAX)
        return err_set(e, ERR_LIMIT, "more than %d environment variables", PLAN_ENV_MAX);
    p->env[p->env_count++] = line.at;
    return true;
}

/* As in Lambda, less what means nothing here; then the contract's own. */
static bool set_environment(struct arena *a, struct plan *p, const struct function *f,
                            struct err *e)
{
    static const char *const fixed[] = {
        "AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001",
        "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
        "AWS_LAMBDA_LOG_STREAM_NAME=fnward",
        "AWS_REGION=us-east-1",
        "AWS_DEFAULT_REGION=us-east-1",
        "LAMBDA_TASK_ROOT=" PLAN_CODE,
        "LAMBDA_RUNTIME_DIR=" PLAN_RUNTIME,
        "FNWARD_PROJECT=" PLAN_PROJECT,
        "HOME=/tmp",
        "TMPDIR=/tmp",
        "LANG=C.UTF-8",
        "TZ=UTC",
        "PATH=/usr/local/bin:/usr/bin:/bin",
    };
    bool good = true;

    for (size_t i = 0; i < COUNT(fixed); i++)
        good = good && add_env(p, str_of(fixed[i]), e);
    good =
        good && add_env(p, arena_format(a, "_HANDLER=%.*s", STR_ARG(f->handler)), e) &&
        add_env(p, arena_format(a, "AWS_LAMBDA_FUNCTION_NAME=%.*s", STR_ARG(f->name)), e) &&
        add_env(p,
                arena_format(a, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%llu",
                             (unsigned long long)(f->limits.memory >> 20)),
                e) &&
        add_env(p,
                arena_format(a, "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/%.*s", STR_ARG(f->name)),
                e);
    for (size_t i = 0; good && i < f->env_count; i++)
        good = add_env(
            p, arena_format(a, "%.*s=%.*s", STR_ARG(f->env[i].name), STR_ARG(f->env[i].value)),
            e);
    return good;
}

/* ---- the network ---- */

static bool set_listeners(struct arena *a, struct plan *p, const struct function *f,
                          struct err *e)
{
    p->listeners[PLAN_LISTENER_API] =
        (struct cage_listener){.address = "127.0.0.1", .port = RUNTIME_API_PORT};
    p->listeners[PLAN_LISTENER_NAMES] =
        (struct cage_listener){.address = "127.0.0.1", .port = 53, .datagram = true};
    for (size_t i = 0; i < f->connect_count; i++) {
        char *address = arena_alloc(a, ADDRESS_SIZE);

        if (!address)
            return err_limit(e);
        address_of_rule(f, i, address);
        p->listeners[PLAN_LISTENER_RULES + i] =
            (struct cage_listener){.address = address, .port = f->connect[i].port};
    }
    p->spec.listeners = p->listeners;
    p->spec.listener_count = PLAN_LISTENER_RULES + f->connect_count;
    return address_hosts(a, f, &p->spec.hosts, e);
}

bool plan_make(struct arena *a, const struct contract *c, const struct function *f,
               const char *runtimes, const char *search, struct plan *ret, struct err *e)
{
    str name = arena_str(a, f->name);

    *ret = (struct plan){0};
    if (!name.at)
        return err_limit(e);
    ret->spec = (struct cage_spec){
        .name = name.at,
        .mounts = ret->mounts,
        .run = ret->run,
        .limits = {.memory = f->limits.memory,
                   .tmp = f->limits.tmp,
                   .processes = f->limits.processes,
                   .files = FILES_MAX,
                   .cpu_percent = f->limits.cpu_percent},
    };
    if (!add_files(a, ret, c, f, runtimes, search, e) || !set_environment(a, ret, f, e) ||
        !set_listeners(a, ret, f, e))
        return err_wrap(e, "function '%s'", name.at);
    set_command(ret, f->runtime);
    return true;
}
