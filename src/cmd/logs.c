/*
 * fnward logs: the ledger for people and for machines.
 */
#include "cmd/cmd.h"

#include "ledger/ledger.h"

#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum {
    FOLLOW_MS = 200, /* between two looks for new records */
    FINISH_MS = 20, /* a line that is being written is whole by then */
    PRINT_BYTES = 64 << 10,
    DAY_LEN = 10, /* 2026-01-31 */
};

struct view {
    struct ledger_reader *reader;
    struct ledger_filter filter;
    bool json, follow, colour;
    enum ledger_file file;
    struct buf out;
    char day[DAY_LEN]; /* of the record shown last */
};

/* ---- options ---- */

static bool read_ago(str text, uint64_t now_ms, uint64_t *ret)
{
    static const struct {
        char unit;
        uint64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}};
    uint64_t n;

    if (text.len < 2 || !str_to_u64(str_sub(text, 0, text.len - 1), 1000000, &n))
        return false;
    for (size_t i = 0; i < COUNT(units); i++)
        if (text.at[text.len - 1] == units[i].unit) {
            *ret = n * units[i].ms < now_ms ? now_ms - n * units[i].ms : 1;
            return true;
        }
    return false;
}

/* What may stand behind a date: milliseconds, as the records have them, and the Z of UTC. */
static bool read_date_end(str rest, uint64_t *ms)
{
    *ms = 0;
    if (str_starts(rest, STR("."))) {
        if (rest.len < 4 || !str_to_u64(str_sub(rest, 1, 3), 999, ms))
            return false;
        rest = str_sub(rest, 4, rest.len);
    }
    return !rest.len || str_is(rest, "Z");
}

static bool read_date(const char *text, uint64_t *ret)
{
    static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};

    for (size_t i = 0; i < COUNT(formats); i++) {
        struct tm t = {0};
        const char *end = strptime(text, formats[i], &t);
        time_t seconds = end ? timegm(&t) : 0;
        uint64_t ms;

        if (!end || seconds <= 0 || !read_date_end(str_of(end), &ms))
            continue;
        *ret = (uint64_t)seconds * 1000 + ms;
        return true;
    }
    return false;
}

static int take_options(const struct cmd_line *line, struct view *v)
{
    const char *since = cmd_value(line, "since"), *format = cmd_value(line, "format");

    v->filter = (struct ledger_filter){
        .function = str_of(cmd_value(line, "function")),
        .request = str_of(cmd_value(line, "request")),
        .errors = cmd_flag(line, "errors"),
        .denials = cmd_flag(line, "denials"),
    };
    v->file = cmd_flag(line, "quarantine") ? LEDGER_QUARANTINE : LEDGER_RECORDS;
    v->follow = cmd_flag(line, "follow");
    v->json = format && strcmp(format, "json") == 0;
    v->colour = !v->json && cmd_colour();
    if (line->count > 1)
        return cmd_usage(line, "one directory, not %zu", line->count);
    if (format && !v->json && strcmp(format, "text") != 0)
        return cmd_usage(line, "'%s' is not a format: text or json", format);
    if (since && !read_ago(str_of(since), clock_wall_ms(), &v->filter.since_ms) &&
        !read_date(since, &v->filter.since_ms))
        return cmd_usage(line,
                         "'%s' is not a time: 30s, 10m, 2h, 7d, 2026-01-31 or "
                         "2026-01-31T12:00:00Z",
                         since);
    return EXIT_CLEAN;
}

/* ---- output ---- */

static void show_day(struct view *v, const struct json *record)
{
    str day = str_sub(json_get_str(record, STR(LEDGER_TIME)), 0, DAY_LEN);

    if (day.len < DAY_LEN || memcmp(day.at, v->day, DAY_LEN) == 0)
        return;
    memcpy(v->day, day.at, DAY_LEN);
    buf_addf(&v->out, "%.*s UTC\n", DAY_LEN, v->day);
}

static void show(struct view *v, const struct json *record, str line)
{
    if (v->json) {
        buf_add(&v->out, line);
        buf_addc(&v->out, '\n');
        return;
    }
    show_day(v, record);
    ledger_show(&v->out, record, v->colour);
}

