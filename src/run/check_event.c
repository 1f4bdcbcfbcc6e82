/*
 * Events that come by Invoke: which trigger of the contract they belong to. What is a request in
 * the form of an event is held against its route, like one that came over HTTP.
 */
#include "run/check.h"

/* What has no trigger of its own is a direct invocation. */
static const struct {
    enum event_kind event;
    enum trigger_kind trigger;
} triggers_of_events[] = {
    {EVENT_HTTP_V2, TRIGGER_HTTP},
    {EVENT_HTTP_V1, TRIGGER_HTTP},
    {EVENT_ALB, TRIGGER_HTTP},
    {EVENT_WEBSOCKET, TRIGGER_WEBSOCKET},
    {EVENT_AUTHORIZER, TRIGGER_AUTHORIZER},
    {EVENT_SQS, TRIGGER_SQS},
    {EVENT_SNS, TRIGGER_SNS},
    {EVENT_S3, TRIGGER_S3},
    {EVENT_EVENTBRIDGE, TRIGGER_EVENTBRIDGE},
    {EVENT_SCHEDULE, TRIGGER_SCHEDULE},
    {EVENT_CLOUDEVENT, TRIGGER_CLOUDEVENT},
    {EVENT_DYNAMODB, TRIGGER_DYNAMODB},
    {EVENT_KINESIS, TRIGGER_KINESIS},
    {EVENT_FIREHOSE, TRIGGER_FIREHOSE},
    {EVENT_ANALYTICS, TRIGGER_FIREHOSE},
    {EVENT_KAFKA, TRIGGER_KAFKA},
    {EVENT_ACTIVEMQ, TRIGGER_MQ},
    {EVENT_RABBITMQ, TRIGGER_MQ},
    {EVENT_LOGS, TRIGGER_LOGS},
    {EVENT_SES, TRIGGER_SES},
    {EVENT_COGNITO, TRIGGER_COGNITO},
};

static enum trigger_kind trigger_of(enum event_kind kind)
{
    for (size_t i = 0; i < COUNT(triggers_of_events); i++)
        if (triggers_of_events[i].event == kind)
            return triggers_of_events[i].trigger;
    return TRIGGER_INVOKE;
}

