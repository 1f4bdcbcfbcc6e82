#include "run/message.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Who may say what to whom, and how many descriptors come with it. */
static const struct {
    bool from[3], to[3]; /* keeper, front, broker */
    size_t fds;
} allowed[MESSAGE_KINDS] = {
    [MESSAGE_READY] = {{0, 1, 1}, {1, 0, 0}, 0},
    [MESSAGE_START] = {{0, 1, 0}, {1, 0, 0}, 0},
    [MESSAGE_STARTED] = {{1, 0, 0}, {0, 1, 0}, 3},
    [MESSAGE_FAILED] = {{1, 1, 1}, {1, 1, 0}, 0},
    [MESSAGE_STOP] = {{0, 1, 0}, {1, 0, 0}, 0},
    [MESSAGE_DENIED] = {{1, 0, 0}, {0, 1, 0}, 0},
    [MESSAGE_EXITED] = {{1, 0, 0}, {0, 1, 0}, 0},
    [MESSAGE_DRAIN] = {{1, 0, 0}, {0, 1, 0}, 0},
    [MESSAGE_LEDGER] = {{1, 0, 0}, {0, 1, 1}, 1},
    [MESSAGE_LISTENER] = {{1, 0, 0}, {0, 0, 1}, 1},
    [MESSAGE_GONE] = {{1, 0, 0}, {0, 0, 1}, 0},
    [MESSAGE_REQUEST] = {{0, 1, 0}, {0, 0, 1}, 0},
};

bool message_pair(int fds[2], struct err *e)
{
    enum { ROOM = 1 << 20 }; /* a burst of a thousand messages does not block anybody */

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
        return err_sys(e, "cannot make a channel between processes");
    for (int i = 0; i < 2; i++)
        setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &(int){ROOM}, sizeof(int));
    return true;
}

/* The control buffer of a message that carries up to MESSAGE_FDS descriptors. */
union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
};

static void attach(struct msghdr *header, union control *control, const struct message_fds *fds)
{
    struct cmsghdr *c;

    *control = (union control){0};
    header->msg_control = control->bytes;
    header->msg_controllen = CMSG_SPACE(fds->count * sizeof(int));
    c = CMSG_FIRSTHDR(header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(fds->count * sizeof(int));
    memcpy(CMSG_DATA(c), fds->fd, fds->count * sizeof(int));
}

bool message_send(int channel, const struct message *m, const struct message_fds *fds)
{
    struct iovec part = {.iov_base = (void *)(uintptr_t)m, .iov_len = sizeof(*m)};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;

    if (fds && fds->count)
        attach(&header, &control, fds);
    return sendmsg(channel, &header, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof(*m);
}

static void collect(struct msghdr *header, struct message_fds *fds)
{
    fds->count = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < n && fds->count < MESSAGE_FDS; i++)
            memcpy(&fds->fd[fds->count++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
    }
}

static bool is_right(const struct message *m, ssize_t size, int flags, size_t fds,
                     enum process from, enum process to)
{
    return size == (ssize_t)sizeof(*m) && !(flags & (MSG_TRUNC | MSG_CTRUNC)) &&
           m->kind < MESSAGE_KINDS && allowed[m->kind].from[from] && allowed[m->kind].to[to] &&
           fds == allowed[m->kind].fds && m->text_len <= MESSAGE_TEXT;
}

enum message_result message_receive(int channel, enum process from, enum process to,
                                    struct message *ret, struct message_fds *fds)
{
    struct iovec part = {.iov_base = ret, .iov_len = sizeof(*ret)};
    union control control;
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof(control.bytes)};
    ssize_t n;

    do
        n = recvmsg(channel, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        return MESSAGE_NONE;
    if (n <= 0)
        return MESSAGE_CLOSED;
    collect(&header, fds);
    if (is_right(ret, n, header.msg_flags, fds->count, from, to))
        return MESSAGE_GOT;
    for (size_t i = 0; i < fds->count; i++)
        close(fds->fd[i]);
    return MESSAGE_WRONG;
}

void message_set_text(struct message *m, str text)
{
    text = str_sub(text, 0, MESSAGE_TEXT);
    if (text.len)
        memcpy(m->text, text.at, text.len);
    m->text_len = (uint32_t)text.len;
}

str message_text(const struct message *m)
{
    return (str){m->text, m->text_len};
}
