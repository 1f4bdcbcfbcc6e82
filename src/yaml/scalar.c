/*
 * scalar: what an unquoted word is by the core schema of YAML 1.2 (section 10.3.2).
 */
#include "yaml/tree.h"

static const struct {
    str word;
    enum yaml_kind kind;
} words[] = {
    {STR_INIT(""), YAML_NULL},       {STR_INIT("~"), YAML_NULL},
    {STR_INIT("null"), YAML_NULL},   {STR_INIT("Null"), YAML_NULL},
    {STR_INIT("NULL"), YAML_NULL},   {STR_INIT("true"), YAML_BOOL},
    {STR_INIT("True"), YAML_BOOL},   {STR_INIT("TRUE"), YAML_BOOL},
    {STR_INIT("false"), YAML_BOOL},  {STR_INIT("False"), YAML_BOOL},
    {STR_INIT("FALSE"), YAML_BOOL},  {STR_INIT(".nan"), YAML_NUMBER},
    {STR_INIT(".NaN"), YAML_NUMBER}, {STR_INIT(".NAN"), YAML_NUMBER},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 255 for what is no digit in any base. */
static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 255;
}

static str skip_sign(str s)
{
    return s.len && (s.at[0] == '-' || s.at[0] == '+') ? str_sub(s, 1, s.len) : s;
}

static size_t count_digits(str s)
{
    size_t n = 0;

    while (n < s.len && is_digit(s.at[n]))
        n++;
    return n;
}

static bool is_infinity(str s)
{
    s = skip_sign(s);
    return str_is(s, ".inf") || str_is(s, ".Inf") || str_is(s, ".INF");
}

/* The digits behind "0x" or "0o", which take no sign; false when it is neither. */
static bool other_base(str s, unsigned *base, str *digits)
{
    if (s.len < 3 || s.at[0] != '0' || (s.at[1] != 'x' && s.at[1] != 'o'))
        return false;
    *base = s.at[1] == 'x' ? 16 : 8;
    *digits = str_sub(s, 2, s.len);
    for (size_t i = 0; i < digits->len; i++)
        if (digit_value(digits->at[i]) >= *base)
            return false;
    return true;
}

/* The parts of [-+]? digits? ( . digits? )? ( [eE] [-+]? digits )? */
struct decimal {
    bool negative;
    str whole, fraction, exponent;
};

static bool split_decimal(str s, struct decimal *d)
{
    *d = (struct decimal){.negative = s.len && s.at[0] == '-'};
    s = skip_sign(s);
    d->whole = str_sub(s, 0, count_digits(s));
    s = str_sub(s, d->whole.len, s.len);
    if (s.len && s.at[0] == '.') {
        s = str_sub(s, 1, s.len);
        d->fraction = str_sub(s, 0, count_digits(s));
        s = str_sub(s, d->fraction.len, s.len);
    }
    if (!d->whole.len && !d->fraction.len)
        return false;
    if (!s.len)
        return true;
    d->exponent = str_sub(s, 1, s.len);
    s = skip_sign(d->exponent);
    return (d->exponent.at[-1] == 'e' || d->exponent.at[-1] == 'E') && s.len &&
           count_digits(s) == s.len;
}

enum yaml_kind scalar_kind(str text)
{
    struct decimal d;
    unsigned base;
    str digits;

    for (size_t i = 0; i < COUNT(words); i++)
        if (str_equal(text, words[i].word))
            return words[i].kind;
    if (is_infinity(text) || other_base(text, &base, &digits) || split_decimal(text, &d))
        return YAML_NUMBER;
    return YAML_STRING;
}

static bool from_other_base(struct arena *a, str digits, unsigned base, str *ret, struct err *e)
{
    uint64_t n = 0;

    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = digit_value(digits.at[i]);

        if (n > (UINT64_MAX - digit) / base)
            return err_set(e, ERR_INPUT, "a number past 64 bits must be written in base ten");
        n = n * base + digit;
    }
    *ret = arena_format(a, "%llu", (unsigned long long)n);
    return ret->at || err_limit(e);
}

bool scalar_to_json_number(struct arena *a, str text, str *ret, struct err *e)
{
    struct decimal d;
    unsigned base;
    str digits;

    if (other_base(text, &base, &digits))
        return from_other_base(a, digits, base, ret, e);
    if (!split_decimal(text, &d))
        return err_set(e, ERR_INPUT, "JSON has no number '%.*s'", STR_ARG(text));
    while (d.whole.len > 1 && d.whole.at[0] == '0')
        d.whole = str_sub(d.whole, 1, d.whole.len);
    *ret = arena_format(a, "%s%.*s%s%.*s%s%.*s", d.negative ? "-" : "",
                        STR_ARG(d.whole.len ? d.whole : STR("0")), d.fraction.len ? "." : "",
                        STR_ARG(d.fraction), d.exponent.len ? "e" : "", STR_ARG(d.exponent));
    return ret->at || err_limit(e);
}
