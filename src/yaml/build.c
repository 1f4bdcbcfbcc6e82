/*
 * build: nodes, tags, anchors and aliases, with a limit on everything that they may ask for. The
 * stack is ours, so that depth costs no C stack.
 */
#include "yaml/build.h"

static str str_of_bytes(const yaml_char_t *c)
{
    return str_of((const char *)c);
}

struct place build_place(struct builder *b, const yaml_mark_t *from, const yaml_mark_t *to)
{
    struct cursor start;

    cursor_to_index(&b->cursor, from->index);
    start = b->cursor;
    cursor_to_index(&b->cursor, to->index);
    return cursor_place(&start, b->file, b->cursor.byte);
}

static bool past_limit(struct builder *b, struct place at, const char *what, unsigned max)
{
    err_at(b->e, at, "more than %u %s", max, what);
    b->e->code = ERR_LIMIT;
    return false;
}

static bool count_node(struct builder *b, struct place at)
{
    if (b->nodes >= YAML_NODES_MAX)
        return past_limit(b, at, "values, counting what each alias stands for", YAML_NODES_MAX);
    b->nodes++;
    return true;
}

/* ---- tags ---- */

/* The standard ones say what is so anyway, or what then has to be so. */
static const struct {
    str name;
    enum yaml_kind kind;
} standard_tags[] = {
    {STR_INIT("null"), YAML_NULL},  {STR_INIT("bool"), YAML_BOOL},
    {STR_INIT("int"), YAML_NUMBER}, {STR_INIT("float"), YAML_NUMBER},
    {STR_INIT("str"), YAML_STRING}, {STR_INIT("seq"), YAML_LIST},
    {STR_INIT("map"), YAML_MAP},
};

/* Settles the kind by a standard tag, or keeps any other one in `y->tag`. */
static bool apply_tag(struct builder *b, struct yaml *y, str tag)
{
    static const str prefix = STR_INIT("tag:yaml.org,2002:");

    if (!str_starts(tag, prefix)) {
        y->tag = arena_str(b->a, tag);
        return y->tag.at || err_limit(b->e);
    }
    tag = str_sub(tag, prefix.len, tag.len);
    for (size_t i = 0; i < COUNT(standard_tags); i++) {
        if (!str_equal(tag, standard_tags[i].name))
            continue;
        if (standard_tags[i].kind == y->kind)
            return true;
        return err_at(b->e, y->at, "this is not what its tag '!!%.*s' says", STR_ARG(tag));
    }
    y->tag = arena_format(b->a, "!!%.*s", STR_ARG(tag));
    return y->tag.at || err_limit(b->e);
}

/* ---- nodes ---- */

static struct yaml *new_node(struct builder *b, const yaml_event_t *event, enum yaml_kind kind)
{
    struct yaml *y = arena_alloc(b->a, sizeof(*y));

    if (!y) {
        err_limit(b->e);
        return NULL;
    }
    y->kind = kind;
    y->at = build_place(b, &event->start_mark, &event->end_mark);
    cursor_to_index(&b->cursor, event->start_mark.index);
    y->offset = (uint32_t)b->cursor.byte;
    return count_node(b, y->at) ? y : NULL;
}

/* Hangs a finished or just opened node into what is open. */
static bool attach(struct builder *b, struct yaml *y)
{
    struct frame *top = b->depth ? &b->stack[b->depth - 1] : NULL;

    if (!top) {
        b->root = y;
        return true;
    }
    if (top->node->kind == YAML_MAP && top->last && !top->last->value) {
        top->last->value = y;
        return true;
    }
    if (top->node->kind == YAML_MAP && (y->kind == YAML_MAP || y->kind == YAML_LIST)) {
        err_at(b->e, y->at, "a key must be a word, not a list or map");
        return err_fix(b->e, "put text that starts with '{' or '[' in quotes");
    }
    if (top->last)
        top->last->next = y;
    else
        top->node->first = y;
    top->last = y;
    top->node->count++;
    return true;
}

static bool remember_anchor(struct builder *b, const yaml_char_t *name, const struct yaml *y)
{
    struct anchor *anchor = &b->anchors[b->anchor_count];

    if (!name)
        return true;
    if (b->anchor_count == YAML_ANCHORS_MAX)
        return past_limit(b, y->at, "anchors", YAML_ANCHORS_MAX);
    *anchor = (struct anchor){.name = arena_str(b->a, str_of_bytes(name)), .node = y};
    b->anchor_count++;
    return anchor->name.at || err_limit(b->e);
}

