/*
 * URLs in one form: RFC 3986's normalisation of what the WHATWG's parser would not read in
 * another way. What the two could disagree about (backslashes, white space and control
 * characters inside, users, odd numbers for addresses) is refused, not repaired.
 */
#include "clean/parts.h"

static const struct {
    str name;
    uint32_t port;
    bool authority; /* "//host" follows */
} schemes[] = {
    {STR_INIT("https"), 443, true}, {STR_INIT("http"), 80, true},
    {STR_INIT("wss"), 443, true},   {STR_INIT("ws"), 80, true},
    {STR_INIT("ftp"), 21, true},    {STR_INIT("mailto"), 0, false},
    {STR_INIT("tel"), 0, false},    {STR_INIT("sms"), 0, false},
    {STR_INIT("urn"), 0, false},
};

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%XX" at s[i] stands for, or -1. */
static int escaped_byte(str s, size_t i)
{
    int high = i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1;
    int low = high >= 0 ? hex_digit(s.at[i + 2]) : -1;

    return low < 0 ? -1 : high << 4 | low;
}

static void add_escaped(struct buf *out, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[] = {'%', digits[byte >> 4], digits[byte & 15]};

    buf_add(out, (str){text, sizeof(text)});
}

/* Escapes are undone where they are not needed, made where they are, in upper case. */
static void add_part(struct buf *out, str part, const char *plain)
{
    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.at[i];
        int byte = c == '%' ? escaped_byte(part, i) : -1;

        if (byte >= 0)
            i += 2;
        if (byte >= 0 && is_unreserved((unsigned char)byte))
            buf_addc(out, (char)byte);
        else if (byte >= 0 || (!is_unreserved(c) && !(c && strchr(plain, c))))
            add_escaped(out, byte >= 0 ? (unsigned char)byte : c);
        else
            buf_addc(out, (char)c);
    }
}

/* "." and ".." are gone from an absolute path; what leads above its top stays at the top. */
static void add_path(struct buf *out, str path)
{
    CLEANUP(buf_free) struct buf part = {.max = CLEAN_TEXT_MAX};
    size_t top = out->len;
    str rest = path.len ? str_sub(path, 1, path.len) : STR(""), segment;
    bool open = true;

    buf_addc(out, '/');
    while (str_cut(&rest, '/', &segment)) {
        buf_clear(&part);
        add_part(&part, segment, "!$&'()*+,;=:@");
        out->failed |= part.failed;
        open = str_is(buf_str(&part), ".") || str_is(buf_str(&part), "..");
        if (str_is(buf_str(&part), "..") && out->len > top + 1)
            for (out->len--; out->at[out->len - 1] != '/'; out->len--)
                ;
        if (open)
            continue;
        buf_add(out, buf_str(&part));
        if (rest.at)
            buf_addc(out, '/');
    }
}

static const char *add_port(struct buf *out, str port, uint32_t usual)
{
    uint64_t n;

    if (!port.len)
        return NULL;
    if (!str_to_u64(port, UINT16_MAX, &n) || !n)
        return "is a URL with a wrong port";
    if (n != usual)
        buf_addf(out, ":%u", (unsigned)n);
    return NULL;
}

static const char *add_authority(struct arena *a, struct buf *out, str authority, uint32_t port)
{
    size_t end = authority.len;
    str host;

    if (str_find(authority, '@') < authority.len)
        return "is a URL with a user";
    if (str_starts(authority, STR("[")))
        end = str_find(authority, ']') + 1;
    else
        end = str_find(authority, ':');
    if (end < authority.len && authority.at[end] != ':')
        return "is a URL with a wrong host";
    if (!host_canonical(a, str_sub(authority, 0, end), &host))
        return "is a URL with a wrong host";
    buf_add(out, host);
    return add_port(out, str_sub(authority, end + 1, authority.len), port);
}

/* Takes the scheme off `url`; the index in the table, or COUNT(schemes). */
static size_t take_scheme(const struct url_schemes *allowed, str *url)
{
    size_t colon = str_find(*url, ':');
    str name = str_sub(*url, 0, colon);
    bool is_allowed = false;

    for (size_t i = 0; i < allowed->count; i++)
        is_allowed |= str_equal_nocase(allowed->names[i], name);
    if (!is_allowed || colon == url->len)
        return COUNT(schemes);
    *url = str_sub(*url, colon + 1, url->len);
    for (size_t i = 0; i < COUNT(schemes); i++)
        if (str_equal_nocase(schemes[i].name, name))
            return i;
    return COUNT(schemes);
}

