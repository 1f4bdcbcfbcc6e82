/*
 * Ledger records of front. They are gathered over one turn of the loop, written by one write,
 * and only then do the answers that they tell of leave.
 */
#include "run/front.h"

enum { RECORDS_MAX = 8 << 20 }; /* held while the disk is full */

static void try_again(struct timer *t)
{
    struct front *f = CONTAINER(t, struct front, ledger_again);

    record_flush(f);
}

void record_open(struct front *f, int fd)
{
    ledger_close(&f->ledger);
    f->ledger = (struct ledger){.fd = fd};
    f->records.max = RECORDS_MAX;
    f->ledger_again.fire = try_again;
}

void record_begin(struct front *f, enum ledger_kind kind, const struct pool *p,
                  const struct instance *n, const char *id)
{
    ledger_begin(&f->record, kind, loop_wall_ms(f->loop));
    if (p)
        ledger_text(&f->record, LEDGER_FAAS_NAME, p->function->name);
    if (n)
        ledger_number(&f->record, LEDGER_FAAS_INSTANCE, n->id);
    if (id)
        ledger_text(&f->record, LEDGER_FAAS_INVOCATION_ID, str_of(id));
}

void record_end(struct front *f)
{
    buf_add(&f->records, ledger_end(&f->record));
}

bool record_flush(struct front *f)
{
    struct err e = {0};

    if (!f->records.len)
        return true;
    if (ledger_append(&f->ledger, buf_str(&f->records), &e)) {
        buf_clear(&f->records);
        f->ledger_full = false;
        loop_unset(f->loop, &f->ledger_again);
        return true;
    }
    buf_drop(&f->records, f->ledger.whole); /* these lines did arrive */
    f->ledger_full = true;
    if (!f->ledger_again.at)
        loop_set(f->loop, &f->ledger_again, loop_now(f->loop) + 100 * MS);
    return false;
}

bool record_possible(const struct front *f)
{
    return !f->ledger_full;
}

void record_denial(struct front *f, const char *action, str subject, str reason,
                   uint32_t repeated)
{
    ledger_text(&f->record, LEDGER_ACTION, str_of(action));
    if (subject.len)
        ledger_text(&f->record, LEDGER_SUBJECT, subject);
    if (repeated > 1)
        ledger_number(&f->record, LEDGER_REPEATED, repeated);
    ledger_text(&f->record, LEDGER_REASON, reason);
    record_end(f);
}

/* The lines of a stack, under the name that the runtime at hand gives it. */
static void add_stack(struct front *f, const struct json *error)
{
    const struct json *node = json_get(error, STR("trace"));
    const struct json *stack = node ? node : json_get(error, STR("stackTrace"));
    CLEANUP(buf_free) struct buf lines = {.max = 2 * LEDGER_TEXT_MAX};

    if (!stack || stack->kind != JSON_ARRAY || !stack->count)
        return;
    for (uint32_t i = 0; i < stack->count && lines.len < LEDGER_TEXT_MAX; i++) {
        if (stack->items[i].kind != JSON_STRING)
            continue;
        buf_add(&lines, lines.len ? STR("\n") : STR(""));
        buf_add(&lines, str_sub(stack->items[i].text, 0, LEDGER_TEXT_MAX - 1));
    }
    ledger_text(&f->record, LEDGER_STACKTRACE, buf_str(&lines));
}

/* The function's own words for its error, out of the payload that it reported. */
static void add_error(struct front *f, str payload)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct json *error;
    struct err e = {0};

    if (!a || !json_read(a, payload, &json_limits_event, &error, &e))
        return;
    ledger_text(&f->record, LEDGER_ERROR_TYPE, json_get_str(error, STR("errorType")));
    ledger_text(&f->record, LEDGER_ERROR_MESSAGE, json_get_str(error, STR("errorMessage")));
    add_stack(f, error);
}

void record_invocation(const struct invocation *i, enum outcome how, unsigned status, str body,
                       size_t bytes)
{
    static const char *const names[] = {
        [OUTCOME_OK] = "ok",       [OUTCOME_ERROR] = "error",     [OUTCOME_TIMEOUT] = "timeout",
        [OUTCOME_CRASH] = "crash", [OUTCOME_TOO_LARGE] = "error", [OUTCOME_NO_START] = "failed",
    };
    struct front *f = i->pool->front;
    struct ledger_record *r = &f->record;

    record_begin(f, LEDGER_INVOCATION, i->pool, i->instance, i->id);
    ledger_text(r, LEDGER_FAAS_TRIGGER, str_of(i->trigger));
    ledger_text(r, LEDGER_OUTCOME, str_of(names[how]));
    if (i->method[0]) {
        ledger_text(r, LEDGER_HTTP_METHOD, str_of(i->method));
        ledger_text(r, LEDGER_HTTP_ROUTE, i->route);
    }
    if (status)
        ledger_number(r, LEDGER_HTTP_STATUS, status);
    ledger_millis(r, LEDGER_DURATION_MS, i->started_ns ? loop_now(f->loop) - i->started_ns : 0);
    if (i->started_ns - i->queued_ns > MS)
        ledger_millis(r, LEDGER_QUEUE_MS, i->started_ns - i->queued_ns);
    if (i->cold && i->instance) {
        ledger_truth(r, LEDGER_FAAS_COLDSTART, true);
        ledger_millis(r, LEDGER_INIT_DURATION_MS, i->instance->init_ns);
    }
    ledger_number(r, LEDGER_REQUEST_BYTES, i->event.len);
    ledger_number(r, LEDGER_RESPONSE_BYTES, bytes);
    if (i->change_count) {
        ledger_number(r, LEDGER_CLEANED, i->change_count);
        ledger_text(r, LEDGER_CHANGES, str_of(i->changes));
    }
    if (i->redactions)
        ledger_number(r, LEDGER_REDACTED, i->redactions);
    if (i->headers_dropped) {
        ledger_number(r, LEDGER_HEADERS_DROPPED, i->headers_dropped);
        ledger_text(r, LEDGER_HEADERS_DROPPED_NAMES, buf_str(&i->header_names));
    }
    if (i->unfit)
        ledger_text(r, LEDGER_ERROR_TYPE, STR("fnward.InvalidResponse"));
    else if (how != OUTCOME_OK)
        add_error(f, body);
    record_end(f);
}

void record_lifecycle(const struct instance *n, const char *event, str detail)
{
    struct front *f = n->pool->front;

    record_begin(f, LEDGER_LIFECYCLE, n->pool, n, NULL);
    ledger_text(&f->record, LEDGER_EVENT, str_of(event));
    if (detail.len)
        ledger_text(&f->record, LEDGER_MESSAGE, detail);
    record_end(f);
}
