/*
 * ledger: reading: the order, the filters, damage, and following a file that grows and moves.
 */
#include "tap.h"
#include "ledger.h"

#include <fcntl.h>

static void put_text(const char *dir, const char *name, str text)
{
    char path[160];
    CLEANUP(fd_closep) int fd = -1;
    struct err e = {0};

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || !fd_write_all(fd, text, &e))
        abort();
}

static struct ledger_reader *open_reader(const char *dir)
{
    struct ledger_reader *r;
    struct err e = {0};

    if (!ledger_reader_open(dir, LEDGER_RECORDS, &r, &e))
        abort();
    return r;
}

/* The "id" of every record that passes, one letter each. */
static const char *ids(struct ledger_reader *r, const struct ledger_filter *f)
{
    static char text[64];
    size_t n = 0;

    for (;;) {
        const struct json *record = NULL;
        struct err e = {0};
        str line;

        if (!ledger_reader_next(r, f, &record, &line, &e))
            return e.what[0] ? "failed" : "failed without a reason";
        if (!record || n + 1 == sizeof(text))
            break;
        text[n++] = json_get_str(record, STR("id")).at[0];
    }
    text[n] = 0;
    return text;
}

#define RECORD(id, kind, rest)                                                                 \
    "{\"time\":\"2026-01-31T12:00:0" id ".000Z\",\"kind\":\"" kind "\",\"id\":\"" id "\"" rest \
    "}\n"

static void test_filters(void)
{
    static const char *const lines[] = {
        RECORD("0", "invocation", ",\"faas.name\":\"f\",\"outcome\":\"ok\""),
        RECORD("1", "invocation", ",\"faas.name\":\"g\",\"outcome\":\"error\""),
        RECORD("2", "denial", ",\"faas.name\":\"f\",\"faas.invocation_id\":\"r1\""),
        RECORD("3", "lifecycle", ",\"faas.name\":\"f\",\"event\":\"crash\""),
        RECORD("4", "invocation", ",\"outcome\":\"throttled\""),
        RECORD("5", "log", ",\"faas.invocation_id\":\"r1\",\"severity\":\"ERROR\""),
        RECORD("6", "connection", ",\"faas.name\":\"f\",\"outcome\":\"denied\""),
        RECORD("7", "log", ",\"faas.name\":\"ff\",\"message\":\"error\""),
        RECORD("8", "invocation", ",\"outcome\":\"timeout\""),
    };
    static const struct {
        struct ledger_filter filter;
        const char *ids, *name;
    } rows[] = {
        {{.errors = false}, "012345678", "no filter"},
        {{.function = STR_INIT("f")}, "0236", "the function, by its whole name"},
        {{.request = STR_INIT("r1")}, "25", "the request"},
        {{.errors = true}, "1358", "errors"},
        {{.denials = true}, "246", "denials"},
        {{.errors = true, .denials = true}, "1234568", "errors or denials"},
        {{.function = STR_INIT("f"), .errors = true}, "3", "errors of a function"},
        {{.since_ms = 1769860806000u}, "678", "since a time"},
        {{.since_ms = 1769860806001u}, "78", "since a millisecond later"},
        {{.function = STR_INIT("nobody")}, "", "a function that is not there"},
    };
    CLEANUP(scratch_remove) struct scratch s = scratch_make();

    for (size_t i = 0; i < COUNT(lines); i++)
        put_text(s.dir, "ledger.jsonl", str_of(lines[i]));
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(ledger_reader_freep) struct ledger_reader *r = open_reader(s.dir);

        CHECK_STR(str_of(ids(r, &rows[i].filter)), rows[i].ids, "filter: %s", rows[i].name);
    }
}

