/*
 * Patterns that are a few runs of characters, as most are: a text, sets of characters each
 * repeated, nothing else. Every run takes as much as it can and nothing is tried twice, which
 * is right only where no run can take what belongs to the next one; other patterns are left to
 * the matcher.
 */
#include "schema/compiler.h"

struct shaper {
    str in;
    size_t at;
    struct shape_rule out;
    bool started; /* behind the first run, texts are runs of their own */
    char prefix[256];
    size_t prefix_len;
};

static void set_add(struct run_of *s, unsigned c)
{
    s->set[c >> 3] |= (uint8_t)(1u << (c & 7));
}

static void set_range(struct run_of *s, unsigned from, unsigned to)
{
    for (unsigned c = from; c <= to; c++)
        set_add(s, c);
}

static void set_invert(struct run_of *s, uint32_t others)
{
    for (size_t i = 0; i < sizeof(s->set); i++)
        s->set[i] = (uint8_t)~s->set[i];
    s->others = others;
}

/* \d and \w; whatever else a letter stands for is the matcher's. */
static bool read_class_letter(char c, struct run_of *s)
{
    if (c != 'd' && c != 'w')
        return false;
    set_range(s, '0', '9');
    if (c == 'w') {
        set_range(s, 'a', 'z');
        set_range(s, 'A', 'Z');
        set_add(s, '_');
    }
    return true;
}

static bool is_syntax(char c)
{
    return strchr("^$\\.*+?()[]{}|/-", c) && c;
}

/* One character inside brackets, which may be the start of a range; -1: not for us. */
static int read_member(struct shaper *s)
{
    char c = s->in.at[s->at];

    if ((unsigned char)c >= 0x80 || (unsigned char)c < 0x20)
        return -1;
    s->at++;
    if (c != '\\')
        return c;
    if (s->at == s->in.len || !is_syntax(s->in.at[s->at]))
        return -1;
    return s->in.at[s->at++];
}

static bool read_brackets(struct shaper *s, struct run_of *run)
{
    bool inverted = s->at + 1 < s->in.len && s->in.at[s->at + 1] == '^';

    s->at += 1 + inverted;
    while (s->at < s->in.len && s->in.at[s->at] != ']') {
        int from, to;

        if (s->in.at[s->at] == '\\' && s->at + 1 < s->in.len &&
            read_class_letter(s->in.at[s->at + 1], run)) {
            s->at += 2;
            if (s->at < s->in.len && s->in.at[s->at] == '-' && s->at + 1 < s->in.len &&
                s->in.at[s->at + 1] != ']')
                return false;
            continue;
        }
        from = to = read_member(s);
        if (from < 0)
            return false;
        if (s->at + 1 < s->in.len && s->in.at[s->at] == '-' && s->in.at[s->at + 1] != ']') {
            s->at++;
            to = read_member(s);
            if (to < from)
                return false;
        }
        set_range(run, (unsigned)from, (unsigned)to);
    }
    if (s->at == s->in.len)
        return false;
    s->at++;
    if (inverted)
        set_invert(run, 1);
    return true;
}

/* One thing that may be repeated. */
static bool read_one(struct shaper *s, struct run_of *run)
{
    char c = s->in.at[s->at];

    if (c == '[')
        return read_brackets(s, run);
    s->at++;
    if (c == '.') {
        set_add(run, '\n');
        set_add(run, '\r');
        set_invert(run, 2);
        return true;
    }
    if (c == '\\') {
        if (s->at == s->in.len)
            return false;
        c = s->in.at[s->at++];
        if (read_class_letter(c, run))
            return true;
        if (!is_syntax(c) || c == '-')
            return false;
    } else if ((unsigned char)c >= 0x80 || (unsigned char)c < 0x20 ||
               (is_syntax(c) && c != '/' && c != '-')) {
        return false;
    }
    set_add(run, (unsigned char)c);
    return true;
}

static bool read_number(struct shaper *s, uint32_t *ret)
{
    uint32_t n = 0;
    size_t from = s->at;

    for (; s->at < s->in.len && s->in.at[s->at] >= '0' && s->in.at[s->at] <= '9'; s->at++) {
        n = n * 10 + (uint32_t)(s->in.at[s->at] - '0');
        if (n > 60000)
            return false;
    }
    *ret = n;
    return s->at > from;
}

