/*
 * A decoded path against a route's pattern, segment by segment.
 */
#include "event/event.h"

enum { PARAMS_MAX = 16 };

/* "{name}" or "{name+}"; the braces and the plus are taken off. */
static bool is_param(str part, str *name, bool *greedy)
{
    if (part.len < 3 || part.at[0] != '{' || part.at[part.len - 1] != '}')
        return false;
    *name = str_sub(part, 1, part.len - 2);
    *greedy = str_ends(*name, STR("+"));
    name->len -= *greedy;
    return name->len > 0;
}

/* From the start of `segment` to the end of the path. */
static str tail(str path, str segment)
{
    return (str){segment.at, (size_t)(path.at + path.len - segment.at)};
}

bool event_route_match(str pattern, str path, struct event_pair *params, size_t *param_count)
{
    str wanted = pattern, rest = path, part, segment, name;
    size_t n = 0;
    bool greedy;

    while (str_cut(&wanted, '/', &part)) {
        if (!str_cut(&rest, '/', &segment))
            return false;
        if (!is_param(part, &name, &greedy)) {
            if (!str_equal(part, segment))
                return false;
            continue;
        }
        if (n == PARAMS_MAX || !segment.len || (greedy && wanted.at))
            return false;
        params[n++] = (struct event_pair){name, greedy ? tail(path, segment) : segment};
        if (greedy)
            rest.at = NULL;
    }
    if (rest.at)
        return false;
    *param_count = n;
    return true;
}

static const struct event_pair *find_param(const struct event_pair *params, size_t count,
                                           str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(params[i].name, name))
            return &params[i];
    return NULL;
}

/* Whether it is one segment of a path, or several where `greedy`. */
static bool is_segments(str value, bool greedy)
{
    str rest = value, part;

    if ((!greedy && str_find(value, '/') < value.len) || str_find(value, '\\') < value.len)
        return false;
    while (str_cut(&rest, '/', &part))
        if (!part.len || str_is(part, ".") || str_is(part, ".."))
            return false;
    return value.len > 0;
}

bool event_route_path(struct arena *a, str pattern, const struct event_pair *params,
                      size_t param_count, str *ret)
{
    CLEANUP(buf_free) struct buf out = {0};
    str rest = pattern, part, name;
    bool greedy, first = true;

    while (str_cut(&rest, '/', &part)) {
        const struct event_pair *p = NULL;

        if (!first)
            buf_addc(&out, '/');
        first = false;
        if (is_param(part, &name, &greedy)) {
            p = find_param(params, param_count, name);
            if (!p || !is_segments(p->value, greedy))
                return false;
        }
        buf_add(&out, p ? p->value : part);
    }
    *ret = arena_str(a, buf_str(&out));
    return !out.failed && ret->at;
}
