/*
 * Which labels IDNA2008 takes. RFC 5892 derives it from Unicode's properties, which are
 * libunistring's; its exceptions and the rules for contexts are lists of their own.
 */
#include "format/checks.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum worth { VALID, DISALLOWED, IN_CONTEXT };

static const struct {
    uint32_t from, to;
    enum worth worth;
} exceptions[] = {
    {0xb7, 0xb7, IN_CONTEXT},       {0xdf, 0xdf, VALID},
    {0x375, 0x375, IN_CONTEXT},     {0x3c2, 0x3c2, VALID},
    {0x5f3, 0x5f4, IN_CONTEXT},     {0x640, 0x640, DISALLOWED},
    {0x660, 0x669, IN_CONTEXT},     {0x6f0, 0x6f9, IN_CONTEXT},
    {0x6fd, 0x6fe, VALID},          {0x7fa, 0x7fa, DISALLOWED},
    {0xf0b, 0xf0b, VALID},          {0x1100, 0x11ff, DISALLOWED}, /* old Hangul, to D7FB */
    {0x200c, 0x200d, IN_CONTEXT},   {0x20d0, 0x20ff, DISALLOWED}, /* marks for symbols */
    {0x3007, 0x3007, VALID},        {0x302e, 0x302f, DISALLOWED},
    {0x3031, 0x3035, DISALLOWED},   {0x303b, 0x303b, DISALLOWED},
    {0x30fb, 0x30fb, IN_CONTEXT},   {0xa960, 0xa97c, DISALLOWED},
    {0xd7b0, 0xd7fb, DISALLOWED},   {0x1d100, 0x1d1ff, DISALLOWED}, /* music */
    {0x1d200, 0x1d24f, DISALLOWED}, /* ancient music */
};

/* Whether case folding and compatibility forms leave the code point as it is. */
static bool is_stable(uint32_t c)
{
    uint32_t normal[32], folded[32];
    size_t normal_count = COUNT(normal), count = COUNT(folded);

    return u32_normalize(UNINORM_NFKC, &c, 1, normal, &normal_count) == normal &&
           u32_casefold(normal, normal_count, NULL, UNINORM_NFKC, folded, &count) == folded &&
           count == 1 && folded[0] == c;
}

static bool is_ignorable(uint32_t c)
{
    return uc_is_property_default_ignorable_code_point(c) || uc_is_property_white_space(c) ||
           uc_is_property_not_a_character(c);
}

static bool is_letter_or_digit(uint32_t c)
{
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Ll | UC_CATEGORY_MASK_Lu |
                                                   UC_CATEGORY_MASK_Lo | UC_CATEGORY_MASK_Nd |
                                                   UC_CATEGORY_MASK_Lm | UC_CATEGORY_MASK_Mn |
                                                   UC_CATEGORY_MASK_Mc);
}

static enum worth worth_of(uint32_t c)
{
    for (size_t i = 0; i < COUNT(exceptions); i++)
        if (c >= exceptions[i].from && c <= exceptions[i].to)
            return exceptions[i].worth;
    if (c < 0x80)
        return c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? VALID
                                                                            : DISALLOWED;
    return is_letter_or_digit(c) && !is_ignorable(c) && is_stable(c) ? VALID : DISALLOWED;
}

/* ---- contexts: RFC 5892, appendix A ---- */

static uint32_t point_at(const struct label *l, size_t i)
{
    return i < l->count ? l->points[i] : 0;
}

static bool is_script(uint32_t c, const char *name)
{
    const uc_script_t *script = uc_script(c);

    return script && strcmp(script->name, name) == 0;
}

static bool follows_virama(const struct label *l, size_t i)
{
    return i > 0 && uc_combining_class(l->points[i - 1]) == UC_CCC_VR;
}

/* Between letters that join across it. */
static bool joins(const struct label *l, size_t i)
{
    size_t before = i, after = i + 1;
    int type;

    while (before > 0 && uc_joining_type(l->points[before - 1]) == UC_JOINING_TYPE_T)
        before--;
    while (after < l->count && uc_joining_type(l->points[after]) == UC_JOINING_TYPE_T)
        after++;
    if (!before || after == l->count)
        return false;
    type = uc_joining_type(l->points[before - 1]);
    if (type != UC_JOINING_TYPE_L && type != UC_JOINING_TYPE_D)
        return false;
    type = uc_joining_type(l->points[after]);
    return type == UC_JOINING_TYPE_R || type == UC_JOINING_TYPE_D;
}

