/*
 * CycloneDX 1.6: the components, who needs whom, and their vulnerabilities.
 *
 * https://cyclonedx.org/docs/1.6/json/
 */
#include "cmd/deps_sbom.h"
#include "cvss/cvss.h"
#include "json/json.h"

#define PROJECT_REF "project"

static void add_ref(struct buf *out, const struct sbom *s, uint32_t component)
{
    if (component == SBOM_PROJECT)
        buf_add(out, STR("\"" PROJECT_REF "\""));
    else
        json_write_str(out, s->components[component].ref);
}

static void add_head(struct buf *out, const struct sbom *s)
{
    buf_add(out, STR("{\"$schema\":\"http://cyclonedx.org/schema/bom-1.6.schema.json\","
                     "\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,"
                     "\"metadata\":{"));
    if (s->created.len)
        buf_addf(out, "\"timestamp\":\"%.*s\",", STR_ARG(s->created));
    buf_add(out,
            STR("\"tools\":{\"components\":[{\"type\":\"application\",\"name\":\"fnward\","
                "\"version\":\"" FNWARD_VERSION "\"}]},"
                "\"component\":{\"type\":\"application\",\"bom-ref\":\"" PROJECT_REF "\""));
    sbom_member(out, "name", s->name);
    buf_add(out, STR("}}"));
}

/* ---- components ---- */

static void add_hash(struct buf *out, struct arena *a, str hash)
{
    struct sbom_hash h;

    if (sbom_hash(a, hash, &h))
        buf_addf(out, ",\"hashes\":[{\"alg\":\"%s\",\"content\":\"%.*s\"}]", h.cyclonedx,
                 STR_ARG(h.hex));
}

/* "@scope/name" and "group:artifact" have their first part in a member of its own. */
static void add_name(struct buf *out, const struct lockfile_package *p)
{
    char joint = str_is(p->ecosystem, "Maven") ? ':' : '/';
    bool parted = (str_is(p->ecosystem, "npm") && str_starts(p->name, STR("@"))) ||
                  str_is(p->ecosystem, "Packagist") || joint == ':';
    size_t at = parted ? str_find(p->name, joint) : p->name.len;

    if (at < p->name.len) {
        sbom_member(out, "group", str_sub(p->name, 0, at));
        sbom_member(out, "name", str_sub(p->name, at + 1, p->name.len));
    } else {
        buf_add(out, STR(",\"name\":")); /* it has to be there, even when it is empty */
        json_write_str(out, p->name);
    }
}

/* `i` goes through the places; they are sorted as components are. */
static void add_places(struct buf *out, const struct deps *d, const struct sbom *s,
                       uint32_t component, size_t *i)
{
    bool first = true;

    buf_add(out, STR(",\"evidence\":{\"occurrences\":["));
    for (; *i < s->place_count && s->places[*i].component == component; ++*i) {
        const struct sbom_place *p = &s->places[*i];

        buf_add(out, first ? STR("{\"location\":") : STR(",{\"location\":"));
        json_write_str(out, d->files[p->file].path);
        buf_addf(out, ",\"line\":%u}", p->line);
        first = false;
    }
    buf_add(out, STR("]}"));
}

static void add_components(struct buf *out, const struct deps *d, const struct sbom *s)
{
    size_t place = 0;

    buf_add(out, STR(",\"components\":["));
    for (uint32_t i = 0; i < s->count; i++) {
        const struct sbom_component *c = &s->components[i];

        buf_add(out, i ? STR(",{\"type\":\"library\"") : STR("{\"type\":\"library\""));
        sbom_member(out, "bom-ref", c->ref);
        add_name(out, c->package);
        sbom_member(out, "version", c->package->version);
        buf_addf(out, ",\"scope\":\"%s\"",
                 c->used       ? "required"
                 : c->optional ? "optional"
                               : "excluded");
        add_hash(out, d->a, c->package->hash);
        if (c->is_purl)
            sbom_member(out, "purl", c->ref);
        add_places(out, d, s, i, &place);
        buf_addc(out, '}');
    }
    buf_addc(out, ']');
}

/* ---- who needs whom ---- */

