#include "cmd/cmd.h"
#include "contract/contract.h"
#include "discover/discover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const contract_names[] = {"fnward.yaml", "fnward.yml", "fnward.json"};

/* What somebody wrote and tightened is never replaced by what a machine guessed. */
static bool must_be_new(struct arena *a, const char *dir, struct err *e)
{
    for (size_t i = 0; i < COUNT(contract_names); i++) {
        str path = arena_format(a, "%s/%s", dir, contract_names[i]);

        if (!path.at)
            return err_limit(e);
        if (!file_exists(path.at))
            continue;
        err_set(e, ERR_USAGE, "'%s' is there already", path.at);
        return err_fix(e, "edit it, or remove it to have a new one made");
    }
    return true;
}

static bool read_draft(void *self, struct arena *a, const char *path, size_t max, str *ret,
                       struct err *e)
{
    const struct buf *draft = self;

    (void)a;
    (void)max;
    if (str_is(path_base(str_of(path)), contract_names[0])) {
        *ret = buf_str(draft);
        return true;
    }
    errno = ENOENT;
    return err_sys(e, "cannot open '%s'", path);
}

/* Before anything is written: what fnward itself would refuse is no contract. */
static bool check_draft(struct arena *a, struct buf *draft, const char *dir, struct err *e)
{
    struct file_source files = {.read = read_draft, .self = draft};
    struct contract *c;

    if (draft->failed)
        return err_limit(e);
    if (!contract_read(a, &files, dir, &c, e))
        return err_wrap(e, "nothing was written, for what was found is no contract yet");
    return true;
}

static bool write_new(const char *path, str text, struct err *e)
{
    CLEANUP(fd_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    if (fd < 0)
        return err_sys(e, "cannot create '%s'", path);
    if (fd_write_all(fd, text, e))
        return true;
    unlink(path);
    return err_wrap(e, "'%s'", path);
}

/* ---- what is told ---- */

static void tell_functions(struct buf *out, const struct discover *d)
{
    buf_addf(out, "Found in %.*s:\n", STR_ARG(d->source));
    for (const struct discover_function *fn = d->functions; fn; fn = fn->next) {
        const char *before = "  ";

        buf_addf(out, "  %-24.*s %-8s", STR_ARG(fn->name), runtime_name(fn->runtime));
        for (const struct discover_item *t = fn->triggers.first; t; t = t->next) {
            buf_addf(out, "%s%.*s", before, STR_ARG(t->value.len ? t->value : t->text));
            before = ", ";
        }
        buf_addc(out, '\n');
    }
    for (const struct discover_item *i = d->notes.first; i; i = i->next)
        buf_addf(out, "  %.*s\n", STR_ARG(i->text));
}

static bool is_told(const struct discover *d, const struct discover_function *until, str name)
{
    for (const struct discover_function *fn = d->functions; fn != until; fn = fn->next)
        for (const struct discover_item *i = fn->secrets.first; i; i = i->next)
            if (str_equal(i->text, name))
                return true;
    return false;
}

static void tell_secrets(struct buf *out, const struct discover *d)
{
    const char *before = "\nNot copied, since they look like secrets; seal each:\n";

    for (const struct discover_function *fn = d->functions; fn; fn = fn->next) {
        for (const struct discover_item *i = fn->secrets.first; i; i = i->next) {
            if (is_told(d, fn, i->text))
                continue;
            buf_addf(out, "%s  fnward seal set %.*s\n", before, STR_ARG(i->text));
            before = "";
        }
    }
}

static void tell(const struct discover *d, const char *dir)
{
    CLEANUP(buf_free) struct buf out = {0};
    size_t notes = 0;

    for (const struct discover_function *fn = d->functions; fn; fn = fn->next)
        notes += fn->notes.count;
    tell_functions(&out, d);
    buf_addf(&out, "\nWrote %s/%s.\n", dir, contract_names[0]);
    if (notes)
        buf_addf(&out, "What was assumed or left out (%zu) stands in its comments.\n", notes);
    tell_secrets(&out, d);
    buf_addf(&out, "\nNext: tighten the schemas, then\n  fnward run%s%s\n",
             strcmp(dir, ".") == 0 ? "" : " ", strcmp(dir, ".") == 0 ? "" : dir);
    cmd_print(&out);
}

static bool init(struct arena *a, const char *dir, struct discover **found, struct err *e)
{
    CLEANUP(buf_free) struct buf draft = {0};
    char whole[PATH_MAX];
    str path = arena_format(a, "%s/%s", dir, contract_names[0]);

    if (!realpath(dir, whole))
        return err_set(e, ERR_INPUT, "cannot open '%s': %s", dir, strerror(errno));
    if (!path.at)
        return err_limit(e);
    if (!must_be_new(a, dir, e) || !discover_project(a, whole, found, e))
        return false;
    discover_write(&draft, *found);
    return check_draft(a, &draft, whole, e) && write_new(path.at, buf_str(&draft), e);
}

static int run(const struct cmd_line *line)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    const char *dir = line->count ? line->arguments[0] : ".";
    struct discover *found = NULL;
    struct err e = {0};

    if (line->count > 1)
        return cmd_usage(line, "one directory at a time");
    if (!a || !init(a, dir, &found, &e)) {
        if (!a)
            err_limit(&e);
        return cmd_fail(&e);
    }
    tell(found, dir);
    return EXIT_CLEAN;
}

const struct command command_init = {
    .name = "init",
    .arguments = "[DIR]",
    .summary = "Write a first contract for the functions found",
    .text =
        "Looks for a SAM or CloudFormation template (template.yaml, template.yml,\n"
        "template.json, sam.yaml), then for a serverless.yml, then for files that export a\n"
        "handler, and writes DIR/fnward.yaml with what they say: code, handlers, triggers,\n"
        "limits, variables and AWS actions. An existing contract is never replaced.\n"
        "\n"
        "What cannot be carried over stands as a comment beside its function. Values that\n"
        "look like secrets are not copied: their names are listed under 'secrets:' and\n"
        "'fnward seal set' takes the values. Schemas start open; tighten them.\n",
    .examples = {{"fnward init", "for the project in this directory"},
                 {"fnward init services/shop && fnward run services/shop",
                  "write a contract, then run under it"}},
    .run = run,
};
