/*
 * A request's target: "/path?query", or "http://host/path?query" as sent to a proxy, or "*"
 * with OPTIONS. CONNECT's "host:port" is none of our business.
 */
#include "http/head.h"

static bool starts_nocase(str s, str prefix)
{
    return str_equal_nocase(str_sub(s, 0, prefix.len), prefix);
}

/* Takes "http://host" off an absolute target. */
static bool take_authority(str *target, str *ret)
{
    static const str schemes[] = {STR_INIT("http://"), STR_INIT("https://")};

    for (size_t i = 0; i < COUNT(schemes); i++) {
        str rest = str_sub(*target, schemes[i].len, target->len);
        size_t end = 0;

        if (!starts_nocase(*target, schemes[i]))
            continue;
        while (end < rest.len && rest.at[end] != '/' && rest.at[end] != '?')
            end++;
        *ret = str_sub(rest, 0, end);
        *target = str_sub(rest, end, rest.len);
        return http_host_valid(*ret);
    }
    return false;
}

static bool escapes_valid(str s)
{
    for (size_t i = str_find(s, '%'); i < s.len;) {
        if (s.len - i < 3 || !http_is(s.at[i + 1], HTTP_HEX) || !http_is(s.at[i + 2], HTTP_HEX))
            return false;
        s = str_sub(s, i + 3, s.len);
        i = str_find(s, '%');
    }
    return true;
}

static enum http_result split(struct http_reader *r, str rest)
{
    size_t mark = str_find(rest, '?');
    str path = str_sub(rest, 0, mark);

    if (!http_all(path, HTTP_PATH))
        return http_refuse(r, 400, "a character in the path must be percent-encoded");
    if (!escapes_valid(rest))
        return http_refuse(r, 400, "a '%' without two hexadecimal digits");
    r->head->path = path.len ? path : STR("/");
    r->head->query = str_sub(rest, mark + 1, rest.len);
    return HTTP_DONE;
}

enum http_result http_target(struct http_reader *r)
{
    str rest = r->head->target;

    if (str_starts(rest, STR("/")))
        return split(r, rest);
    if (str_is(rest, "*") && str_is(r->head->method, "OPTIONS")) {
        r->head->path = rest;
        return HTTP_DONE;
    }
    if (!take_authority(&rest, &r->authority))
        return http_refuse(r, 400, "the target is neither a path nor an http address");
    return split(r, rest);
}
