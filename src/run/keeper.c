#include "run/keeper.h"

#include "run/role.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define START_DEADLINE (20 * SECOND)
#define END_DEADLINE (40 * SECOND)
#define ROTATE_EVERY (10 * SECOND)
#define RESTART_PERIOD (60 * SECOND)

enum { LEDGER_BYTES = 64 << 20, LEDGER_FILES = 16 };

void keeper_record(struct keeper *k, const char *event, str message)
{
    struct err e = {0};

    ledger_begin(&k->record, LEDGER_LIFECYCLE, clock_wall_ms());
    ledger_text(&k->record, LEDGER_EVENT, str_of(event));
    ledger_number(&k->record, LEDGER_PID, (uint64_t)getpid());
    if (message.len)
        ledger_text(&k->record, LEDGER_MESSAGE, message);
    if (!ledger_append(&k->ledger, ledger_end(&k->record), &e) && !k->failure.code)
        k->failure = e;
}

/* ---- children ---- */

static void stop_child(pid_t *pid, struct loop *l, struct source *channel)
{
    loop_detach(l, channel);
    if (*pid <= 0)
        return;
    kill(*pid, SIGKILL);
    while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *pid = 0;
}

static void stop_children(struct keeper *k)
{
    stop_child(&k->front_pid, k->loop, &k->front);
    cells_stop_all(k);
    stop_child(&k->broker_pid, k->loop, &k->broker);
    k->ready = 0;
}

static void give_up(struct keeper *k, const struct err *e)
{
    if (!k->failure.code)
        k->failure = *e;
    loop_stop(k->loop);
}

static bool start_child(struct keeper *k, const char *role, int peer, int listener,
                        struct source *channel, pid_t *pid, struct err *e)
{
    int quarantine = channel == &k->front ? k->quarantine.fd : -1;
    int pair[2];
    bool started;

    if (!message_pair(pair, e))
        return false;
    started = role_start(role,
                         (int[]){[ROLE_KEEPER - ROLE_KEEPER] = pair[1],
                                 [ROLE_SNAPSHOT - ROLE_KEEPER] = k->snapshot_fd,
                                 [ROLE_LEDGER - ROLE_KEEPER] = k->ledger.fd,
                                 [ROLE_QUARANTINE - ROLE_KEEPER] = quarantine,
                                 [ROLE_PEER - ROLE_KEEPER] = peer,
                                 [ROLE_LISTEN - ROLE_KEEPER] = listener},
                         pid, e);
    close(pair[1]);
    if (started && loop_watch(k->loop, channel, pair[0], e))
        return true;
    close(pair[0]);
    return false;
}

static bool start_children(struct keeper *k, struct err *e)
{
    int peers[2];
    bool started;

    if (!message_pair(peers, e))
        return false;
    started = start_child(k, "broker", peers[1], -1, &k->broker, &k->broker_pid, e) &&
              start_child(k, "front", peers[0], k->listener, &k->front, &k->front_pid, e);
    close(peers[0]);
    close(peers[1]);
    loop_set(k->loop, &k->start_late, loop_now(k->loop) + START_DEADLINE);
    return started;
}

/* Too many ends in a short time are not repaired by beginning again. */
static bool may_restart(struct keeper *k)
{
    uint64_t now = loop_now(k->loop), oldest = k->restarts[COUNT(k->restarts) - 1];

    if (!k->started || (oldest && now - oldest < RESTART_PERIOD))
        return false;
    memmove(k->restarts + 1, k->restarts, sizeof(k->restarts) - sizeof(k->restarts[0]));
    k->restarts[0] = now;
    return true;
}

/* Front or broker ended though nobody asked it to: what they served ends with them. */
static void children_failed(struct keeper *k, const char *who)
{
    struct err e = {0};

    stop_children(k);
    if (k->ending || k->failure.code) {
        loop_stop(k->loop);
        return;
    }
    keeper_record(k, "crash", str_of(who));
    if (!may_restart(k)) {
        err_set(&e, ERR_SYSTEM, "the %s process ends as soon as it is started", who);
        give_up(k, &e);
    } else if (!start_children(k, &e)) {
        give_up(k, &e);
    }
}

static void child_cannot(struct keeper *k, const char *who, const struct message *m)
{
    struct err e = {0};

    err_set(&e, ERR_SYSTEM, "%s: %.*s", who, STR_ARG(message_text(m)));
    give_up(k, &e);
}

static void child_ready(struct keeper *k)
{
    if (++k->ready < 2)
        return;
    loop_unset(k->loop, &k->start_late);
    if (k->started && !k->told) {
        k->told = true;
        k->started(k);
    }
}

static void front_ready(struct source *s, uint32_t events)
{
    struct keeper *k = CONTAINER(s, struct keeper, front);
    struct message m;
    struct message_fds fds;

    (void)events;
    while (s->fd >= 0) {
        switch (message_receive(s->fd, PROCESS_FRONT, PROCESS_KEEPER, &m, &fds)) {
        case MESSAGE_NONE:
            return;
        case MESSAGE_GOT:
            if (m.kind == MESSAGE_START)
                cell_start(k, &m);
            else if (m.kind == MESSAGE_STOP)
                cell_stop(k, m.instance);
            else if (m.kind == MESSAGE_READY)
                child_ready(k);
            else
                child_cannot(k, "front", &m);
            break;
        default:
            children_failed(k, "front");
            return;
        }
    }
}

