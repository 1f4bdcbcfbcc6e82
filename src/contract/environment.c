/*
 * environment: the variables and secrets that reach a function; nothing else does.
 */
#include "contract/read.h"

enum { NAME_MAX_BYTES = 128, VALUE_MAX = 32 << 10 };

/* Names that would let a contract's author or a template undo what fnward enforces, or that
 * the runtime sets. A '*' at the end stands for any ending. */
static const struct {
    str name;
    const char *why;
} reserved[] = {
    {STR_INIT("AWS_LAMBDA_*"), "the runtime sets it"},
    {STR_INIT("_HANDLER"), "the runtime sets it"},
    {STR_INIT("_X_AMZN_TRACE_ID"), "the runtime sets it"},
    {STR_INIT("AWS_EXECUTION_ENV"), "the runtime sets it"},
    {STR_INIT("AWS_REGION"), "the runtime sets it"},
    {STR_INIT("AWS_DEFAULT_REGION"), "the runtime sets it"},
    {STR_INIT("LAMBDA_TASK_ROOT"), "the runtime sets it"},
    {STR_INIT("LAMBDA_RUNTIME_DIR"), "the runtime sets it"},
    {STR_INIT("FNWARD_*"), "fnward sets it"},
    {STR_INIT("AWS_ACCESS_KEY*"),
     "cloud keys stay with the broker; name the actions in may.aws"},
    {STR_INIT("AWS_SECRET_*"), "cloud keys stay with the broker; name the actions in may.aws"},
    {STR_INIT("AWS_SESSION_TOKEN"),
     "cloud keys stay with the broker; name the actions in may.aws"},
    {STR_INIT("AWS_SECURITY_TOKEN"),
     "cloud keys stay with the broker; name the actions in may.aws"},
    {STR_INIT("AWS_CONTAINER_*"), "it names a place to fetch cloud keys from"},
    {STR_INIT("AWS_WEB_IDENTITY_TOKEN_FILE"), "it names a place to fetch cloud keys from"},
    {STR_INIT("LD_*"), "it makes the loader run other code in the process"},
    {STR_INIT("GLIBC_TUNABLES"), "it changes how libc guards its memory"},
    {STR_INIT("GCONV_PATH"), "it makes libc run other code in the process"},
    {STR_INIT("NODE_OPTIONS"), "it makes node run other code before the handler"},
    {STR_INIT("NODE_REPL_EXTERNAL_MODULE"), "it makes node run other code"},
    {STR_INIT("PYTHONSTARTUP"), "it makes python run other code before the handler"},
    {STR_INIT("PYTHONHOME"), "it makes python run another library than its own"},
    {STR_INIT("PYTHONINSPECT"), "it keeps python from ending"},
    {STR_INIT("PYTHONEXECUTABLE"), "it makes python take itself for another program"},
    {STR_INIT("BASH_ENV"), "it makes a shell run other code first"},
    {STR_INIT("ENV"), "it makes a shell run other code first"},
    {STR_INIT("PATH"), "fnward sets it; name programs in may.run"},
    {STR_INIT("HOME"), "fnward sets it"},
    {STR_INIT("TMPDIR"), "fnward sets it: /tmp is the one place to write to"},
};

static bool is_reserved_by(str name, str row)
{
    if (row.at[row.len - 1] == '*')
        return str_starts(name, str_sub(row, 0, row.len - 1));
    return str_equal(name, row);
}

static const char no_name[] = "use letters, digits and '_', not starting with a digit";

const char *contract_variable_fault(str name)
{
    if (!is_name(name, NAME_MAX_BYTES, "_") || (name.at[0] >= '0' && name.at[0] <= '9'))
        return no_name;
    for (size_t i = 0; i < COUNT(reserved); i++)
        if (is_reserved_by(name, reserved[i].name))
            return reserved[i].why;
    return NULL;
}

