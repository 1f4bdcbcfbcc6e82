#include "run/broker.h"

#include "ledger/ledger.h"
#include "run/address.h"
#include "run/link.h"
#include "run/loop.h"
#include "run/message.h"
#include "run/resolve.h"
#include "run/role.h"
#include "run/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BROKER_MEMORY = 512 << 20, OUTLETS_MAX = 65536 };

/* A listener in a cage, for one rule of its function. */
struct outlet {
    struct source source;
    struct broker *broker;
    uint32_t function, instance, rule;
    struct outlet *next;
};

struct broker {
    struct link_context links;
    struct arena *arena;
    struct snapshot snapshot;
    struct source keeper, front;
    struct outlet *outlets;
    size_t outlet_count;
};

/* ---- outlets ---- */

static void outlet_release(struct source *s)
{
    free(CONTAINER(s, struct outlet, source));
}

static void outlet_ready(struct source *s, uint32_t events)
{
    struct outlet *o = CONTAINER(s, struct outlet, source);

    int fd;

    (void)events;
    while ((fd = loop_accept(s, NULL)) >= 0)
        link_open(&o->broker->links, fd, o->function, o->rule, o->instance);
}

static void add_outlet(struct broker *b, const struct message *m, int fd)
{
    const struct contract *c = b->links.contract;
    struct outlet *o = calloc(1, sizeof(*o));
    struct err e = {0};

    if (!o || m->function >= c->function_count ||
        m->detail >= c->functions[m->function].connect_count ||
        b->outlet_count == OUTLETS_MAX) {
        free(o);
        close(fd);
        return;
    }
    *o = (struct outlet){
        .source = {.fd = -1, .ready = outlet_ready, .release = outlet_release},
        .broker = b,
        .function = m->function,
        .instance = m->instance,
        .rule = m->detail,
        .next = b->outlets,
    };
    if (!loop_watch(b->links.loop, &o->source, fd, &e)) {
        free(o);
        close(fd);
        return;
    }
    b->outlets = o;
    b->outlet_count++;
}

static void drop_outlets(struct broker *b, uint32_t instance)
{
    for (struct outlet **at = &b->outlets; *at;) {
        struct outlet *o = *at;

        if (o->instance != instance) {
            at = &o->next;
            continue;
        }
        *at = o->next;
        b->outlet_count--;
        loop_close(b->links.loop, &o->source);
    }
    links_drop(&b->links, instance);
}

/* ---- messages ---- */

static void keeper_ready(struct source *s, uint32_t events)
{
    struct broker *b = CONTAINER(s, struct broker, keeper);
    struct message m;
    struct message_fds fds;

    (void)events;
    for (;;) {
        enum message_result r =
            message_receive(s->fd, PROCESS_KEEPER, PROCESS_BROKER, &m, &fds);

        if (r == MESSAGE_NONE)
            return;
        if (r != MESSAGE_GOT) {
            loop_stop(b->links.loop);
            return;
        }
        if (m.kind == MESSAGE_LISTENER)
            add_outlet(b, &m, fds.fd[0]);
        else if (m.kind == MESSAGE_GONE)
            drop_outlets(b, m.instance);
        else if (m.kind == MESSAGE_LEDGER)
            links_ledger(&b->links, fds.fd[0]);
    }
}

static void front_ready(struct source *s, uint32_t events)
{
    struct broker *b = CONTAINER(s, struct broker, front);
    struct message m;
    struct message_fds fds;

    (void)events;
    while (message_receive(s->fd, PROCESS_FRONT, PROCESS_BROKER, &m, &fds) == MESSAGE_GOT)
        links_request(&b->links, m.instance, message_text(&m));
}

/* ---- beginning ---- */

/* What getaddrinfo reads. */
static const char *const resolver_files[] = {
    "/etc/hosts",           "/etc/resolv.conf",
    "/etc/nsswitch.conf",   "/etc/host.conf",
    "/etc/gai.conf",        "/etc/services",
    "/etc/ld.so.cache",     "/usr/lib",
    "/run/systemd/resolve", NULL,
};

static bool load(struct broker *b, struct err *e)
{
    struct file_source source = snapshot_source(&b->snapshot);
    struct contract *contract;
    const char *directory;

    b->arena = arena_new(BROKER_MEMORY);
    if (!b->arena)
        return err_limit(e);
    if (!snapshot_read(b->arena, ROLE_SNAPSHOT, &b->snapshot, e))
        return false;
    close(ROLE_SNAPSHOT);
    if (!path_c(b->arena, b->snapshot.directory, &directory, e) ||
        !contract_read(b->arena, &source, directory, &contract, e))
        return false;
    b->links.contract = contract;
    links_ledger(&b->links, ROLE_LEDGER);
    return true;
}

static bool serve(struct broker *b, struct err *e)
{
    struct message ready = {.kind = MESSAGE_READY};

    b->keeper = (struct source){.fd = -1, .ready = keeper_ready};
    b->front = (struct source){.fd = -1, .ready = front_ready};
    if (!loop_new(&b->links.loop, e) || !load(b, e) ||
        !role_lock("broker", resolver_files, e) ||
        !resolver_new(b->links.loop, &b->links.resolver, e) ||
        !loop_watch(b->links.loop, &b->keeper, ROLE_KEEPER, e) ||
        !loop_watch(b->links.loop, &b->front, ROLE_PEER, e))
        return false;
    message_send(b->keeper.fd, &ready, NULL);
    return loop_run(b->links.loop, NULL, NULL, e);
}

int broker_main(void)
{
    static struct broker broker;
    struct err e = {0};

    role_ignore_signals();
    if (serve(&broker, &e))
        return 0;
    role_fail(&e);
    return 3;
}
