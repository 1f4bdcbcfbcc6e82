/*
 * Explanations: what the schema asks for at a place, in words, and for alternatives the one
 * that came nearest and what it lacks.
 */
#include "cmd/validate.h"

enum { OPERAND_SHOWN = 160, BRANCH_PROBLEMS = 8, BRANCHES_TRIED = 64 };

static const struct wish {
    const char *keyword;
    const char *words; /* behind which the keyword's value stands */
    const char *end; /* behind that; NULL for values that say nothing more */
} wishes[] = {
    {"type", "a value of the type", ""},
    {"enum", "one of", ""},
    {"const", "exactly", ""},
    {"maximum", "a number of at most", ""},
    {"exclusiveMaximum", "a number below", ""},
    {"minimum", "a number of at least", ""},
    {"exclusiveMinimum", "a number above", ""},
    {"multipleOf", "a multiple of", ""},
    {"maxLength", "text of at most", " characters"},
    {"minLength", "text of at least", " characters"},
    {"pattern", "text that matches", ""},
    {"format", "text in the format", ""},
    {"maxItems", "a list of at most", " items"},
    {"minItems", "a list of at least", " items"},
    {"uniqueItems", "a list in which no item stands twice", NULL},
    {"contains", "a list with an item that fits", ""},
    {"minContains", "a list with at least", " items that fit 'contains'"},
    {"maxContains", "a list with at most", " items that fit 'contains'"},
    {"maxProperties", "an object of at most", " members"},
    {"minProperties", "an object of at least", " members"},
    {"required", "an object that has all of", ""},
    {"dependentRequired", "an object that has what its members need:", ""},
    {"propertyNames", "members whose names fit", ""},
    {"not", "anything that does not fit", ""},
    {"anyOf", "a value that fits at least one of the alternatives", NULL},
    {"oneOf", "a value that fits exactly one of the alternatives", NULL},
    {"additionalProperties", "only members that the schema names", NULL},
    {"unevaluatedProperties", "only members that the schema names", NULL},
    {"unevaluatedItems", "only items that the schema knows", NULL},
    {"items", "items that fit", ""},
    {"false", "nothing at all: no value is allowed here", NULL},
};

static const struct wish *wish_of(const char *keyword)
{
    static const struct wish other = {NULL, "a value that fits", ""};

    for (size_t i = 0; i < COUNT(wishes); i++)
        if (strcmp(wishes[i].keyword, keyword) == 0)
            return &wishes[i];
    return &other;
}

static void add_operand(struct buf *b, const struct json *operand)
{
    CLEANUP(buf_free) struct buf text = {0};

    json_write(&text, operand);
    buf_addc(b, ' ');
    buf_add(b, str_sub(buf_str(&text), 0, OPERAND_SHOWN));
    if (text.len > OPERAND_SHOWN)
        buf_add(b, STR("..."));
}

static void add_rule(struct validator *v, const struct schema_problem *p,
                     const struct validate_source *s, const struct json *operand)
{
    CLEANUP(buf_free) struct buf what = {0};
    const struct wish *wish = wish_of(p->keyword);

    buf_addf(&what, "'%s' wants %s", p->keyword, wish->words);
    if (wish->end) {
        add_operand(&what, operand);
        buf_add(&what, str_of(wish->end));
    }
    buf_addc(&what, '\0');
    place_render(&v->out, json_value_place(s->text, s->file, operand->at), "rule", what.at,
                 NULL);
}

/* ---- alternatives ---- */

struct attempt {
    struct schema_problem problems[BRANCH_PROBLEMS];
    size_t count;
    size_t depth; /* of the deepest problem: far down, the branch was the one that was meant */
};

