/*
 * probe: a function that tries to get out of its cage. `probe NAME` makes one attempt and exits
 * with the errno that it met, 0 when the attempt worked, 255 when there is none of that name.
 * cages.c starts it and knows what each must meet.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *argument; /* what the runner knows and we do not: a path, a port, a pid */
static char *own_path;

/* 0 for a result that is none of -1. */
static int met(long result)
{
    return result == -1 ? errno : 0;
}

/* ---- files ---- */

static int read_argument(void)
{
    return met(open(argument, O_RDONLY));
}

static int write_argument(void)
{
    return met(open(argument, O_WRONLY | O_CREAT, 0600));
}

static int make_setuid(void)
{
    return met(open("/data/setuid", O_WRONLY | O_CREAT, 04755));
}

static int chmod_setuid(void)
{
    int fd = open("/data/plain", O_WRONLY | O_CREAT, 0755);

    return fd < 0 ? EBADF : met(fchmod(fd, 04755));
}

static int truncate_argument(void)
{
    return met(open(argument, O_RDONLY | O_TRUNC));
}

static int openat2_argument(void)
{
    struct open_how how = {.flags = O_RDONLY};

    return met(syscall(SYS_openat2, AT_FDCWD, argument, &how, sizeof(how)));
}

static int climb_out(void)
{
    return met(openat(open("/tmp", O_PATH), "../../../etc/shadow", O_RDONLY));
}

/* What lies on top of the root is what ".." of it leads to. */
static int climb_above_root(void)
{
    struct stat root, above;

    if (stat("/", &root) != 0 || stat("/..", &above) != 0)
        return 250;
    return above.st_dev == root.st_dev && above.st_ino == root.st_ino ? EXDEV : 0;
}

static int climb_out_of_proc(void)
{
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);

    return directory < 0 ? 250 : met(openat(directory, "../environ", O_RDONLY));
}

static int climb_to_the_warden(void)
{
    int directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY);

    return directory < 0 ? 250 : met(openat(directory, "../../1/environ", O_RDONLY));
}

static int make_directory(void)
{
    return met(mkdir(argument, 0700));
}

static int remove_argument(void)
{
    return met(unlink(argument));
}

static int rename_code(void)
{
    return met(rename("/var/task/file", "/var/task/other"));
}

static int link_out_of_tmp(void)
{
    return met(link("/var/task/file", "/tmp/file"));
}

static int fill_tmp(void)
{
    static char block[65536];
    int fd = open("/tmp/full", O_WRONLY | O_CREAT, 0600);

    if (fd < 0)
        return 250;
    for (int i = 0; i < 4096; i++)
        if (write(fd, block, sizeof(block)) < 0)
            return errno;
    return 0;
}

static int fill_tmp_with_names(void)
{
    char path[64];

    for (int i = 0; i < 200000; i++) {
        snprintf(path, sizeof(path), "/tmp/%d", i);
        if (mknod(path, S_IFREG | 0600, 0) < 0)
            return errno;
    }
    return 0;
}

static int copy_self(const char *to)
{
    static char bytes[4 << 20];
    int from = open(own_path, O_RDONLY), fd = open(to, O_WRONLY | O_CREAT, 0755);
    ssize_t n = read(from, bytes, sizeof(bytes));

    if (from < 0 || fd < 0 || n <= 0 || write(fd, bytes, (size_t)n) != n)
        return -1;
    close(fd);
    return 0;
}

static int map_code_from_tmp(void)
{
    void *at;

    if (copy_self("/tmp/library") != 0)
        return 250;
    at =
        mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, open("/tmp/library", O_RDONLY), 0);
    return at == MAP_FAILED ? errno : 0;
}

static int make_device(void)
{
    return met(mknod("/tmp/mem", S_IFCHR | 0600, 0x101));
}

static int open_by_handle(void)
{
    struct file_handle *handle = calloc(1, sizeof(*handle) + 128);

    handle->handle_bytes = 8;
    return met(open_by_handle_at(open("/tmp", O_PATH), handle, O_RDONLY));
}

static int name_handle(void)
{
    struct file_handle *handle = calloc(1, sizeof(*handle) + 128);
    int mount;

    handle->handle_bytes = 128;
    return met(name_to_handle_at(AT_FDCWD, "/tmp", handle, &mount, 0));
}

