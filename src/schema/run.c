/* The runner: a block's steps one after another, and the blocks they send a value to. */
#include "schema/run.h"

/*
 * What an event may cost. Both are far past any honest one: a recursive schema whose branches
 * each look at everything below them would else take time that doubles with every level.
 */
enum { DEPTH_MAX = 1200 };
static const uint64_t BLOCKS_MAX = 20000000;

struct run run_start(const struct schema *s)
{
    return (struct run){
        .schema = s,
        .blocks_left = BLOCKS_MAX,
        .pattern_work_left = PATTERN_WORK_MAX,
    };
}

static bool is_integer(const struct block *b, str number)
{
    struct decimal d;

    for (size_t i = number.len && number.at[0] == '-'; i < number.len; i++)
        if (number.at[i] < '0' || number.at[i] > '9')
            return !b->whole_as_written && decimal_read(number, &d) && decimal_is_whole(&d);
    return true;
}

static enum verdict run_steps(struct run *r, const struct block *b, const struct json *v)
{
    for (uint32_t i = 0; i < b->count; i++) {
        const struct step *s = &b->steps[i];
        enum verdict verdict;

        if (!(s->op->kinds & KIND(v->kind)))
            continue;
        verdict = s->op->run(r, s, v);
        if (verdict != HOLDS)
            return verdict;
    }
    return HOLDS;
}

bool run_enter(struct run *r)
{
    if (r->depth == DEPTH_MAX || !r->blocks_left)
        return false;
    r->depth++;
    r->blocks_left--;
    return true;
}

void run_leave(struct run *r)
{
    r->depth--;
}

bool run_has_type(const struct block *b, const struct json *v)
{
    if (!(b->kinds & KIND(v->kind)))
        return false;
    return !b->whole || v->kind != JSON_NUMBER || is_integer(b, v->text);
}

enum verdict run_block(struct run *r, const struct block *b, const struct json *v)
{
    enum verdict verdict;

    if (!run_has_type(b, v))
        return FAILS;
    if (!b->count)
        return HOLDS;
    if (!run_enter(r))
        return UNDECIDED;
    verdict = run_steps(r, b, v);
    run_leave(r);
    return verdict;
}

bool schema_valid(const struct schema *s, const struct json *instance)
{
    struct run r = run_start(s);

    return run_block(&r, s->root, instance) == HOLDS;
}

/* ---- $ref, allOf, anyOf, oneOf, not, if ---- */

enum verdict run_all(struct run *r, const struct step *s, const struct json *v)
{
    for (uint32_t i = 0; i < s->block_count; i++) {
        enum verdict verdict = run_block(r, s->blocks[i], v);

        if (verdict != HOLDS)
            return verdict;
    }
    return HOLDS;
}

enum verdict run_any(struct run *r, const struct step *s, const struct json *v)
{
    for (uint32_t i = 0; i < s->block_count; i++) {
        enum verdict verdict = run_block(r, s->blocks[i], v);

        if (verdict != FAILS)
            return verdict;
    }
    return FAILS;
}

enum verdict run_one(struct run *r, const struct step *s, const struct json *v)
{
    uint32_t held = 0;

    for (uint32_t i = 0; i < s->block_count && held < 2; i++) {
        enum verdict verdict = run_block(r, s->blocks[i], v);

        if (verdict == UNDECIDED)
            return UNDECIDED;
        held += verdict == HOLDS;
    }
    return held == 1;
}

enum verdict run_not(struct run *r, const struct step *s, const struct json *v)
{
    enum verdict verdict = run_block(r, s->blocks[0], v);

    if (verdict == UNDECIDED)
        return UNDECIDED;
    return verdict == FAILS;
}

/* blocks: if, then, else; the last two may be NULL. */
enum verdict run_if(struct run *r, const struct step *s, const struct json *v)
{
    enum verdict condition = run_block(r, s->blocks[0], v);
    const struct block *branch = s->blocks[condition == HOLDS ? 1 : 2];

    if (condition == UNDECIDED)
        return UNDECIDED;
    return branch ? run_block(r, branch, v) : HOLDS;
}
