/*
 * Subschemas that hold for some values only: those between which the value itself decides, and
 * those where nobody can tell what is to be cleaned.
 */
#include "schema/clean.h"

static struct clean_branch *add_branch(struct clean_planner *p, struct clean_node *n,
                                       uint32_t count)
{
    struct clean_branch *b = arena_alloc(p->a, sizeof(*b)), **end = &n->branches;

    if (b)
        b->options = arena_array(p->a, count, sizeof(*b->options));
    if (!b || !b->options) {
        err_limit(p->e);
        return NULL;
    }
    b->count = count;
    while (*end)
        end = &(*end)->next;
    *end = b;
    return b;
}

static bool set_option(struct clean_planner *p, const struct clean_node *n,
                       struct clean_option *option, const struct json *decides,
                       const struct json *then)
{
    option->source = decides;
    option->node = then ? clean_plan_node(p, then, n->in) : NULL;
    return option->node || !then;
}

bool clean_read_options(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    struct clean_branch *b = add_branch(p, n, v->count);

    for (uint32_t i = 0; b && i < v->count; i++)
        if (!set_option(p, n, &b->options[i], &v->items[i], &v->items[i]))
            return false;
    return b != NULL;
}

bool clean_read_if(struct clean_planner *p, struct clean_node *n, const struct json *v)
{
    struct clean_branch *b = add_branch(p, n, 2);

    if (!b)
        return false;
    b->is_if = true;
    return clean_forbid(p, n->in, v, "if", 0) &&
           set_option(p, n, &b->options[0], v, json_get(n->source, STR("then"))) &&
           set_option(p, n, &b->options[1], v, json_get(n->source, STR("else")));
}

/* ---- what decides ---- */

/* A schema of one reference, so that all that the branch refers to is at hand. */
static bool compile_option(struct clean_planner *p, const struct clean_node *n,
                           struct clean_option *option)
{
    const struct schema_options *o = p->sources.options;
    struct schema_options with = *o;
    struct schema_document *documents =
        arena_array(p->a, o->document_count + 1, sizeof(*documents));
    struct json_member *ref = arena_alloc(p->a, sizeof(*ref));
    struct json *wrapper = arena_alloc(p->a, sizeof(*wrapper));
    CLEANUP(buf_free) struct buf pointer = {0};
    uint32_t spot = sources_spot(&p->sources, option->source), ignored = 0;
    const struct resource *in = spot == NO_SPOT ? n->in : p->sources.spots[spot].in;

    if (!documents || !ref || !wrapper)
        return err_limit(p->e);
    if (spot == NO_SPOT)
        return sources_fail(&p->sources, option->source, "no keyword leads here");
    sources_pointer(&p->sources, spot, &pointer);
    *ref = (struct json_member){.name = STR("$ref")};
    ref->value = (struct json){.kind = JSON_STRING};
    ref->value.text =
        arena_format(p->a, "%.*s#%.*s", STR_ARG(in->uri), STR_ARG(buf_str(&pointer)));
    *wrapper = (struct json){.kind = JSON_OBJECT, .count = 1, .members = ref};
    if (o->document_count)
        memcpy(documents, o->documents, o->document_count * sizeof(*documents));
    documents[o->document_count] = (struct schema_document){.uri = in->uri, .root = in->root};
    with.documents = documents;
    with.document_count++;
    with.base = STR("fnward:/branch");
    return schema_compile(p->a, wrapper, &with, &option->schema, &ignored, p->e) &&
           schema_prepare(option->schema, p->e);
}

bool clean_compile_branches(struct clean_planner *p)
{
    for (struct clean_node *n = p->cleaner->nodes; n; n = n->next)
        for (struct clean_branch *b = n->branches; b; b = b->next) {
            for (uint32_t i = 0; i < b->count; i++)
                b->acts |= b->options[i].node && b->options[i].node->acts;
            for (uint32_t i = 0; b->acts && i < (b->is_if ? 1 : b->count); i++)
                if (!compile_option(p, n, &b->options[i]))
                    return false;
            p->cleaner->branches |= b->acts;
        }
    return true;
}

/* ---- where nobody can tell ---- */

static bool visit(struct clean_planner *p, const struct json *v, bool *seen)
{
    struct clean_visited **bucket = &p->visited[(uintptr_t)v / 16 % COUNT(p->visited)];
    struct clean_visited *new;

    for (struct clean_visited *at = *bucket; at; at = at->next)
        if (at->source == v) {
            *seen = true;
            return true;
        }
    new = arena_alloc(p->a, sizeof(*new));
    if (!new)
        return err_limit(p->e);
    *new = (struct clean_visited){*bucket, v};
    *bucket = new;
    *seen = false;
    return true;
}

static bool is_reference(str name)
{
    return str_is(name, "$ref") || str_is(name, "$dynamicRef") || str_is(name, "$recursiveRef");
}

static bool forbid_member(struct clean_planner *p, const struct resource *in,
                          const struct json_member *m, bool is_schema, const char *below,
                          unsigned depth)
{
    struct reference to;

    if (is_schema && (str_is(m->name, "x-clean") || str_is(m->name, "x-unknown"))) {
        sources_fail(&p->sources, &m->value, "'%.*s' below '%s', where it can't be followed",
                     STR_ARG(m->name), below);
        return err_fix(p->e, "put it under 'properties' or 'items', also of an allOf, anyOf, "
                             "oneOf, then or else");
    }
    if (is_schema && is_reference(m->name) && m->value.kind == JSON_STRING)
        return ref_resolve(&p->sources, in, &m->value, &to) &&
               clean_forbid(p, to.in, to.schema, below, depth + 1);
    return clean_forbid(p, in, &m->value, below, depth + 1);
}

bool clean_forbid(struct clean_planner *p, const struct resource *in, const struct json *v,
                  const char *below, unsigned depth)
{
    uint32_t spot = sources_spot(&p->sources, v);
    bool seen;

    if (depth > CLEAN_DEPTH_MAX)
        return sources_fail(&p->sources, v, "the schema refers to itself too deeply");
    if (!visit(p, v, &seen) || seen)
        return seen;
    in = spot == NO_SPOT ? in : p->sources.spots[spot].in;
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        if (!clean_forbid(p, in, &v->items[i], below, depth + 1))
            return false;
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++)
        if (!forbid_member(p, in, &v->members[i], spot != NO_SPOT, below, depth))
            return false;
    return true;
}
