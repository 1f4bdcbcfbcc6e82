/*
 * The life of an instance: asked for, started, ready, idle or busy, and its end, which somebody
 * may have to be told of.
 */
#include "run/front.h"

#include <stdlib.h>
#include <sys/wait.h>

static struct instance *find(struct front *f, uint32_t id)
{
    struct instance *n = f->by_id[id % FRONT_INSTANCES_MAX];

    return n && n->id == id ? n : NULL;
}

static void instance_free(struct source *s)
{
    struct instance *n = CONTAINER(s, struct instance, end);

    buf_free(&n->init_error);
    buf_free(&n->line);
    redact_stream_free(&n->redact);
    free(n);
}

static void forget(struct instance *n)
{
    struct pool *p = n->pool;
    struct front *f = p->front;

    for (struct instance **at = &p->instances; *at; at = &(*at)->next)
        if (*at == n) {
            *at = n->next;
            break;
        }
    p->count--;
    p->idle -= n->state == INSTANCE_IDLE;
    p->starting -= !n->initialised;
    f->instance_count--;
    f->by_id[n->id % FRONT_INSTANCES_MAX] = NULL;
    loop_unset(f->loop, &n->timer);
    runtime_close_all(n);
    loop_close(f->loop, &n->listener);
    loop_close(f->loop, &n->output);
    loop_close(f->loop, &n->names);
    loop_bury(f->loop, &n->end);
}

void instance_stop(struct instance *n, const char *why)
{
    struct message m = {.kind = MESSAGE_STOP, .function = n->pool->index, .instance = n->id};

    if (n->state == INSTANCE_STOPPING)
        return;
    n->pool->idle -= n->state == INSTANCE_IDLE;
    n->state = INSTANCE_STOPPING;
    record_lifecycle(n, why, STR(""));
    message_send(n->pool->front->keeper.fd, &m, NULL);
}

/* What its timer meant depends on where it stands. */
static void instance_late(struct timer *t)
{
    struct instance *n = CONTAINER(t, struct instance, timer);
    struct front *f = n->pool->front;

    /* Of the idle ones: who has been told to end still counts as an instance. */
    if (n->state == INSTANCE_IDLE && n->pool->idle <= f->snapshot.settings.warm) {
        loop_set(f->loop, t, loop_now(f->loop) + f->snapshot.settings.idle_ns);
        return;
    }
    if (n->state == INSTANCE_INIT && !n->initialised && !n->init_error.len)
        buf_addf(&n->init_error,
                 "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":"
                 "\"the function did not ask for an event within %llu seconds\"}",
                 INIT_DEADLINE / SECOND);
    instance_stop(n, n->state == INSTANCE_IDLE ? "idle" : "timeout");
}

bool instance_start(struct pool *p)
{
    struct front *f = p->front;
    struct message m = {.kind = MESSAGE_START, .function = p->index};
    struct instance *n;

    if (f->instance_count == FRONT_INSTANCES_MAX)
        return false;
    do
        m.instance = f->next_id++;
    while (f->by_id[m.instance % FRONT_INSTANCES_MAX]);
    n = calloc(1, sizeof(*n));
    if (!n || !message_send(f->keeper.fd, &m, NULL)) {
        free(n);
        return false;
    }
    n->pool = p;
    n->id = m.instance;
    n->started_ns = loop_now(f->loop);
    n->listener.fd = n->output.fd = n->names.fd = -1;
    n->timer.fire = instance_late;
    n->end.release = instance_free;
    n->next = p->instances;
    p->instances = n;
    f->by_id[n->id % FRONT_INSTANCES_MAX] = n;
    f->instance_count++;
    p->count++;
    p->starting++;
    return true;
}

void instance_idle(struct instance *n)
{
    struct pool *p = n->pool;
    struct front *f = p->front;
    struct invocation *i;

    if (!n->initialised) {
        n->initialised = true;
        n->init_ns = loop_now(f->loop) - n->started_ns;
        p->starting--;
        watch_init_duration(p->watch, n->init_ns);
        output_drain(n);
        record_lifecycle(n, "ready", STR(""));
    }
    n->state = INSTANCE_IDLE;
    p->idle++;
    i = pool_next_wanted(p);
    if (i)
        pool_give(n, i);
    else if (f->draining)
        instance_stop(n, "stop");
    else
        loop_set(f->loop, &n->timer, loop_now(f->loop) + f->snapshot.settings.idle_ns);
}

void instance_unparked(struct instance *n)
{
    if (n->state != INSTANCE_IDLE)
        return;
    n->pool->idle--;
    n->state = INSTANCE_INIT; /* it may connect again, or its end is about to be told */
    loop_set(n->pool->front->loop, &n->timer, loop_now(n->pool->front->loop) + INIT_DEADLINE);
}

/* ---- news of the keeper ---- */

