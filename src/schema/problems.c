/*
 * The second pass: over a value that was refused, to say what is wrong with it. It goes through
 * the clauses instead of the code, goes on after a failure and keeps track of where it is.
 */
#include "schema/problems.h"
#include "schema/uri.h"

#include <stdlib.h>

static void write_index(struct buf *out, uint32_t index)
{
    buf_addc(out, '/');
    buf_add_u64(out, index);
}

/* No deeper than the run's limit. */
static void write_trail(struct buf *out, const struct trail *t)
{
    if (!t)
        return;
    write_trail(out, t->up);
    if (t->name)
        pointer_add(out, *t->name);
    else
        write_index(out, t->index);
}

static void write_way(struct buf *out, const struct way *w)
{
    if (!w)
        return;
    write_way(out, w->up);
    if (w->keyword)
        pointer_add(out, str_of(w->keyword));
    if (w->name.at)
        pointer_add(out, w->name);
    else if (w->index != NOWHERE)
        write_index(out, w->index);
}

static void write_uri(struct buf *out, const struct report *p)
{
    const struct block *b = p->block;

    if (!b)
        return;
    buf_add(out, (str){p->run.base + b->uri.at, b->uri.len});
    buf_addc(out, '#');
    buf_add(out, (str){p->run.base + b->pointer.at, b->pointer.len});
}

static bool keep(struct report *p, struct buf *b, str *ret)
{
    *ret = arena_str(p->a, buf_str(b));
    return ret->at && !b->failed;
}

void report_note(struct report *p, uint32_t at, const char *keyword, const char *format, ...)
{
    CLEANUP(buf_free) struct buf where = {0}, way = {0}, uri = {0};
    struct schema_problem problem = {.keyword = keyword};
    bool is_keyword = strcmp(keyword, "false") != 0;
    char why[200];
    va_list args;

    if (p->count == p->max)
        return;
    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    write_trail(&where, p->trail);
    write_way(&way, p->way);
    write_uri(&uri, p);
    if (is_keyword) {
        pointer_add(&way, str_of(keyword));
        pointer_add(&uri, str_of(keyword));
    }
    problem.why = arena_str(p->a, str_of(why));
    /* Without memory for one there are fewer problems. */
    if (!problem.why.at || !keep(p, &where, &problem.where) ||
        !keep(p, &way, &problem.keyword_at) || !keep(p, &uri, &problem.keyword_uri))
        return;
    p->list[p->count] = (struct noted){at, (uint32_t)p->count, problem};
    p->count++;
}

void report_mark_undecided(struct report *p, size_t before)
{
    for (size_t i = before; i < p->count; i++)
        p->list[i].problem.undecided = true;
}

void report_undecided(struct report *p, uint32_t at, const char *keyword)
{
    size_t before = p->count;

    report_note(p, at, keyword, "takes too long to check");
    report_mark_undecided(p, before);
}

enum verdict report_test(struct report *p, uint32_t code, const struct json *v,
                         const char *keyword)
{
    bool holds = run_either(&p->run, code, v), undecided = p->run.undecided;

    p->run.undecided = false;
    if (!undecided)
        return holds ? HOLDS : FAILS;
    report_undecided(p, v->at, keyword);
    return UNDECIDED;
}

/* ---- type, and what is said with a keyword's own words ---- */

static const struct {
    unsigned kinds;
    const char *name;
} kinds[] = {
    {STRINGS, "a string"},          {NUMBERS, "a number"},
    {BOOLEANS, "true or false"},    {KIND(JSON_OBJECT), "an object"},
    {KIND(JSON_ARRAY), "an array"}, {KIND(JSON_NULL), "null"},
};

static void note_type(struct report *p, const struct clause *c, const struct json *v)
{
    CLEANUP(buf_free) struct buf words = {0};
    const char *between = "";

    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!(c->a & kinds[i].kinds))
            continue;
        buf_addf(&words, "%s%s", between,
                 c->b && kinds[i].kinds == NUMBERS ? "a whole number" : kinds[i].name);
        between = " or ";
    }
    report_note(p, v->at, "type", "must be %.*s", STR_ARG(buf_str(&words)));
}

