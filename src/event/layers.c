/*
 * Messages that come in the envelope of another source. An envelope is recognised by all of its
 * members: none that its source does not send may stand beside them, since a function that
 * expects no envelope would read that one unchecked.
 */
#include "event/parts.h"

struct member {
    const char *name;
    enum json_kind kind;
    bool required;
};

static const struct member notification[] = {
    {"Type", JSON_STRING, true},       {"TopicArn", JSON_STRING, true},
    {"Message", JSON_STRING, true},    {"MessageId", JSON_STRING},
    {"Subject", JSON_STRING},          {"Timestamp", JSON_STRING},
    {"SignatureVersion", JSON_STRING}, {"Signature", JSON_STRING},
    {"SigningCertURL", JSON_STRING},   {"SigningCertUrl", JSON_STRING},
    {"UnsubscribeURL", JSON_STRING},   {"UnsubscribeUrl", JSON_STRING},
    {"SequenceNumber", JSON_STRING},   {"MessageAttributes", JSON_OBJECT},
};

static const struct member bus[] = {
    {"detail-type", JSON_STRING, true}, {"source", JSON_STRING, true},
    {"detail", JSON_OBJECT, true},      {"id", JSON_STRING, true},
    {"version", JSON_STRING, true},     {"account", JSON_STRING, true},
    {"time", JSON_STRING, true},        {"region", JSON_STRING, true},
    {"resources", JSON_ARRAY},          {"replay-name", JSON_STRING},
};

static const struct member s3[] = {{"Records", JSON_ARRAY, true}};

static const struct member s3_test[] = {
    {"Service", JSON_STRING, true}, {"Event", JSON_STRING, true}, {"Bucket", JSON_STRING, true},
    {"Time", JSON_STRING},          {"RequestId", JSON_STRING},   {"HostId", JSON_STRING},
};

static bool is_required(const struct member *m, const struct json *v)
{
    return m->required && !json_get(v, str_of(m->name));
}

static const struct member *find_member(const struct member *members, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(name, members[i].name))
            return &members[i];
    return NULL;
}

/* An object with these members, and no others. */
static bool is_exactly(const struct json *v, const struct member *members, size_t n)
{
    if (v->kind != JSON_OBJECT || v->count > n)
        return false;
    for (uint32_t i = 0; i < v->count; i++) {
        const struct member *m = find_member(members, n, v->members[i].name);

        if (!m || v->members[i].value.kind != m->kind)
            return false;
    }
    for (size_t i = 0; i < n; i++)
        if (is_required(&members[i], v))
            return false;
    return true;
}

/* ---- each envelope ---- */

static bool is_notification(const struct json *v)
{
    return is_exactly(v, notification, COUNT(notification)) &&
           str_is(json_get_str(v, STR("Type")), "Notification") &&
           str_starts(json_get_str(v, STR("TopicArn")), STR("arn:"));
}

static bool open_notification(struct arena *a, struct event_record *r, struct err *e)
{
    static const char *const path[2] = {"Message", NULL};

    return event_open_text(a, &r->texts[r->text_count - 1].value, path, false, r, e);
}

static bool is_s3(const struct json *v)
{
    if (is_exactly(v, s3_test, COUNT(s3_test)))
        return event_recognise(v) == EVENT_S3_TEST;
    return is_exactly(v, s3, COUNT(s3)) && event_recognise(v) == EVENT_S3;
}

static bool open_notified(struct arena *a, struct event_record *r, struct err *e)
{
    const struct json *records = json_get(&r->texts[r->text_count - 1].value, STR("Records"));
    struct json *payloads;

    r->where = EVENT_DERIVED;
    r->is_test = !records;
    if (r->is_test)
        return true;
    payloads = arena_array(a, records->count, sizeof(*payloads));
    if (!payloads)
        return err_limit(e);
    for (uint32_t i = 0; i < records->count; i++)
        if (!event_s3_payload(a, &records->items[i], &payloads[i], e))
            return false;
    r->payloads = payloads;
    r->count = records->count;
    return true;
}

static bool is_bus(const struct json *v)
{
    return is_exactly(v, bus, COUNT(bus));
}

static bool open_bus(struct arena *a, struct event_record *r, struct err *e)
{
    const struct json *detail = json_get(&r->texts[r->text_count - 1].value, STR("detail"));
    struct json *payload = arena_array(a, 1, sizeof(*payload));

    if (!payload)
        return err_limit(e);
    *payload = *detail;
    r->where = EVENT_AT_MEMBER;
    r->member = "detail";
    r->payloads = payload;
    r->count = 1;
    return true;
}

static const struct layer {
    const char *name;
    bool (*is)(const struct json *v);
    bool (*open)(struct arena *a, struct event_record *r, struct err *e);
    bool innermost;
} layers[EVENT_LAYERS] = {
    [EVENT_LAYER_SNS] = {"sns", is_notification, open_notification, false},
    [EVENT_LAYER_S3] = {"s3", is_s3, open_notified, true},
    [EVENT_LAYER_EVENTBRIDGE] = {"eventbridge", is_bus, open_bus, true},
};

bool event_layer_named(str name, enum event_layer *ret)
{
    for (size_t i = 0; i < EVENT_LAYERS; i++)
        if (str_is(name, layers[i].name)) {
            *ret = (enum event_layer)i;
            return true;
        }
    return false;
}

/* ---- one in the other ---- */

static const struct layer *layer_of(const struct json *v)
{
    for (size_t i = 0; i < EVENT_LAYERS; i++)
        if (layers[i].is(v))
            return &layers[i];
    return NULL;
}

static bool not_wrapped(const struct layer *expected, struct err *e)
{
    return err_set(e, ERR_INPUT, "the message does not come in the envelope of '%s'",
                   expected->name);
}

static bool open_exactly(struct arena *a, const struct event_unwrap *unwrap,
                         struct event_record *r, struct err *e)
{
    for (unsigned i = 0; i < unwrap->count; i++) {
        const struct layer *l = &layers[unwrap->layers[i]];

        if (r->payloads || r->is_test || !l->is(&r->texts[r->text_count - 1].value))
            return not_wrapped(l, e);
        if (!l->open(a, r, e))
            return false;
    }
    return true;
}

bool event_open_layers(struct arena *a, const struct event_unwrap *unwrap,
                       struct event_record *r, struct err *e)
{
    const struct layer *l;

    if (unwrap && unwrap->exact)
        return open_exactly(a, unwrap, r, e);
    for (unsigned i = 0; i < EVENT_LAYERS_DEEP; i++) {
        l = layer_of(&r->texts[r->text_count - 1].value);
        if (!l)
            return true;
        if (!l->open(a, r, e))
            return false;
        if (l->innermost)
            return true;
    }
    return layer_of(&r->texts[r->text_count - 1].value)
               ? err_set(e, ERR_LIMIT, "the message comes in more than %d envelopes",
                         EVENT_LAYERS_DEEP)
               : true;
}
