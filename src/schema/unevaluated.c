/*
 * unevaluatedProperties and unevaluatedItems: what no keyword beside them has looked at, nor
 * any schema that those sent the same value to. Nothing is tracked while a value is judged; the
 * few schemas that ask are gone through once more, for the value at hand only.
 */
#include "schema/run.h"

#include <stdlib.h>

bool marks_make(struct run *r, struct marks *m, uint32_t count)
{
    m->count = count;
    m->list = m->few;
    if (count <= sizeof(m->few) * 8)
        memset(m->few, 0, sizeof(m->few));
    else
        m->list = calloc(count / 64 + 1, sizeof(uint64_t));
    r->undecided |= !m->list;
    return m->list;
}

void marks_free(struct marks *m)
{
    if (m->list != m->few)
        free(m->list);
}

static void mark(struct marks *m, uint32_t i)
{
    m->list[i / 64] |= (uint64_t)1 << (i % 64);
}

static void mark_first(struct marks *m, uint32_t count)
{
    for (uint32_t i = 0; i < count && i < m->count; i++)
        mark(m, i);
}

/* ---- members and items ---- */

static bool has_pattern(struct run *r, const struct object *o, const struct json_member *m)
{
    const struct pattern_property *list = run_at(r, o->patterns);
    struct json name = {.kind = JSON_STRING, .text = m->name};

    for (uint32_t i = 0; i < o->pattern_count; i++)
        if (run_name(r, &list[i], &name))
            return true;
    return false;
}

static bool collect_members(struct run *r, const struct object *o, const struct json *v,
                            struct marks *marks)
{
    for (uint32_t i = 0; i < v->count; i++) {
        const struct json_member *m = &v->members[i];
        const struct property *p =
            (const void *)run_find(r->base, &o->properties, run_hash(m), m->name);

        if ((p && p->block) || o->others || has_pattern(r, o, m))
            mark(marks, i);
        if (r->undecided)
            return false;
    }
    return true;
}

static bool collect_contained(struct run *r, const struct clause *c, const struct json *v,
                              struct marks *marks)
{
    for (uint32_t i = 0; c->rest_keyword && i < v->count; i++) {
        if (run_block(r, run_at(r, c->a), &v->items[i]))
            mark(marks, i);
        if (r->undecided)
            return false;
    }
    return true;
}

/* ---- schemas that judge the same value ---- */

static bool collect_blocks(struct run *r, const struct clause *c, const struct json *v,
                           struct marks *marks)
{
    const uint32_t *blocks = run_at(r, c->a);

    for (uint32_t i = 0; i < c->b; i++) {
        const struct block *b = run_at(r, blocks[i]);

        if (c->say != SAY_ALL && !run_block(r, b, v)) {
            if (r->undecided)
                return false;
            continue;
        }
        if (!run_collect(r, b, v, marks, false))
            return false;
    }
    return true;
}

static bool collect_if(struct run *r, const struct clause *c, const struct json *v,
                       struct marks *marks)
{
    const uint32_t *blocks = run_at(r, c->a);
    bool condition = run_block(r, run_at(r, blocks[0]), v);
    uint32_t branch = blocks[condition ? 1 : 2];

    if (r->undecided || (condition && !run_collect(r, run_at(r, blocks[0]), v, marks, false)))
        return false;
    return !branch || run_collect(r, run_at(r, branch), v, marks, false);
}

static bool collect_clause(struct run *r, const struct clause *c, const struct json *v,
                           struct marks *marks, bool but_unevaluated)
{
    switch ((enum say)c->say) {
    case SAY_OBJECT:
        return v->kind != JSON_OBJECT || collect_members(r, run_at(r, c->a), v, marks);
    case SAY_ARRAY:
        if (v->kind == JSON_ARRAY)
            mark_first(marks, c->c ? v->count : c->b);
        return true;
    case SAY_CONTAINS:
        return v->kind != JSON_ARRAY || collect_contained(r, c, v, marks);
    case SAY_ALL:
    case SAY_ANY:
    case SAY_ONE:
        return collect_blocks(r, c, v, marks);
    case SAY_IF:
        return collect_if(r, c, v, marks);
    case SAY_WHEN:
        return v->kind != JSON_OBJECT || !run_member(r, run_at(r, c->a), v) ||
               run_collect(r, run_at(r, c->b), v, marks, false);
    case SAY_UNEVALUATED_ITEMS:
    case SAY_UNEVALUATED_PROPERTIES:
        if (!but_unevaluated &&
            v->kind == (c->say == SAY_UNEVALUATED_ITEMS ? JSON_ARRAY : JSON_OBJECT))
            mark_first(marks, v->count);
        return true;
    default:
        return true;
    }
}

bool run_collect(struct run *r, const struct block *b, const struct json *v, struct marks *m,
                 bool but_unevaluated)
{
    const struct clause *clauses = run_at(r, b->clauses);

    if (!r->steps_left) {
        r->undecided = true;
        return false;
    }
    r->steps_left--;
    for (uint32_t i = 0; i < b->count; i++)
        if (!collect_clause(r, &clauses[i], v, m, but_unevaluated))
            return false;
    return true;
}

/* ---- the two keywords ---- */

bool run_unevaluated_items(struct run *r, const struct block *owner, const struct block *b,
                           const struct json *v)
{
    CLEANUP(marks_free) struct marks m = {0};

    if (!marks_make(r, &m, v->count) || !run_collect(r, owner, v, &m, true))
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!marks_have(&m, i) && !run_block(r, b, &v->items[i]))
            return false;
    return true;
}

bool run_unevaluated_members(struct run *r, const struct block *owner, const struct block *b,
                             const struct json *v)
{
    CLEANUP(marks_free) struct marks m = {0};

    if (!marks_make(r, &m, v->count) || !run_collect(r, owner, v, &m, true))
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!marks_have(&m, i) && !run_block(r, b, &v->members[i].value))
            return false;
    return true;
}
