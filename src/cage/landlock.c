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
    CLEANUP(fd_closep)
    int fd = open(path, O_PATH | O_CLOEXEC);
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

static uint64_t mount_rights(const struct cage_mount *mount)
{
    return READ | (mount->write ? WRITE : 0) | (mount->exec ? FS(EXECUTE) : 0);
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
        {"/lib64/ld-linux-x86-64.so.2", FS(EXECUTE)},
        {"/lib/ld-linux-aarch64.so.1", FS(EXECUTE)},
        {"/lib/ld-musl-x86_64.so.1", FS(EXECUTE)},
        {"/lib/ld-musl-aarch64.so.1", FS(EXECUTE)},
    };
    int version = in->machine->landlock;
    CLEANUP(fd_closep)
    int rules = -1;

    if (version == 0)
        return true; /* told by 'fnward status'; the mounts hold alone */
    rules = cage_landlock_new(version);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < COUNT(always); i++)
        if (!cage_landlock_allow(rules, version, always[i].path, always[i].rights))
            return cage_at(in, "'%s'", always[i].path);
    for (size_t i = 0; i < in->spec->mount_count; i++) {
        const struct cage_mount *mount = &in->spec->mounts[i];

        if (!cage_landlock_allow(rules, version, mount->to, mount_rights(mount)))
            return cage_at(in, "'%s'", mount->to);
    }
    return cage_landlock_enforce(rules);
}
