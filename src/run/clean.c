/*
 * What a request carries is made clean before it is checked, and what was changed is told in
 * its record: where and by which rule, never what it was.
 */
#include "run/check.h"

/* "/body/name trim", as many as find room whole. */
void clean_note(struct request *r, const char *part, const struct schema_cleaned *cleaned)
{
    for (size_t i = 0; i < cleaned->change_count && i < SCHEMA_CHANGES_MAX; i++) {
        const struct schema_change *change = &cleaned->changes[i];
        size_t used = strlen(r->changes), room = sizeof(r->changes) - used;
        int n = snprintf(r->changes + used, room, "%s%s%.*s %s", used ? ", " : "", part,
                         STR_ARG(change->where), change->rule);

        if (n >= 0 && (size_t)n >= room)
            r->changes[used] = '\0';
    }
    r->change_count += cleaned->change_count;
}

bool clean_part(struct client *c, const char *part, const struct checked *by,
                const struct json **value)
{
    struct schema_cleaned cleaned;

    if (!by->cleaner)
        return true;
    if (!schema_clean(by->cleaner, c->arena, *value, &cleaned)) {
        check_add_part(c->arena, part, cleaned.problems, cleaned.problem_count);
        return refuse_problems(c, "the event is not what the contract says", cleaned.problems,
                               cleaned.problem_count);
    }
    clean_note(c->request, part, &cleaned);
    *value = cleaned.value;
    return true;
}

bool clean_texts(struct client *c, const char *part, const struct checked *by,
                 const struct json **values, const struct json **ret)
{
    size_t before = c->request->change_count;
    struct json *texts;

    if (!clean_part(c, part, by, values))
        return false;
    if (c->request->change_count == before)
        return true;
    if (!event_texts(c->arena, *values, &texts))
        return refuse_one(c, part, "is too large");
    *ret = texts;
    return true;
}

bool clean_params(struct client *c, const struct json *cleaned)
{
    struct request *r = c->request;

    for (size_t i = 0; i < r->route.param_count; i++) {
        const struct json *value = json_get(cleaned, r->route.params[i].name);

        if (value)
            r->route.params[i].value = value->text;
    }
    return event_route_path(c->arena, r->route.trigger->trigger->path, r->route.params,
                            r->route.param_count, &r->path) ||
           refuse_one(c, "/path", "is no part of a path any more once it is clean");
}
