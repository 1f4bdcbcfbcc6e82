/*
 * life: a cage from its start to its end, seen from outside.
 */
#include "cage_test.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned count_descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    unsigned n = 0;

    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static bool is_gone(pid_t pid)
{
    bool gone = false;

    for (int i = 0; i < 200 && !gone; i++) {
        gone = kill(pid, 0) < 0 && errno == ESRCH;
        usleep(10000);
    }
    return gone;
}

static void output_is_its_own(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "speak", NULL};
    struct cage_spec spec = scene_spec(s, argv);
    struct outcome o;

    run_cage(m, &spec, &o);
    if (!CHECK(str_is((str){o.output, o.output_length}, "out\nerr\ndev\n"),
               "stdout, stderr and /dev/stderr come out in order"))
        explain(&o);
    CHECK(o.event_count > 0 && o.events[o.event_count - 1].max_rss > 0,
          "its end tells how much memory it had");
}

static void floods_are_counted(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "flood", "/etc/passwd", NULL};
    struct cage_spec spec = scene_spec(s, argv);
    struct outcome o;
    unsigned sum = 0;

    run_cage(m, &spec, &o);
    for (size_t i = 0; i < o.event_count; i++)
        sum += o.events[i].repeated;
    CHECK(sum == 1001, "of 1001 refusals each is counted: %u", sum);
    CHECK(o.event_count <= 5, "they cost %zu messages", o.event_count);
}

static void listeners_are_reached(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "connect", "198.18.0.2 443", NULL};
    struct cage_spec spec = scene_spec(s, argv);
    struct cage c;
    struct err e = {0};
    struct pollfd p;
    int fd;

    if (!CHECK(cage_start(m, &spec, &c, &e), "a cage with listeners starts"))
        return;
    CHECK(c.listener_count == 2, "both listeners come out");
    p = (struct pollfd){c.listeners[1], POLLIN, 0};
    CHECK(poll(&p, 1, 5000) == 1, "a connection inside arrives outside");
    fd = accept4(c.listeners[1], NULL, NULL, SOCK_CLOEXEC);
    CHECK(fd >= 0, "and is accepted there");
    close(fd);
    p = (struct pollfd){c.listeners[0], POLLIN, 0};
    CHECK(poll(&p, 1, 0) == 0, "and not by the other listener");
    cage_stop(&c);
}

static void stop_is_final(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "wait", NULL};
    struct cage_spec spec = scene_spec(s, argv);
    unsigned before = count_descriptors();
    uint64_t start;
    struct cage c;
    struct err e = {0};
    pid_t pid;

    if (!CHECK(cage_start(m, &spec, &c, &e), "a cage that waits starts"))
        return;
    pid = c.pid;
    CHECK(kill(pid, 0) == 0, "it is there");
    start = clock_mono_ns();
    cage_stop(&c);
    CHECK(clock_mono_ns() - start < 1000000000, "stopping it takes no second");
    CHECK(kill(pid, 0) < 0 && errno == ESRCH, "then it is gone, and reaped");
    CHECK(count_descriptors() == before, "no descriptor is left of it");
    cage_stop(&c);
    CHECK(true, "stopping it again does nothing");
}

/* A keeper that is killed must not leave functions behind. */
static void nothing_outlives_its_keeper(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "wait", NULL};
    struct cage_spec spec = scene_spec(s, argv);
    int ends[2], status;
    pid_t keeper, warden = 0;

    if (pipe(ends) != 0)
        return;
    keeper = fork();
    if (keeper == 0) {
        struct cage c;
        struct err e = {0};

        if (cage_start(m, &spec, &c, &e) && write(ends[1], &c.pid, sizeof(c.pid)) > 0)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(ends[1]);
    CHECK(read(ends[0], &warden, sizeof(warden)) == sizeof(warden), "a keeper starts a cage");
    waitpid(keeper, &status, 0);
    CHECK(is_gone(warden), "killing the keeper ends the cage");
    close(ends[0]);
}

