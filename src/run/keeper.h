/*
 * keeper: the process that holds what is secret and starts what is dangerous. Of the others it
 * reads messages of fixed size only.
 *
 * keeper.c    its processes, its messages, its end
 * load.c      the contract, the secrets, the plans and the snapshot, before anything starts
 * cell.c      the instances: one cell each
 * session.c   calls by this process itself, without a port
 */
#pragma once

#include "cage/cage.h"
#include "contract/contract.h"
#include "ledger/ledger.h"
#include "run/loop.h"
#include "run/message.h"
#include "run/plan.h"
#include "run/run.h"
#include "run/secrets.h"
#include "run/snapshot.h"

enum { CELLS_MAX = 1024 };

struct cell {
    struct source events;
    struct keeper *keeper;
    uint32_t function, instance;
    struct cage cage;
    bool used;
};

struct keeper {
    const struct run_options *options;
    struct arena *arena;
    struct loop *loop;
    const char *dir; /* absolute */
    const char *ledger_dir;
    struct contract *contract;
    struct plan *plans;
    struct secrets *secrets;
    struct cage_machine *machine;
    struct cage_spare *spare; /* for the next instance, or NULL */
    struct snapshot snapshot;
    int snapshot_fd;
    struct ledger ledger, quarantine;
    struct ledger_record record;

    struct source front, broker, signals;
    pid_t front_pid, broker_pid;
    unsigned ready; /* how many of the two have said so */
    int listener; /* the port, or the one client's connection */
    struct timer start_late, rotate, kill, spare_due;
    uint64_t restarts[8]; /* when the last ones were */
    bool ending, told;

    struct cell cells[CELLS_MAX];

    void (*started)(struct keeper *k);
    void *self;
    struct err failure;
};

/* load.c */
bool keeper_load(struct keeper *k, const struct run_options *o, struct err *e) MUST_USE;
bool keeper_listen(struct keeper *k, struct err *e) MUST_USE;
void keeper_unload(struct keeper *k);

/* run.c */
bool keeper_snapshot(struct keeper *k, struct err *e) MUST_USE;

/* keeper.c */
/* Everything from the start to the end. */
bool keeper_run(struct keeper *k, struct err *e) MUST_USE;
/* The same in parts: starts the others; turns the loop until loop_stop(), as often as one likes;
 * ends them, also after a beginning that failed. */
bool keeper_begin(struct keeper *k, struct err *e) MUST_USE;
bool keeper_turn(struct keeper *k, struct err *e) MUST_USE;
void keeper_finish(struct keeper *k);
void keeper_end(struct keeper *k); /* let what is under way finish, then end */
void keeper_record(struct keeper *k, const char *event, str message);

/* cell.c */
void cell_start(struct keeper *k, const struct message *m);
void cell_stop(struct keeper *k, uint32_t instance);
void cells_stop_all(struct keeper *k);
/* Has a spare made for the next instance once there is nothing else to do. */
void cells_want_spare(struct keeper *k);