static bool has_japanese(const struct label *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (is_script(l->points[i], "Hiragana") || is_script(l->points[i], "Katakana") ||
            is_script(l->points[i], "Han"))
            return true;
    return false;
}

static bool has_between(const struct label *l, uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->points[i] >= from && l->points[i] <= to)
            return true;
    return false;
}

static bool fits_context(const struct label *l, size_t i)
{
    uint32_t before = i ? l->points[i - 1] : 0, after = point_at(l, i + 1);

    switch (l->points[i]) {
    case 0xb7: /* Catalan's middle dot */
        return before == 'l' && after == 'l';
    case 0x375: /* the Greek lower numeral sign */
        return after && is_script(after, "Greek");
    case 0x5f3: /* Hebrew's geresh and gershayim */
    case 0x5f4:
        return before && is_script(before, "Hebrew");
    case 0x200c: /* zero width non-joiner */
        return follows_virama(l, i) || joins(l, i);
    case 0x200d: /* zero width joiner */
        return follows_virama(l, i);
    case 0x30fb: /* the Katakana middle dot */
        return has_japanese(l);
    default: /* two kinds of Arabic digits, not to be mixed */
        return l->points[i] < 0x6f0 ? !has_between(l, 0x6f0, 0x6f9)
                                    : !has_between(l, 0x660, 0x669);
    }
}

/* ---- the label ---- */

static bool is_normal(const struct label *l)
{
    uint32_t normal[4 * LABEL_MAX];
    size_t count = COUNT(normal);

    return u32_normalize(UNINORM_NFC, l->points, l->count, normal, &count) == normal &&
           count == l->count && memcmp(normal, l->points, count * sizeof(normal[0])) == 0;
}

bool label_is_valid(const struct label *l)
{
    if (!l->count || l->points[0] == '-' || l->points[l->count - 1] == '-')
        return false;
    if (point_at(l, 2) == '-' && point_at(l, 3) == '-')
        return false;
    for (size_t i = 0; i < l->count; i++) {
        enum worth worth = worth_of(l->points[i]);

        if (worth == DISALLOWED || (worth == IN_CONTEXT && !fits_context(l, i)))
            return false;
    }
    return !uc_is_general_category_withtable(l->points[0], UC_CATEGORY_MASK_M) && is_normal(l);
}

/* ---- two directions: RFC 5893, section 2 ---- */

#define BIDI(name) (1u << UC_BIDI_##name)

static unsigned direction(uint32_t c)
{
    return 1u << uc_bidi_class(c);
}

bool label_is_right_to_left(const struct label *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (direction(l->points[i]) & (BIDI(R) | BIDI(AL) | BIDI(AN)))
            return true;
    return false;
}

bool label_is_bidi_valid(const struct label *l)
{
    const unsigned neutral =
        BIDI(EN) | BIDI(ES) | BIDI(CS) | BIDI(ET) | BIDI(ON) | BIDI(BN) | BIDI(NSM);
    unsigned first = direction(l->points[0]), seen = 0, last = 0;
    bool leftwards = first & (BIDI(R) | BIDI(AL));

    if (!leftwards && first != BIDI(L))
        return false;
    for (size_t i = 0; i < l->count; i++) {
        unsigned d = direction(l->points[i]);

        seen |= d;
        if (d != BIDI(NSM))
            last = d;
    }
    if (!leftwards)
        return !(seen & ~(neutral | BIDI(L))) && (last & (BIDI(L) | BIDI(EN)));
    return !(seen & ~(neutral | BIDI(R) | BIDI(AL) | BIDI(AN))) &&
           (last & (BIDI(R) | BIDI(AL) | BIDI(EN) | BIDI(AN))) &&
           (seen & (BIDI(EN) | BIDI(AN))) != (BIDI(EN) | BIDI(AN));
}
