#include "tap.h"

#include "seal/seal.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/fnward-seal-XXXXXX";

static const char *in_directory(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return path;
}

static void write_file(const char *path, const char *text, unsigned mode)
{
    struct err e = {0};

    if (!file_replace(path, str_of(text), mode, &e))
        printf("# %s\n", e.what);
}

/* A store and the people who use it. */
struct scene {
    struct arena *a;
    struct seal *s;
    struct age_identity mine, theirs;
};

static void scene_free(struct scene *c)
{
    age_identity_free(&c->mine);
    age_identity_free(&c->theirs);
    arena_free(c->a);
}

static struct scene scene_new(void)
{
    struct scene c = {.a = arena_new(0)};
    struct err e = {0};

    if (!age_identity_generate(&c.mine, &e) || !age_identity_generate(&c.theirs, &e) ||
        !seal_read(c.a, in_directory("none"), &c.s, &e))
        printf("# %s\n", e.what);
    return c;
}

static bool set(struct scene *c, const char *function, const char *name, const char *value,
                enum seal_change *change, struct err *e)
{
    return seal_set(c->s, &c->mine, 1, str_of(function), str_of(name), str_of(value),
                    STR("2026-01-31"), change, e);
}

static bool has(const struct seal *s, const struct age_identity *who, const char *function,
                const char *name, const char *expected)
{
    CLEANUP(secret_free) struct secret value = {0};
    struct err e = {0};

    return seal_open(s, who, 1, str_of(function), str_of(name), &value, &e) &&
           str_is(secret_str(&value), expected);
}

static str text_of(struct scene *c)
{
    CLEANUP(buf_free) struct buf b = {0};

    seal_text(c->s, &b);
    return arena_str(c->a, buf_str(&b));
}

static void test_set_and_open(void)
{
    CLEANUP(scene_free) struct scene c = scene_new();
    enum seal_change change;
    struct err e = {0};
    struct seal *again;
    struct secret value;

    CHECK(seal_count(c.s) == 0, "an absent file is an empty store");
    CHECK(set(&c, "*", "API_KEY", "for all of them", &change, &e) && change == SEAL_ADDED,
          "a secret for every function");
    CHECK(set(&c, "orders", "API_KEY", "only for orders", &change, &e) && change == SEAL_ADDED,
          "and another of that name for one");
    CHECK(has(c.s, &c.mine, "orders", "API_KEY", "only for orders"),
          "the function's own first");
    CHECK(has(c.s, &c.mine, "invoices", "API_KEY", "for all of them"), "else that for all");
    CHECK(!has(c.s, &c.theirs, "orders", "API_KEY", "only for orders"), "others can't open it");
    CHECK(!seal_open(c.s, &c.mine, 1, STR("*"), STR("ONLY"), &value, &e) &&
              strstr(e.fix, "seal set ONLY"),
          "for what is absent it says how to set it");
    memset(&e, 0, sizeof(e));
    CHECK(set(&c, "orders", "ONLY", "only for orders", &change, &e) &&
              !seal_open(c.s, &c.mine, 1, STR("*"), STR("ONLY"), &value, &e) &&
              strstr(e.fix, "--function orders"),
          "or for whom it is there");
    memset(&e, 0, sizeof(e));
    CHECK(seal_write(c.s, in_directory("fnward.secrets"), &e) &&
              seal_read(c.a, in_directory("fnward.secrets"), &again, &e),
          "it is written and read");
    CHECK(seal_count(again) == 3 && has(again, &c.mine, "orders", "API_KEY", "only for orders"),
          "and holds the same");
    CHECK_STR(seal_entry(again, 1).function, "orders", "entries stand in order");
    CHECK_STR(seal_entry(again, 1).changed, "2026-01-31", "with their date");
}

/* The lines of `before` that are not in `after`. */
static unsigned lines_changed(str before, str after)
{
    unsigned count = 0;
    str line;

    while (str_cut(&before, '\n', &line))
        count += str_find_str(after, line) == after.len;
    return count;
}

static void test_small_diffs(void)
{
    CLEANUP(scene_free) struct scene c = scene_new();
    enum seal_change change = SEAL_ADDED;
    struct err e = {0};
    str before, after;

    if (!CHECK(set(&c, "*", "A", "the value of A", &change, &e) &&
                   set(&c, "*", "B", "the value of B", &change, &e) &&
                   set(&c, "*", "C", "the value of C", &change, &e),
               "three secrets"))
        return;
    before = text_of(&c);
    CHECK(set(&c, "*", "B", "the value of B", &change, &e) && change == SEAL_UNCHANGED,
          "the same value again");
    CHECK_STR(text_of(&c), before.at, "changes no byte");
    CHECK(set(&c, "*", "B", "another value", &change, &e) && change == SEAL_CHANGED,
          "another value");
    after = text_of(&c);
    CHECK(lines_changed(before, after) > 0 &&
              lines_changed(before, after) <= 1 + 8, /* the mark, and the ciphertext's lines */
          "changes the lines of its entry only");
    CHECK(seal_remove(c.s, STR("*"), STR("B"), &e) && seal_count(c.s) == 2, "it is removed");
    CHECK(!seal_remove(c.s, STR("*"), STR("B"), &e), "once");
}

