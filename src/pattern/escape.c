/* Classes and escapes of patterns: all become sets of code points. */
#include "pattern/syntax.h"

static const uint32_t POINT_MAX = 0x10ffff;

static void free_pile(struct buf *b)
{
    buf_free(b);
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
static bool take_hex(struct reader *r, unsigned count, uint32_t *ret)
{
    uint32_t n = 0;

    if (r->in.len - r->at < count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        char c = r->in.at[r->at + i];

        if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
            return false;
        n = n << 4 | (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    r->at += count;
    *ret = n;
    return true;
}

static bool read_braced_point(struct reader *r, uint32_t *ret)
{
    uint32_t c = 0, digit;
    bool some = false;

    while (take_hex(r, 1, &digit)) {
        some = true;
        c = c << 4 | digit;
        if (c > POINT_MAX)
            return read_fail(r, "\\u{...} is past the last code point");
    }
    if (!some || !read_take(r, "}"))
        return read_fail(r, "\\u{...} holds hexadecimal digits");
    *ret = c;
    return true;
}

/* Behind "\u". */
static bool read_unicode(struct reader *r, uint32_t *ret)
{
    uint32_t c = 0, low = 0;
    size_t behind = r->at + 4;

    if (read_take(r, "{")) {
        if (!read_braced_point(r, &c))
            return false;
    } else if (!take_hex(r, 4, &c)) {
        return read_fail(r, "\\u needs four hexadecimal digits, or {...}");
    } else if (c >= 0xd800 && c <= 0xdbff && read_take(r, "\\u")) {
        if (take_hex(r, 4, &low) && low >= 0xdc00 && low <= 0xdfff)
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        else
            r->at = behind;
    }
    *ret = c;
    return true;
}

static bool read_control(struct reader *r, uint32_t *ret)
{
    char c = read_peek(r);

    if (!is_letter(c))
        return read_fail(r, "\\c needs a letter");
    r->at++;
    *ret = (uint32_t)c & 31;
    return true;
}

static bool read_byte(struct reader *r, uint32_t *ret)
{
    return take_hex(r, 2, ret) || read_fail(r, "\\x needs two hexadecimal digits");
}

static bool read_null(struct reader *r, uint32_t *ret)
{
    *ret = 0;
    return !is_digit(read_peek(r)) || read_fail(r, "\\0 with a digit behind it");
}

/* A backslash that without the u flag means nothing: not before digits, nor where it might. */
static bool is_plain_escape(char c)
{
    return c && !is_digit(c) && !strchr("bBcdDkpPsSuwWx", c);
}

/* An escape that stands for one code point; r->at is behind its letter. */
static bool read_point_escape(struct reader *r, char c, bool in_class, uint32_t *ret)
{
    static const struct {
        char letter;
        bool (*read)(struct reader *, uint32_t *);
    } rows[] = {{'u', read_unicode}, {'x', read_byte}, {'c', read_control}, {'0', read_null}};
    static const char letters[] = "tnvfr", values[] = "\t\n\v\f\r";
    const char *letter = c ? strchr(letters, c) : NULL;

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].letter == c)
            return rows[i].read(r, ret);
    *ret = (unsigned char)(letter ? values[letter - letters] : c);
    if (letter || (c && strchr("^$\\.*+?()[]{}|/", c)) || (in_class && c == '-'))
        return true;
    if (in_class && c == 'b') {
        *ret = '\b';
        return true;
    }
    if (r->loose && is_plain_escape(c)) {
        r->at--;
        return read_point(r, ret);
    }
    if ((unsigned char)c > 0x20 && (unsigned char)c < 0x7f)
        return read_fail(r,
                         is_letter(c) || is_digit(c)
                             ? "'\\%c' is no escape"
                             : "'\\%c' is no escape; write it without the backslash",
                         c);
    return read_fail(r, "a backslash that escapes nothing");
}

/* ---- sets ---- */

static bool read_property(struct reader *r, char letter, struct buf *pile)
{
    str rest = str_sub(r->in, r->at, r->in.len), name;
    size_t end = str_find(rest, '}');
    struct set set;

    if (!str_starts(rest, STR("{")) || end == rest.len)
        return read_fail(r, "\\%c needs a property in braces", letter);
    name = str_sub(rest, 1, end - 1);
    if (!unicode_property(name, &set))
        return read_fail(r, "there is no property '%.*s'", STR_ARG(str_sub(name, 0, 60)));
    r->at += end + 1;
    set_pile_add_all(pile, &set, letter == 'P');
    return true;
}

static const struct range digits[] = {{'0', '9'}};
static const struct range words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const struct range spaces[] = {
    {0x9, 0xd},       {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
    {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff},
};

static const struct {
    char letter; /* the capital one is for what is not in the set */
    struct set set;
} sets[] = {
    {'d', {digits, COUNT(digits)}},
    {'w', {words, COUNT(words)}},
    {'s', {spaces, COUNT(spaces)}},
};

/* From a backslash: adds a set to the pile, or finds one code point. */
static bool read_member_escape(struct reader *r, bool in_class, struct buf *pile,
                               uint32_t *point, bool *is_set)
{
    char c;

    r->at++;
    c = read_peek(r);
    r->at += r->at < r->in.len;
    *is_set = true;
    if (c == 'p' || c == 'P')
        return read_property(r, c, pile);
    for (size_t i = 0; i < COUNT(sets); i++)
        if (sets[i].letter == (c | 0x20)) {
            set_pile_add_all(pile, &sets[i].set, c != sets[i].letter);
            return true;
        }
    *is_set = false;
    return read_point_escape(r, c, in_class, point);
}

/* ---- classes ---- */

static bool read_member(struct reader *r, struct buf *pile, uint32_t *point, bool *is_set)
{
    if (read_peek(r) == '\\')
        return read_member_escape(r, true, pile, point, is_set);
    *is_set = false;
    return read_point(r, point);
}

static void add_point(struct buf *pile, uint32_t c, bool is_set)
{
    if (!is_set)
        set_pile_add(pile, c, c);
}

/* What stands for a range with a set at an end. Without the u flag it is no range. */
static bool read_no_range(struct reader *r, struct buf *pile, bool first)
{
    set_pile_add(pile, '-', '-');
    return r->loose || read_fail(r, first ? "a range that begins with a set"
                                          : "a range that ends with a set");
}

static bool read_range(struct reader *r, struct buf *pile)
{
    uint32_t from = 0, to = 0;
    bool from_set, to_set;
    str rest;

    if (!read_member(r, pile, &from, &from_set))
        return false;
    rest = str_sub(r->in, r->at, 2);
    if (!str_starts(rest, STR("-")) || rest.len < 2 || rest.at[1] == ']') {
        add_point(pile, from, from_set);
        return true;
    }
    r->at++;
    if (!read_member(r, pile, &to, &to_set))
        return false;
    if (from_set || to_set) {
        add_point(pile, from, from_set);
        add_point(pile, to, to_set);
        return read_no_range(r, pile, from_set);
    }
    if (from > to)
        return read_fail(r, "a range that is out of order");
    set_pile_add(pile, from, to);
    return true;
}

struct node *read_class(struct reader *r)
{
    CLEANUP(free_pile) struct buf pile = {0};
    bool negated;

    r->at++;
    negated = read_take(r, "^");
    while (!read_take(r, "]")) {
        if (r->at >= r->in.len) {
            read_fail(r, "'[' without its ']'");
            return NULL;
        }
        if (!read_range(r, &pile))
            return NULL;
    }
    return read_set_node(r, &pile, negated);
}

/* ---- escapes outside classes ---- */

static struct node *refer_to(struct reader *r, unsigned group)
{
    struct node *n = read_node(r, NODE_REFERENCE);

    if (n)
        n->group = group;
    r->syntax.refers = true;
    return n;
}

static struct node *refer_nowhere(struct reader *r)
{
    read_fail(r, "a reference to a group that is not there");
    return NULL;
}

static struct node *read_number_reference(struct reader *r)
{
    unsigned group = 0;

    for (r->at++; is_digit(read_peek(r)) && group <= GROUPS_MAX; r->at++)
        group = group * 10 + (unsigned)(read_peek(r) - '0');
    return group <= r->syntax.groups ? refer_to(r, group) : refer_nowhere(r);
}

static struct node *read_name_reference(struct reader *r)
{
    str rest = str_sub(r->in, r->at + 2, r->in.len), name;
    size_t end = str_find(rest, '>');

    if (!str_starts(rest, STR("<")) || end == rest.len) {
        read_fail(r, "\\k needs a group's name: \\k<name>");
        return NULL;
    }
    name = str_sub(rest, 1, end - 1);
    r->at += 2 + end + 1;
    for (unsigned i = 1; i <= r->syntax.groups; i++)
        if (r->names[i].at && str_equal(r->names[i], name))
            return refer_to(r, i);
    return refer_nowhere(r);
}

static struct node *read_word_edge(struct reader *r, char c)
{
    struct node *n = read_node(r, NODE_WORD);

    r->at += 2;
    if (n)
        n->negative = c == 'B';
    return n;
}

struct node *read_escape(struct reader *r)
{
    CLEANUP(free_pile) struct buf pile = {0};
    char c = r->at + 1 < r->in.len ? r->in.at[r->at + 1] : '\0';
    uint32_t point = 0;
    bool is_set;

    if (c >= '1' && c <= '9')
        return read_number_reference(r);
    if (c == 'k')
        return read_name_reference(r);
    if (c == 'b' || c == 'B')
        return read_word_edge(r, c);
    if (!read_member_escape(r, false, &pile, &point, &is_set))
        return NULL;
    if (!is_set)
        set_pile_add(&pile, point, point);
    return read_set_node(r, &pile, false);
}
