/* Instructions that look at one string, number or constant, and at nothing inside it. */
#include "pattern/pattern.h"
#include "schema/number.h"
#include "schema/run.h"

/* ---- numbers ---- */

static bool is_as_written(str number)
{
    for (size_t i = number.len && number.at[0] == '-'; i < number.len; i++)
        if (number.at[i] < '0' || number.at[i] > '9')
            return false;
    return true;
}

bool run_is_whole(str number, bool as_written)
{
    struct decimal d;

    if (is_as_written(number))
        return true;
    return !as_written && decimal_read(number, &d) && decimal_is_whole(&d);
}

static bool is_on_side(uint32_t side, int order)
{
    switch ((enum bound_side)side) {
    case AT_MOST:
        return order <= 0;
    case BELOW:
        return order < 0;
    case AT_LEAST:
        return order >= 0;
    case ABOVE:
        return order > 0;
    }
    return false;
}

static str text_of(const struct run *r, struct span s)
{
    return (str){r->base + s.at, s.len};
}

bool run_bound(struct run *r, const struct bound *b, str number)
{
    struct decimal d, limit;
    int order;

    if (b->is_whole && number_order(number, b->whole, &order))
        return is_on_side(b->side, order);
    if (!decimal_read(number, &d) || !decimal_read(text_of(r, b->text), &limit)) {
        r->undecided = true;
        return false;
    }
    return is_on_side(b->side, decimal_compare(&d, &limit));
}

bool run_multiple(struct run *r, const struct bound *b, str number)
{
    struct decimal d;
    int64_t n;

    if (b->is_whole && number_to_i64(number, &n))
        return n % b->whole == 0;
    if (!decimal_read(number, &d)) {
        r->undecided = true;
        return false;
    }
    return decimal_is_multiple(&d, b->divisor);
}

/* ---- patterns ---- */

bool run_pattern(struct run *r, uint32_t number, str text)
{
    struct pattern *p = handle_pattern(r->schema, number);
    enum pattern_verdict verdict =
        p ? pattern_match(p, text, &r->pattern_work_left) : PATTERN_UNDECIDED;

    r->undecided |= verdict == PATTERN_UNDECIDED;
    return verdict == PATTERN_HOLDS;
}

/* The bytes of the character at `p` when the set has it, else 0. Trees that json_read() did not
 * make may hold any bytes: what is no character is not decided upon. */
static inline size_t take_one(struct run *r, const struct run_of *set, const char *p,
                              const char *end)
{
    unsigned char c = (unsigned char)*p;
    size_t n;

    if (c < 0x80)
        return set->set[c >> 3] >> (c & 7) & 1;
    n = str_utf8_length((str){p, (size_t)(end - p)}, 0);
    r->undecided |= !n;
    if (!n || !set->others)
        return 0;
    /* U+2028 and U+2029 end a line. */
    return set->others == 2 && n == 3 && c == 0xe2 && (unsigned char)p[1] == 0x80 &&
                   ((unsigned char)p[2] | 1) == 0xa9
               ? 0
               : n;
}

static const char *take_run(struct run *r, const struct run_of *set, const char *p,
                            const char *end)
{
    uint32_t taken = 0;

    for (; p < end && taken < set->most; taken++) {
        size_t n = take_one(r, set, p, end);

        if (!n)
            break;
        p += n;
    }
    return taken >= set->least && !r->undecided ? p : NULL;
}

static bool has_text(const struct shape_test *s, str prefix, str text)
{
    if (s->place == ANYWHERE)
        return str_find_str(text, prefix) < text.len || !prefix.len;
    return str_ends(text, prefix);
}

bool run_shape(struct run *r, const struct shape_test *s, str text)
{
    const char *p = text.at, *end = text.at + text.len;

    if (s->place != FROM_START)
        return has_text(s, text_of(r, s->prefix), text);
    if (text.len < s->prefix.len || !json_same_bytes(r->base + s->prefix.at, p, s->prefix.len))
        return false;
    p += s->prefix.len;
    for (uint32_t i = 0; i < s->count; i++) {
        p = take_run(r, &s->runs[i], p, end);
        if (!p)
            return false;
    }
    return !s->anchored_end || p == end;
}

/* ---- constants ---- */

static enum verdict equals(const struct run *r, const struct constant *k, const struct json *v);

static enum verdict equals_members(const struct run *r, const struct constant *k,
                                   const struct json *v)
{
    const struct constant *children = run_at(r, k->children);

    for (uint32_t i = 0; i < v->count; i++) {
        const struct json_member *m = &v->members[i];
        const struct key *found = run_find(r->base, &k->members, run_hash(m), m->name);
        enum verdict verdict;

        if (!found)
            return FAILS;
        verdict = equals(r, &children[found - (const struct key *)run_at(r, k->members.list)],
                         &m->value);
        if (verdict != HOLDS)
            return verdict;
    }
    return HOLDS;
}

static enum verdict equals_items(const struct run *r, const struct constant *k,
                                 const struct json *v)
{
    const struct constant *children = run_at(r, k->children);

    for (uint32_t i = 0; i < v->count; i++) {
        enum verdict verdict = equals(r, &children[i], &v->items[i]);

        if (verdict != HOLDS)
            return verdict;
    }
    return HOLDS;
}

static enum verdict equals_whole(const struct run *r, const struct constant *k,
                                 const struct json *v)
{
    str text = text_of(r, k->text);

    if (v->hint == JSON_WHOLE && (v->text.len != 2 || v->text.at[1] != '0'))
        return text.len == v->text.len && json_same_bytes(text.at, v->text.at, text.len);
    return run_equal_numbers(text, v->text);
}

/* No deeper than the constant, which the schema's reader has limited. */
static enum verdict equals(const struct run *r, const struct constant *k, const struct json *v)
{
    if (k->kind == WHOLE && v->kind == JSON_NUMBER)
        return equals_whole(r, k, v);
    if (k->kind != v->kind)
        return FAILS;
    switch (v->kind) {
    case JSON_STRING:
        return str_equal(text_of(r, k->text), v->text);
    case JSON_NUMBER:
        return run_equal_numbers(text_of(r, k->text), v->text);
    case JSON_ARRAY:
        return k->count == v->count ? equals_items(r, k, v) : FAILS;
    case JSON_OBJECT:
        return k->count == v->count ? equals_members(r, k, v) : FAILS;
    default:
        return HOLDS;
    }
}

static bool is_among(struct run *r, const struct constant *list, uint32_t count,
                     const struct json *v)
{
    for (uint32_t i = 0; i < count; i++) {
        enum verdict verdict = equals(r, &list[i], v);

        r->undecided |= verdict == UNDECIDED;
        if (verdict != FAILS)
            return verdict == HOLDS;
    }
    return false;
}

/* The first of those with the hash; all behind it with the same are next to it. */
static uint32_t first_of_hash(const struct constant *list, uint32_t count, uint32_t hash)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (list[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool run_values(struct run *r, const struct constant *list, uint32_t count,
                const struct json *v)
{
    uint32_t hash, from, to;

    if (count <= FEW_VALUES)
        return is_among(r, list, count, v);
    if (!value_hash(v, &hash)) {
        r->undecided = true;
        return false;
    }
    from = to = first_of_hash(list, count, hash);
    while (to < count && list[to].hash == hash)
        to++;
    return is_among(r, list + from, to - from, v);
}
