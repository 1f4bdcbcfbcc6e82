/*
 * tree: the values of a document by number, and copies with one of them changed.
 */
#include "generate/inside.h"

static const struct json *child(const struct json *v, uint32_t i)
{
    return v->kind == JSON_OBJECT ? &v->members[i].value : &v->items[i];
}

static uint32_t children(const struct json *v)
{
    return v->kind == JSON_OBJECT || v->kind == JSON_ARRAY ? v->count : 0;
}

size_t tree_size(const struct json *v)
{
    size_t n = 1;

    for (uint32_t i = 0; i < children(v); i++)
        n += tree_size(child(v, i));
    return n;
}

const struct json *tree_at(struct arena *a, const struct json *v, size_t n, str *where)
{
    str at = *where;

    if (n == 0)
        return v;
    n--;
    for (uint32_t i = 0; i < children(v); i++) {
        size_t size = tree_size(child(v, i));

        if (n < size) {
            *where = v->kind == JSON_OBJECT ? arena_format(a, "%.*s/%.*s", STR_ARG(at),
                                                           STR_ARG(v->members[i].name))
                                            : arena_format(a, "%.*s/%u", STR_ARG(at), i);
            return where->at ? tree_at(a, child(v, i), n, where) : NULL;
        }
        n -= size;
    }
    return NULL;
}

static bool copy_children(struct arena *a, const struct json *v, struct json *ret)
{
    size_t size = v->kind == JSON_OBJECT ? sizeof(*v->members) : sizeof(*v->items);
    void *copy = arena_array(a, v->count + 1, size);

    if (!copy)
        return false;
    if (v->count)
        memcpy(copy, v->kind == JSON_OBJECT ? (const void *)v->members : v->items,
               v->count * size);
    *ret = *v;
    if (v->kind == JSON_OBJECT)
        ret->members = copy;
    else
        ret->items = copy;
    return true;
}

static void remove_child(struct json *v, uint32_t i)
{
    v->count--;
    if (v->kind == JSON_OBJECT)
        memmove(v->members + i, v->members + i + 1, (v->count - i) * sizeof(*v->members));
    else
        memmove(v->items + i, v->items + i + 1, (v->count - i) * sizeof(*v->items));
}

bool tree_with(struct arena *a, const struct json *v, size_t n, const struct json *value,
               struct json *ret)
{
    struct json copy;

    if (n == 0) {
        if (value)
            *ret = *value;
        return value != NULL;
    }
    if (!copy_children(a, v, &copy))
        return false;
    n--;
    for (uint32_t i = 0; i < children(v); i++) {
        size_t size = tree_size(child(v, i));

        if (n >= size) {
            n -= size;
            continue;
        }
        if (n == 0 && !value)
            remove_child(&copy, i);
        else if (!tree_with(a, child(v, i), n, value,
                            copy.kind == JSON_OBJECT ? &copy.members[i].value : &copy.items[i]))
            return false;
        *ret = copy;
        return true;
    }
    return false;
}
