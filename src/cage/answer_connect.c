/*
 * answer_connect: where the function tries to go. Its network has nothing but itself and the
 * listeners, so a refusal here stops nothing more: it is so that it can be told.
 *
 * The exception is a socket file in a granted directory, which no namespace hides: there the
 * refusal is the protection, and a thread that exchanges the address in time gets past it. Grant
 * no directory in which the machine's programs listen.
 */
#include "cage/warden.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

union address {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    struct sockaddr_un local;
};

/* As text, IPv4 in IPv6 as IPv4; false for what is no internet address. */
static bool host_and_port(const union address *a, char *host, uint16_t *port)
{
    const struct in6_addr *six = &a->in6.sin6_addr;

    if (a->any.sa_family == AF_INET) {
        *port = ntohs(a->in4.sin_port);
        return inet_ntop(AF_INET, &a->in4.sin_addr, host, INET6_ADDRSTRLEN);
    }
    if (a->any.sa_family != AF_INET6)
        return false;
    *port = ntohs(a->in6.sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(six))
        return inet_ntop(AF_INET, six->s6_addr + 12, host, INET6_ADDRSTRLEN);
    return inet_ntop(AF_INET6, six, host, INET6_ADDRSTRLEN);
}

static bool is_own(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "0.0.0.0") == 0 ||
           strcmp(host, "::1") == 0 || strcmp(host, "::") == 0;
}

/* Port 0: getaddrinfo() only asks for the way to an address. */
static bool is_declared(const struct cage_spec *spec, const char *host, uint16_t port)
{
    for (size_t i = 0; i < spec->listener_count; i++)
        if ((port == 0 || port == spec->listeners[i].port) &&
            strcmp(spec->listeners[i].address, host) == 0)
            return true;
    return false;
}

static struct cage_answer answer_local(struct warden *w, const struct sockaddr_un *local,
                                       size_t size)
{
    /* The name service cache and the log are tried by the C library, which lives without. */
    static const char *const quiet[] = {"/var/run/nscd/socket", "/run/nscd/socket", "/dev/log"};
    char path[sizeof(local->sun_path) + 1] = "";
    size_t length = size - offsetof(struct sockaddr_un, sun_path);

    memcpy(path, local->sun_path, length);
    if (path[0] == '\0')
        path[0] = '@'; /* an abstract name */
    else if (path[0] != '/' || strncmp(path, "/tmp/", 5) == 0)
        return GO_ON;
    for (size_t i = 0; i < COUNT(quiet); i++)
        if (strcmp(path, quiet[i]) == 0)
            return FAIL(ENOENT);
    cage_tell(&w->tell, CAGE_DENIED_CONNECT, str_of(path));
    return FAIL(EACCES);
}

struct cage_answer cage_answer_connect(struct warden *w, const struct seccomp_notif *n)
{
    union address a = {0};
    size_t size = n->data.args[2] > sizeof(a) ? sizeof(a) : (size_t)n->data.args[2];
    char host[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 16];
    uint16_t port;

    if (size < sizeof(a.any.sa_family) ||
        !cage_caller_read((pid_t)n->pid, n->data.args[1], &a, size))
        return GO_ON; /* the kernel finds the same and says so */
    if (a.any.sa_family == AF_UNIX)
        return answer_local(w, &a.local, size);
    if (!host_and_port(&a, host, &port) || is_own(host) || is_declared(w->in->spec, host, port))
        return GO_ON;
    snprintf(text, sizeof(text), strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port);
    cage_tell(&w->tell, CAGE_DENIED_CONNECT, str_of(text));
    return FAIL(EACCES);
}
