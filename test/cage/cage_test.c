#include "cage_test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { USER = 65534, WAIT_MS = 30000 };

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_file(const char *root, const char *name, str content, unsigned mode)
{
    char path[256];
    struct err e = {0};

    snprintf(path, sizeof(path), "%s/%s", root, name);
    must(file_replace(path, content, mode, &e) && chmod(path, mode) == 0, path);
}

static void copy_probe(const struct scene *p, const char *from)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};
    str bytes;

    must(file_read(a, from, 16 << 20, &bytes, &e), from);
    write_file(p->root, "probe", bytes, 0755);
}

/* What a function would find if it could reach the machine. */
static void open_host_sockets(struct scene *p)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "\0fnward-probe"};
    socklen_t size = sizeof(in4);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    must(bind(fd, (struct sockaddr *)&in4, size) == 0 && listen(fd, 8) == 0, "listen");
    must(getsockname(fd, (struct sockaddr *)&in4, &size) == 0, "getsockname");
    p->port = ntohs(in4.sin_port);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(fd, (struct sockaddr *)&local, sizeof(sa_family_t) + 13); /* or another run has it */
    listen(fd, 8);
}

static void drop_root(struct scene *p)
{
    char command[128];

    p->as_user = true;
    if (geteuid() != 0)
        return;
    snprintf(command, sizeof(command), "chown -R %d:%d '%s'", USER, USER, p->root);
    must(system(command) == 0, "chown");
    must(setgroups(0, NULL) == 0 && setresgid(USER, USER, USER) == 0 &&
             setresuid(USER, USER, USER) == 0,
         "leaving root");
}

static void make_directory(char *path, size_t size, const char *root, const char *name,
                           unsigned mode)
{
    snprintf(path, size, "%s/%s", root, name);
    must(mkdir(path, mode) == 0 && chmod(path, mode) == 0, path);
}

void scene_make(struct scene *p, int argc, char **argv)
{
    char path[256];

    memset(p, 0, sizeof(*p));
    strcpy(p->root, "/tmp/fnward-test-XXXXXX");
    must(argc > 1 && mkdtemp(p->root) && chmod(p->root, 0755) == 0, "making a directory");
    snprintf(p->probe, sizeof(p->probe), "%s/probe", p->root);
    make_directory(p->task, sizeof(p->task), p->root, "task", 0755);
    make_directory(p->data, sizeof(p->data), p->root, "data", 0700);
    make_directory(p->other, sizeof(p->other), p->root, "other", 0755);
    copy_probe(p, argv[1]);
    write_file(p->task, "file", STR("code\n"), 0644);
    write_file(p->other, "file", STR("another function's\n"), 0644);
    write_file(p->root, "fnward.yaml", STR("version: 1\n"), 0644);
    snprintf(path, sizeof(path), "%s/to-shadow", p->task);
    must(symlink("/etc/shadow", path) == 0, path);
    snprintf(path, sizeof(path), "%s/to-other", p->task);
    must(symlink(p->other, path) == 0, path);
    open_host_sockets(p);
    /* A descriptor that a careless keeper might have left open. */
    snprintf(path, sizeof(path), "%s/fnward.yaml", p->root);
    must(open(path, O_RDONLY) >= 0, path);
    if (argc > 2 && strcmp(argv[2], "user") == 0)
        drop_root(p);
}

void scene_remove(const struct scene *p)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s' 2>/dev/null", p->root);
    if (system(command) != 0)
        printf("# left behind: %s\n", p->root);
}

struct cage_spec scene_spec(const struct scene *p, const char *const *argv)
{
    static struct cage_mount mounts[3];
    static const struct cage_listener listeners[] = {{"127.0.0.1", 9001}, {"198.18.0.2", 443}};
    static const char *const envp[] = {"STAGE=test", NULL};

