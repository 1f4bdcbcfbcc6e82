/*
 * answers: what may leave a function besides its result: how much of an error its caller is
 * told, which headers of a response pass, and what is done to cookies.
 */
#include "contract/read.h"

enum { HEADER_NAME_MAX = 64, COOKIE_NAME_MAX = 128 };

static const char header_characters[] = "!#$%&'*+-.^_`|~";

/* ---- errors ---- */

static bool read_errors(struct reader *r, const struct yaml *value, void *into)
{
    static const char *const words[] = {"plain", "full"};
    struct answers *answers = into;
    str text;

    if (!read_word(r, value, "how errors are told", "errors: plain", &text))
        return false;
    answers->full_errors = str_is(text, "full");
    return answers->full_errors || str_is(text, "plain") ||
           unknown_word(r, value, "a way to tell errors", words, COUNT(words));
}

/* ---- headers ---- */

/* What a function can never set: where the message ends is the gate's to say. */
static const struct {
    const char *name, *fix;
} not_headers[] = {
    {"content-length", "the gate sets it"},
    {"transfer-encoding", "the gate sets it"},
    {"connection", "the gate sets it"},
    {"keep-alive", "the gate sets it"},
    {"upgrade", "the gate sets it"},
    {"trailer", "the gate sets it"},
    {"te", "the gate sets it"},
    {"date", "the gate sets it"},
    {"x-request-id", "the gate sets it"},
    {"set-cookie", "cookies pass after they are checked; see answers: {cookies: ...}"},
};

static bool read_header(struct reader *r, const struct yaml *item, void *into)
{
    str *name = into;

    if (!read_word(r, item, "a header", "headers: [x-total-count]", name))
        return false;
    if (!is_name(*name, HEADER_NAME_MAX, header_characters)) {
        err_at(r->e, item->at, "'%.*s' cannot name a header", STR_ARG(str_sub(*name, 0, 80)));
        return err_fix(r->e, "name each header that may pass: headers: [x-total-count]");
    }
    for (size_t i = 0; i < COUNT(not_headers); i++) {
        if (!str_equal_nocase(*name, str_of(not_headers[i].name)))
            continue;
        err_at(r->e, item->at, "'%s' cannot be let out here", not_headers[i].name);
        return err_fix(r->e, "remove it: %s", not_headers[i].fix);
    }
    return true;
}

static bool read_headers(struct reader *r, const struct yaml *list, void *into)
{
    static const struct items items = {
        .what = "a header",
        .example = "headers: [x-total-count]",
        .read = read_header,
        .size = sizeof(str),
        .max = CONTRACT_LIST_MAX,
    };
    struct answers *answers = into;

    return read_list(r, list, &items, &answers->headers, &answers->header_count);
}

/* ---- cookies ---- */

static bool read_truth(struct reader *r, const struct yaml *value, const char *name, bool *ret)
{
    if (value->kind == YAML_BOOL) {
        *ret = value->truth;
        return true;
    }
    err_at(r->e, value->at, "%s must be true or false, not %s", name,
           yaml_kind_name(value->kind));
    return err_fix(r->e, "for example: cookies: {theme: {%s: false}}", name);
}

static bool read_http_only(struct reader *r, const struct yaml *value, void *into)
{
    struct cookie_rule *rule = into;

    return read_truth(r, value, "http_only", &rule->http_only);
}

static bool read_secure(struct reader *r, const struct yaml *value, void *into)
{
    struct cookie_rule *rule = into;

    return read_truth(r, value, "secure", &rule->secure);
}

static bool read_same_site(struct reader *r, const struct yaml *value, void *into)
{
    static const char *const words[] = {"Strict", "Lax", "None"};
    struct cookie_rule *rule = into;

    if (!read_word(r, value, "same_site", "same_site: Strict", &rule->same_site))
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(rule->same_site, words[i]))
            return true;
    return unknown_word(r, value, "a value of SameSite", words, COUNT(words));
}

static const struct key cookie_rows[] = {
    {"http_only", read_http_only, false},
    {"secure", read_secure, false},
    {"same_site", read_same_site, false},
};

static const struct hint cookie_hints[] = {
    {"httponly", "write http_only: false"},
    {"httpOnly", "write http_only: false"},
    {"HttpOnly", "write http_only: false"},
    {"samesite", "write same_site: Strict"},
    {"sameSite", "write same_site: Strict"},
    {"SameSite", "write same_site: Strict"},
    {"path", "the function says it; the gate checks it"},
    {"domain", "the function says it; the gate checks it"},
};

static const struct keys cookie_keys = {
    .what = "an attribute of a cookie that a contract sets",
    .example = "cookies: {theme: {http_only: false}}",
    .rows = cookie_rows,
    .count = COUNT(cookie_rows),
    .hints = cookie_hints,
    .hint_count = COUNT(cookie_hints),
};

/* A browser sends no cookie of this kind where the connection is not secure. */
static bool check_cookie(struct reader *r, const struct yaml *key,
                         const struct cookie_rule *rule)
{
    if (rule->secure || !str_is(rule->same_site, "None"))
        return true;
    err_at(r->e, key->at, "browsers refuse a cookie with SameSite=None that is not secure");
    return err_fix(r->e, "remove secure: false, or same_site: None");
}

static bool read_cookie(struct reader *r, const struct yaml *key, struct cookie_rule *rule)
{
    *rule = (struct cookie_rule){
        .name = key->text, .http_only = true, .secure = true, .same_site = STR("Lax")};
    if (is_name(key->text, COOKIE_NAME_MAX, header_characters))
        return read_keys(r, key->value, key->at, &cookie_keys, rule) &&
               check_cookie(r, key, rule);
    err_at(r->e, key->at, "'%.*s' cannot name a cookie", STR_ARG(str_sub(key->text, 0, 80)));
    return err_fix(r->e, "for example: %s", cookie_keys.example);
}

static bool read_cookies(struct reader *r, const struct yaml *map, void *into)
{
    struct answers *answers = into;

    if (map->kind != YAML_MAP) {
        err_at(r->e, map->at, "cookies must be a map, not %s", yaml_kind_name(map->kind));
        return err_fix(r->e, "for example: %s", cookie_keys.example);
    }
    if (map->count > CONTRACT_LIST_MAX)
        return err_at(r->e, map->at, "%zu cookies, at most %d are possible", map->count,
                      CONTRACT_LIST_MAX);
    answers->cookies = arena_array(r->a, map->count, sizeof(*answers->cookies));
    if (!answers->cookies)
        return err_limit(r->e);
    for (const struct yaml *key = map->first; key; key = key->next)
        if (!read_cookie(r, key, &answers->cookies[answers->cookie_count++]))
            return false;
    return true;
}

/* ---- the whole ---- */

static const struct key rows[] = {
    {"errors", read_errors, false},
    {"headers", read_headers, false},
    {"cookies", read_cookies, false},
};

static const struct hint hints[] = {
    {"body", "what the body must look like stands beside answers, under returns"},
    {"schema", "what a result must look like stands beside answers, under returns"},
    {"status", "schemas by status stand under returns: {200: schemas/ok.json}"},
};

static const struct keys keys = {
    .what = "a rule for answers",
    .example = "answers: {errors: plain, headers: [x-total-count]}",
    .rows = rows,
    .count = COUNT(rows),
    .hints = hints,
    .hint_count = COUNT(hints),
};

bool read_answers(struct reader *r, const struct yaml *map, void *function)
{
    struct function *f = function;

    return read_keys(r, map, map->at, &keys, &f->answers);
}
