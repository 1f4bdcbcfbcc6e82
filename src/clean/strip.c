/*
 * Characters that are not seen and change what is read: left out by sets of code points. Zero
 * width joiners stay where a script or an emoji needs them.
 */
#include "clean/parts.h"

#include <unictype.h>

struct code_set {
    const struct code_range *ranges;
    size_t count;
    uint64_t ascii[2]; /* a bit for each that is ASCII */
    bool planes; /* and the last two code points of every plane */
};

#define SET(ranges) ranges, COUNT(ranges)

static const struct code_range bidi_codes[] = {
    {0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
static const struct code_range variation_codes[] = {
    {0x180b, 0x180d}, {0x180f, 0x180f}, {0xfe00, 0xfe0f}, {0xe0100, 0xe01ef}};
static const struct code_range noncharacter_codes[] = {{0xfdd0, 0xfdef}};
static const struct code_range tag_codes[] = {{0xe0000, 0xe007f}};
static const struct code_range private_codes[] = {
    {0xe000, 0xf8ff}, {0xf0000, 0xffffd}, {0x100000, 0x10fffd}};

static const struct code_set bidi_set = {SET(bidi_codes)};
static const struct code_set variation_set = {SET(variation_codes)};
static const struct code_set noncharacter_set = {SET(noncharacter_codes), .planes = true};
static const struct code_set tag_set = {SET(tag_codes)};
static const struct code_set private_set = {SET(private_codes)};

static bool is_in(const struct code_set *set, uint32_t code)
{
    if (code < 0x80)
        return set->ascii[code / 64] >> code % 64 & 1;
    return (set->planes && (code & 0xfffe) == 0xfffe) || code_in(set->ranges, set->count, code);
}

static size_t first_in(const struct code_set *set, str text)
{
    uint32_t code;

    for (size_t i = set->ascii[0] ? 0 : ascii_prefix(text), n; i < text.len; i += n) {
        n = code_at(text, i, &code);
        if (is_in(set, code))
            return i;
    }
    return text.len;
}

/* Without the code points of the set, but for those that `keep`, where there is one, is asked to
 * leave; it sees what is kept of the text before the one in question and what follows it. */
static enum cleaned strip(struct cleaning *c, const struct code_set *set,
                          bool (*keep)(uint32_t code, str before, str after), str text,
                          str *ret)
{
    size_t i = first_in(set, text), out = i;
    char *to;

    if (i == text.len)
        return CLEANED_SAME;
    to = arena_alloc(c->a, text.len + 1);
    if (!to)
        return cleaned_refuse(c, "is too long");
    memcpy(to, text.at, i);
    while (i < text.len) {
        uint32_t code;
        size_t n = code_at(text, i, &code);

        if (!is_in(set, code) ||
            (keep && keep(code, (str){to, out}, str_sub(text, i + n, text.len)))) {
            memcpy(to + out, text.at + i, n);
            out += n;
        }
        i += n;
    }
    if (out == text.len)
        return CLEANED_SAME;
    *ret = (str){to, out};
    return CLEANED_CHANGED;
}

enum cleaned clean_strip(struct cleaning *c, str text, str *ret)
{
    return strip(c, c->with, NULL, text, ret);
}

/* ---- which set ---- */

static bool takes_none(struct clean_reader *r, const struct json *v)
{
    return !v || clean_wrong(r, v, "'%s' takes no parameters", r->rule);
}

static bool read_set(struct clean_reader *r, const struct json *v, const struct code_set *set,
                     const void **ret)
{
    if (!takes_none(r, v))
        return false;
    *ret = set;
    return true;
}

bool clean_strip_bidi_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    return read_set(r, v, &bidi_set, ret);
}

bool clean_strip_variation_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    return read_set(r, v, &variation_set, ret);
}

bool clean_strip_noncharacters_read(struct clean_reader *r, const struct json *v,
                                    const void **ret)
{
    return read_set(r, v, &noncharacter_set, ret);
}

bool clean_strip_tags_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    return read_set(r, v, &tag_set, ret);
}

bool clean_strip_private_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    return read_set(r, v, &private_set, ret);
}

/* ---- control characters: which of TAB, LF and CR stay is a choice ---- */

static const struct {
    const char *name;
    uint32_t code;
} keepable[] = {{"tab", '\t'}, {"lf", '\n'}, {"cr", '\r'}};