/* Of several for CloudEvents the first that takes the event's type, else the first. */
static const struct gate_trigger *find_trigger(struct pool *p, enum trigger_kind kind,
                                               const struct json *event)
{
    const struct gate_trigger *found = NULL;

    for (size_t i = 0; i < p->function->trigger_count; i++) {
        const struct gate_trigger *g = &p->triggers[i];

        if (g->trigger->kind != kind)
            continue;
        if (kind != TRIGGER_CLOUDEVENT ||
            trigger_takes_type(g->trigger, json_get_str(event, STR("type"))))
            return g;
        found = found ? found : g;
    }
    return found;
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

/* ---- requests in the form of an event ---- */

static bool check_form(struct client *c, const char *part, const struct checked *by,
                       struct event_form *form)
{
    size_t before = c->request->change_count;
    const struct json *texts = &form->texts;

    if (!clean_part(c, part, by, &texts) || !check_value(c, part, by->schema, texts))
        return false;
    form->changed = c->request->change_count != before;
    form->texts = *texts;
    return true;
}

/* In every form that the event has of it, since the function may read any of them. Where it has
 * none, as if it were empty: what that lacks, the first form gets. */
static bool check_forms(struct client *c, const char *part, const struct checked *by,
                        const char *first, struct event_form *forms, size_t *count)
{
    if (!by->schema)
        return true;
    if (!*count)
        forms[(*count)++] = (struct event_form){.part = first, .texts = {.kind = JSON_OBJECT}};
    for (size_t i = 0; i < *count; i++)
        if (!check_form(c, part, by, &forms[i]))
            return false;
    return true;
}

static bool check_queries(struct client *c, struct event_call *call)
{
    const struct checked *by = &c->request->route.trigger->query;

    for (size_t i = 0; !by->schema && i < call->query_count; i++)
        if (call->queries[i].texts.count)
            return refuse_one(c, "/query", "the route declares no query parameters");
    return check_forms(c, "/query", by, "queryStringParameters", call->queries,
                       &call->query_count);
}

static bool find_route(struct client *c, enum event_kind kind, const struct json *event,
                       const struct event_call *call)
{
    struct route *route = &c->request->route;
    struct err e = {0};
    str path;

    if (!http_path(c->arena, call->path, &path))
        return refuse_one(c, "/path", "has '.', '..', empty or wrongly encoded segments");
    route_find(c->front, c->request->pool, call->method, path, route);
    if (!route->trigger) {
        path = event_path_in_stage(event, path);
        route_find(c->front, c->request->pool, call->method, path, route);
    }
    if (!route->trigger || route->trigger->trigger->kind != TRIGGER_HTTP)
        return refuse_undeclared(c, TRIGGER_HTTP);
    return event_call_agrees(kind, event, call, path, &e) ||
           refuse_problems(c, e.what, NULL, 0);
}

static bool check_http_event(struct client *c, enum event_kind kind, const struct json *event,
                             struct passed *ret)
{
    struct route *route = &c->request->route;
    struct event_call call;
    struct err e = {0};

    if (!event_call_of(c->arena, kind, event, &call, &e))
        return refuse_problems(c, e.what, NULL, 0);
    if (!find_route(c, kind, event, &call) || !check_params(c) || !check_queries(c, &call) ||
        !check_forms(c, "/headers", &route->trigger->headers, "headers", call.headers,
                     &call.header_count) ||
        !check_records(c, route->trigger, kind, event, ret))
        return false;
    return (event_with_call(c->arena, kind, &ret->event, &call, &ret->event, &e) &&
            event_with_params(c->arena, &ret->event, route->params, route->param_count,
                              &ret->event, &e)) ||
           refuse_one(c, "", "is too large");
}

/* ---- all events ---- */

bool check_event(struct client *c, struct passed *ret)
{
    str text = c->body.len ? buf_str(&c->body) : STR("{}");
    const struct gate_trigger *g;
    enum trigger_kind trigger;
    enum event_kind kind;
    struct json *event;

    if (!check_json(c, "", text, &event))
        return false;
    kind = event_recognise(event);
    trigger = trigger_of(kind);
    g = find_trigger(c->request->pool, trigger, event);
    /* A direct event may look like anything; who declares `invoke` gets them all. */
    if (!g) {
        g = find_trigger(c->request->pool, TRIGGER_INVOKE, event);
        if (!g)
            return refuse_undeclared(c, trigger);
        trigger = TRIGGER_INVOKE;
    }
    if (trigger == TRIGGER_INVOKE)
        kind = EVENT_DIRECT; /* whatever it is, the schema speaks of all of it */
    *ret = (struct passed){.trigger = trigger, .kind = kind};
    if (trigger == TRIGGER_HTTP)
        return check_http_event(c, kind, event, ret);
    return check_records(c, g, kind, event, ret);
}

/* The event as it came, in any of the three modes that CloudEvents have over HTTP. */
static bool read_cloudevent(struct client *c, enum event_mode mode, struct json *ret)
{
    struct json *structured;
    struct err e = {0};

    if (mode == EVENT_BINARY)
        return event_cloudevent_from_request(c->arena, &c->request->head, buf_str(&c->body),
                                             ret, &e) ||
               refuse_one(c, "", e.what);
    if (!check_json(c, "", buf_str(&c->body), &structured))
        return false;
    if (mode == EVENT_STRUCTURED_BATCH && structured->kind != JSON_ARRAY)
        return refuse_one(c, "", "must be a list of CloudEvents");
    if (mode == EVENT_STRUCTURED && structured->kind != JSON_OBJECT)
        return refuse_one(c, "", "must be a CloudEvent, an object");
    *ret = *structured;
    return true;
}

bool check_cloudevent(struct client *c, struct passed *ret)
{
    const struct gate_trigger *g = c->request->route.trigger;
    struct json event;

    *ret = (struct passed){.trigger = TRIGGER_CLOUDEVENT, .kind = EVENT_CLOUDEVENT};
    return read_cloudevent(c, event_cloudevent_mode(&c->request->head), &event) &&
           check_params(c) && check_records(c, g, EVENT_CLOUDEVENT, &event, ret);
}
