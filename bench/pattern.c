/*
 * Matching patterns that people write: nanoseconds for each text, beside PCRE2's matcher in
 * machine code, with the options that a validator needs. PCRE2 gets no check of its text.
 */
#include "pattern/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <math.h>
#include <pcre2.h>
#include <stdlib.h>

enum { ROUNDS = 20000 };

static const struct {
    const char *pattern, *text;
} rows[] = {
    {"^[a-z0-9_-]+$", "some-package_name"},
    {"^[a-z0-9_-]+$", "some-package.name"},
    {"^.{1,64}$", "a comment of middling length"},
    {"^\\d{4}-\\d{2}-\\d{2}$", "2024-02-29"},
    {"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", "#c0ffee"},
    {"^(GET|PUT|POST|DELETE|PATCH)$", "DELETE"},
    {"^(\\d+\\.)?(\\d+\\.)?(\\*|\\d+)$", "10.42.1"},
    {"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$", "someone@mail.example.com"},
    {"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "2eb8aa08-aa98-11ea-b4aa-73b441d16380"},
    {"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", "www.some-host.example.com"},
    {"^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\\d{12}:.+$",
     "arn:aws:lambda:eu-west-1:123456789012:function:a"},
    {"^\\$\\{.+\\}$", "${some.variable}"},
    {"^(?!.*--)[a-z][a-z0-9-]*$", "a-name-of-a-thing"},
    {"^x-", "content-type"},
    {"\\.(jpg|png|gif)$", "images/some/long/folder/picture.png"},
    {"^[^\\s]+$", "une-cl\xc3\xa9-d\xc3\xa9licate"},
};

struct peer {
    pcre2_code *code;
    pcre2_match_data *data;
};

static void peer_free(struct peer *p)
{
    pcre2_match_data_free(p->data);
    pcre2_code_free(p->code);
}

static bool peer_new(const char *text, struct peer *ret)
{
    int why;
    size_t at;

    ret->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                              PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &why,
                              &at, NULL);
    if (!ret->code || pcre2_jit_compile(ret->code, PCRE2_JIT_COMPLETE) != 0)
        return false;
    ret->data = pcre2_match_data_create(1, NULL);
    return ret->data != NULL;
}

static bool peer_matches(const struct peer *p, str text)
{
    return pcre2_jit_match(p->code, (PCRE2_SPTR)text.at, text.len, 0, 0, p->data, NULL) >= 0;
}

static bool ours_matches(struct pattern *p, str text)
{
    uint64_t work = 1000000;

    return pattern_match(p, text, &work) == PATTERN_HOLDS;
}

static void free_pattern(struct pattern **p)
{
    pattern_free(*p);
}

/* The best of many, since others work on the machine too. */
static double per_text(struct pattern *p, const struct peer *peer, str text)
{
    double best = 1e9;

    for (unsigned i = 0; i < 40; i++) {
        uint64_t start = clock_mono_ns();
        unsigned held = 0;
        double ns;

        for (unsigned k = 0; k < ROUNDS; k++) {
            /* The text is not known to the compiler, nor is that it stays. */
            __asm__ volatile("" : : "r"(text.at) : "memory");
            held += p ? ours_matches(p, text) : peer_matches(peer, text);
        }
        ns = (double)(clock_mono_ns() - start) / ROUNDS;
        if (ns < best && (held == 0 || held == ROUNDS))
            best = ns;
    }
    return best;
}

/* Texts that make matchers explode: milliseconds for each megabyte, made new each time. */
static const struct {
    const char *pattern, *part, *end;
} hostile[] = {
    {"^(a+)+$", "a", "!"},
    {"^([a-zA-Z0-9]+\\s?)*$", "aB1", "!"},
    {"(.*)*=(.*)*x", "=", ""},
    {"^([a-z]|[0-9])*$", "a1", ""},
    {"^([a-z]|[0-9])*$", "a1", "-"},
    {"\\d+[xy]", "1", ""},
    {"(?:\\d{2,}|[a-c]{3,9})[xy]", "1", ""},
    {"(a|aa|aaa)*b", "a", ""},
    {"(?=(a+)+$)b", "a", "!"},
    {"(?<!x(a*)*)b", "a", "b"},
    {"(?:(?!--)[a-z-])+$", "a-", "!"},
    {"\\p{L}+\\b$", "\xc3\xa9", ""},
    {"(a|b)*a(a|b){12}c", "abbabab", ""},
    {"[a-z]{1,1000}x", "ab", ""},
};

static void fill(char *text, size_t len, const char *part, const char *end)
{
    size_t n = strlen(part), tail = strlen(end);

    for (size_t i = 0; i < len; i++)
        text[i] = part[i % n];
    memcpy(text + len - tail, end, tail);
}

static bool measure_hostile(void)
{
    enum { LEN = 1 << 20 };
    char *text = malloc(LEN);

    printf("\n%-58s %9s\n", "pattern, for a hostile megabyte", "ms");
    for (size_t i = 0; text && i < COUNT(hostile); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL;
        uint64_t work = 3000000000, start;
        struct err e = {0};
        static const char *const words[] = {"fails", "holds", "undecided"};
        enum pattern_verdict verdict;

        fill(text, LEN, hostile[i].part, hostile[i].end);
        if (!pattern_compile(str_of(hostile[i].pattern), &p, &e))
            return false;
        start = clock_mono_ns();
        verdict = pattern_match(p, (str){text, LEN}, &work);
        printf("%-58s %9.1f %s\n", hostile[i].pattern, (double)(clock_mono_ns() - start) / 1e6,
               words[verdict]);
    }
    free(text);
    return true;
}

int main(void)
{
    double product = 0;

    printf("%-58s %9s %12s %6s\n", "pattern", "ours ns", "pcre2-jit ns", "ratio");
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(free_pattern) struct pattern *p = NULL;
        CLEANUP(peer_free) struct peer peer = {0};
        str text = str_of(rows[i].text);
        struct err e = {0};
        double ours, theirs;

        if (!pattern_compile(str_of(rows[i].pattern), &p, &e) ||
            !peer_new(rows[i].pattern, &peer) ||
            ours_matches(p, text) != peer_matches(&peer, text)) {
            printf("%s: the two disagree: %s\n", rows[i].pattern, e.what);
            return 1;
        }
        ours = per_text(p, NULL, text);
        theirs = per_text(NULL, &peer, text);
        product += log(ours / theirs);
        printf("%-58s %9.1f %12.1f %6.2f\n", rows[i].pattern, ours, theirs, ours / theirs);
    }
    printf("%-58s %29.2f\n", "geometric mean", exp(product / COUNT(rows)));
    return !measure_hostile();
}
