/*
 * The answer to a batch: what the function said of the records that it was given, and what is to
 * be said of the others, in the form that the source understands.
 */
#include "event/parts.h"

#include <stdlib.h>

/* ---- items by their name, and groups by theirs ---- */

struct slot {
    str key;
    size_t item;
    bool taken, failed;
};

/* Open addressing, at most half full. */
struct table {
    struct slot *slots;
    size_t mask;
};

static bool table_new(struct arena *a, size_t count, struct table *ret, struct err *e)
{
    size_t size = 16;

    while (size < 2 * count)
        size *= 2;
    *ret = (struct table){arena_array(a, size, sizeof(*ret->slots)), size - 1};
    return ret->slots ? true : err_limit(e);
}

/* The one of that key, or where it would be. */
static struct slot *table_find(const struct table *t, str key)
{
    size_t i = str_hash(key, (uintptr_t)t->slots) & t->mask;

    while (t->slots[i].taken && !str_equal(t->slots[i].key, key))
        i = (i + 1) & t->mask;
    return &t->slots[i];
}

bool event_fail_followers(struct arena *a, struct event_item *items, size_t count,
                          struct err *e)
{
    struct table groups;

    if (!table_new(a, count, &groups, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct slot *s = table_find(&groups, items[i].group);

        if (!items[i].group.len)
            continue;
        if (s->failed && items[i].fate == EVENT_GIVEN)
            items[i].fate = EVENT_FAILED;
        *s = (struct slot){.key = items[i].group,
                           .taken = true,
                           .failed = s->failed || items[i].fate == EVENT_FAILED};
    }
    return true;
}

/* ---- {"batchItemFailures": [{"itemIdentifier": ...}]} ---- */

struct failures {
    struct arena *a;
    const struct event_item *items;
    size_t count;
    bool *failed;
};

/* Kafka's is {"partition": "orders-0", "offset": 15}, the others' is text. Empty when neither. */
static str name_of(struct arena *a, const struct json *id)
{
    const struct json *offset = json_get(id, STR("offset"));

    if (id && id->kind == JSON_STRING)
        return id->text;
    if (!offset || offset->kind != JSON_NUMBER)
        return (str){NULL, 0};
    return arena_format(a, "%.*s/%.*s", STR_ARG(json_get_str(id, STR("partition"))),
                        STR_ARG(offset->text));
}

/* False when the list names what the function was not given. */
static bool take_listed(struct failures *f, const struct table *names, const struct json *list)
{
    if (list->kind != JSON_ARRAY)
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        str name = name_of(f->a, json_get(&list->items[i], STR("itemIdentifier")));
        const struct slot *s = table_find(names, name);

        if (!name.len || !s->taken || f->items[s->item].fate != EVENT_GIVEN)
            return false;
        f->failed[s->item] = true;
    }
    return true;
}

static bool take_answer(struct failures *f, const struct json *answer, struct err *e)
{
    const struct json *list = json_get(answer, STR("batchItemFailures"));
    struct table names;

    for (size_t i = 0; i < f->count; i++)
        f->failed[i] = f->items[i].fate == EVENT_FAILED;
    if (!list || list->kind == JSON_NULL)
        return true;
    if (!table_new(f->a, f->count, &names, e))
        return false;
    for (size_t i = 0; i < f->count; i++)
        *table_find(&names, f->items[i].name) =
            (struct slot){.key = f->items[i].name, .item = i, .taken = true};
    if (take_listed(f, &names, list))
        return true;
    for (size_t i = 0; i < f->count; i++)
        f->failed[i] = f->items[i].fate != EVENT_CONSUMED;
    return true;
}

/* What follows a failure in its group comes again with it: SQS is told of each, a stream's source
 * goes back to the first by itself. */
static bool follow_groups(struct failures *f, bool only_first, struct err *e)
{
    struct table groups;

    if (!table_new(f->a, f->count, &groups, e))
        return false;
    for (size_t i = 0; i < f->count; i++) {
        const struct event_item *item = &f->items[i];
        struct slot *s = table_find(&groups, item->group);

        if (!item->group.len)
            continue;
        if (s->failed)
            f->failed[i] = !only_first && item->fate != EVENT_CONSUMED;
        *s = (struct slot){
            .key = item->group, .taken = true, .failed = s->failed || f->failed[i]};
    }
    return true;
}

