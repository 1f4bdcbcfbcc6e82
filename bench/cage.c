/*
 * bench/cage: what a fresh cage costs, against fork and exec, and against bubblewrap with an
 * equivalent root, in one run. Start to reaped; medians of 100 after 10. A cage is started from a
 * spare that was made while there was nothing else to do, as the keeper has them, and with nothing
 * made ahead. Processor time is that of all processes, the making of the spare included.
 */
#include "cage/inside.h" /* to measure without control groups on a machine that has them */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WARM_UP = 10, RUNS = 100, SLOW_RUNS = 30 };

struct bench {
    struct cage_machine *machine;
    struct cage_runtime libraries; /* what a dynamic program needs */
    struct cage_runtime node;
    bool has_node, has_bubblewrap;
    bool ahead; /* cages are started from spares */
    struct cage_spare *spare;
    int null;
};

enum { IDLE_US = 4000 }; /* between two runs: time enough to make a spare */

static const char *const environment[] = {"HOME=/tmp", NULL};

__attribute__((noreturn)) static void fail(const struct err *e)
{
    CLEANUP(buf_free) struct buf b = {0};

    err_render(&b, e);
    fwrite(b.at, 1, b.len, stderr);
    exit(1);
}

/* What nobody waits for. */
static void prepare(struct bench *b)
{
    struct err e = {0};

    if (!b->ahead)
        return;
    if (!b->spare && !cage_spare_make(b->machine, &b->spare, &e))
        fail(&e);
    usleep(IDLE_US);
}

static bool start(struct bench *b, const struct cage_spec *spec, struct cage *c, struct err *e)
{
    struct cage_spare *spare = b->spare;

    b->spare = NULL;
    return spare ? cage_spare_start(spare, spec, c, e) : cage_start(b->machine, spec, c, e);
}

static void run_cage(struct bench *b, const struct cage_runtime *runtime,
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

    if (!start(b, &spec, &c, &e))
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

static void true_plain(struct bench *b)
{
    (void)b;
    run_plain(true_argv);
}

static void true_cage(struct bench *b)
{
    run_cage(b, &b->libraries, true_argv);
}

static void true_bubblewrap(struct bench *b)
{
    run_bubblewrap(&b->libraries, true_argv);
}

static void node_plain(struct bench *b)
{
    run_plain((const char *const[]){b->node.program, "-e", "0", NULL});
}

static void node_cage(struct bench *b)
{
    run_cage(b, &b->node, (const char *const[]){b->node.program, "-e", "0", NULL});
}

static void node_bubblewrap(struct bench *b)
{
    run_bubblewrap(&b->node, (const char *const[]){b->node.program, "-e", "0", NULL});
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* What it took, and what processor time; medians in ms. */
struct cost {
    double took, processor;
};

static double processor_ms(int who)
{
    struct rusage u;

    getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof(*values), ascending);
    return values[n / 2];
}

static struct cost measure_runs(struct bench *b, void (*run)(struct bench *b), int runs)
{
    double took[RUNS], processor[RUNS];

    for (int i = -WARM_UP; i < runs; i++) {
        double used = processor_ms(RUSAGE_SELF) + processor_ms(RUSAGE_CHILDREN);
        uint64_t start;

        prepare(b);
        start = clock_mono_ns();
        run(b);
        if (i < 0)
            continue;
        took[i] = (double)(clock_mono_ns() - start) / 1e6;
        processor[i] = processor_ms(RUSAGE_SELF) + processor_ms(RUSAGE_CHILDREN) - used;
    }
    return (struct cost){median(took, runs), median(processor, runs)};
}

static void row(const char *name, struct cost c, double against)
{
    printf("%-40s %8.3f ms %8.3f ms of processor", name, c.took, c.processor);
    if (against > 0)
        printf("  %5.2f of bubblewrap", c.took / against);
    putchar('\n');
    fflush(stdout);
}

static void measure_cage(struct bench *b, const char *name, void (*run)(struct bench *b),
                         int runs, bool groups, double against)
{
    struct cage_cgroups all = b->machine->cgroups;
    const char *ahead[] = {"", ", nothing made ahead"};
    char text[80];

    if (!groups)
        memset(b->machine->cgroups.live, 0, sizeof(b->machine->cgroups.live));
    for (size_t i = 0; i < COUNT(ahead); i++) {
        b->ahead = i == 0;
        snprintf(text, sizeof(text), "  %s%s", name, ahead[i]);
        row(text, measure_runs(b, run, runs), against);
        cage_spare_free(b->spare);
        b->spare = NULL;
    }
    b->ahead = false;
    b->machine->cgroups = all;
}

static bool has_groups(struct bench *b)
{
    return b->machine->cgroups.live[CAGE_MEMORY] || b->machine->cgroups.live[CAGE_PIDS];
}

static void measure(struct bench *b, const char *program, void (*plain)(struct bench *b),
                    void (*cage)(struct bench *b), void (*bubblewrap)(struct bench *b),
                    int runs)
{
    struct cost other = {0};

    printf("%s\n", program);
    row("  fork and exec", measure_runs(b, plain, runs), 0);
    if (b->has_bubblewrap) {
        other = measure_runs(b, bubblewrap, runs);
        row("  bubblewrap", other, 0);
    }
    measure_cage(b, "cage", cage, runs, false, other.took);
    if (has_groups(b))
        measure_cage(
            b, b->machine->cgroups.v2 ? "cage, control groups v2" : "cage, control groups v1",
            cage, runs, true, other.took);
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
