/*
 * Which trigger an event belongs to, by the marks that AWS puts on it. What carries no mark, or
 * marks of two triggers, is a direct invocation.
 */
#include "event/tree.h"

static bool is_object(const struct json *v)
{
    return v && v->kind == JSON_OBJECT;
}

static bool is_string(const struct json *v)
{
    return v && v->kind == JSON_STRING;
}

/* ---- batches: {"Records": [{"eventSource": "aws:sqs", ...}]} ---- */

static const struct {
    const char *source;
    enum event_kind kind;
    const char *holds; /* the member that a record of it has */
} sources[] = {
    {"aws:sqs", EVENT_SQS, "body"},
    {"aws:sns", EVENT_SNS, "Sns"},
    {"aws:s3", EVENT_S3, "s3"},
    {"aws:dynamodb", EVENT_DYNAMODB, "dynamodb"},
    {"aws:kinesis", EVENT_KINESIS, "kinesis"},
};

static enum event_kind record_kind(const struct json *record)
{
    str source = json_get_str(record, STR("eventSource"));

    if (!source.len)
        source = json_get_str(record, STR("EventSource")); /* SNS alone */
    for (size_t i = 0; i < COUNT(sources); i++)
        if (str_is(source, sources[i].source) && json_get(record, str_of(sources[i].holds)))
            return sources[i].kind;
    return EVENT_DIRECT;
}

static enum event_kind batch_kind(const struct json *event)
{
    const struct json *records = json_get(event, STR("Records"));
    enum event_kind kind;

    if (!records || records->kind != JSON_ARRAY || !records->count)
        return EVENT_DIRECT;
    kind = record_kind(&records->items[0]);
    for (uint32_t i = 1; i < records->count; i++)
        if (record_kind(&records->items[i]) != kind)
            return EVENT_DIRECT;
    return kind;
}

/* ---- requests: {"requestContext": {...}} ---- */

static enum event_kind request_kind(const struct json *event)
{
    const struct json *context = json_get(event, STR("requestContext"));
    bool method = is_string(json_get(event, STR("httpMethod")));

    if (!is_object(context))
        return EVENT_DIRECT;
    /* An authorizer's event is a request too, but asks another question; a WebSocket's message
     * has no answer. */
    if (json_get(event, STR("type")) || json_get(context, STR("connectionId")))
        return EVENT_DIRECT;
    if (str_is(json_get_str(event, STR("version")), "2.0") &&
        is_object(json_get(context, STR("http"))))
        return EVENT_HTTP_V2;
    if (method && is_object(json_get(context, STR("elb"))))
        return EVENT_ALB;
    return method && is_string(json_get(event, STR("resource"))) ? EVENT_HTTP_V1 : EVENT_DIRECT;
}

/* ---- EventBridge: {"detail-type": "...", "source": "...", "detail": {...}} ---- */

static enum event_kind bus_kind(const struct json *event)
{
    str type = json_get_str(event, STR("detail-type"));
    str source = json_get_str(event, STR("source"));

    if (!type.len || !source.len || !is_object(json_get(event, STR("detail"))))
        return EVENT_DIRECT;
    if (str_is(type, "Scheduled Event") &&
        (str_is(source, "aws.events") || str_is(source, "aws.scheduler")))
        return EVENT_SCHEDULE;
    return EVENT_EVENTBRIDGE;
}

enum event_kind event_recognise(const struct json *event)
{
    enum event_kind found = EVENT_DIRECT;
    enum event_kind kinds[] = {batch_kind(event), request_kind(event), bus_kind(event)};

    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (kinds[i] == EVENT_DIRECT)
            continue;
        if (found != EVENT_DIRECT)
            return EVENT_DIRECT;
        found = kinds[i];
    }
    return found;
}
