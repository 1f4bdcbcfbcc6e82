/* Patterns: those that look at a part only, that refuse nothing, that others choke on. */
#include "scan/lint.h"

#include "pattern/pattern.h"

static str without_anchors(str text)
{
    if (str_starts(text, STR("^")))
        text = str_sub(text, 1, text.len);
    if (str_ends(text, STR("$")))
        text = str_sub(text, 0, text.len - 1);
    return text;
}

static bool is_permissive(str text)
{
    static const char *const all[] = {"",          ".",       ".*",   ".+",    "\\S",
                                      "\\S+",      "\\S*",    "(.*)", "(.+)",  "[\\s\\S]*",
                                      "[\\s\\S]+", "[^]*",    "[^]+", "\\S.*", ".*\\S.*",
                                      "[\\S]+",    "(.|\\n)*"};

    text = without_anchors(text);
    for (size_t i = 0; i < COUNT(all); i++)
        if (str_is(text, all[i]))
            return true;
    return false;
}

/* A search on purpose: something has to be somewhere in the text. */
static bool is_search(str text)
{
    return str_starts(text, STR("(?=")) || str_starts(text, STR("(?!")) ||
           str_starts(text, STR("^(?=")) || str_starts(text, STR("^(?!"));
}

static void check_anchors(struct linter *l, const struct visit *v, const struct json *at,
                          uint32_t offset, str text, const struct pattern_facts *facts)
{
    const char *open = !facts->anchored_start && !facts->anchored_end ? "before and behind it"
                       : facts->anchored_start                        ? "behind it"
                                                                      : "before it";
    struct finding *f;

    if ((facts->anchored_start && facts->anchored_end) || is_search(text))
        return;
    f = lint_add_at(l, v, RULE_PATTERN_UNANCHORED, offset, "'%.*s' lets any text stand %s",
                    STR_ARG(str_sub(text, 0, 120)), open);
    /* Of names, and of beginnings, the rest is often left open on purpose. */
    if (f && (!at || facts->anchored_start))
        f->severity = SEVERITY_LOW;
}

/* `at` is NULL for the name of a member of patternProperties. */
static void check_pattern(struct linter *l, const struct visit *v, const struct json *at,
                          uint32_t offset, str text)
{
    struct pattern_facts facts;
    struct pattern *pattern;
    struct err e = {0};

    if (!pattern_compile(text, &pattern, &e))
        return;
    facts = pattern_facts(pattern);
    pattern_free(pattern);
    if (is_permissive(text) && at)
        lint_add_at(l, v, RULE_PATTERN_PERMISSIVE, offset, "'%.*s' refuses nearly nothing",
                    STR_ARG(str_sub(text, 0, 120)));
    else if (!is_permissive(text))
        check_anchors(l, v, at, offset, text, &facts);
    if (facts.ambiguous)
        lint_add_at(l, v, RULE_PATTERN_AMBIGUOUS, offset,
                    "'%.*s' can match one text in many ways", STR_ARG(str_sub(text, 0, 120)));
}

void lint_patterns(struct linter *l, const struct visit *v)
{
    const struct json *pattern = json_get(v->schema, STR("pattern"));
    const struct json *names = json_get(v->schema, STR("patternProperties"));

    if (v->position == TESTS || !lint_has_siblings(l, v->schema))
        return;
    if (pattern && pattern->kind == JSON_STRING)
        check_pattern(l, v, pattern, pattern->at, pattern->text);
    for (uint32_t i = 0; names && names->kind == JSON_OBJECT && i < names->count; i++)
        check_pattern(l, v, NULL, names->members[i].at, names->members[i].name);
}
