/*
 * A function's queue, and who of its instances serves whom. An instance is started when somebody
 * waits and the function's concurrency allows one more.
 */
#include "run/front.h"

#define QUEUE_DEADLINE (30 * SECOND)

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

/* ---- the queue ---- */

void pool_leave_queue(struct invocation *i)
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

/* An invocation whose caller left while it waited is not run for nobody. */
struct invocation *pool_next_wanted(struct pool *p)
{
    struct invocation *i;

    while ((i = first_waiting(p)) && !i->client && i->to != ANSWER_NOBODY)
        invocation_free(i);
    return i;
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

/* A caller's patience ends; an Event that was accepted waits for as long as it takes. */
static void wait_in_queue(struct invocation *i)
{
    struct loop *l = i->pool->front->loop;

    if (i->to != ANSWER_NOBODY)
        loop_set(l, &i->timer, loop_now(l) + QUEUE_DEADLINE);
    else
        loop_unset(l, &i->timer);
}

void pool_give_back(struct invocation *i)
{
    struct pool *p = i->pool;

    i->given_back = i->in_queue = true;
    i->instance = NULL;
    i->next = p->queue;
    p->queue = i;
    if (!i->next)
        p->queue_end = &i->next;
    p->queued++;
    wait_in_queue(i);
}

/* ---- giving work ---- */

static void tell_broker(const struct instance *n, const struct invocation *i)
{
    struct message m = {.kind = MESSAGE_REQUEST, .function = n->pool->index, .instance = n->id};

    if (!n->pool->function->connect_count)
        return;
    message_set_text(&m, str_of(i->id));
    message_send(n->pool->front->broker.fd, &m, NULL);
}

void pool_give(struct instance *n, struct invocation *i)
{
    struct pool *p = n->pool;
    struct front *f = p->front;

    i->instance = n;
    i->cold = !n->served && i->in_queue; /* who found it ready did not wait for its start */
    i->in_queue = false;
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

bool pool_submit(struct pool *p, struct invocation *i)
{
    struct instance *n = idle_instance(p);

    i->queued_ns = loop_now(p->front->loop);
    if (n) {
        pool_give(n, i);
        return true;
    }
    if (queue_is_full(p) || p->front->draining)
        return false;
    i->in_queue = true;
    i->next = NULL;
    *p->queue_end = i;
    p->queue_end = &i->next;
    p->queued++;
    wait_in_queue(i);
    pool_start_as_needed(p);
    return true;
}

void pool_start_as_needed(struct pool *p)
{
    while (p->starting < p->queued && p->count < p->function->limits.concurrency)
        if (!instance_start(p))
            return;
}

void pool_keep_warm(struct front *f)
{
    for (size_t i = 0; i < f->pool_count; i++) {
        struct pool *p = &f->pools[i];
        unsigned warm = f->snapshot.settings.warm;

        while (p->count < warm && p->count < p->function->limits.concurrency &&
               instance_start(p))
            ;
    }
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
