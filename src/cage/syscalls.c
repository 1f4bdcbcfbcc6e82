#include "cage/syscalls.h"

#include "cage/kernel.h"

#include <asm/ioctls.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/*
 * What Node, Python, Go, Rust, Java and shell programs need, and that acts on nothing but the
 * caller, its descriptors and the files that Landlock and the mounts let it reach.
 */
const char *const cage_allowed[] = {
    /* descriptors */
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2",
    "pwritev2", "lseek", "close", "close_range", "dup", "dup2", "dup3", "fcntl", "flock",
    "pipe", "pipe2", "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1",
    "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2", "signalfd",
    "signalfd4", "timerfd_create", "timerfd_settime", "timerfd_gettime", "memfd_create",
    "inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch", "sendfile",
    "splice", "tee", "copy_file_range", "fsync", "fdatasync", "sync_file_range", "fallocate",
    "ftruncate", "fadvise64", "readahead", "getdents", "getdents64",
    /* files, by name */
    "stat", "fstat", "lstat", "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat",
    "faccessat2", "chdir", "fchdir", "getcwd", "mkdir", "mkdirat", "rmdir", "rename",
    "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "symlink", "symlinkat",
    "chown", "fchown", "lchown", "fchownat", "umask", "truncate", "utime", "utimes",
    "futimesat", "utimensat", "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr",
    "flistxattr",
    /* memory */
    "mmap", "munmap", "mprotect", "mremap", "madvise", "msync", "mincore", "brk", "mlock",
    "mlock2", "munlock", "mlockall", "munlockall", "pkey_alloc", "pkey_free", "pkey_mprotect",
    "membarrier", "get_mempolicy",
    /* threads, signals, time */
    "futex", "futex_waitv", "set_robust_list", "rseq", "set_tid_address", "arch_prctl",
    "set_thread_area", "get_thread_area", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigpending", "rt_sigtimedwait", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "rt_sigsuspend",
    "sigaltstack", "kill", "tkill", "tgkill", "pidfd_open", "pidfd_send_signal", "pause",
    "alarm", "getitimer", "setitimer", "timer_create", "timer_settime", "timer_gettime",
    "timer_getoverrun", "timer_delete", "nanosleep", "clock_nanosleep", "clock_gettime",
    "clock_getres", "gettimeofday", "time", "times", "restart_syscall", "sched_yield",
    "sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_getscheduler",
    "sched_getattr", "sched_get_priority_max", "sched_get_priority_min",
    "sched_rr_get_interval", "getcpu",
    /* processes */
    "exit", "exit_group", "wait4", "waitid", "getpid", "getppid", "gettid", "getuid", "geteuid",
    "getgid", "getegid", "getresuid", "getresgid", "getgroups", "getpgid", "getpgrp", "setpgid",
    "getsid", "setsid", "getrlimit", "setrlimit", "getrusage", "getpriority", "setpriority",
    "capget", "uname", "sysinfo", "getrandom",
    /* sockets: the network namespace holds nothing but a loopback */
    "bind", "listen", "accept", "accept4", "getsockname", "getpeername", "getsockopt",
    "setsockopt", "sendto", "recvfrom", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg",
    "shutdown", NULL};

#define IS(argument, value) SCMP_CMP64((argument), SCMP_CMP_EQ, (uint64_t)(value))
#define BITS(argument, mask, value)                                                            \
    SCMP_CMP64((argument), SCMP_CMP_MASKED_EQ, (uint64_t)(mask), (uint64_t)(value))
#define SET_ID (S_ISUID | S_ISGID)
/* The kernel looks at 32 bits only; some callers extend the sign into the others. */
#define IS_INT(argument, value) BITS((argument), 0xffffffff, (uint32_t)(value))

#define SOCKET(family, type, protocol)                                                         \
    {                                                                                          \
        "socket", {IS_INT(0, family), BITS(1, 0xf, type), IS_INT(2, protocol)}, 3              \
    }
#define IOCTL(request)                                                                         \
    {                                                                                          \
        "ioctl", {IS_INT(1, request)}, 1                                                       \
    }
#define PRCTL(option)                                                                          \
    {                                                                                          \
        "prctl", {IS_INT(0, option)}, 1                                                        \
    }

#define NEW_NAMESPACES                                                                         \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
     CLONE_NEWPID | CLONE_NEWNET)

