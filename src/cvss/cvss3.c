/* CVSS 3.0 and 3.1, specification documents, section 7 (8 in 3.0). */
#include "cvss/metrics.h"

#include <math.h>

enum { AV, AC, PR, UI, S, C, I, A, E, RL, RC, CR, IR, AR, MAV, MAC, MPR, MUI, MS, MC, MI, MA };

/* The weights of PR where the scope is unchanged; see privilege(). */
#define PRIVILEGES                                                                             \
    {"N", 0.85}, {"L", 0.62},                                                                  \
    {                                                                                          \
        "H", 0.27                                                                              \
    }
#define VECTORS                                                                                \
    {"N", 0.85}, {"A", 0.62}, {"L", 0.55},                                                     \
    {                                                                                          \
        "P", 0.2                                                                               \
    }
#define COMPLEXITIES                                                                           \
    {"L", 0.77},                                                                               \
    {                                                                                          \
        "H", 0.44                                                                              \
    }
#define INTERACTIONS                                                                           \
    {"N", 0.85},                                                                               \
    {                                                                                          \
        "R", 0.62                                                                              \
    }
#define IMPACTS                                                                                \
    {"N", 0}, {"L", 0.22},                                                                     \
    {                                                                                          \
        "H", 0.56                                                                              \
    }
#define REQUIREMENTS                                                                           \
    {                                                                                          \
        {"X", 1}, {"L", 0.5}, {"M", 1},                                                        \
        {                                                                                      \
            "H", 1.5                                                                           \
        }                                                                                      \
    }

static const struct metric table[] = {
    [AV] = {"AV", true, {VECTORS}},
    [AC] = {"AC", true, {COMPLEXITIES}},
    [PR] = {"PR", true, {PRIVILEGES}},
    [UI] = {"UI", true, {INTERACTIONS}},
    [S] = {"S", true, {{"U", 0}, {"C", 1}}},
    [C] = {"C", true, {IMPACTS}},
    [I] = {"I", true, {IMPACTS}},
    [A] = {"A", true, {IMPACTS}},
    [E] = {"E", false, {{"X", 1}, {"U", 0.91}, {"P", 0.94}, {"F", 0.97}, {"H", 1}}},
    [RL] = {"RL", false, {{"X", 1}, {"O", 0.95}, {"T", 0.96}, {"W", 0.97}, {"U", 1}}},
    [RC] = {"RC", false, {{"X", 1}, {"U", 0.92}, {"R", 0.96}, {"C", 1}}},
    [CR] = {"CR", false, REQUIREMENTS},
    [IR] = {"IR", false, REQUIREMENTS},
    [AR] = {"AR", false, REQUIREMENTS},
    [MAV] = {"MAV", false, {{"X", 0}, VECTORS}},
    [MAC] = {"MAC", false, {{"X", 0}, COMPLEXITIES}},
    [MPR] = {"MPR", false, {{"X", 0}, PRIVILEGES}},
    [MUI] = {"MUI", false, {{"X", 0}, INTERACTIONS}},
    [MS] = {"MS", false, {{"X", 0}, {"U", 0}, {"C", 1}}},
    [MC] = {"MC", false, {{"X", 0}, IMPACTS}},
    [MI] = {"MI", false, {{"X", 0}, IMPACTS}},
    [MA] = {"MA", false, {{"X", 0}, IMPACTS}},
    {0},
};

/* Up to the next tenth. 3.1 counts in hundred-thousandths, so that the noise of binary fractions
 * does not lift a score. */
static double round_up(double score, bool is_3_1)
{
    long whole;

    if (!is_3_1)
        return ceil(score * 10) / 10;
    whole = lround(score * 100000);
    return (double)(whole % 10000 == 0 ? whole / 10000 : whole / 10000 + 1) / 10;
}

/* The metric in force: the modified one where the vector has it. */
static unsigned in_force(const struct metrics *m, unsigned metric, bool modified)
{
    /* AV to A and MAV to MA are in the same order. */
    unsigned other = MAV + (metric - AV);

    return modified && m->chosen[other] ? other : metric;
}

static double privilege(const struct metrics *m, unsigned metric, bool changed)
{
    if (changed && metric_is(m, metric, "L"))
        return 0.68;
    return changed && metric_is(m, metric, "H") ? 0.5 : metric_weight(m, metric);
}

static double ease(const struct metrics *m, bool modified, bool changed)
{
    return 8.22 * metric_weight(m, in_force(m, AV, modified)) *
           metric_weight(m, in_force(m, AC, modified)) *
           privilege(m, in_force(m, PR, modified), changed) *
           metric_weight(m, in_force(m, UI, modified));
}

static double loss(const struct metrics *m, unsigned metric, unsigned requirement,
                   bool modified)
{
    double weight = metric_weight(m, in_force(m, metric, modified));

    return 1 - (modified ? weight * metric_weight(m, requirement) : weight);
}

static double impact(const struct metrics *m, bool modified, bool changed, bool is_3_1)
{
    double iss =
        1 - loss(m, C, CR, modified) * loss(m, I, IR, modified) * loss(m, A, AR, modified);

    if (modified)
        iss = fmin(iss, 0.915);
    if (!changed)
        return 6.42 * iss;
    if (modified && is_3_1)
        return 7.52 * (iss - 0.029) - 3.25 * pow(iss * 0.9731 - 0.02, 13);
    return 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15);
}

static double score(const struct metrics *m, bool modified, bool is_3_1)
{
    bool changed = metric_weight(m, in_force(m, S, modified)) > 0;
    double hit = impact(m, modified, changed, is_3_1);

    if (hit <= 0)
        return 0;
    return round_up(fmin((changed ? 1.08 : 1) * (hit + ease(m, modified, changed)), 10),
                    is_3_1);
}

static double temporal(const struct metrics *m, double score, bool is_3_1)
{
    return round_up(score * metric_weight(m, E) * metric_weight(m, RL) * metric_weight(m, RC),
                    is_3_1);
}

static unsigned tenths(double score)
{
    return (unsigned)lround(score * 10);
}

bool cvss_3_read(str text, bool is_3_1, struct cvss *ret, struct err *e)
{
    struct cvss v = {.version = is_3_1 ? CVSS_3_1 : CVSS_3_0};
    struct metrics m;
    double base;

    if (!metrics_read(text, table, &m, e))
        return false;
    base = score(&m, false, is_3_1);
    v.base = tenths(base);
    v.temporal = tenths(temporal(&m, base, is_3_1));
    v.environmental = v.temporal;
    if (metrics_speak(&m, CR, MA))
        v.environmental = tenths(temporal(&m, score(&m, true, is_3_1), is_3_1));
    *ret = v;
    return true;
}
