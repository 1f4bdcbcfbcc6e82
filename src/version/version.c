/* The ecosystems by OSV's names, and the scheme of each. */
#include "version/order.h"

static const struct ecosystem {
    const char *name;
    enum version_scheme scheme;
} ecosystems[] = {
    {"npm", VERSION_SEMVER},          {"PyPI", VERSION_PYPI},
    {"Go", VERSION_SEMVER},           {"Maven", VERSION_MAVEN},
    {"RubyGems", VERSION_RUBYGEMS},   {"NuGet", VERSION_NUGET},
    {"Packagist", VERSION_PACKAGIST}, {"crates.io", VERSION_SEMVER},
    {"Debian", VERSION_DEBIAN},       {"Ubuntu", VERSION_DEBIAN},
    {"Alpine", VERSION_ALPINE},       {"Wolfi", VERSION_ALPINE},
    {"Chainguard", VERSION_ALPINE},   {"Red Hat", VERSION_REDHAT},
    {"AlmaLinux", VERSION_REDHAT},    {"Rocky Linux", VERSION_REDHAT},
    {"SUSE", VERSION_REDHAT},         {"openSUSE", VERSION_REDHAT},
    {"Hex", VERSION_SEMVER},          {"Pub", VERSION_PUB},
    {"SwiftURL", VERSION_SEMVER},     {"GitHub Actions", VERSION_SEMVER},
    {"CRAN", VERSION_CRAN},           {"Hackage", VERSION_HACKAGE},
};

static int (*const orders[])(str a, str b) = {
    [VERSION_SEMVER] = order_semver, [VERSION_PYPI] = order_pypi,
    [VERSION_MAVEN] = order_maven,   [VERSION_RUBYGEMS] = order_rubygems,
    [VERSION_NUGET] = order_nuget,   [VERSION_PACKAGIST] = order_packagist,
    [VERSION_DEBIAN] = order_debian, [VERSION_ALPINE] = order_alpine,
    [VERSION_REDHAT] = order_redhat, [VERSION_PUB] = order_pub,
    [VERSION_CRAN] = order_numbers,  [VERSION_HACKAGE] = order_numbers,
};

bool version_scheme_find(str ecosystem, enum version_scheme *ret)
{
    /* "Debian:12": the release says where a package is from, not how its versions are ordered. */
    str name = str_sub(ecosystem, 0, str_find(ecosystem, ':'));

    for (size_t i = 0; i < COUNT(ecosystems); i++) {
        if (!str_is(name, ecosystems[i].name))
            continue;
        *ret = ecosystems[i].scheme;
        return true;
    }
    return false;
}

const char *version_ecosystem(size_t n)
{
    return n < COUNT(ecosystems) ? ecosystems[n].name : NULL;
}

int version_compare(enum version_scheme scheme, str a, str b)
{
    return orders[scheme](str_sub(a, 0, VERSION_MAX), str_sub(b, 0, VERSION_MAX));
}

/* ---- what the schemes share ---- */

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

int order_of(int a, int b)
{
    return (a > b) - (a < b);
}

str take_while(str *rest, bool (*is)(char c))
{
    str whole = *rest;
    size_t n = 0;

    while (n < whole.len && is(whole.at[n]))
        n++;
    *rest = str_sub(whole, n, whole.len);
    return str_sub(whole, 0, n);
}

static str without_zeros(str digits)
{
    while (digits.len && digits.at[0] == '0')
        digits = str_sub(digits, 1, digits.len);
    return digits;
}

int order_digits(str a, str b)
{
    a = without_zeros(a);
    b = without_zeros(b);
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : str_compare(a, b);
}

int order_nocase(str a, str b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return (unsigned char)lower(a.at[i]) - (unsigned char)lower(b.at[i]);
    return (a.len > b.len) - (a.len < b.len);
}

bool is_number(str s)
{
    str rest = s;

    take_while(&rest, is_digit);
    return s.len && !rest.len;
}

static int order_identifier(str a, str b, int (*words)(str a, str b))
{
    bool a_number = is_number(a), b_number = is_number(b);

    if (a_number && b_number)
        return order_digits(a, b);
    return a_number != b_number ? b_number - a_number : words(a, b);
}

int order_identifiers(str a, str b, int (*words)(str a, str b))
{
    str x, y;

    for (;;) {
        bool more_a = str_cut(&a, '.', &x), more_b = str_cut(&b, '.', &y);
        int order = more_a && more_b ? order_identifier(x, y, words) : 0;

        if (!more_a || !more_b)
            return more_a - more_b;
        if (order)
            return order;
    }
}
