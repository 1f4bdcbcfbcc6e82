#include "base/base.h"

#include <stdlib.h>

/*
 * Blocks double from FIRST up to LARGEST; a request too big for that gets a block of its own.
 * The first block holds the arena itself.
 */
enum { FIRST = 4096, LARGEST = 1 << 20, ALIGN = 16 };

struct block {
    struct block *next;
    size_t size, used; /* of the bytes behind this header */
};

struct arena {
    struct block *current; /* newest; the chain ends at `first` */
    struct block *first;
    size_t limit, taken; /* taken: bytes of all blocks */
    size_t used;
};

static char *block_bytes(struct block *b)
{
    return (char *)b + sizeof(struct block);
}

_Static_assert(sizeof(struct block) % 8 == 0, "what follows a block header is aligned below");

static size_t round_up(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static struct block *block_new(size_t size)
{
    struct block *b = malloc(sizeof(*b) + size);

    if (b)
        *b = (struct block){.size = size};
    return b;
}

struct arena *arena_new(size_t limit)
{
    struct block *b = block_new(FIRST);
    struct arena *a;

    if (!b)
        return NULL;
    a = (struct arena *)(void *)block_bytes(b);
    b->used = round_up(sizeof(*a)) + 8; /* 8: the header is 24 bytes, the next is aligned */
    *a = (struct arena){.current = b, .first = b, .limit = limit ? limit : ARENA_DEFAULT};
    a->taken = FIRST;
    return a;
}

static void drop_blocks_after_first(struct arena *a)
{
    while (a->current != a->first) {
        struct block *gone = a->current;

        a->current = gone->next;
        free(gone);
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    drop_blocks_after_first(a);
    free(a->first);
}

void arena_freep(struct arena **a)
{
    arena_free(*a);
    *a = NULL;
}

void arena_reset(struct arena *a)
{
    drop_blocks_after_first(a);
    a->first->used = round_up(sizeof(*a)) + 8;
    a->taken = FIRST;
    a->used = 0;
}

static struct block *grow(struct arena *a, size_t need)
{
    size_t size = a->current->size * 2;
    struct block *b;

    if (size > LARGEST)
        size = LARGEST;
    if (size < need + ALIGN)
        size = need + ALIGN;
    if (size > a->limit || a->taken > a->limit - size)
        size = need + ALIGN;
    if (size > a->limit || a->taken > a->limit - size)
        return NULL;
    b = block_new(size);
    if (!b)
        return NULL;
    b->used = 8;
    b->next = a->current;
    a->current = b;
    a->taken += size;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct block *b = a->current;
    void *at;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = round_up(size ? size : 1);
    if (b->size - b->used < size) {
        b = grow(a, size);
        if (!b)
            return NULL;
    }
    at = block_bytes(b) + b->used;
    b->used += size;
    a->used += size;
    return memset(at, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return arena_alloc(a, bytes);
}

bool arena_grow(struct arena *a, void *at, size_t count, size_t *capacity, size_t size)
{
    size_t more = *capacity ? 2 * *capacity : 16;
    void *old, *grown;

    if (count < *capacity)
        return true;
    grown = arena_array(a, more, size);
    if (!grown)
        return false;
    memcpy(&old, at, sizeof(old));
    if (count)
        memcpy(grown, old, count * size);
    memcpy(at, &grown, sizeof(grown));
    *capacity = more;
    return true;
}

str arena_str(struct arena *a, str s)
{
    char *at = s.len < SIZE_MAX ? arena_alloc(a, s.len + 1) : NULL;

    if (!at)
        return (str){NULL, 0};
    if (s.len)
        memcpy(at, s.at, s.len);
    return (str){at, s.len};
}

str arena_format(struct arena *a, const char *format, ...)
{
    va_list args, again;
    int n;
    char *at;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    at = n >= 0 ? arena_alloc(a, (size_t)n + 1) : NULL;
    if (at)
        vsnprintf(at, (size_t)n + 1, format, again);
    va_end(again);
    return at ? (str){at, (size_t)n} : (str){NULL, 0};
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