static void test_values(void)
{
    static char large[SEAL_VALUE_MAX + 2];
    CLEANUP(scene_free) struct scene c = scene_new();
    enum seal_change change;
    struct err e[8] = {{0}};

    memset(large, 'x', SEAL_VALUE_MAX + 1);
    CHECK(!set(&c, "*", "A", "", &change, &e[0]), "an empty value is refused");
    CHECK(!set(&c, "*", "A", "abc", &change, &e[1]), "so is one that is too short");
    CHECK(!set(&c, "*", "A", large, &change, &e[2]) && e[2].code == ERR_LIMIT, "or too long");
    large[SEAL_VALUE_MAX] = 0;
    CHECK(set(&c, "*", "A", large, &change, &e[3]) && has(c.s, &c.mine, "*", "A", large),
          "64 KB are not");
    CHECK(!seal_set(c.s, &c.mine, 1, STR("*"), STR("A"), STR("with\0zero"), STR("2026-01-31"),
                    &change, &e[4]),
          "no zero bytes");
    CHECK(!set(&c, "*", "A=B", "value", &change, &e[5]), "no name that no variable can have");
    CHECK(!set(&c, "a b", "A", "value", &change, &e[6]), "no function that none can be");
    CHECK(!has(c.s, &c.mine, "*", "B", "value"), "what was not set is not there");
}

/* ---- what somebody could do who can write to the repository ---- */

static str replaced(struct scene *c, str text, str from, str to)
{
    size_t at = str_find_str(text, from);

    return arena_format(c->a, "%.*s%.*s%.*s", (int)at, text.at, STR_ARG(to),
                        STR_ARG(str_sub(text, at + from.len, text.len)));
}

static bool refused(struct scene *c, str text, const char *name, const char *why)
{
    CLEANUP(secret_free) struct secret value = {0};
    struct seal *s;
    struct err e = {0};

    if (seal_parse(c->a, "fnward.secrets", text, &s, &e) &&
        seal_open(s, &c->mine, 1, STR("orders"), str_of(name), &value, &e))
        return false;
    if (strstr(e.what, why))
        return true;
    printf("# %s\n", e.what);
    return false;
}

static str block(str text, const char *start, const char *end)
{
    size_t from = str_find_str(text, str_of(start));
    str rest = str_sub(text, from, text.len);

    return str_sub(rest, 0, str_find_str(rest, str_of(end)) + strlen(end));
}

static const char armor_end[] = "-----END AGE ENCRYPTED FILE-----\n";

static void test_forgery(void)
{
    CLEANUP(scene_free) struct scene c = scene_new(), other = scene_new();
    enum seal_change change;
    struct err e = {0};
    str text, forged, key, mark;
    char recipient[AGE_TEXT_MAX];

    if (!CHECK(set(&c, "orders", "FIRST", "the first value", &change, &e) &&
                   set(&c, "*", "SECOND", "the second value", &change, &e),
               "two secrets"))
        return;
    text = text_of(&c);
    forged = replaced(&c, replaced(&c, text, STR("secret FIRST"), STR("secret THIRD")),
                      STR("secret SECOND"), STR("secret FIRST"));
    CHECK(refused(&c, forged, "FIRST", "sealed as another secret"), "a renamed entry");
    forged = replaced(&c, text, STR("function orders"), STR("function *"));
    CHECK(refused(&c, forged, "FIRST", "for another function"), "one lent to other functions");

    /* Anybody can encrypt to our recipient, but not under our key of marks. */
    age_identity_free(&other.mine);
    other.mine = c.mine;
    if (!CHECK(set(&other, "orders", "FIRST", "a forged value", &change, &e), "a forgery"))
        return;
    other.mine = (struct age_identity){0};
    forged = text_of(&other);
    key = block(forged, "\nkey\n", armor_end);
    mark = block(forged, "\nsecret FIRST", armor_end);
    CHECK(refused(&c, replaced(&c, text, block(text, "\nsecret FIRST", armor_end), mark),
                  "FIRST", "not sealed by one of the recipients"),
          "a forged value");
    CHECK(refused(&c, replaced(&c, text, block(text, "\nkey\n", armor_end), key), "FIRST",
                  "not sealed by one of the recipients"),
          "a forged key of marks, on opening");

    age_recipient_text(&c.theirs.recipient, recipient);
    forged = replaced(&c, text, STR("recipient "),
                      arena_format(c.a, "recipient %s\nrecipient ", recipient));
    CHECK(refused(&c, forged, "FIRST", "not those that it was sealed for"),
          "a recipient who was written into the list");
}

