/*
 * An event as its records, and made of them again.
 */
#include "event/parts.h"

static bool missing(struct err *e, const char *what)
{
    return err_set(e, ERR_INPUT, "the event has no %s", what);
}

/* ---- CloudWatch Logs: {"awslogs": {"data": base64 of gzip of the object with the records}} ---- */

static const char *const logs_path[] = {"awslogs", "data"};

static bool unpack_logs(struct arena *a, const struct json *event, const struct json **ret,
                        struct err *e)
{
    const struct json *data = event_at(event, logs_path, 2);
    struct json *holder;
    str packed, text;

    if (!data || data->kind != JSON_STRING || !base64_decode(a, data->text, &packed))
        return err_set(e, ERR_INPUT, "the event's awslogs.data is not base64");
    if (!event_gunzip(a, packed, json_limits_event.bytes, &text, e) ||
        !json_read(a, text, &json_limits_event, &holder, e)) {
        e->at = (struct place){0};
        return err_wrap(e, "the event's awslogs.data");
    }
    *ret = holder;
    return true;
}

static bool pack_logs(struct arena *a, const struct json *event, const struct json *holder,
                      struct json *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf encoded = {0};
    struct json data, inner;
    str text, packed;

    if (!event_written(a, holder, &text, e) || !event_gzip(a, text, &packed, e))
        return false;
    base64_encode(&encoded, packed);
    data = event_string(arena_str(a, buf_str(&encoded)));
    if (encoded.failed || !data.text.at)
        return err_limit(e);
    return event_replace(a, json_get(event, STR("awslogs")), "data", data, &inner, e) &&
           event_replace(a, event, "awslogs", inner, ret, e);
}

/* ---- opening ---- */

static bool count_lists(const struct json *lists, size_t *count, struct err *e)
{
    *count = 0;
    if (lists->kind != JSON_OBJECT)
        return missing(e, "lists of records");
    for (uint32_t i = 0; i < lists->count; i++) {
        if (lists->members[i].value.kind != JSON_ARRAY)
            return missing(e, "lists of records");
        *count += lists->members[i].value.count;
    }
    return true;
}

static void take_list(const struct json *list, struct event_batch *b)
{
    for (uint32_t i = 0; i < list->count; i++)
        b->records[b->count++] = &list->items[i];
}

static bool take_records(struct arena *a, const struct parts *p, const struct json *records,
                         size_t max, struct event_batch *b, struct err *e)
{
    size_t count = records->count;

    if (p->holding == HOLDS_LISTS && !count_lists(records, &count, e))
        return false;
    if (count > max)
        return err_set(e, ERR_LIMIT, "the event has %zu records, more than %zu", count, max);
    b->records = arena_array(a, count, sizeof(*b->records));
    if (!b->records)
        return err_limit(e);
    if (p->holding == HOLDS_LIST)
        take_list(records, b);
    for (uint32_t i = 0; p->holding == HOLDS_LISTS && i < records->count; i++)
        take_list(&records->members[i].value, b);
    return true;
}

static bool take_itself(struct arena *a, struct event_batch *b, struct err *e)
{
    b->records = arena_array(a, 1, sizeof(*b->records));
    if (!b->records)
        return err_limit(e);
    b->records[b->count++] = b->event;
    return true;
}

/* CloudEvents in batch mode are a list without anything around it. */
static bool is_bare_list(enum event_kind kind, const struct json *event)
{
    return kind == EVENT_CLOUDEVENT && event->kind == JSON_ARRAY;
}

bool event_batch_open(struct arena *a, enum event_kind kind, const struct json *event,
                      size_t max, struct event_batch *ret, struct err *e)
{
    const struct parts *p = event_parts(kind);
    struct event_batch b = {.kind = kind, .event = event, .holder = event};
    const struct json *records;

    if (kind == EVENT_LOGS && !unpack_logs(a, event, &b.holder, e))
        return false;
    if (is_bare_list(kind, event)) {
        static const struct parts list = {.holding = HOLDS_LIST};

        if (!take_records(a, &list, event, max, &b, e))
            return false;
    } else if (p->holding == HOLDS_ITSELF) {
        if (!take_itself(a, &b, e))
            return false;
    } else {
        records = json_get(b.holder, str_of(p->records));
        if (!records || (p->holding == HOLDS_LIST && records->kind != JSON_ARRAY))
            return missing(e, p->records);
        if (!take_records(a, p, records, max, &b, e))
            return false;
    }
    *ret = b;
    return true;
}

/* ---- closing ---- */

/* What of the `old` records of one list stays; *used says how many records they were. */
static bool close_list(struct arena *a, const struct json *old,
                       const struct json *const *records, struct json *ret, struct err *e)
{
    struct json list = {.kind = JSON_ARRAY, .items = arena_array(a, old->count, sizeof(*old))};

    if (!list.items)
        return err_limit(e);
    for (uint32_t i = 0; i < old->count; i++)
        if (records[i])
            list.items[list.count++] = *records[i];
    *ret = list;
    return true;
}

/* A topic or queue of which nothing stays is left out. */
static bool close_lists(struct arena *a, const struct json *old,
                        const struct json *const *records, struct json *ret, struct err *e)
{
    struct json *lists = event_object(a, old->count);

    if (!lists)
        return err_limit(e);
    for (uint32_t i = 0; i < old->count; i++) {
        const struct json *was = &old->members[i].value;
        struct json list;

        if (!close_list(a, was, records, &list, e))
            return false;
        records += was->count;
        if (list.count)
            event_member(lists, old->members[i].name, list);
    }
    *ret = *lists;
    return true;
}

