/*
 * owner: whose files a function's mounts are. As root each instance runs as a user of its own,
 * who owns nothing on the machine; a mapped mount shows it what the owner of a granted
 * directory has as its own, and writes what it makes there back in the owner's name.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that does nothing in a user namespace of its own, for as long as that is written. */
static pid_t fork_namespace(void)
{
    struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

    while (pid == 0)
        pause();
    return pid;
}

static bool write_map(pid_t pid, const char *name, unsigned on_disk, unsigned inside)
{
    char path[64], map[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    snprintf(map, sizeof(map), "%u %u 1", on_disk, inside);
    return cage_write(AT_FDCWD, path, map);
}

/* A namespace whose map says: who owns the file on the disk is `uid` here. */
static int owner_namespace(uid_t uid, const struct stat *owner)
{
    pid_t pid = fork_namespace();
    char path[64];
    int fd = -1;

    if (pid < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
    if (write_map(pid, "uid_map", owner->st_uid, uid) &&
        write_map(pid, "gid_map", owner->st_gid, uid))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return fd;
}

/* Mounts of one owner, which most are, share a namespace. */
static int known_namespace(const int *namespaces, size_t count, const struct stat *owner,
                           const struct stat *owners)
{
    for (size_t i = 0; i < count; i++)
        if (namespaces[i] >= 0 && owners[i].st_uid == owner->st_uid &&
            owners[i].st_gid == owner->st_gid)
            return fcntl(namespaces[i], F_DUPFD_CLOEXEC, 0);
    return -1;
}

void cage_owners_open(const struct cage_machine *m, const struct cage_spec *spec, uid_t uid,
                      int *owners)
{
    struct stat of[CAGE_MOUNTS_MAX];

    for (size_t i = 0; i < spec->mount_count; i++) {
        owners[i] = -1;
        if (!m->root || !spec->mounts[i].owned || stat(spec->mounts[i].from, &of[i]) != 0)
            continue;
        owners[i] = known_namespace(owners, i, &of[i], of);
        if (owners[i] < 0)
            owners[i] = owner_namespace(uid, &of[i]);
    }
}

void cage_owners_close(const struct cage_spec *spec, int *owners)
{
    for (size_t i = 0; i < spec->mount_count; i++)
        fd_closep(&owners[i]);
}
