/*
 * npm's ranges: ^, ~, x-ranges, hyphens and ||, as its semver package takes them to pieces.
 *
 * Each kind becomes comparators: "^1.2.3" is ">=1.2.3 <2.0.0-0". A version that is a pre-release is
 * taken only where a comparator of the same three numbers is one, too.
 *
 * https://docs.npmjs.com/cli/using-npm/semver
 */
#include "version/order.h"

enum { DIGITS_MAX = 15 };

struct version {
    uint64_t n[3];
    str pre;
};

/* As a range has it: numbers that are left out or "x" end it. */
struct partial {
    struct version v;
    unsigned given; /* how many of the three numbers */
    bool odd; /* more than one "v" stood before it: not before whole versions */
};

enum operator{ EQUAL, BELOW, AT_MOST, ABOVE, AT_LEAST, TILDE, CARET };

struct range {
    struct version version;
    bool fits; /* all comparators so far */
    bool pre; /* one of them lets the pre-release in */
    bool some; /* there is one at all: "*" and "" have none */
};

/* ---- versions ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
    return is_digit(c) || is_letter(c) || c == '-' || c == '.';
}

static bool take(str *rest, const char *word)
{
    str w = str_of(word);

    if (!str_starts(*rest, w))
        return false;
    *rest = str_sub(*rest, w.len, rest->len);
    return true;
}

/* No number among them begins with 0. */
static bool are_identifiers(str s, bool numbers)
{
    str part;

    while (str_cut(&s, '.', &part))
        if (!part.len || (numbers && part.len > 1 && part.at[0] == '0' && is_number(part)))
            return false;
    return true;
}

static bool take_number(str *rest, uint64_t *ret)
{
    str digits = take_while(rest, is_digit);

    return digits.len && digits.len <= DIGITS_MAX && (digits.len == 1 || digits.at[0] != '0') &&
           str_to_u64(digits, UINT64_MAX, ret);
}

static bool take_x(str *rest)
{
    return take(rest, "x") || take(rest, "X") || take(rest, "*");
}

static bool take_tail(str *rest, struct version *v)
{
    str build;

    if (take(rest, "-")) {
        v->pre = take_while(rest, is_word);
        if (!v->pre.len || !are_identifiers(v->pre, true))
            return false;
    }
    if (take(rest, "+")) {
        build = take_while(rest, is_word);
        return build.len && are_identifiers(build, false);
    }
    return true;
}

static bool take_partial(str *rest, struct partial *ret)
{
    struct partial p = {0};
    unsigned prefix = 0;
    bool open = false;

    for (; rest->len && (rest->at[0] == 'v' || rest->at[0] == '='); prefix++) {
        p.odd |= prefix || rest->at[0] == '=';
        *rest = str_sub(*rest, 1, rest->len);
    }
    for (unsigned i = 0; i < 3; i++) {
        if (i && !take(rest, ".")) {
            *ret = p;
            return true;
        }
        if (take_x(rest)) {
            open = true;
            continue;
        }
        if (open || !take_number(rest, &p.v.n[i])) /* "x.1" makes no sense */
            return false;
        p.given = i + 1;
    }
    if (!take_tail(rest, &p.v))
        return false;
    if (p.given < 3)
        p.v.pre = STR("");
    *ret = p;
    return true;
}

static int order(const struct version *a, const struct version *b)
{
    for (size_t i = 0; i < 3; i++)
        if (a->n[i] != b->n[i])
            return a->n[i] < b->n[i] ? -1 : 1;
    if (!a->pre.len || !b->pre.len)
        return (a->pre.len == 0) - (b->pre.len == 0);
    return order_identifiers(a->pre, b->pre, str_compare);
}

/* ---- comparators ---- */

static void compare(struct range *r, enum operator op, struct version than)
{
    int is = order(&r->version, &than);
    bool fits[] = {[EQUAL] = is == 0,
                   [BELOW] = is<0, [AT_MOST] = is <= 0, [ABOVE] = is> 0,
                   [AT_LEAST] = is >= 0,
                   [TILDE] = false,
                   [CARET] = false};

    r->some = true;
    r->fits = r->fits && fits[op];
    r->pre |= than.pre.len && memcmp(than.n, r->version.n, sizeof(than.n)) == 0;
}

/* The least version whose number at `i` is one more, and its pre-releases: "<2.0.0-0". */
static struct version next(struct version v, unsigned i)
{
    v.n[i]++;
    for (i++; i < 3; i++)
        v.n[i] = 0;
    v.pre = STR("0");
    return v;
}

