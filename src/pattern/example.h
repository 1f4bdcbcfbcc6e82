/* A text for a pattern, out of its tree. Private to the room. */
#pragma once

#include "pattern/syntax.h"

void example_write(const struct node *root, unsigned groups, const struct pattern_draw *draw,
                   size_t longest, struct buf *out);
