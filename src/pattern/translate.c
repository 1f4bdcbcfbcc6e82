/*
 * ECMA-262 patterns, with the u flag, in PCRE2's words. What the flag forbids is refused; what
 * the two languages read differently is spelt out, so that PCRE2 sees nothing but literals,
 * classes of code points, groups and repetitions.
 */
#include "pattern/translate.h"

bool translate_fail(struct translator *t, const char *format, ...)
{
    char what[200];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    return err_set(t->e, ERR_INPUT, "%s, at character %zu", what, t->at + 1);
}

bool translate_take(struct translator *t, const char *text)
{
    str rest = str_sub(t->in, t->at, t->in.len);

    if (!str_starts(rest, str_of(text)))
        return false;
    t->at += strlen(text);
    return true;
}

void translate_point(struct translator *t, uint32_t c)
{
    if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        buf_addc(&t->out, (char)c);
    else
        buf_addf(&t->out, "\\x{%x}", c);
}

bool translate_next(struct translator *t, uint32_t *ret)
{
    size_t n = str_utf8_length(t->in, t->at);
    const unsigned char *p = (const unsigned char *)t->in.at + t->at;
    uint32_t c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));

    if (!n)
        return translate_fail(t, "invalid UTF-8");
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3f);
    t->at += n;
    *ret = c;
    return true;
}

void translate_begin(struct translator *t, bool may_repeat)
{
    t->may_repeat = may_repeat;
    t->last = t->out.len;
    t->last_is_group = false;
    t->groups_in_last = 0;
    t->places_in_last = 1;
    t->places++;
}

/* ---- groups ---- */

/* Counts the groups that capture and notes their names, before anything refers to them. */
static bool scan_groups(struct translator *t)
{
    bool in_class = false;
    str rest;

    for (t->at = 0; t->at < t->in.len; t->at++) {
        char c = t->in.at[t->at];

        if (c == '\\')
            t->at++;
        else if (c == '[' || c == ']')
            in_class = c == '[';
        rest = str_sub(t->in, t->at + 1, t->in.len);
        if (c == '\\' && !in_class)
            t->captures |= t->at < t->in.len && strchr("123456789k", t->in.at[t->at]);
        if (c != '(' || in_class ||
            (str_starts(rest, STR("?")) && !str_starts(rest, STR("?<"))) ||
            str_starts(rest, STR("?<=")) || str_starts(rest, STR("?<!")))
            continue;
        if (t->groups == GROUPS_MAX)
            return translate_fail(t, "more than %d groups", GROUPS_MAX);
        t->names[++t->groups] = (str){NULL, 0};
        if (str_starts(rest, STR("?<")))
            t->names[t->groups] = str_sub(rest, 2, str_find(rest, '>') - 2);
    }
    t->at = 0;
    return true;
}

static bool is_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        bool digit = c >= '0' && c <= '9';

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && c != '_' && c != '$' && c < 0x80 &&
            !(digit && i))
            return false;
    }
    return name.len > 0;
}

static bool check_names(struct translator *t)
{
    for (unsigned i = 1; i <= t->groups; i++) {
        if (!t->names[i].at)
            continue;
        if (!is_name(t->names[i]))
            return translate_fail(t, "a group's name is made of letters, digits, _ and $");
        for (unsigned j = 1; j < i; j++)
            if (t->names[j].at && str_equal(t->names[i], t->names[j]))
                return translate_fail(t, "two groups are called '%.*s'", STR_ARG(t->names[i]));
    }
    return true;
}

static bool read_open(struct translator *t)
{
    static const struct {
        const char *text;
        bool looks_around;
    } kinds[] = {{"(?:", false}, {"(?=", true}, {"(?!", true}, {"(?<=", true}, {"(?<!", true}};
    struct open *open = &t->open[t->depth];

    if (t->depth++ == DEPTH_MAX)
        return translate_fail(t, "groups nested deeper than %d", DEPTH_MAX);
    t->may_repeat = false;
    *open = (struct open){.groups_before = t->opened, .places_before = t->places};
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (translate_take(t, kinds[i].text)) {
            open->looks_around = kinds[i].looks_around;
            t->looks_around |= open->looks_around;
            buf_add(&t->out, str_of(kinds[i].text));
            return true;
        }
    t->at++;
    if (translate_take(t, "?<"))
        t->at += t->names[t->opened + 1].len + 1;
    else if (translate_take(t, "?"))
        return translate_fail(t, "'(?' that begins no kind of group");
    open->group = ++t->opened;
    buf_add(&t->out, t->captures ? STR("(") : STR("(?:"));
    return true;
}

static bool read_close(struct translator *t)
{
    if (!t->depth)
        return translate_fail(t, "')' without its '('");
    t->at++;
    t->depth--;
    t->closed[t->open[t->depth].group] = true;
    t->may_repeat = !t->open[t->depth].looks_around;
    t->last_is_group = true;
    t->groups_in_last = t->opened - t->open[t->depth].groups_before;
    /* Its ends are places as well. */
    t->places += 2;
    t->places_in_last = t->places - t->open[t->depth].places_before;
    buf_addc(&t->out, ')');
    return true;
}

static bool read_or(struct translator *t)
{
    t->at++;
    t->may_repeat = false;
    buf_addc(&t->out, '|');
    return true;
}

/* ---- repetitions ---- */

