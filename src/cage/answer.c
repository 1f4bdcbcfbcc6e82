/*
 * answer: the system calls that the filter does not decide by itself.
 *
 * Who asks is the attacker: its memory changes under our eyes and another of its threads is
 * faster than we are. So an answer enforces only what does not depend on that memory (nothing
 * may be started; a descriptor that we opened ourselves), and lets the kernel, that is mounts,
 * Landlock and namespaces, decide on everything else. What we read is for telling.
 */
#include "cage/warden.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

static const struct {
    long number;
    struct cage_answer (*answer)(struct warden *w, const struct seccomp_notif *n);
} answers[] = {
    {SYS_openat, cage_answer_open},         {SYS_openat2, cage_answer_open},
#ifdef SYS_open
    {SYS_open, cage_answer_open},           {SYS_creat, cage_answer_open},
    {SYS_readlink, cage_answer_readlink},   {SYS_fork, cage_answer_fork},
    {SYS_vfork, cage_answer_fork},
#endif
    {SYS_readlinkat, cage_answer_readlink}, {SYS_execve, cage_answer_exec},
    {SYS_execveat, cage_answer_exec},       {SYS_connect, cage_answer_connect},
    {SYS_clone, cage_answer_fork},
};

static struct cage_answer refuse(struct warden *w, const struct seccomp_notif *n)
{
    long number = n->data.nr;
    const char *name =
        number >= 0 && number < CAGE_SYSCALLS ? w->in->machine->names[number] : NULL;

    if (!name)
        return FAIL(ENOSYS); /* newer than our tables: programs then do without */
    cage_tell(&w->tell, CAGE_DENIED_SYSCALL, str_of(name));
    /* What a program expects of a descriptor that knows no such request. */
    return FAIL(number == SYS_ioctl ? ENOTTY : EPERM);
}

static struct cage_answer decide(struct warden *w, const struct seccomp_notif *n)
{
    for (size_t i = 0; i < COUNT(answers); i++)
        if (answers[i].number == n->data.nr)
            return answers[i].answer(w, n);
    return refuse(w, n);
}

static void reply(const struct warden *w, uint64_t id, struct cage_answer answer)
{
    struct seccomp_notif_resp r = {.id = id};

    if (answer.kind == ANSWER_GO_ON)
        r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (answer.kind == ANSWER_FAIL)
        r.error = -(int)answer.value;
    else
        r.val = answer.value;
    ioctl(w->listener, SECCOMP_IOCTL_NOTIF_SEND, &r); /* fails when the caller is dead */
}

bool cage_answer_one(struct warden *w)
{
    /* Room for what newer kernels add at the end. */
    union {
        struct seccomp_notif n;
        char room[512];
    } u = {0};
    struct cage_answer answer;

    if (ioctl(w->listener, SECCOMP_IOCTL_NOTIF_RECV, &u) != 0)
        return errno == EINTR || errno == ENOENT; /* the caller died before we looked */
    answer = decide(w, &u.n);
    if (answer.kind != ANSWER_GONE)
        reply(w, u.n.id, answer);
    return true;
}
