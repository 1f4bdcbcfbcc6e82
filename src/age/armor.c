/*
 * armor: a binary file as text between two lines. Strict: one text for one file, but for the
 * ends of lines and for white space outside.
 */
#include "age/parts.h"

enum { COLUMNS = 64, LINE_BYTES = COLUMNS / 4 * 3 };

static const str begin = STR_INIT("-----BEGIN AGE ENCRYPTED FILE-----");
static const str end = STR_INIT("-----END AGE ENCRYPTED FILE-----");

bool armor_is(str file)
{
    enum { NEAR = 1024 }; /* so that a damaged first line is still called armor */

    if (str_starts(file, STR("age-encryption.org/")))
        return false;
    file = str_sub(file, 0, NEAR);
    return str_find_str(file, STR("-----")) < file.len;
}

/* Ends at LF or CRLF; the last line may have neither. False when nothing is left. */
static bool take_line(str *rest, str *line)
{
    if (!rest->len || !str_cut(rest, '\n', line))
        return false;
    if (str_ends(*line, STR("\r")))
        line->len--;
    return true;
}

static void skip_blank_lines(str *rest)
{
    str after = *rest, line;

    while (take_line(&after, &line) && !str_trim(line).len)
        *rest = after;
}

static bool add_line(str line, struct buf *ret)
{
    uint8_t bytes[LINE_BYTES];
    size_t n;

    if (!line.len || !base64_read_padded(line, bytes, sizeof(bytes), &n))
        return false;
    buf_add(ret, (str){(const char *)bytes, n});
    return true;
}

static enum age_verdict finish(str rest, const struct buf *binary, struct err *e)
{
    if (str_trim(rest).len)
        return age_refuse(e, AGE_ARMOR, "something follows the end of the armor");
    if (!binary->failed)
        return AGE_OK;
    err_limit(e);
    return AGE_FAILED;
}

enum age_verdict armor_read(str file, struct buf *ret, struct err *e)
{
    str rest = file, line;
    bool short_line = false;

    skip_blank_lines(&rest);
    if (!take_line(&rest, &line) || !str_equal(line, begin))
        return age_refuse(e, AGE_ARMOR, "the armor does not begin with '%.*s'", STR_ARG(begin));
    for (unsigned number = 1; take_line(&rest, &line); number++) {
        if (str_equal(line, end))
            return finish(rest, ret, e);
        if (short_line)
            return age_refuse(e, AGE_ARMOR, "line %u of the armor is not its last, but short",
                              number - 1);
        short_line = line.len < COLUMNS;
        if (!add_line(line, ret))
            return age_refuse(e, AGE_ARMOR,
                              "line %u of the armor is not up to 64 characters of base64",
                              number);
    }
    return age_refuse(e, AGE_ARMOR, "the armor has no end: the file is cut");
}

void armor_write(str binary, struct buf *ret)
{
    buf_add(ret, begin);
    buf_addc(ret, '\n');
    for (size_t i = 0; i < binary.len; i += LINE_BYTES) {
        base64_encode(ret, str_sub(binary, i, LINE_BYTES));
        buf_addc(ret, '\n');
    }
    buf_add(ret, end);
    buf_addc(ret, '\n');
}
