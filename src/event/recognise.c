/*
 * What an event is, by the marks that its source puts on it. What carries no mark, or the marks
 * of two kinds, is a direct invocation.
 */
#include "event/tree.h"

/* What a member must be. */
enum form { ANY, TEXT, MAP, LIST, NUMBER, TRUTH, ABSENT };

/* A row stands for one thing that must be seen; `in` is the member of the event that holds it. */
struct mark {
    const char *in, *name;
    enum form form;
    const char *is; /* TEXT: exactly this */
};

static bool has_form(const struct json *v, enum form form)
{
    static const enum json_kind kinds[] = {
        [TEXT] = JSON_STRING, [MAP] = JSON_OBJECT, [LIST] = JSON_ARRAY, [NUMBER] = JSON_NUMBER};

    if (!v || form == ABSENT)
        return !v == (form == ABSENT);
    if (form == TRUTH)
        return v->kind == JSON_TRUE || v->kind == JSON_FALSE;
    return form == ANY || v->kind == kinds[form];
}

static bool is_seen(const struct json *event, const struct mark *m)
{
    const struct json *holder = m->in ? json_get(event, str_of(m->in)) : event;
    const struct json *v = json_get(holder, str_of(m->name));

    return has_form(v, m->form) && (!m->is || str_is(v->text, m->is));
}

enum { MARKS_MAX = 5, MEMBERS_MAX = 64 }; /* no source sends so many */

