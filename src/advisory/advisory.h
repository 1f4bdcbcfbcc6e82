/*
 * advisory: OSV's records of vulnerabilities compiled into one file, and which of them a version of
 * a package is in.
 *
 * The file is made to be mapped: it is used where it lies, and every offset in it is checked when it
 * is followed. Matching is what OSV's schema calls evaluation: a version is affected when it is in the
 * list of versions or in a range, of type SEMVER by semver.org's order, of type ECOSYSTEM by the
 * ecosystem's own; ranges of git commits are passed over, and so are records that were withdrawn.
 *
 * https://ossf.github.io/osv-schema/
 */
#pragma once

#include "base/base.h"

enum {
    ADVISORY_JSON_MAX = 8 << 20, /* bytes of one record */
    ADVISORY_HITS_MAX = 4096, /* of one version of one package */
};

/* ---- compiling ---- */

struct advisory_compiler;

struct advisory_counts {
    size_t records, withdrawn, packages;
    size_t exploited, scored; /* known to be exploited; with a probability of exploitation */
};

/* NULL without memory. */
struct advisory_compiler *advisory_compiler_new(void) MUST_USE;
void advisory_compiler_free(struct advisory_compiler *c);
void advisory_compiler_freep(struct advisory_compiler **c);
/* One OSV record. A second one with the same id replaces the first if it was modified later. */
bool advisory_add(struct advisory_compiler *c, str json, struct err *e) MUST_USE;
/* CISA's catalogue of known exploited vulnerabilities, as JSON. */
bool advisory_add_kev(struct advisory_compiler *c, str json, struct err *e) MUST_USE;
/* FIRST's exploit predictions: lines CVE,probability,percentile. */
bool advisory_add_epss(struct advisory_compiler *c, str csv, struct err *e) MUST_USE;
/* The file's bytes. */
bool advisory_write(struct advisory_compiler *c, uint64_t wall_ms, struct buf *ret,
                    struct advisory_counts *counts, struct err *e) MUST_USE;

/* ---- reading ---- */

struct advisories {
    str bytes;
    const struct file_head *head;
};

/* `bytes` must outlive the result, and begin at an address that 8 divides (a mapping does). */
bool advisory_open(str bytes, struct advisories *ret, struct err *e) MUST_USE;
/* Whether all of it is as it was written. */
bool advisory_verify(const struct advisories *db, struct err *e) MUST_USE;
uint64_t advisory_built_ms(const struct advisories *db);
/* When its newest record was modified, "2026-08-20T..."; empty when none says. */
str advisory_newest(const struct advisories *db);
size_t advisory_count(const struct advisories *db);
size_t advisory_package_count(const struct advisories *db);

struct advisory_package {
    str ecosystem; /* OSV's name: "npm", "PyPI", "Debian:12" */
    str name, version;
};

/* One record that a version is in. */
struct advisory_hit {
    uint32_t record;
    uint32_t group; /* records that are aliases of each other have the same */
    str fixed; /* the lowest version after this one that the range names as fixed, or "" */
    uint32_t symbols, symbol_count; /* for advisory_text(): what of the package is vulnerable */
};

/* In the order of the file. Fails when the file is damaged, and past ADVISORY_HITS_MAX. */
bool advisory_match(const struct advisories *db, const struct advisory_package *p,
                    struct advisory_hit *ret, size_t *count, struct err *e) MUST_USE;

enum { ADVISORY_VECTORS = 3 };

struct advisory {
    str id, summary, published, modified;
    str vectors[ADVISORY_VECTORS]; /* CVSS of versions 4, 3 and 2, or "" */
    str word; /* the severity in the database's own word, or "" */
    uint32_t aliases, alias_count, cwes, cwe_count; /* for advisory_text() */
    bool malicious; /* the package itself is the attack */
    str exploited; /* the day on which it became known, or "" */
    double epss; /* probability of being exploited within 30 days; below 0: not known */
};

bool advisory_record(const struct advisories *db, uint32_t record, struct advisory *ret,
                     struct err *e) MUST_USE;
/* The i-th text of a list in a record or a hit; "" outside of the file. */
str advisory_text(const struct advisories *db, uint32_t list, uint32_t i);

/* A flaw: one, or several records that are aliases of each other. */
struct advisory_flaw {
    uint32_t record; /* the one that says most of it */
    uint32_t group;
    str id, cve; /* cve: the number by which all know it, where it is not the id; or "" */
    str summary;
    unsigned tenths; /* the CVSS score, 0 to 100; 0 with a rating: only a word is known */
    const char *rating; /* "critical" to "low", "none", or "unknown" */
    bool malicious;
    str exploited, fixed;
    double epss;
    uint32_t symbols, symbol_count, cwes, cwe_count;
};

/* The more urgent comes first: malicious, exploited, severe, likely to be exploited. */
int advisory_flaw_order(const struct advisory_flaw *a, const struct advisory_flaw *b);
/* The flaws of one version, by its hits, in that order. */
bool advisory_flaws(const struct advisories *db, const struct advisory_hit *hits, size_t count,
                    struct advisory_flaw *ret, size_t *flaws, struct err *e) MUST_USE;

/* The name that is looked up: PyPI's by PEP 503, NuGet's and Packagist's in lower case. */
str advisory_name(struct arena *a, str ecosystem, str name) MUST_USE;
