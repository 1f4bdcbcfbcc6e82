/*
 * A session: this process calls one function over a connection that nobody else has.
 */
#include "http/http.h"
#include "run/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 16 << 20, LOG_HEADER_MAX = 8192, RECEIVE = 64 << 10 };

struct run_session {
    struct source source; /* our side of the connection */
    struct keeper *keeper;
    struct timer settle;
    str function;
    struct buf request, response;
    size_t sent;
    bool done, begun;
    bool ended; /* the other side is gone: nothing would wake us again */
};

/* ---- bytes ---- */

/* Whether the whole answer has arrived; `head` and `body` are its parts. */
static bool answer_complete(struct run_session *s, struct http_head *head, str *body)
{
    str bytes = buf_str(&s->response);
    size_t used = 0;
    const char *why;

    if (http_read_response(bytes, head, &used, &why) != HTTP_DONE)
        return false;
    *body = str_sub(bytes, used, bytes.len);
    return body->len >= head->length;
}

static void send_request(struct run_session *s)
{
    while (s->sent < s->request.len) {
        ssize_t n =
            send(s->source.fd, s->request.at + s->sent, s->request.len - s->sent, MSG_NOSIGNAL);

        if (n < 0)
            return; /* later, or never: then reading tells */
        s->sent += (size_t)n;
    }
}

static void session_ready(struct source *source, uint32_t events)
{
    struct run_session *s = CONTAINER(source, struct run_session, source);
    struct http_head head;
    str body;

    (void)events;
    send_request(s);
    for (;;) {
        char *to = buf_reserve(&s->response, RECEIVE);
        ssize_t n = to ? recv(s->source.fd, to, RECEIVE, 0) : 0;

        if (n < 0 && errno == EAGAIN)
            return;
        if (n > 0)
            s->response.len += (size_t)n;
        s->done = answer_complete(s, &head, &body);
        s->ended |= n <= 0;
        if (s->done || n <= 0) {
            loop_stop(s->keeper->loop);
            return;
        }
    }
}

static void write_request(struct run_session *s, str event)
{
    buf_clear(&s->request);
    buf_clear(&s->response);
    s->sent = 0;
    s->done = false;
    buf_addf(&s->request,
             "POST /2015-03-31/functions/%.*s/invocations HTTP/1.1\r\nHost: localhost\r\n"
             "X-Amz-Log-Type: Tail\r\nContent-Length: %zu\r\n\r\n",
             STR_ARG(s->function), event.len);
    buf_add(&s->request, event);
}

/* ---- answers ---- */

static bool decode_log(struct arena *a, const struct http_head *head, str *ret)
{
    const str *encoded = http_header(head, "x-amz-log-result");

    *ret = STR("");
    return !encoded || encoded->len > LOG_HEADER_MAX || base64_decode(a, *encoded, ret);
}

static bool take_answer(struct run_session *s, struct arena *a, struct run_answer *ret,
                        struct err *e)
{
    struct http_head head;
    const str *id;
    str body;

    if (!s->done || !answer_complete(s, &head, &body))
        return err_set(e, ERR_SYSTEM, "the invocation was not answered");
    id = http_header(&head, "x-amzn-requestid");
    ret->status = head.status;
    ret->failed = head.status != 200 || http_header(&head, "x-amz-function-error");
    ret->payload = arena_str(a, str_sub(body, 0, (size_t)head.length));
    ret->id = arena_str(a, id ? *id : STR(""));
    if (!ret->payload.at || !ret->id.at || !decode_log(a, &head, &ret->log))
        return err_limit(e);
    return true;
}

bool run_session_call(struct run_session *s, struct arena *a, str event, struct run_answer *ret,
                      struct err *e)
{
    if (s->ended || s->keeper->ending)
        return err_set(e, ERR_SYSTEM, "the invocation was not answered: this is the end");
    write_request(s, event);
    if (s->request.failed)
        return err_limit(e);
    send_request(s);
    return keeper_turn(s->keeper, e) && take_answer(s, a, ret, e);
}

/* ---- time ---- */

static void settled(struct timer *t)
{
    loop_stop(CONTAINER(t, struct run_session, settle)->keeper->loop);
}

bool run_session_settle(struct run_session *s, uint64_t ns, struct err *e)
{
    if (!loop_set(s->keeper->loop, &s->settle, loop_now(s->keeper->loop) + ns))
        return err_limit(e);
    return keeper_turn(s->keeper, e);
}

bool run_session_ending(const struct run_session *s)
{
    return s->keeper->ending;
}

/* ---- from beginning to end ---- */

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

static bool connect_keeper(struct run_session *s, struct err *e)
{
    struct keeper *k = s->keeper;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
        return err_sys(e, "cannot make a connection");
    k->listener = pair[1];
    k->snapshot.settings.one_client = true;
    k->snapshot.settings.loopback_only = true;
    k->snapshot.settings.warm = 0;
    s->source = (struct source){.fd = -1, .ready = session_ready};
    s->settle.fire = settled;
    return loop_watch(k->loop, &s->source, pair[0], e) && keeper_snapshot(k, e);
}

static bool start(struct run_session *s, const struct run_options *o, str function,
                  struct err *e)
{
    s->keeper = calloc(1, sizeof(*s->keeper));
    if (!s->keeper)
        return err_limit(e);
    if (!keeper_load(s->keeper, o, e))
        return false;
    if (!contract_function(s->keeper->contract, function))
        return no_function(s->keeper->contract, function, e);
    s->function = contract_function(s->keeper->contract, function)->name;
    s->response.max = ANSWER_MAX;
    if (!connect_keeper(s, e))
        return false;
    s->begun = true;
    return keeper_begin(s->keeper, e);
}

bool run_session_open(const struct run_options *o, str function, struct run_session **ret,
                      struct err *e)
{
    struct run_session *s = calloc(1, sizeof(*s));

    if (!s)
        return err_limit(e);
    if (start(s, o, function, e)) {
        *ret = s;
        return true;
    }
    run_session_close(s);
    return false;
}

const struct contract *run_session_contract(const struct run_session *s)
{
    return s->keeper->contract;
}

const char *run_session_ledger(const struct run_session *s)
{
    return s->keeper->ledger_dir;
}

/* What is under way ends by itself; nobody waits for longer than the keeper does. */
static void end(struct run_session *s)
{
    struct err ignored = {0};

    if (s->keeper->front_pid > 0 && !s->keeper->ending) {
        keeper_end(s->keeper);
        if (s->keeper->ending && !keeper_turn(s->keeper, &ignored))
            s->keeper->ending = true;
    }
    keeper_finish(s->keeper);
}

void run_session_close(struct run_session *s)
{
    if (s->begun)
        end(s);
    buf_free(&s->request);
    buf_free(&s->response);
    if (s->keeper)
        keeper_unload(s->keeper);
    free(s->keeper);
    free(s);
}

void run_session_closep(struct run_session **s)
{
    if (*s)
        run_session_close(*s);
}

bool run_invoke(struct arena *a, const struct run_options *o, str function, str event,
                struct run_answer *ret, struct err *e)
{
    CLEANUP(run_session_closep) struct run_session *s = NULL;

    return run_session_open(o, function, &s, e) && run_session_call(s, a, event, ret, e);
}
