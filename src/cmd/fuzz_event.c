/*
 * Documents by the schemas of a trigger, and the event that its source would make of them.
 */
#include "cmd/fuzz.h"

/* ---- envelopes ---- */

enum packing { AS_IT_IS, AS_TEXT, AS_BASE64 };

#define RECORDS "{\"Records\":[{"
#define ARN(service, name) "arn:aws:" service ":us-east-1:000000000000:" name

static const struct envelope {
    enum trigger_kind kind;
    enum packing packing;
    const char *before, *after;
} envelopes[] = {
    {TRIGGER_INVOKE, AS_IT_IS, "", ""},
    {TRIGGER_SQS, AS_TEXT,
     RECORDS "\"messageId\":\"1\",\"receiptHandle\":\"1\",\"attributes\":{},"
             "\"messageAttributes\":{},\"eventSource\":\"aws:sqs\",\"eventSourceARN\":\"" ARN(
                 "sqs", "fuzz") "\",\"awsRegion\":\"us-east-1\",\"body\":",
     "}]}"},
    {TRIGGER_SNS, AS_TEXT,
     RECORDS
     "\"EventSource\":\"aws:sns\",\"EventVersion\":\"1.0\","
     "\"EventSubscriptionArn\":\"" ARN(
         "sns", "fuzz:1") "\",\"Sns\":{\"Type\":\"Notification\",\"MessageId\":\"1\","
                          "\"TopicArn\":\"" ARN(
                              "sns", "fuzz") "\",\"Timestamp\":\"2026-01-01T00:00:00.000Z\","
                                             "\"MessageAttributes\":{},\"Message\":",
     "}}]}"},
    {TRIGGER_EVENTBRIDGE, AS_IT_IS,
     "{\"version\":\"0\",\"id\":\"1\",\"detail-type\":\"fuzz\",\"source\":\"fnward.fuzz\","
     "\"account\":\"000000000000\",\"time\":\"2026-01-01T00:00:00Z\",\"region\":\"us-east-1\","
     "\"resources\":[],\"detail\":",
     "}"},
    {TRIGGER_SCHEDULE, AS_IT_IS,
     "{\"version\":\"0\",\"id\":\"1\",\"detail-type\":\"Scheduled Event\",\"source\":"
     "\"aws.events\",\"account\":\"000000000000\",\"time\":\"2026-01-01T00:00:00Z\","
     "\"region\":\"us-east-1\",\"resources\":[],\"detail\":",
     "}"},
    {TRIGGER_KINESIS, AS_BASE64,
     RECORDS "\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\",\"eventID\":"
             "\"shardId-000000000000:1\",\"eventName\":\"aws:kinesis:record\",\"awsRegion\":"
             "\"us-east-1\",\"eventSourceARN\":\"" ARN(
                 "kinesis", "stream/fuzz") "\",\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\","
                                           "\"partitionKey\":\"1\",\"sequenceNumber\":\"1\","
                                           "\"data\":",
     "}}]}"},
    {TRIGGER_CLOUDEVENT, AS_IT_IS,
     "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/fuzz\",\"type\":\"fnward.fuzz\","
     "\"datacontenttype\":\"application/json\",\"data\":",
     "}"},
};

static const struct envelope *envelope_of(enum trigger_kind kind)
{
    for (size_t i = 0; i < COUNT(envelopes); i++)
        if (envelopes[i].kind == kind)
            return &envelopes[i];
    return NULL;
}

bool fuzz_can_make(const struct trigger *t)
{
    if (t->kind == TRIGGER_CLOUDEVENT)
        return !t->type_count; /* its type would be another */
    return t->kind == TRIGGER_HTTP || (envelope_of(t->kind) && !t->unwrap_count);
}

static void write_packed(struct buf *out, enum packing packing, str text)
{
    if (packing == AS_IT_IS) {
        buf_add(out, text);
    } else if (packing == AS_TEXT) {
        json_write_str(out, text);
    } else {
        buf_addc(out, '"');
        base64_encode(out, text);
        buf_addc(out, '"');
    }
}

