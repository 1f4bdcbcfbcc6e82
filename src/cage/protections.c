/*
 * protections: what holds on this machine. Nothing is read off a list of features: a cage is
 * made as for a function, and from inside it each protection is tried.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROOF = sizeof(((struct cage_protection *)0)->proof), LANDLOCK_WHOLE = 6 };

static const uint64_t TMP_SIZE = 1 << 20, MEMORY = 64 << 20;

PRINTF_LIKE(3, 4)
static enum cage_state prove(enum cage_state state, char *proof, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(proof, PROOF, format, args);
    va_end(args);
    return state;
}

/* ---- tried inside ---- */

/* Live when the attempt was refused with the expected errno. */
static enum cage_state refused(long result, int expected, char *proof, const char *what)
{
    int met = result < 0 ? errno : 0;

    return prove(met == expected ? CAGE_LIVE : CAGE_ABSENT, proof, "%s: %s", what,
                 met == 0 ? "it works" : strerror(met));
}

static enum cage_state try_user(char *proof)
{
    if (getuid() == 0 || geteuid() == 0)
        return prove(CAGE_ABSENT, proof, "a function is root");
    return prove(CAGE_LIVE, proof, "a function is user %u, %s", getuid(),
                 getuid() == CAGE_INNER_UID ? "of a namespace of its own"
                                            : "who owns nothing on the machine");
}

static enum cage_state try_mounts(char *proof)
{
    struct stat st;

    return refused(stat("/etc/passwd", &st), ENOENT, proof, "looking for /etc/passwd");
}

static enum cage_state try_read_only(char *proof)
{
    return refused(mkdir("/etc/new", 0700), EROFS, proof, "making a directory in /etc");
}

static enum cage_state try_tmp(char *proof)
{
    struct statfs fs;

    if (statfs("/tmp", &fs) != 0 || fs.f_blocks * (uint64_t)fs.f_bsize != TMP_SIZE)
        return prove(CAGE_ABSENT, proof, "/tmp is not of the size that was asked for");
    return prove(CAGE_LIVE, proof, "/tmp holds the %llu KiB that were asked for, no more",
                 (unsigned long long)TMP_SIZE / 1024);
}

static enum cage_state try_processes(char *proof)
{
    if (getppid() != 1)
        return prove(CAGE_ABSENT, proof, "a function's parent is process %d", getppid());
    return prove(CAGE_LIVE, proof, "a function is process %d, its parent is process 1",
                 getpid());
}

static enum cage_state try_network(char *proof)
{
    struct sockaddr_in somewhere = {.sin_family = AF_INET,
                                    .sin_port = htons(9),
                                    .sin_addr = {htonl(0xc0000201)}}; /* 192.0.2.1 */
    CLEANUP(fd_closep) int fd = socket(AF_INET, SOCK_DGRAM, 0);

    return refused(sendto(fd, "", 0, 0, (struct sockaddr *)&somewhere, sizeof(somewhere)),
                   ENETUNREACH, proof, "sending to 192.0.2.1");
}

static enum cage_state try_names(char *proof)
{
    char name[65] = "";

    if (gethostname(name, sizeof(name)) != 0 || strcmp(name, "status") != 0)
        return prove(CAGE_ABSENT, proof, "a function sees the host's name");
    return prove(CAGE_LIVE, proof, "a function's host is called by the function's name");
}

static enum cage_state try_capabilities(char *proof)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{1, 1, 1}};

    if (syscall(SYS_capget, &head, data) != 0 || data[0].permitted || data[1].permitted ||
        data[0].inheritable || data[1].inheritable)
        return prove(CAGE_ABSENT, proof, "a function has capabilities");
    for (unsigned long i = 0; i <= CAP_LAST_CAP; i++)
        if (prctl(PR_CAPBSET_READ, i) == 1)
            return prove(CAGE_DEGRADED, proof, "capability %lu is in the bounding set", i);
    return prove(CAGE_LIVE, proof, "a function has none, nor any in its bounding set");
}

static enum cage_state try_new_privileges(char *proof)
{
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return prove(CAGE_ABSENT, proof, "the kernel does not say so");
    return prove(CAGE_LIVE, proof, "the kernel confirms it of a function's process");
}