static bool find_keepable(struct clean_reader *r, const struct json *v, unsigned *kept)
{
    for (size_t i = 0; i < COUNT(keepable); i++)
        if (v->kind == JSON_STRING && str_is(v->text, keepable[i].name)) {
            *kept |= 1u << i;
            return true;
        }
    return clean_wrong(r, v, "what 'strip-control' may keep is tab, lf and cr");
}

static bool read_kept(struct clean_reader *r, const struct json *v, unsigned *ret)
{
    static const char *const names[] = {"keep"};
    const struct json *keep = v ? json_get(v, STR("keep")) : NULL;

    *ret = keep ? 0 : (1u << COUNT(keepable)) - 1;
    if (v && !clean_members(r, v, names, COUNT(names)))
        return false;
    if (keep && keep->kind != JSON_ARRAY)
        return clean_wrong(r, keep, "'keep' is a list of tab, lf and cr");
    for (uint32_t i = 0; keep && i < keep->count; i++)
        if (!find_keepable(r, &keep->items[i], ret))
            return false;
    return true;
}

/* C0, DEL and C1. */
bool clean_strip_control_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    static const struct code_range c1[] = {{0x80, 0x9f}};
    struct code_set *set = arena_alloc(r->a, sizeof(*set));
    unsigned kept;

    if (!read_kept(r, v, &kept))
        return false;
    if (!set)
        return err_limit(r->e);
    *set = (struct code_set){SET(c1), .ascii = {0xffffffff, 1ull << 63}};
    for (size_t i = 0; i < COUNT(keepable); i++)
        if (kept & 1u << i)
            set->ascii[0] &= ~(1ull << keepable[i].code);
    *ret = set;
    return true;
}

/* ---- zero width ---- */

/* LOOK: how many code points beside a joiner are looked at, so that no text costs its square. */
enum { NON_JOINER = 0x200c, JOINER = 0x200d, VIRAMA = 9, LOOK = 32 };

static const struct code_range zero_width_codes[] = {
    {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x180e, 0x180e}, {0x200b, 0x200d},
    {0x2060, 0x2064}, {0x206a, 0x206f}, {0xfeff, 0xfeff}};

/* Behind an emoji stand its variation selector and its skin tone. */
static bool is_after_emoji(str before)
{
    uint32_t code = 0;

    for (size_t i = before.len, looked = 0; i && looked < LOOK; looked++) {
        i = code_before(before, i);
        code_at(before, i, &code);
        if (code != 0xfe0f && !(code >= 0x1f3fb && code <= 0x1f3ff))
            break;
    }
    return before.len && uc_is_property_extended_pictographic(code);
}

static bool is_joining(uint32_t code, bool left)
{
    int type = uc_joining_type(code);

    return type == UC_JOINING_TYPE_D || type == (left ? UC_JOINING_TYPE_L : UC_JOINING_TYPE_R);
}

/* RFC 5892 A.1: letters on both sides that join, marks between them left aside. */
static bool is_between_joining(str before, str after)
{
    uint32_t code = 0;
    bool found = false;

    for (size_t i = before.len, looked = 0; i && !found && looked < LOOK; looked++) {
        i = code_before(before, i);
        code_at(before, i, &code);
        found = uc_joining_type(code) != UC_JOINING_TYPE_T;
    }
    if (!found || !is_joining(code, true))
        return false;
    for (size_t i = 0, looked = 0; i < after.len && looked < LOOK; looked++) {
        i += code_at(after, i, &code);
        if (uc_joining_type(code) != UC_JOINING_TYPE_T)
            return is_joining(code, false);
    }
    return false;
}

/* Of the zero-width characters only joiners can be. */
static bool is_needed(uint32_t joiner, str before, str after)
{
    uint32_t code;

    if ((joiner != JOINER && joiner != NON_JOINER) || !before.len || !after.len)
        return false;
    code_at(before, code_before(before, before.len), &code);
    if (uc_combining_class(code) == VIRAMA)
        return true;
    if (joiner == NON_JOINER)
        return is_between_joining(before, after);
    code_at(after, 0, &code);
    return uc_is_property_extended_pictographic(code) && is_after_emoji(before);
}

enum cleaned clean_strip_zero_width(struct cleaning *c, str text, str *ret)
{
    static const struct code_set set = {SET(zero_width_codes)};

    return strip(c, &set, is_needed, text, ret);
}