    mounts[0] = (struct cage_mount){.from = p->probe, .to = "/probe", .exec = true};
    mounts[1] = (struct cage_mount){.from = p->task, .to = "/var/task"};
    mounts[2] =
        (struct cage_mount){.from = p->data, .to = "/data", .write = true, .owned = true};
    return (struct cage_spec){
        .name = "probe",
        .slot = 1,
        .mounts = mounts,
        .mount_count = COUNT(mounts),
        .listeners = listeners,
        .listener_count = COUNT(listeners),
        .limits = {.memory = 64 << 20,
                   .tmp = 4 << 20,
                   .processes = 4,
                   .files = 64,
                   .cpu_percent = 100},
        .program = "/probe",
        .argv = argv,
        .envp = envp,
        .directory = "/var/task",
        .output = -1,
    };
}

static void take_event(struct outcome *o, const struct cage_event *event)
{
    if (event->kind == CAGE_EXITED)
        o->status = event->status;
    if (o->event_count < EVENTS_MAX)
        o->events[o->event_count++] = *event;
}

/* Until the end of both: the events, and the output when there is a pipe. */
static void collect(const struct cage *c, int output, struct outcome *o)
{
    struct pollfd p[] = {{c->events, POLLIN, 0}, {output, POLLIN, 0}};
    struct cage_event event;
    ssize_t n;

    while ((p[0].fd >= 0 || p[1].fd >= 0) && poll(p, 2, WAIT_MS) > 0) {
        if (p[0].revents) {
            n = recv(c->events, &event, sizeof(event), 0);
            if (n == sizeof(event))
                take_event(o, &event);
            else
                p[0].fd = -1;
        }
        if (p[1].revents) {
            n = read(output, o->output + o->output_length,
                     sizeof(o->output) - 1 - o->output_length);
            if (n <= 0)
                p[1].fd = -1;
            else
                o->output_length += (size_t)n;
        }
    }
}

static void run(const struct cage_machine *m, struct cage_spare *spare, struct cage_spec *spec,
                struct outcome *ret)
{
    struct cage c;
    int ends[2];

    memset(ret, 0, sizeof(*ret));
    ret->status = -1;
    must(pipe2(ends, O_CLOEXEC) == 0, "pipe");
    spec->output = ends[1];
    ret->started =
        spare ? cage_spare_start(spare, spec, &c, &ret->e) : cage_start(m, spec, &c, &ret->e);
    close(ends[1]);
    if (ret->started) {
        collect(&c, ends[0], ret);
        cage_stop(&c);
    }
    close(ends[0]);
}

void run_cage(const struct cage_machine *m, struct cage_spec *spec, struct outcome *ret)
{
    run(m, NULL, spec, ret);
}

void run_spare(struct cage_spare *spare, struct cage_spec *spec, struct outcome *ret)
{
    run(NULL, spare, spec, ret);
}

const struct cage_event *find_event(const struct outcome *o, enum cage_event_kind kind,
                                    const char *text)
{
    for (size_t i = 0; i < o->event_count; i++) {
        const struct cage_event *event = &o->events[i];

        if (event->kind == (uint32_t)kind &&
            (!text || str_is((str){event->text, event->text_len}, text)))
            return event;
    }
    return NULL;
}

bool ended_with(const struct outcome *o, int code)
{
    if (o->status == -1)
        return false;
    return code < 0 ? WIFSIGNALED(o->status) && WTERMSIG(o->status) == -code
                    : WIFEXITED(o->status) && WEXITSTATUS(o->status) == code;
}

void explain(const struct outcome *o)
{
    if (!o->started)
        printf("#   not started: %s\n", o->e.what);
    else if (WIFEXITED(o->status))
        printf("#   exited with %d (%s)\n", WEXITSTATUS(o->status),
               strerror(WEXITSTATUS(o->status)));
    else
        printf("#   status %#x\n", (unsigned)o->status);
    for (size_t i = 0; i < o->event_count && i < 10; i++)
        printf("#   event %u '%.*s' %u\n", o->events[i].kind, (int)o->events[i].text_len,
               o->events[i].text, o->events[i].repeated);
    if (o->output_length > 0)
        printf("#   said: %.*s\n", (int)o->output_length, o->output);
}
