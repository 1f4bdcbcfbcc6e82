/* HTML parsed and written anew, and text without any. */
#include "clean/html.h"

static void write_token(struct html_writer *w, struct html_reader *r,
                        const struct html_token *t)
{
    const struct html_element *e = t->kind == HTML_TEXT ? NULL : html_element_find(t->text);

    if (t->kind == HTML_TEXT && html_takes_text(w, t->text))
        html_write_text(w, t->text);
    else if (e && t->kind == HTML_START && e->what >= HTML_DROP_RAW)
        html_skip(r, e->name, e->what == HTML_DROP_RAW);
    else if (e && t->kind == HTML_START)
        html_open(w, e, t);
    else if (e)
        html_close(w, e);
}

enum cleaned clean_html(struct cleaning *c, str text, str *ret)
{
    struct html_writer w = {.a = c->a, .policy = c->with, .out.max = CLEAN_TEXT_MAX};
    struct html_reader r = {.in = text};
    enum cleaned result;
    struct html_token t;

    if (html_plain_length(text) == text.len)
        return CLEANED_SAME;
    while (html_next(&r, &t))
        write_token(&w, &r, &t);
    html_close_to(&w, 0);
    result = cleaned_as(c, text, &w.out, ret);
    buf_free(&w.out);
    buf_free(&w.value);
    buf_free(&w.made);
    return result;
}

/* ---- text only ---- */

static bool begins_markup(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!' || c == '?';
}

static void drop_ends(struct buf *out)
{
    while (out->len && out->at[out->len - 1] == '<')
        out->len--;
}

enum cleaned clean_text_only(struct cleaning *c, str text, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = CLEAN_TEXT_MAX};
    struct html_reader r = {.in = text};
    struct html_token t;

    if (str_find(text, '<') == text.len)
        return CLEANED_SAME;
    while (html_next(&r, &t)) {
        const struct html_element *e = t.kind == HTML_START ? html_element_find(t.text) : NULL;

        if (e && e->what >= HTML_DROP_RAW)
            html_skip(&r, e->name, e->what == HTML_DROP_RAW);
        if (t.kind != HTML_TEXT)
            continue;
        /* What stood apart must not become a tag by being joined. */
        if (begins_markup(t.text.at[0]))
            drop_ends(&out);
        buf_add(&out, t.text);
    }
    if (str_ends(buf_str(&out), STR("</")))
        out.len -= 2;
    drop_ends(&out);
    return cleaned_as(c, text, &out, ret);
}
