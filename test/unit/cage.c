#include "tap.h"

#include "cage/inside.h" /* what is not for other rooms: filters, groups, single steps */
#include "cage/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- runtimes ---- */

static const struct cage_mount *find_mount(const struct cage_runtime *r, const char *to)
{
    for (size_t i = 0; i < r->mount_count; i++)
        if (strcmp(r->mounts[i].to, to) == 0)
            return &r->mounts[i];
    return NULL;
}

static char scratch[] = "/tmp/fnward-unit-XXXXXX", bootstrap[64], shim[64];

static void make_scratch(void)
{
    if (!mkdtemp(scratch))
        exit(1);
    snprintf(bootstrap, sizeof(bootstrap), "%s/bootstrap", scratch);
    snprintf(shim, sizeof(shim), "%s/python3", scratch);
}

static void remove_scratch(void)
{
    unlink(bootstrap);
    unlink(shim);
    rmdir(scratch);
}

static void write_script(const char *path, const char *text)
{
    struct err e = {0};

    if (!file_replace(path, str_of(text), 0755, &e) || chmod(path, 0755) != 0)
        printf("# %s\n", e.what);
}

static void test_runtimes(struct arena *a)
{
    static const str path = STR_INIT("/usr/local/bin:/usr/bin:/bin");
    struct cage_runtime r;
    struct err e = {0};
    const struct cage_mount *sh;

    if (cage_runtime_find(a, STR("python"), path, NULL, &r, &e)) {
        CHECK(r.program[0] == '/' && find_mount(&r, r.program), "python's program is mounted");
        CHECK(find_mount(&r, r.program)->exec, "and may be started");
        for (size_t i = 0; i < r.mount_count; i++)
            CHECK(!r.mounts[i].write, "%s is not writable", r.mounts[i].to);
        for (size_t i = 0; i < r.mount_count; i++)
            if (strcmp(r.mounts[i].to, r.program) != 0)
                CHECK(!r.mounts[i].exec, "nothing in %s may be started", r.mounts[i].to);
    } else {
        tap_skip("%s", e.what);
    }
    e = (struct err){0};
    CHECK(!cage_runtime_find(a, STR("nodejs"), STR("/nowhere:relative"), NULL, &r, &e) &&
              strstr(e.what, "'node'") && e.fix[0],
          "a runtime that is not there is an error with a fix");
    e = (struct err){0};
    CHECK(!cage_runtime_find(a, STR("cobol"), path, NULL, &r, &e), "there is no runtime cobol");
    e = (struct err){0};
    write_script(bootstrap, "#!/bin/sh\nexit 0\n");
    CHECK(cage_runtime_find(a, STR("provided"), path, bootstrap, &r, &e),
          "a script can be a bootstrap");
    sh = find_mount(&r, "/usr/bin/sh");
    if (!sh)
        sh = find_mount(&r, "/bin/sh");
    CHECK(sh && sh->exec && r.run_count == 0, "its shell comes along, as its interpreter only");
    e = (struct err){0};
    write_script(bootstrap, "#!/usr/bin/env sh\nexit 0\n");
    CHECK(cage_runtime_find(a, STR("provided"), path, bootstrap, &r, &e) && r.run_count == 1 &&
              str_ends(str_of(r.run[0]), STR("/sh")),
          "env's program may be started once more");
    e = (struct err){0};
    write_script(bootstrap, "#!/no/such/interpreter\n");
    CHECK(!cage_runtime_find(a, STR("provided"), path, bootstrap, &r, &e) &&
              strstr(e.what, "/no/such/interpreter"),
          "an interpreter that is not there is named");
}

/* A version manager's shim is a script: the next program along the path is the interpreter. */
static void test_shims(struct arena *a)
{
    str search = arena_format(a, "%s:/usr/bin", scratch);
    struct cage_runtime r;
    struct err e = {0};

    write_script(shim, "#!/bin/sh\nexec pyenv\n");
    if (cage_runtime_find(a, STR("python"), search, NULL, &r, &e))
        CHECK(str_starts(str_of(r.program), STR("/usr/")), "a shim is passed over: %s",
              r.program);
    else
        tap_skip("%s", e.what);
}

/* ---- roles ---- */

struct self_try {
    const char *role, *what;
    long number;
    long arguments[3];
    int meets; /* an errno, or 0 */
};