static bool read_count(struct translator *t, unsigned *ret)
{
    size_t from = t->at;
    uint64_t n;

    while (t->at < t->in.len && t->in.at[t->at] >= '0' && t->in.at[t->at] <= '9')
        t->at++;
    if (t->at == from)
        return translate_fail(t, "a '{' that is no repetition; write '\\{' for the character");
    if (!str_to_u64(str_sub(t->in, from, t->at - from), REPEAT_MAX, &n))
        return translate_fail(t, "more than %d repetitions", REPEAT_MAX);
    *ret = (unsigned)n;
    return true;
}

static bool read_braces(struct translator *t, unsigned *least, unsigned *most)
{
    t->at++;
    if (!read_count(t, least))
        return false;
    *most = *least;
    if (translate_take(t, ",")) {
        *most = REPEAT_MAX + 1;
        if (t->at < t->in.len && t->in.at[t->at] != '}' && !read_count(t, most))
            return false;
    }
    if (!translate_take(t, "}"))
        return translate_fail(t, "a '{' that is no repetition; write '\\{' for the character");
    if (*most < *least)
        return translate_fail(t, "a repetition whose numbers are out of order");
    return true;
}

/*
 * PCRE2's breadth-first matcher counts the rounds of X+ and X{n,} without end, and each count
 * is a state of its own: X{n}X* has but one more.
 */
static void write_endless(struct translator *t, unsigned least)
{
    size_t len = t->out.len - t->last;

    if (least != 1)
        buf_addf(&t->out, "{%u}", least);
    /* Room first: what is copied lies in the same memory. */
    if (!buf_reserve(&t->out, len + 1))
        return;
    buf_add(&t->out, str_sub(buf_str(&t->out), t->last, len));
    buf_addc(&t->out, '*');
}

static bool read_repeat(struct translator *t)
{
    size_t from = t->at;
    char c = t->in.at[t->at];
    unsigned least = c == '+', most = c == '?' ? 1 : REPEAT_MAX + 1, rounds;

    if (!t->may_repeat)
        return translate_fail(t, "nothing to repeat before '%c'", c);
    if (c != '{')
        t->at++;
    else if (!read_braces(t, &least, &most))
        return false;
    translate_take(t, "?");
    if (t->for_breadth && !t->last_is_group && most > REPEAT_MAX)
        write_endless(t, least);
    else
        buf_add(&t->out, str_sub(t->in, from, t->at - from));
    t->may_repeat = false;
    for (unsigned i = 0; most > 1 && i < t->groups_in_last; i++)
        t->repeated[t->opened - i] = true;
    t->endless |= most > REPEAT_MAX;
    rounds = most > REPEAT_MAX ? least : most;
    t->places += rounds * t->places_in_last;
    return t->places < PLACES_MAX || translate_fail(t, "too many repetitions of repetitions");
}

/* ---- single things ---- */

static bool emit(struct translator *t, str text, bool may_repeat)
{
    t->at++;
    translate_begin(t, may_repeat);
    buf_add(&t->out, text);
    return true;
}

static bool read_start(struct translator *t)
{
    return emit(t, STR("^"), false);
}

static bool read_end(struct translator *t)
{
    return emit(t, STR("\\z"), false);
}

static bool read_dot(struct translator *t)
{
    return emit(t, STR("[^\\n\\r\\x{2028}\\x{2029}]"), true);
}

static bool read_stray(struct translator *t)
{
    return translate_fail(t, "'%c' alone; write '\\%c' for the character", t->in.at[t->at],
                          t->in.at[t->at]);
}

static bool read_literal(struct translator *t)
{
    uint32_t c;

    if (!translate_next(t, &c))
        return false;
    translate_begin(t, true);
    translate_point(t, c);
    return true;
}

static bool (*const readers[256])(struct translator *) = {
    ['('] = read_open,   [')'] = read_close,      ['|'] = read_or,
    ['*'] = read_repeat, ['+'] = read_repeat,     ['?'] = read_repeat,
    ['{'] = read_repeat, ['^'] = read_start,      ['$'] = read_end,
    ['.'] = read_dot,    ['['] = translate_class, ['\\'] = translate_escape,
    [']'] = read_stray,  ['}'] = read_stray,
};

/*
 * A group inside a repetition is forgotten at each round in ECMA-262 and remembered in PCRE2,
 * so that a reference to it would mean two things.
 */
static bool check_references(struct translator *t)
{
    for (unsigned i = 1; i <= t->groups; i++)
        if (t->repeated[i] && t->referred[i])
            return translate_fail(t, "a reference to group %u, which is repeated", i);
    return true;
}

static bool read_all(struct translator *t)
{
    if (!scan_groups(t) || !check_names(t))
        return false;
    while (t->at < t->in.len) {
        bool (*read)(struct translator *) = readers[(unsigned char)t->in.at[t->at]];

        if (!(read ? read : read_literal)(t))
            return false;
    }
    if (t->depth)
        return translate_fail(t, "'(' without its ')'");
    return check_references(t);
}

static void free_output(struct translator *t)
{
    buf_free(&t->out);
}

bool pattern_translate(struct arena *a, str pattern, bool for_breadth, struct translation *ret,
                       struct err *e)
{
    CLEANUP(free_output)
    struct translator t = {
        .in = pattern, .e = e, .for_breadth = for_breadth, .out = {.max = 1 << 20}};
    str text;

    if (!read_all(&t))
        return false;
    text = arena_str(a, buf_str(&t.out));
    if (t.out.failed || !text.at)
        return err_limit(e);
    *ret = (struct translation){
        .text = text,
        .endless = t.endless || t.captures,
        .breadth_first = !t.captures && !t.looks_around,
        .places = t.places,
    };
    return true;
}
