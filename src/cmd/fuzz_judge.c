/*
 * What an event did, by the answer and by the ledger, which knows what no caller is told.
 */
#include "cmd/fuzz.h"

#include <stdlib.h>

const char *const fuzz_kind_names[FUZZ_KINDS] = {
    [FUZZ_CRASH] = "crash",   [FUZZ_TIMEOUT] = "timeout", [FUZZ_ERROR] = "error",
    [FUZZ_DENIAL] = "denial", [FUZZ_BREACH] = "breach",   [FUZZ_LEAK] = "leak",
    [FUZZ_GATE] = "gate",     [FUZZ_SLOW] = "slow",
};

enum {
    ENV_SHORTEST = 6, /* a shorter value stands in many answers by chance */
    SLOW_TIMES = 5,
    SLOW_LEAST_US = 20000,
    SLOW_AFTER = 30, /* events, before there is a median */
};

struct judging {
    struct fuzz *f;
    struct arena *a;
    struct fuzz_outcome *ret;
    str event;
    const struct run_answer *answer;
    double warm; /* the instance that had answered before this event */
};

static void add(struct judging *j, enum fuzz_kind kind, str what)
{
    struct fuzz_outcome *o = j->ret;

    for (unsigned i = 0; i < o->count; i++)
        if (o->verdicts[i].kind == kind && str_equal(o->verdicts[i].what, what))
            return;
    if (o->count < FUZZ_VERDICTS_MAX && what.at)
        o->verdicts[o->count++] = (struct fuzz_verdict){kind, arena_str(j->a, what)};
}

static bool holds(str text, str part)
{
    return part.len && str_find_str(text, part) < text.len;
}

/* ---- names that are the same whatever the event holds ---- */

/* Digits may be the event's, quoted text is. */
static str without_values(struct arena *a, str text)
{
    CLEANUP(buf_free) struct buf out = {0};
    char quote = 0;

    for (size_t i = 0; i < text.len && out.len < 160; i++) {
        char c = text.at[i];
        bool digit = c >= '0' && c <= '9';

        if (quote && c != quote)
            continue;
        if (c == '"' || c == '\'' || c == '`')
            quote = quote ? 0 : c;
        if (!digit)
            buf_addc(&out, c == '\n' ? ' ' : c);
        else if (!out.len || out.at[out.len - 1] != '#')
            buf_addc(&out, '#');
    }
    return arena_str(a, buf_str(&out));
}

/* The function's own line that is nearest to the error: "app.js:3:9", "app.py\", line 3". */
static str own_frame(struct arena *a, str stack)
{
    static const str root = STR_INIT("/var/task/");
    str line;

    while (str_cut(&stack, '\n', &line)) {
        size_t at = str_find_str(line, root);
        str rest = str_sub(line, at + root.len, line.len);

        if (at < line.len && !holds(rest, STR("node_modules/")))
            return arena_format(a, " at %.*s",
                                STR_ARG(str_trim(str_sub(rest, 0, str_find(rest, ')')))));
    }
    return STR("");
}

/* Python tells the outermost frame first, Node the innermost. */
static str last_frame(struct arena *a, str stack)
{
    str found = STR(""), line;

    if (!holds(stack, STR("File \"")))
        return own_frame(a, stack);
    while (str_cut(&stack, '\n', &line))
        if (holds(line, STR("/var/task/")))
            found = own_frame(a, line);
    return found;
}

/* ---- the invocation's record ---- */

static void judge_error(struct judging *j, const struct json *record)
{
    str type = json_get_str(record, STR(LEDGER_ERROR_TYPE));
    str stack = json_get_str(record, STR(LEDGER_STACKTRACE));
    str frame = last_frame(j->a, stack);
    str message = json_get_str(record, STR(LEDGER_ERROR_MESSAGE));

    if (!frame.len)
        frame = arena_format(j->a, ": %.*s", STR_ARG(without_values(j->a, message)));
    add(j, FUZZ_ERROR, arena_format(j->a, "unhandled %.*s%.*s", STR_ARG(type), STR_ARG(frame)));
}