static const struct self_try self_tries[] = {
    {"front", "opens a file", SYS_openat, {AT_FDCWD, (long)"/etc/passwd", 0}, EPERM},
    {"front", "makes a socket", SYS_socket, {AF_INET, SOCK_STREAM, 0}, EPERM},
    {"front", "starts a program", SYS_execve, {(long)"/bin/true", 0, 0}, EPERM},
    {"front", "forks", SYS_clone, {SIGCHLD, 0, 0}, EPERM},
    {"front", "forks by clone3", SYS_clone3, {0, 0, 0}, ENOSYS},
    {"front", "signals others", SYS_kill, {1, 0, 0}, EPERM},
    {"front", "maps code", SYS_mmap, {0, 4096, 7}, EPERM},
    {"front", "traces", SYS_ptrace, {PTRACE_TRACEME, 0, 0}, EPERM},
    {"front", "knows itself", SYS_getpid, {0, 0, 0}, 0},
    {"broker", "starts a program", SYS_execve, {(long)"/bin/true", 0, 0}, EPERM},
    {"broker",
     "opens what is not listed",
     SYS_openat,
     {AT_FDCWD, (long)"/etc/passwd", 0},
     EACCES},
    {"broker", "opens what is listed", SYS_openat, {AT_FDCWD, (long)"/dev/null", 0}, 0},
    {"broker", "makes a socket", SYS_socket, {AF_INET, SOCK_STREAM, 0}, 0},
    {"broker", "traces", SYS_ptrace, {PTRACE_TRACEME, 0, 0}, EPERM},
    {"keeper", "traces", SYS_ptrace, {PTRACE_TRACEME, 0, 0}, EPERM},
    {"keeper", "loads a module", SYS_init_module, {0, 0, 0}, EPERM},
    {"keeper", "opens a file", SYS_openat, {AT_FDCWD, (long)"/dev/null", 0}, 0},
};

static int try_as_self(const struct self_try *t)
{
    static const struct cage_path paths[] = {{"/dev/null", false}};
    bool keeper = strcmp(t->role, "keeper") == 0;
    struct cage_self what = {.role = t->role,
                             .paths = paths,
                             .path_count = COUNT(paths),
                             .all_files = keeper,
                             .keep_privileges = keeper};
    struct err e = {0};
    long result;

    if (!cage_lock_self(&what, &e))
        return 200;
    result = syscall(t->number, t->arguments[0], t->arguments[1], t->arguments[2]);
    return result < 0 ? errno : 0;
}

static void test_roles(void)
{
    for (size_t i = 0; i < COUNT(self_tries); i++) {
        const struct self_try *t = &self_tries[i];
        int status = 0;
        pid_t pid = fork();

        if (pid == 0)
            _exit(try_as_self(t));
        waitpid(pid, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == t->meets, "a %s that %s meets %s: %d",
              t->role, t->what, t->meets ? strerror(t->meets) : "success", WEXITSTATUS(status));
    }
}

/* What is not kept is closed, what is kept stays. */
static int keep_one(void)
{
    int kept = open("/dev/null", O_RDONLY), other = open("/dev/null", O_RDONLY);
    struct cage_self what = {.role = "front", .keep = &kept, .keep_count = 1};
    struct err e = {0};

    if (!cage_lock_self(&what, &e))
        return 1;
    if (fcntl(kept, F_GETFD) < 0 || fcntl(other, F_GETFD) >= 0)
        return 2;
    return 0;
}

static void test_lock(void)
{
    struct cage_self wrong = {.role = "cook"};
    struct err e = {0};
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        _exit(keep_one());
    waitpid(pid, &status, 0);
    CHECK(status == 0, "a locked process keeps the descriptors it listed, and no other");
    CHECK(!cage_lock_self(&wrong, &e) && strstr(e.what, "'cook'"), "there is no role 'cook'");
}

/* ---- tables ---- */

static void test_tables(void)
{
    for (const char *const *a = cage_allowed; *a; a++)
        for (const char *const *b = a + 1; *b; b++)
            if (strcmp(*a, *b) == 0)
                CHECK(false, "'%s' is allowed twice", *a);
    for (const char *const *a = cage_allowed; *a; a++)
        for (size_t i = 0; i < cage_conditional_count; i++)
            if (strcmp(*a, cage_conditionals[i].name) == 0)
                CHECK(false, "'%s' is allowed in any case and under conditions", *a);
    CHECK(true, "no system call is in two tables");
    for (size_t i = 0; i < cage_warden_step_count; i++)
        CHECK(cage_warden_steps[i].protects[0], "step '%s' says what it protects",
              cage_warden_steps[i].name);
}

static void test_protections(const struct cage_machine *m)
{
    struct cage_protection p[32];
    size_t n = cage_protections(m, p, COUNT(p));

    CHECK(n >= 12, "%zu protections are tried", n);
    for (size_t i = 0; i < n; i++)
        CHECK(p[i].proof[0] && p[i].gap && p[i].gap[0], "'%s' has a proof: %s", p[i].name,
              p[i].proof);
    CHECK(cage_protections(m, p, 3) == 3, "no more than asked for are given");
}

/* ---- the fallbacks, which this machine may not need by itself ---- */

static const char *const quick_argv[] = {"/usr/bin/true", NULL};
static const char *const no_environment[] = {NULL};

