/*
 * toml: TOML 1.0 to the same tree that `json` reads, so that what looks into one looks into both.
 *
 * Tables become objects, arrays arrays. Numbers keep their text ("0x1F", "1_000"), dates and times
 * are strings, true and false are themselves. One pass, all memory from the caller's arena. Refused is
 * what TOML refuses: names given twice, tables opened twice, invalid UTF-8, control characters; and
 * whatever is past a limit.
 *
 * https://toml.io/en/v1.0.0
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

enum { TOML_DEPTH_MAX = 64, TOML_NODES_MAX = 1 << 20 };
#define TOML_BYTES_MAX ((size_t)64 << 20)

/* Strings without escapes point into `text`, which must outlive the result. On failure e->at has
 * line, column and `text`; the caller sets e->at.file. */
bool toml_read(struct arena *a, str text, struct json **ret, struct err *e) MUST_USE;
