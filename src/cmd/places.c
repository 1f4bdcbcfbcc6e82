/*
 * Where things are on this machine: the only file that asks the environment for them.
 */
#include "cmd/cmd.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static str from_environment(struct arena *a, const char *name, const char *rest)
{
    const char *value = getenv(name);

    return value && *value ? arena_format(a, "%s%s", value, rest) : (str){NULL, 0};
}

/* Beside the program in a build directory, and where `make install` puts them. */
const char *cmd_runtimes(struct arena *a)
{
    static const char *const candidates[] = {"runtimes", "../share/fnward/runtimes"};
    str given = from_environment(a, "FNWARD_RUNTIMES", ""), path;
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self));

    if (given.at)
        return given.at;
    for (size_t i = 0; n > 0 && i < COUNT(candidates); i++) {
        path = path_join(a, path_dir((str){self, (size_t)n}), str_of(candidates[i]));
        if (path.at && file_exists(path.at))
            return path.at;
    }
    return NULL;
}

/* The specification of XDG wants relative paths to be ignored. */
const char *cmd_data_path(struct arena *a, const char *name)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

    if (data && *data == '/')
        return arena_format(a, "%s/fnward/%s", data, name).at;
    return home && *home ? arena_format(a, "%s/.local/share/fnward/%s", home, name).at : NULL;
}

const char *cmd_search_path(void)
{
    const char *path = getenv("PATH");

    return path && *path ? path : "/usr/local/bin:/usr/bin:/bin";
}
