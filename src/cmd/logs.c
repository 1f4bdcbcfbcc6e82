#include "cmd/cmd.h"

static int run(const struct cmd_line *line)
{
    return cmd_usage(line, "is being built");
}

const struct command command_logs = {
    .name = "logs",
    .arguments = "",
    .summary = "",
    .run = run,
};
