/* The table of rules, and lists of them. */
#include "clean/parts.h"

/* What a rule settles: rules that settle the same, or undo one another, do not go together. */
enum {
    SETTLES_CASE = 1,
    SETTLES_UPPER = 2,
    SETTLES_FORM = 4,
    SETTLES_SHAPE = 8,
    HAS_CASE = 16, /* its result is written in a case of its own */
    HAS_LOWER = 32,
};

static const struct rule {
    const char *name;
    clean_run *run;
    clean_parameters *read; /* NULL: takes none */
    unsigned is, not_with;
} rules[] = {
    {"trim", clean_trim},
    {"collapse", clean_collapse},
    {"newlines", clean_newlines},
    {"nfc", clean_nfc, NULL, SETTLES_FORM, SETTLES_FORM},
    {"nfkc", clean_nfkc, NULL, SETTLES_FORM, SETTLES_FORM},
    {"lower", clean_lower, NULL, SETTLES_CASE, SETTLES_CASE | HAS_CASE},
    {"upper", clean_upper, NULL, SETTLES_CASE, SETTLES_CASE | HAS_CASE | HAS_LOWER},
    {"fold", clean_fold, NULL, SETTLES_CASE, SETTLES_CASE | HAS_CASE},
    {"strip-control", clean_strip, clean_strip_control_read},
    {"strip-bidi", clean_strip, clean_strip_bidi_read},
    {"strip-zero-width", clean_strip_zero_width},
    {"strip-variation-selectors", clean_strip, clean_strip_variation_read},
    {"strip-noncharacters", clean_strip, clean_strip_noncharacters_read},
    {"strip-tag-characters", clean_strip, clean_strip_tags_read},
    {"strip-private-use", clean_strip, clean_strip_private_read},
    {"file-name", clean_file_name, clean_file_name_read, SETTLES_SHAPE, SETTLES_SHAPE},
    {"path", clean_path, clean_path_read, SETTLES_SHAPE, SETTLES_SHAPE},
    {"email", clean_email, NULL, SETTLES_SHAPE | HAS_LOWER, SETTLES_SHAPE},
    {"url", clean_url, clean_url_read, SETTLES_SHAPE | HAS_CASE, SETTLES_SHAPE},
    {"text", clean_text_only, NULL, SETTLES_SHAPE, SETTLES_SHAPE},
    {"html", clean_html, clean_html_read, SETTLES_SHAPE | HAS_CASE, SETTLES_SHAPE},
};

const struct clean_rule_text clean_rules[] = {
    {"trim", "white space at both ends is removed"},
    {"collapse", "each run of white space becomes one space"},
    {"newlines", "CR LF and CR become LF"},
    {"nfc", "Unicode normalisation form C"},
    {"nfkc", "Unicode normalisation form KC, for identifiers"},
    {"lower", "lower case"},
    {"upper", "upper case"},
    {"fold", "Unicode case folding, for comparing"},
    {"strip-control", "control characters are removed; {keep: [tab, lf, cr]} stay"},
    {"strip-bidi", "controls of the writing direction are removed"},
    {"strip-zero-width", "invisible characters are removed, joiners where nothing needs them"},
    {"strip-variation-selectors", "variation selectors are removed"},
    {"strip-noncharacters", "code points that are no characters are removed"},
    {"strip-tag-characters", "U+E0000 to U+E007F are removed"},
    {"strip-private-use", "code points for private use are removed"},
    {"file-name", "a name that is safe on every file system; {max: 255} bytes"},
    {"path", "a relative path, below the root that is its parameter; else refused"},
    {"email", "an e-mail address, its domain in lower case as A-labels; else refused"},
    {"url", "a URL in its one form; {schemes: [https, http]}; else refused"},
    {"text", "markup is removed, its text stays"},
    {"html", "HTML of allowed elements; {elements: [], attributes: [], schemes: []}"},
    {NULL, NULL},
};

_Static_assert(COUNT(rules) + 1 == COUNT(clean_rules), "every rule is explained");

struct step {
    const struct rule *rule;
    const void *with;
};

struct clean {
    size_t count;
    struct step steps[CLEAN_RULES_MAX];
};

/* ---- reading ---- */

bool clean_wrong(struct clean_reader *r, const struct json *at, const char *format, ...)
{
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    r->at = at;
    return err_set(r->e, ERR_INPUT, "%s", what);
}

bool clean_members(struct clean_reader *r, const struct json *v, const char *const *names,
                   size_t count)
{
    if (v->kind != JSON_OBJECT)
        return clean_wrong(r, v, "the parameters of '%s' are an object", r->rule);
    for (uint32_t i = 0; i < v->count; i++) {
        const char *nearest = did_you_mean(v->members[i].name, names, count);
        bool known = false;

        for (size_t k = 0; k < count; k++)
            known |= str_is(v->members[i].name, names[k]);
        if (known)
            continue;
        clean_wrong(r, &v->members[i].value, "'%s' has no parameter '%.*s'", r->rule,
                    STR_ARG(v->members[i].name));
        return nearest ? err_fix(r->e, "did you mean '%s'?", nearest) : false;
    }
    return true;
}

bool clean_words(struct clean_reader *r, const struct json *v, str **ret, size_t *count)
{
    str *words = arena_array(r->a, v->kind == JSON_ARRAY ? v->count : 0, sizeof(*words));

    if (v->kind != JSON_ARRAY)
        return clean_wrong(r, v, "this parameter of '%s' is a list of words", r->rule);
    if (!words)
        return err_limit(r->e);
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->items[i].kind != JSON_STRING)
            return clean_wrong(r, &v->items[i], "this parameter of '%s' is a list of words",
                               r->rule);
        words[i] = v->items[i].text;
    }
    *ret = words;
    *count = v->count;
    return true;
}

