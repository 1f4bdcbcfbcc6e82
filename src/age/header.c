/*
 * header: the version, the stanzas that wrap the file key, and the line that signs them.
 */
#include "age/parts.h"

enum { COLUMNS = 64, MAC_TEXT = 43 };

/* A line with its end; CR is no end and no text. */
static bool take_line(str *rest, str *line)
{
    return str_find(*rest, '\n') < rest->len && str_cut(rest, '\n', line);
}

static bool is_argument(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < 33 || s.at[i] > 126)
            return false;
    return s.len > 0;
}

static bool read_arguments(str line, struct stanza *ret)
{
    str rest = line, argument;

    if (!str_cut(&rest, ' ', &ret->type) || !is_argument(ret->type))
        return false;
    ret->arguments = rest;
    while (str_cut(&rest, ' ', &argument))
        if (!is_argument(argument))
            return false;
    return true;
}

/* Lines of 64 columns, then a shorter one, which may be empty. */
static bool read_body(str *rest, struct stanza *ret)
{
    str line;

    ret->len = 0;
    do {
        uint8_t later[sizeof(ret->body)];
        size_t n;

        if (!take_line(rest, &line) || line.len > COLUMNS ||
            !base64_read(line, ret->len ? later : ret->body, sizeof(ret->body), &n))
            return false;
        ret->len += n;
    } while (line.len == COLUMNS);
    return true;
}

bool stanza_next(str *rest, struct stanza *ret)
{
    str line;

    return take_line(rest, &line) && str_starts(line, STR("-> ")) &&
           read_arguments(str_sub(line, 3, line.len), ret) && read_body(rest, ret);
}

static enum age_verdict read_stanzas(str *rest, struct err *e)
{
    struct stanza s;
    unsigned count = 0, scrypt_count = 0;

    while (str_starts(*rest, STR("->"))) {
        if (!stanza_next(rest, &s))
            return age_refuse(e, AGE_HEADER, "stanza %u of the header is malformed", count + 1);
        if (!stanza_is_well_formed(&s))
            return age_refuse(e, AGE_HEADER, "stanza %u of the header is no valid %.*s stanza",
                              count + 1, STR_ARG(s.type));
        if (++count > AGE_STANZAS_MAX)
            return age_refuse(e, AGE_HEADER, "more than %d recipients", AGE_STANZAS_MAX);
        scrypt_count += str_is(s.type, "scrypt");
    }
    if (!count)
        return age_refuse(e, AGE_HEADER, "the header names no recipient");
    /* Or else whoever knows the passphrase could not tell who else can read the file. */
    if (scrypt_count && count > 1)
        return age_refuse(e, AGE_HEADER, "a passphrase stanza must stand alone");
    return AGE_OK;
}

enum age_verdict header_read(str file, struct header *ret, struct err *e)
{
    struct header h;
    str rest = file, line;
    size_t n;
    enum age_verdict v;

    if (!str_starts(file, STR(AGE_VERSION_LINE)))
        return age_refuse(e, AGE_HEADER, "this is not a file in the age format, version 1");
    rest = str_sub(file, sizeof(AGE_VERSION_LINE) - 1, file.len);
    h.stanzas = rest;
    v = read_stanzas(&rest, e);
    if (v != AGE_OK)
        return v;
    h.stanzas.len = (size_t)(rest.at - h.stanzas.at);
    h.signed_part = (str){file.at, (size_t)(rest.at - file.at) + 3};
    if (!take_line(&rest, &line) || !str_starts(line, STR("--- ")) ||
        line.len != 4 + MAC_TEXT ||
        !base64_read(str_sub(line, 4, MAC_TEXT), h.mac, sizeof(h.mac), &n))
        return age_refuse(e, AGE_HEADER, "the header does not end with its signature line");
    h.rest = rest;
    *ret = h;
    return AGE_OK;
}
