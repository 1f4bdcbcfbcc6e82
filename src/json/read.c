/* One pass from text to tree: a loop over two states, with the open containers on a stack. */
#include "json/reader.h"

#include <stdlib.h>

const struct json_limits json_limits_event = {
    .bytes = (6u << 20) + 100,
    .depth = 64,
    .nodes = 1000000,
};

static const size_t NOTHING_OPEN = SIZE_MAX;

enum state { VALUE, AFTER_VALUE, DONE, FAILED };

static bool grow_stack(struct reader *r, size_t need)
{
    size_t cap = r->cap * 2 > need ? r->cap * 2 : need;
    char *stack = realloc(r->stack_is_ours ? r->stack : NULL, cap);

    if (!stack)
        return err_limit(r->e);
    if (!r->stack_is_ours)
        memcpy(stack, r->stack, r->used);
    r->stack = stack;
    r->stack_is_ours = true;
    r->cap = cap;
    return true;
}

static void *push(struct reader *r, size_t size)
{
    void *at;

    if (r->cap - r->used < size && !grow_stack(r, r->used + size))
        return NULL;
    at = r->stack + r->used;
    r->used += size;
    return at;
}

static struct json *node_at(struct reader *r, size_t offset)
{
    return (struct json *)(void *)(r->stack + offset);
}

static inline void skip_space(struct reader *r)
{
    const char *p = r->p, *end = r->end;

    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    r->p = p;
}

/* The place for the next value: of a member it was made together with the name. */
static struct json *next_node(struct reader *r)
{
    struct json *v;

    if (r->open != NOTHING_OPEN && node_at(r, r->open)->kind == JSON_OBJECT)
        return node_at(r, r->used - sizeof(struct json));
    v = push(r, sizeof(*v));
    if (v && r->open != NOTHING_OPEN)
        node_at(r, r->open)->count++;
    return v;
}

static bool read_name(struct reader *r)
{
    const char *at = r->p;
    struct json_member *m;
    enum json_hint hint;
    str name;

    if (at == r->end || *at != '"')
        return json_fail_expected(r, at, "a member's name in double quotes");
    if (!json_read_string(r, &name, &hint))
        return false;
    skip_space(r);
    if (r->p == r->end || *r->p != ':')
        return json_fail_expected(r, r->p, "':'");
    r->p++;
    m = push(r, sizeof(*m));
    if (!m)
        return false;
    m->name = name;
    m->hash = json_hash(name);
    m->at = (uint32_t)(at - r->start);
    node_at(r, r->open)->count++;
    return true;
}

/* Moves the children of the innermost container to where they stay. */
static enum state close_container(struct reader *r)
{
    struct json *v = node_at(r, r->open);
    size_t children = r->open + sizeof(*v);
    size_t size = r->used - children, around = v->text.len;
    void *kept = NULL;

    r->p++;
    if (v->kind == JSON_OBJECT && !r->limits->repeats &&
        !json_names_unique(r, (void *)(r->stack + children), v->count))
        return FAILED;
    if (size) {
        kept = arena_alloc(r->a, size);
        if (!kept) {
            err_limit(r->e);
            return FAILED;
        }
        memcpy(kept, r->stack + children, size);
    }
    v->text.len = 0;
    v->items = kept;
    r->used = children;
    r->open = around;
    r->depth--;
    return AFTER_VALUE;
}

static enum state read_container(struct reader *r, struct json *v)
{
    char close = *r->p == '{' ? '}' : ']';

    if (++r->depth > r->limits->depth) {
        json_fail_limit(r, r->p, "nested deeper than %u levels", r->limits->depth);
        return FAILED;
    }
    v->kind = close == '}' ? JSON_OBJECT : JSON_ARRAY;
    v->count = 0;
    v->text.len = r->open;
    r->open = (size_t)((char *)v - r->stack);
    r->p++;
    skip_space(r);
    if (r->p < r->end && *r->p == close)
        return close_container(r);
    return close == ']' || read_name(r) ? VALUE : FAILED;
}

