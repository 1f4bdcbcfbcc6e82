/*
 * contract: right and wrong contracts stand in test/unit/contract/; what is read from the right
 * ones and what the disk has to say is here.
 */
#include "tap.h"

#include "contract/contract.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a project in memory ---- */

struct project {
    str contract;
    const char *name; /* of its file */
};

static const struct {
    const char *path, *text;
} project_files[] = {
    {"/srv/shop/schemas/order.json", "{\"type\": \"object\"}"},
    {"/srv/shop/schemas/order-job.yaml", "type: object # a job\n"},
    {"/srv/shop/schemas/broken.json", "{\"type\": \"object\",}"},
    {"/srv/shop/schemas/broken.yaml", "type: [object"},
    {"/srv/shop/schemas/list.json", "[]"},
};

static bool read_project(void *self, struct arena *a, const char *path, size_t max, str *ret,
                         struct err *e)
{
    const struct project *p = self;
    str name = arena_format(a, "/srv/shop/%s", p->name);

    (void)max;
    if (str_is(name, path)) {
        *ret = p->contract;
        return true;
    }
    for (size_t i = 0; i < COUNT(project_files); i++) {
        if (strcmp(path, project_files[i].path) != 0)
            continue;
        *ret = str_of(project_files[i].text);
        return true;
    }
    errno = ENOENT;
    return err_sys(e, "cannot open '%s'", path);
}

static bool read_contract(struct arena *a, const char *name, str text, struct contract **ret,
                          struct err *e)
{
    struct project p = {.contract = text, .name = name};
    struct file_source files = {.read = read_project, .self = &p};

    return contract_read(a, &files, "/srv/shop", ret, e);
}

/* ---- the files of cases ---- */

struct test_case {
    bool schema; /* marked as what the published schema refuses as well */
    str name, contract, expected;
};

static str cases_path(struct arena *a, const char *file)
{
    const char *source = getenv("FNWARD_SOURCE");

    return arena_format(a, "%s/test/unit/contract/%s", source ? source : ".", file);
}

/* The part of `rest` up to a line that starts with `mark`, which is taken off as well. */
static str cut_at_line(str *rest, str mark)
{
    str text = *rest;

    for (size_t i = 0; i < text.len; i++) {
        if ((i && text.at[i - 1] != '\n') || !str_starts(str_sub(text, i, mark.len), mark))
            continue;
        *rest = str_sub(text, i + mark.len, text.len);
        return str_sub(text, 0, i);
    }
    *rest = (str){NULL, 0};
    return text;
}

static str read_cases(struct arena *a, const char *file, str *preface)
{
    str text = {0};
    struct err e = {0};

    if (!file_read(a, cases_path(a, file).at, 1 << 20, &text, &e)) {
        CHECK(false, "%s", e.what);
        return (str){NULL, 0};
    }
    *preface = cut_at_line(&text, STR("=== "));
    return text;
}

static bool next_case(str *rest, struct test_case *ret)
{
    str body;

    if (!rest->at)
        return false;
    body = cut_at_line(rest, STR("=== "));
    *ret = (struct test_case){.schema = str_starts(body, STR("[schema] "))};
    str_cut(&body, '\n', &ret->name);
    ret->expected = body;
    ret->contract = cut_at_line(&ret->expected, STR("-->\n"));
    return true;
}

static const char orders[] = "version: 1\n"
                             "functions:\n"
                             "  orders:\n"
                             "    code: functions/orders\n"
                             "    runtime: nodejs\n"
                             "    handler: app.handler\n"
                             "    on: [{invoke: {type: object}}]\n";

/* The contract that is meant: cases leave out what most of them share. */
static str whole_contract(struct arena *a, const struct test_case *row)
{
    if (!str_starts(row->contract, STR("    ")))
        return row->contract;
    return arena_format(a, "%s%.*s", orders, STR_ARG(row->contract));
}

/* ---- wrong contracts ---- */

static void explain(struct buf *out, const struct test_case *row)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);
    struct contract *c;
    struct err e = {0};
    str text = whole_contract(a, row);

    if (read_contract(a, "fnward.yaml", text, &c, &e))
        buf_add(out, STR("it is accepted\n"));
    else
        err_render(out, &e);
}

