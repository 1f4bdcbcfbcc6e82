/*
 * What the contract says a function returns, and whether it did. A caller is never told a value
 * that does not fit, nor which place it was at; the ledger has the places.
 */
#include "run/front.h"

enum { PROBLEMS_MAX = 20 };

void promise_broken(struct invocation *i, const struct refusal *why)
{
    CLEANUP(buf_free) struct buf text = {.max = LEDGER_TEXT_MAX};
    struct front *f = i->pool->front;

    refusal_text(&text, why);
    record_begin(f, LEDGER_DENIAL, i->pool, i->instance, i->id);
    ledger_text(&f->record, LEDGER_ERROR_TYPE, STR("fnward.InvalidResponse"));
    record_denial(f, "response", STR(""), buf_str(&text), 1);
    i->pool->watch->denials++;
    i->unfit = true;
}

static bool broken(struct invocation *i, const char *why)
{
    promise_broken(i, &(struct refusal){.why = why});
    return false;
}

static bool break_at(struct invocation *i, struct arena *a, const struct schema *schema,
                     const struct json *value)
{
    struct schema_problem problems[PROBLEMS_MAX];
    size_t count = schema_problems(schema, value, a, problems, PROBLEMS_MAX);

    promise_broken(i, &(struct refusal){.why = "the result is not what 'returns' says",
                                        .problems = problems,
                                        .problem_count = count});
    return false;
}

/* The text against the schema, and as we would write it. */
static bool hold(struct invocation *i, struct arena *a, const struct schema *schema, str *text)
{
    CLEANUP(buf_free) struct buf own = {.max = RESPONSE_MAX * 2};
    struct json *value;
    struct err e = {0};
    str copy;

    if (!json_read(a, *text, &json_limits_event, &value, &e))
        return broken(i, "the result is not JSON, as 'returns' says");
    if (!schema_valid(schema, value))
        return break_at(i, a, schema, value);
    json_write(&own, value);
    copy = own.failed ? (str){0} : arena_str(a, buf_str(&own));
    if (!copy.at)
        return broken(i, "the result is larger than a result may be");
    *text = copy;
    return true;
}

static bool is_json(const struct event_response *r)
{
    for (size_t k = 0; k < r->header_count; k++)
        if (str_equal_nocase(r->headers[k].name, STR("content-type")))
            return event_is_json_type(r->headers[k].value);
    return true;
}

/* False when the contract has rows by status and none is for this one. */
static bool schema_for(const struct pool *p, unsigned status, const struct schema **ret)
{
    const struct returns_rule *rule = contract_returns(p->function, status);

    *ret = NULL;
    if (p->function->returns_count && !rule)
        return false;
    if (rule)
        *ret = p->returns_by_status[rule - p->function->returns_by_status].schema;
    else if (status / 100 == 2)
        *ret = p->returns.schema;
    return true;
}

bool promise_response(struct invocation *i, struct arena *a, struct event_response *r)
{
    const struct schema *schema;

    if (!schema_for(i->pool, r->status, &schema))
        return broken(i, arena_format(a, "'returns' names no status %u", r->status).at);
    if (!schema || r->status == 204 || r->status == 304)
        return true; /* nothing is said, or there is no body */
    if (!is_json(r))
        return broken(i, "the response is not of a JSON type, as 'returns' says");
    return hold(i, a, schema, &r->body);
}

/* ---- a payload that is a response, in its own words ---- */

static struct json *member(struct json *v, str name)
{
    for (uint32_t k = 0; k < v->count; k++)
        if (str_equal(v->members[k].name, name))
            return &v->members[k].value;
    return NULL;
}

/* Puts the body that was checked in the place of the one that was not. */
static void set_body(struct arena *a, struct json *payload, str body)
{
    const struct json *encoded = json_get(payload, STR("isBase64Encoded"));
    struct json *place = member(payload, STR("body"));
    CLEANUP(buf_free) struct buf base64 = {.max = RESPONSE_MAX * 2};

    if (!place || !body.len)
        return;
    if (encoded && encoded->kind == JSON_TRUE) {
        base64_encode(&base64, body);
        body = arena_str(a, buf_str(&base64));
    }
    *place = (struct json){.kind = JSON_STRING, .text = body};
}

static bool hold_response(struct invocation *i, struct arena *a, str *payload)
{
    CLEANUP(buf_free) struct buf own = {.max = RESPONSE_MAX * 2};
    struct event_response r = {0};
    struct json *value;
    struct err e = {0};

    if (!event_to_response(a, *payload, &r, &e))
        return broken(i, e.what);
    if (!promise_response(i, a, &r))
        return false;
    if (!json_read(a, *payload, &json_limits_event, &value, &e))
        return broken(i, "the result is not JSON");
    if (json_get(value, STR("statusCode")))
        set_body(a, value, r.body);
    json_write(&own, value);
    *payload = own.failed ? (str){0} : arena_str(a, buf_str(&own));
    return payload->at || broken(i, "the result is larger than a result may be");
}

bool promise_made(const struct pool *p)
{
    return p->returns.schema || p->function->returns_count;
}

bool promise_payload(struct invocation *i, struct arena *a, str *payload)
{
    const struct pool *p = i->pool;

    if (p->function->returns_count || i->trigger == trigger_name(TRIGGER_HTTP))
        return hold_response(i, a, payload);
    return hold(i, a, p->returns.schema, payload);
}
