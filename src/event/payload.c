/*
 * What a trigger's envelope carries.
 */
#include "event/tree.h"

typedef bool opener(struct arena *a, const struct json *envelope, struct json *ret,
                    struct err *e);

static bool missing(struct err *e, const char *what)
{
    return err_set(e, ERR_INPUT, "the event has no %s", what);
}

/* An SNS message that went through SQS comes with SNS's envelope around it. */
static bool open_notification(struct arena *a, struct json *v, struct err *e)
{
    const struct json *message = json_get(v, STR("Message"));

    if (!str_is(json_get_str(v, STR("Type")), "Notification") ||
        !json_get(v, STR("TopicArn")) || !message || message->kind != JSON_STRING)
        return true;
    return event_text(a, message->text, v, e);
}

static bool open_sqs(struct arena *a, const struct json *record, struct json *ret,
                     struct err *e)
{
    const struct json *body = json_get(record, STR("body"));
    struct json v;

    if (!body || body->kind != JSON_STRING)
        return missing(e, "body that is text");
    if (!event_text(a, body->text, &v, e) || !open_notification(a, &v, e))
        return false;
    *ret = v;
    return true;
}

static bool open_sns(struct arena *a, const struct json *record, struct json *ret,
                     struct err *e)
{
    const struct json *message = json_get(json_get(record, STR("Sns")), STR("Message"));

    if (!message || message->kind != JSON_STRING)
        return missing(e, "Sns.Message that is text");
    return event_text(a, message->text, ret, e);
}

static void copy_member(struct json *to, const struct json *from, const char *name)
{
    const struct json *v = json_get(from, str_of(name));

    if (v)
        event_member(to, str_of(name), *v);
}

/* {"eventName", "bucket", "key", "size", "eTag", "versionId"}, the key as it is in the bucket. */
static bool open_s3(struct arena *a, const struct json *record, struct json *ret, struct err *e)
{
    const struct json *s3 = json_get(record, STR("s3")), *object = json_get(s3, STR("object"));
    const struct json *bucket = json_get(json_get(s3, STR("bucket")), STR("name"));
    struct json *v = event_object(a, 6);
    str key;

    if (!v)
        return err_limit(e);
    if (!bucket || !json_get_str(object, STR("key")).len)
        return missing(e, "s3.bucket.name and s3.object.key");
    if (!http_decode(a, json_get_str(object, STR("key")), true, &key))
        return err_set(e, ERR_INPUT, "the event's s3.object.key is not percent-encoded UTF-8");
    copy_member(v, record, "eventName");
    event_member(v, STR("bucket"), *bucket);
    event_member(v, STR("key"), event_string(key));
    copy_member(v, object, "size");
    copy_member(v, object, "eTag");
    copy_member(v, object, "versionId");
    *ret = *v;
    return true;
}

/* The item as it is now; what was removed, as it was; in a stream of keys, its keys. */
static bool open_dynamodb(struct arena *a, const struct json *record, struct json *ret,
                          struct err *e)
{
    static const char *images[] = {"NewImage", "OldImage", "Keys"};
    const struct json *change = json_get(record, STR("dynamodb"));

    for (size_t i = 0; i < COUNT(images); i++) {
        const struct json *image = json_get(change, str_of(images[i]));

        if (image)
            return event_dynamodb_item(a, image, ret, e);
    }
    return missing(e, "dynamodb.NewImage, OldImage or Keys");
}

static bool open_kinesis(struct arena *a, const struct json *record, struct json *ret,
                         struct err *e)
{
    const struct json *data = json_get(json_get(record, STR("kinesis")), STR("data"));

    if (!data || data->kind != JSON_STRING)
        return missing(e, "kinesis.data that is text");
    return event_base64_text(a, data->text, ret, e);
}

static bool open_detail(struct arena *a, const struct json *event, struct json *ret,
                        struct err *e)
{
    const struct json *detail = json_get(event, STR("detail"));

    (void)a;
    if (!detail)
        return missing(e, "detail");
    *ret = *detail;
    return true;
}

static bool open_body(struct arena *a, const struct json *event, struct json *ret,
                      struct err *e)
{
    const struct json *encoded = json_get(event, STR("isBase64Encoded"));
    const struct json *body = json_get(event, STR("body"));

    if (body->kind != JSON_STRING)
        return missing(e, "body that is text");
    if (encoded && encoded->kind == JSON_TRUE)
        return event_base64_text(a, body->text, ret, e);
    return event_text(a, body->text, ret, e);
}

static bool open_direct(struct arena *a, const struct json *event, struct json *ret,
                        struct err *e)
{
    (void)a;
    (void)e;
    *ret = *event;
    return true;
}

static const struct {
    opener *open;
    bool batch; /* one payload a record, not one an event */
} openers[] = {
    [EVENT_DIRECT] = {open_direct},
    [EVENT_HTTP_V2] = {open_body},
    [EVENT_HTTP_V1] = {open_body},
    [EVENT_ALB] = {open_body},
    [EVENT_SQS] = {open_sqs, true},
    [EVENT_SNS] = {open_sns, true},
    [EVENT_S3] = {open_s3, true},
    [EVENT_EVENTBRIDGE] = {open_detail},
    [EVENT_DYNAMODB] = {open_dynamodb, true},
    [EVENT_KINESIS] = {open_kinesis, true},
    [EVENT_SCHEDULE] = {open_detail},
};

static bool has_no_body(enum event_kind kind, const struct json *event)
{
    const struct json *body = json_get(event, STR("body"));

    if (openers[kind].open != open_body)
        return false;
    return !body || body->kind == JSON_NULL || (body->kind == JSON_STRING && !body->text.len);
}

static bool open_records(struct arena *a, opener *open, const struct json *records,
                         const struct json **ret, struct err *e)
{
    struct json *payloads = arena_array(a, records->count, sizeof(*payloads));

    if (!payloads)
        return err_limit(e);
    for (uint32_t i = 0; i < records->count; i++) {
        if (!open(a, &records->items[i], &payloads[i], e))
            return err_wrap(e, "Records[%u]", i);
        ret[i] = &payloads[i];
    }
    return true;
}

bool event_payloads(struct arena *a, enum event_kind kind, const struct json *event,
                    const struct json **ret, size_t max, size_t *count, struct err *e)
{
    const struct json one = {.kind = JSON_ARRAY, .count = 1, .items = (struct json *)event};
    const struct json *records = openers[kind].batch ? json_get(event, STR("Records")) : &one;

    if (has_no_body(kind, event)) {
        *count = 0;
        return true;
    }
    if (!records || records->kind != JSON_ARRAY)
        return missing(e, "Records");
    if (records->count > max)
        return err_set(e, ERR_LIMIT, "the event has %u records, more than %zu", records->count,
                       max);
    if (!open_records(a, openers[kind].open, records, ret, e))
        return false;
    *count = records->count;
    return true;
}
