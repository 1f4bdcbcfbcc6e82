/*
 * What a request or an event carries, against the schemas that the contract has for it.
 */
#include "run/front.h"

enum { PROBLEMS_MAX = 20, PAYLOADS_MAX = 10000 };

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

static bool check(struct client *c, const char *part, const struct schema *schema,
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

/* Text values against a schema that may want numbers: query, path parameters, headers. *ret
 * becomes the texts for the function when these are other ones. */
static bool check_texts(struct client *c, const char *part, const struct checked *by,
                        const struct json *texts, const struct json **ret)
{
    return !by->schema ||
           (clean_texts(c, part, by, &texts, ret) && check(c, part, by->schema, texts));
}

static bool read_json(struct client *c, const char *part, str text, struct json **ret)
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

static bool check_params(struct client *c)
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
    if (!read_json(c, "/body", buf_str(&c->body), &given))
        return false;
    value = given;
    if (!clean_part(c, "/body", &g->body, &value) || !check(c, "/body", g->body.schema, value))
        return false;
    /* The handler gets our own serialisation: what was checked and what it parses can't differ. */
    json_write(body, value);
    return !body->failed || refuse_one(c, "/body", "is too large");
}

/* ---- events that arrive by Invoke ---- */

static const struct {
    enum event_kind event;
    enum trigger_kind trigger;
} triggers_of_events[] = {
    {EVENT_DIRECT, TRIGGER_INVOKE},
    {EVENT_HTTP_V2, TRIGGER_HTTP},
    {EVENT_HTTP_V1, TRIGGER_HTTP},
    {EVENT_ALB, TRIGGER_HTTP},
    {EVENT_SQS, TRIGGER_SQS},
    {EVENT_SNS, TRIGGER_SNS},
    {EVENT_S3, TRIGGER_S3},
    {EVENT_EVENTBRIDGE, TRIGGER_EVENTBRIDGE},
    {EVENT_DYNAMODB, TRIGGER_DYNAMODB},
    {EVENT_KINESIS, TRIGGER_KINESIS},
    {EVENT_SCHEDULE, TRIGGER_SCHEDULE},
};

static enum trigger_kind trigger_of(enum event_kind kind)
{
    for (size_t i = 0; i < COUNT(triggers_of_events); i++)
        if (triggers_of_events[i].event == kind)
            return triggers_of_events[i].trigger;
    return TRIGGER_INVOKE;
}

static struct gate_trigger *find_trigger(struct pool *p, enum trigger_kind kind)
{
    for (size_t i = 0; i < p->function->trigger_count; i++)
        if (p->triggers[i].trigger->kind == kind)
            return &p->triggers[i];
    return NULL;
}

static bool refuse_undeclared(struct client *c, enum trigger_kind kind)
{
    return refuse_problems(c,
                           arena_format(c->arena,
                                        "the contract of '%s' declares no such trigger: %s",
                                        c->request->pool->name, trigger_name(kind))
                               .at,
                           NULL, 0);
}

/* The members of an HTTP event, wherever its format keeps them. */
static str event_method(const struct json *event)
{
    str method = json_get_str(event, STR("httpMethod"));
    const struct json *context = json_get(event, STR("requestContext"));

    return method.len ? method : json_get_str(json_get(context, STR("http")), STR("method"));
}

static str event_path(const struct json *event)
{
    str path = json_get_str(event, STR("path"));

    return path.len ? path : json_get_str(event, STR("rawPath"));
}

static bool is_empty(const struct json *v)
{
    return !v || v->kind == JSON_NULL || (v->kind == JSON_OBJECT && v->count == 0);
}

/* A value inside an envelope, which can't be put back into it: it has to be clean already. */
static bool check_wrapped(struct client *c, const char *part, const struct checked *by,
                          const struct json *value, bool texts)
{
    size_t before = c->request->change_count;
    const struct json *other = NULL;

    if (texts ? !clean_texts(c, part, by, &value, &other) : !clean_part(c, part, by, &value))
        return false;
    if (c->request->change_count != before)
        return refuse_one(c, part, "is not clean, as the schema's x-clean has it");
    return check(c, part, by->schema, value);
}

static bool check_http_event(struct client *c, const struct json *event,
                             const struct json *body)
{
    struct route *route = &c->request->route;
    const struct json *query = json_get(event, STR("queryStringParameters"));
    const struct json *headers = json_get(event, STR("headers"));

    route_find(c->front, c->request->pool, event_method(event), event_path(event), route);
    if (!route->trigger)
        return refuse_undeclared(c, TRIGGER_HTTP);
    if (!check_params(c))
        return false;
    if (!route->trigger->query.schema && !is_empty(query))
        return refuse_one(c, "/queryStringParameters", "the route declares none");
    if (!is_empty(query) &&
        !check_wrapped(c, "/queryStringParameters", &route->trigger->query, query, true))
        return false;
    if (route->trigger->headers.schema && !is_empty(headers) &&
        !check_wrapped(c, "/headers", &route->trigger->headers, headers, true))
        return false;
    if (!route->trigger->body.schema)
        return !body || refuse_one(c, "/body", "the route declares no body");
    return body ? check_wrapped(c, "/body", &route->trigger->body, body, false)
                : refuse_one(c, "/body", "is missing");
}

static bool check_payloads(struct client *c, enum event_kind kind, const struct json *event,
                           const struct gate_trigger *g)
{
    const struct json **payloads = arena_array(c->arena, PAYLOADS_MAX, sizeof(*payloads));
    size_t count = 0;
    struct err e = {0};

    if (!payloads || !event_payloads(c->arena, kind, event, payloads, PAYLOADS_MAX, &count, &e))
        return refuse_problems(c, e.what, NULL, 0);
    if (!g)
        return check_http_event(c, event, count ? payloads[0] : NULL);
    for (size_t i = 0; i < count; i++)
        if (!check_wrapped(c, arena_format(c->arena, "/record %zu", i).at, &g->body,
                           payloads[i], false))
            return false;
    return true;
}

/* The function gets the event itself, as it has become. */
static bool check_direct(struct client *c, const struct gate_trigger *g, struct json **event)
{
    const struct json *value = *event;

    if (!clean_part(c, "", &g->body, &value))
        return false;
    if (value != *event)
        **event = *value;
    return check(c, "", g->body.schema, *event);
}

bool check_event(struct client *c, struct json **ret, enum trigger_kind *kind)
{
    str text = c->body.len ? buf_str(&c->body) : STR("{}");
    enum event_kind recognised;
    struct gate_trigger *g;

    if (!read_json(c, "", text, ret))
        return false;
    recognised = event_recognise(*ret);
    *kind = trigger_of(recognised);
    if (*kind == TRIGGER_HTTP && find_trigger(c->request->pool, TRIGGER_HTTP))
        return check_payloads(c, recognised, *ret, NULL);
    g = find_trigger(c->request->pool, *kind);
    /* A direct event may look like anything; who declares `invoke` gets them all. */
    if (!g && *kind != TRIGGER_INVOKE) {
        *kind = TRIGGER_INVOKE;
        g = find_trigger(c->request->pool, TRIGGER_INVOKE);
    }
    if (!g)
        return refuse_undeclared(c, *kind);
    if (*kind != TRIGGER_INVOKE)
        return !g->body.schema || check_payloads(c, recognised, *ret, g);
    return !g->body.schema || check_direct(c, g, ret);
}
