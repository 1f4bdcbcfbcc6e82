#include "run/link.h"

#include "run/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_DEADLINE (10 * 1000000000ull)
#define IDLE_DEADLINE (900 * 1000000000ull)
enum { PIECE = 32 << 10 };

struct side {
    struct source source;
    struct link *link;
    bool readable, writable, ended; /* ended: it will send no more */
    char *held; /* read from here, not yet written there */
    size_t held_from, held_to;
    uint64_t bytes; /* read from here */
};

struct link {
    struct link_context *context;
    struct link *next;
    struct side inside, outside;
    struct resolve_job job;
    struct addrinfo *addresses, *trying;
    struct timer timer;
    struct source end;
    uint32_t function, rule, instance;
    bool resolving, connected, closed;
    uint64_t started_ns;
    char request[40], address[ADDRESS_SIZE];
};

/* ---- records ---- */

static const struct connect_rule *rule_of(const struct link *l)
{
    return &l->context->contract->functions[l->function].connect[l->rule];
}

static void record(struct link *l, const char *outcome, const char *event, const char *reason)
{
    struct link_context *c = l->context;
    struct ledger_record *r = &c->record;
    struct err e = {0};

    ledger_begin(r, LEDGER_CONNECTION, loop_wall_ms(c->loop));
    ledger_text(r, LEDGER_FAAS_NAME, c->contract->functions[l->function].name);
    ledger_number(r, LEDGER_FAAS_INSTANCE, l->instance);
    if (l->request[0])
        ledger_text(r, LEDGER_FAAS_INVOCATION_ID, str_of(l->request));
    ledger_text(r, LEDGER_OUTCOME, str_of(outcome));
    ledger_text(r, LEDGER_EVENT, str_of(event));
    ledger_text(r, LEDGER_SERVER_ADDRESS, rule_of(l)->host);
    ledger_number(r, LEDGER_SERVER_PORT, rule_of(l)->port);
    if (l->address[0])
        ledger_text(r, LEDGER_PEER_ADDRESS, str_of(l->address));
    ledger_millis(r, LEDGER_DURATION_MS, loop_now(c->loop) - l->started_ns);
    if (l->connected && strcmp(event, "close") == 0) {
        ledger_number(r, LEDGER_BYTES_OUT, l->inside.bytes);
        ledger_number(r, LEDGER_BYTES_IN, l->outside.bytes);
    }
    if (reason)
        ledger_text(r, LEDGER_REASON, str_of(reason));
    /* A full disk stops the gate, which lets nothing new begin; what flows may end. */
    if (!ledger_append(&c->ledger, ledger_end(r), &e))
        return;
}

void links_ledger(struct link_context *c, int fd)
{
    ledger_close(&c->ledger);
    c->ledger = (struct ledger){.fd = fd};
}

/* ---- ending ---- */

static void link_free(struct source *s)
{
    struct link *l = CONTAINER(s, struct link, end);

    if (l->addresses)
        freeaddrinfo(l->addresses);
    free(l->inside.held);
    free(l->outside.held);
    free(l);
}

static void link_close(struct link *l)
{
    struct link_context *c = l->context;

    if (l->closed)
        return;
    l->closed = true;
    if (l->connected)
        record(l, "ok", "close", NULL);
    for (struct link **at = &c->links; *at; at = &(*at)->next)
        if (*at == l) {
            *at = l->next;
            break;
        }
    c->count--;
    loop_unset(c->loop, &l->timer);
    loop_close(c->loop, &l->inside.source);
    loop_close(c->loop, &l->outside.source);
    if (!l->resolving) /* else the answer of the resolver ends it */
        loop_bury(c->loop, &l->end);
}

