/*
 * check: what the files share that hold requests and events against the contract.
 *
 * check.c        requests to routes
 * check_event.c  events that come by Invoke: which trigger they belong to; requests among them
 * check_batch.c  records, one by one
 */
#pragma once

#include "run/front.h"

enum { PROBLEMS_MAX = 20, RECORDS_MAX = 10000 };

/* Each answers, and returns false. */
bool refuse_problems(struct client *c, const char *why, const struct schema_problem *problems,
                     size_t count);
bool refuse_one(struct client *c, const char *where, const char *why);

/* What follows returns false when it has answered. `part` stands in front of each problem's place:
 * "/body". */
bool check_value(struct client *c, const char *part, const struct schema *schema,
                 const struct json *value) MUST_USE;
bool check_params(struct client *c) MUST_USE; /* those of the request's route */
bool check_json(struct client *c, const char *part, str text, struct json **ret) MUST_USE;

/* Every record against the trigger's schema. Bad ones go where the trigger says, or the whole is
 * refused. */
bool check_records(struct client *c, const struct gate_trigger *g, enum event_kind kind,
                   const struct json *event, struct passed *ret) MUST_USE;
/* "/body" in front of each place, so that the caller sees which part of the request it is. */
void check_add_part(struct arena *a, const char *part, struct schema_problem *problems,
                    size_t count);
