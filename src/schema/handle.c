#include "schema/handle.h"
#include "format/format.h"
#include "pattern/pattern.h"

uint64_t program_sum(str program)
{
    size_t from = offsetof(struct program, sum) + sizeof(uint64_t);

    return str_hash(str_sub(program, from, program.len), PROGRAM_VERSION);
}

static str text_at(const struct schema *s, uint32_t list, uint32_t i)
{
    const struct span *span = (const struct span *)(const void *)(s->base + list) + i;

    return (str){s->base + span->at, span->len};
}

/* `program` stays where it is. */
static bool make(struct arena *a, struct schema *s, str program, struct err *e)
{
    const struct program *p;

    *s = (struct schema){.base = program.at, .size = program.len};
    p = handle_program(s);
    s->patterns = arena_array(a, p->pattern_count, sizeof(*s->patterns));
    s->broken = arena_array(a, p->pattern_count, sizeof(*s->broken));
    s->formats = arena_array(a, p->format_count, sizeof(*s->formats));
    if (!s->patterns || !s->broken || !s->formats)
        return err_limit(e);
    for (uint32_t i = 0; i < p->format_count; i++) {
        s->formats[i] = format_find(text_at(s, p->formats, i));
        if (!s->formats[i])
            return err_set(e, ERR_INPUT, "a compiled schema needs a format that is not known");
    }
    random_bytes(&s->seed, sizeof(s->seed));
    return true;
}

bool handle_take(struct arena *a, struct schema *s, str program, struct err *e)
{
    str copy = arena_str(a, program);

    return copy.at ? make(a, s, copy, e) : err_limit(e);
}

str schema_program(const struct schema *s)
{
    return (str){s->base, s->size};
}

static bool fail_damaged(struct err *e)
{
    err_set(e, ERR_INPUT, "a compiled schema is damaged, or made by another version");
    return err_fix(e, "compile it anew");
}

bool schema_open(struct arena *a, str program, struct schema **ret, struct err *e)
{
    struct schema *s = arena_alloc(a, sizeof(*s));
    const struct program *p = (const void *)program.at;

    if (!s)
        return err_limit(e);
    if (program.len < sizeof(*p) || (uintptr_t)program.at % 8 ||
        memcmp(p->magic, PROGRAM_MAGIC, sizeof(p->magic)) != 0 ||
        p->version != PROGRAM_VERSION || p->size != program.len ||
        p->sum != program_sum(program))
        return fail_damaged(e);
    if (!make(a, s, program, e))
        return false;
    *ret = s;
    return true;
}

struct pattern *handle_pattern(const struct schema *s, uint32_t number)
{
    struct err e = {0};

    if (s->patterns[number] || s->broken[number])
        return s->patterns[number];
    /* How strict to be was settled when the schema was compiled. */
    if (!pattern_compile_loose(text_at(s, handle_program(s)->patterns, number),
                               &s->patterns[number], &e))
        s->broken[number] = true;
    return s->patterns[number];
}

bool schema_prepare(struct schema *s, struct err *e)
{
    for (uint32_t i = 0; i < handle_program(s)->pattern_count; i++)
        if (!handle_pattern(s, i))
            return err_limit(e);
    return true;
}

void schema_free(struct schema *s)
{
    for (uint32_t i = 0; s && s->base && i < handle_program(s)->pattern_count; i++) {
        pattern_free(s->patterns[i]);
        s->patterns[i] = NULL;
    }
}
