/* Keywords that send members and items to blocks of their own. */
#include "schema/run.h"

const struct json_member *run_member(const struct json *object, str name)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (str_equal(object->members[i].name, name))
            return &object->members[i];
    return NULL;
}

/* Sets *known when a pattern matches the name. */
static enum verdict run_patterns(struct run *r, const struct object_rules *o,
                                 const struct json_member *m, bool *known)
{
    for (uint32_t i = 0; i < o->pattern_count; i++) {
        enum verdict verdict = run_pattern_on(r, o->patterns[i].pattern, m->name);

        if (verdict == FAILS)
            continue;
        *known = true;
        if (verdict == HOLDS)
            verdict = run_block(r, o->patterns[i].block, &m->value);
        if (verdict != HOLDS)
            return verdict;
    }
    return HOLDS;
}

static enum verdict run_name(struct run *r, const struct block *b, const struct json_member *m)
{
    struct json name = {.kind = JSON_STRING, .at = m->at, .text = m->name};

    return run_block(r, b, &name);
}

static enum verdict run_one_member(struct run *r, const struct object_rules *o,
                                   const struct json_member *m, uint32_t *required)
{
    uint32_t i = names_find(&o->names, m->name);
    const struct property *p = i == NOT_FOUND ? NULL : &o->properties[i];
    bool known = p && p->block;
    enum verdict verdict = known ? run_block(r, p->block, &m->value) : HOLDS;

    *required += p && p->required;
    if (verdict == HOLDS && o->pattern_count)
        verdict = run_patterns(r, o, m, &known);
    if (verdict == HOLDS && !known && o->others)
        verdict = run_block(r, o->others, &m->value);
    if (verdict == HOLDS && o->name_block)
        verdict = run_name(r, o->name_block, m);
    return verdict;
}

/* Names are unique, so that counting the required ones tells whether all are there. */
enum verdict run_object(struct run *r, const struct step *s, const struct json *v)
{
    const struct object_rules *o = s->object;
    uint32_t required = 0;

    if (v->count < o->required)
        return FAILS;
    for (uint32_t i = 0; i < v->count; i++) {
        enum verdict verdict = run_one_member(r, o, &v->members[i], &required);

        if (verdict != HOLDS)
            return verdict;
    }
    return required == o->required;
}

enum verdict run_contains(struct run *r, const struct array_rules *a, const struct json *v,
                          uint64_t *ret)
{
    uint64_t held = 0;

    for (uint32_t i = 0; i < v->count; i++) {
        enum verdict verdict = run_block(r, a->contains, &v->items[i]);

        if (verdict == UNDECIDED)
            return UNDECIDED;
        held += verdict == HOLDS;
        if (held > a->most || (held >= a->least && a->most == UINT64_MAX))
            break;
    }
    *ret = held;
    return held >= a->least && held <= a->most;
}

enum verdict run_array(struct run *r, const struct step *s, const struct json *v)
{
    const struct array_rules *a = s->array;
    uint64_t held;

    for (uint32_t i = 0; i < v->count; i++) {
        const struct block *b = i < a->prefix_count ? a->prefix[i] : a->items;
        enum verdict verdict = b ? run_block(r, b, &v->items[i]) : HOLDS;

        if (verdict != HOLDS)
            return verdict;
        if (!a->items && i >= a->prefix_count)
            break;
    }
    return a->contains ? run_contains(r, a, v, &held) : HOLDS;
}

enum verdict run_dependent_required(struct run *r, const struct step *s, const struct json *v)
{
    const struct dependency *d = s->dependency;

    (void)r;
    if (!run_member(v, d->name))
        return HOLDS;
    for (uint32_t i = 0; i < d->need_count; i++)
        if (!run_member(v, d->needs[i]))
            return FAILS;
    return HOLDS;
}

enum verdict run_dependent_schema(struct run *r, const struct step *s, const struct json *v)
{
    return run_member(v, s->dependency->name) ? run_block(r, s->blocks[0], v) : HOLDS;
}
