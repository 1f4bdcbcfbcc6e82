/* Rules that send the same value to other schemas, and those that depend on a name. */
#include "schema/compiler.h"
#include "schema/uri.h"

/* ---- references ---- */

bool add_ref(struct site *s, const struct keyword *k, const struct json *value)
{
    struct rule *r = compile_rule(s, RULE_ALL, k, value, ALL_KINDS);
    struct reference to;

    r->nodes = arena_alloc(s->c->a, sizeof(struct node *));
    r->count = 1;
    if (!r->nodes)
        return err_limit(s->c->e);
    if (!ref_resolve(&s->c->sources, s->node->in, value, &to))
        return false;
    /* Only what its keyword says is dynamic is looked for outside. */
    if (str_is(str_of(k->name), "$ref"))
        to.dynamic = STR("");
    if (str_is(str_of(k->name), "$recursiveRef") && to.schema == to.in->root)
        to.dynamic = ref_anchor(to.in, RECURSIVE_ANCHOR) ? RECURSIVE_ANCHOR : STR("");
    r->nodes[0] = compile_target(s, to);
    return r->nodes[0] != NULL;
}

/* Up to draft 7 a fragment alone names a place; later $anchor does. */
bool add_id(struct site *s, const struct keyword *k, const struct json *value)
{
    bool has_fragment = uri_fragment(value->text).len > 0;

    if (!has_fragment || !s->c->strict ||
        (s->node->in->meaning.dialect <= DRAFT_7 && value->text.at[0] == '#'))
        return true;
    compile_fail(s->c, value, "'%s' with a fragment names nothing", k->name);
    return err_fix(s->c->e, "remove the part from '#' on, and write '$anchor' for it");
}

/* ---- what is compiled though nothing here refers to it: contracts are checked whole ---- */

bool add_definition(struct site *s, const struct keyword *k, const struct json *value)
{
    (void)k;
    return !s->c->strict || compile_child(s, value);
}

bool add_definitions(struct site *s, const struct keyword *k, const struct json *value)
{
    for (uint32_t i = 0; i < value->count; i++)
        if (!add_definition(s, k, &value->members[i].value))
            return false;
    return true;
}

/* ---- branches ---- */

static bool set_nodes(struct site *s, struct rule *r, const struct json *const *sources,
                      uint32_t count)
{
    r->nodes = arena_array(s->c->a, count, sizeof(struct node *));
    r->count = count;
    if (!r->nodes)
        return err_limit(s->c->e);
    for (uint32_t i = 0; i < count; i++)
        if (sources[i] && !(r->nodes[i] = compile_child(s, sources[i])))
            return false;
    return true;
}

bool add_branches(struct site *s, const struct keyword *k, const struct json *value)
{
    static const enum rule_kind kinds[] = {
        ['l'] = RULE_ALL, ['n'] = RULE_ANY, ['e'] = RULE_ONE};
    /* allOf, anyOf, oneOf */
    enum rule_kind kind = kinds[(unsigned char)(k->name[0] == 'o' ? 'e' : k->name[1])];
    struct rule *r = compile_rule(s, kind, k, value, ALL_KINDS);
    const struct json **sources = arena_array(s->c->a, value->count, sizeof(*sources));

    if (!sources)
        return err_limit(s->c->e);
    for (uint32_t i = 0; i < value->count; i++)
        sources[i] = &value->items[i];
    r->listed = true;
    return set_nodes(s, r, sources, value->count);
}

bool add_not(struct site *s, const struct keyword *k, const struct json *value)
{
    return set_nodes(s, compile_rule(s, RULE_NOT, k, value, ALL_KINDS), &value, 1);
}

bool add_if(struct site *s, const struct keyword *k, const struct json *value)
{
    const struct json *then, *otherwise;

    if (!compile_sibling(s, "then", NULL, &then) ||
        !compile_sibling(s, "else", NULL, &otherwise))
        return false;
    return set_nodes(s, compile_rule(s, RULE_IF, k, value, ALL_KINDS),
                     (const struct json *[]){value, then, otherwise}, 3);
}

/* ---- dependencies: a rule for each name ---- */

static bool add_needs(struct site *s, const struct keyword *k, const struct json_member *m)
{
    struct rule *r = compile_rule(s, RULE_NEEDS, k, &m->value, OBJECTS);

    r->names = arena_array(s->c->a, (size_t)m->value.count + 1, sizeof(str));
    if (!r->names)
        return err_limit(s->c->e);
    r->count = m->value.count + 1;
    r->names[0] = m->name;
    for (uint32_t i = 0; i < m->value.count; i++)
        r->names[i + 1] = m->value.items[i].text;
    return true;
}

static bool add_when(struct site *s, const struct keyword *k, const struct json_member *m)
{
    struct rule *r = compile_rule(s, RULE_WHEN, k, &m->value, OBJECTS);

    r->names = arena_alloc(s->c->a, sizeof(str));
    if (!r->names)
        return err_limit(s->c->e);
    r->names[0] = m->name;
    return set_nodes(s, r, (const struct json *[]){&m->value}, 1);
}

bool add_dependencies(struct site *s, const struct keyword *k, const struct json *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        const struct json_member *m = &value->members[i];

        if (!(m->value.kind == JSON_ARRAY ? add_needs : add_when)(s, k, m))
            return false;
    }
    return true;
}
