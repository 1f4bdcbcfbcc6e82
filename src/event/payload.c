/*
 * What a record holds where a path does not say it.
 */
#include "event/parts.h"

static void copy_member(struct json *to, const struct json *from, const char *name)
{
    const struct json *v = json_get(from, str_of(name));

    if (v)
        event_member(to, str_of(name), *v);
}

/* {"eventName", "bucket", "key", "size", "eTag", "versionId"}, the key as it is in the bucket. */
bool event_s3_payload(struct arena *a, const struct json *record, struct json *ret,
                      struct err *e)
{
    static const char *const bucket_name[] = {"s3", "bucket", "name"};
    const struct json *object = json_get(json_get(record, STR("s3")), STR("object"));
    const struct json *bucket = event_at(record, bucket_name, 3);
    str encoded = json_get_str(object, STR("key")), key;
    struct json *v = event_object(a, 6);

    if (!v)
        return err_limit(e);
    if (!bucket || !encoded.len)
        return err_set(e, ERR_INPUT, "the record has no s3.bucket.name and s3.object.key");
    if (!http_decode(a, encoded, true, &key))
        return err_set(e, ERR_INPUT, "s3.object.key is not percent-encoded UTF-8");
    copy_member(v, record, "eventName");
    event_member(v, STR("bucket"), *bucket);
    event_member(v, STR("key"), event_string(key));
    copy_member(v, object, "size");
    copy_member(v, object, "eTag");
    copy_member(v, object, "versionId");
    *ret = *v;
    return true;
}

static bool derive(struct arena *a, struct event_record *r, const struct json *record,
                   bool (*make)(struct arena *, const struct json *, struct json *,
                                struct err *),
                   struct err *e)
{
    struct json *payload = arena_array(a, 1, sizeof(*payload));

    if (!payload)
        return err_limit(e);
    if (!make(a, record, payload, e))
        return false;
    r->where = EVENT_DERIVED;
    r->payloads = payload;
    r->count = 1;
    return true;
}

bool event_open_s3(struct arena *a, const struct json *record, struct event_record *ret,
                   struct err *e)
{
    return derive(a, ret, record, event_s3_payload, e);
}

/* The item as it is now; what was removed, as it was; in a stream of keys, its keys. */
bool event_open_dynamodb(struct arena *a, const struct json *record, struct event_record *ret,
                         struct err *e)
{
    static const char *images[] = {"NewImage", "OldImage", "Keys"};
    const struct json *change = json_get(record, STR("dynamodb"));

    for (size_t i = 0; i < COUNT(images); i++) {
        const struct json *image = json_get(change, str_of(images[i]));

        if (image)
            return derive(a, ret, image, event_dynamodb_item, e);
    }
    return err_set(e, ERR_INPUT, "the record has no dynamodb.NewImage, OldImage or Keys");
}

bool event_open_kinesis(struct arena *a, const struct json *record, struct event_record *ret,
                        struct err *e)
{
    static const char *const path[2] = {"kinesis", "data"};

    if (!event_open_text(a, record, path, true, ret, e))
        return false;
    return !event_aggregate_is(ret->texts[0].text) ||
           event_aggregate_open(a, ret->texts[0].text, ret, e);
}

/* Nothing when there is no body. */
bool event_open_body(struct arena *a, const struct json *event, struct event_record *ret,
                     struct err *e)
{
    static const char *const path[2] = {"body", NULL};
    const struct json *encoded = json_get(event, STR("isBase64Encoded"));
    const struct json *body = json_get(event, STR("body"));

    if (!body || body->kind == JSON_NULL || (body->kind == JSON_STRING && !body->text.len)) {
        ret->where = EVENT_DERIVED;
        return true;
    }
    /* What is neither means one thing to some languages and another to others. */
    if (encoded && encoded->kind != JSON_TRUE && encoded->kind != JSON_FALSE &&
        encoded->kind != JSON_NULL)
        return err_set(e, ERR_INPUT, "isBase64Encoded is neither true nor false");
    return event_open_text(a, event, path, encoded && encoded->kind == JSON_TRUE, ret, e);
}

/* No data is null. */
bool event_open_cloudevent(struct arena *a, const struct json *event, struct event_record *ret,
                           struct err *e)
{
    static const char *const path[2] = {"data_base64", NULL};
    const struct json *data = json_get(event, STR("data"));
    struct json *payload;

    if (!event_cloudevent_check(event, e))
        return false;
    if (json_get(event, STR("data_base64")))
        return event_open_text(a, event, path, true, ret, e);
    payload = arena_array(a, 1, sizeof(*payload));
    if (!payload)
        return err_limit(e);
    *payload = data ? *data : (struct json){.kind = JSON_NULL};
    ret->where = data ? EVENT_AT_MEMBER : EVENT_DERIVED;
    ret->member = "data";
    ret->payloads = payload;
    ret->count = 1;
    return true;
}
