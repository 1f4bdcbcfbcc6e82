#include "run/resolve.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { THREADS = 2, STACK = 256 << 10 };

struct queue {
    struct resolve_job *first, **end;
    size_t count;
};

struct resolver {
    struct source told; /* an eventfd: there are jobs done */
    pthread_mutex_t lock;
    pthread_cond_t asked;
    struct queue waiting, done;
};

static void queue_put(struct queue *q, struct resolve_job *job)
{
    job->next = NULL;
    *q->end = job;
    q->end = &job->next;
    q->count++;
}

static struct resolve_job *queue_take(struct queue *q)
{
    struct resolve_job *job = q->first;

    if (!job)
        return NULL;
    q->first = job->next;
    if (!q->first)
        q->end = &q->first;
    q->count--;
    return job;
}

static void look_up(struct resolve_job *job)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    char port[8];

    snprintf(port, sizeof(port), "%u", job->port);
    job->failure = getaddrinfo(job->host, port, &hints, &job->addresses);
}

static void *work(void *self)
{
    struct resolver *r = self;
    uint64_t one = 1;

    pthread_mutex_lock(&r->lock);
    for (;;) {
        struct resolve_job *job = queue_take(&r->waiting);

        if (!job) {
            pthread_cond_wait(&r->asked, &r->lock);
            continue;
        }
        pthread_mutex_unlock(&r->lock);
        look_up(job);
        pthread_mutex_lock(&r->lock);
        queue_put(&r->done, job);
        if (write(r->told.fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
            break;
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static void told(struct source *s, uint32_t events)
{
    struct resolver *r = CONTAINER(s, struct resolver, told);
    struct resolve_job *job;
    uint64_t count;

    (void)events;
    if (read(s->fd, &count, sizeof(count)) < 0)
        return;
    for (;;) {
        pthread_mutex_lock(&r->lock);
        job = queue_take(&r->done);
        pthread_mutex_unlock(&r->lock);
        if (!job)
            return;
        job->done(job);
    }
}

static bool start_threads(struct resolver *r, struct err *e)
{
    pthread_attr_t attributes;
    bool started = true;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < THREADS && started; i++) {
        pthread_t thread;

        errno = pthread_create(&thread, &attributes, work, r);
        started = errno == 0;
    }
    pthread_attr_destroy(&attributes);
    return started || err_sys(e, "cannot start the resolver");
}

bool resolver_new(struct loop *l, struct resolver **ret, struct err *e)
{
    struct resolver *r = calloc(1, sizeof(*r));
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (!r || fd < 0)
        return err_sys(e, "cannot start the resolver");
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->asked, NULL);
    r->waiting.end = &r->waiting.first;
    r->done.end = &r->done.first;
    r->told.ready = told;
    if (!loop_watch(l, &r->told, fd, e) || !start_threads(r, e))
        return false;
    *ret = r;
    return true;
}

bool resolver_ask(struct resolver *r, struct resolve_job *job)
{
    bool taken;

    pthread_mutex_lock(&r->lock);
    taken = r->waiting.count < RESOLVE_WAITING_MAX;
    if (taken)
        queue_put(&r->waiting, job);
    pthread_cond_signal(&r->asked);
    pthread_mutex_unlock(&r->lock);
    return taken;
}
