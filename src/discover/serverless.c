#include "discover/serverless.h"

static const char *const file_names[] = {"serverless.yml", "serverless.yaml",
                                         "serverless.json"};

/* ---- one function ---- */

static const struct yaml *setting(const struct serverless *s, const struct yaml *own,
                                  const char *name)
{
    const struct yaml *value = yaml_get(own, name);

    return value ? value : yaml_get(s->provider, name);
}

static void take_variables(struct serverless *s, struct discover_function *fn,
                           const struct yaml *map)
{
    for (const struct yaml *key = map && map->kind == YAML_MAP ? map->first : NULL; key;
         key = key->next) {
        str value;

        if (serverless_text(s, key->value, &value))
            add_env(s->finder, fn, key->text, value);
        else
            add_unknown_env(s->finder, fn, key->text, template_source(s->finder, key->value));
    }
    if (map && map->kind != YAML_MAP)
        note(s->finder, &fn->notes, "the environment comes from elsewhere: %.*s",
             STR_ARG(map->text));
}

#define FIELD(name) offsetof(struct discover_function, name)
static const struct number numbers[] = {
    {"timeout", "timeout", 1, 900, FIELD(timeout_s)},
    {"memorySize", "memory", 128, 10240, FIELD(memory_mb)},
    {"reservedConcurrency", "concurrency", 1, 1000, FIELD(concurrency)},
    {"ephemeralStorageSize", "size of /tmp", 512, 10240, FIELD(tmp_mb)},
};
#undef FIELD

/* serverless gives 6 seconds and 1024 MB where nothing is said. */
static void take_limits(struct serverless *s, struct discover_function *fn,
                        const struct yaml *own)
{
    str text;

    fn->timeout_s = 6;
    fn->memory_mb = 1024;
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (serverless_text(s, setting(s, own, numbers[i].name), &text))
            set_number(s->finder, fn, &numbers[i], text);
}

static void take_permissions(struct serverless *s, struct discover_function *fn,
                             const struct yaml *own)
{
    const struct yaml *role = yaml_get(yaml_get(s->provider, "iam"), "role");

    template_statements(&s->template, fn, yaml_get(role, "statements"));
    template_statements(&s->template, fn, yaml_get(s->provider, "iamRoleStatements"));
    template_statements(&s->template, fn, yaml_get(own, "iamRoleStatements"));
}

static bool take_handler(struct serverless *s, struct discover_function *fn,
                         const struct yaml *own)
{
    str handler;

    return serverless_text(s, yaml_get(own, "handler"), &handler) &&
           set_handler(s->finder, fn, handler);
}

static void take_function(struct serverless *s, const struct yaml *key)
{
    const struct yaml *own = key->value;
    struct discover_function *fn = add_function(s->finder, key->text);
    str runtime = {"", 0}, nothing = {"", 0};

    if (!fn)
        return;
    if (yaml_get(own, "image"))
        drop_function(s->finder, fn, "it is a container image", nothing);
    else if (!serverless_text(s, setting(s, own, "runtime"), &runtime) ||
             !set_runtime(fn, runtime))
        drop_function(s->finder, fn, "fnward does not run",
                      runtime.len ? runtime : STR("its runtime"));
    else if (!take_handler(s, fn, own))
        drop_function(s->finder, fn, "its handler is not told", nothing);
    else {
        take_limits(s, fn, own);
        take_variables(s, fn, yaml_get(own, "environment"));
        take_variables(s, fn, yaml_get(s->provider, "environment"));
        take_permissions(s, fn, own);
        serverless_events(s, fn, yaml_get(own, "events"));
        if (yaml_get(own, "url"))
            add_route(s->finder, fn, STR("ANY"), STR("/{proxy+}"));
        complete(s->finder, fn);
    }
}

/* A map, or a list of maps. */
static void take_functions(struct serverless *s, const struct yaml *functions)
{
    if (functions->kind == YAML_LIST) {
        for (const struct yaml *item = functions->first; item; item = item->next)
            if (item->kind == YAML_MAP)
                take_functions(s, item);
    } else if (functions->kind == YAML_MAP) {
        for (const struct yaml *key = functions->first; key; key = key->next)
            take_function(s, key);
    } else {
        note(s->finder, &s->finder->found->notes, "functions that stand elsewhere: %.*s",
             STR_ARG(functions->text));
    }
}

/* ---- the file ---- */

static bool read_serverless(struct finder *f, const char *name, str text, struct err *e)
{
    struct serverless s = {.finder = f, .template = {.finder = f, .expand = serverless_expand}};
    const struct yaml *resources;
    struct yaml *root;

    if (!yaml_read(f->a, text, name, &root, e))
        return false;
    s.root = root;
    s.provider = yaml_get(root, "provider");
    resources = yaml_get(root, "resources");
    s.template.resources = yaml_get(resources, "Resources");
    s.template.parameters = yaml_get(resources, "Parameters");
    if (yaml_get(root, "functions"))
        take_functions(&s, yaml_get(root, "functions"));
    return true;
}

bool find_serverless(struct finder *f, struct err *e)
{
    return read_first(f, file_names, COUNT(file_names), read_serverless, e);
}
