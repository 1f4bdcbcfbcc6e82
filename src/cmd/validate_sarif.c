/* Results of fnward validate as SARIF: each keyword is a rule. */
#include "cmd/validate.h"

#include "scan/scan.h"

enum { KEYWORDS_MAX = 64 };

struct state {
    struct findings findings;
    struct rule rules[KEYWORDS_MAX];
    size_t rule_count;
};

static bool begin(struct validator *v)
{
    struct state *s = arena_alloc(v->a, sizeof(*s));

    if (!s)
        return false;
    s->findings = findings_new(v->a, FINDINGS_MAX);
    v->reporter_state = s;
    return true;
}

static const struct rule *rule_of(struct validator *v, const char *keyword)
{
    struct state *s = v->reporter_state;
    str id = arena_format(v->a, "json-schema/%s", keyword);
    str title = arena_format(v->a, "A value is not what '%s' asks for", keyword);

    for (size_t i = 0; i < s->rule_count; i++)
        if (str_is(id, s->rules[i].id))
            return &s->rules[i];
    if (s->rule_count == KEYWORDS_MAX || !id.at || !title.at)
        return NULL;
    s->rules[s->rule_count] = (struct rule){
        .id = id.at,
        .title = title.at,
        .severity = SEVERITY_HIGH,
        .confidence = CONFIDENCE_HIGH,
        .cwe = 20,
        .why = "What relies on the schema will refuse the document, or misread it.",
        .fix = "Change the document, or the schema if the document is right.",
    };
    return &s->rules[s->rule_count++];
}

static void invalid(struct validator *v, const struct validate_document *d,
                    const struct schema_problem *problems, size_t count)
{
    struct state *s = v->reporter_state;
    str text = arena_str(v->a, d->text);

    for (size_t i = 0; i < count; i++) {
        const struct schema_problem *p = &problems[i];
        const struct rule *rule = rule_of(v, p->keyword);
        struct place at = validate_place(d, p);
        struct finding *f;

        at.text = text;
        if (!rule || !text.at) {
            s->findings.failed = true;
            return;
        }
        f = finding_add(&s->findings, rule, at, "%.*s %.*s",
                        STR_ARG(p->where.len ? p->where : STR("The document")),
                        STR_ARG(p->why));
        if (f)
            f->where = arena_str(v->a, p->where);
    }
}

static void end(struct validator *v)
{
    static const struct sarif_tool tool = {
        .name = "fnward validate", .version = FNWARD_VERSION, .category = "fnward/validate/"};
    struct state *s = v->reporter_state;

    v->out.max = (size_t)1 << 30;
    s->findings.incomplete = v->counts.unreadable || v->counts.undecided;
    scan_sarif(&v->out, &tool, &s->findings);
    v->out.failed |= s->findings.failed;
}

const struct reporter validate_sarif = {
    .name = "sarif", .begin = begin, .invalid = invalid, .end = end};
