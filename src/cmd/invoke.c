#include "cmd/cmd.h"

#include "run/run.h"

#include <unistd.h>

enum { EVENT_MAX = 6291556 };

/* The event: a file, "-" for standard input, or {} without --event. */
static bool read_event(const struct cmd_line *line, struct arena *a, str *ret, struct err *e)
{
    const char *path = cmd_value(line, "event");

    if (!path) {
        *ret = STR("{}");
        return true;
    }
    if (strcmp(path, "-") == 0)
        return fd_read_all(a, STDIN_FILENO, EVENT_MAX, ret, e) || err_wrap(e, "standard input");
    return file_read(a, path, EVENT_MAX, ret, e);
}

static int show(const struct cmd_line *line, const struct run_answer *answer)
{
    if (!cmd_flag(line, "quiet"))
        fprintf(stderr, "%.*s", STR_ARG(answer->log));
    printf("%.*s\n", STR_ARG(answer->payload));
    return answer->failed ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int run(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct run_options o = {.dir = cmd_value(line, "dir"), .address = "127.0.0.1"};
    struct run_answer answer;
    struct err e = {0};
    str event;
    int wrong;

    if (line->count != 1)
        return cmd_usage(line, "name one function");
    wrong = cmd_run_options(line, a, &o);
    if (wrong)
        return wrong;
    if (!o.dir)
        o.dir = ".";
    if (!read_event(line, a, &event, &e) ||
        !run_invoke(a, &o, str_of(line->arguments[0]), event, &answer, &e))
        return cmd_fail(&e);
    return show(line, &answer);
}

const struct command command_invoke = {
    .name = "invoke",
    .arguments = "NAME [--event FILE] [--dir DIR]",
    .summary = "Invoke one function once, through the same gate and cage, with no server",
    .text =
        "The event is validated as the contract says, the function runs in its cage with its\n"
        "secrets, and the ledger records it. The result goes to standard output, what the\n"
        "function printed to standard error (its last 4 KB). The exit code is 1 when the\n"
        "event is refused or the function fails.\n",
    .options =
        {
            {"event", "FILE", 'e', "the event, JSON; - for standard input (default: {})"},
            {"dir", "DIR", 'C', "the contract's directory (default: the current one)"},
            {"identity", "FILE", 0, "the key that opens the secrets (see 'fnward help seal')"},
            {"ledger", "DIR", 0, "where the records are kept (default DIR/.fnward)"},
            {"quiet", NULL, 'q', "do not show what the function printed"},
        },
    .examples =
        {
            {"fnward invoke orders --event order.json", "one invocation"},
            {"echo '{\"id\": 7}' | fnward invoke invoices --event -", "the event from a pipe"},
        },
    .run = run,
};
