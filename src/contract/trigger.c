/*
 * trigger: the list under 'on:', what may call a function and what each event must look like.
 */
#include "contract/read.h"

static const struct {
    const char *name;
    bool has_route; /* "POST /orders" stands behind it, not a schema */
    bool is_batch;
    bool is_wrapped; /* what it carries may come in another trigger's envelope */
} kinds[] = {
    [TRIGGER_HTTP] = {"http", .has_route = true},
    [TRIGGER_INVOKE] = {"invoke"},
    [TRIGGER_SQS] = {"sqs", .is_batch = true, .is_wrapped = true},
    [TRIGGER_SNS] = {"sns", .is_batch = true, .is_wrapped = true},
    [TRIGGER_S3] = {"s3", .is_batch = true},
    [TRIGGER_EVENTBRIDGE] = {"eventbridge"},
    [TRIGGER_DYNAMODB] = {"dynamodb", .is_batch = true},
    [TRIGGER_KINESIS] = {"kinesis", .is_batch = true},
    [TRIGGER_SCHEDULE] = {"schedule"},
    [TRIGGER_CLOUDEVENT] = {"cloudevent", .has_route = true, .is_batch = true},
    [TRIGGER_KAFKA] = {"kafka", .is_batch = true},
    [TRIGGER_MQ] = {"mq", .is_batch = true},
    [TRIGGER_LOGS] = {"logs", .is_batch = true},
    [TRIGGER_FIREHOSE] = {"firehose", .is_batch = true},
    [TRIGGER_WEBSOCKET] = {"websocket"},
    [TRIGGER_AUTHORIZER] = {"authorizer"},
    [TRIGGER_COGNITO] = {"cognito"},
    [TRIGGER_SES] = {"ses", .is_batch = true},
};

const char *trigger_name(enum trigger_kind k)
{
    return kinds[k].name;
}

bool trigger_has_route(enum trigger_kind k)
{
    return kinds[k].has_route;
}

bool trigger_is_batch(enum trigger_kind k)
{
    return kinds[k].is_batch;
}

bool trigger_takes_type(const struct trigger *t, str type)
{
    for (size_t i = 0; i < t->type_count; i++)
        if (str_equal(t->types[i], type))
            return true;
    return !t->type_count;
}

/* ---- what a trigger may say besides its kind ---- */

static bool is_http(enum trigger_kind k)
{
    return k == TRIGGER_HTTP;
}

static bool is_cloudevent(enum trigger_kind k)
{
    return k == TRIGGER_CLOUDEVENT;
}

static bool is_wrapped(enum trigger_kind k)
{
    return kinds[k].is_wrapped;
}

static bool read_bad_records(struct reader *r, const struct yaml *value, struct trigger *t)
{
    static const char *const words[] = {[BAD_QUARANTINE] = "quarantine", [BAD_FAIL] = "fail"};
    str word;

    if (!read_word(r, value, "this", "bad_records: quarantine", &word))
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(word, words[i])) {
            t->bad_records = (enum bad_records)i;
            return true;
        }
    return unknown_word(r, value, "what can be done with bad records", words, COUNT(words));
}

static bool read_layer(struct reader *r, const struct yaml *item, void *into)
{
    static const char *const words[] = {"sns", "s3", "eventbridge"};
    str *layer = into;

    if (!read_word(r, item, "an envelope", "unwrap: [sns, s3]", layer))
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(*layer, words[i]))
            return true;
    return unknown_word(r, item, "an envelope that is known", words, COUNT(words));
}

static bool read_unwrap(struct reader *r, const struct yaml *list, struct trigger *t)
{
    static const struct items items = {
        .what = "an envelope",
        .example = "unwrap: [sns, s3]",
        .read = read_layer,
        .size = sizeof(str),
        .max = TRIGGER_LAYERS_MAX,
    };
    str *layers = NULL;

    if (!read_list(r, list, &items, &layers, &t->unwrap_count))
        return false;
    t->unwrap_given = true;
    for (size_t i = 0; i < t->unwrap_count; i++)
        t->unwrap[i] = layers[i];
    return true;
}

