#include "pattern/plan.h"

enum { ITEMS_MAX = 24, BITS_MAX = 32, LITERAL_MAX = 256, FIXED_MAX = 128 };

struct item {
    const struct set *set; /* NULL: the literal */
    uint32_t bit; /* in `members` */
    uint32_t least, most;
    str literal;
};

struct plan {
    bool from_start, to_end;
    uint32_t count;
    struct item items[ITEMS_MAX];
    /* For each byte of ASCII: the items that it belongs to. Bytes beyond belong to none here. */
    uint32_t members[256];
    /* When every match is of one length: for each byte the bit that it has to have. Texts with
     * bytes beyond ASCII go the other way. */
    uint32_t fixed[FIXED_MAX];
    uint32_t fixed_count;
};

/* ---- making one ---- */

struct planner {
    struct arena *a;
    struct plan *plan;
    bool ended; /* behind '$' */
};

/* Adds to the literal that the plan ends with, or begins one. */
static bool add_literal(struct planner *r, uint32_t c)
{
    struct plan *p = r->plan;
    struct item *last = p->count ? &p->items[p->count - 1] : NULL;
    char *room;

    if (!last || last->set || last->literal.len + 4 > LITERAL_MAX) {
        room = p->count < ITEMS_MAX ? arena_alloc(r->a, LITERAL_MAX) : NULL;
        if (!room)
            return false;
        last = &p->items[p->count++];
        *last = (struct item){.literal = {room, 0}, .least = 1, .most = 1};
    }
    last->literal.len += str_utf8_write((char *)last->literal.at + last->literal.len, c);
    return true;
}

static bool add_item(struct planner *r, const struct set *set, uint32_t least, uint32_t most)
{
    struct plan *p = r->plan;
    uint32_t bit = 1u << p->count;

    if (set_is_one(set) && least == 1 && most == 1)
        return add_literal(r, set->ranges[0].from);
    if (p->count == ITEMS_MAX)
        return false;
    p->items[p->count++] = (struct item){.set = set, .bit = bit, .least = least, .most = most};
    for (uint32_t c = 0; c < 0x80; c++)
        p->members[c] |= set_has(set, c) ? bit : 0;
    return true;
}

static const struct node *without_groups(const struct node *n)
{
    while (n->kind == NODE_GROUP || (n->kind == NODE_ALL && n->children && !n->children->next))
        n = n->children;
    return n;
}

static bool add_node(struct planner *r, const struct node *n);

static bool add_repeat(struct planner *r, const struct node *n)
{
    const struct node *child = without_groups(n->children);

    if (child->kind == NODE_SET)
        return add_item(r, child->set, n->least, n->most);
    if (n->least != n->most || n->most > ITEMS_MAX)
        return false;
    for (uint32_t i = 0; i < n->most; i++)
        if (!add_node(r, child))
            return false;
    return true;
}

static bool add_node(struct planner *r, const struct node *n)
{
    const struct node *child;

    n = without_groups(n);
    if (n->kind == NODE_ALL) {
        for (child = n->children; child; child = child->next)
            if (!add_node(r, child))
                return false;
        return true;
    }
    if (n->kind == NODE_START && !r->plan->count && !r->ended) {
        r->plan->from_start = true;
        return true;
    }
    if (n->kind == NODE_END)
        return r->ended = true;
    if (r->ended)
        return false;
    if (n->kind == NODE_SET)
        return add_item(r, n->set, 1, 1);
    return n->kind == NODE_REPEAT && add_repeat(r, n);
}

static bool item_takes(const struct item *i, const struct set *s)
{
    size_t at = 0;
    uint32_t c;

    return i->set ? set_overlaps(i->set, s)
                  : str_utf8_take(i->literal, &at, &c) && set_has(s, c);
}

/*
 * Taking as much as there is must be right: nothing that may come behind an item begins with
 * what the item could have taken.
 */
static bool is_without_choice(const struct plan *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        if (!p->items[i].set || p->items[i].least == p->items[i].most)
            continue;
        for (uint32_t k = i + 1; k < p->count; k++) {
            if (item_takes(&p->items[k], p->items[i].set))
                return false;
            if (p->items[k].least)
                break;
        }
    }
    return true;
}

