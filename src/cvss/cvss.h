/*
 * cvss: severity vectors to scores, as FIRST specifies versions 2.0, 3.0, 3.1 and 4.0.
 *
 * Scores are whole tenths, 0 to 100, so that 9.8 is 98 and nothing is lost by printing. Metrics may
 * stand in any order; each at most once, the base metrics all of them.
 */
#pragma once

#include "base/base.h"

enum { CVSS_VECTOR_MAX = 512 };

enum cvss_version { CVSS_2_0, CVSS_3_0, CVSS_3_1, CVSS_4_0 };

struct cvss {
    enum cvss_version version;
    /* Each is the one before it where the vector says nothing of its group. Version 4.0 has one
     * score: all are it. */
    unsigned base, temporal, environmental;
};

/* "CVSS:3.1/AV:N/...", and version 2.0's without a prefix or in brackets. */
bool cvss_read(str vector, struct cvss *ret, struct err *e) MUST_USE;

/* "none", "low", "medium", "high" or "critical", by the scale of 3.1 and 4.0. */
const char *cvss_rating(unsigned tenths);
