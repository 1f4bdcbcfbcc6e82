/*
 * root: the file tree of a cage. Mounts are found while the machine's tree is still there,
 * placed in an empty one, and the machine's tree is taken away.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool set_attributes(int tree, uint64_t attributes, bool recursive)
{
    struct mount_attr change = {.attr_set = attributes};
    unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

    return mount_setattr(tree, "", flags, &change, sizeof(change)) == 0;
}

/* A new file system that has no place yet; `options` are name, value pairs up to a NULL. */
static int new_filesystem(const char *type, const char *const *options, unsigned attributes)
{
    CLEANUP(fd_closep) int context = fsopen(type, FSOPEN_CLOEXEC);

    if (context < 0)
        return -1;
    for (; *options; options += 2)
        if (fsconfig(context, FSCONFIG_SET_STRING, options[0], options[1], 0) != 0)
            return -1;
    if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0)
        return -1;
    return fsmount(context, FSMOUNT_CLOEXEC, attributes);
}

bool cage_step_private_mounts(struct inside *in)
{
    (void)in;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* In a user namespace a tree with mounts below it, made before us, is only given as a whole. */
static int clone_tree(const char *from, bool *recursive)
{
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW;
    int tree = open_tree(AT_FDCWD, from, flags);

    *recursive = tree < 0 && errno == EINVAL;
    return *recursive ? open_tree(AT_FDCWD, from, flags | AT_RECURSIVE) : tree;
}

/* File systems that can't be mapped stay as they are: then the function has what others have. */
static bool map_owner(struct inside *in, size_t i, bool recursive)
{
    struct mount_attr change = {.attr_set = MOUNT_ATTR_IDMAP,
                                .userns_fd = (uint64_t)in->owners[i]};
    unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

    return in->owners[i] < 0 ||
           mount_setattr(in->trees[i], "", flags, &change, sizeof(change)) == 0 ||
           errno == EINVAL || errno == EOPNOTSUPP;
}

static bool open_mount(struct inside *in, size_t i)
{
    const struct cage_mount *mount = &in->spec->mounts[i];
    uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    bool recursive;
    struct stat st;

    in->trees[i] = -1;
    if (!mount->from)
        return true;
    in->trees[i] = clone_tree(mount->from, &recursive);
    if (in->trees[i] < 0)
        return mount->optional && (errno == ENOENT || errno == ENOTDIR);
    if (fstat(in->trees[i], &st) != 0)
        return false;
    if (S_ISLNK(st.st_mode)) {
        errno = ELOOP;
        return false;
    }
    in->tree_is_file[i] = !S_ISDIR(st.st_mode);
    /* What can be written is never run. */
    attributes |= mount->write ? MOUNT_ATTR_NOEXEC : MOUNT_ATTR_RDONLY;
    return set_attributes(in->trees[i], attributes, recursive) && map_owner(in, i, recursive);
}

bool cage_step_open_mounts(struct inside *in)
{
    for (size_t i = 0; i < in->spec->mount_count; i++)
        if (!open_mount(in, i))
            return cage_at(in, "'%s'", in->spec->mounts[i].from);
    return true;
}

/* The machine's /proc must still be in sight: in a user namespace the kernel asks for that. */
bool cage_step_proc(struct inside *in)
{
    static const char *const none[] = {NULL};

    in->proc =
        new_filesystem("proc", none, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    return true; /* without, programs see an empty /proc: less, not more */
}

bool cage_step_root(struct inside *in)
{
    static const char *const options[] = {"size", "1m",   "nr_inodes", "2048",
                                          "mode", "0755", NULL};
    const struct cage_machine *m = in->machine;

    in->root = new_filesystem("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (in->root < 0)
        return false;
    /* Where nothing lies that is still looked for: the old tree goes away. */
    if (move_mount(in->root, "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return false;
    for (size_t i = 0; i < m->link_count; i++)
        if (symlinkat(m->links[i].to, in->root, m->links[i].name) != 0)
            return cage_at(in, "'%s'", m->links[i].name);
    return true;
}

static int open_directory(int root, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                           .resolve =
                               RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/*
 * The directory `path`, made where it is missing; `path` is relative and comes back as it was.
 * Never by way of a symbolic link or "..": one in a granted directory would lead to the
 * machine's own tree.
 */
static int make_directory(int root, char *path)
{
    char *slash = strrchr(path, '/');
    int fd = open_directory(root, path);
    CLEANUP(fd_closep) int parent = -1;

    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (!slash)
        return mkdirat(root, path, 0755) == 0 ? open_directory(root, path) : -1;
    *slash = '\0';
    parent = make_directory(root, path);
    *slash = '/';
    if (parent < 0 || mkdirat(parent, slash + 1, 0755) != 0)
        return -1;
    return open_directory(parent, slash + 1);
}

/* Splits `to` into an open directory, made where it is missing, and a name in it. */
static int open_parent(int root, const char *to, char *path, const char **name)
{
    char *slash;

    if (to[0] != '/' || strlen(to) >= CAGE_PATH_MAX) {
        errno = EINVAL;
        return -1;
    }
    strcpy(path, to + 1);
    slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    if (!slash)
        return fcntl(root, F_DUPFD_CLOEXEC, 0);
    *slash = '\0';
    return make_directory(root, path);
}

static bool make_node(int parent, const char *name, bool file)
{
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        errno = EINVAL;
        return false;
    }
    return (file ? mknodat(parent, name, S_IFREG | 0444, 0) : mkdirat(parent, name, 0755)) ==
               0 ||
           errno == EEXIST;
}

static bool place_tree(struct inside *in, int tree, const char *to, bool file)
{
    char path[CAGE_PATH_MAX];
    const char *name;
    CLEANUP(fd_closep) int parent = open_parent(in->root, to, path, &name);

    return parent >= 0 && make_node(parent, name, file) &&
           (tree < 0 || move_mount(tree, "", parent, name, MOVE_MOUNT_F_EMPTY_PATH) == 0);
}

static bool place_mount(struct inside *in, size_t i)
{
    const struct cage_mount *mount = &in->spec->mounts[i];
    CLEANUP(fd_closep) int tree = in->trees[i];

    in->trees[i] = -1;
    if (mount->from && tree < 0)
        return true; /* optional, and not there */
    return place_tree(in, tree, mount->to, in->tree_is_file[i]);
}

bool cage_step_mounts(struct inside *in)
{
    for (size_t i = 0; i < in->spec->mount_count; i++)
        if (!place_mount(in, i))
            return cage_at(in, "'%s'", in->spec->mounts[i].to);
    return true;
}

static bool place_device(int directory, const char *name)
{
    char path[32];
    CLEANUP(fd_closep) int tree = -1;

    snprintf(path, sizeof(path), "/dev/%s", name);
    tree = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    return tree >= 0 && set_attributes(tree, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, false) &&
           make_node(directory, name, true) &&
           move_mount(tree, "", directory, name, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

bool cage_step_devices(struct inside *in)
{
    static const char *const devices[] = {"null", "zero", "full", "random", "urandom"};
    static const struct cage_link links[] = {{"fd", "/proc/self/fd"},
                                             {"stdin", "/proc/self/fd/0"},
                                             {"stdout", "/proc/self/fd/1"},
                                             {"stderr", "/proc/self/fd/2"}};
    char path[] = "dev";
    CLEANUP(fd_closep) int directory = make_directory(in->root, path);

    if (directory < 0)
        return false;
    for (size_t i = 0; i < COUNT(devices); i++)
        if (!place_device(directory, devices[i]))
            return cage_at(in, "'/dev/%s'", devices[i]);
    for (size_t i = 0; i < COUNT(links); i++)
        if (symlinkat(links[i].to, directory, links[i].name) != 0)
            return cage_at(in, "'/dev/%s'", links[i].name);
    return true;
}

/* Inodes are kernel memory: as many as there are pages of data, and no more. */
bool cage_step_tmp(struct inside *in)
{
    uint64_t size = in->spec->limits.tmp < 4096 ? 4096 : in->spec->limits.tmp;
    uint64_t files = size / 4096 < 1024 ? 1024 : size / 4096 > 65536 ? 65536 : size / 4096;
    char size_text[24], files_text[24];
    const char *options[] = {"size", size_text, "nr_inodes", files_text, "mode", "1777", NULL};
    CLEANUP(fd_closep) int tree = -1;

    snprintf(size_text, sizeof(size_text), "%llu", (unsigned long long)size);
    snprintf(files_text, sizeof(files_text), "%llu", (unsigned long long)files);
    tree = new_filesystem("tmpfs", options,
                          MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    return tree >= 0 && place_tree(in, tree, "/tmp", false);
}

static bool write_file(struct inside *in, const char *path, str text)
{
    CLEANUP(fd_closep)
    int fd = openat(in->root, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

    if (fd < 0 || write(fd, text.at, text.len) != (ssize_t)text.len)
        return cage_at(in, "'/%s'", path);
    return fchmod(fd, 0644) == 0; /* whatever the umask */
}

bool cage_step_etc(struct inside *in)
{
    str hosts =
        in->spec->hosts.len > 0 ? in->spec->hosts : STR("127.0.0.1 localhost\n::1 localhost\n");

    return place_tree(in, -1, "/etc", false) && write_file(in, "etc/hosts", hosts) &&
           write_file(in, "etc/resolv.conf", STR("nameserver 127.0.0.1\n")) &&
           write_file(in, "etc/nsswitch.conf", STR("hosts: files dns\n"));
}

bool cage_step_enter(struct inside *in)
{
    CLEANUP(fd_closep) int root = fd_steal(&in->root);

    return fchdir(root) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 &&
           set_attributes(root, MOUNT_ATTR_RDONLY, false);
}

/* The old root lies on top of the new one, and is our directory. The kernel takes long to let go
 * of mounts: the function's process makes itself ready meanwhile. */
bool cage_step_leave_machine(struct inside *in)
{
    return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 &&
           send(in->handover, "m", 1, MSG_NOSIGNAL) == 1;
}
