/*
 * What may stand in what. Every element is ended by a tag where a browser's parser would end it,
 * and none opened where it would be put elsewhere, so that parsing it again moves nothing.
 */
#include "clean/html.h"

static bool is_block(const struct html_element *e)
{
    return e->what >= HTML_BLOCK && e->what <= HTML_TABLE_CAPTION;
}

static bool is_cell(const struct html_element *e)
{
    return e->what == HTML_TABLE_CELL || e->what == HTML_TABLE_CAPTION;
}

static bool is_part(const struct html_element *e)
{
    return e->what > HTML_TABLE && e->what <= HTML_TABLE_CAPTION;
}

static bool is_heading(const struct html_element *e)
{
    return e->name.len == 2 && e->name.at[0] == 'h' && e->name.at[1] <= '6';
}

static bool is_one_of(const struct html_element *e, const char *first, const char *second)
{
    return str_is(e->name, first) || str_is(e->name, second);
}

/* How deep the innermost open `name` stands, from 1; 0 when it is not open. */
static size_t find_open(const struct html_writer *w, const char *name)
{
    for (size_t i = w->depth; i > 0; i--)
        if (str_is(w->open[i - 1]->name, name))
            return i;
    return 0;
}

/* An item ends the item before it in the same list. */
static void close_item(struct html_writer *w, const char *first, const char *second)
{
    for (size_t i = w->depth; i > 0; i--) {
        const struct html_element *e = w->open[i - 1];

        if (is_one_of(e, first, second)) {
            html_close_to(w, i - 1);
            return;
        }
        if (is_block(e) && !is_one_of(e, "div", "p"))
            return;
    }
}

/* What a browser's parser ends before it opens `e`, ended here by a tag. */
static void close_before(struct html_writer *w, const struct html_element *e)
{
    size_t p;

    if (str_is(e->name, "li"))
        close_item(w, "li", "li");
    if (is_one_of(e, "dt", "dd"))
        close_item(w, "dt", "dd");
    if (!is_block(e) && e->what != HTML_VOID_BLOCK)
        return;
    p = find_open(w, "p");
    if (p)
        html_close_to(w, p - 1);
    if (is_heading(e) && w->depth && is_heading(w->open[w->depth - 1]))
        html_close_to(w, w->depth - 1);
}

/* A link inside a link ends it; where a block stands between, the inner one is left out. */
static bool close_link(struct html_writer *w)
{
    size_t link = find_open(w, "a");

    for (size_t i = link; i < w->depth; i++)
        if (link && is_block(w->open[i]))
            return false;
    if (link)
        html_close_to(w, link - 1);
    return true;
}

/* ---- tables ---- */

/* Among rows and cells, where a browser would move what is not theirs out of the table. */
static bool is_between_cells(const struct html_writer *w)
{
    const struct html_element *e = w->depth ? w->open[w->depth - 1] : NULL;

    return e && e->what >= HTML_TABLE && !is_cell(e);
}

bool html_takes_text(const struct html_writer *w, str text)
{
    if (!is_between_cells(w))
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != ' ' && text.at[i] != '\t' && text.at[i] != '\n')
            return false;
    return true;
}

/* Ends what is open below the innermost `parent` of the innermost table. */
static bool close_to_parent(struct html_writer *w, enum html_what parent)
{
    for (size_t i = w->depth; i > 0; i--) {
        if (w->open[i - 1]->what == parent) {
            html_close_to(w, i);
            return true;
        }
        if (w->open[i - 1]->what == HTML_TABLE)
            return false;
    }
    return false;
}

static bool push(struct html_writer *w, const struct html_element *e,
                 const struct html_token *t)
{
    if (w->depth == HTML_DEPTH)
        return false;
    html_write_start(w, e, t);
    w->open[w->depth++] = e;
    return true;
}

/* A row outside of a group stands in a tbody, a cell outside of a row in a row. */
static bool open_part(struct html_writer *w, const struct html_element *e,
                      const struct html_token *t)
{
    static const struct {
        enum html_what parent;
        str implied;
    } rows[] = {
        [HTML_TABLE_GROUP] = {HTML_TABLE, {NULL, 0}},
        [HTML_TABLE_CAPTION] = {HTML_TABLE, {NULL, 0}},
        [HTML_TABLE_ROW] = {HTML_TABLE_GROUP, STR_INIT("tbody")},
        [HTML_TABLE_CELL] = {HTML_TABLE_ROW, STR_INIT("tr")},
    };

    if (!close_to_parent(w, rows[e->what].parent) &&
        (!rows[e->what].implied.len ||
         !open_part(w, html_element_find(rows[e->what].implied), NULL)))
        return false;
    return push(w, e, t);
}

/* ---- opening and closing ---- */

void html_open(struct html_writer *w, const struct html_element *e, const struct html_token *t)
{
    if (!(w->policy->elements & 1ull << html_element_index(e)))
        return;
    if (is_part(e)) {
        open_part(w, e, t);
        return;
    }
    if (is_between_cells(w) || (str_is(e->name, "a") && !close_link(w)))
        return;
    close_before(w, e);
    if (e->what == HTML_VOID || e->what == HTML_VOID_BLOCK)
        html_write_start(w, e, t);
    else if (push(w, e, t))
        w->at_pre = str_is(e->name, "pre");
}

void html_close(struct html_writer *w, const struct html_element *e)
{
    for (size_t i = w->depth; i > 0; i--) {
        const struct html_element *open = w->open[i - 1];

        if (open == e) {
            html_close_to(w, i - 1);
            return;
        }
        if ((e->what == HTML_INLINE && is_block(open)) || open->what == HTML_TABLE ||
            (is_cell(open) && !is_part(e) && e->what != HTML_TABLE))
            return;
    }
}