static void add_needs(struct buf *out, const struct sbom *s, uint32_t by, size_t *edge)
{
    bool first = true;

    buf_add(out, STR("{\"ref\":"));
    add_ref(out, s, by);
    buf_add(out, STR(",\"dependsOn\":["));
    for (; *edge < s->edge_count && s->edges[*edge].by == by; ++*edge) {
        if (!first)
            buf_addc(out, ',');
        add_ref(out, s, s->edges[*edge].to);
        first = false;
    }
    buf_add(out, STR("]}"));
}

static void add_graph(struct buf *out, const struct sbom *s)
{
    size_t edge = 0;

    buf_add(out, STR(",\"dependencies\":["));
    for (uint32_t i = 0; i < s->count; i++) {
        add_needs(out, s, i, &edge);
        buf_addc(out, ',');
    }
    add_needs(out, s, SBOM_PROJECT, &edge);
    buf_addc(out, ']');
}

/* ---- vulnerabilities ---- */

static const char *const methods[] = {[CVSS_2_0] = "CVSSv2",
                                      [CVSS_3_0] = "CVSSv3",
                                      [CVSS_3_1] = "CVSSv31",
                                      [CVSS_4_0] = "CVSSv4"};

static void add_ratings(struct buf *out, const struct advisory_flaw *f,
                        const struct advisory *a)
{
    size_t n = 0;

    buf_add(out, STR(",\"ratings\":["));
    for (size_t i = 0; i < ADVISORY_VECTORS; i++) {
        struct err e = {0};
        struct cvss c;

        if (!a->vectors[i].len || !cvss_read(a->vectors[i], &c, &e))
            continue;
        buf_addf(out, "%s{\"score\":%u.%u,\"severity\":\"%s\",\"method\":\"%s\"",
                 n++ ? "," : "", c.environmental / 10, c.environmental % 10,
                 cvss_rating(c.environmental), methods[c.version]);
        sbom_member(out, "vector", a->vectors[i]);
        buf_addc(out, '}');
    }
    if (!n)
        buf_addf(out, "{\"severity\":\"%s\"}", f->rating);
    buf_addc(out, ']');
}

static void add_cwes(struct buf *out, const struct deps *d, const struct advisory_flaw *f)
{
    bool first = true;

    for (uint32_t i = 0; i < f->cwe_count; i++) {
        str cwe = advisory_text(d->advisories, f->cwes, i);
        uint64_t number;

        if (!str_starts(cwe, STR("CWE-")) ||
            !str_to_u64(str_sub(cwe, 4, cwe.len), INT32_MAX, &number) || !number)
            continue;
        buf_add(out, first ? STR(",\"cwes\":[") : STR(","));
        buf_add_u64(out, number);
        first = false;
    }
    if (!first)
        buf_addc(out, ']');
}

static void add_source(struct buf *out, const char *name, str id)
{
    buf_addf(out, ",\"%s\":{\"name\":\"OSV\",\"url\":\"https://osv.dev/vulnerability/", name);
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                     c == '-' || c == '.' || c == ':';

        buf_addf(out, plain ? "%c" : "%%%02X", (unsigned char)c);
    }
    buf_add(out, STR("\"}"));
}

static void add_references(struct buf *out, const struct deps *d, const struct advisory *a)
{
    for (uint32_t i = 0; i < a->alias_count; i++) {
        str alias = advisory_text(d->advisories, a->aliases, i);

        buf_add(out, i ? STR(",{\"id\":") : STR(",\"references\":[{\"id\":"));
        json_write_str(out, alias);
        add_source(out, "source", alias);
        buf_addc(out, '}');
    }
    if (a->alias_count)
        buf_addc(out, ']');
}

static void add_properties(struct buf *out, const struct advisory_flaw *f)
{
    if (!f->exploited.len && f->epss < 0)
        return;
    buf_add(out, STR(",\"properties\":["));
    if (f->exploited.len) {
        buf_add(out, STR("{\"name\":\"fnward:exploitedSince\""));
        sbom_member(out, "value", f->exploited);
        buf_addc(out, '}');
    }
    if (f->epss >= 0)
        buf_addf(out, "%s{\"name\":\"fnward:epss\",\"value\":\"%.6f\"}",
                 f->exploited.len ? "," : "", f->epss);
    buf_addc(out, ']');
}

