/*
 * fnward status: what protects a function on this machine, each with the proof that was run.
 */
#include "cmd/cmd.h"

#include "cage/cage.h"
#include "json/json.h"

enum { PROTECTIONS_MAX = 32 };

static const struct {
    const char *word, *colour;
} states[] = {
    [CAGE_LIVE] = {"live", "\033[32m"},
    [CAGE_DEGRADED] = {"degraded", "\033[33m"},
    [CAGE_ABSENT] = {"absent", "\033[31m"},
};

static void count_states(const struct cage_protection *p, size_t n, size_t counts[3])
{
    for (size_t i = 0; i < n; i++)
        counts[p[i].state]++;
}

static void add_table(struct buf *b, const struct cage_protection *p, size_t n, bool colour)
{
    size_t width = 0;

    for (size_t i = 0; i < n; i++)
        width = strlen(p[i].name) > width ? strlen(p[i].name) : width;
    for (size_t i = 0; i < n; i++)
        buf_addf(b, "%-*s  %s%-8s%s  %s\n", (int)width, p[i].name,
                 colour ? states[p[i].state].colour : "", states[p[i].state].word,
                 colour ? "\033[0m" : "", p[i].proof);
}

/* Rows of one cause have one fix: it is said once, behind the last of them. */
static bool is_fixed_below(const struct cage_protection *p, size_t n, size_t i)
{
    for (size_t j = i + 1; j < n; j++)
        if (p[j].state != CAGE_LIVE && p[j].fix && strcmp(p[j].fix, p[i].fix) == 0)
            return true;
    return false;
}

static void add_gaps(struct buf *b, const struct cage_protection *p, size_t n)
{
    bool first = true;

    for (size_t i = 0; i < n; i++) {
        if (p[i].state == CAGE_LIVE)
            continue;
        buf_addf(b, "%s  %s: %s\n", first ? "\nWhat this leaves open:\n" : "", p[i].name,
                 p[i].gap);
        first = false;
        if (p[i].fix && !is_fixed_below(p, n, i))
            buf_addf(b, "    fix: %s\n", p[i].fix);
    }
}

static void add_summary(struct buf *b, const size_t counts[3])
{
    buf_addf(b, "\n%zu live, %zu degraded, %zu absent\n", counts[CAGE_LIVE],
             counts[CAGE_DEGRADED], counts[CAGE_ABSENT]);
}

static void add_member(struct buf *b, const char *name, const char *value)
{
    buf_addf(b, ",\"%s\":", name);
    if (value)
        json_write_str(b, str_of(value));
    else
        buf_add(b, STR("null"));
}

static void add_json(struct buf *b, const struct cage_protection *p, size_t n,
                     const size_t counts[3])
{
    buf_addf(b, "{\"live\":%zu,\"degraded\":%zu,\"absent\":%zu,\"protections\":[",
             counts[CAGE_LIVE], counts[CAGE_DEGRADED], counts[CAGE_ABSENT]);
    for (size_t i = 0; i < n; i++) {
        bool live = p[i].state == CAGE_LIVE;

        buf_addf(b, "%s{\"name\":", i ? "," : "");
        json_write_str(b, str_of(p[i].name));
        add_member(b, "state", states[p[i].state].word);
        add_member(b, "proof", p[i].proof);
        add_member(b, "gap", live ? NULL : p[i].gap);
        add_member(b, "fix", live ? NULL : p[i].fix);
        buf_addc(b, '}');
    }
    buf_add(b, STR("]}\n"));
}

static int run(const struct cmd_line *line)
{
    const char *format = cmd_value(line, "format");
    bool json = format && strcmp(format, "json") == 0;
    struct cage_protection p[PROTECTIONS_MAX];
    size_t counts[3] = {0}, n;
    CLEANUP(buf_free) struct buf b = {0};
    struct cage_machine *m;
    struct err e = {0};

    if (line->count > 0)
        return cmd_usage(line, "'%s' is one argument too many", line->arguments[0]);
    if (format && !json && strcmp(format, "text") != 0)
        return cmd_usage(line, "'%s' is not a format: text or json", format);
    if (!cage_machine_probe(&m, &e))
        return cmd_fail(&e);
    n = cage_protections(m, p, COUNT(p));
    cage_machine_free(m);
    count_states(p, n, counts);
    if (json) {
        add_json(&b, p, n, counts);
    } else {
        add_table(&b, p, n, cmd_colour());
        add_gaps(&b, p, n);
        add_summary(&b, counts);
    }
    if (!cmd_print(&b))
        return EXIT_INCOMPLETE;
    return counts[CAGE_LIVE] == n ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

const struct command command_status = {
    .name = "status",
    .arguments = "[--format FORMAT]",
    .summary = "Tell which protections are live on this machine, each with its proof",
    .text =
        "A cage is made as for a function, and each protection is tried from inside it: nothing\n"
        "is concluded from a version or a list of features. Below the table stands what a\n"
        "protection that is degraded or absent leaves open, and the line that would change it.\n"
        "\n"
        "Exit code 0 means that all are live, 3 that some are not.\n",
    .options = {{"format", "FORMAT", 0, "text or json (default: text)"}},
    .examples = {{"fnward status", "the table for this machine and this user"},
                 {"sudo fnward status", "the same as root, who has control groups to give"},
                 {"fnward status --format json | jq .absent", "for a health check"}},
    .run = run,
};
