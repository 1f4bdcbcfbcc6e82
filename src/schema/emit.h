/* What the files that write programs share. Private to the room. */
#pragma once

#include "schema/compiler.h"

/* Keys for names, one after another. */
uint32_t emit_keys(struct compiler *c, const str *names, uint32_t count);
struct span emit_uri(struct compiler *c, struct resource *r);
/* Of terms that test one thing. */
void emit_operands(struct compiler *c, struct term *t, struct instruction *out);
