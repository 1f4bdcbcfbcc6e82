/*
 * handlers: functions found by their files alone. A short look at the text, no parser; what is
 * taken for a handler is said in a note.
 */
#include "discover/find.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SOURCE_MAX = 1 << 20 };

struct walk {
    struct finder *finder;
    unsigned files; /* looked at */
    bool root_package; /* package.json stands at the root: the root is the code */
};

/* Files that usually hold a handler; their directory names the function. */
static const char *const stems[] = {
    "index", "app", "handler", "lambda", "main", "function", "lambda_function",
};

static const struct {
    const char *ending;
    enum runtime runtime;
} endings[] = {
    {".js", RUNTIME_NODEJS},
    {".mjs", RUNTIME_NODEJS},
    {".cjs", RUNTIME_NODEJS},
    {".py", RUNTIME_PYTHON},
};

/* Never part of a function of one's own. */
static const char *const skipped[] = {
    "node_modules", "__pycache__", "venv",     "env",     "test",
    "tests",        "dist",        "coverage", "cdk.out",
};

/* Names by which handlers are exported, the likelier first. */
static const char *const exports[] = {"handler", "lambda_handler", "lambdaHandler", "main"};

/* How an export of a name looks; '%' stands for the name. */
static const struct {
    enum runtime runtime;
    const char *before, *after; /* of the name; after: any of these characters */
} forms[] = {
    {RUNTIME_NODEJS, "exports.", " ="},
    {RUNTIME_NODEJS, "export const ", " =:"},
    {RUNTIME_NODEJS, "export function ", "( "},
    {RUNTIME_NODEJS, "export async function ", "( "},
    {RUNTIME_NODEJS, "module.exports = { ", " ,}:"},
    {RUNTIME_NODEJS, "module.exports = {", " ,}:"},
    {RUNTIME_NODEJS, "export { ", " ,}"},
    {RUNTIME_PYTHON, "\ndef ", "("},
    {RUNTIME_PYTHON, "\nasync def ", "("},
};

static bool has_form(str text, const char *before, const char *name, const char *after)
{
    char needle[96];
    size_t length = (size_t)snprintf(needle, sizeof(needle), "%s%s", before, name);

    while (text.len) {
        size_t at = str_find_str(text, str_of(needle));

        text = str_sub(text, at + length, text.len);
        if (text.len && strchr(after, text.at[0]) && text.at[0])
            return true;
    }
    return false;
}

static const char *find_export(str text, enum runtime runtime)
{
    for (size_t i = 0; i < COUNT(exports); i++)
        for (size_t k = 0; k < COUNT(forms); k++)
            if (forms[k].runtime == runtime &&
                has_form(text, forms[k].before, exports[i], forms[k].after))
                return exports[i];
    return NULL;
}

/* ---- one file ---- */

static bool exists_in(struct finder *f, str directory, const char *name)
{
    str path = arena_format(f->a, "%s/%.*s/%s", f->dir, STR_ARG(directory), name);

    return path.at && file_exists(path.at);
}

/* The directory's name; at the root, that of the project. */
static str name_for(struct finder *f, str directory)
{
    return path_base(str_is(directory, ".") ? str_of(f->dir) : directory);
}

static bool is_usual(str stem)
{
    for (size_t i = 0; i < COUNT(stems); i++)
        if (str_is(stem, stems[i]))
            return true;
    return false;
}

static void take_handler(struct walk *w, str directory, str stem, enum runtime runtime,
                         const char *export)
{
    struct finder *f = w->finder;
    struct discover_function *fn =
        add_function(f, is_usual(stem) ? name_for(f, directory) : stem);
    str handler = arena_format(f->a, "%.*s.%s", STR_ARG(stem), export);

    if (!fn)
        return;
    fn->runtime = runtime;
    fn->code = directory;
    if (runtime == RUNTIME_NODEJS && w->root_package &&
        !exists_in(f, directory, "package.json")) {
        handler = path_join(f->a, directory, handler);
        fn->code = STR(".");
    }
    if (!handler.at || !set_handler(f, fn, handler)) {
        drop_function(f, fn, "its path cannot stand in a contract", directory);
        return;
    }
    note(f, &fn->notes, "'%s' is taken for its handler", export);
    complete(f, fn);
}

/* A file by another name than the usual ones must use a handler's very own word. */
static void look_at_file(struct walk *w, str directory, str name, str path)
{
    CLEANUP(arena_freep) struct arena *scratch = arena_new(4 * SOURCE_MAX);
    struct err e = {0};
    const char *export;
    size_t i = 0;
    str text, stem;

    while (i < COUNT(endings) && !str_ends(name, str_of(endings[i].ending)))
        i++;
    if (i == COUNT(endings) || !scratch || !file_read(scratch, path.at, SOURCE_MAX, &text, &e))
        return;
    text = arena_format(scratch, "\n%.*s", STR_ARG(text)); /* so that each line follows one */
    stem = str_sub(name, 0, name.len - strlen(endings[i].ending));
    export = text.at ? find_export(text, endings[i].runtime) : NULL;
    if (export && (is_usual(stem) || strcmp(export, "main") != 0))
        take_handler(w, directory, stem, endings[i].runtime, export);
}

static void take_bootstrap(struct walk *w, str directory)
{
    struct discover_function *fn = add_function(w->finder, name_for(w->finder, directory));

    if (!fn)
        return;
    fn->runtime = RUNTIME_PROVIDED;
    fn->code = directory;
    complete(w->finder, fn);
}

/* ---- the tree ---- */

static void walk_directory(struct walk *w, str directory, unsigned depth);

static bool is_skipped(const char *name)
{
    for (size_t i = 0; i < COUNT(skipped); i++)
        if (strcmp(name, skipped[i]) == 0)
            return true;
    return name[0] == '.';
}

static void look_at(struct walk *w, str directory, const char *name, unsigned depth)
{
    struct finder *f = w->finder;
    str path = arena_format(f->a, "%s/%.*s/%s", f->dir, STR_ARG(directory), name);
    struct stat st;

    if (!path.at || lstat(path.at, &st) < 0 || is_skipped(name)) /* links are not followed */
        return;
    if (S_ISDIR(st.st_mode))
        walk_directory(w, path_join(f->a, directory, str_of(name)), depth + 1);
    else if (S_ISREG(st.st_mode) && strcmp(name, "bootstrap") == 0 && st.st_mode & S_IXUSR)
        take_bootstrap(w, directory);
    else if (S_ISREG(st.st_mode))
        look_at_file(w, directory, str_of(name), path);
}

static void walk_directory(struct walk *w, str directory, unsigned depth)
{
    struct finder *f = w->finder;
    str path = arena_format(f->a, "%s/%.*s", f->dir, STR_ARG(directory));
    struct dirent **entries;
    int count;

    if (depth > DISCOVER_DEPTH_MAX || !directory.at || !path.at)
        return;
    count = scandir(path.at, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (w->files++ == DISCOVER_FILES_MAX)
            note(f, &f->found->notes, "more than %d files: the others were not looked at",
                 DISCOVER_FILES_MAX);
        if (w->files <= DISCOVER_FILES_MAX)
            look_at(w, directory, entries[i]->d_name, depth);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

bool find_handlers(struct finder *f, struct err *e)
{
    struct walk w = {.finder = f, .root_package = exists_in(f, STR("."), "package.json")};

    walk_directory(&w, STR("."), 0);
    if (f->found->count)
        f->found->source = STR("the handler files");
    return !f->full || err_limit(e);
}
