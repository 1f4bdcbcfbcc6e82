/*
 * inside: what the files of this room share. Nobody else includes it.
 *
 * The parent forks the warden, which forks the function's process; each applies its steps
 * (steps.c), and then the warden answers for the function. All of them see one `struct inside`:
 * the parent fills it before the fork, each process goes on with its own copy. What the cage is for
 * comes later, as an order (order.h): until then there is no `spec`.
 */
#pragma once

#include "cage/cage.h"
#include "cage/kernel.h"
#include "cage/order.h"

#include <linux/filter.h>
#include <sys/types.h>

enum {
    CAGE_SYSCALLS = 512, /* numbers at and past it are newer than our tables */
    CAGE_LINKS_MAX = 5,
    CAGE_PATH_MAX = 4096,
    CAGE_CONTROLLERS = 3,
    /* Uids that no distribution and no container range uses, one a slot, when we are root. */
    CAGE_FIRST_UID = 0x70000000,
    CAGE_INNER_UID = 1000, /* what an ordinary user is called inside */
};

/* ---- the machine ---- */

struct cage_filter {
    struct sock_filter *at;
    unsigned short count;
};

/* /lib -> usr/lib, where the machine has it so. */
struct cage_link {
    const char *name;
    char to[64];
};

enum cage_controller { CAGE_MEMORY, CAGE_PIDS, CAGE_CPU };

/* Where groups are made. With v2 all controllers name the same directory. */
struct cage_cgroups {
    bool v2;
    bool live[CAGE_CONTROLLERS];
    char base[CAGE_CONTROLLERS][512]; /* our own directory, "…/fnward-1234" */
};

struct cage_machine {
    bool root; /* mounts are made as root; no user namespace is needed */
    bool user_namespace;
    uid_t uid;
    gid_t gid;
    int landlock; /* its version, 0 when absent */
    bool notify, killable; /* the filter can ask the warden */
    struct cage_filter filter, warden_filter;
    struct cage_cgroups cgroups;
    struct cage_link links[CAGE_LINKS_MAX];
    size_t link_count;
    char *names[CAGE_SYSCALLS]; /* of system calls that are refused, NULL for the others */
};

/* Returns the listener with SECCOMP_FILTER_FLAG_NEW_LISTENER, else 0; -1 on failure. */
int cage_filter_install(const struct cage_filter *filter, unsigned flags);
struct cage_role;
bool cage_role_enforce(const struct cage_role *role, struct err *e) MUST_USE;
bool cage_filters_compile(struct cage_machine *m, struct err *e) MUST_USE;
void cage_cgroups_probe(struct cage_cgroups *g);

/* ---- one cage ---- */

/* What the pipe to the parent carries when a step fails; nothing is written on success. */
struct cage_trouble {
    const char *step; /* the same address in both: a fork shares the text */
    const char *fix;
    int sysno;
    char detail[200];
};

struct inside {
    const struct cage_machine *machine;
    struct order_pages pages;
    const struct cage_spec *spec; /* NULL until the order is here */
    uid_t uid;
    gid_t gid;
    int events; /* the warden's end */
    int trouble; /* a pipe: closed by a successful exec */
    int group; /* the directory to be forked into, with version 2, or -1 */
    int groups[CAGE_CONTROLLERS]; /* `tasks` of each, with version 1, or -1 */
    int memory_events; /* where the kernel counts what it killed, or -1 */
    int handover; /* between warden and function: the network, the order, a word to go on, the
                   * listener */
    int output; /* the function's, or -1 */
    int root; /* the new root, until it is entered */
    int proc; /* a /proc that is mounted nowhere, -1 when the machine refuses one */
    int trees[CAGE_MOUNTS_MAX]; /* the mounts, before they have a place */
    bool tree_is_file[CAGE_MOUNTS_MAX];
    int owners[CAGE_MOUNTS_MAX]; /* the user namespaces of mapped mounts, or -1 */
    int listeners[CAGE_LISTENERS_MAX];
    char detail[200]; /* what a failing step was at */
};

struct cage_step {
    const char *name; /* "mount the code" */
    const char *protects; /* what would be open without it */
    bool (*apply)(struct inside *in); /* false: errno says why, in->detail says at what */
    const char *fix; /* or NULL */
};

extern const struct cage_step cage_common_steps[], cage_warden_steps[], cage_function_steps[];
extern const size_t cage_common_step_count, cage_warden_step_count, cage_function_step_count;

