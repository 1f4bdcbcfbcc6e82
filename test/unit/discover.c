/*
 * discover: projects of a few files each, and the contract that is written for them. Every
 * contract written here is read back by contract_read().
 */
#include "cases.h"

#include "contract/contract.h"
#include "discover/discover.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static char project[] = "/tmp/fnward-discover-XXXXXX";

static void must(bool ok)
{
    if (!ok)
        abort();
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    return walk->level ? remove(path) : 0;
}

static void empty_project(void)
{
    must(nftw(project, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

/* Writes a file of the project, with the directories that it needs. */
static void put(const char *path, str text, unsigned mode)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct err e = {0};

    for (size_t i = 1; path[i]; i++)
        if (path[i] == '/')
            mkdir(arena_format(a, "%s/%.*s", project, (int)i, path).at, 0755);
    must(file_replace(arena_format(a, "%s/%s", project, path).at, text, mode, &e));
}

static bool read_written(void *self, struct arena *a, const char *path, size_t max, str *ret,
                         struct err *e)
{
    (void)a;
    (void)max;
    if (str_is(path_base(str_of(path)), "fnward.yaml")) {
        *ret = *(const str *)self;
        return true;
    }
    errno = ENOENT;
    return err_sys(e, "cannot open '%s'", path);
}

/* The contract for the project; an error as it is shown when there is none. */
static void write_contract(struct buf *out, struct contract **ret, struct arena *a)
{
    struct discover *d;
    struct err e = {0};
    str text;
    struct file_source files = {.read = read_written, .self = &text};

    *ret = NULL;
    if (!discover_project(a, project, &d, &e)) {
        err_render(out, &e);
        return;
    }
    discover_write(out, d);
    text = buf_str(out);
    if (!contract_read(a, &files, project, ret, &e)) {
        err_render(out, &e);
        CHECK(false, "what is written can be read");
    }
}

/* ---- whole projects: "--- path" starts a file, "-->" the contract ---- */

static void put_files(struct arena *a, str files)
{
    str file, path;

    cases_cut(&files, STR("--- "));
    while (files.at) {
        file = cases_cut(&files, STR("--- "));
        str_cut(&file, '\n', &path);
        put(arena_str(a, path).at, file.at ? file : (str){"", 0},
            str_is(path_base(path), "bootstrap") ? 0755 : 0644);
    }
}

static void test_projects(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct cases cases;
    struct test_case t;
    unsigned count = 0;

    if (!cases_open(a, "discover/projects.txt", &cases))
        return;
    for (; cases_next(&cases, &t); count++) {
        CLEANUP(buf_free) struct buf written = {0};
        struct contract *c;

        empty_project();
        put_files(a, t.given);
        write_contract(&written, &c, a);
        cases_check(&cases, &t, buf_str(&written));
    }
    CHECK(count > 8, "%u projects were looked at", count);
    cases_close(&cases);
}

/* ---- what cannot stand in a file of cases ---- */

static void test_nothing(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct discover *d;
    struct err e = {0};

    empty_project();
    CHECK(!discover_project(a, project, &d, &e) && e.code == ERR_INPUT &&
              str_starts(str_of(e.fix), STR("looked for template.yaml")),
          "an empty project says what was looked for");
    e = (struct err){0};
    put("template.yaml", STR("Resources:\n\tX: 1\n"), 0644);
    CHECK(!discover_project(a, project, &d, &e) && e.at.line == 2,
          "a broken template is an error with its place");
}

static void test_maxima(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(buf_free) struct buf b = {0};
    CLEANUP(buf_free) struct buf out = {0};
    struct contract *c;

    buf_add(&b, STR("Resources:\n"));
    for (int i = 0; i < 300; i++)
        buf_addf(&b,
                 "  F%d: {Type: AWS::Serverless::Function, Properties: {Runtime: provided}}\n",
                 i);
    empty_project();
    put("template.yaml", buf_str(&b), 0644);
    write_contract(&out, &c, a);
    CHECK(c && c->function_count == CONTRACT_FUNCTIONS_MAX, "no more functions than can be");
    buf_clear(&b);
    buf_clear(&out);
    buf_add(&b, STR("Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
                    "      Runtime: provided\n      Environment:\n        Variables:\n"));
    for (int i = 0; i < 100; i++)
        buf_addf(&b, "          V%d: x\n", i);
    buf_add(&b, STR("      Events:\n"));
    for (int i = 0; i < 100; i++)
        buf_addf(&b, "        E%d: {Type: Api, Properties: {Path: /%d, Method: get}}\n", i, i);
    put("template.yaml", buf_str(&b), 0644);
    write_contract(&out, &c, a);
    CHECK(c && c->functions[0].env_count == CONTRACT_LIST_MAX &&
              c->functions[0].trigger_count == CONTRACT_TRIGGERS_MAX,
          "nor more variables and triggers");
}

/* Templates by others, each as if it were all there is: what is written can be read. */
static unsigned try_templates(const char *directory, unsigned *found)
{
    DIR *dir = opendir(directory);
    unsigned count = 0;

    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        CLEANUP(buf_free) struct buf out = {0};
        str path = arena_format(a, "%s/%s", directory, entry->d_name), text;
        struct contract *c;
        struct err e = {0};

        if (entry->d_name[0] == '.')
            continue;
        if (entry->d_type == DT_DIR) {
            count += try_templates(path.at, found);
            continue;
        }
        if (strcmp(entry->d_name, "LICENSE") == 0 || !file_read(a, path.at, 1 << 20, &text, &e))
            continue;
        put("template.yaml", text, 0644);
        write_contract(&out, &c, a);
        *found += c != NULL;
        count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

static void test_templates(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const char *suites = tap_suites();
    unsigned found = 0, count;

    if (!suites) {
        tap_skip("no test data of others: FNWARD_SUITES is not set");
        return;
    }
    empty_project();
    count = try_templates(arena_format(a, "%s/templates-checkov", suites).at, &found);
    CHECK(count > 300 && found > 5, "of %u templates, %u hold functions for a contract", count,
          found);
}

int main(void)
{
    must(mkdtemp(project));
    test_projects();
    test_nothing();
    test_maxima();
    test_templates();
    empty_project();
    must(rmdir(project) == 0);
    return tap_end();
}
