/*
 * serverless_value: the variables of a serverless.yml, "${self:custom.stage}", as far as they
 * can be known without deploying.
 */
#include "discover/serverless.h"

enum { DEPTH_MAX = 8, TEXT_MAX = 16 << 10 };

static bool expand(struct serverless *s, str text, unsigned depth, struct buf *out);

/* "custom.tables.orders" from the root of the file. */
static const struct yaml *lookup(const struct serverless *s, str path)
{
    const struct yaml *y = s->root;
    str part;

    while (y && str_cut(&path, '.', &part)) {
        const struct yaml *key = y->kind == YAML_MAP ? y->first : NULL;

        while (key && !str_equal(key->text, part))
            key = key->next;
        y = key ? key->value : NULL;
    }
    return y;
}

static bool expand_self(struct serverless *s, str path, unsigned depth, struct buf *out)
{
    const struct yaml *y = lookup(s, path);

    if (!y || y->kind == YAML_LIST || y->kind == YAML_MAP || y->kind == YAML_NULL || y->tag.len)
        return false;
    return expand(s, y->text, depth + 1, out);
}

/* One source of a variable: "self:custom.x", "opt:stage", "'literal'". */
static bool expand_source(struct serverless *s, str source, unsigned depth, struct buf *out)
{
    if (str_starts(source, STR("self:")))
        return expand_self(s, str_sub(source, 5, source.len), depth, out);
    if (str_is(source, "sls:stage") || str_is(source, "opt:stage")) {
        const struct yaml *stage = lookup(s, STR("provider.stage"));

        if (stage && str_find_str(stage->text, source) == stage->text.len)
            return expand(s, stage->text, depth + 1, out);
        buf_add(out, STR("dev")); /* serverless's own default */
        return true;
    }
    if (source.len < 2 || (source.at[0] != '\'' && source.at[0] != '"'))
        return false;
    buf_add(out, str_sub(source, 1, source.len - 2));
    return true;
}

/* The end of a variable that starts behind "${", which may hold others. */
static size_t variable_end(str text)
{
    unsigned open = 1;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '{')
            open++;
        if (text.at[i] == '}' && --open == 0)
            return i;
    }
    return text.len;
}

/* "source, source": the first that is known. */
static bool expand_variable(struct serverless *s, str variable, unsigned depth, struct buf *out)
{
    str rest = variable, source;

    while (str_cut(&rest, ',', &source)) {
        size_t before = out->len;

        if (expand_source(s, str_trim(source), depth, out))
            return true;
        out->len = before;
    }
    return false;
}

/* One variable, whose own variables come first. */
static bool expand_whole(struct serverless *s, str variable, unsigned depth, struct buf *out)
{
    CLEANUP(buf_free) struct buf inner = {.max = TEXT_MAX};

    if (str_find_str(variable, STR("${")) == variable.len)
        return expand_variable(s, variable, depth, out);
    return expand(s, variable, depth + 1, &inner) &&
           expand_variable(s, buf_str(&inner), depth, out);
}

static bool expand(struct serverless *s, str text, unsigned depth, struct buf *out)
{
    while (text.len && depth < DEPTH_MAX) {
        size_t at = str_find_str(text, STR("${")), end;

        buf_add(out, str_sub(text, 0, at));
        if (at == text.len)
            break;
        text = str_sub(text, at + 2, text.len);
        end = variable_end(text);
        if (!expand_whole(s, str_sub(text, 0, end), depth, out)) {
            if (!s->pattern)
                return false;
            buf_addc(out, '*');
        }
        text = str_sub(text, end + 1, text.len);
    }
    return depth < DEPTH_MAX && !out->failed;
}

bool serverless_expand(struct stack *t, str text, bool pattern, struct buf *out)
{
    struct serverless *s = (struct serverless *)t; /* of which it is the first member */

    s->pattern = pattern;
    return expand(s, text, 0, out);
}

/* A tree of CloudFormation is resolved as one; its texts come back through the above. */
bool serverless_text(struct serverless *s, const struct yaml *value, str *ret)
{
    return template_text(&s->template, value, false, ret);
}
