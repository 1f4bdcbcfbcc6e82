/*
 * CVSS 4.0, specification document, section 8. A vector belongs to one of 270 macrovectors, whose
 * scores experts have set. Within a macrovector the score falls by how far the vector is from the
 * worst ones there, measured in steps of single metrics.
 */
#include "cvss/metrics.h"

#include <math.h>

enum {
    AV,
    AC,
    AT,
    PR,
    UI,
    VC,
    VI,
    VA,
    SC,
    SI,
    SA,
    E,
    CR,
    IR,
    AR,
    MAV,
    MAC,
    MAT,
    MPR,
    MUI,
    MVC,
    MVI,
    MVA,
    MSC,
    MSI,
    MSA,
    S,
    AU,
    R,
    V,
    RE,
    U,
};

/* A value's weight is how many steps it is from the worst. */
#define VECTORS                                                                                \
    {"N", 0}, {"A", 1}, {"L", 2},                                                              \
    {                                                                                          \
        "P", 3                                                                                 \
    }
#define COMPLEXITIES                                                                           \
    {"L", 0},                                                                                  \
    {                                                                                          \
        "H", 1                                                                                 \
    }
#define CONDITIONS                                                                             \
    {"N", 0},                                                                                  \
    {                                                                                          \
        "P", 1                                                                                 \
    }
#define PRIVILEGES                                                                             \
    {"N", 0}, {"L", 1},                                                                        \
    {                                                                                          \
        "H", 2                                                                                 \
    }
#define INTERACTIONS                                                                           \
    {"N", 0}, {"P", 1},                                                                        \
    {                                                                                          \
        "A", 2                                                                                 \
    }
#define IMPACTS                                                                                \
    {"H", 0}, {"L", 1},                                                                        \
    {                                                                                          \
        "N", 2                                                                                 \
    }
#define LATER_IMPACTS                                                                          \
    {"H", 1}, {"L", 2},                                                                        \
    {                                                                                          \
        "N", 3                                                                                 \
    }
#define REQUIREMENTS                                                                           \
    {                                                                                          \
        {"X", 0}, {"H", 0}, {"M", 1},                                                          \
        {                                                                                      \
            "L", 2                                                                             \
        }                                                                                      \
    }

static const struct metric table[] = {
    [AV] = {"AV", true, {VECTORS}},
    [AC] = {"AC", true, {COMPLEXITIES}},
    [AT] = {"AT", true, {CONDITIONS}},
    [PR] = {"PR", true, {PRIVILEGES}},
    [UI] = {"UI", true, {INTERACTIONS}},
    [VC] = {"VC", true, {IMPACTS}},
    [VI] = {"VI", true, {IMPACTS}},
    [VA] = {"VA", true, {IMPACTS}},
    [SC] = {"SC", true, {LATER_IMPACTS}},
    [SI] = {"SI", true, {LATER_IMPACTS}},
    [SA] = {"SA", true, {LATER_IMPACTS}},
    [E] = {"E", false, {{"X", 0}, {"A", 0}, {"P", 1}, {"U", 2}}},
    [CR] = {"CR", false, REQUIREMENTS},
    [IR] = {"IR", false, REQUIREMENTS},
    [AR] = {"AR", false, REQUIREMENTS},
    [MAV] = {"MAV", false, {{"X", 0}, VECTORS}},
    [MAC] = {"MAC", false, {{"X", 0}, COMPLEXITIES}},
    [MAT] = {"MAT", false, {{"X", 0}, CONDITIONS}},
    [MPR] = {"MPR", false, {{"X", 0}, PRIVILEGES}},
    [MUI] = {"MUI", false, {{"X", 0}, INTERACTIONS}},
    [MVC] = {"MVC", false, {{"X", 0}, IMPACTS}},
    [MVI] = {"MVI", false, {{"X", 0}, IMPACTS}},
    [MVA] = {"MVA", false, {{"X", 0}, IMPACTS}},
    [MSC] = {"MSC", false, {{"X", 0}, LATER_IMPACTS}},
    [MSI] = {"MSI", false, {{"X", 0}, {"S", 0}, LATER_IMPACTS}},
    [MSA] = {"MSA", false, {{"X", 0}, {"S", 0}, LATER_IMPACTS}},
    /* Supplemental metrics have no part in the score. */
    [S] = {"S", false, {{"X", 0}, {"N", 0}, {"P", 0}}},
    [AU] = {"AU", false, {{"X", 0}, {"N", 0}, {"Y", 0}}},
    [R] = {"R", false, {{"X", 0}, {"A", 0}, {"U", 0}, {"I", 0}}},
    [V] = {"V", false, {{"X", 0}, {"D", 0}, {"C", 0}}},
    [RE] = {"RE", false, {{"X", 0}, {"L", 0}, {"M", 0}, {"H", 0}}},
    [U] = {"U", false, {{"X", 0}, {"Clear", 0}, {"Green", 0}, {"Amber", 0}, {"Red", 0}}},
    {0},
};

/*
 * In tenths, by the equivalence classes EQ1, EQ2, EQ3 with EQ6 (00, 01, 10, 11, 21: two that depend on
 * each other), EQ4 and EQ5.
 */
