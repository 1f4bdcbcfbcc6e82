#include "tap.h"

#include "redact/redact.h"

static const struct redact_key key = {"an arbitrary but fixed test key"};

enum { SECRETS_MAX = 64 };

/* A redactor of `count` secrets, each named by its letter: A, B, ... */
static struct redact *redactor(const char *const *secrets, size_t count)
{
    static const char letters[SECRETS_MAX][2] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    static struct redact_mark marks[SECRETS_MAX * REDACT_FORMS_MAX];
    const char *names[SECRETS_MAX];
    struct redact *r = NULL;
    struct err e = {0};
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        names[i] = letters[i % 8];
        n += redact_marks(&key, str_of(secrets[i]), (uint32_t)i, marks + n);
    }
    if (!redact_new(&key, marks, n, names, &r, &e))
        printf("# %s\n", e.what);
    return r;
}

static void redactor_freep(struct redact **r)
{
    redact_free(*r);
}

static void test_forms(void)
{
    static const char *const secret[] = {"p@ss w/+rd\"\\~\xc3\xa9*!\n9"};
    static const struct {
        const char *text, *expected, *name;
    } rows[] = {
        {"<p@ss w/+rd\"\\~\xc3\xa9*!\n9>", "<[redacted A]>", "as it is"},
        {"cEBzcyB3LytyZCJcfsOpKiEKOXp6", "[redacted A]Xp6", "base64, at offset 0"},
        {"eHBAc3Mgdy8rcmQiXH7DqSohCjl6eg==", "eH[redacted A]l6eg==", "base64, at offset 1"},
        {"eHlwQHNzIHcvK3JkIlx+w6kqIQo5eno=", "eHl[redacted A]eno=", "base64, at offset 2"},
        {"cEBzcyB3LytyZCJcfsOpKiEKOQ==", "[redacted A]==", "base64, and nothing behind it"},
        {"dTpwQHNzIHcvK3JkIlx+w6kqIQo5", "dTp[redacted A]", "base64 of a name and it"},
        {"eHlwQHNzIHcvK3JkIlx-w6kqIQo5eno=", "eHl[redacted A]eno=", "base64 for URLs"},
        {"7040737320772f2b7264225c7ec3a92a210a39", "[redacted A]", "hexadecimal"},
        {"7040737320772F2B7264225C7EC3A92A210A39", "[redacted A]", "upper hexadecimal"},
        {"p%40ss%20w%2F%2Brd%22%5C~%C3%A9%2A%21%0A9", "[redacted A]", "as RFC 3986 encodes"},
        {"p%40ss%20w%2f%2brd%22%5c~%c3%a9%2a%21%0a9", "[redacted A]", "in lower case"},
        {"p%40ss%20w/%2Brd%22%5C~%C3%A9%2A%21%0A9", "[redacted A]", "as a path"},
        {"p%40ss%20w%2F%2Brd%22%5C~%C3%A9*!%0A9", "[redacted A]", "as encodeURIComponent"},
        {"p%40ss+w%2F%2Brd%22%5C~%C3%A9%2A%21%0A9", "[redacted A]", "with + for space"},
        {"s=p%40ss+w%2F%2Brd%22%5C%7E%C3%A9*%21%0A9", "s=[redacted A]", "as a web form"},
        {"\"p@ss w/+rd\\\"\\\\~\\u00e9*!\\n9\"", "\"[redacted A]\"", "as JSON in ASCII"},
        {"\"p@ss w/+rd\\\"\\\\~\xc3\xa9*!\\n9\"", "\"[redacted A]\"", "as JSON in UTF-8"},
    };
    CLEANUP(redactor_freep) struct redact *r = redactor(secret, 1);

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(buf_free) struct buf out = {0};

        CHECK(redact_text(r, str_of(rows[i].text), &out) == 1, "found: %s", rows[i].name);
        CHECK_STR(buf_str(&out), rows[i].expected, "replaced: %s", rows[i].name);
    }
}

