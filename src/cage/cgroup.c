/*
 * cgroup: groups of version 2, where the machine delegates some to us, or of version 1, where we
 * are root. One directory for this process, in it one for each instance.
 */
#include "cage/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 512, FILE_SIZE = 65536 };

static const char *const controllers[CAGE_CONTROLLERS] = {
    [CAGE_MEMORY] = "memory", [CAGE_PIDS] = "pids", [CAGE_CPU] = "cpu"};

static bool has_word(str words, char separator, const char *word)
{
    str part;

    while (str_cut(&words, separator, &part))
        if (str_is(str_trim(part), word))
            return true;
    return false;
}

/* Which group we are in: of the hierarchy with this controller, or of version 2 for NULL. */
static bool own_group(str groups, const char *controller, str *ret)
{
    str line, number, names;

    while (str_cut(&groups, '\n', &line)) {
        if (!str_cut(&line, ':', &number) || !str_cut(&line, ':', &names))
            continue;
        if (controller ? has_word(names, ',', controller) : names.len == 0) {
            *ret = line;
            return true;
        }
    }
    return false;
}

/* Field `n` of a line of mountinfo, or of what follows its " - ". */
static str field(str line, unsigned n)
{
    str part = {0};

    for (unsigned i = 0; i <= n; i++)
        if (!str_cut(&line, ' ', &part))
            return (str){0};
    return part;
}

/* The directory of `group`, by the mount whose file system and options fit. */
static bool group_directory(str mounts, const char *controller, str group, char *ret)
{
    str line, tail, root;
    size_t dash;

    while (str_cut(&mounts, '\n', &line)) {
        dash = str_find_str(line, STR(" - "));
        tail = str_sub(line, dash + 3, line.len);
        if (!str_is(field(tail, 0), controller ? "cgroup" : "cgroup2") ||
            (controller && !has_word(field(tail, 2), ',', controller)))
            continue;
        root = field(line, 3);
        if (!str_is(root, "/") && str_starts(group, root))
            group = str_sub(group, root.len, group.len);
        return snprintf(ret, PATH_SIZE, "%.*s%.*s", STR_ARG(field(line, 4)),
                        str_is(group, "/") ? 0 : (int)group.len, group.at) < PATH_SIZE;
    }
    return false;
}