static size_t find_any(str s, const char *marks)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] && strchr(marks, s.at[i]))
            return i;
    return s.len;
}

static bool is_readable_one_way(str url)
{
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.at[i] <= 0x20 || url.at[i] == 0x7f || url.at[i] == '\\')
            return false;
    return true;
}

static void add_rest(struct buf *out, str rest)
{
    str query = str_sub(rest, 0, str_find(rest, '#'));
    str fragment = str_sub(rest, query.len, rest.len);

    if (query.len) {
        buf_addc(out, '?');
        add_part(out, str_sub(query, 1, query.len), "!$&()*+,;=:@/?");
    }
    if (fragment.len) {
        buf_addc(out, '#');
        add_part(out, str_sub(fragment, 1, fragment.len), "!$&()*+,;=:@/?");
    }
}

static const char *canonical(struct arena *a, const struct url_schemes *allowed, str url,
                             struct buf *ret)
{
    size_t scheme, end;
    const char *why;

    if (!is_readable_one_way(url))
        return "is a URL with white space, a control character or a backslash inside";
    scheme = take_scheme(allowed, &url);
    if (scheme == COUNT(schemes))
        return "is no URL of an allowed scheme";
    buf_add(ret, schemes[scheme].name);
    buf_addc(ret, ':');
    if (!schemes[scheme].authority) {
        end = find_any(url, "?#");
        if (!end)
            return "is a URL with nothing behind its scheme";
        add_part(ret, str_sub(url, 0, end), "!$&'()*+,;=:@/");
        add_rest(ret, str_sub(url, end, url.len));
        return NULL;
    }
    if (!str_starts(url, STR("//")))
        return "is a URL without a host";
    url = str_sub(url, 2, url.len);
    buf_add(ret, STR("//"));
    end = find_any(url, "/?#");
    why = add_authority(a, ret, str_sub(url, 0, end), schemes[scheme].port);
    if (why)
        return why;
    url = str_sub(url, end, url.len);
    end = find_any(url, "?#");
    add_path(ret, str_sub(url, 0, end));
    add_rest(ret, str_sub(url, end, url.len));
    return NULL;
}

const char *url_canonical(struct arena *a, const struct url_schemes *allowed, str url,
                          struct buf *ret)
{
    const char *why;

    while (url.len && (unsigned char)url.at[0] <= 0x20)
        url = str_sub(url, 1, url.len);
    while (url.len && (unsigned char)url.at[url.len - 1] <= 0x20)
        url.len--;
    why = canonical(a, allowed, url, ret);
    return why || !ret->failed ? why : "is too long";
}

/* ---- the rule ---- */

bool url_schemes_read(struct clean_reader *r, const struct json *v, struct url_schemes *ret)
{
    const char *known[COUNT(schemes)];

    if (!clean_words(r, v, &ret->names, &ret->count))
        return false;
    for (size_t i = 0; i < COUNT(schemes); i++)
        known[i] = schemes[i].name.at;
    for (size_t i = 0; i < ret->count; i++) {
        const char *nearest = did_you_mean(ret->names[i], known, COUNT(known));
        bool found = false;

        for (size_t j = 0; j < COUNT(schemes); j++)
            found |= str_equal(schemes[j].name, ret->names[i]);
        if (found)
            continue;
        clean_wrong(r, &v->items[i], "'%.*s' is no scheme whose URLs have one form",
                    STR_ARG(ret->names[i]));
        return nearest ? err_fix(r->e, "did you mean '%s'?", nearest) : false;
    }
    return true;
}

bool clean_url_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    static const char *const names[] = {"schemes"};
    static str web[] = {STR_INIT("https"), STR_INIT("http")};
    struct url_schemes *allowed = arena_alloc(r->a, sizeof(*allowed));
    const struct json *list = v ? json_get(v, STR("schemes")) : NULL;

    if (!allowed)
        return err_limit(r->e);
    if (v && !clean_members(r, v, names, COUNT(names)))
        return false;
    *allowed = (struct url_schemes){web, COUNT(web)};
    if (list && !url_schemes_read(r, list, allowed))
        return false;
    *ret = allowed;
    return true;
}

enum cleaned clean_url(struct cleaning *c, str text, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = CLEAN_TEXT_MAX};
    const char *why = url_canonical(c->a, c->with, text, &out);

    return why ? cleaned_refuse(c, why) : cleaned_as(c, text, &out, ret);
}
