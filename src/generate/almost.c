/*
 * almost: one keyword of one value, broken as closely as can be: one too many, one too few, the
 * neighbour of what is allowed.
 */
#include "generate/inside.h"

static bool text_is(struct maker *m, str text, struct json *value)
{
    return set_text(m, JSON_STRING, text, value);
}

/* ---- any value ---- */

static bool break_type(struct maker *m, const struct facets *f, struct json *value)
{
    static const struct {
        enum type type;
        struct json value;
    } others[] = {
        {TYPE_NULL, {.kind = JSON_NULL}},
        {TYPE_BOOLEAN, {.kind = JSON_TRUE}},
        {TYPE_INTEGER, {.kind = JSON_NUMBER, .text = STR_INIT("7")}},
        {TYPE_NUMBER, {.kind = JSON_NUMBER, .text = STR_INIT("7.5")}},
        {TYPE_STRING, {.kind = JSON_STRING, .text = STR_INIT("7")}},
        {TYPE_ARRAY, {.kind = JSON_ARRAY}},
        {TYPE_OBJECT, {.kind = JSON_OBJECT}},
    };
    unsigned types = types_of(f), start = draw(m, COUNT(others));

    if (!facets_get(f, "type"))
        return false;
    for (unsigned i = 0; i < COUNT(others); i++) {
        unsigned at = (start + i) % COUNT(others);

        if (types & others[at].type || (others[at].type == TYPE_INTEGER && types & TYPE_NUMBER))
            continue;
        *value = others[at].value;
        return true;
    }
    return false;
}

static bool break_choice(struct maker *m, const struct facets *f, struct json *value)
{
    if (!facets_get(f, "enum") && !facets_get(f, "const"))
        return false;
    if (value->kind == JSON_STRING)
        return text_is(m, arena_format(m->a, "%.*sx", STR_ARG(value->text)), value);
    return text_is(m, STR("x"), value);
}

/* ---- strings ---- */

static bool break_short(struct maker *m, const struct facets *f, struct json *value)
{
    CLEANUP(buf_free) struct buf text = {0};
    size_t least, most;

    facets_bounds(f, "minLength", "maxLength", &least, &most);
    if (value->kind != JSON_STRING || !least || least > TEXT_LONGEST)
        return false;
    for (size_t i = 0; i + 1 < least; i++)
        buf_addc(&text, 'a');
    return text_is(m, buf_str(&text), value);
}

static bool break_long(struct maker *m, const struct facets *f, struct json *value)
{
    CLEANUP(buf_free) struct buf text = {0};
    size_t least, most;

    facets_bounds(f, "minLength", "maxLength", &least, &most);
    if (value->kind != JSON_STRING || most > 4 * TEXT_LONGEST)
        return false;
    for (size_t i = 0; i <= most; i++)
        buf_addc(&text, 'a');
    return text_is(m, buf_str(&text), value);
}

/* What a pattern without an end, or one that takes any line, lets through. */
static bool break_pattern(struct maker *m, const struct facets *f, struct json *value)
{
    static const char *const forms[] = {"%.*s\n", " %.*s", "%.*s\x01", "\n%.*s",
                                        "\xc2\xbf%.*s"};
    const char *form = forms[draw(m, COUNT(forms))];
    char text[512];

    if (value->kind != JSON_STRING || !facets_get(f, "pattern") || value->text.len > 400)
        return false;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof(text), form, STR_ARG(value->text));
#pragma GCC diagnostic pop
    return text_is(m, str_of(text), value);
}

static bool break_format(struct maker *m, const struct facets *f, struct json *value)
{
    if (value->kind != JSON_STRING || !facets_get(f, "format"))
        return false;
    return text_is(m, arena_format(m->a, "%.*s \x7f", STR_ARG(str_sub(value->text, 0, 400))),
                   value);
}

/* ---- numbers ---- */

static bool number_is(struct maker *m, double n, struct json *value)
{
    return set_text(m, JSON_NUMBER, arena_format(m->a, "%.15g", n), value);
}

static bool break_minimum(struct maker *m, const struct facets *f, struct json *value)
{
    double n;

    if (value->kind != JSON_NUMBER)
        return false;
    if (facets_number(f, "exclusiveMinimum", true, &n))
        return number_is(m, n, value);
    return facets_number(f, "minimum", true, &n) && number_is(m, n - 1, value);
}

