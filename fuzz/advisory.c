/*
 * Advisories: a record, a newline, then what is laid over the compiled file, so that both the
 * compiler and what reads a damaged file are tried.
 */
#include "advisory/advisory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const str versions[] = {STR_INIT("1.0.0"), STR_INIT("0"), STR_INIT("2.0-rc1")};

static void look_up(const struct advisories *db)
{
    static struct advisory_hit hits[ADVISORY_HITS_MAX];
    struct advisory record;
    size_t n;

    for (size_t i = 0; i < COUNT(versions); i++) {
        struct advisory_package p = {STR("npm"), STR("a"), versions[i]};
        struct err e = {0};

        if (!advisory_match(db, &p, hits, &n, &e))
            continue;
        for (size_t k = 0; k < n; k++)
            if (advisory_record(db, hits[k].record, &record, &e))
                for (uint32_t t = 0; t < record.alias_count; t++)
                    advisory_text(db, record.aliases, t);
    }
}

static void damage(struct buf *file, str over)
{
    for (size_t i = 0; i + 2 < over.len; i += 3) {
        size_t at = (unsigned char)over.at[i] | (size_t)(unsigned char)over.at[i + 1] << 8;

        if (at < file->len)
            file->at[at] = over.at[i + 2];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(advisory_compiler_freep) struct advisory_compiler *c = advisory_compiler_new();
    CLEANUP(buf_free) struct buf file = {0};
    str rest = {(const char *)data, size}, record;
    struct advisory_counts counts;
    struct advisories db;
    struct err e = {0};

    if (!size || !c || !str_cut(&rest, '\n', &record) || !advisory_add(c, record, &e))
        return 0;
    if (!advisory_write(c, 0, &file, &counts, &e) || !advisory_open(buf_str(&file), &db, &e))
        abort();
    look_up(&db);
    damage(&file, rest);
    if (advisory_open(buf_str(&file), &db, &e))
        look_up(&db);
    return 0;
}
