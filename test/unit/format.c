/* What each format takes and what it refuses, where the standards leave traps. */
#include "format/format.h"
#include "tap.h"

static void test_texts(void)
{
    static const struct {
        const char *format;
        str text;
        bool holds;
    } rows[] = {
        {"date", STR_INIT("2024-02-29"), true},
        {"date", STR_INIT("1900-02-29"), false},
        {"date", STR_INIT("2000-02-29"), true},
        {"date", STR_INIT("2023-04-31"), false},
        {"date", STR_INIT("2023-00-10"), false},
        {"date", STR_INIT("2023-1-010"), false},
        {"date", STR_INIT("0000-01-01"), true},
        {"time", STR_INIT("00:00:00.0+23:59"), true},
        {"time", STR_INIT("00:00:00.Z"), false},
        {"time", STR_INIT("00:00:00-24:00"), false},
        {"time", STR_INIT("00:59:60+01:00"), true},
        {"time", STR_INIT("00:00:60+00:01"), true},
        {"time", STR_INIT("23:58:60-00:01"), true},
        {"time", STR_INIT("23:59:60-00:01"), false},
        {"date-time", STR_INIT("2024-02-29T12:00:00Z"), true},
        {"date-time", STR_INIT("2024-02-29 12:00:00Z"), false},
        {"date-time", STR_INIT("2024-02-29T12:00:00"), false},
        {"date-time", STR_INIT(""), false},
        {"duration", STR_INIT("P1Y2M3DT4H5M6S"), true},
        {"duration", STR_INIT("P1YT1M"), true},
        {"duration", STR_INIT("P1Y1D"), false},
        {"duration", STR_INIT("P1W1D"), false},
        {"duration", STR_INIT("PW"), false},
        {"duration", STR_INIT("P1\0"), false},
        {"duration", STR_INIT("P1DT"), false},
        {"duration", STR_INIT("P1D1D"), false},
        {"duration", STR_INIT("PT1S1S"), false},
        {"email", STR_INIT("a@b"), true},
        {"email", STR_INIT("a@b."), false},
        {"email", STR_INIT("a@.b"), false},
        {"email", STR_INIT("a@b_c"), false},
        {"email", STR_INIT("\"\"@b"), true},
        {"email", STR_INIT("\"a\\\"b\"@c"), true},
        {"email", STR_INIT("\"a\"b\"@c"), false},
        {"email", STR_INIT("\"a\\"), false},
        {"email", STR_INIT("\"a\nb\"@c"), false},
        {"email", STR_INIT("a@[::1]"), false},
        {"email", STR_INIT("a@[IPv6:::1"), false},
        {"email", STR_INIT("a@["), false},
        {"email", STR_INIT("a@[]"), false},
        {"email", STR_INIT("\xc3\xa9@b"), false},
        {"email", STR_INIT("a\0b@c"), false},
        {"idn-email", STR_INIT("\xc3\xa9@\xc3\xa9.b"), true},
        {"idn-email", STR_INIT("\xff@b"), false},
        {"hostname", STR_INIT("a.b-c.d1"), true},
        {"hostname", STR_INIT("a..b"), false},
        {"hostname", STR_INIT("ab--c"), true},
        {"hostname", STR_INIT("xn--bcher-kva.example"), true},
        {"hostname", STR_INIT("XN--BCHER-KVA"), true},
        {"hostname", STR_INIT("xn--bcher-kvb"), false},
        {"hostname", STR_INIT("xn--bcher-"), false},
        {"hostname", STR_INIT("xn--99999999"), false},
        {"hostname", STR_INIT("b\xc3\xbc"), false},
        {"idn-hostname",
         STR_INIT("b\xc3\xbc"
                  "cher.example"),
         true},
        {"idn-hostname",
         STR_INIT("B\xc3\xbc"
                  "cher"),
         false},
        {"idn-hostname",
         STR_INIT("bu\xcc\x88"
                  "cher"),
         false},
        {"idn-hostname", STR_INIT("ab--c"), false},
        {"idn-hostname", STR_INIT("A.B"), true},
        {"idn-hostname", STR_INIT("\xd7\x90.1a"), false},
        {"idn-hostname",
         STR_INIT("\xd7\x90"
                  "1.b"),
         true},
        {"idn-hostname", STR_INIT("\xe2\x98\x83.b"), false},
        {"idn-hostname", STR_INIT("a\xff"), false},
        {"ipv4", STR_INIT("255.255.255.255"), true},
        {"ipv4", STR_INIT("1.2.3.1234"), false},
        {"ipv4", STR_INIT("1.2.3.04"), false},
        {"ipv4", STR_INIT("1.2.3."), false},
        {"ipv6", STR_INIT("::"), true},
        {"ipv6", STR_INIT("1:2:3:4:5:6:7::"), true},
        {"ipv6", STR_INIT("::1:2:3:4:5:6:7:8"), false},
        {"ipv6", STR_INIT("1::2:3:4:5:6:7"), true},
        {"ipv6", STR_INIT("1:2:3:4:5:6:1.2.3.4"), true},
        {"ipv6", STR_INIT("1:2:3:4:5:6:7:1.2.3.4"), false},
        {"ipv6", STR_INIT("::1:2:3:4:5:1.2.3.4"), true},
        {"ipv6", STR_INIT("::1:2:3:4:5:6:1.2.3.4"), false},
        {"ipv6", STR_INIT("1:2:3:4:5:6:7:8:"), false},
        {"ipv6", STR_INIT(":::"), false},
        {"ipv6", STR_INIT(""), false},
        {"ipv6", STR_INIT("1.2.3.4"), false},
        {"uri", STR_INIT("a:"), true},
        {"uri", STR_INIT("a:b"), true},
        {"uri", STR_INIT("http://"), true},
        {"uri", STR_INIT("http://a:/"), true},
        {"uri", STR_INIT("http://a:b@c:d@e"), false},
        {"uri", STR_INIT("http://[v1.a:b]:80/"), true},
        {"uri", STR_INIT("http://[v.a]"), false},
        {"uri", STR_INIT("http://[::1"), false},
        {"uri", STR_INIT("http://[::1]x"), false},
        {"uri", STR_INIT("http://a/?b#c#d"), false},
        {"uri", STR_INIT("a:%4"), false},
        {"uri", STR_INIT("a:\0"), false},
        {"uri", STR_INIT("http://a\0"), false},
        {"uri-reference", STR_INIT(""), true},
        {"uri-reference", STR_INIT("a/b:c"), true},
        {"uri-reference", STR_INIT("%20:a"), false},
        {"iri", STR_INIT("a:\xee\x80\x80"), false},
        {"iri", STR_INIT("a:?\xee\x80\x80"), true},
        {"iri", STR_INIT("a:#\xee\x80\x80"), false},
        {"iri", STR_INIT("a:\xef\xb7\x90"), false},
        {"iri", STR_INIT("a:\xc2\x80"), false},
        {"iri", STR_INIT("a:\xff"), false},
        {"uri-template", STR_INIT("{a}{+b,c*}{?d:9999}"), true},
        {"uri-template", STR_INIT("{"), false},
        {"uri-template", STR_INIT("{?}"), false},
        {"uri-template", STR_INIT("{a.}"), false},
        {"uri-template", STR_INIT("{a:}"), false},
        {"uri-template", STR_INIT("{a*:1}"), false},
        {"uri-template", STR_INIT("%a"), false},
        {"uri-template", STR_INIT("{\0}"), false},
        {"uuid", STR_INIT("01234567-89ab-CDEF-0123-456789abcdef"), true},
        {"uuid", STR_INIT("01234567-89ab-CDEF-0123-456789abcdeg"), false},
        {"json-pointer", STR_INIT("/a~0~1"), true},
        {"json-pointer", STR_INIT("/~"), false},
        {"relative-json-pointer", STR_INIT("0"), true},
        {"relative-json-pointer", STR_INIT("10#"), true},
        {"relative-json-pointer", STR_INIT("1a"), false},
        {"regex", STR_INIT("^a{2,}$"), true},
        {"regex", STR_INIT("a**"), false},
        {"byte", STR_INIT(""), true},
        {"byte", STR_INIT("aGk="), true},
        {"byte", STR_INIT("aGl="), false},
        {"byte", STR_INIT("aG=="), false},
        {"byte", STR_INIT("aA=="), true},
        {"byte", STR_INIT("===="), false},
        {"byte", STR_INIT("aGk"), false},
        {"byte", STR_INIT("a-_="), false},
        {"binary", STR_INIT("\xff"), true},
        {"password", STR_INIT(""), true},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(format_holds(format_find(str_of(rows[i].format)), rows[i].text) == rows[i].holds,
              "%s %s row %zu", rows[i].format, rows[i].holds ? "takes" : "refuses", i);
}

static void test_numbers(void)
{
    static const struct {
        const char *format, *text;
        bool holds;
    } rows[] = {
        {"int32", "2147483647", true},
        {"int32", "2147483648", false},
        {"int32", "-2147483648", true},
        {"int32", "-2147483649", false},
        {"int32", "2147483647.0", true},
        {"int32", "2147483647.1", false},
        {"int32", "2.147483647e9", true},
        {"int32", "2.147483648e9", false},
        {"int32", "21474836470e-1", true},
        {"int32", "0.5", false},
        {"int32", "-0", true},
        {"int32", "0e99999999999999999999", true},
        {"int32", "1e99999999999999999999", false},
        {"int32", "1e-99999999999999999999", false},
        {"int64", "9223372036854775807", true},
        {"int64", "9223372036854775808", false},
        {"int64", "-9223372036854775808", true},
        {"int64", "0.0000000000000000001e37", true},
        {"int64", "0.0000000000000000001e38", false},
        {"int8", "-128", true},
        {"int8", "128", false},
        {"uint8", "255", true},
        {"uint8", "-0.0", true},
        {"uint8", "-1", false},
        {"uint64", "18446744073709551615", true},
        {"uint64", "18446744073709551616", false},
        {"float", "3.4028235e38", true},
        {"float", "3.4028236e38", false},
        {"float", "340282356779733661637539395458142568447.9", true},
        {"float", "340282356779733661637539395458142568448", false},
        {"float", "-1e39", false},
        {"float", "1e-400", true},
        {"float", "0", true},
        {"double", "1e39", true},
        {"double", "1.7976931348623157e308", true},
        {"double", "1.7976931348623159e308", false},
        {"double", "1e309", false},
        {"double", "0e999", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(format_holds(format_find(str_of(rows[i].format)), str_of(rows[i].text)) ==
                  rows[i].holds,
              "%s %s %s", rows[i].format, rows[i].holds ? "takes" : "refuses", rows[i].text);
}

static void test_table(void)
{
    CHECK(!format_find(STR("unknown")) && !format_find(STR("")), "other names are none");
    CHECK(format_subject(format_find(STR("int32"))) == FORMAT_OF_NUMBERS,
          "int32 is of numbers");
    CHECK(format_subject(format_find(STR("uri"))) == FORMAT_OF_STRINGS, "uri is of strings");
    CHECK_STR(format_name(format_find(STR("uri"))), "uri", "a format knows its name");
}

int main(void)
{
    test_texts();
    test_numbers();
    test_table();
    return tap_end();
}
