/*
 * front: the process that reads what strangers send. It holds no secret and no file.
 *
 * client.c   a caller's connection: bytes in, bytes out, deadlines, TLS (accept.c, tls.c)
 * gate.c     which function a request is for, and whether it may pass (route.c, check.h, clean.c)
 * api.c      the Lambda API beside Invoke: ListFunctions, GetFunction, health, metrics
 * answer.c   what the caller is told (result.c: of an invocation; promise.c: whether it is what
 *            the contract says it returns)
 * pool.c     a function's queue, and who serves whom (invocation.c, instance.c)
 * runtime.c  the Runtime API that instances speak
 * output.c   what instances print
 * names.c    the name server inside the cages
 * record.c   ledger records, written before the answers that they tell of (quarantine.c)
 *
 * Everything belongs to one thread. Order of ownership: front > pool > instance > connection;
 * front > client. An invocation belongs to its pool from submission to its end.
 */
#pragma once

#include "base/base.h"
#include "contract/contract.h"
#include "event/event.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "redact/redact.h"
#include "run/loop.h"
#include "run/message.h"
#include "run/snapshot.h"
#include "schema/schema.h"
#include "watch/watch.h"

#include <openssl/ssl.h>

enum {
    FRONT_CLIENTS_MAX = 4096,
    FRONT_INSTANCES_MAX = 1024,
    RESPONSE_MAX = 6291556, /* AWS's: 6 MiB + 100 */
    REQUEST_ID_LEN = 36,
    LOG_TAIL = 4096,
    CHANGES_TEXT = 512,
    LOG_LINES_MAX = 1000, /* a function may print so many lines an invocation, */
    LOG_BYTES_MAX = 256 << 10, /* and so much; what is past it is counted */
};

#define MS 1000000ull /* in ns */
#define SECOND (1000 * MS)
#define HEAD_DEADLINE (10 * SECOND)
#define BODY_DEADLINE (30 * SECOND)
#define IDLE_DEADLINE (75 * SECOND)
#define SEND_DEADLINE (30 * SECOND)
#define INIT_DEADLINE (10 * SECOND)

/* ---- what the contract says, compiled ---- */

struct checked { /* a schema of the contract, or NULL where there is none */
    struct schema *schema;
    struct schema_cleaner *cleaner; /* what it asks to be done first, or NULL */
    const struct contract_schema *from;
};

struct gate_trigger {
    const struct trigger *trigger;
    struct checked body, query, headers, params;
};

struct pool {
    struct front *front;
    const struct function *function;
    struct watch_function *watch;
    uint32_t index;
    struct gate_trigger *triggers;
    struct checked returns;
    struct checked *returns_by_status; /* as in the contract */
    str *roots; /* directories of the machine that no caller is told of */
    size_t root_count;
    char name[128]; /* NUL-terminated */

    struct instance *instances;
    unsigned count, starting, idle;
    struct invocation *queue, **queue_end;
    unsigned queued;
    double tokens; /* of the rate limit */
    uint64_t tokens_at;
};

/* ---- instances ---- */

enum instance_state {
    INSTANCE_STARTING, /* asked for */
    INSTANCE_INIT, /* runs, has not asked for an event yet */
    INSTANCE_IDLE, /* waits for an event */
    INSTANCE_BUSY,
    INSTANCE_STOPPING, /* its end has been asked for */
};

struct runtime_connection {
    struct source source;
    struct instance *instance;
    struct runtime_connection *next;
    struct buf in, out, body;
    size_t sent;
    bool reading_body, in_turn, drained, ended;
    unsigned action; /* of the request whose body is being read */
    char about[REQUEST_ID_LEN + 1];
    struct http_body reader;
};

struct instance {
    struct instance *next;
    struct pool *pool;
    uint32_t id;
    enum instance_state state;
    struct source listener, output, names;
    struct runtime_connection *connections, *parked;
    unsigned connection_count;
    struct invocation *invocation;
    char last_id[REQUEST_ID_LEN + 1]; /* of the invocation before */
    struct timer timer; /* the end of init, or of idleness */
    uint64_t started_ns, init_ns;
    bool initialised; /* has asked for its first event */
    bool unread; /* it ended without having read the event that it was given */
    bool served; /* has been given one */
    struct buf init_error;
    struct redact_stream redact;
    struct buf line; /* printed, not yet ended */
    size_t log_lines, log_bytes, log_dropped; /* since the last invocation's end */
    unsigned names_asked;
    struct source end; /* frees it when nothing can refer to it any more */
};

