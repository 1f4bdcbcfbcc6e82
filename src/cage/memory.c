/*
 * memory: past the limit the kernel kills, where there is a control group, and the warden tells.
 * Elsewhere the warden looks itself, four times a second: slower than a quick allocation, which
 * RLIMIT_DATA bounds, but honest.
 */
#include "cage/warden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static const uint64_t SAMPLE_NS = 250000000;

bool cage_memory_is_sampled(const struct warden *w)
{
    return !w->in->machine->cgroups.live[CAGE_MEMORY] && w->in->spec->limits.memory > 0 &&
           w->processes >= 0;
}

static uint64_t number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

/* What only this process has: its own pages and those in memory files, not the program's. */
static uint64_t memory_of(const struct warden *w, const char *pid)
{
    char path[32], text[4096];
    CLEANUP(fd_closep) int fd = -1;
    ssize_t size;

    snprintf(path, sizeof(path), "%.16s/status", pid);
    fd = openat(w->in->proc, path, O_RDONLY | O_CLOEXEC);
    size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (size <= 0)
        return 0;
    text[size] = '\0';
    return (number_after(text, "\nRssAnon:") + number_after(text, "\nRssShmem:")) * 1024;
}

static uint64_t memory_of_all(struct warden *w)
{
    _Alignas(struct dirent64) char entries[4096];
    uint64_t sum = 0;
    long n;

    lseek(w->processes, 0, SEEK_SET);
    while ((n = syscall(SYS_getdents64, w->processes, entries, sizeof(entries))) > 0) {
        for (long i = 0; i < n;) {
            const struct dirent64 *entry = (const void *)(entries + i);

            if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
                strcmp(entry->d_name, "1") != 0)
                sum += memory_of(w, entry->d_name);
            i += entry->d_reclen;
        }
    }
    return sum;
}

void cage_memory_look(struct warden *w)
{
    uint64_t now = clock_mono_ns();

    if (!cage_memory_is_sampled(w) || now - w->sampled_ns < SAMPLE_NS)
        return;
    w->sampled_ns = now;
    if (memory_of_all(w) <= w->in->spec->limits.memory)
        return;
    cage_tell(&w->tell, CAGE_DENIED_MEMORY, (str){0});
    kill(-1, SIGKILL); /* everyone inside but us */
}

/* Version 1 and 2 write the count behind the same word. */
void cage_memory_killed(struct warden *w)
{
    char text[512] = "\n";
    ssize_t size;
    uint64_t killed;

    if (w->in->memory_events < 0)
        return;
    size = pread(w->in->memory_events, text + 1, sizeof(text) - 2, 0);
    killed = size > 0 ? number_after(text, "\noom_kill ") : 0;
    if (killed > w->killed)
        cage_tell(&w->tell, CAGE_DENIED_MEMORY, (str){0});
    w->killed = killed;
}
