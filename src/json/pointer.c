/* JSON Pointer: the way from a value to one inside it. */
#include "json/json.h"

/* Whether `name` is what `token` stands for: ~0 is '~', ~1 is '/'. */
static bool is_named(str token, str name)
{
    size_t n = 0;

    for (size_t i = 0; i < token.len; i++, n++) {
        char c = token.at[i];

        if (c == '~') {
            i++;
            if (i == token.len || (token.at[i] != '0' && token.at[i] != '1'))
                return false;
            c = token.at[i] == '1' ? '/' : '~';
        }
        if (n >= name.len || name.at[n] != c)
            return false;
    }
    return n == name.len;
}

static const struct json *member(const struct json *v, str token, uint32_t *name_at)
{
    for (uint32_t i = 0; i < v->count; i++) {
        if (!is_named(token, v->members[i].name))
            continue;
        *name_at = v->members[i].at;
        return &v->members[i].value;
    }
    return NULL;
}

static const struct json *item(const struct json *v, str token, uint32_t *name_at)
{
    uint64_t i;

    if (!str_to_u64(token, UINT32_MAX, &i) || (token.len > 1 && token.at[0] == '0') ||
        i >= v->count)
        return NULL;
    *name_at = v->items[i].at;
    return &v->items[i];
}

const struct json *json_pointer(const struct json *root, str pointer, uint32_t *name_at)
{
    const struct json *v = root;
    str rest = pointer, token;
    uint32_t at = root->at;

    if (pointer.len && !(str_cut(&rest, '/', &token) && !token.len))
        return NULL;
    while (pointer.len && v && str_cut(&rest, '/', &token)) {
        if (v->kind == JSON_OBJECT)
            v = member(v, token, &at);
        else
            v = v->kind == JSON_ARRAY ? item(v, token, &at) : NULL;
    }
    if (v && name_at)
        *name_at = at;
    return v;
}
