/*
 * What an invocation remembers of its event's records, until the source is told about them.
 */
#include "run/front.h"

void batch_free(struct batch *b)
{
    if (b)
        arena_free(b->arena);
}

bool batch_keep(const struct passed *p, struct batch **ret)
{
    CLEANUP(arena_freep) struct arena *a = NULL;
    struct err e = {0};
    struct batch *b;

    *ret = NULL;
    if (!event_answers_records(p->kind))
        return true;
    a = arena_new(0);
    b = a ? arena_alloc(a, sizeof(*b)) : NULL;
    if (!b)
        return false;
    b->items = arena_array(a, p->item_count, sizeof(*b->items));
    for (; b->items && b->count < p->item_count; b->count++)
        if (!event_item_copy(a, &p->items[b->count], &b->items[b->count], &e))
            return false;
    if (!b->items)
        return false;
    b->kind = p->kind;
    b->arena = a;
    a = NULL;
    *ret = b;
    return true;
}

bool batch_answer(const struct batch *b, str answer, struct buf *ret)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};

    return a && event_batch_answer(a, b->kind, b->items, b->count, answer, ret, &e);
}

bool batch_answer_alone(struct client *c, const struct passed *p, struct buf *ret)
{
    struct err e = {0};

    return event_batch_answer(c->arena, p->kind, p->items, p->item_count, (str){NULL, 0}, ret,
                              &e);
}
