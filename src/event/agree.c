/*
 * A request in the form of an event says more than once what it asks for. The route is found by
 * one of these; a function that looks at another must see the same.
 */
#include "event/tree.h"

enum says { METHOD, PATH, PATTERN, ROUTE /* a method and a pattern */ };

enum { PARAMS_MAX = 16 }; /* as event_route_match fills */

static const struct {
    enum event_kind kind;
    const char *in[2], *name;
    enum says says;
} copies[] = {
    {EVENT_HTTP_V2, {NULL}, "routeKey", ROUTE},
    {EVENT_HTTP_V2, {"requestContext"}, "routeKey", ROUTE},
    {EVENT_HTTP_V2, {"requestContext", "http"}, "path", PATH},
    {EVENT_HTTP_V1, {NULL}, "resource", PATTERN},
    {EVENT_HTTP_V1, {"requestContext"}, "resourcePath", PATTERN},
    {EVENT_HTTP_V1, {"requestContext"}, "httpMethod", METHOD},
};

static bool fits(str pattern, str path)
{
    struct event_pair params[PARAMS_MAX];
    size_t count = 0;

    return event_route_match(pattern, path, params, &count);
}

static bool is_method(str said, str method)
{
    return str_is(said, "ANY") || str_equal(said, method);
}

static bool agrees(enum says says, str said, const struct event_call *call, str path)
{
    str pattern = said, method;

    switch (says) {
    case METHOD:
        return str_equal(said, call->method);
    case PATH:
        return str_equal(said, call->path);
    case PATTERN:
        return fits(said, path);
    default:
        return str_is(said, "$default") ||
               (str_cut(&pattern, ' ', &method) && is_method(method, call->method) &&
                fits(pattern, path));
    }
}

bool event_call_agrees(enum event_kind kind, const struct json *event,
                       const struct event_call *call, str path, struct err *e)
{
    for (size_t i = 0; i < COUNT(copies); i++) {
        const struct json *in = event;
        str said;

        for (size_t k = 0; k < 2 && copies[i].in[k]; k++)
            in = json_get(in, str_of(copies[i].in[k]));
        said = json_get_str(in, str_of(copies[i].name));
        if (copies[i].kind == kind && said.len && !agrees(copies[i].says, said, call, path))
            return err_set(e, ERR_INPUT,
                           "the event's %s%s%s is not that of its path and method",
                           copies[i].in[0] ? copies[i].in[0] : "", copies[i].in[0] ? " " : "",
                           copies[i].name);
    }
    return true;
}