enum { BOTH_00, BOTH_01, BOTH_10, BOTH_11, BOTH_21 };
// clang-format off
static const unsigned char scores[3][2][5][3][3] = {
    {
        {
            {{100, 98, 95}, {100, 93, 91}, {93, 89, 81}},
            {{99, 95, 92}, {96, 87, 81}, {90, 80, 68}},
            {{98, 95, 90}, {93, 89, 81}, {88, 78, 69}},
            {{95, 92, 84}, {92, 81, 65}, {80, 70, 48}},
            {{92, 82, 72}, {79, 69, 50}, {69, 55, 27}},
        },
        {
            {{99, 95, 92}, {95, 90, 84}, {92, 82, 72}},
            {{97, 92, 85}, {91, 83, 71}, {81, 71, 53}},
            {{95, 92, 85}, {92, 80, 70}, {84, 71, 50}},
            {{93, 85, 73}, {82, 72, 59}, {70, 52, 30}},
            {{86, 75, 52}, {71, 52, 29}, {63, 29, 17}},
        },
    },
    {
        {
            {{98, 94, 91}, {94, 86, 77}, {87, 74, 63}},
            {{95, 87, 81}, {89, 74, 64}, {75, 63, 49}},
            {{94, 88, 76}, {86, 74, 59}, {72, 57, 52}},
            {{89, 77, 67}, {76, 58, 50}, {57, 52, 25}},
            {{83, 70, 54}, {65, 58, 26}, {53, 21, 13}},
        },
        {
            {{95, 88, 76}, {90, 75, 61}, {77, 68, 52}},
            {{90, 76, 70}, {77, 62, 53}, {66, 59, 30}},
            {{89, 76, 62}, {74, 57, 47}, {61, 57, 24}},
            {{78, 67, 58}, {59, 57, 23}, {52, 29, 16}},
            {{71, 59, 30}, {58, 26, 15}, {23, 13, 6}},
        },
    },
    {
        {
            {{93, 86, 75}, {86, 74, 56}, {70, 52, 40}},
            {{87, 72, 58}, {74, 61, 34}, {54, 40, 22}},
            {{85, 74, 62}, {72, 55, 46}, {53, 34, 19}},
            {{75, 55, 51}, {57, 41, 19}, {36, 19, 8}},
            {{64, 51, 20}, {47, 21, 11}, {24, 9, 4}},
        },
        {
            {{88, 73, 60}, {73, 59, 41}, {54, 45, 20}},
            {{75, 53, 50}, {55, 40, 20}, {43, 22, 11}},
            {{75, 58, 40}, {61, 48, 20}, {46, 17, 8}},
            {{55, 45, 21}, {51, 18, 9}, {18, 7, 2}},
            {{53, 24, 14}, {24, 12, 5}, {10, 3, 1}},
        },
    },
};
// clang-format on

/* Steps of AV to SA and CR, IR, AR from the worst, the modified ones where the vector has them. */
struct steps {
    int of[AR + 1];
};

static struct steps steps_of(const struct metrics *m)
{
    struct steps s;

    for (unsigned i = AV; i <= AR; i++) {
        unsigned other = i <= SA ? MAV + i : i;

        s.of[i] = (int)metric_weight(m, i <= SA && m->chosen[other] ? other : i);
    }
    return s;
}

struct classes {
    unsigned eq1, eq2, both, eq4, eq5;
};

static unsigned eq1(const struct steps *s)
{
    if (!s->of[AV] && !s->of[PR] && !s->of[UI])
        return 0;
    return (!s->of[AV] || !s->of[PR] || !s->of[UI]) && s->of[AV] != 3 ? 1 : 2;
}

static unsigned eq3_and_eq6(const struct steps *s)
{
    unsigned eq3 = !s->of[VC] && !s->of[VI]                 ? 0
                   : !s->of[VC] || !s->of[VI] || !s->of[VA] ? 1
                                                            : 2;
    bool needed =
        (!s->of[CR] && !s->of[VC]) || (!s->of[IR] && !s->of[VI]) || (!s->of[AR] && !s->of[VA]);

    if (eq3 == 2)
        return BOTH_21;
    return eq3 == 0 ? (needed ? BOTH_00 : BOTH_01) : (needed ? BOTH_10 : BOTH_11);
}

static struct classes classes_of(const struct steps *s)
{
    bool unsafe = !s->of[SI] || !s->of[SA];
    bool high = s->of[SC] == 1 || s->of[SI] == 1 || s->of[SA] == 1;

    return (struct classes){
        .eq1 = eq1(s),
        .eq2 = s->of[AC] || s->of[AT],
        .both = eq3_and_eq6(s),
        .eq4 = unsafe ? 0
               : high ? 1
                      : 2,
        .eq5 = (unsigned)s->of[E],
    };
}

/* ---- how far from the worst of the class ---- */

enum { WORST_MAX = 5, GROUP_MAX = 6 };

/* The worst vectors of a class, as steps of the group's metrics; and how far the class reaches. */
struct worst {
    unsigned count;
    signed char steps[WORST_MAX][GROUP_MAX];
    int depth;
};

