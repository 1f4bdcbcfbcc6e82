/*
 * probes: every way out of a cage that we know of is tried, each in a cage of its own, and must
 * meet the errno, the death and the event of its row.
 */
#include "cage_test.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { SILENT = -1 };

struct probe_row {
    const char *what; /* "reading /etc/passwd" */
    const char *name, *argument;
    int meets; /* an errno, 0 for what must work, or minus a signal */
    int told; /* the kind of event, or SILENT */
    const char *text; /* of the event */
};

#define OPEN(what, name, path, meets)                                                          \
    {                                                                                          \
        what, name, path, meets, CAGE_DENIED_OPEN, path                                        \
    }
#define CALL(what, name, call)                                                                 \
    {                                                                                          \
        what, name, NULL, EPERM, CAGE_DENIED_SYSCALL, call                                     \
    }
#define QUIET(what, name, argument, meets)                                                     \
    {                                                                                          \
        what, name, argument, meets, SILENT, NULL                                              \
    }

static const struct probe_row tries[] = {
    /* other files */
    OPEN("reading /etc/passwd", "read", "/etc/passwd", EACCES),
    OPEN("reading /etc/shadow", "read", "/etc/shadow", EACCES),
    QUIET("reading /etc/shadow by openat2", "openat2", "/etc/shadow", ENOSYS),
    OPEN("reading a user's keys", "read", "/root/.ssh/id_ed25519", EACCES),
    OPEN("reading cloud credentials", "read", "/root/.aws/credentials", EACCES),
    OPEN("reading a service account's token", "read",
         "/var/run/secrets/kubernetes.io/serviceaccount/token", EACCES),
    OPEN("reading the machine's disk", "read", "/dev/sda", EACCES),
    OPEN("reading the machine's memory", "read", "/dev/mem", EACCES),
    OPEN("reading the kernel's log", "read", "/dev/kmsg", EACCES),
    OPEN("using the machine's hypervisor", "write", "/dev/kvm", EACCES),
    {"reading the contract beside the code", "read", "/var/task/../fnward.yaml", EACCES,
     CAGE_DENIED_OPEN, "/var/fnward.yaml"},
    {"climbing out of /tmp by a descriptor", "climb", NULL, EACCES, CAGE_DENIED_OPEN,
     "/etc/shadow"},
    QUIET("climbing to what lies on top of the root", "climb-root", NULL, EXDEV),
    QUIET("a link in the code to a file of the machine", "read", "/var/task/to-shadow", ENOENT),
    QUIET("a link in the code to another function", "read", "/var/task/to-other/file", ENOENT),
    CALL("opening a file by its handle", "handle", "open_by_handle_at"),
    CALL("asking for a file's handle", "name-handle", "name_to_handle_at"),
    QUIET("using a descriptor that the keeper had open", "inherited", NULL, EBADF),
    QUIET("linking the code into /tmp", "link", NULL, EXDEV),
    QUIET("loading a library of the machine", "read", "/usr/local/lib/libother.so.1", ENOENT),
    /* /proc and /sys */
    OPEN("reading its first environment in /proc", "read", "/proc/self/environ", EACCES),
    OPEN("reading the warden's environment", "read", "/proc/1/environ", EACCES),
    OPEN("reading the warden's memory", "read", "/proc/1/mem", EACCES),
    OPEN("reading the warden's memory map", "read", "/proc/1/maps", EACCES),
    OPEN("writing its own memory past its protection", "write", "/proc/self/mem", EACCES),
    OPEN("leaving by /proc/self/root", "read", "/proc/self/root/etc/shadow", EACCES),
    OPEN("leaving by /proc/1/root", "read", "/proc/1/root/etc/shadow", EACCES),
    OPEN("leaving by /proc/self/cwd", "read", "/proc/self/cwd/file", EACCES),
    OPEN("reading the machine's kernel command line", "read", "/proc/cmdline", EACCES),
    OPEN("reading the kernel's symbols", "read", "/proc/kallsyms", EACCES),
    OPEN("reading the kernel's memory", "read", "/proc/kcore", EACCES),
    OPEN("pulling the machine's trigger", "write", "/proc/sysrq-trigger", EACCES),
    OPEN("setting the machine's core handler", "write", "/proc/sys/kernel/modprobe", EACCES),
    OPEN("listing processes", "processes", "/proc", EACCES),
    QUIET("reading the machine's mounts", "read", "/proc/self/mountinfo", ENOENT),
    QUIET("reading the machine's devices", "read", "/sys/class/net", ENOENT),
    QUIET("reading the machine's control groups", "read", "/sys/fs/cgroup/cgroup.procs",
          ENOENT),
    {"climbing out of a directory of /proc", "climb-proc", NULL, EACCES, SILENT, NULL},
    {"climbing to the warden in /proc", "climb-warden", NULL, EACCES, SILENT, NULL},
    /* writing */
    OPEN("writing beside the code", "write", "/var/task/new", EROFS),
    OPEN("changing the code", "write", "/var/task/file", EROFS),
    OPEN("truncating the code", "truncate", "/var/task/file", EROFS),
    OPEN("writing to the root", "write", "/new", EACCES),
    OPEN("adding a host", "write", "/etc/hosts", EROFS),
    OPEN("replacing its own program", "write", "/probe", EROFS),
    {"writing its own program by /proc/self/exe", "write", "/proc/self/exe", EACCES, SILENT,
     NULL},
    QUIET("making a directory in the root", "mkdir", "/new", EROFS),
    QUIET("making a directory in /dev", "mkdir", "/dev/new", EROFS),
    QUIET("removing the hosts", "unlink", "/etc/hosts", EROFS),
    QUIET("removing the code", "unlink", "/var/task/file", EROFS),
    QUIET("renaming the code", "rename", NULL, EROFS),
    QUIET("filling the disk by /tmp", "fill-tmp", NULL, ENOSPC),
    QUIET("filling the kernel with names in /tmp", "fill-names", NULL, ENOSPC),
    CALL("making a device", "device", "mknodat"),
    CALL("making a set-user-id file", "make-setuid", "open with set-user-id"),
    CALL("setting the user id of a file", "chmod-setuid", "fchmod"),
    QUIET("writing to a granted directory of its owner's", "write", "/data/new", 0),
    CALL("setting an attribute", "setxattr", "setxattr"),
    QUIET("reading its own output back", "reopen", NULL, EACCES),
    /* programs */
    {"starting a shell", "exec", "/bin/sh", EACCES, CAGE_DENIED_EXEC, "/usr/bin/sh"},
    {"starting what is not there", "exec", "/opt/tool", EACCES, CAGE_DENIED_EXEC, "/opt/tool"},
    {"starting itself anew", "exec-self", NULL, EACCES, CAGE_DENIED_EXEC, "/probe"},
    {"starting itself by /proc", "exec", "/proc/self/exe", EACCES, CAGE_DENIED_EXEC,
     "/proc/self/exe"},
    {"starting what it wrote to /tmp", "exec-tmp", NULL, EACCES, CAGE_DENIED_EXEC,
     "/tmp/program"},
    {"starting a descriptor", "exec-descriptor", NULL, EACCES, CAGE_DENIED_EXEC, "/probe"},
    {"starting what it wrote to memory", "exec-memory", NULL, EACCES, CAGE_DENIED_EXEC, NULL},
    QUIET("mapping code from /tmp", "map-tmp", NULL, EPERM),
    /* mounts and namespaces */
    CALL("mounting", "mount", "mount"),
    CALL("unmounting", "umount", "umount2"),
    CALL("exchanging the root", "pivot_root", "pivot_root"),
    CALL("changing the root", "chroot", "chroot"),
    CALL("opening a file system", "fsopen", "fsopen"),
    CALL("copying a mount", "open_tree", "open_tree"),
    CALL("moving a mount", "move_mount", "move_mount"),
    CALL("making a mount writable", "mount_setattr", "mount_setattr"),
    CALL("making a user namespace", "unshare-user", "unshare"),
    CALL("making a network namespace", "unshare-net", "unshare"),
    CALL("making a mount namespace", "unshare-mount", "unshare"),
    CALL("entering a namespace", "setns", "setns"),
    CALL("making a namespace by clone", "clone-namespace", "clone"),
    QUIET("making a namespace by clone3", "clone3", NULL, ENOSYS),
    /* sockets */
    CALL("a packet socket", "packet", "socket"),
    CALL("a raw socket", "raw", "socket"),
    CALL("a raw IPv6 socket", "raw6", "socket"),
    CALL("a ping socket", "ping", "socket"),
    CALL("another transport", "sctp", "socket"),
    CALL("the packet filter's socket", "netfilter", "socket"),
    CALL("the audit's socket", "audit", "socket"),
    CALL("the hypervisor's socket", "vsock", "socket"),
    CALL("the kernel's ciphers", "alg", "socket"),
    CALL("a bluetooth socket", "bluetooth", "socket"),
    CALL("an express data path", "xdp", "socket"),
    {"the metadata service", "connect", "169.254.169.254 80", EACCES, CAGE_DENIED_CONNECT,
     "169.254.169.254:80"},
    {"the container credentials", "connect", "169.254.170.2 80", EACCES, CAGE_DENIED_CONNECT,
     "169.254.170.2:80"},
    {"the IPv6 metadata service", "connect", "fd00:ec2::254 80", EACCES, CAGE_DENIED_CONNECT,
     "[fd00:ec2::254]:80"},
    {"an undeclared host", "connect", "93.184.216.34 443", EACCES, CAGE_DENIED_CONNECT,
     "93.184.216.34:443"},
    {"an undeclared host, as IPv4 in IPv6", "connect", "::ffff:93.184.216.34 443", EACCES,
     CAGE_DENIED_CONNECT, "93.184.216.34:443"},
    {"the local network", "connect", "10.0.0.1 22", EACCES, CAGE_DENIED_CONNECT, "10.0.0.1:22"},
    {"an undeclared port of a declared host", "connect", "198.18.0.2 80", EACCES,
     CAGE_DENIED_CONNECT, "198.18.0.2:80"},
    {"a name server", "connect-datagram", "8.8.8.8 53", EACCES, CAGE_DENIED_CONNECT,
     "8.8.8.8:53"},
    QUIET("sending to a name server", "send", "8.8.8.8 53", ENETUNREACH),
    QUIET("asking its own name server", "ask-name", "127.0.0.1 53", ECONNREFUSED),
    QUIET("broadcasting", "send", "255.255.255.255 9", ENETUNREACH),
    {"the machine's docker", "connect-local", "/var/run/docker.sock", EACCES,
     CAGE_DENIED_CONNECT, "/var/run/docker.sock"},
    {"an abstract socket of the machine", "connect-local", "@fnward-probe", EACCES,
     CAGE_DENIED_CONNECT, NULL},
    QUIET("taking over a listener", "take-listener", "127.0.0.1 9001", EADDRINUSE),
    QUIET("taking a reserved port", "take-listener", "127.0.0.1 80", EACCES),
    QUIET("giving itself an address", "add-address", NULL, EPERM),
    QUIET("marking packets", "mark", NULL, EPERM),
    /* other processes */
    QUIET("killing the warden", "kill-warden", NULL, EPERM),
    CALL("being traced", "ptrace-me", "ptrace"),
    CALL("tracing the warden", "ptrace-warden", "ptrace"),
    CALL("reading the warden's memory directly", "read-warden", "process_vm_readv"),
    CALL("limiting the warden", "limit-warden", "prlimit64"),
    CALL("taking a process's descriptor", "pidfd_getfd", "pidfd_getfd"),
    CALL("comparing processes", "kcmp", "kcmp"),
    {"a fork bomb", "fork-bomb", NULL, EAGAIN, CAGE_DENIED_FORK, ""},
    {"a fork bomb past the C library", "fork-call-bomb", NULL, EAGAIN, CAGE_DENIED_FORK, ""},
    QUIET("a bomb of threads", "thread-bomb", NULL, EAGAIN),
    {"more memory than allowed", "memory", NULL, -SIGKILL, CAGE_DENIED_MEMORY, ""},
    {"more shared memory than allowed", "shared-memory", NULL, -SIGKILL, CAGE_DENIED_MEMORY,
     ""},
    QUIET("more descriptors than allowed", "descriptors", NULL, EMFILE),
    QUIET("allowing itself more descriptors", "raise-descriptors", NULL, EPERM),
    QUIET("allowing itself core dumps", "core", NULL, EPERM),
    CALL("System V shared memory", "shmget", "shmget"),
    CALL("System V messages", "msgget", "msgget"),
    CALL("System V semaphores", "semget", "semget"),
    CALL("a message queue", "mq_open", "mq_open"),
    /* who it is */
    QUIET("being root", "be-root", NULL, EPERM),
    QUIET("being in a group of root", "groups", NULL, EPERM),
    CALL("becoming root", "become-root", "setuid"),
    CALL("changing its groups", "setgroups", "setgroups"),
    CALL("setting capabilities", "capset", "capset"),
    QUIET("an environment that was not given", "environment", NULL, ENOENT),
    /* the kernel */
    CALL("bpf", "bpf", "bpf"),
    CALL("performance counters", "perf", "perf_event_open"),
    CALL("userfaultfd", "userfaultfd", "userfaultfd"),
    CALL("reading the session's keys", "keyctl", "keyctl"),
    CALL("adding a key", "add_key", "add_key"),
    CALL("requesting a key", "request_key", "request_key"),
    QUIET("io_uring", "io_uring", NULL, ENOSYS),
    CALL("another kernel", "kexec", "kexec_load"),
    CALL("loading a module", "init_module", "init_module"),
    CALL("loading a module from a file", "finit_module", "finit_module"),
    CALL("removing a module", "delete_module", "delete_module"),
    CALL("rebooting", "reboot", "reboot"),
    CALL("swapping", "swapon", "swapon"),
    CALL("renaming the host", "sethostname", "sethostname"),
    CALL("setting the clock", "settimeofday", "settimeofday"),
    CALL("setting a clock", "clock_settime", "clock_settime"),
    CALL("accounting", "acct", "acct"),
    CALL("the kernel's messages", "syslog", "syslog"),
    CALL("quotas", "quotactl", "quotactl"),
    CALL("watching all files", "fanotify", "fanotify_init"),
    CALL("moving pages", "migrate_pages", "migrate_pages"),
    CALL("splicing memory", "vmsplice", "vmsplice"),
    CALL("readable code", "personality", "personality"),
    CALL("another filter", "seccomp", "seccomp"),
    CALL("hiding from the warden", "undumpable", "prctl"),
    CALL("rewriting its memory map", "set_mm", "prctl"),
    QUIET("real-time scheduling", "realtime", NULL, EPERM),
    QUIET("secret memory", "memfd_secret", NULL, ENOSYS),
    QUIET("advising another process", "process_madvise", NULL, EPERM),
    QUIET("a system call of the future", "newer", NULL, ENOSYS),
    {"typing into a terminal", "tiocsti", NULL, ENOTTY, CAGE_DENIED_SYSCALL, "ioctl"},
    {"pasting into a console", "tioclinux", NULL, ENOTTY, CAGE_DENIED_SYSCALL, "ioctl"},
#ifdef __x86_64__
    CALL("the ports of devices", "ioperm", "ioperm"),
    CALL("all ports of devices", "iopl", "iopl"),
    CALL("its own segments", "modify_ldt", "modify_ldt"),
#endif
    QUIET("a 32-bit system call", "int80", NULL, -SIGSYS),
    QUIET("an x32 system call", "x32", NULL, -SIGSYS),
    /* what must work, or the others prove nothing */
    QUIET("exiting", "worked", NULL, 0),
    QUIET("reading the code", "read", "/var/task/file", 0),
    QUIET("writing to /tmp", "write-tmp", NULL, 0),
    QUIET("writing what may be written", "write", "/data/new", 0),
    QUIET("connecting to a declared host", "connect", "198.18.0.2 443", 0),
    QUIET("connecting to the Runtime API", "connect", "127.0.0.1 9001", 0),
    QUIET("reading its own memory map", "read", "/proc/self/maps", 0),
    QUIET("reading the machine's memory size", "read", "/proc/meminfo", 0),
    QUIET("reading randomness", "read", "/dev/urandom", 0),
    QUIET("reading its own program", "read", "/proc/self/exe", 0),
    QUIET("listing its own descriptors", "read", "/proc/self/fd", 0),
};

