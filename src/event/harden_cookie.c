/*
 * Cookies of a response: the attributes that keep them from scripts, other sites and wires, and
 * the rules that browsers would drop them by without a word.
 */
#include "event/harden.h"

static const struct cookie_rule usual = {
    .http_only = true, .secure = true, .same_site = STR_INIT("Lax")};

static const struct cookie_rule *rule_for(const struct answers *answers, str name)
{
    for (size_t i = 0; i < answers->cookie_count; i++)
        if (str_equal(answers->cookies[i].name, name))
            return &answers->cookies[i];
    return &usual;
}

static bool has_prefix(str name, str prefix)
{
    return str_equal_nocase(str_sub(name, 0, prefix.len), prefix);
}

static bool is_host_prefixed(str name)
{
    return has_prefix(name, STR("__Host-"));
}

static bool is_prefixed(str name)
{
    return is_host_prefixed(name) || has_prefix(name, STR("__Secure-"));
}

static str without_port(str host)
{
    size_t end = str_find(host, ':');

    return host.len && host.at[0] == '[' ? host : str_sub(host, 0, end);
}

/* Whether the host is the domain or lies below it. */
static bool is_in_domain(str host, str domain)
{
    size_t above;

    host = without_port(host);
    if (domain.at[0] == '.')
        domain = str_sub(domain, 1, domain.len);
    if (str_equal_nocase(host, domain))
        return true;
    if (host.len <= domain.len)
        return false;
    above = host.len - domain.len;
    return host.at[above - 1] == '.' &&
           str_equal_nocase(str_sub(host, above, domain.len), domain);
}

static void add_attributes(const struct event_exit *exit, const struct cookie_rule *rule,
                           struct http_cookie *c)
{
    bool needs_secure;

    c->http_only |= rule->http_only;
    if (!c->same_site.at)
        c->same_site = rule->same_site;
    needs_secure = exit->tls || exit->is_public || c->partitioned || is_prefixed(c->name) ||
                   str_equal_nocase(c->same_site, STR("None"));
    c->secure |= rule->secure && needs_secure;
}

/* What a browser would have against it, NULL when nothing. */
static const char *fault_of(const struct event_exit *exit, const struct http_cookie *c)
{
    if (c->domain.at && !is_in_domain(exit->host, c->domain))
        return "its Domain is neither the host that was asked nor above it";
    if (!c->secure && str_equal_nocase(c->same_site, STR("None")))
        return "SameSite=None needs Secure";
    if (!c->secure && c->partitioned)
        return "Partitioned needs Secure";
    if (!c->secure && is_prefixed(c->name))
        return "its name's prefix needs Secure";
    if (is_host_prefixed(c->name) && (c->domain.at || !str_is(c->path, "/")))
        return "__Host- needs Path=/ and no Domain";
    return NULL;
}

static str name_in(str cookie)
{
    return str_sub(cookie, 0, str_find(str_sub(cookie, 0, 128), '='));
}

static bool write_cookie(struct arena *a, const struct http_cookie *c, str *ret, struct err *e)
{
    CLEANUP(buf_free) struct buf out = {0};
    str text;

    http_write_set_cookie(&out, c);
    text = out.failed ? (str){0} : arena_str(a, buf_str(&out));
    if (!text.at)
        return err_limit(e);
    *ret = text;
    return true;
}

bool harden_cookies(struct arena *a, const struct event_exit *exit, struct event_response *r,
                    struct event_dropped *dropped, struct err *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->cookie_count; i++) {
        struct http_cookie c = {0};
        const char *why = NULL;

        if (http_read_set_cookie(r->cookies[i], &c, &why)) {
            add_attributes(exit, rule_for(exit->answers, c.name), &c);
            why = fault_of(exit, &c);
        }
        if (why) {
            dropped->cookies[dropped->cookie_count].name = name_in(r->cookies[i]);
            dropped->cookies[dropped->cookie_count++].why = why;
        } else if (!write_cookie(a, &c, &r->cookies[kept++], e)) {
            return false;
        }
    }
    r->cookie_count = kept;
    return true;
}
