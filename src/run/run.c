#include "run/run.h"

#include "run/keeper.h"

#include <stdlib.h>

static void keeper_freep(struct keeper **k)
{
    if (*k)
        keeper_unload(*k);
    free(*k);
}

bool keeper_snapshot(struct keeper *k, struct err *e)
{
    bool written = snapshot_write(&k->snapshot, &k->snapshot_fd, e);
    str key = k->snapshot.tls_key;

    memory_wipe((char *)(uintptr_t)key.at, key.len);
    return written;
}

/* ---- serving ---- */

struct serving {
    void (*started)(void *self, const struct run_report *report);
    void *self;
};

static void report(struct keeper *k)
{
    const struct serving *s = k->self;
    struct run_report r = {
        .contract = k->contract,
        .address = k->options->address,
        .port = (uint16_t)k->snapshot.settings.port,
        .has_tls = k->snapshot.settings.has_tls,
        .has_token = k->snapshot.settings.has_token,
        .ledger = k->ledger_dir,
    };

    s->started(s->self, &r);
}

bool run_serve(const struct run_options *o,
               void (*started)(void *self, const struct run_report *report), void *self,
               struct err *e)
{
    CLEANUP(keeper_freep) struct keeper *k = calloc(1, sizeof(*k));
    struct serving serving = {started, self};

    if (!k)
        return err_limit(e);
    k->started = report;
    k->self = &serving;
    return keeper_load(k, o, e) && keeper_listen(k, e) && keeper_snapshot(k, e) &&
           keeper_run(k, e);
}
