/* What each keyword does to a value, and how it tells what was wrong. Private to the room. */
#pragma once

#include "schema/program.h"

/*
 * What patterns may cost one event, in nanoseconds or thereabouts, where their first attempt
 * did not decide.
 */
static const uint64_t PATTERN_WORK_MAX = 3000000000;

enum verdict run_all(struct run *r, const struct step *s, const struct json *v);
enum verdict run_any(struct run *r, const struct step *s, const struct json *v);
enum verdict run_one(struct run *r, const struct step *s, const struct json *v);
enum verdict run_not(struct run *r, const struct step *s, const struct json *v);
enum verdict run_if(struct run *r, const struct step *s, const struct json *v);

enum verdict run_max_length(struct run *r, const struct step *s, const struct json *v);
enum verdict run_min_length(struct run *r, const struct step *s, const struct json *v);
enum verdict run_max_count(struct run *r, const struct step *s, const struct json *v);
enum verdict run_min_count(struct run *r, const struct step *s, const struct json *v);
enum verdict run_maximum(struct run *r, const struct step *s, const struct json *v);
enum verdict run_minimum(struct run *r, const struct step *s, const struct json *v);
enum verdict run_below(struct run *r, const struct step *s, const struct json *v);
enum verdict run_above(struct run *r, const struct step *s, const struct json *v);
enum verdict run_multiple(struct run *r, const struct step *s, const struct json *v);
enum verdict run_pattern(struct run *r, const struct step *s, const struct json *v);
enum verdict run_values(struct run *r, const struct step *s, const struct json *v);
enum verdict run_unique(struct run *r, const struct step *s, const struct json *v);
enum verdict run_object(struct run *r, const struct step *s, const struct json *v);
enum verdict run_array(struct run *r, const struct step *s, const struct json *v);
enum verdict run_dependent_required(struct run *r, const struct step *s, const struct json *v);
enum verdict run_dependent_schema(struct run *r, const struct step *s, const struct json *v);

/* How many items `contains` holds for, as far as it matters. */
enum verdict run_contains(struct run *r, const struct array_rules *a, const struct json *v,
                          uint64_t *ret);
const struct json_member *run_member(const struct json *object, str name);

void explain_const(struct report *p, const struct step *s, const struct json *v);
void explain_all(struct report *p, const struct step *s, const struct json *v);
void explain_any(struct report *p, const struct step *s, const struct json *v);
void explain_one(struct report *p, const struct step *s, const struct json *v);
void explain_if(struct report *p, const struct step *s, const struct json *v);
void explain_object(struct report *p, const struct step *s, const struct json *v);
void explain_array(struct report *p, const struct step *s, const struct json *v);
void explain_dependent_required(struct report *p, const struct step *s, const struct json *v);
void explain_dependent_schema(struct report *p, const struct step *s, const struct json *v);