// clang-format off
static const struct shape {
    enum event_kind kind;
    struct mark marks[MARKS_MAX];
} shapes[] = {
    /* requests */
    {EVENT_HTTP_V2, {{NULL, "version", TEXT, "2.0"}, {"requestContext", "http", MAP},
                     {NULL, "type", ABSENT}, {"requestContext", "connectionId", ABSENT}}},
    {EVENT_HTTP_V1, {{NULL, "httpMethod", TEXT}, {NULL, "resource", TEXT},
                     {NULL, "requestContext", MAP}, {NULL, "type", ABSENT},
                     {"requestContext", "connectionId", ABSENT}}},
    {EVENT_ALB, {{NULL, "httpMethod", TEXT}, {"requestContext", "elb", MAP}}},
    {EVENT_WEBSOCKET, {{"requestContext", "connectionId", TEXT}, {NULL, "type", ABSENT}}},
    {EVENT_AUTHORIZER, {{NULL, "type", TEXT, "TOKEN"}, {NULL, "authorizationToken", TEXT},
                        {NULL, "methodArn", TEXT}}},
    {EVENT_AUTHORIZER, {{NULL, "type", TEXT, "REQUEST"}, {NULL, "methodArn", TEXT}}},
    {EVENT_AUTHORIZER, {{NULL, "type", TEXT, "REQUEST"}, {NULL, "routeArn", TEXT}}},
    {EVENT_AUTHORIZER, {{NULL, "authorizationToken", TEXT},
                        {"requestContext", "queryString", TEXT}}},
    {EVENT_AUTHORIZER, {{NULL, "token", TEXT}, {NULL, "protocols", LIST},
                        {NULL, "protocolData", MAP}}},

    /* messages and streams that come otherwise than under "Records" */
    {EVENT_FIREHOSE, {{NULL, "invocationId", TEXT}, {NULL, "deliveryStreamArn", TEXT},
                      {NULL, "records", LIST}}},
    {EVENT_ANALYTICS, {{NULL, "invocationId", TEXT}, {NULL, "applicationArn", TEXT},
                       {NULL, "records", LIST}}},
    {EVENT_KAFKA, {{NULL, "eventSource", TEXT, "aws:kafka"}, {NULL, "records", MAP}}},
    {EVENT_KAFKA, {{NULL, "eventSource", TEXT, "SelfManagedKafka"}, {NULL, "records", MAP}}},
    {EVENT_ACTIVEMQ, {{NULL, "eventSource", TEXT, "aws:mq"}, {NULL, "messages", LIST}}},
    {EVENT_RABBITMQ, {{NULL, "eventSource", TEXT, "aws:rmq"},
                      {NULL, "rmqMessagesByQueue", MAP}}},
    {EVENT_LOGS, {{"awslogs", "data", TEXT}}},
    {EVENT_S3_TEST, {{NULL, "Service", TEXT, "Amazon S3"}, {NULL, "Event", TEXT, "s3:TestEvent"},
                     {NULL, "Bucket", TEXT}}},
    {EVENT_S3_BATCH, {{NULL, "invocationSchemaVersion", TEXT}, {NULL, "job", MAP},
                      {NULL, "tasks", LIST}}},
    {EVENT_S3_OBJECT, {{NULL, "xAmzRequestId", TEXT}, {NULL, "userRequest", MAP},
                       {NULL, "configuration", MAP}}},

    /* buses */
    {EVENT_CLOUDEVENT, {{NULL, "specversion", TEXT}, {NULL, "type", TEXT},
                        {NULL, "source", TEXT}, {NULL, "id", TEXT}}},
    {EVENT_EVENTBRIDGE, {{NULL, "detail-type", TEXT}, {NULL, "source", TEXT},
                         {NULL, "detail", MAP}}},
    {EVENT_CODEPIPELINE, {{NULL, "CodePipeline.job", MAP}}},
    {EVENT_CONFIG, {{NULL, "configRuleName", TEXT}, {NULL, "invokingEvent", TEXT},
                    {NULL, "resultToken", TEXT}}},

    /* services that ask a function to decide something */
    {EVENT_COGNITO, {{NULL, "userPoolId", TEXT}, {NULL, "triggerSource", TEXT},
                     {NULL, "request", MAP}, {NULL, "response", MAP}}},
    {EVENT_COGNITO, {{NULL, "identityPoolId", TEXT}, {NULL, "datasetName", TEXT},
                     {NULL, "datasetRecords", MAP}}},
    {EVENT_APPSYNC, {{NULL, "arguments", MAP}, {"info", "fieldName", TEXT}}},
    {EVENT_APPSYNC, {{NULL, "sub", TEXT}, {NULL, "issuer", TEXT}, {NULL, "claims", MAP},
                     {NULL, "defaultAuthStrategy", TEXT}}},
    {EVENT_APPSYNC, {{NULL, "cognitoIdentityAuthType", ANY}, {NULL, "userArn", TEXT},
                     {NULL, "sourceIp", LIST}}},
    {EVENT_LEX, {{NULL, "bot", MAP}, {NULL, "currentIntent", MAP}}},
    {EVENT_LEX, {{NULL, "bot", MAP}, {NULL, "sessionState", MAP}}},
    {EVENT_CONNECT, {{NULL, "Name", TEXT, "ContactFlowEvent"}, {NULL, "Details", MAP}}},
    {EVENT_CONNECT, {{NULL, "Name", TEXT}, {"Details", "ContactData", MAP}}},
    {EVENT_IOT, {{NULL, "serialNumber", TEXT}, {NULL, "clickType", TEXT}}},
    {EVENT_IOT, {{NULL, "deviceEvent", MAP}, {NULL, "deviceInfo", MAP},
                 {NULL, "placementInfo", MAP}}},
    {EVENT_IOT, {{NULL, "claimCertificateId", TEXT}, {NULL, "templateArn", TEXT},
                 {NULL, "parameters", MAP}}},
    {EVENT_VPN, {{NULL, "connection-id", TEXT}, {NULL, "endpoint-id", TEXT},
                 {NULL, "schema-version", TEXT}}},
    {EVENT_ROTATION, {{NULL, "Step", TEXT}, {NULL, "SecretId", TEXT},
                      {NULL, "ClientRequestToken", TEXT}}},

    /* what functions answer: no events, but what one may be given that another answered */
    {EVENT_RESPONSE, {{NULL, "statusCode", NUMBER}, {NULL, "httpMethod", ABSENT}}},
    {EVENT_RESPONSE, {{NULL, "principalId", TEXT}, {NULL, "policyDocument", MAP}}},
    {EVENT_RESPONSE, {{NULL, "principalId", TEXT}, {NULL, "policyDocuments", LIST}}},
    {EVENT_RESPONSE, {{NULL, "isAuthorized", TRUTH}}},
    {EVENT_RESPONSE, {{NULL, "allowProvisioning", TRUTH}}},
    {EVENT_RESPONSE, {{NULL, "dialogAction", MAP}, {NULL, "currentIntent", ABSENT}}},
    {EVENT_RESPONSE, {{NULL, "batchItemFailures", LIST}}},
    {EVENT_RESPONSE, {{NULL, "invocationSchemaVersion", TEXT}, {NULL, "results", LIST}}},
};

