/*
 * The gate: whether a request may speak, where it goes, and whether what it carries is what
 * the contract's schemas say. Closed by default.
 */
#include "run/front.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

enum { ASYNC_MAX = 1 << 20 };

static bool refuse(struct client *c, unsigned status, const char *type, const char *why)
{
    answer_refusal(
        c, &(struct refusal){
               .status = status, .type = type, .why = why, .aws = EVENT_INVALID_CONTENT});
    return false;
}

/* ---- who may speak at all ---- */

static bool has_token(struct client *c)
{
    const struct snapshot_settings *s = &c->front->snapshot.settings;
    const str *given = http_header(&c->request->head, "authorization");
    uint8_t digest[32];
    unsigned n = 0;
    str token;

    if (!s->has_token)
        return true;
    if (!given || !str_equal_nocase(str_sub(*given, 0, 7), STR("Bearer ")))
        return false;
    token = str_trim(str_sub(*given, 7, given->len));
    if (EVP_Digest(token.at, token.len, digest, &n, EVP_sha256(), NULL) != 1)
        return false;
    return CRYPTO_memcmp(digest, s->token_sha256, sizeof(digest)) == 0;
}

static str without_port(str host)
{
    size_t i = host.len;

    while (i && host.at[i - 1] >= '0' && host.at[i - 1] <= '9')
        i--;
    return i && host.at[i - 1] == ':' ? str_sub(host, 0, i - 1) : host;
}

/* A web page can make a browser call loopback, also under a name of its own. Where only this
 * machine may call, such names are refused, and what the browser marks as another site's. */
static bool is_local_call(struct client *c)
{
    static const char *const local[] = {"localhost", "127.0.0.1", "[::1]"};
    const str *host = http_header(&c->request->head, "host");
    const str *site = http_header(&c->request->head, "sec-fetch-site");

    if (!c->front->snapshot.settings.loopback_only)
        return true;
    if (site && (str_is(*site, "cross-site") || str_is(*site, "same-site")))
        return false;
    for (size_t i = 0; host && i < COUNT(local); i++)
        if (str_equal_nocase(without_port(*host), str_of(local[i])))
            return true;
    return !host && c->request->head.minor == 0;
}

/* ---- the head ---- */

static bool takes_type(struct client *c)
{
    const struct gate_trigger *g = c->request->route.trigger;
    enum event_mode mode = event_cloudevent_mode(&c->request->head);

    if (g->trigger->kind != TRIGGER_CLOUDEVENT)
        return !g->body.schema || event_is_json(&c->request->head) ||
               refuse(c, 415, "fnward.WrongContentType",
                      "this route takes application/json and nothing else");
    if (mode == EVENT_NO_CLOUDEVENT)
        return refuse(c, 415, "fnward.WrongContentType",
                      "this route takes CloudEvents: application/cloudevents+json, or the "
                      "attributes as ce- headers");
    return mode != EVENT_STRUCTURED_BATCH || g->trigger->batch ||
           refuse(c, 415, "fnward.WrongContentType", "this route takes no batches");
}

static bool open_route(struct client *c)
{
    struct request *r = c->request;

    route_find(c->front, NULL, r->head.method, r->path, &r->route);
    r->pool = r->route.pool;
    if (r->route.trigger) {
        r->target = TARGET_ROUTE;
        r->answer = ANSWER_HTTP;
        return takes_type(c);
    }
    if (!r->route.allow[0])
        return refuse(c, 404, "fnward.UndeclaredRoute", "no function declares this route");
    answer_refusal(c, &(struct refusal){.status = 405,
                                        .type = "fnward.UndeclaredMethod",
                                        .why = "the route is not declared for this method",
                                        .allow = r->route.allow});
    return false;
}

static bool open_own(struct client *c, str name)
{
    struct request *r = c->request;

    if (str_is(name, "health"))
        r->target = TARGET_HEALTH;
    else if (str_is(name, "metrics"))
        r->target = TARGET_METRICS;
    else
        return refuse(c, 404, "fnward.UndeclaredRoute", "there is no such page");
    if (str_is(r->head.method, "GET"))
        return true;
    answer_refusal(c, &(struct refusal){.status = 405,
                                        .type = "fnward.UndeclaredMethod",
                                        .why = "only GET is answered here",
                                        .allow = "GET"});
    return false;
}

