/*
 * PEP 440, and the order that setuptools had before it for what PEP 440 does not know: such
 * versions are older than all others.
 */
#include "version/order.h"

enum phase { PHASE_DEV, PHASE_ALPHA, PHASE_BETA, PHASE_CANDIDATE, PHASE_FINAL };

struct pep440 {
    str epoch, release; /* digits; digits between dots */
    enum phase phase; /* PHASE_DEV: "1.0.dev1", neither pre- nor post-release */
    str pre, post, dev; /* their numbers */
    bool has_post, has_dev;
    str local;
};

static const struct {
    const char *word;
    enum phase phase;
} phases[] = {
    /* Longer ones first where one begins with another. */
    {"alpha", PHASE_ALPHA},  {"a", PHASE_ALPHA},           {"beta", PHASE_BETA},
    {"b", PHASE_BETA},       {"preview", PHASE_CANDIDATE}, {"pre", PHASE_CANDIDATE},
    {"rc", PHASE_CANDIDATE}, {"c", PHASE_CANDIDATE},
};

static bool is_joint(char c)
{
    return c == '.' || c == '-' || c == '_';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_letter(c);
}

static bool take_char(str *rest, char c)
{
    if (!rest->len || lower(rest->at[0]) != c)
        return false;
    *rest = str_sub(*rest, 1, rest->len);
    return true;
}

static void take_joint(str *rest)
{
    if (rest->len && is_joint(rest->at[0]))
        *rest = str_sub(*rest, 1, rest->len);
}

/* "[joint]WORD[joint][number]" off the front of `rest`; "1.0rc." is a version. */
static bool take_word(str *rest, const char *word, str *number)
{
    str s = *rest, w = str_of(word);

    take_joint(&s);
    if (!str_equal_nocase(str_sub(s, 0, w.len), w))
        return false;
    s = str_sub(s, w.len, s.len);
    take_joint(&s);
    *number = take_while(&s, is_digit);
    *rest = s;
    return true;
}

static void take_epoch(str *rest, str *epoch)
{
    str s = *rest, digits = take_while(&s, is_digit);

    if (!digits.len || !take_char(&s, '!'))
        return;
    *epoch = digits;
    *rest = s;
}

static bool take_release(str *rest, str *release)
{
    str s = *rest;

    if (!take_while(&s, is_digit).len)
        return false;
    while (s.len > 1 && s.at[0] == '.' && is_digit(s.at[1])) {
        s = str_sub(s, 1, s.len);
        take_while(&s, is_digit);
    }
    *release = str_sub(*rest, 0, (size_t)(s.at - rest->at));
    *rest = s;
    return true;
}

static void take_pre(str *rest, struct pep440 *v)
{
    for (size_t i = 0; i < COUNT(phases); i++) {
        if (!take_word(rest, phases[i].word, &v->pre))
            continue;
        v->phase = phases[i].phase;
        return;
    }
}

/* "-1" as well as "post1", "rev1", "r1". */
static void take_post(str *rest, struct pep440 *v)
{
    str s = *rest;

    if (take_char(&s, '-') && s.len && is_digit(s.at[0])) {
        v->post = take_while(&s, is_digit);
        v->has_post = true;
        *rest = s;
        return;
    }
    v->has_post = take_word(rest, "post", &v->post) || take_word(rest, "rev", &v->post) ||
                  take_word(rest, "r", &v->post);
}

static bool take_local(str *rest, str *local)
{
    str s = *rest;

    if (!take_char(&s, '+'))
        return true;
    *local = s;
    do
        if (!take_while(&s, is_alnum).len)
            return false;
    while (s.len && is_joint(s.at[0]) && (take_joint(&s), true));
    *rest = s;
    return true;
}

static bool pep440_read(str s, struct pep440 *ret)
{
    struct pep440 v = {.phase = PHASE_FINAL};

    s = str_trim(s);
    take_char(&s, 'v');
    take_epoch(&s, &v.epoch);
    if (!take_release(&s, &v.release))
        return false;
    take_pre(&s, &v);
    take_post(&s, &v);
    v.has_dev = take_word(&s, "dev", &v.dev);
    if (!take_local(&s, &v.local) || s.len)
        return false;
    if (v.phase == PHASE_FINAL && !v.has_post && v.has_dev)
        v.phase = PHASE_DEV;
    *ret = v;
    return true;
}

/* Numbers that are missing are 0. */
static int order_release(str a, str b)
{
    while (a.at || b.at) {
        str x = {0}, y = {0};
        int order;

        str_cut(&a, '.', &x);
        str_cut(&b, '.', &y);
        order = order_digits(x, y);
        if (order)
            return order;
    }
    return 0;
}

/* The next part of a local version: numbers are above words. */
static bool next_local(str *rest, str *part)
{
    take_joint(rest);
    *part = take_while(rest, is_alnum);
    return part->len > 0;
}

static int order_local(str a, str b)
{
    for (;;) {
        str x, y;
        bool more_a = next_local(&a, &x), more_b = next_local(&b, &y);
        int order;

        if (!more_a || !more_b)
            return more_a - more_b;
        if (is_number(x) != is_number(y))
            return is_number(x) ? 1 : -1;
        order = is_number(x) ? order_digits(x, y) : order_nocase(x, y);
        if (order)
            return order;
    }
}

