/*
 * steps: everything that makes a cage, in order. A step that fails ends the start: there is no
 * option that makes a protection pretend.
 *
 * Two processes share the work, because a network namespace takes the kernel as long as a root:
 * the function's process makes the first, the warden the second, and each waits for the other. Up to
 * the order all cages are alike: a spare waits there.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Before the function's process is forked: both live by these. */
const struct cage_step cage_common_steps[] = {
    {"close what was inherited", "the keeper's files and sockets", cage_step_close_inherited},
    {"map the user", "root's powers outside the cage", cage_step_user,
     "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run fnward as root"},
    {"join the control groups", "the machine's memory, processes and time", cage_step_cgroup},
    {"hide the control groups", "the names of other functions", cage_step_hide_cgroups},
};
const size_t cage_common_step_count = COUNT(cage_common_steps);

/* As process 1, while the function's process makes the network. */
const struct cage_step cage_warden_steps[] = {
    {"separate the mounts", "mounts made inside from showing outside",
     cage_step_private_mounts},
    {"open /proc", "every process and setting of the machine", cage_step_proc},
    {"make the root", "every file of the machine", cage_step_root},
    {"make /dev", "every device of the machine", cage_step_devices},
    {"wait for the order", "nothing: up to here all cages are alike", cage_step_wait_for_order},
    {"hand the order on", "nothing: to the function's process", cage_step_hand_on},
    {"find the mounts", "names that are exchanged while we mount them", cage_step_open_mounts},
    {"place the mounts", "files other than those granted", cage_step_mounts},
    {"make /tmp", "the machine's disk and the next function's files", cage_step_tmp},
    {"write /etc", "the machine's users, hosts and name servers", cage_step_etc},
    {"name the host", "the machine's name", cage_step_hostname},
    {"enter the root", "every file of the machine by its name", cage_step_enter},
    {"let the function go on", "nothing: it makes itself ready meanwhile", cage_step_release},
    {"take the machine's root away", "the machine's files, above the root",
     cage_step_leave_machine},
    {"enter the network", "the machine's network from the warden", cage_step_enter_network},
    {"give up every privilege", "the machine from a warden gone wrong", cage_step_give_up},
    {"guard the warden", "the warden's memory, and the machine from orphans",
     cage_step_guard_warden},
};
const size_t cage_warden_step_count = COUNT(cage_warden_steps);

/* As the function's process, up to its program. */
const struct cage_step cage_function_steps[] = {
    {"separate the network", "the machine's network", cage_step_network},
    {"raise the loopback", "a function without itself to talk to", cage_step_loopback},
    {"take the order", "nothing: up to here all cages are alike", cage_step_take_order},
    {"add the addresses", "the addresses that stand for what is declared", cage_step_addresses},
    {"open the listeners", "every destination but the declared", cage_step_listeners},
    {"start a session", "terminals, and signals to other groups", cage_step_session},
    {"set the limits", "descriptors, processes, core dumps", cage_step_rlimits},
    {"drop every capability", "root's powers in the cage", cage_step_drop_capabilities},
    {"refuse new privileges", "set-user-id programs", cage_step_no_new_privileges},
    {"wait for the root", "the machine's files", cage_step_wait_for_root},
    {"connect the output", "the keeper's input and output", cage_step_streams},
    {"enter the directory", "nothing: where the program expects to be", cage_step_directory},
    {"restrict the files", "files reached by a mistake in the mounts", cage_step_landlock},
    {"filter the system calls", "the kernel's attack surface", cage_step_filter},
    {"wait for the machine's root to be gone", "the machine's files, above the root",
     cage_step_wait_for_leave},
};
const size_t cage_function_step_count = COUNT(cage_function_steps);

bool cage_at(struct inside *in, const char *format, ...)
{
    int sysno = errno;
    va_list args;

    va_start(args, format);
    vsnprintf(in->detail, sizeof(in->detail), format, args);
    va_end(args);
    errno = sysno;
    return false;
}

void cage_give_up(struct inside *in, const struct cage_step *step)
{
    struct cage_trouble t = {.step = step->name, .fix = step->fix, .sysno = errno};

    memcpy(t.detail, in->detail, sizeof(t.detail));
    if (write(in->trouble, &t, sizeof(t)) != sizeof(t))
        _exit(126); /* the parent sees that we are gone, if it still looks */
    _exit(127);
}

bool cage_write(int at, const char *path, const char *text)
{
    CLEANUP(fd_closep) int fd = openat(at, path, O_WRONLY | O_CLOEXEC);
    size_t size = strlen(text);

    return fd >= 0 && write(fd, text, size) == (ssize_t)size;
}

bool cage_send_fds(int socket, const void *data, size_t size, const int *fds, size_t n)
{
    char control[CMSG_SPACE(sizeof(int) * ORDER_FDS_MAX)] = {0};
    struct iovec part = {(void *)data, size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct cmsghdr *c = (struct cmsghdr *)control;

    if (n > 0) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * n);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * n);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)size;
}

int cage_receive_fds(int socket, void *data, size_t size, int *fds, size_t n)
{
    char control[CMSG_SPACE(sizeof(int) * ORDER_FDS_MAX)] = {0};
    struct iovec part = {data, size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = CMSG_SPACE(sizeof(int) * n)};
    struct cmsghdr *c;
    size_t bytes;

    if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
        return -1;
    c = CMSG_FIRSTHDR(&message);
    if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
        return 0;
    bytes = c->cmsg_len - CMSG_LEN(0);
    memcpy(fds, CMSG_DATA(c), bytes);
    return (int)(bytes / sizeof(int));
}
