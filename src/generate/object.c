/*
 * object: members that are named, that must be, and now and then one that nobody spoke of.
 */
#include "generate/inside.h"

enum { MEMBERS_MAX = 200, TRIES = 10 };

struct making {
    struct maker *m;
    const struct facets *f;
    struct json_member members[MEMBERS_MAX];
    uint32_t count;
    size_t least, most;
};

static bool has_member(const struct making *k, str name)
{
    for (uint32_t i = 0; i < k->count; i++)
        if (str_equal(k->members[i].name, name))
            return true;
    return false;
}

/* ---- what a member must look like ---- */

static bool add_schema(const struct json **list, unsigned *count, const struct json *schema)
{
    if (*count == FACETS_MAX)
        return false;
    list[(*count)++] = schema;
    return true;
}

/* Those of one facet; a name that it does not know is for additionalProperties. */
static bool add_of_facet(const struct json *facet, str name, const struct json **list,
                         unsigned *count)
{
    const struct json *named = json_get(json_get(facet, STR("properties")), name);
    const struct json *patterns = json_get(facet, STR("patternProperties"));
    const struct json *others = json_get(facet, STR("additionalProperties"));
    bool known = named != NULL;

    if (named && !add_schema(list, count, named))
        return false;
    for (uint32_t i = 0; patterns && patterns->kind == JSON_OBJECT && i < patterns->count; i++)
        if (matches(patterns->members[i].name, name)) {
            known = true;
            if (!add_schema(list, count, &patterns->members[i].value))
                return false;
        }
    return known || !others || add_schema(list, count, others);
}

static bool add_member(struct making *k, str name)
{
    const struct json *schemas[FACETS_MAX];
    struct maker *m = k->m;
    str where = m->where;
    unsigned count = 0;
    bool made;

    if (has_member(k, name))
        return true;
    if (k->count == MEMBERS_MAX)
        return false;
    for (unsigned i = 0; i < k->f->count; i++)
        if (!add_of_facet(k->f->list[i], name, schemas, &count))
            return false;
    m->where = arena_format(m->a, "%.*s/%.*s", STR_ARG(where), STR_ARG(name));
    made = m->where.at && make_value(m, schemas, count, &k->members[k->count].value);
    m->where = where;
    if (made)
        k->members[k->count++].name = name;
    return made;
}

/* ---- which members ---- */

static bool add_required(struct making *k)
{
    for (unsigned i = 0; i < k->f->count; i++) {
        const struct json *list = json_get(k->f->list[i], STR("required"));

        for (uint32_t j = 0; list && list->kind == JSON_ARRAY && j < list->count; j++)
            if (list->items[j].kind == JSON_STRING && !add_member(k, list->items[j].text))
                return false;
    }
    return true;
}

/* dependentRequired, and the lists of what was `dependencies`. */
static bool add_dependent(struct making *k)
{
    static const char *const keywords[] = {"dependentRequired", "dependencies"};

    for (unsigned i = 0; i < k->f->count * 2; i++) {
        const struct json *all = json_get(k->f->list[i / 2], str_of(keywords[i % 2]));

        for (uint32_t n = 0; n < k->count; n++) {
            const struct json *list = json_get(all, k->members[n].name);

            for (uint32_t j = 0; list && list->kind == JSON_ARRAY && j < list->count; j++)
                if (list->items[j].kind == JSON_STRING && !add_member(k, list->items[j].text))
                    return false;
        }
    }
    return true;
}

static bool wants_optional(struct making *k)
{
    if (k->count >= k->most || k->m->depth > 2 * DEPTH_SPARE)
        return false;
    return k->m->depth > DEPTH_SPARE ? !draw(k->m, 8) : draw(k->m, 2);
}

/* One that can't be made is left out. */
static void add_optional(struct making *k)
{
    for (unsigned i = 0; i < k->f->count; i++) {
        const struct json *named = json_get(k->f->list[i], STR("properties"));

        for (uint32_t j = 0; named && named->kind == JSON_OBJECT && j < named->count; j++)
            if (wants_optional(k) && !add_member(k, named->members[j].name))
                continue;
    }
}

/* A name of the kind that the schema wants for names that it does not list. */
static bool other_name(struct making *k, str *ret)
{
    const struct json *patterns = facets_get(k->f, "patternProperties");
    const struct json *names = facets_get(k->f, "propertyNames");
    struct json name = {.kind = JSON_STRING};

    if (patterns && patterns->kind == JSON_OBJECT && patterns->count && draw(k->m, 4))
        return pattern_text(k->m, patterns->members[draw(k->m, patterns->count)].name, 40, ret);
    if (names && make_value(k->m, &names, 1, &name) && name.kind == JSON_STRING) {
        *ret = name.text;
        return true;
    }
    *ret = arena_format(k->m->a, "extra%u", draw(k->m, 1000));
    return ret->at != NULL;
}

static bool is_closed(const struct facets *f)
{
    static const char *const keywords[] = {"additionalProperties", "unevaluatedProperties"};

    for (unsigned i = 0; i < f->count * 2; i++) {
        const struct json *v = json_get(f->list[i / 2], str_of(keywords[i % 2]));

        if (v && v->kind == JSON_FALSE)
            return true;
    }
    return false;
}

static void add_others(struct making *k)
{
    bool closed = is_closed(k->f) && !facets_get(k->f, "patternProperties");
    size_t wanted = k->least;
    str name;

    if (!closed && k->count < k->most && k->m->depth < DEPTH_SPARE && !draw(k->m, 4))
        wanted = k->count + 1 > wanted ? k->count + 1 : wanted;
    for (unsigned i = 0; !closed && k->count < wanted && i < wanted + TRIES; i++)
        if (!other_name(k, &name) || !add_member(k, name))
            continue;
    /* What is named already serves as well, where members are too few. */
    for (unsigned i = 0; k->count < k->least && i < k->f->count; i++) {
        const struct json *named = json_get(k->f->list[i], STR("properties"));

        for (uint32_t j = 0; named && named->kind == JSON_OBJECT && j < named->count; j++)
            if (k->count < k->least && !add_member(k, named->members[j].name))
                continue;
    }
}

bool make_object(struct maker *m, const struct facets *f, struct json *ret)
{
    struct making k = {.m = m, .f = f};
    struct json_member *members;

    facets_bounds(f, "minProperties", "maxProperties", &k.least, &k.most);
    if (!add_required(&k))
        return false;
    add_optional(&k);
    add_others(&k);
    if (!add_dependent(&k))
        return false;
    members = arena_array(m->a, k.count + 1, sizeof(*members));
    if (!members)
        return false;
    memcpy(members, k.members, k.count * sizeof(*members));
    *ret = (struct json){.kind = JSON_OBJECT, .count = k.count, .members = members};
    return true;
}