static void test_wrong(void)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);
    CLEANUP(buf_free)
    struct buf anew = {0};
    str preface = {0}, rest = read_cases(a, "wrong.txt", &preface);
    struct test_case row;
    struct err e = {0};
    unsigned count = 0;

    buf_add(&anew, preface);
    for (; next_case(&rest, &row); count++) {
        CLEANUP(buf_free)
        struct buf b = {0};

        explain(&b, &row);
        CHECK_STR(row.expected, arena_str(a, buf_str(&b)).at, "refused: %.*s",
                  STR_ARG(row.name));
        buf_addf(&anew, "=== %.*s\n%.*s-->\n%.*s", STR_ARG(row.name), STR_ARG(row.contract),
                 STR_ARG(buf_str(&b)));
    }
    CHECK(count > 130, "%u wrong contracts were tried", count);
    if (getenv("FNWARD_REWRITE"))
        CHECK(file_replace(cases_path(a, "wrong.txt").at, buf_str(&anew), 0644, &e),
              "the errors are written anew");
}

static void test_right(void)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);
    str preface, rest = read_cases(a, "right.txt", &preface);
    struct test_case row;
    unsigned count = 0;

    for (; next_case(&rest, &row); count++) {
        CLEANUP(buf_free)
        struct buf b = {0};

        explain(&b, &row);
        CHECK_STR(buf_str(&b), "it is accepted\n", "accepted: %.*s", STR_ARG(row.name));
    }
    CHECK(count > 12, "%u right contracts were tried", count);
}

/* ---- what is read ---- */

static const char whole[] =
    "version: 1\n"
    "functions:\n"
    "  orders:\n"
    "    code: ./functions/../functions/orders/\n"
    "    runtime: python\n"
    "    handler: app.handler\n"
    "    on:\n"
    "      - http: POST /orders/{id}\n"
    "        body: schemas/order.json\n"
    "        query: {type: object}\n"
    "      - sqs: schemas/order-job.yaml\n"
    "      - invoke: schemas/order.json\n"
    "    limits: {timeout: 2m, memory: 1GB, body: 1KB, queue: 0, cpu: 0.5, rate: 100/m}\n"
    "    env: {STAGE: prod, PORT: 8080, ON: true}\n"
    "    secrets: [STRIPE_KEY]\n"
    "    may:\n"
    "      read: [data/, /usr/share/zoneinfo]\n"
    "      write: [out]\n"
    "      connect: [API.Stripe.com:443, '[2001:DB8:0::1]:8443']\n"
    "      run: [convert]\n"
    "      aws: ['s3:GetObject   arn:aws:s3:::menus/*']\n"
    "  other:\n"
    "    code: .\n"
    "    runtime: provided\n"
    "    on: [{schedule: {}}]\n";

static void check_limits(const struct function *f, const struct function *other)
{
    CHECK(f->limits.timeout_ms == 120000 && f->limits.memory == 1ull << 30, "time and memory");
    CHECK(f->limits.body == 1024 && f->limits.queue == 0 && f->limits.cpu_percent == 50,
          "a body, no queue, half a core");
    CHECK(f->limits.rate == 100 && f->limits.rate_per_ms == 60000, "a rate with its period");
    CHECK(other->limits.timeout_ms == 3000 && other->limits.memory == 128 << 20 &&
              other->limits.body == 64 << 10 && other->limits.tmp == 64 << 20 &&
              other->limits.concurrency == 8 && other->limits.queue == 64 &&
              other->limits.processes == 16 && other->limits.cpu_percent == 100 &&
              other->limits.rate == 0 && other->limits.rate_per_ms == 1000,
          "defaults where nothing is said");
}

static void check_triggers(const struct function *f)
{
    const struct trigger *t = f->triggers;

    if (!CHECK(f->trigger_count == 3, "three triggers"))
        return;
    CHECK_STR(t[0].method, "POST", "a method");
    CHECK_STR(t[0].path, "/orders/{id}", "a path");
    CHECK(t[0].at.line == 8 && t[0].at.column == 15, "a route's place");
    CHECK_STR(t[0].body.name, "schemas/order.json", "a schema by the name of its file");
    CHECK_STR(t[0].query.name, "fnward.yml", "an inline one by that of the contract");
    CHECK(!t[0].headers.source && !t[0].params.source, "none where none is given");
    CHECK(t[1].kind == TRIGGER_SQS && json_get(t[1].body.source, STR("type")),
          "a schema in YAML");
    CHECK(t[2].body.source == t[0].body.source, "a file named twice is read once");
}

