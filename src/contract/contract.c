#include "contract/read.h"

#include <errno.h>

enum { CONTRACT_BYTES_MAX = 1 << 20 };

static const char *const file_names[] = {"fnward.yaml", "fnward.yml", "fnward.json"};

/* ---- the keys at the top ---- */

static bool read_version(struct reader *r, const struct yaml *value, void *into)
{
    (void)into;
    if (value->kind == YAML_NUMBER && str_is(value->text, "1"))
        return true;
    err_at(r->e, value->at, "this fnward reads contracts of version 1");
    return err_fix(r->e, "write version: 1");
}

static bool read_functions(struct reader *r, const struct yaml *map, void *into)
{
    struct contract *c = into;

    if (map->kind != YAML_MAP || !map->count) {
        err_at(r->e, map->at, "functions must be a map with a function or more");
        return err_fix(r->e, "for example: functions: {orders: {code: functions/orders, ...}}");
    }
    if (map->count > CONTRACT_FUNCTIONS_MAX)
        return err_at(r->e, map->at, "%zu functions, at most %d are possible", map->count,
                      CONTRACT_FUNCTIONS_MAX);
    c->functions = arena_array(r->a, map->count, sizeof(*c->functions));
    if (!c->functions)
        return err_limit(r->e);
    for (const struct yaml *key = map->first; key; key = key->next)
        if (!read_function(r, key, &c->functions[c->function_count++]))
            return false;
    return true;
}

static const struct key rows[] = {
    {"version", read_version, true},
    {"functions", read_functions, true},
};

static const struct hint hints[] = {
    {"function", "functions stand under functions: {orders: {...}}"},
    {"AWSTemplateFormatVersion",
     "this looks like a CloudFormation template: 'fnward init' reads those"},
    {"Resources", "this looks like a CloudFormation template: 'fnward init' reads those"},
    {"service", "this looks like a serverless.yml: 'fnward init' reads those"},
    {"provider", "this looks like a serverless.yml: 'fnward init' reads those"},
};

static const struct keys keys = {
    .what = "a key of a contract",
    .example = "version: 1, and below it functions: {orders: {...}}",
    .rows = rows,
    .count = COUNT(rows),
    .hints = hints,
    .hint_count = COUNT(hints),
};

/* ---- the file ---- */

/* The disk says so by ENOENT, a snapshot by no errno at all. */
static bool is_absent(const struct err *e)
{
    return e->code == ERR_SYSTEM && (e->sysno == ENOENT || e->sysno == 0);
}

/* Two contracts side by side: whoever reads one may mean the other. */
static bool find_file(struct reader *r, str *text)
{
    for (size_t i = 0; i < COUNT(file_names); i++) {
        struct err e = {0};
        str path = path_join(r->a, r->contract->root, str_of(file_names[i])), found;

        if (!path.at)
            return err_limit(r->e);
        if (!r->files->read(r->files->self, r->a, path.at, CONTRACT_BYTES_MAX, &found, &e)) {
            if (is_absent(&e))
                continue;
            *r->e = e;
            return false;
        }
        if (r->contract->file) {
            err_set(r->e, ERR_INPUT, "both %s and %s are in '%.*s'", r->contract->file,
                    file_names[i], STR_ARG(r->contract->root));
            return err_fix(r->e, "keep one of them");
        }
        r->contract->file = file_names[i];
        *text = found;
    }
    if (r->contract->file)
        return true;
    err_set(r->e, ERR_INPUT, "there is no fnward.yaml in '%.*s'", STR_ARG(r->contract->root));
    return err_fix(r->e, "'fnward init' writes one");
}

/* JSON goes through its own, stricter reader. */
static bool parse_file(struct reader *r, str text, struct yaml **ret)
{
    const struct json_limits limits = {CONTRACT_BYTES_MAX, YAML_DEPTH_MAX, YAML_NODES_MAX};
    const char *file = r->contract->file;
    struct json *j;

    if (!str_ends(str_of(file), STR(".json")))
        return yaml_read(r->a, text, file, ret, r->e);
    if (json_read(r->a, text, &limits, &j, r->e))
        return yaml_from_json(r->a, j, text, file, ret, r->e);
    r->e->at.file = file;
    return false;
}

static bool read_contract(struct reader *r)
{
    struct contract *c = r->contract;
    struct yaml *root;
    struct json *source;
    str text;

    if (!find_file(r, &text) || !parse_file(r, text, &root))
        return false;
    if (root->kind == YAML_NULL) {
        err_at(r->e, (struct place){.file = c->file}, "the contract is empty");
        return err_fix(r->e, "remove it, and 'fnward init' writes one");
    }
    if (!read_keys(r, root, root->at, &keys, c) || !routes_unique(r) ||
        !yaml_to_json(r->a, root, &source, r->e))
        return false;
    c->source = source;
    return true;
}

bool contract_read(struct arena *a, const struct file_source *files, const char *dir,
                   struct contract **ret, struct err *e)
{
    struct contract *c = arena_alloc(a, sizeof(*c));
    struct reader r = {.a = a, .files = files, .contract = c, .e = e};

    if (!c)
        return err_limit(e);
    c->root = path_clean(a, str_of(dir));
    if (!c->root.at)
        return err_limit(e);
    if (!read_contract(&r))
        return false;
    *ret = c;
    return true;
}

const struct function *contract_function(const struct contract *c, str name)
{
    for (size_t i = 0; i < c->function_count; i++)
        if (str_equal(c->functions[i].name, name))
            return &c->functions[i];
    return NULL;
}
