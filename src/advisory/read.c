/* One OSV record into rows. */
#include "advisory/compiler.h"
#include "version/version.h"

#include <stdlib.h>

static const struct json_limits limits = {
    .bytes = ADVISORY_JSON_MAX, .depth = 32, .nodes = 1 << 20, .repeats = true};

struct advisory_compiler *advisory_compiler_new(void)
{
    struct advisory_compiler *c = calloc(1, sizeof(*c));

    if (!c)
        return NULL;
    c->scratch = arena_new((size_t)8 * ADVISORY_JSON_MAX);
    c->texts.bytes.max = (size_t)1 << 30;
    if (!c->scratch) {
        advisory_compiler_free(c);
        return NULL;
    }
    text_add(c, STR("")); /* at offset 0: what is not there */
    return c;
}

void advisory_compiler_free(struct advisory_compiler *c)
{
    if (!c)
        return;
    arena_free(c->scratch);
    buf_free(&c->texts.bytes);
    free(c->texts.slots);
    for (struct rows *r = &c->records; r <= &c->facts; r++)
        free(r->at);
    free(c);
}

void advisory_compiler_freep(struct advisory_compiler **c)
{
    advisory_compiler_free(*c);
}

/* ---- lists ---- */

static const struct json *items(const struct json *v, size_t *count)
{
    *count = v && v->kind == JSON_ARRAY ? v->count : 0;
    return *count ? v->items : NULL;
}

static void add_to_list(struct advisory_compiler *c, str s, uint32_t *count)
{
    uint32_t *row = rows_add(c, &c->lists, sizeof(*row));

    if (!row)
        return;
    *row = text_add(c, s);
    (*count)++;
}

static void add_list(struct advisory_compiler *c, const struct json *v, uint32_t *count)
{
    size_t n;

    for (const struct json *i = items(v, &n); n; i++, n--)
        if (i->kind == JSON_STRING)
            add_to_list(c, i->text, count);
}

static uint32_t list_end(const struct advisory_compiler *c)
{
    return (uint32_t)c->lists.count;
}

/* ---- ranges ---- */

static const struct {
    const char *name;
    enum event_kind kind;
} event_kinds[] = {{"introduced", EVENT_INTRODUCED},
                   {"fixed", EVENT_FIXED},
                   {"last_affected", EVENT_LAST_AFFECTED},
                   {"limit", EVENT_LIMIT}};

static void add_event(struct advisory_compiler *c, const struct json *event, uint32_t *count)
{
    for (size_t i = 0; i < COUNT(event_kinds); i++) {
        const struct json *version = json_get(event, str_of(event_kinds[i].name));
        struct event_row *row;

        if (!version || version->kind != JSON_STRING)
            continue;
        row = rows_add(c, &c->events, sizeof(*row));
        if (!row)
            return;
        (*count)++;
        *row = (struct event_row){event_kinds[i].kind, text_add(c, version->text)};
    }
}

/* "0" is before every version. */
static int order_events(const struct advisory_compiler *c, enum version_scheme scheme,
                        const struct event_row *a, const struct event_row *b)
{
    str x = text_at(c, a->version), y = text_at(c, b->version);
    bool first = a->kind == EVENT_INTRODUCED && str_is(x, "0");
    bool second = b->kind == EVENT_INTRODUCED && str_is(y, "0");

    if ((a->kind == EVENT_LIMIT) != (b->kind == EVENT_LIMIT))
        return a->kind == EVENT_LIMIT ? 1 : -1;
    return first || second ? second - first : version_compare(scheme, x, y);
}

/* Stable: what the record says of one version stays in its order. */
static void sort_events(struct advisory_compiler *c, enum version_scheme scheme,
                        const struct range_row *r)
{
    struct event_row *rows = (struct event_row *)c->events.at + r->events;

    for (uint32_t i = 1; i < r->event_count; i++) {
        struct event_row row = rows[i];
        uint32_t to = i;

        for (; to > 0 && order_events(c, scheme, &rows[to - 1], &row) > 0; to--)
            rows[to] = rows[to - 1];
        rows[to] = row;
    }
}

enum { EVENTS_MAX = 4096 };

static bool add_range(struct advisory_compiler *c, const struct json *range, str ecosystem,
                      uint32_t *count, struct err *e)
{
    str type = json_get_str(range, STR("type"));
    bool semver = str_is(type, "SEMVER");
    enum version_scheme scheme = VERSION_SEMVER;
    struct range_row *row, r = {.events = (uint32_t)c->events.count};
    size_t n;

    if (!semver && (!str_is(type, "ECOSYSTEM") || !version_scheme_find(ecosystem, &scheme)))
        return true;
    r.type = semver ? RANGE_SEMVER : RANGE_ECOSYSTEM;
    for (const struct json *i = items(json_get(range, STR("events")), &n); n; i++, n--)
        add_event(c, i, &r.event_count);
    if (r.event_count > EVENTS_MAX)
        return err_set(e, ERR_LIMIT, "a range of more than %d events", EVENTS_MAX);
    if (c->failed)
        return err_limit(e);
    sort_events(c, scheme, &r);
    row = rows_add(c, &c->ranges, sizeof(*row));
    if (!row)
        return err_limit(e);
    *row = r;
    (*count)++;
    return true;
}

/* ---- what of the package is vulnerable ---- */

