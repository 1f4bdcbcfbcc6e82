/*
 * Routes: which trigger of which function a method and path belong to, and the contract's
 * schemas compiled for them.
 */
#include "run/front.h"

/* Patterns are made now: once front has locked itself no machine code may be. */
static bool compile(struct front *f, const struct contract_schema *from,
                    enum schema_source source, struct checked *ret, struct err *e)
{
    uint32_t offset = 0;

    ret->from = from;
    if (!from->source ||
        (schema_compile(f->arena, from->source, NULL, &ret->schema, &offset, e) &&
         schema_prepare(ret->schema, e) &&
         schema_cleaner_compile(f->arena, from->source, NULL, source, &ret->cleaner, &offset,
                                e)))
        return true;
    err_wrap(e, "the schema %.*s", STR_ARG(from->name));
    e->at = from->at;
    return false;
}

/* A function's answer is its own word: it is checked, and sent as it is or not at all. */
static bool compile_answer(struct front *f, const struct contract_schema *from,
                           struct checked *ret, struct err *e)
{
    if (!compile(f, from, SCHEMA_FROM_JSON, ret, e))
        return false;
    if (!ret->cleaner)
        return true;
    err_set(e, ERR_INPUT, "what a function returns is checked and never changed");
    e->at = from->at;
    return err_fix(e, "remove x-clean, x-unknown and x-defaults from the schema of 'returns'");
}

static bool compile_returns(struct front *f, struct pool *p, struct err *e)
{
    const struct function *fn = p->function;

    p->returns_by_status =
        arena_array(f->arena, fn->returns_count + 1, sizeof(*p->returns_by_status));
    if (!p->returns_by_status)
        return err_limit(e);
    for (size_t i = 0; i < fn->returns_count; i++)
        if (!compile_answer(f, &fn->returns_by_status[i].schema, &p->returns_by_status[i], e))
            return false;
    return compile_answer(f, &fn->returns, &p->returns, e);
}

/* What the contract shows a function of the machine, and callers need not know. */
static bool list_roots(struct front *f, struct pool *p, struct err *e)
{
    const struct function *fn = p->function;
    const struct {
        const struct path_rule *rules;
        size_t count;
    } rows[] = {
        {fn->read, fn->read_count}, {fn->write, fn->write_count}, {fn->run, fn->run_count}};

    p->roots = arena_array(f->arena, 2 + fn->read_count + fn->write_count + fn->run_count,
                           sizeof(*p->roots));
    if (!p->roots)
        return err_limit(e);
    p->roots[p->root_count++] = f->contract->root;
    p->roots[p->root_count++] = fn->code;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < rows[i].count; k++)
            p->roots[p->root_count++] = rows[i].rules[k].path;
    return true;
}

static bool compile_pool(struct front *f, struct pool *p, struct err *e)
{
    const struct function *fn = p->function;

    p->triggers = arena_array(f->arena, fn->trigger_count + 1, sizeof(*p->triggers));
    if (!p->triggers)
        return err_limit(e);
    for (size_t i = 0; i < fn->trigger_count; i++) {
        const struct trigger *t = &fn->triggers[i];
        struct gate_trigger *g = &p->triggers[i];

        g->trigger = t;
        if (!compile(f, &t->body, SCHEMA_FROM_JSON, &g->body, e) ||
            !compile(f, &t->query, SCHEMA_FROM_TEXT, &g->query, e) ||
            !compile(f, &t->headers, SCHEMA_FROM_TEXT, &g->headers, e) ||
            !compile(f, &t->params, SCHEMA_FROM_TEXT, &g->params, e))
            return false;
    }
    return compile_returns(f, p, e) && list_roots(f, p, e);
}

bool route_compile(struct front *f, struct err *e)
{
    for (size_t i = 0; i < f->pool_count; i++)
        if (!compile_pool(f, &f->pools[i], e))
            return err_wrap(e, "function '%s'", f->pools[i].name);
    return true;
}

/* ---- finding ---- */

static void add_allowed(struct route *r, str method)
{
    size_t used = strlen(r->allow);

    if (str_find_str(str_of(r->allow), method) == used)
        snprintf(r->allow + used, sizeof(r->allow) - used, "%s%.*s", used ? ", " : "",
                 STR_ARG(method));
}

/* The more a pattern says literally before its first parameter, the better it fits. */
static size_t literal_length(const struct gate_trigger *g)
{
    return str_find(g->trigger->path, '{');
}

static void try_trigger(struct route *r, str method, str path, struct pool *p,
                        struct gate_trigger *g)
{
    struct event_pair params[ROUTE_PARAMS_MAX];
    size_t count = 0;

    if (!trigger_has_route(g->trigger->kind) ||
        !event_route_match(g->trigger->path, path, params, &count))
        return;
    if (!str_is(g->trigger->method, "ANY") && !str_equal(g->trigger->method, method)) {
        add_allowed(r, g->trigger->method);
        return;
    }
    if (r->trigger && literal_length(r->trigger) >= literal_length(g))
        return;
    r->pool = p;
    r->trigger = g;
    r->param_count = count;
    memcpy(r->params, params, sizeof(params));
}

void route_find(struct front *f, struct pool *only, str method, str path, struct route *ret)
{
    *ret = (struct route){0};
    for (size_t i = 0; i < f->pool_count; i++) {
        struct pool *p = &f->pools[i];

        for (size_t j = 0; (!only || p == only) && j < p->function->trigger_count; j++)
            try_trigger(ret, method, path, p, &p->triggers[j]);
    }
}