static struct version final(struct version v)
{
    v.pre = STR("");
    return v;
}

static void between(struct range *r, struct version from, struct version to)
{
    compare(r, AT_LEAST, from);
    compare(r, BELOW, to);
}

static void compare_caret(struct range *r, const struct partial *p)
{
    unsigned i = 0;

    while (i + 1 < p->given && !p->v.n[i])
        i++;
    between(r, p->v, next(p->v, i));
}

/* "<1.x", ">1.2": of what is left out. */
static void compare_open(struct range *r, enum operator op, const struct partial *p)
{
    if (op == EQUAL)
        between(r, p->v, next(p->v, p->given - 1));
    else if (op == ABOVE)
        compare(r, AT_LEAST, final(next(p->v, p->given - 1)));
    else if (op == AT_MOST)
        compare(r, BELOW, next(p->v, p->given - 1));
    else if (op == BELOW) {
        struct version v = p->v;

        v.pre = STR("0");
        compare(r, BELOW, v);
    } else
        compare(r, op, p->v);
}

static void compare_partial(struct range *r, enum operator op, const struct partial *p)
{
    if (!p->given && (op == BELOW || op == ABOVE))
        compare(r, BELOW, (struct version){.pre = STR("0")}); /* nothing is */
    else if (!p->given)
        return;
    else if (op == TILDE)
        between(r, p->v, next(p->v, p->given > 1));
    else if (op == CARET)
        compare_caret(r, p);
    else if (p->given < 3)
        compare_open(r, op, p);
    else
        compare(r, op, p->v);
}

/* ---- ranges ---- */

static const struct {
    const char *word;
    enum operator op;
} operators[] = {
    {">=", AT_LEAST}, {"<=", AT_MOST}, {"~>", TILDE}, {">", ABOVE},
    {"<", BELOW},     {"=", EQUAL},    {"~", TILDE},  {"^", CARET},
};

static enum operator take_operator(str *rest)
{
    for (size_t i = 0; i < COUNT(operators); i++)
        if (take(rest, operators[i].word))
            return operators[i].op;
    return EQUAL;
}

/* "1.2.3 - 2.3"; false when there is no " - ". */
static bool read_hyphen(struct range *r, str text, bool *valid)
{
    size_t at = str_find_str(text, STR(" - "));
    str left = str_trim(str_sub(text, 0, at)),
        right = str_trim(str_sub(text, at + 3, text.len));
    struct partial from, to;

    if (at == text.len)
        return false;
    *valid = take_partial(&left, &from) && !left.len && take_partial(&right, &to) && !right.len;
    if (!*valid)
        return true;
    if (from.given)
        compare(r, AT_LEAST, from.v);
    if (to.given)
        compare_partial(r, AT_MOST, &to);
    return true;
}

static bool read_comparators(struct range *r, str text)
{
    bool valid;

    text = str_trim(text);
    if (read_hyphen(r, text, &valid))
        return valid;
    while (text.len) {
        enum operator op = take_operator(&text);
        struct partial p;

        text = str_trim(text);
        if (!take_partial(&text, &p) || (text.len && !is_blank(text.at[0])))
            return false;
        if (p.odd && p.given == 3 && op != TILDE && op != CARET)
            return false;
        compare_partial(r, op, &p);
        text = str_trim(text);
    }
    return true;
}

/* "npm:name@range" of an alias. */
static str without_alias(str range)
{
    size_t at = range.len;

    if (!str_starts(range, STR("npm:")))
        return range;
    while (at > 4 && range.at[at - 1] != '@')
        at--;
    return at > 5 ? str_sub(range, at, range.len) : STR("");
}

bool range_npm(str range, str version, bool *ret)
{
    struct partial exact;
    bool taken = false, any = false, last = false;

    range = without_alias(range);
    if (!take_partial(&version, &exact) || version.len || exact.given < 3)
        return false;
    while (!last) {
        size_t at = str_find_str(range, STR("||"));
        struct range r = {.version = exact.v, .fits = true};

        last = at == range.len;
        if (!read_comparators(&r, str_sub(range, 0, at)))
            return false;
        taken |= r.fits && (!exact.v.pre.len || r.pre);
        any |= !r.some;
        range = str_sub(range, at + 2, range.len);
    }
    /* As npm has it: beside "*" no other part counts, and pre-releases are not in it. */
    *ret = any ? !exact.v.pre.len : taken;
    return true;
}