static int find_inherited(void)
{
    for (int fd = 3; fd < 4096; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            return 0;
    return EBADF;
}

static int read_output_back(void)
{
    return met(open("/proc/self/fd/1", O_RDONLY));
}

/* ---- programs ---- */

static int exec_path(const char *path)
{
    char *argv[] = {(char *)path, "worked", NULL}, *envp[] = {NULL};

    return met(execve(path, argv, envp));
}

static int exec_argument(void)
{
    return exec_path(argument);
}

static int exec_self(void)
{
    return exec_path(own_path);
}

static int exec_from_tmp(void)
{
    return copy_self("/tmp/program") != 0 ? 250 : exec_path("/tmp/program");
}

static int exec_descriptor(int fd)
{
    char *argv[] = {"probe", "worked", NULL}, *envp[] = {NULL};

    return met(syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH));
}

static int exec_by_descriptor(void)
{
    return exec_descriptor(open(own_path, O_RDONLY));
}

static int exec_from_memory(void)
{
    static char bytes[4 << 20];
    int fd = memfd_create("program", 0);
    ssize_t n = read(open(own_path, O_RDONLY), bytes, sizeof(bytes));

    return fd < 0 || n <= 0 || write(fd, bytes, (size_t)n) != n ? 250 : exec_descriptor(fd);
}

/* ---- namespaces ---- */

static int clone_namespace(void)
{
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);

    if (pid == 0)
        _exit(0);
    return met(pid);
}

static int clone_with_structure(void)
{
    uint64_t args[11] = {CLONE_NEWUSER};
    long pid = syscall(SYS_clone3, args, sizeof(args));

    if (pid == 0)
        _exit(0);
    return met(pid);
}

/* ---- network ---- */

union address {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    struct sockaddr_un local;
};

/* "host port" of the argument; the family follows from the host. */
static socklen_t parse_argument(union address *a)
{
    char host[64];
    int port;

    memset(a, 0, sizeof(*a));
    if (sscanf(argument, "%63s %d", host, &port) != 2)
        return 0;
    if (inet_pton(AF_INET, host, &a->in4.sin_addr) == 1) {
        a->in4.sin_family = AF_INET;
        a->in4.sin_port = htons((uint16_t)port);
        return sizeof(a->in4);
    }
    a->in6.sin6_family = AF_INET6;
    a->in6.sin6_port = htons((uint16_t)port);
    return inet_pton(AF_INET6, host, &a->in6.sin6_addr) == 1 ? sizeof(a->in6) : 0;
}

static int connect_argument(void)
{
    union address a;
    socklen_t size = parse_argument(&a);

    return size == 0 ? 250
                     : met(connect(socket(a.any.sa_family, SOCK_STREAM, 0), &a.any, size));
}

static int connect_datagram(void)
{
    union address a;
    socklen_t size = parse_argument(&a);

    return size == 0 ? 250 : met(connect(socket(a.any.sa_family, SOCK_DGRAM, 0), &a.any, size));
}

static int send_datagram(void)
{
    union address a;
    socklen_t size = parse_argument(&a);
    int fd = socket(a.any.sa_family, SOCK_DGRAM, 0);

    return size == 0 ? 250 : met(sendto(fd, "x", 1, 0, &a.any, size));
}

/* A connected datagram socket is told of the refusal at its next call. */
static int ask_name_server(void)
{
    union address a;
    socklen_t size = parse_argument(&a);
    int fd = socket(a.any.sa_family, SOCK_DGRAM, 0);
    char answer[64];

    if (connect(fd, &a.any, size) != 0 || send(fd, "question", 8, 0) < 0)
        return errno;
    return met(recv(fd, answer, sizeof(answer), 0));
}

static int take_over_listener(void)
{
    union address a;
    socklen_t size = parse_argument(&a);
    int fd = socket(a.any.sa_family, SOCK_STREAM, 0), yes = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
    return met(bind(fd, &a.any, size));
}

/* '@' starts an abstract name. */
static int connect_local(void)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    size_t length = strlen(argument);

    memcpy(local.sun_path, argument, length);
    if (argument[0] == '@')
        local.sun_path[0] = '\0';
    return met(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&local,
                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)));
}

static int add_address(void)
{
    struct {
        struct nlmsghdr head;
        struct ifaddrmsg message;
        struct rtattr local;
        uint32_t address;
    } r = {.head = {sizeof(r), RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, 0, 0},
           .message = {AF_INET, 32, 0, 0, 1},
           .local = {8, IFA_LOCAL},
           .address = htonl(0xa9fea9fe)};
    char answer[1024];
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

    if (send(fd, &r, sizeof(r), 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0)
        return errno;
    return -((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)answer))->error;
}

static int mark_packets(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    return met(setsockopt(fd, SOL_SOCKET, SO_MARK, &(int){1}, sizeof(int)));
}

/* ---- processes ---- */

