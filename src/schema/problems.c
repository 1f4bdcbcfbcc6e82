/*
 * The second pass: over a value that was refused, to say what is wrong with it. It runs the
 * same program, but goes on after a failure and keeps track of where it is.
 */
#include "schema/problems.h"
#include "schema/run.h"

#include <stdlib.h>

static void write_token(struct buf *out, str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '~')
            buf_add(out, STR("~0"));
        else if (name.at[i] == '/')
            buf_add(out, STR("~1"));
        else
            buf_addc(out, name.at[i]);
    }
}

/* No deeper than the value, whose depth run_block() limits. */
static void write_trail(struct buf *out, const struct trail *t)
{
    if (!t)
        return;
    write_trail(out, t->up);
    buf_addc(out, '/');
    if (t->name)
        write_token(out, *t->name);
    else
        buf_add_u64(out, t->index);
}

void report_note(struct report *p, uint32_t at, const char *keyword, const char *format, ...)
{
    CLEANUP(buf_free) struct buf where = {0};
    struct schema_problem problem = {
        .keyword = keyword,
        .keyword_at = STR(""),
        .keyword_uri = STR(""),
    };
    char why[200];
    va_list args;

    if (p->count == p->max)
        return;
    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    write_trail(&where, p->trail);
    problem.where = arena_str(p->a, buf_str(&where));
    problem.why = arena_str(p->a, str_of(why));
    /* Without memory for one there are fewer problems. */
    if (!problem.where.at || !problem.why.at || where.failed)
        return;
    p->list[p->count] = (struct noted){at, (uint32_t)p->count, problem};
    p->count++;
}

void report_undecided(struct report *p, const struct json *v, const char *keyword)
{
    report_note(p, v->at, keyword, "takes too long to check");
}

static const struct {
    unsigned kinds;
    const char *name;
} kinds[] = {
    {KIND(JSON_STRING), "a string"}, {KIND(JSON_NUMBER), "a number"},
    {BOOLEANS, "true or false"},     {KIND(JSON_OBJECT), "an object"},
    {KIND(JSON_ARRAY), "an array"},  {KIND(JSON_NULL), "null"},
};

static void note_type(struct report *p, const struct block *b, const struct json *v)
{
    CLEANUP(buf_free) struct buf words = {0};
    const char *between = "";

    if (!b->kinds) {
        report_note(p, v->at, "false", "is not allowed");
        return;
    }
    for (size_t i = 0; i < COUNT(kinds); i++) {
        bool whole = b->whole && kinds[i].kinds == KIND(JSON_NUMBER);

        if (!(b->kinds & kinds[i].kinds))
            continue;
        buf_addf(&words, "%s%s", between, whole ? "a whole number" : kinds[i].name);
        between = " or ";
    }
    report_note(p, v->at, "type", "must be %.*s", STR_ARG(buf_str(&words)));
}

/* The words of the operation, and the keyword's own value when that is a number. */
static void note_step(struct report *p, const struct step *s, const struct json *v)
{
    str operand = s->source->kind == JSON_NUMBER ? s->source->text : STR("");
    const char *unit = s->op->unit;

    if (!operand.len)
        report_note(p, v->at, s->op->keyword, "%s", s->op->why);
    else if (!unit)
        report_note(p, v->at, s->op->keyword, "%s %.*s", s->op->why, STR_ARG(operand));
    else
        report_note(p, v->at, s->op->keyword, "%s %.*s %s%s", s->op->why, STR_ARG(operand),
                    unit, str_is(operand, "1") ? "" : "s");
}

static void report_step(struct report *p, const struct step *s, const struct json *v)
{
    enum verdict verdict;

    if (s->op->explains_itself) {
        s->op->explain(p, s, v);
        return;
    }
    verdict = s->op->run(&p->run, s, v);
    if (verdict == UNDECIDED)
        report_undecided(p, v, s->op->keyword);
    else if (verdict == FAILS && s->op->explain)
        s->op->explain(p, s, v);
    else if (verdict == FAILS)
        note_step(p, s, v);
}

void report_block(struct report *p, const struct block *b, const struct json *v)
{
    if (!run_has_type(b, v)) {
        note_type(p, b, v);
        return;
    }
    if (!run_enter(&p->run)) {
        report_undecided(p, v, "$ref");
        return;
    }
    for (uint32_t i = 0; i < b->count && p->count < p->max; i++)
        if (b->steps[i].op->kinds & KIND(v->kind))
            report_step(p, &b->steps[i], v);
    run_leave(&p->run);
}

void report_member(struct report *p, const struct block *b, const struct json_member *m)
{
    struct trail here = {.up = p->trail, .name = &m->name};

    p->trail = &here;
    report_block(p, b, &m->value);
    p->trail = here.up;
}

void report_item(struct report *p, const struct block *b, const struct json *v, uint32_t i)
{
    struct trail here = {.up = p->trail, .index = i};

    p->trail = &here;
    report_block(p, b, &v->items[i]);
    p->trail = here.up;
}

static int by_place(const void *a, const void *b)
{
    const struct noted *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

size_t schema_problems(const struct schema *s, const struct json *instance, struct arena *a,
                       struct schema_problem *ret, size_t max)
{
    struct report p = {
        .run = run_start(s),
        .a = a,
        .list = arena_array(a, max, sizeof(struct noted)),
        .max = max,
    };

    if (!p.list || !max)
        return 0;
    report_block(&p, s->root, instance);
    if (!p.count && !schema_valid(s, instance))
        report_undecided(&p, instance, "$ref");
    qsort(p.list, p.count, sizeof(*p.list), by_place);
    for (size_t i = 0; i < p.count; i++)
        ret[i] = p.list[i].problem;
    return p.count;
}
