#include "tap.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_str(void)
{
    str rest = STR("a,b,,c"), part;
    uint64_t n = 7;
    unsigned parts = 0;

    while (str_cut(&rest, ',', &part))
        parts++;
    CHECK(parts == 4, "cutting keeps empty parts");
    CHECK_STR(str_trim(STR("\t x y \r\n")), "x y", "trimming leaves inner space");
    CHECK(str_to_u64(STR("65535"), 65535, &n) && n == 65535, "a number up to its maximum");
    CHECK(!str_to_u64(STR("65536"), 65535, &n) && n == 65535, "not past it, ret untouched");
    CHECK(!str_to_u64(STR("+1"), 9, &n) && !str_to_u64(STR(""), 9, &n), "digits only");
    CHECK(!str_to_u64(STR("18446744073709551616"), UINT64_MAX, &n), "2^64 does not wrap");
    CHECK(str_distance(STR("conect"), STR("connect")) == 1, "a missing letter is one edit");
    CHECK(str_distance(STR("raed"), STR("read")) == 1, "a swap is one edit");
    CHECK(str_equal_nocase(STR("Host"), STR("hOST")), "ASCII case is folded");
    CHECK(str_compare(STR("ab"), STR("abc")) < 0, "the shorter comes first");
    CHECK(str_find_str(STR("hello"), STR("lo")) == 3, "a substring is found");
    CHECK(str_find_str((str){NULL, 0}, STR("lo")) == 0, "not in a text that is not there");
    CHECK(!str_sub((str){NULL, 0}, 3, 9).at, "nothing of nothing is nothing");
}

static void test_hash(void)
{
    static const char text[] = "the quick brown fox jumps over the lazy dog";
    unsigned equal = 0;

    for (size_t n = 0; n + 1 < sizeof(text); n++) {
        char changed[sizeof(text)];

        memcpy(changed, text, sizeof(text));
        changed[n] ^= 1;
        for (size_t len = n; len <= n + 1; len++)
            equal += str_hash((str){text, len}, 7) == str_hash((str){changed, len}, 7);
        equal += 2 * (str_hash((str){text, n}, 7) == str_hash((str){text, n}, 8));
        equal += 2 * (str_hash((str){text, n}, 7) == str_hash((str){text, n + 1}, 7));
    }
    CHECK(equal == sizeof(text) - 1, "a hash depends on every byte, the length and the seed");
}

