/*
 * resolve: names to addresses without stopping the loop: a few threads that call getaddrinfo.
 */
#pragma once

#include "base/base.h"
#include "run/loop.h"

#include <netdb.h>

enum { RESOLVE_HOST_MAX = 256, RESOLVE_WAITING_MAX = 1024 };

struct resolve_job {
    char host[RESOLVE_HOST_MAX];
    uint16_t port;
    void (*done)(struct resolve_job *job); /* on the loop's thread */
    struct addrinfo *addresses; /* the receiver's, to freeaddrinfo */
    int failure; /* of getaddrinfo; see gai_strerror */
    struct resolve_job *next;
};

struct resolver;
bool resolver_new(struct loop *l, struct resolver **ret, struct err *e) MUST_USE;
/* False when too many wait already. The job stays alive until `done`. */
bool resolver_ask(struct resolver *r, struct resolve_job *job);
