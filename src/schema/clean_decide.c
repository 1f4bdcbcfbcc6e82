/* Branches: which of them is for a value is decided by validating it. */
#include "schema/clean_walk.h"
#include "schema/run.h"

/* As schema_valid(), on the walk's own budget. What can't be decided within it uses it up. */
static bool holds(struct walk *w, const struct schema *by, const struct json *v)
{
    struct run r = run_start(by);
    uint64_t left = CLEAN_STEPS_MAX > w->steps ? CLEAN_STEPS_MAX - w->steps : 0;
    bool held;

    r.steps_left = r.steps_left < left ? r.steps_left : left;
    r.pattern_work_left = r.pattern_work_left < w->work ? r.pattern_work_left : w->work;
    w->steps += r.steps_left;
    w->work -= r.pattern_work_left;
    held = run_block(&r, run_at(&r, handle_program(by)->root), v);
    w->steps -= r.steps_left;
    w->work += r.pattern_work_left;
    if (r.undecided)
        w->steps = CLEAN_STEPS_MAX + 1;
    return held && !r.undecided;
}

static bool clean_below(struct walk *w, const struct set *s, const struct where *at,
                        const struct clean_node *n, const struct json *v, struct json *ret)
{
    struct set below = {.around = s};

    if (!clean_add_nodes(&below, n))
        return clean_too_large(w, at);
    return below.acts && clean_value(w, &below, at, v, ret);
}

/* The first option that holds once the value is cleaned for it. */
static bool try_options(struct walk *w, const struct set *s, const struct where *at,
                        const struct clean_branch *b, const struct json *v, struct json *ret)
{
    size_t changes = w->ret->change_count, problems = w->ret->problem_count;

    for (uint32_t i = 0; i < b->count && w->steps <= CLEAN_STEPS_MAX; i++) {
        struct json made;
        bool moved = clean_below(w, s, at, b->options[i].node, v, &made);

        if (w->ret->problem_count == problems &&
            holds(w, b->options[i].schema, moved ? &made : v)) {
            if (moved)
                *ret = made;
            return moved;
        }
        w->ret->change_count = changes;
        w->ret->problem_count = problems;
    }
    return false;
}

static bool decide(struct walk *w, const struct set *s, const struct where *at,
                   const struct clean_branch *b, const struct json *v, struct json *ret)
{
    const struct clean_option *option;

    if (!b->is_if)
        return try_options(w, s, at, b, v, ret);
    option = &b->options[holds(w, b->options[0].schema, v) ? 0 : 1];
    return option->node && clean_below(w, s, at, option->node, v, ret);
}

/* Of the subschemas in their order; each sees what the one before it made. */
bool clean_branches(struct walk *w, const struct set *s, const struct where *at,
                    const struct json *v, struct json *ret)
{
    struct json current = *v;
    bool moved = false;

    for (uint32_t i = 0; i < s->count; i++)
        for (const struct clean_branch *b = s->list[i]->branches; b; b = b->next) {
            struct json made;

            if (!b->acts || w->steps > CLEAN_STEPS_MAX || !decide(w, s, at, b, &current, &made))
                continue;
            current = made;
            moved = true;
        }
    if (moved)
        *ret = current;
    return moved;
}
