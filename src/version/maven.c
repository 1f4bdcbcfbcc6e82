/*
 * Maven's ComparableVersion: items between dots; a dash, and every change between digits and
 * letters, begins a list inside the list. What is null (0, "", final, an empty list) is removed
 * from the ends of lists, since 1 and 1.0.0 are the same.
 *
 * The lists are always nested at their ends, so that all of them fit in one row of items: LIST
 * says that the rest of the row is a list inside.
 */
#include "version/order.h"

enum { ITEMS_MAX = VERSION_MAX + 1 };

struct item {
    enum kind { END, LIST, WORD, NUMBER } kind; /* the lower comes first, END aside */
    str text;
    bool before_digit; /* a word that a digit follows at once: "a1" is "alpha-1" */
};

struct row {
    struct item items[ITEMS_MAX + 1];
    size_t count;
};

/* From oldest; what is none of these is newer than all, and in the order of the alphabet. */
static const char *const qualifiers[] = {"alpha",    "beta", "milestone", "rc",
                                         "snapshot", "",     "sp"};
enum { RELEASE = 5, UNKNOWN = COUNT(qualifiers) };

static const struct {
    const char *word, *as;
    bool before_digit;
} aliases[] = {
    {"a", "alpha", true}, {"b", "beta", true},    {"m", "milestone", true}, {"ga", "", false},
    {"final", "", false}, {"release", "", false}, {"cr", "rc", false},
};

static str resolve(const struct item *word)
{
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (str_equal_nocase(word->text, str_of(aliases[i].word)) &&
            (!aliases[i].before_digit || word->before_digit))
            return str_of(aliases[i].as);
    return word->text;
}

static unsigned rank(str word)
{
    unsigned i = 0;

    while (i < COUNT(qualifiers) && !str_equal_nocase(word, str_of(qualifiers[i])))
        i++;
    return i;
}

static int order_word(const struct item *a, const struct item *b)
{
    str x = resolve(a), y = resolve(b);
    unsigned p = rank(x), q = rank(y);

    return p != q || p != UNKNOWN ? order_of((int)p, (int)q) : order_nocase(x, y);
}

static bool is_null(const struct item *i)
{
    if (i->kind == NUMBER)
        return order_digits(i->text, STR("")) == 0;
    return i->kind == WORD && rank(resolve(i)) == RELEASE;
}

/* ---- reading ---- */

static void add(struct row *r, struct item item)
{
    if (r->count < ITEMS_MAX)
        r->items[r->count++] = item;
}

static void add_run(struct row *r, str s, size_t from, size_t to, bool digits)
{
    static const struct item zero = {.kind = NUMBER, .text = STR_INIT("0")};

    if (from == to)
        add(r, zero);
    else
        add(r,
            (struct item){.kind = digits ? NUMBER : WORD, .text = str_sub(s, from, to - from)});
}

/* "1.x" is "1-x": a word that is not the first of its list opens one. */
static void open_list(struct row *r)
{
    if (r->count && r->items[r->count - 1].kind != LIST)
        add(r, (struct item){.kind = LIST});
}

static void split(struct row *r, str s)
{
    bool digits = false;
    size_t start = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (c == '.' || c == '-') {
            add_run(r, s, start, i, digits);
            start = i + 1;
            if (c == '-')
                add(r, (struct item){.kind = LIST});
            continue;
        }
        if (is_digit(c) != digits && i > start) {
            if (!digits)
                open_list(r);
            add_run(r, s, start, i, digits);
            r->items[r->count - 1].before_digit = !digits;
            add(r, (struct item){.kind = LIST});
            start = i;
        }
        digits = is_digit(c);
    }
    if (start == s.len)
        return;
    if (!digits)
        open_list(r);
    add_run(r, s, start, s.len, digits);
}

/*
 * From the innermost list outwards: null items at a list's end go, and those before a list
 * inside it; so does a list that is left empty. A list with something in it ends nothing.
 */
static void normalize(struct row *r)
{
    bool trimming = true;
    size_t kept = r->count;

    for (size_t i = r->count; i-- > 0;) {
        struct item *item = &r->items[i];
        /* One that is empty, or holds nothing but a list. */
        bool is_idle = item->kind == LIST && (kept == i + 1 || item[1].kind == LIST);

        if (item->kind == LIST)
            trimming = true;
        else
            trimming = trimming && is_null(item);
        if (is_idle || (item->kind != LIST && trimming)) {
            memmove(item, item + 1, (kept - i - 1) * sizeof(*item));
            kept--;
        }
    }
    r->count = kept;
    r->items[kept] = (struct item){.kind = END};
}

static void row_read(struct row *r, str s)
{
    r->count = 0;
    split(r, s);
    normalize(r);
}

/* ---- comparing ---- */

/* Against nothing: what is left of a list when the other has ended. */
static int order_rest(const struct item *i)
{
    static const struct item release = {.kind = WORD};

    for (; i->kind != END; i++) {
        int order = i->kind == NUMBER ? !is_null(i)
                    : i->kind == WORD ? order_word(i, &release)
                                      : 0;

        if (order)
            return order;
    }
    return 0;
}

static int order_items(const struct item *a, const struct item *b)
{
    for (;; a++, b++) {
        int order = 0;

        if (a->kind == END || b->kind == END)
            return a->kind == END ? -order_rest(b) : order_rest(a);
        if (a->kind != b->kind)
            /* A word is older than a list, and both than a number. */
            return a->kind == NUMBER || (a->kind == LIST && b->kind == WORD) ? 1 : -1;
        if (a->kind == NUMBER)
            order = order_digits(a->text, b->text);
        else if (a->kind == WORD)
            order = order_word(a, b);
        if (order)
            return order;
    }
}

int order_maven(str a, str b)
{
    struct row x, y;

    row_read(&x, a);
    row_read(&y, b);
    return order_items(x.items, y.items);
}
