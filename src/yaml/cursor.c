#include "yaml/tree.h"

struct cursor cursor_start(str text)
{
    size_t mark = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;

    return (struct cursor){.text = text, .byte = mark, .line_start = mark, .line = 1};
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static void step_forward(struct cursor *c)
{
    bool line_ends = c->text.at[c->byte] == '\n';

    c->index++;
    c->byte++;
    while (c->byte < c->text.len && is_continuation(c->text.at[c->byte]))
        c->byte++;
    if (line_ends) {
        c->line++;
        c->line_start = c->byte;
    }
}

static void step_back(struct cursor *c)
{
    c->index--;
    c->byte--;
    while (c->byte && is_continuation(c->text.at[c->byte]))
        c->byte--;
    if (c->text.at[c->byte] != '\n')
        return;
    c->line--;
    c->line_start = c->byte;
    while (c->line_start && c->text.at[c->line_start - 1] != '\n')
        c->line_start--;
}

void cursor_to_index(struct cursor *c, size_t index)
{
    while (c->index < index && c->byte < c->text.len)
        step_forward(c);
    while (c->index > index)
        step_back(c);
}

void cursor_to_byte(struct cursor *c, size_t byte)
{
    while (c->byte < byte && c->byte < c->text.len)
        step_forward(c);
    while (c->byte > byte && c->index)
        step_back(c);
}

struct place cursor_place(const struct cursor *c, const char *file, size_t end)
{
    str line = str_sub(c->text, c->byte, end > c->byte ? end - c->byte : 0);

    line = str_sub(line, 0, str_find(line, '\n'));
    while (line.len && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
        line.len--;
    return (struct place){.file = file,
                          .text = c->text,
                          .line = c->line,
                          .column = (unsigned)(c->byte - c->line_start + 1),
                          .width = line.len ? (unsigned)line.len : 1};
}