/* Nothing new is entrusted to a store whose key was exchanged. */
static void test_set_checks_the_rest(void)
{
    CLEANUP(scene_free) struct scene c = scene_new(), other = scene_new();
    enum seal_change change;
    struct err e = {0};
    str text, key;

    age_identity_free(&other.mine);
    other.mine = c.mine;
    if (!CHECK(set(&c, "*", "FIRST", "the first value", &change, &e) &&
                   set(&other, "*", "SECOND", "known to the forger", &change, &e),
               "a store, and a forger's"))
        return;
    other.mine = (struct age_identity){0};
    text = text_of(&c);
    key = block(text_of(&other), "\nkey\n", armor_end);
    text = replaced(&c, text, block(text, "\nkey\n", armor_end), key);
    CHECK(seal_parse(c.a, "fnward.secrets", text, &c.s, &e),
          "the exchanged key is well formed");
    CHECK(!set(&c, "*", "THIRD", "something new", &change, &e) &&
              strstr(e.what, "not sealed by one of the recipients"),
          "but nothing is sealed under it");
}

/* ---- recipients ---- */

static void test_rotate(void)
{
    CLEANUP(scene_free) struct scene c = scene_new();
    struct seal_rotation add = {.add = &c.theirs.recipient, .add_count = 1};
    struct seal_rotation drop = {.remove = &c.theirs.recipient, .remove_count = 1};
    struct seal_rotation self = {.remove = &c.mine.recipient, .remove_count = 1};
    enum seal_change change;
    struct err e[6] = {{0}};
    str before;

    if (!CHECK(set(&c, "*", "A", "a value", &change, &e[0]), "a secret"))
        return;
    before = text_of(&c);
    CHECK(seal_rotate(c.s, &c.mine, 1, &(struct seal_rotation){0}, &e[0]) &&
              has(c.s, &c.mine, "*", "A", "a value") && !str_equal(before, text_of(&c)),
          "rotated, it is other bytes for the same value");
    CHECK(!seal_entry(c.s, 0).rotate, "and nobody has to change it");
    CHECK(seal_rotate(c.s, &c.mine, 1, &add, &e[1]) && has(c.s, &c.theirs, "*", "A", "a value"),
          "a recipient who is added can read it");
    CHECK(seal_recipient_count(c.s) == 2 && !seal_entry(c.s, 0).rotate, "there are two");
    CHECK(seal_rotate(c.s, &c.mine, 1, &drop, &e[2]) &&
              !has(c.s, &c.theirs, "*", "A", "a value") &&
              has(c.s, &c.mine, "*", "A", "a value"),
          "one who is removed can't any more");
    CHECK(seal_entry(c.s, 0).rotate, "what they knew is marked to be changed");
    CHECK(seal_parse(c.a, "fnward.secrets", text_of(&c), &c.s, &e[3]) &&
              seal_entry(c.s, 0).rotate,
          "and stays marked");
    CHECK(set(&c, "*", "A", "a value", &change, &e[3]) && seal_entry(c.s, 0).rotate,
          "also when the same is set again");
    CHECK(set(&c, "*", "A", "a new value", &change, &e[3]) && !seal_entry(c.s, 0).rotate,
          "until it is changed");
    CHECK(!seal_rotate(c.s, &c.mine, 1, &drop, &e[4]), "a stranger can't be removed");
    CHECK(!seal_rotate(c.s, &c.mine, 1, &self, &e[5]) && strstr(e[5].what, "could not read"),
          "nor can the last of our own");
}

/* ---- the reader ---- */

