/*
 * bench/cage: what a fresh cage costs, against fork and exec, and against bubblewrap with an
 * equivalent root, in one run. Start to reaped; medians of 100 after 10.
 */
#include "cage/inside.h" /* to measure without control groups on a machine that has them */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WARM_UP = 10, RUNS = 100, SLOW_RUNS = 30 };

struct bench {
    struct cage_machine *machine;
    struct cage_runtime libraries; /* what a dynamic program needs */
    struct cage_runtime node;
    bool has_node, has_bubblewrap;
    int null;
};

static const char *const environment[] = {"HOME=/tmp", NULL};

__attribute__((noreturn)) static void fail(const struct err *e)
{
    CLEANUP(buf_free) struct buf b = {0};

    err_render(&b, e);
    fwrite(b.at, 1, b.len, stderr);
    exit(1);
}

static void run_cage(const struct bench *b, const struct cage_runtime *runtime,
                     const char *const *argv)
{
    static const struct cage_listener api = {"127.0.0.1", 9001, false};
    struct cage_spec spec = {
        .name = "bench",
        .mounts = runtime->mounts,
        .mount_count = runtime->mount_count,
        .listeners = &api,
        .listener_count = 1,
        .limits = {.memory = 256 << 20,
                   .tmp = 64 << 20,
                   .processes = 16,
                   .files = 256,
                   .cpu_percent = 200},
        .program = argv[0],
        .argv = argv,
        .envp = environment,
        .output = b->null,
    };
    struct cage_event event;
    struct err e = {0};
    struct cage c;

    if (!cage_start(b->machine, &spec, &c, &e))
        fail(&e);
    while (recv(c.events, &event, sizeof(event), 0) == sizeof(event))
        ;
    cage_stop(&c);
}

static void run_plain(const char *const *argv)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        execve(argv[0], (char **)argv, (char **)environment);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "bench: '%s' failed\n", argv[0]);
        exit(1);
    }
}

/* The same namespaces, mounts, /dev and /tmp; bubblewrap has no limits, Landlock or filter. */
static void run_bubblewrap(const struct cage_runtime *runtime, const char *const *argv)
{
    const char *line[256] = {"/usr/bin/bwrap",    "--unshare-all", "--new-session",
                             "--die-with-parent", "--cap-drop",    "ALL",
                             "--clearenv"};
    size_t n = 7;

    for (size_t i = 0; i < runtime->mount_count; i++) {
        line[n++] = "--ro-bind";
        line[n++] = runtime->mounts[i].from;
        line[n++] = runtime->mounts[i].to;
    }
    for (const char *const *more =
             (const char *const[]){"--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64",
                                   "/lib64", "--dev", "/dev", "--proc", "/proc", "--tmpfs",
                                   "/tmp", "--", NULL};
         *more; more++)
        line[n++] = *more;
    while (*argv)
        line[n++] = *argv++;
    run_plain(line);
}

/* ---- what is measured ---- */

static const char *const true_argv[] = {"/usr/bin/true", NULL};

static void true_plain(const struct bench *b)
{
    (void)b;
    run_plain(true_argv);
}

static void true_cage(const struct bench *b)
{
    run_cage(b, &b->libraries, true_argv);
}

static void true_bubblewrap(const struct bench *b)
{
    run_bubblewrap(&b->libraries, true_argv);
}

static void node_plain(const struct bench *b)
{
    run_plain((const char *const[]){b->node.program, "-e", "0", NULL});
}

static void node_cage(const struct bench *b)
{
    run_cage(b, &b->node, (const char *const[]){b->node.program, "-e", "0", NULL});
}

static void node_bubblewrap(const struct bench *b)
{
    run_bubblewrap(&b->node, (const char *const[]){b->node.program, "-e", "0", NULL});
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_ms(const struct bench *b, void (*run)(const struct bench *b), int runs)
{
    double took[RUNS];

    for (int i = -WARM_UP; i < runs; i++) {
        uint64_t start = clock_mono_ns();

        run(b);
        if (i >= 0)
            took[i] = (double)(clock_mono_ns() - start) / 1e6;
    }
    qsort(took, (size_t)runs, sizeof(*took), ascending);
    return took[runs / 2];
}

static void row(const char *name, double ms, double against)
{
    printf("%-34s %8.3f ms", name, ms);
    if (against > 0)
        printf("  %5.2f of bubblewrap", ms / against);
    putchar('\n');
    fflush(stdout);
}

static double measure_cage(struct bench *b, const char *name,
                           void (*run)(const struct bench *b), int runs, bool groups,
                           double against)
{
    struct cage_cgroups all = b->machine->cgroups;
    double ms;

    if (!groups)
        memset(b->machine->cgroups.live, 0, sizeof(b->machine->cgroups.live));
    ms = median_ms(b, run, runs);
    b->machine->cgroups = all;
    row(name, ms, against);
    return ms;
}

static bool has_groups(const struct bench *b)
{
    return b->machine->cgroups.live[CAGE_MEMORY] || b->machine->cgroups.live[CAGE_PIDS];
}

static void measure(struct bench *b, const char *program, void (*plain)(const struct bench *b),
                    void (*cage)(const struct bench *b),
                    void (*bubblewrap)(const struct bench *b), int runs)
{
    double other = 0;

    printf("%s\n", program);
    row("  fork and exec", median_ms(b, plain, runs), 0);
    if (b->has_bubblewrap) {
        other = median_ms(b, bubblewrap, runs);
        row("  bubblewrap", other, 0);
    }
    measure_cage(b, "  cage", cage, runs, false, other);
    if (has_groups(b))
        measure_cage(b,
                     b->machine->cgroups.v2 ? "  cage with control groups v2"
                                            : "  cage with control groups v1",
                     cage, runs, true, other);
}

/* What a dynamic program can't do without. */
static void add_libraries(struct cage_runtime *r)
{
    static const char *const paths[] = {"/usr/lib/x86_64-linux-gnu",
                                        "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
                                        "/etc/ld.so.cache", "/usr/bin/true"};

    for (size_t i = 0; i < COUNT(paths); i++)
        if (file_exists(paths[i]))
            r->mounts[r->mount_count++] = (struct cage_mount){
                .from = paths[i], .to = paths[i], .exec = strstr(paths[i], "/bin/")};
}

int main(void)
{
    static const str path = STR_INIT("/usr/local/bin:/usr/bin:/bin");
    struct arena *a = arena_new(0);
    struct bench b = {.null = open("/dev/null", O_WRONLY | O_CLOEXEC)};
    struct err e = {0};
    uint64_t start = clock_mono_ns();

    if (!cage_machine_probe(&b.machine, &e))
        fail(&e);
    printf("probing the machine %.3f ms, filter of %u instructions\n",
           (double)(clock_mono_ns() - start) / 1e6, b.machine->filter.count);
    add_libraries(&b.libraries);
    b.has_bubblewrap = access("/usr/bin/bwrap", X_OK) == 0;
    measure(&b, "true", true_plain, true_cage, true_bubblewrap, RUNS);
    b.has_node = cage_runtime_find(a, STR("nodejs"), path, NULL, &b.node, &e);
    if (b.has_node)
        measure(&b, "node -e 0", node_plain, node_cage, node_bubblewrap, SLOW_RUNS);
    cage_machine_free(b.machine);
    arena_free(a);
    return 0;
}
