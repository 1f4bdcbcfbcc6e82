/*
 * The Lambda API at the gate: which operation a path means, the read-only operations, and
 * fnward's own health and metrics.
 */
#include "run/front.h"

static bool refuse_aws(struct client *c, unsigned status, enum event_error kind,
                       const char *why)
{
    answer_refusal(
        c, &(struct refusal){
               .status = status, .type = "fnward.UnknownFunction", .why = why, .aws = kind});
    return false;
}

static bool refuse_unknown(struct client *c, str function, str qualifier)
{
    CLEANUP(buf_free) struct buf why = {0};

    buf_add(&why, STR("Function not found: "));
    event_function_arn(&why, function, qualifier);
    buf_addc(&why, 0);
    return refuse_aws(c, 404, EVENT_NOT_FOUND, why.at);
}

/* The qualifier out of the name and the query, which must not contradict each other. */
static bool find_qualifier(struct client *c, const struct event_name *name, str *ret)
{
    struct json *query = NULL;
    struct err e = {0};
    str asked;

    if (!event_query(c->arena, c->request->head.query, &query, &e))
        return refuse_aws(c, 400, EVENT_INVALID_PARAMETER, e.what);
    asked = json_get_str(query, STR("Qualifier"));
    if (asked.len && !event_qualifier_check(asked, &e))
        return refuse_aws(c, 400, EVENT_VALIDATION, e.what);
    if (asked.len && name->qualifier.len && !str_equal(asked, name->qualifier))
        return refuse_aws(c, 400, EVENT_INVALID_PARAMETER,
                          "The derived qualifier from the function name does not match the "
                          "specified qualifier.");
    *ret = asked.len ? asked : name->qualifier;
    return true;
}

/* The function of the path, by name, partial or full ARN, with or without a qualifier. */
static bool find_function(struct client *c, str text, bool invoke)
{
    struct request *r = c->request;
    struct event_name name = {0};
    struct err e = {0};
    str qualifier;

    if (!event_name_parse(text, &name, &e))
        return refuse_aws(c, 400, EVENT_VALIDATION, e.what);
    if (!find_qualifier(c, &name, &qualifier))
        return false;
    if (!qualifier.len && invoke)
        qualifier = STR("$LATEST");
    for (size_t i = 0; i < c->front->pool_count; i++)
        if (str_equal(c->front->pools[i].function->name, name.function))
            r->pool = &c->front->pools[i];
    if (!r->pool || (qualifier.len && !str_is(qualifier, "$LATEST")))
        return refuse_unknown(c, name.function, qualifier);
    return true;
}

static const str *header(struct client *c, const char *name)
{
    return http_header(&c->request->head, name);
}

static bool open_invoke(struct client *c)
{
    struct request *r = c->request;
    const str *type = header(c, "x-amz-invocation-type"), *log = header(c, "x-amz-log-type");

    r->target = TARGET_INVOKE;
    r->answer = ANSWER_INVOKE;
    r->event_type = type && str_is(*type, "Event");
    r->dry_run = type && str_is(*type, "DryRun");
    r->tail = log && str_is(*log, "Tail");
    if (type && !r->event_type && !r->dry_run && !str_is(*type, "RequestResponse"))
        return refuse_aws(c, 400, EVENT_INVALID_PARAMETER,
                          "X-Amz-Invocation-Type is RequestResponse, Event or DryRun");
    return true;
}

bool api_open(struct client *c)
{
    struct request *r = c->request;
    str rest = str_sub(r->path, strlen("/2015-03-31/"), r->path.len), part, name, operation;
    bool get = str_is(r->head.method, "GET");

    if (!str_cut(&rest, '/', &part) || !str_is(part, "functions"))
        return refuse_aws(c, 404, EVENT_NOT_FOUND, "this part of the Lambda API is not served");
    if (!str_cut(&rest, '/', &name) || !name.len) {
        r->target = TARGET_LIST;
        return get || refuse_aws(c, 405, EVENT_SERVICE, "functions come from the contract");
    }
    if (!find_function(c, name, str_is(rest, "invocations")))
        return false;
    if (!str_cut(&rest, '/', &operation)) {
        r->target = TARGET_FUNCTION;
        return get || refuse_aws(c, 405, EVENT_SERVICE, "functions come from the contract");
    }
    if (str_is(operation, "invocations") && str_is(r->head.method, "POST"))
        return open_invoke(c);
    r->target = TARGET_CONFIGURATION;
    if (str_is(operation, "configuration") && get)
        return true;
    return refuse_aws(c, 404, EVENT_NOT_FOUND, "this part of the Lambda API is not served");
}

