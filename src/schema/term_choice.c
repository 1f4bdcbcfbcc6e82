/*
 * Branches that a member tells apart: where each wants one of a few texts of it, and no text is
 * wanted twice, looking the text up finds the one branch that may be meant.
 */
#include "schema/term.h"

enum { TEXTS_MAX = 4, CHOICES_MAX = 256, BRANCHES_FEW = 3 };

/* The texts that a schema leaves, when they are few; else NULL. */
static const struct rule *texts_of(const struct node *n)
{
    for (uint32_t i = 0; n && i < n->count; i++) {
        const struct rule *r = &n->rules[i];
        bool texts = r->kind == RULE_VALUES && r->count <= TEXTS_MAX;

        for (uint32_t j = 0; texts && j < r->count; j++)
            texts = r->values[j].kind == JSON_STRING;
        if (texts)
            return r;
    }
    return NULL;
}

/* A required member of one of a few texts; `name` is NULL where any will do. */
static const struct property_rule *guard_in(const struct object_rules *o, const str *name)
{
    for (uint32_t i = 0; i < o->count; i++) {
        const struct property_rule *p = &o->properties[i];

        if (p->required && (!name || str_equal(p->name, *name)) && texts_of(p->node))
            return p;
    }
    return NULL;
}

static const struct property_rule *guard_of(struct term *branch, const str *name)
{
    struct term **parts = branch->op == OP_AND ? branch->parts : &branch;
    uint32_t count = branch->op == OP_AND ? branch->count : 1;
    const struct property_rule *guard = NULL;

    for (uint32_t i = 0; i < count && !guard; i++) {
        const struct property_rule *p = parts[i]->operand;

        if (parts[i]->op == OP_OBJECT || parts[i]->op == OP_OBJECT_WIDE)
            guard = guard_in(parts[i]->operand, name);
        else if (parts[i]->op == OP_MEMBER && p->required && texts_of(p->node) &&
                 (!name || str_equal(p->name, *name)))
            guard = p;
    }
    return guard;
}

struct term *term_guarded(struct compiler *c, struct term *branch)
{
    const struct property_rule *guard = guard_of(branch, NULL);
    struct term *test;

    if (!guard || branch->op == OP_MEMBER)
        return branch;
    test = term_new(c, OP_MEMBER);
    if (!test)
        return NULL;
    test->operand = guard;
    test->node = guard->node;
    return term_and(c, (struct term *[]){test, branch}, 2);
}

/* False where the text is another branch's already, or there are too many. */
static bool add_texts(struct choice_rule *choice, const struct rule *r, struct term *branch)
{
    for (uint32_t i = 0; i < r->count; i++) {
        for (uint32_t j = 0; j < choice->count; j++)
            if (str_equal(choice->texts[j], r->values[i].text))
                return false;
        if (choice->count == CHOICES_MAX)
            return false;
        choice->texts[choice->count] = r->values[i].text;
        choice->parts[choice->count++] = branch;
    }
    return true;
}

bool term_choice(struct compiler *c, struct term *const *branches, uint32_t count,
                 struct term **ret)
{
    const struct property_rule *guard =
        count >= BRANCHES_FEW ? guard_of(branches[0], NULL) : NULL;
    struct choice_rule *choice;

    if (!guard)
        return true;
    choice = arena_alloc(c->a, sizeof(*choice));
    if (!choice)
        return err_limit(c->e);
    choice->member = guard->name;
    choice->texts = arena_array(c->a, CHOICES_MAX, sizeof(str));
    choice->parts = arena_array(c->a, CHOICES_MAX, sizeof(struct term *));
    if (!choice->texts || !choice->parts)
        return err_limit(c->e);
    for (uint32_t i = 0; i < count; i++) {
        guard = guard_of(branches[i], &choice->member);
        if (!guard || !add_texts(choice, texts_of(guard->node), branches[i]))
            return true;
    }
    *ret = term_new(c, OP_SWITCH);
    if (*ret)
        (*ret)->operand = choice;
    return *ret != NULL;
}
