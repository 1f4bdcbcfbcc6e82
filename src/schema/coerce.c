/* Text that stands for a number or a truth value, where the schema wants one of those. */
#include "schema/number.h"
#include "schema/run.h"

/* $ref and allOf say together what is wanted; deeper than this they are not followed. */
enum { WANTS_DEPTH = 8 };

static const struct block *block_at(const struct run *r, uint32_t offset)
{
    return offset ? run_at(r, offset) : NULL;
}

static const struct block *find_in_clause(const struct run *r, const struct clause *c, str name,
                                          bool items, unsigned depth);

/* What the schema says of a member, or of the items when `items` is set. */
static const struct block *find_block(const struct run *r, const struct block *b, str name,
                                      bool items, unsigned depth)
{
    const struct clause *list = run_at(r, b->clauses);
    const struct block *found = NULL;

    for (uint32_t i = 0; depth && !found && i < b->count; i++)
        found = find_in_clause(r, &list[i], name, items, depth);
    return found;
}

static const struct block *find_in_clause(const struct run *r, const struct clause *c, str name,
                                          bool items, unsigned depth)
{
    const struct block *found = NULL;

    if (c->say == SAY_OBJECT && !items) {
        const struct object *o = run_at(r, c->a);
        const struct property *p =
            (const void *)run_find(r->base, &o->properties, json_hash(name), name);

        return p ? block_at(r, p->block) : block_at(r, o->others);
    }
    if (c->say == SAY_ARRAY && items)
        return block_at(r, c->c);
    for (uint32_t i = 0; c->say == SAY_ALL && !found && i < c->b; i++)
        found = find_block(r, run_at(r, ((const uint32_t *)run_at(r, c->a))[i]), name, items,
                           depth - 1);
    return found;
}

static void coerce_text(const struct block *b, struct json *v)
{
    struct decimal d;

    if (v->kind != JSON_STRING || b->entry[JSON_STRING] != FAIL)
        return;
    if ((b->entry[JSON_NUMBER] != FAIL || b->entry[WHOLE] != FAIL) && decimal_read(v->text, &d))
        *v = (struct json){.kind = JSON_NUMBER, .at = v->at, .text = v->text};
    else if (b->entry[JSON_TRUE] != FAIL && str_is(v->text, "true"))
        *v = (struct json){.kind = JSON_TRUE, .at = v->at};
    else if (b->entry[JSON_FALSE] != FAIL && str_is(v->text, "false"))
        *v = (struct json){.kind = JSON_FALSE, .at = v->at};
}

/* The same for each text of a list, as in ?id=1&id=2. */
static bool coerce_items(const struct run *r, const struct block *b, struct arena *a,
                         struct json *v)
{
    const struct block *item = find_block(r, b, STR(""), true, WANTS_DEPTH);
    struct json *items;

    if (!item || !v->count)
        return true;
    items = arena_array(a, v->count, sizeof(*items));
    if (!items)
        return false;
    memcpy(items, v->items, v->count * sizeof(*items));
    for (uint32_t i = 0; i < v->count; i++)
        coerce_text(item, &items[i]);
    v->items = items;
    return true;
}

bool schema_coerce(const struct schema *s, struct arena *a, const struct json *object,
                   struct json **ret)
{
    struct run r = run_start(s);
    const struct block *root = run_at(&r, handle_program(s)->root);
    struct json *copy = arena_alloc(a, sizeof(*copy));
    uint32_t count = object->kind == JSON_OBJECT ? object->count : 0;
    struct json_member *members = arena_array(a, count, sizeof(*members));

    if (!copy || !members)
        return false;
    *copy = *object;
    if (count) {
        memcpy(members, object->members, count * sizeof(*members));
        copy->members = members;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct json *v = &members[i].value;
        const struct block *b = find_block(&r, root, members[i].name, false, WANTS_DEPTH);

        if (b && v->kind == JSON_ARRAY && !coerce_items(&r, b, a, v))
            return false;
        if (b)
            coerce_text(b, v);
    }
    *ret = copy;
    return true;
}
