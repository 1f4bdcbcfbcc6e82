/* HTML as it is written: one form for each text, value and tag. */
#include "clean/html.h"

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
    buf_add(out, (str){bytes, str_utf8_write(bytes, code)});
}

/* 0xc2 leads to U+0080 and what follows it. */
size_t html_plain_length(str text)
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

void html_write_text(struct html_writer *w, str text)
{
    uint32_t codes[2];

    for (size_t i = 0; i < text.len;) {
        size_t plain = w->at_pre ? 0 : html_plain_length(str_sub(text, i, text.len));

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
            buf_add(out, (str){bytes, str_utf8_write(bytes, codes[k] ? codes[k] : 0xfffd)});
    }
}

static bool is_repeated(const struct html_token *t, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_equal_nocase(t->attributes[k].name, t->attributes[i].name))
            return true;
    return false;
}

static void write_attribute(struct html_writer *w, const struct html_element *e, str name,
                            str value)
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

void html_write_start(struct html_writer *w, const struct html_element *e,
                      const struct html_token *t)
{
    buf_addc(&w->out, '<');
    buf_add(&w->out, e->name);
    for (size_t i = 0; t && i < t->attribute_count; i++)
        if (!is_repeated(t, i))
            write_attribute(w, e, t->attributes[i].name, t->attributes[i].value);
    /* A link of a stranger's gets neither our rank nor our window. */
    if (str_is(e->name, "a"))
        buf_add(&w->out, STR(" rel=\"nofollow noopener\""));
    buf_addc(&w->out, '>');
}

void html_close_to(struct html_writer *w, size_t depth)
{
    while (w->depth > depth) {
        buf_add(&w->out, STR("</"));
        buf_add(&w->out, w->open[--w->depth]->name);
        buf_addc(&w->out, '>');
    }
}
