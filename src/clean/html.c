/* HTML parsed and written anew, and text without any. */
#include "clean/html.h"

struct writer {
    struct arena *a;
    const struct html_policy *policy;
    struct buf out, value, made; /* the last two: one attribute's */
    const struct html_element *open[HTML_DEPTH];
    size_t depth;
    bool at_pre; /* a line feed would be taken for none of the text's */
};

/* ---- text ---- */

static void add_code(struct buf *out, uint32_t code)
{
    char bytes[4];

    switch (code) {
    case '&':
        buf_add(out, STR("&amp;"));
        return;
    case '<':
        buf_add(out, STR("&lt;"));
        return;
    case '>':
        buf_add(out, STR("&gt;"));
        return;
    case '"':
        buf_add(out, STR("&quot;"));
        return;
    case '`':
        buf_add(out, STR("&#96;"));
        return;
    case '\f':
        buf_addc(out, ' ');
        return;
    case 0:
        code = 0xfffd;
        break;
    default:
        break;
    }
    if ((code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code <= 0x9f))
        return;
    buf_add(out, (str){bytes, code_write(bytes, code)});
}

/* How much of the text is written as it stands. 0xc2 leads to U+0080 and what follows it. */
static size_t plain_length(str text)
{
    size_t i = 0;

    for (; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c == '<' || c == '>' || c == '&' || c == '"' || c == '`' || c == 0x7f ||
            c == 0xc2 || (c < 0x20 && c != '\t' && c != '\n'))
            break;
    }
    return i;
}

/* The code points at text[i], out of a reference or as they stand; lines end in LF. */
static size_t take_codes(str text, size_t i, bool in_attribute, uint32_t codes[2])
{
    size_t n = text.at[i] == '&' ? html_reference(text, i, in_attribute, codes) : 0;

    if (!n) {
        n = code_at(text, i, codes);
        codes[1] = 0;
    }
    if (codes[0] == '\r') {
        codes[0] = '\n';
        n += n == 1 && i + 1 < text.len && text.at[i + 1] == '\n';
    }
    return n;
}

static void write_text(struct writer *w, str text)
{
    uint32_t codes[2];

    for (size_t i = 0; i < text.len;) {
        size_t plain = w->at_pre ? 0 : plain_length(str_sub(text, i, text.len));

        buf_add(&w->out, str_sub(text, i, plain));
        i += plain;
        if (i == text.len)
            return;
        i += take_codes(text, i, false, codes);
        if (w->at_pre && codes[0] == '\n')
            continue;
        w->at_pre = false;
        add_code(&w->out, codes[0]);
        if (codes[1])
            add_code(&w->out, codes[1]);
    }
}

/* ---- tags ---- */

static void decode_value(struct buf *out, str value)
{
    uint32_t codes[2];
    char bytes[4];

    buf_clear(out);
    for (size_t i = 0; i < value.len;) {
        i += take_codes(value, i, true, codes);
        for (size_t k = 0; k < 2 && (k == 0 || codes[k]); k++)
            buf_add(out, (str){bytes, code_write(bytes, codes[k] ? codes[k] : 0xfffd)});
    }
}

static bool is_repeated(const struct html_token *t, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_equal_nocase(t->attributes[k].name, t->attributes[i].name))
            return true;
    return false;
}

static void write_attribute(struct writer *w, const struct html_element *e, str name, str value)
{
    decode_value(&w->value, value);
    buf_clear(&w->made);
    if (!html_attribute_value(w->a, w->policy, e, name, buf_str(&w->value), &w->made))
        return;
    w->out.failed |= w->value.failed || w->made.failed;
    buf_addc(&w->out, ' ');
    for (size_t i = 0; i < name.len; i++)
        buf_addc(&w->out, (char)(name.at[i] | 0x20));
    buf_add(&w->out, STR("=\""));
    for (size_t i = 0; i < w->made.len;) {
        uint32_t code;

        i += code_at(buf_str(&w->made), i, &code);
        add_code(&w->out, code);
    }
    buf_addc(&w->out, '"');
}

