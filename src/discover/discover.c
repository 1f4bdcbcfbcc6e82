#include "discover/find.h"

static bool nothing_found(const struct finder *f, struct err *e)
{
    const struct discover_item *why = f->found->notes.first;

    if (why)
        err_set(e, ERR_INPUT, "no function can be carried over: %.*s", STR_ARG(why->text));
    else
        err_set(e, ERR_INPUT, "no function was found");
    return err_fix(e, "looked for template.yaml, serverless.yml, and files such as index.js, "
                      "handler.py or bootstrap that export a handler");
}

bool discover_project(struct arena *a, const char *dir, struct discover **ret, struct err *e)
{
    struct finder f = {.a = a, .dir = dir, .found = arena_alloc(a, sizeof(*f.found))};

    if (!f.found)
        return err_limit(e);
    if (!find_templates(&f, e))
        return false;
    if (!f.found->count && !find_serverless(&f, e))
        return false;
    if (!f.found->count && !find_handlers(&f, e))
        return false;
    if (f.full)
        return err_limit(e);
    if (!f.found->count)
        return nothing_found(&f, e);
    *ret = f.found;
    return true;
}
