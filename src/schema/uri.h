/* References as RFC 3986 resolves them, and tokens of JSON Pointers. Private to the room. */
#pragma once

#include "base/base.h"

/* The part before '#', and the one behind it. */
str uri_without_fragment(str uri);
str uri_fragment(str uri);
/* `ref` seen from `base`, fragment and all; `at` is NULL without memory. */
str uri_resolve(struct arena *a, str base, str ref) MUST_USE;
/* Undoes %XX; `at` is NULL where that is wrong, or without memory. */
str uri_decode(struct arena *a, str s) MUST_USE;
/* A slash and the name, its own slashes and tildes escaped as RFC 6901 has it. */
void pointer_add(struct buf *out, str name);