static bool open_node(struct builder *b, const yaml_event_t *event, enum yaml_kind kind,
                      const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct yaml *y = new_node(b, event, kind);

    if (!y)
        return false;
    if (b->depth == YAML_DEPTH_MAX)
        return past_limit(b, y->at, "lists and maps inside one another", YAML_DEPTH_MAX);
    if (tag && !apply_tag(b, y, str_of_bytes(tag)))
        return false;
    if (!remember_anchor(b, anchor, y) || !attach(b, y))
        return false;
    b->stack[b->depth++] = (struct frame){.node = y};
    return true;
}

bool build_open(struct builder *b, const yaml_event_t *event)
{
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return open_node(b, event, YAML_LIST, event->data.sequence_start.anchor,
                         event->data.sequence_start.tag);
    return open_node(b, event, YAML_MAP, event->data.mapping_start.anchor,
                     event->data.mapping_start.tag);
}

bool build_close(struct builder *b)
{
    const struct yaml *y = b->stack[--b->depth].node;

    return y->kind != YAML_MAP || keys_unique(b->a, y, b->e);
}

bool build_scalar(struct builder *b, const yaml_event_t *event)
{
    str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    str tag = str_of_bytes(event->data.scalar.tag);
    bool is_text = str_is(tag, "!") || str_is(tag, YAML_STR_TAG) || (!plain && !tag.len);
    struct yaml *y = new_node(b, event, is_text ? YAML_STRING : scalar_kind(text));

    if (!y)
        return false;
    y->quoted = !plain;
    y->text = arena_str(b->a, text);
    if (!y->text.at)
        return err_limit(b->e);
    if (tag.len && !str_is(tag, "!") && !apply_tag(b, y, tag))
        return false;
    y->truth = y->kind == YAML_BOOL && (text.at[0] | 0x20) == 't';
    return remember_anchor(b, event->data.scalar.anchor, y) && attach(b, y);
}

/* ---- aliases ---- */

static struct yaml *copy_node(struct builder *b, const struct yaml *from, size_t depth);

static bool copy_children(struct builder *b, const struct yaml *from, size_t depth,
                          struct yaml *to)
{
    struct yaml **last = &to->first;

    *last = NULL;
    for (const struct yaml *child = from->first; child; child = child->next) {
        struct yaml *copy = copy_node(b, child, depth);

        if (!copy)
            return false;
        if (child->value && !(copy->value = copy_node(b, child->value, depth)))
            return false;
        *last = copy;
        last = &copy->next;
    }
    return true;
}

/* A copy of its own, since a node hangs in one list only. The anchored node may be a key: its
 * value is not part of it. */
static struct yaml *copy_node(struct builder *b, const struct yaml *from, size_t depth)
{
    struct yaml *y = arena_alloc(b->a, sizeof(*y));

    if (depth > YAML_DEPTH_MAX) {
        past_limit(b, from->at, "lists and maps inside one another", YAML_DEPTH_MAX);
        return NULL;
    }
    if (!y) {
        err_limit(b->e);
        return NULL;
    }
    *y = *from;
    y->next = y->value = NULL;
    if (!count_node(b, from->at) || !copy_children(b, from, depth + 1, y))
        return NULL;
    return y;
}

static bool is_open(const struct builder *b, const struct yaml *y)
{
    for (size_t i = 0; i < b->depth; i++)
        if (b->stack[i].node == y)
            return true;
    return false;
}

bool build_alias(struct builder *b, const yaml_event_t *event)
{
    struct place at = build_place(b, &event->start_mark, &event->end_mark);
    str name = str_of_bytes(event->data.alias.anchor);
    size_t i = b->anchor_count;
    struct yaml *y;

    while (i && !str_equal(b->anchors[i - 1].name, name))
        i--;
    if (!i)
        return err_at(b->e, at, "there is no anchor '&%.*s' before this alias",
                      STR_ARG(str_sub(name, 0, 80)));
    if (is_open(b, b->anchors[i - 1].node))
        return err_at(b->e, at, "this alias would hold itself");
    y = copy_node(b, b->anchors[i - 1].node, b->depth);
    return y && attach(b, y);
}
