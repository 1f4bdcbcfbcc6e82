#include "cmd/cmd.h"

#include <stdlib.h>
#include <unistd.h>

/* In the order of the help. */
const struct command *const commands[] = {
    &command_init,       &command_check,
    &command_run,        &command_invoke,
    &command_seal,       &command_logs,
    &command_status,     &command_deps,
    &command_advisories, &command_validate,
    &command_bowtie,     &command_fuzz,
    &command_help,       NULL,
};

static const struct command *find_command(str name)
{
    for (size_t i = 0; commands[i]; i++)
        if (str_is(name, commands[i]->name))
            return commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[COUNT(commands)];
    const char *near;
    size_t n = 0;

    for (; commands[n]; n++)
        names[n] = commands[n]->name;
    near = did_you_mean(str_of(name), names, n);
    fprintf(stderr, "fnward: '%s' is not a command%s%s%s\n", name,
            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    fputs("Run 'fnward help' for the list.\n", stderr);
    return EXIT_USAGE;
}

static int unknown_option(const struct command *c, const char *argument)
{
    const char *names[CMD_OPTIONS_MAX];
    const char *near;
    size_t n = 0;

    for (; n < CMD_OPTIONS_MAX && c->options[n].name; n++)
        names[n] = c->options[n].name;
    near = did_you_mean(str_of(argument + strspn(argument, "-")), names, n);
    fprintf(stderr, "fnward %s: there is no option '%s'%s%s%s\n", c->name, argument,
            near ? "; did you mean '--" : "", near ? near : "", near ? "'?" : "");
    fprintf(stderr, "Run 'fnward %s --help' for those there are.\n", c->name);
    return EXIT_USAGE;
}

/* "--name", "--name=value", "-n": the option's index, or -1. `value` is what follows the '='. */
static int find_option(const struct command *c, const char *argument, const char **value)
{
    str rest = str_of(argument), name;

    *value = NULL;
    if (!str_starts(rest, STR("--"))) {
        for (int i = 0; i < CMD_OPTIONS_MAX && c->options[i].name; i++)
            if (c->options[i].letter == argument[1] && argument[1] && !argument[2])
                return i;
        return -1;
    }
    rest = str_sub(rest, 2, rest.len);
    str_cut(&rest, '=', &name);
    if (rest.at)
        *value = rest.at;
    for (int i = 0; i < CMD_OPTIONS_MAX && c->options[i].name; i++)
        if (str_is(name, c->options[i].name))
            return i;
    return -1;
}

/* Takes one option; `at` moves on to its value. Non-zero is the exit code of a wrong one. */
static int take_option(struct cmd_line *line, char **argv, int argc, int *at)
{
    const struct command *c = line->command;
    const char *value;
    int i = find_option(c, argv[*at], &value);

    if (i < 0)
        return unknown_option(c, argv[*at]);
    if (!c->options[i].value && value)
        return cmd_usage(line, "--%s takes no value", c->options[i].name);
    if (c->options[i].value && !value) {
        if (*at + 1 >= argc)
            return cmd_usage(line, "--%s needs a value: --%s %s", c->options[i].name,
                             c->options[i].name, c->options[i].value);
        value = argv[++*at];
    }
    if (line->values[i])
        return cmd_usage(line, "--%s is given twice", c->options[i].name);
    line->values[i] = value ? value : "";
    return 0;
}

static int run_command(const struct command *c, int argc, char **argv)
{
    struct cmd_line line = {.command = c};
    bool only_arguments = false;

    for (int i = 0; i < argc; i++) {
        int wrong = 0;

        if (!only_arguments && strcmp(argv[i], "--help") == 0) {
            const char *arguments[] = {c->name, NULL};
            struct cmd_line help = {.command = &command_help, .count = 1};

            help.arguments[0] = arguments[0];
            return command_help.run(&help);
        }
        if (!only_arguments && strcmp(argv[i], "--") == 0)
            only_arguments = true;
        else if (!only_arguments && argv[i][0] == '-' && argv[i][1])
            wrong = take_option(&line, argv, argc, &i);
        else if (line.count + 1 >= CMD_ARGUMENTS_MAX)
            wrong = cmd_usage(&line, "more than %d arguments", CMD_ARGUMENTS_MAX - 1);
        else
            line.arguments[line.count++] = argv[i];
        if (wrong)
            return wrong;
    }
    return c->run(&line);
}

int cmd_main(int argc, char **argv)
{
    const struct command *c;

    if (argc < 2)
        return command_help.run(&(struct cmd_line){.command = &command_help});
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts("fnward " FNWARD_VERSION);
        return EXIT_CLEAN;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return command_help.run(&(struct cmd_line){.command = &command_help});
    c = find_command(str_of(argv[1]));
    return c ? run_command(c, argc - 2, argv + 2) : unknown_command(argv[1]);
}

const char *cmd_value(const struct cmd_line *line, const char *option)
{
    for (size_t i = 0; i < CMD_OPTIONS_MAX && line->command->options[i].name; i++)
        if (strcmp(line->command->options[i].name, option) == 0)
            return line->values[i];
    return NULL;
}

bool cmd_flag(const struct cmd_line *line, const char *option)
{
    return cmd_value(line, option) != NULL;
}

int cmd_fail(const struct err *e)
{
    static const int exit_codes[] = {
        [ERR_NONE] = EXIT_CLEAN,       [ERR_USAGE] = EXIT_USAGE,
        [ERR_INPUT] = EXIT_USAGE,      [ERR_DENIED] = EXIT_INCOMPLETE,
        [ERR_LIMIT] = EXIT_INCOMPLETE, [ERR_SYSTEM] = EXIT_INCOMPLETE,
    };
    CLEANUP(buf_free) struct buf b = {0};

    err_render(&b, e);
    fwrite(b.at, 1, b.len, stderr);
    return exit_codes[e->code];
}

int cmd_usage(const struct cmd_line *line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "fnward %s: ", line->command->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nusage: fnward %s %s\n", line->command->name, line->command->arguments);
    return EXIT_USAGE;
}

int cmd_number(const struct cmd_line *line, const char *option, uint64_t max, uint64_t *ret)
{
    const char *given = cmd_value(line, option);

    if (given && !str_to_u64(str_of(given), max, ret))
        return cmd_usage(line, "--%s takes a number up to %llu", option,
                         (unsigned long long)max);
    return 0;
}

bool cmd_print(const struct buf *b)
{
    return fwrite(b->at ? b->at : "", 1, b->len, stdout) == b->len && fflush(stdout) == 0;
}

bool cmd_colour(void)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}
