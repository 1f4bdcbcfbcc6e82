/*
 * The Unicode properties that ECMA-262 names in \p{...}. PCRE2 has their tables, and tells what
 * is in a property by matching it against every code point.
 */
#include "pattern/syntax.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Long name, short name. PCRE2 takes the short ones. */
static const struct {
    const char *full, *brief;
} categories[] = {
    {"Letter", "L"},
    {"Cased_Letter", "LC"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Format", "Cf"},
    {"Surrogate", "Cs"},
    {"Private_Use", "Co"},
    {"Unassigned", "Cn"},
};

static const struct {
    const char *full, *brief;
} binaries[] = {
    {"ASCII", NULL},
    {"ASCII_Hex_Digit", "AHex"},
    {"Alphabetic", "Alpha"},
    {"Any", NULL},
    {"Bidi_Control", "Bidi_C"},
    {"Bidi_Mirrored", "Bidi_M"},
    {"Case_Ignorable", "CI"},
    {"Cased", NULL},
    {"Changes_When_Casefolded", "CWCF"},
    {"Changes_When_Casemapped", "CWCM"},
    {"Changes_When_Lowercased", "CWL"},
    {"Changes_When_Titlecased", "CWT"},
    {"Changes_When_Uppercased", "CWU"},
    {"Dash", NULL},
    {"Default_Ignorable_Code_Point", "DI"},
    {"Deprecated", "Dep"},
    {"Diacritic", "Dia"},
    {"Emoji", NULL},
    {"Emoji_Component", "EComp"},
    {"Emoji_Modifier", "EMod"},
    {"Emoji_Modifier_Base", "EBase"},
    {"Emoji_Presentation", "EPres"},
    {"Extended_Pictographic", "ExtPict"},
    {"Extender", "Ext"},
    {"Grapheme_Base", "Gr_Base"},
    {"Grapheme_Extend", "Gr_Ext"},
    {"Hex_Digit", "Hex"},
    {"IDS_Binary_Operator", "IDSB"},
    {"IDS_Trinary_Operator", "IDST"},
    {"ID_Continue", "IDC"},
    {"ID_Start", "IDS"},
    {"Ideographic", "Ideo"},
    {"Join_Control", "Join_C"},
    {"Logical_Order_Exception", "LOE"},
    {"Lowercase", "Lower"},
    {"Math", NULL},
    {"Noncharacter_Code_Point", "NChar"},
    {"Pattern_Syntax", "Pat_Syn"},
    {"Pattern_White_Space", "Pat_WS"},
    {"Quotation_Mark", "QMark"},
    {"Radical", NULL},
    {"Regional_Indicator", "RI"},
    {"Sentence_Terminal", "STerm"},
    {"Soft_Dotted", "SD"},
    {"Terminal_Punctuation", "Term"},
    {"Unified_Ideograph", "UIdeo"},
    {"Uppercase", "Upper"},
    {"Variation_Selector", "VS"},
    {"White_Space", "space"},
    {"XID_Continue", "XIDC"},
    {"XID_Start", "XIDS"},
};

static const char *category(str name)
{
    for (size_t i = 0; i < COUNT(categories); i++)
        if (str_is(name, categories[i].full) || str_is(name, categories[i].brief))
            return categories[i].brief;
    return NULL;
}

static const char *binary(str name)
{
    for (size_t i = 0; i < COUNT(binaries); i++)
        if (str_is(name, binaries[i].full) ||
            (binaries[i].brief && str_is(name, binaries[i].brief)))
            return binaries[i].full;
    return NULL;
}

/* PCRE2 knows the scripts; it is less strict about how their names are written. */
static bool is_script(str name)
{
    bool begins = true;

    for (size_t i = 0; i < name.len; i++) {
        bool letter = (name.at[i] | 0x20) >= 'a' && (name.at[i] | 0x20) <= 'z';

        if (begins ? name.at[i] < 'A' || name.at[i] > 'Z' : !letter && name.at[i] != '_')
            return false;
        begins = name.at[i] == '_';
    }
    return name.len && name.len < 60;
}

static bool is_one_of(str s, const char *full, const char *brief)
{
    return str_is(s, full) || str_is(s, brief);
}

/* What stands in \p{...}, in PCRE2's words; `inverted` when it is to be negated. */
static bool translate_name(str name, char *out, size_t size, bool *inverted)
{
    str value = name, key;
    const char *found;

    str_cut(&value, '=', &key);
    if (value.at &&
        (is_one_of(key, "Script", "sc") || is_one_of(key, "Script_Extensions", "scx"))) {
        snprintf(out, size, "%s:%.*s", key.len > 6 || key.len == 3 ? "scx" : "sc",
                 STR_ARG(value));
        return is_script(value);
    }
    *inverted = str_is(name, "Assigned");
    if (value.at && !is_one_of(key, "General_Category", "gc"))
        return false;
    found = *inverted ? "Cn" : category(value.at ? value : name);
    if (!found && !value.at)
        found = binary(name);
    if (found)
        snprintf(out, size, "%s", found);
    return found != NULL;
}

/* ---- what is in a property ---- */

/* Code points of one length in UTF-8. */
enum { CHUNK = 0x800 };

/*
 * Where nothing is assigned all code points of a plane but its last two are alike, and so are
 * the planes.
 */
static const struct {
    uint32_t from, to;
    bool alike;
} spans[] = {
    {0x0, 0x7f, false},        {0x80, 0x7ff, false},      {0x800, 0xd7ff, false},
    {0xe000, 0xffff, false},   {0x10000, 0x3ffff, false}, {0x40000, 0xdffff, true},
    {0xe0000, 0xeffff, false}, {0xf0000, 0x10ffff, true},
};

struct finder {
    pcre2_code *code;
    pcre2_match_data *data;
    struct buf pile;
};

static void finder_free(struct finder *f)
{
    pcre2_code_free(f->code);
    pcre2_match_data_free(f->data);
    buf_free(&f->pile);
}

static size_t write_point(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* The runs of those from `from` to `to`, at most a CHUNK, that the property holds for. */
static bool find_in_chunk(struct finder *f, uint32_t from, uint32_t to)
{
    char text[4 * CHUNK];
    size_t len = 0, at = 0, width = 1;
    int found;

    for (uint32_t c = from; c <= to; c++)
        len += width = write_point(text + len, c);
    while ((found = pcre2_match(f->code, (PCRE2_SPTR)text, len, at, PCRE2_NO_UTF_CHECK, f->data,
                                NULL)) >= 0) {
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(f->data);

        set_pile_add(&f->pile, from + (uint32_t)(ends[0] / width),
                     from + (uint32_t)(ends[1] / width) - 1);
        at = ends[1];
    }
    return found == PCRE2_ERROR_NOMATCH;
}

static bool find_in_planes(struct finder *f, uint32_t from, uint32_t to)
{
    size_t before = f->pile.len, added;

    if (!find_in_chunk(f, from, from))
        return false;
    added = f->pile.len - before;
    for (uint32_t plane = from; plane < to; plane += 0x10000) {
        if (added)
            set_pile_add(&f->pile, plane, plane + 0xfffd);
        if (!find_in_chunk(f, plane + 0xfffe, plane + 0xffff))
            return false;
    }
    return true;
}

static bool find_all(struct finder *f)
{
    for (size_t i = 0; i < COUNT(spans); i++) {
        if (spans[i].alike) {
            if (!find_in_planes(f, spans[i].from, spans[i].to))
                return false;
            continue;
        }
        for (uint32_t c = spans[i].from; c <= spans[i].to; c += CHUNK) {
            uint32_t end = c + CHUNK - 1;

            if (!find_in_chunk(f, c, end < spans[i].to ? end : spans[i].to))
                return false;
        }
    }
    return true;
}

bool unicode_property(struct arena *a, str name, const struct set **ret, bool *inverted,
                      struct err *e)
{
    CLEANUP(finder_free) struct finder f = {0};
    char words[80], text[100];
    int why = 0;
    size_t offset = 0;

    *inverted = false;
    if (!translate_name(name, words, sizeof(words), inverted))
        return false;
    snprintf(text, sizeof(text), "\\p{%s}+", words);
    f.code =
        pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &why, &offset, NULL);
    if (!f.code)
        return false;
    f.data = pcre2_match_data_create(1, NULL);
    if (!f.data || !find_all(&f))
        return err_limit(e);
    *ret = set_build(a, &f.pile, false);
    return *ret || err_limit(e);
}
