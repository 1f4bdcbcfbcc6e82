/*
 * trigger: what calls a function and what it may ask of AWS, as a contract takes them.
 */
#include "discover/find.h"
#include "contract/contract.h"

void add_trigger(struct finder *f, struct discover_function *fn, const char *kind)
{
    str name = str_of(kind);

    if (fn->triggers.count < CONTRACT_TRIGGERS_MAX &&
        !list_has(&fn->triggers, name, (str){NULL, 0}))
        list_add(f, &fn->triggers, name, (str){NULL, 0});
}

static bool is_claimed(const struct finder *f, str route)
{
    for (const struct discover_function *fn = f->found->functions; fn; fn = fn->next)
        if (list_has(&fn->triggers, STR("http"), route))
            return true;
    return false;
}

/* False when an earlier function has it. */
static bool add_one_route(struct finder *f, struct discover_function *fn, const char *method,
                          str path)
{
    str route = arena_format(f->a, "%s %.*s", method, STR_ARG(path));

    if (route.at && is_claimed(f, route))
        return false;
    if (fn->triggers.count < CONTRACT_TRIGGERS_MAX)
        list_add(f, &fn->triggers, STR("http"), route);
    return true;
}

static bool is_any(str method)
{
    return str_equal_nocase(method, STR("ANY")) || str_is(method, "*") ||
           str_equal_nocase(method, STR("x-amazon-apigateway-any-method"));
}

static bool has_method(const char *one, str method)
{
    return is_any(method) || str_equal_nocase(method, str_of(one));
}

void add_route(struct finder *f, struct discover_function *fn, str method, str path)
{
    static const char *const methods[] = {"GET",    "POST", "PUT",    "PATCH",
                                          "DELETE", "HEAD", "OPTIONS"};
    enum { USUAL = 5 };
    size_t count = is_any(method) ? USUAL : COUNT(methods), added = 0, taken = 0;
    const char *fault;

    if (path.len > 1 && path.at[path.len - 1] == '/')
        path.len--;
    fault = contract_path_fault(path);
    for (size_t i = 0; i < count && !fault; i++) {
        if (!has_method(methods[i], method))
            continue;
        if (add_one_route(f, fn, methods[i], path))
            added++;
        else
            taken++;
    }
    if (!fault && taken)
        fault = "belongs to a function above";
    else if (!fault && !added)
        fault = "has a method that fnward does not know";
    if (fault)
        note(f, &fn->notes, "the route %.*s %.*s is left out: it %s", STR_ARG(method),
             STR_ARG(path), fault);
}

void add_action(struct finder *f, struct discover_function *fn, str action, str resource)
{
    str both = arena_format(f->a, "%.*s %.*s", STR_ARG(action), STR_ARG(resource));
    const char *fault;

    if (!both.at) {
        f->full = true;
        return;
    }
    fault = contract_action_fault(both);
    if (fault) {
        note(f, &fn->notes, "not carried: '%.*s', since %s", STR_ARG(both), fault);
        return;
    }
    if (list_has(&fn->aws, both, (str){NULL, 0}))
        return;
    if (fn->aws.count >= CONTRACT_LIST_MAX)
        note(f, &fn->notes, "more than %d AWS actions: the others are left out",
             CONTRACT_LIST_MAX);
    else
        list_add(f, &fn->aws, both, (str){NULL, 0});
}
