/*
 * A value that is sent from block to block and never into a member or an item comes back for
 * ever. Blocks whose every way ends are taken away, from the ends backwards; what is left
 * leads into a circle.
 */
#include "schema/compiler.h"

struct edge {
    uint32_t from, next; /* next: index + 1 of another edge to the same block */
};

struct graph {
    struct edge *edges;
    uint32_t *into; /* by block: index + 1 of the first edge to it */
    uint32_t *ways; /* by block: how many edges leave it */
    uint32_t *ended; /* a queue of blocks */
    uint32_t count;
};

static size_t count_edges(const struct compiler *c)
{
    size_t n = 0;

    for (const struct block *b = c->first; b; b = b->next)
        for (uint32_t i = 0; i < b->count; i++)
            n += b->steps[i].block_count;
    return n;
}

static void add_edges(struct graph *g, const struct block *from, const struct step *s)
{
    for (uint32_t i = 0; i < s->block_count; i++) {
        const struct block *to = s->blocks[i];

        if (!to)
            continue;
        g->edges[g->count] = (struct edge){from->index, g->into[to->index]};
        g->into[to->index] = ++g->count;
        g->ways[from->index]++;
    }
}

static uint32_t take_ends_away(struct graph *g, uint32_t blocks)
{
    uint32_t done = 0, end = 0;

    for (uint32_t i = 0; i < blocks; i++)
        if (!g->ways[i])
            g->ended[end++] = i;
    while (done < end)
        for (uint32_t edge = g->into[g->ended[done++]]; edge; edge = g->edges[edge - 1].next)
            if (!--g->ways[g->edges[edge - 1].from])
                g->ended[end++] = g->edges[edge - 1].from;
    return end;
}

static const struct block *next_left(const struct graph *g, const struct block *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        for (uint32_t j = 0; j < b->steps[i].block_count; j++) {
            const struct block *to = b->steps[i].blocks[j];

            if (to && g->ways[to->index])
                return to;
        }
    return b;
}

static bool fail_in_circle(struct compiler *c, const struct graph *g)
{
    const struct block *b = c->first;

    while (!g->ways[b->index])
        b = b->next;
    for (uint32_t i = 0; i < c->blocks; i++)
        b = next_left(g, b);
    compile_fail(c, b->source, "this schema refers to itself without end");
    return err_fix(c->e, "let it refer to itself only for a member or an item");
}

bool cycle_check(struct compiler *c)
{
    struct graph g = {
        .edges = arena_array(c->a, count_edges(c), sizeof(struct edge)),
        .into = arena_array(c->a, c->blocks, sizeof(uint32_t)),
        .ways = arena_array(c->a, c->blocks, sizeof(uint32_t)),
        .ended = arena_array(c->a, c->blocks, sizeof(uint32_t)),
    };

    if (!g.edges || !g.into || !g.ways || !g.ended)
        return err_limit(c->e);
    for (const struct block *b = c->first; b; b = b->next)
        for (uint32_t i = 0; i < b->count; i++)
            add_edges(&g, b, &b->steps[i]);
    return take_ends_away(&g, c->blocks) == c->blocks || fail_in_circle(c, &g);
}