static void test_reader(void)
{
    static const struct {
        const char *from, *to, *why, *name;
        unsigned line; /* 0: not told */
    } rows[] = {
        {"fnward-secrets 1", "fnward-secrets 2", "first line", "another version", 1},
        {"recipient age1", "recipient age2", "not an age recipient", "a wrong recipient", 3},
        {"\nkey\n", "\nkey 2\n", "one 'key'", "a key with a name", 5},
        {"\nkey\n", "\nlock\n", "is expected", "an unknown word", 5},
        {"-----BEGIN", "----BEGIN", "sealed value is expected", "damaged armor", 6},
        {"secret FIRST", "secret F+RST", "can't be a secret's", "an impossible name", 0},
        {"function *", "function ?", "can't be a function's", "an impossible function", 0},
        {"function *", "functions *", "'function'", "a misspelt word", 0},
        {"changed 2026-01-31", "changed yesterday", "a date is written", "no date", 0},
        {"mark ", "mark 00", "64 hexadecimal", "a long mark", 0},
        {"\nsecret ", "\n# why\nsecret ", "is expected here", "a comment that would be lost",
         0},
        {"\nsecret ", "\n<<<<<<< HEAD\nsecret ", "a merge left", "half a merge", 0},
        {"secret SECOND", "secret FIRST", "there already", "the same entry twice", 0},
    };
    CLEANUP(scene_free) struct scene c = scene_new();
    enum seal_change change;
    struct err e = {0};
    str text;

    if (!CHECK(set(&c, "*", "FIRST", "the first value", &change, &e) &&
                   set(&c, "*", "SECOND", "the second value", &change, &e),
               "a file to damage"))
        return;
    text = text_of(&c);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct seal *s = NULL;
        struct err refusal = {0};
        str damaged = replaced(&c, text, str_of(rows[i].from), str_of(rows[i].to));
        bool right = !seal_parse(c.a, "f", damaged, &s, &refusal) && !s &&
                     strstr(refusal.what, rows[i].why) && refusal.at.line > 0 &&
                     (!rows[i].line || refusal.at.line == rows[i].line);

        if (!CHECK(right, "refused: %s", rows[i].name))
            printf("# line %u: %s\n", refusal.at.line, refusal.what);
    }
}

static void test_cut_files(void)
{
    CLEANUP(scene_free) struct scene c = scene_new();
    enum seal_change change;
    struct err e = {0};
    str text;
    size_t right = 0, first;

    if (!CHECK(set(&c, "*", "FIRST", "the first value", &change, &e), "a file to cut"))
        return;
    text = text_of(&c);
    first = str_find_str(text, STR("\nsecret")) + 1;
    for (size_t n = first + 1; n < text.len; n++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
        struct seal *s;
        struct err cut = {0};

        right += !seal_parse(a, "f", str_sub(text, 0, n), &s, &cut);
    }
    CHECK(right == text.len - first - 1, "a file cut within an entry is refused, wherever");
}

/* ---- identity files ---- */

static void test_identity_files(void)
{
    static const char key[] =
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    struct seal_identities found = {0};
    struct age_recipient r = {{0}};
    struct err e[8] = {{0}};
    const char *path = in_directory("identity");
    struct stat st = {0};
    char text[256];

    CHECK(!seal_identities_load(NULL, &found, &e[0]) && strstr(e[0].fix, "keygen"),
          "without an identity it says how to make one");
    CHECK(!seal_identities_load(path, &found, &e[1]) && strstr(e[1].fix, "keygen"),
          "also when the file is not there");
    CHECK(seal_identity_create(path, STR("2026-01-31"), &r, &e[2]), "one is made");
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "nobody else may read it");
    CHECK(!seal_identity_create(path, STR("2026-01-31"), &r, &e[3]) && e[3].code == ERR_DENIED,
          "and it is not overwritten");
    CHECK(seal_identities_load(path, &found, &e[4]) && found.count == 1 &&
              memcmp(&found.items[0].recipient, &r, sizeof(r)) == 0,
          "it reads back");
    seal_identities_free(&found);
    snprintf(text, sizeof(text), "# two\n%s\r\n\n%s\n", key, key);
    write_file(path, text, 0600);
    CHECK(seal_identities_load(path, &found, &e[5]) && found.count == 2,
          "several, and comments");
    seal_identities_free(&found);
    chmod(path, 0640);
    CHECK(!seal_identities_load(path, &found, &e[6]) && e[6].code == ERR_DENIED &&
              strstr(e[6].fix, "chmod 600"),
          "refused when the group may read it");
    snprintf(text, sizeof(text), "# one\n%.70s\n", key);
    write_file(path, text, 0600);
    CHECK(!seal_identities_load(path, &found, &e[7]) && strstr(e[7].what, "line 2") &&
              !strstr(e[7].what, "GFPYY"),
          "a damaged line is told, and not quoted");
    unlink(path);
}

int main(void)
{
    if (!CHECK(mkdtemp(directory) != NULL, "a directory"))
        return tap_end();
    test_set_and_open();
    test_small_diffs();
    test_values();
    test_forgery();
    test_set_checks_the_rest();
    test_rotate();
    test_reader();
    test_cut_files();
    test_identity_files();
    unlink(in_directory("fnward.secrets"));
    rmdir(directory);
    return tap_end();
}
