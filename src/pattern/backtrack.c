#include "pattern/backtrack.h"

#include <stdlib.h>

enum op_kind {
    OP_SET,
    OP_SPLIT, /* to `to` first, then to `other` */
    OP_JUMP,
    OP_SAVE,
    OP_ENTER, /* a repetition: no round yet */
    OP_LOOP, /* between two rounds */
    OP_ROUND,
    OP_START,
    OP_END,
    OP_WORD,
    OP_REFERENCE,
    OP_LOOK, /* its body is behind it, `to` behind that */
    OP_MATCH,
};

struct op {
    enum op_kind kind;
    bool backwards;
    uint32_t to, other;
    uint32_t slot; /* in the registers; of a repetition the first of two */
    const struct node *node;
};

struct backtrack {
    const struct op *ops;
    uint32_t count;
    uint32_t slots;
};

enum {
    STACK_MAX = 1 << 20, /* entries */
    OP_COST = 6,
};
#define UNSET SIZE_MAX

/* ---- from the tree to operations ---- */

struct emitter {
    struct buf ops;
    uint32_t slots;
    bool backwards;
};

static uint32_t here(const struct emitter *w)
{
    return (uint32_t)(w->ops.len / sizeof(struct op));
}

static uint32_t emit(struct emitter *w, enum op_kind kind, const struct node *n, uint32_t slot)
{
    struct op op = {.kind = kind, .backwards = w->backwards, .slot = slot, .node = n};

    buf_add(&w->ops, (str){(const char *)&op, sizeof(op)});
    return here(w) - 1;
}

static struct op *op_at(const struct emitter *w, uint32_t i)
{
    return (struct op *)(void *)w->ops.at + i;
}

static void lead_to(struct emitter *w, uint32_t i, uint32_t to)
{
    if (!w->ops.failed)
        op_at(w, i)->to = to;
}

static void emit_node(struct emitter *w, const struct node *n);

static void emit_all(struct emitter *w, const struct node *n)
{
    const struct node *child = w->backwards ? n->last : n->children;

    for (; child; child = w->backwards ? child->previous : child->next)
        emit_node(w, child);
}

static void emit_any(struct emitter *w, const struct node *n)
{
    uint32_t jump = UINT32_MAX;

    for (const struct node *child = n->children; child; child = child->next) {
        uint32_t split = 0, next;

        if (child->next) {
            split = emit(w, OP_SPLIT, n, 0);
            lead_to(w, split, split + 1);
        }
        emit_node(w, child);
        if (!child->next)
            break;
        /* The jumps to the end are a chain until the end is known. */
        next = emit(w, OP_JUMP, n, 0);
        lead_to(w, next, jump);
        jump = next;
        if (!w->ops.failed)
            op_at(w, split)->other = here(w);
    }
    while (jump != UINT32_MAX && !w->ops.failed) {
        uint32_t before = op_at(w, jump)->to;

        lead_to(w, jump, here(w));
        jump = before;
    }
}

static void emit_repeat(struct emitter *w, const struct node *n)
{
    uint32_t slot = w->slots, loop;

    w->slots += 2;
    emit(w, OP_ENTER, n, slot);
    loop = emit(w, OP_LOOP, n, slot);
    emit(w, OP_ROUND, n, slot);
    emit_node(w, n->children);
    lead_to(w, emit(w, OP_JUMP, n, 0), loop);
    lead_to(w, loop, here(w));
}

static void emit_group(struct emitter *w, const struct node *n)
{
    emit(w, OP_SAVE, n, 2 * n->group + w->backwards);
    emit_node(w, n->children);
    emit(w, OP_SAVE, n, 2 * n->group + !w->backwards);
}

static void emit_look(struct emitter *w, const struct node *n)
{
    bool backwards = w->backwards;
    uint32_t look = emit(w, OP_LOOK, n, 0);

    w->backwards = n->behind;
    emit_node(w, n->children);
    emit(w, OP_MATCH, n, 0);
    w->backwards = backwards;
    lead_to(w, look, here(w));
}

static void emit_node(struct emitter *w, const struct node *n)
{
    switch (n->kind) {
    case NODE_SET:
        emit(w, OP_SET, n, 0);
        return;
    case NODE_ALL:
        emit_all(w, n);
        return;
    case NODE_ANY:
        emit_any(w, n);
        return;
    case NODE_REPEAT:
        emit_repeat(w, n);
        return;
    case NODE_GROUP:
        emit_group(w, n);
        return;
    case NODE_START:
        emit(w, OP_START, n, 0);
        return;
    case NODE_END:
        emit(w, OP_END, n, 0);
        return;
    case NODE_WORD:
        emit(w, OP_WORD, n, 0);
        return;
    case NODE_LOOK:
        emit_look(w, n);
        return;
    case NODE_REFERENCE:
        emit(w, OP_REFERENCE, n, 0);
        return;
    }
}