static bool read_type(struct reader *r, const struct yaml *item, void *into)
{
    return read_word(r, item, "a type", "types: [com.example.order.created]", into);
}

static bool read_types(struct reader *r, const struct yaml *list, struct trigger *t)
{
    static const struct items items = {
        .what = "a type",
        .example = "types: [com.example.order.created]",
        .read = read_type,
        .size = sizeof(str),
        .max = CONTRACT_LIST_MAX,
    };

    return read_list(r, list, &items, &t->types, &t->type_count);
}

static bool read_batch(struct reader *r, const struct yaml *value, struct trigger *t)
{
    if (value->kind != YAML_BOOL) {
        err_at(r->e, value->at, "this must be true or false, not %s",
               yaml_kind_name(value->kind));
        return err_fix(r->e, "batch: true");
    }
    t->batch = value->truth;
    return true;
}

static const struct part {
    const char *name;
    bool (*belongs)(enum trigger_kind k);
    const char *where; /* it belongs */
    bool (*read)(struct reader *r, const struct yaml *value, struct trigger *t);
    size_t schema; /* where there is no reader: it is a schema, for this member */
} parts[] = {
    {"body", is_http, "an http trigger", .schema = offsetof(struct trigger, body)},
    {"query", is_http, "an http trigger", .schema = offsetof(struct trigger, query)},
    {"headers", is_http, "an http trigger", .schema = offsetof(struct trigger, headers)},
    {"params", is_http, "an http trigger", .schema = offsetof(struct trigger, params)},
    {"data", is_cloudevent, "a cloudevent trigger", .schema = offsetof(struct trigger, body)},
    {"types", is_cloudevent, "a cloudevent trigger", read_types},
    {"batch", is_cloudevent, "a cloudevent trigger", read_batch},
    {"unwrap", is_wrapped, "an sqs or sns trigger", read_unwrap},
    {"bad_records", trigger_is_batch, "a trigger whose events are batches", read_bad_records},
};

static const struct part *find_part(str name)
{
    for (size_t i = 0; i < COUNT(parts); i++)
        if (str_is(name, parts[i].name))
            return &parts[i];
    return NULL;
}

static bool unknown_part(struct reader *r, const struct yaml *key)
{
    const char *words[COUNT(kinds) + COUNT(parts)];
    size_t n = 0;

    for (size_t i = 0; i < COUNT(kinds); i++)
        words[n++] = kinds[i].name;
    for (size_t i = 0; i < COUNT(parts); i++)
        words[n++] = parts[i].name;
    return unknown_word(r, key, "a trigger", words, n);
}

/* The one key that says what kind of trigger this is. */
static bool find_kind(struct reader *r, const struct yaml *map, const struct yaml **ret,
                      enum trigger_kind *kind)
{
    const struct yaml *found = NULL;

    for (const struct yaml *key = map->first; key; key = key->next) {
        size_t i = 0;

        while (i < COUNT(kinds) && !str_is(key->text, kinds[i].name))
            i++;
        if (i == COUNT(kinds) && !find_part(key->text))
            return unknown_part(r, key);
        if (i == COUNT(kinds))
            continue;
        if (found) {
            err_at(r->e, key->at, "a trigger is one of '%.*s' and '%s', not both",
                   STR_ARG(found->text), kinds[i].name);
            return err_fix(r->e, "start a new item: - %s: ...", kinds[i].name);
        }
        found = key;
        *kind = (enum trigger_kind)i;
    }
    if (!found) {
        err_at(r->e, map->at, "this does not say what calls the function");
        return err_fix(r->e, "for example: - http: POST /orders");
    }
    *ret = found;
    return true;
}

static bool has_no_body(str method)
{
    return str_is(method, "GET") || str_is(method, "HEAD") || str_is(method, "OPTIONS");
}

