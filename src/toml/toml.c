/* Lines: headers of tables, pairs of keys and values. */
#include "toml/reader.h"

static bool open_table(struct reader *r, struct node *t, size_t at)
{
    if (t->kind != JSON_OBJECT || t->opened || t->closed || t->dotted)
        return fail_at(r, at, "this table is there already");
    t->opened = true;
    r->table = t;
    return true;
}

static bool add_table(struct reader *r, struct node *parent, str key, size_t at)
{
    struct node *t = node_new(r, parent, JSON_OBJECT, at);

    return t && node_name(r, t, key, at) && open_table(r, t, at);
}

/* Another item of an array of tables. */
static bool add_item(struct reader *r, struct node *parent, str key, size_t at)
{
    struct node *array = node_find(r, parent, key), *item;

    if (!array) {
        array = node_new(r, parent, JSON_ARRAY, at);
        if (!array || !node_name(r, array, key, at))
            return false;
        array->of_tables = true;
    }
    if (!array->of_tables)
        return fail_at(r, at, "'%.*s' is no array of tables", STR_ARG(key));
    item = node_new(r, array, JSON_OBJECT, at);
    return item && open_table(r, item, at);
}

/* A part of a header that is not its last: made where it is missing. */
static bool go_down(struct reader *r, struct node **table, str key, size_t at)
{
    struct node *t = node_table(r, *table, key, at);

    if (!t)
        return false;
    if (t->of_tables)
        t = t->last;
    if (t->kind != JSON_OBJECT || t->closed)
        return fail_at(r, at, "'%.*s' is not a table", STR_ARG(key));
    *table = t;
    return true;
}

static bool finish_header(struct reader *r, struct node *parent, str key, size_t at, bool item)
{
    struct node *t = node_find(r, parent, key);

    if (item)
        return add_item(r, parent, key, at);
    return t ? open_table(r, t, at) : add_table(r, parent, key, at);
}

static bool header_read(struct reader *r)
{
    bool item = peek(r, 1) == '[';
    struct node *table = r->root;
    unsigned depth = 0;
    str key;

    r->at += item ? 2 : 1;
    for (;;) {
        size_t at;

        skip_blanks(r);
        at = r->at;
        if (++depth > TOML_DEPTH_MAX)
            return fail_at(r, at, "tables are nested more than %d deep", TOML_DEPTH_MAX);
        if (!key_read(r, &key))
            return false;
        skip_blanks(r);
        if (peek(r, 0) != '.') {
            if (peek(r, 0) != ']' || (item && peek(r, 1) != ']'))
                return fail_at(r, r->at, "'%s' is missing here", item ? "]]" : "]");
            r->at += item ? 2 : 1;
            return finish_header(r, table, key, at, item);
        }
        r->at++;
        if (!go_down(r, &table, key, at))
            return false;
    }
}

static bool read_lines(struct reader *r)
{
    while (skip_lines(r) && !at_end(r)) {
        bool ok = peek(r, 0) == '[' ? header_read(r) : pair_read(r, r->table);

        if (!ok || !end_line(r))
            return false;
    }
    return r->e->code == ERR_NONE;
}

bool toml_read(struct arena *a, str text, struct json **ret, struct err *e)
{
    struct reader r = {.a = a, .text = text, .e = e};
    struct json *v = arena_alloc(a, sizeof(*v));

    if (text.len > TOML_BYTES_MAX)
        return err_set(e, ERR_LIMIT, "more than %zu bytes", TOML_BYTES_MAX);
    for (size_t i = 0; i < text.len; i += str_utf8_length(text, i))
        if (!str_utf8_length(text, i))
            return fail_at(&r, i, "this is not UTF-8");
    r.root = r.table = node_new(&r, NULL, JSON_OBJECT, 0);
    if (!v || !r.root)
        return err_limit(e);
    if (!read_lines(&r) || !node_export(&r, r.root, v))
        return false;
    *ret = v;
    return true;
}
