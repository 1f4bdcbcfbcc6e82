/* What is wrong, keyword by keyword, where one sentence with the operand does not tell. */
#include "schema/problems.h"

static bool is_never(const struct report *p, uint32_t block)
{
    const struct block *b = run_at(&p->run, block);

    for (unsigned kind = 0; kind < KINDS; kind++)
        if (b->entry[kind] != FAIL)
            return false;
    return true;
}

static const char *keyword_name(uint32_t number)
{
    const struct keyword *k = keyword_by_number(number);

    return k ? k->name : "additionalProperties";
}

/* ---- branches ---- */

static struct way way_to(const struct clause *c, uint32_t i)
{
    return (struct way){.keyword = clause_keyword(c), .index = c->c ? i : NOWHERE};
}

static void explain_all(struct report *p, const struct clause *c, const struct json *v)
{
    const uint32_t *blocks = run_at(&p->run, c->a);

    for (uint32_t i = 0; i < c->b; i++)
        report_block(p, way_to(c, i), blocks[i], v);
}

/* The one branch that such a value could have meant, or c->b. */
static uint32_t only_branch(const struct report *p, const struct clause *c,
                            const struct json *v)
{
    const uint32_t *blocks = run_at(&p->run, c->a);
    uint32_t found = c->b;

    for (uint32_t i = 0; i < c->b; i++) {
        const struct block *b = run_at(&p->run, blocks[i]);

        if (b->entry[run_kind(v)] == FAIL)
            continue;
        if (found < c->b)
            return c->b;
        found = i;
    }
    return found;
}

static void explain_any(struct report *p, const struct clause *c, const struct json *v)
{
    const uint32_t *blocks = run_at(&p->run, c->a);
    uint32_t branch = only_branch(p, c, v);

    if (branch < c->b)
        report_block(p, way_to(c, branch), blocks[branch], v);
    else
        report_note(p, v->at, clause_keyword(c), "has none of the %u allowed forms", c->b);
}

static void explain_one(struct report *p, const struct clause *c, const struct json *v)
{
    const uint32_t *blocks = run_at(&p->run, c->a);
    uint32_t held = 0;

    for (uint32_t i = 0; i < c->b; i++) {
        held += run_block(&p->run, run_at(&p->run, blocks[i]), v);
        p->run.undecided = false;
    }
    if (!held)
        explain_any(p, c, v);
    else
        report_note(p, v->at, clause_keyword(c), "has more than one of the allowed forms");
}

