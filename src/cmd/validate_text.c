/* Results of fnward validate for people. */
#include "cmd/validate.h"

static const char *coloured(const struct validator *v, const char *word, const char *colour)
{
    return v->colour ? colour : word;
}

static void add_problem(struct validator *v, const struct validate_document *d,
                        const struct schema_problem *p)
{
    CLEANUP(buf_free) struct buf what = {0};
    const char *kind = p->undecided ? coloured(v, "undecided", "\033[1;33mundecided\033[0m")
                                    : coloured(v, "error", "\033[1;31merror\033[0m");

    buf_add(&what, p->where.len ? p->where : STR("the document"));
    buf_addf(&what, " %.*s [%s]", STR_ARG(p->why), p->keyword);
    buf_addc(&what, '\0');
    place_render(&v->out, validate_place(d, p), kind, what.at, NULL);
    if (v->explain)
        validate_explain(v, d, p);
}

static void invalid(struct validator *v, const struct validate_document *d,
                    const struct schema_problem *problems, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_problem(v, d, &problems[i]);
}

static void add_count(struct buf *b, size_t n, const char *what)
{
    if (n)
        buf_addf(b, ", %zu %s", n, what);
}

static void end(struct validator *v)
{
    const struct validate_counts *n = &v->counts;
    size_t all = n->valid + n->invalid + n->undecided + n->unreadable;

    buf_addf(&v->out, "%zu document%s: %zu valid", all, all == 1 ? "" : "s", n->valid);
    add_count(&v->out, n->invalid, "invalid");
    add_count(&v->out, n->undecided, "undecided");
    add_count(&v->out, n->unreadable, "unreadable");
    buf_addc(&v->out, '\n');
}

const struct reporter validate_text = {.name = "text", .invalid = invalid, .end = end};
