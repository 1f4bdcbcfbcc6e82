/*
 * tap: a test program is a list of named checks, reported in the Test Anything Protocol.
 *
 *     int main(void) {
 *         CHECK(1 + 1 == 2, "one and one are two");
 *         CHECK_STR(found, "expected", "the name %s is found", name);
 *         return tap_end();
 *     }
 */
#pragma once

#include "base/base.h"

#include <stdlib.h>

static unsigned tap_count, tap_failed;

/* On one line, whatever is quoted in it. */
static inline void tap_print_name(const char *format, va_list args)
{
    char name[1024];

    vsnprintf(name, sizeof(name), format, args);
    for (const char *at = name; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            printf("\\x%02x", (unsigned char)*at);
        else
            putchar(*at);
    }
    putchar('\n');
}

PRINTF_LIKE(4, 5)
static inline bool tap_check(bool ok, const char *file, int line, const char *format, ...)
{
    va_list args;

    tap_count++;
    tap_failed += !ok;
    printf("%s %u - ", ok ? "ok" : "not ok", tap_count);
    va_start(args, format);
    tap_print_name(format, args);
    va_end(args);
    if (!ok)
        printf("#   at %s:%d\n", file, line);
    fflush(stdout);
    return ok;
}

#define CHECK(condition, ...) tap_check((condition), __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_STR(got, expected, ...)                                                          \
    tap_check_str((got), str_of(expected), __FILE__, __LINE__, __VA_ARGS__)

PRINTF_LIKE(5, 6)
static inline bool tap_check_str(str got, str expected, const char *file, int line,
                                 const char *format, ...)
{
    char name[256];
    va_list args;
    bool ok = str_equal(got, expected);

    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    tap_check(ok, file, line, "%s", name);
    if (!ok)
        printf("#   got      '%.*s'\n#   expected '%.*s'\n", STR_ARG(got), STR_ARG(expected));
    return ok;
}

/* A check that cannot be made here. FNWARD_MUST=1 turns it into a failure. */
PRINTF_LIKE(1, 2) static inline void tap_skip(const char *format, ...)
{
    const char *must = getenv("FNWARD_MUST");
    bool fail = must && *must == '1';
    va_list args;

    tap_count++;
    tap_failed += fail;
    printf("%s %u - # SKIP ", fail ? "not ok" : "ok", tap_count);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static inline int tap_end(void)
{
    printf("1..%u\n", tap_count);
    if (tap_failed)
        printf("# %u of %u failed\n", tap_failed, tap_count);
    return tap_failed != 0;
}

/* Where the test data made by others lies; NULL when it is absent. */
static inline const char *tap_suites(void)
{
    const char *path = getenv("FNWARD_SUITES");

    return path && file_exists(path) ? path : NULL;
}
