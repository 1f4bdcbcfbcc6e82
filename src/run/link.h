/*
 * link: one connection of a function to the outside, by way of the broker: the side in the
 * cage, the side outside, and what flows between.
 */
#pragma once

#include "base/base.h"
#include "contract/contract.h"
#include "ledger/ledger.h"
#include "run/loop.h"
#include "run/resolve.h"

enum { LINKS_MAX = 4096, LINKS_PER_INSTANCE_MAX = 256, LINK_INSTANCES_MAX = 1024 };

struct link;

struct link_context { /* shared by all links of the broker */
    struct loop *loop;
    const struct contract *contract;
    struct resolver *resolver;
    struct ledger ledger;
    struct ledger_record record;
    struct link *links;
    size_t count;
    struct { /* the request that each instance serves, by instance modulo the size */
        uint32_t instance;
        char request[40];
    } requests[LINK_INSTANCES_MAX];
};

/* Takes the connection that was accepted in the cage. Refusals are recorded, and it is reset. */
void link_open(struct link_context *c, int inside, uint32_t function, uint32_t rule,
               uint32_t instance);
void links_drop(struct link_context *c, uint32_t instance);
void links_request(struct link_context *c, uint32_t instance, str request);
void links_ledger(struct link_context *c, int fd);
