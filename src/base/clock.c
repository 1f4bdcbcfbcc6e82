#include "base/base.h"

#include <time.h>

uint64_t clock_mono_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t clock_wall_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static void put_digits(char *at, unsigned n, unsigned value)
{
    while (n) {
        at[--n] = (char)('0' + value % 10);
        value /= 10;
    }
}

void clock_iso(uint64_t wall_ms, char out[25])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm t;

    gmtime_r(&seconds, &t);
    memcpy(out, "0000-00-00T00:00:00.000Z", 25);
    put_digits(out, 4, (unsigned)t.tm_year + 1900);
    put_digits(out + 5, 2, (unsigned)t.tm_mon + 1);
    put_digits(out + 8, 2, (unsigned)t.tm_mday);
    put_digits(out + 11, 2, (unsigned)t.tm_hour);
    put_digits(out + 14, 2, (unsigned)t.tm_min);
    put_digits(out + 17, 2, (unsigned)t.tm_sec);
    put_digits(out + 20, 3, (unsigned)(wall_ms % 1000));
}
