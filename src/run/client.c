/*
 * A caller's connection. HEAD -> BODY -> WAIT -> HEAD ... -> CLOSING. Slow callers cost a
 * descriptor and a timer; memory is taken when their first byte arrives.
 */
#include "run/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECEIVE = 16 << 10,
    KEEP_BUFFER = 64 << 10, /* a larger one is given back after the request */
    PIPELINE_OUT = 256 << 10, /* answers not taken by the caller before we stop reading */
    LINGER_BYTES = 16 << 20, /* read and thrown away so that the last answer arrives: clients
                                send all of a body that was refused before they look */
};
#define LINGER_DEADLINE (3 * SECOND)

static void client_turn(struct client *c);

/* ---- bytes in ---- */

static enum tls_result receive_plain(struct client *c, char *to, size_t n, size_t *got)
{
    ssize_t r;

    do
        r = recv(c->source.fd, to, n, 0);
    while (r < 0 && errno == EINTR);
    if (r < 0 && errno == EAGAIN)
        return TLS_AGAIN;
    if (r <= 0)
        return TLS_END;
    *got = (size_t)r;
    return TLS_OK;
}

/* One read into `in`. False when there is nothing more to be had now. */
static bool receive(struct client *c)
{
    char *to = buf_reserve(&c->in, RECEIVE);
    enum tls_result r;
    size_t got = 0;

    if (!to) {
        c->gone = true;
        return false;
    }
    r = c->ssl ? tls_read(c, to, RECEIVE, &got) : receive_plain(c, to, RECEIVE, &got);
    if (r == TLS_END)
        c->gone = true;
    /* A short read means that there is no more, unless the end has been told with it. */
    if (r != TLS_OK || (!c->ssl && got < RECEIVE && !c->ended))
        c->readable = false;
    c->in.len += got;
    return r == TLS_OK;
}

/* ---- one request ---- */

static bool request_begin(struct client *c)
{
    if (!c->arena)
        c->arena = arena_new(0);
    if (!c->arena)
        return false;
    c->request = arena_alloc(c->arena, sizeof(*c->request));
    return c->request != NULL;
}

static void refuse_head(struct client *c, unsigned status, const char *why)
{
    struct refusal r = {
        .status = status, .type = "fnward.BadRequest", .why = why, .close = true};

    front_new_id(c->front, c->request->id);
    answer_refusal(c, &r);
}

/* The head's bytes move to the request's memory, where they stay while the body arrives. */
static bool keep_head(struct client *c, size_t used)
{
    unsigned status;
    const char *why;
    size_t again;
    str head = arena_str(c->arena, str_sub(buf_str(&c->in), 0, used));

    if (!head.at)
        return false;
    buf_drop(&c->in, used);
    return http_read_request(head, &c->request->head, &again, &status, &why) == HTTP_DONE;
}

static void start_body(struct client *c)
{
    struct request *r = c->request;

    http_body_start(&r->reader, &r->head, gate_body_max(c));
    c->state = CLIENT_BODY;
    loop_set(c->front->loop, &c->timer, loop_now(c->front->loop) + BODY_DEADLINE);
    /* Not for a body that is too large already: the refusal comes first. */
    if (r->head.expect_continue && !c->in.len && r->head.length <= r->reader.max) {
        buf_add(&c->out, STR("HTTP/1.1 100 Continue\r\n\r\n"));
        if (!c->dirty)
            client_flush(c);
    }
}

/* Each step returns whether it got further with the bytes at hand. */
static bool step_head(struct client *c)
{
    struct http_head *head;
    unsigned status = 400;
    const char *why = "";
    size_t used = 0;

    if (!c->in.len || (!c->request && !request_begin(c)))
        return false;
    head = &c->request->head;
    switch (http_read_request(buf_str(&c->in), head, &used, &status, &why)) {
    case HTTP_MORE:
        return false;
    case HTTP_REFUSED:
        refuse_head(c, status, why);
        return true;
    case HTTP_DONE:
        break;
    }
    front_new_id(c->front, c->request->id);
    c->request->wall_ms = loop_wall_ms(c->front->loop);
    if (!keep_head(c, used)) {
        refuse_head(c, 503, "there is no memory for this request");
        return true;
    }
    if (gate_open(c))
        start_body(c);
    return true;
}

