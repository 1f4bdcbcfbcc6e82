/* White space: at the ends, in runs, and the ends of lines. */
#include "clean/parts.h"

enum cleaned clean_trim(struct cleaning *c, str text, str *ret)
{
    size_t from = 0, to = text.len;
    uint32_t code;

    (void)c;
    while (from < to) {
        size_t n = code_at(text, from, &code);

        if (!is_space_code(code))
            break;
        from += n;
    }
    while (to > from) {
        size_t before = code_before(text, to);

        code_at(text, before, &code);
        if (!is_space_code(code))
            break;
        to = before;
    }
    if (to - from == text.len)
        return CLEANED_SAME;
    *ret = str_sub(text, from, to - from);
    return CLEANED_CHANGED;
}

/* The first place where a run of white space is not one U+0020; text.len when there is none. */
static size_t first_run(str text)
{
    uint32_t code;

    for (size_t i = 0, n; i < text.len; i += n) {
        n = code_at(text, i, &code);
        if (!is_space_code(code))
            continue;
        if (code != ' ')
            return i;
        if (i + 1 < text.len) {
            code_at(text, i + 1, &code);
            if (is_space_code(code))
                return i;
        }
    }
    return text.len;
}

enum cleaned clean_collapse(struct cleaning *c, str text, str *ret)
{
    size_t i = first_run(text), out = i;
    bool in_run = false;
    char *to;

    if (i == text.len)
        return CLEANED_SAME;
    to = arena_alloc(c->a, text.len + 1);
    if (!to)
        return cleaned_refuse(c, "is too long");
    memcpy(to, text.at, i);
    while (i < text.len) {
        uint32_t code;
        size_t n = code_at(text, i, &code);

        if (is_space_code(code)) {
            if (!in_run)
                to[out++] = ' ';
            in_run = true;
        } else {
            memcpy(to + out, text.at + i, n);
            out += n;
            in_run = false;
        }
        i += n;
    }
    *ret = (str){to, out};
    return CLEANED_CHANGED;
}

enum cleaned clean_newlines(struct cleaning *c, str text, str *ret)
{
    size_t out = 0;
    char *to;

    if (str_find(text, '\r') == text.len)
        return CLEANED_SAME;
    to = arena_alloc(c->a, text.len + 1);
    if (!to)
        return cleaned_refuse(c, "is too long");
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\r' && i + 1 < text.len && text.at[i + 1] == '\n')
            continue;
        to[out++] = text.at[i] == '\r' ? '\n' : text.at[i];
    }
    *ret = (str){to, out};
    return CLEANED_CHANGED;
}