/* ---- cages made ahead ---- */

static struct cage_spare *make_spare(const struct cage_machine *m)
{
    struct cage_spare *spare;
    struct err e = {0};

    return CHECK(cage_spare_make(m, &spare, &e), "a spare is made: %s", e.what) ? spare : NULL;
}

static void start_spare(struct cage_spare *spare, const struct scene *s, unsigned slot,
                        const char *secret, struct outcome *o)
{
    const char *argv[] = {"/probe", "speak", NULL};
    const char *envp[] = {secret, NULL};
    struct cage_spec spec = scene_spec(s, argv);

    spec.slot = slot;
    spec.envp = envp;
    run_spare(spare, &spec, o);
}

static void spares_become_cages(const struct cage_machine *m, const struct scene *s)
{
    unsigned before = count_descriptors();
    struct cage_spare *first = make_spare(m), *second = make_spare(m);
    struct outcome o;

    if (!first || !second)
        return;
    start_spare(first, s, 1, "SECRET=first", &o);
    if (!CHECK(ended_with(&o, 0) && o.output_length > 0, "a spare becomes a cage"))
        explain(&o);
    start_spare(second, s, 2, "SECRET=second", &o);
    if (!CHECK(ended_with(&o, 0) && o.output_length > 0, "so does one that has waited"))
        explain(&o);
    CHECK(count_descriptors() == before, "they leave no descriptor");
}

static pid_t last_child(void)
{
    char path[64], text[4096] = "", *last = text;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
    f = fopen(path, "re");
    if (!f)
        return 0;
    if (!fgets(text, sizeof(text), f))
        text[0] = '\0';
    fclose(f);
    for (char *at = text; *at; at++)
        if (*at == ' ' && at[1])
            last = at + 1;
    return (pid_t)strtol(last, NULL, 10);
}

/* Pages that a process shares with others without a file: orders, and nothing else here. */
static int count_shared(pid_t pid)
{
    char path[64], line[512];
    int n = 0;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/maps", pid);
    f = fopen(path, "re");
    while (f && fgets(line, sizeof(line), f))
        n += strstr(line, "rw-s ") && strstr(line, "/dev/zero");
    if (f)
        fclose(f);
    return f ? n : -1;
}

static void spares_share_nothing(const struct cage_machine *m)
{
    struct cage_spare *first = make_spare(m), *second = make_spare(m);
    pid_t pid = last_child();
    int shared = count_shared(pid);

    if (shared >= 0)
        CHECK(shared == 2, "a spare has its own order and no other's: %d shared mappings",
              shared);
    cage_spare_free(first);
    CHECK(pid > 0 && kill(pid, 0) == 0, "a spare waits");
    cage_spare_free(second);
    CHECK(kill(pid, 0) < 0 && errno == ESRCH, "one that is not used is gone, and reaped");
}

