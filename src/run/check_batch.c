/*
 * An event's records, one by one: what each holds against the trigger's schema. The good ones
 * become the function's event, by our own serialisation; a bad one is split off, so that neither
 * does the function see it nor do the others suffer for it.
 */
#include "run/check.h"

enum {
    DENIALS_MAX = 20, /* told one by one; the others are counted */
    QUARANTINE_MAX = 64 << 20, /* bytes for the records of one event */
};

struct sorting {
    struct client *c;
    const struct gate_trigger *g;
    struct event_batch batch;
    struct event_unwrap unwrap;
    struct arena *scratch; /* of the record at hand */
    struct event_item *items;
    const struct json **kept; /* what takes each record's place; NULL: left out */
    struct buf quarantined;
    size_t bad;
    bool single; /* the event is no batch: what is wrong with it is told to the caller */
};

static void sorting_free(struct sorting *s)
{
    if (!s->single)
        arena_free(s->scratch);
    buf_free(&s->quarantined);
}

/* ---- one record ---- */

struct verdict {
    struct schema_problem problems[PROBLEMS_MAX];
    size_t count; /* 0: it is good */
    const char *part; /* of the event, where it is not of a batch: "/detail" */
};

static void find_fault(struct sorting *s, struct verdict *v, const char *where, str why)
{
    v->problems[0] = (struct schema_problem){.where = arena_str(s->scratch, str_of(where)),
                                             .keyword = "",
                                             .why = arena_str(s->scratch, why)};
    v->count = 1;
}

/* What of the event the payload is, for the places of problems. */
static const char *part_of(struct sorting *s, const struct event_record *r)
{
    const struct event_text *t = &r->texts[0];

    if (r->where == EVENT_AT_MEMBER && !r->text_count)
        return arena_format(s->scratch, "/%s", r->member).at;
    if (!r->text_count)
        return "";
    return arena_format(s->scratch, "/%s%s%s", t->path[0], t->path[1] ? "/" : "",
                        t->path[1] ? t->path[1] : "")
        .at;
}

static void copy_problems(struct verdict *v, const struct schema_problem *problems,
                          size_t count)
{
    v->count = count < PROBLEMS_MAX ? count : PROBLEMS_MAX;
    memcpy(v->problems, problems, v->count * sizeof(*problems));
}

/* Cleaned first, in `a`: *payload becomes what the function gets. */
static void judge_payload(struct sorting *s, struct arena *a, struct json *payload,
                          struct verdict *v)
{
    const struct checked *by = &s->g->body;
    struct schema_cleaned cleaned;

    if (!schema_clean(by->cleaner, a, payload, &cleaned)) {
        copy_problems(v, cleaned.problems, cleaned.problem_count);
    } else if (!schema_valid(by->schema, cleaned.value)) {
        v->count =
            schema_problems(by->schema, cleaned.value, s->scratch, v->problems, PROBLEMS_MAX);
    } else {
        clean_note(s->c->request, v->part, &cleaned);
        *payload = *cleaned.value;
        return;
    }
    if (!v->count)
        find_fault(s, v, "", STR("is not what the contract says"));
}

static void judge_payloads(struct sorting *s, const struct event_record *r,
                           struct json *payloads, struct verdict *v)
{
    /* What is written into a text is copied there; what is not stays as long as the event. */
    struct arena *a = r->text_count ? s->scratch : s->c->arena;

    if (s->batch.kind == EVENT_CLOUDEVENT &&
        !trigger_takes_type(s->g->trigger, json_get_str(r->record, STR("type")))) {
        find_fault(s, v, "/type", STR("is not one that the contract declares"));
        return;
    }
    for (uint32_t i = 0; i < r->count && !v->count; i++)
        judge_payload(s, a, &payloads[i], v);
}

/* A request without a body, where the contract wants one, and the other way round. */
static void judge_absence(struct sorting *s, const struct event_record *r, struct verdict *v)
{
    bool is_request = s->g->trigger->kind == TRIGGER_HTTP;

    if (is_request && !r->count && s->g->body.schema)
        find_fault(s, v, "/body", STR("is missing"));
    else if (is_request && r->count && !s->g->body.schema)
        find_fault(s, v, "/body", STR("the route declares no body"));
}

/* Sets s->kept[i] to the record as the function gets it, when it is good. False when there is no
 * memory for that, which is not the record's fault. */
static bool judge(struct sorting *s, size_t i, struct event_record *r, struct verdict *v)
{
    struct json *anew = arena_array(s->c->arena, 1, sizeof(*anew)), *payloads;
    struct err e = {0};

    if (!s->single)
        arena_reset(s->scratch);
    *v = (struct verdict){.part = ""};
    if (!event_record_open(s->scratch, &s->batch, i, &s->unwrap, r, &e)) {
        find_fault(s, v, "", str_of(e.what));
        return true;
    }
    judge_absence(s, r, v);
    if (v->count)
        return true;
    v->part = part_of(s, r);
    payloads = arena_array(s->scratch, r->count, sizeof(*payloads));
    if (!anew || !payloads)
        return false;
    if (r->count)
        memcpy(payloads, r->payloads, r->count * sizeof(*payloads));
    judge_payloads(s, r, payloads, v);
    if (v->count || r->is_test)
        return true;
    if (event_record_close(s->c->arena, &s->batch, r, payloads, anew, &e))
        s->kept[i] = anew;
    else
        find_fault(s, v, "", str_of(e.what));
    return e.code != ERR_LIMIT;
}

/* ---- what becomes of a bad one ---- */