static void test_damage(void)
{
    static const struct {
        str text;
        const char *ids;
        size_t damaged;
        bool unfinished;
        const char *name;
    } rows[] = {
        {STR_INIT(""), "", 0, false, "an empty file"},
        {STR_INIT("\n\n" RECORD("1", "log", "") "\n"), "1", 0, false, "empty lines"},
        {STR_INIT("junk\n" RECORD("1", "log", "")), "1", 1, false, "a line that is not JSON"},
        {STR_INIT("[]\n{}\n7\n{\"time\":\"x\"}\n" RECORD("1", "log", "")), "1", 4, false,
         "JSON that is no record"},
        {STR_INIT("{\"time\":\"2026-\n" RECORD("1", "log", "")), "1", 1, false,
         "a torn line that was closed"},
        {STR_INIT("{\"time\":\"2026-" RECORD("1", "log", "")), "1", 1, false,
         "a record behind a torn one"},
        {STR_INIT("{\"ti{\"time\":\"2{\"time\":\"" RECORD("1", "log", "")), "1", 1, false,
         "a record behind several torn ones"},
        {STR_INIT("{\"time\":\"a\",\"kind\":\"log\",\"m\":\"{\\\"time\\\":\\\"\n" RECORD(
             "1", "log", "")),
         "1", 1, false, "text that looks like a record, in a torn one"},
        {STR_INIT(RECORD("1", "log", "") "{\"time\":\"2026"), "1", 0, true,
         "a line that is not finished"},
        {STR_INIT("{\"time\":\"\xff\",\"kind\":\"log\"}\n" RECORD("1", "log", "")), "1", 1,
         false, "bytes that are not UTF-8"},
        {STR_INIT("{\"time\":\"a\",\"kind\":\"\\u0000\",\"id\":\"0\"}\n\0\0\n"), "0", 1, false,
         "NULs, as after a power cut"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(scratch_remove) struct scratch s = scratch_make();
        CLEANUP(ledger_reader_freep) struct ledger_reader *r = open_reader(s.dir);
        static const struct ledger_filter all;

        put_text(s.dir, "ledger.jsonl", rows[i].text);
        CHECK_STR(str_of(ids(r, &all)), rows[i].ids, "damage: %s", rows[i].name);
        CHECK(ledger_reader_damaged(r) == rows[i].damaged &&
                  ledger_reader_unfinished(r) == rows[i].unfinished,
              "damage: %s: %zu lines are counted", rows[i].name, rows[i].damaged);
    }
}

static void test_long_line(void)
{
    static const struct ledger_filter all;
    static char junk[300000];
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = open_reader(s.dir);

    memset(junk, '{', sizeof(junk));
    put_text(s.dir, "ledger.jsonl", STR(RECORD("1", "log", "")));
    put_text(s.dir, "ledger.jsonl", (str){junk, sizeof(junk)});
    CHECK_STR(str_of(ids(r, &all)), "1", "a line without end");
    CHECK(ledger_reader_unfinished(r), "is waited for");
    put_text(s.dir, "ledger.jsonl", STR("{\n" RECORD("2", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "2", "passed over once it ends");
    CHECK(ledger_reader_damaged(r) == 1 && !ledger_reader_unfinished(r), "and counted once");
}

static void move(const char *dir, const char *from, const char *to)
{
    char old[160], new[160];

    snprintf(old, sizeof(old), "%s/%s", dir, from);
    snprintf(new, sizeof(new), "%s/%s", dir, to);
    if (rename(old, new) < 0)
        abort();
}

static void test_order(void)
{
    static const struct ledger_filter all;
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = open_reader(s.dir);

    CHECK_STR(str_of(ids(r, &all)), "", "a directory without a ledger is empty for now");
    put_text(s.dir, "ledger.jsonl", STR(RECORD("3", "log", "")));
    put_text(s.dir, "ledger-2026-01-31T12-00-01.000Z.jsonl", STR(RECORD("1", "log", "")));
    put_text(s.dir, "ledger-2026-01-31T12-00-02.000Z.jsonl", STR(RECORD("2", "log", "")));
    put_text(s.dir, "ledger-2026-01-31.jsonl", STR(RECORD("9", "log", "")));
    put_text(s.dir, "ledger-2026-01-31T12-00-02.000Z.jsonl.gz", STR(RECORD("9", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "123", "old files come first, other names not at all");
    put_text(s.dir, "ledger.jsonl", STR(RECORD("4", "log", "") "{\"time\":\"2026-01-31T12:00"));
    CHECK_STR(str_of(ids(r, &all)), "4", "what is appended is read");
    put_text(s.dir, "ledger.jsonl", STR(":05.000Z\",\"kind\":\"log\",\"id\":\"5\"}\n"));
    CHECK_STR(str_of(ids(r, &all)), "5", "and a line that came in two pieces");
    move(s.dir, "ledger.jsonl", "ledger-2026-01-31T12-00-03.000Z.jsonl");
    CHECK_STR(str_of(ids(r, &all)), "", "between two files it waits");
    put_text(s.dir, "ledger.jsonl", STR(RECORD("6", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "6", "then goes on in the new one");
    put_text(s.dir, "ledger-2026-01-31T12-00-03.000Z.jsonl", STR(RECORD("7", "log", "")));
    put_text(s.dir, "ledger.jsonl", STR(RECORD("8", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "87", "and sees who finishes into the renamed one");
    CHECK(ledger_reader_damaged(r) == 0, "without any damage");
}

/* Several rotations between two looks, and the oldest files gone. */
static void test_sleeping_reader(void)
{
    static const struct ledger_filter all;
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = open_reader(s.dir);

    put_text(s.dir, "ledger.jsonl", STR(RECORD("1", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "1", "a reader falls asleep");
    put_text(s.dir, "ledger.jsonl", STR(RECORD("2", "log", "")));
    move(s.dir, "ledger.jsonl", "ledger-2026-01-31T12-00-01.000Z.jsonl");
    put_text(s.dir, "ledger-2026-01-31T12-00-03.000Z.jsonl", STR(RECORD("3", "log", "")));
    put_text(s.dir, "ledger-2026-01-31T12-00-04.000Z.jsonl", STR(RECORD("4", "log", "")));
    put_text(s.dir, "ledger.jsonl", STR(RECORD("5", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "2345", "awake, it reads all files in between, once");
    move(s.dir, "ledger.jsonl", "gone");
    put_text(s.dir, "ledger-2026-01-31T12-00-06.000Z.jsonl", STR(RECORD("6", "log", "")));
    put_text(s.dir, "ledger.jsonl", STR(RECORD("7", "log", "")));
    CHECK_STR(str_of(ids(r, &all)), "67", "its own file removed, it goes on with the next");
}

static void test_refusals(void)
{
    static const struct ledger_filter all;
    CLEANUP(scratch_remove) struct scratch s = scratch_make();
    CLEANUP(ledger_reader_freep) struct ledger_reader *r = open_reader(s.dir);
    struct ledger_reader *none = NULL;
    char path[128];
    struct err e = {0};

    snprintf(path, sizeof(path), "%s/ledger.jsonl", s.dir);
    if (symlink("/etc/passwd", path) < 0)
        abort();
    CHECK_STR(str_of(ids(r, &all)), "failed", "a symbolic link is not followed");
    snprintf(path, sizeof(path), "%s/none", s.dir);
    CHECK(!ledger_reader_open(path, LEDGER_RECORDS, &none, &e) && e.code == ERR_INPUT && e.fix[0] && !none,
          "where there is no ledger, the error says how to begin one");
}

int main(void)
{
    test_filters();
    test_damage();
    test_long_line();
    test_order();
    test_sleeping_reader();
    test_refusals();
    return tap_end();
}