/* ---- invocations ---- */

enum answer_to { ANSWER_HTTP, ANSWER_INVOKE, ANSWER_NOBODY };

/* What the answer to a batch's source is made of. */
struct batch {
    struct arena *arena; /* all of it lives there */
    enum event_kind kind;
    struct event_item *items;
    size_t count;
};

struct invocation {
    struct invocation *next;
    struct pool *pool;
    struct instance *instance;
    struct client *client; /* NULL once the caller is gone */
    enum answer_to to;
    bool tail, cold, in_queue;
    bool given_back; /* by an instance that ended before it read it */
    struct timer timer;
    char id[REQUEST_ID_LEN + 1];
    char trace[80];
    const char *trigger; /* trigger_name() */
    char method[16]; /* of an HTTP request; else empty */
    str route;
    struct buf event, context, log;
    size_t change_count; /* made by cleaning it, and the first of them */
    char changes[CHANGES_TEXT];
    struct batch *batch; /* NULL when the source wants no word about each record */
    size_t redactions;
    size_t headers_dropped;
    struct buf header_names; /* of those */
    bool unfit; /* its result is not what the contract says it returns */
    uint64_t queued_ns, started_ns, wall_ms;
    unsigned attempt;
};

/* How an invocation ended. */
enum outcome {
    OUTCOME_OK,
    OUTCOME_ERROR, /* the function reported an error: body is its payload */
    OUTCOME_TIMEOUT,
    OUTCOME_CRASH, /* the process ended */
    OUTCOME_TOO_LARGE, /* the response was */
    OUTCOME_NO_START, /* no instance could be started */
};

/* ---- callers ---- */

/* CLOSING: the last answer is on its way, what still arrives is thrown away. */
enum client_state { CLIENT_HEAD, CLIENT_BODY, CLIENT_WAIT, CLIENT_CLOSING };

enum target {
    TARGET_ROUTE,
    TARGET_INVOKE,
    TARGET_LIST,
    TARGET_FUNCTION,
    TARGET_CONFIGURATION,
    TARGET_HEALTH,
    TARGET_METRICS,
};

enum { ROUTE_PARAMS_MAX = 16 }; /* as event_route_match fills */

struct route {
    struct pool *pool; /* NULL with `trigger` when there is none */
    struct gate_trigger *trigger;
    struct event_pair params[ROUTE_PARAMS_MAX];
    size_t param_count;
    char allow[64]; /* the methods that the path has, when it has not this one */
};

struct request {
    struct http_head head;
    struct http_body reader;
    char id[REQUEST_ID_LEN + 1];
    enum target target;
    struct pool *pool;
    struct route route;
    str path; /* decoded */
    const struct json *query, *headers; /* for the function, when cleaning changed them */
    size_t change_count;
    char changes[CHANGES_TEXT]; /* "/body/name trim, ..." */
    enum answer_to answer;
    bool event_type, dry_run, tail, is_api;
    uint64_t wall_ms;
};

struct client {
    struct source source;
    struct timer timer;
    struct front *front;
    SSL *ssl;
    enum client_state state;
    bool readable, writable, ended, gone, handshaken, close_after, dirty;
    struct buf in, out, body;
    size_t sent, discarded;
    struct arena *arena; /* the request's memory */
    struct request *request;
    struct invocation *invocation;
    struct client *next, *previous, *next_dirty;
    char ip[46];
};

/* ---- the process ---- */

struct front {
    struct loop *loop;
    struct arena *arena;
    struct snapshot snapshot;
    struct contract *contract;
    struct pool *pools;
    size_t pool_count;
    struct watch_function *watch;
    struct redact *redact;
    SSL_CTX *tls;

    struct source listener, keeper, broker;
    struct timer accept_again;
    struct client *clients, *dirty;
    size_t client_count;
    bool draining;
    struct timer drain;

    struct instance *by_id[FRONT_INSTANCES_MAX]; /* id modulo the size */
    uint32_t next_id;
    size_t instance_count;