static void check_permissions(const struct function *f)
{
    if (!CHECK(f->read_count == 2 && f->write_count == 1 && f->connect_count == 2 &&
                   f->run_count == 1 && f->aws_count == 1,
               "as many permissions as given"))
        return;
    CHECK_STR(f->read[0].path, "/srv/shop/data", "a path from the contract's directory");
    CHECK_STR(f->read[1].path, "/usr/share/zoneinfo", "an absolute one");
    CHECK_STR(f->connect[0].host, "api.stripe.com", "a host in lower case");
    CHECK_STR(f->connect[1].host, "2001:db8::1", "an address in its shortest form");
    CHECK(f->connect[1].port == 8443, "and its port");
    CHECK_STR(f->run[0].path, "/usr/bin/convert", "a program by its name");
    CHECK_STR(f->aws[0], "s3:GetObject arn:aws:s3:::menus/*", "an action and a resource");
}

static void test_read(void)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);
    struct contract *c = NULL;
    const struct function *f;
    struct err e = {0};

    if (!CHECK(read_contract(a, "fnward.yml", str_of(whole), &c, &e), "a whole contract %s",
               e.what))
        return;
    f = contract_function(c, STR("orders"));
    CHECK(c->function_count == 2 && f && !contract_function(c, STR("order")), "functions");
    CHECK_STR(f->code, "/srv/shop/functions/orders", "code by its clean path");
    CHECK(f->runtime == RUNTIME_PYTHON && strcmp(runtime_name(f->runtime), "python") == 0,
          "a runtime");
    CHECK_STR(c->functions[1].handler, "bootstrap", "bootstrap is the handler of 'provided'");
    CHECK_STR(c->functions[1].code, "/srv/shop", "the whole project as code");
    CHECK(f->env_count == 3 && str_is(f->env[1].value, "8080") &&
              str_is(f->env[2].value, "true"),
          "variables as they are written");
    CHECK(f->secret_count == 1 && str_is(f->secrets[0], "STRIPE_KEY"), "secrets");
    CHECK(json_get(c->source, STR("functions")), "the whole as JSON");
    CHECK(strcmp(trigger_name(TRIGGER_EVENTBRIDGE), "eventbridge") == 0, "names of triggers");
    check_limits(f, &c->functions[1]);
    check_triggers(f);
    check_permissions(f);
}

/* fnward.json is held to JSON's rules, with the same places. */
static void test_json(void)
{
    static const struct {
        const char *text, *result;
    } rows[] = {
        {"{\"version\": 1, \"functions\": {\"f\": {\"code\": \".\", \"runtime\": \"provided\",\n"
         " \"on\": [{\"invoke\": {\"title\": \"\\ud83d\\ude00\"}}]}}}",
         ""},
        {"{\"version\": 1,\n \"functions\": {\"f\": {\"kode\": \".\"}}}",
         "fnward.json:2:22: error: 'kode' is not a key of a function\n"
         "    2 |  \"functions\": {\"f\": {\"kode\": \".\"}}}\n"
         "      |                      ^~~~~~\n"
         "  fix: did you mean 'code'?\n"},
        {"{version: 1}", "fnward.json:1:2: "},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *a = arena_new(0);
        CLEANUP(buf_free)
        struct buf b = {0};
        struct contract *c;
        struct err e = {0};

        if (!read_contract(a, "fnward.json", str_of(rows[i].text), &c, &e))
            err_render(&b, &e);
        CHECK_STR(str_sub(buf_str(&b), 0, i == 2 ? strlen(rows[i].result) : b.len),
                  rows[i].result, "a contract in JSON, %zu", i);
    }
}

static void test_maxima(void)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);
    CLEANUP(buf_free)
    struct buf b = {0};
    struct contract *c;
    struct err e = {0};

    buf_add(&b, STR("version: 1\nfunctions:\n"));
    for (int i = 0; i < CONTRACT_FUNCTIONS_MAX; i++)
        buf_addf(&b, "  f%d: {code: x, runtime: provided, on: [{http: 'GET /%d/{id}'}]}\n", i,
                 i);
    CHECK(read_contract(a, "fnward.yaml", buf_str(&b), &c, &e), "as many functions as can be");
    buf_add(&b, STR("  more: {}\n"));
    CHECK(!read_contract(a, "fnward.yaml", buf_str(&b), &c, &e) &&
              strcmp(e.what, "257 functions, at most 256 are possible") == 0,
          "not one more");
    e = (struct err){0};
    buf_clear(&b);
    buf_add(&b, STR("version: 1\nfunctions: {f: {code: x, runtime: provided, on: ["));
    for (int i = 0; i <= CONTRACT_TRIGGERS_MAX; i++)
        buf_addf(&b, "{http: GET /%d},", i);
    buf_add(&b, STR("]}}"));
    CHECK(!read_contract(a, "fnward.yaml", buf_str(&b), &c, &e) &&
              strcmp(e.what, "65 items, at most 64 are possible") == 0,
          "nor a trigger more");
}

/* ---- on the disk ---- */

