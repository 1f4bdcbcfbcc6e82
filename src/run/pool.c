/*
 * A function's instances and the invocations that wait for them.
 *
 * An instance serves one event at a time. It is started when somebody waits and the function's
 * concurrency allows one more, is kept when its work is done, and ends when it failed, was too
 * slow, or has been idle for long.
 */
#include "run/front.h"

#include <stdlib.h>
#include <sys/wait.h>

#define QUEUE_DEADLINE (30 * SECOND)
#define RETRY_FIRST (60 * SECOND) /* an Event that failed is tried again, then once more */
enum { ATTEMPTS_MAX = 3 };

static void start_as_needed(struct pool *p);
static void instance_late(struct timer *t);
static void invocation_late(struct timer *t);

/* ---- rate ---- */

bool pool_take_token(struct pool *p)
{
    const struct limits *limits = &p->function->limits;
    double rate = (double)limits->rate;
    uint64_t now = loop_now(p->front->loop);

    if (!limits->rate)
        return true;
    p->tokens += rate * (double)(now - p->tokens_at) / ((double)limits->rate_per_ms * MS);
    p->tokens_at = now;
    if (p->tokens > rate)
        p->tokens = rate;
    if (p->tokens < 1)
        return false;
    p->tokens--;
    return true;
}

/* ---- invocations ---- */

struct invocation *invocation_new(struct pool *p, const char *id)
{
    struct invocation *i = calloc(1, sizeof(*i));

    if (!i)
        return NULL;
    i->pool = p;
    i->timer.fire = invocation_late;
    i->event.max = i->log.max = RESPONSE_MAX;
    i->context.max = 1 << 14;
    i->wall_ms = loop_wall_ms(p->front->loop);
    memcpy(i->id, id, sizeof(i->id));
    return i;
}

void invocation_free(struct invocation *i)
{
    loop_unset(i->pool->front->loop, &i->timer);
    buf_free(&i->event);
    buf_free(&i->context);
    buf_free(&i->log);
    free(i);
}

static void count_outcome(const struct invocation *i, enum outcome how)
{
    static const enum watch_outcome counters[] = {
        [OUTCOME_OK] = WATCH_OK,           [OUTCOME_ERROR] = WATCH_ERROR,
        [OUTCOME_TIMEOUT] = WATCH_TIMEOUT, [OUTCOME_CRASH] = WATCH_CRASH,
        [OUTCOME_TOO_LARGE] = WATCH_ERROR, [OUTCOME_NO_START] = WATCH_CRASH,
    };
    struct watch_function *w = i->pool->watch;

    w->invocations[counters[how]]++;
    w->cold_starts += i->cold;
    if (i->started_ns)
        watch_duration(w, loop_now(i->pool->front->loop) - i->started_ns);
}

/* Nobody waits for an Event: it is tried again later, as Lambda does. */
static bool try_again_later(struct invocation *i)
{
    if (i->to != ANSWER_NOBODY || ++i->attempt >= ATTEMPTS_MAX)
        return false;
    i->instance = NULL;
    i->started_ns = 0;
    buf_clear(&i->log);
    return loop_set(i->pool->front->loop, &i->timer,
                    loop_now(i->pool->front->loop) + i->attempt * RETRY_FIRST);
}

void invocation_end(struct invocation *i, enum outcome how, str body)
{
    struct front *f = i->pool->front;
    struct instance *n = i->instance;
    CLEANUP(buf_free)
    struct buf clean = {.max = RESPONSE_MAX * 2};
    size_t bytes = 0, found;
    unsigned status;

    if (n)
        output_drain(n);
    found = redact_text(f->redact, body, &clean);
    if (found)
        body = buf_str(&clean);
    i->redactions += found;
    i->pool->watch->redactions += found;
    status = answer_invocation(i, how, body, &bytes);
    record_invocation(i, how, status, body, bytes);
    count_outcome(i, how);
    if (n) {
        memcpy(n->last_id, i->id, sizeof(n->last_id));
        n->invocation = NULL;
        n->names_asked = 0;
        loop_set(f->loop, &n->timer, i->timer.at);
    }
    loop_unset(f->loop, &i->timer);
    if (how == OUTCOME_OK || !try_again_later(i))
        invocation_free(i);
}

