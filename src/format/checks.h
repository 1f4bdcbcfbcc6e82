/* The formats' checks, each over a whole text. Private to the room. */
#pragma once

#include "format/format.h"

/* ---- RFC 3339 ---- */
bool format_date(str s);
bool format_time(str s);
bool format_date_time(str s);
bool format_duration(str s);

/* ---- hosts: RFC 1123, 5890 to 5893, 2673, 4291 ---- */
bool format_hostname(str s);
bool format_idn_hostname(str s);
bool format_ipv4(str s);
bool format_ipv6(str s);

/* ---- mail: RFC 5321, 6531 ---- */
bool format_email(str s);
bool format_idn_email(str s);

/* ---- RFC 3986, 3987, 6570 ---- */
bool format_uri(str s);
bool format_uri_reference(str s);
bool format_iri(str s);
bool format_iri_reference(str s);
bool format_uri_template(str s);

/* ---- RFC 6901 and its relative form, RFC 4122, RFC 4648, ECMA-262 ---- */
bool format_json_pointer(str s);
bool format_relative_json_pointer(str s);
bool format_uuid(str s);
bool format_base64(str s);
bool format_regex(str s);
bool format_any(str s);

/* ---- numbers of OpenAPI ---- */
/* Whole, and between -least and most, which are digits. */
bool format_integer(str s, str least, str most);
bool format_float(str s);
bool format_double(str s);

/* ---- what the checks share ---- */

enum { LABEL_MAX = 63, HOST_MAX = 253 };

enum {
    KIND_DIGIT = 1,
    KIND_LETTER = 2,
    KIND_HEX = 4,
    KIND_HOST = 8, /* letters, digits, hyphen */
    KIND_ATOM = 16, /* RFC 5321's atext */
    KIND_HYPHEN = 32,
    KIND_WIDE = 64, /* beyond ASCII */
};
extern const unsigned char format_kinds[256];

static inline bool format_is(char c, unsigned kinds)
{
    return format_kinds[(unsigned char)c] & kinds;
}

static inline bool format_is_digit(char c)
{
    return format_is(c, KIND_DIGIT);
}

static inline bool format_is_letter(char c)
{
    return format_is(c, KIND_LETTER);
}

static inline bool format_is_hex(char c)
{
    return format_is(c, KIND_HEX);
}

/* A label of letters, digits and hyphens, none at an end; with `wide` letters beyond ASCII too. */
bool format_is_label(str s, bool wide);
/* Labels between dots, none empty. */
bool format_is_domain(str s, bool wide);

/* ---- labels of IDNA2008, in code points ---- */

struct label {
    uint32_t points[LABEL_MAX + 1];
    size_t count;
};
/* What stands behind "xn--", lower case. False for what is no Punycode, or too long. */
bool punycode_decode(str s, struct label *ret);
/* How long the Punycode of a label is; SIZE_MAX when it has none. */
size_t punycode_length(const struct label *l);
/* Whether a U-label may be registered: its code points, their contexts, its form. */
bool label_is_valid(const struct label *l);
/* Whether the label makes its name one of two directions, and whether it may stand in one. */
bool label_is_right_to_left(const struct label *l);
bool label_is_bidi_valid(const struct label *l);
