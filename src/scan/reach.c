/* What a schema leads to: references inside the document, and all that must hold at once. */
#include "scan/lint.h"

enum { POINTER_MAX = 1024 };

bool lint_has(const struct json *schema, const char *keyword)
{
    return json_get(schema, str_of(keyword)) != NULL;
}

const struct json *lint_const(const struct linter *l, const struct json *schema)
{
    return l->draft > 4 ? json_get(schema, STR("const")) : NULL;
}

bool lint_number(const struct json *schema, const char *keyword, double *ret)
{
    return json_is_number(json_get(schema, str_of(keyword)), ret);
}

bool lint_has_siblings(const struct linter *l, const struct json *schema)
{
    const struct json *ref = json_get(schema, STR("$ref"));

    return l->draft > 7 || !ref || ref->kind != JSON_STRING;
}

/* Undoes percent-encoding; false when it does not fit or is broken. */
static bool decode(str s, char out[POINTER_MAX], str *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (n == POINTER_MAX)
            return false;
        out[n] = s.at[i];
        if (s.at[i] == '%') {
            if (i + 2 >= s.len || !hex_read(str_sub(s, i + 1, 2), &out[n], 1))
                return false;
            i += 2;
        }
        n++;
    }
    *ret = (str){out, n};
    return true;
}

const struct json *lint_target(const struct linter *l, const struct json *schema)
{
    str ref = json_get_str(schema, STR("$ref")), pointer;
    char text[POINTER_MAX];

    if (l->own_ids || !ref.len || ref.at[0] != '#')
        return NULL;
    if (!decode(str_sub(ref, 1, ref.len), text, &pointer) ||
        (pointer.len && pointer.at[0] != '/'))
        return NULL;
    return json_pointer(l->schema->root, pointer, NULL);
}

static bool is_in(const struct conjunction *c, const struct json *schema)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i] == schema)
            return true;
    return false;
}

/* With what it refers to and what its allOf holds. What finds no room is left out: fewer
 * demands can only make a proof fail. */
void conjunction_add(struct proof *p, struct conjunction *c, const struct json *schema)
{
    const struct json *target, *all;

    if (!p->steps || c->count == CONJUNCTS_MAX || is_in(c, schema))
        return;
    p->steps--;
    if (schema->kind == JSON_FALSE)
        c->list[c->count++] = schema;
    if (schema->kind != JSON_OBJECT)
        return;
    target = lint_target(p->linter, schema);
    if (!lint_has_siblings(p->linter, schema)) {
        if (target)
            conjunction_add(p, c, target);
        return;
    }
    c->list[c->count++] = schema;
    if (target)
        conjunction_add(p, c, target);
    all = json_get(schema, STR("allOf"));
    for (uint32_t i = 0; all && all->kind == JSON_ARRAY && i < all->count; i++)
        conjunction_add(p, c, &all->items[i]);
}