void instance_started(struct front *f, const struct message *m, const struct message_fds *fds)
{
    struct instance *n = find(f, m->instance);
    int given[MESSAGE_FDS] = {fds->fd[0], fds->fd[1], fds->fd[2]};
    CLEANUP(fd_closep) int listener = given[0];
    CLEANUP(fd_closep) int output = given[1];
    CLEANUP(fd_closep) int names = given[2];
    struct err e = {0};

    if (!n || n->listener.fd >= 0)
        return;
    n->state = n->state == INSTANCE_STOPPING ? INSTANCE_STOPPING : INSTANCE_INIT;
    loop_set(f->loop, &n->timer, loop_now(f->loop) + INIT_DEADLINE);
    record_lifecycle(n, "start", STR(""));
    if (runtime_listen(n, listener, &e))
        fd_steal(&listener);
    if (!e.code && output_watch(n, output, &e))
        fd_steal(&output);
    if (!e.code && names_watch(n, names, &e))
        fd_steal(&names);
    if (e.code)
        instance_stop(n, "failed");
}

/* One of those who wait is told why the instance that was to serve it did not come to be. */
static void fail_first_waiting(struct pool *p, struct instance *n, enum outcome how, str body)
{
    struct invocation *i = pool_next_wanted(p);

    if (!i)
        return;
    i->in_queue = false;
    i->instance = n;
    invocation_end(i, how, body);
}

void instance_failed(struct front *f, const struct message *m)
{
    struct instance *n = find(f, m->instance);
    CLEANUP(buf_free) struct buf payload = {0};
    struct pool *p;

    if (!n)
        return;
    p = n->pool;
    buf_add(&payload, STR("{\"errorType\":\"fnward.NoStart\",\"errorMessage\":"));
    json_write_str(&payload, message_text(m));
    buf_addc(&payload, '}');
    record_lifecycle(n, "failed", message_text(m));
    fail_first_waiting(p, NULL, OUTCOME_NO_START, buf_str(&payload));
    forget(n);
    pool_start_as_needed(p);
}

/* It ended by itself: whoever it served, or was to serve, is told how. */
static void tell_of_crash(struct instance *n, int status)
{
    CLEANUP(buf_free) struct buf payload = {0};
    struct pool *p = n->pool;

    if (n->invocation && n->unread && !n->invocation->given_back) {
        pool_give_back(n->invocation);
        n->invocation = NULL;
    } else if (n->invocation) {
        event_failure_exit(&payload, str_of(n->invocation->id), status);
        invocation_end(n->invocation, OUTCOME_CRASH, buf_str(&payload));
    } else if (!n->initialised) {
        event_failure_exit(&payload, p->queue ? str_of(p->queue->id) : STR(""), status);
        fail_first_waiting(p, n, OUTCOME_ERROR,
                           n->init_error.len ? buf_str(&n->init_error) : buf_str(&payload));
    }
}

static void record_exit(struct instance *n, const struct message *m, bool asked)
{
    struct front *f = n->pool->front;
    int status = m->status;

    record_begin(f, LEDGER_LIFECYCLE, n->pool, n, NULL);
    ledger_text(&f->record, LEDGER_EVENT, asked ? STR("exit") : STR("crash"));
    if (WIFEXITED(status))
        ledger_number(&f->record, LEDGER_EXIT_CODE, (uint64_t)WEXITSTATUS(status));
    if (WIFSIGNALED(status))
        ledger_number(&f->record, LEDGER_EXIT_SIGNAL, (uint64_t)WTERMSIG(status));
    if (m->max_rss)
        ledger_number(&f->record, LEDGER_MEMORY_BYTES, (uint64_t)m->max_rss * 1024);
    record_end(f);
}

void instance_exited(struct front *f, const struct message *m)
{
    struct instance *n = find(f, m->instance);
    struct pool *p;
    bool asked, was_ready;

    if (!n)
        return;
    p = n->pool;
    asked = n->state == INSTANCE_STOPPING;
    was_ready = n->initialised;
    runtime_drain(n);
    output_drain(n);
    if (!asked || !n->initialised)
        tell_of_crash(n, m->status);
    record_exit(n, m, asked);
    forget(n);
    pool_start_as_needed(p);
    if (was_ready && !f->draining)
        pool_keep_warm(f);
}

void instance_denied(struct front *f, const struct message *m)
{
    static const struct {
        const char *action, *reason;
    } rows[] = {
        {"open", "not in may.read or may.write"},
        {"exec", "not in may.run"},
        {"connect", "not in may.connect"},
        {"syscall", "never permitted in a cage"},
        {"fork", "more processes than limits.processes"},
        {"memory", "more than limits.memory"},
    };
    struct instance *n = find(f, m->instance);
    const char *id = n && n->last_id[0] ? n->last_id : NULL;

    if (!n || m->detail >= COUNT(rows))
        return;
    output_drain(n);
    /* The news may arrive after the answer: then it is about the invocation that just ended. */
    if (n->invocation)
        id = n->invocation->id;
    record_begin(f, LEDGER_DENIAL, n->pool, n, id);
    record_denial(f, rows[m->detail].action, message_text(m), str_of(rows[m->detail].reason),
                  m->count);
    n->pool->watch->denials += m->count ? m->count : 1;
}
