/*
 * A value walked along the graph. What stays as it was is shared with what was given; the rest
 * is copied as far as the change reaches.
 */
#include "schema/clean.h"

#include <stdlib.h>

enum { TOGETHER_ROUNDS = 4 };

/* What a name in `patternProperties` may cost in all, in nanoseconds. */
#define PATTERN_WORK 50000000ull

struct set { /* the subschemas that speak of one value */
    const struct clean_node *list[CLEAN_TOGETHER_MAX];
    uint32_t count;
    bool acts;
};

struct spot { /* where the walk is */
    const struct spot *up;
    str name; /* name.at is NULL: an item */
    uint32_t index;
};

struct walk {
    const struct schema_cleaner *c;
    struct arena *a;
    struct schema_cleaned *ret;
    unsigned depth;
    uint64_t work;
};

/* ---- telling ---- */

static void add_token(struct buf *out, str name)
{
    for (size_t i = 0; i < name.len; i++)
        switch (name.at[i]) {
        case '~':
            buf_add(out, STR("~0"));
            break;
        case '/':
            buf_add(out, STR("~1"));
            break;
        default:
            buf_addc(out, name.at[i]);
            break;
        }
}

static void add_pointer(struct buf *out, const struct spot *at)
{
    if (!at)
        return;
    add_pointer(out, at->up);
    buf_addc(out, '/');
    if (at->name.at)
        add_token(out, at->name);
    else
        buf_add_u64(out, at->index);
}

static str pointer(struct walk *w, const struct spot *at)
{
    CLEANUP(buf_free) struct buf out = {.max = 4096};

    add_pointer(&out, at);
    return arena_str(w->a, buf_str(&out));
}

static void changed(struct walk *w, const struct spot *at, const char *rule)
{
    struct schema_cleaned *r = w->ret;

    if (r->change_count < SCHEMA_CHANGES_MAX)
        r->changes[r->change_count] = (struct schema_change){pointer(w, at), rule};
    r->change_count++;
}

static void refuse(struct walk *w, const struct spot *at, const char *keyword, const char *why)
{
    struct schema_cleaned *r = w->ret;

    if (r->problem_count == SCHEMA_CHANGES_MAX)
        return;
    r->problems[r->problem_count++] = (struct schema_problem){
        .where = pointer(w, at),
        .keyword = keyword,
        .why = str_of(why),
    };
}

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

static bool add_nodes(struct set *s, const struct clean_node *n)
{
    for (uint32_t i = 0; i < n->together_count; i++)
        if (!add_node(s, n->together[i]))
            return false;
    return true;
}

/* ---- texts ---- */

static bool is_number(struct arena *a, str text)
{
    struct json_limits limits = json_limits_event;
    struct json *v;
    struct err e = {0};

    limits.bytes = text.len;
    return text.len && json_read(a, text, &limits, &v, &e) && v->kind == JSON_NUMBER &&
           v->text.len == text.len;
}

/* Text that stands for a number or a truth value, where no text is wanted. */
static bool coerce(struct walk *w, const struct set *s, const struct json *v, struct json *ret)
{
    unsigned kinds = UINT32_MAX;

    for (uint32_t i = 0; i < s->count; i++)
        kinds &= s->list[i]->kinds;
    if (w->c->source != SCHEMA_FROM_TEXT || (kinds & 1u << JSON_STRING))
        return false;
    if ((kinds & 1u << JSON_NUMBER) && is_number(w->a, v->text))
        *ret = (struct json){.kind = JSON_NUMBER, .at = v->at, .text = v->text};
    else if ((kinds & 1u << JSON_TRUE) && str_is(v->text, "true"))
        *ret = (struct json){.kind = JSON_TRUE, .at = v->at};
    else if ((kinds & 1u << JSON_FALSE) && str_is(v->text, "false"))
        *ret = (struct json){.kind = JSON_FALSE, .at = v->at};
    else
        return false;
    return true;
}

/* One list of rules; what it changed is told. */
static bool apply(struct walk *w, const struct clean_node *n, const struct spot *at, str *text,
                  bool *moved)
{
    struct clean_outcome o;

    if (!n->rules)
        return true;
    if (!clean_text(n->rules, w->a, *text, &o)) {
        refuse(w, at, "x-clean", o.why);
        return false;
    }
    for (size_t i = 0; i < clean_count(n->rules); i++)
        if (o.changed & 1u << i)
            changed(w, at, clean_name(n->rules, i));
    *moved |= o.changed != 0;
    *text = o.text;
    return true;
}