static int status_of(const struct cage_machine *m, const char *const *argv, uint64_t memory,
                     bool *memory_told)
{
    struct arena *a = arena_new(0);
    struct cage_runtime r;
    struct err e = {0};
    struct cage_event event;
    struct cage c;
    int status = -1;

    if (!cage_runtime_find(a, STR("python"), STR("/usr/bin"), NULL, &r, &e))
        return -1;
    r.mounts[r.mount_count++] =
        (struct cage_mount){.from = "/usr/bin/true", .to = "/usr/bin/true", .exec = true};
    struct cage_spec spec = {
        .name = "unit",
        .mounts = r.mounts,
        .mount_count = r.mount_count,
        .limits = {.memory = memory, .tmp = 1 << 20, .processes = 4, .files = 64},
        .program = argv == quick_argv ? argv[0] : r.program,
        .argv = argv,
        .envp = no_environment,
        .output = -1};

    if (cage_start(m, &spec, &c, &e)) {
        while (recv(c.events, &event, sizeof(event), 0) == sizeof(event)) {
            if (event.kind == CAGE_EXITED)
                status = event.status;
            if (event.kind == CAGE_DENIED_MEMORY && memory_told)
                *memory_told = true;
        }
        cage_stop(&c);
    } else {
        printf("# %s\n", e.what);
    }
    arena_free(a);
    return status;
}

static const char *const hungry_argv[] = {
    "python3", "-c",
    "import time\nb=[]\nfor i in range(400):\n b.append(bytearray(1<<20))\n "
    "time.sleep(.002)\n",
    NULL};

static void test_without_groups(struct cage_machine *m)
{
    struct cage_cgroups all = m->cgroups;
    bool told = false;
    int status;

    memset(m->cgroups.live, 0, sizeof(m->cgroups.live));
    CHECK(status_of(m, quick_argv, 64 << 20, NULL) == 0, "a cage without control groups runs");
    status = status_of(m, hungry_argv, 64 << 20, &told);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && told,
          "and the warden kills past the memory, and tells");
    m->cgroups = all;
}

/* As on a kernel before 5.14: nothing can be asked, so mounts and Landlock hold alone. */
static void test_without_asking(void)
{
    static const char *const argv[] = {
        "python3", "-c",
        "import os,sys\n"
        "for f in ('/etc/passwd','/proc/self/environ'):\n"
        " try:\n  open(f); sys.exit(1)\n except OSError: pass\n"
        "try:\n os.execv('/bin/sh',['sh'])\nexcept OSError: sys.exit(0)\n",
        NULL};
    struct cage_machine old = {0};
    struct cage_machine *m;
    struct err e = {0};

    if (!cage_machine_probe(&m, &e))
        return;
    old = *m;
    old.notify = old.killable = false;
    memset(&old.filter, 0, sizeof(old.filter));
    memset(&old.warden_filter, 0, sizeof(old.warden_filter));
    memset(old.names, 0, sizeof(old.names));
    if (CHECK(cage_filters_compile(&old, &e), "the filter compiles without a warden to ask")) {
        CHECK(status_of(&old, argv, 0, NULL) == 0,
              "files and programs are refused all the same");
        for (size_t i = 0; i < CAGE_SYSCALLS; i++)
            free(old.names[i]);
        free(old.filter.at);
        free(old.warden_filter.at);
    }
    cage_machine_free(m);
}

/* Groups of version 2 without controllers are enough to see that a cage is born in its own. */
static void test_born_in_group(struct cage_machine *m)
{
    static const char *const roots[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};
    struct cage_cgroups all = m->cgroups;
    char base[64] = "";

    for (size_t i = 0; i < COUNT(roots) && !base[0]; i++) {
        snprintf(base, sizeof(base), "%s/cgroup.subtree_control", roots[i]);
        if (access(base, W_OK) != 0) {
            base[0] = '\0';
            continue;
        }
        snprintf(base, sizeof(base), "%s/fnward-unit", roots[i]);
    }
    if (!base[0] || (mkdir(base, 0755) != 0 && errno != EEXIST)) {
        if (geteuid() == 0)
            tap_skip("no control groups of version 2");
        return;
    }
    memset(&m->cgroups, 0, sizeof(m->cgroups));
    m->cgroups.v2 = m->cgroups.live[CAGE_MEMORY] = true;
    snprintf(m->cgroups.base[CAGE_MEMORY], sizeof(m->cgroups.base[0]), "%s", base);
    CHECK(status_of(m, quick_argv, 64 << 20, NULL) == 0, "a cage is born in its control group");
    CHECK(rmdir(base) == 0, "which is removed with it");
    m->cgroups = all;
}

int main(void)
{
    struct arena *a = arena_new(0);
    struct cage_machine *m;
    struct err e = {0};

    make_scratch();
    test_tables();
    test_runtimes(a);
    test_shims(a);
    test_roles();
    test_lock();
    if (CHECK(cage_machine_probe(&m, &e), "the machine can make cages")) {
        test_protections(m);
        test_without_groups(m);
        test_born_in_group(m);
        cage_machine_free(m);
        test_without_asking();
    }
    remove_scratch();
    arena_free(a);
    return tap_end();
}
