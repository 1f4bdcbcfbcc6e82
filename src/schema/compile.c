/*
 * The compiler's frame: a queue of subschemas, so that neither depth nor references make it
 * recurse, and one node for each, so that what is referred to twice is compiled once.
 *
 * What $dynamicRef means depends on the way that led to it. It is settled here: a node belongs
 * to a subschema and the dynamic anchors that are in force there, so that nothing has to be
 * looked up while events are checked.
 */
#include "schema/compiler.h"
#include "schema/handle.h"

enum { NODES_MAX = 1 << 20 };

bool compile_fail(struct compiler *c, const struct json *at, const char *format, ...)
{
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return sources_fail(&c->sources, at, "%s", what);
}

/* ---- scopes ---- */

static const struct scope *find_in_scope(const struct scope *scope, str name)
{
    for (; scope; scope = scope->before)
        if (str_equal(scope->name, name))
            return scope;
    return NULL;
}

static const struct scope *bind(struct compiler *c, const struct scope *before,
                                struct resource *in, const struct anchor *anchor)
{
    struct scope *s;

    for (s = c->scopes; s; s = s->next)
        if (s->before == before && s->target.schema == anchor->schema &&
            str_equal(s->name, anchor->name))
            return s;
    s = arena_alloc(c->a, sizeof(*s));
    if (!s)
        return NULL;
    *s = (struct scope){c->scopes, before, anchor->name, {.schema = anchor->schema, .in = in}};
    c->scopes = s;
    return s;
}

/* Of two resources with the same dynamic anchor the one that was entered first counts. */
static bool enter_scope(struct compiler *c, const struct scope *scope, struct resource *in,
                        const struct scope **ret)
{
    for (const struct anchor *at = in->anchors; at; at = at->next) {
        if (!at->dynamic || find_in_scope(scope, at->name))
            continue;
        scope = bind(c, scope, in, at);
        if (!scope)
            return err_limit(c->e);
    }
    *ret = scope;
    return true;
}

/* ---- nodes ---- */

static uint32_t slot_of(const struct compiler *c, const struct json *source,
                        const struct scope *scope)
{
    uint32_t slot =
        (uint32_t)json_fold((uintptr_t)source ^ (uintptr_t)scope << 7, 0x9e3779b97f4a7c15u);
    const struct node *n;

    for (; (n = c->table[slot & c->mask]); slot++)
        if (n->source == source && n->scope == scope)
            break;
    return slot & c->mask;
}

static bool grow_table(struct compiler *c)
{
    uint32_t mask = c->mask ? c->mask * 2 + 1 : 63;
    struct node **table = arena_array(c->a, (size_t)mask + 1, sizeof(struct node *));

    if (!table || c->nodes > NODES_MAX)
        return err_limit(c->e);
    c->table = table;
    c->mask = mask;
    for (struct node *n = c->first; n; n = n->next)
        c->table[slot_of(c, n->source, n->scope)] = n;
    return true;
}

static struct node *find_node(struct compiler *c, const struct json *source,
                              struct resource *in, const struct scope *scope)
{
    struct node *n;
    uint32_t slot;

    if (c->nodes * 2 >= c->mask && !grow_table(c))
        return NULL;
    if (!enter_scope(c, scope, in, &scope))
        return NULL;
    slot = slot_of(c, source, scope);
    if (c->table[slot])
        return c->table[slot];
    n = arena_alloc(c->a, sizeof(*n));
    if (!n) {
        err_limit(c->e);
        return NULL;
    }
    *n = (struct node){
        .source = source, .in = in, .scope = scope, .spot = sources_spot(&c->sources, source)};
    c->nodes++;
    c->table[slot] = n;
    *(c->last ? &c->last->next : &c->first) = n;
    c->last = n;
    return n;
}

struct node *compile_child(struct site *s, const struct json *source)
{
    struct sources *from = &s->c->sources;
    uint32_t spot = sources_spot(from, source);

    if (spot == NO_SPOT && !sources_index(from, source, s->node->in, STR(""), &spot))
        return NULL;
    return find_node(s->c, source, from->spots[spot].in, s->node->scope);
}

struct node *compile_target(struct site *s, struct reference to)
{
    const struct scope *bound =
        to.dynamic.len ? find_in_scope(s->node->scope, to.dynamic) : NULL;

    if (bound)
        to = bound->target;
    return find_node(s->c, to.schema, to.in, s->node->scope);
}

/* ---- one subschema ---- */

struct rule *compile_rule(struct site *s, enum rule_kind kind, const struct keyword *k,
                          const struct json *source, unsigned kinds)
{
    struct rule *r = &s->node->rules[s->node->count++];

    *r = (struct rule){.kind = kind, .keyword = k, .source = source, .kinds = kinds};
    return r;
}

/* A rule for each keyword, and one for each name that others depend on. */
static size_t rules_at_most(const struct json *schema)
{
    size_t n = schema->count + 1;

    for (uint32_t i = 0; i < schema->count; i++)
        if (str_starts(schema->members[i].name, STR("depend")))
            n += schema->members[i].value.count;
    return n;
}

static bool fail_unknown(struct compiler *c, const struct json_member *m)
{
    const char *nearest = keyword_nearest(m->name);

    compile_fail(c, &m->value, "'%.*s' is not a JSON Schema keyword", STR_ARG(m->name));
    *c->sources.offset = m->at;
    if (nearest && !str_is(m->name, nearest))
        return err_fix(c->e, "did you mean '%s'?", nearest);
    return err_fix(c->e, "remove it, or begin its name with 'x-' when it is a note");
}

