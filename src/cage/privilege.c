/*
 * privilege: who the cage's processes are, and all that they no longer may.
 */
#include "cage/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ascending(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Closes all but the `n` given, which may hold -1. */
bool cage_close_others(int *keep, size_t n)
{
    int from = 0;

    qsort(keep, n, sizeof(*keep), ascending);
    for (size_t i = 0; i < n; i++) {
        if (keep[i] > from && close_range((unsigned)from, (unsigned)keep[i] - 1, 0) != 0)
            return false;
        from = keep[i] >= from ? keep[i] + 1 : from;
    }
    return close_range((unsigned)from, ~0U, 0) == 0;
}

/* The keeper's descriptors reach other functions, keys and the ledger. */
bool cage_step_close_inherited(struct inside *in)
{
    int keep[] = {
        in->events,           in->trouble,      in->groups[CAGE_MEMORY], in->groups[CAGE_PIDS],
        in->groups[CAGE_CPU], in->memory_events};

    if (!cage_close_others(keep, COUNT(keep)))
        return false;
    /* Handlers are gone; what the keeper ignores the function expects to be told. */
    for (int i = 1; i < SIGSYS; i++)
        if (i != SIGKILL && i != SIGSTOP)
            signal(i, SIG_DFL);
    return true;
}

/*
 * An ordinary user is root of the namespace only. A keeper that can't be inspected has files in
 * /proc that belong to root; being inspectable until the maps are written shows nothing to
 * others than those who are the same user.
 */
bool cage_step_user(struct inside *in)
{
    char map[64];

    if (in->machine->root)
        return true;
    if (prctl(PR_SET_DUMPABLE, 1) != 0 || !cage_write(AT_FDCWD, "/proc/self/setgroups", "deny"))
        return cage_at(in, "'/proc/self/setgroups'");
    snprintf(map, sizeof(map), "%d %u 1", CAGE_INNER_UID, in->machine->uid);
    if (!cage_write(AT_FDCWD, "/proc/self/uid_map", map))
        return cage_at(in, "'/proc/self/uid_map'");
    snprintf(map, sizeof(map), "%d %u 1", CAGE_INNER_UID, in->machine->gid);
    if (!cage_write(AT_FDCWD, "/proc/self/gid_map", map))
        return cage_at(in, "'/proc/self/gid_map'");
    return prctl(PR_SET_DUMPABLE, 0) == 0;
}

bool cage_step_hide_cgroups(struct inside *in)
{
    (void)in;
    return unshare(CLONE_NEWCGROUP) == 0;
}

/* Without CAP_SETPCAP nothing is bounding that an ordinary user could gain. */
bool cage_drop_bounding(void)
{
    for (unsigned long i = 0; i <= CAP_LAST_CAP; i++)
        if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0 && errno != EINVAL && errno != EPERM)
            return false;
    return true;
}

bool cage_drop_all(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {0};

    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
           syscall(SYS_capset, &head, none) == 0;
}

static bool become(uid_t uid, gid_t gid)
{
    return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
           setresuid(uid, uid, uid) == 0;
}

/* To read its function's memory it is enough for the warden to be its user. It starts no
 * program, so that what a program could gain does not concern it. */
bool cage_step_give_up(struct inside *in)
{
    return (!in->machine->root || become(in->uid, in->gid)) && cage_drop_all();
}

bool cage_step_drop_capabilities(struct inside *in)
{
    return cage_drop_bounding() && cage_step_give_up(in);
}

/* Both are undone by a change of user: this comes last. */
bool cage_step_guard_warden(struct inside *in)
{
    (void)in;
    return prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

bool cage_step_no_new_privileges(struct inside *in)
{
    (void)in;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}
