/* Keys and values. */
#include "toml/reader.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' ||
           c == '_';
}

bool key_read(struct reader *r, str *ret)
{
    size_t start = r->at;

    if (peek(r, 0) == '"' || peek(r, 0) == '\'') {
        if (peek(r, 1) == peek(r, 0) && peek(r, 2) == peek(r, 0))
            return fail_at(r, start, "a key has one line only");
        return string_read(r, ret);
    }
    while (is_bare(peek(r, 0)))
        r->at++;
    *ret = str_sub(r->text, start, r->at - start);
    return ret->len || fail_at(r, start, "a key is missing here");
}

/* ---- numbers, dates, times ---- */

/* Digits of the base, single underscores between them. */
static bool digits(str *s, unsigned base)
{
    size_t n = 0;
    bool last = false;

    while (n < s->len) {
        char c = s->at[n], low = (char)(c | 0x20);
        unsigned value = is_digit(c)                ? (unsigned)(c - '0')
                         : low >= 'a' && low <= 'f' ? (unsigned)(low - 'a') + 10
                                                    : 99;

        if (c == '_' ? !last : value >= base)
            break;
        last = c != '_';
        n++;
    }
    *s = str_sub(*s, n, s->len);
    return n && last;
}

static bool is_prefixed(str s)
{
    unsigned base = s.len > 1 && s.at[0] == '0' ? (s.at[1] == 'x'   ? 16
                                                   : s.at[1] == 'o' ? 8
                                                   : s.at[1] == 'b' ? 2
                                                                    : 0)
                                                : 0;

    s = str_sub(s, 2, s.len);
    return base && digits(&s, base) && !s.len;
}

static bool take(str *s, const char *any)
{
    if (!s->len || !strchr(any, s->at[0]))
        return false;
    *s = str_sub(*s, 1, s->len);
    return true;
}

static bool is_number(str s)
{
    bool zero;

    if (is_prefixed(s))
        return true;
    take(&s, "+-");
    if (str_is(s, "inf") || str_is(s, "nan"))
        return true;
    zero = s.len > 1 && s.at[0] == '0' && (is_digit(s.at[1]) || s.at[1] == '_');
    if (zero || !digits(&s, 10))
        return false;
    if (take(&s, ".") && !digits(&s, 10))
        return false;
    if (take(&s, "eE")) {
        take(&s, "+-");
        if (!digits(&s, 10))
            return false;
    }
    return !s.len;
}

static bool is_scalar(char c)
{
    return is_bare(c) || c == '+' || c == '.' || c == ':';
}

/* "1979-05-27 07:32:00": a blank may stand for the T. */
static void join_time(struct reader *r, size_t start)
{
    if (r->at - start == 10 && r->text.at[start + 4] == '-' && peek(r, 0) == ' ' &&
        is_digit(peek(r, 1)) && is_digit(peek(r, 2)) && peek(r, 3) == ':')
        for (r->at++; is_scalar(peek(r, 0));)
            r->at++;
}

static bool scalar_read(struct reader *r, struct node *n)
{
    size_t start = r->at;

    while (is_scalar(peek(r, 0)))
        r->at++;
    join_time(r, start);
    n->text = str_sub(r->text, start, r->at - start);
    if (str_is(n->text, "true") || str_is(n->text, "false"))
        n->kind = n->text.at[0] == 't' ? JSON_TRUE : JSON_FALSE;
    else if (date_is(n->text))
        n->kind = JSON_STRING;
    else if (is_number(n->text))
        n->kind = JSON_NUMBER;
    else
        return fail_at(r, start,
                       n->text.len ? "'%.*s' is not a value" : "a value is missing here",
                       STR_ARG(str_sub(n->text, 0, 40)));
    return true;
}

/* ---- arrays and inline tables ---- */

static bool array_read(struct reader *r, struct node *n)
{
    struct node *item;

    r->at++;
    for (;;) {
        if (!skip_lines(r))
            return false;
        if (peek(r, 0) == ']')
            break;
        if (!value_read(r, n, &item) || !skip_lines(r))
            return false;
        if (peek(r, 0) == ',')
            r->at++;
        else if (peek(r, 0) != ']')
            return fail_at(r, r->at, "',' or ']' is missing here");
    }
    r->at++;
    return true;
}

static bool inline_table_read(struct reader *r, struct node *n)
{
    r->at++;
    skip_blanks(r);
    if (peek(r, 0) != '}') {
        for (;;) {
            skip_blanks(r);
            if (!pair_read(r, n))
                return false;
            skip_blanks(r);
            if (peek(r, 0) != ',')
                break;
            r->at++;
        }
    }
    if (peek(r, 0) != '}')
        return fail_at(r, r->at, "',' or '}' is missing here");
    r->at++;
    return true;
}

/* Nothing may be added later to what is inside. */
static void close_tables(struct node *n)
{
    n->closed = true;
    for (struct node *m = n->first; m; m = m->next)
        if (m->kind == JSON_OBJECT && !m->closed)
            close_tables(m);
}

static bool container_read(struct reader *r, struct node *n)
{
    bool ok;

    if (r->depth == TOML_DEPTH_MAX)
        return fail_at(r, r->at, "values are nested more than %d deep", TOML_DEPTH_MAX);
    r->depth++;
    ok = n->kind == JSON_ARRAY ? array_read(r, n) : inline_table_read(r, n);
    r->depth--;
    if (ok)
        close_tables(n);
    return ok;
}

bool value_read(struct reader *r, struct node *parent, struct node **ret)
{
    char c = peek(r, 0);
    enum json_kind kind = c == '[' ? JSON_ARRAY : c == '{' ? JSON_OBJECT : JSON_STRING;
    struct node *n = node_new(r, parent, kind, r->at);

    if (!n)
        return false;
    *ret = n;
    if (c == '[' || c == '{')
        return container_read(r, n);
    return c == '"' || c == '\'' ? string_read(r, &n->text) : scalar_read(r, n);
}

/* The table of a dotted key's part. */
static bool go_down(struct reader *r, struct node **table, str key, size_t at)
{
    bool is_new = !node_find(r, *table, key);
    struct node *t = node_table(r, *table, key, at);

    if (!t)
        return false;
    t->dotted |= is_new;
    if (t->kind != JSON_OBJECT || t->closed || t->opened)
        return fail_at(r, at, "nothing can be added to '%.*s' here",
                       STR_ARG(str_sub(key, 0, 80)));
    *table = t;
    return true;
}

bool pair_read(struct reader *r, struct node *table)
{
    struct node *value;
    unsigned depth = 0;
    size_t at;
    str key;

    for (;;) {
        at = r->at;
        if (++depth > TOML_DEPTH_MAX)
            return fail_at(r, at, "keys have more than %d parts", TOML_DEPTH_MAX);
        if (!key_read(r, &key))
            return false;
        skip_blanks(r);
        if (peek(r, 0) != '.')
            break;
        r->at++;
        skip_blanks(r);
        if (!go_down(r, &table, key, at))
            return false;
    }
    if (peek(r, 0) != '=')
        return fail_at(r, r->at, "'=' is missing here");
    r->at++;
    skip_blanks(r);
    return value_read(r, table, &value) && node_name(r, value, key, at);
}
