/*
 * help: every text about the commands, made from their tables: --help, man pages, completions.
 */
#include "cmd/cmd.h"

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int widest_name(void)
{
    size_t width = 0;

    for (size_t i = 0; commands[i]; i++)
        width = strlen(commands[i]->name) > width ? strlen(commands[i]->name) : width;
    return (int)width;
}

static void overview(struct buf *b)
{
    int width = widest_name();

    buf_add(b, STR("fnward runs serverless functions under a contract: checked before deploy,\n"
                   "enforced while they run, tightened from what they did.\n\n"
                   "usage: fnward COMMAND [OPTION...] [ARGUMENT...]\n\n"));
    for (size_t i = 0; commands[i]; i++)
        buf_addf(b, "  %-*s  %s\n", width, commands[i]->name, commands[i]->summary);
    buf_add(b, STR("\n'fnward COMMAND --help' tells more, with examples.\n"
                   "Exit codes: 0 clean, 1 findings or denials, 2 wrong usage or unreadable "
                   "input, 3 incomplete.\n"));
}

static void manual_text(struct buf *b, const struct command *c)
{
    buf_addf(b, "usage: fnward %s %s\n\n%s.\n", c->name, c->arguments, c->summary);
    if (c->text)
        buf_addf(b, "\n%s", c->text);
    for (size_t i = 0; i < CMD_OPTIONS_MAX && c->options[i].name; i++) {
        const struct cmd_option *o = &c->options[i];
        char left[64];

        if (i == 0)
            buf_add(b, STR("\nOptions:\n"));
        snprintf(left, sizeof(left), "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
                 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
                 o->value ? " " : "", o->value ? o->value : "");
        buf_addf(b, "  %-28s  %s\n", left, o->help);
    }
    for (size_t i = 0; i < CMD_EXAMPLES_MAX && c->examples[i].command; i++)
        buf_addf(b, "%s  %s\n      %s\n", i ? "" : "\nExamples:\n", c->examples[i].command,
                 c->examples[i].meaning);
}

/* A dot or quote that starts a line is a roff request; a backslash is an escape. */
static void add_roff(struct buf *b, const char *text)
{
    bool line_start = true;

    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            buf_add(b, STR("\\&"));
        if (*text == '\\')
            buf_add(b, STR("\\e"));
        else if (*text == '-')
            buf_add(b, STR("\\-"));
        else
            buf_addc(b, *text);
        line_start = *text == '\n';
    }
}

static void roff_options(struct buf *b, const struct command *c)
{
    for (size_t i = 0; i < CMD_OPTIONS_MAX && c->options[i].name; i++) {
        const struct cmd_option *o = &c->options[i];

        if (i == 0)
            buf_add(b, STR(".SH OPTIONS\n"));
        buf_add(b, STR(".TP\n"));
        if (o->letter)
            buf_addf(b, "\\fB\\-%c\\fR, ", o->letter);
        buf_add(b, STR("\\fB\\-\\-"));
        add_roff(b, o->name);
        buf_addf(b, "\\fR%s%s\n", o->value ? " " : "", o->value ? o->value : "");
        add_roff(b, o->help);
        buf_addc(b, '\n');
    }
}

static void manual_roff(struct buf *b, const struct command *c)
{
    buf_addf(b, ".TH FNWARD\\-%s 1 \"\" \"fnward " FNWARD_VERSION "\"\n.SH NAME\n", c->name);
    buf_addf(b, "fnward\\-%s \\- ", c->name);
    add_roff(b, c->summary);
    buf_addf(b, "\n.SH SYNOPSIS\n\\fBfnward %s\\fR ", c->name);
    add_roff(b, c->arguments);
    buf_add(b, STR("\n.SH DESCRIPTION\n.nf\n"));
    add_roff(b, c->text ? c->text : "");
    buf_add(b, STR(".fi\n"));
    roff_options(b, c);
    for (size_t i = 0; i < CMD_EXAMPLES_MAX && c->examples[i].command; i++) {
        buf_add(b, i ? STR(".TP\n") : STR(".SH EXAMPLES\n.TP\n"));
        add_roff(b, c->examples[i].command);
        buf_addc(b, '\n');
        add_roff(b, c->examples[i].meaning);
        buf_addc(b, '\n');
    }
    buf_add(b,
            STR(".SH EXIT STATUS\n0 clean, 1 findings or denials, 2 wrong usage or unreadable "
                "input, 3 incomplete\n"));
}

