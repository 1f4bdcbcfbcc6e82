/* What each row of the adversary's table costs, against the budget of 10 ms a megabyte. */
#include "adversary.h"

static const double BUDGET = 10;
static const char *const words[] = {
    [ACCEPTED] = "accepted",
    [REFUSED] = "refused",
    [UNREADABLE] = "unreadable",
};

/* False for a wrong verdict; over the budget is counted in *missed. */
static bool measure(const struct adversary *one, unsigned *missed)
{
    struct adversary_result r;
    struct err e = {0};
    double cost;

    if (!adversary_run(one, &r, &e)) {
        printf("%-64s not compiled: %s\n", one->name, e.what);
        return false;
    }
    cost = adversary_ms_per_mb(r.judge_ns, r.document_bytes);
    *missed += cost > BUDGET;
    printf("%-64s %-10s %9.3f MB %8.2f ms/MB %-7s %8.3f ms to compile%s\n", one->name,
           words[r.verdict], (double)r.document_bytes / 1e6, cost,
           cost > BUDGET ? "MISSED" : "", (double)r.compile_ns / 1e6,
           r.verdict == one->expected ? "" : "  WRONG");
    return r.verdict == one->expected;
}

int main(void)
{
    unsigned missed = 0, wrong = 0;

    for (size_t i = 0; i < adversary_count; i++)
        wrong += !measure(&adversaries[i], &missed);
    printf("%zu rows, %u wrong verdicts, %u over %.0f ms a megabyte\n", adversary_count, wrong,
           missed, BUDGET);
    return wrong ? 2 : missed > 0;
}
