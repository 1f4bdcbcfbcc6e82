/* Lock files: rows of our own, and how many packages each of the fixtures of others has. */
#include "lockfile/lockfile.h"
#include "tap.h"

#include <stdlib.h>

/* ---- what a file says ---- */

static const struct {
    const char *file, *text, *packages;
} rows[] = {
    {"package-lock.json",
     "{\"lockfileVersion\":3,\"packages\":{\"\":{\"dependencies\":{\"a\":\"^1.0.0\"},"
     "\"devDependencies\":{\"t\":\"*\"}},"
     "\"node_modules/a\":{\"version\":\"1.2.0\",\"integrity\":\"x\",\"dependencies\":{\"b\":\"2\"}},"
     "\"node_modules/a/node_modules/b\":{\"version\":\"2.0.0\"},"
     "\"node_modules/t\":{\"name\":\"@s/t\",\"version\":\"3.0.0\",\"dev\":true},"
     "\"packages/w\":{\"version\":\"0.1.0\"},\"node_modules/w\":{\"resolved\":\"packages/w\",\"link\":true}}}",
     "npm a 1.2.0 direct hash ^1.0.0; npm b 2.0.0 by a; npm @s/t 3.0.0 dev direct *; "
     "npm w 0.1.0 path packages/w"},
    {"package-lock.json",
     "{\"dependencies\":{\"x\":{\"version\":\"npm:y@1.0.0\",\"requires\":{\"z\":\"1\"}},"
     "\"z\":{\"version\":\"1.0.0\"},\"g\":{\"version\":\"git+ssh://h/r.git#abc\"}}}",
     "npm y 1.0.0 direct; npm z 1.0.0 by y; npm g  direct git abc"},
    {"yarn.lock",
     "# yarn lockfile v1\n\na@^1.0.0, a@^1.1.0:\n  version \"1.2.0\"\n  dependencies:\n    \"@s/b\" \"^2.0.0\"\n"
     "\n\"@s/b@^2.0.0\":\n  version \"2.0.1\"\n  integrity sha512-x\n",
     "npm a 1.2.0; npm @s/b 2.0.1 hash"},
    {"yarn.lock",
     "__metadata:\n  version: 6\n\n\"p@workspace:.\":\n  resolution: \"p@workspace:.\"\n  dependencies:\n"
     "    a: ^1.0.0\n\n\"a@npm:^1.0.0\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n  dependencies:\n"
     "    b: ^2.0.0\n\n\"b@npm:^2.0.0\":\n  version: 2.0.0\n  resolution: \"b@npm:2.0.0\"\n",
     "npm a 1.2.0 direct ^1.0.0; npm b 2.0.0 by a"},
    {"pnpm-lock.yaml",
     "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n"
     "        version: 1.2.0(b@2.0.0)\npackages:\n  a@1.2.0:\n    resolution: {integrity: x}\n  b@2.0.0:\n"
     "    resolution: {integrity: y}\nsnapshots:\n  a@1.2.0(b@2.0.0):\n    dependencies:\n      b: 2.0.0\n"
     "  b@2.0.0: {}\n",
     "npm a 1.2.0 direct hash ^1.0.0; npm b 2.0.0 hash by a"},
    {"bun.lock",
     "{ // comment\n \"workspaces\": {\"\": {\"devDependencies\": {\"a\": \"^1.0.0\",}}},\n"
     " \"packages\": {\"a\": [\"a@1.2.0\", \"\", {}, \"sha512-//x,}\"],},}\n",
     "npm a 1.2.0 dev direct hash ^1.0.0"},
    {"requirements.txt",
     "Flask==2.0.0 \\\n  --hash=sha256:x # why\nzope.Interface>=5 ; python_version > '3'\n-e .\nx @ git+https://h/x\n",
     "PyPI flask 2.0.0 direct hash ==2.0.0; PyPI zope-interface  direct unpinned >=5; "
     "PyPI x  direct git git+https://h/x"},
    {"poetry.lock",
     "[[package]]\nname = \"A_b\"\nversion = \"1.0\"\ngroups = [\"dev\"]\nfiles = [{file = \"a\", hash = \"b\"}]\n",
     "PyPI a-b 1.0 dev hash"},
    {"uv.lock",
     "[[package]]\nname = \"mine\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"a\" }]\n"
     "[[package]]\nname = \"a\"\nversion = \"1.0\"\nsource = { git = \"https://h/a?rev=1#abc\" }\n"
     "dependencies = [{ name = \"b\" }]\n[[package]]\nname = \"b\"\nversion = \"2.0\"\n",
     "PyPI a 1.0 direct git abc; PyPI b 2.0 by a"},
    {"Pipfile.lock",
     "{\"default\":{\"a\":{\"version\":\"==1.0\",\"hashes\":[\"x\"],\"index\":\"pypi\"}},"
     "\"develop\":{\"a\":{\"version\":\"==1.0\"},\"b\":{\"version\":\"==2.0\"}}}",
     "PyPI a 1.0 direct hash; PyPI b 2.0 dev"},
    {"go.mod",
     "module m\ngo 1.21\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v2.0.0 // indirect\n)\n"
     "replace example.com/b => example.com/c v2.1.0\n",
     "Go example.com/a 1.0.0 direct hash; Go example.com/c 2.1.0 hash; Go stdlib 1.21"},
    {"Cargo.lock",
     "[[package]]\nname = \"mine\"\nversion = \"0.1.0\"\ndependencies = [\"a 1.0.0\"]\n"
     "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\nchecksum = \"y\"\n",
     "crates.io mine 0.1.0 path ; crates.io a 1.0.0 direct hash"},
    {"Gemfile.lock",
     "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0.0-x86_64-linux)\n      b (~> 2.0)\n    b (2.0.1)\n"
     "\nDEPENDENCIES\n  a (~> 1.0)\n",
     "RubyGems a 1.0.0 direct ~> 1.0; RubyGems b 2.0.1 by a"},
    {"composer.lock",
     "{\"packages\":[{\"name\":\"v/a\",\"version\":\"v1.0\"}],\"packages-dev\":[{\"name\":\"v/b\",\"version\":\"2.0\"}]}",
     "Packagist v/a v1.0; Packagist v/b 2.0 dev"},
    {"packages.lock.json",
     "{\"version\":1,\"dependencies\":{\"net6.0\":{\"A\":{\"type\":\"Direct\",\"requested\":\"[1.0, )\","
     "\"resolved\":\"1.0.0\",\"contentHash\":\"x\",\"dependencies\":{\"B\":\"2.0.0\"}},"
     "\"B\":{\"type\":\"Transitive\",\"resolved\":\"2.0.0\"}},\"net8.0\":{\"B\":{\"type\":\"Transitive\",\"resolved\":\"2.0.0\"}}}}",
     "NuGet A 1.0.0 direct hash [1.0, ); NuGet B 2.0.0"},
    {"composer.lock",
     "{\"packages\":[{\"name\":\"v/a\\u001b[2J\",\"version\":\"1\\n0 known flaws\"}]}",
     "Packagist v/a?[2J 1?0 known flaws"},
    {"gradle.lockfile", "# x\na.b:c:1.0=compileClasspath,runtimeClasspath\nempty=\nnonsense\n",
     "Maven a.b:c 1.0"},
    {"pom.xml",
     "<project xmlns='http://maven.apache.org/POM/4.0.0'><groupId>g</groupId><version>7</version>"
     "<properties><v>1.${w}</v><w>2</w><loop>${loop}</loop></properties><dependencies>"
     "<dependency><groupId>${project.groupId}</groupId><artifactId>a</artifactId><version>${v}</version></dependency>"
     "<dependency><groupId>x</groupId><artifactId>b</artifactId><version>${project.version}</version>"
     "<optional>true</optional></dependency>"
     "<dependency><groupId>x</groupId><artifactId>c</artifactId></dependency>"
     "<dependency><groupId>x</groupId><artifactId>d</artifactId><version>[1,2)</version></dependency>"
     "<dependency><groupId>x</groupId><artifactId>e</artifactId><version>[3]</version></dependency>"
     "<dependency><groupId>x</groupId><artifactId>f</artifactId><version>${loop}</version></dependency>"
     "</dependencies><dependencyManagement><dependencies><dependency><groupId>x</groupId><artifactId>c</artifactId>"
     "<version>5</version><scope>test</scope></dependency></dependencies></dependencyManagement></project>",
     "Maven g:a 1.2 direct 1.2; Maven x:b 7 optional direct 7; Maven x:c 5 dev direct 5; "
     "Maven x:d  direct unpinned [1,2); Maven x:e 3 direct [3]; Maven x:f  direct unpinned ${loop}"},
};

