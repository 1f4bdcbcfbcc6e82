/*
 * keys: maps by their tables of keys, lists by what their items are.
 */
#include "contract/read.h"

enum { WORDS_MAX = 32 };

const char *yaml_kind_name(enum yaml_kind kind)
{
    static const char *const names[] = {
        [YAML_NULL] = "nothing", [YAML_BOOL] = "true or false", [YAML_NUMBER] = "a number",
        [YAML_STRING] = "text",  [YAML_LIST] = "a list",        [YAML_MAP] = "a map",
    };

    return names[kind];
}

bool is_name(str text, size_t max, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], low = c | 0x20;

        if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') &&
            (!c || !strchr(others, c)))
            return false;
    }
    return text.len && text.len <= max;
}

bool unknown_word(struct reader *r, const struct yaml *at, const char *what,
                  const char *const *words, size_t count)
{
    const char *near = did_you_mean(at->text, words, count);
    char all[sizeof(r->e->fix) - 16] = "";

    err_at(r->e, at->at, "'%.*s' is not %s", STR_ARG(str_sub(at->text, 0, 80)), what);
    if (near)
        return err_fix(r->e, "did you mean '%s'?", near);
    for (size_t i = 0, n = 0; i < count && n < sizeof(all); i++)
        n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i ? ", " : "", words[i]);
    return err_fix(r->e, "use one of: %s", all);
}

/* ---- maps ---- */

static bool unknown_key(struct reader *r, const struct yaml *key, const struct keys *keys)
{
    const char *words[WORDS_MAX];

    for (size_t i = 0; i < keys->hint_count; i++) {
        if (!str_is(key->text, keys->hints[i].word))
            continue;
        err_at(r->e, key->at, "'%s' is not %s", keys->hints[i].word, keys->what);
        return err_fix(r->e, "%s", keys->hints[i].fix);
    }
    for (size_t i = 0; i < keys->count; i++)
        words[i] = keys->rows[i].name;
    return unknown_word(r, key, keys->what, words, keys->count);
}

static const struct key *find_key(const struct keys *keys, str name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (str_is(name, keys->rows[i].name))
            return &keys->rows[i];
    return NULL;
}

static bool is_complete(struct reader *r, const struct yaml *map, struct place at,
                        const struct keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (!keys->rows[i].required || yaml_get(map, keys->rows[i].name))
            continue;
        err_at(r->e, at, "'%s' is missing here", keys->rows[i].name);
        return err_fix(r->e, "for example: %s", keys->example);
    }
    return true;
}

bool read_keys(struct reader *r, const struct yaml *map, struct place at,
               const struct keys *keys, void *into)
{
    if (map->kind == YAML_NULL) {
        err_at(r->e, at, "there is nothing below this, where a map must be");
        return err_fix(r->e, "for example: %s", keys->example);
    }
    if (map->kind != YAML_MAP) {
        err_at(r->e, map->at, "this must be a map, not %s", yaml_kind_name(map->kind));
        return err_fix(r->e, "for example: %s", keys->example);
    }
    for (const struct yaml *key = map->first; key; key = key->next) {
        const struct key *row = find_key(keys, key->text);

        if (!row)
            return unknown_key(r, key, keys);
        if (!row->read(r, key->value, into))
            return false;
    }
    return is_complete(r, map, at, keys);
}

/* ---- lists ---- */

static bool stands_twice(struct reader *r, const struct yaml *list, const struct yaml *item)
{
    for (const struct yaml *other = list->first; other != item; other = other->next) {
        if (item->kind == YAML_MAP || item->kind == YAML_LIST ||
            !str_equal(item->text, other->text))
            continue;
        err_at(r->e, item->at, "'%.*s' stands here twice", STR_ARG(str_sub(item->text, 0, 80)));
        err_fix(r->e, "remove one of them");
        return true;
    }
    return false;
}

bool read_list(struct reader *r, const struct yaml *list, const struct items *items, void *ret,
               size_t *count)
{
    char *array;
    size_t n = 0;

    if (list->kind != YAML_LIST) {
        err_at(r->e, list->at, "this must be a list, not %s", yaml_kind_name(list->kind));
        return err_fix(r->e, "for example: %s", items->example);
    }
    if (list->count > items->max)
        return err_at(r->e, list->at, "%zu items, at most %u are possible", list->count,
                      items->max);
    array = arena_array(r->a, list->count, items->size);
    if (!array)
        return err_limit(r->e);
    for (const struct yaml *item = list->first; item; item = item->next, n++)
        if (stands_twice(r, list, item) || !items->read(r, item, array + n * items->size))
            return false;
    memcpy(ret, &array, sizeof(array));
    *count = n;
    return true;
}

bool read_word(struct reader *r, const struct yaml *value, const char *what,
               const char *example, str *ret)
{
    if (value->kind == YAML_STRING && !value->tag.len && value->text.len &&
        !memchr(value->text.at, 0, value->text.len)) {
        *ret = value->text;
        return true;
    }
    err_at(r->e, value->at, "%s must be text, not %s", what,
           value->kind != YAML_STRING ? yaml_kind_name(value->kind)
           : value->tag.len           ? "something with a tag"
                                      : "this");
    return err_fix(r->e, "for example: %s", example);
}
