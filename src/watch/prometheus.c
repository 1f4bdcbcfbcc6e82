/*
 * The counts as Prometheus text, format 0.0.4: OpenTelemetry's names where it has one (faas_),
 * our own otherwise (fnward_).
 */
#include "watch/watch.h"

enum { NS_PER_S = 1000000000 };

#define FIELD(name) offsetof(struct watch_function, name)

struct metric {
    const char *name, *help;
    size_t field;
};

static const char *const outcome_names[WATCH_OUTCOMES] = {
    [WATCH_OK] = "ok",       [WATCH_ERROR] = "error",     [WATCH_TIMEOUT] = "timeout",
    [WATCH_CRASH] = "crash", [WATCH_INVALID] = "invalid", [WATCH_THROTTLED] = "throttled",
};

static const struct metric counters[] = {
    {"faas_coldstarts_total", "Invocations that waited for a new instance.",
     FIELD(cold_starts)},
    {"faas_timeouts_total", "Invocations that ran out of time.",
     FIELD(invocations[WATCH_TIMEOUT])},
    {"fnward_denials_total", "What the gate or the cage refused.", FIELD(denials)},
    {"fnward_records_quarantined_total", "Records of batches that were kept from the function.",
     FIELD(quarantined)},
    {"fnward_connections_total", "Connections made for the function.", FIELD(connections)},
    {"fnward_redactions_total", "Secrets taken out of logs, errors and responses.",
     FIELD(redactions)},
    {"fnward_log_lines_total", "Lines that the function printed.", FIELD(log_lines)},
    {"fnward_log_dropped_total", "Lines of floods that were left out.", FIELD(log_dropped)},
};

static const struct metric gauges[] = {
    {"fnward_instances", "Instances that are alive.", FIELD(gauges[WATCH_INSTANCES])},
    {"fnward_instances_busy", "Instances that work on an event.", FIELD(gauges[WATCH_BUSY])},
    {"fnward_queue_length", "Callers that wait for an instance.", FIELD(gauges[WATCH_QUEUED])},
};

static uint64_t value_at(const struct watch_function *f, size_t field)
{
    uint64_t value;

    memcpy(&value, (const char *)f + field, sizeof(value));
    return value;
}

static void add_head(struct buf *out, const char *name, const char *help, const char *type)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A label's value: backslash, quote and newline are escaped, as the format says. */
static void add_escaped(struct buf *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\n') {
            buf_add(out, STR("\\n"));
            continue;
        }
        if (s.at[i] == '\\' || s.at[i] == '"')
            buf_addc(out, '\\');
        buf_addc(out, s.at[i]);
    }
}

/* name{faas_name="f" : the caller adds more labels and the brace. */
static void add_series(struct buf *out, const char *name, const char *suffix, str function)
{
    buf_add(out, str_of(name));
    buf_add(out, str_of(suffix));
    buf_add(out, STR("{faas_name=\""));
    add_escaped(out, function);
    buf_addc(out, '"');
}

static void add_value(struct buf *out, uint64_t value)
{
    buf_add(out, STR("} "));
    buf_add_u64(out, value);
    buf_addc(out, '\n');
}

static void add_metrics(struct buf *out, const struct metric *metrics, size_t metric_count,
                        const char *type, const struct watch_function *functions, size_t count)
{
    for (size_t m = 0; m < metric_count; m++) {
        add_head(out, metrics[m].name, metrics[m].help, type);
        for (size_t i = 0; i < count; i++) {
            add_series(out, metrics[m].name, "", functions[i].name);
            add_value(out, value_at(&functions[i], metrics[m].field));
        }
    }
}

static void add_invocations(struct buf *out, const struct watch_function *functions,
                            size_t count)
{
    add_head(out, "faas_invocations_total", "Events that were answered, by what came of them.",
             "counter");
    for (size_t i = 0; i < count; i++)
        for (size_t o = 0; o < WATCH_OUTCOMES; o++) {
            add_series(out, "faas_invocations_total", "", functions[i].name);
            buf_addf(out, ",outcome=\"%s\"", outcome_names[o]);
            add_value(out, functions[i].invocations[o]);
        }
}

/* What OpenTelemetry counts as errors: the function failed, in whichever way. */
static void add_errors(struct buf *out, const struct watch_function *functions, size_t count)
{
    add_head(out, "faas_errors_total", "Invocations that failed, timeouts included.",
             "counter");
    for (size_t i = 0; i < count; i++) {
        const uint64_t *n = functions[i].invocations;

        add_series(out, "faas_errors_total", "", functions[i].name);
        add_value(out, n[WATCH_ERROR] + n[WATCH_TIMEOUT] + n[WATCH_CRASH]);
    }
}

struct histogram {
    const char *name, *help;
    size_t buckets, sum_ns; /* fields */
};

static void add_histogram(struct buf *out, const struct histogram *h,
                          const struct watch_function *f)
{
    uint64_t seen = 0, ns = value_at(f, h->sum_ns);

    for (size_t i = 0; i <= WATCH_BUCKETS; i++) {
        unsigned ms = 1u << i;

        seen += value_at(f, h->buckets + i * sizeof(seen));
        add_series(out, h->name, "_bucket", f->name);
        if (i < WATCH_BUCKETS)
            buf_addf(out, ",le=\"%u.%03u\"", ms / 1000, ms % 1000);
        else
            buf_add(out, STR(",le=\"+Inf\""));
        add_value(out, seen);
    }
    add_series(out, h->name, "_sum", f->name);
    buf_addf(out, "} %llu.%09llu\n", (unsigned long long)(ns / NS_PER_S),
             (unsigned long long)(ns % NS_PER_S));
    add_series(out, h->name, "_count", f->name);
    add_value(out, seen);
}

static void add_histograms(struct buf *out, const struct watch_function *functions,
                           size_t count)
{
    static const struct histogram histograms[] = {
        {"faas_invoke_duration_seconds", "From dispatch to answer.", FIELD(bucket),
         FIELD(duration_ns)},
        {"faas_init_duration_seconds", "From the start of an instance until it is ready.",
         FIELD(init_bucket), FIELD(init_ns)},
    };

    for (size_t h = 0; h < COUNT(histograms); h++) {
        add_head(out, histograms[h].name, histograms[h].help, "histogram");
        for (size_t i = 0; i < count; i++)
            add_histogram(out, &histograms[h], &functions[i]);
    }
}

void watch_prometheus(struct buf *out, const struct watch_function *functions, size_t count)
{
    add_head(out, "fnward_build_info", "The version that runs; the value is always 1.",
             "gauge");
    buf_add(out, STR("fnward_build_info{version=\"" FNWARD_VERSION "\"} 1\n"));
    if (count == 0)
        return;
    add_invocations(out, functions, count);
    add_errors(out, functions, count);
    add_metrics(out, counters, COUNT(counters), "counter", functions, count);
    add_histograms(out, functions, count);
    add_metrics(out, gauges, COUNT(gauges), "gauge", functions, count);
}
