/* Whether a schema holds for a value, as far as that is certain. */
#include "scan/lint.h"

#include "pattern/pattern.h"

#include <math.h>

enum { PATTERN_WORK = 1000000 };

static enum verdict both(enum verdict a, enum verdict b)
{
    if (a == NO || b == NO)
        return NO;
    return a == YES && b == YES ? YES : UNKNOWN;
}

/* ---- equality ---- */

static enum verdict equal_numbers(const struct json *a, const struct json *b)
{
    double x, y;

    if (str_equal(a->text, b->text))
        return YES;
    if (!json_is_number(a, &x) || !json_is_number(b, &y))
        return UNKNOWN;
    return x == y ? UNKNOWN : NO;
}

static enum verdict equal_objects(const struct json *a, const struct json *b)
{
    enum verdict all = YES;

    for (uint32_t i = 0; i < a->count && all != NO; i++) {
        const struct json *other = json_get(b, a->members[i].name);

        all = both(all, other ? lint_equal(&a->members[i].value, other) : NO);
    }
    return all;
}

enum verdict lint_equal(const struct json *a, const struct json *b)
{
    enum verdict all = YES;

    if (a->kind != b->kind)
        return NO;
    if (a->kind == JSON_STRING)
        return str_equal(a->text, b->text) ? YES : NO;
    if (a->kind == JSON_NUMBER)
        return equal_numbers(a, b);
    if ((a->kind == JSON_ARRAY || a->kind == JSON_OBJECT) && a->count != b->count)
        return NO;
    if (a->kind == JSON_OBJECT)
        return equal_objects(a, b);
    for (uint32_t i = 0; a->kind == JSON_ARRAY && i < a->count && all != NO; i++)
        all = both(all, lint_equal(&a->items[i], &b->items[i]));
    return all;
}

/* ---- one keyword ---- */

struct question {
    struct proof *p;
    const struct json *schema, *operand, *value;
};

static enum verdict is_type(const struct question *q)
{
    unsigned allowed = kinds_of_type(q->schema), kind = kind_of(q->value);

    if (!(allowed & kind))
        return NO;
    return (allowed & kind) == kind ? YES : UNKNOWN;
}

static enum verdict is_listed(const struct question *q)
{
    enum verdict any = NO;

    if (q->operand->kind != JSON_ARRAY)
        return UNKNOWN;
    for (uint32_t i = 0; i < q->operand->count && any != YES; i++) {
        enum verdict one = lint_equal(&q->operand->items[i], q->value);

        any = one == NO ? any : one;
    }
    return any;
}

static enum verdict is_const(const struct question *q)
{
    return lint_const(q->p->linter, q->schema) ? lint_equal(q->operand, q->value) : YES;
}

/* -1, 0, 1 as the value is below, equal to or above the operand; 2 when that is not certain. */
static int compare(const struct question *q)
{
    double bound, n;

    if (str_equal(q->operand->text, q->value->text))
        return 0;
    if (!json_is_number(q->operand, &bound) || !json_is_number(q->value, &n) || n == bound)
        return 2;
    return n < bound ? -1 : 1;
}

static enum verdict by_bound(const struct question *q, int allowed, bool equal)
{
    int order = q->operand->kind == JSON_NUMBER ? compare(q) : 2;

    if (order == 2)
        return UNKNOWN;
    return order == allowed || (equal && order == 0) ? YES : NO;
}

static bool is_exclusive(const struct question *q, const char *keyword)
{
    const struct json *v = json_get(q->schema, str_of(keyword));

    return v && v->kind == JSON_TRUE;
}

static enum verdict at_most(const struct question *q)
{
    return by_bound(q, -1, !is_exclusive(q, "exclusiveMaximum"));
}

static enum verdict at_least(const struct question *q)
{
    return by_bound(q, 1, !is_exclusive(q, "exclusiveMinimum"));
}

