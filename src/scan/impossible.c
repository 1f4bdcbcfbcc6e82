/*
 * Proofs that nothing satisfies a schema. All that must hold at once is gathered, and for each
 * kind of value what it demands is compared. Sound, not complete: a keyword that is not
 * understood, a reference that leads away, a proof that grows too long prove nothing.
 */
#include "scan/lint.h"

#include <math.h>

static const double EXACT = 9007199254740992.0; /* 2^53: integers below are exact as double */

PRINTF_LIKE(2, 3) static void because(struct proof *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(p->why, sizeof(p->why), format, args);
    va_end(args);
}

/* ---- ranges ---- */

struct range {
    double low, high;
    str low_text, high_text;
    bool low_open, high_open;
};

static void raise_low(struct range *r, double n, str text, bool open)
{
    if (n < r->low || (n == r->low && !open))
        return;
    *r = (struct range){n, r->high, text, r->high_text, open, r->high_open};
}

static void lower_high(struct range *r, double n, str text, bool open)
{
    if (n > r->high || (n == r->high && !open))
        return;
    *r = (struct range){r->low, n, r->low_text, text, r->low_open, open};
}

static bool is_true(const struct json *schema, const char *keyword)
{
    const struct json *v = json_get(schema, str_of(keyword));

    return v && v->kind == JSON_TRUE;
}

/* Draft 4 has booleans that make the plain bound exclusive. */
static void narrow_by_bounds(struct range *r, const struct json *s)
{
    double n;

    if (lint_number(s, "minimum", &n))
        raise_low(r, n, json_get(s, STR("minimum"))->text, is_true(s, "exclusiveMinimum"));
    if (lint_number(s, "exclusiveMinimum", &n))
        raise_low(r, n, json_get(s, STR("exclusiveMinimum"))->text, true);
    if (lint_number(s, "maximum", &n))
        lower_high(r, n, json_get(s, STR("maximum"))->text, is_true(s, "exclusiveMaximum"));
    if (lint_number(s, "exclusiveMaximum", &n))
        lower_high(r, n, json_get(s, STR("exclusiveMaximum"))->text, true);
}

/* As doubles, rounding keeps the order: what is above as a double is above. What is equal as
 * doubles is only known to be equal when it is written alike. */
static bool is_empty(const struct range *r)
{
    if (r->low > r->high)
        return true;
    return r->low == r->high && (r->low_open || r->high_open) &&
           str_equal(r->low_text, r->high_text);
}

static bool has_multiple(const struct range *r, double step)
{
    enum { DIGITS_EXACT = 15 };
    double first;

    if (r->low_text.len > DIGITS_EXACT || r->high_text.len > DIGITS_EXACT)
        return true;
    if (!(step >= 1) || step != floor(step) || step > EXACT || !(fabs(r->low) < EXACT) ||
        !(fabs(r->high) < EXACT))
        return true;
    first = ceil(r->low / step) * step;
    if (r->low_open && first == r->low)
        first += step;
    return r->high_open && r->high == floor(r->high) ? first < r->high : first <= r->high;
}

static unsigned number_kinds(struct proof *p, const struct conjunction *c)
{
    struct range r = {-INFINITY, INFINITY, STR("-infinity"), STR("infinity"), false, false};
    unsigned kinds = K_NUMBER;
    double step;

    for (size_t i = 0; i < c->count; i++)
        narrow_by_bounds(&r, c->list[i]);
    if (is_empty(&r)) {
        because(p, "no number is at least %.*s and at most %.*s", STR_ARG(r.low_text),
                STR_ARG(r.high_text));
        return 0;
    }
    for (size_t i = 0; i < c->count; i++) {
        if (!lint_number(c->list[i], "multipleOf", &step) || has_multiple(&r, step))
            continue;
        because(p, "no multiple of %.15g is from %.*s to %.*s", step, STR_ARG(r.low_text),
                STR_ARG(r.high_text));
        return 0;
    }
    if (!has_multiple(&r, 1)) {
        because(p, "no whole number is from %.*s to %.*s", STR_ARG(r.low_text),
                STR_ARG(r.high_text));
        kinds &= ~(unsigned)K_INTEGER;
    }
    return kinds;
}

/* ---- counts: lengths, items, members ---- */

static bool counts_clash(struct proof *p, const struct conjunction *c, const char *least,
                         const char *most, double *at_least, double *at_most)
{
    double n;

    *at_least = 0;
    *at_most = INFINITY;
    for (size_t i = 0; i < c->count; i++) {
        if (lint_number(c->list[i], least, &n) && n > *at_least)
            *at_least = n;
        if (lint_number(c->list[i], most, &n) && n < *at_most)
            *at_most = n;
    }
    if (*at_least <= *at_most)
        return false;
    because(p, "%s is %.15g and %s is %.15g", least, *at_least, most, *at_most);
    return true;
}

