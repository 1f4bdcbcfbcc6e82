/*
 * syscalls: the tables of system calls, data for filter.c and answer.c.
 */
#pragma once

#include "base/base.h"

#include <seccomp.h>

enum { CAGE_CONDITIONS_MAX = 3 };

/* Allowed only with these arguments; a call is allowed when any of its rows fits. */
struct cage_conditional {
    const char *name;
    struct scmp_arg_cmp when[CAGE_CONDITIONS_MAX];
    unsigned count;
};

/* Allowed whatever the arguments. Ended by NULL. */
extern const char *const cage_allowed[];
extern const struct cage_conditional cage_conditionals[];
extern const size_t cage_conditional_count;
/* A new process of the old namespaces: asked for, or allowed where nobody can be asked. */
extern const struct cage_conditional cage_process;
extern const struct cage_conditional cage_thread;
/* Memory that is not code. */
extern const struct cage_conditional cage_data_memory[2];
/* The warden looks at these; without it they are allowed, and held by mounts and Landlock. */
extern const char *const cage_asked[];
/* Refused as if the kernel did not know them, because programs try them and go on. */
extern const char *const cage_unknown[];
/* Refused without a word: libraries try them at start and live without. */
extern const char *const cage_quiet[];

/* ---- fnward's own processes (roles.c) ---- */

struct cage_role {
    const char *name;
    const char *const *allowed; /* everything else is refused */
    const char *const *refused; /* or: everything else is allowed */
    bool loads_code; /* maps memory as code, for libraries loaded late */
    bool has_threads;
};

const struct cage_role *cage_role_find(const char *name);
