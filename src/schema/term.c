/*
 * What a schema asks of one kind of value, simplified. Knowing the kind settles `type` and most
 * branches of anyOf and oneOf: what is left of them is often one, or none.
 */
#include "schema/compiler.h"
#include "schema/term.h"

#include <stdlib.h>

enum { DEPTH_MAX = 2000, FLAT_MAX = 8 };

struct term *term_new(struct compiler *c, enum op op)
{
    struct term *t = arena_alloc(c->a, sizeof(*t));

    if (t)
        t->op = op;
    else
        err_limit(c->e);
    return t;
}

static struct term *term_with_parts(struct compiler *c, enum op op, struct term **parts,
                                    uint32_t count)
{
    struct term *t = term_new(c, op);

    if (t) {
        t->parts = parts;
        t->count = count;
    }
    return t;
}

/* ---- lists of parts ---- */

struct parts {
    struct term **list;
    uint32_t count, room;
};

static bool parts_add(struct compiler *c, struct parts *p, struct term *t)
{
    if (!t)
        return false;
    if (p->count == p->room) {
        uint32_t room = p->room ? p->room * 2 : 8;
        struct term **list = arena_array(c->a, room, sizeof(*list));

        if (!list)
            return err_limit(c->e);
        if (p->count)
            memcpy(list, p->list, p->count * sizeof(*list));
        p->list = list;
        p->room = room;
    }
    p->list[p->count++] = t;
    return true;
}

/* Not each with each when there are many: what stands there twice is only done twice. */
static bool parts_have(const struct parts *p, const struct term *t)
{
    uint32_t from = p->count > 32 ? p->count - 32 : 0;

    for (uint32_t i = from; i < p->count; i++)
        if (p->list[i] == t)
            return true;
    return false;
}

static void sort_by_op(struct parts *p)
{
    /* Stable, and nearly always short. */
    for (uint32_t i = 1; i < p->count; i++) {
        struct term *t = p->list[i];
        uint32_t j = i;

        for (; j && p->list[j - 1]->op > t->op; j--)
            p->list[j] = p->list[j - 1];
        p->list[j] = t;
    }
}

/* ---- all of them ---- */

/* Two ranges of lengths or counts are one. */
static struct term *merge_ranges(struct compiler *c, const struct term *x, const struct term *y)
{
    struct term *t = term_new(c, x->op);

    if (t) {
        t->a = x->a > y->a ? x->a : y->a;
        t->b = x->b < y->b ? x->b : y->b;
    }
    return t;
}

static bool add_merged(struct compiler *c, struct parts *p, struct term *t)
{
    if (t->op == OP_LENGTH || t->op == OP_COUNT)
        for (uint32_t i = 0; i < p->count; i++)
            if (p->list[i]->op == t->op) {
                p->list[i] = merge_ranges(c, p->list[i], t);
                return p->list[i] != NULL;
            }
    return parts_have(p, t) || parts_add(c, p, t);
}

static bool add_flat(struct compiler *c, struct parts *p, struct term *t)
{
    if (t->op != OP_AND || t->count > FLAT_MAX)
        return t->op == OP_TRUE || add_merged(c, p, t);
    for (uint32_t i = 0; i < t->count; i++)
        if (!add_merged(c, p, t->parts[i]))
            return false;
    return true;
}

struct term *term_and(struct compiler *c, struct term *const *parts, uint32_t count)
{
    struct parts p = {0};

    for (uint32_t i = 0; i < count; i++)
        if (parts[i]->op == OP_FALSE)
            return &c->no;
    for (uint32_t i = 0; i < count; i++)
        if (!add_flat(c, &p, parts[i]))
            return NULL;
    if (!p.count)
        return &c->yes;
    if (p.count == 1)
        return p.list[0];
    sort_by_op(&p);
    return term_with_parts(c, OP_AND, p.list, p.count);
}

/* ---- any or one of them ---- */

static bool is_texts(const struct term *t)
{
    return t->op == OP_STRING || t->op == OP_STRINGS;
}

static uint32_t count_texts(const struct parts *p)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < p->count; i++) {
        if (!is_texts(p->list[i]))
            return 0;
        n += p->list[i]->count;
    }
    return n;
}

