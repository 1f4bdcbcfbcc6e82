#include "contract/read.h"

enum { NAME_MAX_BYTES = 64, HANDLER_MAX = 256 };

static const char *const runtimes[] = {
    [RUNTIME_NODEJS] = "nodejs",
    [RUNTIME_PYTHON] = "python",
    [RUNTIME_PROVIDED] = "provided",
};

const char *runtime_name(enum runtime r)
{
    return runtimes[r];
}

static bool read_code(struct reader *r, const struct yaml *value, void *into)
{
    struct function *f = into;
    str text;

    f->code_at = value->at;
    return read_word(r, value, "code", "code: functions/orders", &text) &&
           path_in_project(r, value, "a function's code", &f->code);
}

static bool read_runtime(struct reader *r, const struct yaml *value, void *into)
{
    struct function *f = into;
    str text;

    if (!read_word(r, value, "a runtime", "runtime: nodejs", &text))
        return false;
    for (size_t i = 0; i < COUNT(runtimes); i++) {
        if (str_is(text, runtimes[i])) {
            f->runtime = (enum runtime)i;
            return true;
        }
        if (str_starts(text, str_of(runtimes[i]))) { /* AWS's own names: "python3.12" */
            err_at(r->e, value->at, "'%.*s' is not a runtime", STR_ARG(str_sub(text, 0, 40)));
            return err_fix(r->e, "write '%s': it is the version on this machine that runs",
                           runtimes[i]);
        }
    }
    return unknown_word(r, value, "a runtime", runtimes, COUNT(runtimes));
}

static bool is_handler(str handler)
{
    return is_name(handler, HANDLER_MAX, "_-./$@+") && handler.at[0] != '/' &&
           str_find_str(handler, STR("..")) == handler.len;
}

static bool names_function(str handler)
{
    str base = path_base(handler);

    return str_find(base, '.') < base.len;
}

bool contract_handler_fits(enum runtime runtime, str handler)
{
    return is_handler(handler) && (runtime == RUNTIME_PROVIDED || names_function(handler));
}

static bool read_handler(struct reader *r, const struct yaml *value, void *into)
{
    struct function *f = into;

    f->handler_at = value->at;
    if (!read_word(r, value, "a handler", "handler: app.handler", &f->handler))
        return false;
    if (is_handler(f->handler))
        return true;
    err_at(r->e, value->at, "'%.*s' is not a handler", STR_ARG(str_sub(f->handler, 0, 80)));
    return err_fix(r->e,
                   "write the file without its ending, a dot and the function: app.handler");
}

static const struct key rows[] = {
    {"code", read_code, true},        {"runtime", read_runtime, true},
    {"handler", read_handler, false}, {"on", read_triggers, false},
    {"returns", read_returns, false}, {"limits", read_limits, false},
    {"env", read_env, false},         {"secrets", read_secrets, false},
    {"may", read_may, false},         {"answers", read_answers, false},
};

static const struct hint hints[] = {
    {"events", "what calls a function stands under on: [{http: POST /orders}]"},
    {"trigger", "what calls a function stands under on: [{http: POST /orders}]"},
    {"triggers", "what calls a function stands under on: [{http: POST /orders}]"},
    {"environment", "variables stand under env: {STAGE: prod}"},
    {"permissions", "permissions stand under may: {connect: [api.stripe.com:443]}"},
    {"policies", "permissions stand under may: {aws: [\"s3:GetObject arn:aws:...\"]}"},
    {"errors", "write answers: {errors: plain}"},
    {"cookies", "write answers: {cookies: {theme: {http_only: false}}}"},
    {"headers", "write answers: {headers: [x-total-count]}"},
    {"timeout", "write limits: {timeout: 3s}"},
    {"memory", "write limits: {memory: 128MB}"},
    {"concurrency", "write limits: {concurrency: 8}"},
    {"rate", "write limits: {rate: 50/s}"},
    {"connect", "write may: {connect: [api.stripe.com:443]}"},
    {"read", "write may: {read: [data/]}"},
    {"write", "write may: {write: [data/]}"},
    {"run", "write may: {run: [/usr/bin/convert]}"},
    {"aws", "write may: {aws: [\"s3:GetObject arn:aws:...\"]}"},
    {"http", "write on: [{http: POST /orders}]"},
    {"url", "write on: [{http: POST /orders}]"},
};

static const struct keys keys = {
    .what = "a key of a function",
    .example = "{code: functions/orders, runtime: nodejs, handler: app.handler, on: [...]}",
    .rows = rows,
    .count = COUNT(rows),
    .hints = hints,
    .hint_count = COUNT(hints),
};

/* Only an executable called bootstrap needs no handler; but if it has one, it gets it. */
static bool check_handler(struct reader *r, struct function *f)
{
    if (f->runtime == RUNTIME_PROVIDED) {
        f->handler_at = f->handler.len ? f->handler_at : f->at;
        f->handler = f->handler.len ? f->handler : STR("bootstrap");
        return true;
    }
    if (!f->handler.len) {
        err_at(r->e, f->at, "'handler' is missing here");
        return err_fix(r->e, "for example: handler: app.handler");
    }
    if (names_function(f->handler))
        return true;
    err_at(r->e, f->handler_at, "the handler '%.*s' does not name a function in its file",
           STR_ARG(f->handler));
    return err_fix(r->e,
                   "for example: handler: app.handler, for 'handler' in app.js or app.py");
}

bool read_function(struct reader *r, const struct yaml *key, struct function *f)
{
    *f = (struct function){.name = key->text, .at = key->at};
    limits_default(&f->limits);
    if (!is_name(key->text, NAME_MAX_BYTES, "-_")) {
        err_at(r->e, key->at, "'%.*s' cannot name a function",
               STR_ARG(str_sub(key->text, 0, 80)));
        return err_fix(r->e, "use 1 to 64 letters, digits, '-' and '_'");
    }
    if (!read_keys(r, key->value, key->at, &keys, f) || !check_handler(r, f))
        return false;
    if (f->trigger_count)
        return true;
    err_at(r->e, key->at, "nothing may call '%.*s'", STR_ARG(key->text));
    return err_fix(r->e, "say what may, for example: on: [{invoke: {type: object}}]");
}
