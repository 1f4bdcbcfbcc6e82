/*
 * range_tool: lines "ECOSYSTEM<tab>RANGE<tab>VERSION" on stdin; of each whether the range takes the version:
 * yes, no, or unknown.
 */
#include "version/version.h"

int main(void)
{
    char line[4096];

    while (fgets(line, sizeof(line), stdin)) {
        str rest = str_of(line), ecosystem, range, version;
        bool taken;

        if (!str_cut(&rest, '\t', &ecosystem) || !str_cut(&rest, '\t', &range) ||
            !str_cut(&rest, '\n', &version))
            return 2;
        puts(!version_in_range(ecosystem, range, version, &taken) ? "unknown"
             : taken                                              ? "yes"
                                                                  : "no");
    }
    return 0;
}