static enum cage_state try_filter(char *proof)
{
    return refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM, proof, "ptrace");
}

static enum cage_state try_warden(char *proof)
{
    CLEANUP(fd_closep) int own = open("/proc/self/stat", O_RDONLY);
    CLEANUP(fd_closep) int other = open("/proc/1/environ", O_RDONLY);

    if (own < 0 || other >= 0)
        return prove(CAGE_DEGRADED, proof, "the filter can't ask the warden: /proc is empty");
    return prove(CAGE_LIVE, proof,
                 "/proc/self/stat is given, /proc/1/environ refused and told");
}

static enum cage_state try_limits(char *proof)
{
    struct rlimit core, files;

    if (getrlimit(RLIMIT_CORE, &core) != 0 || getrlimit(RLIMIT_NOFILE, &files) != 0 ||
        core.rlim_max != 0 || files.rlim_max == RLIM_INFINITY)
        return prove(CAGE_ABSENT, proof, "the limits are not set");
    return prove(CAGE_LIVE, proof, "%llu descriptors, no core dumps",
                 (unsigned long long)files.rlim_max);
}

/* ---- tried outside ---- */

/* In a child: it is for good. */
static enum cage_state try_landlock(const struct cage_machine *m, char *proof)
{
    int status = 0;
    pid_t pid;

    if (m->landlock == 0)
        return prove(CAGE_ABSENT, proof, "the kernel has no Landlock, or it is switched off");
    pid = fork();
    if (pid == 0) {
        int rules = cage_landlock_new(m->landlock);

        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !cage_landlock_enforce(rules))
            _exit(1);
        _exit(open("/dev/null", O_RDONLY) < 0 && errno == EACCES ? 0 : 1);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        return prove(CAGE_ABSENT, proof, "version %d did not keep a file closed", m->landlock);
    return prove(m->landlock < LANDLOCK_WHOLE ? CAGE_DEGRADED : CAGE_LIVE, proof,
                 "version %d: a child could no longer open /dev/null", m->landlock);
}

static enum cage_state group_state(const struct cage_machine *m, enum cage_controller c,
                                   enum cage_state otherwise, const char *instead, char *proof)
{
    if (!m->cgroups.live[c])
        return prove(otherwise, proof, "no control group of our own; %s", instead);
    return prove(CAGE_LIVE, proof, "control group, version %d", m->cgroups.v2 ? 2 : 1);
}

static enum cage_state try_memory(const struct cage_machine *m, char *proof)
{
    return group_state(m, CAGE_MEMORY, CAGE_DEGRADED, "the warden looks 4 times a second",
                       proof);
}

static enum cage_state try_pids(const struct cage_machine *m, char *proof)
{
    return group_state(m, CAGE_PIDS, CAGE_DEGRADED,
                       "a limit of the user, and the warden counts", proof);
}

static enum cage_state try_cpu(const struct cage_machine *m, char *proof)
{
    return group_state(m, CAGE_CPU, CAGE_ABSENT, "the scheduler alone", proof);
}

/* ---- the table ---- */

static const char userns_fix[] = "run fnward as root, or allow it user namespaces";
static const char delegate_fix[] =
    "run it as root, or: systemd-run --user --scope -p Delegate=yes fnward run";

