/* What is wrong, keyword by keyword, where one sentence with the operand does not tell. */
#include "schema/problems.h"
#include "schema/run.h"

void explain_const(struct report *p, const struct step *s, const struct json *v)
{
    report_note(p, v->at, s->op->keyword, "is not the one allowed value");
}

void explain_all(struct report *p, const struct step *s, const struct json *v)
{
    for (uint32_t i = 0; i < s->block_count; i++)
        report_block(p, s->blocks[i], v);
}

/* The one branch that such a value could have meant, or NULL. */
static const struct block *only_branch(const struct step *s, const struct json *v)
{
    const struct block *found = NULL;

    for (uint32_t i = 0; i < s->block_count; i++) {
        if (!(s->blocks[i]->kinds & KIND(v->kind)))
            continue;
        if (found)
            return NULL;
        found = s->blocks[i];
    }
    return found;
}

void explain_any(struct report *p, const struct step *s, const struct json *v)
{
    const struct block *branch = only_branch(s, v);

    if (branch)
        report_block(p, branch, v);
    else
        report_note(p, v->at, s->op->keyword, "has none of the %u allowed forms",
                    s->block_count);
}

void explain_one(struct report *p, const struct step *s, const struct json *v)
{
    uint32_t held = 0;

    for (uint32_t i = 0; i < s->block_count; i++)
        held += run_block(&p->run, s->blocks[i], v) == HOLDS;
    if (!held)
        explain_any(p, s, v);
    else
        report_note(p, v->at, s->op->keyword, "has more than one of the allowed forms");
}

void explain_if(struct report *p, const struct step *s, const struct json *v)
{
    report_block(p, s->blocks[run_block(&p->run, s->blocks[0], v) == HOLDS ? 1 : 2], v);
}

/* ---- objects ---- */

static void note_member(struct report *p, const struct json_member *m, const char *keyword,
                        const char *why)
{
    struct trail here = {.up = p->trail, .name = &m->name};

    p->trail = &here;
    report_note(p, m->at, keyword, "%s", why);
    p->trail = here.up;
}

static bool explain_patterns(struct report *p, const struct object_rules *o,
                             const struct json_member *m)
{
    bool known = false;

    for (uint32_t i = 0; i < o->pattern_count; i++) {
        enum verdict verdict = run_pattern_on(&p->run, o->patterns[i].pattern, m->name);

        if (verdict == UNDECIDED)
            note_member(p, m, "patternProperties", "has a name that takes too long to check");
        if (verdict == HOLDS)
            report_member(p, o->patterns[i].block, m);
        known |= verdict != FAILS;
    }
    return known;
}

static void explain_member(struct report *p, const struct object_rules *o,
                           const struct json_member *m)
{
    uint32_t i = names_find(&o->names, m->name);
    const struct block *b = i == NOT_FOUND ? NULL : o->properties[i].block;
    struct json name = {.kind = JSON_STRING, .at = m->at, .text = m->name};
    bool known = explain_patterns(p, o, m) || b;

    if (b)
        report_member(p, b, m);
    if (!known && o->others && !o->others->kinds)
        note_member(p, m, "additionalProperties", "is not a known member");
    else if (!known && o->others)
        report_member(p, o->others, m);
    if (o->name_block && run_block(&p->run, o->name_block, &name) != HOLDS)
        note_member(p, m, "propertyNames", "has a name that is not allowed");
}

void explain_object(struct report *p, const struct step *s, const struct json *v)
{
    const struct object_rules *o = s->object;

    for (uint32_t i = 0; i < o->names.count; i++)
        if (o->properties[i].required && !run_member(v, o->names.list[i]))
            report_note(p, v->at, "required", "lacks the member '%.*s'",
                        STR_ARG(o->names.list[i]));
    for (uint32_t i = 0; i < v->count && p->count < p->max; i++)
        explain_member(p, o, &v->members[i]);
}

void explain_dependent_required(struct report *p, const struct step *s, const struct json *v)
{
    const struct dependency *d = s->dependency;

    for (uint32_t i = 0; i < d->need_count; i++)
        if (!run_member(v, d->needs[i]))
            report_note(p, v->at, "dependentRequired",
                        "lacks the member '%.*s', which '%.*s' needs", STR_ARG(d->needs[i]),
                        STR_ARG(d->name));
}

void explain_dependent_schema(struct report *p, const struct step *s, const struct json *v)
{
    report_block(p, s->blocks[0], v);
}

/* ---- arrays ---- */

static void explain_contains(struct report *p, const struct array_rules *a,
                             const struct json *v)
{
    uint64_t held = 0;
    enum verdict verdict = run_contains(&p->run, a, v, &held);

    if (verdict == UNDECIDED)
        report_undecided(p, v, "contains");
    else if (verdict == FAILS && held < a->least)
        report_note(p, v->at, a->least > 1 ? "minContains" : "contains",
                    "has too few items of the required form");
    else if (verdict == FAILS)
        report_note(p, v->at, "maxContains", "has too many items of one form");
}

static void note_surplus(struct report *p, const struct json *v, uint32_t i)
{
    struct trail here = {.up = p->trail, .index = i};

    p->trail = &here;
    report_note(p, v->items[i].at, "items", "is more than the %u allowed", i);
    p->trail = here.up;
}

void explain_array(struct report *p, const struct step *s, const struct json *v)
{
    const struct array_rules *a = s->array;

    for (uint32_t i = 0; i < v->count && p->count < p->max; i++) {
        const struct block *b = i < a->prefix_count ? a->prefix[i] : a->items;

        if (b && !b->kinds) {
            note_surplus(p, v, i);
            break;
        }
        if (b)
            report_item(p, b, v, i);
    }
    if (a->contains)
        explain_contains(p, a, v);
}