static const unsigned group1[] = {AV, PR, UI}, group2[] = {AC, AT},
                      group3[] = {VC, VI, VA, CR, IR, AR}, group4[] = {SC, SI, SA};

static const struct worst worst1[] = {
    {1, {{0, 0, 0}}, 1},
    {3, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 4},
    {2, {{3, 0, 0}, {1, 1, 1}}, 5},
};
static const struct worst worst2[] = {
    {1, {{0, 0}}, 1},
    {2, {{1, 0}, {0, 1}}, 2},
};
static const struct worst worst3[] = {
    [BOTH_00] = {1, {{0, 0, 0, 0, 0, 0}}, 7},
    [BOTH_01] = {2, {{0, 0, 1, 1, 1, 0}, {0, 0, 0, 1, 1, 1}}, 6},
    [BOTH_10] = {2, {{1, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0}}, 8},
    [BOTH_11] = {5,
                 {{1, 0, 1, 0, 1, 0},
                  {1, 0, 0, 0, 1, 1},
                  {0, 1, 0, 1, 0, 1},
                  {0, 1, 1, 1, 0, 0},
                  {1, 1, 0, 0, 0, 1}},
                 8},
    [BOTH_21] = {1, {{1, 1, 1, 0, 0, 0}}, 10},
};
static const struct worst worst4[] = {
    {1, {{1, 0, 0}}, 6},
    {1, {{1, 1, 1}}, 5},
    {1, {{2, 2, 2}}, 4},
};

/* The steps down from the first of the worst that is at least as bad in every metric. */
static int distance(const struct steps *s, const unsigned *group, unsigned size,
                    const struct worst *w)
{
    for (unsigned i = 0; i < w->count; i++) {
        int sum = 0;
        unsigned k = 0;

        for (; k < size && s->of[group[k]] >= w->steps[i][k]; k++)
            sum += s->of[group[k]] - w->steps[i][k];
        if (k == size)
            return sum;
    }
    return 0;
}

static unsigned score_of(const struct classes *c)
{
    return scores[c->eq1][c->eq2][c->both][c->eq4][c->eq5];
}

/* How much lower the next class down is; of two ways down the shorter. */
static int drop(const struct classes *c, struct classes next)
{
    return (int)score_of(c) - (int)score_of(&next);
}

static int drop_both(const struct classes *c)
{
    struct classes next = *c, other = *c;

    if (c->both == BOTH_00) {
        next.both = BOTH_01;
        other.both = BOTH_10;
        return drop(c, next) < drop(c, other) ? drop(c, next) : drop(c, other);
    }
    next.both = c->both == BOTH_11 ? BOTH_21 : BOTH_11;
    return drop(c, next);
}

struct fall {
    double sum;
    unsigned ways;
};

static void add_way(struct fall *f, int drop, int steps, int depth)
{
    f->sum += (double)drop * steps / depth;
    f->ways++;
}

/* The mean over the classes that have a lower neighbour of the part of its distance. */
static double fall_of(const struct steps *s, const struct classes *c)
{
    struct classes down1 = *c, down2 = *c, down4 = *c, down5 = *c;
    struct fall f = {0};

    down1.eq1++;
    down2.eq2++;
    down4.eq4++;
    down5.eq5++;
    if (c->eq1 < 2)
        add_way(&f, drop(c, down1), distance(s, group1, COUNT(group1), &worst1[c->eq1]),
                worst1[c->eq1].depth);
    if (c->eq2 < 1)
        add_way(&f, drop(c, down2), distance(s, group2, COUNT(group2), &worst2[c->eq2]),
                worst2[c->eq2].depth);
    if (c->both != BOTH_21)
        add_way(&f, drop_both(c), distance(s, group3, COUNT(group3), &worst3[c->both]),
                worst3[c->both].depth);
    if (c->eq4 < 2)
        add_way(&f, drop(c, down4), distance(s, group4, COUNT(group4), &worst4[c->eq4]),
                worst4[c->eq4].depth);
    if (c->eq5 < 2)
        add_way(&f, drop(c, down5), 0, 1); /* one metric: never away from the worst */
    return f.ways ? f.sum / f.ways : 0;
}

static bool harms_nothing(const struct steps *s)
{
    return s->of[VC] == 2 && s->of[VI] == 2 && s->of[VA] == 2 && s->of[SC] == 3 &&
           s->of[SI] == 3 && s->of[SA] == 3;
}

bool cvss_4_read(str text, struct cvss *ret, struct err *e)
{
    struct metrics m;
    struct steps s;
    struct classes c;
    unsigned score;

    if (!metrics_read(text, table, &m, e))
        return false;
    s = steps_of(&m);
    c = classes_of(&s);
    /* A half goes up, though the noise of binary fractions may have put it below. */
    score = harms_nothing(&s) ? 0 : (unsigned)lround(score_of(&c) - fall_of(&s, &c) + 1e-6);
    *ret = (struct cvss){
        .version = CVSS_4_0, .base = score, .temporal = score, .environmental = score};
    return true;
}
