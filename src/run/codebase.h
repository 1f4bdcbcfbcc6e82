/*
 * codebase: how large and how new a function's code is, and a fingerprint of it, without
 * reading the files: names, sizes, times.
 */
#pragma once

#include "run/snapshot.h"

bool codebase_look(struct arena *a, str directory, struct snapshot_function *ret,
                   struct err *e) MUST_USE;
