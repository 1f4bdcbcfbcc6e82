/* What fnward check found, as text, JSON, SARIF, GitHub's annotations and JUnit's XML. */
#include "cmd/check.h"

/* ---- text ---- */

static const char *kind_of(const struct finding *f, bool colour)
{
    static const char *const coloured[] = {
        [SEVERITY_INFO] = "\033[36minfo\033[0m",
        [SEVERITY_LOW] = "\033[36mlow\033[0m",
        [SEVERITY_MEDIUM] = "\033[33mmedium\033[0m",
        [SEVERITY_HIGH] = "\033[1;31mhigh\033[0m",
        [SEVERITY_CRITICAL] = "\033[1;31mcritical\033[0m",
    };

    return colour ? coloured[f->severity] : severity_name(f->severity);
}

static bool is_first_of_rule(const struct checked *c, const struct finding *f)
{
    for (const struct finding *i = c->findings.first; i != f; i = i->next)
        if (i->rule == f->rule)
            return false;
    return true;
}

static void add_related(struct buf *out, const struct finding *f)
{
    for (const struct related *r = f->related; r; r = r->next)
        buf_addf(out, "  see: %s:%u:%u (%.*s)\n", r->at.file, r->at.line, r->at.column,
                 STR_ARG(r->message));
}

/* Why and how are told where a rule is met for the first time. */
static void add_finding(struct buf *out, const struct checked *c, const struct finding *f,
                        bool colour)
{
    CLEANUP(buf_free) struct buf what = {0};

    buf_addf(&what, "%.*s [%s]", STR_ARG(f->message), f->rule->id);
    buf_addc(&what, '\0');
    place_render(out, f->at, kind_of(f, colour), what.at, NULL);
    add_related(out, f);
    if (is_first_of_rule(c, f))
        buf_addf(out, "  why: %s\n", f->rule->why);
    if (f->fix.len || is_first_of_rule(c, f))
        buf_addf(out, "  fix: %.*s\n", STR_ARG(f->fix.len ? f->fix : str_of(f->rule->fix)));
}

static void add_counts(struct buf *out, const struct checked *c)
{
    const char *between = ": ";

    buf_addf(out, "%zu finding%s in %zu file%s", c->findings.count,
             c->findings.count == 1 ? "" : "s", c->file_count, c->file_count == 1 ? "" : "s");
    for (int s = SEVERITY_CRITICAL; s >= SEVERITY_INFO; s--) {
        size_t n = check_count(c, (enum severity)s);

        if (!n)
            continue;
        buf_addf(out, "%s%zu %s", between, n, severity_name((enum severity)s));
        between = ", ";
    }
    buf_add(out,
            c->findings.incomplete ? STR("; not everything could be looked at\n") : STR("\n"));
    if (c->findings.dropped)
        buf_addf(out, "%zu more are not shown\n", c->findings.dropped);
}

static void write_text(struct buf *out, struct checked *c)
{
    const char *file = NULL;
    bool colour = cmd_colour();

    for (const struct finding *f = c->findings.first; f; f = f->next) {
        if (file && strcmp(file, f->at.file) != 0)
            buf_addc(out, '\n');
        file = f->at.file;
        add_finding(out, c, f, colour);
    }
    if (file)
        buf_addc(out, '\n');
    add_counts(out, c);
}

/* ---- JSON ---- */

static void add_member(struct buf *out, const char *name, str value)
{
    buf_addf(out, ",\"%s\":", name);
    json_write_str(out, value);
}

static void add_object(struct buf *out, const struct finding *f)
{
    char print[33];

    finding_fingerprint(f, 0, print);
    buf_add(out, STR("{\"rule\":"));
    json_write_str(out, str_of(f->rule->id));
    add_member(out, "severity", str_of(severity_name(f->severity)));
    add_member(out, "confidence", str_of(confidence_name(f->rule->confidence)));
    if (f->rule->cwe)
        buf_addf(out, ",\"cwe\":%u", f->rule->cwe);
    add_member(out, "message", f->message);
    add_member(out, "file", str_of(f->at.file));
    buf_addf(out, ",\"line\":%u,\"column\":%u,\"width\":%u", f->at.line, f->at.column,
             f->at.width);
    add_member(out, "where", f->where);
    add_member(out, "why", str_of(f->rule->why));
    add_member(out, "fix", f->fix.len ? f->fix : str_of(f->rule->fix));
    add_member(out, "fingerprint", str_of(print));
    buf_addc(out, '}');
}

