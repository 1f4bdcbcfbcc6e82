/* Which way a pattern is matched: without choices, by an automaton, or by trying. */
#include "pattern/backtrack.h"
#include "pattern/dfa.h"
#include "pattern/example.h"
#include "pattern/facts.h"
#include "pattern/plan.h"

#include <stdlib.h>

/* What trying may cost for one text: some 20 ms, and 2 µs for each byte. */
static const uint64_t TRY_FIRST = 20000000, TRY_PER_BYTE = 2000;

/* Texts up to this have their marks on the stack. */
enum { MARKS_SHORT = 512 };

struct pattern {
    struct arena *a;
    struct syntax syntax;
    struct node **looks; /* by their number */
    bool ready;
    /* One of these, once ready: */
    const struct plan *plan;
    struct dfa *dfa;
    const struct backtrack *backtrack;
    /* With `dfa`: an automaton for each look. The first `conditions` of them ask once, at the
     * text's start; the others for every place. */
    struct dfa *look_dfas[NFA_LOOKS_MAX];
    unsigned conditions;
};

static void collect_looks(struct node *n, struct node **looks)
{
    for (; n; n = n->next) {
        if (n->kind == NODE_LOOK)
            looks[n->look] = n;
        collect_looks(n->children, looks);
    }
}

static bool read_pattern(struct pattern *p, str text, bool loose, struct err *e)
{
    if (text.len > PATTERN_TEXT_MAX)
        return err_set(e, ERR_INPUT, "longer than %d bytes", PATTERN_TEXT_MAX);
    if (!pattern_read(p->a, text, loose, &p->syntax, e))
        return false;
    p->looks = arena_array(p->a, p->syntax.looks + 1, sizeof(*p->looks));
    if (!p->looks)
        return err_limit(e);
    collect_looks(p->syntax.root, p->looks);
    return true;
}

static bool make_pattern(str text, bool loose, struct pattern **ret, struct err *e)
{
    struct arena *a = arena_new(0);
    struct pattern *p = a ? arena_alloc(a, sizeof(*p)) : NULL;

    if (!p) {
        arena_free(a);
        return err_limit(e);
    }
    p->a = a;
    if (!read_pattern(p, text, loose, e)) {
        pattern_free(p);
        return false;
    }
    *ret = p;
    return true;
}

bool pattern_compile(str text, struct pattern **ret, struct err *e)
{
    return make_pattern(text, false, ret, e);
}

bool pattern_compile_loose(str text, struct pattern **ret, struct err *e)
{
    return make_pattern(text, true, ret, e);
}

static void free_automata(struct pattern *p)
{
    dfa_free(p->dfa);
    p->dfa = NULL;
    for (size_t i = 0; i < NFA_LOOKS_MAX; i++) {
        dfa_free(p->look_dfas[i]);
        p->look_dfas[i] = NULL;
    }
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    free_automata(p);
    arena_free(p->a);
}

/* ---- making its matcher ---- */

static enum nfa_result make_automaton(struct pattern *p, const struct node *root, bool floating,
                                      bool backwards, struct dfa **ret)
{
    struct nfa nfa;
    enum nfa_result result = nfa_build(p->a, root, floating, backwards, &nfa);

    if (result != NFA_BUILT)
        return result;
    *ret = dfa_new(&nfa, p->syntax.looks);
    return *ret ? NFA_BUILT : NFA_NO_MEMORY;
}

/*
 * "^(?=...)(?!...)": when these are all the looks that there are, each is a pattern of its own.
 */
static void decide_first_looks(struct pattern *p)
{
    struct node *root = p->syntax.root, *n = root->kind == NODE_ALL ? root->children : NULL;
    unsigned count = 0;

    if (!n || n->kind != NODE_START)
        return;
    for (n = n->next; n && n->kind == NODE_LOOK && !n->behind && n->look == count; n = n->next)
        count++;
    if (count != p->syntax.looks)
        return;
    for (n = root->children->next; n && n->kind == NODE_LOOK; n = n->next)
        n->decided = true;
    p->conditions = count;
}

/* A look ahead is read from the text's end, so that one pass tells for every place. */
static enum nfa_result make_look(struct pattern *p, const struct node *look, struct dfa **ret)
{
    return make_automaton(p, look->children, !look->decided, !look->decided && !look->behind,
                          ret);
}

