/*
 * found: what is found, made fit for a contract.
 */
#include "discover/find.h"
#include "contract/contract.h"

#include <errno.h>

enum { NAME_MAX_BYTES = 64, NOTE_MAX = 200 };

void list_add(struct finder *f, struct discover_list *list, str text, str value)
{
    struct discover_item *item = arena_alloc(f->a, sizeof(*item));

    if (!item || !text.at) {
        f->full = true;
        return;
    }
    *item = (struct discover_item){.text = text, .value = value};
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    list->count++;
}

bool list_has(const struct discover_list *list, str text, str value)
{
    for (const struct discover_item *i = list->first; i; i = i->next)
        if (str_equal(i->text, text) && str_equal(i->value, value))
            return true;
    return false;
}

void note(struct finder *f, struct discover_list *list, const char *format, ...)
{
    char text[NOTE_MAX];
    va_list args;
    str copy;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    copy = arena_str(f->a, str_of(text));
    if (copy.at && list_has(list, copy, (str){NULL, 0}))
        return;
    list_add(f, list, copy, (str){NULL, 0});
}

/* ---- functions ---- */

static bool is_word(char c)
{
    char low = c | 0x20;

    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool is_taken(const struct discover *d, str name)
{
    for (const struct discover_function *fn = d->functions; fn; fn = fn->next)
        if (str_equal(fn->name, name))
            return true;
    return false;
}

static str fit_name(struct finder *f, str name)
{
    str fit = arena_str(f->a, str_sub(name, 0, NAME_MAX_BYTES - 4));

    for (size_t i = 0; i < fit.len; i++)
        if (!is_word(fit.at[i]))
            ((char *)fit.at)[i] = '-';
    if (!fit.len)
        fit = STR("function");
    for (unsigned n = 2; is_taken(f->found, fit); n++)
        fit = arena_format(f->a, "%.*s-%u", STR_ARG(str_sub(fit, 0, NAME_MAX_BYTES - 4)), n);
    return fit;
}

struct discover_function *add_function(struct finder *f, str name)
{
    struct discover_function *fn = arena_alloc(f->a, sizeof(*fn)), **last;

    if (f->found->count >= DISCOVER_FUNCTIONS_MAX) {
        note(f, &f->found->notes, "more than %d functions: the others are left out",
             DISCOVER_FUNCTIONS_MAX);
        return NULL;
    }
    if (!fn) {
        f->full = true;
        return NULL;
    }
    *fn = (struct discover_function){.name = fit_name(f, name), .code = STR(".")};
    last = &f->found->functions;
    while (*last)
        last = &(*last)->next;
    *last = fn;
    f->found->count++;
    return fn;
}

void drop_function(struct finder *f, struct discover_function *fn, const char *why, str what)
{
    struct discover_function **link = &f->found->functions;

    note(f, &f->found->notes, "%.*s is left out: %s%s%.*s", STR_ARG(fn->name), why,
         what.len ? " " : "", STR_ARG(what));
    while (*link != fn)
        link = &(*link)->next;
    *link = fn->next;
    f->found->count--;
}

bool set_runtime(struct discover_function *fn, str runtime)
{
    for (enum runtime r = RUNTIME_NODEJS; r <= RUNTIME_PROVIDED; r++) {
        if (!str_starts(runtime, str_of(runtime_name(r))))
            continue;
        fn->runtime = r;
        return true;
    }
    return false;
}

bool set_handler(struct finder *f, struct discover_function *fn, str handler)
{
    str clean = path_clean(f->a, handler);

    if (!clean.at || !contract_handler_fits(fn->runtime, clean))
        return false;
    fn->handler = clean;
    return true;
}

bool set_code(struct finder *f, struct discover_function *fn, str path)
{
    str clean = path_clean(f->a, path);

    if (!clean.at || clean.at[0] == '/' || str_starts(clean, STR("..")))
        return false;
    fn->code = clean;
    return true;
}

/* ---- limits and the rest ---- */

void set_number(struct finder *f, struct discover_function *fn, const struct number *number,
                str text)
{
    uint64_t n;

    if (str_to_u64(text, number->most, &n) && n >= number->least)
        memcpy((char *)fn + number->offset, &n, sizeof(n));
    else
        note(f, &fn->notes, "the %s is not carried: %.*s", number->what, STR_ARG(text));
}

static const struct {
    enum runtime runtime;
    const char *ending;
} endings[] = {
    {RUNTIME_NODEJS, ".js"},
    {RUNTIME_NODEJS, ".mjs"},
    {RUNTIME_NODEJS, ".cjs"},
    {RUNTIME_PYTHON, ".py"},
};

/* Node's file ends at the first dot, Python's module at the last, with directories by dots. */
static str handler_stem(struct finder *f, const struct discover_function *fn)
{
    str base = path_base(fn->handler), stem = arena_str(f->a, fn->handler);

    if (fn->runtime == RUNTIME_NODEJS)
        return str_sub(stem, 0, stem.len - base.len + str_find(base, '.'));
    while (stem.len && stem.at[--stem.len] != '.')
        ;
    for (size_t i = 0; i < stem.len; i++)
        if (stem.at[i] == '.')
            ((char *)stem.at)[i] = '/';
    return stem;
}

/* Compiled handlers are often not there before a build; the contract can wait for them. */
static void look_for_handler(struct finder *f, struct discover_function *fn)
{
    str stem = handler_stem(f, fn);

    for (size_t i = 0; i < COUNT(endings); i++) {
        str path = arena_format(f->a, "%s/%.*s/%.*s%s", f->dir, STR_ARG(fn->code),
                                STR_ARG(stem), endings[i].ending);

        if (endings[i].runtime == fn->runtime && path.at && file_exists(path.at))
            return;
    }
    if (fn->runtime != RUNTIME_PROVIDED)
        note(f, &fn->notes,
             "the file of the handler is not there yet: build it, or correct 'code'");
}

void complete(struct finder *f, struct discover_function *fn)
{
    look_for_handler(f, fn);
    if (fn->triggers.count)
        return;
    add_trigger(f, fn, "invoke");
    note(f, &fn->notes, "no trigger was found: 'invoke' is assumed");
}

/* ---- files ---- */

bool read_first(struct finder *f, const char *const *names, size_t count,
                bool (*read)(struct finder *f, const char *name, str text, struct err *e),
                struct err *e)
{
    for (size_t i = 0; i < count && !f->found->source.len; i++) {
        str path = arena_format(f->a, "%s/%s", f->dir, names[i]), text;
        struct err unread = {0};

        if (!path.at)
            return err_limit(e);
        if (!file_read(f->a, path.at, YAML_BYTES_MAX, &text, &unread)) {
            if (unread.sysno == ENOENT)
                continue;
            *e = unread;
            return false;
        }
        if (!read(f, names[i], text, e))
            return false;
        if (f->found->count)
            f->found->source = str_of(names[i]);
    }
    return true;
}