static const struct rule *find_rule(str name)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        if (str_is(name, rules[i].name))
            return &rules[i];
    return NULL;
}

static bool fail_unknown(struct clean_reader *r, const struct json *at, str name)
{
    const char *names[COUNT(rules)], *nearest;

    for (size_t i = 0; i < COUNT(rules); i++)
        names[i] = rules[i].name;
    nearest = did_you_mean(name, names, COUNT(names));
    clean_wrong(r, at, "there is no cleaning rule '%.*s'", STR_ARG(name));
    if (nearest)
        return err_fix(r->e, "did you mean '%s'?", nearest);
    return err_fix(r->e, "the rules are in docs/cleaning.md");
}

static bool check_pairs(struct clean_reader *r, const struct clean *c, const struct rule *rule,
                        const struct json *at)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct rule *other = c->steps[i].rule;

        if (other == rule)
            return clean_wrong(r, at, "'%s' stands twice", rule->name);
        if ((other->is & rule->not_with) || (rule->is & other->not_with))
            return clean_wrong(r, at, "'%s' and '%s' undo one another", other->name,
                               rule->name);
    }
    return c->count < CLEAN_RULES_MAX ||
           clean_wrong(r, at, "there are more than %d rules", CLEAN_RULES_MAX);
}

static bool read_rule(struct clean_reader *r, struct clean *c, const struct json *v)
{
    bool bare = v->kind == JSON_STRING;
    const struct json *with = bare ? NULL : &v->members[0].value;
    const struct rule *rule;
    const void *read = NULL;

    if (!bare && (v->kind != JSON_OBJECT || v->count != 1))
        return clean_wrong(r, v, "a cleaning rule is a name, or a name with its parameters");
    rule = find_rule(bare ? v->text : v->members[0].name);
    if (!rule)
        return fail_unknown(r, v, bare ? v->text : v->members[0].name);
    r->rule = rule->name;
    if (with && !rule->read)
        return clean_wrong(r, with, "'%s' takes no parameters", rule->name);
    if (!check_pairs(r, c, rule, v) || (rule->read && !rule->read(r, with, &read)))
        return false;
    c->steps[c->count++] = (struct step){rule, read};
    return true;
}

/* A root that the other rules change would be put in front again and again. */
static bool check_root(struct clean_reader *r, const struct clean *c, const struct json *source)
{
    struct clean_outcome outcome;
    str given;

    for (size_t i = 0; i < c->count; i++) {
        if (c->steps[i].rule->run != clean_path)
            continue;
        given = arena_format(r->a, "%.*s/a1", STR_ARG(*(const str *)c->steps[i].with));
        if (given.at && ((const str *)c->steps[i].with)->len &&
            (!clean_text(c, r->a, given, &outcome) || outcome.changed))
            return clean_wrong(r, source, "the other rules would change the root of 'path'");
    }
    return true;
}

bool clean_read(struct arena *a, const struct json *source, struct clean **ret,
                const struct json **at, struct err *e)
{
    struct clean_reader r = {.a = a, .at = source, .e = e};
    struct clean *c = arena_alloc(a, sizeof(*c));
    bool ok = c != NULL || err_limit(e);

    if (ok && source->kind != JSON_ARRAY)
        ok = read_rule(&r, c, source);
    for (uint32_t i = 0; ok && source->kind == JSON_ARRAY && i < source->count; i++)
        ok = read_rule(&r, c, &source->items[i]);
    ok = ok && check_root(&r, c, source);
    *at = r.at;
    if (ok)
        *ret = c;
    return ok;
}

/* ---- applying ---- */

/* Each rule once; which of them changed the text is added to ret->changed. */
static bool apply_once(const struct clean *c, struct arena *a, struct clean_outcome *ret,
                       bool *changed)
{
    *changed = false;
    for (size_t i = 0; i < c->count; i++) {
        struct cleaning one = {.a = a, .with = c->steps[i].with};
        enum cleaned result = c->steps[i].rule->run(&one, ret->text, &ret->text);

        if (result == CLEANED_CHANGED) {
            ret->changed |= 1u << i;
            *changed = true;
        } else if (result == CLEANED_REFUSED) {
            ret->rule = c->steps[i].rule->name;
            ret->why = one.why;
            return false;
        }
    }
    return true;
}

static bool refuse(struct clean_outcome *ret, const char *why)
{
    ret->rule = "x-clean";
    ret->why = why;
    return false;
}

bool clean_text(const struct clean *c, struct arena *a, str text, struct clean_outcome *ret)
{
    bool changed = true;

    *ret = (struct clean_outcome){.text = text};
    if (text.len > CLEAN_TEXT_MAX)
        return refuse(ret, "is too long");
    if (ascii_prefix(text) < text.len && !str_is_utf8(text))
        return refuse(ret, "is not UTF-8");
    for (unsigned round = 0; changed; round++) {
        if (round == CLEAN_ROUNDS)
            return refuse(ret, "does not come to rest");
        if (!apply_once(c, a, ret, &changed))
            return false;
    }
    /* What changed there and back is not changed. */
    if (ret->changed && str_equal(ret->text, text)) {
        ret->text = text;
        ret->changed = 0;
    }
    return true;
}

size_t clean_count(const struct clean *c)
{
    return c->count;
}

const char *clean_name(const struct clean *c, size_t i)
{
    return c->steps[i].rule->name;
}