static bool check_part(struct reader *r, const struct yaml *key, const struct trigger *t)
{
    if (str_is(key->text, "body") && has_no_body(t->method)) {
        err_at(r->e, key->at, "a %.*s request has no body", STR_ARG(t->method));
        return err_fix(r->e, "remove it, or describe the query with 'query:'");
    }
    if (str_is(key->text, "params") && str_find(t->path, '{') == t->path.len) {
        err_at(r->e, key->at, "the path '%.*s' has no parameters",
               STR_ARG(str_sub(t->path, 0, 80)));
        return err_fix(r->e, "name one in the path, as in /orders/{id}, or remove 'params'");
    }
    return true;
}

static bool misplaced(struct reader *r, const struct yaml *key, const struct part *part,
                      const struct trigger *t)
{
    err_at(r->e, key->at, "'%.*s' belongs to %s", STR_ARG(key->text), part->where);
    if (part->schema && !trigger_has_route(t->kind))
        return err_fix(r->e, "the schema of the event stands behind '%s:' itself",
                       kinds[t->kind].name);
    return err_fix(r->e, "remove it");
}

static bool read_parts(struct reader *r, const struct yaml *map, const struct yaml *kind,
                       struct trigger *t)
{
    for (const struct yaml *key = map->first; key; key = key->next) {
        const struct part *part = find_part(key->text);

        if (key == kind)
            continue;
        if (!part->belongs(t->kind))
            return misplaced(r, key, part, t);
        if (part->read ? !part->read(r, key->value, t)
                       : !check_part(r, key, t) ||
                             !read_schema(
                                 r, key->value,
                                 (struct contract_schema *)(void *)((char *)t + part->schema)))
            return false;
    }
    return true;
}

/* Events come in by POST, and hold something. */
static bool check_cloudevent(struct reader *r, const struct trigger *t)
{
    if (!str_is(t->method, "POST")) {
        err_at(r->e, t->at, "CloudEvents come by POST, not by %.*s", STR_ARG(t->method));
        return err_fix(r->e, "write cloudevent: POST %.*s", STR_ARG(str_sub(t->path, 0, 80)));
    }
    if (t->body.source)
        return true;
    err_at(r->e, t->at, "'data' is missing here: what the data of an event must look like");
    return err_fix(r->e, "for example: data: schemas/order.json");
}

static bool read_trigger(struct reader *r, const struct yaml *item, void *into)
{
    struct trigger *t = into;
    const struct yaml *key = NULL;

    if (item->kind != YAML_MAP) {
        err_at(r->e, item->at, "a trigger must be a map, not %s", yaml_kind_name(item->kind));
        return err_fix(r->e, "for example: - http: POST /orders");
    }
    if (!find_kind(r, item, &key, &t->kind))
        return false;
    if (!trigger_has_route(t->kind)) {
        t->at = key->at;
        return read_parts(r, item, key, t) && read_schema(r, key->value, &t->body);
    }
    if (!read_route(r, key->value, t))
        return false;
    t->at = key->value->at;
    return read_parts(r, item, key, t) &&
           (t->kind != TRIGGER_CLOUDEVENT || check_cloudevent(r, t));
}

/* An event does not tell which of two schemas was meant for it. */
static bool kinds_unique(struct reader *r, const struct function *f)
{
    for (size_t i = 0; i < f->trigger_count; i++) {
        const struct trigger *t = &f->triggers[i];

        for (size_t k = 0; k < i && !trigger_has_route(t->kind); k++) {
            if (f->triggers[k].kind != t->kind)
                continue;
            err_at(r->e, t->at, "'%s' stands here twice; the first is in line %u",
                   kinds[t->kind].name, f->triggers[k].at.line);
            return err_fix(r->e, "join the two schemas with anyOf");
        }
    }
    return true;
}

bool read_triggers(struct reader *r, const struct yaml *list, void *function)
{
    static const struct items items = {
        .what = "a trigger",
        .example = "on: [{http: GET /orders}]",
        .read = read_trigger,
        .size = sizeof(struct trigger),
        .max = CONTRACT_TRIGGERS_MAX,
    };
    struct function *f = function;

    return read_list(r, list, &items, &f->triggers, &f->trigger_count) && kinds_unique(r, f);
}
