/* Alternatives: those that can never hold, and those that hold together. */
#include "scan/lint.h"

enum { BRANCHES_COMPARED = 40, WITNESSES_MAX = 64 };

static const char *const combinators[] = {"anyOf", "oneOf"};

/* ---- alternatives that are dead ---- */

static bool is_dead(struct linter *l, const struct visit *v, const struct json *alternatives,
                    uint32_t i, struct proof *p)
{
    struct conjunction c = {.chosen = {alternatives}, .chosen_count = 1};

    *p = (struct proof){.linter = l, .steps = PROOF_STEPS};
    conjunction_add(p, &c, v->schema);
    conjunction_add(p, &c, &alternatives->items[i]);
    return conjunction_kinds(p, &c) == 0;
}

static const struct json *same_before(const struct json *alternatives, uint32_t i)
{
    for (uint32_t j = 0; j < i && i < BRANCHES_COMPARED; j++)
        if (lint_equal(&alternatives->items[j], &alternatives->items[i]) == YES)
            return &alternatives->items[j];
    return NULL;
}

static void check_dead(struct linter *l, const struct visit *v, const struct json *alternatives)
{
    for (uint32_t i = 0; i < alternatives->count; i++) {
        const struct json *one = &alternatives->items[i];
        const struct json *same = same_before(alternatives, i);
        struct proof p;

        if (one->kind != JSON_OBJECT)
            continue;
        if (same) {
            struct finding *f =
                lint_add(l, v, RULE_DEAD_BRANCH, one, "this alternative stands there already");

            lint_relate(l, f, same, "the same");
        } else if (is_dead(l, v, alternatives, i, &p)) {
            lint_add(l, v, RULE_DEAD_BRANCH, one, "this alternative can never hold: %s", p.why);
        }
    }
}

/* ---- alternatives of oneOf that hold together ---- */

struct witnesses {
    const struct json *list[WITNESSES_MAX];
    size_t count;
};

static void add_witness(struct witnesses *w, const struct json *value)
{
    if (value && w->count < WITNESSES_MAX)
        w->list[w->count++] = value;
}

/* The values that a schema itself speaks of. */
static void add_own(struct witnesses *w, const struct json *schema)
{
    static const char *const lists[] = {"enum", "examples"};

    add_witness(w, json_get(schema, STR("const")));
    add_witness(w, json_get(schema, STR("default")));
    for (size_t i = 0; i < COUNT(lists); i++) {
        const struct json *list = json_get(schema, str_of(lists[i]));

        for (uint32_t j = 0; list && list->kind == JSON_ARRAY && j < list->count; j++)
            add_witness(w, &list->items[j]);
    }
}

static bool holds_beside(struct linter *l, const struct json *schema, const char *without,
                         const struct json *value)
{
    struct proof p = {.linter = l, .steps = PROOF_STEPS};
    struct json_member members[CONJUNCTS_MAX];
    struct json rest = {.kind = JSON_OBJECT, .members = members};

    if (schema->count > COUNT(members))
        return false;
    for (uint32_t i = 0; i < schema->count; i++)
        if (!str_is(schema->members[i].name, without))
            members[rest.count++] = schema->members[i];
    return lint_holds(&p, &rest, value) == YES;
}

static const struct json *common_value(struct linter *l, const struct visit *v,
                                       const struct json *a, const struct json *b)
{
    static const struct json simple[] = {
        {.kind = JSON_NULL},
        {.kind = JSON_TRUE},
        {.kind = JSON_NUMBER, .text = STR_INIT("0")},
        {.kind = JSON_NUMBER, .text = STR_INIT("1")},
        {.kind = JSON_STRING, .text = STR_INIT("")},
        {.kind = JSON_STRING, .text = STR_INIT("a")},
        {.kind = JSON_ARRAY},
        {.kind = JSON_OBJECT},
    };
    struct witnesses w = {0};

    add_own(&w, a);
    add_own(&w, b);
    for (size_t i = 0; i < COUNT(simple); i++)
        add_witness(&w, &simple[i]);
    for (size_t i = 0; i < w.count; i++) {
        struct proof p = {.linter = l, .steps = PROOF_STEPS};

        if (lint_holds(&p, a, w.list[i]) == YES && lint_holds(&p, b, w.list[i]) == YES &&
            holds_beside(l, v->schema, "oneOf", w.list[i]))
            return w.list[i];
    }
    return NULL;
}

static void tell_overlap(struct linter *l, const struct visit *v, const struct json *all,
                         uint32_t i, uint32_t j, const struct json *value)
{
    CLEANUP(buf_free) struct buf text = {0};
    struct finding *f;

    json_write(&text, value);
    f = lint_add(l, v, RULE_OVERLAP, &all->items[j],
                 "%.*s satisfies this and alternative %u, so oneOf refuses it",
                 STR_ARG(str_sub(buf_str(&text), 0, 80)), i + 1);
    lint_relate(l, f, &all->items[i], "the other alternative");
}

/* One finding an alternative is enough: the fix is the same for all. */
static void check_overlap(struct linter *l, const struct visit *v, const struct json *all)
{
    for (uint32_t j = 1; j < all->count && j < BRANCHES_COMPARED; j++) {
        const struct json *value = NULL;

        for (uint32_t i = 0; i < j && !value; i++) {
            if (all->items[i].kind == JSON_OBJECT && all->items[j].kind == JSON_OBJECT)
                value = common_value(l, v, &all->items[i], &all->items[j]);
            if (value)
                tell_overlap(l, v, all, i, j, value);
        }
    }
}

void lint_branches(struct linter *l, const struct visit *v)
{
    for (size_t i = 0; i < COUNT(combinators); i++) {
        const struct json *all = json_get(v->schema, str_of(combinators[i]));

        if (all && all->kind == JSON_ARRAY && lint_has_siblings(l, v->schema))
            check_dead(l, v, all);
    }
    if (lint_has(v->schema, "oneOf") && lint_has_siblings(l, v->schema) &&
        json_get(v->schema, STR("oneOf"))->kind == JSON_ARRAY)
        check_overlap(l, v, json_get(v->schema, STR("oneOf")));
}