/* Alternatives that are all fixed texts are one list of them. */
static struct term *merge_texts(struct compiler *c, const struct parts *p, uint32_t count)
{
    str *list = arena_array(c->a, count, sizeof(*list));
    struct term *t = term_new(c, OP_STRINGS);
    uint32_t n = 0;

    if (!list)
        err_limit(c->e);
    if (!list || !t)
        return NULL;
    for (uint32_t i = 0; i < p->count; i++) {
        memcpy(list + n, p->list[i]->operand, p->list[i]->count * sizeof(*list));
        n += p->list[i]->count;
    }
    t->operand = list;
    t->count = n;
    return t;
}

static bool texts_differ(const struct term *t)
{
    const str *list = t->operand;

    for (uint32_t i = 0; i < t->count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_equal(list[i], list[j]))
                return false;
    return true;
}

static struct term *any_of(struct compiler *c, struct parts *p)
{
    uint32_t texts = count_texts(p);

    if (!p->count)
        return &c->no;
    if (p->count == 1)
        return p->list[0];
    if (texts)
        return merge_texts(c, p, texts);
    sort_by_op(p);
    return term_with_parts(c, OP_ANY, p->list, p->count);
}

/* Sets *ret where one member does it; else gives each branch its guard. */
static bool told_apart(struct compiler *c, struct parts *p, struct term **ret)
{
    if (!term_choice(c, p->list, p->count, ret))
        return false;
    for (uint32_t i = 0; !*ret && p->count > 1 && i < p->count; i++) {
        p->list[i] = term_guarded(c, p->list[i]);
        if (!p->list[i])
            return false;
    }
    return true;
}

static struct term *term_any(struct compiler *c, struct term *const *parts, uint32_t count)
{
    struct term *chosen = NULL;
    struct parts p = {0};

    for (uint32_t i = 0; i < count; i++) {
        if (parts[i]->op == OP_TRUE)
            return &c->yes;
        if (parts[i]->op != OP_FALSE && !parts_have(&p, parts[i]) &&
            !parts_add(c, &p, parts[i]))
            return NULL;
    }
    if (!told_apart(c, &p, &chosen))
        return NULL;
    return chosen ? chosen : any_of(c, &p);
}

static struct term *term_not(struct compiler *c, struct term *t)
{
    struct term **part;

    if (t->op == OP_TRUE || t->op == OP_FALSE)
        return t->op == OP_TRUE ? &c->no : &c->yes;
    part = arena_alloc(c->a, sizeof(*part));
    if (!part) {
        err_limit(c->e);
        return NULL;
    }
    *part = t;
    return term_with_parts(c, OP_NOT, part, 1);
}

static struct term *term_one(struct compiler *c, struct term *const *parts, uint32_t count)
{
    struct parts p = {0};
    struct term *merged, *chosen = NULL;
    uint32_t held = 0, texts;

    for (uint32_t i = 0; i < count; i++) {
        held += parts[i]->op == OP_TRUE;
        if (parts[i]->op != OP_TRUE && parts[i]->op != OP_FALSE && !parts_add(c, &p, parts[i]))
            return NULL;
    }
    if (!told_apart(c, &p, &chosen))
        return NULL;
    if (held > 1)
        return &c->no;
    if (held) {
        merged = chosen ? chosen : any_of(c, &p);
        return merged ? term_not(c, merged) : NULL;
    }
    if (chosen)
        return chosen;
    texts = count_texts(&p);
    if (texts && texts < 100) {
        merged = p.count > 1 ? merge_texts(c, &p, texts) : p.list[0];
        if (!merged || texts_differ(merged))
            return merged;
    }
    if (p.count < 2)
        return p.count ? p.list[0] : &c->no;
    sort_by_op(&p);
    return term_with_parts(c, OP_ONE, p.list, p.count);
}

static struct term *term_if(struct compiler *c, struct term *condition, struct term *then,
                            struct term *otherwise)
{
    struct term **parts;