static bool clean_string(struct walk *w, const struct set *s, const struct spot *at,
                         const struct json *v, struct json *ret)
{
    size_t told = w->ret->change_count;
    str text = v->text;
    bool moved = true;

    for (unsigned round = 0; moved; round++) {
        moved = false;
        for (uint32_t i = 0; i < s->count; i++)
            if (!apply(w, s->list[i], at, &text, &moved))
                return false;
        if (moved && round == TOGETHER_ROUNDS) {
            refuse(w, at, "x-clean", "does not come to rest");
            return false;
        }
        moved &= s->count > 1;
    }
    *ret = (struct json){.kind = JSON_STRING, .at = v->at, .text = text};
    if (str_equal(text, v->text)) {
        w->ret->change_count = told;
        return coerce(w, s, v, ret);
    }
    coerce(w, s, ret, ret);
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

    if (m && !add_nodes(ret, m->node))
        return false;
    for (const struct clean_pattern *p = n->patterns; p; p = p->next) {
        enum pattern_verdict verdict = pattern_match(p->pattern, name, &w->work);

        if (verdict == PATTERN_UNDECIDED)
            return false;
        here |= verdict == PATTERN_HOLDS;
        if (verdict == PATTERN_HOLDS && !add_nodes(ret, p->node))
            return false;
    }
    if (!here && n->others) {
        here = true;
        if (!add_nodes(ret, n->others))
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

static bool clean_value(struct walk *w, const struct set *s, const struct spot *at,
                        const struct json *v, struct json *ret);

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

static bool too_large(struct walk *w, const struct spot *at)
{
    refuse(w, at, "x-clean", "is too large to be cleaned");
    return false;
}

/* Member `i` of `v`: kept, changed or left out. */
static bool clean_member(struct walk *w, const struct set *s, const struct spot *up,
                         const struct json *v, uint32_t i, struct copy *copy)
{
    const struct json_member *m = &v->members[i];
    const struct spot at = {.up = up, .name = m->name.at ? m->name : STR("")};
    struct json made = m->value;
    struct set below = {0};
    bool known = false;

    for (uint32_t k = 0; k < s->count; k++)
        if (!add_member(w, s->list[k], m->name, &below, &known))
            return too_large(w, &at);
    if (!known && strips(s)) {
        changed(w, &at, "x-unknown");
        return copy_start(w, copy, v, i) || too_large(w, &at);
    }
    if (below.acts && clean_value(w, &below, &at, &m->value, &made) &&
        !copy_start(w, copy, v, i))
        return too_large(w, &at);
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

static bool add_default(struct walk *w, const struct set *s, const struct spot *up,
                        const struct json *v, const struct clean_member *m, struct copy *copy)
{
    const struct spot at = {.up = up, .name = m->name.at ? m->name : STR("")};
    struct set below = {0};
    bool known = false;
    struct json made = *m->otherwise;

    if (has_member(v, copy, m->name))
        return true;
    for (uint32_t k = 0; k < s->count; k++)
        if (!add_member(w, s->list[k], m->name, &below, &known))
            return too_large(w, &at);
    if (!copy_start(w, copy, v, v->count))
        return too_large(w, &at);
    changed(w, &at, "default");
    if (below.acts)
        clean_value(w, &below, &at, m->otherwise, &made);
    copy->members[copy->count++] = (struct json_member){.name = m->name, .value = made};
    return true;
}

static bool clean_object(struct walk *w, const struct set *s, const struct spot *at,
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

static bool clean_array(struct walk *w, const struct set *s, const struct spot *up,
                        const struct json *v, struct json *ret)
{
    struct json *items = NULL, made;

    for (uint32_t i = 0; i < v->count; i++) {
        const struct spot at = {.up = up, .index = i};
        struct set below = {0};

        for (uint32_t k = 0; k < s->count; k++) {
            const struct clean_node *n = s->list[k];
            const struct clean_node *item = i < n->prefix_count ? n->prefix[i] : n->rest;

            if (item && !add_nodes(&below, item))
                return too_large(w, &at);
        }
        if (!below.acts || !clean_value(w, &below, &at, &v->items[i], &made))
            continue;
        if (!items) {
            items = arena_array(w->a, v->count, sizeof(*items));
            if (!items)
                return too_large(w, &at);
            memcpy(items, v->items, v->count * sizeof(*items));
        }
        items[i] = made;
    }
    if (!items)
        return false;
    *ret = (struct json){.kind = JSON_ARRAY, .at = v->at, .count = v->count, .items = items};
    return true;
}

/* True when it is changed; *ret is then what it has become. */
static bool clean_value(struct walk *w, const struct set *s, const struct spot *at,
                        const struct json *v, struct json *ret)
{
    bool result = false;

    if (w->depth == CLEAN_DEPTH_MAX) {
        refuse(w, at, "default", "is nested too deep once its defaults are inserted");
        return false;
    }
    w->depth++;
    if (v->kind == JSON_STRING)
        result = clean_string(w, s, at, v, ret);
    else if (v->kind == JSON_OBJECT)
        result = clean_object(w, s, at, v, ret);
    else if (v->kind == JSON_ARRAY)
        result = clean_array(w, s, at, v, ret);
    w->depth--;
    return result;
}

bool schema_clean(const struct schema_cleaner *c, struct arena *a, const struct json *instance,
                  struct schema_cleaned *ret)
{
    struct walk w = {.c = c, .a = a, .ret = ret, .work = PATTERN_WORK};
    struct json *made = arena_alloc(a, sizeof(*made));
    struct set s = {0};

    *ret = (struct schema_cleaned){.value = instance};
    if (!c)
        return true;
    if (!made || !add_nodes(&s, c->root)) {
        refuse(&w, NULL, "x-clean", "is too large to be cleaned");
        return false;
    }
    if (clean_value(&w, &s, NULL, instance, made))
        ret->value = made;
    return ret->problem_count == 0;
}