const struct cage_conditional cage_conditionals[] = {
    /* A thread. A process is counted by the warden first. */
    {"clone", {BITS(0, CLONE_THREAD | NEW_NAMESPACES, CLONE_THREAD)}, 1},
    SOCKET(AF_UNIX, SOCK_STREAM, 0),
    SOCKET(AF_UNIX, SOCK_DGRAM, 0),
    SOCKET(AF_UNIX, SOCK_SEQPACKET, 0),
    SOCKET(AF_INET, SOCK_STREAM, 0),
    SOCKET(AF_INET, SOCK_STREAM, IPPROTO_TCP),
    SOCKET(AF_INET, SOCK_DGRAM, 0),
    SOCKET(AF_INET, SOCK_DGRAM, IPPROTO_UDP),
    SOCKET(AF_INET6, SOCK_STREAM, 0),
    SOCKET(AF_INET6, SOCK_STREAM, IPPROTO_TCP),
    SOCKET(AF_INET6, SOCK_DGRAM, 0),
    SOCKET(AF_INET6, SOCK_DGRAM, IPPROTO_UDP),
    /* getifaddrs(), and getaddrinfo() on its way: rtnetlink of our own namespace. */
    SOCKET(AF_NETLINK, SOCK_RAW, 0),
    {"socketpair", {IS_INT(0, AF_UNIX)}, 1},
    IOCTL(TCGETS),
    IOCTL(0x802c542a), /* TCGETS2 */
    IOCTL(TIOCGWINSZ),
    IOCTL(TIOCGPGRP),
    IOCTL(TIOCOUTQ),
    IOCTL(FIONREAD),
    IOCTL(FIONBIO),
    IOCTL(FIOCLEX),
    IOCTL(FIONCLEX),
    IOCTL(SIOCATMARK),
    IOCTL(SIOCGIFCONF),
    IOCTL(SIOCGIFNAME),
    IOCTL(SIOCGIFFLAGS),
    IOCTL(SIOCGIFADDR),
    IOCTL(SIOCGIFNETMASK),
    IOCTL(SIOCGIFHWADDR),
    IOCTL(SIOCGIFINDEX),
    IOCTL(SIOCGIFMTU),
    IOCTL(FICLONE),
    PRCTL(PR_SET_NAME),
    PRCTL(PR_GET_NAME),
    PRCTL(PR_SET_PDEATHSIG),
    PRCTL(PR_GET_PDEATHSIG),
    PRCTL(PR_GET_DUMPABLE),
    PRCTL(PR_SET_NO_NEW_PRIVS),
    PRCTL(PR_GET_NO_NEW_PRIVS),
    PRCTL(PR_CAPBSET_READ),
    PRCTL(PR_GET_SECCOMP),
    PRCTL(PR_SET_TIMERSLACK),
    PRCTL(PR_GET_TIMERSLACK),
    PRCTL(PR_SET_THP_DISABLE),
    PRCTL(PR_GET_THP_DISABLE),
    PRCTL(PR_SET_CHILD_SUBREAPER),
    PRCTL(PR_SET_VMA),
    {"prlimit64", {IS_INT(0, 0)}, 1},
    {"personality", {IS_INT(0, 0)}, 1},
    {"personality", {IS_INT(0, 0xffffffff)}, 1},
    /* A set-user-id file in a directory of the machine would be a way out: see answer_file.c. */
    {"chmod", {BITS(1, SET_ID, 0)}, 1},
    {"fchmod", {BITS(1, SET_ID, 0)}, 1},
    {"fchmodat", {BITS(2, SET_ID, 0)}, 1},
    {"mknod", {BITS(1, S_IFMT | SET_ID, S_IFIFO)}, 1},
    {"mknod", {BITS(1, S_IFMT | SET_ID, S_IFREG)}, 1},
    {"mknodat", {BITS(2, S_IFMT | SET_ID, S_IFIFO)}, 1},
    {"mknodat", {BITS(2, S_IFMT | SET_ID, S_IFREG)}, 1},
};
const size_t cage_conditional_count = COUNT(cage_conditionals);

const struct cage_conditional cage_thread = {
    "clone", {BITS(0, CLONE_THREAD | NEW_NAMESPACES, CLONE_THREAD)}, 1};
const struct cage_conditional cage_data_memory[2] = {
    {"mmap", {BITS(2, PROT_EXEC, 0)}, 1},
    {"mprotect", {BITS(2, PROT_EXEC, 0)}, 1},
};
const struct cage_conditional cage_process = {"clone", {BITS(0, NEW_NAMESPACES, 0)}, 1};

const char *const cage_asked[] = {"open",     "openat",     "creat", "execve",
                                  "execveat", "connect",    "fork",  "vfork",
                                  "readlink", "readlinkat", NULL};

/* clone3 and openat2 hide their flags from a filter; who calls them falls back to the older. */
const char *const cage_unknown[] = {
    "clone3",       "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "uselib",       "_sysctl", "create_module",  "query_module",   "get_kernel_syms",
    "nfsservctl",   "ustat",   "sysfs",          "lookup_dcookie", "set_mempolicy_home_node",
    "memfd_secret", NULL};

const char *const cage_quiet[] = {"mbind",         "set_mempolicy",   "sched_setscheduler",
                                  "sched_setattr", "sched_setparam",  "ioprio_set",
                                  "ioprio_get",    "get_robust_list", "remap_file_pages",
                                  "syncfs",        "process_madvise", NULL};
