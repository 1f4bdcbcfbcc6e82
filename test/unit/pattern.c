/* Patterns: ECMA-262 with the u flag, and no text that takes long. */
#include "pattern/pattern.h"
#include "tap.h"

#include <sys/resource.h>

static void free_pattern(struct pattern **p)
{
    pattern_free(*p);
}

static enum pattern_verdict match(struct pattern *p, str text)
{
    uint64_t work = 3000000000;

    return pattern_match(p, text, &work);
}

static bool judges(struct pattern *p, str text, bool holds)
{
    return match(p, text) == (holds ? PATTERN_HOLDS : PATTERN_FAILS);
}

static void test_meaning(void)
{
    static const struct {
        const char *pattern;
        str text;
        bool holds;
    } rows[] = {
        {"b", STR_INIT("abc"), true},
        {"^b", STR_INIT("abc"), false},
        {"^$", STR_INIT(""), true},
        {"^a$", STR_INIT("a\n"), false},
        {"a.b", STR_INIT("a\nb"), false},
        {"^.$", STR_INIT("\xe2\x80\xa8"), false},
        {"^.$", STR_INIT("\xf0\x9f\x98\x80"), true},
        {"^\\d$", STR_INIT("7"), true},
        {"^\\d$", STR_INIT("\xd9\xa3"), false},
        {"^\\D$", STR_INIT("\xd9\xa3"), true},
        {"^[\\d-]+$", STR_INIT("1-2"), true},
        {"^\\w$", STR_INIT("\xc3\xa9"), false},
        {"^\\W$", STR_INIT("\xc3\xa9"), true},
        {"^\\s$", STR_INIT("\xc2\xa0"), true},
        {"^\\s$", STR_INIT("\xef\xbb\xbf"), true},
        {"^\\s$", STR_INIT("\xe2\x80\x8b"), false},
        {"^\\s$", STR_INIT("\xc2\x85"), false},
        {"^[^\\S]$", STR_INIT("\xe3\x80\x80"), true},
        {"\\bword\\b", STR_INIT("a word."), true},
        {"\\Bord\\b", STR_INIT("a ord."), false},
        {"^\\u0041\\x42\\u{43}$", STR_INIT("ABC"), true},
        {"^\\ud83d\\ude00$", STR_INIT("\xf0\x9f\x98\x80"), true},
        {"^[\\u{1f600}-\\u{1f602}]+$", STR_INIT("\xf0\x9f\x98\x81"), true},
        {"^\\cA\\0\\t$", STR_INIT("\x01\0\t"), true},
        {"^\\/\\.\\$[\\-]$", STR_INIT("/.$-"), true},
        {"^[^]$", STR_INIT("\n"), true},
        {"[]", STR_INIT("a"), false},
        {"^[[:alpha:]\\]$", STR_INIT(":]"), true},
        {"^[[:alpha:]\\]$", STR_INIT("b"), false},
        {"^[\\b]$", STR_INIT("\b"), true},
        {"^\\p{Letter}\\p{Lu}\\p{gc=Nd}$", STR_INIT("\xc3\xa9Q1"), true},
        {"^\\p{Script=Greek}\\P{sc=Latin}$", STR_INIT("\xce\xb1\xce\xb1"), true},
        {"^\\p{Script=Greek}$", STR_INIT("a"), false},
        {"^\\P{Assigned}$", STR_INIT("a"), false},
        {"^(a|b)\\1$", STR_INIT("aa"), true},
        {"^(a|b)\\1$", STR_INIT("ab"), false},
        {"^(?<x>a|b)\\k<x>$", STR_INIT("bb"), true},
        {"^(?:(a)|b)\\1$", STR_INIT("b"), true},
        {"^(?=.*\\d)(?!.*--).+(?<=z)$", STR_INIT("a1z"), true},
        {"^(?=.*\\d)(?!.*--).+(?<=z)$", STR_INIT("a--1z"), false},
        {"^a{2,3}?b{0}c{1,}$", STR_INIT("aacc"), true},
        {"^#(a b)$", STR_INIT("#a b"), true},
        /* references, as ECMA-262 has them */
        {"^\\1(a)$", STR_INIT("a"), true},
        {"^(a\\1)$", STR_INIT("a"), true},
        {"^(?:(a)|b)*\\1$", STR_INIT("ab"), true},
        {"^(?:(a)|b)*\\1$", STR_INIT("baa"), true},
        {"^(?:(a)|b)*\\1c$", STR_INIT("abac"), false},
        {"^(z)((a+)?(b+)?(c))*\\3$", STR_INIT("zaacbbbcaca"), true},
        {"^(z)((a+)?(b+)?(c))*\\4d$", STR_INIT("zaacbbbcacd"), true},
        {"^(z)((a+)?(b+)?(c))*\\4b$", STR_INIT("zaacbbbcacbbbb"), false},
        {"(?=(a+))a*b\\1", STR_INIT("baaabac"), true},
        {"^(?=(a+))\\1b\\1$", STR_INIT("aabaa"), true},
        {"(?<=\\1(a))b", STR_INIT("aab"), true},
        {"(?<=\\1(a))b", STR_INIT("cab"), false},
        {"^(?!(a)\\1)a\\1b$", STR_INIT("ab"), true},
        {"^(a*)*\\1$", STR_INIT("b"), false},
        {"^(?:a?)*?$", STR_INIT("aa"), true},
        {"^(.+)-\\1$", STR_INIT("\xc3\xa9z-\xc3\xa9z"), true},
        /* looks, in places of every kind */
        {"(?<=a+)b", STR_INIT("aab"), true},
        {"(?<=^a+)b", STR_INIT("caab"), false},
        {"(?<!a|bc)d", STR_INIT("bcdad"), false},
        {"(?<!a|bc)d", STR_INIT("bcdd"), true},
        {"(?<=\xc3\xa9.)b",
         STR_INIT("\xc3\xa9\xf0\x9f\x98\x80"
                  "b"),
         true},
        {"a(?=b(?!c))", STR_INIT("abcabd"), true},
        {"a(?=b(?!c))", STR_INIT("abcabc"), false},
        {"a(?=.\xc3\xa9$)", STR_INIT("ab\xc3\xa9"), true},
        {"^(?:(?!--)[a-z-])+$", STR_INIT("a-b-c"), true},
        {"^(?:(?!--)[a-z-])+$", STR_INIT("a-b--c"), false},
        {"\\b(?!foo\\b)\\w+\\b", STR_INIT("foo"), false},
        {"\\b(?!foo\\b)\\w+\\b", STR_INIT("foo food"), true},
        {"(?=\\b)(?<=\\B)", STR_INIT("ab"), false},
        {"^(?=$)", STR_INIT(""), true},
        {"(?<=$)a", STR_INIT("a"), false},
        {"\\B",
         STR_INIT("a\xc3\xa9"
                  "a"),
         false},
        {"\\B", STR_INIT(""), true},
        {"\\b", STR_INIT(""), false},
        {"\\b^a", STR_INIT("a"), true},
        {"^\\B^$", STR_INIT(""), true},
        {"$^", STR_INIT(""), true},
        {"^(?:(?=a)b){0}a$", STR_INIT("a"), true},
        /* sets beyond ASCII */
        {"^[^\\ud800-\\udfff]$", STR_INIT("a"), true},
        {"\\ud800", STR_INIT("\xf0\x90\x80\x80"), false},
        {"^[\\u0080-\\u{10ffff}]+$", STR_INIT("\xc2\x80\xdf\xbf\xe0\xa0\x80\xf4\x8f\xbf\xbf"),
         true},
        {"^[\\u0080-\\u{10ffff}]+$", STR_INIT("\x7f"), false},
        {"^(?:[^a]x)+$", STR_INIT("\xef\xbf\xbfx\xed\x9f\xbfx\xee\x80\x80x"), true},
        {"[\xc3\xa9-\xc3\xab]b|cd",
         STR_INIT("\xc3\xaa"
                  "b"),
         true},
        {"[\xc3\xa9-\xc3\xab]b|cd",
         STR_INIT("\xc3\xac"
                  "b"),
         false},
        /* without choices */
        {"abc$", STR_INIT("xabc"), true},
        {"abc$", STR_INIT("abcx"), false},
        {"\xc3\xa9", STR_INIT("x\xc3\xa9y"), true},
        {"^.{1,3}$", STR_INIT("\xc3\xa9\xc3\xa9\xc3\xa9"), true},
        {"^.{1,3}$", STR_INIT("\xc3\xa9\xc3\xa9\xc3\xa9x"), false},
        {"^a?b{2}c*", STR_INIT("bbx"), true},
        {"^a{0}$", STR_INIT("a"), false},
        {"^[a-f]{2,4}-?\\d*$", STR_INIT("abcde1"), false},
        {"^[a-f]{2,4}-?\\d*$", STR_INIT("abcd-"), true},
        {"^a*a$", STR_INIT("aaa"), true},
        {"^a*b?a$", STR_INIT("aaa"), true},
        {"^a{99999}$", STR_INIT("aaa"), false},
        {"^(?:){4000000000}(?:a{0}){9}$", STR_INIT(""), true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL;
        struct err e = {0};

        CHECK(pattern_compile(str_of(rows[i].pattern), &p, &e) &&
                  judges(p, rows[i].text, rows[i].holds),
              "%s %s row %zu %s", rows[i].pattern, rows[i].holds ? "matches" : "does not match",
              i, e.what);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        {"\\Z", "'\\Z' is no escape"},
        {"\\h", "'\\h' is no escape"},
        {"a\\-b", "'\\-' is no escape; write it without the backslash"},
        {"(*ACCEPT)", "nothing to repeat before '*'"},
        {"a++", "nothing to repeat before '+'"},
        {"^*", "nothing to repeat before '*'"},
        {"(?=a)*", "nothing to repeat before '*'"},
        {"(?>a)", "'(?' that begins no kind of group"},
        {"(?i)a", "'(?' that begins no kind of group"},
        {"(?#a)", "'(?' that begins no kind of group"},
        {"a{,2}", "a '{' that is no repetition; write '\\{' for the character"},
        {"a{3,2}", "a repetition whose numbers are out of order"},
        {"}", "'}' alone; write '\\}' for the character"},
        {"]", "']' alone; write '\\]' for the character"},
        {")", "')' without its '('"},
        {"[b-a]", "a range that is out of order"},
        {"[\\d-z]", "a range that begins with a set"},
        {"[a-\\d]", "a range that ends with a set"},
        {"(a)\\2", "a reference to a group that is not there"},
        {"\\k<a>", "a reference to a group that is not there"},
        {"(?<a>x)(?<a>y)", "two groups are called 'a'"},
        {"(?<1>x)", "a group's name is made of letters, digits, _ and $"},
        {"\\u{110000}", "\\u{...} is past the last code point"},
        {"\\u12", "\\u needs four hexadecimal digits, or {...}"},
        {"\\x1", "\\x needs two hexadecimal digits"},
        {"\\01", "\\0 with a digit behind it"},
        {"\\c1", "\\c needs a letter"},
        {"\\p{Nothing}", "there is no property 'Nothing'"},
        {"\\pL", "\\p needs a property in braces"},
        {"\\", "a backslash that escapes nothing"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL;
        struct err e = {0};

        CHECK(!pattern_compile(str_of(rows[i].pattern), &p, &e) && strstr(e.what, rows[i].why),
              "%s is refused: %s", rows[i].pattern, e.what);
    }
}

/* What the u flag forbids; refused unless it is asked for. */
static void test_loose(void)
{
    static const struct {
        const char *pattern;
        str text;
        bool holds;
    } rows[] = {
        {"^a\\-b\\_\\@$", STR_INIT("a-b_@"), true},    {"^\\Z$", STR_INIT("Z"), true},
        {"^[\\w-.]+$", STR_INIT("a-.b"), true},        {"^[\\w-.]+$", STR_INIT("a/"), false},
        {"^[\\w-a-z]+$", STR_INIT("\xc3\xa9"), false}, {"^[!-\\d]+$", STR_INIT("!-7"), true},
        {"^[!-\\d]+$", STR_INIT("#"), false},          {"^{a}$", STR_INIT("{a}"), true},
        {"^a{,2}]$", STR_INIT("a{,2}]"), true},        {"^a{2}$", STR_INIT("aa"), true},
        {"^\\\xc3\xa9$", STR_INIT("\xc3\xa9"), true},  {"^[\\'\\a]+$", STR_INIT("'a"), true},
    };
    static const char *const refused[] = {"\\u12", "\\8",    "\\pL",  "{2}",   "a{2}{2}",
                                          "*",     "(?=a)*", "(?i)a", "[b-a]", "a\\"};

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL, *strict = NULL;
        struct err e = {0};

        CHECK(pattern_compile_loose(str_of(rows[i].pattern), &p, &e) &&
                  judges(p, rows[i].text, rows[i].holds),
              "loosely %s %s row %zu", rows[i].pattern,
              rows[i].holds ? "matches" : "does not match", i);
        e = (struct err){0};
        CHECK(pattern_compile(str_of(rows[i].pattern), &strict, &e) ==
                  str_is(str_of(rows[i].pattern), "^a{2}$"),
              "strictly %s is refused", rows[i].pattern);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL;
        struct err e = {0};

        CHECK(!pattern_compile_loose(str_of(refused[i]), &p, &e), "%s is refused in any case",
              refused[i]);
    }
}

/* `n` times `part`, then `end`. */
static str repeat(struct arena *a, const char *part, size_t n, const char *end)
{
    size_t len = strlen(part), tail = strlen(end);
    char *text = arena_alloc(a, n * len + tail);

    for (size_t i = 0; i < n; i++)
        memcpy(text + i * len, part, len);
    memcpy(text + n * len, end, tail);
    return (str){text, n * len + tail};
}

static void test_long_texts(void)
{
    static const struct {
        const char *pattern, *part;
        size_t times;
        const char *end;
        bool holds;
    } rows[] = {
        {"^(a+)+$", "a", 35, "!", false},
        {"^(a+)+$", "a", 100000, "", true},
        {"^([a-zA-Z0-9]+\\s?)*$", "a", 41, "!", false},
        {"(.*)*=(.*)*x", "=", 20000, "", false},
        {"^([a-z]|[0-9])*$", "a1", 5000, "", true},
        {"^([a-z]|[0-9])*$", "a1", 1000000, "", true},
        {"^([a-z]|[0-9])*$", "a1", 1000000, "-", false},
        {"\\d+[xy]", "1", 1000000, "", false},
        {"\\d+[xy]", "1", 1000000, "y", true},
        {"(?:\\d{2,}|[a-c]{3,9})[xy]", "1", 300000, "", false},
        {"^(?:\\d*\\d*\\d*[xy]|\\d*z?)$", "1", 3000, "z", true},
        {"^(?!.*--)[a-z-]+$", "ab-c", 2000, "", true},
        {"^(?!.*--)[a-z-]+$", "ab-c", 2000, "--", false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct err e = {0};
        CLEANUP(free_pattern) struct pattern *p = NULL;
        str text = repeat(a, rows[i].part, rows[i].times, rows[i].end);
        uint64_t from = clock_mono_ns();
        bool ok =
            pattern_compile(str_of(rows[i].pattern), &p, &e) && judges(p, text, rows[i].holds);

        CHECK(ok, "%s judges %zu bytes", rows[i].pattern, text.len);
        CHECK(clock_mono_ns() - from < 2000000000u, "%s in bounded time", rows[i].pattern);
    }
}

/* A text that leads an automaton to ever new states, and too little work for them. */
static void test_spent_work(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(free_pattern) struct pattern *p = NULL;
    size_t len = 1 << 16;
    char *text = arena_alloc(a, len);
    uint64_t work = 100000, plenty = 3000000000;
    unsigned x = 1;
    struct err e = {0};

    for (size_t i = 0; i < len; i++, x = x * 1103515245 + 12345)
        text[i] = x >> 16 & 1 ? 'a' : 'b';
    CHECK(pattern_compile(STR("(a|b)*a(a|b){30}c"), &p, &e),
          "a pattern of many states is read");
    CHECK(pattern_match(p, (str){text, len}, &work) == PATTERN_UNDECIDED && work == 0,
          "without work left it is undecided");
    CHECK(pattern_match(p, (str){text, len}, &plenty) == PATTERN_FAILS,
          "with enough it is not");
    CHECK(plenty < 3000000000, "what it took is taken off");
}

/* Every code point, against sets whose edges lie where UTF-8 changes its length and its bytes;
 * by automata that read forwards, that read copies of a set, and that read backwards. */
static void test_every_point(void)
{
    static const uint32_t edges[] = {
        0x0,    0x7f,    0x80,    0xbf,    0x7ff,   0x800,    0xfff,  0x1000, 0xd7ff,  0xe000,
        0xffff, 0x10000, 0x3ffff, 0x40000, 0xfffff, 0x10ffff, 0x2028, 0x3041, 0x1f600, 0x2fff};
    static const struct {
        const char *before, *behind;
        bool inverted;
    } forms[] = {{"^(?:[", "]|ab|ac)$", false},
                 {"^(?:ab|[", "]{1,3})$", false},
                 {"(?:[", "]|ab|ac)$", false},
                 {"^(?:[^", "]|ab|ac)$", true}};

    for (size_t k = 0; k < 16; k++) {
        uint32_t a = edges[k], b = edges[(k * 7 + 3) % COUNT(edges)], wrong = 0;
        uint32_t from = (a < b ? a : b) + (k & 1), to = (a < b ? b : a) - (k >> 1 & 1);
        CLEANUP(free_pattern) struct pattern *p = NULL;
        size_t form = k % COUNT(forms);
        char text[120], point[4];
        struct err e = {0};

        if (from > to)
            from = to;
        snprintf(text, sizeof(text), "%s\\u{%x}-\\u{%x}%s", forms[form].before, from, to,
                 forms[form].behind);
        if (!CHECK(pattern_compile(str_of(text), &p, &e), "%s: %s", text, e.what))
            continue;
        for (uint32_t c = 0; c <= 0x10ffff; c++)
            if (c < 0xd800 || c > 0xdfff)
                wrong += !judges(p, (str){point, str_utf8_write(point, c)},
                                 (c >= from && c <= to) != forms[form].inverted);
        CHECK(!wrong, "%s is right about every code point", text);
    }
}

/* Sets of thousands of states, each new: what is remembered has a limit. */
static void test_memory(void)
{
    CLEANUP(free_pattern) struct pattern *p = NULL;
    static char text[1 << 16];
    uint64_t work = 100000000;
    struct rusage before, after;
    unsigned x = 1;
    struct err e = {0};

    for (size_t i = 0; i < sizeof(text); i++, x = x * 1103515245 + 12345)
        text[i] = x >> 16 & 1 ? 'a' : 'b';
    getrusage(RUSAGE_SELF, &before);
    CHECK(pattern_compile(STR("(a|b)*a(a|b){9000}c"), &p, &e) &&
              pattern_match(p, (str){text, sizeof(text)}, &work) != PATTERN_HOLDS,
          "a pattern with states of thousands of members is matched");
    getrusage(RUSAGE_SELF, &after);
    CHECK(after.ru_maxrss - before.ru_maxrss < 40000, "in %ld KiB more",
          after.ru_maxrss - before.ru_maxrss);
}

static void test_facts(void)
{
    static const struct {
        const char *pattern;
        bool starts, ends, linear, ambiguous;
        uint64_t longest;
        const char *prefix;
    } rows[] = {
        {"^abc$", true, true, true, false, 3, "abc"},
        {"abc", false, false, true, false, 3, "abc"},
        {"^a|^b", true, false, true, false, 1, ""},
        {"^a|b$", false, false, true, false, 1, ""},
        {"(^(?:a)b[c]d?)$", true, true, true, false, 4, "abc"},
        {"(?!x)^a", true, false, true, false, 1, ""},
        {"^(?:a|bc){2,3}$", true, true, true, false, 6, ""},
        {"^x-.*", true, false, true, false, UINT64_MAX, "x-"},
        {"^(a+)+$", true, true, true, true, UINT64_MAX, ""},
        {"^([a-zA-Z0-9]+\\s?)*$", true, true, true, true, UINT64_MAX, ""},
        {"^([a-z]+-)*[a-z]+$", true, true, true, false, UINT64_MAX, ""},
        {"^([a-z]|[0-9])*$", true, true, true, false, UINT64_MAX, ""},
        {"^([a-z]|[a-f])*$", true, true, true, true, UINT64_MAX, ""},
        {"(x*y?x*)+", false, false, true, true, UINT64_MAX, ""},
        {"(.)\\1", false, false, false, false, UINT64_MAX, ""},
        {"^\xc3\xa9{4000000000}$", true, true, true, false, 4000000000, ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL;
        struct pattern_facts f;
        struct err e = {0};

        if (!CHECK(pattern_compile(str_of(rows[i].pattern), &p, &e), "%s", rows[i].pattern))
            continue;
        f = pattern_facts(p);
        CHECK(f.anchored_start == rows[i].starts && f.anchored_end == rows[i].ends,
              "%s: its ends", rows[i].pattern);
        CHECK(f.linear == rows[i].linear, "%s: whether it is linear", rows[i].pattern);
        CHECK(f.ambiguous == rows[i].ambiguous, "%s: whether it is ambiguous", rows[i].pattern);
        CHECK(f.longest == rows[i].longest && f.bounded == (f.longest != UINT64_MAX),
              "%s: how long it gets", rows[i].pattern);
        CHECK_STR(f.prefix, rows[i].prefix, "%s: what it begins with", rows[i].pattern);
    }
}

static void test_invalid_text(void)
{
    CLEANUP(free_pattern) struct pattern *p = NULL;
    struct err e = {0};

    CHECK(pattern_compile(STR("^[^a]*$"), &p, &e) &&
              match(p, STR("\xff\xc3")) == PATTERN_UNDECIDED,
          "bytes that are no UTF-8 are undecided");
}

int main(void)
{
    test_memory(); /* first: it looks at how high memory ever went */
    test_meaning();
    test_refusals();
    test_loose();
    test_every_point();
    test_long_texts();
    test_spent_work();
    test_facts();
    test_invalid_text();
    return tap_end();
}
