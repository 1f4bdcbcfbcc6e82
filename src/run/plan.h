/*
 * plan: what an instance of a function is started with. Made once per function, from the
 * contract and this machine; the keeper adds the secrets at each start.
 */
#pragma once

#include "base/base.h"
#include "cage/cage.h"
#include "contract/contract.h"

/* Where things stand inside a cage. */
#define PLAN_CODE "/var/task"
#define PLAN_RUNTIME "/var/runtime"
#define PLAN_PROJECT                                                                           \
    "/var/project" /* what may.read and may.write name relative to the contract */

enum {
    PLAN_ENV_MAX = 256,
    PLAN_LISTENER_API = 0, /* the Runtime API, */
    PLAN_LISTENER_NAMES, /* the name server, */
    PLAN_LISTENER_RULES, /* then one for each rule of may.connect */
};

struct plan {
    struct cage_spec spec; /* without slot, environment and output */
    struct cage_mount mounts[CAGE_MOUNTS_MAX];
    struct cage_listener listeners[CAGE_LISTENERS_MAX];
    const char *run[CAGE_RUN_MAX];
    const char *argv[8];
    const char *env[PLAN_ENV_MAX]; /* "NAME=value" */
    size_t env_count;
};

/* `runtimes` is the directory of the runtime clients; `search` a PATH for interpreters. */
bool plan_make(struct arena *a, const struct contract *c, const struct function *f,
               const char *runtimes, const char *search, struct plan *ret,
               struct err *e) MUST_USE;
