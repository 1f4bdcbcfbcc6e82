/*
 * A function's name as the Invoke API takes it, and as it gives it back. The pattern in the
 * error is AWS's own and is what is read here:
 * optional arn:aws:lambda:, region:, account:, "function:", then name and optional :qualifier.
 */
#include "event/event.h"

enum { PARTS_MAX = 9 };

#define PATTERN                                                                                 \
    "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?" \
    "(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)"                                                \
    "(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_word(str s, const char *also)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.at[i]) && !is_digit(s.at[i]) && !strchr(also, s.at[i]))
            return false;
    return s.len > 0 && !memchr(s.at, 0, s.len);
}

static bool is_name(str s)
{
    return all_word(s, "-_.");
}

static bool is_qualifier(str s)
{
    return str_is(s, "$LATEST") || str_is(s, "$LATEST.PUBLISHED") || all_word(s, "-_");
}

static bool is_account(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.at[i]))
            return false;
    return s.len == 12;
}

static bool is_lower_word(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < 'a' || s.at[i] > 'z')
            return false;
    return s.len > 0;
}

static bool is_secluded(str word)
{
    return str_is(word, "gov") || (str_starts(word, STR("iso")) && word.len <= 4);
}

/* us-east-1, us-gov-west-1, us-isob-east-1, eusc-de-east-1 */
static bool is_region(str s)
{
    str words[4], *country = words, rest = s, number;
    size_t n = 0;

    while (n < COUNT(words) && str_cut(&rest, '-', &words[n]))
        n++;
    if (n < 3 || rest.at)
        return false;
    if (n == 4 && str_is(words[0], "eusc"))
        country++;
    else if (n == 4 && !is_secluded(words[1]))
        return false;
    for (size_t i = 0; i < n - 1; i++)
        if (!is_lower_word(words[i]))
            return false;
    number = words[n - 1];
    return country->len == 2 && number.len == 1 && is_digit(number.at[0]);
}

static bool is_partition(str s)
{
    return !s.len || (str_starts(s, STR("aws")) && all_word(s, "-"));
}

static size_t split(str text, str *parts)
{
    str rest = text;
    size_t n = 0;

    while (n < PARTS_MAX && str_cut(&rest, ':', &parts[n]))
        n++;
    return rest.at ? 0 : n;
}

/* A part in front of the name is one only when a name can follow it. */
static bool before_name(const str *parts, size_t i, size_t n)
{
    return i + 1 < n && is_name(parts[i + 1]);
}

static bool parse(str text, struct event_name *ret)
{
    str parts[PARTS_MAX];
    size_t n = split(text, parts), i = 0;
    struct event_name name = {0};

    if (n > 3 && str_is(parts[0], "arn") && is_partition(parts[1]) &&
        str_is(parts[2], "lambda"))
        i = 3;
    if (before_name(parts, i, n) && is_region(parts[i]))
        name.region = parts[i++];
    if (before_name(parts, i, n) && is_account(parts[i]))
        name.account = parts[i++];
    if (before_name(parts, i, n) && str_is(parts[i], "function"))
        i++;
    if (i == n || !is_name(parts[i]))
        return false;
    name.function = parts[i++];
    if (i < n && !is_qualifier(parts[i]))
        return false;
    if (i < n)
        name.qualifier = parts[i++];
    if (i < n)
        return false;
    *ret = name;
    return true;
}

static bool refuse(struct err *e, const char *member, str value, const char *constraint)
{
    enum { SHOWN = 170 }; /* AWS takes no longer one */

    return err_set(e, ERR_INPUT,
                   "1 validation error detected: Value '%.*s' at '%s' failed to satisfy "
                   "constraint: Member must %s",
                   STR_ARG(str_sub(value, 0, SHOWN)), member, constraint);
}

bool event_name_parse(str text, struct event_name *ret, struct err *e)
{
    enum { TEXT_MAX = 256 };

    if (text.len > TEXT_MAX)
        return refuse(e, "functionName", text, "have length less than or equal to 256");
    if (!parse(text, ret))
        return refuse(e, "functionName", text, "satisfy regular expression pattern: " PATTERN);
    return true;
}

bool event_qualifier_check(str qualifier, struct err *e)
{
    if (qualifier.len > 128)
        return refuse(e, "qualifier", qualifier, "have length less than or equal to 128");
    if (!all_word(qualifier, "-_$") && !is_qualifier(qualifier))
        return refuse(e, "qualifier", qualifier,
                      "satisfy regular expression pattern: "
                      "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+");
    return true;
}

void event_function_arn(struct buf *out, str name, str qualifier)
{
    buf_add(out, STR("arn:aws:lambda:us-east-1:000000000000:function:"));
    buf_add(out, name);
    if (!qualifier.len)
        return;
    buf_addc(out, ':');
    buf_add(out, qualifier);
}
