/*
 * order: what a cage is for, told to a warden that was made before that was known.
 *
 * The memory is shared by the parent and the warden, at the same address in both, so that the copy of
 * a spec is used as it lies. Arguments and environment, where secrets are, have pages of their own:
 * the parent wipes them when the program has started, and nobody who is forked later has them.
 * Private to the room.
 */
#pragma once

#include "cage/cage.h"

enum { ORDER_FDS_MAX = CAGE_MOUNTS_MAX + 1 };
#define ORDER_BYTES_MAX ((size_t)2 << 20)
#define ORDER_ARGUMENTS_MAX ((size_t)16 << 20)

struct order {
    struct cage_spec spec; /* its argv and envp are in the arguments */
    uid_t uid;
    gid_t gid;
    void (*instead)(void); /* runs in the finished cage in place of a program, or NULL */
    /* By place in what is sent along, or -1. */
    int output, owners[CAGE_MOUNTS_MAX];
};

/* Where they are: each process has its own copy, which the other can't change. */
struct order_pages {
    struct order *order;
    char *arguments;
    size_t arguments_used;
};

/* Nothing of them is used yet. */
bool order_map(struct order_pages *ret, struct err *e) MUST_USE;
/* After the warden was forked: nobody else inherits them. */
bool order_keep_from_others(const struct order_pages *p, struct err *e) MUST_USE;
/* Copies all that the spec points to. */
bool order_write(struct order_pages *p, const struct cage_spec *spec, struct err *e) MUST_USE;
/* The arguments, in all processes that share them. */
void order_wipe(const struct order_pages *p);
void order_forget_arguments(struct order_pages *p);
void order_unmap(struct order_pages *p); /* what is mapped of them */
