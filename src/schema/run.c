/* The runner: instructions one after another, and the code that they send a value to. */
#include "schema/run.h"
#include "format/format.h"

/*
 * What an event may cost. Both are far past any honest one: a recursive schema whose branches
 * each look at everything below them would else take time that doubles with every level.
 */
enum { DEPTH_MAX = 1200 };
static const uint64_t STEPS_MAX = 20000000;
/* In nanoseconds or thereabouts, where a pattern's first attempt did not decide. */
static const uint64_t PATTERN_WORK_MAX = 3000000000;

struct run run_start(const struct schema *s)
{
    return (struct run){
        .base = s->base,
        .schema = s,
        .steps_left = STEPS_MAX,
        .pattern_work_left = PATTERN_WORK_MAX,
    };
}

bool schema_valid(const struct schema *s, const struct json *instance)
{
    struct run r = run_start(s);

    return run_block(&r, run_at(&r, handle_program(s)->root), instance);
}

/* ---- strings ---- */

static inline bool has_length(const struct json *v, uint32_t least, uint32_t most)
{
    size_t n = v->text.len;

    /* A character is one to four bytes: most answers need no counting. */
    if (n < least)
        return false;
    if (v->hint != JSON_ASCII && (n > most || n < (uint64_t)least * 4))
        n = str_utf8_count(v->text);
    return n >= least && n <= most;
}

static inline bool is_text(const struct run *r, uint32_t at, uint32_t len, str s)
{
    return s.len == len && json_same_bytes(r->base + at, s.at, len);
}

static inline bool run_format(const struct run *r, uint32_t number, const struct json *v)
{
    return format_holds(r->schema->formats[number], v->text);
}

/* ---- members ---- */

uint32_t run_hash_anew(const struct json_member *m)
{
    return json_hash(m->name);
}

/* Names are unique, so that counting the required ones tells whether all are there. */
static bool run_object(struct run *r, const struct object *o, const struct json *v)
{
    const struct json_member *m = v->members, *end = m + v->count;
    const struct block *others = o->others_block ? run_at(r, o->others_block) : NULL;
    const struct table names = o->properties;
    const char *base = r->base;
    uint32_t missing = o->required;

    if (v->count < missing)
        return false;
    for (; m < end; m++) {
        const struct property *p = (const void *)run_find(base, &names, run_hash(m), m->name);
        uint32_t code;

        if (p) {
            missing -= p->required;
            code = p->entry[run_kind(&m->value)];
        } else if (others) {
            code = others->entry[run_kind(&m->value)];
        } else {
            continue;
        }
        if (code != PASS && (code == FAIL || !run_code(r, code, &m->value)))
            return false;
    }
    return !missing;
}

/* Sets *known when a pattern matches the name. */
static bool run_patterns(struct run *r, const struct object *o, const struct json_member *m,
                         const struct json *name, bool *known)
{
    const struct pattern_property *list = run_at(r, o->patterns);

    for (uint32_t i = 0; i < o->pattern_count; i++) {
        if (!run_name(r, &list[i], name)) {
            if (r->undecided)
                return false;
            continue;
        }
        *known = true;
        if (!run_block(r, run_at(r, list[i].block), &m->value))
            return false;
    }
    return true;
}

static bool run_wide_member(struct run *r, const struct object *o, const struct json_member *m,
                            uint32_t *missing)
{
    const struct property *p =
        (const void *)run_find(r->base, &o->properties, run_hash(m), m->name);
    struct json name = {.kind = JSON_STRING, .at = m->at, .text = m->name};
    bool known = p && p->block;

    if (p) {
        *missing -= p->required;
        if (!run_either(r, p->entry[run_kind(&m->value)], &m->value))
            return false;
    }
    if (o->pattern_count && !run_patterns(r, o, m, &name, &known))
        return false;
    if (!known && o->others_block && !run_block(r, run_at(r, o->others_block), &m->value))
        return false;
    return !o->names || run_block(r, run_at(r, o->names), &name);
}

