#include "run/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static struct cell *find(struct keeper *k, uint32_t instance)
{
    for (size_t i = 0; i < CELLS_MAX; i++)
        if (k->cells[i].used && k->cells[i].instance == instance)
            return &k->cells[i];
    return NULL;
}

static struct cell *free_cell(struct keeper *k)
{
    for (size_t i = 0; i < CELLS_MAX; i++)
        if (!k->cells[i].used)
            return &k->cells[i];
    return NULL;
}

/* ---- the end of one ---- */

static void cell_end(struct cell *c, int status, uint32_t max_rss)
{
    struct keeper *k = c->keeper;
    struct message m = {.kind = MESSAGE_EXITED,
                        .function = c->function,
                        .instance = c->instance,
                        .status = status,
                        .max_rss = max_rss};
    struct message gone = {.kind = MESSAGE_GONE, .instance = c->instance};

    loop_detach(k->loop, &c->events);
    c->cage.events = -1;
    cage_stop(&c->cage);
    c->used = false;
    message_send(k->front.fd, &m, NULL);
    if (k->contract->functions[c->function].connect_count)
        message_send(k->broker.fd, &gone, NULL);
}

void cell_stop(struct keeper *k, uint32_t instance)
{
    struct cell *c = find(k, instance);

    if (c)
        cell_end(c, SIGKILL, 0);
}

void cells_stop_all(struct keeper *k)
{
    for (size_t i = 0; i < CELLS_MAX; i++)
        if (k->cells[i].used)
            cell_end(&k->cells[i], SIGKILL, 0);
}

/* ---- what the warden tells ---- */

static void tell_denied(struct cell *c, const struct cage_event *event)
{
    struct message m = {.kind = MESSAGE_DENIED,
                        .function = c->function,
                        .instance = c->instance,
                        .detail = event->kind,
                        .count = event->repeated};

    if (event->text_len <= CAGE_EVENT_TEXT)
        message_set_text(&m, (str){event->text, event->text_len});
    message_send(c->keeper->front.fd, &m, NULL);
}

static void events_ready(struct source *s, uint32_t events)
{
    struct cell *c = CONTAINER(s, struct cell, events);

    (void)events;
    while (c->used) {
        struct cage_event event;
        ssize_t n = recv(s->fd, &event, sizeof(event), MSG_DONTWAIT);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n != (ssize_t)sizeof(event))
            cell_end(c, SIGKILL, 0); /* the warden is gone, or not to be trusted any more */
        else if (event.kind == CAGE_EXITED)
            cell_end(c, event.status, event.max_rss);
        else
            tell_denied(c, &event);
    }
}

/* ---- the beginning of one ---- */

static void tell_failed(struct keeper *k, const struct message *start, const struct err *e)
{
    struct message m = {
        .kind = MESSAGE_FAILED, .function = start->function, .instance = start->instance};

    message_set_text(&m, str_of(e->what));
    message_send(k->front.fd, &m, NULL);
}

static void close_all(struct cage *cage)
{
    for (size_t i = 0; i < cage->listener_count; i++) {
        close(cage->listeners[i]);
        cage->listeners[i] = -1;
    }
    cage->listener_count = 0;
}

/* Hands the cage's sockets to those who serve them. False when front did not take its own. */
static bool hand_over(struct cell *c, int output)
{
    struct keeper *k = c->keeper;
    struct cage *cage = &c->cage;
    struct message m = {
        .kind = MESSAGE_LISTENER, .function = c->function, .instance = c->instance};
    struct message_fds fds = {.count = 1};
    bool taken = true;

    for (size_t i = PLAN_LISTENER_RULES; i < cage->listener_count; i++) {
        m.detail = (uint32_t)(i - PLAN_LISTENER_RULES);
        fds.fd[0] = cage->listeners[i];
        taken = message_send(k->broker.fd, &m, &fds) && taken;
    }
    m.kind = MESSAGE_STARTED;
    fds = (struct message_fds){.fd = {cage->listeners[PLAN_LISTENER_API], output,
                                      cage->listeners[PLAN_LISTENER_NAMES]},
                               .count = 3};
    taken = message_send(k->front.fd, &m, &fds) && taken;
    close_all(cage);
    return taken;
}

static void wipe_environment(struct buf *b)
{
    if (b->at)
        memory_wipe(b->at, b->cap);
    buf_free(b);
}

/* After a start there are often more to come: they shall not wait for a spare to be made. */
static const uint64_t SPARE_AFTER = 20000000;

/* Without one the next start takes longer; what prevents it will be told then. */
static void make_spare(struct timer *t)
{
    struct keeper *k = CONTAINER(t, struct keeper, spare_due);
    struct err e = {0};

    if (!k->spare && !k->ending)
        (void)!cage_spare_make(k->machine, &k->spare, &e);
}

void cells_want_spare(struct keeper *k)
{
    k->spare_due.fire = make_spare;
    loop_set(k->loop, &k->spare_due, loop_now(k->loop) + SPARE_AFTER);
}

static bool start_cage(struct keeper *k, const struct cage_spec *spec, struct cage *ret,
                       struct err *e)
{
    struct cage_spare *spare = k->spare;

    k->spare = NULL;
    cells_want_spare(k);
    return spare ? cage_spare_start(spare, spec, ret, e) : cage_start(k->machine, spec, ret, e);
}

static bool start(struct cell *c, struct cage_spec *spec, struct err *e)
{
    struct keeper *k = c->keeper;
    CLEANUP(wipe_environment) struct buf secret_bytes = {0};
    const struct plan *p = &k->plans[c->function];
    const char *env[PLAN_ENV_MAX * 2];
    size_t count;

    memcpy(env, p->env, p->env_count * sizeof(env[0]));
    if (!secrets_environment(k->secrets, c->function, &secret_bytes, env + p->env_count,
                             COUNT(env) - p->env_count - 1, &count, e))
        return false;
    env[p->env_count + count] = NULL;
    spec->envp = env;
    return start_cage(k, spec, &c->cage, e);
}

static bool begin(struct cell *c, struct err *e)
{
    struct keeper *k = c->keeper;
    struct cage_spec spec = k->plans[c->function].spec;
    int output[2];
    bool started;

    if (pipe2(output, O_CLOEXEC) < 0)
        return err_sys(e, "cannot make a pipe");
    spec.slot = (unsigned)(c - k->cells);
    spec.output = output[1];
    spec.tell_each = k->snapshot.settings.one_client;
    started = start(c, &spec, e);
    close(output[1]);
    c->used = started;
    if (started && !loop_watch(k->loop, &c->events, c->cage.events, e)) {
        close_all(&c->cage);
        cell_end(c, SIGKILL, 0);
        started = false;
    }
    if (started && !hand_over(c, output[0])) {
        cell_end(c, SIGKILL, 0);
        started = err_set(e, ERR_SYSTEM, "the other processes did not take the new instance");
    }
    close(output[0]);
    return started;
}

void cell_start(struct keeper *k, const struct message *m)
{
    struct cell *c = free_cell(k);
    struct err e = {0};

    if (m->function >= k->contract->function_count || find(k, m->instance))
        return;
    if (!c) {
        err_set(&e, ERR_LIMIT, "more than %d instances", CELLS_MAX);
        tell_failed(k, m, &e);
        return;
    }
    *c = (struct cell){.keeper = k, .function = m->function, .instance = m->instance};
    c->events = (struct source){.fd = -1, .ready = events_ready};
    if (!begin(c, &e))
        tell_failed(k, m, &e);
}