static bool break_maximum(struct maker *m, const struct facets *f, struct json *value)
{
    double n;

    if (value->kind != JSON_NUMBER)
        return false;
    if (facets_number(f, "exclusiveMaximum", false, &n))
        return number_is(m, n, value);
    return facets_number(f, "maximum", false, &n) && number_is(m, n + 1, value);
}

static bool break_step(struct maker *m, const struct facets *f, struct json *value)
{
    double step, n;

    return value->kind == JSON_NUMBER && facets_number(f, "multipleOf", true, &step) &&
           json_is_number(value, &n) && number_is(m, n + step / 2, value);
}

/* ---- arrays ---- */

static bool items_are(struct maker *m, const struct json *value, uint32_t count,
                      struct json *ret)
{
    struct json *items = arena_array(m->a, count + 1, sizeof(*items));

    if (!items)
        return false;
    for (uint32_t i = 0; i < count; i++)
        items[i] =
            value->count ? value->items[i % value->count] : (struct json){.kind = JSON_NULL};
    *ret = (struct json){.kind = JSON_ARRAY, .count = count, .items = items};
    return true;
}

static bool break_few(struct maker *m, const struct facets *f, struct json *value)
{
    size_t least, most;

    facets_bounds(f, "minItems", "maxItems", &least, &most);
    return value->kind == JSON_ARRAY && least && least < UINT32_MAX &&
           items_are(m, value, (uint32_t)least - 1, value);
}

static bool break_many(struct maker *m, const struct facets *f, struct json *value)
{
    size_t least, most;

    facets_bounds(f, "minItems", "maxItems", &least, &most);
    return value->kind == JSON_ARRAY && most < 1000 &&
           items_are(m, value, (uint32_t)most + 1, value);
}

static bool break_unique(struct maker *m, const struct facets *f, struct json *value)
{
    return value->kind == JSON_ARRAY && value->count && facets_get(f, "uniqueItems") &&
           items_are(m, value, value->count + 1, value);
}

/* ---- objects ---- */

static bool break_required(struct maker *m, const struct facets *f, struct json *value)
{
    const struct json *list = facets_get(f, "required");
    struct json smaller;
    str name;

    if (value->kind != JSON_OBJECT || !list || list->kind != JSON_ARRAY || !list->count)
        return false;
    name = list->items[draw(m, list->count)].text;
    for (uint32_t i = 0; i < value->count; i++) {
        size_t n = 1;

        if (!str_equal(value->members[i].name, name))
            continue;
        for (uint32_t j = 0; j < i; j++)
            n += tree_size(&value->members[j].value);
        if (!tree_with(m->a, value, n, NULL, &smaller))
            return false;
        *value = smaller;
        return true;
    }
    return false;
}

static bool break_closed(struct maker *m, const struct facets *f, struct json *value)
{
    static const str names[] = {STR_INIT("unexpected"), STR_INIT("isAdmin"), STR_INIT("id "),
                                STR_INIT("")};
    struct json_member *members;
    str name = names[draw(m, COUNT(names))];

    if (value->kind != JSON_OBJECT ||
        (!facets_get(f, "additionalProperties") && !facets_get(f, "unevaluatedProperties")) ||
        json_get(value, name))
        return false;
    members = arena_array(m->a, value->count + 1, sizeof(*members));
    if (!members)
        return false;
    memcpy(members, value->members, value->count * sizeof(*members));
    members[value->count] = (struct json_member){.name = name, .value = {.kind = JSON_TRUE}};
    *value = (struct json){.kind = JSON_OBJECT, .count = value->count + 1, .members = members};
    return true;
}

static const struct {
    const char *keyword;
    bool (*breaks)(struct maker *m, const struct facets *f, struct json *value);
} breakers[] = {
    {"type", break_type},         {"enum", break_choice},
    {"minLength", break_short},   {"maxLength", break_long},
    {"pattern", break_pattern},   {"format", break_format},
    {"minimum", break_minimum},   {"maximum", break_maximum},
    {"multipleOf", break_step},   {"minItems", break_few},
    {"maxItems", break_many},     {"uniqueItems", break_unique},
    {"required", break_required}, {"additionalProperties", break_closed},
};

bool break_value(struct maker *m, const struct facets *f, struct json *value)
{
    unsigned start = draw(m, COUNT(breakers));

    for (unsigned i = 0; i < COUNT(breakers); i++) {
        unsigned at = (start + i) % COUNT(breakers);

        if (!breakers[at].breaks(m, f, value))
            continue;
        m->broken = breakers[at].keyword;
        return true;
    }
    return false;
}
