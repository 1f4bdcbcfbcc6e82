/* The operands of instructions: tables of names, constants, objects. */
#include "schema/emit.h"
#include "schema/number.h"

#include <stdlib.h>

static uint32_t fail(struct compiler *c)
{
    c->out.failed = true;
    return 0;
}

/* ---- keys and tables ---- */

struct key emit_key(struct compiler *c, str name)
{
    return (struct key){
        .hash = json_hash(name), .ends = json_ends(name), .name = emit_text(c, name)};
}

uint32_t emit_keys(struct compiler *c, const str *names, uint32_t count)
{
    struct key *keys = arena_array(c->a, count, sizeof(*keys));

    if (!keys)
        return fail(c);
    for (uint32_t i = 0; i < count; i++)
        keys[i] = emit_key(c, names[i]);
    return emit_bytes(c, keys, count * sizeof(*keys));
}

/* Fills the slots; false when two want the same one and that is not wanted. */
static bool fill_slots(struct compiler *c, uint32_t *slots, uint32_t mask, uint32_t list,
                       size_t stride, uint32_t count, bool alone)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)(list + i * stride);
        uint32_t slot = ((const struct key *)emitted(c, at))->hash & mask;

        if (slots[slot] && alone)
            return false;
        while (slots[slot])
            slot = (slot + 1) & mask;
        slots[slot] = at;
    }
    return true;
}

/* A table in which each name has its slot for itself, if one of a fair size has room so. */
struct table emit_table(struct compiler *c, uint32_t list, size_t stride, uint32_t count)
{
    uint32_t mask = 1, *slots;
    struct table t = {.list = list, .count = count};
    bool done = false;

    while (mask < (uint64_t)count * 2)
        mask = mask * 2 + 1;
    for (unsigned tries = 0; !done && !c->out.failed; tries++, mask = mask * 2 + 1) {
        bool last = tries == 3;

        if (last)
            mask >>= 3;
        slots = arena_array(c->a, (size_t)mask + 1, sizeof(*slots));
        if (!slots) {
            fail(c);
            break;
        }
        done = fill_slots(c, slots, mask, list, stride, count, !last);
        t.mask = mask;
        if (done)
            t.slots = emit_bytes(c, slots, ((size_t)mask + 1) * sizeof(*slots));
    }
    return t;
}

/* ---- constants ---- */

static struct constant make_constant(struct compiler *c, const struct json *v);

static uint32_t emit_children(struct compiler *c, const struct json *v)
{
    struct constant *list = arena_array(c->a, v->count, sizeof(*list));

    if (!list)
        return fail(c);
    for (uint32_t i = 0; i < v->count; i++)
        list[i] =
            make_constant(c, v->kind == JSON_OBJECT ? &v->members[i].value : &v->items[i]);
    return emit_bytes(c, list, v->count * sizeof(*list));
}

static struct table emit_members(struct compiler *c, const struct json *v)
{
    str *names = arena_array(c->a, v->count, sizeof(*names));
    uint32_t list;

    if (!names) {
        fail(c);
        return (struct table){0};
    }
    for (uint32_t i = 0; i < v->count; i++)
        names[i] = v->members[i].name;
    list = emit_keys(c, names, v->count);
    return emit_table(c, list, sizeof(struct key), v->count);
}

/* No deeper than the schema's own text, whose reader has a limit. */
static struct constant make_constant(struct compiler *c, const struct json *v)
{
    struct constant k = {.kind = v->kind, .count = v->count};

    if (v->kind == JSON_STRING || v->kind == JSON_NUMBER)
        k.text = emit_text(c, v->text);
    if (v->kind == JSON_NUMBER && v->hint == JSON_WHOLE && !str_is(v->text, "-0"))
        k.kind = WHOLE;
    if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT)
        k.children = emit_children(c, v);
    if (v->kind == JSON_OBJECT)
        k.members = emit_members(c, v);
    return k;
}

static int by_hash(const void *a, const void *b)
{
    const struct constant *x = a, *y = b;

    return (x->hash > y->hash) - (x->hash < y->hash);
}

static uint32_t emit_constants(struct compiler *c, const struct term *t)
{
    const struct json *const *values = t->operand;
    struct constant *list = arena_array(c->a, t->count, sizeof(*list));

    if (!list)
        return fail(c);
    for (uint32_t i = 0; i < t->count; i++) {
        list[i] = make_constant(c, values[i]);
        if (t->count > FEW_VALUES && !value_hash(values[i], &list[i].hash))
            return fail(c);
    }
    if (t->count > FEW_VALUES)
        qsort(list, t->count, sizeof(*list), by_hash);
    return emit_bytes(c, list, t->count * sizeof(*list));
}

/* ---- objects ---- */

static bool note_fixup(struct compiler *c, uint32_t property, const struct node *n)
{
    struct fixup *f = arena_alloc(c->a, sizeof(*f));

    if (!f)
        return fail(c);
    *f = (struct fixup){c->fixups, property, n};
    c->fixups = f;
    return true;
}

static struct property make_property(struct compiler *c, const struct property_rule *rule)
{
    struct property p = {
        .key = emit_key(c, rule->name),
        .required = rule->required,
        .block = emit_block(c, rule->node),
    };

    for (unsigned kind = 0; kind < KINDS; kind++)
        p.entry[kind] = PASS;
    return p;
}

