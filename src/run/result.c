/*
 * What the caller of a function is told of how its invocation ended.
 */
#include "run/front.h"

static bool tells_all(const struct invocation *i)
{
    return i->pool->function->answers.full_errors;
}

/* ---- the Lambda API ---- */

/* The lines without paths of the machine; of a failure not even what remains of such a line,
 * since it is one of a stack. The developer's own terminal gets everything. */
static void add_log(struct invocation *i, bool failed, struct buf *out)
{
    const struct pool *p = i->pool;
    str rest = buf_str(&i->log), line;

    if (tells_all(i) || p->front->snapshot.settings.one_client) {
        buf_add(out, rest);
        return;
    }
    while (str_cut(&rest, '\n', &line)) {
        CLEANUP(buf_free) struct buf clean = {0};

        event_hide_paths(&clean, line, p->roots, p->root_count);
        if (failed && !str_equal(buf_str(&clean), line))
            continue;
        buf_add(out, buf_str(&clean));
        buf_add(out, rest.at ? STR("\n") : STR(""));
    }
}

static void add_log_result(struct invocation *i, bool failed, struct buf *out)
{
    CLEANUP(buf_free) struct buf log = {0};
    CLEANUP(buf_free) struct buf encoded = {0};
    double ms = (double)(loop_now(i->pool->front->loop) - i->started_ns) / 1e6;
    str tail;

    buf_addf(&log, "START RequestId: %s Version: $LATEST\n", i->id);
    add_log(i, failed, &log);
    buf_addf(&log, "END RequestId: %s\nREPORT RequestId: %s\tDuration: %.2f ms\t", i->id, i->id,
             ms);
    buf_addf(&log, "Billed Duration: %.0f ms\tMemory Size: %u MB\t", ms + 0.999,
             (unsigned)(i->pool->function->limits.memory >> 20));
    if (i->cold)
        buf_addf(&log, "Init Duration: %.2f ms\t",
                 i->instance ? (double)i->instance->init_ns / 1e6 : 0.0);
    buf_addc(&log, '\n');
    tail = buf_str(&log);
    if (tail.len > LOG_TAIL)
        tail = str_sub(tail, tail.len - LOG_TAIL, LOG_TAIL);
    base64_encode(&encoded, tail);
    http_write_header(out, STR("X-Amz-Log-Result"), buf_str(&encoded));
}

/* What our own words tell is no secret, and AWS's to the byte. */
static bool is_own_words(enum outcome how)
{
    return how == OUTCOME_TIMEOUT || how == OUTCOME_TOO_LARGE;
}

static str error_for_caller(const struct invocation *i, enum outcome how, str payload,
                            struct buf *plain)
{
    if (i->unfit)
        return STR("{\"errorType\":\"fnward.InvalidResponse\",\"errorMessage\":"
                   "\"the function's result is not what its contract says it returns\"}");
    if (tells_all(i) || is_own_words(how))
        return payload;
    event_error_plain(plain, payload, i->pool->roots, i->pool->root_count);
    return buf_str(plain);
}

static unsigned answer_invoke(struct invocation *i, enum outcome how, str body, size_t *bytes)
{
    struct client *c = i->client;
    CLEANUP(buf_free) struct buf plain = {0};
    bool failed = how != OUTCOME_OK;

    if (failed)
        body = error_for_caller(i, how, body, &plain);
    *bytes = body.len;
    if (!c)
        return 0;
    answer_start(c, 200);
    http_write_header(&c->out, STR("X-Amz-Executed-Version"), STR("$LATEST"));
    if (failed)
        http_write_header(&c->out, STR("X-Amz-Function-Error"), STR("Unhandled"));
    if (i->tail)
        add_log_result(i, failed, &c->out);
    answer_body(c, STR("application/json"), body);
    return 200;
}

/* ---- plain HTTP ---- */

/* As API Gateway words it; with `errors: full` what the function reported stands beside it. */
static unsigned answer_broken(struct invocation *i, str payload)
{
    struct client *c = i->client;
    CLEANUP(buf_free) struct buf body = {.max = RESPONSE_MAX * 2};
    struct json *error = NULL;
    struct err e = {0};

    buf_add(&body, STR("{\"message\":\"Internal Server Error\""));
    if (payload.len && tells_all(i) &&
        json_read(c->arena, payload, &json_limits_event, &error, &e)) {
        buf_add(&body, STR(",\"error\":"));
        json_write(&body, error);
    }
    buf_addc(&body, '}');
    answer_start(c, 502);
    answer_body(c, STR("application/json"), buf_str(&body));
    return 502;
}

