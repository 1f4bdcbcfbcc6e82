#include "run/front.h"

#include "run/role.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_DEADLINE (30 * SECOND)
enum { FRONT_MEMORY = 512 << 20 };

/* Version 4 UUIDs, from a pool of random bytes: one system call for sixty of them. */
void front_new_id(struct front *f, char ret[REQUEST_ID_LEN + 1])
{
    static const unsigned char groups[] = {4, 2, 2, 2, 6};
    uint8_t *bytes;
    size_t at = 0;

    if (f->random_left < 16) {
        random_bytes(f->random, sizeof(f->random));
        f->random_left = sizeof(f->random);
    }
    f->random_left -= 16;
    bytes = f->random + f->random_left;
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < COUNT(groups); i++) {
        if (i)
            ret[at++] = '-';
        hex_write(ret + at, bytes, groups[i]);
        at += 2u * groups[i];
        bytes += groups[i];
    }
    ret[at] = 0;
}

str front_date(struct front *f)
{
    time_t now = (time_t)(loop_wall_ms(f->loop) / 1000);
    struct tm t;

    if ((uint64_t)now != f->date_s) {
        gmtime_r(&now, &t);
        strftime(f->date, sizeof(f->date), "%a, %d %b %Y %H:%M:%S GMT", &t);
        f->date_s = (uint64_t)now;
    }
    return str_of(f->date);
}

/* ---- ending ---- */

static void start_draining(struct front *f)
{
    f->draining = true;
    loop_close(f->loop, &f->listener);
    loop_set(f->loop, &f->drain, loop_now(f->loop) + DRAIN_DEADLINE);
    for (size_t i = 0; i < f->pool_count; i++)
        for (struct instance *n = f->pools[i].instances; n; n = n->next)
            if (n->state == INSTANCE_IDLE)
                instance_stop(n, "stop");
}

static bool is_drained(const struct front *f)
{
    for (size_t i = 0; i < f->pool_count; i++) {
        if (f->pools[i].queued)
            return false;
        for (const struct instance *n = f->pools[i].instances; n; n = n->next)
            if (n->invocation)
                return false;
    }
    for (const struct client *c = f->clients; c; c = c->next)
        if (c->out.len || c->state == CLIENT_BODY)
            return false;
    return true;
}

static void drain_late(struct timer *t)
{
    struct front *f = CONTAINER(t, struct front, drain);

    loop_stop(f->loop);
}

static void between_turns(void *self)
{
    struct front *f = self;

    while (record_flush(f) && f->dirty)
        client_flush_dirty(f);
    if (f->draining && is_drained(f) && !f->records.len)
        loop_stop(f->loop);
}

/* ---- the keeper ---- */

static void take_message(struct front *f, const struct message *m, struct message_fds *fds)
{
    switch (m->kind) {
    case MESSAGE_STARTED:
        instance_started(f, m, fds);
        break;
    case MESSAGE_FAILED:
        instance_failed(f, m);
        break;
    case MESSAGE_DENIED:
        instance_denied(f, m);
        break;
    case MESSAGE_EXITED:
        instance_exited(f, m);
        break;
    case MESSAGE_DRAIN:
        start_draining(f);
        break;
    case MESSAGE_LEDGER:
        if (m->detail == LEDGER_QUARANTINE) {
            quarantine_open(f, fds->fd[0]);
            break;
        }
        record_flush(f);
        record_open(f, fds->fd[0]);
        break;
    default:
        break;
    }
}

static void keeper_ready(struct source *s, uint32_t events)
{
    struct front *f = CONTAINER(s, struct front, keeper);
    struct message m;
    struct message_fds fds;

    (void)events;
    for (;;) {
        switch (message_receive(s->fd, PROCESS_KEEPER, PROCESS_FRONT, &m, &fds)) {
        case MESSAGE_GOT:
            take_message(f, &m, &fds);
            break;
        case MESSAGE_NONE:
            return;
        default:
            loop_stop(f->loop); /* without the keeper there is nothing to serve */
            return;
        }
    }
}

static void listener_ready(struct source *s, uint32_t events)
{
    (void)events;
    client_accept_all(CONTAINER(s, struct front, listener));
}

static void accept_again(struct timer *t)
{
    client_accept_all(CONTAINER(t, struct front, accept_again));
}

static void broker_ready(struct source *s, uint32_t events)
{
    (void)s; /* the broker has nothing to say to us */
    (void)events;
}

/* ---- beginning ---- */

static bool load_contract(struct front *f, struct err *e)
{
    struct file_source source = snapshot_source(&f->snapshot);
    const char *directory;

    if (!path_c(f->arena, f->snapshot.directory, &directory, e) ||
        !contract_read(f->arena, &source, directory, &f->contract, e))
        return false;
    f->pool_count = f->contract->function_count;
    f->pools = arena_array(f->arena, f->pool_count, sizeof(*f->pools));
    f->watch = arena_array(f->arena, f->pool_count, sizeof(*f->watch));
    if (!f->pools || !f->watch)
        return err_limit(e);
    if (f->snapshot.function_count != f->pool_count)
        return err_set(e, ERR_SYSTEM, "the snapshot does not fit the contract");
    pool_init(f);
    return route_compile(f, e);
}

static bool load(struct front *f, struct err *e)
{
    const struct snapshot *s = &f->snapshot;

    f->arena = arena_new(FRONT_MEMORY);
    if (!f->arena || !snapshot_read(f->arena, ROLE_SNAPSHOT, &f->snapshot, e))
        return f->arena ? false : err_limit(e);
    close(ROLE_SNAPSHOT);
    if (!load_contract(f, e) ||
        !redact_new(&s->redact_key, s->marks, s->mark_count, s->secret_names, &f->redact, e))
        return false;
    if (s->settings.has_tls && !tls_context(s->tls_cert, s->tls_key, &f->tls, e))
        return false;
    record_open(f, ROLE_LEDGER);
    f->quarantine.fd = -1;
    quarantine_open(f, ROLE_QUARANTINE);
    return true;
}

static bool watch_all(struct front *f, struct err *e)
{
    f->keeper = (struct source){.fd = -1, .ready = keeper_ready};
    f->broker = (struct source){.fd = -1, .ready = broker_ready};
    f->listener = (struct source){.fd = -1, .ready = listener_ready};
    f->accept_again.fire = accept_again;
    f->drain.fire = drain_late;
    if (!loop_watch(f->loop, &f->keeper, ROLE_KEEPER, e) ||
        !loop_watch(f->loop, &f->broker, ROLE_PEER, e))
        return false;
    if (!f->snapshot.settings.one_client)
        return loop_watch(f->loop, &f->listener, ROLE_LISTEN, e);
    if (!client_accept(f, ROLE_LISTEN, ""))
        return err_set(e, ERR_SYSTEM, "cannot serve the one client");
    return true;
}

static bool serve(struct front *f, struct err *e)
{
    struct message ready = {.kind = MESSAGE_READY};

    if (!loop_new(&f->loop, e) || !load(f, e) || !watch_all(f, e) ||
        !role_lock("front", NULL, e))
        return false;
    message_send(f->keeper.fd, &ready, NULL);
    pool_keep_warm(f);
    return loop_run(f->loop, between_turns, f, e);
}

int front_main(void)
{
    static struct front front; /* zeroed, and too large for the stack */
    struct err e = {0};

    role_ignore_signals();
    if (serve(&front, &e))
        return 0;
    role_fail(&e);
    return 3;
}
