#include "age/age.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SECRET_MAX = 1 << 30 };

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t n)
{
    size_t page = page_size();

    return (n + page - 1) / page * page;
}

/*
 * Best effort, each of them: the lock is small where RLIMIT_MEMLOCK is, and some sandboxes know
 * only part of the advice. The guard pages and the wiping always hold.
 */
static void keep_private(void *at, size_t n)
{
    int saved = errno;

    (void)!mlock(at, n);
    (void)!madvise(at, n, MADV_DONTDUMP);
    (void)!madvise(at, n, MADV_WIPEONFORK);
    errno = saved;
}

bool secret_new(size_t cap, struct secret *ret, struct err *e)
{
    size_t page = page_size(), inside = whole_pages(cap ? cap : 1);
    char *at;

    if (cap > SECRET_MAX)
        return err_limit(e);
    at = mmap(NULL, inside + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return err_sys(e, "cannot map memory for a secret");
    if (mprotect(at + page, inside, PROT_READ | PROT_WRITE) < 0) {
        err_sys(e, "cannot open memory for a secret");
        munmap(at, inside + 2 * page);
        return false;
    }
    keep_private(at + page, inside);
    *ret = (struct secret){.at = at + page, .cap = cap};
    return true;
}

void secret_free(struct secret *s)
{
    size_t page = page_size(), inside = whole_pages(s->cap ? s->cap : 1);

    if (!s->at)
        return;
    memory_wipe(s->at, inside);
    munmap(s->at - page, inside + 2 * page);
    *s = (struct secret){0};
}

struct secret secret_steal(struct secret *s)
{
    struct secret taken = *s;

    *s = (struct secret){0};
    return taken;
}

str secret_str(const struct secret *s)
{
    return (str){s->at ? s->at : "", s->len};
}

static bool grow(struct secret *s, struct err *e)
{
    struct secret larger;

    if (!secret_new(s->cap * 2, &larger, e))
        return false;
    memcpy(larger.at, s->at, s->len);
    larger.len = s->len;
    secret_free(s);
    *s = larger;
    return true;
}

bool secret_read_fd(int fd, size_t max, struct secret *ret, struct err *e)
{
    CLEANUP(secret_free) struct secret s = {0};

    if (!secret_new(page_size(), &s, e))
        return false;
    for (;;) {
        ssize_t n;

        if (s.len == s.cap && !grow(&s, e))
            return false;
        n = read(fd, s.at + s.len, s.cap - s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(e, "cannot read");
        if (s.len + (size_t)n > max)
            return err_set(e, ERR_LIMIT, "larger than the limit of %zu bytes", max);
        if (n == 0)
            break;
        s.len += (size_t)n;
    }
    *ret = secret_steal(&s);
    return true;
}
