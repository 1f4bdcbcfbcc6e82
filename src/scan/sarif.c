/*
 * SARIF 2.1.0 as GitHub's code scanning takes it: every rule with its help, places relative to
 * the project, fingerprints that survive moved lines.
 */
#include "scan/scan.h"

#include <stdlib.h>

/* FNV-1a, twice with different starts: a fingerprint has to be stable, not secret. */
static uint64_t hash(uint64_t h, str s)
{
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3u;
    return (h ^ 0xff) * 0x100000001b3u;
}

static str line_at(struct place at)
{
    str rest = at.text, part = {0};

    for (unsigned i = at.skipped; i < at.line; i++)
        if (!str_cut(&rest, '\n', &part))
            return (str){NULL, 0};
    return str_trim(part);
}

void finding_fingerprint(const struct finding *f, unsigned ordinal, char out[33])
{
    static const uint64_t starts[] = {0xcbf29ce484222325u, 0x84222325cbf29ce4u};
    str inside = f->where.len ? f->where : line_at(f->at);
    char number[16];

    snprintf(number, sizeof(number), "%u", ordinal);
    for (size_t i = 0; i < COUNT(starts); i++) {
        uint64_t h = hash(starts[i], str_of(f->rule->id));

        h = hash(hash(h, str_of(f->at.file)), inside);
        h = hash(h, str_of(number));
        snprintf(out + 16 * i, 17, "%016llx", (unsigned long long)h);
    }
}

/* ---- the rules, each once, in the order of their names ---- */

struct rules {
    const struct rule **list;
    size_t count;
};

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct rule *const *)a)->id, (*(const struct rule *const *)b)->id);
}

static struct rules rules_of(const struct findings *f)
{
    struct rules r = {.list = arena_array(f->arena, f->count + 1, sizeof(struct rule *))};
    size_t n = 0;

    if (!r.list)
        return r;
    for (const struct finding *i = f->first; i; i = i->next)
        r.list[n++] = i->rule;
    qsort((void *)r.list, n, sizeof(struct rule *), by_id);
    for (size_t i = 0; i < n; i++)
        if (!r.count || strcmp(r.list[r.count - 1]->id, r.list[i]->id) != 0)
            r.list[r.count++] = r.list[i];
    return r;
}

static size_t index_of(const struct rules *r, const struct rule *rule)
{
    const struct rule **found = (const struct rule **)bsearch(
        (const void *)&rule, (const void *)r->list, r->count, sizeof(struct rule *), by_id);

    return found ? (size_t)(found - r->list) : 0;
}

/* ---- pieces ---- */

static void add_member(struct buf *b, const char *name, str value)
{
    buf_addf(b, "\"%s\":", name);
    json_write_str(b, value);
}

static void add_text(struct buf *b, const char *name, str value)
{
    buf_addf(b, "\"%s\":{", name);
    add_member(b, "text", value);
    buf_addc(b, '}');
}

static const char *level_of(enum severity s)
{
    static const char *const levels[] = {
        [SEVERITY_INFO] = "note",  [SEVERITY_LOW] = "note",       [SEVERITY_MEDIUM] = "warning",
        [SEVERITY_HIGH] = "error", [SEVERITY_CRITICAL] = "error",
    };

    return levels[s];
}

/* CVSS-like numbers, from which GitHub makes its own low, medium, high and critical. */
static const char *score_of(enum severity s)
{
    static const char *const scores[] = {
        [SEVERITY_INFO] = "0.0", [SEVERITY_LOW] = "3.0",      [SEVERITY_MEDIUM] = "5.5",
        [SEVERITY_HIGH] = "8.0", [SEVERITY_CRITICAL] = "9.5",
    };

    return scores[s];
}

static const char *precision_of(enum confidence c)
{
    static const char *const precisions[] = {"low", "medium", "very-high"};

    return precisions[c];
}

