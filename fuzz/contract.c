#include "contract/contract.h"

#include <errno.h>
#include <stdlib.h>

/* The input is the contract, in JSON when it starts with a brace; every schema file is there. */
static bool read_input(void *self, struct arena *a, const char *path, size_t max, str *ret,
                       struct err *e)
{
    const str *input = self;
    bool is_json = input->len && input->at[0] == '{';

    (void)a;
    (void)max;
    if (str_is(path_base(str_of(path)), is_json ? "fnward.json" : "fnward.yaml")) {
        *ret = *input;
        return true;
    }
    if (str_ends(str_of(path), STR(".schema"))) {
        *ret = STR("{}");
        return true;
    }
    errno = ENOENT;
    return err_sys(e, "cannot open '%s'", path);
}

/* What every reader of a contract relies on. */
static void check(const struct contract *c)
{
    if (!c->function_count || !c->source || !c->file)
        abort();
    for (size_t i = 0; i < c->function_count; i++) {
        const struct function *f = &c->functions[i];

        if (!f->trigger_count || !f->handler.len || !path_is_below(f->code, c->root))
            abort();
        if (!f->limits.timeout_ms || !f->limits.concurrency || !f->limits.rate_per_ms)
            abort();
        for (size_t k = 0; k < f->connect_count; k++)
            if (!f->connect[k].port || !f->connect[k].host.len)
                abort();
        for (size_t k = 0; k < f->read_count; k++)
            if (f->read[k].path.at[0] != '/' || path_is_below(c->root, f->read[k].path))
                abort();
        for (size_t k = 0; k < f->trigger_count; k++)
            if (f->triggers[k].kind != TRIGGER_HTTP && !f->triggers[k].body.source)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    str input = {(const char *)data, size};
    struct file_source files = {.read = read_input, .self = &input};
    struct contract *c;
    struct err e = {0};

    if (contract_read(a, &files, "/srv/shop", &c, &e))
        check(c);
    else
        err_render(&b, &e);
    return 0;
}