static void write_start(struct writer *w, const struct html_element *e,
                        const struct html_token *t)
{
    buf_addc(&w->out, '<');
    buf_add(&w->out, e->name);
    for (size_t i = 0; i < t->attribute_count; i++)
        if (!is_repeated(t, i))
            write_attribute(w, e, t->attributes[i].name, t->attributes[i].value);
    /* A link of a stranger's gets neither our rank nor our window. */
    if (str_is(e->name, "a"))
        buf_add(&w->out, STR(" rel=\"nofollow noopener\""));
    buf_addc(&w->out, '>');
}

static void close_to(struct writer *w, size_t depth)
{
    while (w->depth > depth) {
        buf_add(&w->out, STR("</"));
        buf_add(&w->out, w->open[--w->depth]->name);
        buf_addc(&w->out, '>');
    }
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
static size_t find_open(const struct writer *w, const char *name)
{
    for (size_t i = w->depth; i > 0; i--)
        if (str_is(w->open[i - 1]->name, name))
            return i;
    return 0;
}

/* An item ends the item before it in the same list. */
static void close_item(struct writer *w, const char *first, const char *second)
{
    for (size_t i = w->depth; i > 0; i--) {
        const struct html_element *e = w->open[i - 1];

        if (is_one_of(e, first, second)) {
            close_to(w, i - 1);
            return;
        }
        if (e->what == HTML_BLOCK && !is_one_of(e, "div", "p"))
            return;
    }
}

/* What a browser's parser ends before it opens `e`, ended here by a tag. */
static void close_before(struct writer *w, const struct html_element *e)
{
    size_t p;

    if (str_is(e->name, "li"))
        close_item(w, "li", "li");
    if (is_one_of(e, "dt", "dd"))
        close_item(w, "dt", "dd");
    if (e->what != HTML_BLOCK && e->what != HTML_VOID_BLOCK)
        return;
    p = find_open(w, "p");
    if (p)
        close_to(w, p - 1);
    if (is_heading(e) && w->depth && is_heading(w->open[w->depth - 1]))
        close_to(w, w->depth - 1);
}

/* A link inside a link ends it; where a block stands between, the inner one is left out. */
static bool close_link(struct writer *w)
{
    size_t link = find_open(w, "a");

    for (size_t i = link; i < w->depth; i++)
        if (link && w->open[i]->what == HTML_BLOCK)
            return false;
    if (link)
        close_to(w, link - 1);
    return true;
}

static void open_element(struct writer *w, const struct html_element *e,
                         const struct html_token *t)
{
    bool is_void = e->what == HTML_VOID || e->what == HTML_VOID_BLOCK;

    if (!(w->policy->elements & 1ull << html_element_index(e)))
        return;
    if (str_is(e->name, "a") && !close_link(w))
        return;
    close_before(w, e);
    if (!is_void && w->depth == HTML_DEPTH)
        return;
    write_start(w, e, t);
    w->at_pre = str_is(e->name, "pre");
    if (!is_void)
        w->open[w->depth++] = e;
}

static void close_element(struct writer *w, const struct html_element *e)
{
    for (size_t i = w->depth; i > 0; i--) {
        if (w->open[i - 1] == e) {
            close_to(w, i - 1);
            return;
        }
        if (e->what == HTML_INLINE && w->open[i - 1]->what == HTML_BLOCK)
            return;
    }
}

static void write_token(struct writer *w, struct html_reader *r, const struct html_token *t)
{
    const struct html_element *e = t->kind == HTML_TEXT ? NULL : html_element_find(t->text);

    if (t->kind == HTML_TEXT)
        write_text(w, t->text);
    else if (e && t->kind == HTML_START && e->what >= HTML_DROP_RAW)
        html_skip(r, e->name, e->what == HTML_DROP_RAW);
    else if (e && t->kind == HTML_START)
        open_element(w, e, t);
    else if (e)
        close_element(w, e);
}

enum cleaned clean_html(struct cleaning *c, str text, str *ret)
{
    struct writer w = {.a = c->a, .policy = c->with, .out.max = CLEAN_TEXT_MAX};
    struct html_reader r = {.in = text};
    enum cleaned result;
    struct html_token t;

    if (plain_length(text) == text.len)
        return CLEANED_SAME;
    while (html_next(&r, &t))
        write_token(&w, &r, &t);
    close_to(&w, 0);
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
