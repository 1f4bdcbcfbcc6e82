#include "cmd/fuzz.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RUNS_USUAL = 1000,
    RUNS_MAX = 1000000,
    SECONDS_MAX = 86400,
    SHRINK_CALLS = 150, /* to make one finding's event smaller */
    SHRINK_CALLS_SLOW = 24, /* where each of them lasts until the timeout, */
    SHRINK_CALLS_COLD = 60, /* or costs an instance */
    IDLE_MS = 3600000,
    EVENT_ARENA = 256 << 20,
};

static const uint64_t SETTLE_NS = 2000000, SECOND_NS = 1000000000, PROGRESS_NS = 100000000;

/* ---- one event ---- */

struct sending {
    struct fuzz *f;
    const struct fuzz_target *target;
    const struct fuzz_verdict *wanted; /* what a smaller event must still do */
};

/* False ends the run: f->incomplete says why. */
static bool send_event(struct fuzz *f, struct arena *a, str event, bool raw,
                       struct fuzz_outcome *ret)
{
    struct run_answer answer;
    struct err e = {0};

    f->calls++;
    if (run_session_call(f->session, a, event, &answer, &e) &&
        run_session_settle(f->session, SETTLE_NS, &e) &&
        fuzz_judge(f, a, event, raw, &answer, ret, &e) && !ret->no_start)
        return true;
    if (run_session_ending(f->session))
        f->incomplete = "it was interrupted";
    else if (e.what[0])
        f->incomplete = arena_str(f->a, str_of(e.what)).at;
    else
        f->incomplete =
            arena_format(f->a, "no instance could be started: %.*s", STR_ARG(ret->why)).at;
    return false;
}

static bool has_time(const struct fuzz *f)
{
    return !f->incomplete && (!f->until_ns || clock_mono_ns() < f->until_ns);
}

/* ---- smaller events ---- */

static bool does_the_same(void *self, const struct json *document)
{
    struct sending *s = self;
    CLEANUP(arena_freep) struct arena *a = arena_new(EVENT_ARENA);
    CLEANUP(buf_free) struct buf event = {.max = s->f->function->limits.body};
    struct fuzz_outcome outcome;

    fuzz_event(&event, s->target, document, (str){0});
    if (!a || event.failed || s->f->incomplete ||
        !send_event(s->f, a, buf_str(&event), false, &outcome))
        return false;
    for (unsigned i = 0; i < outcome.count; i++)
        if (outcome.verdicts[i].kind == s->wanted->kind &&
            str_equal(outcome.verdicts[i].what, s->wanted->what))
            return true;
    return false;
}

static unsigned calls_for(enum fuzz_kind kind)
{
    if (kind == FUZZ_TIMEOUT || kind == FUZZ_SLOW)
        return SHRINK_CALLS_SLOW;
    return kind == FUZZ_CRASH ? SHRINK_CALLS_COLD : SHRINK_CALLS;
}

/* The machine may have been slow, and not the function: it has to be so again. */
static bool is_slow_again(struct fuzz *f, const struct fuzz_target *t,
                          const struct generated *g, const struct fuzz_verdict *v)
{
    struct sending sending = {f, t, v};

    return !g->raw.len && does_the_same(&sending, g->document) &&
           does_the_same(&sending, g->document);
}

/* What has a time of its own is not made smaller: it would not be the same again. */
static void shrink(struct fuzz *f, struct arena *a, struct fuzz_finding *one,
                   const struct generated *g)
{
    struct sending sending = {f, one->target, &one->verdict};
    struct generate_still still = {does_the_same, &sending, calls_for(one->verdict.kind)};
    CLEANUP(buf_free) struct buf event = {0};
    CLEANUP(buf_free) struct buf document = {0};
    const struct json *smaller;

    if (g->raw.len || one->verdict.kind == FUZZ_SLOW)
        return;
    smaller = generate_smaller(a, g->document, &still);
    fuzz_event(&event, one->target, smaller, (str){0});
    json_write(&document, smaller);
    if (event.failed || document.failed)
        return;
    one->text = arena_str(f->a, buf_str(&event));
    one->document = arena_str(f->a, buf_str(&document));
}

/* ---- findings ---- */

