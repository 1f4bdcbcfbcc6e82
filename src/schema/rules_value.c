/* Rules that judge a value by itself. */
#include "format/format.h"
#include "pattern/pattern.h"
#include "schema/compiler.h"

/* The term of a rule that is one test; false without memory. */
static bool set_leaf(struct site *s, struct rule *r, enum op op, uint32_t a, uint32_t b)
{
    r->leaf = term_new(s->c, op);
    if (!r->leaf)
        return false;
    r->leaf->a = a;
    r->leaf->b = b;
    return true;
}

/* ---- type ---- */

static const struct {
    str name;
    unsigned kinds;
} types[] = {
    {STR_INIT("null"), KIND(JSON_NULL)}, {STR_INIT("boolean"), BOOLEANS},
    {STR_INIT("object"), OBJECTS},       {STR_INIT("array"), ARRAYS},
    {STR_INIT("number"), NUMBERS},       {STR_INIT("string"), STRINGS},
    {STR_INIT("integer"), KIND(WHOLE)},
};

static bool add_one_type(struct site *s, struct rule *r, const struct json *value)
{
    const char *names[COUNT(types)], *nearest;

    for (size_t i = 0; i < COUNT(types); i++) {
        names[i] = types[i].name.at;
        if (!str_equal(value->text, types[i].name))
            continue;
        r->types |= types[i].kinds;
        return true;
    }
    compile_fail(s->c, value, "'%.*s' is not a type", STR_ARG(value->text));
    nearest = did_you_mean(value->text, names, COUNT(names));
    if (nearest)
        return err_fix(s->c->e, "did you mean '%s'?", nearest);
    return err_fix(s->c->e, "types are null, boolean, object, array, number, integer, string");
}

bool add_type(struct site *s, const struct keyword *k, const struct json *value)
{
    const struct json *list = value->kind == JSON_ARRAY ? value->items : value, *nullable;
    uint32_t count = value->kind == JSON_ARRAY ? value->count : 1;
    struct rule *r = compile_rule(s, RULE_TYPE, k, value, ALL_KINDS);

    for (uint32_t i = 0; i < count; i++)
        if (!add_one_type(s, r, &list[i]))
            return false;
    if (!compile_sibling(s, "nullable", NULL, &nullable))
        return false;
    if (nullable && nullable->kind == JSON_TRUE)
        r->types |= KIND(JSON_NULL);
    r->whole = (r->types & NUMBERS) == KIND(WHOLE);
    r->as_written = s->node->in->meaning.dialect == DRAFT_4;
    return !r->whole || set_leaf(s, r, r->as_written ? OP_WHOLE_AS_WRITTEN : OP_WHOLE, 0, 0);
}

/* ---- enum and const ---- */

bool add_enum(struct site *s, const struct keyword *k, const struct json *value)
{
    struct rule *r = compile_rule(s, RULE_VALUES, k, value, ALL_KINDS);

    r->values = value->items;
    r->count = value->count;
    return true;
}

bool add_const(struct site *s, const struct keyword *k, const struct json *value)
{
    struct rule *r = compile_rule(s, RULE_VALUES, k, value, ALL_KINDS);

    r->values = value;
    r->count = 1;
    return true;
}

/* ---- numbers ---- */

static bool set_bound(struct site *s, struct rule *r, const struct json *value,
                      enum bound_side side)
{
    struct bound_rule *b = arena_alloc(s->c->a, sizeof(*b));
    struct decimal d;

    if (!b)
        return err_limit(s->c->e);
    if (!decimal_read(value->text, &d))
        return compile_fail(s->c, value, "this number cannot be judged");
    b->bound.is_whole = decimal_to_i64(&d, &b->bound.whole);
    b->bound.side = side;
    if (r->leaf->op == OP_MULTIPLE)
        b->bound.divisor = decimal_divisor(&d);
    b->text = value->text;
    r->leaf->operand = b;
    return true;
}

bool add_multiple(struct site *s, const struct keyword *k, const struct json *value)
{
    struct rule *r = compile_rule(s, RULE_LEAF, k, value, NUMBERS);

    return set_leaf(s, r, OP_MULTIPLE, 0, 0) && set_bound(s, r, value, AT_MOST);
}

bool add_bound(struct site *s, const struct keyword *k, const struct json *value)
{
    static const enum bound_side sides[2][2] = {{AT_LEAST, ABOVE}, {AT_MOST, BELOW}};
    bool maximum = str_find_str(str_of(k->name), STR("ax")) < strlen(k->name);
    bool exclusive = str_starts(str_of(k->name), STR("exclusive"));
    const char *other = maximum ? "exclusiveMaximum" : "exclusiveMinimum";
    const struct json *also = NULL;
    struct rule *r;

    /* In draft 4 a truth value beside the bound says the same. */
    if (!exclusive && s->node->in->meaning.dialect == DRAFT_4) {
        if (!compile_sibling(s, other, NULL, &also))
            return false;
        if (also && also->kind == JSON_TRUE) {
            exclusive = true;
            k = keyword_find_any(str_of(other));
        }
    }
    r = compile_rule(s, RULE_LEAF, k, value, NUMBERS);
    return set_leaf(s, r, OP_BOUND, 0, 0) && set_bound(s, r, value, sides[maximum][exclusive]);
}

