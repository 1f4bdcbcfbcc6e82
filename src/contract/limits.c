#include "contract/read.h"
#include "contract/units.h"

/* The safe default and the bounds of each limit, as one would write them. */
static const struct limit {
    const char *name;
    enum unit unit;
    size_t offset, width;
    const char *usual, *least, *most;
} table[] = {
#define FIELD(name) offsetof(struct limits, name), sizeof(((struct limits *)0)->name)
    {"timeout", UNIT_TIME, FIELD(timeout_ms), "3s", "100ms", "900s"},
    {"memory", UNIT_SIZE, FIELD(memory), "128MB", "16MB", "10GB"},
    {"body", UNIT_SIZE, FIELD(body), "64KB", "1KB", "6MB"},
    {"tmp", UNIT_SIZE, FIELD(tmp), "64MB", "1MB", "10GB"},
    {"concurrency", UNIT_COUNT, FIELD(concurrency), "8", "1", "1000"},
    {"queue", UNIT_COUNT, FIELD(queue), "64", "0", "10000"},
    {"processes", UNIT_COUNT, FIELD(processes), "16", "1", "1024"},
    {"cpu", UNIT_CORES, FIELD(cpu_percent), "1", "0.05", "64"},
    {"rate", UNIT_RATE, FIELD(rate), NULL, "1/s", "1000000/s"},
#undef FIELD
};

static void store(struct limits *l, const struct limit *row, uint64_t value)
{
    char *field = (char *)l + row->offset;
    unsigned narrow = (unsigned)value; /* every bound in the table fits */

    if (row->width == sizeof(value))
        memcpy(field, &value, sizeof(value));
    else
        memcpy(field, &narrow, sizeof(narrow));
}

/* A text of the table itself. */
static uint64_t known(const struct limit *row, const char *text)
{
    uint64_t value = 0, per;

    return unit_read(row->unit, str_of(text), &value, &per) ? value : 0;
}

void limits_default(struct limits *l)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (table[i].usual)
            store(l, &table[i], known(&table[i], table[i].usual));
    l->rate_per_ms = 1000;
}

static const struct limit *find_limit(str name)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (str_is(name, table[i].name))
            return &table[i];
    return NULL;
}

static bool unknown_limit(struct reader *r, const struct yaml *key)
{
    const char *words[COUNT(table)];

    for (size_t i = 0; i < COUNT(table); i++)
        words[i] = table[i].name;
    return unknown_word(r, key, "a limit", words, COUNT(words));
}

static bool out_of_range(struct reader *r, const struct yaml *value, const struct limit *row)
{
    err_at(r->e, value->at, "%s must be from %s to %s, not %.*s", row->name, row->least,
           row->most, STR_ARG(str_sub(value->text, 0, 40)));
    return row->usual ? err_fix(r->e, "the default is %s", row->usual) : false;
}

static bool not_in_unit(struct reader *r, const struct yaml *value, const struct limit *row)
{
    bool scalar = value->kind == YAML_STRING || value->kind == YAML_NUMBER;
    bool quoted = value->quoted && unit_is_number(row->unit);
    str got = quoted   ? STR("text in quotes")
              : scalar ? str_sub(value->text, 0, 40)
                       : str_of(yaml_kind_name(value->kind));

    err_at(r->e, value->at, "%s must be %s, not %.*s", row->name, unit_form(row->unit),
           STR_ARG(got));
    return row->usual ? err_fix(r->e, "the default is %s: %s", row->name, row->usual) : false;
}

static bool read_limit(struct reader *r, const struct yaml *value, const struct limit *row,
                       struct limits *l)
{
    enum yaml_kind kind = unit_is_number(row->unit) ? YAML_NUMBER : YAML_STRING;
    uint64_t n = 0, per = l->rate_per_ms;

    if (value->kind != kind || value->tag.len || !unit_read(row->unit, value->text, &n, &per))
        return not_in_unit(r, value, row);
    if (n < known(row, row->least) || n > known(row, row->most))
        return out_of_range(r, value, row);
    l->rate_per_ms = per;
    store(l, row, n);
    return true;
}

bool read_limits(struct reader *r, const struct yaml *map, void *function)
{
    struct function *f = function;

    if (map->kind != YAML_MAP) {
        err_at(r->e, map->at, "limits must be a map, not %s", yaml_kind_name(map->kind));
        return err_fix(r->e, "for example: limits: {timeout: 3s, memory: 128MB}");
    }
    for (const struct yaml *key = map->first; key; key = key->next) {
        const struct limit *row = find_limit(key->text);

        if (!row)
            return unknown_limit(r, key);
        if (!read_limit(r, key->value, row, &f->limits))
            return false;
    }
    return true;
}