static bool print(struct view *v)
{
    bool read = cmd_print(&v->out);

    buf_clear(&v->out);
    return read;
}

/* Everything there is for now. *open is false once nobody reads our output. */
static bool show_all(struct view *v, bool *open, struct err *e)
{
    const struct json *record;
    str line;

    do {
        if (!ledger_reader_next(v->reader, &v->filter, &record, &line, e))
            return false;
        if (record)
            show(v, record, line);
        if (!record || v->out.len > PRINT_BYTES)
            *open = print(v);
    } while (record && *open);
    return true;
}

/* Waits a moment; false when stdout was closed meanwhile. */
static bool wait_ms(int ms)
{
    struct pollfd out = {.fd = STDOUT_FILENO};

    return poll(&out, 1, ms) <= 0 || !(out.revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* *open is false when it ended because nobody read it any more. */
static bool show_and_follow(struct view *v, bool *open, struct err *e)
{
    if (!show_all(v, open, e))
        return false;
    while (v->follow && *open) {
        *open = wait_ms(FOLLOW_MS);
        if (*open && !show_all(v, open, e))
            return false;
    }
    if (!*open || !ledger_reader_unfinished(v->reader))
        return true;
    return !wait_ms(FINISH_MS) || show_all(v, open, e);
}

static int tell_damage(const struct ledger_reader *r)
{
    size_t damaged = ledger_reader_damaged(r) + ledger_reader_unfinished(r);

    if (!damaged)
        return EXIT_CLEAN;
    fprintf(stderr, "fnward logs: %zu damaged line%s in the ledger passed over\n", damaged,
            damaged == 1 ? "" : "s");
    return EXIT_INCOMPLETE;
}

static void view_free(struct view *v)
{
    ledger_reader_free(v->reader);
    buf_free(&v->out);
}

static int run(const struct cmd_line *line)
{
    CLEANUP(view_free) struct view v = {0};
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const char *dir = cmd_value(line, "ledger");
    struct err e = {0};
    bool open = true;
    int wrong = take_options(line, &v);

    if (wrong)
        return wrong;
    if (!dir)
        dir = path_join(a, str_of(line->count ? line->arguments[0] : "."), STR(".fnward")).at;
    /* Whoever reads us may stop: 'fnward logs | head' ends quietly. */
    signal(SIGPIPE, SIG_IGN);
    if (!ledger_reader_open(dir, v.file, &v.reader, &e) || !show_and_follow(&v, &open, &e))
        return cmd_fail(&e);
    return open ? tell_damage(v.reader) : EXIT_CLEAN;
}

const struct command command_logs = {
    .name = "logs",
    .arguments = "[DIR] [OPTION...]",
    .summary = "Read the ledger: what was invoked, denied, connected, printed",
    .text =
        "Reads the records in DIR/.fnward (DIR: the current directory), the oldest first. Times\n"
        "are UTC. --errors and --denials together show both. Damaged lines are passed over and\n"
        "counted at the end, with exit code 3.\n",
    .options =
        {
            {"follow", NULL, 'f', "go on with what is appended"},
            {"function", "NAME", 0, "only records of this function"},
            {"request", "ID", 0, "only records of this request"},
            {"since", "TIME", 0, "30s, 10m, 2h or 7d ago, or a date: 2026-01-31T12:00"},
            {"errors", NULL, 0, "only what failed: errors, timeouts, crashes"},
            {"denials", NULL, 0, "only what was refused, at the gate or in the cage"},
            {"quarantine", NULL, 0, "records of batches that were kept from their function"},
            {"format", "FORMAT", 0, "text, or json: the records as they are (default: text)"},
            {"ledger", "DIR", 0, "the ledger's directory itself"},
        },
    .examples = {{"fnward logs -f", "everything, as it happens"},
                 {"fnward logs --since 10m --denials", "what was refused lately"},
                 {"fnward logs --quarantine --format json",
                  "what was sent, and why it was kept"},
                 {"fnward logs --request 8f14e45f-ceea-467f-a8f3-0123456789ab --format json",
                  "one request, for jq"}},
    .run = run,
};