static void overview_roff(struct buf *b)
{
    buf_add(b, STR(".TH FNWARD 1 \"\" \"fnward " FNWARD_VERSION "\"\n.SH NAME\n"
                   "fnward \\- run serverless functions under a contract\n.SH SYNOPSIS\n"
                   "\\fBfnward\\fR COMMAND [OPTION...] [ARGUMENT...]\n.SH DESCRIPTION\n"
                   "A function is checked before deploy, enforced while it runs and its "
                   "permissions are tightened\nfrom what it did, all by one readable file, "
                   "fnward.yaml.\n.SH COMMANDS\n"));
    for (size_t i = 0; commands[i]; i++) {
        buf_addf(b, ".TP\n\\fB%s\\fR\n", commands[i]->name);
        add_roff(b, commands[i]->summary);
        buf_addc(b, '\n');
    }
}

static void completion_bash(struct buf *b)
{
    buf_add(b, STR("_fnward() {\n    local words\n    case \"${COMP_WORDS[1]}\" in\n"));
    for (size_t i = 0; commands[i]; i++) {
        buf_addf(b, "    %s) words=\"--help", commands[i]->name);
        for (size_t j = 0; j < CMD_OPTIONS_MAX && commands[i]->options[j].name; j++)
            buf_addf(b, " --%s", commands[i]->options[j].name);
        buf_add(b, STR("\" ;;\n"));
    }
    buf_add(b, STR("    esac\n    if [ \"$COMP_CWORD\" -eq 1 ]; then words=\""));
    for (size_t i = 0; commands[i]; i++)
        buf_addf(b, "%s%s", i ? " " : "", commands[i]->name);
    buf_add(b, STR("\"; fi\n    COMPREPLY=($(compgen -W \"$words\" -- "
                   "\"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
                   "complete -o default -F _fnward fnward\n"));
}

static void completion_zsh(struct buf *b)
{
    buf_add(b, STR("#compdef fnward\nlocal -a commands\ncommands=(\n"));
    for (size_t i = 0; commands[i]; i++)
        buf_addf(b, "  '%s:%s'\n", commands[i]->name, commands[i]->summary);
    buf_add(b, STR(")\nif (( CURRENT == 2 )); then _describe command commands; return; fi\n"
                   "case $words[2] in\n"));
    for (size_t i = 0; commands[i]; i++) {
        buf_addf(b, "%s) _arguments", commands[i]->name);
        for (size_t j = 0; j < CMD_OPTIONS_MAX && commands[i]->options[j].name; j++)
            buf_addf(b, " '--%s%s'", commands[i]->options[j].name,
                     commands[i]->options[j].value ? "=:value:_files" : "");
        buf_add(b, STR(" '*:file:_files' ;;\n"));
    }
    buf_add(b, STR("esac\n"));
}

static void completion_fish(struct buf *b)
{
    for (size_t i = 0; commands[i]; i++) {
        const struct command *c = commands[i];

        buf_addf(b, "complete -c fnward -n __fish_use_subcommand -a %s -d '%s'\n", c->name,
                 c->summary);
        for (size_t j = 0; j < CMD_OPTIONS_MAX && c->options[j].name; j++)
            buf_addf(b, "complete -c fnward -n '__fish_seen_subcommand_from %s' -l %s%s\n",
                     c->name, c->options[j].name, c->options[j].value ? " -r" : "");
    }
}

static const struct {
    const char *format;
    void (*write)(struct buf *b);
} whole_formats[] = {
    {"text", overview},      {"man", overview_roff},    {"bash", completion_bash},
    {"zsh", completion_zsh}, {"fish", completion_fish},
};

static int run(const struct cmd_line *line)
{
    const char *format = cmd_value(line, "format");
    CLEANUP(buf_free) struct buf b = {0};
    const struct command *c;

    if (!format)
        format = "text";
    if (line->count > 0) {
        c = command_named(line->arguments[0]);
        if (!c)
            return cmd_usage(line, "there is no command '%s'", line->arguments[0]);
        if (strcmp(format, "man") == 0)
            manual_roff(&b, c);
        else
            manual_text(&b, c);
        cmd_print(&b);
        return EXIT_CLEAN;
    }
    for (size_t i = 0; i < COUNT(whole_formats); i++) {
        if (strcmp(whole_formats[i].format, format) == 0) {
            whole_formats[i].write(&b);
            cmd_print(&b);
            return EXIT_CLEAN;
        }
    }
    return cmd_usage(line, "'%s' is not a format: text, man, bash, zsh or fish", format);
}

const struct command command_help = {
    .name = "help",
    .arguments = "[COMMAND] [--format FORMAT]",
    .summary = "Tell what fnward can do, as text, man page or shell completion",
    .options = {{"format", "FORMAT", 0, "text, man, bash, zsh or fish (default: text)"}},
    .examples = {{"fnward help run", "the manual of 'run'"},
                 {"fnward help --format bash > /etc/bash_completion.d/fnward",
                  "completions for bash"}},
    .run = run,
};
