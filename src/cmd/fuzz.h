/*
 * fuzz: what the files of this command share.
 *
 * fuzz.c         the command, and the loop that makes events and sends them
 * fuzz_event.c   documents by a trigger's schemas, and the event around them
 * fuzz_judge.c   what an answer and the ledger say about an event
 * fuzz_report.c  findings for people and programs, and the files that repeat them
 */
#pragma once

#include "cmd/cmd.h"

#include "contract/contract.h"
#include "generate/generate.h"
#include "ledger/ledger.h"
#include "run/run.h"
#include "schema/schema.h"

enum {
    FUZZ_FINDINGS_MAX = 64,
    FUZZ_HINTS_MAX = 64,
    FUZZ_PARTS_MAX = 4,
    FUZZ_VERDICTS_MAX = 12, /* of one event */
    FUZZ_DURATIONS = 256, /* of the last events, for the median */
};

/* ---- what is sent ---- */

struct fuzz_part { /* "body" of a request; "" where the document is the whole of it */
    const char *name;
    struct generate_schema source;
    struct schema *schema;
};

struct fuzz_target { /* a trigger */
    const struct trigger *trigger;
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    unsigned part_count;
};

/* Whether events of that kind can be made. */
bool fuzz_can_make(const struct trigger *t);
bool fuzz_target_open(struct arena *a, const struct trigger *t, struct fuzz_target *ret,
                      struct err *e) MUST_USE;
void fuzz_target_close(struct fuzz_target *t);
/* A document for the target: its parts as one object, or the only one itself. */
bool fuzz_document(struct arena *a, const struct fuzz_target *t, struct generate_random *r,
                   enum generate_kind kind, struct generated *ret) MUST_USE;
/* The event that holds it; `raw` is put in its place when it is not empty. */
void fuzz_event(struct buf *out, const struct fuzz_target *t, const struct json *document,
                str raw);
/* "invoke", "http POST /orders". */
str fuzz_target_name(struct arena *a, const struct fuzz_target *t);

/* ---- what comes of it ---- */

enum fuzz_kind {
    FUZZ_CRASH,
    FUZZ_TIMEOUT,
    FUZZ_ERROR,
    FUZZ_DENIAL,
    FUZZ_BREACH,
    FUZZ_LEAK,
    FUZZ_GATE,
    FUZZ_SLOW,
    FUZZ_KINDS,
};
extern const char *const fuzz_kind_names[FUZZ_KINDS];

struct fuzz_verdict {
    enum fuzz_kind kind;
    str what; /* two with the same kind and words are one finding */
};

struct fuzz_finding {
    struct fuzz_verdict verdict;
    unsigned event, count; /* the first that did it, and how many */
    const struct fuzz_target *target;
    str text; /* the event, as small as it got */
    str document; /* the same without what its source puts around it */
    char file[4096]; /* that repeats it; empty when it could not be written */
};

/* What the schema lets through to those who would be careless with it. */
struct fuzz_hint {
    str where;
    char kinds[96]; /* "SQL, shell" */
    const struct fuzz_target *target;
};

struct fuzz {
    const struct cmd_line *line;
    struct arena *a; /* of what outlives an event */
    struct run_session *session;
    struct ledger_reader *ledger;
    const struct function *function;
    struct fuzz_target targets[CONTRACT_TRIGGERS_MAX];
    unsigned target_count;
    struct generate_random random;
    uint64_t seed, runs, until_ns; /* until_ns 0: no end by time */

    struct fuzz_finding findings[FUZZ_FINDINGS_MAX];
    unsigned finding_count;
    struct fuzz_hint hints[FUZZ_HINTS_MAX];
    unsigned hint_count;
    unsigned events, by_kind[GENERATE_KINDS], reached, refused, unmade, calls;
    uint64_t durations[FUZZ_DURATIONS]; /* µs, of those that went well; a ring */
    unsigned duration_count;
    double warm; /* the instance that answered last; -1: none */
    uint64_t started_ns, ended_ns;
    const char *incomplete; /* why the run ended early */
    str dir; /* where events are written */
};

struct fuzz_outcome {
    struct fuzz_verdict verdicts[FUZZ_VERDICTS_MAX];
    unsigned count;
    bool reached; /* the function was called */
    bool went_well;
    bool no_start; /* no instance could be started: `why` */
    str why;
    uint64_t duration_us;
};
/* `event` is what was sent, `raw` whether it can't be JSON that the gate takes. */
bool fuzz_judge(struct fuzz *f, struct arena *a, str event, bool raw,
                const struct run_answer *answer, struct fuzz_outcome *ret,
                struct err *e) MUST_USE;

void fuzz_write_events(struct fuzz *f);
int fuzz_report(struct fuzz *f);