static void add_words(struct buf *out, const struct lockfile *f,
                      const struct lockfile_package *p)
{
    static const char *const sources[] = {"", " git ", " path ", " url "};

    buf_addf(out, "%.*s %.*s %.*s", STR_ARG(p->ecosystem), STR_ARG(p->name),
             STR_ARG(p->version));
    buf_addf(out, "%s%s%s%s%s", p->dev ? " dev" : "", p->optional ? " optional" : "",
             p->direct ? " direct" : "", p->has_integrity ? " hash" : "",
             p->pinned ? "" : " unpinned");
    if (p->source != SOURCE_REGISTRY)
        buf_addf(out, "%s%.*s", sources[p->source], STR_ARG(p->origin));
    if (p->wanted.len && p->source == SOURCE_REGISTRY)
        buf_addf(out, " %.*s", STR_ARG(p->wanted));
    if (p->needed_by != LOCKFILE_ROOT)
        buf_addf(out, " by %.*s", STR_ARG(f->packages[p->needed_by].name));
}

static bool nothing(void *self, struct arena *a, const char *path, size_t max, str *ret,
                    struct err *e)
{
    (void)self, (void)a, (void)path, (void)max, (void)ret;
    return err_set(e, ERR_SYSTEM, "there are no files");
}

static const struct file_source no_files = {nothing, NULL};

static bool read_text(struct arena *a, const char *name, str text, struct lockfile *ret,
                      struct err *e)
{
    const struct lockfile_context context = {&no_files, STR("/p"), STR("/p/file")};
    const struct lockfile_format *f = lockfile_kind(str_of(name));

    return f ? lockfile_read(a, f, &context, text, ret, e)
             : err_set(e, ERR_INPUT, "'%s' is no format", name);
}

