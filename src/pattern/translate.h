/* What the files of the pattern translator share. Private to the room. */
#pragma once

#include "pattern/pattern.h"

enum { DEPTH_MAX = 200, GROUPS_MAX = 200, REPEAT_MAX = 65535, PLACES_MAX = 1 << 24 };

struct translator {
    str in;
    size_t at;
    struct buf out;
    struct err *e;
    bool for_breadth;
    bool captures; /* something refers back to a group */
    bool looks_around, endless;
    bool may_repeat; /* what was read last may have * behind it */
    size_t last; /* in `out`: where it begins */
    bool last_is_group;
    uint64_t places, places_in_last;
    unsigned groups; /* that capture, in all; numbered from 1 */
    unsigned opened; /* so far */
    unsigned groups_in_last; /* that lie in what was read last */
    unsigned depth;
    struct open {
        unsigned groups_before;
        uint64_t places_before;
        unsigned group; /* its number, or 0 when it does not capture */
        bool looks_around;
    } open[DEPTH_MAX];
    str names[GROUPS_MAX + 1];
    bool closed[GROUPS_MAX + 1], repeated[GROUPS_MAX + 1], referred[GROUPS_MAX + 1];
};

bool translate_fail(struct translator *t, const char *format, ...) PRINTF_LIKE(2, 3);
bool translate_take(struct translator *t, const char *text);
/* The code point at hand, which is not the end, and behind it. */
bool translate_next(struct translator *t, uint32_t *ret) MUST_USE;
/* Notes that a single thing is about to be written. */
void translate_begin(struct translator *t, bool may_repeat);
/* Writes a code point as something that is special to nobody. */
void translate_point(struct translator *t, uint32_t c);

/* From '[' to behind its ']'. */
bool translate_class(struct translator *t);
/* From a backslash, outside a class. */
bool translate_escape(struct translator *t);
/*
 * From a backslash: one code point, or a set of them, which is written as it stands inside
 * brackets. *set says which it was.
 */
bool translate_member(struct translator *t, bool in_class, uint32_t *point, bool *set) MUST_USE;

/* An ECMA-262 pattern, u flag, in PCRE2's words. */
struct translation {
    str text;
    bool endless; /* something in it repeats without a limit */
    bool breadth_first; /* neither back-reference nor lookaround */
    uint64_t places; /* single things in it, those that are repeated as often as they are */
};
/* `for_breadth`: in the words that keep the breadth-first matcher's set of states small. */
bool pattern_translate(struct arena *a, str pattern, bool for_breadth, struct translation *ret,
                       struct err *e) MUST_USE;
/* What stands in \p{...}, in PCRE2's words; `inverted` when it is to be negated. */
bool pattern_property_name(str name, char *out, size_t size, bool *inverted);
