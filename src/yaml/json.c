/*
 * json: YAML trees as JSON values, and back.
 */
#include "yaml/tree.h"

static bool convert(struct arena *a, const struct yaml *y, struct json *out, struct err *e);

static bool convert_number(struct arena *a, const struct yaml *y, struct json *out,
                           struct err *e)
{
    out->kind = JSON_NUMBER;
    if (scalar_to_json_number(a, y->text, &out->text, e))
        return true;
    e->at = y->at;
    return false;
}

static bool convert_list(struct arena *a, const struct yaml *y, struct json *out, struct err *e)
{
    size_t i = 0;

    out->kind = JSON_ARRAY;
    out->count = (uint32_t)y->count;
    out->items = arena_array(a, y->count, sizeof(*out->items));
    if (!out->items)
        return err_limit(e);
    for (const struct yaml *item = y->first; item; item = item->next)
        if (!convert(a, item, &out->items[i++], e))
            return false;
    return true;
}

/* Text, or the digits of a whole number, as in a map by HTTP status: they can be read in one way
 * only. */
static bool names_member(const struct yaml *key)
{
    uint64_t n;

    if (key->tag.len)
        return false;
    return key->kind == YAML_STRING ||
           (key->kind == YAML_NUMBER && str_to_u64(key->text, UINT64_MAX, &n) &&
            (key->text.at[0] != '0' || key->text.len == 1));
}

static bool convert_map(struct arena *a, const struct yaml *y, struct json *out, struct err *e)
{
    struct json_member *member;

    out->kind = JSON_OBJECT;
    out->count = (uint32_t)y->count;
    out->members = arena_array(a, y->count, sizeof(*out->members));
    if (!out->members)
        return err_limit(e);
    member = out->members;
    for (const struct yaml *key = y->first; key; key = key->next, member++) {
        if (!names_member(key)) {
            err_at(e, key->at, "a key must be text");
            return err_fix(e, "put it in quotes: \"%.*s\"", STR_ARG(str_sub(key->text, 0, 80)));
        }
        member->name = key->text;
        member->at = key->offset;
        if (!convert(a, key->value, &member->value, e))
            return false;
    }
    return true;
}

static bool convert(struct arena *a, const struct yaml *y, struct json *out, struct err *e)
{
    out->at = y->offset;
    if (y->tag.len)
        return err_at(e, y->at, "'%.*s' has no meaning here", STR_ARG(str_sub(y->tag, 0, 80)));
    switch (y->kind) {
    case YAML_NULL:
        out->kind = JSON_NULL;
        return true;
    case YAML_BOOL:
        out->kind = y->truth ? JSON_TRUE : JSON_FALSE;
        return true;
    case YAML_NUMBER:
        return convert_number(a, y, out, e);
    case YAML_STRING:
        out->kind = JSON_STRING;
        out->text = y->text;
        return true;
    case YAML_LIST:
        return convert_list(a, y, out, e);
    case YAML_MAP:
        return convert_map(a, y, out, e);
    }
    return err_at(e, y->at, "this has no kind");
}

bool yaml_to_json(struct arena *a, const struct yaml *y, struct json **ret, struct err *e)
{
    struct json *out = arena_alloc(a, sizeof(*out));

    if (!out)
        return err_limit(e);
    if (!convert(a, y, out, e))
        return false;
    *ret = out;
    return true;
}

/* ---- back ---- */

struct importer {
    struct arena *a;
    const char *file;
    struct cursor cursor;
    struct err *e;
};

static struct yaml *import(struct importer *in, const struct json *j);

/* Where the token that starts at `at` ends; strings are the only ones that hold delimiters. */
static size_t token_end(str text, size_t at)
{
    size_t i = at + 1;

    if (at >= text.len)
        return at;
    if (text.at[at] == '{' || text.at[at] == '[')
        return i;
    if (text.at[at] != '"') {
        while (i < text.len && !memchr(",:]} \t\r\n", text.at[i], 8))
            i++;
        return i;
    }
    for (; i < text.len && text.at[i] != '"'; i++)
        i += text.at[i] == '\\';
    return i + 1;
}

static struct yaml *import_node(struct importer *in, enum yaml_kind kind, uint32_t at)
{
    struct yaml *y = arena_alloc(in->a, sizeof(*y));

    if (!y) {
        err_limit(in->e);
        return NULL;
    }
    cursor_to_byte(&in->cursor, at);
    y->kind = kind;
    y->offset = at;
    y->at = cursor_place(&in->cursor, in->file, token_end(in->cursor.text, at));
    return y;
}

static struct yaml *import_list(struct importer *in, const struct json *j)
{
    struct yaml *list = import_node(in, YAML_LIST, j->at), **last = list ? &list->first : NULL;

    for (size_t i = 0; list && i < j->count; i++) {
        *last = import(in, &j->items[i]);
        if (!*last)
            return NULL;
        last = &(*last)->next;
        list->count++;
    }
    return list;
}

static struct yaml *import_map(struct importer *in, const struct json *j)
{
    struct yaml *map = import_node(in, YAML_MAP, j->at), **last = map ? &map->first : NULL;

    for (size_t i = 0; map && i < j->count; i++) {
        struct yaml *key = import_node(in, YAML_STRING, j->members[i].at);

        if (!key)
            return NULL;
        key->quoted = true;
        key->text = j->members[i].name;
        key->value = import(in, &j->members[i].value);
        if (!key->value)
            return NULL;
        *last = key;
        last = &key->next;
        map->count++;
    }
    return map;
}

static struct yaml *import_scalar(struct importer *in, const struct json *j)
{
    static const struct {
        enum yaml_kind kind;
        const char *text;
    } plain[] = {
        [JSON_NULL] = {YAML_NULL, "null"},   [JSON_FALSE] = {YAML_BOOL, "false"},
        [JSON_TRUE] = {YAML_BOOL, "true"},   [JSON_NUMBER] = {YAML_NUMBER, NULL},
        [JSON_STRING] = {YAML_STRING, NULL},
    };
    struct yaml *y = import_node(in, plain[j->kind].kind, j->at);

    if (!y)
        return NULL;
    y->text = plain[j->kind].text ? str_of(plain[j->kind].text) : j->text;
    y->truth = j->kind == JSON_TRUE;
    y->quoted = j->kind == JSON_STRING;
    return y;
}

/* As deep as the reader of the JSON allowed. */
static struct yaml *import(struct importer *in, const struct json *j)
{
    if (j->kind == JSON_ARRAY)
        return import_list(in, j);
    return j->kind == JSON_OBJECT ? import_map(in, j) : import_scalar(in, j);
}

bool yaml_from_json(struct arena *a, const struct json *j, str text, const char *file,
                    struct yaml **ret, struct err *e)
{
    struct importer in = {.a = a, .file = file, .cursor = cursor_start(text), .e = e};
    struct yaml *y = import(&in, j);

    if (!y)
        return false;
    *ret = y;
    return true;
}
