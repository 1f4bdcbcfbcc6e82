/* Advisories: compiled from records, matched, merged; damaged files. */
#include "advisory/advisory.h"
#include "tap.h"

#define PACKAGE(ecosystem, name)                                                               \
    "\"package\":{\"ecosystem\":\"" ecosystem "\",\"name\":\"" name "\"}"

static const char *const records[] = {
    "{\"id\":\"GHSA-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"aliases\":[\"CVE-1\"],\"summary\":\"one\","
    "\"database_specific\":{\"severity\":\"HIGH\",\"cwe_ids\":[\"CWE-78\"]},"
    "\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/x\"}],"
    "\"affected\":[{" PACKAGE(
        "npm",
        "left") ",\"ranges\":[{\"type\":\"SEMVER\",\"events\":"
                "[{\"fixed\":\"1.5.0\"},{\"introduced\":\"0\"},{\"introduced\":\"2.0.0\"},{\"fixed\":\"2.3.1\"}]}],"
                "\"ecosystem_specific\":{\"affected_functions\":[\"left.pad\"]}}]}",
    /* The same flaw by another database. */
    "{\"id\":\"CVE-1\",\"modified\":\"2024-02-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "npm",
        "left") ","
                "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"},{\"last_affected\":\"1.4.9\"}]}]}]}",
    "{\"id\":\"PYSEC-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "PyPI",
        "Zope.Interface") ","
                          "\"versions\":[\"1.0\"],\"ranges\":[{\"type\":\"GIT\",\"events\":[{\"introduced\":\"0\"}]}]}]}",
    "{\"id\":\"GHSA-2\",\"modified\":\"2023-01-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "npm",
        "right") ","
                 "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"}]}]}]}",
    /* The same record, withdrawn later. */
    "{\"id\":\"GHSA-2\",\"modified\":\"2023-06-01T00:00:00Z\",\"withdrawn\":\"2023-06-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "npm", "right") ",\"versions\":[\"1.0.0\"]}]}",
    "{\"id\":\"MAL-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "npm", "evil") ",\"versions\":[\"6.6.6\"]}]}",
    "{\"id\":\"DSA-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "Debian:12",
        "curl") ","
                "\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"7.88.1-10+deb12u6\"}]}]}]}",
    "{\"id\":\"L-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":[{" PACKAGE(
        "Go",
        "example.com/m") ","
                         "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"1.0.0\"},{\"limit\":\"2.0.0\"}]}],"
                         "\"ecosystem_specific\":{\"imports\":[{\"path\":\"example.com/m/a\",\"symbols\":[\"F\"]},{\"path\":\"example.com/m/b\"}]}}]}",
};

static const struct {
    const char *ecosystem, *name, *version;
    const char *found; /* "ID" or "ID>FIX", spaces between */
} questions[] = {
    {"npm", "left", "1.4.9", "GHSA-1>1.5.0 CVE-1"},
    {"npm", "left", "1.4.10", "GHSA-1>1.5.0"},
    {"npm", "left", "1.5.0", ""},
    {"npm", "left", "2.0.0-rc.1", ""},
    {"npm", "left", "2.3.0", "GHSA-1>2.3.1"},
    {"npm", "left", "2.3.1", ""},
    {"npm", "Left", "1.0.0", ""},
    {"PyPI", "zope_interface", "1.0.0", "PYSEC-1"},
    {"PyPI", "zope-interface", "1.1", ""},
    {"npm", "right", "1.0.0", ""},
    {"npm", "evil", "6.6.6", "MAL-1"},
    {"Debian:12", "curl", "7.88.1-10+deb12u5", "DSA-1>7.88.1-10+deb12u6"},
    {"Debian:11", "curl", "7.74.0-1", ""},
    {"Go", "example.com/m", "v1.9.9", "L-1"},
    {"Go", "example.com/m", "v2.0.0", ""},
    {"Unknown", "x", "1", ""},
};

static const char kev[] = "{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveID\":\"CVE-1\","
                          "\"dateAdded\":\"2024-03-04\"}]}";
static const char epss[] = "#model_version:v2025.03.14\ncve,epss,percentile\n"
                           "CVE-1,0.123456,0.9\nCVE-2,1,1\n";

static struct advisory_hit hits[ADVISORY_HITS_MAX];

static bool compile(const char *const *list, size_t n, struct buf *out,
                    struct advisory_counts *counts, struct err *e)
{
    CLEANUP(advisory_compiler_freep) struct advisory_compiler *c = advisory_compiler_new();
    bool ok = true;

    for (size_t i = 0; ok && i < n; i++)
        ok = advisory_add(c, str_of(list[i]), e);
    return ok && advisory_add_kev(c, str_of(kev), e) && advisory_add_epss(c, str_of(epss), e) &&
           advisory_write(c, 1700000000000, out, counts, e);
}

static void ask(struct arena *a, const struct advisories *db, size_t i)
{
    struct advisory_package p = {str_of(questions[i].ecosystem), str_of(questions[i].name),
                                 str_of(questions[i].version)};
    CLEANUP(buf_free) struct buf found = {0};
    struct advisory r;
    struct err e = {0};
    size_t n = 0;

    p.name = advisory_name(a, p.ecosystem, p.name);
    CHECK(advisory_match(db, &p, hits, &n, &e), "%s %s %s is looked up", questions[i].ecosystem,
          questions[i].name, questions[i].version);
    for (size_t k = 0; k < n; k++) {
        if (!advisory_record(db, hits[k].record, &r, &e))
            continue;
        buf_addf(&found, "%s%.*s", k ? " " : "", STR_ARG(r.id));
        if (hits[k].fixed.len)
            buf_addf(&found, ">%.*s", STR_ARG(hits[k].fixed));
    }
    CHECK_STR(buf_str(&found), questions[i].found, "... and found in '%s'", questions[i].found);
}