static void test_row(struct arena *a, size_t i)
{
    CLEANUP(buf_free) struct buf out = {0};
    struct lockfile f = {0};
    struct err e = {0};

    CHECK(read_text(a, rows[i].file, str_of(rows[i].text), &f, &e), "%s %zu is read: %s",
          rows[i].file, i, e.what);
    for (size_t k = 0; k < f.count; k++) {
        buf_addf(&out, "%s", k ? "; " : "");
        add_words(&out, &f, &f.packages[k]);
    }
    CHECK_STR(buf_str(&out), rows[i].packages, "... as what it says");
}

/* ---- files with faults ---- */

static const struct {
    const char *file, *text, *what;
    unsigned line;
} wrong[] = {
    {"package-lock.json", "{\n\"packages\": }", "expected a value but found '}'", 2},
    {"poetry.lock", "[[package]]\nname = \n", "a value is missing here", 2},
    {"pom.xml", "<project>\n<a></b></project>",
     "this is not XML that can be read: mismatched tag", 2},
    {"pom.xml", "<!DOCTYPE p [<!ENTITY a 'aaaa'>]>\n<project>&a;</project>",
     "this is not XML that can be read: it has a DOCTYPE, which is not read", 1},
};

static void test_notes(struct arena *a)
{
    struct lockfile f = {0};
    struct err e = {0};

    CHECK(read_text(a, "gradle.lockfile", STR("a:b:1\nnonsense\n"), &f, &e) && f.count == 1 &&
              f.note_count == 1 && f.notes[0].line == 2,
          "a line that makes no sense is noted, and the rest read");
    CHECK(read_text(a, "requirements.txt", STR("-r ../../etc/passwd\n"), &f, &e) && !f.count &&
              f.note_count == 1,
          "what lies outside of the project is not included");
    CHECK(!lockfile_kind(STR("package.json")) && !lockfile_kind(STR("yarn.lock.bak")) &&
              lockfile_kind(STR("requirements-dev.txt")) &&
              lockfile_kind(STR("pylock.dev.toml")),
          "files are known by their names");
}

/* Versions 1 nest packages in packages: no deeper than is read. */
static void test_nesting(struct arena *a)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct lockfile f = {0};
    struct err e = {0};

    buf_add(&b, STR("{"));
    for (int i = 0; i < 5000; i++)
        buf_add(&b, STR("\"dependencies\":{\"a\":{"));
    CHECK(!read_text(a, "package-lock.json", buf_str(&b), &f, &e), "a deep nest is refused");
}

/* ---- package URLs, hashes, needs ---- */

static const struct {
    struct lockfile_package package;
    const char *url;
} urls[] = {
    {{.ecosystem = STR_INIT("npm"), .name = STR_INIT("left-pad"), .version = STR_INIT("1.3.0")},
     "pkg:npm/left-pad@1.3.0"},
    {{.ecosystem = STR_INIT("npm"),
      .name = STR_INIT("@angular/core"),
      .version = STR_INIT("1.0.0+b/1")},
     "pkg:npm/%40angular/core@1.0.0%2Bb%2F1"},
    {{.ecosystem = STR_INIT("npm"),
      .name = STR_INIT("a"),
      .source = SOURCE_GIT,
      .origin = STR_INIT("abcdef0")},
     "pkg:npm/a@abcdef0"},
    {{.ecosystem = STR_INIT("npm"),
      .name = STR_INIT("a"),
      .source = SOURCE_GIT,
      .origin = STR_INIT("git+https://h")},
     "pkg:npm/a"},
    {{.ecosystem = STR_INIT("PyPI"),
      .name = STR_INIT("django-allauth"),
      .version = STR_INIT("1!2.0")},
     "pkg:pypi/django-allauth@1%212.0"},
    {{.ecosystem = STR_INIT("Go"),
      .name = STR_INIT("github.com/BurntSushi/toml"),
      .version = STR_INIT("1.2.0")},
     "pkg:golang/github.com/burntsushi/toml@v1.2.0"},
    {{.ecosystem = STR_INIT("Go"), .name = STR_INIT("stdlib"), .version = STR_INIT("1.21.3")},
     "pkg:golang/stdlib@1.21.3"},
    {{.ecosystem = STR_INIT("Maven"),
      .name = STR_INIT("org.apache:Log4j"),
      .version = STR_INIT("2.0")},
     "pkg:maven/org.apache/Log4j@2.0"},
    {{.ecosystem = STR_INIT("Packagist"),
      .name = STR_INIT("Laravel/Framework"),
      .version = STR_INIT("v5.5")},
     "pkg:composer/laravel/framework@v5.5"},
    {{.ecosystem = STR_INIT("crates.io"),
      .name = STR_INIT("r\xc3\xa4nd"),
      .version = STR_INIT("0.7.2")},
     "pkg:cargo/r%C3%A4nd@0.7.2"},
    {{.ecosystem = STR_INIT("NuGet"), .name = STR_INIT("A.B"), .version = STR_INIT("4.0.0")},
     "pkg:nuget/A.B@4.0.0"},
    {{.ecosystem = STR_INIT("RubyGems"),
      .name = STR_INIT("a?b#c@d%"),
      .version = STR_INIT("1")},
     "pkg:gem/a%3Fb%23c%40d%25@1"},
    {{.ecosystem = STR_INIT("Unheard"), .name = STR_INIT("a"), .version = STR_INIT("1")}, ""},
};

