/*
 * A cookie as a response sets it (RFC 6265, section 4.1.1, with the attributes that came
 * after): read strictly, and written anew from what was read.
 */
#include "http/http.h"

enum { NAME_AND_VALUE_MAX = 4096, ATTRIBUTE_MAX = 1024 };

/* ---- characters ---- */

static bool is_token(str s)
{
    return s.len && http_header_valid(s, STR(""));
}

/* cookie-octet: no space, quote, comma, semicolon or backslash. */
static bool is_value(str s)
{
    if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"')
        s = str_sub(s, 1, s.len - 2);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        if (c <= 0x20 || c >= 0x7f || strchr("\",;\\", c))
            return false;
    }
    return true;
}

static bool is_visible(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || (unsigned char)s.at[i] >= 0x7f)
            return false;
    return s.len > 0;
}

/* ---- the values of attributes ---- */

static bool is_one_of(str s, const char *words)
{
    str rest = str_of(words), word;

    while (str_cut(&rest, ' ', &word))
        if (str_equal(s, word))
            return true;
    return false;
}

/* "Wed, 21 Oct 2026 07:28:00 GMT", or with '-' between day, month and year. */
static bool is_date(str s)
{
    static const char form[] = "aaa, 00-aaa-0000 00:00:00 GMT";

    if (s.len != sizeof(form) - 1 || s.at[7] != s.at[11] ||
        !is_one_of(str_sub(s, 0, 3), "Mon Tue Wed Thu Fri Sat Sun") ||
        !is_one_of(str_sub(s, 8, 3), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool fits = form[i] == 'a'   ? true
                    : form[i] == '0' ? c >= '0' && c <= '9'
                    : form[i] == '-' ? c == '-' || c == ' '
                                     : c == form[i];

        if (!fits)
            return false;
    }
    return true;
}

static bool is_seconds(str s)
{
    uint64_t n;

    if (s.len && s.at[0] == '-')
        s = str_sub(s, 1, s.len);
    return s.len && str_to_u64(s, INT64_MAX, &n);
}

static bool is_path(str s)
{
    return s.len && s.at[0] == '/' && is_visible(s);
}

/* A name of two labels or more; an address has no domain. */
static bool is_domain(str s)
{
    bool letters = false;
    str rest, label;

    if (s.len && s.at[0] == '.') /* which means nothing any more */
        s = str_sub(s, 1, s.len);
    rest = s;
    if (s.len > 253 || str_find(s, '.') == s.len)
        return false;
    while (str_cut(&rest, '.', &label)) {
        if (!label.len || label.len > 63)
            return false;
        letters = false;
        for (size_t i = 0; i < label.len; i++) {
            char c = label.at[i], low = c | 0x20;

            letters |= low >= 'a' && low <= 'z';
            if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
                return false;
        }
    }
    return letters && s.at[s.len - 1] != '.';
}

static bool is_same_site(str s)
{
    return str_equal_nocase(s, STR("Strict")) || str_equal_nocase(s, STR("Lax")) ||
           str_equal_nocase(s, STR("None"));
}

static bool is_priority(str s)
{
    return str_equal_nocase(s, STR("Low")) || str_equal_nocase(s, STR("Medium")) ||
           str_equal_nocase(s, STR("High"));
}

/* ---- attributes ---- */

#define TEXT(member) offsetof(struct http_cookie, member)

/* Those with a value, in the order in which they are written. */
static const struct text_attribute {
    const char *name, *why;
    size_t offset;
    bool (*fits)(str value);
} texts[] = {
    {"Expires", "its Expires is not a date of HTTP", TEXT(expires), is_date},
    {"Max-Age", "its Max-Age is not a whole number", TEXT(max_age), is_seconds},
    {"Domain", "its Domain is not the name of a host", TEXT(domain), is_domain},
    {"Path", "its Path does not begin with '/'", TEXT(path), is_path},
    {"SameSite", "its SameSite is not Strict, Lax or None", TEXT(same_site), is_same_site},
    {"Priority", "its Priority is not Low, Medium or High", TEXT(priority), is_priority},
};

/* Those that stand alone. */
static const struct {
    const char *name;
    size_t offset;
} truths[] = {
    {"Secure", TEXT(secure)},
    {"HttpOnly", TEXT(http_only)},
    {"Partitioned", TEXT(partitioned)},
};

static str *text_of(struct http_cookie *c, size_t i)
{
    return (str *)(void *)((char *)c + texts[i].offset);
}

static bool *truth_of(struct http_cookie *c, size_t i)
{
    return (bool *)(void *)((char *)c + truths[i].offset);
}

static bool fail(const char **why, const char *what)
{
    *why = what;
    return false;
}

static bool read_text(struct http_cookie *c, size_t i, str value, const char **why)
{
    if (text_of(c, i)->at)
        return fail(why, "an attribute stands in it twice");
    if (value.len > ATTRIBUTE_MAX || !texts[i].fits(value))
        return fail(why, texts[i].why);
    *text_of(c, i) = value;
    return true;
}

static bool read_attribute(struct http_cookie *c, str text, const char **why)
{
    bool has_value = str_find(text, '=') < text.len;
    str name;

    str_cut(&text, '=', &name);
    name = str_trim(name);
    if (!name.len && !has_value)
        return true; /* a semicolon too many */
    for (size_t i = 0; i < COUNT(texts); i++)
        if (str_equal_nocase(name, str_of(texts[i].name)))
            return read_text(c, i, str_trim(text), why);
    for (size_t i = 0; i < COUNT(truths); i++) {
        if (!str_equal_nocase(name, str_of(truths[i].name)))
            continue;
        if (*truth_of(c, i) || has_value)
            return fail(why, has_value ? "Secure, HttpOnly and Partitioned have no value"
                                       : "an attribute stands in it twice");
        *truth_of(c, i) = true;
        return true;
    }
    return fail(why, "it has an attribute that no cookie has");
}

bool http_read_set_cookie(str text, struct http_cookie *ret, const char **why)
{
    struct http_cookie c = {0};
    str rest = text, pair = {0};
    size_t equals;

    str_cut(&rest, ';', &pair);
    pair = str_trim(pair);
    equals = str_find(pair, '=');
    c.name = str_sub(pair, 0, equals);
    c.value = str_sub(pair, equals + 1, pair.len);
    if (equals == pair.len || !is_token(c.name))
        return fail(why, "it has no name, or a character that no name may have");
    if (!is_value(c.value))
        return fail(why, "its value has a character that no value may have");
    if (pair.len > NAME_AND_VALUE_MAX)
        return fail(why, "its name and value are longer than 4096 bytes");
    while (str_cut(&rest, ';', &pair))
        if (!read_attribute(&c, str_trim(pair), why))
            return false;
    *ret = c;
    return true;
}

void http_write_set_cookie(struct buf *out, const struct http_cookie *c)
{
    struct http_cookie copy = *c;

    buf_add(out, c->name);
    buf_addc(out, '=');
    buf_add(out, c->value);
    for (size_t i = 0; i < COUNT(texts); i++)
        if (text_of(&copy, i)->len)
            buf_addf(out, "; %s=%.*s", texts[i].name, STR_ARG(*text_of(&copy, i)));
    for (size_t i = 0; i < COUNT(truths); i++)
        if (*truth_of(&copy, i))
            buf_addf(out, "; %s", truths[i].name);
}
