/*
 * SPDX 2.3 as JSON: the packages and their relationships.
 *
 * https://spdx.github.io/spdx-spec/v2.3/
 */
#include "cmd/deps_sbom.h"
#include "json/json.h"

static void add_id(struct buf *out, uint32_t component)
{
    if (component == SBOM_PROJECT)
        buf_add(out, STR("\"SPDXRef-Project\""));
    else
        buf_addf(out, "\"SPDXRef-Package-%u\"", component + 1);
}

/* Documents have names of their own: one of other packages must not have this one's. */
static uint64_t hash_of(const struct sbom *s)
{
    uint64_t hash = str_hash(s->created, 0);

    for (size_t i = 0; i < s->count; i++)
        hash = str_hash(s->components[i].ref, hash);
    return hash;
}

static void add_head(struct buf *out, const struct sbom *s)
{
    buf_add(out, STR("{\"spdxVersion\":\"SPDX-2.3\",\"dataLicense\":\"CC0-1.0\","
                     "\"SPDXID\":\"SPDXRef-DOCUMENT\""));
    sbom_member(out, "name", s->name.len ? s->name : STR("project"));
    buf_addf(out, ",\"documentNamespace\":\"urn:fnward:spdx:%016llx\"",
             (unsigned long long)hash_of(s));
    buf_addf(out,
             ",\"creationInfo\":{\"created\":\"%.*s\",\"creators\":[\"Tool: "
             "fnward-" FNWARD_VERSION "\"]}",
             STR_ARG(s->created));
}

static void add_checksum(struct buf *out, struct arena *a, str hash)
{
    struct sbom_hash h;

    if (sbom_hash(a, hash, &h))
        buf_addf(out, ",\"checksums\":[{\"algorithm\":\"%s\",\"checksumValue\":\"%.*s\"}]",
                 h.spdx, STR_ARG(h.hex));
}

static void add_package(struct buf *out, const struct deps *d, const struct sbom *s, uint32_t i)
{
    const struct sbom_component *c = &s->components[i];

    buf_add(out, STR(",{\"SPDXID\":"));
    add_id(out, i);
    buf_add(out, STR(",\"name\":"));
    json_write_str(out, c->package->name);
    sbom_member(out, "versionInfo", c->package->version);
    buf_add(out, STR(",\"downloadLocation\":\"NOASSERTION\",\"filesAnalyzed\":false"));
    add_checksum(out, d->a, c->package->hash);
    if (c->is_purl) {
        buf_add(out, STR(",\"externalRefs\":[{\"referenceCategory\":\"PACKAGE-MANAGER\","
                         "\"referenceType\":\"purl\""));
        sbom_member(out, "referenceLocator", c->ref);
        buf_add(out, STR("}]"));
    }
    buf_addc(out, '}');
}

static void add_relationship(struct buf *out, const struct sbom *s,
                             const struct sbom_edge *edge)
{
    const struct sbom_component *to = &s->components[edge->to];
    bool turned = !to->used;

    buf_add(out, STR(",{\"spdxElementId\":"));
    add_id(out, turned ? edge->to : edge->by);
    buf_addf(out, ",\"relationshipType\":\"%s\",\"relatedSpdxElement\":",
             to->used       ? "DEPENDS_ON"
             : to->optional ? "OPTIONAL_DEPENDENCY_OF"
                            : "DEV_DEPENDENCY_OF");
    add_id(out, turned ? edge->by : edge->to);
    buf_addc(out, '}');
}

bool sbom_spdx(struct buf *out, const struct deps *d, const struct sbom *s, struct err *e)
{
    add_head(out, s);
    buf_add(out, STR(",\"packages\":[{\"SPDXID\":\"SPDXRef-Project\""));
    sbom_member(out, "name", s->name.len ? s->name : STR("project"));
    buf_add(out, STR(",\"downloadLocation\":\"NOASSERTION\",\"filesAnalyzed\":false}"));
    for (uint32_t i = 0; i < s->count; i++)
        add_package(out, d, s, i);
    buf_add(out, STR("],\"relationships\":[{\"spdxElementId\":\"SPDXRef-DOCUMENT\","
                     "\"relationshipType\":\"DESCRIBES\","
                     "\"relatedSpdxElement\":\"SPDXRef-Project\"}"));
    for (size_t i = 0; i < s->edge_count; i++)
        add_relationship(out, s, &s->edges[i]);
    buf_add(out, STR("]}\n"));
    return !out->failed || err_limit(e);
}
