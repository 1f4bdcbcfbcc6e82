/* The text, character by character, and what is wrong with it. */
#include "toml/reader.h"

#include <stdarg.h>

bool fail_at(struct reader *r, size_t at, const char *format, ...)
{
    char words[256];
    va_list args;

    if (r->e->code != ERR_NONE)
        return false;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    return err_at(r->e, json_place(r->text, NULL, (uint32_t)at, 1), "%s", words);
}

bool at_end(const struct reader *r)
{
    return r->at >= r->text.len;
}

char peek(const struct reader *r, size_t ahead)
{
    return r->at + ahead < r->text.len ? r->text.at[r->at + ahead] : '\0';
}

bool looking_at(const struct reader *r, const char *word)
{
    return str_starts(str_sub(r->text, r->at, r->text.len), str_of(word));
}

void skip_blanks(struct reader *r)
{
    while (peek(r, 0) == ' ' || peek(r, 0) == '\t')
        r->at++;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool skip_comment(struct reader *r)
{
    if (peek(r, 0) != '#')
        return true;
    for (; !at_end(r) && peek(r, 0) != '\n'; r->at++) {
        char c = peek(r, 0);

        if (is_control(c) && c != '\t' && !(c == '\r' && peek(r, 1) == '\n'))
            return fail_at(r, r->at, "a control character in a comment");
    }
    return true;
}

static bool skip_newline(struct reader *r)
{
    size_t n = peek(r, 0) == '\r' && peek(r, 1) == '\n' ? 2 : peek(r, 0) == '\n' ? 1 : 0;

    r->at += n;
    return n > 0;
}

bool skip_lines(struct reader *r)
{
    do {
        skip_blanks(r);
        if (!skip_comment(r))
            return false;
    } while (skip_newline(r));
    return true;
}

bool end_line(struct reader *r)
{
    skip_blanks(r);
    if (!skip_comment(r))
        return false;
    if (at_end(r) || skip_newline(r))
        return true;
    return fail_at(r, r->at, "the line should end here");
}
