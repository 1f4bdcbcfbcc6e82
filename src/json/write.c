/* A tree as the shortest text for it, on one line. */
#include "json/json.h"

/* What some readers take for the end of a line, and terminals for a command. */
static bool is_line_break_or_c1(str s, size_t i)
{
    str next = str_sub(s, i, 3);

    return str_equal(next, STR("\xe2\x80\xa8")) || str_equal(next, STR("\xe2\x80\xa9")) ||
           (next.at[0] == '\xc2' && (unsigned char)next.at[1] < 0xa0);
}

/* Bytes from `i` on that stand for themselves. */
static size_t plain_run(str s, size_t i)
{
    size_t from = i;

    while (i < s.len) {
        unsigned char c = (unsigned char)s.at[i];
        size_t n = c < 0x80 ? 1 : str_utf8_length(s, i);

        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f || !n)
            break;
        if (n > 1 && is_line_break_or_c1(s, i))
            break;
        i += n;
    }
    return i - from;
}

/* Writes what stands at `i` in another form; returns how many bytes that was. */
static size_t write_special(struct buf *out, str s, size_t i)
{
    static const char letters[128] = {['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
                                      ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't'};
    unsigned char c = (unsigned char)s.at[i];
    size_t n = str_utf8_length(s, i);

    if (!n)
        buf_add(out, STR("\xef\xbf\xbd"));
    else if (n == 3)
        buf_addf(out, "\\u20%02x", (unsigned)(unsigned char)s.at[i + 2] - 0x80);
    else if (n == 2)
        buf_addf(out, "\\u00%02x", (unsigned)(unsigned char)s.at[i + 1]);
    else if (letters[c])
        buf_add(out, (str){(const char[]){'\\', letters[c]}, 2});
    else
        buf_addf(out, "\\u%04x", c);
    return n ? n : 1;
}

void json_write_str(struct buf *out, str s)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < s.len;) {
        size_t n = plain_run(s, i);

        buf_add(out, str_sub(s, i, n));
        i += n;
        if (i < s.len)
            i += write_special(out, s, i);
    }
    buf_addc(out, '"');
}

static void write_array(struct buf *out, const struct json *v)
{
    buf_addc(out, '[');
    for (uint32_t i = 0; i < v->count && !out->failed; i++) {
        if (i)
            buf_addc(out, ',');
        json_write(out, &v->items[i]);
    }
    buf_addc(out, ']');
}

static void write_object(struct buf *out, const struct json *v)
{
    buf_addc(out, '{');
    for (uint32_t i = 0; i < v->count && !out->failed; i++) {
        if (i)
            buf_addc(out, ',');
        json_write_str(out, v->members[i].name);
        buf_addc(out, ':');
        json_write(out, &v->members[i].value);
    }
    buf_addc(out, '}');
}

static void write_text(struct buf *out, const struct json *v)
{
    if (v->kind == JSON_STRING)
        json_write_str(out, v->text);
    else
        buf_add(out, v->text);
}

static void write_word(struct buf *out, const struct json *v)
{
    static const str words[] = {
        [JSON_NULL] = STR_INIT("null"),
        [JSON_FALSE] = STR_INIT("false"),
        [JSON_TRUE] = STR_INIT("true"),
    };

    buf_add(out, words[v->kind]);
}

/* Recursive: a tree is as deep as the limits it was read with. */
void json_write(struct buf *out, const struct json *v)
{
    static void (*const writers[])(struct buf *, const struct json *) = {
        [JSON_NULL] = write_word,     [JSON_FALSE] = write_word,  [JSON_TRUE] = write_word,
        [JSON_NUMBER] = write_text,   [JSON_STRING] = write_text, [JSON_ARRAY] = write_array,
        [JSON_OBJECT] = write_object,
    };

    writers[v->kind](out, v);
}
