#include "run/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool is_literal(str host)
{
    unsigned char bytes[16];
    char text[ADDRESS_SIZE];

    snprintf(text, sizeof(text), "%.*s", STR_ARG(host));
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* The first rule with this host: a host with two ports has one address. */
static size_t first_of(const struct function *f, str host)
{
    size_t i = 0;

    while (!str_equal(f->connect[i].host, host))
        i++;
    return i;
}

void address_of_rule(const struct function *f, size_t rule, char ret[ADDRESS_SIZE])
{
    str host = f->connect[rule].host;
    size_t n;

    if (is_literal(host)) {
        snprintf(ret, ADDRESS_SIZE, "%.*s", STR_ARG(host));
        return;
    }
    if (str_is(host, "localhost")) {
        snprintf(ret, ADDRESS_SIZE, "127.0.0.1");
        return;
    }
    n = first_of(f, host) + 1;
    snprintf(ret, ADDRESS_SIZE, "198.18.%zu.%zu", n / 250, n % 250);
}

long address_find(const struct function *f, str name)
{
    for (size_t i = 0; i < f->connect_count; i++)
        if (str_equal_nocase(f->connect[i].host, name))
            return (long)i;
    return -1;
}

bool address_hosts(struct arena *a, const struct function *f, str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {0};
    str copy;

    buf_add(&b, STR("127.0.0.1 localhost\n::1 localhost\n"));
    for (size_t i = 0; i < f->connect_count; i++) {
        char address[ADDRESS_SIZE];
        str host = f->connect[i].host;

        if (is_literal(host) || str_is(host, "localhost") || first_of(f, host) != i)
            continue;
        address_of_rule(f, i, address);
        buf_addf(&b, "%s %.*s\n", address, STR_ARG(host));
    }
    copy = arena_str(a, buf_str(&b));
    if (!copy.at)
        return err_limit(e);
    *ret = copy;
    return true;
}

static bool forbidden_v4(uint32_t ip, bool loopback_is_meant)
{
    if (ip >> 24 == 127)
        return !loopback_is_meant;
    return ip >> 16 == 0xa9fe /* 169.254/16 */ || ip >> 24 == 0 || ip >> 28 >= 0xe;
}

static bool forbidden_v6(const struct in6_addr *ip, bool loopback_is_meant)
{
    static const struct in6_addr metadata = {
        {{0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54}}};
    uint32_t mapped;

    if (IN6_IS_ADDR_V4MAPPED(ip)) {
        memcpy(&mapped, ip->s6_addr + 12, sizeof(mapped));
        return forbidden_v4(ntohl(mapped), loopback_is_meant);
    }
    if (IN6_IS_ADDR_LOOPBACK(ip))
        return !loopback_is_meant;
    return IN6_IS_ADDR_LINKLOCAL(ip) || IN6_IS_ADDR_MULTICAST(ip) ||
           IN6_IS_ADDR_UNSPECIFIED(ip) || memcmp(ip, &metadata, sizeof(metadata)) == 0;
}

bool address_is_forbidden(const struct sockaddr *to, str host)
{
    bool loopback_is_meant =
        str_is(host, "localhost") || str_starts(host, STR("127.")) || str_is(host, "::1");

    if (to->sa_family == AF_INET)
        return forbidden_v4(
            ntohl(((const struct sockaddr_in *)(const void *)to)->sin_addr.s_addr),
            loopback_is_meant);
    if (to->sa_family == AF_INET6)
        return forbidden_v6(&((const struct sockaddr_in6 *)(const void *)to)->sin6_addr,
                            loopback_is_meant);
    return true;
}
