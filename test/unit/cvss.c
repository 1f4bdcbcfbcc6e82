/* CVSS: scores that the specifications give as examples or that follow from them, and errors. */
#include "cvss/cvss.h"
#include "tap.h"

static const struct {
    const char *vector;
    unsigned base, temporal, environmental;
} scores[] = {
    /* 2.0 */
    {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 100, 100, 100},
    {"(AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H)", 78, 64, 92},
    {"CVSS:2.0/AV:L/AC:H/Au:M/C:N/I:N/A:N", 0, 0, 0},
    /* 3.0 and 3.1 round in different ways. */
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98, 98, 98},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100, 100, 100},
    {"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N/E:F/RL:X", 64, 63, 63},
    {"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61, 61, 61},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0, 0, 0},
    {"CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N", 98, 98, 98},
    {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P", 98, 98, 68},
    /* 4.0 */
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100, 100, 100},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93, 93, 93},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0, 0, 0},
    {"CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/E:U", 1, 1, 1},
    {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/U:Red/S:P", 93, 93, 93},
};

static const struct {
    const char *vector, *what;
} wrong[] = {
    {"CVSS:3.1/AV:N", "the metric 'AC' is missing"},
    {"CVSS:3.1/AV:N/AV:N", "the metric 'AV' is there twice"},
    {"CVSS:3.1/AV:Q", "'Q' is not a value of the metric 'AV'"},
    {"CVSS:3.1/AV:", "'' is not a value of the metric 'AV'"},
    {"CVSS:3.1/XY:N", "'XY' is not a metric of this version of CVSS"},
    {"CVSS:3.1/AV", "'AV' is not a metric and its value"},
    {"CVSS:3.1/AV:N//", "'' is not a metric and its value"},
    {"CVSS:5.0/AV:N", "'CVSS:5.0/A' is a version of CVSS that is not known"},
    {"", "'' is not a metric and its value"},
};

static const struct {
    unsigned tenths;
    const char *word;
} ratings[] = {{0, "none"},  {1, "low"},   {39, "low"},      {40, "medium"},   {69, "medium"},
               {70, "high"}, {89, "high"}, {90, "critical"}, {100, "critical"}};

int main(void)
{
    char long_vector[CVSS_VECTOR_MAX + 1];
    struct cvss c;

    for (size_t i = 0; i < COUNT(scores); i++) {
        struct err e = {0};
        bool ok = cvss_read(str_of(scores[i].vector), &c, &e);

        if (!CHECK(ok && c.base == scores[i].base && c.temporal == scores[i].temporal &&
                       c.environmental == scores[i].environmental,
                   "%s", scores[i].vector))
            printf("#   got %u %u %u %s\n", c.base, c.temporal, c.environmental, e.what);
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct err e = {0};

        CHECK(!cvss_read(str_of(wrong[i].vector), &c, &e), "'%s' is refused", wrong[i].vector);
        CHECK_STR(str_of(e.what), wrong[i].what, "... with the reason");
    }
    for (size_t i = 0; i < COUNT(ratings); i++)
        CHECK_STR(str_of(cvss_rating(ratings[i].tenths)), ratings[i].word, "%u tenths are %s",
                  ratings[i].tenths, ratings[i].word);
    memset(long_vector, 'A', sizeof(long_vector));
    CHECK(!cvss_read((str){long_vector, sizeof(long_vector)}, &c, &(struct err){0}),
          "a vector past the limit is refused");
    return tap_end();
}