static void broker_ready(struct source *s, uint32_t events)
{
    struct keeper *k = CONTAINER(s, struct keeper, broker);
    struct message m;
    struct message_fds fds;

    (void)events;
    while (s->fd >= 0) {
        switch (message_receive(s->fd, PROCESS_BROKER, PROCESS_KEEPER, &m, &fds)) {
        case MESSAGE_NONE:
            return;
        case MESSAGE_GOT:
            if (m.kind == MESSAGE_READY)
                child_ready(k);
            else
                child_cannot(k, "broker", &m);
            break;
        default:
            children_failed(k, "broker");
            return;
        }
    }
}

/* ---- time ---- */

static void start_late(struct timer *t)
{
    struct keeper *k = CONTAINER(t, struct keeper, start_late);
    struct err e = {0};

    err_set(&e, ERR_SYSTEM, "front and broker are not ready after %llu seconds",
            START_DEADLINE / SECOND);
    give_up(k, &e);
}

static void send_ledger(const struct ledger *l, struct source *to)
{
    struct message m = {.kind = MESSAGE_LEDGER, .detail = l->file};
    struct message_fds fds = {.fd = {l->fd}, .count = 1};

    if (to->fd >= 0)
        message_send(to->fd, &m, &fds);
}

/* False also when the disk is full: front says so to every caller until it is not. */
static bool rotate_one(struct keeper *k, struct ledger *l)
{
    bool rotated = false;
    struct err e = {0};

    return ledger_rotate(k->ledger_dir, l, LEDGER_BYTES, LEDGER_FILES, clock_wall_ms(),
                         &rotated, &e) &&
           rotated;
}

static void rotate(struct timer *t)
{
    struct keeper *k = CONTAINER(t, struct keeper, rotate);

    loop_set(k->loop, t, loop_now(k->loop) + ROTATE_EVERY);
    if (rotate_one(k, &k->ledger)) {
        send_ledger(&k->ledger, &k->front);
        send_ledger(&k->ledger, &k->broker);
    }
    if (rotate_one(k, &k->quarantine))
        send_ledger(&k->quarantine, &k->front);
}

/* ---- the end ---- */

static void end_late(struct timer *t)
{
    loop_stop(CONTAINER(t, struct keeper, kill)->loop);
}

void keeper_end(struct keeper *k)
{
    struct message m = {.kind = MESSAGE_DRAIN};

    if (k->ending || k->front.fd < 0 || !message_send(k->front.fd, &m, NULL)) {
        loop_stop(k->loop); /* asked twice, or nobody to wait for */
        return;
    }
    k->ending = true;
    loop_set(k->loop, &k->kill, loop_now(k->loop) + END_DEADLINE);
}

static void signals_ready(struct source *s, uint32_t events)
{
    struct keeper *k = CONTAINER(s, struct keeper, signals);
    struct signalfd_siginfo info;

    (void)events;
    while (read(s->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        keeper_end(k);
}

static bool watch_signals(struct keeper *k, struct err *e)
{
    sigset_t ours;
    int fd;

    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    sigprocmask(SIG_BLOCK, &ours, NULL);
    signal(SIGPIPE, SIG_IGN);
    fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return err_sys(e, "cannot wait for signals");
    return loop_watch(k->loop, &k->signals, fd, e);
}

bool keeper_begin(struct keeper *k, struct err *e)
{
    k->front = (struct source){.fd = -1, .ready = front_ready};
    k->broker = (struct source){.fd = -1, .ready = broker_ready};
    k->signals = (struct source){.fd = -1, .ready = signals_ready};
    k->start_late.fire = start_late;
    k->rotate.fire = rotate;
    k->kill.fire = end_late;
    if (!watch_signals(k, e) || !role_lock_keeper(e) || !start_children(k, e))
        return false;
    keeper_record(k, "start", str_of("fnward " FNWARD_VERSION));
    cells_want_spare(k);
    loop_set(k->loop, &k->rotate, loop_now(k->loop) + ROTATE_EVERY);
    return true;
}

bool keeper_turn(struct keeper *k, struct err *e)
{
    if (!loop_run(k->loop, NULL, NULL, e))
        return false;
    if (!k->failure.code)
        return true;
    *e = k->failure;
    return false;
}

void keeper_finish(struct keeper *k)
{
    stop_children(k);
    keeper_record(k, "stop", str_of(""));
}

bool keeper_run(struct keeper *k, struct err *e)
{
    bool good = keeper_begin(k, e) && keeper_turn(k, e);

    keeper_finish(k);
    if (good && k->failure.code) { /* the end could not be recorded */
        *e = k->failure;
        return false;
    }
    return good;
}