bool gate_open(struct client *c)
{
    struct request *r = c->request;
    bool is_health = str_is(r->head.path, "/_fnward/health");

    if (!http_path(c->arena, r->head.path, &r->path))
        return refuse(c, 400, "fnward.BadPath",
                      "the path has '.', '..', empty or wrongly encoded segments");
    r->is_api = str_starts(r->path, STR("/2015-03-31/"));
    if (!is_local_call(c))
        return refuse(c, 403, "fnward.ForeignHost",
                      "only calls from this machine, to localhost by name or address, pass");
    if (!is_health && !has_token(c))
        return refuse(c, 401, "fnward.Unauthorized", "a valid bearer token is needed");
    if (str_starts(r->path, STR("/_fnward/")))
        return open_own(c, str_sub(r->path, 9, r->path.len));
    return r->is_api ? api_open(c) : open_route(c);
}

uint64_t gate_body_max(const struct client *c)
{
    const struct request *r = c->request;
    const struct function *fn = r->pool ? r->pool->function : NULL;

    if (r->target == TARGET_ROUTE)
        return r->route.trigger->body.schema ? fn->limits.body : 0;
    if (r->target == TARGET_INVOKE)
        return r->event_type && fn->limits.body > ASYNC_MAX ? ASYNC_MAX : fn->limits.body;
    return 0;
}

/* ---- passing ---- */

/* A route's event tells the gate's own trace id; the Lambda API lets its caller say one. */
static void take_trace(const struct client *c, struct invocation *i)
{
    const str *given = http_header(&c->request->head, "x-amzn-trace-id");
    CLEANUP(buf_free) struct buf own = {0};
    str trace;

    event_trace_id(&own, str_of(i->id), i->wall_ms);
    trace = i->to != ANSWER_HTTP && given && given->len ? *given : buf_str(&own);
    if (trace.len < sizeof(i->trace))
        memcpy(i->trace, trace.at, trace.len);
}

static struct invocation *new_invocation(struct client *c, enum trigger_kind kind)
{
    struct request *r = c->request;
    struct invocation *i = invocation_new(r->pool, r->id);

    if (!i)
        return NULL;
    i->to = r->answer;
    i->tail = r->tail;
    i->wall_ms = r->wall_ms;
    i->trigger = trigger_name(kind);
    i->change_count = r->change_count;
    memcpy(i->changes, r->changes, sizeof(i->changes));
    if (trigger_has_route(kind) && r->route.trigger) {
        snprintf(i->method, sizeof(i->method), "%.*s", STR_ARG(r->head.method));
        i->route = r->route.trigger->trigger->path;
    }
    take_trace(c, i);
    return i;
}

/* Hands the invocation to its pool; the caller waits, unless it asked not to. */
static void submit(struct client *c, struct invocation *i)
{
    struct pool *p = i->pool;
    bool waits = i->to != ANSWER_NOBODY;

    if (i->event.failed || i->context.failed) {
        invocation_free(i);
        refuse(c, 413, "fnward.TooLarge", "the event is larger than an event may be");
        return;
    }
    if (waits) {
        i->client = c;
        c->invocation = i;
    }
    if (!pool_submit(p, i)) {
        c->invocation = NULL;
        invocation_free(i);
        answer_refusal(c,
                       &(struct refusal){.status = 429,
                                         .type = "fnward.Throttled",
                                         .why = "all instances are busy and the queue is full",
                                         .aws = EVENT_THROTTLED,
                                         .retry_after = "1"});
        return;
    }
    if (!waits)
        answer_accepted(c);
}

static bool take_token(struct client *c)
{
    /* The one client is the user's own command, which has nobody to share with. */
    if (c->front->snapshot.settings.one_client || pool_take_token(c->request->pool))
        return true;
    answer_refusal(c, &(struct refusal){.status = 429,
                                        .type = "fnward.Throttled",
                                        .why = "more calls than the function's rate allows",
                                        .aws = EVENT_THROTTLED,
                                        .retry_after = "1"});
    return false;
}