/* The bit that only byte `c` has, next to those of the items; 0 when none is left. */
static uint32_t bit_of_byte(struct plan *p, unsigned char c, uint32_t *bits)
{
    uint32_t alone = p->members[c] >> p->count;

    if (alone || c >= 0x80 || *bits == BITS_MAX)
        return c < 0x80 ? (alone & -alone) << p->count : 0;
    p->members[c] |= 1u << *bits;
    return 1u << (*bits)++;
}

static void fix_all(struct plan *p)
{
    uint32_t bits = p->count, count = 0;

    for (uint32_t i = 0; i < p->count; i++) {
        const struct item *item = &p->items[i];
        size_t len = item->set ? item->most : item->literal.len;

        if (item->least != item->most || len > FIXED_MAX - count)
            return;
        for (size_t k = 0; k < len; k++) {
            uint32_t bit = item->bit;

            if (!item->set)
                bit = bit_of_byte(p, (unsigned char)item->literal.at[k], &bits);
            if (!bit)
                return;
            p->fixed[count++] = bit;
        }
    }
    p->fixed_count = count;
}

/* Without '^' only for a text that is looked for. */
static bool is_of_the_kind(const struct plan *p)
{
    if (p->from_start)
        return is_without_choice(p);
    return !p->count || (p->count == 1 && !p->items[0].set);
}

struct plan *plan_new(struct arena *a, const struct syntax *s)
{
    struct planner r = {.a = a, .plan = arena_alloc(a, sizeof(struct plan))};

    if (!r.plan || s->refers || !add_node(&r, s->root))
        return NULL;
    r.plan->to_end = r.ended;
    if (!is_of_the_kind(r.plan))
        return NULL;
    fix_all(r.plan);
    return r.plan;
}

/* ---- running it ---- */

/* Whether the character beyond ASCII at *at is of the set; behind it. */
static bool take_wide(const struct item *i, const unsigned char **at)
{
    const unsigned char *p = *at;
    size_t n = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    uint32_t c = *p & (0xffu >> (n + 1));

    for (size_t k = 1; k < n; k++)
        c = c << 6 | (p[k] & 0x3f);
    *at = p + n;
    return set_has(i->set, c);
}

/* How far the bytes go that belong to the item. */
static const unsigned char *run_ascii(const uint32_t *members, uint32_t bit,
                                      const unsigned char *at, const unsigned char *stop)
{
    while (stop - at >= 4 &&
           members[at[0]] & members[at[1]] & members[at[2]] & members[at[3]] & bit)
        at += 4;
    while (at < stop && members[*at] & bit)
        at++;
    return at;
}

static const unsigned char *run_set(const struct plan *p, const struct item *i,
                                    const unsigned char *at, const unsigned char *end)
{
    uint32_t taken = 0;

    while (at < end && taken < i->most) {
        const unsigned char *stop = end, *from = at;

        if ((size_t)(end - at) > i->most - taken)
            stop = at + (i->most - taken);
        at = run_ascii(p->members, i->bit, at, stop);
        taken += (uint32_t)(at - from);
        if (at == stop)
            continue;
        from = at;
        if (*at < 0x80 || !take_wide(i, &at)) {
            at = from;
            break;
        }
        taken++;
    }
    return taken < i->least ? NULL : at;
}

static bool is_fixed(const struct plan *p, str text)
{
    uint32_t missing = 0;

    if (p->to_end ? text.len != p->fixed_count : text.len < p->fixed_count)
        return false;
    for (uint32_t i = 0; i < p->fixed_count; i++)
        missing |= p->fixed[i] & ~p->members[(unsigned char)text.at[i]];
    return !missing;
}

bool plan_matches(const struct plan *p, str text)
{
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;

    if (!p->count)
        return !(p->from_start && p->to_end) || !text.len;
    if (!p->from_start)
        return p->to_end ? str_ends(text, p->items[0].literal)
                         : memmem(text.at, text.len, p->items[0].literal.at,
                                  p->items[0].literal.len) != NULL;
    if (p->fixed_count && is_fixed(p, text))
        return true;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct item *item = &p->items[i];

        if (item->set) {
            at = run_set(p, item, at, end);
            if (!at)
                return false;
            continue;
        }
        if ((size_t)(end - at) < item->literal.len ||
            memcmp(at, item->literal.at, item->literal.len) != 0)
            return false;
        at += item->literal.len;
    }
    return !p->to_end || at == end;
}
