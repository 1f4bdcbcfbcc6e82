/*
 * Three versions, a line each: two are never older than each other. Of three none is older than
 * itself by way of the others, in the schemes whose own tools keep to that whatever they are given.
 */
#include "version/version.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_total(enum version_scheme scheme)
{
    return scheme == VERSION_SEMVER || scheme == VERSION_PYPI || scheme == VERSION_RUBYGEMS ||
           scheme == VERSION_NUGET || scheme == VERSION_DEBIAN || scheme == VERSION_PUB;
}

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void check(enum version_scheme scheme, const str v[3])
{
    int ab = sign(version_compare(scheme, v[0], v[1]));
    int bc = sign(version_compare(scheme, v[1], v[2]));
    int ac = sign(version_compare(scheme, v[0], v[2]));

    demand(version_compare(scheme, v[0], v[0]) == 0);
    demand(ab == -sign(version_compare(scheme, v[1], v[0])));
    if (ab == bc && is_total(scheme))
        demand(ac == ab);
}

/* What a range says of a version does not change when it is asked again with a blank around it. */
static void check_range(const char *ecosystem, str range, str version)
{
    char wide[2 * VERSION_MAX];
    int n = snprintf(wide, sizeof(wide), " %.*s ", STR_ARG(range));
    bool first = false, second = false, known, again;

    if (memchr(range.at ? range.at : "", 0, range.len) || n > VERSION_MAX)
        return;
    known = version_in_range(str_of(ecosystem), range, version, &first);
    again = version_in_range(str_of(ecosystem), str_of(wide), version, &second);
    demand(str_starts(range, STR("npm:")) || (known == again && first == second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size}, v[3] = {{0}};

    if (!size)
        return 0;
    for (size_t i = 0; i < COUNT(v); i++)
        str_cut(&text, '\n', &v[i]);
    for (int scheme = VERSION_SEMVER; scheme <= VERSION_HACKAGE; scheme++)
        check((enum version_scheme)scheme, v);
    check_range("npm", v[0], v[1]);
    check_range("PyPI", v[0], v[1]);
    return 0;
}