static void spares_die_with_their_keeper(const struct cage_machine *m)
{
    int ends[2], status;
    pid_t keeper, warden = 0;

    if (pipe(ends) != 0)
        return;
    keeper = fork();
    if (keeper == 0) {
        struct cage_spare *spare;
        struct err e = {0};
        pid_t pid = cage_spare_make(m, &spare, &e) ? last_child() : 0;

        usleep(20000);
        if (pid && write(ends[1], &pid, sizeof(pid)) > 0)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(ends[1]);
    CHECK(read(ends[0], &warden, sizeof(warden)) == sizeof(warden), "a keeper makes a spare");
    waitpid(keeper, &status, 0);
    CHECK(warden > 0 && is_gone(warden), "killing the keeper ends the spare");
    close(ends[0]);
}

/* What is mounted after a spare was made must be seen by what it becomes. */
static void spares_are_not_stale(const struct cage_machine *m, const struct scene *s)
{
    struct cage_spare *spare;
    struct outcome o;
    char dir[] = "/tmp/fnward-mount-XXXXXX";
    pid_t before;

    if (getuid() != 0 || !mkdtemp(dir))
        return;
    spare = make_spare(m);
    before = last_child();
    if (!spare || !CHECK(mount("none", dir, "tmpfs", 0, NULL) == 0, "something is mounted"))
        return;
    start_spare(spare, s, 3, "SECRET=x", &o);
    CHECK(ended_with(&o, 0), "a cage starts nevertheless");
    CHECK(kill(before, 0) < 0 && errno == ESRCH, "the spare from before is gone");
    umount(dir);
    rmdir(dir);
}

struct failure {
    const char *what;
    void (*change)(struct cage_spec *spec, const struct scene *s);
    const char *says; /* part of the error */
};

static char changed_path[160];
static struct cage_mount changed_mounts[CAGE_MOUNTS_MAX + 1];

static void change_mount(struct cage_spec *spec, struct cage_mount mount)
{
    memcpy(changed_mounts, spec->mounts, spec->mount_count * sizeof(*changed_mounts));
    changed_mounts[spec->mount_count++] = mount;
    spec->mounts = changed_mounts;
}

static void program_is_missing(struct cage_spec *spec, const struct scene *s)
{
    (void)s;
    spec->program = "/nowhere";
}

static void program_may_not_run(struct cage_spec *spec, const struct scene *s)
{
    (void)s;
    spec->program = "/var/task/file";
}

static void directory_is_missing(struct cage_spec *spec, const struct scene *s)
{
    (void)s;
    spec->directory = "/nowhere";
}

static void code_is_missing(struct cage_spec *spec, const struct scene *s)
{
    snprintf(changed_path, sizeof(changed_path), "%s/nowhere", s->root);
    change_mount(spec, (struct cage_mount){.from = changed_path, .to = "/var/more"});
}

static void code_is_a_link(struct cage_spec *spec, const struct scene *s)
{
    snprintf(changed_path, sizeof(changed_path), "%s/to-shadow", s->task);
    change_mount(spec, (struct cage_mount){.from = changed_path, .to = "/var/more"});
}

/* A link in the code must not choose where in the machine a mount goes. */
static void place_is_a_link(struct cage_spec *spec, const struct scene *s)
{
    change_mount(spec, (struct cage_mount){.from = s->other, .to = "/var/task/to-other/more"});
}

static void place_climbs(struct cage_spec *spec, const struct scene *s)
{
    change_mount(spec, (struct cage_mount){.from = s->other, .to = "/var/../../more"});
}

static void mounts_are_many(struct cage_spec *spec, const struct scene *s)
{
    (void)s;
    spec->mounts = changed_mounts;
    spec->mount_count = CAGE_MOUNTS_MAX + 1;
}

static void listener_is_taken(struct cage_spec *spec, const struct scene *s)
{
    static const struct cage_listener twice[] = {{"127.0.0.1", 9001}, {"127.0.0.1", 9001}};

    (void)s;
    spec->listeners = twice;
}

static void listener_is_no_address(struct cage_spec *spec, const struct scene *s)
{
    static const struct cage_listener wrong[] = {{"example.com", 443}, {"127.0.0.1", 9001}};

    (void)s;
    spec->listeners = wrong;
}

static const struct failure failures[] = {
    {"a missing program", program_is_missing, "'start the program': '/nowhere': No such file"},
    {"a program in a mount that is not for programs", program_may_not_run,
     "'start the program': '/var/task/file': Permission denied"},
    {"a missing directory", directory_is_missing, "'enter the directory': '/nowhere'"},
    {"missing code", code_is_missing, "/nowhere': No such file"},
    {"code that is a link", code_is_a_link, "symbolic link"},
    {"a mount by way of a link in the code", place_is_a_link, "'place the mounts': '/var/task"},
    {"a mount that climbs", place_climbs, "'place the mounts': '/var/../../more'"},
    {"too many mounts", mounts_are_many, "97 mounts, but a cage takes 96"},
    {"two listeners of one address", listener_is_taken,
     "'open the listeners': '127.0.0.1' port 9001"},
    {"a listener on a name", listener_is_no_address, "the address 'example.com'"},
};

static void failures_say_why(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "worked", NULL};
    unsigned before = count_descriptors();

    for (size_t i = 0; i < COUNT(failures); i++) {
        struct cage_spec spec = scene_spec(s, argv);
        struct outcome o;

        failures[i].change(&spec, s);
        run_cage(m, &spec, &o);
        if (!CHECK(!o.started && strstr(o.e.what, failures[i].says), "%s is refused: %s",
                   failures[i].what, failures[i].says))
            explain(&o);
    }
    CHECK(count_descriptors() == before, "failed starts leave no descriptor");
}