static struct fuzz_finding *find(struct fuzz *f, const struct fuzz_verdict *v)
{
    for (unsigned i = 0; i < f->finding_count; i++)
        if (f->findings[i].verdict.kind == v->kind &&
            str_equal(f->findings[i].verdict.what, v->what))
            return &f->findings[i];
    return NULL;
}

static void take_verdict(struct fuzz *f, struct arena *a, const struct fuzz_target *t,
                         const struct generated *g, str event, const struct fuzz_verdict *v)
{
    CLEANUP(buf_free) struct buf document = {0};
    struct fuzz_finding *one = find(f, v);

    if (one) {
        one->count++;
        return;
    }
    if (f->finding_count == FUZZ_FINDINGS_MAX ||
        (v->kind == FUZZ_SLOW && !is_slow_again(f, t, g, v)))
        return;
    one = &f->findings[f->finding_count++];
    *one = (struct fuzz_finding){
        .verdict = {v->kind, arena_str(f->a, v->what)},
        .event = f->events,
        .count = 1,
        .target = t,
        .text = arena_str(f->a, event),
    };
    json_write(&document, g->document);
    one->document = arena_str(f->a, g->raw.len ? g->raw : buf_str(&document));
    shrink(f, a, one, g);
}

/* Which item it was, or what an unknown member was called, is chance. */
static str general_place(struct arena *a, str where)
{
    CLEANUP(buf_free) struct buf out = {0};
    str token;
    uint64_t n;

    str_cut(&where, '/', &token);
    while (str_cut(&where, '/', &token)) {
        bool extra = str_starts(token, STR("extra")) &&
                     str_to_u64(str_sub(token, 5, token.len), 999, &n);

        buf_addc(&out, '/');
        buf_add(&out, extra || str_to_u64(token, UINT32_MAX, &n) ? STR("*") : token);
    }
    return arena_str(a, buf_str(&out));
}

static void take_hint(struct fuzz *f, const struct fuzz_target *t, const struct generated *g)
{
    str where = general_place(f->a, g->where);
    struct fuzz_hint *hint = NULL;
    size_t used;

    for (unsigned i = 0; i < f->hint_count; i++)
        if (f->hints[i].target == t && str_equal(f->hints[i].where, where))
            hint = &f->hints[i];
    if (!hint && f->hint_count < FUZZ_HINTS_MAX) {
        hint = &f->hints[f->hint_count++];
        *hint = (struct fuzz_hint){.where = where, .target = t};
    }
    if (!hint || strstr(hint->kinds, g->what))
        return;
    used = strlen(hint->kinds);
    snprintf(hint->kinds + used, sizeof(hint->kinds) - used, "%s%s", used ? ", " : "", g->what);
}

/* ---- the run ---- */

static enum generate_kind pick_kind(struct fuzz *f)
{
    uint32_t n = generate_below(&f->random, 10);

    return n < 5 ? GENERATE_VALID : n < 7 ? GENERATE_ALMOST : GENERATE_HOSTILE;
}

/* What is wanted of what is hostile is text: other attacks are no matter of a pattern. */
static bool is_hint(const struct generated *g, const struct fuzz_outcome *o)
{
    static const char *const kinds[] = {"SQL",    "shell", "path", "template",        "script",
                                        "NoSQL",  "LDAP",  "XML",  "deserialisation", "header",
                                        "Unicode"};

    for (size_t i = 0; g->what && g->valid && o->reached && i < COUNT(kinds); i++)
        if (strcmp(g->what, kinds[i]) == 0)
            return true;
    return false;
}

static void run_one(struct fuzz *f)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(EVENT_ARENA);
    CLEANUP(buf_free) struct buf event = {.max = f->function->limits.body};
    const struct fuzz_target *t = &f->targets[generate_below(&f->random, f->target_count)];
    enum generate_kind kind = pick_kind(f);
    struct fuzz_outcome outcome;
    struct generated g;

    if (!a || !fuzz_document(a, t, &f->random, kind, &g)) {
        f->unmade++;
        return;
    }
    fuzz_event(&event, t, g.document, g.raw);
    if (event.failed) { /* larger than the gate takes */
        f->unmade++;
        return;
    }
    f->events++;
    f->by_kind[kind]++;
    if (!send_event(f, a, buf_str(&event), g.raw.len > 0, &outcome))
        return;
    f->reached += outcome.reached;
    f->refused += !outcome.reached;
    if (is_hint(&g, &outcome))
        take_hint(f, t, &g);
    for (unsigned i = 0; i < outcome.count && !f->incomplete; i++)
        take_verdict(f, a, t, &g, buf_str(&event), &outcome.verdicts[i]);
}