static void remove_children(const char *path)
{
    DIR *d = opendir(path);
    char child[PATH_SIZE * 2];
    struct dirent *entry;

    while (d && (entry = readdir(d))) {
        snprintf(child, sizeof(child), "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            rmdir(child);
    }
    if (d)
        closedir(d);
}

/* Groups of a fnward that was killed: their process is gone, and so is what was in them. */
static void remove_stale(const char *parent)
{
    DIR *d = opendir(parent);
    char path[PATH_SIZE * 2];
    struct dirent *entry;
    uint64_t pid;

    while (d && (entry = readdir(d))) {
        str name = str_of(entry->d_name);

        if (!str_starts(name, STR("fnward-")) ||
            !str_to_u64(str_sub(name, 7, name.len), INT32_MAX, &pid))
            continue;
        if (kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        snprintf(path, sizeof(path), "%s/%s", parent, entry->d_name);
        remove_children(path);
        rmdir(path);
    }
    if (d)
        closedir(d);
}

static bool make_base(const char *parent, char *ret)
{
    char path[PATH_SIZE];

    remove_stale(parent);
    if (snprintf(path, sizeof(path), "%s/fnward-%d", parent, getpid()) >= (int)sizeof(path))
        return false;
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return false;
    memcpy(ret, path, sizeof(path));
    return true;
}

static bool read_words(const char *directory, const char *file, char *ret, size_t size)
{
    char path[PATH_SIZE + 64];
    ssize_t n;
    CLEANUP(fd_closep) int fd = -1;

    snprintf(path, sizeof(path), "%s/%s", directory, file);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, ret, size - 1);
    if (n < 0)
        return false;
    ret[n] = '\0';
    return true;
}

/* Lets the children of `directory` have what it has itself. */
static void enable_controllers(const char *directory)
{
    CLEANUP(fd_closep) int at = open(directory, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
    char word[16];

    for (size_t i = 0; i < CAGE_CONTROLLERS && at >= 0; i++) {
        snprintf(word, sizeof(word), "+%s", controllers[i]);
        cage_write(at, "cgroup.subtree_control", word); /* what fails is seen as not live */
    }
}

/*
 * The nearest group above us whose children get controllers and in which we may make one. A
 * group with processes of its own can't have such children, so it is never the one we are in.
 */
static bool probe_v2(struct cage_cgroups *g, char *directory, size_t mount_length)
{
    char words[256], *slash;

    for (; strlen(directory) >= mount_length; *slash = '\0') {
        if (access(directory, W_OK) == 0 &&
            read_words(directory, "cgroup.subtree_control", words, sizeof(words)) &&
            has_word(str_of(words), ' ', "memory") && make_base(directory, g->base[0]))
            break;
        slash = strrchr(directory, '/');
        if (!slash || slash == directory)
            return false;
    }
    if (!g->base[0][0])
        return false;
    enable_controllers(g->base[0]);
    if (!read_words(g->base[0], "cgroup.subtree_control", words, sizeof(words)))
        return false;
    g->v2 = true;
    for (size_t i = 0; i < CAGE_CONTROLLERS; i++) {
        g->live[i] = has_word(str_of(words), ' ', controllers[i]);
        memcpy(g->base[i], g->base[0], sizeof(g->base[i]));
    }
    return true;
}

static void probe_v1(struct cage_cgroups *g, str mounts, str groups)
{
    char directory[PATH_SIZE];
    str group;

    for (size_t i = 0; i < CAGE_CONTROLLERS; i++)
        g->live[i] = own_group(groups, controllers[i], &group) &&
                     group_directory(mounts, controllers[i], group, directory) &&
                     access(directory, W_OK) == 0 && make_base(directory, g->base[i]);
}

void cage_cgroups_probe(struct cage_cgroups *g)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};
    str mounts, groups, group;
    char directory[PATH_SIZE], mount[PATH_SIZE];

    if (!a || !file_read(a, "/proc/self/mountinfo", FILE_SIZE, &mounts, &e) ||
        !file_read(a, "/proc/self/cgroup", FILE_SIZE, &groups, &e))
        return; /* none is live */
    if (own_group(groups, NULL, &group) && group_directory(mounts, NULL, group, directory) &&
        group_directory(mounts, NULL, STR("/"), mount) && probe_v2(g, directory, strlen(mount)))
        return;
    probe_v1(g, mounts, groups);
}

void cage_cgroups_remove(const struct cage_cgroups *g)
{
    for (size_t i = 0; i < CAGE_CONTROLLERS; i++) {
        if (g->base[i][0]) {
            remove_children(g->base[i]);
            rmdir(g->base[i]);
        }
    }
}

/* ---- one instance ---- */

struct setting {
    enum cage_controller controller;
    const char *v2, *v1;
    const char *format;
};

/* In this order: version 1 refuses a sum of memory and swap below the memory alone. */
static const struct setting settings[] = {
    {CAGE_MEMORY, "memory.max", "memory.limit_in_bytes", "%llu"},
    {CAGE_MEMORY, "memory.swap.max", "memory.memsw.limit_in_bytes", "%llu"},
    {CAGE_PIDS, "pids.max", "pids.max", "%llu"},
    {CAGE_CPU, "cpu.max", "cpu.cfs_quota_us", "%llu"},
};