static void write_response(struct client *c, const struct event_response *r)
{
    answer_start(c, r->status);
    for (size_t i = 0; i < r->header_count; i++)
        http_write_header(&c->out, r->headers[i].name, r->headers[i].value);
    for (size_t i = 0; i < r->cookie_count; i++)
        http_write_header(&c->out, STR("Set-Cookie"), r->cookies[i]);
    if (r->status != 204 && r->status != 304) {
        answer_body(c, r->content_type, r->body);
        return;
    }
    http_write_end(&c->out);
    client_answered(c);
}

/* JSON within the result's JSON is escaped twice there, and here as a secret may leak. */
static void redact_body(struct invocation *i, struct buf *clean, str *body)
{
    size_t found = redact_text(i->pool->front->redact, *body, clean);

    if (!found)
        return;
    *body = buf_str(clean);
    i->redactions += found;
    i->pool->watch->redactions += found;
}

/* Headers are counted in the invocation's own record; a cookie is worth one of its own. */
static void record_dropped(struct invocation *i, const struct event_dropped *dropped)
{
    struct front *f = i->pool->front;

    i->headers_dropped = dropped->header_count;
    buf_add(&i->header_names, dropped->headers);
    for (size_t k = 0; k < dropped->cookie_count; k++) {
        record_begin(f, LEDGER_DENIAL, i->pool, i->instance, i->id);
        record_denial(f, "cookie", dropped->cookies[k].name, str_of(dropped->cookies[k].why),
                      1);
        i->pool->watch->denials++;
    }
}

/* What of the response may leave; false when it can't at all. */
static bool harden(struct invocation *i, struct event_response *r)
{
    struct client *c = i->client;
    const str *host = http_header(&c->request->head, "host");
    struct event_exit exit = {
        .answers = &i->pool->function->answers,
        .host = host ? *host : STR(""),
        .tls = c->ssl != NULL,
        .is_public = !c->front->snapshot.settings.loopback_only,
    };
    struct event_dropped dropped;
    struct err e = {0};

    if (!event_harden(c->arena, &exit, r, &dropped, &e)) {
        promise_broken(i, &(struct refusal){.why = e.what});
        return false;
    }
    record_dropped(i, &dropped);
    return true;
}

static unsigned answer_http(struct invocation *i, enum outcome how, str body, size_t *bytes)
{
    struct client *c = i->client;
    struct event_response response = {0};
    CLEANUP(buf_free) struct buf clean = {.max = RESPONSE_MAX * 2};
    unsigned status;
    struct err e = {0};

    if (how != OUTCOME_OK)
        return answer_broken(i, body);
    if (!event_to_response(c->arena, body, &response, &e)) {
        promise_broken(i, &(struct refusal){.why = e.what});
        return answer_broken(i, STR(""));
    }
    redact_body(i, &clean, &response.body);
    if (!promise_response(i, c->arena, &response) || !harden(i, &response))
        return answer_broken(i, STR(""));
    status = response.status;
    *bytes = response.body.len;
    write_response(c, &response);
    return status;
}

/* ---- either ---- */

/* Whether what an Invoke caller is to get can leave; it then stands in *body. */
static bool may_leave(struct invocation *i, struct arena *a, struct buf *merged, str *body)
{
    if (promise_made(i->pool) && (!a || !promise_payload(i, a, body)))
        return false;
    if (!i->client || !i->batch)
        return true;
    if (!batch_answer(i->batch, *body, merged)) {
        promise_broken(i,
                       &(struct refusal){.why = "there is no memory for the batch's answer"});
        return false;
    }
    *body = buf_str(merged);
    return true;
}

unsigned answer_invocation(struct invocation *i, enum outcome *how, str body, size_t *bytes)
{
    CLEANUP(arena_freep) struct arena *a = NULL;
    CLEANUP(buf_free) struct buf merged = {.max = RESPONSE_MAX * 2};
    unsigned status;

    *bytes = body.len;
    if (i->client && i->to == ANSWER_HTTP) {
        status = answer_http(i, *how, body, bytes);
    } else {
        if (promise_made(i->pool))
            a = arena_new(0);
        i->unfit = *how == OUTCOME_OK && !may_leave(i, a, &merged, &body);
        status = answer_invoke(i, i->unfit ? OUTCOME_ERROR : *how, body, bytes);
    }
    if (i->unfit)
        *how = OUTCOME_ERROR;
    return status;
}
