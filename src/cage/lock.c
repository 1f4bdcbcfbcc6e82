/*
 * lock: what fnward's own processes give up before they read a byte from others.
 */
#include "cage/inside.h"
#include "cage/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define RIGHT(right) LANDLOCK_ACCESS_FS_##right

static const uint64_t READ = RIGHT(READ_FILE) | RIGHT(READ_DIR);
static const uint64_t WRITE = RIGHT(WRITE_FILE) | RIGHT(TRUNCATE) | RIGHT(MAKE_REG) |
                              RIGHT(REMOVE_FILE) | RIGHT(MAKE_DIR) | RIGHT(REMOVE_DIR) |
                              RIGHT(REFER);

static bool close_others(const struct cage_self *what)
{
    int keep[CAGE_KEEP_MAX + 3] = {0, 1, 2};

    for (size_t i = 0; i < what->keep_count; i++)
        keep[i + 3] = what->keep[i];
    return cage_close_others(keep, what->keep_count + 3);
}

/* Root stays root in a namespace where there is nobody else to become. */
static bool become(const struct cage_self *what)
{
    if (what->uid == 0 || geteuid() != 0)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(what->gid, what->gid, what->gid) == 0 &&
           setresuid(what->uid, what->uid, what->uid) == 0;
}

static bool drop_privileges(const struct cage_self *what)
{
    if (what->keep_privileges)
        return true;
    return cage_drop_bounding() && become(what) && cage_drop_all();
}

static bool uninspected;

static bool stop_inspection(const struct cage_self *what)
{
    (void)what;
    uninspected = prctl(PR_SET_DUMPABLE, 0) == 0;
    return uninspected && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

#ifdef __SANITIZE_ADDRESS__
/* LeakSanitizer asks this at exit: it cannot look through a process that refuses inspection. */
__attribute__((visibility("default"))) int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return uninspected;
}
#endif

static bool restrict_files(const struct cage_self *what)
{
    int version = cage_landlock_version();
    CLEANUP(fd_closep) int rules = -1;

    if (version == 0 || what->all_files)
        return true;
    rules = cage_landlock_new(version);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < what->path_count; i++) {
        const struct cage_path *p = &what->paths[i];

        if (!cage_landlock_allow(rules, version, p->path, READ | (p->write ? WRITE : 0)))
            return false;
    }
    return cage_landlock_enforce(rules);
}

static const struct {
    const char *name;
    bool (*apply)(const struct cage_self *what);
} steps[] = {
    {"close what was inherited", close_others},
    {"drop the privileges", drop_privileges},
    {"refuse inspection and new privileges", stop_inspection},
    {"restrict the files", restrict_files},
};

bool cage_lock_self(const struct cage_self *what, struct err *e)
{
    const struct cage_role *role = cage_role_find(what->role);

    if (!role || what->keep_count > CAGE_KEEP_MAX)
        return err_set(e, ERR_USAGE, "there is no role '%s' that keeps %zu descriptors",
                       what->role, what->keep_count);
    for (size_t i = 0; i < COUNT(steps); i++)
        if (!steps[i].apply(what))
            return err_sys(e, "locking the %s: step '%s'", what->role, steps[i].name);
    return cage_role_enforce(role, e) || err_wrap(e, "locking the %s", what->role);
}
