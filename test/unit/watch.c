/*
 * watch: the counts, and their text against a strict reading of the exposition format. With the
 * argument --print it prints that text instead, for promtool to judge (test/e2e/metrics.sh).
 */
#include "tap.h"
#include "watch/watch.h"

#include <ctype.h>

static void test_buckets(void)
{
    static const struct {
        uint64_t ns;
        size_t bucket;
    } rows[] = {
        {0, 0},
        {1000000, 0},
        {1000001, 1},
        {2000000, 1},
        {2000001, 2},
        {4000000, 2},
        {1024000000, 10},
        {1024000001, 11},
        {32768000000, 15},
        {32768000001, 16},
        {UINT64_MAX, 16},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct watch_function f = {0};

        watch_duration(&f, rows[i].ns);
        watch_init_duration(&f, rows[i].ns);
        CHECK(f.bucket[rows[i].bucket] == 1 && f.duration_ns == rows[i].ns &&
                  f.init_bucket[rows[i].bucket] == 1 && f.init_ns == rows[i].ns,
              "%llu ns count in bucket %zu", (unsigned long long)rows[i].ns, rows[i].bucket);
    }
}

/* ---- a strict reader of text format 0.0.4 ---- */

enum { FAMILIES_MAX = 64, SERIES_MAX = 1024 };

struct reading {
    str families[FAMILIES_MAX]; /* by # TYPE, the last one is current */
    str help, type; /* names of the last HELP, and the current family's type */
    str series[SERIES_MAX];
    size_t family_count, series_count;
    double last_bucket, infinity; /* of the histogram being read */
    const char *wrong;
};

static bool is_name(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!(isalpha((unsigned char)s.at[i]) || s.at[i] == '_' || s.at[i] == ':' ||
              (i && isdigit((unsigned char)s.at[i]))))
            return false;
    return s.len > 0;
}

static const char *read_type(struct reading *r, str name, str type)
{
    if (!str_equal(name, r->help))
        return "TYPE does not follow its HELP";
    for (size_t i = 0; i < r->family_count; i++)
        if (str_equal(r->families[i], name))
            return "a family stands twice";
    if (!str_is(type, "counter") && !str_is(type, "gauge") && !str_is(type, "histogram"))
        return "unknown type";
    if (str_is(type, "counter") != str_ends(name, STR("_total")))
        return "counters, and only they, end in _total";
    if (r->family_count == FAMILIES_MAX)
        return "too many families";
    r->families[r->family_count++] = name;
    r->type = type;
    return NULL;
}

static const char *read_comment(struct reading *r, str line)
{
    str rest = line, word, name;

    str_cut(&rest, ' ', &word);
    str_cut(&rest, ' ', &word);
    if (!str_cut(&rest, ' ', &name) || !is_name(name) || !rest.len)
        return "a comment without name or text";
    if (str_is(word, "TYPE"))
        return read_type(r, name, rest);
    if (!str_is(word, "HELP"))
        return "neither HELP nor TYPE";
    r->help = name;
    return NULL;
}

/* name="value",... up to the brace; *le is the bucket's bound. */
static const char *read_labels(str *rest, str *le)
{
    for (;;) {
        str name;
        size_t n = 0;

        if (!str_cut(rest, '=', &name) || !is_name(name) || !rest->len || rest->at[0] != '"')
            return "a label without name or quote";
        *rest = str_sub(*rest, 1, rest->len);
        while (n < rest->len && rest->at[n] != '"') {
            if (rest->at[n] == '\\' &&
                (n + 1 == rest->len || !strchr("\\\"n", rest->at[n + 1])))
                return "an unknown escape";
            n += rest->at[n] == '\\' ? 2 : 1;
        }
        if (str_is(name, "le"))
            *le = str_sub(*rest, 0, n);
        *rest = str_sub(*rest, n + 1, rest->len);
        if (!rest->len || (rest->at[0] != ',' && rest->at[0] != '}'))
            return "labels do not end";
        *rest = str_sub(*rest, 1, rest->len);
        if (rest->at[-1] == '}')
            return NULL;
    }
}

