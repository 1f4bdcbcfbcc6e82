/*
 * The reader of ECMA-262 patterns with the u flag: what the flag forbids is refused. The few
 * limits (groups, nesting) are far past what people write.
 */
#include "pattern/syntax.h"

bool read_fail(struct reader *r, const char *format, ...)
{
    char what[200];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return err_set(r->e, ERR_INPUT, "%s, at character %zu", what, r->at + 1);
}

char read_peek(const struct reader *r)
{
    return r->at < r->in.len ? r->in.at[r->at] : '\0';
}

bool read_take(struct reader *r, const char *text)
{
    if (!str_starts(str_sub(r->in, r->at, r->in.len), str_of(text)))
        return false;
    r->at += strlen(text);
    return true;
}

bool read_point(struct reader *r, uint32_t *ret)
{
    return str_utf8_take(r->in, &r->at, ret) || read_fail(r, "invalid UTF-8");
}

struct node *read_node(struct reader *r, enum node_kind kind)
{
    struct node *n = arena_alloc(r->a, sizeof(*n));

    if (!n)
        err_limit(r->e);
    else
        n->kind = kind;
    return n;
}

static void free_pile(struct buf *b)
{
    buf_free(b);
}

struct node *read_set_node(struct reader *r, struct buf *pile, bool inverted)
{
    struct node *n = read_node(r, NODE_SET);

    if (!n)
        return NULL;
    n->set = set_build(r->a, pile, inverted);
    if (n->set)
        return n;
    err_limit(r->e);
    return NULL;
}

/* ---- groups ---- */

static bool is_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        bool digit = c >= '0' && c <= '9';

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && c != '_' && c != '$' && c < 0x80 &&
            !(digit && i))
            return false;
    }
    return name.len > 0;
}

static bool add_group(struct reader *r, str name)
{
    unsigned n = r->syntax.groups;

    if (n == GROUPS_MAX)
        return read_fail(r, "more than %d groups", GROUPS_MAX);
    if (name.at && !is_name(name))
        return read_fail(r, "a group's name is made of letters, digits, _ and $");
    for (unsigned i = 1; name.at && i <= n; i++)
        if (r->names[i].at && str_equal(r->names[i], name))
            return read_fail(r, "two groups are called '%.*s'", STR_ARG(name));
    r->names[++r->syntax.groups] = name;
    return true;
}

/* Counts the groups that capture and notes their names, before anything refers to them. */
static bool scan_groups(struct reader *r)
{
    bool in_class = false;

    for (r->at = 0; r->at < r->in.len; r->at++) {
        char c = r->in.at[r->at];
        str rest = str_sub(r->in, r->at + 1, r->in.len), name = {NULL, 0};

        if (c == '\\')
            r->at++;
        else if (c == '[' || c == ']')
            in_class = c == '[';
        if (c != '(' || in_class ||
            (str_starts(rest, STR("?")) && !str_starts(rest, STR("?<"))) ||
            str_starts(rest, STR("?<=")) || str_starts(rest, STR("?<!")))
            continue;
        if (str_starts(rest, STR("?<")))
            name = str_sub(rest, 2, str_find(rest, '>') - 2);
        if (!add_group(r, name))
            return false;
    }
    r->at = 0;
    return true;
}

static struct node *read_any(struct reader *r);

/* The inside of a group, and its ')'. */
static struct node *read_inside(struct reader *r)
{
    struct node *inside;

    if (r->depth == DEPTH_MAX) {
        read_fail(r, "groups nested deeper than %d", DEPTH_MAX);
        return NULL;
    }
    r->depth++;
    inside = read_any(r);
    r->depth--;
    if (inside && !read_take(r, ")")) {
        read_fail(r, "'(' without its ')'");
        return NULL;
    }
    return inside;
}

static struct node *read_look(struct reader *r, bool behind, bool negative)
{
    struct node *n = read_node(r, NODE_LOOK);

    if (!n)
        return NULL;
    n->behind = behind;
    n->negative = negative;
    n->children = read_inside(r);
    n->look = r->syntax.looks++;
    if (n->children && r->syntax.looks > LOOKS_MAX) {
        read_fail(r, "more than %d looks ahead or behind", LOOKS_MAX);
        return NULL;
    }
    return n->children ? n : NULL;
}

static struct node *read_group(struct reader *r)
{
    static const struct {
        const char *text;
        bool behind, negative;
    } looks[] = {{"(?=", false, false},
                 {"(?!", false, true},
                 {"(?<=", true, false},
                 {"(?<!", true, true}};
    struct node *n;

    if (read_take(r, "(?:"))
        return read_inside(r);
    for (size_t i = 0; i < COUNT(looks); i++)
        if (read_take(r, looks[i].text))
            return read_look(r, looks[i].behind, looks[i].negative);
    r->at++;
    if (read_take(r, "?<")) {
        r->at += r->names[r->opened + 1].len + 1;
    } else if (read_take(r, "?")) {
        read_fail(r, "'(?' that begins no kind of group");
        return NULL;
    }
    n = read_node(r, NODE_GROUP);
    if (!n)
        return NULL;
    n->group = ++r->opened;
    n->children = read_inside(r);
    return n->children ? n : NULL;
}

/* ---- repetitions ---- */

static bool read_count(struct reader *r, uint32_t *ret)
{
    size_t from = r->at;
    uint64_t n = 0;

    for (; read_peek(r) >= '0' && read_peek(r) <= '9'; r->at++)
        if (n < ENDLESS)
            n = n * 10 + (uint64_t)(read_peek(r) - '0');
    if (r->at == from)
        return read_fail(r, "a '{' that is no repetition; write '\\{' for the character");
    /* No text is as long as that. */
    *ret = n < ENDLESS ? (uint32_t)n : ENDLESS - 1;
    return true;
}

