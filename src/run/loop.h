/*
 * loop: one thread's epoll loop with timers. Used by front, keeper and broker.
 *
 * Descriptors are watched edge-triggered, for reading and writing at once, so that a connection
 * costs one epoll_ctl in its life: who is told reads or writes until EAGAIN.
 */
#pragma once

#include "base/base.h"

#include <sys/epoll.h>

#define CONTAINER(pointer, type, member)                                                       \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

struct loop;

struct source {
    int fd; /* -1 once closed */
    void (*ready)(struct source *s, uint32_t events);
    void (*release)(struct source *s); /* frees what holds it, when nothing can refer to it */
    struct source *dead;
};

/* A deadline that is moved often and rarely met: moving it later costs nothing. */
struct timer {
    uint64_t at; /* monotonic ns; 0: not set */
    void (*fire)(struct timer *t);
    size_t index; /* in the heap, from 1; 0: not in it */
    uint64_t queued_at;
};

bool loop_new(struct loop **ret, struct err *e) MUST_USE;
void loop_free(struct loop *l);

/* `fd` is made non-blocking and belongs to the source from now on. */
bool loop_watch(struct loop *l, struct source *s, int fd, struct err *e) MUST_USE;
/* Closes the descriptor; `release` runs at the end of this turn. Safe to call twice. */
void loop_close(struct loop *l, struct source *s);

/* The next connection that waits at a listener, or -1: errno is EAGAIN when there is none, else
 * the machine has no room for one now. `from` may be NULL. */
struct sockaddr_storage;
int loop_accept(const struct source *listener, struct sockaddr_storage *from);
/* Closes the descriptor but keeps the source, which can be watched again next turn. */
void loop_detach(struct loop *l, struct source *s);
/* Runs `s->release` at the end of this turn, after those of all that was closed before. */
void loop_bury(struct loop *l, struct source *s);
/* There is more to read than was read: be told again next turn. */
void loop_again(struct loop *l, struct source *s);

/* False, leaving it unset, only when there is no memory for one more timer. */
bool loop_set(struct loop *l, struct timer *t, uint64_t at);
void loop_unset(struct loop *l, struct timer *t);

/* The time at the start of this turn: monotonic ns, and ms since 1970. */
uint64_t loop_now(const struct loop *l);
uint64_t loop_wall_ms(const struct loop *l);

/* Turns until loop_stop. After every turn `between` is called, when given. */
bool loop_run(struct loop *l, void (*between)(void *self), void *self, struct err *e) MUST_USE;
void loop_stop(struct loop *l);
