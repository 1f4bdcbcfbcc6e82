/* Running a program. Private to the room. */
#pragma once

#include "schema/handle.h"

/* UNDECIDED means that a budget ran out. It ends the whole evaluation, whatever stands
 * around it, so that an event is rejected and never accepted for want of time. */
enum verdict { FAILS, HOLDS, UNDECIDED };

struct run {
    const char *base;
    const struct schema *schema;
    unsigned depth;
    bool undecided;
    uint64_t steps_left;
    uint64_t pattern_work_left;
};

struct run run_start(const struct schema *s);

/* Whether the code holds for the value. When it does not, r->undecided tells whether that is
 * known; whoever would turn a failure into something else has to look there first. */
bool run_code(struct run *r, uint32_t code, const struct json *v);
bool run_pattern(struct run *r, uint32_t number, str text);
bool run_values(struct run *r, const struct constant *list, uint32_t count,
                const struct json *v);
bool run_unique(struct run *r, const struct json *v);
bool run_contains(struct run *r, const struct block *b, uint32_t least, uint32_t most,
                  const struct json *v, uint32_t *held);
bool run_bound(struct run *r, const struct bound *b, str number);
bool run_multiple(struct run *r, const struct bound *b, str number);
bool run_shape(struct run *r, const struct shape_test *s, str text);
bool run_is_whole(str number, bool as_written);
/* `owner` is the block in which the keyword stands. */
bool run_unevaluated_items(struct run *r, const struct block *owner, const struct block *b,
                           const struct json *v);
bool run_unevaluated_members(struct run *r, const struct block *owner, const struct block *b,
                             const struct json *v);

/* Bits of the items or members of one value. */
struct marks {
    uint64_t few[8], *list;
    uint32_t count;
};
bool marks_make(struct run *r, struct marks *m, uint32_t count) MUST_USE;
void marks_free(struct marks *m);
/* What the block's keywords, and the blocks that they send the value to, looked at. */
bool run_collect(struct run *r, const struct block *b, const struct json *v, struct marks *m,
                 bool but_unevaluated);
static inline bool marks_have(const struct marks *m, uint32_t i)
{
    return m->list[i / 64] >> (i % 64) & 1;
}

/* Exact: 1 and 1.0 are equal. */
enum verdict run_equal_numbers(str a, str b);

static inline const void *run_at(const struct run *r, uint32_t offset)
{
    return r->base + offset;
}

static inline unsigned run_kind(const struct json *v)
{
    if (__builtin_expect(v->kind != JSON_NUMBER, 1))
        return v->kind;
    return v->hint == JSON_WHOLE ? WHOLE : JSON_NUMBER;
}

static inline bool run_either(struct run *r, uint32_t code, const struct json *v)
{
    return code == PASS || (code != FAIL && run_code(r, code, v));
}

static inline bool run_block(struct run *r, const struct block *b, const struct json *v)
{
    return run_either(r, b->entry[run_kind(v)], v);
}

/* Of a name that json_read() has not seen. */
uint32_t run_hash_anew(const struct json_member *m);

static inline uint32_t run_hash(const struct json_member *m)
{
    return __builtin_expect(m->hash != 0, 1) ? m->hash : run_hash_anew(m);
}

/* Names of up to 16 bytes are their ends. */
static inline bool run_is_name(const char *base, const struct key *k, str name)
{
    struct json_ends ends;

    if (k->name.len != name.len)
        return false;
    ends = json_ends(name);
    if (k->ends.head != ends.head || k->ends.tail != ends.tail)
        return false;
    return name.len <= 16 || json_same_bytes(base + k->name.at, name.at, name.len);
}

/* Whether the pattern matches the name. */
static inline bool run_name(struct run *r, const struct pattern_property *p,
                            const struct json *name)
{
    return p->shape ? run_shape(r, run_at(r, p->shape), name->text)
                    : run_either(r, p->code, name);
}

/* The table's record for the name, or NULL. */
static inline const struct key *run_find(const char *base, const struct table *t, uint32_t hash,
                                         str name)
{
    const uint32_t *slots = (const uint32_t *)(const void *)(base + t->slots);
    uint32_t slot = hash & t->mask, at;

    for (; (at = slots[slot]); slot = (slot + 1) & t->mask) {
        const struct key *k = (const struct key *)(const void *)(base + at);

        if (run_is_name(base, k, name))
            return k;
    }
    return NULL;
}

static inline const struct json_member *run_member(const struct run *r, const struct key *k,
                                                   const struct json *v)
{
    const struct json_member *m = v->members, *end = m + v->count;

    for (; m < end; m++)
        if (run_hash(m) == k->hash && run_is_name(r->base, k, m->name))
            return m;
    return NULL;
}