static void explain_if(struct report *p, const struct clause *c, const struct json *v)
{
    const uint32_t *blocks = run_at(&p->run, c->a);
    bool condition = run_block(&p->run, run_at(&p->run, blocks[0]), v);
    uint32_t branch = blocks[condition ? 1 : 2];

    p->run.undecided = false;
    if (branch)
        report_block(p, (struct way){.keyword = condition ? "then" : "else", .index = NOWHERE},
                     branch, v);
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

static str text_at(const struct report *p, struct span s)
{
    return (str){p->run.base + s.at, s.len};
}

static bool explain_patterns(struct report *p, const struct object *o,
                             const struct json_member *m)
{
    const struct pattern_property *list = run_at(&p->run, o->patterns);
    struct json name = {.kind = JSON_STRING, .at = m->at, .text = m->name};
    bool known = false;

    for (uint32_t i = 0; i < o->pattern_count; i++) {
        bool holds = run_name(&p->run, &list[i], &name), undecided = p->run.undecided;

        p->run.undecided = false;
        if (undecided) {
            size_t before = p->count;

            note_member(p, m, "patternProperties", "has a name that takes too long to check");
            report_mark_undecided(p, before);
        } else if (holds)
            report_member(
                p,
                (struct way){.keyword = "patternProperties", .name = text_at(p, list[i].text)},
                list[i].block, m);
        known |= holds || undecided;
    }
    return known;
}

static void explain_name(struct report *p, const struct object *o, const struct json_member *m)
{
    struct json name = {.kind = JSON_STRING, .at = m->at, .text = m->name};

    if (o->names && !run_block(&p->run, run_at(&p->run, o->names), &name))
        note_member(p, m, "propertyNames", "has a name that is not allowed");
    p->run.undecided = false;
}

static void explain_member(struct report *p, const struct object *o,
                           const struct json_member *m)
{
    const struct property *property =
        (const void *)run_find(p->run.base, &o->properties, run_hash(m), m->name);
    const char *others = keyword_name(o->others_keyword);
    bool known = explain_patterns(p, o, m);

    if (property && property->block) {
        known = true;
        report_member(p, (struct way){.keyword = "properties", .name = m->name},
                      property->block, m);
    }
    if (!known && o->others && is_never(p, o->others))
        note_member(p, m, others, "is not a known member");
    else if (!known && o->others)
        report_member(p, (struct way){.keyword = others, .index = NOWHERE}, o->others, m);
    explain_name(p, o, m);
}

static void explain_object(struct report *p, const struct clause *c, const struct json *v)
{
    const struct object *o = run_at(&p->run, c->a);
    const struct property *list = run_at(&p->run, o->properties.list);

    for (uint32_t i = 0; i < o->properties.count; i++)
        if (list[i].required && !run_member(&p->run, &list[i].key, v))
            report_note(p, v->at, "required", "lacks the member '%.*s'",
                        STR_ARG(text_at(p, list[i].key.name)));
    for (uint32_t i = 0; i < v->count && p->count < p->max; i++)
        explain_member(p, o, &v->members[i]);
}

static void explain_needs(struct report *p, const struct clause *c, const struct json *v)
{
    const struct key *keys = run_at(&p->run, c->a);

    if (!run_member(&p->run, &keys[0], v))
        return;
    for (uint32_t i = 1; i < c->b; i++)
        if (!run_member(&p->run, &keys[i], v))
            report_note(p, v->at, clause_keyword(c),
                        "lacks the member '%.*s', which '%.*s' needs",
                        STR_ARG(text_at(p, keys[i].name)), STR_ARG(text_at(p, keys[0].name)));
}

static void explain_when(struct report *p, const struct clause *c, const struct json *v)
{
    const struct key *key = run_at(&p->run, c->a);

    if (run_member(&p->run, key, v))
        report_block(p,
                     (struct way){.keyword = clause_keyword(c), .name = text_at(p, key->name)},
                     c->b, v);
}

/* ---- arrays ---- */

static void explain_contains(struct report *p, const struct clause *c, const struct json *v)
{
    uint32_t held = 0;

    if (report_test(p, c->entry[run_kind(v)], v, "contains") != FAILS)
        return;
    run_contains(&p->run, run_at(&p->run, c->a), c->b, c->c, v, &held);
    if (held < c->b)
        report_note(p, v->at, c->b > 1 ? "minContains" : "contains",
                    "has too few items of the required form");
    else
        report_note(p, v->at, "maxContains", "has too many items of one form");
}

static void note_surplus(struct report *p, const struct json *v, uint32_t i,
                         const char *keyword)
{
    struct trail here = {.up = p->trail, .index = i};

    p->trail = &here;
    report_note(p, v->items[i].at, keyword, "is more than the %u allowed", i);
    p->trail = here.up;
}

static void explain_array(struct report *p, const struct clause *c, const struct json *v)
{
    const uint32_t *prefix = run_at(&p->run, c->a);
    const char *rest = keyword_name(c->rest_keyword);

    for (uint32_t i = 0; i < v->count && p->count < p->max; i++) {
        uint32_t block = i < c->b ? prefix[i] : c->c;
        struct way way = {.keyword = i < c->b ? clause_keyword(c) : rest,
                          .index = i < c->b ? i : NOWHERE};

        if (!block)
            break;
        if (is_never(p, block)) {
            note_surplus(p, v, i, way.keyword);
            break;
        }
        report_item(p, way, block, v, i);
    }
}

/* ---- what nothing has looked at ---- */

static void explain_unevaluated(struct report *p, const struct clause *c, const struct json *v)
{
    CLEANUP(marks_free) struct marks m = {0};
    struct way way = {.keyword = clause_keyword(c), .index = NOWHERE};

    if (!marks_make(&p->run, &m, v->count) || !run_collect(&p->run, p->block, v, &m, true)) {
        p->run.undecided = false;
        report_undecided(p, v->at, clause_keyword(c));
        return;
    }
    for (uint32_t i = 0; i < v->count && p->count < p->max; i++) {
        if (marks_have(&m, i))
            continue;
        if (v->kind == JSON_ARRAY)
            report_item(p, way, c->a, v, i);
        else if (is_never(p, c->a))
            note_member(p, &v->members[i], clause_keyword(c), "is not a known member");
        else
            report_member(p, way, c->a, &v->members[i]);
    }
}

void explain_clause(struct report *p, const struct clause *c, const struct json *v)
{
    static void (*const explains[])(struct report *, const struct clause *,
                                    const struct json *) = {
        [SAY_ALL] = explain_all,
        [SAY_ANY] = explain_any,
        [SAY_ONE] = explain_one,
        [SAY_IF] = explain_if,
        [SAY_OBJECT] = explain_object,
        [SAY_ARRAY] = explain_array,
        [SAY_CONTAINS] = explain_contains,
        [SAY_NEEDS] = explain_needs,
        [SAY_WHEN] = explain_when,
        [SAY_UNEVALUATED_ITEMS] = explain_unevaluated,
        [SAY_UNEVALUATED_PROPERTIES] = explain_unevaluated,
    };
    bool may_pass = c->say == SAY_ANY || c->say == SAY_ONE;

    if (may_pass && report_test(p, c->entry[run_kind(v)], v, clause_keyword(c)) != FAILS)
        return;
    explains[c->say](p, c, v);
}
