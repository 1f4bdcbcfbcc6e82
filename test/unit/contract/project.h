/*
 * project: a project in memory for the tests of the contract, at /srv/shop.
 */
#pragma once

#include "cases.h"
#include "contract/contract.h"

#include <errno.h>

struct project {
    str contract;
    const char *name; /* of its file */
};

static const struct {
    const char *path, *text;
} project_files[] = {
    {"/srv/shop/schemas/order.json", "{\"type\": \"object\"}"},
    {"/srv/shop/schemas/order-job.yaml", "type: object # a job\n"},
    {"/srv/shop/schemas/broken.json", "{\"type\": \"object\",}"},
    {"/srv/shop/schemas/broken.yaml", "type: [object"},
    {"/srv/shop/schemas/list.json", "[]"},
};

/* What a case goes on from when it starts with four spaces. */
static const char project_start[] = "version: 1\n"
                                    "functions:\n"
                                    "  orders:\n"
                                    "    code: functions/orders\n"
                                    "    runtime: nodejs\n"
                                    "    handler: app.handler\n"
                                    "    on: [{invoke: {type: object}}]\n";

static inline str project_contract(struct arena *a, const struct test_case *t)
{
    if (!str_starts(t->given, STR("    ")))
        return t->given;
    return arena_format(a, "%s%.*s", project_start, STR_ARG(t->given));
}

static inline bool project_read_file(void *self, struct arena *a, const char *path, size_t max,
                                     str *ret, struct err *e)
{
    const struct project *p = self;
    str name = arena_format(a, "/srv/shop/%s", p->name);

    (void)max;
    if (str_is(name, path)) {
        *ret = p->contract;
        return true;
    }
    for (size_t i = 0; i < COUNT(project_files); i++) {
        if (strcmp(path, project_files[i].path) != 0)
            continue;
        *ret = str_of(project_files[i].text);
        return true;
    }
    errno = ENOENT;
    return err_sys(e, "cannot open '%s'", path);
}

static inline bool project_read(struct arena *a, const char *name, str text,
                                struct contract **ret, struct err *e)
{
    struct project p = {.contract = text, .name = name};
    struct file_source files = {.read = project_read_file, .self = &p};

    return contract_read(a, &files, "/srv/shop", ret, e);
}