static enum state read_string(struct reader *r, struct json *v)
{
    v->kind = JSON_STRING;
    return json_read_string(r, &v->text, &v->hint) ? AFTER_VALUE : FAILED;
}

static enum state read_number(struct reader *r, struct json *v)
{
    v->kind = JSON_NUMBER;
    return json_read_number(r, &v->text, &v->hint) ? AFTER_VALUE : FAILED;
}

static enum state read_word(struct reader *r, struct json *v)
{
    static const struct {
        str word;
        enum json_kind kind;
    } words[] = {
        {STR_INIT("true"), JSON_TRUE},
        {STR_INIT("false"), JSON_FALSE},
        {STR_INIT("null"), JSON_NULL},
    };
    str rest = {r->p, (size_t)(r->end - r->p)};

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_starts(rest, words[i].word)) {
            v->kind = words[i].kind;
            v->text = (str){NULL, 0};
            r->p += words[i].word.len;
            return AFTER_VALUE;
        }
    json_fail_expected(r, r->p, "a value");
    return FAILED;
}

/* By the first byte of a value. */
static enum state (*const readers[256])(struct reader *, struct json *) = {
    ['{'] = read_container, ['['] = read_container,      ['"'] = read_string,
    ['-'] = read_number,    ['0' ... '9'] = read_number, ['t'] = read_word,
    ['f'] = read_word,      ['n'] = read_word,
};

static enum state read_value(struct reader *r)
{
    enum state (*read)(struct reader *, struct json *) = NULL;
    struct json *v;

    skip_space(r);
    if (r->p < r->end)
        read = readers[(unsigned char)*r->p];
    if (!read) {
        json_fail_expected(r, r->p, "a value");
        return FAILED;
    }
    if (++r->values > r->limits->nodes) {
        json_fail_limit(r, r->p, "more than %zu values", r->limits->nodes);
        return FAILED;
    }
    v = next_node(r);
    if (!v)
        return FAILED;
    v->at = (uint32_t)(r->p - r->start);
    v->count = 0;
    v->hint = JSON_NO_HINT;
    return read(r, v);
}

static enum state after_value(struct reader *r)
{
    bool object;

    if (r->open == NOTHING_OPEN)
        return DONE;
    object = node_at(r, r->open)->kind == JSON_OBJECT;
    skip_space(r);
    if (r->p < r->end && *r->p == (object ? '}' : ']'))
        return close_container(r);
    if (r->p == r->end || *r->p != ',') {
        json_fail_expected(r, r->p, object ? "',' or '}'" : "',' or ']'");
        return FAILED;
    }
    r->p++;
    if (!object)
        return VALUE;
    skip_space(r);
    return read_name(r) ? VALUE : FAILED;
}

static bool read_tree(struct reader *r)
{
    enum state state = VALUE;

    while (state < DONE)
        state = state == VALUE ? read_value(r) : after_value(r);
    if (state == FAILED)
        return false;
    skip_space(r);
    return r->p == r->end || json_fail_expected(r, r->p, "the end of the text");
}

static void free_stack(struct reader *r)
{
    if (r->stack_is_ours)
        free(r->stack);
}

bool json_read(struct arena *a, str text, const struct json_limits *limits, struct json **ret,
               struct err *e)
{
    _Alignas(struct json) char first[4096];
    CLEANUP(free_stack)
    struct reader r = {
        .a = a,
        .start = text.at ? text.at : "",
        .limits = limits,
        .e = e,
        .stack = first,
        .cap = sizeof(first),
        .open = NOTHING_OPEN,
    };
    struct json *root;

    r.p = r.start;
    r.end = r.start + text.len;
    if (text.len > limits->bytes || text.len > UINT32_MAX)
        return json_fail_limit(&r, r.start, "longer than %zu bytes", limits->bytes);
    if (!read_tree(&r))
        return false;
    root = arena_alloc(a, sizeof(*root));
    if (!root)
        return err_limit(e);
    *root = *node_at(&r, 0);
    *ret = root;
    return true;
}
