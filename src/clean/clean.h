/*
 * clean: text made canonical and safe by declared rules: pure functions, no schema, no files.
 *
 * A list of rules is read once from the value of `x-clean` and applied to texts. The rules run
 * in their order, and again until none of them changes anything, so that what comes out is what
 * would come out again: clean(clean(x)) is clean(x) for every list. A text that does not come to
 * rest in CLEAN_ROUNDS rounds is refused, and so is one that can't be made safe. A text that is
 * clean already is returned as it is, not copied; ASCII that needs nothing is only looked at.
 *
 * Unicode is libunistring's, names of hosts are libidn2's, HTML's character references are the
 * WHATWG's (of the Python that built fnward).
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

enum {
    CLEAN_RULES_MAX = 16, /* of one list */
    CLEAN_ROUNDS = 8,
    CLEAN_TEXT_MAX = 8 << 20, /* bytes of a text, before and after */
};

struct clean;

/*
 * `source` is a rule's name, {"name": parameters}, or a list of these; it must outlive the
 * result. Fails on a rule that is not known, that takes no such parameters, that stands twice or
 * that contradicts another. *at is then the offending value.
 */
bool clean_read(struct arena *a, const struct json *source, struct clean **ret,
                const struct json **at, struct err *e) MUST_USE;

struct clean_outcome {
    str text; /* the very text that was given when `changed` is 0 */
    uint32_t changed; /* bit i: the i-th rule of the list changed it */
    const char *rule, *why; /* of a refusal: "is no path below its root" */
};

/* False when the text is refused; `ret` then has `rule` and `why`. */
bool clean_text(const struct clean *c, struct arena *a, str text,
                struct clean_outcome *ret) MUST_USE;

size_t clean_count(const struct clean *c);
const char *clean_name(const struct clean *c, size_t i); /* "trim" */

struct clean_rule_text {
    const char *name, *meaning;
};
/* Every rule, for the manual; ended by a row without a name. */
extern const struct clean_rule_text clean_rules[];