static void check_try(const struct cage_machine *m, const struct scene *p,
                      const struct probe_row *t)
{
    const char *argv[] = {"/probe", t->name, t->argument, NULL};
    struct cage_spec spec = scene_spec(p, argv);
    struct outcome o;
    bool told;

    run_cage(m, &spec, &o);
    told = t->told == SILENT || find_event(&o, (enum cage_event_kind)t->told, t->text);
    if (!CHECK(ended_with(&o, t->meets) && told, "%s meets %s%s", t->what,
               t->meets < 0    ? strsignal(-t->meets)
               : t->meets == 0 ? "success"
                               : strerror(t->meets),
               t->told == SILENT ? "" : ", and is told"))
        explain(&o);
}

/* Attempts whose argument is known only now. */
static void check_machine(const struct cage_machine *m, const struct scene *p)
{
    char port[64], pid[16], host[256], other[128];
    struct probe_row tries_here[] = {
        {"connecting to a port of the machine", "connect", port, ECONNREFUSED, SILENT, NULL},
        {"signalling a process of the machine", "kill", pid, ESRCH, SILENT, NULL},
        {"learning the machine's name", "host-name", host, EPERM, SILENT, NULL},
        {"reading another function", "read", other, ENOENT, SILENT, NULL},
    };

    snprintf(port, sizeof(port), "127.0.0.1 %d", p->port);
    snprintf(pid, sizeof(pid), "%d", getpid());
    gethostname(host, sizeof(host));
    snprintf(other, sizeof(other), "%s/file", p->other);
    for (size_t i = 0; i < COUNT(tries_here); i++)
        check_try(m, p, &tries_here[i]);
}

int main(int argc, char **argv)
{
    struct cage_machine *m;
    struct scene p;
    struct err e = {0};

    scene_make(&p, argc, argv);
    if (!CHECK(cage_machine_probe(&m, &e), "the machine can make cages"))
        return tap_end();
    for (size_t i = 0; i < COUNT(tries); i++)
        check_try(m, &p, &tries[i]);
    check_machine(m, &p);
    cage_machine_free(m);
    scene_remove(&p);
    return tap_end();
}
