/*
 * array: items by their place, then by what all others must be; apart, where they must be.
 */
#include "generate/inside.h"

enum { ITEMS_MAX = 400, TRIES = 12 };

struct making {
    struct maker *m;
    const struct facets *f;
    struct json *items;
    uint32_t count;
    bool unique;
};

/* The schemas of the item at `n`; false where there can be none. */
static bool schemas_at(const struct facets *f, uint32_t n, const struct json **list,
                       unsigned *count)
{
    for (unsigned i = 0; i < f->count; i++) {
        const struct json *items = json_get(f->list[i], STR("items"));
        const struct json *prefix = json_get(f->list[i], STR("prefixItems"));
        const struct json *rest = items;

        if (items && items->kind == JSON_ARRAY) { /* until draft 2019-09 */
            prefix = items;
            rest = json_get(f->list[i], STR("additionalItems"));
        }
        if (prefix && prefix->kind == JSON_ARRAY && n < prefix->count)
            rest = &prefix->items[n];
        if (rest && *count < FACETS_MAX)
            list[(*count)++] = rest;
        if (rest && rest->kind == JSON_FALSE)
            return false;
    }
    return true;
}

static bool same(const struct json *a, const struct json *b)
{
    CLEANUP(buf_free) struct buf x = {0};
    CLEANUP(buf_free) struct buf y = {0};

    json_write(&x, a);
    json_write(&y, b);
    return str_equal(buf_str(&x), buf_str(&y));
}

static bool is_new(const struct making *k)
{
    for (uint32_t i = 0; k->unique && i < k->count; i++)
        if (same(&k->items[i], &k->items[k->count]))
            return false;
    return true;
}

static bool add_item(struct making *k, const struct json *besides)
{
    const struct json *schemas[FACETS_MAX + 1];
    struct maker *m = k->m;
    str where = m->where;
    bool made = false;
    unsigned count = 0;

    if (k->count == ITEMS_MAX || !schemas_at(k->f, k->count, schemas, &count))
        return false;
    if (besides)
        schemas[count++] = besides;
    for (unsigned i = 0; !made && i < (k->unique ? TRIES : 1); i++) {
        m->where = arena_format(m->a, "%.*s/%u", STR_ARG(where), k->count);
        made = m->where.at && make_value(m, schemas, count, &k->items[k->count]) && is_new(k);
        m->where = where;
    }
    k->count += made;
    return made;
}

static size_t pick_count(struct maker *m, size_t least, size_t most)
{
    size_t usual = least + 3;

    if (m->depth > DEPTH_SPARE)
        return least;
    if (most > usual && (draw(m, 8) || most > 100))
        most = usual;
    return least + draw(m, (uint32_t)(most - least) + 1);
}

/* As many of what must be contained as must be, the first ones. */
static bool add_contained(struct making *k)
{
    const struct json *contains = facets_get(k->f, "contains");
    size_t least, most;

    if (!contains)
        return true;
    facets_bounds(k->f, "minContains", "maxContains", &least, &most);
    if (!facets_get(k->f, "minContains"))
        least = 1;
    while (k->count < least)
        if (!add_item(k, contains))
            return false;
    return true;
}

bool make_array(struct maker *m, const struct facets *f, struct json *ret)
{
    const struct json *unique = facets_get(f, "uniqueItems");
    struct making k = {.m = m, .f = f, .unique = unique && unique->kind == JSON_TRUE};
    size_t least, most, wanted;

    facets_bounds(f, "minItems", "maxItems", &least, &most);
    if (least > most || least > ITEMS_MAX)
        return false;
    k.items = arena_array(m->a, ITEMS_MAX, sizeof(*k.items));
    if (!k.items || !add_contained(&k))
        return false;
    wanted = pick_count(m, least, most);
    while (k.count < wanted && add_item(&k, NULL))
        ;
    if (k.count < least)
        return false;
    *ret = (struct json){.kind = JSON_ARRAY, .count = k.count, .items = k.items};
    return true;
}
