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

/* A namespace whose map says: who owns the file on the disk is `in->uid` here. */
static int owner_namespace(const struct inside *in, const struct stat *owner)
{
    pid_t pid = fork_namespace();
    char path[64];
    int fd = -1;

    if (pid < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
    if (write_map(pid, "uid_map", owner->st_uid, in->uid) &&
        write_map(pid, "gid_map", owner->st_gid, in->gid))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return fd;
}

/* Mounts of one owner, which most are, share a namespace. */
static int known_namespace(const struct inside *in, size_t count, const struct stat *owner,
                           const struct stat *owners)
{
    for (size_t i = 0; i < count; i++)
        if (in->owners[i] >= 0 && owners[i].st_uid == owner->st_uid &&
            owners[i].st_gid == owner->st_gid)
            return fcntl(in->owners[i], F_DUPFD_CLOEXEC, 0);
    return -1;
}

void cage_owners_open(struct inside *in)
{
    struct stat owners[CAGE_MOUNTS_MAX];

    for (size_t i = 0; i < in->spec->mount_count; i++) {
        const struct cage_mount *mount = &in->spec->mounts[i];

        in->owners[i] = -1;
        if (!in->machine->root || !mount->owned || stat(mount->from, &owners[i]) != 0)
            continue;
        in->owners[i] = known_namespace(in, i, &owners[i], owners);
        if (in->owners[i] < 0)
            in->owners[i] = owner_namespace(in, &owners[i]);
    }
}

void cage_owners_close(struct inside *in)
{
    for (size_t i = 0; i < in->spec->mount_count; i++)
        fd_closep(&in->owners[i]);
}
