/*
 * Taking callers in: as many as there are places, and no more at once than the others can bear.
 */
#include "run/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PER_TURN = 256 };

/* When all places are taken, the caller that has been idle longest gives up its own. */
static bool make_place(struct front *f)
{
    struct client *idle = NULL;

    if (f->client_count < FRONT_CLIENTS_MAX)
        return true;
    for (struct client *c = f->clients; c; c = c->next)
        if (c->state == CLIENT_HEAD && !c->in.len && !c->out.len)
            idle = c;
    if (idle)
        client_close(idle);
    return idle != NULL;
}

static void address_text(const struct sockaddr_storage *from, char ret[46])
{
    const struct sockaddr_in *four = (const void *)from;
    const struct sockaddr_in6 *six = (const void *)from;

    ret[0] = 0;
    if (from->ss_family == AF_INET)
        inet_ntop(AF_INET, &four->sin_addr, ret, 46);
    else if (from->ss_family == AF_INET6)
        inet_ntop(AF_INET6, &six->sin6_addr, ret, 46);
}

/* Out of descriptors or memory: look again soon instead of spinning. */
static void accept_later(struct front *f)
{
    loop_set(f->loop, &f->accept_again, loop_now(f->loop) + 50 * MS);
}

void client_accept_all(struct front *f)
{
    for (int i = 0; i < PER_TURN && make_place(f); i++) {
        struct sockaddr_storage from = {0};
        int fd = loop_accept(&f->listener, &from);
        char ip[46];

        if (fd < 0 && errno == EAGAIN)
            return;
        if (fd < 0)
            break;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        address_text(&from, ip);
        if (!client_accept(f, fd, ip))
            close(fd);
    }
    accept_later(f);
}