static void write_json(struct buf *out, struct checked *c)
{
    buf_addf(out, "{\"files\":%zu,\"complete\":%s,\"failing\":%zu,\"findings\":[",
             c->file_count, c->findings.incomplete ? "false" : "true", check_failing(c));
    for (const struct finding *f = c->findings.first; f; f = f->next) {
        add_object(out, f);
        if (f->next)
            buf_addc(out, ',');
    }
    buf_add(out, STR("]}\n"));
}

static void write_sarif(struct buf *out, struct checked *c)
{
    static const struct sarif_tool tool = {
        .name = "fnward", .version = FNWARD_VERSION, .category = "fnward/check/"};

    scan_sarif(out, &tool, &c->findings);
}

/* ---- GitHub's workflow commands ---- */

/* A value of a command may hold no line breaks; a property no colons or commas either. */
static void add_escaped(struct buf *out, str s, const char *others)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (c == '%' || c == '\r' || c == '\n' || (c && strchr(others, c)))
            buf_addf(out, "%%%02X", (unsigned char)c);
        else
            buf_addc(out, c);
    }
}

static void write_github(struct buf *out, struct checked *c)
{
    static const char *const levels[] = {
        [SEVERITY_INFO] = "notice",    [SEVERITY_LOW] = "notice",
        [SEVERITY_MEDIUM] = "warning", [SEVERITY_HIGH] = "error",
        [SEVERITY_CRITICAL] = "error",
    };

    for (const struct finding *f = c->findings.first; f; f = f->next) {
        buf_addf(out, "::%s file=", levels[f->severity]);
        add_escaped(out, str_of(f->at.file), ":,");
        buf_addf(out, ",line=%u,col=%u,title=", f->at.line, f->at.column);
        add_escaped(out, str_of(f->rule->title), ":,");
        buf_add(out, STR("::"));
        add_escaped(out, f->message, "");
        buf_addf(out, " [%s]\n", f->rule->id);
    }
}

/* ---- JUnit ---- */

static void add_xml(struct buf *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        if (c == '&')
            buf_add(out, STR("&amp;"));
        else if (c == '<')
            buf_add(out, STR("&lt;"));
        else if (c == '"')
            buf_add(out, STR("&quot;"));
        else if (c < 0x20)
            buf_addf(out, c == '\n' || c == '\t' ? "&#%u;" : "\\x%02x", c);
        else
            buf_addc(out, (char)c);
    }
}

static size_t findings_in(const struct checked *c, const char *file)
{
    size_t n = 0;

    for (const struct finding *f = c->findings.first; f; f = f->next)
        n += strcmp(f->at.file, file) == 0;
    return n;
}

static void add_case(struct buf *out, const struct finding *f)
{
    buf_add(out, STR("    <testcase classname=\""));
    add_xml(out, str_of(f->at.file));
    buf_addf(out, "\" name=\"%s at %u:%u\"><failure type=\"%s\" message=\"", f->rule->id,
             f->at.line, f->at.column, severity_name(f->severity));
    add_xml(out, f->message);
    buf_add(out, STR("\">"));
    add_xml(out, str_of(f->rule->why));
    buf_add(out, STR("</failure></testcase>\n"));
}

static void add_suite(struct buf *out, const struct checked *c, const char *file)
{
    size_t n = findings_in(c, file);

    buf_add(out, STR("  <testsuite name=\""));
    add_xml(out, str_of(file));
    buf_addf(out, "\" tests=\"%zu\" failures=\"%zu\">\n", n ? n : 1, n);
    for (const struct finding *f = c->findings.first; f; f = f->next)
        if (strcmp(f->at.file, file) == 0)
            add_case(out, f);
    if (!n) {
        buf_add(out, STR("    <testcase classname=\""));
        add_xml(out, str_of(file));
        buf_add(out, STR("\" name=\"no findings\"/>\n"));
    }
    buf_add(out, STR("  </testsuite>\n"));
}

static void write_junit(struct buf *out, struct checked *c)
{
    buf_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fnward "
                     "check\">\n"));
    for (size_t i = 0; i < c->file_count; i++)
        add_suite(out, c, c->files[i]);
    if (c->findings.incomplete)
        buf_add(out,
                STR("  <testsuite name=\"fnward\" tests=\"1\" errors=\"1\">\n"
                    "    <testcase classname=\"fnward\" name=\"everything could be looked at\">"
                    "<error message=\"see the errors on stderr\"/></testcase>\n"
                    "  </testsuite>\n"));
    buf_add(out, STR("</testsuites>\n"));
}

const struct check_format check_formats[] = {
    {"text", write_text},     {"json", write_json},   {"sarif", write_sarif},
    {"github", write_github}, {"junit", write_junit}, {0},
};