static void test_utf8(void)
{
    static const struct {
        str text;
        bool valid;
        const char *name;
    } rows[] = {
        {STR_INIT("gr\xc3\xbc\xc3\x9f"), true, "two-byte letters"},
        {STR_INIT("\xf0\x9f\x98\x80"), true, "an emoji"},
        {STR_INIT("\xc0\xaf"), false, "an overlong slash"},
        {STR_INIT("\xed\xa0\x80"), false, "a surrogate"},
        {STR_INIT("\xf4\x90\x80\x80"), false, "past U+10FFFF"},
        {STR_INIT("\xe2\x82"), false, "a cut sequence"},
        {STR_INIT("\xff"), false, "a byte that never occurs"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(str_is_utf8(rows[i].text) == rows[i].valid, "UTF-8: %s", rows[i].name);
}

static void test_code_points(void)
{
    static const uint32_t points[] = {0x0,    0x7f,   0x80,   0x7ff,   0x800,
                                      0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    char bytes[COUNT(points) * 4];
    str text = {bytes, 0};
    uint32_t c = 0;
    size_t at = 0;

    for (size_t i = 0; i < COUNT(points); i++)
        text.len += str_utf8_write(bytes + text.len, points[i]);
    CHECK(str_is_utf8(text), "what is written is UTF-8");
    for (size_t i = 0; i < COUNT(points); i++)
        CHECK(str_utf8_take(text, &at, &c) && c == points[i], "U+%04X is read back", points[i]);
    CHECK(!str_utf8_take(text, &at, &c) && at == text.len, "behind the end there is none");
    at = 0;
    CHECK(!str_utf8_take(STR("\xed\xa0\x80"), &at, &c) && at == 0, "half a pair is none");
    CHECK(str_utf8_count(text) == COUNT(points), "they are counted");
    CHECK_STR(str_utf8_cut(STR("a\u20acb"), 3), "a", "no character is cut in two");
    CHECK_STR(str_utf8_cut(STR("a\u20acb"), 4), "a\u20ac", "whole ones stay");
    CHECK_STR(str_utf8_cut(STR("a\u20acb"), 5), "a\u20acb", "what is short enough stays");
}

static void test_arena(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(100000);
    char *first = arena_alloc(a, 10), *large = arena_alloc(a, 50000);
    uint32_t *numbers = NULL;
    size_t room = 0;
    bool grew = true;
    void *none;

    CHECK(first && (uintptr_t)first % 16 == 0, "allocations are aligned");
    CHECK(large && (uintptr_t)large % 16 == 0, "large ones as well");
    CHECK(large && large[49999] == 0, "memory is zeroed");
    none = arena_alloc(a, 60000);
    CHECK(!none, "nothing past the limit");
    none = arena_array(a, SIZE_MAX / 2, 4);
    CHECK(!none, "an overflowing product is refused");
    for (uint32_t i = 0; i < 1000 && grew; i++) {
        grew = arena_grow(a, &numbers, i, &room, sizeof(*numbers));
        if (grew)
            numbers[i] = i;
    }
    CHECK(grew && numbers[0] == 0 && numbers[999] == 999, "an array grows and keeps its own");
    room = 20000;
    grew = arena_grow(a, &numbers, room, &room, sizeof(*numbers));
    CHECK(!grew && room == 20000 && numbers[999] == 999, "past the limit it stays as it was");
    arena_reset(a);
    CHECK(arena_used(a) == 0 && arena_alloc(a, 60000), "after a reset there is room again");
}

static void test_buf(void)
{
    CLEANUP(buf_free) struct buf b = {.max = 8};

    buf_add(&b, STR("1234"));
    buf_add_u64(&b, 567);
    CHECK_STR(buf_str(&b), "1234567", "appending");
    buf_add(&b, STR("89"));
    CHECK(b.failed && b.len == 7, "past the maximum nothing is added and it shows");
    buf_clear(&b);
    buf_add(&b, STR("abc"));
    buf_drop(&b, 1);
    CHECK_STR(buf_str(&b), "bc", "dropping from the front");
}

static void test_err(void)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct err e = {0};

    err_at(&e,
           (struct place){.file = "fnward.yaml",
                          .text = STR("version: 1\n  conect: x\n"),
                          .line = 2,
                          .column = 3,
                          .width = 6},
           "'%s' is not a permission", "conect");
    err_fix(&e, "did you mean '%s'?", "connect");
    err_render(&b, &e);
    CHECK_STR(buf_str(&b),
              "fnward.yaml:2:3: error: 'conect' is not a permission\n"
              "    2 |   conect: x\n"
              "      |   ^~~~~~\n"
              "  fix: did you mean 'connect'?\n",
              "an error shows place, carets and fix");
    err_wrap(&e, "reading the contract");
    CHECK_STR(str_of(e.what), "reading the contract: 'conect' is not a permission",
              "wrapping puts the context in front");
    e = (struct err){0};
    errno = EACCES;
    err_sys(&e, "cannot open '%s'", "x\x1b[2J");
    buf_clear(&b);
    err_render(&b, &e);
    CHECK(e.code == ERR_DENIED && e.sysno == EACCES, "EACCES is a denial");
    CHECK(str_find(buf_str(&b), '\x1b') == b.len, "escape sequences never reach the terminal");
}

static void test_paths(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    static const char *rows[][3] = {
        {"/srv", "a/../b", "/srv/b"},
        {"/srv", "../../../etc", "/etc"},
        {"/srv", "/abs/./x", "/abs/x"},
        {"rel", "../../up", "../up"},
        {".", "x", "x"},
        {"/", ".", "/"},
    };
    const char *c;
    struct err e = {0};

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_STR(path_join(a, str_of(rows[i][0]), str_of(rows[i][1])), rows[i][2],
                  "joining '%s' and '%s'", rows[i][0], rows[i][1]);
    CHECK(path_is_below(STR("/a/b"), STR("/a")) && !path_is_below(STR("/ab"), STR("/a")),
          "a path is below a directory, not below its prefix");
    CHECK(!path_c(a, (str){"a\0b", 3}, &c, &e), "a NUL inside a path is refused");
}

static void test_files(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    char dir[] = "/tmp/fnward-base-XXXXXX", path[64], fifo[64];
    struct err e = {0};
    str text = {0};

    if (!mkdtemp(dir))
        abort();
    snprintf(path, sizeof(path), "%s/file", dir);
    snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
    CHECK(file_replace(path, STR("one"), 0600, &e), "a file is written");
    CHECK(file_read(a, path, 3, &text, &e) && str_is(text, "one"), "and read up to its limit");
    CHECK(!file_read(a, path, 2, &text, &e) && e.code == ERR_LIMIT, "not past it");
    if (mkfifo(fifo, 0600) < 0)
        abort();
    e = (struct err){0};
    CHECK(!file_read(a, fifo, 9, &text, &e) && e.code == ERR_INPUT, "a FIFO does not hang us");
    unlink(path);
    unlink(fifo);
    rmdir(dir);
}

static void test_clock_and_bytes(void)
{
    static const char *const base64[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE="};
    char iso[25], hex[9] = {0};
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf text = {0};
    str decoded = {0};
    unsigned char bytes[4] = {0};

    for (size_t i = 0; i < COUNT(base64); i++) {
        buf_clear(&text);
        base64_encode(&text, (str){"foobar", i});
        CHECK_STR(buf_str(&text), base64[i], "base64 of %zu bytes (RFC 4648)", i);
        CHECK(base64_decode(a, buf_str(&text), &decoded) && decoded.len == i, "and back");
    }
    CHECK(!base64_decode(a, STR("Zm9"), &decoded) && !base64_decode(a, STR("Zh=="), &decoded) &&
              !base64_decode(a, STR("Zm 9"), &decoded),
          "base64 with missing padding, stray bits or a space is refused");
    clock_iso(1769862896789u, iso);
    CHECK_STR(str_of(iso), "2026-01-31T12:34:56.789Z", "time in ISO 8601");
    CHECK(hex_read(STR("DEADbeef"), bytes, 4), "hex of either case is read");
    hex_write(hex, bytes, 4);
    CHECK_STR(str_of(hex), "deadbeef", "and written in lower case");
    CHECK(!hex_read(STR("dead"), bytes, 4) && !hex_read(STR("deadbeeg"), bytes, 4),
          "wrong lengths and digits are refused");
}

int main(void)
{
    test_str();
    test_hash();
    test_utf8();
    test_code_points();
    test_arena();
    test_buf();
    test_err();
    test_paths();
    test_files();
    test_clock_and_bytes();
    return tap_end();
}