static void leave_queue(struct invocation *i)
{
    struct pool *p = i->pool;

    for (struct invocation **at = &p->queue; *at; at = &(*at)->next)
        if (*at == i) {
            *at = i->next;
            break;
        }
    p->queue_end = &p->queue;
    while (*p->queue_end)
        p->queue_end = &(*p->queue_end)->next;
    p->queued--;
}

static struct invocation *first_waiting(struct pool *p)
{
    struct invocation *i = p->queue;

    if (!i)
        return NULL;
    p->queue = i->next;
    if (!p->queue)
        p->queue_end = &p->queue;
    p->queued--;
    i->next = NULL;
    return i;
}

/* Its turn did not come in time. */
static void give_up_waiting(struct invocation *i)
{
    struct client *c = i->client;

    leave_queue(i);
    invocation_free(i);
    if (!c)
        return;
    c->invocation = NULL;
    answer_refusal(c, &(struct refusal){.status = 429,
                                        .type = "fnward.Throttled",
                                        .why = "no instance became free in time",
                                        .aws = EVENT_THROTTLED,
                                        .retry_after = "1"});
}

static void invocation_late(struct timer *t)
{
    struct invocation *i = CONTAINER(t, struct invocation, timer);
    CLEANUP(buf_free)
    struct buf payload = {0};
    struct instance *n = i->instance;

    if (n) {
        event_failure_timeout(&payload, str_of(i->id), i->pool->function->limits.timeout_ms);
        invocation_end(i, OUTCOME_TIMEOUT, buf_str(&payload));
        pool_instance_stop(n, "timeout");
    } else if (i->to == ANSWER_NOBODY && i->attempt && !i->in_queue) {
        if (!pool_submit(i->pool, i))
            invocation_end(i, OUTCOME_NO_START, STR("{\"errorType\":\"fnward.Throttled\"}"));
    } else {
        give_up_waiting(i);
    }
}

/* ---- giving work to instances ---- */

static void tell_broker(const struct instance *n, const struct invocation *i)
{
    struct message m = {.kind = MESSAGE_REQUEST, .function = n->pool->index, .instance = n->id};

    if (!n->pool->function->connect_count)
        return;
    message_set_text(&m, str_of(i->id));
    message_send(n->pool->front->broker.fd, &m, NULL);
}

static void assign(struct instance *n, struct invocation *i)
{
    struct pool *p = n->pool;
    struct front *f = p->front;

    i->in_queue = false;
    i->instance = n;
    i->cold = !n->served;
    i->started_ns = loop_now(f->loop);
    n->served = true;
    n->invocation = i;
    n->state = INSTANCE_BUSY;
    p->idle--;
    loop_unset(f->loop, &n->timer);
    loop_set(f->loop, &i->timer, i->started_ns + p->function->limits.timeout_ms * MS);
    tell_broker(n, i);
    runtime_deliver(n, i);
}

static struct instance *idle_instance(struct pool *p)
{
    for (struct instance *n = p->instances; n && p->idle; n = n->next)
        if (n->state == INSTANCE_IDLE)
            return n;
    return NULL;
}

/* Who waits for an instance that starts, or may be started, is not in the queue's way. */
static bool queue_is_full(const struct pool *p)
{
    const struct limits *limits = &p->function->limits;
    size_t coming = p->starting;

    if (p->count < limits->concurrency)
        coming += limits->concurrency - p->count;
    return p->queued >= limits->queue + coming;
}

bool pool_submit(struct pool *p, struct invocation *i)
{
    struct instance *n = idle_instance(p);

    i->queued_ns = loop_now(p->front->loop);
    if (n) {
        assign(n, i);
        return true;
    }
    if (queue_is_full(p) || p->front->draining)
        return false;
    i->in_queue = true;
    i->next = NULL;
    *p->queue_end = i;
    p->queue_end = &i->next;
    p->queued++;
    loop_set(p->front->loop, &i->timer, i->queued_ns + QUEUE_DEADLINE);
    start_as_needed(p);
    return true;
}

/* An invocation whose caller left while it waited is not run for nobody. */
static struct invocation *next_wanted(struct pool *p)
{
    struct invocation *i;

    while ((i = first_waiting(p)) && !i->client && i->to != ANSWER_NOBODY)
        invocation_free(i);
    return i;
}

