/*
 * write: what was found as a contract.
 */
#include "discover/find.h"
#include "json/json.h"

/* Words that YAML would not take for text. */
static bool is_special(str text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off"};

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_equal_nocase(text, str_of(words[i])))
            return true;
    return false;
}

/* Plain where no reader could take it for anything else, in quotes otherwise. */
static void add_text(struct buf *out, str text)
{
    bool plain = text.len && !is_special(text);

    for (size_t i = 0; plain && i < text.len; i++) {
        char c = text.at[i], low = c | 0x20;
        bool letter = low >= 'a' && low <= 'z';

        plain = letter || (i ? (c >= '0' && c <= '9') || (c && strchr("-_./", c)) : c == '/');
    }
    if (plain)
        buf_add(out, text);
    else
        json_write_str(out, text);
}

/* "POST /orders/{id}" reads better without quotes. */
static void add_route_text(struct buf *out, str route)
{
    str path = str_sub(route, str_find(route, '/'), route.len);

    for (size_t i = 0; i < path.len; i++) {
        char c = path.at[i], low = c | 0x20;

        if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') &&
            (!c || !strchr("-_./{}+", c))) {
            json_write_str(out, route);
            return;
        }
    }
    buf_add(out, route);
}

static bool has_body(str route)
{
    return str_starts(route, STR("POST ")) || str_starts(route, STR("PUT ")) ||
           str_starts(route, STR("PATCH "));
}

static void write_trigger(struct buf *out, const struct discover_item *t)
{
    if (!str_is(t->text, "http")) {
        /* Lines of a log are text more often than not. */
        buf_addf(out, "      - %.*s: {type: %s} # open\n", STR_ARG(t->text),
                 str_is(t->text, "logs") ? "[object, string]" : "object");
        return;
    }
    buf_add(out, STR("      - http: "));
    add_route_text(out, t->value);
    if (has_body(t->value))
        buf_add(out, STR("\n        body: {type: object} # open"));
    buf_add(out, STR("\n        query: {type: object} # open\n"));
}

static void write_limits(struct buf *out, const struct discover_function *fn)
{
    const struct {
        const char *name, *unit;
        uint64_t value;
    } rows[] = {
        {"timeout", "s", fn->timeout_s},
        {"memory", "MB", fn->memory_mb},
        {"tmp", "MB", fn->tmp_mb},
        {"concurrency", "", fn->concurrency},
    };
    const char *before = "    limits: {";

    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!rows[i].value)
            continue;
        buf_addf(out, "%s%s: %llu%s", before, rows[i].name, (unsigned long long)rows[i].value,
                 rows[i].unit);
        before = ", ";
    }
    if (*before == ',')
        buf_add(out, STR("}\n"));
}

static void write_environment(struct buf *out, const struct discover_function *fn)
{
    if (fn->env.count)
        buf_add(out, STR("    env:\n"));
    for (const struct discover_item *i = fn->env.first; i; i = i->next) {
        buf_add(out, STR("      "));
        add_text(out, i->text);
        buf_add(out, STR(": "));
        add_text(out, i->value);
        buf_addc(out, '\n');
    }
    if (fn->secrets.count)
        buf_add(out, STR("    secrets: # 'fnward seal set NAME' takes each value\n"));
    for (const struct discover_item *i = fn->secrets.first; i; i = i->next) {
        buf_add(out, STR("      - "));
        add_text(out, i->text);
        buf_addc(out, '\n');
    }
}

static void write_permissions(struct buf *out, const struct discover_function *fn)
{
    if (!fn->aws.count)
        return;
    buf_add(out, STR("    may:\n      aws:\n"));
    for (const struct discover_item *i = fn->aws.first; i; i = i->next) {
        buf_add(out, STR("        - "));
        json_write_str(out, i->text);
        buf_addc(out, '\n');
    }
}

static void write_notes(struct buf *out, const char *indent, const struct discover_list *notes)
{
    for (const struct discover_item *i = notes->first; i; i = i->next)
        buf_addf(out, "%s# %.*s\n", indent, STR_ARG(i->text));
}

static void write_function(struct buf *out, const struct discover_function *fn)
{
    buf_add(out, STR("  "));
    add_text(out, fn->name);
    buf_add(out, STR(":\n"));
    write_notes(out, "    ", &fn->notes);
    buf_add(out, STR("    code: "));
    add_text(out, fn->code);
    buf_addf(out, "\n    runtime: %s\n", runtime_name(fn->runtime));
    if (fn->handler.len) {
        buf_add(out, STR("    handler: "));
        add_text(out, fn->handler);
        buf_addc(out, '\n');
    }
    buf_add(out, STR("    on:\n"));
    for (const struct discover_item *i = fn->triggers.first; i; i = i->next)
        write_trigger(out, i);
    write_limits(out, fn);
    write_environment(out, fn);
    write_permissions(out, fn);
}

void discover_write(struct buf *out, const struct discover *d)
{
    buf_addf(out, "# Made by 'fnward init' from %.*s. What is not named here is refused.\n",
             STR_ARG(d->source));
    buf_add(out,
            STR("# A schema marked 'open' takes any object: name its properties, then add\n"
                "# additionalProperties: false.\n"));
    write_notes(out, "", &d->notes);
    buf_add(out, STR("version: 1\nfunctions:\n"));
    for (const struct discover_function *fn = d->functions; fn; fn = fn->next)
        write_function(out, fn);
}
