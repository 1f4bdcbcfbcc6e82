/*
 * format: what the formats of JSON Schema and OpenAPI demand of a text, asserted.
 *
 * Pure functions, one table. Nothing is allocated, but for `regex` and names with letters
 * beyond ASCII, and nothing takes longer than in proportion to the text. What could not be
 * judged for want of memory does not hold.
 */
#pragma once

#include "base/base.h"

struct format;

/* NULL for a name that no standard gives a meaning to; it holds for everything. */
const struct format *format_find(str name);
str format_name(const struct format *f);

/* A format says nothing about values of other kinds. */
enum format_subject { FORMAT_OF_STRINGS, FORMAT_OF_NUMBERS };
enum format_subject format_subject(const struct format *f);

/* `text` is a string's UTF-8, escapes undone, or a number as it stands in JSON. */
bool format_holds(const struct format *f, str text);
