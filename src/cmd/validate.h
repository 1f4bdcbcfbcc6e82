/*
 * validate: what the files of this command share. A document goes through three steps: it is
 * found (validate_input.c), judged (validate.c), and told of by one of the reporters.
 */
#pragma once

#include "cmd/cmd.h"
#include "schema/schema.h"

enum { PROBLEMS_DEFAULT = 20, VALIDATE_PROBLEMS_MAX = 1000, VALIDATE_DOCUMENTS_MAX = 4096 };

/* A file that a place can be shown in. */
struct validate_source {
    const char *file;
    str text;
    const struct json *root;
};

struct validate_document {
    const char *file;
    str text;
    unsigned line; /* in a file of lines: its number; else 0 */
    const struct json *root;
    bool read_failed; /* told already */
};

struct validate_counts {
    size_t valid, invalid, undecided, unreadable;
};

struct validator {
    struct arena *a; /* for as long as the command runs */
    struct arena *document_arena; /* forgotten after each document */
    struct schema_options options;
    struct validate_source schema_source;
    const struct validate_source *pinned; /* of options.documents */
    struct schema *schema;
    const struct reporter *reporter;
    const char *output; /* flag, basic or detailed */
    size_t problems_max;
    bool explain, lines, colour;
    struct validate_counts counts;
    struct buf out;
    bool deaf; /* nobody reads what is written */
    void *reporter_state;
};

struct reporter {
    const char *name;
    bool (*begin)(struct validator *v);
    void (*valid)(struct validator *v, const struct validate_document *d);
    void (*invalid)(struct validator *v, const struct validate_document *d,
                    const struct schema_problem *problems, size_t count);
    void (*unreadable)(struct validator *v, const struct validate_document *d,
                       const struct err *e);
    void (*end)(struct validator *v);
};

extern const struct reporter validate_text, validate_json, validate_sarif;

/* ---- validate_schema.c ---- */

/* Reads and compiles the schema, and what --schema-dir names. */
bool validate_load(struct validator *v, const char *file, const char *schema_dir,
                   struct err *e) MUST_USE;
/* Where a keyword stands, by the URI and pointer of a problem. False when it is not known. */
bool validate_find(const struct validator *v, const struct schema_problem *p,
                   struct validate_source *ret, str *pointer);

/* ---- validate_input.c ---- */

/* Every document of a file: one, or one a line. False when no more is to be done at all. */
bool validate_file(struct validator *v, const char *file);
/* JSON, or YAML by its name or its look. */
bool validate_parse(struct arena *a, str text, const char *file, struct json **ret,
                    struct err *e) MUST_USE;

/* ---- validate.c ---- */

void validate_judge(struct validator *v, struct validate_document *d);
void validate_unreadable(struct validator *v, const struct validate_document *d,
                         const struct err *e);
/* Writes what has gathered, when it is much or `all`. */
void validate_flush(struct validator *v, bool all);
struct place validate_place(const struct validate_document *d, const struct schema_problem *p);

/* ---- validate_explain.c ---- */

/* What the schema wants there, in words, and the branch that came nearest. */
void validate_explain(struct validator *v, const struct validate_document *d,
                      const struct schema_problem *p);