/* ---- lengths and counts ---- */

/* A count past what any value can have is as good as the largest. */
bool compile_count(struct compiler *c, const struct json *v, uint32_t *ret)
{
    struct decimal d;
    int64_t n = 0;

    if (!decimal_read(v->text, &d))
        return compile_fail(c, v, "this number cannot be judged");
    if (!decimal_to_i64(&d, &n) || n > UINT32_MAX)
        n = UINT32_MAX;
    *ret = (uint32_t)n;
    return true;
}

bool add_count(struct site *s, const struct keyword *k, const struct json *value)
{
    str what = str_sub(str_of(k->name), 3, SIZE_MAX);
    unsigned kinds = str_is(what, "Length")  ? STRINGS
                     : str_is(what, "Items") ? ARRAYS
                                             : OBJECTS;
    bool most = k->name[1] == 'a';
    struct rule *r = compile_rule(s, RULE_LEAF, k, value, kinds);
    uint32_t n;

    return compile_count(s->c, value, &n) &&
           set_leaf(s, r, kinds == STRINGS ? OP_LENGTH : OP_COUNT, most ? 0 : n,
                    most ? n : UINT32_MAX);
}

bool add_unique(struct site *s, const struct keyword *k, const struct json *value)
{
    if (value->kind != JSON_TRUE)
        return true;
    return set_leaf(s, compile_rule(s, RULE_LEAF, k, value, ARRAYS), OP_UNIQUE, 0, 0);
}

/* ---- pattern and format ---- */

static void free_pattern(struct pattern **p)
{
    pattern_free(*p);
}

static bool number_of(struct compiler *c, struct str_list **list, uint32_t *count, str text,
                      uint32_t *ret, bool *is_new)
{
    struct str_list *at;

    for (at = *list; at; at = at->next)
        if (str_equal(at->text, text)) {
            *ret = at->number;
            return true;
        }
    at = arena_alloc(c->a, sizeof(*at));
    if (!at)
        return err_limit(c->e);
    *at = (struct str_list){*list, text, (*count)++};
    *list = at;
    *ret = at->number;
    *is_new = true;
    return true;
}

static bool check_pattern(struct compiler *c, const struct json *at, str text)
{
    CLEANUP(free_pattern) struct pattern *p = NULL;
    struct err e = {0};

    if ((c->strict ? pattern_compile : pattern_compile_loose)(text, &p, &e))
        return true;
    if (e.code != ERR_INPUT)
        return err_set(c->e, e.code, "%s", e.what);
    compile_fail(c, at, "the pattern '%.*s' is wrong: %s", STR_ARG(str_sub(text, 0, 100)),
                 e.what);
    return err_fix(c->e, "%s", e.fix);
}

struct term *compile_pattern_term(struct compiler *c, const struct json *at, str text)
{
    struct term *t = NULL;
    bool found = false, is_new = false;
    uint32_t number;

    if (!pattern_as_shape(c, text, &t, &found))
        return NULL;
    if (found)
        return t;
    if (!number_of(c, &c->patterns, &c->pattern_count, text, &number, &is_new) ||
        (is_new && !check_pattern(c, at, text)))
        return NULL;
    t = term_new(c, OP_PATTERN);
    if (t)
        t->a = number;
    return t;
}

bool add_pattern(struct site *s, const struct keyword *k, const struct json *value)
{
    struct rule *r = compile_rule(s, RULE_LEAF, k, value, STRINGS);

    r->leaf = compile_pattern_term(s->c, value, value->text);
    return r->leaf != NULL;
}

bool add_format(struct site *s, const struct keyword *k, const struct json *value)
{
    const struct format *f = format_find(value->text);
    bool is_new = false;
    uint32_t number;
    struct rule *r;

    if (s->c->sources.options->annotate_formats &&
        !(s->node->in->meaning.vocabularies & IN_ASSERTION))
        return true;
    if (!f && !s->c->strict)
        return true;
    if (!f) {
        compile_fail(s->c, value, "'%.*s' is not a format that can be checked",
                     STR_ARG(str_sub(value->text, 0, 100)));
        return err_fix(s->c->e, "remove it, or write a 'pattern'");
    }
    if (!number_of(s->c, &s->c->formats, &s->c->format_count, value->text, &number, &is_new))
        return false;
    r = compile_rule(s, RULE_LEAF, k, value,
                     format_subject(f) == FORMAT_OF_NUMBERS ? NUMBERS : STRINGS);
    return set_leaf(s, r, OP_FORMAT, number, 0);
}