static char disk[] = "/tmp/fnward-contract-XXXXXX";

static const char *in_project(struct arena *a, const char *path)
{
    return arena_format(a, "%s/%s", disk, path).at;
}

/* A file beside the project. */
static const char *outside(struct arena *a)
{
    return arena_format(a, "%s.json", disk).at;
}

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void write_file(const char *path, const char *text, unsigned mode)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);
    struct err e = {0};

    must(file_replace(in_project(a, path), str_of(text), mode, &e));
}

static void make_project(struct arena *a)
{
    static const char *const directories[] = {"js", "js/lib", "py", "py/shop", "bin", "data"};
    struct err e = {0};

    must(mkdtemp(disk));
    for (size_t i = 0; i < COUNT(directories); i++)
        must(mkdir(in_project(a, directories[i]), 0755) == 0);
    write_file("js/app.mjs", "", 0644);
    write_file("js/lib/a.b.cjs", "", 0644);
    write_file("py/shop/orders.py", "", 0644);
    write_file("py/shop/__init__.py", "", 0644);
    write_file("bin/bootstrap", "", 0755);
    write_file("data/plain", "", 0644);
    write_file("s.json", "{}", 0644);
    must(file_replace(outside(a), STR("{}"), 0644, &e));
    must(symlink("/etc", in_project(a, "data/etc")) == 0);
    must(symlink("/usr/lib", in_project(a, "lib")) == 0);
    must(symlink("../bin/bootstrap", in_project(a, "js/out.js")) == 0);
    must(symlink(outside(a), in_project(a, "out.json")) == 0);
    must(symlink("..", in_project(a, "data/up")) == 0);
}

static const struct {
    const char *name, *function, *error;
} disk_rows[] = {
    {"a module of Node",
     "{code: js, runtime: nodejs, handler: app.handler, on: [{invoke: {}}]}", ""},
    {"a function in an object of a module",
     "{code: ., runtime: nodejs, handler: js/app.handlers.create, on: [{invoke: {}}]}", ""},
    {"a module of Python",
     "{code: py, runtime: python, handler: shop.orders.handler, on: [{invoke: {}}]}", ""},
    {"a module of Python by slashes",
     "{code: py, runtime: python, handler: shop/orders.handler, on: [{invoke: {}}]}", ""},
    {"a package of Python",
     "{code: py, runtime: python, handler: shop.handler, on: [{invoke: {}}]}", ""},
    {"an executable", "{code: bin, runtime: provided, on: [{invoke: s.json}]}", ""},
    {"permissions that exist",
     "{code: bin, runtime: provided, on: [{invoke: {}}], may: {read: [data/plain], "
     "write: [data], run: [/bin/sh, env]}}",
     ""},
    {"no directory", "{code: none, runtime: provided, on: [{invoke: {}}]}",
     "'none': No such file or directory"},
    {"code that is a file", "{code: s.json, runtime: provided, on: [{invoke: {}}]}",
     "'s.json' is not a directory"},
    {"code that is a link out", "{code: lib, runtime: provided, on: [{invoke: {}}]}",
     "'lib' leads out of the project, to '/usr/lib'"},
    {"no such module",
     "{code: js, runtime: nodejs, handler: index.handler, on: [{invoke: {}}]}",
     "there is no index.js, .mjs or .cjs in 'js'"},
    {"a dot in the name of a module of Node",
     "{code: js, runtime: nodejs, handler: lib/a.b.handler, on: [{invoke: {}}]}",
     "there is no lib/a.js, .mjs or .cjs in 'js'"},
    {"no such module of Python",
     "{code: py, runtime: python, handler: shop.ordres.handler, on: [{invoke: {}}]}",
     "there is no shop/ordres.py in 'py'"},
    {"a module that is a link out",
     "{code: js, runtime: nodejs, handler: out.handler, on: [{invoke: {}}]}",
     "'js/out.js' leads out of the project, to '"},
    {"no bootstrap", "{code: data, runtime: provided, on: [{invoke: {}}]}",
     "there is no bootstrap in 'data'"},
    {"a schema that is a link out",
     "{code: bin, runtime: provided, on: [{invoke: s.json}], returns: out.json}",
     "'out.json' leads out of the project, to '"},
    {"files that do not exist",
     "{code: bin, runtime: provided, on: [{invoke: {}}], may: {read: [dta]}}",
     "'dta': No such file or directory"},
    {"a link to what is forbidden",
     "{code: bin, runtime: provided, on: [{invoke: {}}], may: {read: [data/etc]}}",
     "'data/etc' cannot be permitted: it leads to '/etc'"},
    {"a link to the contract's directory",
     "{code: bin, runtime: provided, on: [{invoke: {}}], may: {write: [data/up]}}",
     "'data/up' cannot be permitted: it leads to '"},
    {"no such program",
     "{code: bin, runtime: provided, on: [{invoke: {}}], may: {run: [no-such-program]}}",
     "'/usr/bin/no-such-program': No such file or directory"},
    {"a program that cannot run",
     "{code: bin, runtime: provided, on: [{invoke: {}}], may: {run: [/etc/passwd]}}",
     "'/etc/passwd' is not a program"},
};