    if (condition->op == OP_TRUE)
        return then;
    if (condition->op == OP_FALSE)
        return otherwise;
    if (then == &c->yes && otherwise == &c->yes)
        return &c->yes;
    parts = arena_array(c->a, 3, sizeof(*parts));
    if (!parts) {
        err_limit(c->e);
        return NULL;
    }
    parts[0] = term_guarded(c, condition);
    parts[1] = then;
    parts[2] = otherwise;
    return parts[0] ? term_with_parts(c, OP_IF, parts, 3) : NULL;
}

/* ---- rules ---- */

static struct term *type_term(struct compiler *c, const struct rule *r, unsigned kind)
{
    if (kind == JSON_NUMBER && r->whole)
        return r->leaf;
    return r->types & (kind == JSON_NUMBER ? KIND(JSON_NUMBER) : KIND(kind)) ? &c->yes : &c->no;
}

static struct term *branches_term(struct compiler *c, struct rule *r, unsigned kind)
{
    struct term **parts = arena_array(c->a, r->count, sizeof(*parts));

    if (!parts) {
        err_limit(c->e);
        return NULL;
    }
    for (uint32_t i = 0; i < r->count; i++) {
        parts[i] = r->nodes[i] ? term_of_node(c, r->nodes[i], kind) : &c->yes;
        if (!parts[i])
            return NULL;
    }
    switch (r->kind) {
    case RULE_ANY:
        return term_any(c, parts, r->count);
    case RULE_ONE:
        return term_one(c, parts, r->count);
    case RULE_NOT:
        return term_not(c, parts[0]);
    case RULE_IF:
        return term_if(c, parts[0], parts[1], parts[2]);
    default:
        return term_and(c, parts, r->count);
    }
}

static struct term *make_rule_term(struct compiler *c, struct node *n, struct rule *r,
                                   unsigned kind)
{
    if (!(r->kinds & KIND(kind)))
        return &c->yes;
    switch (r->kind) {
    case RULE_LEAF:
        return r->leaf;
    case RULE_TYPE:
        return type_term(c, r, kind);
    case RULE_VALUES:
        return term_values(c, r, kind);
    case RULE_FALSE:
        return &c->no;
    case RULE_ALL:
    case RULE_ANY:
    case RULE_ONE:
    case RULE_NOT:
    case RULE_IF:
        return branches_term(c, r, kind);
    case RULE_OBJECT:
        return term_object(c, r->object);
    case RULE_ARRAY:
        return term_array(c, r->array);
    default:
        return term_other(c, n, r);
    }
}

struct term *term_of_rule(struct compiler *c, struct node *n, struct rule *r, unsigned kind)
{
    if (!r->terms[kind])
        r->terms[kind] = make_rule_term(c, n, r, kind);
    return r->terms[kind];
}

/* ---- nodes ---- */

static struct term *fail_in_circle(struct compiler *c, const struct node *n)
{
    if (c->depth >= DEPTH_MAX) {
        compile_fail(c, n->source, "more than %d schemas follow on one another", DEPTH_MAX);
        return NULL;
    }
    compile_fail(c, n->source, "this schema refers to itself without end");
    err_fix(c->e, "let it refer to itself only for a member or an item");
    return NULL;
}

static struct term *make_node_term(struct compiler *c, struct node *n, unsigned kind)
{
    struct term **parts = arena_array(c->a, n->count, sizeof(*parts));

    if (!parts) {
        err_limit(c->e);
        return NULL;
    }
    for (uint32_t i = 0; i < n->count; i++) {
        parts[i] = term_of_rule(c, n, &n->rules[i], kind);
        if (!parts[i])
            return NULL;
    }
    return term_and(c, parts, n->count);
}

/* A value that is sent from node to node and never into a member or an item comes back for
 * ever. */
struct term *term_of_node(struct compiler *c, struct node *n, unsigned kind)
{
    if (n->terms[kind])
        return n->terms[kind];
    if (n->in_progress[kind] || c->depth >= DEPTH_MAX)
        return fail_in_circle(c, n);
    n->in_progress[kind] = true;
    c->depth++;
    n->terms[kind] = make_node_term(c, n, kind);
    c->depth--;
    n->in_progress[kind] = false;
    return n->terms[kind];
}
