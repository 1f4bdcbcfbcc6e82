#include "pattern/facts.h"

/* ---- edges ---- */

static bool is_without_width(const struct node *n)
{
    return n->kind == NODE_LOOK || n->kind == NODE_WORD || n->kind == NODE_START ||
           n->kind == NODE_END || (n->kind == NODE_ALL && !n->children);
}

static bool has_edge(const struct node *n, bool end);

static bool all_has_edge(const struct node *n, bool end)
{
    const struct node *child = end ? n->last : n->children;

    for (; child; child = end ? child->previous : child->next) {
        if (has_edge(child, end))
            return true;
        if (!is_without_width(child))
            return false;
    }
    return false;
}

static bool has_edge(const struct node *n, bool end)
{
    switch (n->kind) {
    case NODE_START:
        return !end;
    case NODE_END:
        return end;
    case NODE_ALL:
        return all_has_edge(n, end);
    case NODE_ANY:
        for (const struct node *child = n->children; child; child = child->next)
            if (!has_edge(child, end))
                return false;
        return true;
    case NODE_GROUP:
        return has_edge(n->children, end);
    case NODE_REPEAT:
        return n->least && has_edge(n->children, end);
    default:
        return false;
    }
}

bool facts_begins(const struct node *n)
{
    return has_edge(n, false);
}

bool facts_ends(const struct node *n)
{
    return has_edge(n, true);
}

/* ---- length, in code points ---- */

static uint64_t longest(const struct node *n)
{
    uint64_t sum = 0, one;

    switch (n->kind) {
    case NODE_SET:
        return 1;
    case NODE_REFERENCE:
        return UINT64_MAX;
    case NODE_GROUP:
        return longest(n->children);
    case NODE_REPEAT:
        one = longest(n->children);
        if (!one || !n->most)
            return 0;
        return n->most == ENDLESS || one > UINT32_MAX ? UINT64_MAX : one * n->most;
    case NODE_ALL:
    case NODE_ANY:
        for (const struct node *child = n->children; child; child = child->next) {
            one = longest(child);
            if (n->kind == NODE_ANY)
                sum = one > sum ? one : sum;
            else
                sum = one > UINT64_MAX - sum ? UINT64_MAX : sum + one;
        }
        return sum;
    default:
        return 0;
    }
}

/* ---- the literal in front ---- */

static bool add_prefix(struct buf *out, const struct node *n)
{
    switch (n->kind) {
    case NODE_START:
        return true;
    case NODE_GROUP:
        return add_prefix(out, n->children);
    case NODE_ALL:
        for (const struct node *child = n->children; child; child = child->next)
            if (!add_prefix(out, child))
                return false;
        return true;
    case NODE_SET:
        /* Longer sequences would only make the prefix longer. */
        if (!set_is_one(n->set) || n->set->ranges[0].from >= 0x80)
            return false;
        buf_addc(out, (char)n->set->ranges[0].from);
        return true;
    default:
        return false;
    }
}

/* ---- ambiguity: two ways to repeat what a loop repeats ---- */

/* Of ways that are compared with each other; who writes more is not told. */
enum { PAIRS_MAX = 2000 };

struct searcher {
    struct arena *a;
    bool found;
};

/* What a match of the node, or of nothing of it, can go on with. */
struct start {
    struct buf pile;
    bool empty; /* it matches nothing as well */
};

static void start_free(struct start *s)
{
    buf_free(&s->pile);
}

static void add_start(struct start *out, const struct node *n)
{
    bool empty = false;

    switch (n->kind) {
    case NODE_SET:
        set_pile_add_all(&out->pile, n->set, false);
        out->empty = false;
        return;
    case NODE_GROUP:
        add_start(out, n->children);
        return;
    case NODE_REPEAT:
        add_start(out, n->children);
        out->empty |= !n->least;
        return;
    case NODE_ALL:
        out->empty = true;
        for (const struct node *child = n->children; child && out->empty; child = child->next)
            add_start(out, child);
        return;
    case NODE_ANY:
        for (const struct node *child = n->children; child; child = child->next) {
            add_start(out, child);
            empty |= out->empty;
        }
        out->empty = empty;
        return;
    default:
        out->empty = true;
        return;
    }
}

static const struct set *start_of(struct searcher *r, const struct node *n, bool *empty)
{
    CLEANUP(start_free) struct start s = {0};

    add_start(&s, n);
    *empty = s.empty;
    return set_build(r->a, &s.pile, false);
}

static const struct set *both(struct searcher *r, const struct set *x, const struct set *y)
{
    CLEANUP(start_free) struct start s = {0};

    set_pile_add_all(&s.pile, x, false);
    set_pile_add_all(&s.pile, y, false);
    return set_build(r->a, &s.pile, false);
}

/* `follow`: what may stand behind the node. `inside`: of a loop. */
static void search(struct searcher *r, const struct node *n, const struct set *follow,
                   bool inside);

static void search_all(struct searcher *r, const struct node *n, const struct set *follow,
                       bool inside)
{
    for (const struct node *child = n->last; child && follow; child = child->previous) {
        const struct set *start;
        bool empty;

        search(r, child, follow, inside);
        start = start_of(r, child, &empty);
        follow = start && empty ? both(r, start, follow) : start;
    }
}

static void search_any(struct searcher *r, const struct node *n, const struct set *follow,
                       bool inside)
{
    for (const struct node *child = n->children; child; child = child->next) {
        bool empty;
        const struct set *start = start_of(r, child, &empty);

        for (const struct node *other = child->next; inside && start && other;
             other = other->next) {
            const struct set *its = start_of(r, other, &empty);

            r->found |=
                its && longest(child) == 1 && longest(other) == 1 && set_overlaps(start, its);
        }
        search(r, child, follow, inside);
    }
}

static void search_repeat(struct searcher *r, const struct node *n, const struct set *follow,
                          bool inside)
{
    bool empty, again = n->most == ENDLESS;
    const struct set *start = start_of(r, n->children, &empty);

    if (!start || n->most <= 1) {
        search(r, n->children, follow, inside);
        return;
    }
    r->found |= again && inside && set_overlaps(start, follow);
    follow = both(r, follow, start);
    if (follow)
        search(r, n->children, follow, inside || again);
}

static void search(struct searcher *r, const struct node *n, const struct set *follow,
                   bool inside)
{
    static const struct set none = {NULL, 0};

    switch (n->kind) {
    case NODE_ALL:
        search_all(r, n, follow, inside);
        return;
    case NODE_ANY:
        search_any(r, n, follow, inside);
        return;
    case NODE_REPEAT:
        search_repeat(r, n, follow, inside);
        return;
    case NODE_GROUP:
        search(r, n->children, follow, inside);
        return;
    case NODE_LOOK:
        search(r, n->children, &none, inside);
        return;
    default:
        return;
    }
}

static bool is_ambiguous(const struct syntax *s)
{
    static const struct set none = {NULL, 0};
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct searcher r = {.a = a};

    if (a)
        search(&r, s->root, &none, false);
    return r.found;
}

static void free_buf(struct buf *b)
{
    buf_free(b);
}

struct pattern_facts facts_of(struct arena *a, const struct syntax *s)
{
    CLEANUP(free_buf) struct buf prefix = {0};
    uint64_t length = longest(s->root);

    add_prefix(&prefix, s->root);
    return (struct pattern_facts){
        .anchored_start = has_edge(s->root, false),
        .anchored_end = has_edge(s->root, true),
        .ambiguous = is_ambiguous(s),
        .bounded = length != UINT64_MAX,
        .longest = length,
        .prefix = arena_str(a, buf_str(&prefix)),
    };
}