static void add_properties(struct buf *b, const struct rule *r)
{
    buf_add(b, STR("\"properties\":{\"tags\":[\"security\""));
    if (r->cwe)
        buf_addf(b, ",\"external/cwe/cwe-%03u\"", r->cwe);
    buf_addf(b, "],\"precision\":\"%s\",\"security-severity\":\"%s\"}",
             precision_of(r->confidence), score_of(r->severity));
}

/* "schema-open-object" as "SchemaOpenObject", which is how SARIF wants names of rules. */
static void add_name(struct buf *b, const char *id)
{
    bool upper = true;

    buf_add(b, STR("\"name\":\""));
    for (; *id; id++) {
        bool letter = (*id >= 'a' && *id <= 'z') || (*id >= 'A' && *id <= 'Z') ||
                      (*id >= '0' && *id <= '9');

        if (letter)
            buf_addc(b, upper && *id >= 'a' && *id <= 'z' ? (char)(*id - 32) : *id);
        upper = !letter;
    }
    buf_addc(b, '"');
}

static void add_help(struct buf *b, const struct rule *r)
{
    CLEANUP(buf_free) struct buf text = {0};
    CLEANUP(buf_free) struct buf marked = {0};

    buf_addf(&text, "%s. %s Fix: %s", r->title, r->why, r->fix);
    buf_addf(&marked, "**%s.** %s\n\n**Fix:** %s", r->title, r->why, r->fix);
    buf_add(b, STR("\"help\":{"));
    add_member(b, "text", buf_str(&text));
    buf_addc(b, ',');
    add_member(b, "markdown", buf_str(&marked));
    buf_addc(b, '}');
}

static void add_rule(struct buf *b, const struct rule *r)
{
    CLEANUP(buf_free) struct buf title = {0};

    buf_addf(&title, "%s.", r->title);
    buf_addc(b, '{');
    add_member(b, "id", str_of(r->id));
    buf_addc(b, ',');
    add_name(b, r->id);
    buf_addc(b, ',');
    add_text(b, "shortDescription", buf_str(&title));
    buf_addc(b, ',');
    add_text(b, "fullDescription", str_of(r->why));
    buf_addc(b, ',');
    add_help(b, r);
    buf_addf(b, ",\"defaultConfiguration\":{\"level\":\"%s\"},", level_of(r->severity));
    add_properties(b, r);
    buf_addc(b, '}');
}

/* ---- places ---- */

/* A path as a relative URI reference: what is not allowed there is percent-encoded. */
static void add_uri(struct buf *b, str path)
{
    static const char plain[] = "-._~/!$&'()*+,;=@";

    buf_addc(b, '"');
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.at[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        if (word || (c && strchr(plain, c)))
            buf_addc(b, (char)c);
        else
            buf_addf(b, "%%%02X", c);
    }
    buf_addc(b, '"');
}

/* SARIF counts columns in UTF-16 units, places in bytes. */
static unsigned utf16_column(struct place at, unsigned bytes)
{
    str rest = at.text, line = {0};
    unsigned column = 1;

    for (unsigned i = at.skipped; i < at.line; i++)
        if (!str_cut(&rest, '\n', &line))
            return bytes;
    for (size_t i = 0; i + 1 < bytes && i < line.len; i++) {
        unsigned char c = (unsigned char)line.at[i];

        if ((c & 0xc0) != 0x80)
            column += c >= 0xf0 ? 2 : 1;
    }
    return column;
}

static void add_region(struct buf *b, struct place at)
{
    unsigned width = at.width ? at.width : 1;
    unsigned start = utf16_column(at, at.column), end = utf16_column(at, at.column + width);

    buf_addf(b, ",\"region\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,", at.line,
             start, at.line);
    buf_addf(b, "\"endColumn\":%u}", end > start ? end : start + 1);
}

