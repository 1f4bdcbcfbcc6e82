/*
 * contract_disk: what the disk has to say about a contract that reads well.
 */
#include "tap.h"

#include "contract/contract.h"

#include <sys/stat.h>
#include <unistd.h>

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
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
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
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
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

/* A function whose code is the project itself does not see all of it. */
static void test_private(struct arena *a)
{
    static const struct {
        const char *path;
        bool hidden;
    } rows[] = {{".fnward/ledger", true}, {"fnward.yaml", true}, {"fnward.secrets", true},
                {".env.local", true},     {"s.json", false},     {"js/.fnward", false}};
    struct contract *c;
    struct err e = {0};

    write_file("fnward.yaml",
               "version: 1\nfunctions: {f: {code: ., runtime: provided, on: [{invoke: {}}]}}\n",
               0644);
    must(mkdir(in_project(a, ".fnward"), 0700) == 0);
    if (!CHECK(contract_read(a, &file_source_disk, disk, &c, &e), "a project as code"))
        return;
    for (size_t i = 0; i < COUNT(rows); i++) {
        e = (struct err){0};
        if (strcmp(rows[i].path, "fnward.yaml") != 0 && strcmp(rows[i].path, "s.json") != 0)
            write_file(rows[i].path, "", 0600);
        CHECK(contract_keeps_out(c, in_project(a, rows[i].path), "it", &e) == rows[i].hidden,
              "%s is %s", rows[i].path, rows[i].hidden ? "hidden" : "seen");
        if (strcmp(rows[i].path, "s.json") != 0)
            unlink(in_project(a, rows[i].path));
    }
    must(rmdir(in_project(a, ".fnward")) == 0);
    write_file("fnward.yaml", "", 0644);
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
    CLEANUP(arena_freep) struct arena *a = arena_new(0);

    make_project(a);
    test_disk();
    test_unexecutable(a);
    test_keeps_out(a);
    test_private(a);
    test_which_file(a);
    remove_project(a);
    return tap_end();
}
