/*
 * The Runtime API (2018-06-01) as instances speak it, over a listener inside their cage.
 * Requests may be pipelined: a client that posts a response and asks for the next event in one
 * write is answered in one write.
 */
#include "run/front.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 4,
    RECEIVE = 64 << 10,
    KEEP_BUFFER = 128 << 10,
    DISCARD_MAX = 64 << 20, /* a response too large is read to its end, up to here */
};

enum action { ACTION_NEXT, ACTION_RESPONSE, ACTION_ERROR, ACTION_INIT_ERROR, ACTION_PING };

static void connection_turn(struct runtime_connection *c);

/* ---- answers ---- */

static void answer(struct runtime_connection *c, unsigned status, str body)
{
    http_write_status(&c->out, status);
    http_write_header(&c->out, STR("Content-Type"), STR("application/json"));
    http_write_body(&c->out, body);
}

static void answer_error(struct runtime_connection *c, unsigned status, const char *type,
                         const char *message)
{
    CLEANUP(buf_free) struct buf body = {0};

    buf_addf(&body, "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}\n", message, type);
    answer(c, status, buf_str(&body));
}

static void answer_ok(struct runtime_connection *c)
{
    answer(c, 202, STR("{\"status\":\"OK\"}\n"));
}

static void flush(struct runtime_connection *c)
{
    while (c->sent < c->out.len) {
        ssize_t n = send(c->source.fd, c->out.at + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return; /* EAGAIN: when it is writable again; else reading tells */
        c->sent += (size_t)n;
    }
    c->sent = 0;
    buf_clear(&c->out);
    if (c->out.cap > KEEP_BUFFER)
        buf_free(&c->out);
}

static void write_event(struct runtime_connection *c, struct invocation *i)
{
    struct front *f = i->pool->front;
    struct buf *out = &c->out;

    http_write_status(out, 200);
    http_write_header(out, STR("Content-Type"), STR("application/json"));
    http_write_header(out, STR("Lambda-Runtime-Aws-Request-Id"), str_of(i->id));
    buf_add(out, STR("Lambda-Runtime-Deadline-Ms: "));
    buf_add_u64(out, loop_wall_ms(f->loop) + i->pool->function->limits.timeout_ms);
    buf_add(out, STR("\r\nLambda-Runtime-Invoked-Function-Arn: "));
    event_function_arn(out, i->pool->function->name, STR(""));
    buf_add(out, STR("\r\n"));
    http_write_header(out, STR("Lambda-Runtime-Trace-Id"), str_of(i->trace));
    if (i->context.len)
        http_write_header(out, STR("Lambda-Runtime-Client-Context"), buf_str(&i->context));
    http_write_body(out, buf_str(&i->event));
}

void runtime_deliver(struct instance *n, struct invocation *i)
{
    struct runtime_connection *c = n->parked;

    n->parked = NULL;
    write_event(c, i);
    if (!c->in_turn)
        flush(c);
}

/* ---- requests ---- */

static void do_next(struct runtime_connection *c)
{
    struct instance *n = c->instance;

    if (n->invocation || n->parked) {
        answer_error(c, 403, "InvalidStateTransition",
                     "the invocation under way has not been answered");
        return;
    }
    n->parked = c;
    instance_idle(n);
}

static bool is_current(struct runtime_connection *c)
{
    const struct invocation *i = c->instance->invocation;

    if (i && strcmp(i->id, c->about) == 0)
        return true;
    answer_error(c, 400, "InvalidRequestID", "Invalid request ID");
    return false;
}

/* What does not fit was read to its end and thrown away, so that the client hears of it. */
static bool refuse_too_large(struct runtime_connection *c)
{
    CLEANUP(buf_free) struct buf payload = {0};

    if (!c->body.failed)
        return false;
    answer_error(c, 413, "RequestEntityTooLarge", "the response is larger than 6291556 bytes");
    event_failure_too_large(&payload, RESPONSE_MAX);
    invocation_end(c->instance->invocation, OUTCOME_TOO_LARGE, buf_str(&payload));
    return true;
}

static void do_response(struct runtime_connection *c)
{
    if (!is_current(c) || refuse_too_large(c))
        return;
    answer_ok(c);
    invocation_end(c->instance->invocation, OUTCOME_OK, buf_str(&c->body));
}

static void do_error(struct runtime_connection *c)
{
    if (!is_current(c) || refuse_too_large(c))
        return;
    answer_ok(c);
    invocation_end(c->instance->invocation, OUTCOME_ERROR, buf_str(&c->body));
}

static void do_init_error(struct runtime_connection *c)
{
    struct instance *n = c->instance;

    if (n->initialised || n->init_error.len) {
        answer_error(c, 403, "InvalidStateTransition",
                     "the function has been initialised, or its failure has been told");
        return;
    }
    if (!c->body.failed)
        buf_add(&n->init_error, buf_str(&c->body));
    answer_ok(c);
}

static void do_ping(struct runtime_connection *c)
{
    answer(c, 200, STR("pong"));
}

static void (*const actions[])(struct runtime_connection *c) = {
    [ACTION_NEXT] = do_next,   [ACTION_RESPONSE] = do_response,
    [ACTION_ERROR] = do_error, [ACTION_INIT_ERROR] = do_init_error,
    [ACTION_PING] = do_ping,
};

/* "/2018-06-01/runtime/invocation/ID/response" */
static bool parse_about(struct runtime_connection *c, str rest, enum action *ret)
{
    str id = str_sub(rest, 0, str_find(rest, '/'));
    str verb = str_sub(rest, id.len, rest.len);

    if (id.len > REQUEST_ID_LEN)
        return false;
    memcpy(c->about, id.at, id.len);
    c->about[id.len] = 0;
    *ret = str_is(verb, "/response") ? ACTION_RESPONSE : ACTION_ERROR;
    return str_is(verb, "/response") || str_is(verb, "/error");
}

static bool find_action(struct runtime_connection *c, const struct http_head *head,
                        enum action *ret)
{
    static const str prefix = STR_INIT("/2018-06-01/runtime/");
    bool get = str_is(head->method, "GET"), post = str_is(head->method, "POST");
    str rest;

    *ret = ACTION_PING;
    if (get && str_is(head->path, "/ping"))
        return true;
    if (!str_starts(head->path, prefix))
        return false;
    rest = str_sub(head->path, prefix.len, head->path.len);
    *ret = str_is(rest, "init/error") ? ACTION_INIT_ERROR : ACTION_NEXT;
    if ((get && str_is(rest, "invocation/next")) || (post && *ret == ACTION_INIT_ERROR))
        return true;
    return post && str_starts(rest, STR("invocation/")) &&
           parse_about(c, str_sub(rest, strlen("invocation/"), rest.len), ret);
}

static void connection_close(struct runtime_connection *c)
{
    struct instance *n = c->instance;

    if (c->source.fd < 0)
        return;
    for (struct runtime_connection **at = &n->connections; *at; at = &(*at)->next)
        if (*at == c) {
            *at = c->next;
            break;
        }
    n->connection_count--;
    loop_close(n->pool->front->loop, &c->source);
    if (n->parked == c) {
        n->parked = NULL;
        instance_unparked(n);
    }
}

static bool wants_streaming(const struct http_head *head)
{
    const str *mode = http_header(head, "lambda-runtime-function-response-mode");

    return mode && str_equal_nocase(*mode, STR("streaming"));
}

/* Reads one head; false when it is not complete, or the connection is at its end. */
static bool step_head(struct runtime_connection *c)
{
    struct http_head head;
    enum action action = ACTION_PING;
    size_t used = 0;
    unsigned status;
    const char *why;
    enum http_result r =
        c->in.len ? http_read_request(buf_str(&c->in), &head, &used, &status, &why) : HTTP_MORE;

    if (r == HTTP_MORE)
        return false;
    if (r == HTTP_REFUSED || !find_action(c, &head, &action)) {
        answer_error(c, r == HTTP_REFUSED ? 400 : 404, "InvalidRequest",
                     "this is not a request of the Runtime API");
        flush(c);
        connection_close(c);
        return false;
    }
    if (action == ACTION_RESPONSE && wants_streaming(&head)) {
        answer_error(c, 400, "InvalidFunctionResponseMode", "streaming is not supported");
        flush(c);
        connection_close(c);
        return false;
    }
    c->action = action;
    c->reading_body = true;
    http_body_start(&c->reader, &head, DISCARD_MAX);
    buf_drop(&c->in, used);
    return true;
}

/* The body up to RESPONSE_MAX; past it the reader goes on, and the body says that it failed. */
static enum http_result read_body(struct runtime_connection *c, unsigned *status)
{
    bool fits = !c->body.failed && c->body.len + c->in.len <= RESPONSE_MAX;
    CLEANUP(buf_free) struct buf piece = {0};
    size_t used = 0;
    const char *why;
    enum http_result r = http_body_read(&c->reader, buf_str(&c->in), fits ? &c->body : &piece,
                                        &used, status, &why);

    buf_add(&c->body, buf_str(&piece));
    buf_drop(&c->in, used);
    return r;
}

static bool step_body(struct runtime_connection *c)
{
    unsigned status = 0;
    enum http_result r = read_body(c, &status);

    if (r == HTTP_MORE)
        return false;
    c->body.failed |= r == HTTP_REFUSED;
    c->reading_body = false;
    if (r == HTTP_DONE || status == 413)
        actions[c->action](c);
    buf_clear(&c->body);
    if (c->body.cap > KEEP_BUFFER)
        buf_free(&c->body);
    if (r == HTTP_REFUSED && c->source.fd >= 0) {
        flush(c);
        connection_close(c);
    }
    return c->source.fd >= 0;
}

static bool receive(struct runtime_connection *c)
{
    char *to = buf_reserve(&c->in, RECEIVE);
    ssize_t n;

    do
        n = to ? recv(c->source.fd, to, RECEIVE, 0) : 0;
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        return false;
    /* TCP resets a connection, instead of ending it, when its side of it held unread bytes. */
    if (n < 0 && errno == ECONNRESET)
        c->instance->unread = c->instance->invocation != NULL;
    if (n <= 0) {
        connection_close(c);
        return false;
    }
    c->in.len += (size_t)n;
    c->drained = n < RECEIVE && !c->ended; /* the end is read too, once it has been told */
    return true;
}

static void connection_turn(struct runtime_connection *c)
{
    c->in_turn = true;
    c->drained = false;
    do {
        while (c->source.fd >= 0 && (c->reading_body ? step_body(c) : step_head(c)))
            ;
    } while (c->source.fd >= 0 && !c->drained && receive(c));
    c->in_turn = false;
    /* Who already waits for the next event need not be woken to hear that the last response was
     * taken: both are sent when there is an event. */
    if (c->source.fd >= 0 && c->instance->parked != c)
        flush(c);
}

static void connection_ready(struct source *s, uint32_t events)
{
    struct runtime_connection *c = CONTAINER(s, struct runtime_connection, source);

    c->ended |= (events & EPOLLRDHUP) != 0;
    if ((events & EPOLLOUT) && c->out.len)
        flush(c);
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        connection_turn(c);
}

/* ---- connections ---- */

static void connection_release(struct source *s)
{
    struct runtime_connection *c = CONTAINER(s, struct runtime_connection, source);

    buf_free(&c->in);
    buf_free(&c->out);
    buf_free(&c->body);
    free(c);
}

static void connection_open(struct instance *n, int fd)
{
    struct runtime_connection *c = calloc(1, sizeof(*c));
    struct err e = {0};

    if (!c || n->connection_count >= CONNECTIONS_MAX) {
        free(c);
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    c->instance = n;
    c->source =
        (struct source){.fd = -1, .ready = connection_ready, .release = connection_release};
    c->in.max = HTTP_HEAD_MAX + 2 * RECEIVE;
    c->out.max = 2 * RESPONSE_MAX;
    c->body.max = RESPONSE_MAX;
    if (!loop_watch(n->pool->front->loop, &c->source, fd, &e)) {
        free(c);
        close(fd);
        return;
    }
    c->next = n->connections;
    n->connections = c;
    n->connection_count++;
}

static void listener_ready(struct source *s, uint32_t events)
{
    struct instance *n = CONTAINER(s, struct instance, listener);

    int fd;

    (void)events;
    while ((fd = loop_accept(s, NULL)) >= 0)
        connection_open(n, fd);
}

bool runtime_listen(struct instance *n, int fd, struct err *e)
{
    n->listener.ready = listener_ready;
    return loop_watch(n->pool->front->loop, &n->listener, fd, e);
}

void runtime_drain(struct instance *n)
{
    for (struct runtime_connection *c = n->connections, *next; c; c = next) {
        next = c->next;
        connection_turn(c);
    }
}

void runtime_close_all(struct instance *n)
{
    n->parked = NULL;
    while (n->connections)
        connection_close(n->connections);
}
