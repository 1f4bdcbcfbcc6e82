/*
 * A schema, a newline, and a value for it; the schema's length chooses the draft. A schema that
 * the value satisfies must not be called impossible, and what is written is JSON.
 */
#include "scan/scan.h"
#include "schema/schema.h"

#include <stdlib.h>

static const struct json_limits limits = {.bytes = 1 << 16, .depth = 40, .nodes = 2000};
static const struct json_limits log_limits = {.bytes = 64 << 20, .depth = 40, .nodes = 1 << 20};

static const struct {
    enum schema_dialect dialect;
    unsigned draft;
} drafts[] = {{SCHEMA_2020_12, 2020},
              {SCHEMA_2019_09, 2019},
              {SCHEMA_DRAFT_7, 7},
              {SCHEMA_DRAFT_6, 6},
              {SCHEMA_DRAFT_4, 4}};

static bool is_called_impossible(const struct findings *f)
{
    for (const struct finding *i = f->first; i; i = i->next)
        if (strcmp(i->rule->id, "schema-unsatisfiable") == 0 && !i->where.len)
            return true;
    return false;
}

static void check_proof(struct arena *a, size_t i, const struct json *source, str text,
                        const struct findings *f)
{
    const struct schema_options o = {
        .dialect = drafts[i].dialect, .annotate_formats = true, .lenient = true};
    struct json *value;
    struct schema *s;
    struct err e = {0}, reading = {0};
    uint32_t offset;

    if (!json_read(a, text, &limits, &value, &reading) ||
        !schema_compile(a, source, &o, &s, &offset, &e))
        return;
    if (schema_valid(s, value) && is_called_impossible(f))
        abort();
    schema_free(s);
}

static void check_log(struct arena *a, struct findings *f)
{
    static const struct sarif_tool tool = {"fuzz", "1.0.0", "fuzz/"};
    CLEANUP(buf_free) struct buf out = {.max = 64 << 20};
    struct json *log;
    struct err e = {0};

    if (f->failed || !findings_sort(f))
        return;
    scan_sarif(&out, &tool, f);
    if (!out.failed && !json_read(a, buf_str(&out), &log_limits, &log, &e) &&
        e.code == ERR_INPUT)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str text = {(const char *)data, size}, first;
    struct findings f = findings_new(a, 200);
    struct scanned_schema s = {.file = "f", .is_event = true};
    struct json *source;
    struct err e = {0};
    size_t i;

    if (!str_cut(&text, '\n', &first) || !json_read(a, first, &limits, &source, &e))
        return 0;
    i = first.len % COUNT(drafts);
    s.root = source;
    s.text = first;
    s.draft = drafts[i].draft;
    scan_schema(&s, &f);
    check_proof(a, i, source, text, &f);
    check_log(a, &f);
    return 0;
}
