/* The adversary's table: no wrong verdict, and nothing that takes longer than it is long. */
#include "adversary.h"
#include "tap.h"

/*
 * The budget is 10 ms a megabyte, and bench/adversary.c tells who keeps to it. A busy machine
 * or a sanitizer makes that many times as much, but nothing makes it as much as a loop that is
 * quadratic.
 */
static const double MS_PER_MB_MAX = 1000;

int main(void)
{
    for (size_t i = 0; i < adversary_count; i++) {
        const struct adversary *one = &adversaries[i];
        struct adversary_result r;
        struct err e = {0};

        if (!adversary_run(one, &r, &e)) {
            CHECK(false, "%s: %s", one->name, e.what);
            continue;
        }
        CHECK(r.verdict == one->expected, "%s: the verdict", one->name);
        CHECK(adversary_ms_per_mb(r.judge_ns, r.document_bytes) < MS_PER_MB_MAX,
              "%s: in bounded time", one->name);
    }
    return tap_end();
}