static bool list_failures(struct failures *f, struct json *ret, struct err *e)
{
    struct json list = {.kind = JSON_ARRAY,
                        .items = arena_array(f->a, f->count, sizeof(struct json))};

    if (!list.items)
        return err_limit(e);
    for (size_t i = 0; i < f->count; i++) {
        struct json *item = f->failed[i] ? event_object(f->a, 1) : NULL;

        if (!f->failed[i])
            continue;
        if (!item)
            return err_limit(e);
        event_member(item, STR("itemIdentifier"), f->items[i].id);
        list.items[list.count++] = *item;
    }
    *ret = list;
    return true;
}

static bool answer_failures(struct arena *a, const struct parts *p,
                            const struct event_item *items, size_t count,
                            const struct json *answer, struct json *ret, struct err *e)
{
    struct failures f = {.a = a, .items = items, .count = count};
    struct json *empty = event_object(a, 0), list;

    f.failed = arena_array(a, count, sizeof(*f.failed));
    if (!f.failed || !empty)
        return err_limit(e);
    if (!take_answer(&f, answer, e) || !follow_groups(&f, p->ordered, e) ||
        !list_failures(&f, &list, e))
        return false;
    if (answer && !list.count && !json_get(answer, STR("batchItemFailures"))) {
        *ret = *answer; /* it says nothing of records, which says that all is well */
        return true;
    }
    return event_replace(a, answer && answer->kind == JSON_OBJECT ? answer : empty,
                         "batchItemFailures", list, ret, e);
}

/* ---- {"records": [{"recordId": ..., "result": ...}]} ---- */

static const struct {
    const char *consumed, *failed;
} words[] = {
    [ANSWERS_FIREHOSE] = {"Dropped", "ProcessingFailed"},
    [ANSWERS_ANALYTICS] = {"Ok", "DeliveryFailed"},
};

static bool make_record(struct arena *a, const struct parts *p, const struct event_item *item,
                        struct json *ret, struct err *e)
{
    bool failed = item->fate == EVENT_FAILED;
    struct json *record = event_object(a, 3);

    if (!record)
        return err_limit(e);
    event_member(record, STR("recordId"), item->id);
    event_member(record, STR("result"),
                 event_string(str_of(failed ? words[p->answering].failed
                                            : words[p->answering].consumed)));
    if (failed && p->answering == ANSWERS_FIREHOSE)
        event_member(record, STR("data"), event_string(item->data));
    *ret = *record;
    return true;
}

/* Every record must be in the answer, or the source takes all for failed. The function's stand
 * as it wrote them, ours in between where they were. */
static bool answer_records(struct arena *a, const struct parts *p,
                           const struct event_item *items, size_t count,
                           const struct json *answer, struct json *ret, struct err *e)
{
    static const struct json nothing = {.kind = JSON_ARRAY};
    const struct json *theirs = answer ? json_get(answer, STR("records")) : &nothing;
    struct json all = {.kind = JSON_ARRAY}, *empty = event_object(a, 0);
    uint32_t next = 0;

    if (!theirs || theirs->kind != JSON_ARRAY) {
        *ret = *answer;
        return true;
    }
    all.items = arena_array(a, count + theirs->count, sizeof(*all.items));
    if (!all.items || !empty)
        return err_limit(e);
    for (size_t i = 0; i < count; i++) {
        if (items[i].fate != EVENT_GIVEN) {
            if (!make_record(a, p, &items[i], &all.items[all.count++], e))
                return false;
        } else if (next < theirs->count) {
            all.items[all.count++] = theirs->items[next++];
        }
    }
    while (next < theirs->count)
        all.items[all.count++] = theirs->items[next++];
    return event_replace(a, answer ? answer : empty, "records", all, ret, e);
}

bool event_batch_answer(struct arena *a, enum event_kind kind, const struct event_item *items,
                        size_t count, str answer, struct buf *ret, struct err *e)
{
    const struct parts *p = event_parts(kind);
    struct json *theirs = NULL, ours = {.kind = JSON_NULL};
    struct err ignored = {0};

    /* What is no JSON tells the source that all has failed: so it stays. */
    if (answer.len && (p->answering == ANSWERS_NOTHING ||
                       !json_read(a, answer, &json_limits_event, &theirs, &ignored))) {
        buf_add(ret, answer);
        return ret->failed ? err_limit(e) : true;
    }
    if (p->answering == ANSWERS_FAILURES &&
        !answer_failures(a, p, items, count, theirs, &ours, e))
        return false;
    if (p->answering > ANSWERS_FAILURES &&
        !answer_records(a, p, items, count, theirs, &ours, e))
        return false;
    json_write(ret, &ours);
    return ret->failed ? err_limit(e) : true;
}
