/*
 * The quarantine: records of batches that are not what the contract says, with the reasons and
 * what was sent. It is written before the event goes on, so that nothing is dropped unrecorded.
 */
#include "run/front.h"

void quarantine_open(struct front *f, int fd)
{
    ledger_close(&f->quarantine);
    f->quarantine = (struct ledger){.file = LEDGER_QUARANTINE, .fd = fd};
}

/* Strangers wrote it, and who knows a secret may have put it there. */
static void add_text(struct front *f, struct ledger_record *r, const char *name, str text)
{
    CLEANUP(buf_free) struct buf clean = {0};

    if (text.len)
        ledger_text(r, name, redact_text(f->redact, text, &clean) ? buf_str(&clean) : text);
}

/* Bytes that are not text stand as base64: no more of them than find room so. */
static void add_payload(struct front *f, struct ledger_record *r, str payload)
{
    enum { BYTES_MAX = LEDGER_PAYLOAD_MAX / 4 * 3 };
    CLEANUP(buf_free) struct buf clean = {0};
    CLEANUP(buf_free) struct buf encoded = {0};

    if (redact_text(f->redact, payload, &clean))
        payload = buf_str(&clean);
    if (str_is_utf8(payload)) {
        ledger_text(r, LEDGER_PAYLOAD, payload);
        return;
    }
    ledger_text(r, LEDGER_PAYLOAD_ENCODING, STR("base64"));
    if (payload.len > BYTES_MAX)
        ledger_number(r, LEDGER_PAYLOAD "_cut", payload.len - BYTES_MAX);
    base64_encode(&encoded, str_sub(payload, 0, BYTES_MAX));
    ledger_text(r, LEDGER_PAYLOAD, buf_str(&encoded));
}

void quarantine_add(struct client *c, const struct gate_trigger *g,
                    const struct event_item *item, str payload, str reason, struct buf *out)
{
    struct front *f = c->front;
    struct ledger_record *r = &f->record;

    c->request->pool->watch->quarantined++;
    ledger_begin(r, LEDGER_QUARANTINED, loop_wall_ms(f->loop));
    ledger_text(r, LEDGER_FAAS_NAME, c->request->pool->function->name);
    ledger_text(r, LEDGER_FAAS_INVOCATION_ID, str_of(c->request->id));
    ledger_text(r, LEDGER_FAAS_TRIGGER, str_of(trigger_name(g->trigger->kind)));
    add_text(f, r, LEDGER_MESSAGE_ID, item->name);
    add_text(f, r, LEDGER_DESTINATION, item->source);
    ledger_text(r, LEDGER_REASON, reason);
    add_payload(f, r, payload);
    buf_add(out, ledger_end(r));
}

bool quarantine_write(struct front *f, const struct buf *lines)
{
    struct err e = {0};

    return !lines->failed && (!lines->len || ledger_append(&f->quarantine, buf_str(lines), &e));
}
