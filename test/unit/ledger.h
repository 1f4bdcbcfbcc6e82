/*
 * What the ledger's tests share: a directory of their own, short ways to append and count.
 */
#pragma once

#include "ledger/ledger.h"

#include <ftw.h>
#include <unistd.h>

static inline int scratch_unlink(const char *path, const struct stat *st, int kind,
                                 struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

struct scratch {
    char dir[64];
};

static inline void scratch_remove(struct scratch *s)
{
    nftw(s->dir, scratch_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct scratch scratch_make(void)
{
    struct scratch s = {"/tmp/fnward-ledger-XXXXXX"};

    if (!mkdtemp(s.dir))
        abort();
    return s;
}

/* A short record: invocation `n` of the function. */
static inline str ledger_sample(struct ledger_record *r, const char *function, uint64_t n)
{
    ledger_begin(r, LEDGER_INVOCATION, 1769862896789u + n);
    ledger_text(r, LEDGER_FAAS_NAME, str_of(function));
    ledger_number(r, LEDGER_QUEUE_MS, n);
    return ledger_end(r);
}

static inline bool ledger_append_sample(struct ledger *l, const char *function, uint64_t n)
{
    struct ledger_record r = {0};
    struct err e = {0};
    bool ok = ledger_append(l, ledger_sample(&r, function, n), &e);

    ledger_record_free(&r);
    return ok;
}

/* Marks the number of every record of the function that the reader gives from here on; returns
 * how many there were. Twice the same number, or one past `max`, aborts. */
static inline size_t ledger_mark(struct ledger_reader *r, const char *function, bool *seen,
                                 size_t max)
{
    const struct ledger_filter filter = {.function = str_of(function)};
    size_t count = 0;

    for (;;) {
        const struct json *record = NULL;
        struct err e = {0};
        double n;
        str line;

        if (!ledger_reader_next(r, &filter, &record, &line, &e))
            abort();
        if (!record)
            return count;
        if (!json_is_number(json_get(record, STR(LEDGER_QUEUE_MS)), &n) || n >= (double)max ||
            seen[(size_t)n])
            abort();
        seen[(size_t)n] = true;
        count++;
    }
}
