/* The graph of cleaning: nodes by the address of their source, read one after the other. */
#include "schema/clean.h"

static struct clean_node **bucket_of(struct clean_planner *p, const struct json *source)
{
    uintptr_t address = (uintptr_t)source;

    return &p->buckets[str_hash((str){(const char *)&address, sizeof(address)}, 0) %
                       COUNT(p->buckets)];
}

struct clean_node *clean_plan_node(struct clean_planner *p, const struct json *source,
                                   const struct resource *in)
{
    uint32_t spot = sources_spot(&p->sources, source);
    struct clean_node **bucket = bucket_of(p, source), *n;

    for (n = *bucket; n; n = n->same_bucket)
        if (n->source == source)
            return n;
    n = arena_alloc(p->a, sizeof(*n));
    if (!n) {
        err_limit(p->e);
        return NULL;
    }
    n->source = source;
    n->in = spot == NO_SPOT ? in : p->sources.spots[spot].in;
    n->kinds = UINT32_MAX;
    n->same_bucket = *bucket;
    *bucket = n;
    *(p->last ? &p->last->next : &p->cleaner->nodes) = n;
    p->last = n;
    return n;
}

/* ---- all that speaks of the same value ---- */

static bool collect(struct clean_node *n, struct clean_node **list, uint32_t *count)
{
    for (uint32_t i = 0; i < *count; i++)
        if (list[i] == n)
            return true;
    if (*count == CLEAN_TOGETHER_MAX)
        return false;
    list[(*count)++] = n;
    for (uint32_t i = 0; i < n->together_count; i++)
        if (!collect(n->together[i], list, count))
            return false;
    return true;
}

/* Members that only some values may have would be taken for unknown. */
static bool check_stripping(struct clean_planner *p, struct clean_node *const *list,
                            uint32_t count)
{
    static const char *const some[] = {"anyOf",        "oneOf",      "if", "dependentSchemas",
                                       "dependencies", "$dynamicRef"};
    bool strips = false;

    for (uint32_t i = 0; i < count; i++)
        strips |= list[i]->strips;
    for (uint32_t i = 0; strips && i < count; i++)
        for (size_t k = 0; k < COUNT(some); k++)
            if (json_get(list[i]->source, str_of(some[k])))
                return sources_fail(&p->sources, list[i]->source,
                                    "'x-unknown' can't tell which members '%s' knows", some[k]);
    return true;
}

/* Lists of what `together` leads to replace it, once all of them have been made. */
static bool link_together(struct clean_planner *p)
{
    struct linked {
        struct clean_node **list;
        uint32_t count;
    } * linked;
    size_t nodes = 0, at = 0;

    for (struct clean_node *n = p->cleaner->nodes; n; n = n->next)
        nodes++;
    linked = arena_array(p->a, nodes, sizeof(*linked));
    for (struct clean_node *n = p->cleaner->nodes; linked && n; n = n->next, at++) {
        linked[at].list = arena_array(p->a, CLEAN_TOGETHER_MAX, sizeof(struct clean_node *));
        if (!linked[at].list)
            return err_limit(p->e);
        if (!collect(n, linked[at].list, &linked[at].count))
            return sources_fail(&p->sources, n->source,
                                "more than %d subschemas speak of one value",
                                CLEAN_TOGETHER_MAX);
        if (!check_stripping(p, linked[at].list, linked[at].count))
            return false;
    }
    at = 0;
    for (struct clean_node *n = p->cleaner->nodes; linked && n; n = n->next, at++) {
        n->together = linked[at].list;
        n->together_count = linked[at].count;
    }
    return linked || err_limit(p->e);
}

/* ---- what acts ---- */

static bool acts_itself(const struct schema_cleaner *c, const struct clean_node *n)
{
    return n->rules || n->strips || n->default_count ||
           (c->source == SCHEMA_FROM_TEXT && !(n->kinds & 1u << JSON_STRING));
}