static bool run_wide(struct run *r, const struct object *o, const struct json *v)
{
    uint32_t missing = o->required;

    if (v->count < missing)
        return false;
    for (uint32_t i = 0; i < v->count; i++)
        if (!run_wide_member(r, o, &v->members[i], &missing))
            return false;
    return !missing;
}

static inline bool run_map(struct run *r, const struct block *b, const struct json *v)
{
    const struct json_member *m = v->members, *end = m + v->count;

    for (; m < end; m++)
        if (!run_block(r, b, &m->value))
            return false;
    return true;
}

static inline bool run_property(struct run *r, const struct property *p, const struct json *v)
{
    const struct json_member *m = run_member(r, &p->key, v);

    if (!m)
        return !p->required;
    return run_either(r, p->entry[run_kind(&m->value)], &m->value);
}

/* The first of the names needs the others. */
static bool run_needs(const struct run *r, const struct key *keys, uint32_t count,
                      const struct json *v)
{
    if (!run_member(r, keys, v))
        return true;
    for (uint32_t i = 1; i < count; i++)
        if (!run_member(r, &keys[i], v))
            return false;
    return true;
}

/* ---- items ---- */

/* Lists of objects are so common that they spare each item its call. */
static bool run_objects(struct run *r, const struct block *b, const struct object *o,
                        const struct json *item, const struct json *end)
{
    for (; item < end; item++) {
        bool holds = item->kind == JSON_OBJECT ? run_object(r, o, item) : run_block(r, b, item);

        if (!holds)
            return false;
    }
    return true;
}

static inline bool run_items(struct run *r, const struct block *b, uint32_t from,
                             const struct json *v)
{
    const struct json *item = v->items + from, *end = v->items + v->count;
    uint32_t code = b->entry[JSON_OBJECT];
    const struct instruction *first = run_at(r, code);

    if (code > PASS && first->op == OP_OBJECT && first->last)
        return run_objects(r, b, run_at(r, first->a), item, end);

    for (; item < end; item++)
        if (!run_block(r, b, item))
            return false;
    return true;
}

static bool run_tuple(struct run *r, const uint32_t *blocks, uint32_t count,
                      const struct json *v)
{
    for (uint32_t i = 0; i < count && i < v->count; i++)
        if (!run_block(r, run_at(r, blocks[i]), &v->items[i]))
            return false;
    return true;
}

bool run_contains(struct run *r, const struct block *b, uint32_t least, uint32_t most,
                  const struct json *v, uint32_t *held)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < v->count; i++) {
        n += run_block(r, b, &v->items[i]);
        if (r->undecided)
            return false;
        if (n > most || (n >= least && most == UINT32_MAX))
            break;
    }
    *held = n;
    return n >= least && n <= most;
}

/* ---- branches ---- */

static bool run_any(struct run *r, const uint32_t *codes, uint32_t count, const struct json *v)
{
    for (uint32_t i = 0; i < count; i++)
        if (run_either(r, codes[i], v) || r->undecided)
            return !r->undecided;
    return false;
}

static bool run_one(struct run *r, const uint32_t *codes, uint32_t count, const struct json *v)
{
    unsigned held = 0;

    for (uint32_t i = 0; i < count && held < 2; i++) {
        held += run_either(r, codes[i], v);
        if (r->undecided)
            return false;
    }
    return held == 1;
}

/* A value whose member has none of the texts is none of the schemas'. */
static bool run_switch(struct run *r, const struct choice *choice, const struct json *v)
{
    const struct json_member *m = run_member(r, &choice->member, v);
    const struct branch *branch;

    if (!m || m->value.kind != JSON_STRING)
        return false;
    branch = (const void *)run_find(r->base, &choice->texts, json_hash(m->value.text),
                                    m->value.text);
    return branch && run_either(r, branch->code, v);
}

