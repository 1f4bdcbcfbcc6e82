/*
 * machine: what this kernel offers, asked once; the rest of the room only reads it.
 */
#include "cage/inside.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Root in a container may lack what it takes to make mounts and to change users. */
static bool is_real_root(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {0};
    const uint32_t needed = 1U << CAP_SYS_ADMIN | 1U << CAP_SETUID | 1U << CAP_SETGID |
                            1U << CAP_SETPCAP | 1U << CAP_NET_ADMIN | 1U << CAP_DAC_OVERRIDE;

    if (geteuid() != 0 || syscall(SYS_capget, &head, data) != 0)
        return false;
    return (data[0].effective & needed) == needed;
}

/* A bad program address is looked at after the flags: EFAULT means that they are known. */
static bool knows_filter_flags(unsigned long flags)
{
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) != 0 && errno == EFAULT;
}

/* Since Linux 5.14 the warden can open a file for who asks. */
static bool can_give_descriptors(void)
{
    struct seccomp_notif_sizes sizes;
    struct utsname name;
    int major, minor;

    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0 || uname(&name) != 0)
        return false;
    return sscanf(name.release, "%d.%d", &major, &minor) == 2 &&
           (major > 5 || (major == 5 && minor >= 14));
}

static void find_links(struct cage_machine *m)
{
    static const char *const names[CAGE_LINKS_MAX] = {"bin", "lib", "lib64", "lib32", "sbin"};
    char path[16];

    for (size_t i = 0; i < COUNT(names); i++) {
        struct cage_link *link = &m->links[m->link_count];
        ssize_t n;

        snprintf(path, sizeof(path), "/%s", names[i]);
        n = readlink(path, link->to, sizeof(link->to) - 1);
        if (n <= 0 || link->to[0] == '/')
            continue;
        link->to[n] = '\0';
        link->name = names[i];
        m->link_count++;
    }
}

bool cage_machine_probe(struct cage_machine **ret, struct err *e)
{
    struct cage_machine *m = calloc(1, sizeof(*m));

    if (!m)
        return err_limit(e);
    m->uid = geteuid();
    m->gid = getegid();
    m->root = is_real_root();
    m->landlock = cage_landlock_version();
    m->notify = knows_filter_flags(SECCOMP_FILTER_FLAG_NEW_LISTENER) && can_give_descriptors();
    m->killable = m->notify && knows_filter_flags(SECCOMP_FILTER_FLAG_NEW_LISTENER |
                                                  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    find_links(m);
    if (!cage_filters_compile(m, e)) {
        cage_machine_free(m);
        return false;
    }
    cage_cgroups_probe(&m->cgroups);
    *ret = m;
    return true;
}

void cage_machine_free(struct cage_machine *m)
{
    if (!m)
        return;
    cage_cgroups_remove(&m->cgroups);
    for (size_t i = 0; i < CAGE_SYSCALLS; i++)
        free(m->names[i]);
    free(m->filter.at);
    free(m->warden_filter.at);
    free(m);
}