/* OpenVEX's justifications that CycloneDX has, too; the others are told in words. */
static const struct {
    const char *openvex, *cyclonedx;
} justifications[] = {
    {"component_not_present", "code_not_present"},
    {"vulnerable_code_not_present", "code_not_present"},
    {"vulnerable_code_not_in_execute_path", "code_not_reachable"},
    {"inline_mitigations_already_exist", "protected_by_mitigating_control"},
};

static void add_analysis(struct buf *out, const struct deps_vex *v)
{
    if (!v)
        return;
    buf_addf(out, ",\"analysis\":{\"state\":\"%s\"",
             str_is(v->status, "fixed") ? "resolved" : "not_affected");
    for (size_t i = 0; i < COUNT(justifications); i++)
        if (str_is(v->justification, justifications[i].openvex))
            buf_addf(out, ",\"justification\":\"%s\"", justifications[i].cyclonedx);
    sbom_member(out, "detail", v->justification);
    buf_addc(out, '}');
}

/* The flaws from `list` on that are the same one; several files may name one component. */
static size_t add_affected(struct buf *out, const struct sbom *s, const struct deps_flaw **list,
                           size_t count)
{
    size_t n = 0, named = 0;

    buf_add(out, STR(",\"affects\":["));
    for (; n < count && list[n]->vex == list[0]->vex &&
           str_equal(list[n]->flaw.id, list[0]->flaw.id);
         n++) {
        uint32_t component = sbom_component_of(s, list[n]);

        if (n && component == sbom_component_of(s, list[n - 1]))
            continue;
        buf_add(out, named++ ? STR(",{\"ref\":") : STR("{\"ref\":"));
        add_ref(out, s, component);
        buf_add(out, STR(",\"versions\":[{\"version\":"));
        json_write_str(out, s->components[component].package->version);
        buf_addf(out, ",\"status\":\"%s\"}]}", list[0]->vex ? "unaffected" : "affected");
    }
    buf_addc(out, ']');
    return n;
}

static bool add_vulnerability(struct buf *out, const struct deps *d, const struct sbom *s,
                              const struct deps_flaw **list, size_t count, size_t *used,
                              struct err *e)
{
    const struct advisory_flaw *f = &list[0]->flaw;
    struct advisory a;

    if (!advisory_record(d->advisories, f->record, &a, e))
        return false;
    buf_add(out, STR("{\"id\":"));
    json_write_str(out, f->id);
    add_source(out, "source", f->id);
    add_references(out, d, &a);
    add_ratings(out, f, &a);
    add_cwes(out, d, f);
    sbom_member(out, "description", f->summary);
    if (f->malicious)
        sbom_member(out, "recommendation", STR("Remove it; replace what it could reach."));
    else if (f->fixed.len)
        sbom_member(out, "recommendation",
                    arena_format(d->a, "Update to %.*s or later.", STR_ARG(f->fixed)));
    sbom_member(out, "published", a.published);
    sbom_member(out, "updated", a.modified);
    add_analysis(out, list[0]->vex);
    *used = add_affected(out, s, list, count);
    add_properties(out, f);
    buf_addc(out, '}');
    return true;
}

static bool add_vulnerabilities(struct buf *out, const struct deps *d, const struct sbom *s,
                                struct err *e)
{
    const struct deps_flaw **list;
    size_t used = 0;

    if (!sbom_flaws(d, s, &list, e))
        return false;
    buf_add(out, STR(",\"vulnerabilities\":["));
    for (size_t i = 0; i < d->flaw_count; i += used) {
        if (i)
            buf_addc(out, ',');
        if (!add_vulnerability(out, d, s, list + i, d->flaw_count - i, &used, e))
            return false;
    }
    buf_addc(out, ']');
    return true;
}

bool sbom_cyclonedx(struct buf *out, const struct deps *d, const struct sbom *s, struct err *e)
{
    add_head(out, s);
    add_components(out, d, s);
    add_graph(out, s);
    if (d->advisories && !add_vulnerabilities(out, d, s, e))
        return false;
    buf_add(out, STR("}\n"));
    return !out->failed || err_limit(e);
}