/* Of another dialect, or of none. */
static bool fail_meaningless(struct compiler *c, const struct json_member *m,
                             const struct resource *in)
{
    const struct keyword *k = keyword_find_any(m->name);

    if (!k || k->vocabulary & IN_OPENAPI)
        return fail_unknown(c, m);
    compile_fail(c, &m->value, "'%s' means nothing in the draft that $schema names", k->name);
    *c->sources.offset = m->at;
    if (in->meaning.dialect > k->until)
        return err_fix(c->e, "%s",
                       str_is(m->name, "id") ? "write '$id'"
                                             : "write what took its place in that draft");
    return err_fix(c->e, "write \"$schema\": \"https://json-schema.org/draft/2020-12/schema\"");
}

static bool add_keyword(struct site *s, const struct json_member *m)
{
    const struct keyword *k = keyword_find(m->name, s->node->in->meaning);
    struct compiler *c = s->c;
    const char *wants, *fix;

    if (str_starts(m->name, STR("x-")))
        return true;
    if (!k || k->shape == REFUSED) {
        if (!c->strict)
            return true;
        if (!k)
            return fail_meaningless(c, m, s->node->in);
        compile_fail(c, &m->value, "'%s' is not enforced by this version", k->name);
        *c->sources.offset = m->at;
        return err_fix(c->e, "%s", k->fix);
    }
    wants = shape_wants(k, &m->value);
    if (!wants)
        return !k->add || k->add(s, k, &m->value);
    compile_fail(c, &m->value, "'%s' must be %s", k->name, wants);
    fix = shape_fix(k, &m->value);
    return fix ? err_fix(c->e, "%s", fix) : false;
}

bool compile_sibling(struct site *s, const char *name, const struct keyword **k,
                     const struct json **ret)
{
    const struct keyword *found = keyword_find(str_of(name), s->node->in->meaning);
    const struct json *v = found ? json_get(s->node->source, str_of(name)) : NULL;
    const char *wants = v ? shape_wants(found, v) : NULL;

    if (wants) {
        const char *fix = shape_fix(found, v);

        compile_fail(s->c, v, "'%s' must be %s", found->name, wants);
        return fix ? err_fix(s->c->e, "%s", fix) : false;
    }
    if (k)
        *k = found;
    *ret = v;
    return true;
}

/* Up to draft 7 what stands beside a $ref is ignored, later it is enforced. */
static bool check_ref_alone(struct compiler *c, const struct node *n, const struct json *ref)
{
    for (uint32_t i = 0; c->strict && i < n->source->count; i++) {
        const struct keyword *k = keyword_find(n->source->members[i].name, n->in->meaning);

        if (&n->source->members[i].value == ref || !k || !k->add || k->add == add_definitions ||
            k->add == add_id)
            continue;
        compile_fail(c, ref, "'%s' beside '$ref' is ignored in the draft that $schema names",
                     k->name);
        return err_fix(c->e, "remove it, or put the $ref inside an allOf");
    }
    return true;
}

static bool compile_keywords(struct compiler *c, struct node *n)
{
    struct site s = {.c = c, .node = n};
    const struct json *ref = NULL;

    n->rules = arena_array(c->a, rules_at_most(n->source), sizeof(*n->rules));
    if (!n->rules)
        return err_limit(c->e);
    if (n->source->kind == JSON_FALSE)
        compile_rule(&s, RULE_FALSE, NULL, n->source, ALL_KINDS);
    if (n->source->kind != JSON_OBJECT)
        return true;
    if (dialect_ignores_siblings(n->in->meaning))
        ref = json_get(n->source, STR("$ref"));
    if (ref && ref->kind != JSON_STRING)
        ref = NULL;
    if (ref && !check_ref_alone(c, n, ref))
        return false;
    for (uint32_t i = 0; i < n->source->count; i++) {
        const struct json_member *m = &n->source->members[i];
        bool ignored = ref && &m->value != ref && !c->strict;

        if (!ignored && !add_keyword(&s, m))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static void free_output(struct compiler *c)
{
    buf_free(&c->out);
}

/* Each node's terms are made, also of those that nothing leads to: to find circles. */
static bool compile_all(struct compiler *c)
{
    struct node *root;
    uint32_t spot;

    if (!sources_read(&c->sources))
        return false;
    spot = sources_spot(&c->sources, c->sources.root);
    root = find_node(c, c->sources.root, c->sources.spots[spot].in, NULL);
    if (!root)
        return false;
    /* The queue grows while it is worked off. */
    for (struct node *n = c->first; n; n = n->next)
        if (!compile_keywords(c, n))
            return false;
    for (struct node *n = c->first; n; n = n->next)
        for (unsigned kind = 0; kind < KINDS; kind++)
            if (!term_of_node(c, n, kind))
                return false;
    return emit_program(c, root);
}

bool schema_compile(struct arena *a, const struct json *source, const struct schema_options *o,
                    struct schema **ret, uint32_t *offset, struct err *e)
{
    static const struct schema_options defaults = {0};
    struct schema *s = arena_alloc(a, sizeof(*s));
    CLEANUP(free_output)
    struct compiler c = {
        .a = a,
        .schema = s,
        .e = e,
        .strict = !(o ? o : &defaults)->lenient,
        .sources =
            {.a = a, .options = o ? o : &defaults, .root = source, .e = e, .offset = offset},
        .yes = {.op = OP_TRUE},
        .no = {.op = OP_FALSE},
        .out = {.max = UINT32_MAX / 2},
    };

    if (!s)
        return err_limit(e);
    if (!compile_all(&c) || !handle_take(a, s, buf_str(&c.out), e)) {
        schema_free(s);
        return false;
    }
    *ret = s;
    return true;
}