/* ---- requests, as payload format 2.0 ---- */

/* A scalar as it stands in a path or a query. */
static str plain_text(const struct json *v)
{
    static const str words[] = {[JSON_NULL] = STR_INIT(""),
                                [JSON_FALSE] = STR_INIT("false"),
                                [JSON_TRUE] = STR_INIT("true")};

    if (v->kind == JSON_STRING || v->kind == JSON_NUMBER)
        return v->text;
    return v->kind <= JSON_TRUE ? words[v->kind] : STR("");
}

static void write_encoded(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], low = c | 0x20;

        if ((low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c)))
            buf_addc(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

/* "/orders/{id}" with its parameters; one that is not there becomes "x". */
static void write_path(struct buf *out, str pattern, const struct json *params)
{
    str name;

    while (pattern.len) {
        size_t open = str_find(pattern, '{');
        const struct json *value;

        buf_add(out, str_sub(pattern, 0, open));
        pattern = str_sub(pattern, open + 1, pattern.len);
        if (!pattern.len)
            return;
        str_cut(&pattern, '}', &name);
        if (name.len && name.at[name.len - 1] == '+')
            name.len--;
        value = json_get(params, name);
        write_encoded(out, value && plain_text(value).len ? plain_text(value) : STR("x"));
    }
}

static void write_texts(struct buf *out, const char *member, const struct json *object)
{
    buf_addf(out, ",\"%s\":{", member);
    for (uint32_t i = 0; object && object->kind == JSON_OBJECT && i < object->count; i++) {
        buf_add(out, i ? STR(",") : STR(""));
        json_write_str(out, object->members[i].name);
        buf_addc(out, ':');
        json_write_str(out, plain_text(&object->members[i].value));
    }
    buf_addc(out, '}');
}

static void write_query(struct buf *out, const struct json *query)
{
    for (uint32_t i = 0; query && query->kind == JSON_OBJECT && i < query->count; i++) {
        buf_add(out, i ? STR("&") : STR(""));
        write_encoded(out, query->members[i].name);
        buf_addc(out, '=');
        write_encoded(out, plain_text(&query->members[i].value));
    }
}

static void write_request_body(struct buf *out, const struct json *body, str raw)
{
    CLEANUP(buf_free) struct buf text = {0};

    if (!body && !raw.len)
        return;
    if (!raw.len)
        json_write(&text, body);
    buf_add(out, STR(",\"body\":"));
    json_write_str(out, raw.len ? raw : buf_str(&text));
}

static void write_request(struct buf *out, const struct trigger *t, const struct json *parts,
                          str raw)
{
    CLEANUP(buf_free) struct buf path = {0};
    CLEANUP(buf_free) struct buf query = {0};
    str method = str_is(t->method, "ANY") ? STR("POST") : t->method;

    write_path(&path, t->path, json_get(parts, STR("params")));
    write_query(&query, json_get(parts, STR("query")));
    buf_addf(out,
             "{\"version\":\"2.0\",\"routeKey\":\"%.*s %.*s\",\"rawPath\":", STR_ARG(method),
             STR_ARG(t->path));
    json_write_str(out, buf_str(&path));
    buf_add(out, STR(",\"rawQueryString\":"));
    json_write_str(out, buf_str(&query));
    write_texts(out, "headers", json_get(parts, STR("headers")));
    if (query.len)
        write_texts(out, "queryStringParameters", json_get(parts, STR("query")));
    if (str_find(t->path, '{') < t->path.len)
        write_texts(out, "pathParameters", json_get(parts, STR("params")));
    buf_addf(out,
             ",\"requestContext\":{\"accountId\":\"anonymous\",\"stage\":\"$default\","
             "\"requestId\":\"1\",\"http\":{\"method\":\"%.*s\",\"path\":",
             STR_ARG(method));
    json_write_str(out, buf_str(&path));
    buf_add(out, STR(",\"protocol\":\"HTTP/1.1\",\"sourceIp\":\"127.0.0.1\",\"userAgent\":"
                     "\"fnward\"}},\"isBase64Encoded\":false"));
    write_request_body(out, json_get(parts, STR("body")), raw);
    buf_addc(out, '}');
}

void fuzz_event(struct buf *out, const struct fuzz_target *t, const struct json *document,
                str raw)
{
    const struct envelope *envelope = envelope_of(t->trigger->kind);
    CLEANUP(buf_free) struct buf text = {0};

    if (!envelope) {
        write_request(out, t->trigger, document, raw);
        return;
    }
    if (!raw.len)
        json_write(&text, document);
    buf_add(out, str_of(envelope->before));
    write_packed(out, envelope->packing, raw.len ? raw : buf_str(&text));
    buf_add(out, str_of(envelope->after));
}

str fuzz_target_name(struct arena *a, const struct fuzz_target *t)
{
    if (t->trigger->kind != TRIGGER_HTTP)
        return str_of(trigger_name(t->trigger->kind));
    return arena_format(a, "http %.*s %.*s", STR_ARG(t->trigger->method),
                        STR_ARG(t->trigger->path));
}

/* ---- documents ---- */

static bool is_valid(void *self, const struct json *document)
{
    const struct schema *s = self;

    return !s || schema_valid(s, document);
}

static bool add_part(struct arena *a, struct fuzz_target *t, const char *name,
                     const struct contract_schema *from, struct err *e)
{
    static const struct json anything = {.kind = JSON_OBJECT};
    struct fuzz_part *part = &t->parts[t->part_count];
    uint32_t offset = 0;

    *part = (struct fuzz_part){.name = name};
    if (from->source && !schema_compile(a, from->source, NULL, &part->schema, &offset, e)) {
        err_wrap(e, "the schema %.*s", STR_ARG(from->name));
        e->at = from->at;
        return false;
    }
    part->source = (struct generate_schema){
        .source = from->source ? from->source : &anything,
        .valid = is_valid,
        .self = part->schema,
    };
    t->part_count++;
    return true;
}

bool fuzz_target_open(struct arena *a, const struct trigger *t, struct fuzz_target *ret,
                      struct err *e)
{
    const struct {
        const char *name;
        const struct contract_schema *schema;
    } rows[] = {{"body", &t->body},
                {"query", &t->query},
                {"headers", &t->headers},
                {"params", &t->params}};

    *ret = (struct fuzz_target){.trigger = t};
    if (t->kind != TRIGGER_HTTP)
        return add_part(a, ret, "", &t->body, e);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].schema->source && !add_part(a, ret, rows[i].name, rows[i].schema, e))
            return false;
    return true;
}

