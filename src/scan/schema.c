/* The walk over a schema: every subschema once, those inside before the one that holds them. */
#include "scan/lint.h"

enum { WALK_DEPTH_MAX = 200 };

static const struct {
    const char *name;
    enum holding holding;
    enum position position;
} holders[] = {
    {"properties", HOLDS_MAP, DECLARES},
    {"patternProperties", HOLDS_MAP, DECLARES},
    {"additionalProperties", HOLDS_ONE, DECLARES},
    {"unevaluatedProperties", HOLDS_ONE, DECLARES},
    {"items", HOLDS_ONE_OR_LIST, DECLARES},
    {"prefixItems", HOLDS_LIST, DECLARES},
    {"additionalItems", HOLDS_ONE, DECLARES},
    {"unevaluatedItems", HOLDS_ONE, DECLARES},
    {"allOf", HOLDS_LIST, BRANCH},
    {"anyOf", HOLDS_LIST, BRANCH},
    {"oneOf", HOLDS_LIST, BRANCH},
    {"then", HOLDS_ONE, BRANCH},
    {"else", HOLDS_ONE, BRANCH},
    {"dependentSchemas", HOLDS_MAP, BRANCH},
    {"dependencies", HOLDS_MAP, BRANCH},
    {"if", HOLDS_ONE, TESTS},
    {"not", HOLDS_ONE, TESTS},
    {"contains", HOLDS_ONE, TESTS},
    {"propertyNames", HOLDS_ONE, TESTS},
    {"$defs", HOLDS_MAP, DEFINES},
    {"definitions", HOLDS_MAP, DEFINES},
};

enum holding lint_holding(str keyword, enum position *position)
{
    for (size_t i = 0; i < COUNT(holders); i++) {
        if (!str_is(keyword, holders[i].name))
            continue;
        *position = holders[i].position;
        return holders[i].holding;
    }
    return HOLDS_NONE;
}

/* ---- findings ---- */

static void write_token(struct buf *b, str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '~' || name.at[i] == '/')
            buf_add(b, name.at[i] == '~' ? STR("~0") : STR("~1"));
        else
            buf_addc(b, name.at[i]);
    }
}

static void write_pointer(struct buf *b, const struct visit *v)
{
    if (!v->up)
        return;
    write_pointer(b, v->up);
    buf_addf(b, "/%s", v->keyword);
    if (v->is_member) {
        buf_addc(b, '/');
        write_token(b, v->name);
    } else if (v->is_item) {
        buf_addf(b, "/%u", v->index);
    }
}

PRINTF_LIKE(5, 0)
static struct finding *add(struct linter *l, const struct visit *v, enum rule_name rule,
                           uint32_t at, const char *format, va_list args)
{
    const struct scanned_schema *s = l->schema;
    struct place place = json_value_place(s->text, s->file, at);
    CLEANUP(buf_free) struct buf pointer = {0};
    struct finding *f;
    char message[400];

    vsnprintf(message, sizeof(message), format, args);
    f = finding_add(l->findings, &scan_schema_rules[rule], place, "%s", message);
    if (rule <= RULE_IMPOSSIBLE_VALUE)
        l->hard++;
    if (!f)
        return NULL;
    write_pointer(&pointer, v);
    f->where = arena_str(l->findings->arena, buf_str(&pointer));
    return f;
}

struct finding *lint_add_at(struct linter *l, const struct visit *v, enum rule_name rule,
                            uint32_t at, const char *format, ...)
{
    struct finding *f;
    va_list args;

    va_start(args, format);
    f = add(l, v, rule, at, format, args);
    va_end(args);
    return f;
}

struct finding *lint_add(struct linter *l, const struct visit *v, enum rule_name rule,
                         const struct json *at, const char *format, ...)
{
    struct finding *f;
    va_list args;

    va_start(args, format);
    f = add(l, v, rule, at->at, format, args);
    va_end(args);
    return f;
}

void lint_relate(struct linter *l, struct finding *to, const struct json *at,
                 const char *message)
{
    const struct scanned_schema *s = l->schema;

    finding_relate(l->findings, to, json_value_place(s->text, s->file, at->at), message);
}

/* ---- the walk ---- */

static void visit(struct linter *l, const struct visit *v, unsigned depth);

/* Parts of an object are closed, if at all, where they are put together. */
static bool is_closed_elsewhere(const struct visit *v)
{
    static const char *const wholes[] = {"properties", "additionalProperties",
                                         "unevaluatedProperties", "allOf", "x-unknown"};

    if (v->position != BRANCH)
        return false;
    if (strcmp(v->keyword, "anyOf") != 0 && strcmp(v->keyword, "oneOf") != 0)
        return true;
    for (size_t i = 0; i < COUNT(wholes); i++)
        if (json_get(v->up->schema, str_of(wholes[i])))
            return true;
    return v->up->closed_elsewhere;
}

