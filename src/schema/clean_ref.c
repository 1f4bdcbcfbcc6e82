/* References within the schema's own document. */
#include "schema/clean.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes %XX, ~0 and ~1 in one token of a pointer. */
static str token_of(struct arena *a, str s)
{
    char *to = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < s.len; i++) {
        char c = s.at[i];

        if (c == '%' && i + 2 < s.len && hex_digit(s.at[i + 1]) >= 0 &&
            hex_digit(s.at[i + 2]) >= 0) {
            c = (char)(hex_digit(s.at[i + 1]) << 4 | hex_digit(s.at[i + 2]));
            i += 2;
        }
        if (n && to[n - 1] == '~' && (c == '0' || c == '1'))
            to[n - 1] = c == '0' ? '~' : '/';
        else
            to[n++] = c;
    }
    return (str){to, to ? n : 0};
}

static const struct json *follow(struct arena *a, const struct json *v, str pointer)
{
    str rest = str_sub(pointer, 1, pointer.len), token;
    uint64_t i;

    while (v && pointer.len && str_cut(&rest, '/', &token)) {
        token = token_of(a, token);
        if (v->kind == JSON_ARRAY)
            v = v->count && str_to_u64(token, v->count - 1, &i) ? &v->items[i] : NULL;
        else
            v = json_get(v, token);
    }
    return v;
}

static const struct json *find_anchor(const struct json *v, str name)
{
    const struct json *found = NULL;

    if (v->kind == JSON_OBJECT && str_equal(json_get_str(v, STR("$anchor")), name) && name.len)
        return v;
    for (uint32_t i = 0; !found && i < v->count && v->kind == JSON_OBJECT; i++)
        found = find_anchor(&v->members[i].value, name);
    for (uint32_t i = 0; !found && i < v->count && v->kind == JSON_ARRAY; i++)
        found = find_anchor(&v->items[i], name);
    return found;
}

const struct json *clean_ref(struct clean_planner *p, str reference)
{
    str id = json_get_str(p->root, STR("$id"));

    id = str_sub(id, 0, str_find(id, '#'));
    if (id.len && str_starts(reference, id))
        reference = str_sub(reference, id.len, reference.len);
    if (reference.len && reference.at[0] != '#')
        return NULL;
    reference = str_sub(reference, 1, reference.len);
    if (reference.len && reference.at[0] != '/')
        return find_anchor(p->root, reference);
    return follow(p->a, p->root, reference);
}
