/*
 * What cleaning costs for each megabyte: text that is clean already, and text that is not,
 * against the library that does the same without looking first.
 */
#include "clean/clean.h"

#include <stdlib.h>
#include <time.h>
#include <uninorm.h>

enum { TEXT = 4 << 20, ROUNDS = 5 };

/* Of this process, so that its neighbours on the machine do not count. */
static uint64_t cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static str repeat(struct arena *a, const char *piece)
{
    size_t len = strlen(piece), n = TEXT / len;
    char *at = arena_alloc(a, n * len + 1);

    for (size_t i = 0; at && i < n; i++)
        memcpy(at + i * len, piece, len);
    return (str){at, at ? n * len : 0};
}

static double megabytes(str text, uint64_t ns)
{
    return (double)text.len * 1e3 / (double)ns;
}

static double by_rules(const struct clean *c, str text)
{
    uint64_t best = UINT64_MAX;

    for (unsigned i = 0; i < ROUNDS; i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new((size_t)128 << 20);
        struct clean_outcome o;
        uint64_t start = cpu_ns(), took;

        if (!clean_text(c, a, text, &o))
            return 0;
        took = cpu_ns() - start;
        best = took < best ? took : best;
    }
    return megabytes(text, best);
}

static double by_library(str text)
{
    uint64_t best = UINT64_MAX;

    for (unsigned i = 0; i < ROUNDS; i++) {
        size_t n = 0;
        uint64_t start = cpu_ns(), took;
        uint8_t *made = u8_normalize(UNINORM_NFC, (const uint8_t *)text.at, text.len, NULL, &n);

        took = cpu_ns() - start;
        best = took < best ? took : best;
        free(made);
    }
    return megabytes(text, best);
}

static struct clean *read_rules(struct arena *a, const char *rules)
{
    struct json_limits limits = json_limits_event;
    const struct json *at;
    struct clean *c = NULL;
    struct json *source;
    struct err e = {0};

    limits.bytes = strlen(rules);
    if (!json_read(a, str_of(rules), &limits, &source, &e) ||
        !clean_read(a, source, &c, &at, &e))
        return NULL;
    return c;
}

static const struct {
    const char *rules, *name, *text;
    bool library; /* has a like of it */
} rows[] = {
    {"\"nfc\"", "NFC, ASCII", "An order for 3 books, to be sent by post. ", true},
    {"\"nfc\"", "NFC, German",
     "Gr\xc3\xb6\xc3\x9f"
     "e und \xc3\x9c"
     "bergr\xc3\xb6\xc3\x9f"
     "e. ",
     true},
    {"\"nfc\"", "NFC, Chinese",
     "\xe8\xae\xa2\xe5\x8d\x95\xe5\xb7\xb2\xe5\x8f\x91\xe8\xb4\xa7\xe3\x80\x82", true},
    {"\"nfc\"", "NFC, Hindi",
     "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80 ", true},
    {"\"nfc\"", "NFC, decomposed once in a line",
     "An order for a cafe\xcc\x81, to be sent by post tomorrow at noon. ", true},
    {"\"nfc\"", "NFC, all decomposed",
     "e\xcc\x81"
     "a\xcc\x80o\xcc\x88",
     true},
    {"[\"strip-control\", \"strip-bidi\", \"strip-zero-width\", \"nfc\", \"trim\"]",
     "five rules, ASCII", "An order for 3 books, to be sent by post. ", false},
    {"\"html\"", "HTML, plain text", "An order for 3 books, to be sent by post. ", false},
    {"\"html\"", "HTML, clean",
     "<p>An <b>order</b> for 3 books, to be sent by <em>post</em>.</p>", false},
    {"\"html\"", "HTML, hostile",
     "<p onclick=x>a<script>alert(1)</script><a href=\"jav&#x61;script:x\">b</a><svg><style>",
     false},
};

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)256 << 20);

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct clean *c = read_rules(a, rows[i].rules);
        str text = repeat(a, rows[i].text);
        double ours = c && text.at ? by_rules(c, text) : 0, theirs;

        if (!ours)
            return 2;
        printf("%-36s %6.0f MB/s", rows[i].name, ours);
        theirs = rows[i].library ? by_library(text) : 0;
        if (theirs > 0)
            printf(", libunistring %4.0f, %5.1f times as fast", theirs, ours / theirs);
        printf("\n");
    }
    return 0;
}
