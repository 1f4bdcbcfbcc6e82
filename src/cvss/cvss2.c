/* CVSS 2.0, complete guide, section 3.2. */
#include "cvss/metrics.h"

#include <math.h>

enum { AV, AC, AU, C, I, A, E, RL, RC, CDP, TD, CR, IR, AR };

#define IMPACT                                                                                 \
    {                                                                                          \
        {"N", 0}, {"P", 0.275},                                                                \
        {                                                                                      \
            "C", 0.660                                                                         \
        }                                                                                      \
    }
#define REQUIREMENT                                                                            \
    {                                                                                          \
        {"ND", 1}, {"L", 0.5}, {"M", 1},                                                       \
        {                                                                                      \
            "H", 1.51                                                                          \
        }                                                                                      \
    }

static const struct metric table[] = {
    [AV] = {"AV", true, {{"L", 0.395}, {"A", 0.646}, {"N", 1}}},
    [AC] = {"AC", true, {{"H", 0.35}, {"M", 0.61}, {"L", 0.71}}},
    [AU] = {"Au", true, {{"M", 0.45}, {"S", 0.56}, {"N", 0.704}}},
    [C] = {"C", true, IMPACT},
    [I] = {"I", true, IMPACT},
    [A] = {"A", true, IMPACT},
    [E] = {"E", false, {{"ND", 1}, {"U", 0.85}, {"POC", 0.9}, {"F", 0.95}, {"H", 1}}},
    [RL] = {"RL", false, {{"ND", 1}, {"OF", 0.87}, {"TF", 0.90}, {"W", 0.95}, {"U", 1}}},
    [RC] = {"RC", false, {{"ND", 1}, {"UC", 0.90}, {"UR", 0.95}, {"C", 1}}},
    [CDP] = {"CDP",
             false,
             {{"ND", 0}, {"N", 0}, {"L", 0.1}, {"LM", 0.3}, {"MH", 0.4}, {"H", 0.5}}},
    [TD] = {"TD", false, {{"ND", 1}, {"N", 0}, {"L", 0.25}, {"M", 0.75}, {"H", 1}}},
    [CR] = {"CR", false, REQUIREMENT},
    [IR] = {"IR", false, REQUIREMENT},
    [AR] = {"AR", false, REQUIREMENT},
    {0},
};

/* To the nearest tenth. */
static double nearest(double score)
{
    return round(score * 10) / 10;
}

static double base(const struct metrics *m, double impact)
{
    double ease = 20 * metric_weight(m, AV) * metric_weight(m, AC) * metric_weight(m, AU);

    return nearest((0.6 * impact + 0.4 * ease - 1.5) * (impact > 0 ? 1.176 : 0));
}

static double temporal(const struct metrics *m, double score)
{
    return nearest(score * metric_weight(m, E) * metric_weight(m, RL) * metric_weight(m, RC));
}

static double impact(const struct metrics *m, double c, double i, double a)
{
    return 10.41 * (1 - (1 - metric_weight(m, C) * c) * (1 - metric_weight(m, I) * i) *
                            (1 - metric_weight(m, A) * a));
}

static double environmental(const struct metrics *m)
{
    double hit =
        fmin(10, impact(m, metric_weight(m, CR), metric_weight(m, IR), metric_weight(m, AR)));
    double score = temporal(m, base(m, hit));

    return nearest((score + (10 - score) * metric_weight(m, CDP)) * metric_weight(m, TD));
}

static unsigned tenths(double score)
{
    return (unsigned)lround(fmax(0, score) * 10);
}

bool cvss_2_read(str text, struct cvss *ret, struct err *e)
{
    struct cvss v = {.version = CVSS_2_0};
    struct metrics m;
    double score;

    if (!metrics_read(text, table, &m, e))
        return false;
    score = base(&m, impact(&m, 1, 1, 1));
    v.base = tenths(score);
    v.temporal = tenths(temporal(&m, score));
    v.environmental = metrics_speak(&m, CDP, AR) ? tenths(environmental(&m)) : v.temporal;
    *ret = v;
    return true;
}