static bool step_body(struct client *c)
{
    struct request *r = c->request;
    unsigned status = 400;
    const char *why = "";
    size_t used = 0;
    enum http_result result =
        http_body_read(&r->reader, buf_str(&c->in), &c->body, &used, &status, &why);

    buf_drop(&c->in, used);
    if (result == HTTP_REFUSED) {
        answer_refusal(c, &(struct refusal){
                              .status = status,
                              .type = status == 413 ? "fnward.TooLarge" : "fnward.BadRequest",
                              .why = why,
                              .aws = status == 413 ? EVENT_TOO_LARGE : EVENT_INVALID_CONTENT,
                              .close = true});
        return true;
    }
    if (result == HTTP_MORE)
        return false;
    c->state = CLIENT_WAIT;
    loop_unset(c->front->loop, &c->timer);
    gate_pass(c);
    return true;
}

static void discard(struct client *c)
{
    c->discarded += c->in.len;
    buf_clear(&c->in);
    if (c->discarded > LINGER_BYTES)
        client_close(c);
}

/* Goes as far as the bytes at hand allow. */
static void client_turn(struct client *c)
{
    while (c->source.fd >= 0 && c->state != CLIENT_WAIT && c->out.len < PIPELINE_OUT) {
        bool further = false;

        if (c->state == CLIENT_HEAD)
            further = step_head(c);
        else if (c->state == CLIENT_BODY)
            further = step_body(c);
        else
            discard(c);
        if (further || c->source.fd < 0)
            continue;
        if (!c->readable || !receive(c))
            break;
        if (c->state == CLIENT_HEAD && !c->timer.at)
            loop_set(c->front->loop, &c->timer, loop_now(c->front->loop) + HEAD_DEADLINE);
    }
    if (c->gone && c->state != CLIENT_WAIT && !c->dirty)
        client_close(c);
}