void pool_instance_idle(struct instance *n)
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
    i = next_wanted(p);
    if (i)
        assign(n, i);
    else if (f->draining)
        pool_instance_stop(n, "stop");
    else
        loop_set(f->loop, &n->timer, loop_now(f->loop) + IDLE_INSTANCE);
}

void pool_instance_unparked(struct instance *n)
{
    if (n->state != INSTANCE_IDLE)
        return;
    n->pool->idle--;
    n->state = INSTANCE_INIT; /* it may connect again, or its end is about to be told */
    loop_set(n->pool->front->loop, &n->timer, loop_now(n->pool->front->loop) + INIT_DEADLINE);
}

/* ---- the life of an instance ---- */

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

static bool start_one(struct pool *p)
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

static void start_as_needed(struct pool *p)
{
    while (p->starting < p->queued && p->count < p->function->limits.concurrency)
        if (!start_one(p))
            return;
}

void pool_keep_warm(struct front *f)
{
    for (size_t i = 0; i < f->pool_count; i++) {
        struct pool *p = &f->pools[i];
        unsigned warm = f->snapshot.settings.warm;

        while (p->count < warm && p->count < p->function->limits.concurrency && start_one(p))
            ;
    }
}

void pool_instance_stop(struct instance *n, const char *why)
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

    if (n->state == INSTANCE_IDLE && n->pool->count <= f->snapshot.settings.warm) {
        loop_set(f->loop, t, loop_now(f->loop) + IDLE_INSTANCE);
        return;
    }
    if (n->state == INSTANCE_INIT && !n->initialised && !n->init_error.len)
        buf_addf(&n->init_error,
                 "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":"
                 "\"the function did not ask for an event within %llu seconds\"}",
                 INIT_DEADLINE / SECOND);
    pool_instance_stop(n, n->state == INSTANCE_IDLE ? "idle" : "timeout");
}

/* One of those who wait is told why the instance that was to serve it did not come to be. */
static void fail_first_waiting(struct pool *p, struct instance *n, enum outcome how, str body)
{
    struct invocation *i = next_wanted(p);

    if (!i)
        return;
    i->in_queue = false;
    i->instance = n;
    invocation_end(i, how, body);
}

void pool_instance_started(struct front *f, const struct message *m,
                           const struct message_fds *fds)
{
    struct instance *n = find(f, m->instance);
    int given[MESSAGE_FDS] = {fds->fd[0], fds->fd[1], fds->fd[2]};
    CLEANUP(fd_closep)
    int listener = given[0];
    CLEANUP(fd_closep)
    int output = given[1];
    CLEANUP(fd_closep)
    int names = given[2];
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
        pool_instance_stop(n, "failed");
}

void pool_instance_failed(struct front *f, const struct message *m)
{
    struct instance *n = find(f, m->instance);
    CLEANUP(buf_free)
    struct buf payload = {0};
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
    start_as_needed(p);
}

/* It ended by itself: whoever it served, or was to serve, is told how. */
static void tell_of_crash(struct instance *n, int status)
{
    CLEANUP(buf_free)
    struct buf payload = {0};
    struct pool *p = n->pool;

    if (n->invocation) {
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

void pool_instance_exited(struct front *f, const struct message *m)
{
    struct instance *n = find(f, m->instance);
    struct pool *p;
    bool asked, was_ready;

    if (!n)
        return;
    p = n->pool;
    asked = n->state == INSTANCE_STOPPING;
    was_ready = n->initialised;
    output_drain(n);
    if (!asked || !n->initialised)
        tell_of_crash(n, m->status);
    record_exit(n, m, asked);
    forget(n);
    start_as_needed(p);
    if (was_ready && !f->draining)
        pool_keep_warm(f);
}

void pool_instance_denied(struct front *f, const struct message *m)
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

void pool_init(struct front *f)
{
    for (size_t i = 0; i < f->pool_count; i++) {
        struct pool *p = &f->pools[i];

        p->front = f;
        p->function = &f->contract->functions[i];
        p->index = (uint32_t)i;
        p->watch = &f->watch[i];
        p->watch->name = p->function->name;
        p->queue_end = &p->queue;
        p->tokens = (double)p->function->limits.rate;
        p->tokens_at = loop_now(f->loop);
        snprintf(p->name, sizeof(p->name), "%.*s", STR_ARG(p->function->name));
    }
}
