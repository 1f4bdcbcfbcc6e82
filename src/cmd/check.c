/*
 * fnward check: the contract and its schemas before anything is deployed.
 */
#include "cmd/check.h"

#include "contract/contract.h"
#include "schema/schema.h"
#include "yaml/yaml.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { CHECK_MEMORY_MIB = 1024, SCHEMA_BYTES_MAX = 4 << 20 };

/* ---- one schema ---- */

static void note_file(struct checked *c, const char *file)
{
    for (size_t i = 0; i < c->file_count; i++)
        if (strcmp(c->files[i], file) == 0)
            return;
    if (c->file_count < CHECK_FILES_MAX)
        c->files[c->file_count++] = file;
}

/* What fnward run would refuse is refused here, at its place. */
static bool must_compile(struct checked *c, const struct scanned_schema *s,
                         const struct schema_options *o, struct err *e)
{
    struct schema *compiled = NULL;
    struct schema_cleaner *cleaner = NULL;
    uint32_t offset = 0;
    bool ok = schema_compile(c->a, s->root, o, &compiled, &offset, e) &&
              schema_cleaner_compile(c->a, s->root, o, SCHEMA_FROM_JSON, &cleaner, &offset, e);

    schema_cleaner_free(cleaner);
    schema_free(compiled);
    if (!ok)
        e->at = json_value_place(s->text, s->file, offset);
    return ok;
}

static bool is_seen(const struct json *const *seen, size_t count, const struct json *root)
{
    for (size_t i = 0; i < count; i++)
        if (seen[i] == root)
            return true;
    return false;
}

/* ---- a contract ---- */

struct project {
    struct checked *c;
    const struct contract *contract;
    const char *dir; /* as the user named it */
    const struct json **seen;
    size_t seen_count, seen_max;
    struct err *e;
};

/* The name as the user can open it from where the command runs. */
static const char *shown_name(struct project *p, str name)
{
    return path_join(p->c->a, str_of(p->dir), name).at;
}

static bool check_schema(struct project *p, const struct contract_schema *s, bool is_event)
{
    struct scanned_schema scanned = {.root = s->source, .draft = 2020, .is_event = is_event};
    str path;

    if (!s->source || is_seen(p->seen, p->seen_count, s->source))
        return true;
    if (p->seen_count < p->seen_max)
        p->seen[p->seen_count++] = s->source;
    path = path_join(p->c->a, p->contract->root, s->name);
    scanned.file = shown_name(p, s->name);
    if (!path.at || !scanned.file)
        return err_limit(p->e);
    if (!file_read(p->c->a, path.at, SCHEMA_BYTES_MAX, &scanned.text, p->e))
        return false;
    note_file(p->c, scanned.file);
    if (!must_compile(p->c, &scanned, NULL, p->e))
        return false;
    scan_schema(&scanned, &p->c->findings);
    return true;
}

static bool check_function(struct project *p, const struct function *f)
{
    for (size_t i = 0; i < f->trigger_count; i++) {
        const struct trigger *t = &f->triggers[i];

        if (!check_schema(p, &t->body, true) || !check_schema(p, &t->query, true) ||
            !check_schema(p, &t->headers, true) || !check_schema(p, &t->params, true))
            return false;
    }
    return check_schema(p, &f->returns, false);
}

static bool check_project(struct checked *c, const char *dir, struct err *e)
{
    struct project p = {.c = c, .dir = dir, .e = e, .seen_max = CHECK_FILES_MAX};
    char real[PATH_MAX];
    struct contract *contract;

    if (!realpath(dir, real))
        return err_sys(e, "cannot find '%s'", dir);
    if (!contract_read(c->a, &file_source_disk, real, &contract, e) ||
        !contract_check_files(contract, e))
        return false;
    p.contract = contract;
    p.seen = (const struct json **)arena_array(c->a, CHECK_FILES_MAX, sizeof(*p.seen));
    if (!p.seen)
        return err_limit(e);
    note_file(c, shown_name(&p, path_base(str_of(contract->file))));
    for (size_t i = 0; i < contract->function_count; i++)
        if (!check_function(&p, &contract->functions[i]))
            return false;
    return true;
}

/* ---- a schema by itself ---- */

static bool read_schema(struct checked *c, struct scanned_schema *s, struct err *e)
{
    struct json_limits limits = {SCHEMA_BYTES_MAX, YAML_DEPTH_MAX, YAML_NODES_MAX};
    struct json *root;
    struct yaml *y;

    if (!file_read(c->a, s->file, SCHEMA_BYTES_MAX, &s->text, e))
        return false;
    if (str_ends(str_of(s->file), STR(".json"))) {
        if (!json_read(c->a, s->text, &limits, &root, e)) {
            e->at.file = s->file;
            return false;
        }
    } else if (!yaml_read(c->a, s->text, s->file, &y, e) || !yaml_to_json(c->a, y, &root, e)) {
        return false;
    }
    s->root = root;
    return true;
}

