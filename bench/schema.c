/*
 * Reading and validating public documents: nanoseconds for each, by schema. Takes the folder of
 * schemas (SCHEMA/schema.json and SCHEMA/instances.jsonl) from FNWARD_SUITES.
 */
#include "json/json.h"
#include "schema/schema.h"

#include <dirent.h>
#include <stdlib.h>

enum { ROUNDS = 20 };

static const struct json_limits limits = {.bytes = 1 << 26, .depth = 200, .nodes = 1 << 24};

struct totals {
    unsigned documents, refused;
    size_t bytes;
    uint64_t read_ns, valid_ns;
};

static struct json *read_json(struct arena *a, str text)
{
    struct err e = {0};
    struct json *v;

    return json_read(a, text, &limits, &v, &e) ? v : NULL;
}

static void measure_line(struct arena *scratch, const struct schema *s, str line,
                         struct totals *t)
{
    uint64_t start = clock_mono_ns(), read, end;
    struct json *v = read_json(scratch, line);
    bool valid;

    read = clock_mono_ns();
    valid = v && schema_valid(s, v);
    end = clock_mono_ns();
    t->read_ns += read - start;
    t->valid_ns += end - read;
    t->bytes += line.len;
    t->documents++;
    t->refused += !valid;
    arena_reset(scratch);
}

static void measure(const struct schema *s, str documents, struct totals *t)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new(0);

    for (unsigned i = 0; i < ROUNDS; i++) {
        str rest = documents, line;

        while (str_cut(&rest, '\n', &line))
            if (line.len)
                measure_line(scratch, s, line, t);
    }
}

static void measure_folder(const char *root, const char *name)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    str schema = arena_format(a, "%s/%s/schema.json", root, name), text;
    str documents = arena_format(a, "%s/%s/instances.jsonl", root, name);
    struct totals t = {0};
    struct err e = {0};
    struct json *source;
    struct schema *s;
    uint32_t offset;

    if (!file_read(a, schema.at, limits.bytes, &text, &e) || !(source = read_json(a, text)))
        return;
    if (!schema_compile(a, source, NULL, &s, &offset, &e)) {
        printf("%-24s not compiled: %s\n", name, e.what);
        return;
    }
    if (file_read(a, documents.at, limits.bytes, &text, &e)) {
        measure(s, text, &t);
        printf(
            "%-24s %6u documents of %5zu bytes: read %6.0f ns (%4.0f MB/s), validate %6.0f ns, "
            "%u refused\n",
            name, t.documents / ROUNDS, t.bytes / t.documents, (double)t.read_ns / t.documents,
            (double)t.bytes * 1e3 / (double)t.read_ns, (double)t.valid_ns / t.documents,
            t.refused / ROUNDS);
    }
    schema_free(s);
}

static void close_folder(DIR **d)
{
    if (*d)
        closedir(*d);
}

int main(void)
{
    const char *suites = getenv("FNWARD_SUITES");
    char root[512];
    CLEANUP(close_folder) DIR *d = NULL;

    snprintf(root, sizeof(root), "%s/json-schema-bench", suites ? suites : "");
    d = opendir(root);
    if (!d) {
        printf("FNWARD_SUITES names no folder with json-schema-bench in it\n");
        return 77;
    }
    for (struct dirent *f; (f = readdir(d));)
        if (f->d_name[0] != '.')
            measure_folder(root, f->d_name);
    return 0;
}
