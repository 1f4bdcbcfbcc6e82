/* Looking into the compiled file. Private to the room. */
#pragma once

#include "advisory/layout.h"

/* NULL outside of the span. */
const void *row_at(const struct advisories *db, const struct span *s, uint32_t i, size_t size);
bool run_fits(const struct span *s, uint32_t first, uint32_t count);
str text_in(const struct advisories *db, uint32_t text); /* "" outside of the file */
bool damaged(struct err *e); /* sets the error, returns false */
