/* The reader's error path: the place as line and column, and a fix for the usual mistakes. */
#include "json/reader.h"

struct place json_place(str text, const char *file, uint32_t at, unsigned width)
{
    struct place place = {.file = file, .text = text, .line = 1, .column = 1, .width = width};
    str before = str_sub(text, 0, at);

    for (size_t i = 0; i < before.len; i++) {
        place.column++;
        if (before.at[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

static void set_place(struct reader *r, const char *at)
{
    str text = {r->start, (size_t)(r->end - r->start)};

    r->e->at = json_place(text, NULL, (uint32_t)(at - r->start), 1);
}

PRINTF_LIKE(4, 0)
static bool fail(struct reader *r, const char *at, enum err_code code, const char *format,
                 va_list args)
{
    char what[256];

    vsnprintf(what, sizeof(what), format, args);
    err_set(r->e, code, "%s", what);
    set_place(r, at);
    return false;
}

bool json_fail(struct reader *r, const char *at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(r, at, ERR_INPUT, format, args);
    va_end(args);
    return false;
}

bool json_fail_limit(struct reader *r, const char *at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(r, at, ERR_LIMIT, format, args);
    va_end(args);
    return false;
}

/* What people write from habit in other languages, by how it begins. */
static const struct {
    str begins;
    const char *fix;
} habits[] = {
    {STR_INIT("\xef\xbb\xbf"), "remove the byte order mark"},
    {STR_INIT("'"), "write strings in double quotes"},
    {STR_INIT("`"), "write strings in double quotes"},
    {STR_INIT("//"), "JSON has no comments: remove it"},
    {STR_INIT("/*"), "JSON has no comments: remove it"},
    {STR_INIT("#"), "JSON has no comments: remove it"},
    {STR_INIT("NaN"), "JSON has no NaN: write null or a string"},
    {STR_INIT("Infinity"), "JSON has no Infinity: write null or a string"},
    {STR_INIT("True"), "write true"},
    {STR_INIT("TRUE"), "write true"},
    {STR_INIT("False"), "write false"},
    {STR_INIT("FALSE"), "write false"},
    {STR_INIT("None"), "write null"},
    {STR_INIT("NULL"), "write null"},
    {STR_INIT("undefined"), "write null, or leave the member out"},
    {STR_INIT("+"), "remove the plus sign"},
    {STR_INIT("."), "write a digit before the point: 0.5"},
    {STR_INIT(";"), "write a comma"},
    {STR_INIT("="), "write a colon"},
};

/* The last byte before `at` that is no space, or NUL. */
static char byte_before(struct reader *r, const char *at)
{
    str before = str_trim((str){r->start, (size_t)(at - r->start)});

    return before.len ? before.at[before.len - 1] : '\0';
}

static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '$';
}

static const char *fix_for(struct reader *r, const char *at, const char *what)
{
    str rest = {at, (size_t)(r->end - at)};
    bool name = strstr(what, "name") != NULL;

    if (at == r->end)
        return NULL;
    if ((*at == '}' || *at == ']') && byte_before(r, at) == ',')
        return "remove the comma before it";
    for (size_t i = 0; i < COUNT(habits); i++)
        if (str_starts(rest, habits[i].begins))
            return habits[i].fix;
    if (name && is_letter(*at))
        return "write the name in double quotes";
    if (strchr(what, ',') && (*at == '"' || *at == '{' || *at == '['))
        return "write a comma between the two";
    return NULL;
}

bool json_fail_expected(struct reader *r, const char *at, const char *what)
{
    const char *fix = fix_for(r, at, what);
    unsigned char c = at < r->end ? (unsigned char)*at : 0;

    if (at == r->end)
        json_fail(r, at, "expected %s but the text ends", what);
    else if (c > 0x20 && c < 0x7f)
        json_fail(r, at, "expected %s but found '%c'", what, c);
    else
        json_fail(r, at, "expected %s but found the byte 0x%02x", what, c);
    return fix ? err_fix(r->e, "%s", fix) : false;
}
