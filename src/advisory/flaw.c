/* From the records that a version is in to its flaws, and how urgent each is. */
#include "advisory/advisory.h"
#include "cvss/cvss.h"

#include <stdlib.h>

/* What databases call it, where they give no vector. */
static const struct {
    const char *word, *rating;
} words[] = {{"CRITICAL", "critical"},
             {"HIGH", "high"},
             {"MODERATE", "medium"},
             {"MEDIUM", "medium"},
             {"LOW", "low"}};

static const char *const ratings[] = {"unknown", "none", "low", "medium", "high", "critical"};

static size_t rank(const char *rating)
{
    size_t i = COUNT(ratings);

    while (i-- > 1)
        if (strcmp(ratings[i], rating) == 0)
            return i;
    return 0;
}

/* A vector that can't be read is none: databases hold some. */
static void rate(struct advisory_flaw *f, const struct advisory *a)
{
    f->rating = ratings[0];
    for (size_t i = 0; i < ADVISORY_VECTORS; i++) {
        struct err e = {0};
        struct cvss c;

        if (!a->vectors[i].len || !cvss_read(a->vectors[i], &c, &e))
            continue;
        f->tenths = c.environmental;
        f->rating = cvss_rating(c.environmental);
        return;
    }
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_equal_nocase(a->word, str_of(words[i].word)))
            f->rating = words[i].rating;
}

static str find_cve(const struct advisories *db, const struct advisory *a)
{
    for (uint32_t i = 0; i < a->alias_count; i++) {
        str alias = advisory_text(db, a->aliases, i);

        if (str_starts(alias, STR("CVE-")))
            return alias;
    }
    return STR("");
}

static struct advisory_flaw make(const struct advisories *db, const struct advisory_hit *hit,
                                 const struct advisory *a)
{
    struct advisory_flaw f = {
        .record = hit->record,
        .group = hit->group,
        .id = a->id,
        .cve = str_starts(a->id, STR("CVE-")) ? STR("") : find_cve(db, a),
        .summary = a->summary,
        .malicious = a->malicious,
        .exploited = a->exploited,
        .fixed = hit->fixed,
        .epss = a->epss,
        .symbols = hit->symbols,
        .symbol_count = hit->symbol_count,
        .cwes = a->cwes,
        .cwe_count = a->cwe_count,
    };

    rate(&f, a);
    return f;
}

/* Of two records of one flaw the one that rates it stays, and takes what only the other knows. */
static void merge(struct advisory_flaw *into, const struct advisory_flaw *other)
{
    struct advisory_flaw better = rank(other->rating) && !rank(into->rating) ? *other : *into;
    const struct advisory_flaw *rest = better.record == into->record ? other : into;

    better.malicious |= rest->malicious;
    if (!better.summary.len)
        better.summary = rest->summary;
    if (!better.fixed.len)
        better.fixed = rest->fixed;
    if (!better.symbol_count) {
        better.symbols = rest->symbols;
        better.symbol_count = rest->symbol_count;
    }
    if (!better.cwe_count) {
        better.cwes = rest->cwes;
        better.cwe_count = rest->cwe_count;
    }
    *into = better;
}

int advisory_flaw_order(const struct advisory_flaw *x, const struct advisory_flaw *y)
{
    if (x->malicious != y->malicious)
        return y->malicious - x->malicious;
    if ((x->exploited.len > 0) != (y->exploited.len > 0))
        return (y->exploited.len > 0) - (x->exploited.len > 0);
    if (rank(x->rating) != rank(y->rating))
        return rank(x->rating) < rank(y->rating) ? 1 : -1;
    if (x->tenths != y->tenths)
        return x->tenths < y->tenths ? 1 : -1;
    if (x->epss < y->epss || x->epss > y->epss)
        return x->epss < y->epss ? 1 : -1;
    return str_compare(x->id, y->id);
}

static int order(const void *a, const void *b)
{
    return advisory_flaw_order(a, b);
}

bool advisory_flaws(const struct advisories *db, const struct advisory_hit *hits, size_t count,
                    struct advisory_flaw *ret, size_t *flaws, struct err *e)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        struct advisory_flaw f;
        struct advisory a;
        size_t k = 0;

        if (!advisory_record(db, hits[i].record, &a, e))
            return false;
        f = make(db, &hits[i], &a);
        while (k < n && ret[k].group != f.group)
            k++;
        if (k < n)
            merge(&ret[k], &f);
        else
            ret[n++] = f;
    }
    qsort(ret, n, sizeof(*ret), order);
    *flaws = n;
    return true;
}