/* ---- answers ---- */

static void configuration(struct client *c, const struct pool *p, struct buf *b)
{
    const struct snapshot_function *on_disk = &c->front->snapshot.functions[p->index];
    const struct limits *limits = &p->function->limits;
    CLEANUP(buf_free) struct buf sha = {0};
    char modified[25];

    base64_encode(&sha, (str){(const char *)on_disk->sha256, sizeof(on_disk->sha256)});
    clock_iso(on_disk->modified_ms, modified);
    event_configuration(b, &(struct event_configuration){
                               .name = p->function->name,
                               .runtime = str_of(runtime_name(p->function->runtime)),
                               .handler = p->function->handler,
                               .code_sha256 = buf_str(&sha),
                               .modified = str_of(modified),
                               .code_size = on_disk->code_size,
                               .memory_mb = limits->memory >> 20,
                               .timeout_s = (limits->timeout_ms + 999) / 1000,
                               .tmp_mb = limits->tmp >> 20,
                           });
}

static void list(struct client *c, struct buf *b)
{
    buf_add(b, STR("{\"Functions\":["));
    for (size_t i = 0; i < c->front->pool_count; i++) {
        if (i)
            buf_addc(b, ',');
        configuration(c, &c->front->pools[i], b);
    }
    buf_add(b, STR("]}"));
}

static void function(struct client *c, struct buf *b)
{
    buf_add(b, STR("{\"Configuration\":"));
    configuration(c, c->request->pool, b);
    buf_add(b, STR(",\"Code\":{\"RepositoryType\":\"S3\",\"Location\":\"\"},\"Tags\":{}}"));
}

static void health(struct client *c, struct buf *b)
{
    struct front *f = c->front;

    buf_addf(b, "{\"status\":\"%s\",\"functions\":[", record_possible(f) ? "ok" : "no ledger");
    for (size_t i = 0; i < f->pool_count; i++) {
        const struct pool *p = &f->pools[i];

        buf_addf(b, "%s{\"name\":\"%s\",\"instances\":%u,\"idle\":%u,\"queued\":%u}",
                 i ? "," : "", p->name, p->count, p->idle, p->queued);
    }
    buf_add(b, STR("]}\n"));
}

static void metrics(struct client *c, struct buf *b)
{
    struct front *f = c->front;

    for (size_t i = 0; i < f->pool_count; i++) {
        const struct pool *p = &f->pools[i];

        p->watch->gauges[WATCH_INSTANCES] = p->count;
        p->watch->gauges[WATCH_BUSY] = p->count - p->starting - p->idle;
        p->watch->gauges[WATCH_QUEUED] = p->queued;
    }
    watch_prometheus(b, f->watch, f->pool_count);
}

static void configuration_only(struct client *c, struct buf *b)
{
    configuration(c, c->request->pool, b);
}

void api_answer(struct client *c)
{
    static const struct {
        void (*write)(struct client *c, struct buf *b);
        const char *type;
    } pages[] = {
        [TARGET_LIST] = {list, "application/json"},
        [TARGET_FUNCTION] = {function, "application/json"},
        [TARGET_CONFIGURATION] = {configuration_only, "application/json"},
        [TARGET_HEALTH] = {health, "application/json"},
        [TARGET_METRICS] = {metrics, "text/plain; version=0.0.4; charset=utf-8"},
    };
    CLEANUP(buf_free) struct buf body = {0};
    enum target t = c->request->target;
    size_t before = c->out.len;

    pages[t].write(c, &body);
    answer_start(c, t == TARGET_HEALTH && !record_possible(c->front) ? 503 : 200);
    answer_body(c, str_of(pages[t].type), buf_str(&body));
    client_hurry(c, before);
}