/* As cage_start(), but the function's process calls `instead`, and then ends. */
bool cage_start_instead(const struct cage_machine *m, const struct cage_spec *spec,
                        void (*instead)(void), struct cage *ret, struct err *e) MUST_USE;

/* Never return: what happens inside. */
void cage_warden_main(struct inside *in) __attribute__((noreturn));
/* Reports the failed step over in->trouble, and exits. */
void cage_give_up(struct inside *in, const struct cage_step *step) __attribute__((noreturn));
/* For steps: notes what it was at and returns false, leaving errno alone. */
bool cage_at(struct inside *in, const char *format, ...) PRINTF_LIKE(2, 3);

/* The steps, by file: root.c, net.c, privilege.c, limits.c, landlock.c, filter.c. */
bool cage_step_close_inherited(struct inside *in);
bool cage_step_user(struct inside *in);
bool cage_step_cgroup(struct inside *in);
bool cage_step_private_mounts(struct inside *in);
bool cage_step_wait_for_order(struct inside *in);
bool cage_step_hand_on(struct inside *in);
bool cage_step_take_order(struct inside *in);
bool cage_step_addresses(struct inside *in);
bool cage_step_open_mounts(struct inside *in);
bool cage_step_root(struct inside *in);
bool cage_step_mounts(struct inside *in);
bool cage_step_devices(struct inside *in);
bool cage_step_tmp(struct inside *in);
bool cage_step_etc(struct inside *in);
bool cage_step_proc(struct inside *in);
bool cage_step_enter(struct inside *in);
bool cage_step_leave_machine(struct inside *in);
bool cage_step_network(struct inside *in);
bool cage_step_enter_network(struct inside *in);
bool cage_step_wait_for_root(struct inside *in);
bool cage_step_wait_for_leave(struct inside *in);
bool cage_step_loopback(struct inside *in);
bool cage_step_listeners(struct inside *in);
bool cage_step_hostname(struct inside *in);
bool cage_step_hide_cgroups(struct inside *in);
bool cage_step_release(struct inside *in);
bool cage_step_give_up(struct inside *in);
bool cage_step_drop_capabilities(struct inside *in);
bool cage_step_guard_warden(struct inside *in);

bool cage_step_session(struct inside *in);
bool cage_step_rlimits(struct inside *in);
bool cage_step_streams(struct inside *in);
bool cage_step_directory(struct inside *in);
bool cage_step_no_new_privileges(struct inside *in);
bool cage_step_landlock(struct inside *in);
bool cage_step_filter(struct inside *in);

/* ---- small things ---- */

/* Closes all but the `n` given, which may hold -1; sorts them. */
bool cage_close_others(int *keep, size_t n);
/* Processes and threads that a function may have together. */
unsigned cage_tasks(const struct cage_limits *limits);
bool cage_drop_bounding(void);
bool cage_drop_all(void); /* effective, permitted, inheritable and ambient capabilities */
int cage_landlock_version(void); /* 0 when absent */
uint64_t cage_landlock_rights(int version);
int cage_landlock_new(int version);
bool cage_landlock_allow(int rules, int version, const char *path, uint64_t rights);
bool cage_landlock_enforce(int rules);

/* Writes text to a file below `at`; for the kernel's own files. */
bool cage_write(int at, const char *path, const char *text);
bool cage_send_fds(int socket, const void *data, size_t size, const int *fds, size_t n);
/* How many descriptors came, at most `n`; -1 on failure or end. */
int cage_receive_fds(int socket, void *data, size_t size, int *fds, size_t n);

/* The user namespaces of mounts that are `owned`, made by the parent for the function's `uid`; -1 for
 * all others. Where one can't be made the function has less: what others may do with the files. */
void cage_owners_open(const struct cage_machine *m, const struct cage_spec *spec, uid_t uid,
                      int *owners);
void cage_owners_close(const struct cage_spec *spec, int *owners);

/* ---- cgroups of one instance ---- */

/* Makes the groups and opens what the warden needs; a controller that fails is left out. */
void cage_group_make(const struct cage_cgroups *g, const char *name, struct inside *in);
/* Before anything of the function runs in them. */
void cage_group_limit(const struct cage_cgroups *g, const char *name,
                      const struct cage_limits *limits);
void cage_cgroups_remove(const struct cage_cgroups *g); /* all that cage_cgroups_probe() made */
void cage_group_remove(const struct cage_cgroups *g, const char *name);
