/* Vectors taken apart by tables of metrics. Private to the room. */
#pragma once

#include "cvss/cvss.h"

enum { METRICS_MAX = 40, VALUES_MAX = 7 };

struct value {
    const char *word;
    double weight;
};

/* The first value is what a metric has that the vector does not name, unless it is required. */
struct metric {
    const char *name;
    bool required;
    struct value values[VALUES_MAX];
};

struct metrics {
    const struct metric *table;
    unsigned char chosen[METRICS_MAX]; /* by index of the table: of the value */
};

/* `text` is the vector without its prefix; the table ends with a row without a name. */
bool metrics_read(str text, const struct metric *table, struct metrics *ret,
                  struct err *e) MUST_USE;
double metric_weight(const struct metrics *m, unsigned metric);
bool metric_is(const struct metrics *m, unsigned metric, const char *word);
/* Whether the vector says something of any of these. */
bool metrics_speak(const struct metrics *m, unsigned first, unsigned last);

bool cvss_2_read(str text, struct cvss *ret, struct err *e) MUST_USE;
bool cvss_3_read(str text, bool is_3_1, struct cvss *ret, struct err *e) MUST_USE;
bool cvss_4_read(str text, struct cvss *ret, struct err *e) MUST_USE;
