/* Whether a manifest's range takes a version, by the ecosystem whose range it is. */
#include "version/order.h"

bool version_in_range(str ecosystem, str range, str version, bool *ret)
{
    if (range.len > VERSION_MAX || version.len > VERSION_MAX)
        return false;
    if (str_is(ecosystem, "npm"))
        return range_npm(range, version, ret);
    if (str_is(ecosystem, "PyPI"))
        return range_pypi(range, version, ret);
    return false;
}
