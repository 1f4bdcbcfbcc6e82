/*
 * net: the cage's network is a loopback, the addresses that stand for the declared destinations,
 * and the listeners on them, whose descriptors are all that leaves.
 */
#include "cage/inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOPBACK = 1, BACKLOG = 128 }; /* lo is the first interface of every namespace */

struct request {
    struct nlmsghdr head;
    struct ifaddrmsg address;
    struct rtattr local;
    unsigned char bytes[16];
};

struct endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in in4;
        struct sockaddr_in6 in6;
    };
    socklen_t size;
};

static bool endpoint_parse(const struct cage_listener *l, struct endpoint *ret)
{
    struct endpoint p = {0};

    if (inet_pton(AF_INET, l->address, &p.in4.sin_addr) == 1) {
        p.in4.sin_family = AF_INET;
        p.in4.sin_port = htons(l->port);
        p.size = sizeof(p.in4);
    } else if (inet_pton(AF_INET6, l->address, &p.in6.sin6_addr) == 1) {
        p.in6.sin6_family = AF_INET6;
        p.in6.sin6_port = htons(l->port);
        p.size = sizeof(p.in6);
    } else {
        errno = EINVAL;
        return false;
    }
    *ret = p;
    return true;
}

/* Sends one request and waits for the kernel's word on it. */
static bool ask(int netlink, struct request *r, size_t size)
{
    struct {
        struct nlmsghdr head;
        struct nlmsgerr error;
        char rest[256];
    } answer;

    r->head.nlmsg_len = (uint32_t)size;
    r->head.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
    if (send(netlink, r, size, 0) != (ssize_t)size)
        return false;
    if (recv(netlink, &answer, sizeof(answer), 0) < (ssize_t)NLMSG_LENGTH(sizeof(int)))
        return false;
    errno = -answer.error.error;
    return answer.head.nlmsg_type == NLMSG_ERROR && answer.error.error == 0;
}

static bool add_address(int netlink, int family, const void *address, size_t size, int prefix)
{
    struct request r = {
        .head = {.nlmsg_type = RTM_NEWADDR, .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL},
        .address = {.ifa_family = (uint8_t)family,
                    .ifa_prefixlen = (uint8_t)prefix,
                    .ifa_flags = IFA_F_NODAD,
                    .ifa_scope = RT_SCOPE_HOST,
                    .ifa_index = LOOPBACK}};
    struct rtattr *local = (struct rtattr *)((char *)&r + NLMSG_LENGTH(sizeof(r.address)));

    local->rta_type = IFA_LOCAL;
    local->rta_len = (unsigned short)RTA_LENGTH(size);
    memcpy(RTA_DATA(local), address, size);
    return ask(netlink, &r, NLMSG_LENGTH(sizeof(r.address)) + RTA_LENGTH(size)) ||
           errno == EEXIST;
}

static bool is_in(const struct endpoint *p, uint32_t network, uint32_t mask)
{
    return p->any.sa_family == AF_INET && (ntohl(p->in4.sin_addr.s_addr) & mask) == network;
}

/* Opens the socket when the first address needs it: most cages have none but 127.0.0.1. */
static bool add_once(int *netlink, int family, const void *address, size_t size, int prefix)
{
    if (*netlink < 0)
        *netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    return *netlink >= 0 && add_address(*netlink, family, address, size, prefix);
}

/* 198.18.0.0/15 is reserved for tests of networks: no declared name can mean one of it. */
static bool add_listener_address(int *netlink, const struct cage_listener *l, bool *block)
{
    static const uint32_t stand_ins = 0xc6120000, stand_ins_mask = 0xfffe0000;
    struct endpoint p;
    struct in_addr first = {htonl(stand_ins | 1)};

    if (!endpoint_parse(l, &p))
        return false;
    if (is_in(&p, 0x7f000000, 0xff000000))
        return true;
    if (is_in(&p, stand_ins, stand_ins_mask)) {
        if (*block)
            return true;
        *block = true;
        return add_once(netlink, AF_INET, &first, sizeof(first), 15);
    }
    if (p.any.sa_family == AF_INET)
        return add_once(netlink, AF_INET, &p.in4.sin_addr, 4, 32);
    return IN6_IS_ADDR_LOOPBACK(&p.in6.sin6_addr) ||
           add_once(netlink, AF_INET6, &p.in6.sin6_addr, 16, 128);
}

bool cage_step_addresses(struct inside *in)
{
    CLEANUP(fd_closep) int netlink = -1;
    bool block = false;

    for (size_t i = 0; i < in->spec->listener_count; i++)
        if (!add_listener_address(&netlink, &in->spec->listeners[i], &block))
            return cage_at(in, "the address '%s'", in->spec->listeners[i].address);
    return true;
}

bool cage_step_loopback(struct inside *in)
{
    CLEANUP(fd_closep) int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};

    (void)in;
    return any >= 0 && ioctl(any, SIOCSIFFLAGS, &up) == 0;
}

/* Done by the function's process; the warden follows. A socket names the namespace without a
 * path, which the warden may be taking away at this moment. */
bool cage_step_network(struct inside *in)
{
    CLEANUP(fd_closep) int any = -1, fd = -1;

    if (unshare(CLONE_NEWNET) != 0)
        return false;
    any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    fd = any < 0 ? -1 : ioctl(any, SIOCGSKNS);
    return fd >= 0 && cage_send_fds(in->handover, "n", 1, &fd, 1);
}

bool cage_step_enter_network(struct inside *in)
{
    CLEANUP(fd_closep) int fd = -1;
    char word;

    return cage_receive_fds(in->handover, &word, 1, &fd, 1) == 1 &&
           setns(fd, CLONE_NEWNET) == 0;
}

static int open_listener(const struct cage_listener *l)
{
    int type = (l->datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
    CLEANUP(fd_closep) int fd = -1;
    struct endpoint p;

    if (!endpoint_parse(l, &p))
        return -1;
    fd = socket(p.any.sa_family, type, 0);
    if (fd < 0 || bind(fd, &p.any, p.size) != 0)
        return -1;
    return !l->datagram && listen(fd, BACKLOG) != 0 ? -1 : fd_steal(&fd);
}

bool cage_step_listeners(struct inside *in)
{
    for (size_t i = 0; i < in->spec->listener_count; i++) {
        const struct cage_listener *l = &in->spec->listeners[i];

        in->listeners[i] = open_listener(l);
        if (in->listeners[i] < 0)
            return cage_at(in, "'%s' port %u", l->address, l->port);
    }
    if (in->spec->listener_count == 0)
        return true;
    if (!cage_send_fds(in->events, "", 1, in->listeners, in->spec->listener_count))
        return false;
    for (size_t i = 0; i < in->spec->listener_count; i++)
        close(in->listeners[i]);
    return true;
}

/* A DNS label: what the function is called, as far as that can be a host's name. */
bool cage_step_hostname(struct inside *in)
{
    char name[64] = "function";
    size_t n = strlen(in->spec->name);

    if (n > 0) {
        n = n < sizeof(name) - 1 ? n : sizeof(name) - 1;
        memcpy(name, in->spec->name, n);
        name[n] = '\0';
    }
    return sethostname(name, strlen(name)) == 0 && setdomainname("", 0) == 0;
}