/* ---- lists ---- */

static bool is_impossible(struct proof *p, const struct json *schema)
{
    struct conjunction c = {0};

    if (p->depth == PROOF_DEPTH || !p->steps)
        return false;
    conjunction_add(p, &c, schema);
    return conjunction_kinds(p, &c) == 0;
}

/* How many items come before those that `rest` is for, and `rest` itself. */
static const struct json *rest_of(const struct json *s, uint32_t *before)
{
    const struct json *prefix = json_get(s, STR("prefixItems"));
    const struct json *items = json_get(s, STR("items"));

    *before = 0;
    if (items && items->kind == JSON_ARRAY) {
        *before = items->count;
        return json_get(s, STR("additionalItems"));
    }
    if (prefix && prefix->kind == JSON_ARRAY)
        *before = prefix->count;
    return items;
}

static bool array_is_possible(struct proof *p, const struct conjunction *c)
{
    double least, most;

    if (counts_clash(p, c, "minItems", "maxItems", &least, &most))
        return false;
    for (size_t i = 0; i < c->count; i++) {
        const struct json *contains = json_get(c->list[i], STR("contains"));
        uint32_t before;
        const struct json *rest = rest_of(c->list[i], &before);
        double needed = 1;

        if (rest && least > before && is_impossible(p, rest)) {
            because(p, "minItems is %.15g, but no more than %u items are allowed", least,
                    before);
            return false;
        }
        lint_number(c->list[i], "minContains", &needed);
        if (contains && needed > 0 && is_impossible(p, contains)) {
            because(p, "no item can satisfy 'contains'");
            return false;
        }
    }
    return true;
}

/* ---- objects ---- */

/* What a schema says of the member `name`; NULL for nothing that is certain. */
static const struct json *member_schema(const struct json *s, str name)
{
    const struct json *found = json_get(json_get(s, STR("properties")), name);

    if (found || lint_has(s, "patternProperties"))
        return found;
    return json_get(s, STR("additionalProperties"));
}

static bool member_is_possible(struct proof *p, const struct conjunction *c, str name)
{
    struct conjunction inside = {0};

    if (p->depth == PROOF_DEPTH || !p->steps)
        return true;
    for (size_t i = 0; i < c->count; i++) {
        const struct json *s = member_schema(c->list[i], name);

        if (s)
            conjunction_add(p, &inside, s);
    }
    if (conjunction_kinds(p, &inside))
        return true;
    because(p, "the required member '%.*s' can have no value", STR_ARG(str_sub(name, 0, 60)));
    return false;
}

static bool required_are_possible(struct proof *p, const struct conjunction *c, double most)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct json *required = json_get(c->list[i], STR("required"));

        if (!required || required->kind != JSON_ARRAY)
            continue;
        for (uint32_t j = 0; j < required->count; j++)
            if (required->items[j].kind == JSON_STRING &&
                !member_is_possible(p, c, required->items[j].text))
                return false;
        /* Names may stand twice; then this many members are not needed. */
        if (required->count > most && p->linter->draft > 4) {
            because(p, "%u members are required and maxProperties is %.15g", required->count,
                    most);
            return false;
        }
    }
    return true;
}

static bool object_is_possible(struct proof *p, const struct conjunction *c)
{
    double least, most;

    return !counts_clash(p, c, "minProperties", "maxProperties", &least, &most) &&
           required_are_possible(p, c, most);
}

/* ---- types, listed values, negations ---- */

static bool is_refused(struct proof *p, const struct conjunction *c, const struct json *value)
{
    for (size_t i = 0; i < c->count; i++)
        if (lint_holds(p, c->list[i], value) == NO)
            return true;
    return false;
}

static unsigned listed_kinds(struct proof *p, const struct conjunction *c, unsigned kinds)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct json *list = json_get(c->list[i], STR("enum"));
        const struct json *only = lint_const(p->linter, c->list[i]);
        unsigned listed = only && !is_refused(p, c, only) ? kind_of(only) : 0;

        if (!only && (!list || list->kind != JSON_ARRAY))
            continue;
        for (uint32_t j = 0; !only && j < list->count; j++)
            if ((listed | kind_of(&list->items[j])) != listed &&
                !is_refused(p, c, &list->items[j]))
                listed |= kind_of(&list->items[j]);
        if (!(kinds & listed))
            because(p, "the rest refuses every value that '%s' lists", only ? "const" : "enum");
        kinds &= listed;
    }
    return kinds;
}

