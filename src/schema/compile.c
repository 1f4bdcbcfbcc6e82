/*
 * The compiler's frame: a queue of subschemas, so that neither depth nor references make it
 * recurse, and one block for each, so that what is referred to twice is compiled once.
 */
#include "schema/compiler.h"

#include <stdlib.h>

/* ---- errors ---- */

/* Writes the pointer to `wanted` below `v`; false when it is not there. */
static bool find_pointer(struct buf *out, const struct json *v, const struct json *wanted)
{
    size_t len = out->len;

    if (v == wanted)
        return true;
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++) {
        buf_addf(out, "/%.*s", STR_ARG(v->members[i].name));
        if (find_pointer(out, &v->members[i].value, wanted))
            return true;
        out->len = len;
    }
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++) {
        buf_addf(out, "/%u", i);
        if (find_pointer(out, &v->items[i], wanted))
            return true;
        out->len = len;
    }
    return false;
}

bool compile_fail(struct compiler *c, const struct json *at, const char *format, ...)
{
    CLEANUP(buf_free) struct buf pointer = {.max = 4096};
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    *c->offset = at->at;
    if (!find_pointer(&pointer, c->source, at) || !pointer.len)
        return err_set(c->e, ERR_INPUT, "%s", what);
    return err_set(c->e, ERR_INPUT, "%s (at %.*s)", what, STR_ARG(buf_str(&pointer)));
}

/* ---- blocks by the address of their source ---- */

static uint32_t slot_of(const struct compiler *c, const struct json *source)
{
    uintptr_t address = (uintptr_t)source;
    uint32_t slot = (uint32_t)str_hash((str){(const char *)&address, sizeof(address)}, 0);

    while (c->table[slot & c->mask] && c->table[slot & c->mask]->source != source)
        slot++;
    return slot & c->mask;
}

static bool grow_table(struct compiler *c)
{
    uint32_t mask = c->mask ? c->mask * 2 + 1 : 63;
    struct block **table = arena_array(c->a, (size_t)mask + 1, sizeof(struct block *));

    if (!table)
        return err_limit(c->e);
    c->table = table;
    c->mask = mask;
    for (struct block *b = c->first; b; b = b->next)
        c->table[slot_of(c, b->source)] = b;
    return true;
}

struct block *compile_block(struct compiler *c, const struct json *source)
{
    struct block *b;
    uint32_t slot;

    if (c->blocks * 2 >= c->mask && !grow_table(c))
        return NULL;
    slot = slot_of(c, source);
    if (c->table[slot])
        return c->table[slot];
    b = arena_alloc(c->a, sizeof(*b));
    if (!b) {
        err_limit(c->e);
        return NULL;
    }
    b->source = source;
    b->kinds = source->kind == JSON_FALSE ? 0 : ALL_KINDS;
    b->index = c->blocks++;
    c->table[slot] = b;
    *(c->last ? &c->last->next : &c->first) = b;
    c->last = b;
    return b;
}

/* ---- one subschema ---- */

struct step *compile_step(struct site *s, const struct op *op, const struct json *source)
{
    struct step *step = &s->steps[s->count++];

    step->op = op;
    step->source = source;
    return step;
}

/* A step for each keyword, and one for each name that others depend on. */
static size_t steps_at_most(const struct json *schema)
{
    size_t n = schema->count;

    for (uint32_t i = 0; i < schema->count; i++)
        if (str_starts(schema->members[i].name, STR("dependent")))
            n += schema->members[i].value.count;
    return n;
}

static bool fail_unknown(struct compiler *c, const struct json_member *m)
{
    const char *nearest = keyword_nearest(m->name);

    compile_fail(c, &m->value, "'%.*s' is not a JSON Schema keyword", STR_ARG(m->name));
    *c->offset = m->at;
    if (nearest)
        return err_fix(c->e, "did you mean '%s'?", nearest);
    return err_fix(c->e, "remove it, or begin its name with 'x-' when it is a note");
}

