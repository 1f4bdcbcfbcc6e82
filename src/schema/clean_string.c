/* Strings: the rules of all subschemas that speak of one, and texts that stand for others. */
#include "schema/clean_walk.h"

enum { ROUNDS = 4 };

static bool is_number(struct arena *a, str text)
{
    struct json_limits limits = json_limits_event;
    struct json *v;
    struct err e = {0};

    limits.bytes = text.len;
    return text.len && json_read(a, text, &limits, &v, &e) && v->kind == JSON_NUMBER &&
           v->text.len == text.len;
}

/* Text that stands for a number or a truth value, where no text is wanted. */
static bool coerce(struct walk *w, const struct set *s, const struct json *v, struct json *ret)
{
    unsigned kinds = UINT32_MAX;

    for (uint32_t i = 0; i < s->count; i++)
        kinds &= s->list[i]->kinds;
    if (w->c->source != SCHEMA_FROM_TEXT || (kinds & 1u << JSON_STRING))
        return false;
    if ((kinds & 1u << JSON_NUMBER) && is_number(w->a, v->text))
        *ret = (struct json){.kind = JSON_NUMBER, .at = v->at, .text = v->text};
    else if ((kinds & 1u << JSON_TRUE) && str_is(v->text, "true"))
        *ret = (struct json){.kind = JSON_TRUE, .at = v->at};
    else if ((kinds & 1u << JSON_FALSE) && str_is(v->text, "false"))
        *ret = (struct json){.kind = JSON_FALSE, .at = v->at};
    else
        return false;
    return true;
}

/* One list of rules; what it changed is told. */
static bool apply(struct walk *w, const struct clean_node *n, const struct where *at, str *text,
                  bool *moved)
{
    struct clean_outcome o;

    if (!n->rules)
        return true;
    if (!clean_text(n->rules, w->a, *text, &o)) {
        clean_refuse(w, at, "x-clean", o.why);
        return false;
    }
    for (size_t i = 0; i < clean_count(n->rules); i++)
        if (o.changed & 1u << i)
            clean_changed(w, at, clean_name(n->rules, i));
    *moved |= o.changed != 0;
    *text = o.text;
    return true;
}

bool clean_string(struct walk *w, const struct set *s, const struct where *at,
                  const struct json *v, struct json *ret)
{
    size_t told = w->ret->change_count;
    str text = v->text;
    bool moved = true;

    for (unsigned round = 0; moved; round++) {
        moved = false;
        for (uint32_t i = 0; i < s->count; i++)
            if (!apply(w, s->list[i], at, &text, &moved))
                return false;
        if (moved && round == ROUNDS) {
            clean_refuse(w, at, "x-clean", "does not come to rest");
            return false;
        }
        moved &= s->count > 1;
    }
    *ret = (struct json){.kind = JSON_STRING, .at = v->at, .text = text};
    if (str_equal(text, v->text)) {
        w->ret->change_count = told;
        return coerce(w, s, v, ret);
    }
    coerce(w, s, ret, ret);
    return true;
}
