/*
 * example: walks a pattern's tree and writes what it would match.
 */
#include "pattern/example.h"

enum { ROUNDS_MORE = 6 }; /* of a repetition, past its least */

struct writer {
    const struct pattern_draw *draw;
    struct buf *out;
    size_t end; /* past it only what must be is written */

    struct span {
        size_t from, len;
    } groups[GROUPS_MAX + 1];
};

static uint32_t draw(const struct writer *w, uint32_t below)
{
    return below > 1 ? w->draw->draw(w->draw->self, below) : 0;
}

static bool is_full(const struct writer *w)
{
    return w->out->len >= w->end || w->out->failed;
}

static void write_point(struct buf *out, uint32_t c)
{
    char bytes[4];

    buf_add(out, (str){bytes, str_utf8_write(bytes, c)});
}

/* Any of the set's, but mostly one that can be read, where there is one. */
static uint32_t pick_point(const struct writer *w, const struct set *s)
{
    bool readable = draw(w, 8) != 0;
    uint32_t at = draw(w, s->count);

    for (uint32_t i = 0; readable && i < s->count; i++) {
        const struct range *r = &s->ranges[(at + i) % s->count];
        uint32_t from = r->from < 0x21 ? 0x21 : r->from, to = r->to > 0x7e ? 0x7e : r->to;

        if (from <= to)
            return from + draw(w, to - from + 1);
    }
    return s->ranges[at].from + draw(w, s->ranges[at].to - s->ranges[at].from + 1);
}

static void write_node(struct writer *w, const struct node *n);

static void write_all(struct writer *w, const struct node *n)
{
    for (const struct node *child = n->children; child; child = child->next)
        write_node(w, child);
}

static void write_any(struct writer *w, const struct node *n)
{
    const struct node *child = n->children;
    uint32_t count = 0;

    for (const struct node *c = child; c; c = c->next)
        count++;
    for (uint32_t i = draw(w, count); child && i; i--)
        child = child->next;
    if (child)
        write_node(w, child);
}

/* The least and a few more are likelier than many. */
static void write_repeat(struct writer *w, const struct node *n)
{
    uint32_t room = n->most == ENDLESS ? ROUNDS_MORE : n->most - n->least;
    uint32_t more = draw(w, 4) ? draw(w, (room < ROUNDS_MORE ? room : ROUNDS_MORE) + 1)
                               : (n->most == ENDLESS ? 0 : room);

    for (uint32_t i = 0; i < n->least && !w->out->failed; i++)
        write_all(w, n);
    for (uint32_t i = 0; i < more && !is_full(w); i++)
        write_all(w, n);
}

static void write_group(struct writer *w, const struct node *n)
{
    struct span *span = &w->groups[n->group];

    span->from = w->out->len;
    write_all(w, n);
    span->len = w->out->len - span->from;
}

static void write_reference(struct writer *w, const struct node *n)
{
    struct span span = w->groups[n->group];
    char *to = span.len ? buf_reserve(w->out, span.len) : NULL;

    if (!to)
        return;
    memcpy(to, w->out->at + span.from, span.len);
    w->out->len += span.len;
}

static void write_node(struct writer *w, const struct node *n)
{
    switch (n->kind) {
    case NODE_SET:
        if (n->set->count)
            write_point(w->out, pick_point(w, n->set));
        return;
    case NODE_ALL:
        write_all(w, n);
        return;
    case NODE_ANY:
        write_any(w, n);
        return;
    case NODE_REPEAT:
        write_repeat(w, n);
        return;
    case NODE_GROUP:
        write_group(w, n);
        return;
    case NODE_REFERENCE:
        write_reference(w, n);
        return;
    case NODE_START:
    case NODE_END:
    case NODE_WORD:
    case NODE_LOOK:
        return; /* they take no text */
    }
}

void example_write(const struct node *root, unsigned groups, const struct pattern_draw *draw,
                   size_t longest, struct buf *out)
{
    struct writer w = {.draw = draw, .out = out, .end = out->len + longest};

    if (root && groups <= GROUPS_MAX)
        write_node(&w, root);
}
