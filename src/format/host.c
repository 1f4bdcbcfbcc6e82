/* Names of hosts: RFC 1123's, and those of RFC 5890 with letters of any script. */
#include "format/checks.h"

static bool is_punycode(str label)
{
    return label.len > 4 && str_equal_nocase(str_sub(label, 0, 4), STR("xn--"));
}

static bool is_ascii_label(const struct label *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->points[i] >= 0x80)
            return false;
    return true;
}

/*
 * An A-label stands for a valid label beyond ASCII. Punycode has one spelling for each but for
 * a hyphen that separates nothing, which the length tells.
 */
static bool read_a_label(str label, struct label *ret)
{
    return punycode_decode(str_sub(label, 4, label.len), ret) && !is_ascii_label(ret) &&
           label_is_valid(ret) && punycode_length(ret) == label.len - 4;
}

static bool read_u_label(str label, struct label *ret)
{
    uint32_t c;

    ret->count = 0;
    for (size_t i = 0; i < label.len;) {
        if (ret->count == LABEL_MAX || !str_utf8_take(label, &i, &c))
            return false;
        ret->points[ret->count++] = c;
    }
    return label_is_valid(ret);
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

static void read_plain_label(str label, struct label *ret)
{
    ret->count = label.len;
    for (size_t i = 0; i < label.len; i++)
        ret->points[i] = (unsigned char)label.at[i];
}

/* One label of a name, in code points, and how long it is when it is sent. */
static bool read_label(str label, bool reserved, struct label *ret, size_t *length)
{
    *length = label.len;
    if (!is_ascii(label)) {
        if (!read_u_label(label, ret))
            return false;
        *length = 4 + punycode_length(ret);
        return *length <= LABEL_MAX;
    }
    if (!format_is_label(label, false))
        return false;
    if (is_punycode(label))
        return read_a_label(label, ret);
    read_plain_label(label, ret);
    return reserved || label.len < 4 || label.at[2] != '-' || label.at[3] != '-';
}

/* Takes the part before the next dot, or before one of the three that IDNA takes for it. */
static bool cut_label(str *rest, bool wide, str *label)
{
    static const char *const dots[] = {".", "\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"};
    str s = *rest;

    if (!s.at)
        return false;
    for (size_t i = 0; i < s.len; i++)
        for (size_t d = 0; d < (wide ? COUNT(dots) : 1); d++)
            if (str_starts(str_sub(s, i, 3), str_of(dots[d]))) {
                *label = str_sub(s, 0, i);
                *rest = str_sub(s, i + strlen(dots[d]), s.len);
                return true;
            }
    *label = s;
    *rest = (str){NULL, 0};
    return true;
}

/* RFC 5893: in a name with a label from right to left every label keeps to its rule. */
static bool is_bidi_valid(str s, bool wide)
{
    struct label l;
    size_t length;
    str label;

    while (cut_label(&s, wide, &label))
        if (!read_label(label, true, &l, &length) || !label_is_bidi_valid(&l))
            return false;
    return true;
}

static bool is_host(str s, bool wide)
{
    str rest = s, label;
    size_t total = 0, length;
    bool right_to_left = false;
    struct label l;

    if (!s.len || s.len > 4 * HOST_MAX)
        return false;
    while (cut_label(&rest, wide, &label)) {
        if (!read_label(label, !wide, &l, &length))
            return false;
        right_to_left |= label_is_right_to_left(&l);
        total += length + (total > 0);
    }
    return total <= HOST_MAX && (!right_to_left || is_bidi_valid(s, wide));
}

bool format_hostname(str s)
{
    /* Without a label in Punycode the letters are all there is to it. */
    return format_is_domain(s, false) && (!memmem(s.at, s.len, "--", 2) || is_host(s, false));
}

bool format_idn_hostname(str s)
{
    return is_host(s, true);
}
