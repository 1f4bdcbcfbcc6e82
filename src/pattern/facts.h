/* What the tree of a pattern tells without a text. Private to the room. */
#pragma once

#include "pattern/syntax.h"

struct pattern_facts facts_of(struct arena *a, const struct syntax *s);
/* Whether every match begins where the text does, or ends there. */
bool facts_begins(const struct node *n);
bool facts_ends(const struct node *n);