/* {"Records": [{"eventSource": "aws:sqs", ...}]} */
static const struct {
    const char *source;
    enum event_kind kind;
} sources[] = {
    {"aws:sqs", EVENT_SQS},           {"aws:sns", EVENT_SNS},
    {"aws:s3", EVENT_S3},             {"aws:dynamodb", EVENT_DYNAMODB},
    {"aws:kinesis", EVENT_KINESIS},   {"aws:ses", EVENT_SES},
    {"aws:codecommit", EVENT_CODECOMMIT},
};
// clang-format on

/* Which letters names begin with, as bits: few of the shapes are worth a closer look. */
static uint64_t beginning(char c)
{
    return 1ull << (c & 63);
}

static uint64_t beginnings(const struct json *event)
{
    uint64_t set = 0;

    for (uint32_t i = 0; i < event->count; i++)
        if (event->members[i].name.len)
            set |= beginning(event->members[i].name.at[0]);
    return set;
}

static bool may_be(uint64_t set, const struct shape *s)
{
    const struct mark *first = &s->marks[0];

    return set & beginning(first->in ? first->in[0] : first->name[0]);
}

static bool is_shape(const struct json *event, const struct shape *s)
{
    for (size_t i = 0; i < MARKS_MAX && s->marks[i].name; i++)
        if (!is_seen(event, &s->marks[i]))
            return false;
    return true;
}

static enum event_kind record_kind(const struct json *record)
{
    str source = json_get_str(record, STR("eventSource"));

    if (!source.len)
        source = json_get_str(record, STR("EventSource")); /* SNS alone */
    for (size_t i = 0; i < COUNT(sources); i++)
        if (str_is(source, sources[i].source))
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

/* {"records": [{"recordId": "...", "result": "Ok"}]} */
static bool is_transformed(const struct json *event)
{
    const struct json *records = json_get(event, STR("records"));

    return records && records->kind == JSON_ARRAY && records->count &&
           json_get_str(&records->items[0], STR("recordId")).len &&
           json_get_str(&records->items[0], STR("result")).len;
}

static bool is_scheduled(const struct json *event)
{
    str source = json_get_str(event, STR("source"));

    return str_is(json_get_str(event, STR("detail-type")), "Scheduled Event") &&
           (str_is(source, "aws.events") || str_is(source, "aws.scheduler"));
}

enum event_kind event_recognise(const struct json *event)
{
    enum event_kind found;
    uint64_t set;

    if (!event || event->kind != JSON_OBJECT || event->count > MEMBERS_MAX)
        return EVENT_DIRECT;
    found = batch_kind(event);
    set = beginnings(event);
    for (size_t i = 0; i < COUNT(shapes); i++) {
        if (!may_be(set, &shapes[i]) || shapes[i].kind == found || !is_shape(event, &shapes[i]))
            continue;
        if (found != EVENT_DIRECT)
            return EVENT_DIRECT;
        found = shapes[i].kind;
    }
    if (found == EVENT_DIRECT && is_transformed(event))
        return EVENT_RESPONSE;
    return found == EVENT_EVENTBRIDGE && is_scheduled(event) ? EVENT_SCHEDULE : found;
}
