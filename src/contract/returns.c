/*
 * returns: what a function's result must look like: one schema, or one for each status.
 *
 *     returns: schemas/order.json
 *     returns: {200: schemas/order.json, 4xx: {type: object}}
 */
#include "contract/read.h"

static bool is_digit(char c, char from, char to)
{
    return c >= from && c <= to;
}

/* "204", or "2xx": a status from 200, which is what a function can answer with. */
static bool read_status(str text, uint16_t *ret)
{
    if (text.len != 3 || !is_digit(text.at[0], '2', '5'))
        return false;
    if (str_is(str_sub(text, 1, 2), "xx")) {
        *ret = (uint16_t)(text.at[0] - '0');
        return true;
    }
    if (!is_digit(text.at[1], '0', '9') || !is_digit(text.at[2], '0', '9'))
        return false;
    *ret = (uint16_t)((text.at[0] - '0') * 100 + (text.at[1] - '0') * 10 + (text.at[2] - '0'));
    return true;
}

/* No keyword of JSON Schema begins with a digit. */
static bool is_by_status(const struct yaml *value)
{
    if (value->kind != YAML_MAP)
        return false;
    for (const struct yaml *key = value->first; key; key = key->next)
        if (key->text.len && is_digit(key->text.at[0], '0', '9'))
            return true;
    return false;
}

static bool read_by_status(struct reader *r, const struct yaml *map, struct function *f)
{
    if (map->count > CONTRACT_LIST_MAX)
        return err_at(r->e, map->at, "%zu statuses, at most %d are possible", map->count,
                      CONTRACT_LIST_MAX);
    f->returns_by_status = arena_array(r->a, map->count, sizeof(*f->returns_by_status));
    if (!f->returns_by_status)
        return err_limit(r->e);
    for (const struct yaml *key = map->first; key; key = key->next) {
        struct returns_rule *rule = &f->returns_by_status[f->returns_count++];

        if (!read_status(key->text, &rule->status)) {
            err_at(r->e, key->at, "'%.*s' is not a status that a function answers with",
                   STR_ARG(str_sub(key->text, 0, 40)));
            return err_fix(r->e, "use 200 to 599, or 2xx, 3xx, 4xx, 5xx");
        }
        if (!read_schema(r, key->value, &rule->schema))
            return false;
    }
    return true;
}

bool read_returns(struct reader *r, const struct yaml *value, void *function)
{
    struct function *f = function;

    return is_by_status(value) ? read_by_status(r, value, f)
                               : read_schema(r, value, &f->returns);
}

const struct returns_rule *contract_returns(const struct function *f, unsigned status)
{
    const struct returns_rule *found = NULL;

    for (size_t i = 0; i < f->returns_count; i++) {
        if (f->returns_by_status[i].status == status)
            return &f->returns_by_status[i];
        if (f->returns_by_status[i].status == status / 100)
            found = &f->returns_by_status[i];
    }
    return found;
}