/* The function sees a reset, which is what a connection that fails looks like. */
static void link_refuse(struct link *l, const char *outcome, const char *reason)
{
    struct linger now = {.l_onoff = 1};

    record(l, outcome, "connect", reason);
    setsockopt(l->inside.source.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    link_close(l);
}

void links_drop(struct link_context *c, uint32_t instance)
{
    for (struct link *l = c->links, *next; l; l = next) {
        next = l->next;
        if (l->instance == instance)
            link_close(l);
    }
}

/* ---- flowing ---- */

static bool read_held(struct side *from)
{
    ssize_t n;

    if (!from->readable || from->ended)
        return false;
    do
        n = recv(from->source.fd, from->held, PIECE, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        from->readable = false;
    else if (n <= 0)
        from->ended = true;
    if (n <= 0)
        return false;
    from->held_from = 0;
    from->held_to = (size_t)n;
    from->bytes += (uint64_t)n;
    return true;
}

/* False when the other side is gone. */
static bool write_held(struct side *from, struct side *to)
{
    while (from->held_from < from->held_to && to->writable) {
        ssize_t n = send(to->source.fd, from->held + from->held_from,
                         from->held_to - from->held_from, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            to->writable = false;
        else if (n < 0)
            return false;
        else
            from->held_from += (size_t)n;
    }
    return true;
}

static bool flow(struct side *from, struct side *to)
{
    bool was_open = !from->ended;

    do {
        if (!write_held(from, to))
            return false;
    } while (from->held_from == from->held_to && read_held(from));
    if (was_open && from->ended)
        shutdown(to->source.fd, SHUT_WR);
    return true;
}

static void link_flow(struct link *l)
{
    loop_set(l->context->loop, &l->timer, loop_now(l->context->loop) + IDLE_DEADLINE);
    if (!flow(&l->inside, &l->outside) || !flow(&l->outside, &l->inside) ||
        (l->inside.ended && l->outside.ended))
        link_close(l);
}

/* ---- connecting ---- */

static void try_next_address(struct link *l, const char *why);

static void connected(struct link *l)
{
    int failure = 0;
    socklen_t len = sizeof(failure);

    getsockopt(l->outside.source.fd, SOL_SOCKET, SO_ERROR, &failure, &len);
    if (failure) {
        try_next_address(l, strerror(failure));
        return;
    }
    l->connected = true;
    record(l, "ok", "connect", NULL);
    link_flow(l);
}

static void side_ready(struct source *s, uint32_t events)
{
    struct side *side = CONTAINER(s, struct side, source);
    struct link *l = side->link;

    side->readable |= (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    side->writable |= (events & EPOLLOUT) != 0;
    if (l->connected)
        link_flow(l);
    else if (side == &l->outside && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
        connected(l);
    else if (side == &l->inside && (events & (EPOLLERR | EPOLLHUP)))
        link_close(l);
}

static bool start_connecting(struct link *l, const struct addrinfo *to, struct err *e)
{
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return err_sys(e, "cannot make a socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (connect(fd, to->ai_addr, to->ai_addrlen) < 0 && errno != EINPROGRESS) {
        err_sys(e, "cannot connect");
        close(fd);
        return false;
    }
    if (loop_watch(l->context->loop, &l->outside.source, fd, e))
        return true;
    close(fd);
    return false;
}

static void name_address(struct link *l, const struct addrinfo *a)
{
    getnameinfo(a->ai_addr, a->ai_addrlen, l->address, sizeof(l->address), NULL, 0,
                NI_NUMERICHOST);
}

/* Addresses that no name may lead to are passed over: that is how a name that is pointed at
 * the metadata service, or back at this machine, ends. */
static void try_next_address(struct link *l, const char *why)
{
    bool forbidden = false;

    loop_detach(l->context->loop, &l->outside.source);
    for (; l->trying; l->trying = l->trying->ai_next) {
        struct err e = {0};

        name_address(l, l->trying);
        if (address_is_forbidden(l->trying->ai_addr, rule_of(l)->host)) {
            forbidden = true;
            continue;
        }
        if (start_connecting(l, l->trying, &e)) {
            l->trying = l->trying->ai_next;
            return;
        }
    }
    if (forbidden)
        link_refuse(l, "denied", "it resolves to an address that no function may reach");
    else
        link_refuse(l, "failed", why);
}

static void resolved(struct resolve_job *job)
{
    struct link *l = CONTAINER(job, struct link, job);

    l->resolving = false;
    l->addresses = l->trying = job->addresses;
    if (l->closed)
        loop_bury(l->context->loop, &l->end);
    else if (job->failure)
        link_refuse(l, "failed", gai_strerror(job->failure));
    else
        try_next_address(l, "it has no address");
}

static void link_late(struct timer *t)
{
    struct link *l = CONTAINER(t, struct link, timer);

    if (l->connected)
        link_close(l);
    else
        link_refuse(l, "failed", "no connection within 10 seconds");
}

/* ---- beginning ---- */

static bool prepare(struct link *l, int inside, struct err *e)
{
    l->inside.link = l->outside.link = l;
    l->inside.source = (struct source){.fd = -1, .ready = side_ready};
    l->outside.source = (struct source){.fd = -1, .ready = side_ready};
    l->inside.held = malloc(PIECE);
    l->outside.held = malloc(PIECE);
    l->timer.fire = link_late;
    l->end.release = link_free;
    l->started_ns = loop_now(l->context->loop);
    if (!l->inside.held || !l->outside.held)
        return err_limit(e);
    return loop_watch(l->context->loop, &l->inside.source, inside, e);
}

static void copy_request(struct link *l)
{
    struct link_context *c = l->context;
    size_t i = l->instance % LINK_INSTANCES_MAX;

    if (c->requests[i].instance == l->instance)
        memcpy(l->request, c->requests[i].request, sizeof(l->request));
}

static size_t links_of(const struct link_context *c, uint32_t instance)
{
    size_t n = 0;

    for (const struct link *l = c->links; l; l = l->next)
        n += l->instance == instance;
    return n;
}

static void ask(struct link *l)
{
    const struct connect_rule *rule = rule_of(l);

    snprintf(l->job.host, sizeof(l->job.host), "%.*s", STR_ARG(rule->host));
    l->job.port = rule->port;
    l->job.done = resolved;
    l->resolving = true;
    if (resolver_ask(l->context->resolver, &l->job))
        return;
    l->resolving = false;
    link_refuse(l, "failed", "too many names are being resolved");
}

void link_open(struct link_context *c, int inside, uint32_t function, uint32_t rule,
               uint32_t instance)
{
    struct link *l = calloc(1, sizeof(*l));
    struct err e = {0};

    if (l)
        *l = (struct link){
            .context = c, .function = function, .rule = rule, .instance = instance};
    if (!l || !prepare(l, inside, &e)) {
        if (l)
            link_free(&l->end);
        close(inside);
        return;
    }
    l->next = c->links;
    c->links = l;
    c->count++;
    copy_request(l);
    loop_set(c->loop, &l->timer, loop_now(c->loop) + CONNECT_DEADLINE);
    if (c->count > LINKS_MAX || links_of(c, instance) > LINKS_PER_INSTANCE_MAX)
        link_refuse(l, "denied", "too many connections at once");
    else
        ask(l);
}

void links_request(struct link_context *c, uint32_t instance, str request)
{
    size_t i = instance % LINK_INSTANCES_MAX;

    c->requests[i].instance = instance;
    snprintf(c->requests[i].request, sizeof(c->requests[i].request), "%.*s", STR_ARG(request));
}
