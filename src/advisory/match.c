/* Which records a version of a package is in, by the evaluation of OSV's schema. */
#include "advisory/open.h"
#include "version/version.h"

static const struct package_row *find_package(const struct advisories *db, str ecosystem,
                                              str name)
{
    const struct file_head *h = db->head;
    uint32_t mask = h->slots.count - 1, slot = package_hash(ecosystem, name);

    for (uint32_t tries = 0; tries <= mask; tries++, slot++) {
        const uint32_t *index = row_at(db, &h->slots, slot & mask, sizeof(*index));
        const struct package_row *p;

        if (!index || !*index)
            return NULL;
        p = row_at(db, &h->packages, *index - 1, sizeof(*p));
        if (p && str_equal(text_in(db, p->ecosystem), ecosystem) &&
            str_equal(text_in(db, p->name), name))
            return p;
    }
    return NULL;
}

struct question {
    const struct advisories *db;
    enum version_scheme scheme; /* of the ecosystem */
    bool is_ordered; /* its scheme is known */
    str version;
};

static bool is_listed(const struct question *q, const struct affected_row *a)
{
    for (uint32_t i = 0; i < a->version_count; i++) {
        str listed = advisory_text(q->db, a->versions, i);

        if (str_equal(listed, q->version) ||
            (q->is_ordered && version_compare(q->scheme, listed, q->version) == 0))
            return true;
    }
    return false;
}

/* Whether the version is at or past the event's. */
static int order_event(const struct question *q, enum version_scheme scheme,
                       const struct event_row *event)
{
    str at = text_in(q->db, event->version);

    if (event->kind == EVENT_INTRODUCED && str_is(at, "0"))
        return 1;
    return version_compare(scheme, q->version, at);
}

static bool is_before_limits(const struct question *q, enum version_scheme scheme,
                             const struct event_row *events, uint32_t count)
{
    bool limited = false;

    for (uint32_t i = 0; i < count; i++) {
        if (events[i].kind != EVENT_LIMIT)
            continue;
        limited = true;
        if (str_is(text_in(q->db, events[i].version), "*") ||
            order_event(q, scheme, &events[i]) < 0)
            return true;
    }
    return !limited;
}

static bool is_in_range(const struct question *q, const struct range_row *r)
{
    enum version_scheme scheme = r->type == RANGE_SEMVER ? VERSION_SEMVER : q->scheme;
    const struct event_row *events =
        row_at(q->db, &q->db->head->events, r->events, sizeof(*events));
    bool vulnerable = false;

    if (!events || !is_before_limits(q, scheme, events, r->event_count))
        return false;
    for (uint32_t i = 0; i < r->event_count; i++) {
        int order = events[i].kind == EVENT_LIMIT ? -1 : order_event(q, scheme, &events[i]);

        if (events[i].kind == EVENT_INTRODUCED && order >= 0)
            vulnerable = true;
        else if (events[i].kind == EVENT_FIXED && order >= 0)
            vulnerable = false;
        else if (events[i].kind == EVENT_LAST_AFFECTED && order > 0)
            vulnerable = false;
    }
    return vulnerable;
}

/* The first fix after the version: events are in the order of their versions. */
static str fix_in_range(const struct question *q, const struct range_row *r)
{
    enum version_scheme scheme = r->type == RANGE_SEMVER ? VERSION_SEMVER : q->scheme;
    const struct event_row *events =
        row_at(q->db, &q->db->head->events, r->events, sizeof(*events));

    for (uint32_t i = 0; events && i < r->event_count; i++)
        if (events[i].kind == EVENT_FIXED && order_event(q, scheme, &events[i]) < 0)
            return text_in(q->db, events[i].version);
    return STR("");
}

static bool is_affected(const struct question *q, const struct affected_row *a, str *fixed)
{
    const struct range_row *ranges =
        row_at(q->db, &q->db->head->ranges, a->ranges, sizeof(*ranges));
    bool affected = is_listed(q, a);

    *fixed = STR("");
    for (uint32_t i = 0; ranges && i < a->range_count; i++) {
        str fix = fix_in_range(q, &ranges[i]);
        bool in_range = is_in_range(q, &ranges[i]);

        affected |= in_range;
        if (fix.len && (!fixed->len || in_range))
            *fixed = fix;
    }
    return affected;
}

static bool is_sound(const struct advisories *db, const struct affected_row *a)
{
    const struct file_head *h = db->head;
    const struct range_row *r = row_at(db, &h->ranges, a->ranges, sizeof(*r));

    if (!run_fits(&h->ranges, a->ranges, a->range_count) ||
        !run_fits(&h->lists, a->versions, a->version_count) ||
        !run_fits(&h->lists, a->symbols, a->symbol_count))
        return false;
    for (uint32_t i = 0; i < a->range_count; i++)
        if (!run_fits(&h->events, r[i].events, r[i].event_count))
            return false;
    return true;
}

static bool add_hit(const struct advisories *db, const struct affected_row *a, str fixed,
                    struct advisory_hit *ret, size_t *count, struct err *e)
{
    const struct record_row *r = row_at(db, &db->head->records, a->record, sizeof(*r));

    if (!r)
        return damaged(e);
    if (*count && ret[*count - 1].record == a->record) {
        if (!ret[*count - 1].fixed.len)
            ret[*count - 1].fixed = fixed;
        return true;
    }
    if (*count == ADVISORY_HITS_MAX)
        return err_set(e, ERR_LIMIT, "more than %d advisories of one version",
                       ADVISORY_HITS_MAX);
    ret[(*count)++] = (struct advisory_hit){.record = a->record,
                                            .group = r->group,
                                            .fixed = fixed,
                                            .symbols = a->symbols,
                                            .symbol_count = a->symbol_count};
    return true;
}

bool advisory_match(const struct advisories *db, const struct advisory_package *p,
                    struct advisory_hit *ret, size_t *count, struct err *e)
{
    struct question q = {.db = db, .version = p->version};
    const struct package_row *row = find_package(db, p->ecosystem, p->name);
    size_t n = 0;
    str fixed;

    q.is_ordered = version_scheme_find(p->ecosystem, &q.scheme);
    if (row && !run_fits(&db->head->affected, row->affected, row->affected_count))
        return damaged(e);
    for (uint32_t i = 0; row && i < row->affected_count; i++) {
        const struct affected_row *a =
            row_at(db, &db->head->affected, row->affected + i, sizeof(*a));

        if (!a || !is_sound(db, a))
            return damaged(e);
        if (is_affected(&q, a, &fixed) && !add_hit(db, a, fixed, ret, &n, e))
            return false;
    }
    *count = n;
    return true;
}

/* ---- names ---- */

static bool is_joint(char c)
{
    return c == '-' || c == '_' || c == '.';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* PEP 503: runs of "-", "_" and "." are one "-". */
str advisory_name(struct arena *a, str ecosystem, str name)
{
    bool python = str_is(ecosystem, "PyPI");
    str copy;
    char *out;
    size_t n = 0;

    if (!python && !str_is(ecosystem, "NuGet") && !str_is(ecosystem, "Packagist"))
        return arena_str(a, name);
    copy = arena_str(a, name);
    out = (char *)copy.at;
    for (size_t i = 0; out && i < name.len; i++) {
        if (!python || !is_joint(name.at[i]))
            out[n++] = lower(name.at[i]);
        else if (!n || out[n - 1] != '-')
            out[n++] = '-';
    }
    return (str){out, n};
}