const char *clause_keyword(const struct clause *c)
{
    const struct keyword *k = keyword_by_number(c->keyword);

    return k ? k->name : "false";
}

/* The words of the keyword, and its own value when that is a number. */
static void note_test(struct report *p, const struct clause *c, const struct json *v)
{
    const struct keyword *k = keyword_by_number(c->keyword);
    str operand = {p->run.base + c->operand.at, c->operand.len};

    if (!k || !k->why)
        report_note(p, v->at, clause_keyword(c), "is not allowed");
    else if (!operand.len)
        report_note(p, v->at, k->name, "%s", k->why);
    else if (!k->unit)
        report_note(p, v->at, k->name, "%s %.*s", k->why, STR_ARG(operand));
    else
        report_note(p, v->at, k->name, "%s %.*s %s%s", k->why, STR_ARG(operand), k->unit,
                    str_is(operand, "1") ? "" : "s");
}

static void report_clause(struct report *p, const struct clause *c, const struct json *v)
{
    uint32_t code = c->entry[run_kind(v)];

    if (c->say == SAY_TEST) {
        if (report_test(p, code, v, clause_keyword(c)) == FAILS)
            note_test(p, c, v);
    } else if (c->say != SAY_TYPE && code != PASS) {
        explain_clause(p, c, v);
    }
}

/* A value of another type than it should be needs no other word. */
static bool has_type(struct report *p, const struct block *b, const struct json *v)
{
    const struct clause *list = run_at(&p->run, b->clauses);

    for (uint32_t i = 0; i < b->count; i++) {
        uint32_t code = list[i].entry[run_kind(v)];

        if (list[i].say == SAY_FALSE)
            report_note(p, v->at, "false", "is not allowed");
        if (list[i].say == SAY_TYPE && report_test(p, code, v, "type") == FAILS)
            note_type(p, &list[i], v);
        else if (list[i].say != SAY_FALSE)
            continue;
        return false;
    }
    return true;
}

static void report_clauses(struct report *p, const struct block *b, const struct json *v)
{
    const struct clause *list = run_at(&p->run, b->clauses);
    size_t before = p->count;

    if (!has_type(p, b, v))
        return;
    for (uint32_t i = 0; i < b->count && p->count < p->max; i++)
        if (list[i].say < SAY_UNEVALUATED_ITEMS)
            report_clause(p, &list[i], v);
    /* These rest on all the others. */
    for (uint32_t i = 0; i < b->count && p->count == before; i++)
        if (list[i].say >= SAY_UNEVALUATED_ITEMS)
            report_clause(p, &list[i], v);
}

/* ---- the way down ---- */

enum { DEPTH_MAX = 1000 };

void report_block(struct report *p, struct way way, uint32_t block, const struct json *v)
{
    const struct block *around = p->block, *b = run_at(&p->run, block);

    if (p->run.depth == DEPTH_MAX || !p->run.steps_left) {
        report_undecided(p, v->at, way.keyword ? way.keyword : "false");
        return;
    }
    p->run.depth++;
    p->run.steps_left--;
    way.up = p->way;
    p->way = &way;
    p->block = b;
    report_clauses(p, b, v);
    p->block = around;
    p->way = way.up;
    p->run.depth--;
}

void report_member(struct report *p, struct way way, uint32_t block,
                   const struct json_member *m)
{
    struct trail here = {.up = p->trail, .name = &m->name};

    p->trail = &here;
    report_block(p, way, block, &m->value);
    p->trail = here.up;
}

void report_item(struct report *p, struct way way, uint32_t block, const struct json *v,
                 uint32_t i)
{
    struct trail here = {.up = p->trail, .index = i};

    p->trail = &here;
    report_block(p, way, block, &v->items[i]);
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
    struct way root = {.index = NOWHERE};

    if (!p.list || !max)
        return 0;
    report_block(&p, root, handle_program(s)->root, instance);
    if (!p.count && !schema_valid(s, instance))
        report_undecided(&p, instance->at, "$ref");
    qsort(p.list, p.count, sizeof(*p.list), by_place);
    for (size_t i = 0; i < p.count; i++)
        ret[i] = p.list[i].problem;
    return p.count;
}
