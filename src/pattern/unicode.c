/* The Unicode properties that ECMA-262 names in \p{...}, in PCRE2's words. */
#include "pattern/translate.h"

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

bool pattern_property_name(str name, char *out, size_t size, bool *inverted)
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
