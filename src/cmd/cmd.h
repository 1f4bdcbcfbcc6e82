/*
 * cmd: the commands. The only room that prints or picks an exit code.
 *
 * A command is a row of text: its options, arguments and examples are data, from which
 * --help, the man pages and the shell completions are all made.
 */
#pragma once

#include "base/base.h"

/* The exit codes of every command. */
enum exit_code {
    EXIT_CLEAN = 0,
    EXIT_FINDINGS = 1, /* findings, denials, invalid instances, a failed invocation */
    EXIT_USAGE = 2, /* wrong usage or unreadable input */
    EXIT_INCOMPLETE = 3, /* something could not be scanned, started or enforced */
};

struct cmd_option {
    const char *name; /* without the dashes */
    const char *value; /* what it takes, as shown in the help; NULL for a flag */
    char letter; /* its short form, or 0 */
    const char *help;
};

struct cmd_example {
    const char *command, *meaning;
};

enum { CMD_OPTIONS_MAX = 16, CMD_EXAMPLES_MAX = 6, CMD_ARGUMENTS_MAX = 256 };

struct cmd_line;

struct command {
    const char *name;
    const char *arguments; /* "[DIR]" */
    const char *summary; /* one line */
    const char *text; /* the paragraphs of the manual; lines up to 92 columns */
    struct cmd_option options[CMD_OPTIONS_MAX];
    struct cmd_example examples[CMD_EXAMPLES_MAX];
    bool rest_is_a_command; /* everything after "--" is kept as it is */
    int (*run)(const struct cmd_line *line);
};

/* What was typed, checked against the command's options. */
struct cmd_line {
    const struct command *command;
    const char *arguments[CMD_ARGUMENTS_MAX]; /* NULL-terminated */
    size_t count;
    const char *values[CMD_OPTIONS_MAX]; /* by index of the option; "" for a flag */
};

/* The whole table, ended by a row without a name. */
extern const struct command *const commands[];

int cmd_main(int argc, char **argv);

/* The option's value, "" for a flag that is set, NULL when it was not given. */
const char *cmd_value(const struct cmd_line *line, const char *option);
bool cmd_flag(const struct cmd_line *line, const char *option);
/* Reads the option's number, up to `max`, where it was given. An exit code when it is none. */
int cmd_number(const struct cmd_line *line, const char *option, uint64_t max, uint64_t *ret);

/* Prints the error to stderr and returns the exit code that its kind maps to. */
int cmd_fail(const struct err *e);
/* Prints a usage error ("fnward seal: ..."), returns EXIT_USAGE. */
int cmd_usage(const struct cmd_line *line, const char *format, ...) PRINTF_LIKE(2, 3);
/* Writes all of `b` to stdout; false when nobody reads it any more. */
bool cmd_print(const struct buf *b);
/* Whether stdout is a terminal that wants colour (NO_COLOR is honoured). */
bool cmd_colour(void);
/* Appends what can be read at once. ERR_LIMIT when it does not fit below `into->max`. */
bool cmd_read_more(int fd, struct buf *into, bool *ended, struct err *e) MUST_USE;

/* ---- places.c: where things are on this machine; strings in the arena ---- */

/* The directory of the runtime clients, or NULL. */
const char *cmd_runtimes(struct arena *a);
const char *cmd_search_path(void);
/* Where data of that name is kept for this user: fnward/NAME in XDG_DATA_HOME or ~/.local/share. NULL
 * when neither it nor HOME is set. */
const char *cmd_data_path(struct arena *a, const char *name);
/* All that run and invoke have in common. Returns an exit code when it can't be had. */
struct run_options;
int cmd_run_options(const struct cmd_line *line, struct arena *a, struct run_options *ret);

extern const struct command command_init, command_check, command_run, command_invoke,
    command_seal, command_logs, command_status, command_deps, command_advisories,
    command_validate, command_bowtie, command_fuzz, command_help;