static str reason_of(struct sorting *s, const struct verdict *v)
{
    enum { REASON_MAX = 4 << 10 };
    CLEANUP(buf_free) struct buf b = {.max = REASON_MAX};

    for (size_t i = 0; i < v->count; i++) {
        const struct schema_problem *p = &v->problems[i];

        buf_addf(&b, "%s%.*s%s%.*s", i ? "; " : "", STR_ARG(p->where), p->where.len ? ": " : "",
                 STR_ARG(p->why));
    }
    return arena_str(s->scratch, buf_str(&b));
}

static void record_bad(struct sorting *s, const struct event_item *item, str reason)
{
    struct front *f = s->c->front;
    struct pool *p = s->c->request->pool;

    p->watch->denials++;
    if (s->bad++ >= DENIALS_MAX)
        return;
    record_begin(f, LEDGER_DENIAL, p, NULL, s->c->request->id);
    ledger_text(&f->record, LEDGER_FAAS_TRIGGER, str_of(trigger_name(s->g->trigger->kind)));
    ledger_text(&f->record, LEDGER_ERROR_TYPE, STR("fnward.InvalidRecord"));
    if (item->name.len)
        ledger_text(&f->record, LEDGER_MESSAGE_ID, item->name);
    record_denial(f, "record", item->source, reason, 1);
}

static void record_rest(struct sorting *s)
{
    struct front *f = s->c->front;

    if (s->bad <= DENIALS_MAX)
        return;
    record_begin(f, LEDGER_DENIAL, s->c->request->pool, NULL, s->c->request->id);
    ledger_text(&f->record, LEDGER_ERROR_TYPE, STR("fnward.InvalidRecord"));
    record_denial(f, "record", STR(""), STR("more records of this event are bad"),
                  (uint32_t)(s->bad - DENIALS_MAX));
}

/* False when the whole event is refused for it: it is no batch, or its source can't be told. */
static bool put_aside(struct sorting *s, size_t i, struct verdict *v)
{
    struct client *c = s->c;
    struct event_item *item = &s->items[i];
    bool fails = s->g->trigger->bad_records == BAD_FAIL;
    str reason = reason_of(s, v);

    if (s->single || (fails && !event_answers_records(s->batch.kind))) {
        const char *part = s->single ? v->part : arena_format(c->arena, "/record %zu", i).at;

        check_add_part(c->arena, part, v->problems, v->count);
        return refuse_problems(c, "the event is not what the contract says", v->problems,
                               v->count);
    }
    if (c->request->dry_run)
        return refuse_problems(c, reason.at, NULL, 0);
    item->fate = fails ? EVENT_FAILED : EVENT_CONSUMED;
    record_bad(s, item, reason);
    if (!fails)
        quarantine_add(c, s->g, item, event_raw(s->scratch, &s->batch, i), reason,
                       &s->quarantined);
    return true;
}

/* ---- all of them ---- */

static bool sort_records(struct sorting *s)
{
    struct event_record r;
    struct verdict v;
    struct err e = {0};

    for (size_t i = 0; i < s->batch.count; i++) {
        if (!event_item_of(s->c->arena, &s->batch, i, &s->items[i], &e) || !judge(s, i, &r, &v))
            return refuse_one(s->c, "", "is too large");
        if (v.count && !put_aside(s, i, &v))
            return false;
        if (!v.count && !s->kept[i])
            s->items[i].fate = EVENT_CONSUMED; /* a test message, for nobody */
    }
    return event_fail_followers(s->c->arena, s->items, s->batch.count, &e) ||
           refuse_one(s->c, "", "is too large");
}

static bool quarantine(struct sorting *s)
{
    record_rest(s);
    if (quarantine_write(s->c->front, &s->quarantined))
        return true;
    answer_refusal(s->c,
                   &(struct refusal){.status = 503,
                                     .type = "fnward.NoQuarantine",
                                     .why = "bad records are dropped only once they are in "
                                            "the quarantine, which cannot be written now",
                                     .aws = EVENT_SERVICE});
    return false;
}

static bool begin(struct sorting *s, enum event_kind kind, const struct json *event,
                  struct err *e)
{
    const struct trigger *t = s->g->trigger;
    struct arena *a = s->c->arena;

    s->unwrap = (struct event_unwrap){.exact = t->unwrap_given};
    for (size_t i = 0; i < t->unwrap_count; i++)
        if (event_layer_named(t->unwrap[i], &s->unwrap.layers[s->unwrap.count]))
            s->unwrap.count++;
    if (!event_batch_open(a, kind, event, RECORDS_MAX, &s->batch, e))
        return false;
    s->single = s->batch.count == 1 && s->batch.records[0] == event;
    s->scratch = s->single ? a : arena_new(0);
    if (!s->scratch)
        return err_limit(e);
    s->items = arena_array(a, s->batch.count, sizeof(*s->items));
    s->kept = arena_array(a, s->batch.count, sizeof(*s->kept));
    return s->items && s->kept ? true : err_limit(e);
}

bool check_records(struct client *c, const struct gate_trigger *g, enum event_kind kind,
                   const struct json *event, struct passed *ret)
{
    CLEANUP(sorting_free) struct sorting s = {.c = c, .g = g};
    struct err e = {0};

    s.quarantined.max = QUARANTINE_MAX;
    if (!begin(&s, kind, event, &e))
        return refuse_problems(c, e.what, NULL, 0);
    if (!sort_records(&s) || (s.bad && !quarantine(&s)))
        return false;
    ret->items = s.items;
    ret->item_count = s.batch.count;
    ret->nothing = true;
    for (size_t i = 0; i < s.batch.count; i++) {
        if (s.items[i].fate != EVENT_GIVEN)
            s.kept[i] = NULL;
        ret->nothing &= !s.kept[i];
    }
    return ret->nothing || event_batch_close(c->arena, &s.batch, s.kept, &ret->event, &e) ||
           refuse_one(c, "", "is too large");
}
