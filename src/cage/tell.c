/*
 * tell: events to the keeper. Each is of fixed size; a loop that is refused a million times a
 * second costs the keeper twenty messages.
 */
#include "cage/warden.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

enum { TOKENS = 20, TOKENS_EACH = 2000, EXIT_WAIT_MS = 2000 };

static const uint64_t SECOND = 1000000000;

/* Whether somebody waits to hear which call was refused, and not how often. */
static bool tells_each(const struct cage_teller *t)
{
    return t->in && t->in->spec->tell_each;
}

static bool take_token(struct cage_teller *t, uint64_t now)
{
    if (now - t->refilled_ns >= SECOND) {
        t->tokens = tells_each(t) ? TOKENS_EACH : TOKENS;
        t->refilled_ns = now;
    }
    if (t->tokens == 0)
        return false;
    t->tokens--;
    return true;
}

static bool send_event(const struct cage_teller *t, const struct cage_event *event)
{
    return send(t->events, event, sizeof(*event), MSG_DONTWAIT | MSG_NOSIGNAL) ==
           sizeof(*event);
}

/* What is not sent now stays counted. */
static void tell_now(struct cage_teller *t, struct cage_told *told, uint64_t now)
{
    if (told->event.repeated == 0 || !take_token(t, now) || !send_event(t, &told->event))
        return;
    told->event.repeated = 0;
    told->last_ns = now;
}

static bool is_same(const struct cage_event *event, enum cage_event_kind kind, str text)
{
    return event->kind == (uint32_t)kind &&
           str_equal((str){event->text, event->text_len}, text);
}

static struct cage_told *find(struct cage_teller *t, enum cage_event_kind kind, str text)
{
    struct cage_told *oldest = &t->told[0];

    for (size_t i = 0; i < t->count; i++) {
        if (is_same(&t->told[i].event, kind, text))
            return &t->told[i];
        if (t->told[i].last_ns < oldest->last_ns)
            oldest = &t->told[i];
    }
    if (t->count < CAGE_TOLD_MAX)
        oldest = &t->told[t->count++];
    /* One that is forced out untold passes its number on: nothing is lost but the name. */
    oldest->event = (struct cage_event){
        .kind = kind, .text_len = (uint32_t)text.len, .repeated = oldest->event.repeated};
    if (text.len > 0)
        memcpy(oldest->event.text, text.at, text.len);
    oldest->last_ns = 0;
    return oldest;
}

void cage_tell(struct cage_teller *t, enum cage_event_kind kind, str text)
{
    uint64_t now = clock_mono_ns();
    struct cage_told *told = find(t, kind, str_sub(text, 0, CAGE_EVENT_TEXT));

    told->event.repeated++;
    if (tells_each(t) || now - told->last_ns >= SECOND)
        tell_now(t, told, now);
}

void cage_tell_flush(struct cage_teller *t, bool all)
{
    uint64_t now = clock_mono_ns();

    for (size_t i = 0; i < t->count; i++) {
        if (all)
            t->tokens = TOKENS;
        if (all || now - t->told[i].last_ns >= SECOND)
            tell_now(t, &t->told[i], now);
    }
}

int cage_tell_due(const struct cage_teller *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->told[i].event.repeated > 0)
            return 250;
    return -1;
}

void cage_tell_exit(struct cage_teller *t, int status, long max_rss_kib)
{
    struct cage_event event = {
        .kind = CAGE_EXITED, .status = status, .max_rss = (uint32_t)max_rss_kib};
    struct pollfd p = {t->events, POLLOUT, 0};

    cage_tell_flush(t, true);
    for (int i = 0; i < 10 && !send_event(t, &event); i++)
        if (errno != EAGAIN || poll(&p, 1, EXIT_WAIT_MS / 10) < 0)
            return; /* the keeper sees by our own end that it is over */
}
