#include "watch/watch.h"

enum { NS_PER_MS = 1000000 };

/* Bucket i holds what took at most 2^i ms; the last one the rest. */
static size_t bucket_of(uint64_t ns)
{
    uint64_t whole_ms = ns ? (ns - 1) / NS_PER_MS : 0;
    size_t i = whole_ms ? 64 - (size_t)__builtin_clzll(whole_ms) : 0;

    return i < WATCH_BUCKETS ? i : WATCH_BUCKETS;
}

void watch_duration(struct watch_function *f, uint64_t ns)
{
    f->bucket[bucket_of(ns)]++;
    f->duration_ns += ns;
}

void watch_init_duration(struct watch_function *f, uint64_t ns)
{
    f->init_bucket[bucket_of(ns)]++;
    f->init_ns += ns;
}
