/*
 * What callers are told, in the shape that their side of the gate speaks (plain HTTP, or the
 * Lambda API): how an answer begins and ends, and refusals.
 */
#include "run/front.h"

void answer_start(struct client *c, unsigned status)
{
    struct request *r = c->request;
    struct buf *out = &c->out;

    if (!r->head.keep_alive || c->front->draining)
        c->close_after = true;
    http_write_status(out, status);
    http_write_header(out, STR("Date"), front_date(c->front));
    http_write_header(out, r->is_api ? STR("x-amzn-RequestId") : STR("X-Request-Id"),
                      str_of(r->id));
    if (c->close_after)
        http_write_header(out, STR("Connection"), STR("close"));
    else if (r->head.minor == 0)
        http_write_header(out, STR("Connection"), STR("keep-alive"));
}

void answer_body(struct client *c, str content_type, str body)
{
    if (content_type.len)
        http_write_header(&c->out, STR("Content-Type"), content_type);
    if (str_is(c->request->head.method, "HEAD"))
        buf_addf(&c->out, "Content-Length: %zu\r\n\r\n", body.len);
    else
        http_write_body(&c->out, body);
    client_answered(c);
}

/* ---- refusals ---- */

static void problems_json(struct buf *b, const struct refusal *r)
{
    buf_add(b, STR(",\"problems\":["));
    for (size_t i = 0; i < r->problem_count; i++) {
        buf_add(b, i ? STR(",{\"where\":") : STR("{\"where\":"));
        json_write_str(b, r->problems[i].where);
        buf_add(b, STR(",\"why\":"));
        json_write_str(b, r->problems[i].why);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

void refusal_text(struct buf *b, const struct refusal *r)
{
    buf_add(b, str_of(r->why));
    for (size_t i = 0; i < r->problem_count; i++) {
        const struct schema_problem *p = &r->problems[i];

        buf_add(b, i ? STR("; ") : STR(": "));
        if (p->where.len) /* else it is about the whole event */
            buf_addf(b, "%.*s: ", STR_ARG(p->where));
        buf_add(b, p->why);
    }
}

static const char *aws_type(const struct refusal *r)
{
    if (event_error_status(r->aws) == r->status)
        return event_error_type(r->aws);
    return r->status == 401 || r->status == 403 ? "AccessDeniedException" : "ServiceException";
}

static void refusal_api(struct client *c, const struct refusal *r, str message)
{
    CLEANUP(buf_free) struct buf body = {0};

    http_write_header(&c->out, STR("x-amzn-ErrorType"), str_of(aws_type(r)));
    event_error_body(&body, r->aws,
                     r->aws == EVENT_THROTTLED ? STR("Rate Exceeded.") : message);
    answer_body(c, STR("application/json"), buf_str(&body));
}

static void refusal_http(struct client *c, const struct refusal *r)
{
    CLEANUP(buf_free) struct buf body = {0};

    buf_add(&body, STR("{\"message\":"));
    json_write_str(&body, str_of(r->why));
    buf_addf(&body, ",\"type\":\"%s\"", r->type);
    if (r->problem_count)
        problems_json(&body, r);
    buf_addf(&body, ",\"requestId\":\"%s\"}\n", c->request->id);
    answer_body(c, STR("application/json"), buf_str(&body));
}

/* What was refused, in the ledger's words. */
static const char *action_of(unsigned status)
{
    static const struct {
        unsigned status;
        const char *action;
    } rows[] = {{401, "caller"}, {403, "caller"}, {404, "route"}, {405, "method"},
                {408, "slow"},   {413, "size"},   {415, "type"},  {429, "rate"}};

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].status == status)
            return rows[i].action;
    return "input";
}

static void record_refusal(struct client *c, const struct refusal *r, str message)
{
    struct front *f = c->front;
    struct request *request = c->request;

    if (request->pool)
        request->pool->watch->invocations[r->status == 429 ? WATCH_THROTTLED : WATCH_INVALID]++;
    if (!record_possible(f))
        return; /* what runs still needs the room that is kept for records */
    record_begin(f, LEDGER_DENIAL, request->pool, NULL, request->id);
    ledger_text(&f->record, LEDGER_ERROR_TYPE, str_of(r->type));
    if (request->head.method.len) {
        ledger_text(&f->record, LEDGER_HTTP_METHOD, request->head.method);
        ledger_text(&f->record, LEDGER_URL_PATH, request->head.path);
    }
    ledger_number(&f->record, LEDGER_HTTP_STATUS, r->status);
    ledger_text(&f->record, LEDGER_CLIENT_ADDRESS, str_of(c->ip));
    record_denial(f, action_of(r->status), STR(""), message, 1);
}

/* A body that is here already, with its head, is passed over: the connection goes on. */
static bool leaves_body_unread(struct client *c)
{
    const struct http_head *head = &c->request->head;

    if (c->state == CLIENT_HEAD && !head->chunked && head->length <= c->in.len) {
        buf_drop(&c->in, (size_t)head->length);
        return false;
    }
    return c->state != CLIENT_WAIT && (head->chunked || head->length > 0);
}

void answer_refusal(struct client *c, const struct refusal *r)
{
    CLEANUP(buf_free) struct buf message = {.max = LEDGER_TEXT_MAX};
    bool unread = leaves_body_unread(c);
    size_t before = c->out.len;

    refusal_text(&message, r);
    record_refusal(c, r, buf_str(&message));
    c->close_after |= r->close || unread;
    answer_start(c, r->status);
    if (r->retry_after)
        http_write_header(&c->out, STR("Retry-After"), str_of(r->retry_after));
    if (r->allow)
        http_write_header(&c->out, STR("Allow"), str_of(r->allow));
    if (r->status == 401)
        http_write_header(&c->out, STR("WWW-Authenticate"), STR("Bearer"));
    if (c->request->is_api)
        refusal_api(c, r, buf_str(&message));
    else
        refusal_http(c, r);
    client_hurry(c, before);
}

void answer_accepted(struct client *c)
{
    answer_start(c, c->request->dry_run ? 204 : 202);
    if (!c->request->dry_run) {
        answer_body(c, STR(""), STR(""));
        return;
    }
    http_write_end(&c->out); /* 204 has neither a body nor a length */
    client_answered(c);
}

void answer_uncalled(struct client *c, str body)
{
    if (c->request->answer == ANSWER_HTTP) {
        answer_start(c, 204);
        http_write_end(&c->out);
        client_answered(c);
        return;
    }
    answer_start(c, 200);
    http_write_header(&c->out, STR("X-Amz-Executed-Version"), STR("$LATEST"));
    answer_body(c, STR("application/json"), body);
}
