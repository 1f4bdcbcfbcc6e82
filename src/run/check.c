/*
 * What a request carries, against the schemas that the contract has for it.
 */
#include "run/check.h"

bool refuse_problems(struct client *c, const char *why, const struct schema_problem *problems,
                     size_t count)
{
    answer_refusal(c, &(struct refusal){.status = 400,
                                        .type = "fnward.InvalidEvent",
                                        .why = why,
                                        .problems = problems,
                                        .problem_count = count,
                                        .aws = EVENT_INVALID_CONTENT});
    return false;
}

bool refuse_one(struct client *c, const char *where, const char *why)
{
    struct schema_problem p = {.where = str_of(where), .keyword = "", .why = str_of(why)};

    return refuse_problems(c, "the event is not what the contract says", &p, 1);
}

void check_add_part(struct arena *a, const char *part, struct schema_problem *problems,
                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        problems[i].where = arena_format(a, "%s%.*s", part, STR_ARG(problems[i].where));
}

bool check_value(struct client *c, const char *part, const struct schema *schema,
                 const struct json *value)
{
    struct schema_problem problems[PROBLEMS_MAX];
    size_t count;

    if (schema_valid(schema, value))
        return true;
    count = schema_problems(schema, value, c->arena, problems, PROBLEMS_MAX);
    check_add_part(c->arena, part, problems, count);
    return refuse_problems(c, "the event is not what the contract says", problems, count);
}

/* An object of texts against a schema that may want numbers: query, path parameters, headers.
 * *ret becomes the texts for the function when these are other ones. */
static bool check_texts(struct client *c, const char *part, const struct checked *by,
                        const struct json *texts, const struct json **ret)
{
    return !by->schema ||
           (clean_texts(c, part, by, &texts, ret) && check_value(c, part, by->schema, texts));
}

bool check_json(struct client *c, const char *part, str text, struct json **ret)
{
    struct json_limits limits = json_limits_event;
    struct err e = {0};

    limits.bytes = text.len;
    if (json_read(c->arena, text, &limits, ret, &e))
        return true;
    if (c->request->is_api)
        return refuse_problems(c,
                               arena_format(c->arena,
                                            "Could not parse request body into json: "
                                            "Could not parse payload into json: %s",
                                            e.what)
                                   .at,
                               NULL, 0);
    return refuse_one(c, part,
                      arena_format(c->arena, "is not JSON: line %u, column %u: %s", e.at.line,
                                   e.at.column, e.what)
                          .at);
}

static struct json *params_object(struct arena *a, const struct event_pair *params,
                                  size_t count)
{
    struct json *object = arena_alloc(a, sizeof(*object));

    if (!object)
        return NULL;
    object->kind = JSON_OBJECT;
    object->count = (uint32_t)count;
    object->members = arena_array(a, count + 1, sizeof(*object->members));
    for (size_t i = 0; object->members && i < count; i++)
        object->members[i] = (struct json_member){
            .name = params[i].name,
            .value = {.kind = JSON_STRING, .text = params[i].value},
        };
    return object->members ? object : NULL;
}

static bool check_query(struct client *c)
{
    struct request *r = c->request;
    const struct checked *by = &r->route.trigger->query;
    struct json *query;
    struct err e = {0};

    if (!by->schema && !r->head.query.len)
        return true;
    if (!event_query(c->arena, r->head.query, &query, &e))
        return refuse_one(c, "/query", e.what);
    if (!by->schema && query->count)
        return refuse_one(c, "/query", "the route declares no query parameters");
    return check_texts(c, "/query", by, query, &r->query);
}

static bool check_headers(struct client *c)
{
    const struct checked *by = &c->request->route.trigger->headers;
    struct json *headers;
    struct err e = {0};

    if (!by->schema)
        return true;
    if (!event_headers(c->arena, &c->request->head, &headers, &e))
        return refuse_one(c, "/headers", e.what);
    return check_texts(c, "/headers", by, headers, &c->request->headers);
}

bool check_params(struct client *c)
{
    struct route *route = &c->request->route;
    const struct json *cleaned = NULL;
    struct json *params;

    if (!route->trigger->params.schema)
        return true;
    params = params_object(c->arena, route->params, route->param_count);
    if (!params)
        return refuse_one(c, "/path", "is too large");
    return check_texts(c, "/path", &route->trigger->params, params, &cleaned) &&
           (!cleaned || clean_params(c, cleaned));
}

bool check_request(struct client *c, struct buf *body)
{
    const struct gate_trigger *g = c->request->route.trigger;
    const struct json *value;
    struct json *given;

    if (!check_params(c) || !check_query(c) || !check_headers(c))
        return false;
    if (!g->body.schema)
        return true;
    if (!check_json(c, "/body", buf_str(&c->body), &given))
        return false;
    value = given;
    if (!clean_part(c, "/body", &g->body, &value) ||
        !check_value(c, "/body", g->body.schema, value))
        return false;
    /* The handler gets our own serialisation: what was checked and what it parses can't differ. */
    json_write(body, value);
    return !body->failed || refuse_one(c, "/body", "is too large");
}