static void emitter_free(struct emitter *w)
{
    buf_free(&w->ops);
}

struct backtrack *backtrack_new(struct arena *a, const struct syntax *s)
{
    CLEANUP(emitter_free) struct emitter w = {.slots = 2 * (s->groups + 1)};
    struct backtrack *b = arena_alloc(a, sizeof(*b));

    emit_node(&w, s->root);
    emit(&w, OP_MATCH, s->root, 0);
    if (!b || w.ops.failed)
        return NULL;
    b->ops = (const struct op *)(const void *)arena_str(a, buf_str(&w.ops)).at;
    b->count = here(&w);
    b->slots = w.slots;
    return b->ops ? b : NULL;
}

/* ---- running them ---- */

/* What is on the stack: another way to go on, or what a register was before. */
struct entry {
    uint32_t op; /* UINT32_MAX: a register */
    uint32_t slot;
    size_t value; /* where in the text, or the register's */
};

struct machine {
    const struct backtrack *program;
    str text;
    size_t *registers;
    struct entry *stack;
    uint32_t depth, room;
    uint64_t left;
};

static bool push(struct machine *m, uint32_t op, uint32_t slot, size_t value)
{
    if (m->depth == m->room) {
        uint32_t room = m->room ? m->room * 2 : 256;
        struct entry *larger =
            room <= STACK_MAX ? realloc(m->stack, room * sizeof(*larger)) : NULL;

        if (!larger)
            return false;
        m->stack = larger;
        m->room = room;
    }
    m->stack[m->depth++] = (struct entry){op, slot, value};
    return true;
}

static bool set_register(struct machine *m, uint32_t slot, size_t value)
{
    if (!push(m, UINT32_MAX, slot, m->registers[slot]))
        return false;
    m->registers[slot] = value;
    return true;
}

/* Undoes what happened since the last choice above `base`, and takes its other way. */
static bool go_back(struct machine *m, uint32_t base, uint32_t *op, size_t *at)
{
    while (m->depth > base) {
        struct entry e = m->stack[--m->depth];

        if (e.op != UINT32_MAX) {
            *op = e.op;
            *at = e.value;
            return true;
        }
        m->registers[e.slot] = e.value;
    }
    return false;
}

/* A look is over: its choices are made for good, what it captured can still be undone. */
static void drop_choices(struct machine *m, uint32_t base)
{
    uint32_t depth = base;

    for (uint32_t i = base; i < m->depth; i++)
        if (m->stack[i].op == UINT32_MAX)
            m->stack[depth++] = m->stack[i];
    m->depth = depth;
}