static bool read_braces(struct shaper *s, struct run_of *run)
{
    s->at++;
    if (!read_number(s, &run->least))
        return false;
    run->most = run->least;
    if (s->at < s->in.len && s->in.at[s->at] == ',') {
        s->at++;
        run->most = UINT32_MAX;
        if (s->at < s->in.len && s->in.at[s->at] != '}' && !read_number(s, &run->most))
            return false;
    }
    if (s->at == s->in.len || s->in.at[s->at] != '}' || run->most < run->least)
        return false;
    s->at++;
    return true;
}

static bool read_repeat(struct shaper *s, struct run_of *run)
{
    char c = s->at < s->in.len ? s->in.at[s->at] : 0;

    run->least = run->most = 1;
    if (c == '{') {
        if (!read_braces(s, run))
            return false;
    } else if (c == '*' || c == '+' || c == '?') {
        run->least = c == '+';
        run->most = c == '?' ? 1 : UINT32_MAX;
        s->at++;
    } else {
        return true;
    }
    /* Lazy ones end elsewhere, which shows where the end is not anchored; leave them. */
    return s->at == s->in.len || !strchr("?*+{", s->in.at[s->at]);
}

/* The one ASCII character of a set, or -1. */
static int only_member(const struct run_of *run)
{
    int found = -1;

    for (int c = 0; c < 128; c++) {
        if (!(run->set[c >> 3] >> (c & 7) & 1))
            continue;
        if (found >= 0)
            return -1;
        found = c;
    }
    return run->others ? -1 : found;
}

static bool add_run(struct shaper *s, const struct run_of *run)
{
    int c = run->least == 1 && run->most == 1 ? only_member(run) : -1;

    if (c >= 0 && !s->started && s->prefix_len < sizeof(s->prefix)) {
        s->prefix[s->prefix_len++] = (char)c;
        return true;
    }
    s->started = true;
    if (s->out.count == RUNS_MAX)
        return false;
    s->out.runs[s->out.count++] = *run;
    return true;
}

static bool overlap(const struct run_of *a, const struct run_of *b)
{
    for (size_t i = 0; i < sizeof(a->set); i++)
        if (a->set[i] & b->set[i])
            return true;
    return a->others && b->others;
}

/* Whether taking all that each run can is the only way that the pattern may match. */
static bool is_greedy(const struct shape_rule *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->runs[i].least == r->runs[i].most)
            continue;
        for (uint32_t j = i + 1; j < r->count; j++) {
            if (overlap(&r->runs[i], &r->runs[j]))
                return false;
            if (r->runs[j].least)
                break;
        }
    }
    return true;
}

static bool read_shape(struct shaper *s)
{
    bool from_start = s->in.len && s->in.at[0] == '^';

    for (s->at = from_start; s->at < s->in.len;) {
        struct run_of run = {0};

        if (s->in.at[s->at] == '$' && s->at + 1 == s->in.len) {
            s->out.anchored_end = true;
            break;
        }
        if (!read_one(s, &run) || !read_repeat(s, &run) || !add_run(s, &run))
            return false;
    }
    if (from_start)
        return is_greedy(&s->out);
    s->out.place = s->out.anchored_end ? AT_END : ANYWHERE;
    return !s->started;
}

/* Matches everything: nothing at all, or anything as often as there is, anywhere. */
static bool is_everything(str text)
{
    static const char *const words[] = {"", "^", "$", ".*", "^.*", ".*$"};

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(text, words[i]))
            return true;
    return false;
}

bool pattern_as_shape(struct compiler *c, str text, struct term **ret, bool *found)
{
    struct shaper s = {.in = text};
    struct shape_rule *rule;

    *found = is_everything(text);
    *ret = &c->yes;
    if (*found || !read_shape(&s))
        return true;
    rule = arena_alloc(c->a, sizeof(*rule));
    *ret = rule ? term_new(c, OP_SHAPE) : NULL;
    if (!*ret)
        return err_limit(c->e);
    *rule = s.out;
    rule->prefix = arena_str(c->a, (str){s.prefix, s.prefix_len});
    if (!rule->prefix.at)
        return err_limit(c->e);
    (*ret)->operand = rule;
    *found = true;
    return true;
}
