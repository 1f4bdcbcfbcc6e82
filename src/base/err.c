#include "base/base.h"

#include <assert.h>
#include <errno.h>

PRINTF_LIKE(4, 0)
static bool set(struct err *e, enum err_code code, int sysno, const char *format, va_list args)
{
    assert(e->code == ERR_NONE && "an error is wrapped, never overwritten");
    e->code = code;
    e->sysno = sysno;
    vsnprintf(e->what, sizeof(e->what), format, args);
    return false;
}

bool err_set(struct err *e, enum err_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set(e, code, 0, format, args);
    va_end(args);
    return false;
}

bool err_at(struct err *e, struct place at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set(e, ERR_INPUT, 0, format, args);
    va_end(args);
    e->at = at;
    return false;
}

bool err_sys(struct err *e, const char *format, ...)
{
    int sysno = errno;
    size_t used;
    va_list args;

    va_start(args, format);
    set(e, sysno == EACCES || sysno == EPERM ? ERR_DENIED : ERR_SYSTEM, sysno, format, args);
    va_end(args);
    used = strlen(e->what);
    snprintf(e->what + used, sizeof(e->what) - used, ": %s", strerror(sysno));
    return false;
}

bool err_limit(struct err *e)
{
    return err_set(e, ERR_LIMIT, "this needs more memory than its limit allows");
}

bool err_wrap(struct err *e, const char *format, ...)
{
    char inner[sizeof(e->what)];
    size_t used;
    va_list args;

    assert(e->code != ERR_NONE);
    memcpy(inner, e->what, sizeof(inner));
    va_start(args, format);
    vsnprintf(e->what, sizeof(e->what), format, args);
    va_end(args);
    used = strlen(e->what);
    snprintf(e->what + used, sizeof(e->what) - used, ": %.*s",
             (int)(sizeof(e->what) - used - 3), inner);
    return false;
}

bool err_fix(struct err *e, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(e->fix, sizeof(e->fix), format, args);
    va_end(args);
    return false;
}

/* Nothing that we quote may move the cursor or ring the bell. */
void buf_add_visible(struct buf *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        if (c == '\t')
            buf_addc(out, ' ');
        else if (c < 0x20 || c == 0x7f)
            buf_addf(out, "\\x%02x", c);
        else
            buf_addc(out, (char)c);
    }
}

static str line_of(str text, unsigned line)
{
    str rest = text, part = {0};

    for (unsigned i = 0; i < line; i++)
        if (!str_cut(&rest, '\n', &part))
            return (str){NULL, 0};
    return part;
}

/* Carets stand under characters, places count bytes. */
static size_t characters(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n;
}

/* Where the character begins that byte `i` belongs to. */
static size_t character_start(str s, size_t i)
{
    if (i >= s.len)
        return s.len;
    while (i > 0 && ((unsigned char)s.at[i] & 0xc0) == 0x80)
        i--;
    return i;
}

/* One line of source with carets; long lines show a window around the place. */
static void add_source_line(struct buf *out, struct place at)
{
    enum { WINDOW = 88, LEAD = 40 };
    str line = line_of(at.text, at.line - at.skipped);
    size_t column = at.column ? at.column - 1 : 0, from = 0;
    size_t width = at.width ? at.width : 1;

    if (!line.at || column > line.len)
        return;
    if (line.len > WINDOW && column > LEAD)
        from = character_start(line, column - LEAD);
    line = str_sub(line, from, character_start(line, from + WINDOW) - from);
    column -= from;
    if (width > line.len - column)
        width = line.len > column ? line.len - column : 1;
    width = characters(str_sub(line, column, width));
    buf_addf(out, "%5u | ", at.line);
    buf_add_visible(out, line);
    buf_addf(out, "\n      | %*s^", (int)characters(str_sub(line, 0, column)), "");
    while (width-- > 1)
        buf_addc(out, '~');
    buf_addc(out, '\n');
}

void place_render(struct buf *out, struct place at, const char *kind, const char *what,
                  const char *fix)
{
    if (at.file && at.line)
        buf_addf(out, "%s:%u:%u: ", at.file, at.line, at.column);
    else if (at.file)
        buf_addf(out, "%s: ", at.file);
    buf_addf(out, "%s: ", kind);
    buf_add_visible(out, str_of(what));
    buf_addc(out, '\n');
    if (at.line && at.text.at)
        add_source_line(out, at);
    if (fix && *fix) {
        buf_add(out, STR("  fix: "));
        buf_add_visible(out, str_of(fix));
        buf_addc(out, '\n');
    }
}

void err_render(struct buf *out, const struct err *e)
{
    place_render(out, e->at, "error", e->what, e->fix);
}

const char *did_you_mean(str word, const char *const *words, size_t n)
{
    const char *best = NULL;
    unsigned nearest = word.len < 4 ? 2 : 3; /* an edit or two; a third makes it another word */

    for (size_t i = 0; i < n; i++) {
        unsigned d = str_distance(word, str_of(words[i]));

        if (d < nearest) {
            nearest = d;
            best = words[i];
        }
    }
    return best;
}