/* What ends where the text does is met soonest from there. */
static enum nfa_result make_main(struct pattern *p)
{
    const struct node *root = p->syntax.root;
    bool begins = facts_begins(root),
         backwards = !begins && !p->syntax.looks && facts_ends(root);

    return make_automaton(p, root, !begins && !backwards, backwards, &p->dfa);
}

static enum nfa_result make_automata(struct pattern *p)
{
    enum nfa_result result;

    if (p->syntax.refers || p->syntax.looks > NFA_LOOKS_MAX)
        return NFA_TOO_LARGE;
    decide_first_looks(p);
    result = make_main(p);
    for (unsigned i = 0; i < p->syntax.looks && result == NFA_BUILT; i++)
        result = make_look(p, p->looks[i], &p->look_dfas[i]);
    if (result != NFA_BUILT)
        free_automata(p);
    return result;
}

bool pattern_prepare(struct pattern *p, struct err *e)
{
    if (p->ready)
        return true;
    p->plan = plan_new(p->a, &p->syntax);
    if (!p->plan && make_automata(p) != NFA_BUILT)
        p->backtrack = backtrack_new(p->a, &p->syntax);
    p->ready = p->plan || p->dfa || p->backtrack;
    return p->ready || err_limit(e);
}

/* ---- matching ---- */

static enum pattern_verdict match_with_marks(struct pattern *p, str text, unsigned char *marks,
                                             uint64_t *work)
{
    for (unsigned i = 0; i < p->syntax.looks; i++)
        if (!dfa_mark(p->look_dfas[i], text, marks, (unsigned char)(1u << i), work))
            return PATTERN_UNDECIDED;
    return dfa_match(p->dfa, text, marks, work);
}

static enum pattern_verdict match_with_conditions(struct pattern *p, str text, uint64_t *work)
{
    for (unsigned i = 0; i < p->conditions; i++) {
        enum pattern_verdict verdict = dfa_match(p->look_dfas[i], text, NULL, work);

        if (verdict == PATTERN_UNDECIDED)
            return verdict;
        if ((verdict == PATTERN_HOLDS) == p->looks[i]->negative)
            return PATTERN_FAILS;
    }
    return dfa_match(p->dfa, text, NULL, work);
}

static enum pattern_verdict match_with_looks(struct pattern *p, str text, uint64_t *work)
{
    unsigned char few[MARKS_SHORT + 1], *marks = few;
    enum pattern_verdict verdict;

    if (text.len > MARKS_SHORT)
        marks = malloc(text.len + 1);
    if (!marks)
        return PATTERN_UNDECIDED;
    memset(marks, 0, text.len + 1);
    verdict = match_with_marks(p, text, marks, work);
    if (marks != few)
        free(marks);
    return verdict;
}

static enum pattern_verdict match_by_trying(const struct pattern *p, str text, uint64_t *work)
{
    uint64_t leash = TRY_FIRST + TRY_PER_BYTE * text.len, left;
    enum pattern_verdict verdict;

    if (leash > *work)
        leash = *work;
    left = leash;
    verdict = backtrack_match(p->backtrack, text, facts_begins(p->syntax.root), &left);
    *work -= leash - left;
    return verdict;
}

static bool prepare_late(struct pattern *p)
{
    struct err e = {0};

    return pattern_prepare(p, &e);
}

enum pattern_verdict pattern_match(struct pattern *p, str text, uint64_t *work)
{
    if (!text.at)
        text = STR("");
    if (!str_is_utf8(text) || (!p->ready && !prepare_late(p)))
        return PATTERN_UNDECIDED;
    if (p->plan)
        return plan_matches(p->plan, text) ? PATTERN_HOLDS : PATTERN_FAILS;
    if (!p->dfa)
        return match_by_trying(p, text, work);
    return p->syntax.looks == p->conditions ? match_with_conditions(p, text, work)
                                            : match_with_looks(p, text, work);
}

struct pattern_facts pattern_facts(struct pattern *p)
{
    struct pattern_facts facts = facts_of(p->a, &p->syntax);

    facts.linear = prepare_late(p) && !p->backtrack;
    return facts;
}

void pattern_example(const struct pattern *p, const struct pattern_draw *draw, size_t longest,
                     struct buf *out)
{
    example_write(p->syntax.root, p->syntax.groups, draw, longest, out);
}
