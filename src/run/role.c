#include "run/role.h"

#include "cage/cage.h"
#include "run/broker.h"
#include "run/front.h"
#include "run/message.h"
#include "run/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct {
    const char *name;
    int (*main)(void);
} roles[] = {
    {"front", front_main},
    {"broker", broker_main},
};

bool role_main(int argc, char **argv, int *exit_code)
{
    static const char prefix[] = "--role=";

    if (argc != 2 || strncmp(argv[1], prefix, sizeof(prefix) - 1) != 0)
        return false;
    for (size_t i = 0; i < COUNT(roles); i++)
        if (strcmp(argv[1] + sizeof(prefix) - 1, roles[i].name) == 0) {
            *exit_code = roles[i].main();
            return true;
        }
    return false;
}

/* Between fork and exec: only calls that are safe there. */
static void become(char *const argv[], const int fds[], pid_t parent)
{
    char *const environment[] = {NULL};
    int high[ROLE_FDS_END - ROLE_KEEPER];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    /* First out of the way, so that no target number is still needed as a source. */
    for (int i = 0; i < ROLE_FDS_END - ROLE_KEEPER; i++)
        high[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, 64);
    for (int i = 0; i < ROLE_FDS_END - ROLE_KEEPER; i++)
        if (high[i] < 0 ? close(ROLE_KEEPER + i), false : dup2(high[i], ROLE_KEEPER + i) < 0)
            _exit(127);
    close_range(ROLE_FDS_END, ~0u, 0);
    execve("/proc/self/exe", argv, environment);
    _exit(127);
}

bool role_start(const char *name, const int fds[ROLE_FDS_END - ROLE_KEEPER], pid_t *ret,
                struct err *e)
{
    char role[32];
    char *argv[] = {(char *)"fnward", role, NULL};
    sigset_t none;
    pid_t parent = getpid(), pid;

    snprintf(role, sizeof(role), "--role=%s", name);
    pid = fork();
    if (pid < 0)
        return err_sys(e, "cannot start the %s process", name);
    if (pid == 0) {
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        become(argv, fds, parent);
    }
    *ret = pid;
    return true;
}

void role_ignore_signals(void)
{
    static const int ignored[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < COUNT(ignored); i++)
        signal(ignored[i], SIG_IGN);
}

void role_fail(const struct err *e)
{
    struct message m = {.kind = MESSAGE_FAILED};

    message_set_text(&m, str_of(e->what));
    message_send(ROLE_KEEPER, &m, NULL);
}

/* Nothing else was inherited (see become), so these are the loop's own and what we were given. */
static size_t all_descriptors(int keep[CAGE_KEEP_MAX])
{
    for (int i = 0; i < CAGE_KEEP_MAX; i++)
        keep[i] = ROLE_KEEPER + i;
    return CAGE_KEEP_MAX;
}

bool role_lock_keeper(struct err *e)
{
    int keep[CAGE_KEEP_MAX];
    struct cage_self self = {
        .role = "keeper", .keep = keep, .all_files = true, .keep_privileges = true};

    self.keep_count = all_descriptors(keep);
    return cage_lock_self(&self, e);
}

bool role_lock(const char *name, const char *const *files, struct err *e)
{
    enum { FILES_MAX = 16, FIRST_UID = 0x6fffff00 }; /* next to no user of any machine */
    struct cage_path paths[FILES_MAX];
    int keep[CAGE_KEEP_MAX];
    struct cage_self self = {.role = name, .keep = keep, .paths = paths};

    self.keep_count = all_descriptors(keep);
    for (; files && *files && self.path_count < FILES_MAX; files++)
        if (file_exists(*files))
            paths[self.path_count++] = (struct cage_path){.path = *files};
    for (size_t i = 0; i < COUNT(roles); i++)
        if (strcmp(roles[i].name, name) == 0)
            self.uid = self.gid = (uid_t)(FIRST_UID + i);
    return cage_lock_self(&self, e);
}
