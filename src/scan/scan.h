/*
 * scan: findings. What a rule is, what was found and where, and SARIF 2.1.0 to hand it on.
 *
 * A rule is data: its words, its weight and its place in the CWE list. A finding is not an
 * error: it says that something which works as written is not what its author should want.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

enum severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL
};
enum confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

struct rule {
    const char *id; /* "schema-open-object"; its page is docs/rules/ID.md */
    const char *title; /* a sentence without its full stop */
    enum severity severity;
    enum confidence confidence;
    unsigned cwe; /* 0: none */
    const char *why; /* what can happen, in a sentence or two */
    const char *fix; /* what to write instead */
};

struct related {
    struct place at;
    str message;
    const struct related *next;
};

struct finding {
    const struct rule *rule;
    enum severity severity; /* the rule's, or what this case makes of it */
    str message;
    struct place at;
    str where; /* inside the file: a JSON Pointer, a name; "" when there is none */
    str fix; /* "": the rule's */
    const struct related *related;
    struct finding *next;
};

/* Findings in the order in which they were added; memory from `arena`. */
struct findings {
    struct arena *arena;
    struct finding *first, **end;
    size_t count, max; /* what is found past `max` is only counted, in `dropped` */
    size_t dropped;
    bool failed; /* the arena is full: something was lost */
    bool incomplete; /* something could not be looked at, which the reader must be told */
};

enum { FINDINGS_MAX = 25000 }; /* as many as GitHub takes from one run */

struct findings findings_new(struct arena *a, size_t max);
/* A finding of the rule's own severity at a place; NULL past the maximum or without memory. */
struct finding *finding_add(struct findings *f, const struct rule *rule, struct place at,
                            const char *format, ...) PRINTF_LIKE(4, 5);
void finding_relate(struct findings *f, struct finding *to, struct place at,
                    const char *message);
/* By file, place, rule; the same thing found twice at one place is kept once. */
bool findings_sort(struct findings *f);

const char *severity_name(enum severity s);
const char *confidence_name(enum confidence c);
bool severity_named(str name, enum severity *ret);
/* What stays the same when lines move: rule, file, the place inside the file or the text of
 * the line, and the how-manieth of its like. 32 hexadecimal digits and a NUL. */
void finding_fingerprint(const struct finding *f, unsigned ordinal, char out[33]);

struct sarif_tool {
    const char *name, *version;
    const char *category; /* keeps the runs of several tools on one commit apart */
};

/* One run as a whole SARIF 2.1.0 log. The rules of all findings are described in it once. */
void scan_sarif(struct buf *out, const struct sarif_tool *tool, const struct findings *f);

/* ---- schemas ---- */

/* Ended by a row without an id. */
extern const struct rule scan_schema_rules[];

struct scanned_schema {
    const struct json *root;
    const char *file;
    str text; /* of the file, for places */
    unsigned draft; /* 4, 6, 7, 2019 or 2020 where no $schema says it */
    bool is_event; /* what strangers send is checked against it, so that size matters */
};

/* Adds to `f` what is wrong with a schema: what contradicts itself, what lets too much through.
 * Nothing is reported as impossible that is not proven to be. */
void scan_schema(const struct scanned_schema *s, struct findings *f);
