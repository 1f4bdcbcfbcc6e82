/* XML as a tree, as far as pom.xml needs it: elements and their text. Private to the room. */
#pragma once

#include "base/base.h"

struct xml {
    str name, text; /* text: all of the element's own, blanks at its ends taken off */
    uint32_t at; /* the offset where it begins */
    struct xml *first, *last, *next, *parent; /* children; the next one of the parent */
};

/* Documents with a DOCTYPE are refused: entities can make little text much. Names are without their
 * prefixes. */
bool xml_read(struct arena *a, str text, struct xml **ret, struct err *e) MUST_USE;
/* The first child of that name; NULL when there is none or `x` is NULL. */
const struct xml *xml_get(const struct xml *x, const char *name);
/* Its text, or the empty str. */
str xml_text(const struct xml *x, const char *name);