void fuzz_target_close(struct fuzz_target *t)
{
    for (unsigned i = 0; i < t->part_count; i++)
        schema_free(t->parts[i].schema);
}

bool fuzz_document(struct arena *a, const struct fuzz_target *t, struct generate_random *r,
                   enum generate_kind kind, struct generated *ret)
{
    struct json_member *members = arena_array(a, FUZZ_PARTS_MAX, sizeof(*members));
    struct json *whole = arena_alloc(a, sizeof(*whole));
    uint32_t chosen = t->part_count ? generate_below(r, t->part_count) : 0;
    struct generated part, one = {.valid = true, .where = STR("")};

    if (!members || !whole)
        return false;
    if (t->trigger->kind != TRIGGER_HTTP)
        return generate_document(a, &t->parts[0].source, r, kind, ret);
    for (unsigned i = 0; i < t->part_count; i++) {
        if (!generate_document(a, &t->parts[i].source, r, i == chosen ? kind : GENERATE_VALID,
                               &part))
            return false;
        members[i] =
            (struct json_member){.name = str_of(t->parts[i].name), .value = *part.document};
        if (i != chosen)
            continue;
        one = part;
        one.where = arena_format(a, "/%s%.*s", t->parts[i].name, STR_ARG(part.where));
        if (i && part.raw.len)
            one.raw = (str){0}; /* only a body is text that can hold a name twice */
    }
    *whole = (struct json){.kind = JSON_OBJECT, .count = t->part_count, .members = members};
    *ret = one;
    ret->document = whole;
    return true;
}
