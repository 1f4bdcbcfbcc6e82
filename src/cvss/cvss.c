/* Which version a vector is of, and what all versions share. */
#include "cvss/metrics.h"

static unsigned find_metric(const struct metric *table, str name)
{
    unsigned i = 0;

    while (table[i].name && !str_is(name, table[i].name))
        i++;
    return i;
}

static bool choose(const struct metric *row, str word, unsigned char *ret)
{
    for (unsigned char i = 0; i < VALUES_MAX && row->values[i].word; i++) {
        if (!str_is(word, row->values[i].word))
            continue;
        *ret = i;
        return true;
    }
    return false;
}

static bool read_part(str part, const struct metric *table, struct metrics *m, bool *seen,
                      struct err *e)
{
    str word = part, name;
    unsigned i;

    if (!str_cut(&word, ':', &name) || !word.at)
        return err_set(e, ERR_INPUT, "'%.*s' is not a metric and its value",
                       STR_ARG(str_sub(part, 0, 40)));
    i = find_metric(table, name);
    if (!table[i].name)
        return err_set(e, ERR_INPUT, "'%.*s' is not a metric of this version of CVSS",
                       STR_ARG(str_sub(name, 0, 40)));
    if (seen[i])
        return err_set(e, ERR_INPUT, "the metric '%s' is there twice", table[i].name);
    seen[i] = true;
    return choose(&table[i], word, &m->chosen[i]) ||
           err_set(e, ERR_INPUT, "'%.*s' is not a value of the metric '%s'",
                   STR_ARG(str_sub(word, 0, 40)), table[i].name);
}

bool metrics_read(str text, const struct metric *table, struct metrics *ret, struct err *e)
{
    struct metrics m = {.table = table};
    bool seen[METRICS_MAX] = {false};
    str part;

    while (str_cut(&text, '/', &part))
        if (!read_part(part, table, &m, seen, e))
            return false;
    for (unsigned i = 0; table[i].name; i++)
        if (table[i].required && !seen[i])
            return err_set(e, ERR_INPUT, "the metric '%s' is missing", table[i].name);
    *ret = m;
    return true;
}

double metric_weight(const struct metrics *m, unsigned metric)
{
    return m->table[metric].values[m->chosen[metric]].weight;
}

bool metric_is(const struct metrics *m, unsigned metric, const char *word)
{
    return strcmp(m->table[metric].values[m->chosen[metric]].word, word) == 0;
}

bool metrics_speak(const struct metrics *m, unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; i++)
        if (m->chosen[i])
            return true;
    return false;
}

static bool take_prefix(str *vector, str prefix)
{
    if (!str_starts(*vector, prefix))
        return false;
    *vector = str_sub(*vector, prefix.len, vector->len);
    return true;
}

bool cvss_read(str vector, struct cvss *ret, struct err *e)
{
    if (vector.len > CVSS_VECTOR_MAX)
        return err_set(e, ERR_LIMIT, "a CVSS vector of more than %d characters",
                       CVSS_VECTOR_MAX);
    if (take_prefix(&vector, STR("CVSS:4.0/")))
        return cvss_4_read(vector, ret, e);
    if (take_prefix(&vector, STR("CVSS:3.1/")))
        return cvss_3_read(vector, true, ret, e);
    if (take_prefix(&vector, STR("CVSS:3.0/")))
        return cvss_3_read(vector, false, ret, e);
    if (str_starts(vector, STR("CVSS:")) && !str_starts(vector, STR("CVSS:2.0/")))
        return err_set(e, ERR_INPUT, "'%.*s' is a version of CVSS that is not known",
                       STR_ARG(str_sub(vector, 0, 10)));
    take_prefix(&vector, STR("CVSS:2.0/"));
    if (vector.len > 1 && vector.at[0] == '(' && vector.at[vector.len - 1] == ')')
        vector = str_sub(vector, 1, vector.len - 2);
    return cvss_2_read(vector, ret, e);
}

const char *cvss_rating(unsigned tenths)
{
    static const struct {
        unsigned from;
        const char *word;
    } ratings[] = {{90, "critical"}, {70, "high"}, {40, "medium"}, {1, "low"}};

    for (size_t i = 0; i < COUNT(ratings); i++)
        if (tenths >= ratings[i].from)
            return ratings[i].word;
    return "none";
}