static int signal_warden(void)
{
    return met(kill(1, SIGKILL));
}

static int signal_argument(void)
{
    return met(kill(atoi(argument), SIGKILL));
}

static int read_warden(void)
{
    char here[16];
    struct iovec to = {here, sizeof(here)}, from = {(void *)own_path, sizeof(here)};

    return met(process_vm_readv(1, &to, 1, &from, 1, 0));
}

static int limit_warden(void)
{
    struct rlimit none = {0, 0};

    return met(prlimit(1, RLIMIT_NOFILE, &none, NULL));
}

/* Children wait, so that all of them are there together. */
static int fork_bomb(void)
{
    for (int i = 0; i < 5000; i++) {
        pid_t pid = fork();

        if (pid < 0)
            return errno;
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    return 0;
}

static int fork_call_bomb(void)
{
    for (int i = 0; i < 5000; i++) {
        long pid = syscall(SYS_fork);

        if (pid < 0)
            return errno;
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    return 0;
}

static void *wait_for_ever(void *nothing)
{
    pause();
    return nothing;
}

static int thread_bomb(void)
{
    pthread_attr_t small;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < 20000; i++) {
        pthread_t thread;
        int failed = pthread_create(&thread, &small, wait_for_ever, NULL);

        if (failed)
            return failed;
    }
    return 0;
}

static int eat_memory(void)
{
    const size_t step = 1 << 20;

    for (size_t i = 0; i < 1024; i++) {
        char *at = mmap(NULL, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (at == MAP_FAILED)
            return errno;
        memset(at, 1, step);
        usleep(1000);
    }
    return 0;
}

static int eat_shared_memory(void)
{
    const size_t size = (size_t)1 << 30, step = 1 << 20;
    int fd = memfd_create("memory", 0);
    char *at;

    if (ftruncate(fd, (off_t)size) != 0)
        return 250;
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return errno;
    for (size_t i = 0; i < size; i += step) {
        memset(at + i, 1, step);
        usleep(1000);
    }
    return 0;
}

static int eat_descriptors(void)
{
    for (int i = 0; i < 100000; i++)
        if (dup(0) < 0)
            return errno;
    return 0;
}

static int raise_descriptors(void)
{
    struct rlimit more = {1 << 20, 1 << 20};

    return met(setrlimit(RLIMIT_NOFILE, &more));
}

static int dump_core(void)
{
    struct rlimit more = {1 << 20, 1 << 20};

    return met(setrlimit(RLIMIT_CORE, &more));
}

static int become_root(void)
{
    return met(setuid(0));
}

static int be_root(void)
{
    return getuid() == 0 || geteuid() == 0 || getgid() == 0 ? 0 : EPERM;
}

static int have_groups(void)
{
    gid_t groups[64];
    int n = getgroups(64, groups);

    for (int i = 0; i < n; i++)
        if (groups[i] == 0)
            return 0;
    return EPERM;
}

static int read_environment(void)
{
    extern char **environ;

    /* What the runner set for itself, not for us. */
    return getenv("FNWARD_BUILD") || getenv("PATH") || !environ[0] || environ[1] ? 0 : ENOENT;
}

static int see_processes(void)
{
    return met(open("/proc", O_RDONLY | O_DIRECTORY));
}

static int read_host_name(void)
{
    char name[256];

    return gethostname(name, sizeof(name)) == 0 && strcmp(name, argument) == 0 ? 0 : EPERM;
}

/* ---- other architectures, whose numbers mean other calls ---- */

static int call_32_bit(void)
{
#ifdef __x86_64__
    long result;

    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory"); /* getpid */
    return result > 0 ? 0 : (int)-result;
#else
    raise(SIGSYS);
    return 0;
#endif
}

static int call_x32(void)
{
#ifdef __x86_64__
    return met(syscall(0x40000000 + SYS_getpid));
#else
    raise(SIGSYS);
    return 0;
#endif
}

/* A thousand refusals must not become a thousand messages. */
static int flood(void)
{
    for (int i = 0; i < 1000; i++)
        open(argument, O_RDONLY);
    return met(open(argument, O_RDONLY));
}

static int succeed(void)
{
    return 0;
}

static int wait_here(void)
{
    pause();
    return 0;
}

static int write_tmp(void)
{
    int fd = open("/tmp/file", O_RDWR | O_CREAT, 0600);

    return fd < 0 ? errno : met(write(fd, "x", 1));
}

static int speak(void)
{
    return met(write(1, "out\n", 4)) + met(write(2, "err\n", 4)) +
           met(write(open("/dev/stderr", O_WRONLY), "dev\n", 4));
}

static const struct {
    const char *name;
    int (*attempt)(void);
} attempts[] = {
    {"read", read_argument},
    {"write", write_argument},
    {"make-setuid", make_setuid},
    {"chmod-setuid", chmod_setuid},
    {"truncate", truncate_argument},
    {"openat2", openat2_argument},
    {"climb", climb_out},
    {"climb-root", climb_above_root},
    {"climb-proc", climb_out_of_proc},
    {"climb-warden", climb_to_the_warden},
    {"mkdir", make_directory},
    {"unlink", remove_argument},
    {"rename", rename_code},
    {"link", link_out_of_tmp},
    {"fill-tmp", fill_tmp},
    {"fill-names", fill_tmp_with_names},
    {"map-tmp", map_code_from_tmp},
    {"device", make_device},
    {"handle", open_by_handle},
    {"name-handle", name_handle},
    {"inherited", find_inherited},
    {"reopen", read_output_back},
    {"exec", exec_argument},
    {"exec-self", exec_self},
    {"exec-tmp", exec_from_tmp},
    {"exec-descriptor", exec_by_descriptor},
    {"exec-memory", exec_from_memory},
    {"clone-namespace", clone_namespace},
    {"clone3", clone_with_structure},
    {"connect", connect_argument},
    {"connect-datagram", connect_datagram},
    {"send", send_datagram},
    {"ask-name", ask_name_server},
    {"take-listener", take_over_listener},
    {"connect-local", connect_local},
    {"add-address", add_address},
    {"mark", mark_packets},
    {"kill-warden", signal_warden},
    {"kill", signal_argument},
    {"read-warden", read_warden},
    {"limit-warden", limit_warden},
    {"fork-bomb", fork_bomb},
    {"fork-call-bomb", fork_call_bomb},
    {"thread-bomb", thread_bomb},
    {"memory", eat_memory},
    {"shared-memory", eat_shared_memory},
    {"descriptors", eat_descriptors},
    {"raise-descriptors", raise_descriptors},
    {"core", dump_core},
    {"become-root", become_root},
    {"be-root", be_root},
    {"groups", have_groups},
    {"environment", read_environment},
    {"processes", see_processes},
    {"host-name", read_host_name},
    {"int80", call_32_bit},
    {"x32", call_x32},
    {"flood", flood},
    {"worked", succeed},
    {"wait", wait_here},
    {"write-tmp", write_tmp},
    {"speak", speak},
};

/* One system call, with arguments that would do harm. */
static const struct {
    const char *name;
    long number;
    uintptr_t arguments[5];
} calls[] = {
    {"mount", SYS_mount, {(uintptr_t) "none", (uintptr_t) "/tmp", (uintptr_t) "tmpfs", 0, 0}},
    {"umount", SYS_umount2, {(uintptr_t) "/tmp", 2}},
    {"pivot_root", SYS_pivot_root, {(uintptr_t) "/tmp", (uintptr_t) "/tmp"}},
    {"chroot", SYS_chroot, {(uintptr_t) "/tmp"}},
    {"fsopen", SYS_fsopen, {(uintptr_t) "proc", 0}},
    {"open_tree", SYS_open_tree, {(uintptr_t)AT_FDCWD, (uintptr_t) "/", 1}},
    {"move_mount", SYS_move_mount, {0, (uintptr_t) "", 0, (uintptr_t) "/tmp", 4}},
    {"mount_setattr", SYS_mount_setattr, {(uintptr_t)AT_FDCWD, (uintptr_t) "/", 0, 0, 32}},
    {"unshare-user", SYS_unshare, {CLONE_NEWUSER}},
    {"unshare-net", SYS_unshare, {CLONE_NEWNET}},
    {"unshare-mount", SYS_unshare, {CLONE_NEWNS}},
    {"setns", SYS_setns, {0, 0}},
    {"packet", SYS_socket, {AF_PACKET, SOCK_RAW, 0x0300}},
    {"raw", SYS_socket, {AF_INET, SOCK_RAW, IPPROTO_ICMP}},
    {"ping", SYS_socket, {AF_INET, SOCK_DGRAM, IPPROTO_ICMP}},
    {"raw6", SYS_socket, {AF_INET6, SOCK_RAW, IPPROTO_ICMPV6}},
    {"sctp", SYS_socket, {AF_INET, SOCK_STREAM, 132}},
    {"netfilter", SYS_socket, {AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER}},
    {"audit", SYS_socket, {AF_NETLINK, SOCK_RAW, NETLINK_AUDIT}},
    {"vsock", SYS_socket, {AF_VSOCK, SOCK_STREAM, 0}},
    {"alg", SYS_socket, {AF_ALG, SOCK_SEQPACKET, 0}},
    {"bluetooth", SYS_socket, {AF_BLUETOOTH, SOCK_RAW, 1}},
    {"xdp", SYS_socket, {44, SOCK_RAW, 0}},
    {"ptrace-me", SYS_ptrace, {PTRACE_TRACEME, 0, 0, 0}},
    {"ptrace-warden", SYS_ptrace, {PTRACE_SEIZE, 1, 0, 0}},
    {"pidfd_getfd", SYS_pidfd_getfd, {0, 0, 0}},
    {"process_madvise", SYS_process_madvise, {0, 0, 0, 0, 0}},
    {"kcmp", SYS_kcmp, {1, 2, 0, 0, 0}},
    {"bpf", SYS_bpf, {0, 0, 0}},
    {"perf", SYS_perf_event_open, {0, 0, 0, 0, 0}},
    {"userfaultfd", SYS_userfaultfd, {1}},
    {"keyctl", SYS_keyctl, {0, (uintptr_t)-3, 0}},
    {"add_key",
     SYS_add_key,
     {(uintptr_t) "user", (uintptr_t) "a", (uintptr_t) "b", 1, (uintptr_t)-3}},
    {"request_key", SYS_request_key, {(uintptr_t) "user", (uintptr_t) "a", 0, 0}},
    {"io_uring", SYS_io_uring_setup, {1, 0}},
    {"kexec", SYS_kexec_load, {0, 0, 0, 0}},
    {"init_module", SYS_init_module, {0, 0, 0}},
    {"finit_module", SYS_finit_module, {0, 0, 0}},
    {"delete_module", SYS_delete_module, {(uintptr_t) "x", 0}},
    {"reboot", SYS_reboot, {0xfee1dead, 672274793, 0x1234567}},
    {"swapon", SYS_swapon, {(uintptr_t) "/tmp", 0}},
    {"sethostname", SYS_sethostname, {(uintptr_t) "x", 1}},
    {"settimeofday", SYS_settimeofday, {0, 0}},
    {"clock_settime", SYS_clock_settime, {0, 0}},
    {"acct", SYS_acct, {0}},
    {"syslog", SYS_syslog, {3, 0, 0}},
    {"quotactl", SYS_quotactl, {0, 0, 0, 0}},
    {"personality", SYS_personality, {0x0400000}},
    {"seccomp", SYS_seccomp, {1, 0, 0}},
    {"undumpable", SYS_prctl, {PR_SET_DUMPABLE, 0}},
    {"set_mm", SYS_prctl, {35, 1, 0}},
    {"tiocsti", SYS_ioctl, {0, 0x5412, (uintptr_t) "x"}},
    {"tioclinux", SYS_ioctl, {0, 0x541c, (uintptr_t) "x"}},
    {"shmget", SYS_shmget, {1, 4096, 0x3ff}},
    {"msgget", SYS_msgget, {1, 0x3ff}},
    {"semget", SYS_semget, {1, 1, 0x3ff}},
    {"mq_open", SYS_mq_open, {(uintptr_t) "x", 0x42, 0600, 0}},
    {"vmsplice", SYS_vmsplice, {1, 0, 0, 0}},
    {"memfd_secret", 447, {0}},
    {"fanotify", SYS_fanotify_init, {0, 0}},
    {"migrate_pages", SYS_migrate_pages, {1, 0, 0, 0}},
    {"setxattr",
     SYS_setxattr,
     {(uintptr_t) "/tmp", (uintptr_t) "user.a", (uintptr_t) "b", 1, 0}},
    {"capset", SYS_capset, {0, 0}},
    {"setgroups", SYS_setgroups, {0, 0}},
    {"realtime", SYS_sched_setscheduler, {0, 1, (uintptr_t) "\1\0\0"}},
    {"newer", 1000, {0}},
#ifdef __x86_64__
    {"iopl", SYS_iopl, {3}},
    {"ioperm", SYS_ioperm, {0, 1, 1}},
    {"modify_ldt", SYS_modify_ldt, {1, 0, 0}},
#endif
};

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";

    own_path = argv[0];
    argument = argc > 2 ? argv[2] : "";
    for (size_t i = 0; i < COUNT(attempts); i++)
        if (strcmp(attempts[i].name, name) == 0)
            return attempts[i].attempt();
    for (size_t i = 0; i < COUNT(calls); i++) {
        const uintptr_t *a = calls[i].arguments;

        if (strcmp(calls[i].name, name) == 0)
            return met(syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4]));
    }
    return 255;
}