bool event_batch_close(struct arena *a, const struct event_batch *b,
                       const struct json *const *records, struct json *ret, struct err *e)
{
    const struct parts *p = event_parts(b->kind);
    const struct json *old;
    struct json anew, holder;

    if (is_bare_list(b->kind, b->event))
        return close_list(a, b->event, records, ret, e);
    if (p->holding == HOLDS_ITSELF) {
        *ret = records[0] ? *records[0] : *b->event;
        return true;
    }
    old = json_get(b->holder, str_of(p->records));
    if (!(p->holding == HOLDS_LIST ? close_list : close_lists)(a, old, records, &anew, e) ||
        !event_replace(a, b->holder, p->records, anew, &holder, e))
        return false;
    if (b->kind == EVENT_LOGS)
        return pack_logs(a, b->event, &holder, ret, e);
    *ret = holder;
    return true;
}

/* ---- what a record is called ---- */

static str text_at(const struct json *record, const char *const *path, size_t n)
{
    const struct json *v = path[0] ? event_at(record, path, n) : NULL;

    return v && (v->kind == JSON_STRING || v->kind == JSON_NUMBER) ? v->text : (str){NULL, 0};
}

/* {"partition": "orders-0", "offset": 15} */
static bool name_kafka(struct arena *a, const struct json *record, struct event_item *item,
                       struct err *e)
{
    static const char *const topic[] = {"topic"}, *const number[] = {"partition"};
    const struct json *offset = json_get(record, STR("offset"));
    struct json *id = event_object(a, 2);

    if (!id)
        return err_limit(e);
    item->group = arena_format(a, "%.*s-%.*s", STR_ARG(text_at(record, topic, 1)),
                               STR_ARG(text_at(record, number, 1)));
    event_member(id, STR("partition"), event_string(item->group));
    event_member(id, STR("offset"), offset ? *offset : (struct json){.kind = JSON_NULL});
    item->id = *id;
    item->name =
        arena_format(a, "%.*s/%.*s", STR_ARG(item->group),
                     STR_ARG(offset && offset->kind == JSON_NUMBER ? offset->text : STR("?")));
    return item->group.at && item->name.at ? true : err_limit(e);
}

bool event_item_of(struct arena *a, const struct event_batch *b, size_t i,
                   struct event_item *ret, struct err *e)
{
    const struct parts *p = event_parts(b->kind);
    const struct json *record = b->records[i];
    struct event_item item = {.source = text_at(record, p->source, COUNT(p->source))};

    item.name = text_at(record, p->id, COUNT(p->id));
    item.id = event_string(item.name);
    item.group = text_at(record, p->group, COUNT(p->group));
    if (p->answering == ANSWERS_FIREHOSE)
        item.data = text_at(record, p->payload, COUNT(p->payload));
    if (p->ordered && !item.group.len)
        item.group = STR("stream");
    if (b->kind == EVENT_KAFKA && !name_kafka(a, record, &item, e))
        return false;
    *ret = item;
    return true;
}

/* An id is text, or an object of such (Kafka's). */
static bool copy_id(struct arena *a, const struct json *id, struct json *ret, struct err *e)
{
    struct json *object;

    *ret = *id;
    if (id->kind != JSON_OBJECT) {
        ret->text = arena_str(a, id->text);
        return ret->text.at ? true : err_limit(e);
    }
    object = event_object(a, id->count);
    if (!object)
        return err_limit(e);
    for (uint32_t i = 0; i < id->count; i++) {
        struct json v = id->members[i].value;
        str name = arena_str(a, id->members[i].name);

        if (v.kind == JSON_STRING || v.kind == JSON_NUMBER)
            v.text = arena_str(a, v.text);
        event_member(object, name, v);
    }
    *ret = *object;
    return true;
}

bool event_item_copy(struct arena *a, const struct event_item *item, struct event_item *ret,
                     struct err *e)
{
    struct event_item copy = {.fate = item->fate};

    if (!copy_id(a, &item->id, &copy.id, e))
        return false;
    copy.name = arena_str(a, item->name);
    copy.group = arena_str(a, item->group);
    if (item->fate == EVENT_FAILED)
        copy.data = arena_str(a, item->data);
    if (!copy.name.at || !copy.group.at || (item->fate == EVENT_FAILED && !copy.data.at))
        return err_limit(e);
    *ret = copy;
    return true;
}

str event_raw(struct arena *a, const struct event_batch *b, size_t i)
{
    static const char *const kinesis[2] = {"kinesis", "data"};
    const struct parts *p = event_parts(b->kind);
    const struct json *v = b->kind == EVENT_KINESIS
                               ? event_at(b->records[i], kinesis, 2)
                               : event_at(b->records[i], p->payload, COUNT(p->payload));
    bool encoded = p->base64 || b->kind == EVENT_KINESIS;
    struct err ignored = {0};
    str text = {NULL, 0};

    if (!v || v->kind != JSON_STRING)
        return event_written(a, b->records[i], &text, &ignored) ? text : (str){NULL, 0};
    return encoded && base64_decode(a, v->text, &text) ? text : v->text;
}

bool event_answers_records(enum event_kind kind)
{
    return event_parts(kind)->answering != ANSWERS_NOTHING;
}
