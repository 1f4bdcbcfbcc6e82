/* From terms to bytes: instructions, blocks and their clauses. */
#include "schema/emit.h"

/* ---- bytes ---- */

uint32_t emit_bytes(struct compiler *c, const void *at, size_t size)
{
    size_t aligned = (c->out.len + 7) / 8 * 8;
    uint32_t offset = (uint32_t)aligned;

    while (c->out.len < aligned && !c->out.failed)
        buf_addc(&c->out, '\0');
    buf_add(&c->out, (str){at, size});
    return c->out.failed ? 0 : offset;
}

void *emitted(struct compiler *c, uint32_t at)
{
    return c->out.at + at;
}

struct span emit_text(struct compiler *c, str text)
{
    struct span s = {(uint32_t)c->out.len, (uint32_t)text.len};

    buf_add(&c->out, text);
    return c->out.failed ? (struct span){0} : s;
}

/* ---- blocks are written one after another, from the root to all that it leads to ---- */

uint32_t emit_block(struct compiler *c, struct node *n)
{
    static const struct block empty = {0};

    if (!n || n->block)
        return n ? n->block : 0;
    n->block = emit_bytes(c, &empty, sizeof(empty));
    *(c->last_used ? &c->last_used->next_used : &c->used) = n;
    c->last_used = n;
    return n->block;
}

uint32_t emit_blocks(struct compiler *c, struct node *const *nodes, uint32_t count)
{
    uint32_t *list = arena_array(c->a, (size_t)count + 1, sizeof(*list));

    if (!list) {
        c->out.failed = true;
        return 0;
    }
    for (uint32_t i = 0; i < count; i++)
        list[i] = emit_block(c, nodes[i]);
    return emit_bytes(c, list, count * sizeof(*list));
}

/* ---- code ---- */

static uint32_t emit_codes(struct compiler *c, const struct term *t)
{
    uint32_t *list = arena_array(c->a, t->count, sizeof(*list));

    if (!list) {
        c->out.failed = true;
        return 0;
    }
    for (uint32_t i = 0; i < t->count; i++)
        list[i] = emit_code(c, t->parts[i]);
    return emit_bytes(c, list, t->count * sizeof(*list));
}

static struct instruction make_instruction(struct compiler *c, struct term *t)
{
    struct instruction i = {.op = (uint16_t)t->op, .a = t->a, .b = t->b, .c = t->c};

    switch (t->op) {
    case OP_AND: /* too long to stand in another's place */
        i.op = OP_CALL;
        i.a = emit_code(c, t);
        break;
    case OP_NOT:
        i.a = emit_code(c, t->parts[0]);
        break;
    case OP_IF:
        i.a = emit_code(c, t->parts[0]);
        i.b = emit_code(c, t->parts[1]);
        i.c = emit_code(c, t->parts[2]);
        break;
    case OP_ANY:
    case OP_ONE:
        i.a = emit_codes(c, t);
        i.b = t->count;
        break;
    case OP_WHEN:
        i.a = emit_data(c, t);
        i.b = emit_code(c, t->parts[0]);
        break;
    case OP_ITEMS:
    case OP_MAP:
    case OP_CONTAINS:
        i.a = emit_block(c, t->node);
        break;
    case OP_UNEVALUATED_ITEMS:
    case OP_UNEVALUATED_PROPERTIES:
        i.a = emit_block(c, t->node);
        i.b = emit_block(c, t->second);
        break;
    default:
        emit_operands(c, t, &i);
    }
    return i;
}

uint32_t emit_code(struct compiler *c, struct term *t)
{
    struct term **parts = t->op == OP_AND ? t->parts : &t;
    uint32_t count = t->op == OP_AND ? t->count : 1;
    struct instruction *list;

    if (t->op == OP_TRUE || t->op == OP_FALSE)
        return t->op == OP_TRUE ? PASS : FAIL;
    if (t->code)
        return t->code;
    list = arena_array(c->a, count, sizeof(*list));
    if (!list) {
        c->out.failed = true;
        return 0;
    }
    for (uint32_t i = 0; i < count; i++)
        list[i] = make_instruction(c, parts[i]);
    list[count - 1].last = 1;
    t->code = emit_bytes(c, list, count * sizeof(*list));
    return t->code;
}

/* ---- clauses ---- */

static enum say say_of(const struct rule *r)
{
    static const enum say says[] = {
        [RULE_LEAF] = SAY_TEST,
        [RULE_TYPE] = SAY_TYPE,
        [RULE_VALUES] = SAY_TEST,
        [RULE_FALSE] = SAY_FALSE,
        [RULE_ALL] = SAY_ALL,
        [RULE_ANY] = SAY_ANY,
        [RULE_ONE] = SAY_ONE,
        [RULE_NOT] = SAY_TEST,
        [RULE_IF] = SAY_IF,
        [RULE_OBJECT] = SAY_OBJECT,
        [RULE_ARRAY] = SAY_ARRAY,
        [RULE_CONTAINS] = SAY_CONTAINS,
        [RULE_NEEDS] = SAY_NEEDS,
        [RULE_WHEN] = SAY_WHEN,
        [RULE_UNEVALUATED_ITEMS] = SAY_UNEVALUATED_ITEMS,
        [RULE_UNEVALUATED_PROPERTIES] = SAY_UNEVALUATED_PROPERTIES,
    };

