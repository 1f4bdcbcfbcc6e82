/* The states of the WHATWG's tokenizer that tell tags, comments and text apart. */
#include "clean/html.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static char peek(const struct html_reader *r, size_t ahead)
{
    return r->at + ahead < r->in.len ? r->in.at[r->at + ahead] : 0;
}

static bool is_over(const struct html_reader *r)
{
    return r->at >= r->in.len;
}

/* To behind the next `c`, or to the end. */
static void skip_behind(struct html_reader *r, char c)
{
    r->at += str_find(str_sub(r->in, r->at, r->in.len), c) + 1;
    if (r->at > r->in.len)
        r->at = r->in.len;
}

/* At "<!--". It ends at "-->", "--!>", and at once in "<!-->" and "<!--->". */
static void skip_comment(struct html_reader *r)
{
    size_t from = r->at + 4;

    r->at = from;
    if (peek(r, 0) == '>' || (peek(r, 0) == '-' && peek(r, 1) == '>')) {
        skip_behind(r, '>');
        return;
    }
    while (!is_over(r)) {
        skip_behind(r, '>');
        if (r->in.at[r->at - 1] != '>')
            return;
        str body = str_sub(r->in, from, r->at - 1 - from);

        if (str_ends(body, STR("--")) || str_ends(body, STR("--!")))
            return;
    }
}

static void skip_gaps(struct html_reader *r)
{
    while (!is_over(r) && is_gap(r->in.at[r->at]))
        r->at++;
}

static str take_name(struct html_reader *r, const char *ends)
{
    size_t from = r->at;

    while (!is_over(r) && !is_gap(r->in.at[r->at]) &&
           !(r->in.at[r->at] && strchr(ends, r->in.at[r->at])))
        r->at++;
    return str_sub(r->in, from, r->at - from);
}

static str take_value(struct html_reader *r)
{
    char quote = peek(r, 0);
    str value;

    if (quote != '"' && quote != '\'')
        return take_name(r, ">");
    r->at++;
    value = str_sub(r->in, r->at, str_find(str_sub(r->in, r->at, r->in.len), quote));
    skip_behind(r, quote);
    return value;
}

static struct html_attribute take_attribute(struct html_reader *r)
{
    struct html_attribute attribute = {.value = STR("")};
    size_t from = r->at;

    r->at++; /* the first character belongs to the name, even when it is an equals sign */
    take_name(r, "/>=");
    attribute.name = str_sub(r->in, from, r->at - from);
    skip_gaps(r);
    if (peek(r, 0) != '=')
        return attribute;
    r->at++;
    skip_gaps(r);
    attribute.value = take_value(r);
    return attribute;
}

/* At the name of a tag. False when the text ends inside of it: then it is no tag. */
static bool take_tag(struct html_reader *r, struct html_token *t)
{
    t->text = take_name(r, "/>");
    t->attribute_count = 0;
    for (;;) {
        while (!is_over(r) && (is_gap(r->in.at[r->at]) || r->in.at[r->at] == '/'))
            r->at++;
        if (is_over(r))
            return false;
        if (r->in.at[r->at] == '>') {
            r->at++;
            return true;
        }
        struct html_attribute attribute = take_attribute(r);

        if (t->attribute_count < HTML_ATTRIBUTES_MAX)
            t->attributes[t->attribute_count++] = attribute;
    }
}

static void take_text(struct html_reader *r, struct html_token *t)
{
    size_t from = r->at;

    r->at++;
    r->at += str_find(str_sub(r->in, r->at, r->in.len), '<');
    t->kind = HTML_TEXT;
    t->text = str_sub(r->in, from, r->at - from);
}

bool html_next(struct html_reader *r, struct html_token *t)
{
    while (!is_over(r)) {
        bool is_end = peek(r, 0) == '<' && peek(r, 1) == '/';

        if (peek(r, 0) == '<' && is_letter(peek(r, is_end ? 2 : 1))) {
            r->at += is_end ? 2 : 1;
            t->kind = is_end ? HTML_END : HTML_START;
            return take_tag(r, t);
        }
        if (str_starts(str_sub(r->in, r->at, 4), STR("<!--")))
            skip_comment(r);
        else if (peek(r, 0) == '<' &&
                 (peek(r, 1) == '!' || peek(r, 1) == '?' || (is_end && r->at + 2 < r->in.len)))
            skip_behind(r, '>');
        else {
            take_text(r, t);
            return true;
        }
    }
    return false;
}

static void skip_raw(struct html_reader *r, str name)
{
    struct html_token end;

    while (!is_over(r)) {
        r->at += str_find(str_sub(r->in, r->at, r->in.len), '<');
        if (peek(r, 1) == '/' && str_equal_nocase(str_sub(r->in, r->at + 2, name.len), name) &&
            (is_gap(peek(r, name.len + 2)) || peek(r, name.len + 2) == '/' ||
             peek(r, name.len + 2) == '>')) {
            r->at += 2;
            take_tag(r, &end);
            return;
        }
        r->at++;
    }
}

void html_skip(struct html_reader *r, str name, bool raw)
{
    struct html_token t;
    size_t depth = 1;

    if (raw) {
        skip_raw(r, name);
        return;
    }
    while (depth && html_next(r, &t))
        if (t.kind != HTML_TEXT && str_equal_nocase(t.text, name))
            depth += t.kind == HTML_START ? 1 : (size_t)-1;
}