/* A name that is only required is one of the others, if there is anything to say of those. */
static uint32_t emit_properties(struct compiler *c, const struct property_rule *rules,
                                uint32_t count, const struct node *others)
{
    struct property *list = arena_array(c->a, count, sizeof(*list));
    uint32_t at;

    if (!list)
        return fail(c);
    for (uint32_t i = 0; i < count; i++)
        list[i] = make_property(c, &rules[i]);
    at = emit_bytes(c, list, count * sizeof(*list));
    for (uint32_t i = 0; i < count; i++) {
        const struct node *n = rules[i].node ? rules[i].node : others;

        if (n)
            note_fixup(c, (uint32_t)(at + i * sizeof(*list)), n);
    }
    return at;
}

static uint32_t emit_patterns(struct compiler *c, const struct object_rules *o)
{
    struct pattern_property *list = arena_array(c->a, o->pattern_count, sizeof(*list));

    if (!list)
        return fail(c);
    for (uint32_t i = 0; i < o->pattern_count; i++)
        list[i] = (struct pattern_property){
            .code = emit_code(c, o->patterns[i].name),
            .shape =
                o->patterns[i].name->op == OP_SHAPE ? emit_data(c, o->patterns[i].name) : 0,
            .block = emit_block(c, o->patterns[i].node),
            .text = emit_text(c, o->patterns[i].text),
        };
    return emit_bytes(c, list, o->pattern_count * sizeof(*list));
}

uint32_t emit_object(struct compiler *c, struct object_rules *rules)
{
    struct object o = {.required = rules->required, .pattern_count = rules->pattern_count};
    uint32_t list;

    if (rules->emitted)
        return rules->emitted;
    o.others = emit_block(c, rules->others);
    /* Where there are patterns the runner sees itself which names are others. */
    list = emit_properties(c, rules->properties, rules->count,
                           rules->pattern_count ? NULL : rules->others);
    o.properties = emit_table(c, list, sizeof(struct property), rules->count);
    o.others_block = rules->others && !node_is_true(rules->others) ? o.others : 0;
    if (rules->others_keyword)
        o.others_keyword = keyword_number(rules->others_keyword);
    o.names = emit_block(c, rules->names);
    o.patterns = emit_patterns(c, rules);
    rules->emitted = emit_bytes(c, &o, sizeof(o));
    return rules->emitted;
}

/* ---- the rest ---- */

static uint32_t emit_bound(struct compiler *c, const struct bound_rule *rule)
{
    struct bound b = rule->bound;

    b.text = emit_text(c, rule->text);
    return emit_bytes(c, &b, sizeof(b));
}

static uint32_t emit_shape(struct compiler *c, const struct shape_rule *rule)
{
    struct shape_test *s;
    size_t size = sizeof(*s) + rule->count * sizeof(s->runs[0]);

    s = arena_alloc(c->a, size);
    if (!s)
        return fail(c);
    s->count = rule->count;
    s->anchored_end = rule->anchored_end;
    s->place = rule->place;
    s->prefix = emit_text(c, rule->prefix);
    memcpy(s->runs, rule->runs, rule->count * sizeof(s->runs[0]));
    return emit_bytes(c, s, size);
}

static uint32_t emit_texts(struct compiler *c, const struct term *t)
{
    uint32_t list = emit_keys(c, t->operand, t->count);
    struct table table = emit_table(c, list, sizeof(struct key), t->count);

    return emit_bytes(c, &table, sizeof(table));
}

static uint32_t emit_choice(struct compiler *c, const struct choice_rule *rule)
{
    struct branch *list = arena_array(c->a, rule->count, sizeof(*list));
    struct choice choice = {.member = emit_key(c, rule->member)};
    uint32_t at;

    if (!list)
        return fail(c);
    for (uint32_t i = 0; i < rule->count; i++)
        list[i] = (struct branch){emit_key(c, rule->texts[i]), emit_code(c, rule->parts[i])};
    at = emit_bytes(c, list, rule->count * sizeof(*list));
    choice.texts = emit_table(c, at, sizeof(*list), rule->count);
    return emit_bytes(c, &choice, sizeof(choice));
}

static uint32_t make_data(struct compiler *c, struct term *t)
{
    switch (t->op) {
    case OP_MEMBER:
        return emit_properties(c, t->operand, 1, NULL);
    case OP_STRINGS:
        return emit_texts(c, t);
    case OP_BOUND:
    case OP_MULTIPLE:
        return emit_bound(c, t->operand);
    case OP_VALUES:
        return emit_constants(c, t);
    case OP_NEEDS:
        return emit_keys(c, t->operand, t->count);
    case OP_WHEN:
        return emit_keys(c, t->operand, 1);
    case OP_SWITCH:
        return emit_choice(c, t->operand);
    case OP_SHAPE:
        return emit_shape(c, t->operand);
    case OP_TUPLE:
        return emit_blocks(c, t->operand, t->count);
    case OP_OBJECT:
    case OP_OBJECT_WIDE:
        return emit_object(c, (struct object_rules *)t->operand);
    default:
        return 0;
    }
}

uint32_t emit_data(struct compiler *c, struct term *t)
{
    if (!t->data)
        t->data = make_data(c, t);
    return t->data;
}

void emit_operands(struct compiler *c, struct term *t, struct instruction *out)
{
    const str *text = t->operand;

    if (t->op == OP_STRING) {
        struct span s = emit_text(c, *text);

        out->a = s.at;
        out->b = s.len;
        return;
    }
    if (!t->operand)
        return;
    out->a = emit_data(c, t);
    out->b = t->count;
}

struct span emit_uri(struct compiler *c, struct resource *r)
{
    if (!r->emitted && r->uri.len)
        r->emitted = emit_text(c, r->uri).at;
    return (struct span){r->emitted, (uint32_t)r->uri.len};
}
