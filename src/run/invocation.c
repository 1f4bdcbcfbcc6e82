/*
 * Invocations, from what the gate let pass to what the caller is told.
 */
#include "run/front.h"

#include <stdlib.h>

#define RETRY_FIRST (60 * SECOND) /* an Event that failed is tried again, then once more */
enum { ATTEMPTS_MAX = 3 };

void invocation_free(struct invocation *i)
{
    loop_unset(i->pool->front->loop, &i->timer);
    buf_free(&i->event);
    buf_free(&i->context);
    buf_free(&i->log);
    batch_free(i->batch);
    buf_free(&i->header_names);
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
    CLEANUP(buf_free) struct buf clean = {.max = RESPONSE_MAX * 2};
    enum outcome told = how;
    size_t bytes = 0, found;
    unsigned status;

    if (n)
        output_drain(n);
    found = redact_text(f->redact, body, &clean);
    if (found)
        body = buf_str(&clean);
    i->redactions += found;
    i->pool->watch->redactions += found;
    status = answer_invocation(i, &told, body, &bytes);
    record_invocation(i, told, status, body, bytes);
    count_outcome(i, told);
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

/* Its turn did not come in time. */
static void give_up_waiting(struct invocation *i)
{
    struct client *c = i->client;

    pool_leave_queue(i);
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
    CLEANUP(buf_free) struct buf payload = {0};
    struct instance *n = i->instance;

    if (n) {
        event_failure_timeout(&payload, str_of(i->id), i->pool->function->limits.timeout_ms);
        invocation_end(i, OUTCOME_TIMEOUT, buf_str(&payload));
        instance_stop(n, "timeout");
    } else if (i->to == ANSWER_NOBODY && i->attempt && !i->in_queue) {
        if (!pool_submit(i->pool, i))
            invocation_end(i, OUTCOME_NO_START, STR("{\"errorType\":\"fnward.Throttled\"}"));
    } else {
        give_up_waiting(i);
    }
}

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