static void show_progress(const struct fuzz *f, uint64_t *shown_ns, bool last)
{
    uint64_t now = clock_mono_ns();

    if (!isatty(STDERR_FILENO) || (!last && now - *shown_ns < PROGRESS_NS))
        return;
    *shown_ns = now;
    if (last)
        fputs("\r\033[K", stderr);
    else
        fprintf(stderr, "\r\033[K%u events, %u findings", f->events, f->finding_count);
}

static void run_all(struct fuzz *f)
{
    uint64_t shown = 0;

    f->started_ns = clock_mono_ns();
    for (uint64_t i = 0; i < f->runs && has_time(f); i++) {
        run_one(f);
        show_progress(f, &shown, false);
    }
    show_progress(f, &shown, true);
    f->ended_ns = clock_mono_ns();
    if (!f->events && !f->incomplete)
        f->incomplete = "no event could be made of the contract's schemas";
}

/* ---- before and after ---- */

/* --trigger: a kind, or a route as the contract writes it. */
static bool is_asked_for(const struct trigger *t, const char *asked)
{
    str rest = str_of(asked ? asked : ""), method;

    if (!asked || strcmp(trigger_name(t->kind), asked) == 0)
        return true;
    return t->kind == TRIGGER_HTTP && str_cut(&rest, ' ', &method) &&
           str_equal(method, t->method) && str_equal(str_trim(rest), t->path);
}

static bool open_targets(struct fuzz *f, struct err *e)
{
    const char *asked = cmd_value(f->line, "trigger");
    bool found = false;

    for (size_t i = 0; i < f->function->trigger_count; i++) {
        const struct trigger *t = &f->function->triggers[i];

        if (!is_asked_for(t, asked))
            continue;
        found = true;
        if (fuzz_can_make(t) && !fuzz_target_open(f->a, t, &f->targets[f->target_count++], e))
            return false;
    }
    if (f->target_count)
        return true;
    if (!found) {
        err_set(e, ERR_USAGE, "'%.*s' has no trigger '%s'", STR_ARG(f->function->name), asked);
        return err_fix(e, "name a kind, such as invoke, or a route, such as 'POST /orders'");
    }
    err_set(e, ERR_USAGE, "no events can be made for the triggers of '%.*s'",
            STR_ARG(f->function->name));
    return err_fix(e, "invoke, http, sqs, sns, eventbridge, schedule, kinesis and cloudevent "
                      "can be made");
}

/* Nothing is written where there is no contract. */
static bool has_contract(struct fuzz *f, const struct run_options *o, struct err *e)
{
    struct contract *contract;
    char path[PATH_MAX];

    if (!realpath(o->dir, path))
        return err_sys(e, "cannot find '%s'", o->dir);
    return contract_read(f->a, &file_source_disk, path, &contract, e);
}

/* The records of a run like this stay apart from those that tell what callers did. */
static bool make_directory(struct fuzz *f, const struct run_options *o, struct err *e)
{
    str above = arena_format(f->a, "%s/.fnward", o->dir);

    f->dir = arena_format(f->a, "%s/.fnward/fuzz", o->dir);
    if (!above.at || !f->dir.at)
        return err_limit(e);
    mkdir(above.at, 0700);
    mkdir(f->dir.at, 0700);
    return file_exists(f->dir.at) || err_sys(e, "cannot make '%s'", f->dir.at);
}

static bool open_all(struct fuzz *f, struct run_options *o, struct err *e)
{
    str name = str_of(f->line->arguments[0]);

    if (!has_contract(f, o, e) || !make_directory(f, o, e))
        return false;
    o->ledger = o->ledger ? o->ledger : f->dir.at;
    if (!run_session_open(o, name, &f->session, e))
        return false;
    f->function = contract_function(run_session_contract(f->session), name);
    return open_targets(f, e) &&
           ledger_reader_open(run_session_ledger(f->session), LEDGER_RECORDS, &f->ledger, e);
}