static void check_run(const struct cage_machine *m, const struct scene *s, const char *program,
                      int meets)
{
    static const char *const run[] = {"/tools/probe"};
    const char *argv[] = {"/probe", "exec", program, NULL};
    struct cage_spec spec = scene_spec(s, argv);
    struct outcome o;

    change_mount(&spec,
                 (struct cage_mount){.from = s->probe, .to = "/tools/probe", .exec = true});
    spec.run = run;
    spec.run_count = 1;
    run_cage(m, &spec, &o);
    if (!CHECK(ended_with(&o, meets), "with one program to run, '%s' is %s", program,
               meets == 0 ? "started" : "refused"))
        explain(&o);
}

/* A real-time process is let into no group without real-time: where there are such groups, the
 * spare dies of it before there is an order. */
static void failed_spare_says_why(const struct cage_machine *m, const struct scene *s)
{
    static const struct sched_param high = {.sched_priority = 1}, ordinary = {0};
    const char *argv[] = {"/probe", "worked", NULL};
    struct cage_spec spec = scene_spec(s, argv);
    struct cage_spare *spare;
    struct err e = {0};
    struct cage c;
    bool made;

    if (sched_setscheduler(0, SCHED_FIFO, &high) != 0)
        return;
    made = cage_spare_make(m, &spare, &e);
    sched_setscheduler(0, SCHED_OTHER, &ordinary);
    if (!CHECK(made, "a spare is made for a real-time process"))
        return;
    usleep(300000);
    if (cage_spare_start(spare, &spec, &c, &e))
        cage_stop(&c);
    CHECK(e.code == ERR_NONE || strstr(e.what, "join the control groups"),
          "a spare that failed before its order says why: %s", e.what);
}

static void many_in_a_row(const struct cage_machine *m, const struct scene *s)
{
    const char *argv[] = {"/probe", "worked", NULL};
    unsigned before = count_descriptors(), right = 0;

    for (int i = 0; i < 100; i++) {
        struct cage_spec spec = scene_spec(s, argv);
        struct outcome o;

        spec.slot = (unsigned)i;
        run_cage(m, &spec, &o);
        right += ended_with(&o, 0);
    }
    CHECK(right == 100, "a hundred cages in a row end well: %u", right);
    CHECK(count_descriptors() == before, "and leave no descriptor");
}

int main(int argc, char **argv)
{
    struct cage_machine *m;
    struct scene s;
    struct err e = {0};

    scene_make(&s, argc, argv);
    if (!CHECK(cage_machine_probe(&m, &e), "the machine can make cages"))
        return tap_end();
    output_is_its_own(m, &s);
    floods_are_counted(m, &s);
    listeners_are_reached(m, &s);
    stop_is_final(m, &s);
    nothing_outlives_its_keeper(m, &s);
    failures_say_why(m, &s);
    check_run(m, &s, "/tools/probe", 0);
    check_run(m, &s, "/probe", EACCES);
    check_run(m, &s, "/bin/sh", EACCES);
    failed_spare_says_why(m, &s);
    many_in_a_row(m, &s);
    spares_become_cages(m, &s);
    spares_share_nothing(m);
    spares_die_with_their_keeper(m);
    spares_are_not_stale(m, &s);
    cage_machine_free(m);
    scene_remove(&s);
    return tap_end();
}
