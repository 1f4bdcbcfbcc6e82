/*
 * message: what the processes may say to each other.
 *
 * Fixed-size datagrams over SOCK_SEQPACKET socket pairs, descriptors beside them. Whoever
 * receives one checks its size, that the sender may say this (the table in message.c), and
 * every number in it. No pointers, nothing to parse.
 */
#pragma once

#include "base/base.h"

enum process { PROCESS_KEEPER, PROCESS_FRONT, PROCESS_BROKER };

enum message_kind {
    MESSAGE_READY, /* front, broker -> keeper: locked down, serving */
    MESSAGE_START, /* front -> keeper: an instance of this function, please */
    MESSAGE_STARTED, /* keeper -> front: with Runtime API listener, output, name server */
    MESSAGE_FAILED, /* keeper -> front: it did not start; to keeper: I cannot go on */
    MESSAGE_STOP, /* front -> keeper: end this instance */
    MESSAGE_DENIED, /* keeper -> front: refused inside the cage; detail: cage_event_kind */
    MESSAGE_EXITED, /* keeper -> front: the instance is gone; status as from waitpid */
    MESSAGE_DRAIN, /* keeper -> front: finish what is under way, then end */
    MESSAGE_LEDGER, /* keeper -> front, broker: with a new file; detail: ledger_file */
    MESSAGE_LISTENER, /* keeper -> broker: with a listener in a cage; detail: connect rule */
    MESSAGE_GONE, /* keeper -> broker: close all of this instance */
    MESSAGE_REQUEST, /* front -> broker: the request that this instance now serves */
    MESSAGE_KINDS,
};

enum { MESSAGE_TEXT = 480, MESSAGE_FDS = 3 };

struct message {
    uint32_t kind;
    uint32_t function; /* index in the contract */
    uint32_t instance; /* number given by front */
    uint32_t detail;
    int32_t status;
    uint32_t count;
    uint32_t max_rss; /* KiB */
    uint32_t text_len;
    char text[MESSAGE_TEXT];
};

struct message_fds {
    int fd[MESSAGE_FDS];
    size_t count;
};

bool message_pair(int fds[2], struct err *e) MUST_USE;

/* Never waits: false when the other side does not take it now (or is gone). Does not close. */
bool message_send(int channel, const struct message *m, const struct message_fds *fds);

enum message_result { MESSAGE_GOT, MESSAGE_NONE, MESSAGE_CLOSED, MESSAGE_WRONG };
/* MESSAGE_WRONG: a message that `from` may not send to `to`, or not one of ours at all; its
 * descriptors are closed. The caller ends the conversation. */
enum message_result message_receive(int channel, enum process from, enum process to,
                                    struct message *ret, struct message_fds *fds);

void message_set_text(struct message *m, str text); /* cut at MESSAGE_TEXT */
str message_text(const struct message *m);
