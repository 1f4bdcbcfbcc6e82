/*
 * fnward deps: what is known of dependencies.
 */
#include "cmd/deps.h"

#include "cmd/advisories.h"
#include "cmd/deps_sbom.h"
#include "version/version.h"

#include <stdlib.h>

enum { VECTORS_BYTES_MAX = 64 << 20 };

struct comparison {
    str left, right;
    char op; /* '<', '=' or '>'; 0: the line has none */
};

struct compared {
    enum version_scheme scheme;
    size_t lines, broken;
};

static bool is_comment(str line)
{
    return !line.len || line.at[0] == '#' || str_starts(line, STR("//"));
}

/* "1.0-rc1 < 1.0": the operator stands between spaces, as versions have none inside. */
static struct comparison read_line(str line)
{
    for (size_t i = 1; i + 1 < line.len; i++) {
        char c = line.at[i];

        if ((c == '<' || c == '=' || c == '>') && line.at[i - 1] == ' ' &&
            line.at[i + 1] == ' ')
            return (struct comparison){.left = str_trim(str_sub(line, 0, i)),
                                       .right = str_trim(str_sub(line, i + 1, line.len)),
                                       .op = c};
    }
    return (struct comparison){0};
}

static char operator_of(int order)
{
    return order < 0 ? '<' : order > 0 ? '>' : '=';
}

static bool compare_line(struct buf *out, struct compared *c, unsigned number, str line,
                         const char *file, struct err *e)
{
    struct comparison k = read_line(line);
    char is;

    if (!k.op) {
        err_at(e, (struct place){.file = file, .line = number, .column = 1},
               "'%.*s' compares no two versions", STR_ARG(str_sub(line, 0, 80)));
        return err_fix(e, "write one of: A < B, A = B, A > B");
    }
    c->lines++;
    is = operator_of(version_compare(c->scheme, k.left, k.right));
    if (is == k.op)
        return true;
    c->broken++;
    buf_addf(out, "%s:%u: '%.*s' does not hold: it is %.*s %c %.*s\n", file, number,
             STR_ARG(line), STR_ARG(k.left), is, STR_ARG(k.right));
    return true;
}

static bool compare_all(struct buf *out, struct compared *c, str text, const char *file,
                        struct err *e)
{
    unsigned number = 0;
    str line;

    while (str_cut(&text, '\n', &line)) {
        number++;
        line = str_trim(line);
        if (!is_comment(line) && !compare_line(out, c, number, line, file, e))
            return false;
    }
    return true;
}

static int unknown_ecosystem(const char *name)
{
    const char *words[64];
    struct err e = {0};
    const char *near;
    size_t n = 0;

    while (n < COUNT(words) && version_ecosystem(n)) {
        words[n] = version_ecosystem(n);
        n++;
    }
    near = did_you_mean(str_of(name), words, n);
    err_set(&e, ERR_USAGE, "'%s' is not an ecosystem whose versions are known", name);
    if (near)
        err_fix(&e, "did you mean '%s'?", near);
    else
        err_fix(&e, "use OSV's name of it, for example npm, PyPI, Go, Maven, crates.io");
    return cmd_fail(&e);
}

static int compare(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(2 * (size_t)VECTORS_BYTES_MAX);
    CLEANUP(buf_free) struct buf out = {.max = 2 * (size_t)VECTORS_BYTES_MAX};
    struct compared c = {0};
    struct err e = {0};
    str text;

    if (line->count != 3)
        return cmd_usage(line, "'compare' takes an ecosystem and a file");
    if (!version_scheme_find(str_of(line->arguments[1]), &c.scheme))
        return unknown_ecosystem(line->arguments[1]);
    if (!file_read(a, line->arguments[2], VECTORS_BYTES_MAX, &text, &e) ||
        !compare_all(&out, &c, text, line->arguments[2], &e))
        return cmd_fail(&e);
    buf_addf(&out, "%zu of %zu comparisons hold\n", c.lines - c.broken, c.lines);
    if (!cmd_print(&out))
        return EXIT_INCOMPLETE;
    return c.broken ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* ---- fnward deps [DIR] ---- */

static bool look_up(struct deps *d, struct advisories *db, const struct cmd_line *line,
                    struct err *e)
{
    const char *path = advisories_path(d->a, line);

    /* Without advisories what is there is listed all the same; that nothing was looked up is said. */
    if (!path || (!cmd_value(line, "advisories") && !file_exists(path)))
        return true;
    if (!advisories_map(path, db, e))
        return false;
    d->advisories = db;
    return deps_look_up(d, e) && deps_vex_apply(d, e);
}

/* When it was made: as SOURCE_DATE_EPOCH says, so that what is made twice is the same. */
static bool date_of(struct arena *a, bool must, str *ret, struct err *e)
{
    const char *given = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds = clock_wall_ms() / 1000;
    char date[25];

    if (!given && !must)
        return true;
    if (given && !str_to_u64(str_of(given), 253402300799, &seconds))
        return err_set(e, ERR_USAGE, "SOURCE_DATE_EPOCH is no number of seconds: '%s'", given);
    clock_iso(seconds * 1000, date);
    *ret = arena_format(a, "%.19sZ", date);
    return ret->at || err_limit(e);
}

static void free_path(char **path)
{
    free(*path);
}

static bool show_sbom(struct buf *out, struct deps *d, bool spdx, struct err *e)
{
    CLEANUP(free_path) char *path = realpath(d->root, NULL);
    str created = {0};
    struct sbom s;

    if (!path)
        return err_sys(e, "cannot find '%s'", d->root);
    if (!date_of(d->a, spdx, &created, e) ||
        !sbom_make(d, path_base(str_of(path)), created, &s, e))
        return false;
    return spdx ? sbom_spdx(out, d, &s, e) : sbom_cyclonedx(out, d, &s, e);
}

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_CYCLONEDX, FORMAT_SPDX };

