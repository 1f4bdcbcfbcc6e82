/* What the files that make terms share. Private to the room. */
#pragma once

#include "schema/compiler.h"

/* Each returns NULL with the error set, without memory. */
struct term *term_values(struct compiler *c, struct rule *r, unsigned kind);
struct term *term_object(struct compiler *c, const struct object_rules *o);
struct term *term_array(struct compiler *c, const struct array_rules *a);
struct term *term_other(struct compiler *c, struct node *n, struct rule *r);
/*
 * A branch with the test of one member in front: where a member must have one of a few texts,
 * that alone nearly always tells whether the branch is meant.
 */
struct term *term_guarded(struct compiler *c, struct term *branch);
/* Sets *ret where a member tells which of the branches is meant; any of them or one is then the
 * same. */
bool term_choice(struct compiler *c, struct term *const *branches, uint32_t count,
                 struct term **ret) MUST_USE;