static bool run_if(struct run *r, const struct instruction *p, const struct json *v)
{
    bool condition = run_either(r, p->a, v);

    return !r->undecided && run_either(r, condition ? p->b : p->c, v);
}

/* ---- one instruction ---- */

/* Apart from those that nearly every value needs, so that these stay in few registers. */
static __attribute__((noinline)) bool run_rare(struct run *r, const struct instruction *p,
                                               const struct json *v)
{
    uint32_t held;

    switch ((enum op)p->op) {
    case OP_WHOLE:
    case OP_WHOLE_AS_WRITTEN:
        return run_is_whole(v->text, p->op == OP_WHOLE_AS_WRITTEN);
    case OP_BOUND:
        return run_bound(r, run_at(r, p->a), v->text);
    case OP_VALUES:
        return run_values(r, run_at(r, p->a), p->b, v);
    case OP_MULTIPLE:
        return run_multiple(r, run_at(r, p->a), v->text);
    case OP_NEEDS:
        return run_needs(r, run_at(r, p->a), p->b, v);
    case OP_SHAPE:
        return run_shape(r, run_at(r, p->a), v->text);
    case OP_TUPLE:
        return run_tuple(r, run_at(r, p->a), p->b, v);
    case OP_OBJECT_WIDE:
        return run_wide(r, run_at(r, p->a), v);
    case OP_WHEN:
        return !run_member(r, run_at(r, p->a), v) || run_either(r, p->b, v);
    case OP_SWITCH:
        return run_switch(r, run_at(r, p->a), v);
    case OP_NOT:
        return !run_either(r, p->a, v) && !r->undecided;
    case OP_IF:
        return run_if(r, p, v);
    case OP_ANY:
        return run_any(r, run_at(r, p->a), p->b, v);
    case OP_ONE:
        return run_one(r, run_at(r, p->a), p->b, v);
    case OP_PATTERN:
        return run_pattern(r, p->a, v->text);
    case OP_FORMAT:
        return run_format(r, p->a, v);
    case OP_CONTAINS:
        return run_contains(r, run_at(r, p->a), p->b, p->c, v, &held);
    case OP_UNIQUE:
        return run_unique(r, v);
    case OP_UNEVALUATED_ITEMS:
        return run_unevaluated_items(r, run_at(r, p->a), run_at(r, p->b), v);
    case OP_UNEVALUATED_PROPERTIES:
        return run_unevaluated_members(r, run_at(r, p->a), run_at(r, p->b), v);
    default:
        return false;
    }
}

static inline bool run_instruction(struct run *r, const struct instruction *p,
                                   const struct json *v)
{
    switch ((enum op)p->op) {
    case OP_COUNT:
        return v->count >= p->a && v->count <= p->b;
    case OP_MEMBER:
        return run_property(r, run_at(r, p->a), v);
    case OP_STRING:
        return is_text(r, p->a, p->b, v->text);
    case OP_STRINGS:
        return run_find(r->base, run_at(r, p->a), json_hash(v->text), v->text);
    case OP_LENGTH:
        return has_length(v, p->a, p->b);
    case OP_ITEMS:
        return run_items(r, run_at(r, p->a), p->b, v);
    case OP_MAP:
        return run_map(r, run_at(r, p->a), v);
    case OP_OBJECT:
        return run_object(r, run_at(r, p->a), v);
    case OP_CALL:
        return run_code(r, p->a, v);
    default:
        return run_rare(r, p, v);
    }
}

bool run_code(struct run *r, uint32_t code, const struct json *v)
{
    const struct instruction *p = run_at(r, code);
    bool holds;

    if (__builtin_expect(r->depth == DEPTH_MAX || !r->steps_left, 0)) {
        r->undecided = true;
        return false;
    }
    r->depth++;
    r->steps_left--;
    do
        holds = run_instruction(r, p, v);
    while (holds && !p++->last);
    r->depth--;
    return holds;
}