static bool check_file(struct checked *c, const char *file, struct err *e)
{
    /* Others wrote it for another validator: what that ignores is no error here, but found. */
    struct schema_options o = {.lenient = true};
    struct scanned_schema s = {.file = file, .draft = 2020, .is_event = true};

    if (!read_schema(c, &s, e))
        return false;
    note_file(c, file);
    if (!must_compile(c, &s, &o, e))
        return false;
    scan_schema(&s, &c->findings);
    return true;
}

/* Who names the contract means its project. */
static bool is_contract(str path)
{
    static const char *const names[] = {"fnward.yaml", "fnward.yml", "fnward.json"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(path_base(path), names[i]))
            return true;
    return false;
}

static bool check_path(struct checked *c, const char *path, struct err *e)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return err_set(e, ERR_INPUT, "cannot find '%s': %s", path, strerror(errno));
    if (is_contract(str_of(path)))
        return check_project(c, path_join(c->a, STR("."), path_dir(str_of(path))).at, e);
    return S_ISDIR(st.st_mode) ? check_project(c, path, e) : check_file(c, path, e);
}

/* ---- the command line ---- */

size_t check_count(const struct checked *c, enum severity s)
{
    size_t n = 0;

    for (const struct finding *f = c->findings.first; f; f = f->next)
        n += f->severity == s;
    return n;
}

size_t check_failing(const struct checked *c)
{
    size_t n = 0;

    for (const struct finding *f = c->findings.first; f; f = f->next)
        n += !c->never_fail && f->severity >= c->fail_on;
    return n;
}

static const struct check_format *format_named(const char *name)
{
    for (const struct check_format *f = check_formats; f->name; f++)
        if (!name || strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static int take_fail_on(const struct cmd_line *line, struct checked *c)
{
    const char *name = cmd_value(line, "fail-on");

    c->fail_on = SEVERITY_MEDIUM;
    c->never_fail = name && strcmp(name, "never") == 0;
    if (!name || c->never_fail || severity_named(str_of(name), &c->fail_on))
        return 0;
    return cmd_usage(line, "'%s' is not a severity: info, low, medium, high, critical or never",
                     name);
}

/* Every path, whatever is wrong with one before it; the exit code of what is wrong. */
static int check_all(const struct cmd_line *line, struct checked *c)
{
    static const char *const here[] = {".", NULL};
    const char *const *paths = line->count ? line->arguments : here;
    int wrong = EXIT_CLEAN;

    for (size_t i = 0; paths[i]; i++) {
        struct err e = {0};
        int code = check_path(c, paths[i], &e) ? EXIT_CLEAN : cmd_fail(&e);

        wrong = wrong ? wrong : code;
    }
    c->findings.incomplete = wrong;
    return wrong;
}

static int finish(struct checked *c, const struct check_format *format)
{
    CLEANUP(buf_free) struct buf out = {.max = (size_t)1 << 30};
    struct err e = {0};

    if (c->findings.failed || !findings_sort(&c->findings)) {
        err_limit(&e);
        return cmd_fail(&e);
    }
    format->write(&out, c);
    if (out.failed) {
        err_limit(&e);
        return cmd_fail(&e);
    }
    if (!cmd_print(&out))
        return EXIT_INCOMPLETE;
    if (check_failing(c))
        return EXIT_FINDINGS;
    return c->findings.dropped ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

static int run(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)CHECK_MEMORY_MIB << 20);
    struct checked *c = a ? arena_alloc(a, sizeof(*c)) : NULL;
    const char *name = cmd_value(line, "format");
    const struct check_format *format = format_named(name);
    struct err e = {0};
    int wrong, found;

    if (!c) {
        err_limit(&e);
        return cmd_fail(&e);
    }
    if (!format)
        return cmd_usage(line, "'%s' is not a format: text, json, sarif, github or junit",
                         name);
    wrong = take_fail_on(line, c);
    if (wrong)
        return wrong;
    c->a = a;
    c->findings = findings_new(a, FINDINGS_MAX);
    wrong = check_all(line, c);
    found = finish(c, format);
    return wrong ? wrong : found;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[PATH...] [OPTION...]",
    .summary = "Look for mistakes in a contract and its schemas before anything is deployed",
    .text =
        "PATH is a directory with a contract (default: the current one), or a JSON Schema by\n"
        "itself. Whatever 'fnward run' would refuse is an error. Beyond that, the schemas are\n"
        "read for what contradicts itself, what no value can satisfy, and what lets more through\n"
        "than a handler expects. Nothing is called impossible that is not proven to be.\n"
        "Each rule has a page in docs/rules.\n"
        "\n"
        "Exit code 0: nothing at or above the severity of --fail-on; 1: findings; 2: the contract\n"
        "or a schema could not be read or is wrong; 3: something could not be looked at.\n",
    .options =
        {
            {"format", "FORMAT", 0, "text, json, sarif, github or junit (default: text)"},
            {"fail-on", "SEVERITY", 0,
             "info, low, medium, high, critical or never (default: medium)"},
        },
    .examples = {{"fnward check", "the contract here"},
                 {"fnward check --format sarif > fnward.sarif", "for code scanning"},
                 {"fnward check --format github --fail-on high", "in a GitHub workflow"},
                 {"fnward check schemas/order.json", "one schema"}},
    .run = run,
};
