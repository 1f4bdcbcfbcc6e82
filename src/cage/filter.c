/*
 * filter: the seccomp filter, compiled once a machine, installed in every cage.
 *
 * What no table allows is not refused by the filter: it is asked of the warden, which refuses it
 * and tells (answer.c). Where the kernel can't ask, the filter refuses.
 */
#include "cage/inside.h"
#include "cage/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILTER_MAX = 4096 * sizeof(struct sock_filter) }; /* BPF_MAXINSNS */

static void free_filter(scmp_filter_ctx *filter)
{
    if (*filter)
        seccomp_release(*filter);
}

/* A name that this processor or this libseccomp does not know needs no rule. */
static bool number(const char *name, int *ret)
{
    int n = seccomp_syscall_resolve_name(name);

    if (n < 0)
        return false;
    *ret = n;
    return true;
}

static bool add(scmp_filter_ctx filter, uint32_t action, const char *name, unsigned count,
                const struct scmp_arg_cmp *when, struct err *e)
{
    int n, failed;

    if (!number(name, &n))
        return true;
    failed = seccomp_rule_add_array(filter, action, n, count, when);
    errno = -failed;
    return failed ? err_sys(e, "cannot add '%s' to the system call filter", name) : true;
}

static bool add_conditional(scmp_filter_ctx filter, const struct cage_conditional *c,
                            struct err *e)
{
    return add(filter, SCMP_ACT_ALLOW, c->name, c->count, c->when, e);
}

static bool add_all(scmp_filter_ctx filter, uint32_t action, const char *const *names,
                    struct err *e)
{
    for (; *names; names++)
        if (!add(filter, action, *names, 0, NULL, e))
            return false;
    return true;
}

/* libseccomp 2.5 exports to a descriptor only. */
static bool export(scmp_filter_ctx filter, struct cage_filter *ret, struct err *e)
{
    CLEANUP(fd_closep) int fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat st;
    struct sock_filter *at;

    if (fd < 0 || seccomp_export_bpf(filter, fd) != 0 || fstat(fd, &st) != 0)
        return err_sys(e, "cannot compile the system call filter");
    if (st.st_size > (off_t)FILTER_MAX)
        return err_set(e, ERR_LIMIT, "the system call filter is too long for the kernel");
    at = malloc((size_t)st.st_size);
    if (!at || pread(fd, at, (size_t)st.st_size, 0) != st.st_size) {
        free(at);
        return err_sys(e, "cannot read the compiled system call filter");
    }
    *ret = (struct cage_filter){at, (unsigned short)((size_t)st.st_size / sizeof(*at))};
    return true;
}

static scmp_filter_ctx new_filter(uint32_t otherwise)
{
    scmp_filter_ctx filter = seccomp_init(otherwise);

    if (filter) {
        /* A call of another architecture has other numbers: there is nothing to allow. */
        seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
        seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    }
    return filter;
}

static bool compile_function_filter(struct cage_machine *m, struct err *e)
{
    CLEANUP(free_filter)
    scmp_filter_ctx filter = new_filter(m->notify ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EPERM));

    if (!filter)
        return err_limit(e);
    if (!add_all(filter, SCMP_ACT_ALLOW, cage_allowed, e) ||
        !add_all(filter, SCMP_ACT_ERRNO(ENOSYS), cage_unknown, e))
        return false;
    for (size_t i = 0; i < cage_conditional_count; i++)
        if (!add_conditional(filter, &cage_conditionals[i], e))
            return false;
    if (m->notify)
        return add_all(filter, SCMP_ACT_ERRNO(EPERM), cage_quiet, e) &&
               export(filter, &m->filter, e);
    return add_all(filter, SCMP_ACT_ALLOW, cage_asked, e) &&
           add_conditional(filter, &cage_process, e) && export(filter, &m->filter, e);
}

static bool add_role(scmp_filter_ctx filter, const struct cage_role *role, struct err *e)
{
    static const char *const any_memory[] = {"mmap", "mprotect", NULL};
    static const char *const hidden[] = {"clone3", NULL}; /* its flags are in memory */

    if (role->refused)
        return add_all(filter, SCMP_ACT_ERRNO(EPERM), role->refused, e);
    if (!add_all(filter, SCMP_ACT_ALLOW, role->allowed, e) ||
        !add_all(filter, SCMP_ACT_ERRNO(ENOSYS), hidden, e))
        return false;
    if (role->has_threads && !add_conditional(filter, &cage_thread, e))
        return false;
    if (role->loads_code)
        return add_all(filter, SCMP_ACT_ALLOW, any_memory, e);
    return add_conditional(filter, &cage_data_memory[0], e) &&
           add_conditional(filter, &cage_data_memory[1], e);
}

static bool compile_role(const struct cage_role *role, struct cage_filter *ret, struct err *e)
{
    CLEANUP(free_filter)
    scmp_filter_ctx filter = new_filter(role->refused ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));

    if (!filter)
        return err_limit(e);
    return add_role(filter, role, e) && export(filter, ret, e);
}

static bool is_named(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* The warden can't resolve names: libseccomp allocates, and it lives after a bare fork. */
static void name_refused(struct cage_machine *m)
{
    for (int i = 0; i < CAGE_SYSCALLS; i++) {
        char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);

        if (name && is_named(cage_allowed, name)) {
            free(name);
            continue;
        }
        m->names[i] = name;
    }
}

bool cage_filters_compile(struct cage_machine *m, struct err *e)
{
    name_refused(m);
    return compile_function_filter(m, e) &&
           compile_role(cage_role_find("warden"), &m->warden_filter, e);
}

int cage_filter_install(const struct cage_filter *filter, unsigned flags)
{
    struct sock_fprog program = {filter->count, filter->at};

    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

bool cage_step_filter(struct inside *in)
{
    const struct cage_machine *m = in->machine;
    unsigned flags = m->notify ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    int listener;

    /* The warden can read a program's memory, but not that of us who are to become one. */
    if (in->pages.order->instead && prctl(PR_SET_DUMPABLE, 1) != 0)
        return false;
    if (m->killable)
        flags |= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    listener = cage_filter_install(&m->filter, flags);
    if (listener < 0)
        return cage_at(in, "%u instructions", m->filter.count);
    return !m->notify || cage_send_fds(in->handover, "", 1, &listener, 1);
}

bool cage_role_enforce(const struct cage_role *role, struct err *e)
{
    struct cage_filter filter;
    int failed;

    if (!compile_role(role, &filter, e))
        return false;
    failed = cage_filter_install(&filter, 0);
    free(filter.at);
    return failed == 0 || err_sys(e, "the kernel refuses the system call filter");
}
