/* The spec of a cage, copied to where its warden can see it. */
#include "cage/order.h"

#include <sys/mman.h>

/* Text and arrays, one behind the other, in pages that do not move. */
struct pages {
    char *at;
    size_t used, size;
    bool full;
};

static void *map_pages(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

bool order_map(struct order_pages *ret, struct err *e)
{
    struct order_pages p = {map_pages(ORDER_BYTES_MAX), map_pages(ORDER_ARGUMENTS_MAX), 0};

    if (p.order && p.arguments) {
        *ret = p;
        return true;
    }
    err_sys(e, "cannot map memory");
    order_unmap(&p);
    return false;
}

bool order_keep_from_others(const struct order_pages *p, struct err *e)
{
    return (madvise(p->arguments, ORDER_ARGUMENTS_MAX, MADV_DONTFORK) == 0 &&
            madvise(p->order, ORDER_BYTES_MAX, MADV_DONTFORK) == 0) ||
           err_sys(e, "cannot keep memory to ourselves");
}

void order_wipe(const struct order_pages *p)
{
    memory_wipe(p->arguments, p->arguments_used);
}

void order_forget_arguments(struct order_pages *p)
{
    if (p->arguments)
        munmap(p->arguments, ORDER_ARGUMENTS_MAX);
    p->arguments = NULL;
}

void order_unmap(struct order_pages *p)
{
    order_forget_arguments(p);
    if (p->order)
        munmap(p->order, ORDER_BYTES_MAX);
    p->order = NULL;
}

/* ---- copying ---- */

static void *take(struct pages *p, size_t size)
{
    size_t from = (p->used + 15) & ~(size_t)15;

    if (p->full || size > p->size || from > p->size - size) {
        p->full = true;
        return NULL;
    }
    p->used = from + size;
    return p->at + from;
}

static const char *copy_text(struct pages *p, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    char *copy = text ? take(p, size) : NULL;

    return copy ? memcpy(copy, text, size) : NULL;
}

static const char **copy_list(struct pages *p, const char *const *list, size_t n)
{
    const char **copy = take(p, (n + 1) * sizeof(*copy));

    for (size_t i = 0; copy && i < n; i++)
        copy[i] = copy_text(p, list[i]);
    if (copy)
        copy[n] = NULL;
    return copy;
}

static const char *const *copy_strings(struct pages *p, const char *const *list)
{
    size_t n = 0;

    while (list && list[n])
        n++;
    return copy_list(p, list, n);
}

static const struct cage_mount *copy_mounts(struct pages *p, const struct cage_spec *spec)
{
    struct cage_mount *copy = take(p, (spec->mount_count + 1) * sizeof(*copy));

    for (size_t i = 0; copy && i < spec->mount_count; i++) {
        copy[i] = spec->mounts[i];
        copy[i].from = copy_text(p, spec->mounts[i].from);
        copy[i].to = copy_text(p, spec->mounts[i].to);
    }
    return copy;
}

static const struct cage_listener *copy_listeners(struct pages *p, const struct cage_spec *spec)
{
    struct cage_listener *copy = take(p, (spec->listener_count + 1) * sizeof(*copy));

    for (size_t i = 0; copy && i < spec->listener_count; i++) {
        copy[i] = spec->listeners[i];
        copy[i].address = copy_text(p, spec->listeners[i].address);
    }
    return copy;
}

static str copy_str(struct pages *p, str s)
{
    char *copy = s.len ? take(p, s.len) : NULL;

    return copy ? (str){memcpy(copy, s.at, s.len), s.len} : (str){NULL, 0};
}

bool order_write(struct order_pages *o, const struct cage_spec *spec, struct err *e)
{
    struct pages p = {(char *)o->order, sizeof(*o->order), ORDER_BYTES_MAX, false};
    struct pages arguments = {o->arguments, 0, ORDER_ARGUMENTS_MAX, false};
    struct cage_spec *copy = &o->order->spec;

    *copy = *spec;
    copy->name = copy_text(&p, spec->name);
    copy->mounts = copy_mounts(&p, spec);
    copy->listeners = copy_listeners(&p, spec);
    copy->hosts = copy_str(&p, spec->hosts);
    copy->run = copy_list(&p, spec->run, spec->run_count);
    copy->program = copy_text(&p, spec->program);
    copy->directory = copy_text(&p, spec->directory);
    copy->argv = copy_strings(&arguments, spec->argv);
    copy->envp = copy_strings(&arguments, spec->envp);
    o->arguments_used = arguments.used;
    if (p.full || arguments.full)
        return err_set(e, ERR_LIMIT, "starting '%s': %s", spec->name,
                       p.full ? "its mounts and names are too long"
                              : "its arguments and environment are too long");
    return true;
}
