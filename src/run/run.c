#include "run/run.h"

#include "http/http.h"
#include "run/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 16 << 20, LOG_HEADER_MAX = 8192 };

static void keeper_freep(struct keeper **k)
{
    if (*k)
        keeper_unload(*k);
    free(*k);
}

static bool write_snapshot(struct keeper *k, struct err *e)
{
    bool written = snapshot_write(&k->snapshot, &k->snapshot_fd, e);
    str key = k->snapshot.tls_key;

    memory_wipe((char *)(uintptr_t)key.at, key.len);
    return written;
}

/* ---- serving ---- */

struct serving {
    void (*started)(void *self, const struct run_report *report);
    void *self;
};

static void report(struct keeper *k)
{
    const struct serving *s = k->self;
    struct run_report r = {
        .contract = k->contract,
        .address = k->options->address,
        .port = (uint16_t)k->snapshot.settings.port,
        .has_tls = k->snapshot.settings.has_tls,
        .has_token = k->snapshot.settings.has_token,
        .ledger = k->ledger_dir,
    };

    s->started(s->self, &r);
}

bool run_serve(const struct run_options *o,
               void (*started)(void *self, const struct run_report *report), void *self,
               struct err *e)
{
    CLEANUP(keeper_freep) struct keeper *k = calloc(1, sizeof(*k));
    struct serving serving = {started, self};

    if (!k)
        return err_limit(e);
    k->started = report;
    k->self = &serving;
    return keeper_load(k, o, e) && keeper_listen(k, e) && write_snapshot(k, e) &&
           keeper_run(k, e);
}

/* ---- one invocation ---- */

struct calling {
    struct source source; /* our side of the one client's connection */
    struct keeper *keeper;
    struct buf request, response;
    size_t sent;
    bool done;
};

/* Whether the whole answer has arrived; `head` and `body` are its parts. */
static bool answer_complete(struct calling *c, struct http_head *head, str *body)
{
    str bytes = buf_str(&c->response);
    size_t used = 0;
    const char *why;

    if (http_read_response(bytes, head, &used, &why) != HTTP_DONE)
        return false;
    *body = str_sub(bytes, used, bytes.len);
    return body->len >= head->length;
}

static void call_ready(struct source *s, uint32_t events)
{
    struct calling *c = CONTAINER(s, struct calling, source);
    struct http_head head;
    str body;

    (void)events;
    while (c->sent < c->request.len) {
        ssize_t n =
            send(s->fd, c->request.at + c->sent, c->request.len - c->sent, MSG_NOSIGNAL);

        if (n < 0)
            break; /* later, or never: then reading tells */
        c->sent += (size_t)n;
    }
    for (;;) {
        char *to = buf_reserve(&c->response, 65536);
        ssize_t n = to ? recv(s->fd, to, 65536, 0) : 0;

        if (n < 0 && errno == EAGAIN)
            return;
        if (n > 0)
            c->response.len += (size_t)n;
        c->done = answer_complete(c, &head, &body);
        if (c->done || n <= 0) {
            keeper_end(c->keeper);
            return;
        }
    }
}

static void write_request(struct calling *c, str function, str event)
{
    buf_addf(&c->request,
             "POST /2015-03-31/functions/%.*s/invocations HTTP/1.1\r\nHost: localhost\r\n"
             "X-Amz-Log-Type: Tail\r\nContent-Length: %zu\r\n\r\n",
             STR_ARG(function), event.len);
    buf_add(&c->request, event);
}

static bool decode_log(struct arena *a, const struct http_head *head, str *ret)
{
    const str *encoded = http_header(head, "x-amz-log-result");

    *ret = STR("");
    return !encoded || encoded->len > LOG_HEADER_MAX || base64_decode(a, *encoded, ret);
}

static bool take_answer(struct arena *a, struct calling *c, struct run_answer *ret,
                        struct err *e)
{
    struct http_head head;
    str body;

    if (!c->done || !answer_complete(c, &head, &body))
        return err_set(e, ERR_SYSTEM, "the invocation was not answered");
    ret->status = head.status;
    ret->failed = head.status != 200 || http_header(&head, "x-amz-function-error");
    ret->payload = arena_str(a, str_sub(body, 0, (size_t)head.length));
    if (!ret->payload.at || !decode_log(a, &head, &ret->log))
        return err_limit(e);
    return true;
}

static bool call(struct keeper *k, struct calling *c, struct err *e)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
        return err_sys(e, "cannot make a connection");
    k->listener = pair[1];
    k->snapshot.settings.one_client = true;
    k->snapshot.settings.loopback_only = true;
    k->snapshot.settings.warm = 0;
    c->keeper = k;
    c->source = (struct source){.fd = -1, .ready = call_ready};
    return loop_watch(k->loop, &c->source, pair[0], e) && write_snapshot(k, e) &&
           keeper_run(k, e);
}

static bool no_function(const struct contract *c, str name, struct err *e)
{
    const char *names[CONTRACT_FUNCTIONS_MAX];
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const char *near;

    err_set(e, ERR_USAGE, "the contract has no function '%.*s'", STR_ARG(name));
    for (size_t i = 0; i < c->function_count; i++)
        names[i] = a ? arena_str(a, c->functions[i].name).at : "";
    near = a ? did_you_mean(name, names, c->function_count) : NULL;
    return near ? err_fix(e, "did you mean '%s'?", near) : err_fix(e, "it has '%s'", names[0]);
}

bool run_invoke(struct arena *a, const struct run_options *o, str function, str event,
                struct run_answer *ret, struct err *e)
{
    CLEANUP(keeper_freep) struct keeper *k = calloc(1, sizeof(*k));
    struct calling c = {.response = {.max = ANSWER_MAX}};
    bool good;

    if (!k)
        return err_limit(e);
    if (!keeper_load(k, o, e))
        return false;
    if (!contract_function(k->contract, function))
        return no_function(k->contract, function, e);
    write_request(&c, function, event);
    good = call(k, &c, e) && take_answer(a, &c, ret, e);
    buf_free(&c.request);
    buf_free(&c.response);
    return good;
}