static size_t depth_of(const struct attempt *t)
{
    size_t deepest = 0;

    for (size_t i = 0; i < t->count; i++) {
        size_t depth = 0;

        for (size_t j = 0; j < t->problems[i].where.len; j++)
            depth += t->problems[i].where.at[j] == '/';
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* A wrong type or a wrong constant says that the branch is about something else. */
static bool is_about_another(const struct attempt *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (!strcmp(t->problems[i].keyword, "const") ||
            !strcmp(t->problems[i].keyword, "enum") ||
            (!t->problems[i].where.len && !strcmp(t->problems[i].keyword, "type")))
            return true;
    return false;
}

static bool is_nearer(const struct attempt *a, const struct attempt *b)
{
    if (is_about_another(a) != is_about_another(b))
        return is_about_another(b);
    if (a->count != b->count)
        return a->count < b->count;
    return a->depth > b->depth;
}

/* The branch as a schema of its own: a reference to where it stands. */
static bool compile_branch(struct validator *v, struct arena *a, const struct schema_problem *p,
                           uint32_t branch, struct schema **ret)
{
    struct schema_options o = v->options;
    struct schema_document *documents =
        arena_array(a, o.document_count + 1, sizeof(*documents));
    struct json *source = arena_alloc(a, sizeof(*source));
    struct json_member *member = arena_alloc(a, sizeof(*member));
    struct err e = {0};
    uint32_t offset;

    if (!documents || !source || !member)
        return false;
    if (o.document_count)
        memcpy(documents, o.documents, o.document_count * sizeof(*documents));
    documents[o.document_count++] =
        (struct schema_document){.uri = v->options.base, .root = v->schema_source.root};
    o.documents = documents;
    o.base = STR("urn:fnward:branch");
    *member = (struct json_member){.name = STR("$ref")};
    member->value.kind = JSON_STRING;
    member->value.text = arena_format(a, "%.*s/%u", STR_ARG(p->keyword_uri), branch);
    *source = (struct json){.kind = JSON_OBJECT, .count = 1, .members = member};
    return schema_compile(a, source, &o, ret, &offset, &e);
}

static bool try_branch(struct validator *v, struct arena *a, const struct schema_problem *p,
                       uint32_t branch, const struct json *value, struct attempt *ret)
{
    struct schema *s;

    if (!compile_branch(v, a, p, branch, &s))
        return false;
    ret->count = schema_problems(s, value, a, ret->problems, BRANCH_PROBLEMS);
    ret->depth = depth_of(ret);
    schema_free(s);
    return true;
}

static void tell_nearest(struct validator *v, const struct validate_source *s,
                         const struct json *branches, uint32_t nearest, const struct attempt *t)
{
    struct place at = json_value_place(s->text, s->file, branches->items[nearest].at);

    buf_addf(&v->out, "  nearest: alternative %u of %u, at %s:%u:%u, but for this:\n",
             nearest + 1, branches->count, at.file, at.line, at.column);
    for (size_t i = 0; i < t->count; i++) {
        const struct schema_problem *p = &t->problems[i];

        buf_addf(&v->out, "    %.*s %.*s [%s]\n",
                 STR_ARG(p->where.len ? p->where : STR("the value")), STR_ARG(p->why),
                 p->keyword);
    }
}

static void tell_fitting(struct validator *v, const bool *fits, uint32_t count)
{
    const char *between = "";

    buf_add(&v->out, STR("  it fits the alternatives "));
    for (uint32_t i = 0; i < count; i++) {
        if (!fits[i])
            continue;
        buf_addf(&v->out, "%s%u", between, i + 1);
        between = " and ";
    }
    buf_addc(&v->out, '\n');
}

static void explain_alternatives(struct validator *v, const struct validate_document *d,
                                 const struct schema_problem *p,
                                 const struct validate_source *s, const struct json *branches)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const struct json *value = json_pointer(d->root, p->where, NULL);
    bool fits[BRANCHES_TRIED] = {false}, fitting = false, found = false;
    struct attempt best = {0}, now;
    uint32_t nearest = 0, count = branches->count;

    if (!a || !value)
        return;
    for (uint32_t i = 0; i < count && i < BRANCHES_TRIED; i++) {
        if (!try_branch(v, a, p, i, value, &now))
            continue;
        fits[i] = !now.count;
        fitting |= fits[i];
        if (found && !is_nearer(&now, &best))
            continue;
        best = now;
        nearest = i;
        found = true;
    }
    if (fitting)
        tell_fitting(v, fits, count < BRANCHES_TRIED ? count : BRANCHES_TRIED);
    else if (found)
        tell_nearest(v, s, branches, nearest, &best);
}

void validate_explain(struct validator *v, const struct validate_document *d,
                      const struct schema_problem *p)
{
    struct validate_source source;
    const struct json *operand;
    str pointer;

    if (!validate_find(v, p, &source, &pointer))
        return;
    operand = json_pointer(source.root, pointer, NULL);
    add_rule(v, p, &source, operand);
    if (operand->kind == JSON_ARRAY &&
        (!strcmp(p->keyword, "anyOf") || !strcmp(p->keyword, "oneOf")))
        explain_alternatives(v, d, p, &source, operand);
}
