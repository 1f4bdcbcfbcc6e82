/*
 * identity: where the private half of our keys lies.
 */
#pragma once

#include "cmd/cmd.h"

/* The row for a command's options. */
#define CMD_IDENTITY_OPTION                                                                    \
    {                                                                                          \
        "identity", "FILE", 0, "the identity (default: ~/.config/fnward/identity)"             \
    }

/*
 * --identity, else FNWARD_IDENTITY, else fnward/identity in XDG_CONFIG_HOME or ~/.config. NULL
 * when none of these is set. Whether the file is there is not looked at.
 */
const char *cmd_identity_path(struct arena *a, const struct cmd_line *line);
