/*
 * role: the processes that fnward starts of itself, and the descriptors they are born with.
 */
#pragma once

#include "base/base.h"

#include <sys/types.h>

/* The same numbers in every child; what a role does not have is closed. */
enum role_fd {
    ROLE_KEEPER = 3, /* its channel to the keeper */
    ROLE_SNAPSHOT,
    ROLE_LEDGER,
    ROLE_QUARANTINE, /* front's alone */
    ROLE_PEER, /* the channel between front and broker */
    ROLE_LISTEN, /* front: the listening socket, or the one client's connection */
    ROLE_FDS_END,
};

/* fork and exec of this very program: `fnward --role=NAME`. The descriptors are given in the
 * order of enum role_fd, -1 for none; all others are closed. */
bool role_start(const char *name, const int fds[ROLE_FDS_END - ROLE_KEEPER], pid_t *ret,
                struct err *e) MUST_USE;

/* Gives up, for good, all that the role does not need; `files` (NULL-terminated) are the only
 * ones that it can still open. Before the first byte from others, and before any thread. */
bool role_lock(const char *name, const char *const *files, struct err *e) MUST_USE;

/* The keeper's own: it goes on making cages, and gives up what no cage needs. */
bool role_lock_keeper(struct err *e) MUST_USE;

/* The keeper decides when its children end, also when a signal is sent to all of us. */
void role_ignore_signals(void);

/* Tells the keeper why this process can't go on, through its channel. */
void role_fail(const struct err *e);
