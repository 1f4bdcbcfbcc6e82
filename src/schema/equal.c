/* Equality of values, and uniqueItems without comparing each with each. */
#include "schema/number.h"
#include "schema/run.h"

#include <stdlib.h>

enum {
    DEPTH_MAX = 1024, /* of a value that is compared */
    FEW = 8, /* items compared with each other directly */
    FEW_MEMBERS = 16,
    TABLE_ON_STACK = 512,
};

static enum verdict equal(const struct json *a, const struct json *b, unsigned depth);

enum verdict run_equal_numbers(str a, str b)
{
    struct decimal x, y;

    if (str_equal(a, b))
        return HOLDS;
    if (!decimal_read(a, &x) || !decimal_read(b, &y))
        return UNDECIDED;
    return decimal_compare(&x, &y) == 0;
}

static enum verdict equal_arrays(const struct json *a, const struct json *b, unsigned depth)
{
    for (uint32_t i = 0; i < a->count; i++) {
        enum verdict v = equal(&a->items[i], &b->items[i], depth);

        if (v != HOLDS)
            return v;
    }
    return HOLDS;
}

static int by_name(const void *a, const void *b)
{
    const struct json_member *const *x = a, *const *y = b;

    return str_compare((*x)->name, (*y)->name);
}

static const struct json_member **sorted(const struct json *object)
{
    const struct json_member **list = malloc(object->count * sizeof(*list));

    for (uint32_t i = 0; list && i < object->count; i++)
        list[i] = &object->members[i];
    if (list)
        qsort(list, object->count, sizeof(*list), by_name);
    return list;
}

static void free_list(const struct json_member ***list)
{
    free(*list);
}

/* Large objects whose members stand in different orders: the one place that sorts. */
static enum verdict equal_sorted(const struct json *a, const struct json *b, unsigned depth)
{
    CLEANUP(free_list) const struct json_member **x = sorted(a);
    CLEANUP(free_list) const struct json_member **y = sorted(b);

    if (!x || !y)
        return UNDECIDED;
    for (uint32_t i = 0; i < a->count; i++) {
        enum verdict v = str_equal(x[i]->name, y[i]->name)
                             ? equal(&x[i]->value, &y[i]->value, depth)
                             : FAILS;

        if (v != HOLDS)
            return v;
    }
    return HOLDS;
}

static const struct json_member *find_member(const struct json *object, str name)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (str_equal(object->members[i].name, name))
            return &object->members[i];
    return NULL;
}

static enum verdict equal_objects(const struct json *a, const struct json *b, unsigned depth)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const struct json_member *m = &a->members[i], *other = &b->members[i];
        enum verdict v;

        if (!str_equal(m->name, other->name)) {
            if (a->count > FEW_MEMBERS)
                return equal_sorted(a, b, depth);
            other = find_member(b, m->name);
        }
        v = other ? equal(&m->value, &other->value, depth) : FAILS;
        if (v != HOLDS)
            return v;
    }
    return HOLDS;
}

static enum verdict equal(const struct json *a, const struct json *b, unsigned depth)
{
    if (a->kind != b->kind)
        return FAILS;
    if (a->kind == JSON_STRING)
        return str_equal(a->text, b->text);
    if (a->kind == JSON_NUMBER)
        return run_equal_numbers(a->text, b->text);
    if (!(KIND(a->kind) & CONTAINERS))
        return HOLDS;
    if (a->count != b->count)
        return FAILS;
    if (depth > DEPTH_MAX)
        return UNDECIDED;
    return a->kind == JSON_ARRAY ? equal_arrays(a, b, depth + 1)
                                 : equal_objects(a, b, depth + 1);
}

/* A whole number of up to 18 digits has the same hash in whatever words it stands. */
static bool hash_number(str text, uint64_t seed, uint64_t *ret)
{
    struct decimal d;
    int64_t n;

    if (!number_to_i64(text, &n)) {
        if (!decimal_read(text, &d))
            return false;
        if (!decimal_to_i64(&d, &n)) {
            *ret = decimal_hash(&d, ~seed);
            return true;
        }
    }
    *ret = json_fold((uint64_t)n ^ seed, 0x9e3779b97f4a7c15u);
    return true;
}