    struct ledger ledger, quarantine;
    struct ledger_record record;
    struct buf records; /* of this turn, or not yet written */
    bool ledger_full;
    struct timer ledger_again;
    char date[32];
    uint64_t date_s; /* the second that `date` tells */
    uint8_t random[1024]; /* for request ids */
    size_t random_left;
};

int front_main(void);
void front_new_id(struct front *f, char ret[REQUEST_ID_LEN + 1]);
str front_date(struct front *f); /* as in the Date header */

/* accept.c */
void client_accept_all(struct front *f);

/* client.c */
bool client_accept(struct front *f, int fd, const char *ip);
/* The answer stands in client->out: it is sent after this turn's records are written. */
void client_answered(struct client *c);
/* Sends an answer that tells of nothing that was done without waiting for its record while the
 * ledger is full, unless others, `before` bytes, stand in front of it. */
void client_hurry(struct client *c, size_t before);
void client_flush(struct client *c);
void client_flush_dirty(struct front *f); /* once the records are written */
void client_close(struct client *c);

/* tls.c */
bool tls_context(str cert, str key, SSL_CTX **ret, struct err *e) MUST_USE;
enum tls_result { TLS_OK, TLS_AGAIN, TLS_END };
enum tls_result tls_handshake(struct client *c);
enum tls_result tls_read(struct client *c, char *to, size_t n, size_t *got);
enum tls_result tls_write(struct client *c, str bytes, size_t *put);

/* route.c */
bool route_compile(struct front *f, struct err *e) MUST_USE;
/* The best trigger for a method and path, of all functions or of one. */
void route_find(struct front *f, struct pool *only, str method, str path, struct route *ret);

/* check.h: false when the refusal has been answered */
bool check_request(struct client *c, struct buf *body) MUST_USE; /* of a route */
struct passed { /* what of an event the function gets */
    struct json event;
    enum trigger_kind trigger;
    enum event_kind kind;
    const struct event_item *items; /* of its records; in the client's arena */
    size_t item_count;
    bool nothing; /* is left of it: the function is not called */
};
bool check_event(struct client *c, struct passed *ret) MUST_USE; /* by Invoke */
bool check_cloudevent(struct client *c, struct passed *ret) MUST_USE; /* to a route */

/* batch.c */
/* A copy that lives as long as the invocation; *ret is NULL when none is needed. */
bool batch_keep(const struct passed *p, struct batch **ret) MUST_USE;
void batch_free(struct batch *b);
/* The answer to the source, out of the function's; false without memory. */
bool batch_answer(const struct batch *b, str answer, struct buf *ret) MUST_USE;
/* The same where the function was not called. */
bool batch_answer_alone(struct client *c, const struct passed *p, struct buf *ret) MUST_USE;

/* quarantine.c */
void quarantine_open(struct front *f, int fd);
/* Appends a record to `out`, which quarantine_write takes: before anything else is done with the
 * event, so that nothing is dropped unrecorded. */
void quarantine_add(struct client *c, const struct gate_trigger *g,
                    const struct event_item *item, str payload, str reason, struct buf *out);
bool quarantine_write(struct front *f, const struct buf *lines) MUST_USE;

/* clean.c: false when the refusal has been answered */
/* Makes *value clean, before it is checked; the request notes what was changed. */
bool clean_part(struct client *c, const char *part, const struct checked *by,
                const struct json **value) MUST_USE;
/* The same for what is all text. *values is then what is to be checked; *ret, untouched when
 * nothing was changed, the texts for the function. */
bool clean_texts(struct client *c, const char *part, const struct checked *by,
                 const struct json **values, const struct json **ret) MUST_USE;
/* Tells in the request's record what was changed. */
void clean_note(struct request *r, const char *part, const struct schema_cleaned *cleaned);
/* Puts cleaned parameters into the route and its path. */
bool clean_params(struct client *c, const struct json *cleaned) MUST_USE;

/* gate.c */
/* The head is read: false when the request has been answered (refused) already. */
bool gate_open(struct client *c);
uint64_t gate_body_max(const struct client *c);
/* The body is complete. */
void gate_pass(struct client *c);

/* api.c */
void api_answer(struct client *c);
/* "/2015-03-31/functions/...": sets the request's target; false when answered. */
bool api_open(struct client *c);