static bool only_has_type(const struct json *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (kinds_of_keyword(s->members[i].name) && !str_is(s->members[i].name, "type"))
            return false;
    return lint_has(s, "type");
}

static unsigned not_denied(struct proof *p, const struct conjunction *c, unsigned kinds)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct json *denied = json_get(c->list[i], STR("not"));

        if (denied &&
            (denied->kind == JSON_TRUE || (denied->kind == JSON_OBJECT && !denied->count)))
            kinds = 0;
        else if (denied && denied->kind == JSON_OBJECT && only_has_type(denied) &&
                 kinds_of_type(denied) != K_ALL)
            kinds &= ~kinds_of_type(denied);
        else
            continue;
        if (!kinds)
            because(p, "'not' denies all that the rest allows");
    }
    return kinds;
}

static unsigned plain_kinds(struct proof *p, const struct conjunction *c)
{
    unsigned kinds = K_ALL;

    for (size_t i = 0; i < c->count; i++) {
        if (c->list[i]->kind == JSON_FALSE) {
            because(p, "false refuses everything");
            return 0;
        }
        kinds &= kinds_of_type(c->list[i]);
    }
    if (!kinds)
        because(p, "the types that are asked for have nothing in common");
    return kinds;
}

/* ---- alternatives ---- */

static bool is_chosen(const struct conjunction *c, const struct json *alternatives)
{
    for (size_t i = 0; i < c->chosen_count; i++)
        if (c->chosen[i] == alternatives)
            return true;
    return false;
}

static unsigned alternative_kinds(struct proof *p, const struct conjunction *c,
                                  const struct json *alternatives)
{
    unsigned kinds = 0;

    if (!alternatives || alternatives->kind != JSON_ARRAY || is_chosen(c, alternatives) ||
        c->chosen_count == CHOICES_MAX)
        return K_ALL;
    for (uint32_t i = 0; i < alternatives->count && kinds != K_ALL; i++) {
        struct conjunction with = *c;

        with.chosen[with.chosen_count++] = alternatives;
        conjunction_add(p, &with, &alternatives->items[i]);
        kinds |= conjunction_kinds(p, &with);
    }
    if (!kinds)
        because(p, "none of the alternatives can hold together with the rest");
    return kinds;
}

static unsigned narrowed(struct proof *p, const struct conjunction *c)
{
    unsigned kinds = plain_kinds(p, c);
    double least, most;

    if (kinds)
        kinds = not_denied(p, c, kinds);
    if (kinds & K_NUMBER)
        kinds &= ~(unsigned)K_NUMBER | number_kinds(p, c);
    if (kinds & K_STRING && counts_clash(p, c, "minLength", "maxLength", &least, &most))
        kinds &= ~(unsigned)K_STRING;
    if (kinds & K_ARRAY && !array_is_possible(p, c))
        kinds &= ~(unsigned)K_ARRAY;
    if (kinds & K_OBJECT && !object_is_possible(p, c))
        kinds &= ~(unsigned)K_OBJECT;
    if (kinds)
        kinds = listed_kinds(p, c, kinds);
    for (size_t i = 0; i < c->count && kinds; i++) {
        kinds &= alternative_kinds(p, c, json_get(c->list[i], STR("anyOf")));
        if (kinds)
            kinds &= alternative_kinds(p, c, json_get(c->list[i], STR("oneOf")));
    }
    return kinds;
}

unsigned conjunction_kinds(struct proof *p, const struct conjunction *c)
{
    unsigned kinds;

    if (p->depth == PROOF_DEPTH || !p->steps)
        return K_ALL;
    p->steps--;
    p->depth++;
    kinds = narrowed(p, c);
    p->depth--;
    /* A proof that ran out on its way has looked at less than it says. */
    return p->steps ? kinds : K_ALL;
}

/* Written to refuse: false, or the way to say it in draft 4. */
static bool is_meant_impossible(const struct json *s)
{
    const struct json *denied = json_get(s, STR("not"));

    return denied &&
           (denied->kind == JSON_TRUE || (denied->kind == JSON_OBJECT && !denied->count));
}

void lint_impossible(struct linter *l, const struct visit *v, size_t hard_before)
{
    struct proof p = {.linter = l, .steps = PROOF_STEPS};
    struct conjunction c = {0};

    if (l->hard != hard_before || is_meant_impossible(v->schema))
        return;
    conjunction_add(&p, &c, v->schema);
    if (conjunction_kinds(&p, &c) == 0)
        lint_add(l, v, RULE_UNSATISFIABLE, v->schema, "no value satisfies this schema: %s",
                 p.why);
}