    return says[r->kind];
}

static void fill_clause(struct compiler *c, struct rule *r, struct clause *out)
{
    switch (r->kind) {
    case RULE_TYPE:
        out->a = r->types;
        out->b = r->whole;
        break;
    case RULE_ALL:
    case RULE_ANY:
    case RULE_ONE:
    case RULE_IF:
        out->a = emit_blocks(c, r->nodes, r->count);
        out->b = r->count;
        out->c = r->listed;
        break;
    case RULE_OBJECT:
        out->a = emit_object(c, r->object);
        break;
    case RULE_ARRAY:
        out->a = emit_blocks(c, r->array->prefix, r->array->prefix_count);
        out->b = r->array->prefix_count;
        out->c = emit_block(c, r->array->rest);
        if (r->array->rest)
            out->rest_keyword = keyword_number(r->array->rest_keyword);
        break;
    case RULE_CONTAINS:
        out->a = emit_block(c, r->nodes[0]);
        out->b = r->least;
        out->c = r->most;
        out->rest_keyword = r->marks;
        break;
    case RULE_NEEDS:
        out->a = emit_keys(c, r->names, r->count);
        out->b = r->count;
        break;
    case RULE_WHEN:
        out->a = emit_keys(c, r->names, 1);
        out->b = emit_block(c, r->nodes[0]);
        break;
    case RULE_UNEVALUATED_ITEMS:
    case RULE_UNEVALUATED_PROPERTIES:
        out->a = emit_block(c, r->nodes[0]);
        break;
    default:
        break;
    }
}

static void make_clause(struct compiler *c, struct rule *r, struct clause *out)
{
    *out = (struct clause){.say = (uint16_t)say_of(r), .keyword = UINT16_MAX};
    if (r->keyword)
        out->keyword = (uint16_t)keyword_number(r->keyword);
    if (r->source->kind == JSON_NUMBER && r->kind == RULE_LEAF)
        out->operand = emit_text(c, r->source->text);
    for (unsigned kind = 0; kind < KINDS; kind++)
        out->entry[kind] = emit_code(c, r->terms[kind]);
    fill_clause(c, r, out);
}

static void finish_block(struct compiler *c, struct node *n)
{
    struct clause *list = arena_array(c->a, (size_t)n->count + 1, sizeof(*list));
    CLEANUP(buf_free) struct buf pointer = {0};
    struct block b = {.count = n->count};

    if (!list) {
        c->out.failed = true;
        return;
    }
    sources_pointer(&c->sources, n->spot, &pointer);
    b.pointer = emit_text(c, buf_str(&pointer));
    b.uri = emit_uri(c, n->in);
    for (unsigned kind = 0; kind < KINDS; kind++)
        b.entry[kind] = emit_code(c, n->terms[kind]);
    for (uint32_t i = 0; i < n->count; i++)
        make_clause(c, &n->rules[i], &list[i]);
    b.clauses = emit_bytes(c, list, n->count * sizeof(*list));
    if (!c->out.failed)
        memcpy(emitted(c, n->block), &b, sizeof(b));
}

/* ---- the whole ---- */

static uint32_t emit_list(struct compiler *c, const struct str_list *list, uint32_t count)
{
    struct span *spans = arena_array(c->a, (size_t)count + 1, sizeof(*spans));

    if (!spans) {
        c->out.failed = true;
        return 0;
    }
    for (; list; list = list->next)
        spans[list->number] = emit_text(c, list->text);
    return emit_bytes(c, spans, count * sizeof(*spans));
}

/* Properties hold their blocks' entries themselves, to save a look. */
static void copy_entries(struct compiler *c)
{
    for (const struct fixup *f = c->fixups; f && !c->out.failed; f = f->next) {
        struct property *p = emitted(c, f->property);
        const struct block *b = emitted(c, f->node->block);

        memcpy(p->entry, b->entry, sizeof(p->entry));
    }
}

bool emit_program(struct compiler *c, struct node *root)
{
    struct program p = {.magic = PROGRAM_MAGIC, .version = PROGRAM_VERSION};

    emit_bytes(c, &p, sizeof(p));
    p.root = emit_block(c, root);
    for (struct node *n = c->used; n && !c->out.failed; n = n->next_used)
        finish_block(c, n);
    copy_entries(c);
    p.pattern_count = c->pattern_count;
    p.patterns = emit_list(c, c->patterns, c->pattern_count);
    p.format_count = c->format_count;
    p.formats = emit_list(c, c->formats, c->format_count);
    if (c->out.failed)
        return err_limit(c->e);
    p.size = (uint32_t)c->out.len;
    memcpy(c->out.at, &p, sizeof(p));
    p.sum = program_sum(buf_str(&c->out));
    memcpy(c->out.at, &p, sizeof(p));
    return true;
}
