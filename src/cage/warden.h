/*
 * warden: what its files share: the loop (warden.c), the answers to system calls (answer.c and
 * the files it names) and what is told of them (tell.c).
 */
#pragma once

#include "cage/inside.h"

enum { CAGE_TOLD_MAX = 16 };

/* One thing that was refused, and how often since it was last told. */
struct cage_told {
    struct cage_event event;
    uint64_t last_ns;
};

/* What a flood may cost: refusals of the same thing are told once a second with their number. */
struct cage_teller {
    int events;
    const struct inside *in;
    struct cage_told told[CAGE_TOLD_MAX];
    size_t count;
    unsigned tokens;
    uint64_t refilled_ns;
};

void cage_tell(struct cage_teller *t, enum cage_event_kind kind, str text);
/* Tells what is due, or everything at the end. */
void cage_tell_flush(struct cage_teller *t, bool all);
/* Milliseconds until something is due, -1 for never. */
int cage_tell_due(const struct cage_teller *t);
/* The last word: waits for room, but not for ever. */
void cage_tell_exit(struct cage_teller *t, int status, long max_rss_kib);

struct warden {
    struct inside *in;
    struct cage_teller tell;
    int signals, listener, processes; /* `processes`: the directory that lists them, or -1 */
    pid_t function;
    bool started; /* its program; every later exec is a child program */
    bool locked; /* down to what answering takes */
    uint64_t killed; /* by the kernel, for memory, as last seen */
    uint64_t sampled_ns;
};

struct seccomp_notif;

/* What becomes of a system call that waits for us. */
struct cage_answer {
    enum {
        ANSWER_GO_ON, /* the kernel decides: it looks at the arguments again */
        ANSWER_FAIL, /* with `value`, an errno */
        ANSWER_RETURN, /* `value` */
        ANSWER_GONE, /* already answered, or the caller is dead */
    } kind;
    int64_t value;
};

#define GO_ON ((struct cage_answer){ANSWER_GO_ON, 0})
#define FAIL(number) ((struct cage_answer){ANSWER_FAIL, (number)})
#define RETURN(number) ((struct cage_answer){ANSWER_RETURN, (number)})
#define GONE ((struct cage_answer){ANSWER_GONE, 0})

/* Takes one system call from the listener and answers it; false when nobody is left to ask. */
bool cage_answer_one(struct warden *w);

/* answer_file.c */
struct cage_answer cage_answer_open(struct warden *w, const struct seccomp_notif *n);
struct cage_answer cage_answer_readlink(struct warden *w, const struct seccomp_notif *n);
/* answer_exec.c */
struct cage_answer cage_answer_exec(struct warden *w, const struct seccomp_notif *n);
struct cage_answer cage_answer_fork(struct warden *w, const struct seccomp_notif *n);
/* How many processes there are besides the warden; -1 when it can't see. */
int cage_count_processes(struct warden *w);
/* answer_connect.c */
struct cage_answer cage_answer_connect(struct warden *w, const struct seccomp_notif *n);

/* answer_proc.c: `path` is /proc or below it, clean. */
struct cage_answer cage_answer_proc_open(struct warden *w, const struct seccomp_notif *n,
                                         str path, uint64_t flags);
/* Where one of the caller's own links leads; 0 for what is none. */
size_t cage_proc_link(struct warden *w, const struct seccomp_notif *n, str path, char *ret,
                      size_t size);

/* caller.c: what the caller's memory says. It may change while we read: never enforce by it. */
bool cage_caller_read(pid_t pid, uint64_t at, void *ret, size_t size);
/* The path at `at`, seen from descriptor `directory` or the caller's own, clean. */
bool cage_caller_path(struct warden *w, pid_t pid, int directory, uint64_t at, char *ret);
/* Whether the call still waits: what we read was the caller's. */
bool cage_caller_waits(struct warden *w, const struct seccomp_notif *n);

/* memory.c */
void cage_memory_look(struct warden *w);
bool cage_memory_is_sampled(const struct warden *w);
/* Tells when the kernel killed for memory since the last call. */
void cage_memory_killed(struct warden *w);
