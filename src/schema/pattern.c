/*
 * Patterns: PCRE2's backtracking matcher, compiled to machine code, on a short leash; when a
 * text runs out of it the breadth-first matcher, which takes time in proportion to the text.
 */
#include "schema/run.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    JIT_STACK_FIRST = 32 << 10,
    JIT_STACK_MAX = 1 << 20,
    STATES = 16384, /* of the breadth-first matcher, in ints */
    HEAP_KIB_MAX = 8192, /* of the interpreter, where no machine code may be made */
    LEASH_MAX = 100000,
};

/* Steps that backtracking may take on one text, in bytes looked at. */
static const uint64_t LEASH = 20000000;

struct pattern {
    struct pattern *next;
    pcre2_code *code;
    pcre2_code *breadth; /* made when first needed */
    str breadth_text; /* empty when only backtracking can decide it */
    bool anchored;
    size_t size;
};

struct matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static pcre2_code *compile(str text, uint32_t options, char *why, size_t size)
{
    int code = 0;
    size_t offset = 0;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)text.at, text.len,
                                         options | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C |
                                             PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF,
                                         &code, &offset, NULL);

    if (!compiled)
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, size);
    return compiled;
}

static bool prepare_matcher(struct arena *a, struct schema *s)
{
    struct matcher *m = s->matcher;

    if (m)
        return true;
    m = arena_alloc(a, sizeof(*m));
    if (!m)
        return false;
    s->matcher = m;
    m->data = pcre2_match_data_create(1, NULL);
    m->context = pcre2_match_context_create(NULL);
    m->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
    if (!m->data || !m->context)
        return false;
    /* Without a stack of ours PCRE2 takes its small one. */
    if (m->stack)
        pcre2_jit_stack_assign(m->context, NULL, m->stack);
    pcre2_set_heap_limit(m->context, HEAP_KIB_MAX);
    return true;
}

bool pattern_compile(struct arena *a, struct schema *s, str text, struct pattern **ret,
                     struct err *e)
{
    struct pattern *p = arena_alloc(a, sizeof(*p));
    struct translation t;
    uint32_t options = 0;
    char why[200];

    if (!p || !prepare_matcher(a, s))
        return err_limit(e);
    if (!pattern_translate(a, text, &t, e))
        return false;
    p->code = compile(t.text, 0, why, sizeof(why));
    if (!p->code)
        return err_set(e, ERR_INPUT, "%s", why);
    p->next = s->patterns;
    s->patterns = p;
    pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
    pcre2_pattern_info(p->code, PCRE2_INFO_ALLOPTIONS, &options);
    pcre2_pattern_info(p->code, PCRE2_INFO_SIZE, &p->size);
    p->anchored = options & PCRE2_ANCHORED;
    if (t.breadth_first) {
        p->breadth_text =
            arena_format(a, "%s(?:%.*s)", p->anchored ? "" : "(?s:.*?)", STR_ARG(t.text));
        if (!p->breadth_text.at)
            return err_limit(e);
    }
    *ret = p;
    return true;
}

void pattern_free_all(struct schema *s)
{
    for (struct pattern *p = s->patterns; p; p = p->next) {
        pcre2_code_free(p->code);
        pcre2_code_free(p->breadth);
    }
    s->patterns = NULL;
    if (!s->matcher)
        return;
    pcre2_match_data_free(s->matcher->data);
    pcre2_match_context_free(s->matcher->context);
    pcre2_jit_stack_free(s->matcher->stack);
    s->matcher = NULL;
}

/*
 * One pass over the text: a pattern that may begin anywhere was given a prefix that matches
 * anything, instead of being tried at each place.
 */
static enum verdict match_breadth_first(struct run *r, struct pattern *p, str text)
{
    struct matcher *m = r->schema->matcher;
    int states[STATES];
    uint64_t work = (uint64_t)text.len * p->size;
    char why[200];
    int found;

    if (!p->breadth_text.len || work > r->pattern_work_left)
        return UNDECIDED;
    r->pattern_work_left -= work;
    if (!p->breadth)
        p->breadth = compile(p->breadth_text, PCRE2_ANCHORED, why, sizeof(why));
    if (!p->breadth)
        return UNDECIDED;
    found = pcre2_dfa_match(p->breadth, (PCRE2_SPTR)text.at, text.len, 0,
                            PCRE2_NO_UTF_CHECK | PCRE2_DFA_SHORTEST, m->data, m->context,
                            states, STATES);
    if (found == PCRE2_ERROR_NOMATCH)
        return FAILS;
    return found >= 0 ? HOLDS : UNDECIDED;
}

/*
 * PCRE2 counts for each place where a match may begin, and one count may stand for a scan to
 * the end of the text.
 */
static uint32_t leash(const struct pattern *p, size_t len)
{
    uint64_t scan = len + 1, places = p->anchored ? 1 : len + 1;
    uint64_t counts = LEASH / scan / places;

    return counts < LEASH_MAX ? (uint32_t)counts : LEASH_MAX;
}

enum verdict pattern_matches(struct run *r, struct pattern *p, str text)
{
    struct matcher *m = r->schema->matcher;
    uint32_t counts = leash(p, text.len);
    int found;

    /* Trees that were not read by json_read() might hold any bytes. */
    if (!str_is_utf8(text))
        return UNDECIDED;
    if (!counts)
        return match_breadth_first(r, p, text);
    pcre2_set_match_limit(m->context, counts);
    found = pcre2_match(p->code, (PCRE2_SPTR)text.at, text.len, 0, PCRE2_NO_UTF_CHECK, m->data,
                        m->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return FAILS;
    return found >= 0 ? HOLDS : match_breadth_first(r, p, text);
}
