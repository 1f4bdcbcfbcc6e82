/*
 * run: the processes that serve a contract's functions. Composes the engines; prints nothing.
 *
 *   keeper   this process: the age identity, the secrets, the cages; reads fixed-size messages
 *   front    what strangers send: HTTP, the Runtime API, what functions print
 *   broker   every outgoing connection
 */
#pragma once

#include "base/base.h"
#include "cage/cage.h"
#include "contract/contract.h"

struct run_options {
    const char *dir; /* of the contract */
    const char *address; /* to listen on: an IPv4 or IPv6 literal */
    uint16_t port; /* 0: any that is free */
    bool is_public; /* --public: calls need no token though others can reach the port */
    const char *token_file;
    const char *tls_cert, *tls_key; /* files in PEM */
    const char *identity; /* file with the age identity; NULL when there is none */
    const char *ledger; /* directory; NULL: DIR/.fnward */
    const char *runtimes; /* directory of the runtime clients */
    const char *search; /* a PATH in which interpreters are looked for */
    unsigned warm; /* instances of each function kept ready */
    uint64_t idle_ms; /* others end after so long without an event */
};

struct run_report {
    const struct contract *contract;
    const char *address;
    uint16_t port;
    bool has_tls, has_token;
    const char *ledger; /* its directory */
};

/* Serves until SIGINT or SIGTERM (a second one does not wait for what is under way). `started`
 * is called once everything serves. Must be called before this process has threads. */
bool run_serve(const struct run_options *o,
               void (*started)(void *self, const struct run_report *report), void *self,
               struct err *e) MUST_USE;

struct run_answer {
    unsigned status; /* of the Invoke API */
    bool failed; /* the function reported an error, or did not answer */
    str payload, log; /* the last 4 KB that it printed */
    str id; /* of the request, as in the ledger */
};

/* One invocation through the same gate, cage and ledger, with no port open. */
bool run_invoke(struct arena *a, const struct run_options *o, str function, str event,
                struct run_answer *ret, struct err *e) MUST_USE;

/*
 * As many as one likes, one after another, with the instances kept from one to the next. The
 * caller is this process itself, so a limit of rate does not hold it back.
 */
struct run_session;
bool run_session_open(const struct run_options *o, str function, struct run_session **ret,
                      struct err *e) MUST_USE;
const struct contract *run_session_contract(const struct run_session *s);
/* The ledger's directory. */
const char *run_session_ledger(const struct run_session *s);
/* `event` is no longer than limits.body of the function. */
bool run_session_call(struct run_session *s, struct arena *a, str event, struct run_answer *ret,
                      struct err *e) MUST_USE;
/* Lets `ns` pass: what the cage tells of a call that has been answered arrives. */
bool run_session_settle(struct run_session *s, uint64_t ns, struct err *e) MUST_USE;
/* Whether the user asked for the end (SIGINT): nothing is answered any more. */
bool run_session_ending(const struct run_session *s);
void run_session_close(struct run_session *s);
void run_session_closep(struct run_session **s);

/* For main(): true when this process was started as one of fnward's own roles. */
bool role_main(int argc, char **argv, int *exit_code);
