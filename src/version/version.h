/*
 * version: which of two versions is newer, as each ecosystem's own tools decide it.
 *
 * Every text has a place in the order, valid or not: an advisory must never be missed because a
 * version is odd. Nothing is allocated; numbers may have any number of digits. Text past
 * VERSION_MAX bytes is compared as if it ended there.
 *
 *   semver     semver.org 2.0, a leading "v" passed over (npm, Go, crates.io, Hex, ...)
 *   pypi       PEP 440, and setuptools' older order for what PEP 440 does not know
 *   maven      Apache Maven's ComparableVersion (3.8)
 *   rubygems   Gem::Version            nuget      NuGetVersion: four numbers, no letter case
 *   packagist  PHP's version_compare   debian     dpkg, Debian policy 5.6.12
 *   alpine     apk-tools               redhat     rpmvercmp with epoch and release
 *   pub        semver, in which builds count too
 *   cran, hackage  lists of numbers
 */
#pragma once

#include "base/base.h"

enum { VERSION_MAX = 512 };

enum version_scheme {
    VERSION_SEMVER,
    VERSION_PYPI,
    VERSION_MAVEN,
    VERSION_RUBYGEMS,
    VERSION_NUGET,
    VERSION_PACKAGIST,
    VERSION_DEBIAN,
    VERSION_ALPINE,
    VERSION_REDHAT,
    VERSION_PUB,
    VERSION_CRAN,
    VERSION_HACKAGE,
};

/* By OSV's name of an ecosystem: "npm", "PyPI", "crates.io", "Debian:12". False for one that we
 * can't order. */
bool version_scheme_find(str ecosystem, enum version_scheme *ret) MUST_USE;
/* The name of the n-th ecosystem that is known, NULL past the last. */
const char *version_ecosystem(size_t n);

/* Below, at or above 0 as `a` is older than, as old as or newer than `b`. */
int version_compare(enum version_scheme scheme, str a, str b);

/*
 * Whether the range of a manifest takes a version: npm's, as its semver decides it, and PyPI's specifiers,
 * as its packaging does. False when either is not understood, a tag or an address for example, and for
 * other ecosystems.
 */
bool version_in_range(str ecosystem, str range, str version, bool *ret) MUST_USE;