static void test_urls(void)
{
    for (size_t i = 0; i < COUNT(urls); i++) {
        CLEANUP(buf_free) struct buf out = {0};

        lockfile_purl(&out, &urls[i].package);
        CHECK_STR(buf_str(&out), urls[i].url, "the package URL of %.*s",
                  STR_ARG(urls[i].package.name));
    }
}

static const struct {
    const char *file, *text, *hash;
} hashes[] = {
    {"package-lock.json", "{\"packages\":{\"node_modules/a\":{\"integrity\":\"sha512-x\"}}}",
     "sha512-x"},
    {"yarn.lock", "a@1:\n  version \"1\"\n  integrity sha1-y\n", "sha1-y"},
    {"pnpm-lock.yaml",
     "lockfileVersion: '9.0'\npackages:\n  a@1.2.0:\n    resolution: {integrity: sha512-z}\n",
     "sha512-z"},
    {"bun.lock", "{\"packages\":{\"a\":[\"a@1.0.0\",\"\",{},\"sha512-w\"]}}", "sha512-w"},
    {"Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\nchecksum = \"ab\"\n",
     "sha256:ab"},
    {"composer.lock", "{\"packages\":[{\"name\":\"a/b\",\"dist\":{\"shasum\":\"cd\"}}]}",
     "sha1:cd"},
    {"packages.lock.json",
     "{\"dependencies\":{\"n\":{\"A\":{\"resolved\":\"1\",\"contentHash\":\"q\"}}}}",
     "sha512-q"},
    {"requirements.txt", "a==1 --hash=sha256:x --hash=sha256:y\n", ""},
};

static void test_hashes(struct arena *a)
{
    for (size_t i = 0; i < COUNT(hashes); i++) {
        struct lockfile f = {0};
        struct err e = {0};

        CHECK(read_text(a, hashes[i].file, str_of(hashes[i].text), &f, &e) && f.count == 1,
              "%s with a hash is read", hashes[i].file);
        CHECK_STR(f.count ? f.packages[0].hash : STR("?"), hashes[i].hash, "... and has it");
    }
}

static const struct {
    const char *path, *text, *package; /* NULL: no format */
} installed[] = {
    {"p/node_modules/a/package.json", "{\"name\":\"a\",\"version\":\"1.0.0\"}", "npm a 1.0.0"},
    {"node_modules/@s/a/package.json", "{\"name\":\"@s/a\"}", "npm @s/a "},
    {"node_modules/a/package.json", "{}", ""},
    {"x/A_b-1.dist-info/METADATA",
     "Metadata-Version: 2.1\r\nname: A_b\r\nVersion: 1\r\n\r\nVersion: 2\r\n", "PyPI a-b 1"},
    {"x/a.egg-info/PKG-INFO", "Name: a\nVersion: 2\n", "PyPI a 2"},
    {"x/a.dist-info/METADATA", "\nName: a\n", ""},
    {"package.json", NULL, NULL},
    {"node_modules/a/lib/package.json", NULL, NULL},
    {"node_modules/package.json", NULL, NULL},
    {"x/METADATA", NULL, NULL},
};

static void test_installed(struct arena *a)
{
    for (size_t i = 0; i < COUNT(installed); i++) {
        const struct lockfile_format *f = lockfile_installed_kind(str_of(installed[i].path));
        const struct lockfile_context context = {&no_files, STR("/p"), STR("/p/file")};
        CLEANUP(buf_free) struct buf out = {0};
        struct lockfile file = {0};
        struct err e = {0};

        CHECK(!f == !installed[i].package, "%s %s a package", installed[i].path,
              installed[i].package ? "tells of" : "is none of");
        if (!f)
            continue;
        CHECK(lockfile_read(a, f, &context, str_of(installed[i].text), &file, &e),
              "... is read");
        if (file.count)
            add_words(&out, &file, &file.packages[0]);
        CHECK_STR(buf_str(&out), installed[i].package, "... with its name and version");
        CHECK(file.count || file.note_count, "... or a note that there is none");
    }
}

/* The tree has each package once; the needs have every line between them. */
static void test_needs(struct arena *a)
{
    struct lockfile f = {0};
    struct err e = {0};

    CHECK(
        read_text(
            a, "package-lock.json",
            STR("{\"packages\":{\"\":{\"dependencies\":{\"a\":\"1\",\"b\":\"1\",\"gone\":\"1\"}},"
                "\"node_modules/a\":{\"dependencies\":{\"c\":\"1\"}},"
                "\"node_modules/b\":{\"dependencies\":{\"c\":\"1\"}},\"node_modules/c\":{}}}"),
            &f, &e) &&
            f.need_count == 4,
        "what two need is needed by both, and what is absent by none");
    CHECK(f.need_count == 4 && f.needs[0].by == LOCKFILE_ROOT && f.needs[0].to == 0 &&
              f.needs[2].by == 0 && f.needs[2].to == 2 && f.needs[3].by == 1 &&
              f.needs[3].to == 2,
          "... in the order of the file");
}

/* ---- the fixtures of others ---- */