static enum verdict below(const struct question *q)
{
    return q->operand->kind == JSON_NUMBER ? by_bound(q, -1, false) : YES;
}

static enum verdict above(const struct question *q)
{
    return q->operand->kind == JSON_NUMBER ? by_bound(q, 1, false) : YES;
}

static double size_of(const struct json *v)
{
    return v->kind == JSON_STRING ? (double)str_utf8_count(v->text) : v->count;
}

static enum verdict size_at_most(const struct question *q)
{
    double n;

    return !json_is_number(q->operand, &n) ? UNKNOWN : size_of(q->value) <= n ? YES : NO;
}

static enum verdict size_at_least(const struct question *q)
{
    double n;

    return !json_is_number(q->operand, &n) ? UNKNOWN : size_of(q->value) >= n ? YES : NO;
}

static enum verdict matches(const struct question *q)
{
    static const enum verdict verdicts[] = {
        [PATTERN_FAILS] = NO, [PATTERN_HOLDS] = YES, [PATTERN_UNDECIDED] = UNKNOWN};
    uint64_t work = PATTERN_WORK;
    struct pattern *pattern;
    enum pattern_verdict verdict;
    struct err e = {0};

    if (q->operand->kind != JSON_STRING || !pattern_compile(q->operand->text, &pattern, &e))
        return UNKNOWN;
    verdict = pattern_match(pattern, q->value->text, &work);
    pattern_free(pattern);
    return verdicts[verdict];
}

static enum verdict has_required(const struct question *q)
{
    for (uint32_t i = 0; q->operand->kind == JSON_ARRAY && i < q->operand->count; i++)
        if (q->operand->items[i].kind == JSON_STRING &&
            !json_get(q->value, q->operand->items[i].text))
            return NO;
    return YES;
}

static enum verdict properties_hold(const struct question *q)
{
    enum verdict all = YES;

    for (uint32_t i = 0; i < q->value->count && all != NO; i++) {
        const struct json *s = json_get(q->operand, q->value->members[i].name);

        if (s)
            all = both(all, lint_holds(q->p, s, &q->value->members[i].value));
    }
    return all;
}

static enum verdict others_hold(const struct question *q)
{
    const struct json *properties = json_get(q->schema, STR("properties"));
    enum verdict all = YES;

    for (uint32_t i = 0; i < q->value->count && all != NO; i++) {
        if (json_get(properties, q->value->members[i].name))
            continue;
        if (lint_has(q->schema, "patternProperties"))
            return UNKNOWN;
        all = both(all, lint_holds(q->p, q->operand, &q->value->members[i].value));
    }
    return all;
}

static enum verdict items_hold(const struct question *q)
{
    const struct json *prefix = json_get(q->schema, STR("prefixItems"));
    enum verdict all = YES;
    uint32_t from = prefix && prefix->kind == JSON_ARRAY ? prefix->count : 0;

    if (q->operand->kind == JSON_ARRAY)
        return q->value->count ? UNKNOWN : YES;
    for (uint32_t i = from; i < q->value->count && all != NO; i++)
        all = both(all, lint_holds(q->p, q->operand, &q->value->items[i]));
    return all;
}

static enum verdict holds_if_empty(const struct question *q)
{
    return q->value->count ? UNKNOWN : YES;
}

static enum verdict are_unique(const struct question *q)
{
    return q->operand->kind != JSON_TRUE || q->value->count < 2 ? YES : UNKNOWN;
}

/* ---- keywords that hold schemas for the same value ---- */

static enum verdict all_hold(const struct question *q)
{
    enum verdict all = YES;

    for (uint32_t i = 0; q->operand->kind == JSON_ARRAY && i < q->operand->count; i++)
        all = both(all, lint_holds(q->p, &q->operand->items[i], q->value));
    return all;
}

static enum verdict any_holds(const struct question *q)
{
    enum verdict any = NO;

