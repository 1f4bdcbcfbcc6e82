#include "run/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_PER_TURN = 128 };

struct loop {
    int epoll;
    bool stopped;
    uint64_t now, wall_ms;
    struct source *dead, **dead_end; /* in the order of their closing */
    struct timer **heap; /* from 1; ordered by queued_at, which is never later than `at` */
    size_t timers, room;
};

bool loop_new(struct loop **ret, struct err *e)
{
    struct loop *l = calloc(1, sizeof(*l));

    if (!l)
        return err_limit(e);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->epoll < 0) {
        free(l);
        return err_sys(e, "cannot make an event loop");
    }
    l->dead_end = &l->dead;
    l->now = clock_mono_ns();
    l->wall_ms = clock_wall_ms();
    *ret = l;
    return true;
}

static void bury(struct loop *l)
{
    while (l->dead) {
        struct source *s = l->dead;

        l->dead = s->dead;
        if (!l->dead)
            l->dead_end = &l->dead;
        s->dead = NULL;
        if (s->release)
            s->release(s);
    }
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    bury(l);
    close(l->epoll);
    free(l->heap);
    free(l);
}

static struct epoll_event interest(struct source *s)
{
    return (struct epoll_event){
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.ptr = s,
    };
}

bool loop_watch(struct loop *l, struct source *s, int fd, struct err *e)
{
    struct epoll_event event = interest(s);

    fd_set_nonblock(fd);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        return err_sys(e, "cannot watch a descriptor");
    s->fd = fd;
    return true;
}

void loop_again(struct loop *l, struct source *s)
{
    struct epoll_event event = interest(s);

    if (s->fd >= 0)
        epoll_ctl(l->epoll, EPOLL_CTL_MOD, s->fd, &event);
}

int loop_accept(const struct source *listener, struct sockaddr_storage *from)
{
    for (;;) {
        socklen_t len = sizeof(*from);
        int fd =
            accept4(listener->fd, (struct sockaddr *)from, from ? &len : NULL, SOCK_CLOEXEC);

        /* A caller who left before its turn is no reason to stop. */
        if (fd >= 0 || (errno != EINTR && errno != ECONNABORTED))
            return fd;
    }
}

void loop_bury(struct loop *l, struct source *s)
{
    s->dead = NULL;
    *l->dead_end = s;
    l->dead_end = &s->dead;
}

void loop_detach(struct loop *l, struct source *s)
{
    (void)l; /* closing takes it out of the epoll set */
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

void loop_close(struct loop *l, struct source *s)
{
    if (s->fd < 0)
        return;
    close(s->fd);
    s->fd = -1;
    loop_bury(l, s);
}

/* ---- timers: a binary heap ---- */

static void place(struct loop *l, size_t i, struct timer *t)
{
    l->heap[i] = t;
    t->index = i;
}

static void sift_up(struct loop *l, size_t i, struct timer *t)
{
    while (i > 1 && l->heap[i / 2]->queued_at > t->queued_at) {
        place(l, i, l->heap[i / 2]);
        i /= 2;
    }
    place(l, i, t);
}

static void sift_down(struct loop *l, size_t i, struct timer *t)
{
    for (size_t child; (child = 2 * i) <= l->timers; i = child) {
        if (child < l->timers && l->heap[child + 1]->queued_at < l->heap[child]->queued_at)
            child++;
        if (l->heap[child]->queued_at >= t->queued_at)
            break;
        place(l, i, l->heap[child]);
    }
    place(l, i, t);
}

static bool make_room(struct loop *l)
{
    size_t room = l->room ? l->room * 2 : 64;
    struct timer **heap;

    if (l->timers + 1 < l->room)
        return true;
    heap = realloc(l->heap, room * sizeof(struct timer *));
    if (!heap)
        return false;
    l->heap = heap;
    l->room = room;
    return true;
}

bool loop_set(struct loop *l, struct timer *t, uint64_t at)
{
    t->at = at;
    if (t->index && t->queued_at <= at)
        return true; /* it comes up early and is put back then */
    if (t->index) {
        t->queued_at = at;
        sift_up(l, t->index, t);
        return true;
    }
    if (!make_room(l)) {
        t->at = 0;
        return false;
    }
    t->queued_at = at;
    sift_up(l, ++l->timers, t);
    return true;
}

void loop_unset(struct loop *l, struct timer *t)
{
    size_t i = t->index;
    struct timer *last;

    t->at = 0;
    if (!i)
        return;
    t->index = 0;
    last = l->heap[l->timers--];
    if (last == t)
        return;
    if (i > 1 && l->heap[i / 2]->queued_at > last->queued_at)
        sift_up(l, i, last);
    else
        sift_down(l, i, last);
}

static void fire_timers(struct loop *l)
{
    while (l->timers && l->heap[1]->queued_at <= l->now) {
        struct timer *t = l->heap[1];
        uint64_t at = t->at;

        loop_unset(l, t);
        if (at > l->now)
            loop_set(l, t, at);
        else if (at)
            t->fire(t);
    }
}

static int wait_ms(const struct loop *l)
{
    uint64_t ns;

    if (!l->timers)
        return -1;
    if (l->heap[1]->queued_at <= l->now)
        return 0;
    ns = l->heap[1]->queued_at - l->now + 999999;
    return ns / 1000000 > 3600000 ? 3600000 : (int)(ns / 1000000);
}

uint64_t loop_now(const struct loop *l)
{
    return l->now;
}

uint64_t loop_wall_ms(const struct loop *l)
{
    return l->wall_ms;
}

void loop_stop(struct loop *l)
{
    l->stopped = true;
}

bool loop_run(struct loop *l, void (*between)(void *self), void *self, struct err *e)
{
    struct epoll_event events[EVENTS_PER_TURN];

    l->stopped = false;
    while (!l->stopped) {
        int n = epoll_wait(l->epoll, events, EVENTS_PER_TURN, wait_ms(l));

        if (n < 0 && errno != EINTR)
            return err_sys(e, "waiting for events");
        l->now = clock_mono_ns();
        l->wall_ms = clock_wall_ms();
        for (int i = 0; i < n; i++) {
            struct source *s = events[i].data.ptr;

            if (s->fd >= 0)
                s->ready(s, events[i].events);
        }
        fire_timers(l);
        if (between)
            between(self);
        bury(l);
    }
    return true;
}
