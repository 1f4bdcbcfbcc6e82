/*
 * landlock: the second lock on the files. The mounts decide what exists; this decides, even for
 * what exists by mistake, what may be done.
 *
 * No rules for the network: the network namespace is that boundary, and connects are watched
 * (answer.c).
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FS(right) LANDLOCK_ACCESS_FS_##right

enum {
    LANDLOCK_SCOPES = 6, /* the version that has them */
};

static const uint64_t ON_FILES =
    FS(EXECUTE) | FS(WRITE_FILE) | FS(READ_FILE) | FS(TRUNCATE) | FS(IOCTL_DEV);
static const uint64_t READ = FS(READ_FILE) | FS(READ_DIR);
/* No device can be made: there is no capability for it, and no right. */
static const uint64_t WRITE = FS(WRITE_FILE) | FS(REMOVE_DIR) | FS(REMOVE_FILE) | FS(MAKE_DIR) |
                              FS(MAKE_REG) | FS(MAKE_SOCK) | FS(MAKE_FIFO) | FS(MAKE_SYM) |
                              FS(REFER) | FS(TRUNCATE);

int cage_landlock_version(void)
{
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    return version < 0 ? 0 : (int)version;
}

/* The rights that each version brought: those that a kernel knows can be held back. */
uint64_t cage_landlock_rights(int version)
{
    uint64_t rights = (FS(MAKE_SYM) << 1) - 1;

    if (version >= 2)
        rights |= FS(REFER);
    if (version >= 3)
        rights |= FS(TRUNCATE);
    if (version >= 5)
        rights |= FS(IOCTL_DEV);
    return rights;
}

int cage_landlock_new(int version)
{
    struct cage_ruleset rules = {.fs = cage_landlock_rights(version)};
    size_t size = sizeof(rules.fs);

    if (version >= LANDLOCK_SCOPES) {
        rules.scoped = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL;
        size = sizeof(rules);
    }
    return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

/* A path that is not there needs no rule. */
bool cage_landlock_allow(int rules, int version, const char *path, uint64_t rights)
{
    CLEANUP(fd_closep) int fd = open(path, O_PATH | O_CLOEXEC);
    struct landlock_path_beneath_attr rule = {.parent_fd = fd};
    struct stat st;

    if (fd < 0)
        return errno == ENOENT;
    if (fstat(fd, &st) != 0)
        return false;
    rule.allowed_access = rights & cage_landlock_rights(version);
    if (!S_ISDIR(st.st_mode))
        rule.allowed_access &= ON_FILES;
    return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

bool cage_landlock_enforce(int rules)
{
    return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

static size_t top_length(const char *path)
{
    return 1 + strcspn(path + 1, "/");
}

static bool has_new_top(const struct cage_spec *spec, size_t i)
{
    const char *to = spec->mounts[i].to;
    size_t n = top_length(to);

    for (size_t j = 0; j < i; j++)
        if (top_length(spec->mounts[j].to) == n && strncmp(spec->mounts[j].to, to, n) == 0)
            return false;
    return true;
}

/* Reading is granted by the first directory of each path, since all that is below it was
 * mounted for this function, and a few rules are quicker than many. */
static bool allow_mount(int rules, int version, const struct cage_spec *spec, size_t i)
{
    const struct cage_mount *mount = &spec->mounts[i];
    uint64_t more = (mount->write ? WRITE : 0) | (mount->exec ? FS(EXECUTE) : 0);
    char top[CAGE_PATH_MAX];

    if (has_new_top(spec, i)) {
        snprintf(top, sizeof(top), "%.*s", (int)top_length(mount->to), mount->to);
        if (!cage_landlock_allow(rules, version, top, READ))
            return false;
    }
    return !more || cage_landlock_allow(rules, version, mount->to, READ | more);
}

bool cage_step_landlock(struct inside *in)
{
    static const struct {
        const char *path;
        uint64_t rights;
    } always[] = {
        {"/tmp", FS(READ_FILE) | FS(READ_DIR) | WRITE},
        {"/etc", READ},
        {"/dev", FS(READ_FILE) | FS(READ_DIR) | FS(WRITE_FILE)},
    /* The kernel runs the loader that a program names. */
#ifdef __x86_64__
        {"/lib64/ld-linux-x86-64.so.2", FS(EXECUTE)},
        {"/lib/ld-musl-x86_64.so.1", FS(EXECUTE)},
#else
        {"/lib/ld-linux-aarch64.so.1", FS(EXECUTE)},
        {"/lib/ld-musl-aarch64.so.1", FS(EXECUTE)},
#endif
    };
    int version = in->machine->landlock;
    CLEANUP(fd_closep) int rules = -1;

    if (version == 0)
        return true; /* told by 'fnward status'; the mounts hold alone */
    rules = cage_landlock_new(version);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < COUNT(always); i++)
        if (!cage_landlock_allow(rules, version, always[i].path, always[i].rights))
            return cage_at(in, "'%s'", always[i].path);
    for (size_t i = 0; i < in->spec->mount_count; i++)
        if (!allow_mount(rules, version, in->spec, i))
            return cage_at(in, "'%s'", in->spec->mounts[i].to);
    return cage_landlock_enforce(rules);
}
