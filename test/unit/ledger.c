/*
 * ledger: what a record looks like, in the file and to people.
 */
#include "tap.h"
#include "ledger.h"

static struct json *read_back(struct arena *a, str line)
{
    static const struct json_limits limits = {
        .bytes = LEDGER_RECORD_MAX, .depth = 2, .nodes = 4096};
    struct json *v = NULL;
    struct err e = {0};

    arena_reset(a);
    if (!line.len || str_find(line, '\n') != line.len - 1 ||
        !json_read(a, str_sub(line, 0, line.len - 1), &limits, &v, &e))
        return NULL;
    return v;
}

static double number_in(const struct json *v, const char *name)
{
    const struct json *member = json_get(v, str_of(name));
    double n = -1;

    return member && json_is_number(member, &n) ? n : -1;
}

static void test_shape(void)
{
    CLEANUP(ledger_record_free) struct ledger_record r = {0};

    ledger_begin(&r, LEDGER_INVOCATION, 1769862896789u);
    ledger_text(&r, LEDGER_FAAS_NAME, STR("orders"));
    ledger_truth(&r, LEDGER_FAAS_COLDSTART, true);
    ledger_truth(&r, "other", false);
    ledger_number(&r, LEDGER_HTTP_STATUS, 200);
    ledger_millis(&r, LEDGER_DURATION_MS, 12345678);
    ledger_millis(&r, LEDGER_QUEUE_MS, 999);
    CHECK_STR(ledger_end(&r),
              "{\"time\":\"2026-01-31T12:34:56.789Z\",\"kind\":\"invocation\","
              "\"faas.name\":\"orders\",\"faas.coldstart\":true,\"other\":false,"
              "\"http.response.status_code\":200,\"duration_ms\":12.345,\"queue_ms\":0.000}\n",
              "a record is one flat object on one line");
    ledger_begin(&r, LEDGER_LOG, 0);
    CHECK_STR(ledger_end(&r), "{\"time\":\"1970-01-01T00:00:00.000Z\",\"kind\":\"log\"}\n",
              "a record is built anew in the memory of the last");
}