    if (q->operand->kind != JSON_ARRAY)
        return UNKNOWN;
    for (uint32_t i = 0; i < q->operand->count && any != YES; i++) {
        enum verdict one = lint_holds(q->p, &q->operand->items[i], q->value);

        any = one == NO ? any : one;
    }
    return any;
}

static enum verdict one_holds(const struct question *q)
{
    uint32_t yes = 0, unknown = 0;

    if (q->operand->kind != JSON_ARRAY)
        return UNKNOWN;
    for (uint32_t i = 0; i < q->operand->count; i++) {
        enum verdict one = lint_holds(q->p, &q->operand->items[i], q->value);

        yes += one == YES;
        unknown += one == UNKNOWN;
    }
    if (yes > 1 || (!yes && !unknown))
        return NO;
    return unknown ? UNKNOWN : YES;
}

static enum verdict does_not_hold(const struct question *q)
{
    enum verdict one = lint_holds(q->p, q->operand, q->value);

    return one == UNKNOWN ? UNKNOWN : one == YES ? NO : YES;
}

static enum verdict target_holds(const struct question *q)
{
    const struct json *target = lint_target(q->p->linter, q->schema);

    return target ? lint_holds(q->p, target, q->value) : UNKNOWN;
}

/* Keywords without a row are remarks, or are not understood. */
static const struct {
    const char *name;
    enum verdict (*ask)(const struct question *q);
} questions[] = {
    {"type", is_type},
    {"enum", is_listed},
    {"const", is_const},
    {"maximum", at_most},
    {"minimum", at_least},
    {"exclusiveMaximum", below},
    {"exclusiveMinimum", above},
    {"maxLength", size_at_most},
    {"minLength", size_at_least},
    {"maxItems", size_at_most},
    {"minItems", size_at_least},
    {"maxProperties", size_at_most},
    {"minProperties", size_at_least},
    {"pattern", matches},
    {"required", has_required},
    {"properties", properties_hold},
    {"additionalProperties", others_hold},
    {"unevaluatedProperties", holds_if_empty},
    {"patternProperties", holds_if_empty},
    {"propertyNames", holds_if_empty},
    {"items", items_hold},
    {"prefixItems", holds_if_empty},
    {"additionalItems", holds_if_empty},
    {"unevaluatedItems", holds_if_empty},
    {"dependencies", holds_if_empty},
    {"dependentRequired", holds_if_empty},
    {"dependentSchemas", holds_if_empty},
    {"uniqueItems", are_unique},
    {"allOf", all_hold},
    {"anyOf", any_holds},
    {"oneOf", one_holds},
    {"not", does_not_hold},
    {"$ref", target_holds},
};

static enum verdict keyword_holds(const struct question *q, str name)
{
    unsigned kinds = kinds_of_keyword(name);

    if (!kinds || str_is(name, "nullable"))
        return YES;
    if (!(kinds & kind_of(q->value)))
        return YES;
    for (size_t i = 0; i < COUNT(questions); i++)
        if (str_is(name, questions[i].name))
            return questions[i].ask(q);
    /* minContains and maxContains say nothing that `contains` does not say worse. */
    return UNKNOWN;
}

enum verdict lint_holds(struct proof *p, const struct json *schema, const struct json *value)
{
    enum verdict all = YES;

    if (schema->kind != JSON_OBJECT)
        return schema->kind == JSON_TRUE ? YES : schema->kind == JSON_FALSE ? NO : UNKNOWN;
    if (!p->steps || p->depth == PROOF_DEPTH)
        return UNKNOWN;
    p->steps--;
    p->depth++;
    for (uint32_t i = 0; i < schema->count && all != NO; i++) {
        const struct json_member *m = &schema->members[i];
        struct question q = {p, schema, &m->value, value};

        if (!lint_has_siblings(p->linter, schema) && !str_is(m->name, "$ref"))
            continue;
        all = both(all, keyword_holds(&q, m->name));
    }
    p->depth--;
    return all;
}