static const char *const formats[] = {[FORMAT_TEXT] = "text",
                                      [FORMAT_JSON] = "json",
                                      [FORMAT_CYCLONEDX] = "cyclonedx",
                                      [FORMAT_SPDX] = "spdx"};

/* COUNT(formats) for one that there is not. */
static size_t format_of(const char *name)
{
    size_t i = 0;

    while (name && i < COUNT(formats) && strcmp(formats[i], name) != 0)
        i++;
    return i;
}

static bool show(struct buf *out, struct deps *d, size_t format, const struct cmd_line *line,
                 struct err *e)
{
    if (format >= FORMAT_CYCLONEDX)
        return show_sbom(out, d, format == FORMAT_SPDX, e);
    if (format == FORMAT_JSON)
        deps_show_json(out, d);
    else
        deps_show_text(out, d, !cmd_flag(line, "flaws"), cmd_colour());
    return true;
}

static int list(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)1 << 30);
    CLEANUP(advisories_closep) struct advisories db = {0};
    CLEANUP(buf_free) struct buf out = {.max = (size_t)1 << 30};
    size_t format = format_of(cmd_value(line, "format"));
    struct deps d = {.a = a,
                     .root = line->count ? line->arguments[0] : ".",
                     .installed = cmd_flag(line, "installed")};
    struct err e = {0};

    if (line->count > 1)
        return cmd_usage(line, "'%s' is one directory too many", line->arguments[1]);
    if (format == COUNT(formats))
        return cmd_usage(line, "'%s' is not a format: text, json, cyclonedx or spdx",
                         cmd_value(line, "format"));
    if ((cmd_value(line, "vex") && !deps_vex_read(&d, cmd_value(line, "vex"), &e)) ||
        !deps_find(&d, &e) || !look_up(&d, &db, line, &e) || !show(&out, &d, format, line, &e))
        return cmd_fail(&e);
    if (!cmd_print(&out))
        return EXIT_INCOMPLETE;
    return d.flaw_count > d.suppressed ? EXIT_FINDINGS
           : deps_incomplete(&d)       ? EXIT_INCOMPLETE
                                       : EXIT_CLEAN;
}

static int run(const struct cmd_line *line)
{
    return line->count && strcmp(line->arguments[0], "compare") == 0 ? compare(line)
                                                                     : list(line);
}

const struct command command_deps = {
    .name = "deps",
    .arguments = "[DIR] | compare ECOSYSTEM FILE",
    .summary =
        "List a project's packages from its lock files, with their known vulnerabilities",
    .text =
        "Finds the lock files below DIR (the current directory by default) and lists what they name as\n"
        "a tree: package-lock.json, npm-shrinkwrap.json, yarn.lock, pnpm-lock.yaml, bun.lock,\n"
        "requirements.txt, Pipfile.lock, poetry.lock, pdm.lock, uv.lock, pylock.toml, go.mod,\n"
        "Cargo.lock, Gemfile.lock, composer.lock, packages.lock.json, gradle.lockfile, pom.xml. Each package\n"
        "is looked up in the advisories that 'fnward advisories import' keeps; nothing is downloaded.\n"
        "The most urgent flaws come first: malicious packages, what is known to be exploited, then by\n"
        "severity. A flaw that several databases know is one.\n"
        "\n"
        "--format cyclonedx prints a bill of materials as CycloneDX 1.6 has it, with the flaws that were\n"
        "found; spdx prints one of SPDX 2.3. Both name packages by their package URLs. The same files\n"
        "give the same text: a date is in it where SOURCE_DATE_EPOCH gives one, and SPDX, which must\n"
        "have one, takes the present without it.\n"
        "\n"
        "--installed also looks at what is installed, in node_modules and where Python has its packages:\n"
        "what a deployment holds, without a lock file. So does a DIR that is in such a tree.\n"
        "\n"
        "--vex reads statements of OpenVEX. A flaw is suppressed where the newest statement on it says\n"
        "'fixed', or 'not_affected' with one of the specification's justifications; products, or their\n"
        "subcomponents, are package URLs, without a version for all of them. What is suppressed is\n"
        "listed with its reason; malicious packages cannot be. Statements that fit nothing are named.\n"
        "\n"
        "'compare' reads lines 'A < B', 'A = B' or 'A > B', and prints those that do not hold by the\n"
        "ecosystem's own order of versions. Ecosystems have the names that OSV gives them: npm, PyPI,\n"
        "Go, Maven, RubyGems, NuGet, Packagist, crates.io, Debian, Alpine, and others.\n"
        "\n"
        "Exit code 1 means that flaws were found, or that comparisons do not hold; 3 that something is\n"
        "not known: a file that can't be read, a manifest without a lock file, no advisories.\n",
    .options = {CMD_ADVISORIES_OPTION,
                {"flaws", NULL, 0, "the flaws only, without the tree"},
                {"format", "FORMAT", 0, "text, json, cyclonedx or spdx (default: text)"},
                {"installed", NULL, 0,
                 "also what is in node_modules and Python's environments"},
                {"vex", "FILE", 0, "statements of OpenVEX on flaws that do not matter"}},
    .examples = {{"fnward deps", "what this project installs, and what is known of it"},
                 {"fnward deps --flaws functions/orders", "only what is wrong with it"},
                 {"fnward deps --format cyclonedx >bom.json", "a bill of materials"},
                 {"fnward deps compare PyPI versions.txt", "check a list of comparisons"}},
    .run = run,
};
