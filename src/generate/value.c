/*
 * value: one value, of one of the types that may stand there.
 */
#include "generate/inside.h"

uint64_t generate_next(struct generate_random *r)
{
    /* splitmix64: Steele, Lea and Flood, 2014. */
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t generate_below(struct generate_random *r, uint32_t below)
{
    return (uint32_t)((generate_next(r) >> 32) * below >> 32);
}

uint32_t draw(struct maker *m, uint32_t below)
{
    return generate_below(m->random, below);
}

bool set_text(struct maker *m, enum json_kind kind, str text, struct json *ret)
{
    str copy = arena_str(m->a, text);

    if (!copy.at)
        return false;
    *ret = (struct json){.kind = kind, .text = copy};
    return true;
}

static bool make_choice(struct maker *m, const struct json *list, struct json *ret)
{
    if (list->kind != JSON_ARRAY || !list->count)
        return false;
    *ret = list->items[draw(m, list->count)];
    return true;
}

static enum type pick_type(struct maker *m, unsigned types)
{
    unsigned count = 0, n;

    /* Where anything may stand something small does, mostly. */
    if (types == TYPE_ALL)
        types = draw(m, 4) ? TYPE_STRING : TYPE_ALL & ~(unsigned)TYPE_NUMBER;
    if (m->depth > DEPTH_SPARE && types & ~(unsigned)(TYPE_ARRAY | TYPE_OBJECT))
        types &= ~(unsigned)(TYPE_ARRAY | TYPE_OBJECT);
    for (unsigned bits = types; bits; bits &= bits - 1)
        count++;
    n = draw(m, count ? count : 1);
    for (unsigned bit = 1; bit <= TYPE_OBJECT; bit <<= 1)
        if (types & bit && !n--)
            return (enum type)bit;
    return TYPE_NULL;
}

bool make_of_type(struct maker *m, const struct facets *f, enum type type, struct json *ret)
{
    switch (type) {
    case TYPE_BOOLEAN:
        *ret = (struct json){.kind = draw(m, 2) ? JSON_TRUE : JSON_FALSE};
        return true;
    case TYPE_INTEGER:
    case TYPE_NUMBER:
        return make_number(m, f, type == TYPE_INTEGER, ret);
    case TYPE_STRING:
        return make_text(m, f, ret);
    case TYPE_ARRAY:
        return make_array(m, f, ret);
    case TYPE_OBJECT:
        return make_object(m, f, ret);
    case TYPE_NULL:
    case TYPE_ALL:
        break;
    }
    *ret = (struct json){.kind = JSON_NULL};
    return true;
}

static bool make_here(struct maker *m, const struct facets *f, struct json *ret)
{
    const struct json *fixed = facets_get(f, "const"), *list = facets_get(f, "enum");
    unsigned types;

    if (fixed) {
        *ret = *fixed;
        return true;
    }
    if (list)
        return make_choice(m, list, ret);
    types = types_of(f);
    return types && make_of_type(m, f, pick_type(m, types), ret);
}

bool make_value(struct maker *m, const struct json *const *schemas, unsigned count,
                struct json *ret)
{
    struct facets f = {.count = 0};
    unsigned number = ++m->nodes;
    str where = m->where;
    bool made = true;

    if (m->depth >= DEPTH_MAX || number > NODES_MAX)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!facets_add(m, &f, schemas[i], 0))
            return false;
    m->depth++;
    made = make_here(m, &f, ret);
    m->depth--;
    m->where = where;
    if (made && number == m->break_at && break_value(m, &f, ret))
        m->broken_where = where;
    return made;
}

/* ---- documents ---- */

static bool make_document(struct arena *a, const struct generate_schema *s,
                          struct generate_random *r, struct maker *m, struct json **ret)
{
    *m = (struct maker){
        .a = a, .root = s->source, .random = r, .where = STR(""), .break_at = m->break_at};
    *ret = arena_alloc(a, sizeof(**ret));
    return *ret && make_value(m, &s->source, 1, *ret);
}

static bool make_valid(struct arena *a, const struct generate_schema *s,
                       struct generate_random *r, struct generated *ret)
{
    enum { TRIES = 60 };

    for (unsigned i = 0; i < TRIES; i++) {
        struct maker m = {.break_at = 0};
        struct json *document;

        if (!make_document(a, s, r, &m, &document) || !s->valid(s->self, document))
            continue;
        *ret = (struct generated){.document = document, .valid = true};
        return true;
    }
    return false;
}

/* The same again from the same state, but for one value. */
static bool make_almost(struct arena *a, const struct generate_schema *s,
                        struct generate_random *r, struct generated *ret)
{
    enum { TRIES = 60 };

    for (unsigned i = 0; i < TRIES; i++) {
        struct generate_random same = {generate_next(r)}, again = same;
        struct maker m = {.break_at = 0};
        struct json *document;

        if (!make_document(a, s, &same, &m, &document) || !s->valid(s->self, document))
            continue;
        m.break_at = 1 + generate_below(r, m.nodes);
        if (!make_document(a, s, &again, &m, &document) || !m.broken ||
            s->valid(s->self, document))
            continue;
        *ret =
            (struct generated){.document = document, .what = m.broken, .where = m.broken_where};
        return true;
    }
    return false;
}

bool generate_document(struct arena *a, const struct generate_schema *s,
                       struct generate_random *r, enum generate_kind kind,
                       struct generated *ret)
{
    struct generated valid;

    if (kind == GENERATE_ALMOST)
        return make_almost(a, s, r, ret);
    if (!make_valid(a, s, r, &valid))
        return false;
    if (kind == GENERATE_HOSTILE)
        return hostile_document(a, s, r, valid.document, ret);
    *ret = valid;
    return true;
}