static void test_overlaps(void)
{
    static const char *const secrets[] = {"abcdef", "defghi", "abcdefgh", "needle"};
    static const struct {
        const char *text, *expected, *name;
        size_t count;
    } rows[] = {
        {"xabcdefx", "x[redacted A]x", "a secret", 1},
        {"xabcdefghx", "x[redacted C]x", "of two that begin together, the longer", 1},
        {"xabcdefghi", "x[redacted C][redacted B]", "the rest of one that overlaps", 2},
        {"abcdefabcdef", "[redacted A][redacted A]", "one right behind another", 2},
        {"abcdeabcdef", "abcde[redacted A]", "a beginning, then the whole", 1},
        {"needleneedl", "[redacted D]needl", "a cut one at the end stays", 1},
        {"Needle need le", "", "nothing but what is equal", 0},
        {"", "", "nothing in nothing", 0},
    };
    CLEANUP(redactor_freep) struct redact *r = redactor(secrets, COUNT(secrets));

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(buf_free) struct buf out = {0};
        size_t count = redact_text(r, str_of(rows[i].text), &out);

        CHECK(count == rows[i].count, "counted: %s", rows[i].name);
        CHECK_STR(buf_str(&out), rows[i].expected, "%s", rows[i].name);
    }
}

/* ---- streams ---- */

static size_t in_pieces(const struct redact *r, str text, const size_t *cuts, size_t count,
                        struct buf *out)
{
    struct redact_stream s = {.by = r};
    size_t from = 0, found = 0;

    for (size_t i = 0; i <= count; i++) {
        size_t to = i < count ? cuts[i] : text.len;

        found += redact_stream_add(&s, str_sub(text, from, to - from), out);
        from = to;
    }
    found += redact_stream_flush(&s, out);
    redact_stream_free(&s);
    return found;
}

static bool same_in_pieces(const struct redact *r, str text, const size_t *cuts, size_t count)
{
    CLEANUP(buf_free) struct buf whole = {0};
    CLEANUP(buf_free) struct buf pieces = {0};
    size_t found = redact_text(r, text, &whole);
    str expected = found ? buf_str(&whole) : text;

    return in_pieces(r, text, cuts, count, &pieces) == found &&
           str_equal(buf_str(&pieces), expected);
}

static void test_every_split(void)
{
    static const char *const secrets[] = {
        "abcdef", "defghi", "abcdefgh",
        "correct horse battery staple, and then some more of it", "0123456789abcdef0123"};
    static const char *const texts[] = {
        "plain text without any",
        "abcdefghi abcdef abcde",
        "password=correct horse battery staple, and then some more of it;",
        "correct horse battery staple, and then some more of i",
        "303132333435363738396162636465663031323300abcdefghix0123456789abcdef0123",
        "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZSwgYW5kIHRoZW4gc29tZSBtb3JlIG9mIGl0Cg==",
    };
    CLEANUP(redactor_freep) struct redact *r = redactor(secrets, COUNT(secrets));

    for (size_t i = 0; i < COUNT(texts); i++) {
        str text = str_of(texts[i]);
        size_t all[128], right = 0, tried = 0;

        for (size_t first = 0; first <= text.len; first++) {
            all[first] = first;
            for (size_t second = first; second <= text.len; second++, tried++)
                right += same_in_pieces(r, text, (size_t[]){first, second}, 2);
        }
        CHECK(right == tried, "the same, cut at any two places: %.20s...", texts[i]);
        CHECK(same_in_pieces(r, text, all, text.len), "and byte by byte");
    }
}

/* What the search finds is what comparing with every secret at every place finds. */
static size_t redact_naively(const char *const *secrets, size_t count, str text,
                             struct buf *out)
{
    size_t covered = 0, found = 0;

