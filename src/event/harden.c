/*
 * Headers of a response: which pass, and which are added where the function is silent.
 */
#include "event/harden.h"

/* What a response may say without the contract's word. '*' stands for any ending. */
static const str allowed[] = {
    /* what the content is */
    STR_INIT("content-type"),
    STR_INIT("content-disposition"),
    STR_INIT("content-encoding"),
    STR_INIT("content-language"),
    STR_INIT("content-range"),
    STR_INIT("accept-ranges"),
    STR_INIT("link"),
    /* how long it is good for */
    STR_INIT("cache-control"),
    STR_INIT("etag"),
    STR_INIT("expires"),
    STR_INIT("last-modified"),
    STR_INIT("vary"),
    /* where to go, when, and how */
    STR_INIT("location"),
    STR_INIT("retry-after"),
    STR_INIT("allow"),
    STR_INIT("www-authenticate"),
    STR_INIT("access-control-*"),
    /* what a browser must not do with it */
    STR_INIT("content-security-policy*"),
    STR_INIT("clear-site-data"),
    STR_INIT("cross-origin-*"),
    STR_INIT("permissions-policy"),
    STR_INIT("referrer-policy"),
    STR_INIT("strict-transport-security"),
    STR_INIT("x-content-type-options"),
    STR_INIT("x-frame-options"),
};

enum when { ALWAYS, PAGE, PAGE_OVER_TLS };

/* OWASP's HTTP Headers cheat sheet. The policy is its basic one: nothing inline, nothing of
 * others; a page that needs more says so itself. */
static const struct {
    enum when when;
    str name, value;
} defaults[] = {
    {ALWAYS, STR_INIT("X-Content-Type-Options"), STR_INIT("nosniff")},
    {PAGE, STR_INIT("Content-Security-Policy"),
     STR_INIT("default-src 'self'; base-uri 'self'; form-action 'self'; "
              "frame-ancestors 'none'; object-src 'none'")},
    {PAGE, STR_INIT("X-Frame-Options"), STR_INIT("DENY")},
    {PAGE, STR_INIT("Referrer-Policy"), STR_INIT("strict-origin-when-cross-origin")},
    {PAGE, STR_INIT("Cross-Origin-Opener-Policy"), STR_INIT("same-origin")},
    {PAGE, STR_INIT("Cross-Origin-Resource-Policy"), STR_INIT("same-site")},
    {PAGE, STR_INIT("Permissions-Policy"),
     STR_INIT("camera=(), geolocation=(), microphone=()")},
    {PAGE_OVER_TLS, STR_INIT("Strict-Transport-Security"), STR_INIT("max-age=31536000")},
};

/* ---- which pass ---- */

static bool fits(str name, str row)
{
    str start = str_sub(row, 0, row.len - 1);

    if (row.at[row.len - 1] == '*')
        return str_equal_nocase(str_sub(name, 0, start.len), start);
    return str_equal_nocase(name, row);
}

static bool passes(const struct answers *answers, str name)
{
    for (size_t i = 0; i < COUNT(allowed); i++)
        if (fits(name, allowed[i]))
            return true;
    for (size_t i = 0; i < answers->header_count; i++)
        if (str_equal_nocase(name, answers->headers[i]))
            return true;
    return false;
}

static bool drop_headers(struct arena *a, const struct answers *answers,
                         struct event_response *r, struct event_dropped *dropped, struct err *e)
{
    CLEANUP(buf_free) struct buf names = {0};
    size_t kept = 0;

    for (size_t i = 0; i < r->header_count; i++) {
        if (passes(answers, r->headers[i].name)) {
            r->headers[kept++] = r->headers[i];
            continue;
        }
        buf_add(&names, dropped->header_count++ ? STR(", ") : STR(""));
        buf_add(&names, r->headers[i].name);
    }
    r->header_count = kept;
    dropped->headers = names.failed ? (str){0} : arena_str(a, buf_str(&names));
    return dropped->headers.at || err_limit(e);
}

/* ---- which are added ---- */

static str value_of(const struct event_response *r, str name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_equal_nocase(r->headers[i].name, name))
            return r->headers[i].value;
    return (str){0};
}

/* What a browser shows as a page, and may run scripts of. */
static bool is_page(const struct event_response *r)
{
    str type = value_of(r, STR("content-type"));
    str media = str_trim(str_sub(type, 0, str_find(type, ';')));

    return str_equal_nocase(media, STR("text/html")) ||
           str_equal_nocase(media, STR("application/xhtml+xml")) ||
           str_equal_nocase(media, STR("image/svg+xml"));
}

/* A browser that is told to insist on TLS insists for every port of the host, which is more than
 * somebody who tries something on this machine has asked for. */
static void add_defaults(const struct event_exit *exit, struct event_response *r)
{
    enum when upto = !is_page(r) ? ALWAYS : exit->tls && exit->is_public ? PAGE_OVER_TLS : PAGE;

    for (size_t i = 0; i < COUNT(defaults); i++)
        if (defaults[i].when <= upto && !value_of(r, defaults[i].name).at)
            r->headers[r->header_count++] =
                (struct event_pair){defaults[i].name, defaults[i].value};
}

_Static_assert(COUNT(defaults) <=
                   COUNT(((struct event_response *)0)->headers) - EVENT_HEADERS_MAX,
               "there must be room for all that is added");

bool event_harden(struct arena *a, const struct event_exit *exit, struct event_response *r,
                  struct event_dropped *dropped, struct err *e)
{
    *dropped = (struct event_dropped){0};
    if (!drop_headers(a, exit->answers, r, dropped, e) ||
        !harden_cookies(a, exit, r, dropped, e))
        return false;
    add_defaults(exit, r);
    return true;
}