static void test_hostile_text(void)
{
    static const struct {
        str text;
        const char *back, *name;
    } rows[] = {
        {STR_INIT("a\nb\r\nc"), "a\nb\r\nc", "line breaks"},
        {STR_INIT("\"},{\"kind\":\"x"), "\"},{\"kind\":\"x", "quotes and braces"},
        {STR_INIT("{\"time\":\"2026"), "{\"time\":\"2026", "the start of a record"},
        {STR_INIT("\x1b[2J\x07\x7f"), "\x1b[2J\x07\x7f", "escape sequences"},
        {STR_INIT("a\xff\xfe\x80z"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz",
         "bytes not UTF-8"},
        {STR_INIT("\xe2\x80\xa8x"), "\xe2\x80\xa8x", "a Unicode line separator"},
    };
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(ledger_record_free) struct ledger_record r = {0};

    for (size_t i = 0; i < COUNT(rows); i++) {
        str line;

        ledger_begin(&r, LEDGER_LOG, 1);
        ledger_text(&r, LEDGER_MESSAGE, rows[i].text);
        line = ledger_end(&r);
        CHECK_STR(json_get_str(read_back(a, line), STR(LEDGER_MESSAGE)), rows[i].back,
                  "%s stay inside their record", rows[i].name);
        CHECK(str_find(line, '\x1b') == line.len && str_find(line, '\x7f') == line.len &&
                  str_find_str(str_sub(line, 1, line.len), STR("{\"time\":\"")) == line.len - 1,
              "%s: no control character and no second record on the line", rows[i].name);
    }
}

static str repeat(struct arena *a, str piece, size_t count)
{
    char *at = arena_alloc(a, piece.len * count);

    for (size_t i = 0; at && i < count; i++)
        memcpy(at + i * piece.len, piece.at, piece.len);
    return (str){at, at ? piece.len * count : 0};
}

static void test_cutting(void)
{
    static const struct {
        str piece;
        size_t count, kept; /* kept 0: as much as finds room */
        const char *name;
    } rows[] = {
        {STR_INIT("a"), LEDGER_TEXT_MAX, LEDGER_TEXT_MAX, "text of exactly the maximum"},
        {STR_INIT("a"), LEDGER_TEXT_MAX + 1, LEDGER_TEXT_MAX, "one byte more"},
        {STR_INIT("\xc3\xbc"), 5000, LEDGER_TEXT_MAX, "two-byte letters"},
        {STR_INIT("\xe2\x82\xac"), 5000, LEDGER_TEXT_MAX - 2, "three-byte letters"},
        {STR_INIT("\xf0\x9f\x98\x80"), 1u << 18, LEDGER_TEXT_MAX, "a megabyte of emoji"},
        {STR_INIT("\x01"), 9000, 0, "control characters"},
        {STR_INIT("\""), 9000, 0, "quotes"},
        {STR_INIT("\xff"), 9000, 0, "bytes not UTF-8"},
        {STR_INIT("\x80"), 9000, 0, "stray continuation bytes"},
    };
    CLEANUP(arena_freep)
    struct arena *text = arena_new(0), *a CLEANUP(arena_freep) = arena_new(0);
    CLEANUP(ledger_record_free) struct ledger_record r = {0};

    for (size_t i = 0; i < COUNT(rows); i++) {
        str whole = repeat(text, rows[i].piece, rows[i].count);
        const struct json *back;
        double cut;
        str got;

        ledger_begin(&r, LEDGER_LOG, 1);
        ledger_text(&r, LEDGER_MESSAGE, whole);
        ledger_text(&r, LEDGER_FAAS_NAME, STR("orders"));
        back = read_back(a, ledger_end(&r));
        got = json_get_str(back, STR(LEDGER_MESSAGE));
        cut = number_in(back, LEDGER_MESSAGE "_cut");
        CHECK(r.line.len <= LEDGER_RECORD_MAX &&
                  str_is(json_get_str(back, STR(LEDGER_FAAS_NAME)), "orders"),
              "%s: the record is whole and no longer than its maximum", rows[i].name);
        if (rows[i].kept)
            CHECK(got.len == rows[i].kept && str_starts(whole, got) &&
                      cut == (got.len == whole.len ? -1 : (double)(whole.len - got.len)),
                  "%s are cut at the border of a character, and counted", rows[i].name);
        else
            CHECK(got.len > 2000 && cut >= (double)(whole.len - LEDGER_TEXT_MAX),
                  "%s are cut to the room there is, and counted", rows[i].name);
    }
}

/* What was sent is kept whole where it can be: it may be sent again. */
static void test_quarantined(void)
{
    static const struct {
        str piece;
        size_t count, kept; /* kept 0: as much as finds room */
        const char *name;
    } rows[] = {
        {STR_INIT("a"), LEDGER_PAYLOAD_MAX, LEDGER_PAYLOAD_MAX, "a payload of the maximum"},
        {STR_INIT("a"), LEDGER_PAYLOAD_MAX + 1, LEDGER_PAYLOAD_MAX, "one byte more"},
        {STR_INIT("\x01"), LEDGER_PAYLOAD_MAX, 0, "control characters"},
    };
    CLEANUP(arena_freep) struct arena *text = arena_new(0);
    CLEANUP(ledger_record_free) struct ledger_record r = {0};
    struct json_limits limits = {.bytes = LEDGER_QUARANTINED_MAX, .depth = 2, .nodes = 64};

    for (size_t i = 0; i < COUNT(rows); i++) {
        str whole = repeat(text, rows[i].piece, rows[i].count), got;
        struct json *back = NULL;
        struct err e = {0};

        ledger_begin(&r, LEDGER_QUARANTINED, 1);
        ledger_text(&r, LEDGER_PAYLOAD, whole);
        ledger_text(&r, LEDGER_FAAS_NAME, STR("orders"));
        CHECK(json_read(text, str_trim(ledger_end(&r)), &limits, &back, &e) &&
                  str_is(json_get_str(back, STR(LEDGER_KIND)), "quarantine") &&
                  str_is(json_get_str(back, STR(LEDGER_FAAS_NAME)), "orders"),
              "%s: the record is whole %s", rows[i].name, e.what);
        got = json_get_str(back, STR(LEDGER_PAYLOAD));
        CHECK(rows[i].kept ? got.len == rows[i].kept : got.len > LEDGER_TEXT_MAX,
              "%s: as much is kept as may be", rows[i].name);
    }
}

static void test_no_room(void)
{
    CLEANUP(arena_freep)
    struct arena *text = arena_new(0), *a CLEANUP(arena_freep) = arena_new(0);
    CLEANUP(ledger_record_free) struct ledger_record r = {0};
    str large = repeat(text, STR("x"), 9000);
    const struct json *back;

    ledger_begin(&r, LEDGER_INVOCATION, 1);
    ledger_text(&r, LEDGER_ERROR_MESSAGE, large);
    ledger_text(&r, LEDGER_STACKTRACE, large);
    ledger_text(&r, LEDGER_MESSAGE, large);
    ledger_number(&r, LEDGER_HTTP_STATUS, 500);
    back = read_back(a, ledger_end(&r));
    CHECK(number_in(back, LEDGER_HTTP_STATUS) == 500, "numbers find room behind long texts");
    CHECK(json_get_str(back, STR(LEDGER_STACKTRACE)).len > 6000 &&
              number_in(back, LEDGER_MESSAGE "_cut") == 9000,
          "the first texts get the room, the last is all cut");
    ledger_begin(&r, LEDGER_INVOCATION, 1);
    for (unsigned i = 0; i < 2000; i++) {
        char name[32];

        snprintf(name, sizeof(name), "number%u", i);
        ledger_number(&r, name, i);
    }
    back = read_back(a, ledger_end(&r));
    CHECK(back && number_in(back, LEDGER_MEMBERS_DROPPED) == 2000 - (back->count - 3),
          "members without room are left out whole, and counted");
}

/* Members of all kinds and sizes in any order: the line must always be a record. */
static void test_any_members(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(ledger_record_free) struct ledger_record r = {0};
    static char bytes[20000];
    uint64_t dice = 88172645463325252u;
    size_t wrong = 0;

    for (unsigned round = 0; round < 3000; round++) {
        ledger_begin(&r, LEDGER_LOG, round);
        for (unsigned i = 0; i < round % 9; i++) {
            char name[] = "member0";
            size_t len;

            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            len = (size_t)(dice >> 8) % (dice & 1 ? 40 : sizeof(bytes));
            name[6] = (char)('0' + i);
            memset(bytes, (int)(dice >> 40), len);
            memcpy(bytes + len / 2, &dice, len > 16 ? sizeof(dice) : 0);
            ledger_text(&r, name, (str){bytes, len});
        }
        wrong += !read_back(a, ledger_end(&r)) || r.line.len > LEDGER_RECORD_MAX;
    }
    CHECK(wrong == 0, "3000 records of random bytes are all valid lines");
}

static void test_fields(void)
{
    const char *source = getenv("FNWARD_SOURCE");
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};
    str path, manual;

    if (!source) {
        tap_skip("FNWARD_SOURCE does not name the source tree");
        return;
    }
    path = path_join(a, str_of(source), STR("docs/ledger.md"));
    if (!CHECK(file_read(a, path.at, 1 << 20, &manual, &e), "docs/ledger.md can be read"))
        return;
    for (const struct ledger_field *f = ledger_fields; f->name; f++)
        CHECK(str_find_str(manual, arena_format(a, "| `%s` | %s |\n", f->name, f->meaning)) <
                  manual.len,
              "docs/ledger.md tells the meaning of '%s'", f->name);
}

