#include "schema/program.h"

bool names_build(struct arena *a, const str *list, uint32_t count, uint64_t seed,
                 struct names *ret)
{
    struct names n = {.list = list, .count = count, .mask = 1, .seed = seed};

    while (n.mask < (uint64_t)count * 2)
        n.mask = n.mask * 2 + 1;
    n.slots = arena_array(a, (size_t)n.mask + 1, sizeof(*n.slots));
    if (!n.slots)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = (uint32_t)str_hash(list[i], seed) & n.mask;

        while (n.slots[slot] && !str_equal(list[n.slots[slot] - 1], list[i]))
            slot = (slot + 1) & n.mask;
        if (!n.slots[slot])
            n.slots[slot] = i + 1;
    }
    *ret = n;
    return true;
}

uint32_t names_find(const struct names *n, str name)
{
    uint32_t slot;

    if (!n->count)
        return NOT_FOUND;
    slot = (uint32_t)str_hash(name, n->seed) & n->mask;
    for (; n->slots[slot]; slot = (slot + 1) & n->mask)
        if (str_equal(n->list[n->slots[slot] - 1], name))
            return n->slots[slot] - 1;
    return NOT_FOUND;
}