/* Equal values have equal hashes; false when a value cannot be judged. */
static bool hash(const struct json *v, uint64_t seed, unsigned depth, uint64_t *ret)
{
    uint64_t sum, part = 0;

    if (depth > DEPTH_MAX)
        return false;
    if (v->kind == JSON_STRING) {
        *ret = str_hash(v->text, seed);
        return true;
    }
    if (v->kind == JSON_NUMBER)
        return hash_number(v->text, seed, ret);
    sum = str_hash((str){(const char *)&v->count, sizeof(v->count)}, seed + v->kind);
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++) {
        if (!hash(&v->items[i], sum, depth + 1, &part))
            return false;
        sum = str_hash((str){(const char *)&part, sizeof(part)}, sum);
    }
    /* A sum, since the order of members says nothing. */
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++) {
        if (!hash(&v->members[i].value, str_hash(v->members[i].name, seed), depth + 1, &part))
            return false;
        sum += part;
    }
    *ret = sum;
    return true;
}

bool value_hash(const struct json *v, uint32_t *ret)
{
    uint64_t h;

    if (!hash(v, 0, 0, &h))
        return false;
    *ret = (uint32_t)(h ^ h >> 32);
    return true;
}

static enum verdict unique_of_few(const struct json *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        for (uint32_t j = 0; j < i; j++) {
            enum verdict same = equal(&v->items[i], &v->items[j], 0);

            if (same != FAILS)
                return same == HOLDS ? FAILS : UNDECIDED;
        }
    return HOLDS;
}

/* Small, since what a long array costs is the way to its slots. */
struct slot {
    uint32_t hash; /* the part that the place of the slot does not tell */
    uint32_t item; /* index + 1 */
};

static enum verdict add_unique(const struct json *v, uint32_t i, uint64_t h, struct slot *table,
                               uint64_t mask)
{
    uint64_t at = h & mask;

    for (; table[at].item; at = (at + 1) & mask) {
        enum verdict same = FAILS;

        if (table[at].hash == (uint32_t)(h >> 32))
            same = equal(&v->items[i], &v->items[table[at].item - 1], 0);
        if (same != FAILS)
            return same == HOLDS ? FAILS : UNDECIDED;
    }
    table[at] = (struct slot){(uint32_t)(h >> 32), i + 1};
    return HOLDS;
}

static enum verdict unique_by_hash(const struct json *v, uint64_t seed, struct slot *table,
                                   uint64_t mask)
{
    for (uint32_t i = 0; i < v->count; i++) {
        enum verdict verdict = UNDECIDED;
        uint64_t h;

        if (hash(&v->items[i], seed, 0, &h))
            verdict = add_unique(v, i, h, table, mask);
        if (verdict != HOLDS)
            return verdict;
    }
    return HOLDS;
}

static enum verdict unique(const struct json *v, uint64_t seed)
{
    struct slot few[TABLE_ON_STACK], *table = few;
    uint64_t slots = TABLE_ON_STACK;
    enum verdict verdict;

    while (slots < (uint64_t)v->count * 2)
        slots *= 2;
    if (slots > TABLE_ON_STACK)
        table = calloc(slots, sizeof(*table));
    else
        memset(few, 0, sizeof(few));
    if (!table)
        return UNDECIDED;
    verdict = unique_by_hash(v, seed, table, slots - 1);
    if (table != few)
        free(table);
    return verdict;
}

/* Long arrays are the one thing here that asks for memory, once for all items. */
bool run_unique(struct run *r, const struct json *v)
{
    enum verdict verdict = v->count <= FEW ? unique_of_few(v) : unique(v, r->schema->seed);

    r->undecided |= verdict == UNDECIDED;
    return verdict == HOLDS;
}