/* answer.c */
void answer_start(struct client *c, unsigned status);
void answer_body(struct client *c, str content_type, str body);
struct refusal {
    unsigned status;
    const char *type; /* "fnward.InvalidEvent" */
    const char *why;
    const struct schema_problem *problems;
    size_t problem_count;
    enum event_error aws; /* its shape on the Lambda API */
    const char *retry_after, *allow;
    bool close;
};
void answer_refusal(struct client *c, const struct refusal *r);
void answer_accepted(struct client *c); /* an Event or DryRun invocation */
/* An event of which no record was left for the function. */
void answer_uncalled(struct client *c, str body);
/* "why: /body/sku: is missing; /body/quantity: is more than 99" */
void refusal_text(struct buf *b, const struct refusal *r);

/* result.c */
/* Tells the caller, if it is still there; *bytes is the length of the body it got. A result that
 * breaks the contract's promise makes *how an error. */
unsigned answer_invocation(struct invocation *i, enum outcome *how, str body, size_t *bytes);

/* promise.c */
/*
 * Holds a response, or an invocation's payload, against what `returns` says: true when it fits,
 * or nothing is said. The text that was checked then stands in its place, as our own
 * serialisation. False when it does not; the places are on record.
 */
bool promise_response(struct invocation *i, struct arena *a, struct event_response *r) MUST_USE;
bool promise_made(const struct pool *p); /* whether anything is said, for promise_payload */
bool promise_payload(struct invocation *i, struct arena *a, str *payload) MUST_USE;
/* Records that a result cannot leave; `why` and places, never values. */
void promise_broken(struct invocation *i, const struct refusal *why);

/* pool.c */
void pool_init(struct front *f);
bool pool_take_token(struct pool *p);
bool pool_submit(struct pool *p, struct invocation *i); /* false: full */
/* To an idle instance. */
void pool_give(struct instance *n, struct invocation *i);
/* The first of the queue whose caller is still there, taken out of it; or NULL. */
struct invocation *pool_next_wanted(struct pool *p);
void pool_leave_queue(struct invocation *i);
/* To the head of the queue: its instance ended before it read the event. */
void pool_give_back(struct invocation *i);
void pool_start_as_needed(struct pool *p);
void pool_keep_warm(struct front *f);

/* invocation.c */
struct invocation *invocation_new(struct pool *p, const char *id);
void invocation_free(struct invocation *i);
/* Answers, records and counts it; frees it, unless it is tried again later. */
void invocation_end(struct invocation *i, enum outcome how, str body);

/* instance.c */
bool instance_start(struct pool *p); /* asks the keeper; false: not now */
void instance_stop(struct instance *n, const char *why);
void instance_idle(struct instance *n); /* it asks for an event */
/* The connection that waited for an event is gone. */
void instance_unparked(struct instance *n);
void instance_started(struct front *f, const struct message *m, const struct message_fds *fds);
void instance_failed(struct front *f, const struct message *m);
void instance_exited(struct front *f, const struct message *m);
void instance_denied(struct front *f, const struct message *m);

/* runtime.c */
bool runtime_listen(struct instance *n, int fd, struct err *e) MUST_USE;
void runtime_deliver(struct instance *n, struct invocation *i);
void runtime_drain(struct instance *n); /* reads what has arrived, before its end is told */
void runtime_close_all(struct instance *n);

/* output.c */
bool output_watch(struct instance *n, int fd, struct err *e) MUST_USE;
void output_drain(struct instance *n); /* all that has been printed up to now */

/* names.c */
bool names_watch(struct instance *n, int fd, struct err *e) MUST_USE;

/* record.c */
void record_open(struct front *f, int fd);
void record_begin(struct front *f, enum ledger_kind kind, const struct pool *p,
                  const struct instance *n, const char *id);
void record_end(struct front *f);
/* Ends a denial: what was refused, on what, why. */
void record_denial(struct front *f, const char *action, str subject, str reason,
                   uint32_t repeated);
/* Writes this turn's records; true when all are written. */
bool record_flush(struct front *f);
bool record_possible(const struct front *f); /* false while the disk is full */
void record_invocation(const struct invocation *i, enum outcome how, unsigned status, str body,
                       size_t bytes);
void record_lifecycle(const struct instance *n, const char *event, str detail);