static unsigned long long setting_value(const struct setting *s, bool v2,
                                        const struct cage_limits *l)
{
    enum { PERIOD_US = 100000 };

    switch (s->controller) {
    case CAGE_MEMORY:
        return v2 && strcmp(s->v2, "memory.swap.max") == 0 ? 0 : l->memory;
    case CAGE_PIDS:
        return cage_tasks(l) + 1; /* the warden */
    case CAGE_CPU:
        return (unsigned long long)l->cpu_percent * PERIOD_US / 100;
    }
    return 0;
}

static bool is_limited(enum cage_controller c, const struct cage_limits *l)
{
    return c == CAGE_MEMORY ? l->memory > 0 : c == CAGE_CPU ? l->cpu_percent > 0 : true;
}

static int open_group(const struct cage_cgroups *g, size_t controller, const char *name)
{
    char path[PATH_SIZE + 80];

    snprintf(path, sizeof(path), "%s/%s", g->base[controller], name);
    return open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
}

static int make_group(const struct cage_cgroups *g, size_t controller, const char *name)
{
    char path[PATH_SIZE + 80];

    snprintf(path, sizeof(path), "%s/%s", g->base[controller], name);
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return -1;
    return open_group(g, controller, name);
}

/* What can't be written is no limit: 'fnward status' tells which of them hold here. */
void cage_group_limit(const struct cage_cgroups *g, const char *name,
                      const struct cage_limits *limits)
{
    CLEANUP(fd_closep) int at = -1;
    char value[32];

    for (size_t i = 0; i < COUNT(settings); i++) {
        const struct setting *s = &settings[i];

        if (!g->live[s->controller] || !is_limited(s->controller, limits))
            continue;
        /* With version 2 all are in one directory. */
        if (at < 0 || (!g->v2 && s->controller != s[-1].controller)) {
            fd_closep(&at);
            at = open_group(g, s->controller, name);
        }
        snprintf(value, sizeof(value), "%llu", setting_value(s, g->v2, limits));
        if (at >= 0)
            cage_write(at, g->v2 ? s->v2 : s->v1, value);
    }
}

void cage_group_make(const struct cage_cgroups *g, const char *name, struct inside *in)
{
    for (size_t i = 0; i < CAGE_CONTROLLERS; i++) {
        CLEANUP(fd_closep) int at = -1;

        if (!g->live[i] || (g->v2 && i > 0))
            continue;
        at = make_group(g, i, name);
        if (at < 0)
            continue;
        if (!g->v2)
            in->groups[i] = openat(at, "tasks", O_WRONLY | O_CLOEXEC);
        if (i == CAGE_MEMORY)
            in->memory_events = openat(at, g->v2 ? "memory.events" : "memory.oom_control",
                                       O_RDONLY | O_CLOEXEC);
        if (g->v2)
            in->group = fd_steal(&at);
    }
}

/* The kernel needs a moment to forget the dead. */
static void remove_group(const char *path)
{
    for (int i = 0; i < 50 && rmdir(path) != 0 && errno == EBUSY; i++)
        usleep(200);
}

void cage_group_remove(const struct cage_cgroups *g, const char *name)
{
    char path[PATH_SIZE + 80];

    for (size_t i = 0; i < CAGE_CONTROLLERS; i++) {
        if (!g->live[i] || (g->v2 && i > 0))
            continue;
        snprintf(path, sizeof(path), "%s/%s", g->base[i], name);
        remove_group(path);
    }
}

/* To move a process the kernel waits until all others have passed a quiet point, some 10 ms: so
 * with version 2 the warden is born in its group (start.c). With version 1 it moves itself, as
 * the one thread that it is ("0" in `tasks`, not in `cgroup.procs`), which needs no such wait. */
bool cage_step_cgroup(struct inside *in)
{
    for (size_t i = 0; i < CAGE_CONTROLLERS; i++) {
        CLEANUP(fd_closep) int tasks = fd_steal(&in->groups[i]);

        if (tasks >= 0 && write(tasks, "0", 1) != 1)
            return cage_at(in, "the %s group", controllers[i]);
    }
    return true;
}
