/*
 * Patterns: PCRE2's backtracking matcher, compiled to machine code, on a short leash; when a
 * text runs out of it the breadth-first matcher, which takes time in proportion to the text.
 */
#include "pattern/translate.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    STATES = 16384, /* of the breadth-first matcher, in ints */
    HEAP_KIB_MAX = 8192, /* of the interpreter, where no machine code may be made */
    COUNTS_MAX = 100000,
    COUNTS_MIN = 8, /* for a text of at most SHORT bytes */
    SHORT = 1024,
    LEASH_FIRST = 20000,
    LEASH_PER_BYTE = 500,
};

/* For one text, where backtracking is the only way. */
static const uint64_t LONG_LEASH = 500000000;

struct pattern {
    struct arena *a;
    str text;
    pcre2_code *code;
    pcre2_code *breadth; /* made when first needed */
    bool compiled; /* to machine code */
    bool anchored, endless, breadth_first;
    uint64_t places; /* in the pattern where the breadth-first matcher may be at once */
    pcre2_match_data *data;
    pcre2_match_context *context;
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

static bool prepare(struct pattern *p, struct err *e)
{
    struct translation t = {0};
    uint32_t options = 0;
    char why[200];

    if (!pattern_translate(p->a, p->text, false, &t, e))
        return false;
    p->code = compile(t.text, 0, why, sizeof(why));
    if (!p->code)
        return err_set(e, ERR_INPUT, "%s", why);
    p->compiled = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) == 0;
    pcre2_pattern_info(p->code, PCRE2_INFO_ALLOPTIONS, &options);
    p->anchored = options & PCRE2_ANCHORED;
    p->breadth_first = t.breadth_first;
    p->endless = t.endless;
    p->places = t.places + 2;
    p->data = pcre2_match_data_create(1, NULL);
    p->context = pcre2_match_context_create(NULL);
    if (!p->data || !p->context)
        return err_limit(e);
    pcre2_set_heap_limit(p->context, HEAP_KIB_MAX);
    return true;
}

bool pattern_compile(str text, struct pattern **ret, struct err *e)
{
    struct arena *a = arena_new(0);
    struct pattern *p = a ? arena_alloc(a, sizeof(*p)) : NULL;

    if (!p) {
        arena_free(a);
        return err_limit(e);
    }
    p->a = a;
    p->text = arena_str(a, text);
    if (text.len > PATTERN_TEXT_MAX || !p->text.at || !prepare(p, e)) {
        pattern_free(p);
        return e->code ? false : err_limit(e);
    }
    *ret = p;
    return true;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->code);
    pcre2_code_free(p->breadth);
    pcre2_match_data_free(p->data);
    pcre2_match_context_free(p->context);
    arena_free(p->a);
}

/*
 * A pattern that may begin anywhere gets a prefix that matches anything, so that one pass does
 * instead of one from each place.
 */
static pcre2_code *compile_breadth_first(const struct pattern *p)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct translation t = {0};
    struct err e = {0};
    char why[200];
    str text;

    if (!a || !pattern_translate(a, p->text, true, &t, &e))
        return NULL;
    text = arena_format(a, "%s(?:%.*s)", p->anchored ? "" : "(?s:.*?)", STR_ARG(t.text));
    return text.at ? compile(text, PCRE2_ANCHORED, why, sizeof(why)) : NULL;
}

/* A byte costs a look at each place of the pattern, and a search for doubles among them. */
static uint64_t breadth_work(const struct pattern *p, size_t len)
{
    return len * p->places * (20 + p->places / 2);
}

static enum pattern_verdict match_breadth_first(struct pattern *p, str text, uint64_t *work)
{
    size_t looked_at = text.len;
    int states[STATES];
    int found;

    if (!p->breadth_first || breadth_work(p, text.len) > *work)
        return PATTERN_UNDECIDED;
    if (!p->breadth)
        p->breadth = compile_breadth_first(p);
    if (!p->breadth)
        return PATTERN_UNDECIDED;
    found = pcre2_dfa_match(p->breadth, (PCRE2_SPTR)text.at, text.len, 0,
                            PCRE2_NO_UTF_CHECK | PCRE2_DFA_SHORTEST, p->data, p->context,
                            states, STATES);
    if (found >= 0)
        looked_at = pcre2_get_ovector_pointer(p->data)[1];
    *work -= breadth_work(p, looked_at);
    if (found == PCRE2_ERROR_NOMATCH)
        return PATTERN_FAILS;
    return found >= 0 ? PATTERN_HOLDS : PATTERN_UNDECIDED;
}

/*
 * How many counts of PCRE2 keep within `leash` looks at a byte. It counts anew for each place
 * where a match may begin, and one count may stand for a scan to the end of the text.
 */
static uint32_t counts_within(const struct pattern *p, size_t len, uint64_t leash)
{
    uint64_t scan = p->endless || len < p->places ? len + 1 : p->places;
    uint64_t counts = leash / scan / (p->anchored ? 1 : len + 1);

    if (counts < COUNTS_MIN && len <= SHORT)
        return COUNTS_MIN;
    return counts < COUNTS_MAX ? (uint32_t)counts : COUNTS_MAX;
}

static enum pattern_verdict match(struct pattern *p, str text, uint64_t leash)
{
    uint32_t counts = counts_within(p, text.len, leash);
    int found;

    if (!counts)
        return PATTERN_UNDECIDED;
    pcre2_set_match_limit(p->context, counts);
    found = (p->compiled ? pcre2_jit_match : pcre2_match)(
        p->code, (PCRE2_SPTR)text.at, text.len, 0, p->compiled ? 0 : PCRE2_NO_UTF_CHECK,
        p->data, p->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return PATTERN_FAILS;
    return found >= 0 ? PATTERN_HOLDS : PATTERN_UNDECIDED;
}

/*
 * A leash in proportion to the text, so that the sum over an event stays small; then the way
 * that cannot explode; where there is none a long leash, paid from what the event has left.
 */
enum pattern_verdict pattern_match(struct pattern *p, str text, uint64_t *work)
{
    enum pattern_verdict verdict;

    if (!text.at)
        text = STR("");
    /* Trees that were not read by json_read() might hold any bytes. */
    if (!str_is_utf8(text))
        return PATTERN_UNDECIDED;
    verdict = match(p, text, LEASH_FIRST + LEASH_PER_BYTE * text.len);
    if (verdict != PATTERN_UNDECIDED)
        return verdict;
    if (p->breadth_first)
        return match_breadth_first(p, text, work);
    if (*work < LONG_LEASH)
        return PATTERN_UNDECIDED;
    *work -= LONG_LEASH;
    return match(p, text, LONG_LEASH);
}