static void client_ready(struct source *s, uint32_t events)
{
    struct client *c = CONTAINER(s, struct client, source);

    c->readable |= (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    c->writable |= (events & EPOLLOUT) != 0;
    c->ended |= (events & EPOLLRDHUP) != 0;
    if (events & (EPOLLHUP | EPOLLERR)) {
        client_close(c);
        return;
    }
    if (c->ssl && !c->handshaken) {
        if (tls_handshake(c) == TLS_END)
            client_close(c);
        if (!c->handshaken)
            return;
    }
    if (c->out.len && c->writable && !c->dirty)
        client_flush(c);
    if (c->source.fd >= 0)
        client_turn(c);
}

/* ---- bytes out ---- */

static enum tls_result send_plain(struct client *c, str bytes, size_t *put)
{
    ssize_t n;

    do
        n = send(c->source.fd, bytes.at, bytes.len, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        return TLS_AGAIN;
    if (n < 0)
        return TLS_END;
    *put = (size_t)n;
    return TLS_OK;
}

static void linger(struct client *c)
{
    if (c->ssl)
        SSL_shutdown(c->ssl);
    shutdown(c->source.fd, SHUT_WR);
    loop_set(c->front->loop, &c->timer, loop_now(c->front->loop) + LINGER_DEADLINE);
}

static void all_sent(struct client *c)
{
    buf_clear(&c->out);
    c->sent = 0;
    if (c->out.cap > KEEP_BUFFER)
        buf_free(&c->out);
    if (c->state == CLIENT_CLOSING)
        linger(c);
    else if (c->state == CLIENT_HEAD)
        loop_set(c->front->loop, &c->timer,
                 loop_now(c->front->loop) + (c->in.len ? HEAD_DEADLINE : IDLE_DEADLINE));
}

void client_flush(struct client *c)
{
    while (c->sent < c->out.len && c->writable) {
        str left = str_sub(buf_str(&c->out), c->sent, c->out.len);
        size_t put = 0;
        enum tls_result r = c->ssl ? tls_write(c, left, &put) : send_plain(c, left, &put);

        c->sent += put;
        if (r == TLS_AGAIN)
            c->writable = false;
        if (r == TLS_END) {
            client_close(c);
            return;
        }
    }
    if (c->sent < c->out.len)
        loop_set(c->front->loop, &c->timer, loop_now(c->front->loop) + SEND_DEADLINE);
    else
        all_sent(c);
}

void client_answered(struct client *c)
{
    struct front *f = c->front;

    c->state = c->close_after ? CLIENT_CLOSING : CLIENT_HEAD;
    c->request = NULL;
    c->invocation = NULL;
    buf_clear(&c->body);
    if (c->body.cap > KEEP_BUFFER)
        buf_free(&c->body);
    if (c->arena)
        arena_reset(c->arena);
    if (!c->dirty) {
        c->dirty = true;
        c->next_dirty = f->dirty;
        f->dirty = c;
    }
}

static void leave_dirty(struct client *c)
{
    for (struct client **at = &c->front->dirty; c->dirty && *at; at = &(*at)->next_dirty)
        if (*at == c) {
            *at = c->next_dirty;
            break;
        }
    c->dirty = false;
}

void client_hurry(struct client *c, size_t before)
{
    if (record_possible(c->front) || before || c->source.fd < 0)
        return;
    leave_dirty(c);
    client_flush(c);
}

void client_flush_dirty(struct front *f)
{
    struct client *list = f->dirty;

    f->dirty = NULL; /* who goes on with its next request may come to stand here again */
    while (list) {
        struct client *c = list;

        list = c->next_dirty;
        c->dirty = false;
        if (c->source.fd < 0)
            continue;
        client_flush(c);
        if (c->source.fd >= 0 && !c->out.len)
            client_turn(c);
    }
}

/* ---- its beginning and end ---- */

static void client_late(struct timer *t)
{
    struct client *c = CONTAINER(t, struct client, timer);
    bool asked = (c->state == CLIENT_HEAD && c->in.len) || c->state == CLIENT_BODY;

    if (!asked || c->out.len || !c->request) {
        client_close(c);
        return;
    }
    if (!c->request->id[0])
        front_new_id(c->front, c->request->id);
    answer_refusal(c, &(struct refusal){.status = 408,
                                        .type = "fnward.TooSlow",
                                        .why = "the request did not arrive in time",
                                        .aws = EVENT_INVALID_CONTENT,
                                        .close = true});
}

static void client_release(struct source *s)
{
    struct client *c = CONTAINER(s, struct client, source);

    SSL_free(c->ssl);
    buf_free(&c->in);
    buf_free(&c->out);
    buf_free(&c->body);
    arena_free(c->arena);
    free(c);
}

void client_close(struct client *c)
{
    struct front *f = c->front;

    if (c->source.fd < 0)
        return;
    if (c->invocation)
        c->invocation->client = NULL;
    loop_unset(f->loop, &c->timer);
    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        f->clients = c->next;
    f->client_count--;
    leave_dirty(c);
    loop_close(f->loop, &c->source);
}

bool client_accept(struct front *f, int fd, const char *ip)
{
    struct client *c = calloc(1, sizeof(*c));
    struct err e = {0};

    if (!c)
        return false;
    c->front = f;
    c->source = (struct source){.fd = -1, .ready = client_ready, .release = client_release};
    c->timer.fire = client_late;
    c->writable = true;
    c->in.max = HTTP_HEAD_MAX + (64 << 10);
    c->out.max = RESPONSE_MAX * 2;
    c->body.max = RESPONSE_MAX + 1;
    snprintf(c->ip, sizeof(c->ip), "%s", ip);
    if (f->tls) {
        c->ssl = SSL_new(f->tls);
        if (!c->ssl || SSL_set_fd(c->ssl, fd) != 1) {
            SSL_free(c->ssl);
            free(c);
            return false;
        }
    }
    if (!loop_watch(f->loop, &c->source, fd, &e)) {
        SSL_free(c->ssl);
        free(c);
        return false;
    }
    c->next = f->clients;
    if (f->clients)
        f->clients->previous = c;
    f->clients = c;
    f->client_count++;
    loop_set(f->loop, &c->timer, loop_now(f->loop) + HEAD_DEADLINE);
    return true;
}
