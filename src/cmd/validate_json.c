/*
 * Results of fnward validate for programs: one object a line for each document, which holds
 * JSON Schema's own output (2020-12 core, section 12) as flag, basic or detailed.
 */
#include "cmd/validate.h"

#include <stdlib.h>

static void begin_line(struct validator *v, const struct validate_document *d)
{
    buf_add(&v->out, STR("{\"file\":"));
    json_write_str(&v->out, str_of(d->file));
    if (d->line)
        buf_addf(&v->out, ",\"line\":%u", d->line);
}

static void valid(struct validator *v, const struct validate_document *d)
{
    begin_line(v, d);
    buf_add(&v->out, STR(",\"valid\":true}\n"));
}

static void add_text(struct buf *b, const char *name, str value)
{
    buf_addf(b, "\"%s\":", name);
    json_write_str(b, value);
}

static void add_unit(struct validator *v, const struct validate_document *d,
                     const struct schema_problem *p)
{
    struct place at = validate_place(d, p);
    struct buf *b = &v->out;

    buf_add(b, STR("{\"valid\":false,"));
    add_text(b, "keywordLocation", p->keyword_at);
    if (p->keyword_uri.len) {
        buf_addc(b, ',');
        add_text(b, "absoluteKeywordLocation", p->keyword_uri);
    }
    buf_addc(b, ',');
    add_text(b, "instanceLocation", p->where);
    buf_addc(b, ',');
    add_text(b, "error", p->why);
    buf_addf(b, ",\"line\":%u,\"column\":%u}", at.line, at.column);
}

static void add_basic(struct validator *v, const struct validate_document *d,
                      const struct schema_problem *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_addc(&v->out, ',');
        add_unit(v, d, list[i]);
    }
}

/* ---- detailed: nested as the schema is ---- */

static int by_keyword(const void *a, const void *b)
{
    const struct schema_problem *const *x = a, *const *y = b;

    return str_compare((*x)->keyword_at, (*y)->keyword_at);
}

/* The longest beginning of both that ends where a token does. */
static str common(str a, str b)
{
    size_t i = 0, last = 0;

    for (; i < a.len && i < b.len && a.at[i] == b.at[i]; i++)
        if (a.at[i] == '/')
            last = i;
    if ((i == a.len || a.at[i] == '/') && (i == b.len || b.at[i] == '/'))
        last = i;
    return str_sub(a, 0, last);
}

static size_t same_branch(const struct schema_problem *const *list, size_t count, size_t from)
{
    str first = str_sub(list[0]->keyword_at, from, list[0]->keyword_at.len);
    str branch = str_sub(first, 0, 1 + str_find(str_sub(first, 1, first.len), '/'));
    size_t n = 1;

    for (; n < count; n++) {
        str next = str_sub(list[n]->keyword_at, from, list[n]->keyword_at.len);

        if (!str_starts(next, branch) || (next.len > branch.len && next.at[branch.len] != '/'))
            break;
    }
    return n;
}

static void add_detailed(struct validator *v, const struct validate_document *d,
                         const struct schema_problem *const *list, size_t count);

/* What stands at the same keyword has nothing left to be nested by. */
static void add_node(struct validator *v, const struct validate_document *d,
                     const struct schema_problem *const *list, size_t count)
{
    str keyword = list[0]->keyword_at, instance = list[0]->where;

    if (count == 1) {
        add_unit(v, d, list[0]);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        keyword = common(keyword, list[i]->keyword_at);
        instance = common(instance, list[i]->where);
    }
    buf_add(&v->out, STR("{\"valid\":false,"));
    add_text(&v->out, "keywordLocation", keyword);
    buf_addc(&v->out, ',');
    add_text(&v->out, "instanceLocation", instance);
    buf_add(&v->out, STR(",\"errors\":["));
    if (str_equal(keyword, list[count - 1]->keyword_at))
        add_basic(v, d, list, count);
    else
        for (size_t i = 0; i < count;) {
            size_t n = same_branch(list + i, count - i, keyword.len);

            if (i)
                buf_addc(&v->out, ',');
            add_node(v, d, list + i, n);
            i += n;
        }
    buf_add(&v->out, STR("]}"));
}

static void add_detailed(struct validator *v, const struct validate_document *d,
                         const struct schema_problem *const *list, size_t count)
{
    size_t from = 0;

    for (size_t i = 0; i < count; i += from) {
        from = same_branch(list + i, count - i, 0);
        if (i)
            buf_addc(&v->out, ',');
        add_node(v, d, list + i, from);
    }
}

static void invalid(struct validator *v, const struct validate_document *d,
                    const struct schema_problem *problems, size_t count)
{
    const struct schema_problem **list = (const struct schema_problem **)arena_array(
        v->document_arena, count + 1, sizeof(*list));

    begin_line(v, d);
    buf_add(&v->out, STR(",\"valid\":false"));
    if (count && problems[0].undecided)
        buf_add(&v->out, STR(",\"undecided\":true"));
    if (list && strcmp(v->output, "flag") != 0) {
        for (size_t i = 0; i < count; i++)
            list[i] = &problems[i];
        buf_add(&v->out, STR(",\"errors\":["));
        if (strcmp(v->output, "detailed") == 0) {
            qsort((void *)list, count, sizeof(*list), by_keyword);
            add_detailed(v, d, list, count);
        } else {
            add_basic(v, d, list, count);
        }
        buf_addc(&v->out, ']');
    }
    buf_add(&v->out, STR("}\n"));
}

static void unreadable(struct validator *v, const struct validate_document *d,
                       const struct err *e)
{
    begin_line(v, d);
    buf_add(&v->out, STR(",\"error\":"));
    json_write_str(&v->out, str_of(e->what));
    if (e->at.line)
        buf_addf(&v->out, ",\"at\":{\"line\":%u,\"column\":%u}", e->at.line, e->at.column);
    buf_add(&v->out, STR("}\n"));
}

const struct reporter validate_json = {
    .name = "json", .valid = valid, .invalid = invalid, .unreadable = unreadable};