/* "RequestId: ... Error: Runtime exited with error: exit status 7" */
static str crash_of(struct judging *j, const struct json *record)
{
    static const str mark = STR_INIT("Error: ");
    str message = json_get_str(record, STR(LEDGER_ERROR_MESSAGE));
    size_t at = str_find_str(message, mark);

    if (at < message.len && str_starts(message, STR("RequestId")))
        return str_sub(message, at + mark.len, 200);
    return arena_format(j->a, "%.*s %.*s",
                        STR_ARG(json_get_str(record, STR(LEDGER_ERROR_TYPE))),
                        STR_ARG(without_values(j->a, message)));
}

static void judge_invocation(struct judging *j, const struct json *record)
{
    str outcome = json_get_str(record, STR(LEDGER_OUTCOME));
    str type = json_get_str(record, STR(LEDGER_ERROR_TYPE));
    double ms = 0;

    j->ret->reached = true;
    if (!json_is_number(json_get(record, STR(LEDGER_FAAS_INSTANCE)), &j->f->warm))
        j->f->warm = -1;
    j->ret->went_well = str_is(outcome, "ok");
    if (json_is_number(json_get(record, STR(LEDGER_DURATION_MS)), &ms))
        j->ret->duration_us = (uint64_t)(ms * 1000);
    if (str_is(outcome, "crash"))
        add(j, FUZZ_CRASH, crash_of(j, record));
    else if (str_is(outcome, "timeout"))
        add(j, FUZZ_TIMEOUT, STR("no answer within limits.timeout"));
    else if (str_is(outcome, "error") && !str_is(type, "fnward.InvalidResponse"))
        judge_error(j, record);
    if (!str_is(outcome, "failed"))
        return;
    j->ret->no_start = true;
    j->ret->why = arena_str(j->a, json_get_str(record, STR(LEDGER_ERROR_MESSAGE)));
}

/* ---- denials ---- */

/* What is refused at the gate, or on the way out, is none of the cage's. */
static bool is_of_gate(str action)
{
    static const char *const actions[] = {"caller", "route", "method", "slow",   "size",
                                          "type",   "rate",  "input",  "cookie", "record"};

    for (size_t i = 0; i < COUNT(actions); i++)
        if (str_is(action, actions[i]))
            return true;
    return false;
}

/* A runtime looks for files while it starts, whatever the event is. */
static bool is_of_start(const struct judging *j, const struct json *record)
{
    double instance;

    return str_is(json_get_str(record, STR(LEDGER_ACTION)), "open") &&
           json_is_number(json_get(record, STR(LEDGER_FAAS_INSTANCE)), &instance) &&
           instance != j->warm;
}

static void judge_denial(struct judging *j, const struct json *record)
{
    str action = json_get_str(record, STR(LEDGER_ACTION));
    str subject = json_get_str(record, STR(LEDGER_SUBJECT));

    if (str_is(action, "response"))
        add(j, FUZZ_BREACH, json_get_str(record, STR(LEDGER_REASON)));
    else if (!is_of_gate(action) && !is_of_start(j, record))
        add(j, FUZZ_DENIAL, arena_format(j->a, "%.*s %.*s", STR_ARG(action), STR_ARG(subject)));
}

/* ---- the answer ---- */

static void judge_secrets(struct judging *j)
{
    static const str mark = STR_INIT("[redacted ");
    const struct {
        str text;
        const char *where;
    } rows[] = {{j->answer->payload, "in the answer"}, {j->answer->log, "in what is printed"}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t at = str_find_str(rows[i].text, mark);
        str name = str_sub(rows[i].text, at + mark.len, 128);

        if (at < rows[i].text.len)
            add(j, FUZZ_LEAK,
                arena_format(j->a, "secret %.*s %s",
                             STR_ARG(str_sub(name, 0, str_find(name, ']'))), rows[i].where));
    }
}

