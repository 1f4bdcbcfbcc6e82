/* Classes and escapes of patterns: all become code points and ranges of them. */
#include "pattern/translate.h"

static const uint32_t POINT_MAX = 0x10ffff;

static char peek(const struct translator *t)
{
    return t->at < t->in.len ? t->in.at[t->at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Exactly `count` digits; false, with nothing taken, when they are not there. */
static bool take_hex(struct translator *t, unsigned count, uint32_t *ret)
{
    uint32_t n = 0;

    if (t->in.len - t->at < count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        char c = t->in.at[t->at + i];

        if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
            return false;
        n = n << 4 | (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    t->at += count;
    *ret = n;
    return true;
}

static bool read_braced_point(struct translator *t, uint32_t *ret)
{
    uint32_t c = 0, digit;
    bool some = false;

    while (take_hex(t, 1, &digit)) {
        some = true;
        c = c << 4 | digit;
        if (c > POINT_MAX)
            return translate_fail(t, "\\u{...} is past the last code point");
    }
    if (!some || !translate_take(t, "}"))
        return translate_fail(t, "\\u{...} holds hexadecimal digits");
    *ret = c;
    return true;
}

/* Behind "\u". */
static bool read_unicode(struct translator *t, uint32_t *ret)
{
    uint32_t c = 0, low = 0;

    if (translate_take(t, "{")) {
        if (!read_braced_point(t, &c))
            return false;
    } else if (!take_hex(t, 4, &c)) {
        return translate_fail(t, "\\u needs four hexadecimal digits, or {...}");
    } else if (c >= 0xd800 && c <= 0xdbff && translate_take(t, "\\u")) {
        if (!take_hex(t, 4, &low) || low < 0xdc00 || low > 0xdfff)
            return translate_fail(t, "half a surrogate pair matches nothing");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (c >= 0xd800 && c <= 0xdfff)
        return translate_fail(t, "half a surrogate pair matches nothing");
    *ret = c;
    return true;
}

static bool read_control(struct translator *t, uint32_t *ret)
{
    char c = peek(t);

    if (!is_letter(c))
        return translate_fail(t, "\\c needs a letter");
    t->at++;
    *ret = (uint32_t)c & 31;
    return true;
}

static bool read_byte(struct translator *t, uint32_t *ret)
{
    return take_hex(t, 2, ret) || translate_fail(t, "\\x needs two hexadecimal digits");
}

static bool read_null(struct translator *t, uint32_t *ret)
{
    *ret = 0;
    return !is_digit(peek(t)) || translate_fail(t, "\\0 with a digit behind it");
}

/* An escape that stands for one code point; t->at is behind its letter. */
static bool read_point_escape(struct translator *t, char c, bool in_class, uint32_t *ret)
{
    static const struct {
        char letter;
        bool (*read)(struct translator *, uint32_t *);
    } rows[] = {{'u', read_unicode}, {'x', read_byte}, {'c', read_control}, {'0', read_null}};
    static const char letters[] = "tnvfr", values[] = "\t\n\v\f\r";
    const char *letter = c ? strchr(letters, c) : NULL;

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].letter == c)
            return rows[i].read(t, ret);
    *ret = (unsigned char)(letter ? values[letter - letters] : c);
    if (letter || (c && strchr("^$\\.*+?()[]{}|/", c)) || (in_class && c == '-'))
        return true;
    if (in_class && c == 'b') {
        *ret = '\b';
        return true;
    }
    if ((unsigned char)c > 0x20 && (unsigned char)c < 0x7f)
        return translate_fail(t,
                              is_letter(c) || is_digit(c)
                                  ? "'\\%c' is no escape"
                                  : "'\\%c' is no escape; write it without the backslash",
                              c);
    return translate_fail(t, "a backslash that escapes nothing");
}

/* ---- sets ---- */

static bool read_property(struct translator *t, char letter)
{
    str rest = str_sub(t->in, t->at, t->in.len), name;
    char words[80];
    bool inverted = false;
    size_t end = str_find(rest, '}');

    if (!str_starts(rest, STR("{")) || end == rest.len)
        return translate_fail(t, "\\%c needs a property in braces", letter);
    name = str_sub(rest, 1, end - 1);
    if (!pattern_property_name(name, words, sizeof(words), &inverted))
        return translate_fail(t, "there is no property '%.*s'", STR_ARG(str_sub(name, 0, 60)));
    t->at += end + 1;
    buf_addf(&t->out, "\\%c{%s}", inverted == (letter == 'p') ? 'P' : 'p', words);
    return true;
}

#define SPACES                                                                                 \
    "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"       \
    "\\x{205f}\\x{3000}\\x{feff}"
#define NO_SPACES                                                                              \
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}"           \
    "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"             \
    "\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

static const struct {
    char letter;
    str inside;
} sets[] = {
    {'d', STR_INIT("0-9")},
    {'D', STR_INIT("\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}")},
    {'w', STR_INIT("0-9A-Z_a-z")},
    {'W', STR_INIT("\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}")},
    {'s', STR_INIT(SPACES)},
    {'S', STR_INIT(NO_SPACES)},
};

bool translate_member(struct translator *t, bool in_class, uint32_t *point, bool *set)
{
    char c;

    t->at++;
    c = peek(t);
    t->at += t->at < t->in.len;
    *set = true;
    if (c == 'p' || c == 'P')
        return read_property(t, c);
    for (size_t i = 0; i < COUNT(sets); i++)
        if (sets[i].letter == c) {
            buf_add(&t->out, sets[i].inside);
            return true;
        }
    *set = false;
    return read_point_escape(t, c, in_class, point);
}

/* ---- classes ---- */

static bool read_class_member(struct translator *t, uint32_t *point, bool *set)
{
    if (peek(t) == '\\')
        return translate_member(t, true, point, set);
    *set = false;
    return translate_next(t, point);
}

static bool read_range(struct translator *t)
{
    uint32_t from = 0, to = 0;
    bool set;
    str rest;

    if (!read_class_member(t, &from, &set))
        return false;
    rest = str_sub(t->in, t->at, 2);
    if (!str_starts(rest, STR("-")) || rest.len < 2 || rest.at[1] == ']') {
        if (!set)
            translate_point(t, from);
        return true;
    }
    if (set)
        return translate_fail(t, "a range that begins with a set");
    t->at++;
    if (!read_class_member(t, &to, &set))
        return false;
    if (set)
        return translate_fail(t, "a range that ends with a set");
    if (from > to)
        return translate_fail(t, "a range that is out of order");
    translate_point(t, from);
    buf_addc(&t->out, '-');
    translate_point(t, to);
    return true;
}

bool translate_class(struct translator *t)
{
    bool negated;

    t->at++;
    translate_begin(t, true);
    negated = translate_take(t, "^");
    if (translate_take(t, "]")) {
        /* [^] is any character, [] none: all of them, or all but them. */
        buf_addf(&t->out, "[%s\\x{0}-\\x{10ffff}]", negated ? "" : "^");
        return true;
    }
    buf_add(&t->out, negated ? STR("[^") : STR("["));
    while (!translate_take(t, "]")) {
        if (t->at >= t->in.len)
            return translate_fail(t, "'[' without its ']'");
        if (!read_range(t))
            return false;
    }
    buf_addc(&t->out, ']');
    return true;
}

/* ---- escapes outside classes ---- */

static bool refer_to(struct translator *t, unsigned group)
{
    if (!t->closed[group])
        return translate_fail(t, "a reference to group %u before its end", group);
    t->referred[group] = true;
    buf_addf(&t->out, "\\g{%u}", group);
    return true;
}

static bool read_number_reference(struct translator *t)
{
    unsigned group = 0;

    for (t->at++; is_digit(peek(t)) && group <= GROUPS_MAX; t->at++)
        group = group * 10 + (unsigned)(peek(t) - '0');
    if (group > t->groups)
        return translate_fail(t, "a reference to a group that is not there");
    return refer_to(t, group);
}

static bool read_name_reference(struct translator *t)
{
    str rest = str_sub(t->in, t->at + 2, t->in.len), name;
    size_t end = str_find(rest, '>');

    if (!str_starts(rest, STR("<")) || end == rest.len)
        return translate_fail(t, "\\k needs a group's name: \\k<name>");
    name = str_sub(rest, 1, end - 1);
    t->at += 2 + end + 1;
    for (unsigned i = 1; i <= t->groups; i++)
        if (t->names[i].at && str_equal(t->names[i], name))
            return refer_to(t, i);
    return translate_fail(t, "a reference to a group that is not there");
}

bool translate_escape(struct translator *t)
{
    char c = t->at + 1 < t->in.len ? t->in.at[t->at + 1] : '\0';
    size_t from;
    uint32_t point = 0;
    bool set;

    translate_begin(t, c != 'b' && c != 'B');
    if (c >= '1' && c <= '9')
        return read_number_reference(t);
    if (c == 'k')
        return read_name_reference(t);
    if (!t->may_repeat) {
        t->at += 2;
        buf_addf(&t->out, "\\%c", c);
        return true;
    }
    from = t->out.len;
    buf_addc(&t->out, '[');
    if (!translate_member(t, false, &point, &set))
        return false;
    if (set) {
        buf_addc(&t->out, ']');
        return true;
    }
    t->out.len = from;
    translate_point(t, point);
    return true;
}
