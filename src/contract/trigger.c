/*
 * trigger: the list under 'on:', what may call a function and what each event must look like.
 */
#include "contract/read.h"

static const char *const kinds[] = {
    [TRIGGER_HTTP] = "http",
    [TRIGGER_INVOKE] = "invoke",
    [TRIGGER_SQS] = "sqs",
    [TRIGGER_SNS] = "sns",
    [TRIGGER_S3] = "s3",
    [TRIGGER_EVENTBRIDGE] = "eventbridge",
    [TRIGGER_DYNAMODB] = "dynamodb",
    [TRIGGER_KINESIS] = "kinesis",
    [TRIGGER_SCHEDULE] = "schedule",
};

/* What an http trigger may say besides its route. */
static const struct part {
    const char *name;
    size_t offset;
} parts[] = {
    {"body", offsetof(struct trigger, body)},
    {"query", offsetof(struct trigger, query)},
    {"headers", offsetof(struct trigger, headers)},
    {"params", offsetof(struct trigger, params)},
};

const char *trigger_name(enum trigger_kind k)
{
    return kinds[k];
}

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
        words[n++] = kinds[i];
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

        while (i < COUNT(kinds) && !str_is(key->text, kinds[i]))
            i++;
        if (i == COUNT(kinds) && !find_part(key->text))
            return unknown_part(r, key);
        if (i == COUNT(kinds))
            continue;
        if (found) {
            err_at(r->e, key->at, "a trigger is one of '%.*s' and '%s', not both",
                   STR_ARG(found->text), kinds[i]);
            return err_fix(r->e, "start a new item: - %s: ...", kinds[i]);
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

static bool read_http(struct reader *r, const struct yaml *map, const struct yaml *http,
                      struct trigger *t)
{
    if (!read_route(r, http->value, t))
        return false;
    t->at = http->value->at;
    for (const struct yaml *key = map->first; key; key = key->next) {
        const struct part *part = find_part(key->text);

        if (!part)
            continue;
        if (!check_part(r, key, t) ||
            !read_schema(r, key->value,
                         (struct contract_schema *)(void *)((char *)t + part->offset)))
            return false;
    }
    return true;
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
    t->at = key->at;
    if (t->kind == TRIGGER_HTTP)
        return read_http(r, item, key, t);
    for (const struct yaml *other = item->first; other; other = other->next) {
        if (other == key)
            continue;
        err_at(r->e, other->at, "'%.*s' belongs to an http trigger", STR_ARG(other->text));
        return err_fix(r->e, "the schema of the event stands behind '%s:' itself",
                       kinds[t->kind]);
    }
    return read_schema(r, key->value, &t->body);
}

/* An event does not tell which of two schemas was meant for it. */
static bool kinds_unique(struct reader *r, const struct function *f)
{
    for (size_t i = 0; i < f->trigger_count; i++) {
        const struct trigger *t = &f->triggers[i];

        for (size_t k = 0; k < i && t->kind != TRIGGER_HTTP; k++) {
            if (f->triggers[k].kind != t->kind)
                continue;
            err_at(r->e, t->at, "'%s' stands here twice; the first is in line %u",
                   kinds[t->kind], f->triggers[k].at.line);
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