static bool check_name(struct reader *r, const struct yaml *at, const char *what)
{
    str name = at->kind == YAML_STRING && !at->tag.len ? at->text : (str){"", 0};
    const char *fault = contract_variable_fault(name);

    if (!fault)
        return true;
    if (fault == no_name) {
        err_at(r->e, at->at, "'%.*s' cannot name %s",
               STR_ARG(at->text.len ? str_sub(at->text, 0, 80) : STR("this")), what);
        return err_fix(r->e, "%s", no_name);
    }
    err_at(r->e, at->at, "'%.*s' cannot be set here", STR_ARG(name));
    return err_fix(r->e, "remove it: %s", fault);
}

static bool check_value(struct reader *r, const struct yaml *key)
{
    const struct yaml *value = key->value;

    if (value->kind == YAML_NULL) {
        err_at(r->e, key->at, "'%.*s' has no value", STR_ARG(key->text));
        return err_fix(r->e, "for an empty one write %.*s: ''", STR_ARG(key->text));
    }
    if (value->kind == YAML_LIST || value->kind == YAML_MAP || value->tag.len) {
        err_at(r->e, value->at, "a variable's value must be text, not %s",
               value->tag.len ? "something with a tag" : yaml_kind_name(value->kind));
        return err_fix(r->e, "for example: env: {STAGE: prod}");
    }
    if (memchr(value->text.at, 0, value->text.len))
        return err_at(r->e, value->at, "a variable's value cannot hold a NUL byte");
    if (value->text.len > VALUE_MAX)
        return err_at(r->e, value->at, "a variable's value can have %d KB at most",
                      VALUE_MAX >> 10);
    return true;
}

/* The same name as a plain variable and as a secret: which one should win? */
static bool check_apart(struct reader *r, const struct function *f, struct place at, str name)
{
    bool in_env = false, in_secrets = false;

    for (size_t i = 0; i < f->env_count; i++)
        in_env |= str_equal(f->env[i].name, name);
    for (size_t i = 0; i < f->secret_count; i++)
        in_secrets |= str_equal(f->secrets[i], name);
    if (!in_env || !in_secrets)
        return true;
    err_at(r->e, at, "'%.*s' stands under env and under secrets", STR_ARG(name));
    return err_fix(r->e, "keep it under secrets only");
}

bool read_env(struct reader *r, const struct yaml *map, void *function)
{
    struct function *f = function;

    if (map->kind != YAML_MAP) {
        err_at(r->e, map->at, "env must be a map, not %s", yaml_kind_name(map->kind));
        return err_fix(r->e, "for example: env: {STAGE: prod}");
    }
    if (map->count > CONTRACT_LIST_MAX)
        return err_at(r->e, map->at, "%zu variables, at most %d are possible", map->count,
                      CONTRACT_LIST_MAX);
    f->env = arena_array(r->a, map->count, sizeof(*f->env));
    if (!f->env)
        return err_limit(r->e);
    for (const struct yaml *key = map->first; key; key = key->next) {
        if (!check_name(r, key, "a variable") || !check_value(r, key))
            return false;
        f->env[f->env_count++] = (struct pair){key->text, key->value->text};
        if (!check_apart(r, f, key->at, key->text))
            return false;
    }
    return true;
}

static bool read_secret(struct reader *r, const struct yaml *item, void *into)
{
    str *name = into;

    if (!check_name(r, item, "a secret"))
        return false;
    *name = item->text;
    return true;
}

bool read_secrets(struct reader *r, const struct yaml *list, void *function)
{
    static const struct items items = {
        .what = "a secret",
        .example = "secrets: [STRIPE_KEY]",
        .read = read_secret,
        .size = sizeof(str),
        .max = CONTRACT_LIST_MAX,
    };
    struct function *f = function;

    if (list->kind == YAML_MAP && list->first) {
        err_at(r->e, list->first->at, "secrets is a list of names, without their values");
        return err_fix(r->e, "write secrets: [%.*s], and its value with 'fnward seal set %.*s'",
                       STR_ARG(str_sub(list->first->text, 0, 40)),
                       STR_ARG(str_sub(list->first->text, 0, 40)));
    }
    if (!read_list(r, list, &items, &f->secrets, &f->secret_count))
        return false;
    for (const struct yaml *item = list->first; item; item = item->next)
        if (!check_apart(r, f, item->at, item->text))
            return false;
    return true;
}
