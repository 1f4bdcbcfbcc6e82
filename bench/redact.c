/*
 * How fast output is redacted: ordinary log text, base64, and a function that prints the
 * beginning of a long secret over and over.
 */
#include "redact/redact.h"

#include <stdlib.h>
#include <time.h>

enum { SECRETS = 10, TEXT = 16 << 20, LONG_SECRET = 4096, ROUNDS = 5 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

static void fill_random(char *to, size_t n, uint32_t *state)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < n; i++)
        to[i] = letters[next_random(state) % 64];
}

static void fill_log(char *to, size_t n, uint32_t *state)
{
    static const char *const words[] = {"order", "accepted", "for", "customer",
                                        "with",  "total",    "EUR", "request",
                                        "in",    "ms",       "and", "cache"};
    size_t at = 0;

    while (at + 64 < n) {
        at += (size_t)sprintf(to + at, "%s %s %u%c", words[next_random(state) % COUNT(words)],
                              words[next_random(state) % COUNT(words)], next_random(state),
                              next_random(state) % 6 ? ' ' : '\n');
    }
    memset(to + at, '\n', n - at);
}

/* What stands in the text is the secret without its last part. */
static void fill_beginnings(char *to, size_t n, const char *secret)
{
    for (size_t at = 0; at < n; at += 80)
        memcpy(to + at, secret, n - at < 80 ? n - at : 80);
}

/* Of this process, so that its neighbours on the machine do not count. */
static uint64_t cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void measure(const struct redact *r, const char *name, str text)
{
    uint64_t best = UINT64_MAX;

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct redact_stream s = {.by = r};
        struct buf out = {.max = text.len + 1};
        uint64_t start = cpu_ns(), took;

        for (size_t at = 0; at < text.len; at += 65536)
            redact_stream_add(&s, str_sub(text, at, 65536), &out);
        redact_stream_flush(&s, &out);
        took = cpu_ns() - start;
        best = took < best ? took : best;
        redact_stream_free(&s);
        buf_free(&out);
    }
    printf("%-40s %6.0f MB/s of CPU time\n", name, (double)text.len * 1e3 / (double)best);
}

int main(void)
{
    static struct redact_mark marks[SECRETS * REDACT_FORMS_MAX];
    static char secrets[SECRETS][LONG_SECRET];
    const char *names[SECRETS];
    struct redact_key key;
    struct redact *r;
    struct err e = {0};
    uint32_t state = 1;
    size_t count = 0;
    char *text = malloc(TEXT);

    random_bytes(&key, sizeof(key));
    for (uint32_t i = 0; i < SECRETS; i++) {
        size_t len = i ? 16 + 4 * i : LONG_SECRET;

        names[i] = "SECRET";
        fill_random(secrets[i], len, &state);
        count += redact_marks(&key, (str){secrets[i], len}, i, marks + count);
    }
    if (!text || !redact_new(&key, marks, count, names, &r, &e))
        return 1;
    printf("%d secrets of 20 to %d bytes, %zu marks\n", SECRETS, LONG_SECRET, count);
    fill_log(text, TEXT, &state);
    measure(r, "log text", (str){text, TEXT});
    fill_random(text, TEXT, &state);
    measure(r, "base64", (str){text, TEXT});
    fill_beginnings(text, TEXT, secrets[0]);
    measure(r, "the beginning of a secret, repeated", (str){text, TEXT});
    redact_free(r);
    free(text);
    return 0;
}
