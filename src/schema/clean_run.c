/*
 * A value walked along the graph. What stays as it was is shared with what was given; the rest
 * is copied as far as the change reaches.
 */
#include "schema/clean_walk.h"

#include <stdlib.h>

enum { BRANCH_ROUNDS = 8 };

/* What the names in `patternProperties` may cost in all, in nanoseconds. */
#define PATTERN_WORK 50000000ull

/* ---- sets ---- */

static bool add_node(struct set *s, const struct clean_node *n)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->list[i] == n)
            return true;
    if (s->count == CLEAN_TOGETHER_MAX)
        return false;
    s->list[s->count++] = n;
    s->acts |= n->acts;
    return true;
}

bool clean_add_nodes(struct set *s, const struct clean_node *n)
{
    for (uint32_t i = 0; i < n->together_count; i++)
        if (!add_node(s, n->together[i]))
            return false;
    return true;
}

/* ---- objects ---- */

static int by_name(const void *a, const void *b)
{
    return str_compare(*(const str *)a, ((const struct clean_member *)b)->name);
}

/* What node `n` says of a member; *known unless it says nothing. False when there is too much. */
static bool add_member(struct walk *w, const struct clean_node *n, str name, struct set *ret,
                       bool *known)
{
    const struct clean_member *m =
        n->member_count ? bsearch(&name, n->members, n->member_count, sizeof(*m), by_name)
                        : NULL;
    bool here = m != NULL;

    if (m && !clean_add_nodes(ret, m->node))
        return false;
    for (const struct clean_pattern *p = n->patterns; p; p = p->next) {
        enum pattern_verdict verdict = pattern_match(p->pattern, name, &w->work);

        if (verdict == PATTERN_UNDECIDED)
            return false;
        here |= verdict == PATTERN_HOLDS;
        if (verdict == PATTERN_HOLDS && !clean_add_nodes(ret, p->node))
            return false;
    }
    if (!here && n->others) {
        here = true;
        if (!clean_add_nodes(ret, n->others))
            return false;
    }
    *known |= here;
    return true;
}

static bool strips(const struct set *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->list[i]->strips)
            return true;
    return false;
}

/* Whether what holds beside a branch knows the member. */
static bool is_known_around(struct walk *w, const struct set *around, str name)
{
    struct set ignored = {0};
    bool known = false;

    for (; around; around = around->around)
        for (uint32_t i = 0; i < around->count && !known; i++)
            if (!add_member(w, around->list[i], name, &ignored, &known))
                return true;
    return known;
}

struct copy { /* of an object, once something differs */
    struct json_member *members;
    uint32_t count, room;
};

static bool copy_start(struct walk *w, struct copy *c, const struct json *from, uint32_t upto)
{
    if (c->members)
        return true;
    c->members = arena_array(w->a, c->room, sizeof(*c->members));
    if (!c->members)
        return false;
    if (upto)
        memcpy(c->members, from->members, upto * sizeof(*c->members));
    c->count = upto;
    return true;
}

/* Member `i` of `v`: kept, changed or left out. */
static bool clean_member(struct walk *w, const struct set *s, const struct where *up,
                         const struct json *v, uint32_t i, struct copy *copy)
{
    const struct json_member *m = &v->members[i];
    const struct where at = {.up = up, .name = m->name.at ? m->name : STR("")};
    struct json made = m->value;
    struct set below = {0};
    bool known = false;

    for (uint32_t k = 0; k < s->count; k++)
        if (!add_member(w, s->list[k], m->name, &below, &known))
            return clean_too_large(w, &at);
    if (!known && strips(s) && !is_known_around(w, s->around, m->name)) {
        clean_changed(w, &at, "x-unknown");
        return copy_start(w, copy, v, i) || clean_too_large(w, &at);
    }
    if (below.acts && clean_value(w, &below, &at, &m->value, &made) &&
        !copy_start(w, copy, v, i))
        return clean_too_large(w, &at);
    if (copy->members) {
        copy->members[copy->count] = *m;
        copy->members[copy->count++].value = made;
    }
    return true;
}

static bool has_member(const struct json *v, const struct copy *c, str name)
{
    for (uint32_t i = 0; c->members && i < c->count; i++)
        if (str_equal(c->members[i].name, name))
            return true;
    return !c->members && json_get(v, name);
}

static bool add_default(struct walk *w, const struct set *s, const struct where *up,
                        const struct json *v, const struct clean_member *m, struct copy *copy)
{
    const struct where at = {.up = up, .name = m->name.at ? m->name : STR("")};
    struct set below = {0};
    bool known = false;
    struct json made = *m->otherwise;

    if (has_member(v, copy, m->name))
        return true;
    for (uint32_t k = 0; k < s->count; k++)
        if (!add_member(w, s->list[k], m->name, &below, &known))
            return clean_too_large(w, &at);
    if (!copy_start(w, copy, v, v->count))
        return clean_too_large(w, &at);
    clean_changed(w, &at, "default");
    if (below.acts)
        clean_value(w, &below, &at, m->otherwise, &made);
    copy->members[copy->count++] = (struct json_member){.name = m->name, .value = made};
    return true;
}