static const char *check_histogram(struct reading *r, str suffix, str le, double value)
{
    if (str_is(suffix, "_bucket")) {
        if (value < r->last_bucket)
            return "buckets do not add up";
        r->last_bucket = value;
        r->infinity = str_is(le, "+Inf") ? value : -1;
        return le.len ? NULL : "a bucket without bound";
    }
    if (str_is(suffix, "_count")) {
        if (value != r->infinity)
            return "the count is not the last bucket";
        r->last_bucket = 0;
        return NULL;
    }
    return str_is(suffix, "_sum") ? NULL : "a histogram's series of another name";
}

static const char *read_sample(struct reading *r, str line)
{
    size_t n = strcspn(line.at, "{ ");
    str name = str_sub(line, 0, n), rest = str_sub(line, n, line.len), le = {NULL, 0}, suffix;
    const char *wrong = NULL;
    str family = r->family_count ? r->families[r->family_count - 1] : STR("-");
    char *end;
    double value;

    if (!is_name(name) || !str_starts(name, family))
        return "a sample outside of its family";
    suffix = str_sub(name, family.len, name.len);
    if (rest.at[0] == '{') {
        rest = str_sub(rest, 1, rest.len);
        wrong = read_labels(&rest, &le);
    }
    if (wrong || rest.len < 2 || rest.at[0] != ' ')
        return wrong ? wrong : "no value";
    for (size_t i = 0; i < r->series_count; i++)
        if (str_equal(r->series[i], str_sub(line, 0, line.len - rest.len)))
            return "a series stands twice";
    r->series[r->series_count++] = str_sub(line, 0, line.len - rest.len);
    value = strtod(rest.at + 1, &end);
    if (end != line.at + line.len || r->series_count == SERIES_MAX)
        return "not a number, or too many series";
    if (str_is(r->type, "histogram"))
        return check_histogram(r, suffix, le, value);
    return suffix.len ? "a suffix without a histogram" : NULL;
}