static void visit_child(struct linter *l, struct visit child, unsigned depth)
{
    if (child.up->position == TESTS)
        child.position = TESTS;
    child.closed_elsewhere = is_closed_elsewhere(&child);
    if (child.schema->kind == JSON_OBJECT)
        visit(l, &child, depth + 1);
}

static void visit_map(struct linter *l, const struct visit *up, const struct json_member *m,
                      enum position position, unsigned depth)
{
    for (uint32_t i = 0; m->value.kind == JSON_OBJECT && i < m->value.count; i++)
        visit_child(l,
                    (struct visit){.schema = &m->value.members[i].value,
                                   .up = up,
                                   .position = position,
                                   .keyword = m->name.at,
                                   .name = m->value.members[i].name,
                                   .is_member = true},
                    depth);
}

static void visit_list(struct linter *l, const struct visit *up, const struct json_member *m,
                       enum position position, const char *keyword, unsigned depth)
{
    for (uint32_t i = 0; i < m->value.count; i++)
        visit_child(l,
                    (struct visit){.schema = &m->value.items[i],
                                   .up = up,
                                   .position = position,
                                   .keyword = keyword,
                                   .index = i,
                                   .is_item = true},
                    depth);
}

static const char *static_name(str name)
{
    for (size_t i = 0; i < COUNT(holders); i++)
        if (str_is(name, holders[i].name))
            return holders[i].name;
    return "";
}

static void visit_children(struct linter *l, const struct visit *v, unsigned depth)
{
    for (uint32_t i = 0; i < v->schema->count; i++) {
        struct json_member m = v->schema->members[i];
        enum position position = DECLARES;
        enum holding holding = lint_holding(m.name, &position);

        m.name = str_of(static_name(m.name));
        if (holding == HOLDS_MAP)
            visit_map(l, v, &m, position, depth);
        else if (holding != HOLDS_NONE && m.value.kind == JSON_ARRAY)
            visit_list(l, v, &m, position, m.name.at, depth);
        else if (holding == HOLDS_ONE || holding == HOLDS_ONE_OR_LIST)
            visit_child(
                l,
                (struct visit){
                    .schema = &m.value, .up = v, .position = position, .keyword = m.name.at},
                depth);
    }
}

static void visit(struct linter *l, const struct visit *v, unsigned depth)
{
    size_t hard = l->hard;

    if (depth > WALK_DEPTH_MAX)
        return;
    visit_children(l, v, depth);
    lint_words(l, v);
    lint_clash(l, v);
    if (v->position != TESTS)
        lint_branches(l, v);
    lint_impossible(l, v, hard);
    lint_patterns(l, v);
    if (l->schema->is_event && v->position != TESTS)
        lint_loose(l, v);
}

/* ---- what the schema says of itself ---- */

static const struct {
    const char *part; /* of $schema */
    unsigned draft;
} drafts[] = {
    {"draft-04", 4}, {"draft-06", 6}, {"draft-07", 7}, {"2019-09", 2019}, {"2020-12", 2020},
};

static unsigned draft_of(const struct scanned_schema *s)
{
    str uri = json_get_str(s->root, STR("$schema"));

    for (size_t i = 0; i < COUNT(drafts); i++)
        if (str_find_str(uri, str_of(drafts[i].part)) < uri.len)
            return drafts[i].draft;
    return s->draft;
}

/* An $id anywhere but at the root, be it of a schema or not: better a proof less. */
static bool has_own_ids(const struct json *v, bool top)
{
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++) {
        const struct json_member *m = &v->members[i];

        if (!top && (str_is(m->name, "$id") || str_is(m->name, "id")) &&
            m->value.kind == JSON_STRING && !str_starts(m->value.text, STR("#")))
            return true;
        if (has_own_ids(&m->value, false))
            return true;
    }
    for (uint32_t i = 0; v->kind == JSON_ARRAY && i < v->count; i++)
        if (has_own_ids(&v->items[i], false))
            return true;
    return false;
}

void scan_schema(const struct scanned_schema *s, struct findings *f)
{
    struct linter l = {
        .schema = s,
        .findings = f,
        .draft = draft_of(s),
        .own_ids = has_own_ids(s->root, true),
    };
    struct visit root = {.schema = s->root, .position = DECLARES};

    if (s->root->kind != JSON_OBJECT)
        return;
    visit(&l, &root, 0);
    lint_definitions(&l);
}