static bool acts_below(const struct clean_node *n)
{
    bool acts = (n->others && n->others->acts) || (n->rest && n->rest->acts);

    for (uint32_t i = 0; i < n->member_count; i++)
        acts |= n->members[i].node->acts;
    for (const struct clean_pattern *p = n->patterns; p; p = p->next)
        acts |= p->node->acts;
    for (uint32_t i = 0; i < n->prefix_count; i++)
        acts |= n->prefix[i]->acts;
    for (uint32_t i = 0; i < n->together_count; i++)
        acts |= n->together[i]->acts;
    for (const struct clean_branch *b = n->branches; b; b = b->next)
        for (uint32_t i = 0; i < b->count; i++)
            acts |= b->options[i].node && b->options[i].node->acts;
    return acts;
}

/* From below upwards, until nothing changes: most children stand behind their parents. */
static void find_acting(struct schema_cleaner *c)
{
    bool changed = true;

    for (struct clean_node *n = c->nodes; n; n = n->next)
        n->acts = acts_itself(c, n);
    while (changed) {
        changed = false;
        for (struct clean_node *n = c->nodes; n; n = n->next)
            if (!n->acts && acts_below(n))
                changed = n->acts = true;
    }
}

/* ---- the whole ---- */

/* Whether any object of the document has a member that asks for cleaning. */
static bool mentions(const struct json *v)
{
    bool found = false;

    for (uint32_t i = 0; !found && v->kind == JSON_ARRAY && i < v->count; i++)
        found = mentions(&v->items[i]);
    for (uint32_t i = 0; !found && v->kind == JSON_OBJECT && i < v->count; i++)
        found = str_is(v->members[i].name, "x-clean") ||
                str_is(v->members[i].name, "x-unknown") ||
                str_is(v->members[i].name, "x-defaults") || mentions(&v->members[i].value);
    return found;
}

/* Under which the source can be referred to, when nobody gave it an URI. */
#define OWN_URI STR("fnward:/schema")

static bool plan(struct clean_planner *p)
{
    const struct json *root = p->sources.root, *defaults = json_get(root, STR("x-defaults"));

    if (!sources_read(&p->sources))
        return false;
    p->cleaner->defaults = defaults && defaults->kind == JSON_TRUE;
    p->cleaner->root = clean_plan_node(p, root, NULL);
    /* The list grows while it is worked off. */
    for (struct clean_node *n = p->cleaner->root; n; n = n->next)
        if (!clean_read_node(p, n))
            return false;
    if (!p->cleaner->root || !link_together(p))
        return false;
    find_acting(p->cleaner);
    return clean_compile_branches(p);
}

static bool mention_any(const struct json *source, const struct schema_options *o)
{
    bool found = mentions(source);

    for (size_t i = 0; !found && i < o->document_count; i++)
        found = mentions(o->documents[i].root);
    return found;
}

bool schema_cleaner_compile(struct arena *a, const struct json *source,
                            const struct schema_options *given, enum schema_source from,
                            struct schema_cleaner **ret, uint32_t *offset, struct err *e)
{
    struct schema_options o = given ? *given : (struct schema_options){0};
    struct clean_planner *p;

    if (from == SCHEMA_FROM_JSON && !mention_any(source, &o)) {
        *ret = NULL;
        return true;
    }
    if (!o.base.len)
        o.base = OWN_URI;
    p = arena_alloc(a, sizeof(*p));
    if (!p)
        return err_limit(e);
    p->a = a;
    p->e = e;
    p->sources =
        (struct sources){.a = a, .options = &o, .root = source, .e = e, .offset = offset};
    p->cleaner = arena_alloc(a, sizeof(*p->cleaner));
    if (!p->cleaner)
        return err_limit(e);
    p->cleaner->source = from;
    if (!plan(p)) {
        schema_cleaner_free(p->cleaner);
        return false;
    }
    *ret = p->cleaner;
    if (p->cleaner->root->acts)
        return true;
    schema_cleaner_free(p->cleaner);
    *ret = NULL;
    return true;
}

static void free_branches(struct clean_branch *branches)
{
    for (struct clean_branch *b = branches; b; b = b->next)
        for (uint32_t i = 0; i < b->count; i++)
            schema_free(b->options[i].schema);
}

void schema_cleaner_free(struct schema_cleaner *c)
{
    for (struct clean_node *n = c ? c->nodes : NULL; n; n = n->next) {
        for (struct clean_pattern *p = n->patterns; p; p = p->next)
            pattern_free(p->pattern);
        free_branches(n->branches);
    }
}
