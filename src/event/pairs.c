/*
 * Query and headers as objects of strings, in the shape that AWS's events have.
 */
#include "event/tree.h"

enum { QUERY_PAIRS_MAX = 256 };

static struct json *find(struct json *object, str name)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (str_equal(object->members[i].name, name))
            return &object->members[i].value;
    return NULL;
}

/* What comes a second time is joined to the first by a comma. */
static bool add(struct arena *a, struct json *object, str name, str value, struct err *e)
{
    struct json *present = find(object, name);
    size_t before = present ? present->text.len : 0;
    char *joined;

    if (!present) {
        event_member(object, name, event_string(value));
        return true;
    }
    joined = arena_alloc(a, before + 1 + value.len);
    if (!joined)
        return err_limit(e);
    if (before)
        memcpy(joined, present->text.at, before);
    joined[before] = ',';
    if (value.len)
        memcpy(joined + before + 1, value.at, value.len);
    present->text = (str){joined, before + 1 + value.len};
    return true;
}

static bool add_query_pair(struct arena *a, struct json *object, str pair, struct err *e)
{
    size_t equals = str_find(pair, '=');
    str name, value;

    if (!pair.len)
        return true;
    if (!http_decode(a, str_sub(pair, 0, equals), true, &name) ||
        !http_decode(a, str_sub(pair, equals + 1, pair.len), true, &value))
        return err_set(e, ERR_INPUT, "the query is not percent-encoded UTF-8");
    return add(a, object, name, value, e);
}

static size_t count_pairs(str query)
{
    str rest = query, pair;
    size_t n = 0;

    while (str_cut(&rest, '&', &pair))
        n++;
    return n;
}

bool event_query(struct arena *a, str query, struct json **ret, struct err *e)
{
    size_t pairs = count_pairs(query);
    str rest = query, pair;
    struct json *object;

    if (pairs > QUERY_PAIRS_MAX)
        return err_set(e, ERR_LIMIT, "the query has %zu parameters, more than %d", pairs,
                       QUERY_PAIRS_MAX);
    object = event_object(a, pairs);
    if (!object)
        return err_limit(e);
    while (str_cut(&rest, '&', &pair))
        if (!add_query_pair(a, object, pair, e))
            return false;
    *ret = object;
    return true;
}

static str lower_case(struct arena *a, str name)
{
    str copy = arena_str(a, name);
    char *at = (char *)copy.at;

    for (size_t i = 0; i < copy.len; i++)
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] = (char)(at[i] + 32);
    return copy;
}

bool event_headers(struct arena *a, const struct http_head *head, struct json **ret,
                   struct err *e)
{
    struct json *object = event_object(a, head->header_count);

    if (!object)
        return err_limit(e);
    for (size_t i = 0; i < head->header_count; i++) {
        struct http_header h = head->headers[i];
        str name = lower_case(a, h.name);

        if (!name.at)
            return err_limit(e);
        if (!str_is_utf8(h.value))
            return err_set(e, ERR_INPUT, "the header '%.*s' is not UTF-8", STR_ARG(name));
        if (!str_is(name, "cookie") && !add(a, object, name, h.value, e))
            return false;
    }
    *ret = object;
    return true;
}

bool event_texts(struct arena *a, const struct json *values, struct json **ret)
{
    struct json *object = event_object(a, values->count);

    for (uint32_t i = 0; object && i < values->count; i++) {
        const struct json_member *m = &values->members[i];
        CLEANUP(buf_free) struct buf written = {0};
        str text = m->value.text;

        if (m->value.kind != JSON_STRING) {
            json_write(&written, &m->value);
            text = arena_str(a, buf_str(&written));
        }
        if (written.failed || (!text.at && text.len))
            return false;
        event_member(object, m->name, event_string(text));
    }
    if (object)
        *ret = object;
    return object != NULL;
}
