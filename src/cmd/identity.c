#include "cmd/identity.h"

#include <stdlib.h>

const char *cmd_identity_path(struct arena *a, const struct cmd_line *line)
{
    const char *given = cmd_value(line, "identity"), *variable = getenv("FNWARD_IDENTITY");
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (given)
        return given;
    if (variable && *variable)
        return variable;
    /* The specification of XDG wants relative paths to be ignored. */
    if (config && *config == '/')
        return arena_format(a, "%s/fnward/identity", config).at;
    return home && *home ? arena_format(a, "%s/.config/fnward/identity", home).at : NULL;
}