static int order_pep440(const struct pep440 *a, const struct pep440 *b)
{
    int order = order_digits(a->epoch, b->epoch);

    if (!order)
        order = order_release(a->release, b->release);
    if (!order)
        order = order_of(a->phase, b->phase);
    if (!order)
        order = order_digits(a->pre, b->pre);
    if (!order)
        order = a->has_post - b->has_post;
    if (!order)
        order = order_digits(a->post, b->post);
    if (!order)
        order = b->has_dev - a->has_dev;
    if (!order)
        order = order_digits(a->dev, b->dev);
    return order ? order : order_local(a->local, b->local);
}

/* ---- what PEP 440 does not know ---- */

enum { PARTS_MAX = VERSION_MAX };

/*
 * A number is "0" and its digits, eight at least; a word "*" and itself, with some renamed. The
 * renamed ones stand in the table, all others in the version.
 */
struct legacy_part {
    bool number;
    str text; /* of a word: with its "*" when it is one of the table's */
    bool starred; /* `text` begins with the "*" already */
};

static const struct {
    const char *word;
    str as;
} renamed[] = {
    {"pre", STR_INIT("*c")},    {"preview", STR_INIT("*c")}, {"rc", STR_INIT("*c")},
    {"-", STR_INIT("*final-")}, {"dev", STR_INIT("*@")},
};

static const struct legacy_part final_part = {.text = STR_INIT("*final"), .starred = true};

static bool is_other(char c)
{
    return !is_digit(c) && !is_letter(c) && c != '.' && c != '-';
}

static struct legacy_part word_part(str word)
{
    for (size_t i = 0; i < COUNT(renamed); i++)
        if (str_equal_nocase(word, str_of(renamed[i].word)))
            return (struct legacy_part){.text = renamed[i].as, .starred = true};
    return (struct legacy_part){.text = word};
}

/* False at the end. Dots only separate. */
static bool next_part(str *rest, struct legacy_part *ret)
{
    while (rest->len && rest->at[0] == '.')
        *rest = str_sub(*rest, 1, rest->len);
    if (!rest->len)
        return false;
    if (is_digit(rest->at[0])) {
        *ret = (struct legacy_part){.number = true, .text = take_while(rest, is_digit)};
        return true;
    }
    if (rest->at[0] == '-') {
        *ret = word_part(str_sub(*rest, 0, 1));
        *rest = str_sub(*rest, 1, rest->len);
    } else {
        *ret = word_part(take_while(rest, is_letter(rest->at[0]) ? is_letter : is_other));
    }
    return true;
}

static char word_at(const struct legacy_part *p, size_t i)
{
    size_t skip = p->starred ? 0 : 1;

    if (i < skip)
        return '*';
    return i - skip < p->text.len ? lower(p->text.at[i - skip]) : '\0';
}

static int order_words(const struct legacy_part *a, const struct legacy_part *b)
{
    for (size_t i = 0;; i++) {
        unsigned char x = (unsigned char)word_at(a, i), y = (unsigned char)word_at(b, i);

        if (x != y || !x)
            return order_of(x, y);
    }
}

/* The numbers' text: as long as eight digits at least, zeros in front. */
static int order_padded(str a, str b)
{
    size_t n = a.len > b.len ? a.len : b.len;

    if (n <= 8)
        return order_digits(a, b);
    /* Past eight digits they were compared as text, each padded to eight only. */
    for (size_t i = 0; i < (n > 8 ? n : 8); i++) {
        size_t pad_a = a.len < 8 ? 8 - a.len : 0, pad_b = b.len < 8 ? 8 - b.len : 0;
        char x = i < pad_a ? '0' : i - pad_a < a.len ? a.at[i - pad_a] : '\0';
        char y = i < pad_b ? '0' : i - pad_b < b.len ? b.at[i - pad_b] : '\0';

        if (x != y)
            return x > y ? 1 : -1;
    }
    return 0;
}

static int order_part(const struct legacy_part *a, const struct legacy_part *b)
{
    if (a->number && b->number)
        return order_padded(a->text, b->text);
    if (a->number != b->number)
        return a->number ? 1 : -1; /* "*" is below the digits */
    return order_words(a, b);
}

static bool is_zero(const struct legacy_part *p)
{
    str rest = p->text;

    while (rest.len && rest.at[0] == '0')
        rest = str_sub(rest, 1, rest.len);
    return p->number && !rest.len && p->text.len <= 8;
}

static size_t add_word(struct legacy_part *parts, size_t n, const struct legacy_part *word)
{
    static const struct legacy_part dash = {.text = STR_INIT("*final-"), .starred = true};

    if (order_words(word, &final_part) < 0)
        while (n && !parts[n - 1].number && order_words(&parts[n - 1], &dash) == 0)
            n--;
    while (n && is_zero(&parts[n - 1]))
        n--;
    parts[n++] = *word;
    return n;
}

static size_t legacy_read(str s, struct legacy_part *parts)
{
    struct legacy_part part;
    size_t n = 0;

    while (n < PARTS_MAX - 1 && next_part(&s, &part)) {
        if (part.number)
            parts[n++] = part;
        else
            n = add_word(parts, n, &part);
    }
    return add_word(parts, n, &final_part);
}

static int order_legacy(str a, str b)
{
    struct legacy_part x[PARTS_MAX], y[PARTS_MAX];
    size_t n = legacy_read(a, x), m = legacy_read(b, y);

    for (size_t i = 0; i < n && i < m; i++) {
        int order = order_part(&x[i], &y[i]);

        if (order)
            return order;
    }
    return (n > m) - (n < m);
}

int order_pypi(str a, str b)
{
    struct pep440 x, y;
    bool a_known = pep440_read(a, &x), b_known = pep440_read(b, &y);

    if (a_known && b_known)
        return order_pep440(&x, &y);
    return a_known != b_known ? a_known - b_known : order_legacy(a, b);
}
