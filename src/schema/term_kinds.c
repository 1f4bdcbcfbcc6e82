/* Terms for values of one kind: constants, objects, arrays. */
#include "schema/term.h"

bool node_is_true(const struct node *n)
{
    return n->source->kind == JSON_TRUE || (n->source->kind == JSON_OBJECT && !n->count);
}

bool node_is_false(const struct node *n)
{
    return n->source->kind == JSON_FALSE;
}

/* ---- constants ---- */

static bool is_of_kind(const struct json *v, unsigned kind)
{
    return v->kind == (kind == WHOLE ? JSON_NUMBER : kind);
}

static uint32_t count_of_kind(const struct rule *r, unsigned kind)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < r->count; i++)
        n += is_of_kind(&r->values[i], kind);
    return n;
}

static struct term *texts_term(struct compiler *c, const struct rule *r, unsigned kind,
                               uint32_t count)
{
    struct term *t = term_new(c, count == 1 ? OP_STRING : OP_STRINGS);
    str *list = arena_array(c->a, count, sizeof(*list));

    if (!list)
        err_limit(c->e);
    if (!t || !list)
        return NULL;
    for (uint32_t i = 0; i < r->count; i++)
        if (is_of_kind(&r->values[i], kind))
            list[t->count++] = r->values[i].text;
    t->operand = list;
    return t;
}

static bool is_plain_integer(str number)
{
    for (size_t i = number.at[0] == '-'; i < number.len; i++)
        if (number.at[i] < '0' || number.at[i] > '9')
            return false;
    return !str_is(number, "0") && !str_is(number, "-0");
}

/* Integers as they are written are equal when their texts are, zero apart. */
static bool are_plain_integers(const struct rule *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        if (r->values[i].kind == JSON_NUMBER && !is_plain_integer(r->values[i].text))
            return false;
    return true;
}

static struct term *constants_term(struct compiler *c, const struct rule *r, unsigned kind,
                                   uint32_t count)
{
    struct term *t = term_new(c, OP_VALUES);
    const struct json **list = arena_array(c->a, count, sizeof(*list));

    if (!list)
        err_limit(c->e);
    if (!t || !list)
        return NULL;
    for (uint32_t i = 0; i < r->count; i++)
        if (is_of_kind(&r->values[i], kind))
            list[t->count++] = &r->values[i];
    t->operand = list;
    return t;
}

struct term *term_values(struct compiler *c, struct rule *r, unsigned kind)
{
    uint32_t count = count_of_kind(r, kind);

    if (!count)
        return &c->no;
    if (kind < JSON_NUMBER)
        return &c->yes;
    if (kind == JSON_STRING)
        return texts_term(c, r, kind, count);
    if (kind == WHOLE && are_plain_integers(r))
        return texts_term(c, r, kind, count);
    if (kind == WHOLE && r->terms[JSON_NUMBER])
        return r->terms[JSON_NUMBER];
    return constants_term(c, r, kind, count);
}

/* ---- objects ---- */

static struct term *member_term(struct compiler *c, const struct property_rule *p)
{
    struct term *t = term_new(c, OP_MEMBER);

    if (t) {
        t->operand = p;
        t->node = p->node;
    }
    return t;
}

/* A few names that each are looked up by themselves. */
static struct term *members_term(struct compiler *c, const struct object_rules *o)
{
    struct term **parts = arena_array(c->a, o->count, sizeof(*parts));
    uint32_t n = 0;

    if (!parts) {
        err_limit(c->e);
        return NULL;
    }
    for (uint32_t i = 0; i < o->count; i++) {
        const struct property_rule *p = &o->properties[i];

        if (!p->required && (!p->node || node_is_true(p->node)))
            continue;
        parts[n] = member_term(c, p);
        if (!parts[n++])
            return NULL;
    }
    return term_and(c, parts, n);
}

static bool only_required(const struct object_rules *o)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->properties[i].node && !node_is_true(o->properties[i].node))
            return false;
    return true;
}

struct term *term_object(struct compiler *c, const struct object_rules *o)
{
    enum { MEMBERS_MAX = 2, REQUIRED_MAX = 4 };
    struct node *others = o->others && !node_is_true(o->others) ? o->others : NULL;
    bool wide = o->pattern_count || (o->names && !node_is_true(o->names));
    struct term *t;

    if (!wide && !others &&
        (o->count <= MEMBERS_MAX || (o->count <= REQUIRED_MAX && only_required(o))))
        return members_term(c, o);
    if (!wide && !o->count && node_is_false(others)) {
        t = term_new(c, OP_COUNT);
        return t;
    }
    t = term_new(c, wide ? OP_OBJECT_WIDE : o->count ? OP_OBJECT : OP_MAP);
    if (t) {
        t->operand = o;
        t->node = others;
    }
    return t;
}

/* ---- arrays ---- */

static bool needs_tuple(const struct array_rules *a)
{
    for (uint32_t i = 0; i < a->prefix_count; i++)
        if (!node_is_true(a->prefix[i]))
            return true;
    return false;
}

struct term *term_array(struct compiler *c, const struct array_rules *a)
{
    struct term *parts[2];
    uint32_t n = 0;

    if (needs_tuple(a)) {
        parts[n] = term_new(c, OP_TUPLE);
        if (!parts[n])
            return NULL;
        parts[n]->count = a->prefix_count;
        parts[n++]->operand = a->prefix;
    }
    if (a->rest && !node_is_true(a->rest)) {
        parts[n] = term_new(c, node_is_false(a->rest) ? OP_COUNT : OP_ITEMS);
        if (!parts[n])
            return NULL;
        parts[n]->node = a->rest;
        parts[n++]->b = a->prefix_count;
    }
    return term_and(c, parts, n);
}

/* ---- what is left ---- */

static struct term *when_term(struct compiler *c, struct rule *r)
{
    struct term **part = arena_alloc(c->a, sizeof(*part)), *t;

    if (!part) {
        err_limit(c->e);
        return NULL;
    }
    *part = term_of_node(c, r->nodes[0], JSON_OBJECT);
    if (!*part || (*part)->op == OP_TRUE)
        return *part;
    t = term_new(c, OP_WHEN);
    if (t) {
        t->operand = r->names;
        t->parts = part;
        t->count = 1;
    }
    return t;
}

static struct term *contains_term(struct compiler *c, struct rule *r)
{
    struct term *t;

    if (!r->least && r->most == UINT32_MAX)
        return &c->yes;
    t = term_new(c, OP_CONTAINS);
    if (t) {
        t->node = r->nodes[0];
        t->b = r->least;
        t->c = r->most;
    }
    return t;
}

struct term *term_other(struct compiler *c, struct node *n, struct rule *r)
{
    struct term *t;

    if (r->kind == RULE_WHEN)
        return when_term(c, r);
    if (r->kind == RULE_CONTAINS)
        return contains_term(c, r);
    if (r->kind == RULE_NEEDS) {
        t = r->count > 1 ? term_new(c, OP_NEEDS) : &c->yes;
        if (t && t != &c->yes) {
            t->operand = r->names;
            t->count = r->count;
        }
        return t;
    }
    if (node_is_true(r->nodes[0]))
        return &c->yes;
    t = term_new(c, r->kind == RULE_UNEVALUATED_ITEMS ? OP_UNEVALUATED_ITEMS
                                                      : OP_UNEVALUATED_PROPERTIES);
    if (t) {
        t->node = n;
        t->second = r->nodes[0];
    }
    return t;
}
