/* What the walk tells: what was changed where and by which rule, never a value. */
#include "schema/clean_walk.h"

static void add_token(struct buf *out, str name)
{
    for (size_t i = 0; i < name.len; i++)
        switch (name.at[i]) {
        case '~':
            buf_add(out, STR("~0"));
            break;
        case '/':
            buf_add(out, STR("~1"));
            break;
        default:
            buf_addc(out, name.at[i]);
            break;
        }
}

static void add_pointer(struct buf *out, const struct where *at)
{
    if (!at)
        return;
    add_pointer(out, at->up);
    buf_addc(out, '/');
    if (at->name.at)
        add_token(out, at->name);
    else
        buf_add_u64(out, at->index);
}

static str pointer(struct walk *w, const struct where *at)
{
    CLEANUP(buf_free) struct buf out = {.max = 4096};

    add_pointer(&out, at);
    return arena_str(w->a, buf_str(&out));
}

void clean_changed(struct walk *w, const struct where *at, const char *rule)
{
    struct schema_cleaned *r = w->ret;

    if (r->change_count < SCHEMA_CHANGES_MAX)
        r->changes[r->change_count] = (struct schema_change){pointer(w, at), rule};
    r->change_count++;
}

void clean_refuse(struct walk *w, const struct where *at, const char *keyword, const char *why)
{
    struct schema_cleaned *r = w->ret;

    if (r->problem_count == SCHEMA_CHANGES_MAX)
        return;
    r->problems[r->problem_count++] = (struct schema_problem){
        .where = pointer(w, at),
        .keyword = keyword,
        .why = str_of(why),
    };
}

/* Also where a branch was only tried: what it would have become is not known. */
bool clean_too_large(struct walk *w, const struct where *at)
{
    w->steps = CLEAN_STEPS_MAX + 1;
    clean_refuse(w, at, "x-clean", "is too large to be cleaned");
    return false;
}
