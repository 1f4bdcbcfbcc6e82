/*
 * units: how the contract writes times, sizes, rates and counts.
 */
#pragma once

#include "base/base.h"

enum unit { UNIT_COUNT, UNIT_TIME, UNIT_SIZE, UNIT_CORES, UNIT_RATE };

/* Reads milliseconds, bytes, hundredths of a core, calls or a plain number; *per is the period
 * of a rate in milliseconds. */
bool unit_read(enum unit unit, str text, uint64_t *ret, uint64_t *per) MUST_USE;
/* Whether it is written as a bare number, not as text with a suffix. */
bool unit_is_number(enum unit unit);
/* "a time such as 500ms, 3s or 2m" */
const char *unit_form(enum unit unit);