/* Go: "path#Symbol", or the path alone when all of it is. */
static void add_imports(struct advisory_compiler *c, const struct json *imports,
                        uint32_t *count)
{
    size_t n, m;

    for (const struct json *i = items(imports, &n); n; i++, n--) {
        str path = json_get_str(i, STR("path"));
        const struct json *s = items(json_get(i, STR("symbols")), &m);

        if (path.len && !m)
            add_to_list(c, path, count);
        for (; m; s++, m--)
            if (s->kind == JSON_STRING)
                add_to_list(
                    c, arena_format(c->scratch, "%.*s#%.*s", STR_ARG(path), STR_ARG(s->text)),
                    count);
    }
}

static void add_symbols(struct advisory_compiler *c, const struct json *affected,
                        struct affected_row *row)
{
    const struct json *own = json_get(affected, STR("ecosystem_specific"));

    row->symbols = list_end(c);
    add_imports(c, json_get(own, STR("imports")), &row->symbol_count);
    add_list(c, json_get(own, STR("affected_functions")), &row->symbol_count);
}

static bool add_affected(struct advisory_compiler *c, const struct json *affected,
                         uint32_t record, struct err *e)
{
    const struct json *package = json_get(affected, STR("package"));
    str ecosystem = json_get_str(package, STR("ecosystem"));
    str name = json_get_str(package, STR("name"));
    struct affected_row *row, a = {.record = record};
    struct named *named;
    size_t n;

    if (!ecosystem.len || !name.len)
        return true; /* source code by commits only */
    a.ranges = (uint32_t)c->ranges.count;
    for (const struct json *i = items(json_get(affected, STR("ranges")), &n); n; i++, n--)
        if (!add_range(c, i, ecosystem, &a.range_count, e))
            return false;
    a.versions = list_end(c);
    add_list(c, json_get(affected, STR("versions")), &a.version_count);
    add_symbols(c, affected, &a);
    named = rows_add(c, &c->names, sizeof(*named));
    row = rows_add(c, &c->affected, sizeof(*row));
    name = advisory_name(c->scratch, ecosystem, name);
    if (!named || !row || !name.at)
        return err_limit(e);
    *row = a;
    *named = (struct named){text_add(c, ecosystem), text_add(c, name),
                            (uint32_t)c->affected.count - 1};
    return true;
}

/* ---- the record itself ---- */

static void add_severity(struct advisory_compiler *c, const struct json *list,
                         struct record_row *row)
{
    static const char *const types[ADVISORY_VECTORS] = {"CVSS_V4", "CVSS_V3", "CVSS_V2"};
    size_t n;

    for (const struct json *i = items(list, &n); n; i++, n--)
        for (size_t k = 0; k < ADVISORY_VECTORS; k++)
            if (!row->vectors[k] && str_is(json_get_str(i, STR("type")), types[k]))
                row->vectors[k] = text_add(c, json_get_str(i, STR("score")));
}

enum { SUMMARY_MAX = 200 };

/* Up to the end of the first sentence, or to a word. */
static str first_sentence(str s)
{
    size_t end = str_find_str(s, STR(". "));

    if (end < SUMMARY_MAX)
        return str_sub(s, 0, end + 1);
    if (s.len <= SUMMARY_MAX)
        return s;
    for (end = SUMMARY_MAX; end > 0 && s.at[end] != ' ';)
        end--;
    return str_sub(s, 0, end);
}

static str summary_of(const struct json *v)
{
    str summary = json_get_str(v, STR("summary")), details = json_get_str(v, STR("details"));

    return first_sentence(summary.len ? summary : str_sub(details, 0, str_find(details, '\n')));
}

static struct record_row read_record(struct advisory_compiler *c, const struct json *v)
{
    const struct json *own = json_get(v, STR("database_specific"));
    struct record_row row = {
        .id = text_add(c, json_get_str(v, STR("id"))),
        .summary = text_add(c, summary_of(v)),
        .published = text_add(c, json_get_str(v, STR("published"))),
        .modified = text_add(c, json_get_str(v, STR("modified"))),
        .word = text_add(c, json_get_str(own, STR("severity"))),
        .flags = str_starts(json_get_str(v, STR("id")), STR("MAL-")) ? RECORD_MALICIOUS : 0,
    };
    size_t n;

    row.aliases = list_end(c);
    add_list(c, json_get(v, STR("aliases")), &row.alias_count);
    row.cwes = list_end(c);
    add_list(c, json_get(own, STR("cwe_ids")), &row.cwe_count);
    add_severity(c, json_get(v, STR("severity")), &row);
    for (const struct json *i = items(json_get(v, STR("affected")), &n); n; i++, n--)
        add_severity(c, json_get(i, STR("severity")), &row);
    return row;
}

static bool is_withdrawn(const struct json *v)
{
    return json_get_str(v, STR("withdrawn")).len > 0;
}

static bool add_record(struct advisory_compiler *c, const struct json *v, struct err *e)
{
    uint32_t record = (uint32_t)c->records.count;
    struct record_row *row, made = read_record(c, v);
    size_t n;

    if (is_withdrawn(v))
        made.flags |= RECORD_WITHDRAWN;
    row = rows_add(c, &c->records, sizeof(*row));
    if (!row)
        return err_limit(e);
    *row = made;
    for (const struct json *i = items(json_get(v, STR("affected")), &n); n; i++, n--)
        if (!add_affected(c, i, record, e))
            return false;
    return !c->failed || err_limit(e);
}

bool advisory_add(struct advisory_compiler *c, str json, struct err *e)
{
    struct json *v;

    arena_reset(c->scratch);
    if (!json_read(c->scratch, json, &limits, &v, e))
        return false;
    if (!json_get_str(v, STR("id")).len)
        return err_set(e, ERR_INPUT, "this is no OSV record: it has no 'id'");
    return add_record(c, v, e);
}