static void pass_route(struct client *c)
{
    struct request *r = c->request;
    CLEANUP(buf_free) struct buf body = {.max = RESPONSE_MAX};
    struct invocation *i;
    struct event_request request;
    struct err e = {0};

    if (!take_token(c) || !check_request(c, &body))
        return;
    i = new_invocation(c, TRIGGER_HTTP);
    if (!i) {
        refuse(c, 503, "fnward.NoMemory", "there is no memory for this request");
        return;
    }
    request = (struct event_request){
        .head = &r->head,
        .path = r->path,
        .route = arena_format(c->arena, "%.*s %.*s", STR_ARG(r->route.trigger->trigger->method),
                              STR_ARG(r->route.trigger->trigger->path)),
        .body = buf_str(&body),
        .query = r->query,
        .headers = r->headers,
        .params = r->route.params,
        .param_count = r->route.param_count,
        .source_ip = str_of(c->ip),
        .request_id = str_of(r->id),
        .domain = http_header(&r->head, "host") ? *http_header(&r->head, "host") : STR(""),
        .function = r->pool->function->name,
        .tls = c->ssl != NULL,
        .wall_ms = r->wall_ms,
    };
    if (!event_from_request(c->arena, &request, &i->event, &e)) {
        invocation_free(i);
        refuse(c, 400, "fnward.BadRequest", e.what);
        return;
    }
    submit(c, i);
}

/* The client context arrives as base64 of JSON, and reaches the function as JSON. */
static bool take_context(struct client *c, struct invocation *i)
{
    enum { CONTEXT_MAX = 3583 };
    const str *given = http_header(&c->request->head, "x-amz-client-context");
    struct json *value;
    struct err e = {0};
    str text;

    if (!given)
        return true;
    if (given->len > CONTEXT_MAX || !base64_decode(c->arena, *given, &text) ||
        !json_read(c->arena, text, &json_limits_event, &value, &e))
        return false;
    json_write(&i->context, value);
    return true;
}

/* Nothing of the event is left for the function, whose answer is given for it. */
static void pass_nothing(struct client *c, const struct passed *p)
{
    CLEANUP(buf_free) struct buf body = {.max = RESPONSE_MAX};

    if (c->request->answer == ANSWER_NOBODY)
        answer_accepted(c);
    else if (batch_answer_alone(c, p, &body))
        answer_uncalled(c, buf_str(&body));
    else
        refuse(c, 503, "fnward.NoMemory", "there is no memory for this request");
}

/* NULL when the request has been answered. */
static struct invocation *invocation_of(struct client *c, const struct passed *p)
{
    struct invocation *i = new_invocation(c, p->trigger);

    if (i && batch_keep(p, &i->batch)) {
        json_write(&i->event, &p->event);
        return i;
    }
    if (i)
        invocation_free(i);
    refuse(c, 503, "fnward.NoMemory", "there is no memory for this request");
    return NULL;
}

static void pass_cloudevent(struct client *c)
{
    struct passed passed = {0};
    struct invocation *i;

    if (!take_token(c) || !check_cloudevent(c, &passed))
        return;
    if (passed.nothing) {
        pass_nothing(c, &passed);
        return;
    }
    i = invocation_of(c, &passed);
    if (i)
        submit(c, i);
}

static void pass_invoke(struct client *c)
{
    struct request *r = c->request;
    struct passed passed = {0};
    struct invocation *i;

    if (!take_token(c) || !check_event(c, &passed))
        return;
    if (r->dry_run) {
        answer_accepted(c);
        return;
    }
    if (r->event_type)
        r->answer = ANSWER_NOBODY;
    if (passed.nothing) {
        pass_nothing(c, &passed);
        return;
    }
    i = invocation_of(c, &passed);
    if (!i)
        return;
    if (take_context(c, i)) {
        submit(c, i);
        return;
    }
    invocation_free(i);
    refuse(c, 400, "fnward.BadRequest", "X-Amz-Client-Context is not base64 of JSON");
}

void gate_pass(struct client *c)
{
    enum target t = c->request->target;

    if (t != TARGET_ROUTE && t != TARGET_INVOKE)
        api_answer(c);
    else if (!record_possible(c->front))
        refuse(c, 503, "fnward.NoLedger",
               "nothing runs unrecorded, and the ledger cannot be written now");
    else if (t == TARGET_ROUTE &&
             c->request->route.trigger->trigger->kind == TRIGGER_CLOUDEVENT)
        pass_cloudevent(c);
    else if (t == TARGET_ROUTE)
        pass_route(c);
    else
        pass_invoke(c);
}