static void close_all(struct fuzz *f)
{
    for (unsigned i = 0; i < f->target_count; i++)
        fuzz_target_close(&f->targets[i]);
    if (f->ledger)
        ledger_reader_free(f->ledger);
    if (f->session)
        run_session_close(f->session);
    arena_free(f->a);
}

static int read_options(struct fuzz *f)
{
    const char *format = cmd_value(f->line, "format");
    uint64_t seconds = 0;
    int wrong = cmd_number(f->line, "runs", RUNS_MAX, &f->runs);

    wrong = wrong ? wrong : cmd_number(f->line, "seconds", SECONDS_MAX, &seconds);
    wrong = wrong ? wrong : cmd_number(f->line, "seed", UINT32_MAX, &f->seed);
    if (wrong)
        return wrong;
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
        return cmd_usage(f->line, "--format is text or json, not '%s'", format);
    if (seconds && !cmd_value(f->line, "runs"))
        f->runs = UINT64_MAX;
    f->until_ns = seconds ? clock_mono_ns() + seconds * SECOND_NS : 0;
    f->random.state = f->seed;
    return 0;
}

static int fuzz(struct fuzz *f)
{
    struct run_options o = {
        .dir = cmd_value(f->line, "dir"), .address = "127.0.0.1", .idle_ms = IDLE_MS};
    struct err e = {0};
    uint32_t seed;
    int wrong;

    random_bytes(&seed, sizeof(seed));
    f->seed = seed % 1000000;
    f->runs = RUNS_USUAL;
    f->warm = -1;
    f->a = arena_new((size_t)512 << 20);
    if (f->line->count != 1)
        return cmd_usage(f->line, "name one function");
    wrong = read_options(f);
    wrong = wrong ? wrong : cmd_run_options(f->line, f->a, &o);
    if (wrong)
        return wrong;
    if (!o.dir)
        o.dir = ".";
    if (!f->a || !open_all(f, &o, &e))
        return cmd_fail(&e);
    run_all(f);
    fuzz_write_events(f);
    return fuzz_report(f);
}

static int run(const struct cmd_line *line)
{
    struct fuzz *f = calloc(1, sizeof(*f));
    int code;

    if (!f)
        return EXIT_INCOMPLETE;
    f->line = line;
    code = fuzz(f);
    close_all(f);
    free(f);
    return code;
}

const struct command command_fuzz = {
    .name = "fuzz",
    .arguments = "NAME [--runs N] [--seconds N] [--seed N]",
    .summary = "Throw made-up events at a caged function and tell what breaks",
    .text =
        "Makes events from the contract's schemas: valid, almost valid and hostile ones. They go\n"
        "through the gate into the cage, as any event does, to an instance that stays warm.\n"
        "Reported are crashes, timeouts, errors, what the cage refused, results that are not\n"
        "what 'returns' says, secrets and paths in answers, and answers that took over five\n"
        "times the median. Each finding's event is made as small as it gets and kept in\n"
        ".fnward/fuzz/NAME-N.json, with the command that repeats it. Where the schema lets\n"
        "hostile text through a hint says so. The same seed makes the same events.\n"
        "\n"
        "The function really runs: with its secrets, and with what the contract lets it reach.\n"
        "The exit code is 1 when there are findings, 3 when the run could not finish.\n",
    .options =
        {
            {"runs", "N", 'n',
             "how many events (default: 1000, or without end with --seconds)"},
            {"seconds", "N", 't', "for how long at most"},
            {"seed", "N", 0, "what the events are made from (default: any)"},
            {"trigger", "KIND", 0,
             "only events of this trigger, or of a route: 'POST /orders'"},
            {"format", "FORMAT", 0, "text (the default) or json"},
            {"dir", "DIR", 'C', "the contract's directory (default: the current one)"},
            {"identity", "FILE", 0, "the key that opens the secrets (see 'fnward help seal')"},
            {"ledger", "DIR", 0, "where the records are kept (default DIR/.fnward/fuzz)"},
        },
    .examples =
        {
            {"fnward fuzz orders", "1000 events of any trigger of 'orders'"},
            {"fnward fuzz orders --trigger 'POST /orders' --seconds 60",
             "one route, for a minute"},
            {"fnward fuzz orders --seed 7 --format json",
             "the same events each time, for a pipeline"},
        },
    .run = run,
};
