/*
 * cage: the sandbox that a function's process lives in.
 *
 * A cage is a list of steps (see steps.c), applied in order by its first process, the warden:
 * each fails closed. The warden stays as process 1 of the cage: it starts the function below
 * it, answers the system calls that the filter asks about, tells of what was refused, and
 * reaps. It holds no secret but the function's own environment until the function runs.
 */
#pragma once

#include "base/base.h"

#include <sys/types.h>

enum {
    CAGE_MOUNTS_MAX = 96,
    CAGE_LISTENERS_MAX = 66,
    CAGE_RUN_MAX = 64,
    CAGE_EVENT_TEXT = 240,
};

struct cage_mount {
    const char *from; /* on the machine; NULL for an empty directory */
    const char *to; /* in the cage, absolute */
    bool write, optional;
    bool owned; /* as root: what its owner may do with its files, the function may */
    bool exec; /* a program in it may be started (the runtime, or one of may.run) */
};

struct cage_listener {
    const char *address; /* IPv4 or IPv6 literal */
    uint16_t port;
    bool datagram; /* UDP */
};

struct cage_limits {
    uint64_t memory, tmp; /* bytes */
    unsigned processes, files, cpu_percent;
};

struct cage_machine; /* what this kernel offers, probed once, and the compiled filters */
struct cage_spare; /* a cage made ahead, as far as it does not matter what for */

bool cage_machine_probe(struct cage_machine **ret, struct err *e) MUST_USE;
void cage_machine_free(struct cage_machine *m);

struct cage_spec {
    const char *name; /* of the function: hostname, cgroup */
    unsigned slot; /* number of the instance; gives it a user of its own when we are root */
    const struct cage_mount *mounts;
    size_t mount_count;
    const struct cage_listener *listeners;
    size_t listener_count;
    str hosts; /* contents of /etc/hosts */
    const char *const *run; /* programs, as seen inside, that may be started (may.run) */
    size_t run_count;
    struct cage_limits limits;
    const char *program; /* as seen inside */
    const char *const *argv, *const *envp;
    const char *directory; /* to start in, as seen inside */
    int output; /* becomes stdout and stderr; stdin is empty */
    bool tell_each; /* each refusal at once; else the same one once a second, with a count */
};

struct cage {
    pid_t pid; /* of the warden, outside */
    int pidfd; /* readable when it is gone */
    int events; /* SOCK_SEQPACKET: one struct cage_event a message */
    int listeners[CAGE_LISTENERS_MAX]; /* listening inside, in the order of the spec */
    size_t listener_count;
    const struct cage_machine *machine; /* for cage_stop(), with the name of its cgroup */
    char group[64];
};

/*
 * Returns when the function's program has been started, or says which step failed. A mount below
 * another comes after it in the list. The cage dies with the thread that calls this. The warden
 * is forked from the caller: keep keys on pages that are not (MADV_DONTFORK).
 */
bool cage_start(const struct cage_machine *m, const struct cage_spec *spec, struct cage *ret,
                struct err *e) MUST_USE;

/*
 * Most of a start is the same whatever is started: namespaces, an empty root, devices, a loopback. A
 * spare has that behind it and waits, a process and some hundred KB. It belongs to no function, and
 * becomes a cage once. It dies with the thread that made it.
 */
bool cage_spare_make(const struct cage_machine *m, struct cage_spare **ret,
                     struct err *e) MUST_USE;
/* As cage_start(). The spare is used up, also on failure; one that was made before something was
 * mounted on the machine is thrown away, and a cage started without it. */
bool cage_spare_start(struct cage_spare *spare, const struct cage_spec *spec, struct cage *ret,
                      struct err *e) MUST_USE;
void cage_spare_free(struct cage_spare *spare); /* takes NULL */
/* Kills everything in it, reaps the warden and removes its cgroup. */
void cage_stop(struct cage *c);

enum cage_event_kind {
    CAGE_DENIED_OPEN, /* text: path */
    CAGE_DENIED_EXEC, /* text: path */
    CAGE_DENIED_CONNECT, /* text: address:port */
    CAGE_DENIED_SYSCALL, /* text: its name */
    CAGE_DENIED_FORK, /* more processes than allowed */
    CAGE_DENIED_MEMORY, /* past its memory: killed */
    CAGE_EXITED, /* the function's process: `status` as from waitpid */
};

/* Fixed size, so that who reads it parses nothing. */
struct cage_event {
    uint32_t kind;
    int32_t status;
    uint32_t repeated; /* how often since it was last told */
    uint32_t max_rss; /* KiB, with CAGE_EXITED */
    uint32_t text_len;
    char text[CAGE_EVENT_TEXT]; /* bytes as the function gave them */
};

/* ---- what a runtime needs of the machine ---- */

enum { CAGE_RUNTIME_MOUNTS_MAX = 40 };

struct cage_runtime {
    const char
        *program; /* the interpreter, as seen inside; the bootstrap's own for "provided" */
    struct cage_mount mounts[CAGE_RUNTIME_MOUNTS_MAX]; /* libraries before what lies in them */
    size_t mount_count;
    const char *run[1]; /* "#!/usr/bin/env NAME" starts a second program: NAME */
    size_t run_count;
};

/*
 * Finds the program of "nodejs" or "python" along `search` (a PATH, with or without the files'
 * links), and the machine's files that it can't start without. For "provided", `bootstrap` is
 * the program on the machine: a script's interpreter comes along. Strings are in the arena.
 */
bool cage_runtime_find(struct arena *a, str runtime, str search, const char *bootstrap,
                       struct cage_runtime *ret, struct err *e) MUST_USE;

/* ---- fnward's own processes ---- */

enum { CAGE_KEEP_MAX = 64 };

struct cage_path {
    const char *path;
    bool write;
};

struct cage_self {
    const char *role; /* "front", "broker" or "keeper": its system calls, see roles.c */
    const int *keep; /* descriptors that stay open, besides 0 to 2 */
    size_t keep_count;
    const struct cage_path *paths; /* the only files that can still be opened */
    size_t path_count;
    bool all_files; /* no limit on files: Landlock would forbid the keeper to mount */
    bool keep_privileges; /* the keeper as root makes cages */
    uid_t uid; /* to become, when we are root; 0 to stay who we are */
    gid_t gid;
};

/*
 * For good: closes what is not listed, drops every capability and becomes `uid`, can't be
 * inspected or gain privileges, opens only `paths`, and makes only its role's system calls:
 * others fail with EPERM. Call it before there is a second thread. Where the kernel has no
 * Landlock the rest still holds; 'fnward status' tells.
 */
bool cage_lock_self(const struct cage_self *what, struct err *e) MUST_USE;

/* ---- what protects on this machine ---- */

enum cage_state { CAGE_LIVE, CAGE_DEGRADED, CAGE_ABSENT };

struct cage_protection {
    const char *name; /* "user namespace" */
    enum cage_state state;
    char proof[160]; /* what was tried and what came of it */
    const char *gap; /* what stays open when it is not live */
    const char *fix; /* the line that makes it live, or NULL */
};

/* Tries each protection for real. The table is in the order of the steps. */
size_t cage_protections(const struct cage_machine *m, struct cage_protection *ret, size_t max);
