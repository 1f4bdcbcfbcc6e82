/* From all records that were read to those that are told of, each flaw once. */
#include "advisory/compiler.h"

#include <stdlib.h>

/* ---- which records stay ---- */

struct version_of_record {
    uint32_t id, index;
    str modified;
};

/* By id; of one id the last modified comes last, and of those the last read. */
static int order_records(const void *a, const void *b)
{
    const struct version_of_record *x = a, *y = b;
    int order;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    order = str_compare(x->modified, y->modified);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static struct record_row *record_at(struct advisory_compiler *c, size_t i)
{
    return (struct record_row *)c->records.at + i;
}

static void mark(struct advisory_compiler *c, const struct version_of_record *all, size_t n,
                 struct merged *m)
{
    for (size_t i = 0; i < n; i++) {
        bool is_last = i + 1 == n || all[i].id != all[i + 1].id;
        bool withdrawn = record_at(c, all[i].index)->flags & RECORD_WITHDRAWN;

        m->place[all[i].index] = is_last && !withdrawn ? 0 : NOT_KEPT;
        m->withdrawn += is_last && withdrawn;
    }
}

static bool keep_last(struct advisory_compiler *c, struct merged *m)
{
    size_t n = c->records.count;
    struct version_of_record *all = calloc(n + 1, sizeof(*all));

    if (!all)
        return false;
    for (size_t i = 0; i < n; i++)
        all[i] = (struct version_of_record){record_at(c, i)->id, (uint32_t)i,
                                            text_at(c, record_at(c, i)->modified)};
    qsort(all, n, sizeof(*all), order_records);
    mark(c, all, n, m);
    free(all);
    for (size_t i = 0; i < n; i++) {
        if (m->place[i] == NOT_KEPT)
            continue;
        m->place[i] = m->count;
        m->records[m->count++] = *record_at(c, i);
    }
    return true;
}

/* ---- which are of one flaw ---- */

/* An id or alias, and the record that has it. */
struct naming {
    uint32_t text, record;
};

static int order_namings(const void *a, const void *b)
{
    const struct naming *x = a, *y = b;

    if (x->text != y->text)
        return x->text < y->text ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

/* The group's first record, by halving the way to it. */
static uint32_t find(struct record_row *records, uint32_t i)
{
    while (records[i].group != i) {
        records[i].group = records[records[i].group].group;
        i = records[i].group;
    }
    return i;
}

static void join(struct record_row *records, uint32_t a, uint32_t b)
{
    a = find(records, a);
    b = find(records, b);
    if (a < b)
        records[b].group = a;
    else
        records[a].group = b;
}

static size_t count_namings(const struct merged *m)
{
    size_t n = 0;

    for (uint32_t i = 0; i < m->count; i++)
        n += 1 + m->records[i].alias_count;
    return n;
}

static void list_namings(struct advisory_compiler *c, const struct merged *m,
                         struct naming *ret)
{
    const uint32_t *lists = (const uint32_t *)c->lists.at;

    for (uint32_t i = 0; i < m->count; i++) {
        const struct record_row *r = &m->records[i];

        *ret++ = (struct naming){r->id, i};
        for (uint32_t k = 0; k < r->alias_count; k++)
            *ret++ = (struct naming){lists[r->aliases + k], i};
    }
}

static void group(struct merged *m, const struct naming *names, size_t n)
{
    for (uint32_t i = 0; i < m->count; i++)
        m->records[i].group = i;
    for (size_t i = 1; i < n; i++)
        if (names[i].text == names[i - 1].text)
            join(m->records, names[i].record, names[i - 1].record);
    for (uint32_t i = 0; i < m->count; i++)
        m->records[i].group = find(m->records, i);
}

/* ---- what else is known of them ---- */

static const struct naming *first_naming(const struct naming *names, size_t n, uint32_t text)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (names[middle].text < text)
            low = middle + 1;
        else
            high = middle;
    }
    return names + low;
}

static void tell(struct record_row *r, const struct fact *f)
{
    if (f->exploited)
        r->exploited = f->exploited;
    if (f->epss > r->epss)
        r->epss = f->epss;
}

static void apply_facts(struct advisory_compiler *c, struct merged *m,
                        const struct naming *names, size_t n)
{
    const struct fact *f = (const struct fact *)c->facts.at;

    for (size_t i = 0; i < c->facts.count; i++, f++)
        for (const struct naming *at = first_naming(names, n, f->cve);
             at < names + n && at->text == f->cve; at++)
            tell(&m->records[m->records[at->record].group], f);
    for (uint32_t i = 0; i < m->count; i++) {
        const struct record_row *head = &m->records[m->records[i].group];

        m->records[i].exploited = head->exploited;
        m->records[i].epss = head->epss;
        m->exploited += head->exploited != 0;
        m->scored += head->epss != 0;
    }
}

static bool relate(struct advisory_compiler *c, struct merged *m)
{
    size_t n = count_namings(m);
    struct naming *names = calloc(n + 1, sizeof(*names));

    if (!names)
        return false;
    list_namings(c, m, names);
    qsort(names, n, sizeof(*names), order_namings);
    group(m, names, n);
    apply_facts(c, m, names, n);
    free(names);
    return true;
}

void merged_free(struct merged *m)
{
    free(m->place);
    free(m->records);
}

bool records_merge(struct advisory_compiler *c, struct merged *ret, struct err *e)
{
    struct merged m = {.place = calloc(c->records.count + 1, sizeof(*m.place)),
                       .records = calloc(c->records.count + 1, sizeof(*m.records))};

    if (!m.place || !m.records || !keep_last(c, &m) || !relate(c, &m)) {
        merged_free(&m);
        return err_limit(e);
    }
    *ret = m;
    return true;
}
