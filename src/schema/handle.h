/* A program in use: its bytes, and what is made of its patterns and formats. Private. */
#pragma once

#include "schema/program.h"

struct pattern;
struct format;

struct schema {
    const char *base;
    size_t size;
    uint64_t seed; /* of tables of an event's own values */
    struct pattern **patterns; /* each NULL until it is needed first */
    bool *broken; /* could not be made: for want of memory, since it was checked before */
    const struct format **formats;
};

static inline const struct program *handle_program(const struct schema *s)
{
    return (const struct program *)(const void *)s->base;
}

/* Copies the program into the arena and makes `s` of it. */
bool handle_take(struct arena *a, struct schema *s, str program, struct err *e) MUST_USE;
/* NULL without memory. */
struct pattern *handle_pattern(const struct schema *s, uint32_t number);