static bool read_braces(struct reader *r, uint32_t *least, uint32_t *most)
{
    r->at++;
    if (!read_count(r, least))
        return false;
    *most = *least;
    if (read_take(r, ",")) {
        *most = ENDLESS;
        if (r->at < r->in.len && read_peek(r) != '}' && !read_count(r, most))
            return false;
    }
    if (!read_take(r, "}"))
        return read_fail(r, "a '{' that is no repetition; write '\\{' for the character");
    if (*most < *least)
        return read_fail(r, "a repetition whose numbers are out of order");
    return true;
}

/* "{2}", "{2,}", "{2,3}" */
static bool is_braces(const struct reader *r)
{
    size_t i = r->at + 1, digits = i;

    while (i < r->in.len && r->in.at[i] >= '0' && r->in.at[i] <= '9')
        i++;
    if (i == digits)
        return false;
    if (i < r->in.len && r->in.at[i] == ',')
        do
            i++;
        while (i < r->in.len && r->in.at[i] >= '0' && r->in.at[i] <= '9');
    return i < r->in.len && r->in.at[i] == '}';
}

static bool is_repeat(const struct reader *r)
{
    char c = read_peek(r);

    return c && strchr("*+?{", c) && (c != '{' || !r->loose || is_braces(r));
}

/* What may stand behind `n`, which began when `groups` were open. */
static struct node *read_repeat(struct reader *r, struct node *n, unsigned groups)
{
    char c = read_peek(r);
    uint32_t least = c == '+', most = c == '?' ? 1 : ENDLESS;
    struct node *repeat;

    if (!is_repeat(r))
        return n;
    if (n->kind == NODE_START || n->kind == NODE_END || n->kind == NODE_WORD ||
        n->kind == NODE_LOOK) {
        read_fail(r, "nothing to repeat before '%c'", c);
        return NULL;
    }
    if (c != '{')
        r->at++;
    else if (!read_braces(r, &least, &most))
        return NULL;
    repeat = read_node(r, NODE_REPEAT);
    if (!repeat)
        return NULL;
    repeat->children = n;
    repeat->least = least;
    repeat->most = most;
    repeat->lazy = read_take(r, "?");
    repeat->groups_from = groups + 1;
    repeat->groups_to = r->opened;
    return repeat;
}

/* ---- terms ---- */

static struct node *read_dot(struct reader *r)
{
    CLEANUP(free_pile) struct buf pile = {0};

    r->at++;
    set_pile_add(&pile, '\n', '\n');
    set_pile_add(&pile, '\r', '\r');
    set_pile_add(&pile, 0x2028, 0x2029);
    return read_set_node(r, &pile, true);
}

static struct node *read_literal(struct reader *r)
{
    CLEANUP(free_pile) struct buf pile = {0};
    uint32_t c;

    if (!read_point(r, &c))
        return NULL;
    set_pile_add(&pile, c, c);
    return read_set_node(r, &pile, false);
}

static struct node *read_edge(struct reader *r)
{
    return read_node(r, r->in.at[r->at++] == '^' ? NODE_START : NODE_END);
}

static struct node *read_stray(struct reader *r)
{
    char c = read_peek(r);

    if (r->loose && !is_repeat(r))
        return read_literal(r);
    if (strchr("*+?{", c))
        read_fail(r, "nothing to repeat before '%c'", c);
    else
        read_fail(r, "'%c' alone; write '\\%c' for the character", c, c);
    return NULL;
}

static struct node *(*const readers[128])(struct reader *) = {
    ['('] = read_group, ['^'] = read_edge,  ['$'] = read_edge,    ['.'] = read_dot,
    ['['] = read_class, [']'] = read_stray, ['\\'] = read_escape, ['}'] = read_stray,
    ['*'] = read_stray, ['+'] = read_stray, ['?'] = read_stray,   ['{'] = read_stray,
};

static struct node *read_term(struct reader *r)
{
    unsigned char c = (unsigned char)read_peek(r);
    unsigned groups = r->opened;
    struct node *n = (c < 128 && readers[c] ? readers[c] : read_literal)(r);

    return n ? read_repeat(r, n, groups) : NULL;
}

static void add_child(struct node *parent, struct node *child)
{
    child->previous = parent->last;
    if (parent->last)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
}

static struct node *read_all(struct reader *r)
{
    struct node *all = read_node(r, NODE_ALL), *term;

    if (!all)
        return NULL;
    while (r->at < r->in.len && read_peek(r) != '|' && read_peek(r) != ')') {
        term = read_term(r);
        if (!term)
            return NULL;
        add_child(all, term);
    }
    return all;
}

static struct node *read_any(struct reader *r)
{
    struct node *way = read_all(r), *any;

    if (!way || read_peek(r) != '|')
        return way;
    any = read_node(r, NODE_ANY);
    if (!any)
        return NULL;
    add_child(any, way);
    while (read_take(r, "|")) {
        way = read_all(r);
        if (!way)
            return NULL;
        add_child(any, way);
    }
    return any;
}

bool pattern_read(struct arena *a, str text, bool loose, struct syntax *ret, struct err *e)
{
    struct reader r = {.a = a, .in = text, .loose = loose, .e = e};

    if (!scan_groups(&r))
        return false;
    r.syntax.root = read_any(&r);
    if (!r.syntax.root)
        return false;
    if (r.at < text.len)
        return read_fail(&r, "')' without its '('");
    *ret = r.syntax;
    return true;
}
