/* The tree while it grows, and as what it is handed out. */
#include "toml/reader.h"

enum { SLOTS_FIRST = 256 };

static size_t slot_of(const struct reader *r, const struct node *parent, str key)
{
    size_t slot = str_hash(key, (uint64_t)(uintptr_t)parent) & (r->slot_count - 1);

    while (r->slots[slot] &&
           (r->slots[slot]->parent != parent || !str_equal(r->slots[slot]->key, key)))
        slot = (slot + 1) & (r->slot_count - 1);
    return slot;
}

static bool grow(struct reader *r)
{
    struct reader larger = *r;

    larger.slot_count = r->slot_count ? 2 * r->slot_count : SLOTS_FIRST;
    larger.slots = arena_array(r->a, larger.slot_count, sizeof(*larger.slots));
    if (!larger.slots)
        return err_limit(r->e);
    for (size_t i = 0; i < r->slot_count; i++)
        if (r->slots[i])
            larger.slots[slot_of(&larger, r->slots[i]->parent, r->slots[i]->key)] = r->slots[i];
    r->slots = larger.slots;
    r->slot_count = larger.slot_count;
    return true;
}

struct node *node_new(struct reader *r, struct node *parent, enum json_kind kind, size_t at)
{
    struct node *n = r->nodes < TOML_NODES_MAX ? arena_alloc(r->a, sizeof(*n)) : NULL;

    if (!n) {
        err_limit(r->e);
        return NULL;
    }
    r->nodes++;
    n->kind = kind;
    n->at = (uint32_t)at;
    n->parent = parent;
    if (!parent)
        return n;
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    parent->count++;
    return n;
}

struct node *node_find(struct reader *r, const struct node *parent, str key)
{
    return r->slot_count ? r->slots[slot_of(r, parent, key)] : NULL;
}

struct node *node_table(struct reader *r, struct node *parent, str key, size_t at)
{
    struct node *t = node_find(r, parent, key);

    if (t)
        return t;
    t = node_new(r, parent, JSON_OBJECT, at);
    return t && node_name(r, t, key, at) ? t : NULL;
}

bool node_name(struct reader *r, struct node *n, str key, size_t key_at)
{
    size_t slot;

    if (2 * r->named >= r->slot_count && !grow(r))
        return false;
    slot = slot_of(r, n->parent, key);
    if (r->slots[slot])
        return fail_at(r, key_at, "'%.*s' is there already", STR_ARG(str_sub(key, 0, 80)));
    n->key = key;
    n->key_at = (uint32_t)key_at;
    r->slots[slot] = n;
    r->named++;
    return true;
}

static bool export_members(struct reader *r, const struct node *n, struct json *ret)
{
    size_t i = 0;

    ret->members = arena_array(r->a, n->count + 1, sizeof(*ret->members));
    if (!ret->members)
        return err_limit(r->e);
    for (const struct node *m = n->first; m; m = m->next, i++) {
        ret->members[i].name = m->key;
        ret->members[i].at = m->key_at;
        if (!node_export(r, m, &ret->members[i].value))
            return false;
    }
    return true;
}

static bool export_items(struct reader *r, const struct node *n, struct json *ret)
{
    size_t i = 0;

    ret->items = arena_array(r->a, n->count + 1, sizeof(*ret->items));
    if (!ret->items)
        return err_limit(r->e);
    for (const struct node *m = n->first; m; m = m->next)
        if (!node_export(r, m, &ret->items[i++]))
            return false;
    return true;
}

bool node_export(struct reader *r, const struct node *n, struct json *ret)
{
    *ret = (struct json){.kind = n->kind, .at = n->at, .count = n->count, .text = n->text};
    if (n->kind == JSON_OBJECT)
        return export_members(r, n, ret);
    return n->kind == JSON_ARRAY ? export_items(r, n, ret) : true;
}