static void test_record(const struct advisories *db)
{
    struct advisory_package p = {STR("npm"), STR("left"), STR("1.0.0")};
    struct advisory first, second;
    struct err e = {0};
    size_t n = 0;

    if (!CHECK(advisory_match(db, &p, hits, &n, &e) && n == 2 &&
                   advisory_record(db, hits[0].record, &first, &e) &&
                   advisory_record(db, hits[1].record, &second, &e),
               "both records of a flaw are found"))
        return;
    CHECK(hits[0].group == hits[1].group, "... and are one flaw");
    CHECK_STR(first.summary, "one", "a summary is kept");
    CHECK_STR(first.word, "HIGH", "so is the database's word for the severity");
    CHECK_STR(first.vectors[1], "CVSS:3.1/x", "so is the vector");
    CHECK_STR(advisory_text(db, first.cwes, 0), "CWE-78", "so is the weakness");
    CHECK_STR(advisory_text(db, hits[0].symbols, 0), "left.pad", "so is the function");
    CHECK_STR(first.exploited, "2024-03-04", "an alias tells that it is exploited");
    CHECK(first.epss > 0.1234 && first.epss < 0.1235, "... and how probable that is");
    CHECK_STR(advisory_text(db, UINT32_MAX, 3), "", "a text outside of the file is empty");
    CHECK(!advisory_record(db, 1000, &first, &e), "a record outside of the file is an error");
}

static void test_symbols(const struct advisories *db)
{
    struct advisory_package p = {STR("Go"), STR("example.com/m"), STR("1.0.0")};
    struct err e = {0};
    size_t n = 0;

    if (!CHECK(advisory_match(db, &p, hits, &n, &e) && n == 1 && hits[0].symbol_count == 2,
               "a Go module's symbols are kept"))
        return;
    CHECK_STR(advisory_text(db, hits[0].symbols, 0), "example.com/m/a#F", "one of a package");
    CHECK_STR(advisory_text(db, hits[0].symbols, 1), "example.com/m/b", "or all of it");
}

/* Every byte changed: an error, or an answer, and never a crash. */
static void test_damage(const struct buf *whole)
{
    CLEANUP(buf_free) struct buf copy = {0};
    struct advisories db;
    unsigned caught = 0;

    buf_add(&copy, buf_str(whole));
    for (size_t i = 0; i < copy.len; i++) {
        struct err e = {0};
        char was = copy.at[i];

        copy.at[i] = (char)(was ^ 0x55);
        if (!advisory_open(buf_str(&copy), &db, &e) || !advisory_verify(&db, &e))
            caught++;
        for (size_t q = 0; !e.code && q < COUNT(questions); q++) {
            struct advisory_package p = {str_of(questions[q].ecosystem),
                                         str_of(questions[q].name), STR("1.0.0")};
            size_t n = 0;

            if (!advisory_match(&db, &p, hits, &n, &e))
                break;
        }
        copy.at[i] = was;
    }
    CHECK(caught == copy.len, "%u of %zu damaged bytes are noticed", caught, copy.len);
    CHECK(!advisory_open(str_sub(buf_str(&copy), 0, copy.len - 8), &db, &(struct err){0}),
          "a file that was cut short is refused");
    CHECK(!advisory_open(STR(""), &db, &(struct err){0}), "so is an empty one");
}

static void test_wrong(void)
{
    static const char *const wrong[] = {"",       "[]", "{}", "{\"id\":1}", "{\"id\":\"x\"",
                                        "nothing"};

    for (size_t i = 0; i < COUNT(wrong); i++) {
        CLEANUP(advisory_compiler_freep) struct advisory_compiler *c = advisory_compiler_new();

        CHECK(!advisory_add(c, str_of(wrong[i]), &(struct err){0}), "'%s' is no record",
              wrong[i]);
        CHECK(!advisory_add_kev(c, str_of(wrong[i]), &(struct err){0}), "... and no catalogue");
    }
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf file = {0};
    struct advisory_counts counts;
    struct advisories db;
    struct err e = {0};

    if (!CHECK(compile(records, COUNT(records), &file, &counts, &e), "records compile: %s",
               e.what))
        return tap_end();
    CHECK(counts.records == 6 && counts.withdrawn == 1 && counts.exploited == 2,
          "%zu records, %zu withdrawn, %zu exploited", counts.records, counts.withdrawn,
          counts.exploited);
    if (!CHECK(advisory_open(buf_str(&file), &db, &e) && advisory_verify(&db, &e),
               "the file opens"))
        return tap_end();
    CHECK_STR(advisory_newest(&db), "2024-02-01T00:00:00Z", "the newest record is known");
    for (size_t i = 0; i < COUNT(questions); i++)
        ask(a, &db, i);
    test_record(&db);
    test_symbols(&db);
    test_damage(&file);
    test_wrong();
    return tap_end();
}