static const struct row {
    const char *name;
    enum cage_state (*inside)(char *proof);
    enum cage_state (*outside)(const struct cage_machine *m, char *proof);
    const char *gap, *fix;
} rows[] = {
    {"user", try_user, NULL, "a function that breaks out is whoever runs fnward", userns_fix},
    {"mount namespace", try_mounts, NULL, "functions see the machine's files", userns_fix},
    {"read-only root", try_read_only, NULL, "functions can change their files", NULL},
    {"private /tmp", try_tmp, NULL, "functions share /tmp and can fill the disk", NULL},
    {"process namespace", try_processes, NULL, "functions see and signal other processes",
     userns_fix},
    {"network namespace", try_network, NULL, "functions reach every network", userns_fix},
    {"host name, ipc and cgroup namespaces", try_names, NULL,
     "functions learn the machine's names", userns_fix},
    {"memory limit", NULL, try_memory,
     "a quick allocation can pass the limit for a quarter of a second", delegate_fix},
    {"process limit", NULL, try_pids, "threads of several processes are not counted together",
     delegate_fix},
    {"processor limit", NULL, try_cpu, "one function can use every processor", delegate_fix},
    {"descriptor and core limits", try_limits, NULL, "functions can exhaust descriptors", NULL},
    {"no capabilities", try_capabilities, NULL, "functions keep a part of root's powers", NULL},
    {"no new privileges", try_new_privileges, NULL, "set-user-id programs work inside", NULL},
    {"Landlock", NULL, try_landlock,
     "a mistake in the mounts, signals or abstract sockets would be held by one layer less",
     "boot Linux 6.12 or later, with landlock in the kernel's lsm= list"},
    {"system call filter", try_filter, NULL, "functions reach the whole kernel", NULL},
    {"warden", try_warden, NULL, "refusals are not told, and /proc is empty",
     "boot Linux 5.14 or later"},
};

struct finding {
    enum cage_state state;
    char proof[PROOF];
};

/* In the cage, to the output: one finding for each row that is tried inside. */
static void try_all_inside(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct finding f = {0};

        if (!rows[i].inside)
            continue;
        f.state = rows[i].inside(f.proof);
        if (write(STDOUT_FILENO, &f, sizeof(f)) != sizeof(f))
            return;
    }
}

/* Why no cage can be made at all, in the words of those who forbid it. */
static const char *namespace_fix(const struct cage_machine *m)
{
    static const struct {
        const char *file;
        char forbids;
        const char *fix;
    } switches[] = {
        {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
         "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"},
        {"/proc/sys/kernel/unprivileged_userns_clone", '0',
         "sudo sysctl kernel.unprivileged_userns_clone=1"},
        {"/proc/sys/user/max_user_namespaces", '0',
         "sudo sysctl user.max_user_namespaces=10000"},
    };

    for (size_t i = 0; i < COUNT(switches) && !m->root; i++) {
        CLEANUP(fd_closep) int fd = open(switches[i].file, O_RDONLY | O_CLOEXEC);
        char value = 0;

        if (fd >= 0 && read(fd, &value, 1) == 1 && value == switches[i].forbids)
            return switches[i].fix;
    }
    return userns_fix;
}

/* How many findings there are; less than asked when the cage can't be made. */
static size_t try_cage(const struct cage_machine *m, struct finding *ret, size_t max,
                       struct err *e)
{
    static const char *const none[] = {NULL};
    struct cage_spec spec = {.name = "status",
                             .argv = none,
                             .envp = none,
                             .program = "",
                             .limits = {.memory = MEMORY,
                                        .tmp = TMP_SIZE,
                                        .processes = 1,
                                        .files = 64,
                                        .cpu_percent = 100}};
    CLEANUP(fd_closep) int from = -1, to = -1;
    struct cage c;
    size_t n = 0;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    from = ends[0];
    spec.output = to = ends[1];
    if (!cage_start_instead(m, &spec, try_all_inside, &c, e))
        return 0;
    fd_closep(&to);
    while (n < max && read(from, &ret[n], sizeof(*ret)) == sizeof(*ret))
        n++;
    cage_stop(&c);
    return n;
}

size_t cage_protections(const struct cage_machine *m, struct cage_protection *ret, size_t max)
{
    struct finding findings[COUNT(rows)];
    struct err e = {0};
    size_t n = try_cage(m, findings, COUNT(findings), &e), next = 0, i;

    for (i = 0; i < COUNT(rows) && i < max; i++) {
        const struct row *row = &rows[i];
        struct cage_protection p = {.name = row->name, .gap = row->gap, .fix = row->fix};

        if (row->outside) {
            p.state = row->outside(m, p.proof);
        } else if (next < n) {
            p.state = findings[next].state;
            memcpy(p.proof, findings[next++].proof, sizeof(p.proof));
        } else {
            p.state = prove(CAGE_ABSENT, p.proof, "no cage can be made: %.130s", e.what);
            p.fix = namespace_fix(m);
        }
        ret[i] = p;
    }
    return i;
}
