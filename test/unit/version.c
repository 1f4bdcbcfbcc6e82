/* The order of versions: rows of our own, and the vectors of every ecosystem. */
#include "tap.h"
#include "version/version.h"

static const struct row {
    enum version_scheme scheme;
    const char *ordered; /* "A < B = C < ..." */
} rows[] = {
    {VERSION_SEMVER,
     "0.9 < 1.0.0-rc.1 < 1.0.0-rc.1.1 < 1.0.0-rc.2 < 1.0.0 = v1.0.0+build < 1.0.1"},
    {VERSION_SEMVER, "1.0.0-2 < 1.0.0-10 < 1.0.0-a < 1.0.0-a-b < 1.0.0"},
    {VERSION_SEMVER, "18446744073709551615.0.0 < 18446744073709551616.0.0"},
    {VERSION_PYPI,
     "1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0a1.post1 < 1.0b1 < 1.0rc1 = 1.0-PREVIEW_1"},
    {VERSION_PYPI,
     "1.0rc1 < 1 = 1.0 = v1.0.0 < 1.0+a < 1.0+a.b < 1.0+1 < 1.0.post1.dev2 < 1.0-1"},
    {VERSION_PYPI, "banana < 0.0.1 < 2024.1 < 1!0.1"},
    {VERSION_MAVEN,
     "1-alpha1 < 1-beta < 1-m2 < 1-rc = 1-cr < 1-SNAPSHOT < 1 = 1.0-ga < 1-sp < 1-x"},
    {VERSION_MAVEN, "1.x = 1-x < 1-1 = 1-ga-1 < 1.0.1"},
    {VERSION_RUBYGEMS,
     "1.0.0.alpha < 1.0.0.beta1 < 1.0.0.beta.2 < 1.0.0-1 < 1 = 1.0.0 < 1.0.1"},
    {VERSION_NUGET, "1.0.0-Alpha = 1.0.0-alpha < 1.0.0-beta < 1.0 = 1.0.0.0 < 1.0.0.1"},
    {VERSION_PACKAGIST,
     "dev-main < 1.0-dev < 1.0-alpha3 < 1.0-beta < 1.0-RC1 < 1.0 < 1.0.1 < 1.0-p1"},
    {VERSION_DEBIAN,
     "1.0~rc1-1 < 1.0-1~deb12u1 < 1.0-1 < 1.0-1+b1 < 1.0a-1 < 1.0+x-1 < 1.1 < 1:0"},
    {VERSION_ALPINE,
     "1.0_alpha < 1.0_rc2 < 1.0 < 1.0-r0 < 1.0-r10 < 1.0_p1 < 1.0a < 1.0.1 < 1.02 < 1.1"},
    {VERSION_REDHAT, "1.0~rc1-1 < 1.0-1 < 1.0^git1-1 < 1.0.a-1 < 1.0.1-1 < 1.1-1 < 1:0-1"},
    {VERSION_PUB, "1.0.0-a < 1.0.0 < 1.0.0+1 < 1.0.0+2 < 1.0.0+a < 1.0.1"},
    {VERSION_CRAN, "1.0 < 1.0-1 = 1.0.1 < 1.0.1.0 < 1.10"},
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static int expected(char op)
{
    return op == '<' ? -1 : op == '>';
}

/* Both ways round. */
static bool holds(enum version_scheme scheme, str a, char op, str b)
{
    return sign(version_compare(scheme, a, b)) == expected(op) &&
           sign(version_compare(scheme, b, a)) == -expected(op);
}

static char cut_operator(str *rest, str *version)
{
    for (size_t i = 1; i + 1 < rest->len; i++) {
        char c = rest->at[i];

        if ((c != '<' && c != '=' && c != '>') || rest->at[i - 1] != ' ' ||
            rest->at[i + 1] != ' ')
            continue;
        *version = str_trim(str_sub(*rest, 0, i));
        *rest = str_sub(*rest, i + 1, rest->len);
        return c;
    }
    return 0;
}

static void test_row(const struct row *r)
{
    str rest = str_of(r->ordered), left, right;
    char op;

    while ((op = cut_operator(&rest, &left))) {
        str after = rest;

        if (!cut_operator(&after, &right))
            right = str_trim(rest);
        CHECK(holds(r->scheme, left, op, right), "%.*s %c %.*s", STR_ARG(left), op,
              STR_ARG(right));
    }
}

/* ---- the ecosystems' own vectors ---- */

static const struct vectors {
    const char *file;
    enum version_scheme scheme;
} vectors[] = {
    {"semver", VERSION_SEMVER}, {"pypi", VERSION_PYPI},
    {"maven", VERSION_MAVEN},   {"rubygems", VERSION_RUBYGEMS},
    {"nuget", VERSION_NUGET},   {"packagist", VERSION_PACKAGIST},
    {"debian", VERSION_DEBIAN}, {"alpine", VERSION_ALPINE},
    {"redhat", VERSION_REDHAT}, {"pub", VERSION_PUB},
    {"cran", VERSION_CRAN},     {"hackage", VERSION_HACKAGE},
};

static bool is_comment(str line)
{
    return !line.len || line.at[0] == '#' || str_starts(line, STR("//"));
}

static void test_lines(const struct vectors *v, str text)
{
    unsigned count = 0, wrong = 0;
    str line, left;

    while (str_cut(&text, '\n', &line)) {
        str rest = line = str_trim(line);
        char op = is_comment(line) ? 0 : cut_operator(&rest, &left);

        if (!op)
            continue;
        count++;
        if (holds(v->scheme, left, op, str_trim(rest)))
            continue;
        wrong++;
        printf("# does not hold: %.*s\n", STR_ARG(line));
    }
    CHECK(count && !wrong, "%s: %u of %u vectors hold", v->file, count - wrong, count);
}

static void test_vectors(struct arena *a, const char *suites)
{
    for (size_t i = 0; i < COUNT(vectors); i++) {
        str path = arena_format(a, "%s/versions/%s-versions.txt", suites, vectors[i].file);
        struct err e = {0};
        str text;

        if (CHECK(file_read(a, path.at, 1 << 20, &text, &e), "%s is read", vectors[i].file))
            test_lines(&vectors[i], text);
    }
}

/* ---- ranges of manifests ---- */

static const struct {
    const char *ecosystem, *range, *taken, *left; /* versions, blanks between them */
} ranges[] = {
    {"npm", "^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-a 1.3.0-a"},
    {"npm", "^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"},
    {"npm", "^0.0.3", "0.0.3", "0.0.4"},
    {"npm", "^0", "0.0.0 0.9.1", "1.0.0"},
    {"npm", "~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"},
    {"npm", "~1", "1.0.0 1.9.9", "2.0.0"},
    {"npm", "1.x", "1.0.0 1.9.9", "2.0.0 0.9.9"},
    {"npm", "", "0.0.0 9.9.9", "1.0.0-a"},
    {"npm", ">1.2", "1.3.0", "1.2.9"},
    {"npm", "<=1.2", "1.2.9", "1.3.0"},
    {"npm", "1.2.3 - 2.3", "1.2.3 2.3.9", "1.2.2 2.4.0"},
    {"npm", "1.0.0 || >=3 <4 || 5.x", "1.0.0 3.1.0 5.5.5", "1.0.1 4.0.0 6.0.0"},
    {"npm", ">=1.2.3-a.2", "1.2.3-a.10 1.2.3 2.0.0", "1.2.3-a.1 1.2.4-a.3"},
    {"npm", "npm:other@~1.2.0", "1.2.5", "1.3.0"},
    {"PyPI", "==2.0", "2.0 2.0.0 2+local", "2.0.1"},
    {"PyPI", "~=2.2.1,!=2.2.4", "2.2.1 2.2.9", "2.2.4 2.3 2.2.0"},
    {"PyPI", "== 1.*", "1 1.9.9", "2 1.0rc1"},
    {"PyPI", ">=1.0,<2", "1.0 1.9.post1", "2.0 2.0rc1 0.9"},
    {"PyPI", ">=1.0rc1", "1.0rc1 1.0rc2 1.0", "1.0b2"},
    {"PyPI", ">1.0", "1.1", "1.0.post1 1.0+local 1.0"},
    {"PyPI", "===1.0", "1.0", "1.0.0"},
    {"PyPI", "", "1.0", "1.0.dev1"},
};

static void test_versions(size_t i, str versions, bool expected_to)
{
    str version;

    while (str_cut(&versions, ' ', &version)) {
        bool taken = !expected_to;

        CHECK(version_in_range(str_of(ranges[i].ecosystem), str_of(ranges[i].range), version,
                               &taken) &&
                  taken == expected_to,
              "%s: '%s' %s %.*s", ranges[i].ecosystem, ranges[i].range,
              expected_to ? "takes" : "leaves", STR_ARG(version));
    }
}

static const struct {
    const char *ecosystem, *range, *version;
} not_ranges[] = {
    {"npm", "latest", "1.0.0"},
    {"npm", "github:a/b", "1.0.0"},
    {"npm", "workspace:^", "1.0.0"},
    {"npm", "1.2.3.4", "1.0.0"},
    {"npm", "^1.0.0 || next", "1.0.0"},
    {"npm", "01.0.0", "1.0.0"},
    {"npm", "x.1", "1.0.0"},
    {"npm", "*", "1.0"},
    {"npm", ">9999999999999999", "1.0.0"},
    {"PyPI", "~=1", "1.0"},
    {"PyPI", ">=1.*", "1.0"},
    {"PyPI", "1.0", "1.0"},
    {"PyPI", "==1.0", "banana"},
    {"Go", ">=1", "1.0.0"},
};

static void test_ranges(void)
{
    for (size_t i = 0; i < COUNT(ranges); i++) {
        test_versions(i, str_of(ranges[i].taken), true);
        test_versions(i, str_of(ranges[i].left), false);
    }
    for (size_t i = 0; i < COUNT(not_ranges); i++) {
        bool taken;

        CHECK(!version_in_range(str_of(not_ranges[i].ecosystem), str_of(not_ranges[i].range),
                                str_of(not_ranges[i].version), &taken),
              "%s: '%s' is not understood for %s", not_ranges[i].ecosystem, not_ranges[i].range,
              not_ranges[i].version);
    }
}

static void test_ecosystems(void)
{
    enum version_scheme scheme;

    for (size_t i = 0; version_ecosystem(i); i++)
        CHECK(version_scheme_find(str_of(version_ecosystem(i)), &scheme), "%s is known",
              version_ecosystem(i));
    CHECK(version_scheme_find(STR("Debian:12"), &scheme) && scheme == VERSION_DEBIAN,
          "a release of a distribution is ordered as the distribution");
    CHECK(!version_scheme_find(STR("npmx"), &scheme), "an unknown ecosystem is not ordered");
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);

    for (size_t i = 0; i < COUNT(rows); i++)
        test_row(&rows[i]);
    test_ecosystems();
    test_ranges();
    if (tap_suites())
        test_vectors(a, tap_suites());
    else
        tap_skip("the vectors: FNWARD_SUITES names no folder");
    return tap_end();
}
