/* "ECOSYSTEM<tab>NAME<tab>VERSION" a line in; the ids of the advisories that it is in out. */
#include "advisory/advisory.h"

#include <stdlib.h>

enum { LINE_LIMIT = 4096 };

static void fail(const struct err *e)
{
    fprintf(stderr, "%s\n", e->what);
    exit(2);
}

static int order(const void *a, const void *b)
{
    return str_compare(*(const str *)a, *(const str *)b);
}

static void print_matches(struct arena *a, const struct advisories *db, str line)
{
    static struct advisory_hit hits[ADVISORY_HITS_MAX];
    static str ids[ADVISORY_HITS_MAX];
    struct advisory_package p;
    struct advisory record;
    struct err e = {0};
    size_t n;

    if (!str_cut(&line, '\t', &p.ecosystem) || !str_cut(&line, '\t', &p.name))
        return;
    p.name = advisory_name(a, p.ecosystem, p.name);
    p.version = str_trim(line);
    if (!advisory_match(db, &p, hits, &n, &e))
        fail(&e);
    for (size_t i = 0; i < n; i++) {
        if (!advisory_record(db, hits[i].record, &record, &e))
            fail(&e);
        ids[i] = record.id;
    }
    qsort(ids, n, sizeof(*ids), order);
    for (size_t i = 0; i < n; i++)
        printf("%s%.*s", i ? " " : "", STR_ARG(ids[i]));
    putchar('\n');
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    CLEANUP(arena_freep) struct arena *scratch = arena_new(0);
    struct advisories db;
    struct err e = {0};
    char line[LINE_LIMIT];
    str bytes;

    if (argc != 2 || !file_read(a, argv[1], (size_t)1 << 30, &bytes, &e) ||
        !advisory_open(bytes, &db, &e))
        fail(&e);
    while (fgets(line, sizeof(line), stdin)) {
        arena_reset(scratch);
        print_matches(scratch, &db, str_of(line));
    }
    return 0;
}
