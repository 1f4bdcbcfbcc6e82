/*
 * The name server inside the cages. It knows the names of the contract, answers every other
 * with "there is no such name", and records that it was asked: nothing is ever looked up
 * outside, so there is no tunnel through it.
 */
#include "run/front.h"

#include "run/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

enum {
    PACKET_MAX = 512,
    HEADER = 12,
    TYPE_A = 1,
    NO_SUCH_NAME = 3,
    TOLD_PER_INVOCATION = 20,
};

/* The question's name as dotted text; the offset behind its type and class, or 0. */
static size_t read_question(const unsigned char *p, size_t n, char name[256], unsigned *type)
{
    size_t at = HEADER, len = 0;

    while (at < n && p[at]) {
        size_t label = p[at++];

        if (label > 63 || at + label >= n || len + label + 1 >= 255)
            return 0;
        if (len)
            name[len++] = '.';
        memcpy(name + len, p + at, label);
        len += label;
        at += label;
    }
    name[len] = 0;
    if (at + 5 > n)
        return 0;
    *type = (unsigned)p[at + 1] << 8 | p[at + 2];
    return at + 5;
}

/* The answer's one record: an IPv4 address for a name that stands at offset 12. */
static size_t add_address(unsigned char *p, size_t at, const char *address)
{
    static const unsigned char record[] = {0xc0, HEADER, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4};

    memcpy(p + at, record, sizeof(record));
    if (inet_pton(AF_INET, address, p + at + sizeof(record)) != 1)
        return at;
    p[7] = 1;
    return at + sizeof(record) + 4;
}

static void tell(struct instance *n, const char *name)
{
    struct front *f = n->pool->front;

    if (n->names_asked++ >= TOLD_PER_INVOCATION)
        return;
    record_begin(f, LEDGER_DENIAL, n->pool, n, n->invocation ? n->invocation->id : NULL);
    record_denial(f, "resolve", str_of(name), STR("not in may.connect"), 1);
    n->pool->watch->denials++;
}

/* Turns the question in `p` into its answer; 0 when it is no question. */
static size_t answer_question(struct instance *n, unsigned char p[PACKET_MAX], size_t len)
{
    char name[256] = "", address[ADDRESS_SIZE];
    unsigned type = 0;
    size_t end = len >= HEADER && !(p[2] & 0xf8) && p[4] == 0 && p[5] == 1
                     ? read_question(p, len, name, &type)
                     : 0;
    long rule;

    if (!end)
        return 0;
    rule = address_find(n->pool->function, str_of(name));
    p[2] = (unsigned char)(0x84 | (p[2] & 1)); /* an answer, with authority */
    p[3] = rule < 0 ? NO_SUCH_NAME : 0;
    memset(p + 6, 0, 6); /* no records, so far */
    if (rule < 0) {
        tell(n, name);
        return end;
    }
    if (type != TYPE_A)
        return end;
    address_of_rule(n->pool->function, (size_t)rule, address);
    return add_address(p, end, address);
}

static void names_ready(struct source *s, uint32_t events)
{
    enum { ROOM_FOR_ANSWER = 16, QUESTIONS_PER_TURN = 64 };
    struct instance *n = CONTAINER(s, struct instance, names);

    (void)events;
    for (int i = 0; i < QUESTIONS_PER_TURN; i++) {
        unsigned char packet[PACKET_MAX];
        struct sockaddr_storage from;
        socklen_t from_len = sizeof(from);
        ssize_t got = recvfrom(s->fd, packet, sizeof(packet) - ROOM_FOR_ANSWER, 0,
                               (struct sockaddr *)&from, &from_len);
        size_t len;

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return;
        len = answer_question(n, packet, (size_t)got);
        if (len)
            sendto(s->fd, packet, len, MSG_DONTWAIT, (struct sockaddr *)&from, from_len);
    }
    loop_again(n->pool->front->loop, s);
}

bool names_watch(struct instance *n, int fd, struct err *e)
{
    n->names.ready = names_ready;
    return loop_watch(n->pool->front->loop, &n->names, fd, e);
}
