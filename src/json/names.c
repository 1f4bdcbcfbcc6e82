/* Whether an object's names differ, without comparing each with each when there are many. */
#include "json/reader.h"

#include <stdlib.h>

/* Up to here a word of bits tells most names apart, and the rest are compared one by one. */
enum { FEW = 24 };

static bool fail_repeated(struct reader *r, const struct json_member *m)
{
    str shown = str_sub(m->name, 0, 100);

    json_fail(r, r->start + m->at, "the member '%.*s' is here twice", STR_ARG(shown));
    r->e->at.width = (unsigned)shown.len + 2;
    return err_fix(r->e, "keep one of them");
}

static bool few_unique(struct reader *r, const struct json_member *members, size_t n)
{
    uint64_t seen = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t bit = (uint64_t)1 << (members[i].hash >> 26);

        for (size_t j = 0; (seen & bit) && j < i; j++)
            if (members[j].hash == members[i].hash &&
                str_equal(members[j].name, members[i].name))
                return fail_repeated(r, &members[i]);
        seen |= bit;
    }
    return true;
}

static void free_table(uint32_t **table)
{
    free(*table);
}

/* Open addressing with a secret seed, so that no text can be made to collide. */
static bool many_unique(struct reader *r, const struct json_member *members, size_t n)
{
    size_t slots = (size_t)1 << (65 - __builtin_clzll(n));
    CLEANUP(free_table) uint32_t *table = calloc(slots, sizeof(*table));
    uint64_t seed;

    if (!table)
        return err_limit(r->e);
    random_bytes(&seed, sizeof(seed));
    for (size_t i = 0; i < n; i++) {
        size_t slot = str_hash(members[i].name, seed) & (slots - 1);

        for (; table[slot]; slot = (slot + 1) & (slots - 1))
            if (str_equal(members[table[slot] - 1].name, members[i].name))
                return fail_repeated(r, &members[i]);
        table[slot] = (uint32_t)i + 1;
    }
    return true;
}

bool json_names_unique(struct reader *r, const struct json_member *members, size_t n)
{
    return n <= FEW ? few_unique(r, members, n) : many_unique(r, members, n);
}
