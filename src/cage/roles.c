/*
 * roles: the system calls of fnward's own processes.
 */
#include "cage/syscalls.h"

/* An event loop over descriptors that it was given, and memory that is never code. */
#define EVENT_LOOP                                                                             \
    "read", "write", "readv", "writev", "close", "lseek", "pread64", "pwrite64", "fstat",      \
        "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait",     \
        "epoll_pwait", "epoll_pwait2", "eventfd2", "timerfd_create", "timerfd_settime",        \
        "signalfd4", "accept", "accept4", "sendto", "sendmsg", "recvfrom", "recvmsg",          \
        "sendmmsg", "recvmmsg", "shutdown", "getsockname", "getpeername", "getsockopt",        \
        "setsockopt", "fcntl", "dup", "dup3", "pipe2", "splice", "tee", "sendfile", "munmap",  \
        "mremap", "madvise", "brk", "futex", "rseq", "set_robust_list", "clock_gettime",       \
        "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "getrandom",   \
        "getpid", "gettid", "getrusage", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",     \
        "rt_sigtimedwait", "sigaltstack", "tgkill", "restart_syscall", "sched_yield",          \
        "sched_getaffinity", "mlock", "mlock2", "munlock", "close_range", "exit", "exit_group"

// clang-format off
static const char *const front[] = {EVENT_LOOP, NULL};

/* Resolves names (files, sockets, libraries loaded late) and connects, with threads. */
static const char *const broker[] = {
    EVENT_LOOP, "socket", "connect", "bind", "socketpair", "open", "openat", "stat", "lstat",
    "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
    "getdents64", "getcwd", "ioctl", "uname", "sysinfo", "prlimit64", "set_tid_address",
    "getuid", "geteuid", "getgid", "getegid", "prctl", "membarrier", "statfs", "fstatfs", NULL,
};

/* One thread, no sockets of its own, no programs: see answer.c for what it does. */
static const char *const warden[] = {
    "ioctl", "process_vm_readv", "process_vm_writev", "openat", "readlinkat", "faccessat",
    "faccessat2", "getdents64", "lseek", "read", "pread64", "close", "sendto", "recvmsg", "poll",
    "ppoll", "wait4", "kill", "clock_gettime", "pidfd_open", "pidfd_getfd", "fcntl", "munmap",
    "restart_syscall", "exit_group", NULL,
};

/* The keeper makes cages, and a filter stays with its children: it can only give up what no
 * cage needs while it is made. */
static const char *const keeper[] = {
    "ptrace", "bpf", "perf_event_open", "userfaultfd", "kexec_load", "kexec_file_load",
    "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff", "acct",
    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "syslog", "quotactl",
    "quotactl_fd", "add_key", "request_key", "keyctl", "open_by_handle_at", "iopl", "ioperm",
    "modify_ldt", "io_uring_setup", "io_uring_enter", "io_uring_register", "personality",
    "uselib", "nfsservctl", "lookup_dcookie", "move_pages", "migrate_pages", "vmsplice", NULL,
};
// clang-format on

static const struct cage_role roles[] = {
    {.name = "front", .allowed = front},
    {.name = "broker", .allowed = broker, .loads_code = true, .has_threads = true},
    {.name = "warden", .allowed = warden},
    {.name = "keeper", .refused = keeper},
};

const struct cage_role *cage_role_find(const char *name)
{
    for (size_t i = 0; i < COUNT(roles); i++)
        if (strcmp(roles[i].name, name) == 0)
            return &roles[i];
    return NULL;
}