static bool add_keyword(struct site *s, const struct json_member *m)
{
    const struct keyword *k = keyword_find(m->name);
    struct compiler *c = s->c;

    if (str_starts(m->name, STR("x-")))
        return true;
    if (!k)
        return c->options->lenient || fail_unknown(c, m);
    if (k->shape == REFUSED) {
        compile_fail(c, &m->value, "'%s' is not enforced by this version", k->name);
        *c->offset = m->at;
        return err_fix(c->e, "%s", k->fix);
    }
    if (c->dialect < k->since) {
        compile_fail(c, &m->value, "'%s' means nothing in the draft that $schema names",
                     k->name);
        *c->offset = m->at;
        return err_fix(c->e, "write \"$schema\": "
                             "\"https://json-schema.org/draft/2020-12/schema\"");
    }
    if (!shape_check(c, k, &m->value))
        return false;
    return !k->add || k->add(s, k, &m->value);
}

/* Up to draft 7 what stands beside a $ref is ignored, later it is enforced. */
static bool check_ref_alone(struct compiler *c, const struct json *schema)
{
    const struct json *ref = json_get(schema, STR("$ref"));

    if (!ref || c->dialect > DRAFT_7)
        return true;
    for (uint32_t i = 0; i < schema->count; i++) {
        const struct keyword *k = keyword_find(schema->members[i].name);

        if (&schema->members[i].value == ref || !k || (!k->op && k->shape != TYPES))
            continue;
        compile_fail(c, ref, "'%s' beside '$ref' is ignored in the draft that $schema names",
                     k->name);
        return err_fix(c->e, "remove it, or put the $ref inside an allOf");
    }
    return true;
}

static int by_rank(const void *a, const void *b)
{
    const struct step *x = a, *y = b;

    if (x->op->rank != y->op->rank)
        return x->op->rank < y->op->rank ? -1 : 1;
    return (x->source->at > y->source->at) - (x->source->at < y->source->at);
}

static bool compile_keywords(struct compiler *c, struct block *b)
{
    struct site s = {.c = c, .schema = b->source, .block = b};

    if (b->source->kind != JSON_OBJECT)
        return true;
    s.steps = arena_array(c->a, steps_at_most(b->source), sizeof(*s.steps));
    if (!s.steps)
        return err_limit(c->e);
    if (!check_ref_alone(c, b->source))
        return false;
    for (uint32_t i = 0; i < b->source->count; i++)
        if (!add_keyword(&s, &b->source->members[i]))
            return false;
    qsort(s.steps, s.count, sizeof(*s.steps), by_rank);
    b->steps = s.steps;
    b->count = s.count;
    return true;
}

/* ---- the whole ---- */

static bool compile_all(struct compiler *c)
{
    if (!shape_is_schema(c->source))
        return compile_fail(c, c->source, "a schema is an object, true or false");
    if (!dialect_read(c))
        return false;
    c->schema->root = compile_block(c, c->source);
    if (!c->schema->root)
        return false;
    /* The queue grows while it is worked off. */
    for (struct block *b = c->first; b; b = b->next)
        if (!compile_keywords(c, b))
            return false;
    return ref_resolve_anchors(c) && cycle_check(c);
}

bool schema_compile(struct arena *a, const struct json *source, const struct schema_options *o,
                    struct schema **ret, uint32_t *offset, struct err *e)
{
    static const struct schema_options defaults = {0};
    struct schema *s = arena_alloc(a, sizeof(*s));
    struct compiler c = {
        .a = a,
        .schema = s,
        .source = source,
        .options = o ? o : &defaults,
        .offset = offset,
        .e = e,
    };

    if (!s)
        return err_limit(e);
    s->source = source;
    random_bytes(&s->seed, sizeof(s->seed));
    if (!compile_all(&c)) {
        schema_free(s);
        return false;
    }
    *ret = s;
    return true;
}

void schema_free(struct schema *s)
{
    for (struct pattern_list *p = s ? s->patterns : NULL; p; p = p->next)
        pattern_free(p->pattern);
}
