/* Every format, by name. */
#include "format/checks.h"

struct format {
    str name;
    enum format_subject subject;
    bool (*holds)(str text);
    str least, most; /* of whole numbers, instead: at least -least */
};

static const struct format rows[] = {
    {STR_INIT("date-time"), FORMAT_OF_STRINGS, format_date_time},
    {STR_INIT("date"), FORMAT_OF_STRINGS, format_date},
    {STR_INIT("time"), FORMAT_OF_STRINGS, format_time},
    {STR_INIT("duration"), FORMAT_OF_STRINGS, format_duration},
    {STR_INIT("email"), FORMAT_OF_STRINGS, format_email},
    {STR_INIT("idn-email"), FORMAT_OF_STRINGS, format_idn_email},
    {STR_INIT("hostname"), FORMAT_OF_STRINGS, format_hostname},
    {STR_INIT("idn-hostname"), FORMAT_OF_STRINGS, format_idn_hostname},
    {STR_INIT("ipv4"), FORMAT_OF_STRINGS, format_ipv4},
    {STR_INIT("ipv6"), FORMAT_OF_STRINGS, format_ipv6},
    {STR_INIT("uri"), FORMAT_OF_STRINGS, format_uri},
    {STR_INIT("uri-reference"), FORMAT_OF_STRINGS, format_uri_reference},
    {STR_INIT("iri"), FORMAT_OF_STRINGS, format_iri},
    {STR_INIT("iri-reference"), FORMAT_OF_STRINGS, format_iri_reference},
    {STR_INIT("uri-template"), FORMAT_OF_STRINGS, format_uri_template},
    {STR_INIT("uuid"), FORMAT_OF_STRINGS, format_uuid},
    {STR_INIT("json-pointer"), FORMAT_OF_STRINGS, format_json_pointer},
    {STR_INIT("relative-json-pointer"), FORMAT_OF_STRINGS, format_relative_json_pointer},
    {STR_INIT("regex"), FORMAT_OF_STRINGS, format_regex},
    /* draft 3's names */
    {STR_INIT("host-name"), FORMAT_OF_STRINGS, format_hostname},
    {STR_INIT("ip-address"), FORMAT_OF_STRINGS, format_ipv4},
    /* OpenAPI's registry */
    {STR_INIT("byte"), FORMAT_OF_STRINGS, format_base64},
    {STR_INIT("binary"), FORMAT_OF_STRINGS, format_any},
    {STR_INIT("password"), FORMAT_OF_STRINGS, format_any},
    {STR_INIT("int8"), FORMAT_OF_NUMBERS, NULL, STR_INIT("128"), STR_INIT("127")},
    {STR_INIT("int16"), FORMAT_OF_NUMBERS, NULL, STR_INIT("32768"), STR_INIT("32767")},
    {STR_INIT("int32"), FORMAT_OF_NUMBERS, NULL, STR_INIT("2147483648"),
     STR_INIT("2147483647")},
    {STR_INIT("int64"), FORMAT_OF_NUMBERS, NULL, STR_INIT("9223372036854775808"),
     STR_INIT("9223372036854775807")},
    {STR_INIT("uint8"), FORMAT_OF_NUMBERS, NULL, STR_INIT(""), STR_INIT("255")},
    {STR_INIT("uint16"), FORMAT_OF_NUMBERS, NULL, STR_INIT(""), STR_INIT("65535")},
    {STR_INIT("uint32"), FORMAT_OF_NUMBERS, NULL, STR_INIT(""), STR_INIT("4294967295")},
    {STR_INIT("uint64"), FORMAT_OF_NUMBERS, NULL, STR_INIT(""),
     STR_INIT("18446744073709551615")},
    {STR_INIT("float"), FORMAT_OF_NUMBERS, format_float},
    {STR_INIT("double"), FORMAT_OF_NUMBERS, format_double},
};

const struct format *format_find(str name)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (str_equal(rows[i].name, name))
            return &rows[i];
    return NULL;
}

str format_name(const struct format *f)
{
    return f->name;
}

enum format_subject format_subject(const struct format *f)
{
    return f->subject;
}

bool format_holds(const struct format *f, str text)
{
    return f->holds ? f->holds(text) : format_integer(text, f->least, f->most);
}