static bool is_word_at(str s, size_t i)
{
    char c = i < s.len ? s.at[i] : ' ';

    return (c >= '0' && c <= '9') || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool take_set(const struct machine *m, const struct op *op, size_t *at)
{
    size_t from = *at;
    uint32_t c;

    if (op->backwards ? !from : from == m->text.len)
        return false;
    if (op->backwards)
        do
            from--;
        while ((m->text.at[from] & 0xc0) == 0x80);
    *at = from;
    if (!str_utf8_take(m->text, at, &c))
        return false;
    if (op->backwards)
        *at = from;
    return set_has(op->node->set, c);
}

static bool take_reference(struct machine *m, const struct op *op, size_t *at)
{
    size_t from = m->registers[2 * op->node->group], to = m->registers[2 * op->node->group + 1];
    size_t len = to - from, place;

    if (from == UNSET || to == UNSET)
        return true;
    if (len > (op->backwards ? *at : m->text.len - *at))
        return false;
    place = op->backwards ? *at - len : *at;
    m->left -= m->left < len ? m->left : len;
    if (memcmp(m->text.at + from, m->text.at + place, len) != 0)
        return false;
    *at = op->backwards ? place : place + len;
    return true;
}

/* The end of a round, or none yet: whether and how to go on. */
static enum pattern_verdict decide_loop(struct machine *m, uint32_t at_op, size_t at,
                                        uint32_t *next)
{
    const struct op *op = &m->program->ops[at_op];
    const struct node *n = op->node;
    size_t rounds = m->registers[op->slot], began = m->registers[op->slot + 1];

    *next = at_op + 1;
    if (rounds < n->least)
        return PATTERN_HOLDS;
    /* A round beyond the least that took nothing would go on for ever. */
    if (rounds > n->least && began == at)
        return PATTERN_FAILS;
    *next = n->lazy ? op->to : at_op + 1;
    if (rounds == n->most)
        *next = op->to;
    else if (!push(m, n->lazy ? at_op + 1 : op->to, 0, at))
        return PATTERN_UNDECIDED;
    return PATTERN_HOLDS;
}

static bool begin_round(struct machine *m, const struct op *op, size_t at)
{
    const struct node *n = op->node;

    if (!set_register(m, op->slot, m->registers[op->slot] + 1) ||
        !set_register(m, op->slot + 1, at))
        return false;
    for (unsigned g = n->groups_from; g <= n->groups_to; g++)
        if (!set_register(m, 2 * g, UNSET) || !set_register(m, 2 * g + 1, UNSET))
            return false;
    return true;
}

static enum pattern_verdict run(struct machine *m, uint32_t op, size_t *at);

/* A look from `at`; it holds or not, and moves nowhere. */
static enum pattern_verdict look(struct machine *m, uint32_t op, size_t at)
{
    bool negative = m->program->ops[op].node->negative;
    uint32_t base = m->depth, ignored;
    enum pattern_verdict verdict = run(m, op + 1, &at);

    if (verdict == PATTERN_UNDECIDED)
        return verdict;
    drop_choices(m, base);
    if (!negative)
        return verdict;
    go_back(m, base, &ignored, &at);
    return verdict == PATTERN_HOLDS ? PATTERN_FAILS : PATTERN_HOLDS;
}

/* One operation; *op and *at are moved to what comes next when it holds. */
static enum pattern_verdict run_op(struct machine *m, uint32_t *op, size_t *at)
{
    const struct op *now = &m->program->ops[*op];
    enum pattern_verdict verdict;
    bool holds = true, done = true;
    uint32_t next = *op + 1;

    switch (now->kind) {
    case OP_SET:
        holds = take_set(m, now, at);
        break;
    case OP_SPLIT:
        done = push(m, now->other, 0, *at);
        break;
    case OP_JUMP:
        next = now->to;
        break;
    case OP_SAVE:
        done = set_register(m, now->slot, *at);
        break;
    case OP_ENTER:
        done = set_register(m, now->slot, 0) && set_register(m, now->slot + 1, UNSET);
        break;
    case OP_LOOP:
        verdict = decide_loop(m, *op, *at, &next);
        *op = next;
        return verdict;
    case OP_ROUND:
        done = begin_round(m, now, *at);
        break;
    case OP_START:
        holds = *at == 0;
        break;
    case OP_END:
        holds = *at == m->text.len;
        break;
    case OP_WORD:
        holds = ((*at && is_word_at(m->text, *at - 1)) != is_word_at(m->text, *at)) !=
                now->node->negative;
        break;
    case OP_REFERENCE:
        holds = take_reference(m, now, at);
        break;
    case OP_LOOK:
        verdict = look(m, *op, *at);
        *op = now->to;
        return verdict;
    case OP_MATCH:
        break;
    }
    *op = next;
    if (!done)
        return PATTERN_UNDECIDED;
    return holds ? PATTERN_HOLDS : PATTERN_FAILS;
}

/* From an operation to the OP_MATCH that belongs to it. */
static enum pattern_verdict run(struct machine *m, uint32_t op, size_t *at)
{
    uint32_t base = m->depth;

    while (m->program->ops[op].kind != OP_MATCH) {
        enum pattern_verdict verdict;

        if (m->left < OP_COST)
            return PATTERN_UNDECIDED;
        m->left -= OP_COST;
        verdict = run_op(m, &op, at);
        if (verdict == PATTERN_UNDECIDED)
            return verdict;
        if (verdict == PATTERN_FAILS && !go_back(m, base, &op, at))
            return PATTERN_FAILS;
    }
    return PATTERN_HOLDS;
}

static void machine_free(struct machine *m)
{
    free(m->registers);
    free(m->stack);
}

enum pattern_verdict backtrack_match(const struct backtrack *b, str text, bool anchored,
                                     uint64_t *work)
{
    CLEANUP(machine_free) struct machine m = {.program = b, .text = text, .left = *work};
    enum pattern_verdict verdict = PATTERN_FAILS;

    m.registers = malloc(b->slots * sizeof(*m.registers));
    if (!m.registers)
        return PATTERN_UNDECIDED;
    for (size_t from = 0; from <= text.len && verdict == PATTERN_FAILS; from++) {
        size_t at = from;

        if (from && (anchored || (from < text.len && (text.at[from] & 0xc0) == 0x80)))
            continue;
        m.depth = 0;
        memset(m.registers, 0xff, b->slots * sizeof(*m.registers));
        verdict = run(&m, 0, &at);
    }
    *work = m.left;
    return verdict;
}