/* How many packages and notes; -1: the file is refused. */
static const struct {
    const char *format, *file;
    int packages, notes;
} fixtures[] = {
    {"package-lock.json", "javascript/packagelockjson/alias.v1.json", 3, 0},
    {"package-lock.json", "javascript/packagelockjson/alias.v2.json", 3, 0},
    {"package-lock.json", "javascript/packagelockjson/both/npm-shrinkwrap.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/both/package-lock.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/bundled-dependencies.v3.json", 3, 0},
    {"package-lock.json", "javascript/packagelockjson/commits.v1.json", 15, 0},
    {"package-lock.json", "javascript/packagelockjson/commits.v2.json", 14, 0},
    {"package-lock.json", "javascript/packagelockjson/empty.v1.json", 0, 0},
    {"package-lock.json", "javascript/packagelockjson/empty.v2.json", 0, 0},
    {"package-lock.json", "javascript/packagelockjson/files.v1.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/files.v2.json", 3, 0},
    {"package-lock.json", "javascript/packagelockjson/nested-dependencies-dup.v1.json", 73, 0},
    {"package-lock.json", "javascript/packagelockjson/nested-dependencies-dup.v2.json", 36, 0},
    {"package-lock.json", "javascript/packagelockjson/nested-dependencies.v1.json", 5, 0},
    {"package-lock.json", "javascript/packagelockjson/nested-dependencies.v2.json", 5, 0},
    {"package-lock.json", "javascript/packagelockjson/not-json.txt", -1, 0},
    {"package-lock.json", "javascript/packagelockjson/npm-shrinkwrap-only/npm-shrinkwrap.json",
     2, 0},
    {"package-lock.json", "javascript/packagelockjson/null.v2.jsontest", 0, 0},
    {"package-lock.json", "javascript/packagelockjson/one-package-dev.v1.json", 1, 0},
    {"package-lock.json", "javascript/packagelockjson/one-package-dev.v2.json", 1, 0},
    {"package-lock.json", "javascript/packagelockjson/one-package.v1.json", 1, 0},
    {"package-lock.json", "javascript/packagelockjson/one-package.v2.json", 1, 0},
    {"package-lock.json", "javascript/packagelockjson/optional-package.v1.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/optional-package.v2.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/package-lock-only/package-lock.json", 2,
     0},
    {"package-lock.json", "javascript/packagelockjson/same-package-different-groups.v1.json", 7,
     0},
    {"package-lock.json", "javascript/packagelockjson/same-package-different-groups.v2.json", 7,
     0},
    {"package-lock.json", "javascript/packagelockjson/scoped-packages.v1.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/scoped-packages.v2.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/two-packages.v1.json", 2, 0},
    {"package-lock.json", "javascript/packagelockjson/two-packages.v2.json", 2, 0},
    {"yarn.lock", "javascript/yarnlock/commits.v1.lock", 18, 0},
    {"yarn.lock", "javascript/yarnlock/commits.v2.lock", 7, 0},
    {"yarn.lock", "javascript/yarnlock/empty.v1.lock", 0, 0},
    {"yarn.lock", "javascript/yarnlock/empty.v2.lock", 0, 0},
    {"yarn.lock", "javascript/yarnlock/exclude-root.v2.lock", 1, 0},
    {"yarn.lock", "javascript/yarnlock/files.v1.lock", 6, 0},
    {"yarn.lock", "javascript/yarnlock/files.v2.lock", 1, 0},
    {"yarn.lock", "javascript/yarnlock/metadata-only.v2.lock", 0, 0},
    {"yarn.lock", "javascript/yarnlock/multiple-constraints.v1.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/multiple-versions.v1.lock", 4, 0},
    {"yarn.lock", "javascript/yarnlock/multiple-versions.v2.lock", 3, 0},
    {"yarn.lock", "javascript/yarnlock/no-version.v1.lock", 1, 0},
    {"yarn.lock", "javascript/yarnlock/one-package.v1.lock", 1, 0},
    {"yarn.lock", "javascript/yarnlock/one-package.v2.lock", 1, 0},
    {"yarn.lock", "javascript/yarnlock/scoped-packages.v1.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/scoped-packages.v2.lock", 3, 0},
    {"yarn.lock", "javascript/yarnlock/two-packages.v1.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/two-packages.v2.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/with-aliases.v1.lock", 3, 0},
    {"yarn.lock", "javascript/yarnlock/with-aliases.v2.lock", 3, 0},
    {"yarn.lock", "javascript/yarnlock/with-build-string.v1.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/with-build-string.v2.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/with-prerelease.v1.lock", 5, 0},
    {"yarn.lock", "javascript/yarnlock/with-prerelease.v2.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/with-quotes.v1.lock", 2, 0},
    {"yarn.lock", "javascript/yarnlock/with-quotes.v2.lock", 2, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/commits.v9.yaml", 2, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/commits.yaml", 5, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/empty.yaml", 0, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/exotic.yaml", 7, 2},
    {"pnpm-lock.yaml", "javascript/pnpmlock/files.yaml", 5, 1},
    {"pnpm-lock.yaml", "javascript/pnpmlock/invalid-path.yaml", 1, 1},
    {"pnpm-lock.yaml", "javascript/pnpmlock/invalid-paths.yaml", 1, 2},
    {"pnpm-lock.yaml", "javascript/pnpmlock/missing-packages.yaml", 0, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/mixed-groups.v53.yaml", 3, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/mixed-groups.v54.yaml", 3, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/mixed-groups.v6.yaml", 3, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/mixed-groups.v9.yaml", 3, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/multiple-packages.yaml", 14, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/multiple-versions.v9.yaml", 3, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/multiple-versions.yaml", 3, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/no-packages.v9.yaml", 0, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/no-packages.yaml", 0, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/not-yaml.txt", 0, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/one-package-dev.v9.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/one-package-dev.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/one-package-v6-lockfile.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/one-package.v9.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/one-package.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies-advanced-rc-v6.yaml", 5, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies-advanced-v6.yaml", 5, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies-advanced.v9.yaml", 13, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies-advanced.yaml", 9, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies-v6.yaml", 5, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies.v9.yaml", 2, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/peer-dependencies.yaml", 2, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/scoped-packages-v6-lockfile.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/scoped-packages.v9.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/scoped-packages.yaml", 1, 0},
    {"pnpm-lock.yaml", "javascript/pnpmlock/tarball.yaml", 1, 0},
    {"bun.lock", "javascript/bunlock/alias.json5", 4, 0},
    {"bun.lock", "javascript/bunlock/bad-tuple.json5", 1, 2},
    {"bun.lock", "javascript/bunlock/blog-sample.json5", 1, 0},
    {"bun.lock", "javascript/bunlock/commits.json5", 18, 0},
    {"bun.lock", "javascript/bunlock/empty.json5", 0, 0},
    {"bun.lock", "javascript/bunlock/files.json5", 2, 0},
    {"bun.lock", "javascript/bunlock/nested-dependencies-dup.json5", 7, 0},
    {"bun.lock", "javascript/bunlock/nested-dependencies.json5", 9, 0},
    {"bun.lock", "javascript/bunlock/no-packages.json5", 0, 0},
    {"bun.lock", "javascript/bunlock/not-json.txt", -1, 0},
    {"bun.lock", "javascript/bunlock/one-package-dev.json5", 1, 0},
    {"bun.lock", "javascript/bunlock/one-package.json5", 1, 0},
    {"bun.lock", "javascript/bunlock/optional-package.json5", 3, 0},
    {"bun.lock", "javascript/bunlock/peer-dependencies-explicit.json5", 2, 0},
    {"bun.lock", "javascript/bunlock/peer-dependencies-implicit.json5", 2, 0},
    {"bun.lock", "javascript/bunlock/same-package-different-groups.json5", 2, 0},
    {"bun.lock", "javascript/bunlock/scoped-packages-mixed.json5", 5, 0},
    {"bun.lock", "javascript/bunlock/scoped-packages.json5", 1, 0},
    {"bun.lock", "javascript/bunlock/two-packages.json5", 2, 0},
    {"Pipfile.lock", "python/pipfilelock/empty-file", 0, 0},
    {"Pipfile.lock", "python/pipfilelock/empty.json", 0, 0},
    {"Pipfile.lock", "python/pipfilelock/minified.json", 1, 0},
    {"Pipfile.lock", "python/pipfilelock/multiple-packages.json", 3, 0},
    {"Pipfile.lock", "python/pipfilelock/no-version.json", 2, 0},
    {"Pipfile.lock", "python/pipfilelock/not-json.txt", -1, 0},
    {"Pipfile.lock", "python/pipfilelock/one-package-dev.json", 1, 0},
    {"Pipfile.lock", "python/pipfilelock/one-package.json", 1, 0},
    {"Pipfile.lock", "python/pipfilelock/two-packages-alt.json", 2, 0},
    {"Pipfile.lock", "python/pipfilelock/two-packages.json", 2, 0},
    {"poetry.lock", "python/poetrylock/empty-file.lock", 0, 0},
    {"poetry.lock", "python/poetrylock/empty.lock", 0, 0},
    {"poetry.lock", "python/poetrylock/multiple-packages.v2.lock", 11, 0},
    {"poetry.lock", "python/poetrylock/names-outside-package-block.lock", 2, 0},
    {"poetry.lock", "python/poetrylock/not-toml.txt", -1, 0},
    {"poetry.lock", "python/poetrylock/one-package-with-metadata.lock", 1, 0},
    {"poetry.lock", "python/poetrylock/one-package.lock", 1, 0},
    {"poetry.lock", "python/poetrylock/optional-package.lock", 1, 0},
    {"poetry.lock", "python/poetrylock/source-git.lock", 1, 0},
    {"poetry.lock", "python/poetrylock/source-legacy.lock", 1, 0},
    {"poetry.lock", "python/poetrylock/two-packages.lock", 2, 0},
    {"pdm.lock", "python/pdmlock/dev-dependency.toml", 3, 0},
    {"pdm.lock", "python/pdmlock/empty-file.toml", 0, 0},
    {"pdm.lock", "python/pdmlock/empty.toml", 0, 0},
    {"pdm.lock", "python/pdmlock/git-dependency.toml", 1, 0},
    {"pdm.lock", "python/pdmlock/names-outside-package-block.toml", 2, 0},
    {"pdm.lock", "python/pdmlock/not-toml.txt", -1, 0},
    {"pdm.lock", "python/pdmlock/optional-dependency.toml", 3, 0},
    {"pdm.lock", "python/pdmlock/single-package.toml", 1, 0},
    {"pdm.lock", "python/pdmlock/two-packages.toml", 2, 0},
    {"uv.lock", "python/uvlock/empty.lock", 0, 0},
    {"uv.lock", "python/uvlock/grouped-packages.lock", 14, 0},
    {"uv.lock", "python/uvlock/names-outside-package-block.lock", 2, 0},
    {"uv.lock", "python/uvlock/no-dependencies.lock", 0, 0},
    {"uv.lock", "python/uvlock/no-packages.lock", 0, 0},
    {"uv.lock", "python/uvlock/not-toml.txt", -1, 0},
    {"uv.lock", "python/uvlock/one-package.lock", 1, 0},
    {"uv.lock", "python/uvlock/source-git.lock", 1, 0},
    {"uv.lock", "python/uvlock/two-packages.lock", 2, 0},
    {"pylock.toml", "python/pylock/commits.toml", 8, 0},
    {"pylock.toml", "python/pylock/empty.toml", 0, 0},
    {"pylock.toml", "python/pylock/example.toml", 3, 0},
    {"pylock.toml", "python/pylock/names-outside-package-block.toml", 2, 0},
    {"pylock.toml", "python/pylock/not-toml.txt", -1, 0},
    {"pylock.toml", "python/pylock/pdm-full.toml", 10, 0},
    {"pylock.toml", "python/pylock/pip-full.toml", 5, 0},
    {"pylock.toml", "python/pylock/pip-just-self.toml", 1, 0},
    {"requirements.txt", "python/requirements/comments.txt", 5, 0},
    {"requirements.txt", "python/requirements/env_var.txt", 3, 0},
    {"requirements.txt", "python/requirements/example.txt", 10, 2},
    {"requirements.txt", "python/requirements/extras.txt", 2, 0},
    {"requirements.txt", "python/requirements/invalid.txt", 2, 2},
    {"requirements.txt", "python/requirements/loop.txt", 0, 0},
    {"requirements.txt", "python/requirements/multiline_and_comments.txt", 2, 0},
    {"requirements.txt", "python/requirements/no_version.txt", 3, 0},
    {"requirements.txt", "python/requirements/other-loop.txt", 0, 0},
    {"requirements.txt", "python/requirements/other-requirements.txt", 1, 0},
    {"requirements.txt", "python/requirements/per_req_options.txt", 18, 0},
    {"requirements.txt", "python/requirements/trailing_backslash.txt", 1, 0},
    {"requirements.txt", "python/requirements/with_versions.txt", 11, 0},
    {"go.mod", "golang/gomod/empty.mod", 0, 0},
    {"go.mod", "golang/gomod/indirect-1.16.mod", 2, 1},
    {"go.mod", "golang/gomod/indirect-1.23.mod", 3, 0},
    {"go.mod", "golang/gomod/indirect-packages.mod", 6, 0},
    {"go.mod", "golang/gomod/not-go-mod.mod", 0, 0},
    {"go.mod", "golang/gomod/one-package.mod", 1, 0},
    {"go.mod", "golang/gomod/replace-different.mod", 2, 0},
    {"go.mod", "golang/gomod/replace-local.mod", 2, 0},
    {"go.mod", "golang/gomod/replace-mixed.mod", 2, 0},
    {"go.mod", "golang/gomod/replace-no-version.mod", 1, 0},
    {"go.mod", "golang/gomod/replace-not-required.mod", 2, 0},
    {"go.mod", "golang/gomod/replace-one.mod", 1, 0},
    {"go.mod", "golang/gomod/toolchain-with-suffix.mod", 2, 0},
    {"go.mod", "golang/gomod/toolchain.mod", 2, 0},
    {"go.mod", "golang/gomod/two-packages.mod", 3, 0},
    {"Cargo.lock", "rust/cargolock/duplicate.lock", 2, 0},
    {"Cargo.lock", "rust/cargolock/empty.lock", 0, 0},
    {"Cargo.lock", "rust/cargolock/many-packages.lock", 6, 0},
    {"Cargo.lock", "rust/cargolock/not-toml.txt", -1, 0},
    {"Cargo.lock", "rust/cargolock/one-package.lock", 1, 0},
    {"Cargo.lock", "rust/cargolock/package-with-build-string.lock", 1, 0},
    {"Cargo.lock", "rust/cargolock/package-with-comments.lock", 2, 0},
    {"Cargo.lock", "rust/cargolock/two-packages-with-local.lock", 2, 0},
    {"Cargo.lock", "rust/cargolock/two-packages.lock", 2, 0},
    {"composer.lock", "php/composerlock/drupal-packages.json", 4, 0},
    {"composer.lock", "php/composerlock/duplicate-packages.json", 3, 0},
    {"composer.lock", "php/composerlock/empty.json", 0, 0},
    {"composer.lock", "php/composerlock/not-json.txt", -1, 0},
    {"composer.lock", "php/composerlock/null.jsontest", 0, 0},
    {"composer.lock", "php/composerlock/one-package-dev.json", 1, 0},
    {"composer.lock", "php/composerlock/one-package.json", 1, 0},
    {"composer.lock", "php/composerlock/two-packages-alt.json", 2, 0},
    {"composer.lock", "php/composerlock/two-packages.json", 2, 0},
    {"Gemfile.lock", "ruby/gemfilelock/has-git-gem.lock", 5, 0},
    {"Gemfile.lock", "ruby/gemfilelock/has-local-gem.lock", 30, 0},
    {"Gemfile.lock", "ruby/gemfilelock/invalid.lock", 0, 1},
    {"Gemfile.lock", "ruby/gemfilelock/multiple-gems.lock", 6, 0},
    {"Gemfile.lock", "ruby/gemfilelock/no-gem-section.lock", 0, 0},
    {"Gemfile.lock", "ruby/gemfilelock/no-gems.lock", 0, 0},
    {"Gemfile.lock", "ruby/gemfilelock/no-spec-section.lock", 0, 0},
    {"Gemfile.lock", "ruby/gemfilelock/one-gem.lock", 1, 0},
    {"Gemfile.lock", "ruby/gemfilelock/rails.lock", 46, 0},
    {"Gemfile.lock", "ruby/gemfilelock/rubocop.lock", 10, 0},
    {"Gemfile.lock", "ruby/gemfilelock/some-gems.lock", 3, 0},
    {"Gemfile.lock", "ruby/gemfilelock/source-section-at-end.lock", 1, 0},
    {"packages.lock.json", "dotnet/packageslockjson/invalid/invalid", -1, 0},
    {"packages.lock.json", "dotnet/packageslockjson/valid/packages.lock.json", 8, 0},
    {"gradle.lockfile", "java/gradlelockfile/5-pkg", 5, 0},
    {"gradle.lockfile", "java/gradlelockfile/one-pkg", 1, 0},
    {"gradle.lockfile", "java/gradlelockfile/only-comments", 0, 0},
    {"gradle.lockfile", "java/gradlelockfile/only-empty", 0, 0},
    {"gradle.lockfile", "java/gradlelockfile/with-bad-pkg", 2, 4},
    {"pom.xml", "java/pomxml/ambiguous-interpolation.xml", 1, 0},
    {"pom.xml", "java/pomxml/empty.xml", 0, 0},
    {"pom.xml", "java/pomxml/encoding.xml", 1, 0},
    {"pom.xml", "java/pomxml/explicit-jar.xml", 2, 0},
    {"pom.xml", "java/pomxml/interpolate-drop.xml", 1, 1},
    {"pom.xml", "java/pomxml/interpolation.xml", 3, 0},
    {"pom.xml", "java/pomxml/invalid-syntax.xml", -1, 0},
    {"pom.xml", "java/pomxml/multi-version.xml", 2, 0},
    {"pom.xml", "java/pomxml/not-pom.txt", -1, 0},
    {"pom.xml", "java/pomxml/one-package.xml", 1, 0},
    {"pom.xml", "java/pomxml/parent/pom.xml", 1, 1},
    {"pom.xml", "java/pomxml/plugin-dependency.xml", 1, 0},
    {"pom.xml", "java/pomxml/profiles.xml", 1, 1},
    {"pom.xml", "java/pomxml/transitive.xml", 3, 0},
    {"pom.xml", "java/pomxml/two-packages.xml", 2, 0},
    {"pom.xml", "java/pomxml/with-dependency-management.xml", 2, 0},
    {"pom.xml", "java/pomxml/with-multiple-classifiers.xml", 1, 0},
    {"pom.xml", "java/pomxml/with-parent.xml", 5, 2},
    {"pom.xml", "java/pomxml/with-scope.xml", 2, 0},
    {"pom.xml", "java/pomxml/with-type-classifier.xml", 1, 0},
};

