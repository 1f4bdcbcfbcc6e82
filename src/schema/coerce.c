/* Text that stands for a number or a truth value, where the schema wants one of those. */
#include "schema/ops.h"

/* $ref and allOf say together what is wanted; deeper than this they are not followed. */
enum { WANTS_DEPTH = 8 };

static bool is_together(const struct step *s)
{
    return s->op == &op_ref || s->op == &op_all_of;
}

static unsigned wanted_kinds(const struct block *b, unsigned depth)
{
    unsigned kinds = b->kinds;

    for (uint32_t i = 0; depth && i < b->count; i++) {
        const struct step *s = &b->steps[i];

        if (!is_together(s))
            continue;
        for (uint32_t j = 0; j < s->block_count; j++)
            kinds &= wanted_kinds(s->blocks[j], depth - 1);
    }
    return kinds;
}

static const struct block *member_block(const struct block *b, str name, unsigned depth)
{
    for (uint32_t i = 0; depth && i < b->count; i++) {
        const struct step *s = &b->steps[i];
        const struct block *found = NULL;
        uint32_t at;

        if (s->op == &op_object) {
            at = names_find(&s->object->names, name);
            found = at == NOT_FOUND ? NULL : s->object->properties[at].block;
            if (!found && at == NOT_FOUND)
                found = s->object->others;
        }
        for (uint32_t j = 0; is_together(s) && !found && j < s->block_count; j++)
            found = member_block(s->blocks[j], name, depth - 1);
        if (found)
            return found;
    }
    return NULL;
}

static void coerce_text(const struct block *b, struct json *v)
{
    struct decimal d;
    unsigned kinds;

    if (v->kind != JSON_STRING)
        return;
    kinds = wanted_kinds(b, WANTS_DEPTH);
    if (kinds & KIND(JSON_STRING))
        return;
    if ((kinds & KIND(JSON_NUMBER)) && decimal_read(v->text, &d))
        v->kind = JSON_NUMBER;
    else if ((kinds & KIND(JSON_TRUE)) && str_is(v->text, "true"))
        *v = (struct json){.kind = JSON_TRUE, .at = v->at};
    else if ((kinds & KIND(JSON_FALSE)) && str_is(v->text, "false"))
        *v = (struct json){.kind = JSON_FALSE, .at = v->at};
}

/* The same for each text of a list, as in ?id=1&id=2. */
static bool coerce_items(const struct block *b, struct arena *a, struct json *v)
{
    const struct block *item = NULL;
    struct json *items;

    for (uint32_t i = 0; i < b->count && !item; i++)
        if (b->steps[i].op == &op_array)
            item = b->steps[i].array->items;
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
        const struct block *b = member_block(s->root, members[i].name, WANTS_DEPTH);

        if (b && members[i].value.kind == JSON_ARRAY && !coerce_items(b, a, &members[i].value))
            return false;
        if (b)
            coerce_text(b, &members[i].value);
    }
    *ret = copy;
    return true;
}