static void judge_environment(struct judging *j)
{
    const struct function *fn = j->f->function;

    for (size_t i = 0; i < fn->env_count; i++)
        if (fn->env[i].value.len >= ENV_SHORTEST &&
            holds(j->answer->payload, fn->env[i].value) && !holds(j->event, fn->env[i].value))
            add(j, FUZZ_LEAK,
                arena_format(j->a, "variable %.*s in the answer", STR_ARG(fn->env[i].name)));
}

/* In an answer that says it went well; an error's are kept back by the gate. */
static void judge_text(struct judging *j)
{
    static const struct {
        const char *part, *what;
    } rows[] = {
        {"/var/task/", "a path of the code in the answer"},
        {"/var/runtime/", "a path of the runtime in the answer"},
        {"\\n    at ", "a stack trace in the answer"},
        {"Traceback (most recent call last)", "a stack trace in the answer"},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (holds(j->answer->payload, str_of(rows[i].part)) &&
            !holds(j->event, str_of(rows[i].part)))
            add(j, FUZZ_LEAK, str_of(rows[i].what));
}

/* An error that the function noticed itself, and tells as its own. */
static void judge_status(struct judging *j)
{
    struct json *answer;
    const struct json *status;
    struct err e = {0};

    if (!json_read(j->a, j->answer->payload, &json_limits_event, &answer, &e))
        return;
    status = json_get(answer, STR("statusCode"));
    if (status && status->kind == JSON_NUMBER && status->text.len == 3 &&
        status->text.at[0] == '5')
        add(j, FUZZ_ERROR,
            arena_format(j->a, "handled: it answers %.*s", STR_ARG(status->text)));
}

/* ---- time ---- */

static int compare_durations(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static uint64_t median(const struct fuzz *f)
{
    uint64_t sorted[FUZZ_DURATIONS];
    size_t n = f->duration_count < FUZZ_DURATIONS ? f->duration_count : FUZZ_DURATIONS;

    memcpy(sorted, f->durations, n * sizeof(sorted[0]));
    qsort(sorted, n, sizeof(sorted[0]), compare_durations);
    return n ? sorted[n / 2] : 0;
}

static void judge_duration(struct judging *j)
{
    struct fuzz *f = j->f;
    uint64_t took = j->ret->duration_us;

    if (f->duration_count >= SLOW_AFTER && took > SLOW_LEAST_US &&
        took > SLOW_TIMES * median(f))
        add(j, FUZZ_SLOW, STR("over 5 times the median"));
    f->durations[f->duration_count++ % FUZZ_DURATIONS] = took;
}

/* ---- all of it ---- */

static bool read_records(struct judging *j, struct err *e)
{
    struct ledger_filter filter = {.request = j->answer->id};
    const struct json *record;
    str line;

    for (;;) {
        if (!ledger_reader_next(j->f->ledger, &filter, &record, &line, e))
            return false;
        if (!record)
            return true;
        if (str_is(json_get_str(record, STR(LEDGER_KIND)), "invocation"))
            judge_invocation(j, record);
        else if (str_is(json_get_str(record, STR(LEDGER_KIND)), "denial"))
            judge_denial(j, record);
    }
}

bool fuzz_judge(struct fuzz *f, struct arena *a, str event, bool raw,
                const struct run_answer *answer, struct fuzz_outcome *ret, struct err *e)
{
    struct judging j = {
        .f = f, .a = a, .ret = ret, .event = event, .answer = answer, .warm = f->warm};

    *ret = (struct fuzz_outcome){0};
    if (!read_records(&j, e))
        return false;
    if (raw && ret->reached)
        add(&j, FUZZ_GATE, STR("a name that stands twice reached the function"));
    judge_secrets(&j);
    if (!ret->reached || !ret->went_well)
        return true;
    judge_environment(&j);
    judge_text(&j);
    judge_status(&j);
    judge_duration(&j);
    return true;
}