/* NULL when all is as the format says, otherwise what is not. */
static const char *read_exposition(str text, struct reading *r)
{
    str rest = text, line;

    *r = (struct reading){0};
    if (!str_ends(text, STR("\n")))
        return "no newline at the end";
    while (str_cut(&rest, '\n', &line)) {
        const char *wrong;

        if (!line.len && !rest.len)
            break;
        wrong = str_starts(line, STR("#")) ? read_comment(r, line) : read_sample(r, line);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static void test_the_reader_itself(void)
{
    static const char *const wrong[] = {
        "x 1\n",
        "# HELP x h\n# TYPE x gauge\nx 1",
        "# HELP x h\n# TYPE x gauge\nx 1\nx 2\n",
        "# HELP x h\n# TYPE x counter\nx 1\n",
        "# HELP x h\n# TYPE x gauge\nx{a=\"\\t\"} 1\n",
        "# HELP x h\n# TYPE x gauge\nx{a=\"1\" 1\n",
        "# HELP x h\n# TYPE x gauge\nx one\n",
        "# TYPE x gauge\nx 1\n",
        "# HELP x h\n# TYPE x histogram\nx_bucket{le=\"1\"} 2\nx_bucket{le=\"+Inf\"} 1\n",
        "# HELP x h\n# TYPE x histogram\nx_bucket{le=\"+Inf\"} 1\nx_sum 1\nx_count 2\n",
    };
    static struct reading r;

    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK(read_exposition(str_of(wrong[i]), &r), "wrong text %zu is told as wrong", i);
}

/* ---- the text ---- */

static void sample(struct watch_function f[2])
{
    f[0] = (struct watch_function){.name = STR("orders"),
                                   .cold_starts = 2,
                                   .denials = 3,
                                   .quarantined = 8,
                                   .connections = 4,
                                   .redactions = 5,
                                   .log_lines = 6,
                                   .log_dropped = 7};
    f[0].invocations[WATCH_OK] = 10;
    f[0].invocations[WATCH_ERROR] = 1;
    f[0].invocations[WATCH_TIMEOUT] = 2;
    f[0].invocations[WATCH_CRASH] = 4;
    f[0].gauges[WATCH_BUSY] = 1;
    f[1] = (struct watch_function){.name = STR("a\"b\\c\nd")};
    watch_duration(&f[0], 1500000);
    watch_duration(&f[0], 40000000000);
    watch_init_duration(&f[0], 23000000);
}

static void test_text(void)
{
    static const char *const lines[] = {
        "fnward_build_info{version=\"" FNWARD_VERSION "\"} 1\n",
        "faas_invocations_total{faas_name=\"orders\",outcome=\"ok\"} 10\n",
        "faas_invocations_total{faas_name=\"orders\",outcome=\"timeout\"} 2\n",
        "faas_invocations_total{faas_name=\"orders\",outcome=\"throttled\"} 0\n",
        "faas_errors_total{faas_name=\"orders\"} 7\n",
        "faas_timeouts_total{faas_name=\"orders\"} 2\n",
        "faas_coldstarts_total{faas_name=\"orders\"} 2\n",
        "fnward_denials_total{faas_name=\"orders\"} 3\n",
        "fnward_records_quarantined_total{faas_name=\"orders\"} 8\n",
        "fnward_connections_total{faas_name=\"orders\"} 4\n",
        "fnward_redactions_total{faas_name=\"orders\"} 5\n",
        "fnward_log_lines_total{faas_name=\"orders\"} 6\n",
        "fnward_log_dropped_total{faas_name=\"orders\"} 7\n",
        "faas_invoke_duration_seconds_bucket{faas_name=\"orders\",le=\"0.001\"} 0\n",
        "faas_invoke_duration_seconds_bucket{faas_name=\"orders\",le=\"0.002\"} 1\n",
        "faas_invoke_duration_seconds_bucket{faas_name=\"orders\",le=\"32.768\"} 1\n",
        "faas_invoke_duration_seconds_bucket{faas_name=\"orders\",le=\"+Inf\"} 2\n",
        "faas_invoke_duration_seconds_sum{faas_name=\"orders\"} 40.001500000\n",
        "faas_invoke_duration_seconds_count{faas_name=\"orders\"} 2\n",
        "faas_init_duration_seconds_sum{faas_name=\"orders\"} 0.023000000\n",
        "fnward_instances{faas_name=\"orders\"} 0\n",
        "fnward_instances_busy{faas_name=\"orders\"} 1\n",
        "fnward_queue_length{faas_name=\"orders\"} 0\n",
        "fnward_denials_total{faas_name=\"a\\\"b\\\\c\\nd\"} 0\n",
    };
    CLEANUP(buf_free) struct buf b = {0};
    struct watch_function f[2];
    static struct reading r;
    const char *wrong;

    sample(f);
    watch_prometheus(&b, f, COUNT(f));
    wrong = read_exposition(buf_str(&b), &r);
    CHECK(!wrong, "the text is as the format says%s%s", wrong ? ": " : "", wrong ? wrong : "");
    for (size_t i = 0; i < COUNT(lines); i++)
        CHECK(str_find_str(buf_str(&b), str_of(lines[i])) < b.len, "it tells %.*s",
              (int)strlen(lines[i]) - 1, lines[i]);
    buf_clear(&b);
    watch_prometheus(&b, NULL, 0);
    CHECK(!read_exposition(buf_str(&b), &r) && r.series_count == 1,
          "without functions only the version is told");
}

static int print_sample(void)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct watch_function f[2];

    sample(f);
    watch_prometheus(&b, f, COUNT(f));
    return fwrite(b.at, 1, b.len, stdout) != b.len;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print") == 0)
        return print_sample();
    test_buckets();
    test_the_reader_itself();
    test_text();
    return tap_end();
}
