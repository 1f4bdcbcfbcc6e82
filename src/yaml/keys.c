#include "yaml/tree.h"

/* Up to this many keys, comparing each with each is cheaper than a table. */
enum { FEW = 8 };

static bool twice(const struct yaml *key, const struct yaml *earlier, struct err *e)
{
    err_at(e, key->at, "'%.*s' is given twice; the first stands in line %u",
           STR_ARG(str_sub(key->text, 0, 80)), earlier->at.line);
    return err_fix(e, "remove one of them");
}

static bool few_unique(const struct yaml *map, struct err *e)
{
    for (const struct yaml *key = map->first; key; key = key->next)
        for (const struct yaml *other = map->first; other != key; other = other->next)
            if (str_equal(key->text, other->text))
                return twice(key, other, e);
    return true;
}

/* Open addressing, at most half full. */
static bool many_unique(struct arena *a, const struct yaml *map, struct err *e)
{
    size_t size = 4 * FEW;
    const struct yaml **slots;

    while (size < 2 * map->count)
        size *= 2;
    slots = arena_array(a, size, sizeof(*slots));
    if (!slots)
        return err_limit(e);
    for (const struct yaml *key = map->first; key; key = key->next) {
        size_t i = str_hash(key->text, (uintptr_t)slots) & (size - 1);

        for (; slots[i]; i = (i + 1) & (size - 1))
            if (str_equal(slots[i]->text, key->text))
                return twice(key, slots[i], e);
        slots[i] = key;
    }
    return true;
}

bool keys_unique(struct arena *a, const struct yaml *map, struct err *e)
{
    return map->count <= FEW ? few_unique(map, e) : many_unique(a, map, e);
}
