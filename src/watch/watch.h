/*
 * watch: counts and times of what functions do, and their Prometheus text.
 *
 * Fixed memory per function; an observation costs a few additions. No clock: times are given.
 */
#pragma once

#include "base/base.h"

enum watch_outcome {
    WATCH_OK,
    WATCH_ERROR, /* the function failed */
    WATCH_TIMEOUT,
    WATCH_CRASH,
    WATCH_INVALID, /* refused at the gate: input, type, size */
    WATCH_THROTTLED,
    WATCH_OUTCOMES,
};

enum watch_gauge { WATCH_INSTANCES, WATCH_BUSY, WATCH_QUEUED, WATCH_GAUGES };

enum { WATCH_BUCKETS = 16 }; /* 1 ms to 32.768 s, doubling, bounds included; then the rest */

struct watch_function {
    str name;
    uint64_t invocations[WATCH_OUTCOMES];
    uint64_t cold_starts, denials, quarantined, connections, redactions, log_lines, log_dropped;
    uint64_t bucket[WATCH_BUCKETS + 1], duration_ns; /* of answered invocations */
    uint64_t init_bucket[WATCH_BUCKETS + 1], init_ns;
    uint64_t gauges[WATCH_GAUGES];
};

void watch_duration(struct watch_function *f, uint64_t ns);
void watch_init_duration(struct watch_function *f, uint64_t ns);
/* Text format 0.0.4, OpenTelemetry's names in Prometheus spelling (faas_invocations_total).
 * Served as "text/plain; version=0.0.4; charset=utf-8". */
void watch_prometheus(struct buf *out, const struct watch_function *functions, size_t count);