static void test_show(void)
{
    static const struct {
        const char *members, *text;
    } rows[] = {
        {"\"kind\":\"invocation\",\"faas.name\":\"orders\",\"outcome\":\"ok\","
         "\"http.response.status_code\":200,\"http.request.method\":\"POST\","
         "\"http.route\":\"/orders\",\"duration_ms\":12.345",
         "invoked  orders  200 POST /orders 12.3 ms"},
        {"\"kind\":\"invocation\",\"faas.name\":\"f\",\"outcome\":\"error\","
         "\"faas.trigger\":\"other\",\"duration_ms\":3.000,\"faas.coldstart\":true,"
         "\"init_duration_ms\":41.02,\"error.type\":\"TypeError\",\"error.message\":\"no id\","
         "\"exception.stacktrace\":\"at a\\nat b\"",
         "error    f  other 3.0 ms cold start 41.0 ms TypeError no id\n"
         "             | at a\n"
         "             | at b"},
        {"\"kind\":\"denial\",\"faas.name\":\"orders\",\"action\":\"open\","
         "\"subject\":\"/etc/passwd\",\"reason\":\"not in may.read\"",
         "denied   orders  open /etc/passwd (not in may.read)"},
        {"\"kind\":\"denial\",\"action\":\"route\",\"http.request.method\":\"GET\","
         "\"url.path\":\"/nowhere\",\"repeated\":3",
         "denied   -  route GET /nowhere 3 times"},
        {"\"kind\":\"invocation\",\"faas.name\":\"f\",\"outcome\":\"throttled\"", "limited  f"},
        {"\"kind\":\"connection\",\"faas.name\":\"f\",\"server.address\":\"api.example.com\","
         "\"server.port\":443,\"bytes_out\":10,\"bytes_in\":20,\"duration_ms\":1",
         "connect  f  api.example.com:443 out 10 bytes in 20 bytes 1.0 ms"},
        {"\"kind\":\"lifecycle\",\"faas.name\":\"f\",\"event\":\"crash\","
         "\"faas.instance\":\"f-1\",\"process.exit.signal\":9",
         "crash    f  instance f-1 signal 9"},
        {"\"kind\":\"connection\",\"faas.name\":\"f\",\"outcome\":\"ok\",\"event\":\"close\","
         "\"server.address\":\"a.example\",\"server.port\":1,"
         "\"network.peer.address\":\"192.0.2.7\"",
         "close    f  a.example:1 at 192.0.2.7"},
        {"\"kind\":\"lifecycle\",\"event\":\"start\",\"message\":\"fnward 1\"",
         "start    -  fnward 1"},
        {"\"kind\":\"lifecycle\",\"faas.name\":\"f\",\"event\":\"new\",\"faas.instance\":3",
         "instance f  new instance 3"},
        {"\"kind\":\"log\",\"faas.name\":\"f\",\"message\":\"text\"", "log      f  | text"},
        {"\"kind\":\"log\",\"faas.name\":\"f\",\"dropped\":7,\"message\":\"a\\nb\"",
         "log      f  (7 lines left out) | a\n             | b"},
        {"\"kind\":\"log\",\"faas.name\":\"f\","
         "\"message\":\"\\u001b[2J\\r\\u0085\\u202e\\u0000gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80\"",
         "log      f  | \\x1b[2J\\x0d\\u0085\\u202e\\x00gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80"},
        {"\"kind\":\"denial\",\"faas.name\":\"f\\n12:00:00.000\",\"subject\":\"a\\nb\"",
         "denied   f 12:00:00.000  a\\nb"},
        {"\"kind\":\"new\",\"faas.name\":7", "log      7  |"},
    };
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    char line[1024], text[512];

    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(line, sizeof(line), "{\"time\":\"2026-01-31T12:03:01.123Z\",%s}\n",
                 rows[i].members);
        snprintf(text, sizeof(text), "12:03:01.123 %s\n", rows[i].text);
        buf_clear(&b);
        ledger_show(&b, read_back(a, str_of(line)), false);
        CHECK_STR(buf_str(&b), text, "people see row %zu", i);
    }
    buf_clear(&b);
    ledger_show(&b,
                read_back(a, STR("{\"time\":\"2026-01-31T12:03:01.123Z\",\"kind\":\"log\","
                                 "\"message\":\"m\"}\n")),
                true);
    CHECK_STR(buf_str(&b), "12:03:01.123 \x1b[2mlog     \x1b[0m -  | m\n",
              "the kind alone is coloured");
}

int main(void)
{
    test_shape();
    test_hostile_text();
    test_cutting();
    test_quarantined();
    test_no_room();
    test_any_members();
    test_fields();
    test_show();
    return tap_end();
}