    for (size_t at = 0; at < text.len; at++) {
        size_t best = count, longest = 0;

        for (size_t i = 0; i < count; i++)
            if (str_starts(str_sub(text, at, text.len), str_of(secrets[i])) &&
                strlen(secrets[i]) > longest)
                longest = strlen(secrets[best = i]);
        if (longest && at + longest > covered) {
            buf_addf(out, "[redacted %c]", (char)('A' + best));
            covered = at + longest;
            found++;
        }
        if (at >= covered)
            buf_addc(out, text.at[at]);
    }
    return found;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

static bool agrees_once(uint32_t *state)
{
    char texts[8][128], text[1000];
    const char *secrets[8];
    CLEANUP(redactor_freep) struct redact *r = NULL;
    CLEANUP(buf_free) struct buf naive = {0};
    CLEANUP(buf_free) struct buf pieces = {0};
    size_t count = 1 + next_random(state) % 8, n = next_random(state) % sizeof(text);
    size_t cut = n ? next_random(state) % n : 0, found;

    for (size_t i = 0; i < count; i++) {
        size_t len = 4 + next_random(state) % (i % 2 ? 12 : 100);

        for (size_t k = 0; k < len; k++)
            texts[i][k] = "xy"[next_random(state) % 40 == 0];
        texts[i][len] = 0;
        secrets[i] = texts[i];
    }
    for (size_t k = 0; k < n; k++)
        text[k] = "xy"[next_random(state) % 40 == 0];
    for (size_t i = 0; i < count; i++)
        if (n > strlen(secrets[i]))
            memcpy(text + next_random(state) % (n - strlen(secrets[i])), secrets[i],
                   strlen(secrets[i]));
    r = redactor(secrets, count);
    found = redact_naively(secrets, count, (str){text, n}, &naive);
    return in_pieces(r, (str){text, n}, &cut, 1, &pieces) == found &&
           str_equal(buf_str(&pieces), buf_str(&naive));
}

static void test_against_naive(void)
{
    enum { ROUNDS = 2000 };
    uint32_t state = 1;
    unsigned right = 0;

    for (unsigned i = 0; i < ROUNDS; i++)
        right += agrees_once(&state);
    CHECK(right == ROUNDS, "%u of %d random texts as a naive search has them", right, ROUNDS);
}

/* A private key of several lines, longer than a block of the search. */
static void test_long_secret(void)
{
    static char secret[REDACT_LONGEST + 2], text[3 * REDACT_LONGEST];
    const char *const secrets[] = {secret};
    CLEANUP(redactor_freep) struct redact *r = NULL;
    CLEANUP(buf_free) struct buf out = {0};
    uint32_t state = 7;
    size_t cuts[64];

    for (size_t i = 0; i < REDACT_LONGEST; i++)
        secret[i] = i % 65 == 64 ? '\n' : (char)('a' + next_random(&state) % 26);
    r = redactor(secrets, 1);
    memset(text, '.', sizeof(text));
    memcpy(text + 70000, secret, REDACT_LONGEST);
    for (size_t i = 0; i < COUNT(cuts); i++)
        cuts[i] = (i + 1) * sizeof(text) / (COUNT(cuts) + 1);
    CHECK(in_pieces(r, (str){text, sizeof(text)}, cuts, COUNT(cuts), &out) == 1,
          "the longest secret is found, over lines and pieces");
    CHECK(out.len == sizeof(text) - REDACT_LONGEST + strlen("[redacted A]"),
          "all of it is replaced");
    buf_clear(&out);
    text[70000 + REDACT_LONGEST - 1] ^= 1;
    CHECK(in_pieces(r, (str){text, sizeof(text)}, cuts, COUNT(cuts), &out) == 0 &&
              str_equal(buf_str(&out), (str){text, sizeof(text)}),
          "with another last byte it is let through, unchanged");
    secret[REDACT_LONGEST] = 'x';
    CHECK(redact_marks(&key, str_of(secret), 0, NULL) == 0, "longer ones have no marks");
}

static void test_held_back(void)
{
    static const char *const secrets[] = {"correct horse battery staple", "hunter22"};
    CLEANUP(redactor_freep) struct redact *r = redactor(secrets, 2);
    struct redact_stream s = {.by = r};
    CLEANUP(buf_free) struct buf out = {0};
    size_t most = 0;

    for (unsigned i = 0; i < 5000; i++) {
        char piece[32];

        redact_stream_add(&s, (str){piece, (size_t)snprintf(piece, 32, "line %u of text\n", i)},
                          &out);
        most = s.held.len > most ? s.held.len : most;
    }
    CHECK(most <= 70, "ordinary text is held back by %zu bytes", most);
    buf_clear(&out);
    redact_stream_flush(&s, &out);
    CHECK(str_ends(buf_str(&out), STR("line 4999 of text\n")) && s.held.len == 0,
          "the flush lets the rest go");
    redact_stream_free(&s);
}

/* ---- marks ---- */

static void test_marks_hold_nothing(void)
{
    static const char secret[] = "correct horse battery staple";
    static struct redact_mark marks[REDACT_FORMS_MAX], other[REDACT_FORMS_MAX];
    struct redact_key second = {"another key"};
    size_t count = redact_marks(&key, STR(secret), 3, marks);
    size_t n = redact_marks(&second, STR(secret), 3, other), equal = 0;
    str bytes = {(const char *)marks, count * sizeof(*marks)};
    bool leaks = false;

    for (size_t i = 0; i + 4 <= strlen(secret); i++)
        leaks |= str_find_str(bytes, (str){secret + i, 4}) < bytes.len;
    for (size_t i = 0; i < count; i++)
        equal += memcmp(marks[i].digest, other[i].digest, 32) == 0;
    CHECK(count == n && count >= 8, "%zu marks of one secret", count);
    CHECK(!leaks, "no four bytes of it stand in them");
    CHECK(!equal, "under another key they are all different");
    CHECK(redact_marks(&key, STR("abc"), 0, marks) == 0, "too short a secret has none");
}

static void test_unsound_marks(void)
{
    static const char *const names[] = {"A"};
    static struct redact_mark good[REDACT_FORMS_MAX];
    size_t count = redact_marks(&key, STR("a secret"), 0, good);
    static const struct {
        uint32_t length, secret;
        uint16_t window, stride;
        const char *name;
    } rows[] = {
        {8, 0, 3, 1, "a window that is too small"},
        {80, 0, 65, 1, "one that is too large"},
        {8, 0, 9, 1, "one that is longer than the form"},
        {19, 0, 16, 5, "windows that end behind the form"},
        {80, 0, 16, 0, "no stride"},
        {80, 0, 16, 9, "one that is too long"},
        {8, UINT32_MAX, 8, 1, "a number that no secret has"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct redact *r = NULL;
        struct err e = {0};

        good[count - 1].length = rows[i].length;
        good[count - 1].secret = rows[i].secret;
        good[count - 1].window = rows[i].window;
        good[count - 1].stride = rows[i].stride;
        CHECK(!redact_new(&key, good, count, names, &r, &e) && !r, "refused: %s", rows[i].name);
    }
}

static void test_without_secrets(void)
{
    CLEANUP(redactor_freep) struct redact *r = redactor(NULL, 0);
    struct redact_stream s = {.by = r};
    CLEANUP(buf_free) struct buf out = {0};

    CHECK(redact_stream_add(&s, STR("text"), &out) == 0, "without secrets nothing is found");
    CHECK_STR(buf_str(&out), "text", "and nothing held back");
    redact_stream_free(&s);
}

int main(void)
{
    test_forms();
    test_overlaps();
    test_every_split();
    test_against_naive();
    test_long_secret();
    test_held_back();
    test_marks_hold_nothing();
    test_unsound_marks();
    test_without_secrets();
    return tap_end();
}