static bool clean_object(struct walk *w, const struct set *s, const struct where *at,
                         const struct json *v, struct json *ret)
{
    struct copy copy = {.room = v->count};

    for (uint32_t k = 0; k < s->count; k++)
        copy.room += s->list[k]->default_count;
    for (uint32_t i = 0; i < v->count; i++)
        if (!clean_member(w, s, at, v, i, &copy))
            return false;
    for (uint32_t k = 0; k < s->count; k++)
        for (uint32_t i = 0; i < s->list[k]->default_count; i++)
            if (!add_default(w, s, at, v, s->list[k]->defaults[i], &copy))
                return false;
    if (!copy.members)
        return false;
    *ret = (struct json){
        .kind = JSON_OBJECT, .at = v->at, .count = copy.count, .members = copy.members};
    return true;
}

/* ---- arrays ---- */

static bool clean_array(struct walk *w, const struct set *s, const struct where *up,
                        const struct json *v, struct json *ret)
{
    struct json *items = NULL, made;

    for (uint32_t i = 0; i < v->count; i++) {
        const struct where at = {.up = up, .index = i};
        struct set below = {0};

        for (uint32_t k = 0; k < s->count; k++) {
            const struct clean_node *n = s->list[k];
            const struct clean_node *item = i < n->prefix_count ? n->prefix[i] : n->rest;

            if (item && !clean_add_nodes(&below, item))
                return clean_too_large(w, &at);
        }
        if (!below.acts || !clean_value(w, &below, &at, &v->items[i], &made))
            continue;
        if (!items) {
            items = arena_array(w->a, v->count, sizeof(*items));
            if (!items)
                return clean_too_large(w, &at);
            memcpy(items, v->items, v->count * sizeof(*items));
        }
        items[i] = made;
    }
    if (!items)
        return false;
    *ret = (struct json){.kind = JSON_ARRAY, .at = v->at, .count = v->count, .items = items};
    return true;
}

/* ---- all values ---- */

static bool clean_kind(struct walk *w, const struct set *s, const struct where *at,
                       const struct json *v, struct json *ret)
{
    switch (v->kind) {
    case JSON_STRING:
        return clean_string(w, s, at, v, ret);
    case JSON_OBJECT:
        return clean_object(w, s, at, v, ret);
    case JSON_ARRAY:
        return clean_array(w, s, at, v, ret);
    default:
        return false;
    }
}

/* True when it is changed; *ret is then what it has become. */
bool clean_value(struct walk *w, const struct set *s, const struct where *at,
                 const struct json *v, struct json *ret)
{
    struct json made;
    bool moved;

    if (w->depth == CLEAN_DEPTH_MAX) {
        clean_refuse(w, at, "default", "is nested too deep once its defaults are inserted");
        return false;
    }
    w->depth++;
    w->steps++;
    moved = clean_kind(w, s, at, v, ret);
    if (w->c->branches && clean_branches(w, s, at, moved ? ret : v, &made)) {
        *ret = made;
        moved = true;
    }
    w->depth--;
    return moved;
}

/* Again where there are branches, since one may have made another hold. */
static void clean_rounds(struct walk *w, const struct set *s)
{
    struct schema_cleaned *r = w->ret;
    struct json *made;
    size_t before;

    for (unsigned round = 0; !r->problem_count; round++) {
        before = r->change_count;
        made = arena_alloc(w->a, sizeof(*made));
        if (!made || w->steps > CLEAN_STEPS_MAX || round == BRANCH_ROUNDS) {
            clean_refuse(w, NULL, "x-clean",
                         round == BRANCH_ROUNDS ? "does not come to rest"
                                                : "takes too long to clean");
            return;
        }
        if (clean_value(w, s, NULL, r->value, made))
            r->value = made;
        if (!w->c->branches || r->change_count == before)
            break;
    }
    if (w->c->branches && w->steps > CLEAN_STEPS_MAX && !r->problem_count)
        clean_refuse(w, NULL, "x-clean", "takes too long to clean");
}

bool schema_clean(const struct schema_cleaner *c, struct arena *a, const struct json *instance,
                  struct schema_cleaned *ret)
{
    struct walk w = {.c = c, .a = a, .ret = ret, .work = PATTERN_WORK};
    struct set s = {0};

    *ret = (struct schema_cleaned){.value = instance};
    if (!c)
        return true;
    if (clean_add_nodes(&s, c->root))
        clean_rounds(&w, &s);
    else
        clean_too_large(&w, NULL);
    return ret->problem_count == 0;
}