static void add_physical(struct buf *b, struct place at)
{
    str path = str_of(at.file);

    if (str_starts(path, STR("./")))
        path = str_sub(path, 2, path.len);
    buf_add(b, STR("\"physicalLocation\":{\"artifactLocation\":{\"uri\":"));
    add_uri(b, path);
    if (!str_starts(path, STR("/")))
        buf_add(b, STR(",\"uriBaseId\":\"%SRCROOT%\""));
    buf_addc(b, '}');
    if (at.line)
        add_region(b, at);
    buf_addc(b, '}');
}

static void add_related(struct buf *b, const struct finding *f)
{
    bool first = true;

    for (const struct related *r = f->related; r; r = r->next) {
        buf_add(b, first ? STR(",\"relatedLocations\":[{") : STR(",{"));
        add_physical(b, r->at);
        buf_addc(b, ',');
        add_text(b, "message", r->message);
        buf_addc(b, '}');
        first = false;
    }
    if (!first)
        buf_addc(b, ']');
}

/* ---- results ---- */

static bool is_like(const struct finding *a, const struct finding *b)
{
    return a->rule == b->rule && str_equal(str_of(a->at.file), str_of(b->at.file)) &&
           (a->where.len || b->where.len ? str_equal(a->where, b->where)
                                         : str_equal(line_at(a->at), line_at(b->at)));
}

static void add_result(struct buf *b, const struct rules *rules, const struct finding *f,
                       unsigned ordinal)
{
    char print[33];

    finding_fingerprint(f, ordinal, print);
    buf_addc(b, '{');
    add_member(b, "ruleId", str_of(f->rule->id));
    buf_addf(b, ",\"ruleIndex\":%zu,\"level\":\"%s\",", index_of(rules, f->rule),
             level_of(f->severity));
    add_text(b, "message", f->message);
    buf_add(b, STR(",\"locations\":[{"));
    add_physical(b, f->at);
    if (f->where.len) {
        buf_add(b, STR(",\"logicalLocations\":[{"));
        add_member(b, "fullyQualifiedName", f->where);
        buf_add(b, STR("}]"));
    }
    buf_add(b, STR("}]"));
    add_related(b, f);
    buf_addf(b, ",\"partialFingerprints\":{\"fnward/v1\":\"%s\"}}", print);
}

static void add_driver(struct buf *b, const struct sarif_tool *tool, const struct rules *rules)
{
    buf_add(b, STR("{\"tool\":{\"driver\":{"));
    add_member(b, "name", str_of(tool->name));
    buf_addc(b, ',');
    add_member(b, "semanticVersion", str_of(tool->version));
    buf_add(b, STR(",\"rules\":["));
    for (size_t i = 0; i < rules->count; i++) {
        if (i)
            buf_addc(b, ',');
        add_rule(b, rules->list[i]);
    }
    buf_add(b, STR("]}},\"columnKind\":\"utf16CodeUnits\",\"automationDetails\":{"));
    add_member(b, "id", str_of(tool->category));
    buf_addc(b, '}');
}

void scan_sarif(struct buf *out, const struct sarif_tool *tool, const struct findings *f)
{
    struct rules rules = rules_of(f);
    const struct finding *before = NULL;
    unsigned ordinal = 0;

    if (!rules.list) {
        out->failed = true;
        return;
    }
    buf_add(out, STR("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                     "\"version\":\"2.1.0\",\"runs\":["));
    add_driver(out, tool, &rules);
    if (f->dropped)
        buf_addf(out, ",\"properties\":{\"resultsLeftOut\":%zu}", f->dropped);
    buf_addf(out, ",\"invocations\":[{\"executionSuccessful\":%s}]",
             f->incomplete ? "false" : "true");
    buf_add(out, STR(",\"results\":["));
    for (const struct finding *i = f->first; i; before = i, i = i->next) {
        ordinal = before && is_like(before, i) ? ordinal + 1 : 0;
        if (before)
            buf_addc(out, ',');
        add_result(out, &rules, i, ordinal);
    }
    buf_add(out, STR("]}]}\n"));
}