static void test_disk(void)
{
    for (size_t i = 0; i < COUNT(disk_rows); i++) {
        CLEANUP(arena_freep)
        struct arena *a = arena_new(0);
        str text = arena_format(a, "version: 1\nfunctions:\n  f: %s\n", disk_rows[i].function);
        struct contract *c;
        struct err e = {0};

        write_file("fnward.yaml", text.at, 0644);
        if (!contract_read(a, &file_source_disk, disk, &c, &e) || !contract_check_files(c, &e))
            CHECK(e.at.line == 3 || e.at.file, "the place is told");
        CHECK_STR(*disk_rows[i].error ? str_sub(str_of(e.what), 0, strlen(disk_rows[i].error))
                                      : str_of(e.what),
                  disk_rows[i].error, "on the disk: %s", disk_rows[i].name);
    }
}

static void test_unexecutable(struct arena *a)
{
    struct contract *c;
    struct err e = {0};

    write_file(
        "fnward.yaml",
        "version: 1\nfunctions: {f: {code: bin, runtime: provided, on: [{invoke: {}}]}}\n",
        0644);
    must(chmod(in_project(a, "bin/bootstrap"), 0644) == 0);
    CHECK(contract_read(a, &file_source_disk, disk, &c, &e) && !contract_check_files(c, &e) &&
              strcmp(e.fix, "chmod +x bin/bootstrap") == 0,
          "a bootstrap must be executable");
}

static void test_keeps_out(struct arena *a)
{
    static const char text[] =
        "version: 1\nfunctions: {f: {code: js, runtime: nodejs, handler: "
        "app.h, on: [{invoke: {}}], may: {read: [data]}}}\n";
    struct contract *c;
    struct err e = {0};

    write_file("fnward.yaml", text, 0644);
    if (!CHECK(contract_read(a, &file_source_disk, disk, &c, &e), "a contract with two paths"))
        return;
    CHECK(contract_keeps_out(c, in_project(a, "s.json"), "the identity", &e),
          "what lies beside a function's paths is hidden");
    CHECK(!contract_keeps_out(c, in_project(a, "data/plain"), "the identity", &e) &&
              str_starts(str_of(e.what), STR("the identity, '")),
          "what lies below them is not");
    e = (struct err){0};
    CHECK(!contract_keeps_out(c, in_project(a, "js/app.mjs"), "the identity", &e),
          "nor what lies in its code");
}

static void test_which_file(struct arena *a)
{
    struct contract *c;
    struct err e = {0};

    write_file("fnward.json", "{}", 0644);
    CHECK(!contract_read(a, &file_source_disk, disk, &c, &e) &&
              strcmp(e.fix, "keep one of them") == 0,
          "two contracts side by side are refused");
    unlink(in_project(a, "fnward.json"));
    unlink(in_project(a, "fnward.yaml"));
    e = (struct err){0};
    CHECK(!contract_read(a, &file_source_disk, disk, &c, &e) &&
              strcmp(e.fix, "'fnward init' writes one") == 0,
          "no contract is told with the way to one");
}

static void remove_project(struct arena *a)
{
    static const char *const paths[] = {
        "js/app.mjs",
        "js/lib/a.b.cjs",
        "js/out.js",
        "js/lib",
        "js",
        "py/shop/orders.py",
        "py/shop/__init__.py",
        "py/shop",
        "py",
        "bin/bootstrap",
        "bin",
        "data/plain",
        "data/etc",
        "data/up",
        "data",
        "s.json",
        "lib",
        "out.json",
    };

    for (size_t i = 0; i < COUNT(paths); i++)
        remove(in_project(a, paths[i]));
    must(unlink(outside(a)) == 0 && rmdir(disk) == 0);
}

int main(void)
{
    CLEANUP(arena_freep)
    struct arena *a = arena_new(0);

    test_wrong();
    test_right();
    test_read();
    test_json();
    test_maxima();
    make_project(a);
    test_disk();
    test_unexecutable(a);
    test_keeps_out(a);
    test_which_file(a);
    remove_project(a);
    return tap_end();
}
