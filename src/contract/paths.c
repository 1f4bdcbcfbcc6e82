/*
 * paths: the files that a function may read or write and the programs that it may start.
 *
 * Paths are judged here as they are written; contract_check_files() judges where they lead.
 */
#include "contract/read.h"

static const struct {
    str path;
    bool below; /* and everything below it */
    const char *why;
} forbidden[] = {
    {STR_INIT("/"), false, "name the directories that are needed"},
    {STR_INIT("/proc"), true, "it shows other processes"},
    {STR_INIT("/sys"), true, "it shows and steers the machine"},
    {STR_INIT("/dev"), true, "it holds the machine's devices"},
    {STR_INIT("/run"), true, "it holds the sockets of other services"},
    {STR_INIT("/var/run"), true, "it holds the sockets of other services"},
    {STR_INIT("/etc"), false, "name the files that are needed"},
    {STR_INIT("/etc/shadow"), true, "it holds the machine's passwords"},
    {STR_INIT("/etc/gshadow"), true, "it holds the machine's passwords"},
    {STR_INIT("/etc/ssh"), true, "it holds the machine's keys"},
    {STR_INIT("/etc/ssl/private"), true, "it holds the machine's keys"},
    {STR_INIT("/root"), false, "name the directories that are needed"},
    {STR_INIT("/home"), false, "name the directories that are needed"},
};

/* Where keys lie, in whatever home. */
static const str key_stores[] = {
    STR_INIT(".ssh"),   STR_INIT(".aws"),    STR_INIT(".gnupg"),         STR_INIT(".kube"),
    STR_INIT(".netrc"), STR_INIT(".fnward"), STR_INIT("fnward.secrets"),
};

/* What else stands in a project's directory and is no code. */
static const str not_code[] = {
    STR_INIT("fnward.yaml"), STR_INIT("fnward.yml"), STR_INIT("fnward.json"),
    STR_INIT(".git"),        STR_INIT(".env"),
};

static bool is_one_of(str name, const str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(name, names[i]))
            return true;
    return false;
}

bool contract_is_private(str name)
{
    return is_one_of(name, key_stores, COUNT(key_stores)) ||
           is_one_of(name, not_code, COUNT(not_code)) || str_starts(name, STR(".env."));
}

static bool refuse(struct reader *r, const struct yaml *item, const char *why)
{
    err_at(r->e, item->at, "'%.*s' cannot be permitted", STR_ARG(str_sub(item->text, 0, 80)));
    return err_fix(r->e, "%s", why);
}

static bool holds_keys(str path)
{
    str rest = path, part;

    while (str_cut(&rest, '/', &part))
        if (is_one_of(part, key_stores, COUNT(key_stores)))
            return true;
    return str_find_str(path, STR("/.config/fnward")) < path.len;
}

const char *path_refused(const struct contract *c, str path)
{
    for (size_t i = 0; i < COUNT(forbidden); i++)
        if (str_equal(path, forbidden[i].path) ||
            (forbidden[i].below && path_is_below(path, forbidden[i].path)))
            return forbidden[i].why;
    if (path_is_below(c->root, path) ||
        (str_equal(path_dir(path), c->root) && str_is(path_base(path), c->file)))
        return "it holds the contract; name a directory below it";
    return holds_keys(path) ? "keys lie there; secrets stand under secrets: [NAME]" : NULL;
}

static bool read_path(struct reader *r, const struct yaml *item, void *into)
{
    struct path_rule *rule = into;
    const char *why;
    str text;

    if (!read_word(r, item, "a path", "read: [data/]", &text))
        return false;
    if (text.at[0] == '~')
        return refuse(r, item, "'~' has no meaning here: write the whole path");
    if (str_find(text, '*') < text.len)
        return refuse(r, item, "name a directory; everything below it is meant");
    rule->path = path_join(r->a, r->contract->root, text);
    rule->at = item->at;
    if (!rule->path.at)
        return err_limit(r->e);
    why = path_refused(r->contract, rule->path);
    return !why || refuse(r, item, why);
}

static const struct items path_items = {
    .what = "a path",
    .example = "read: [data/]",
    .read = read_path,
    .size = sizeof(struct path_rule),
    .max = CONTRACT_LIST_MAX,
};

bool read_paths_read(struct reader *r, const struct yaml *list, void *function)
{
    struct function *f = function;

    return read_list(r, list, &path_items, &f->read, &f->read_count);
}

bool read_paths_write(struct reader *r, const struct yaml *list, void *function)
{
    struct function *f = function;

    return read_list(r, list, &path_items, &f->write, &f->write_count);
}

/* ---- programs ---- */

static bool read_program(struct reader *r, const struct yaml *item, void *into)
{
    struct path_rule *rule = into;
    str text;

    if (!read_word(r, item, "a program", "run: [/usr/bin/convert]", &text))
        return false;
    if (text.at[0] != '/' && !is_name(text, 255, "-_.+")) {
        err_at(r->e, item->at, "a program is a name, or a whole path");
        return err_fix(r->e, "for example: convert, or /usr/bin/convert");
    }
    rule->path = path_join(r->a, STR("/usr/bin"), text); /* which is /bin as well */
    rule->at = item->at;
    return rule->path.at || err_limit(r->e);
}

bool read_programs(struct reader *r, const struct yaml *list, void *function)
{
    static const struct items items = {
        .what = "a program",
        .example = "run: [/usr/bin/convert]",
        .read = read_program,
        .size = sizeof(struct path_rule),
        .max = CONTRACT_LIST_MAX,
    };
    struct function *f = function;

    return read_list(r, list, &items, &f->run, &f->run_count);
}

bool path_in_project(struct reader *r, const struct yaml *value, const char *what, str *ret)
{
    str path = path_join(r->a, r->contract->root, value->text);

    if (!path.at)
        return err_limit(r->e);
    if (memchr(value->text.at, 0, value->text.len))
        return err_at(r->e, value->at, "a path cannot hold a NUL byte");
    if (path_is_below(path, r->contract->root)) {
        *ret = path;
        return true;
    }
    err_at(r->e, value->at, "%s must lie below the directory of the contract", what);
    return err_fix(r->e, "move it there, and write its path from there");
}