static void test_fixture(struct arena *a, const char *suites, size_t i)
{
    str path = arena_format(a, "%s/lockfiles/%s", suites, fixtures[i].file), text;
    char real[4096];
    struct lockfile_context context = {&file_source_disk};
    struct lockfile f = {0};
    struct err e = {0};
    int packages;

    if (!CHECK(realpath(path.at, real) && file_read(a, real, LOCKFILE_BYTES_MAX, &text, &e),
               "%s is there", fixtures[i].file))
        return;
    context.path = str_of(real);
    context.root = path_dir(context.path);
    packages =
        lockfile_read(a, lockfile_kind(str_of(fixtures[i].format)), &context, text, &f, &e)
            ? (int)f.count
            : -1;
    if (!CHECK(packages == fixtures[i].packages && (int)f.note_count == fixtures[i].notes,
               "... with its packages"))
        printf("#   got %d and %zu notes, not %d and %d: %s\n", packages, f.note_count,
               fixtures[i].packages, fixtures[i].notes, e.what);
}

int main(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);

    for (size_t i = 0; i < COUNT(rows); i++)
        test_row(a, i);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct lockfile f = {0};
        struct err e = {0};

        CHECK(!read_text(a, wrong[i].file, str_of(wrong[i].text), &f, &e) &&
                  e.at.line == wrong[i].line,
              "a broken %s is refused at its line", wrong[i].file);
        CHECK_STR(str_of(e.what), wrong[i].what, "... with the reason");
    }
    test_notes(a);
    test_nesting(a);
    test_urls();
    test_hashes(a);
    test_needs(a);
    test_installed(a);
    if (tap_suites())
        for (size_t i = 0; i < COUNT(fixtures); i++)
            test_fixture(a, tap_suites(), i);
    else
        tap_skip("the fixtures: FNWARD_SUITES names no folder");
    return tap_end();
}
