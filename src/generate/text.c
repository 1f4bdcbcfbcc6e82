/*
 * text: strings by their pattern, their format and their length.
 */
#include "generate/inside.h"

#include "pattern/pattern.h"

/* ---- patterns ---- */

static uint32_t draw_for_pattern(void *self, uint32_t below)
{
    return draw(self, below);
}

static void pattern_freep(struct pattern **p)
{
    if (*p)
        pattern_free(*p);
}

bool pattern_text(struct maker *m, str pattern, size_t longest, str *ret)
{
    CLEANUP(pattern_freep) struct pattern *p = NULL;
    CLEANUP(buf_free) struct buf out = {.max = TEXT_LONGEST * 4};
    struct pattern_draw by = {draw_for_pattern, m};
    struct err e = {0};

    if (!pattern_compile(pattern, &p, &e))
        return false;
    pattern_example(p, &by, longest < TEXT_LONGEST ? longest : TEXT_LONGEST, &out);
    if (out.failed)
        return false;
    *ret = arena_str(m->a, buf_str(&out));
    return ret->at != NULL;
}

bool matches(str pattern, str text)
{
    CLEANUP(pattern_freep) struct pattern *p = NULL;
    uint64_t work = 1000000;
    struct err e = {0};

    return pattern_compile(pattern, &p, &e) && pattern_match(p, text, &work) == PATTERN_HOLDS;
}

/* ---- formats ---- */

static const struct {
    const char *format;
    const char *examples[5];
} formats[] = {
    {"date-time",
     {"2026-01-31T12:34:56Z", "1999-12-31T23:59:59.999+01:00", "2024-02-29T00:00:00-00:30",
      "0001-01-01T00:00:00Z"}},
    {"date", {"2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31"}},
    {"time", {"12:34:56Z", "23:59:59.5+01:00", "00:00:00Z"}},
    {"duration", {"P1D", "PT15M", "P1Y2M3DT4H5M6S", "P2W"}},
    {"email", {"a@example.com", "first.last+tag@shop.example", "o'brien@example.org"}},
    {"idn-email", {"a@example.com", "m\xc3\xbcller@example.com"}},
    {"hostname", {"shop.example", "a", "xn--bcher-kva.example", "x1-y.example.com"}},
    {"idn-hostname",
     {"shop.example", "b\xc3\xbc"
                      "cher.example"}},
    {"ipv4", {"192.0.2.7", "127.0.0.1", "0.0.0.0", "255.255.255.255"}},
    {"ipv6", {"2001:db8::1", "::1", "::", "::ffff:192.0.2.7", "fe80::1"}},
    {"uri",
     {"https://shop.example/a?b=c#d", "http://127.0.0.1:8080/", "urn:isbn:0451450523",
      "mailto:a@example.com"}},
    {"uri-reference", {"/a/b?c", "https://shop.example/", "../x", "#top"}},
    {"iri",
     {"https://shop.example/a", "https://b\xc3\xbc"
                                "cher.example/\xc3\xa4"}},
    {"iri-reference", {"/a", "\xc3\xa4/b"}},
    {"uri-template", {"/orders/{id}", "https://shop.example/{?q,lang}"}},
    {"uuid",
     {"00000000-0000-0000-0000-000000000000", "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
      "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF"}},
    {"json-pointer", {"", "/a/0", "/a~1b/~0"}},
    {"relative-json-pointer", {"0", "1/a", "2#"}},
    {"regex", {"^a+$", "[0-9]{3}", "."}},
    {"byte", {"", "aGk=", "AAAA"}},
    {"base64url", {"", "aGk", "_-8"}},
};

str format_example(struct maker *m, str format)
{
    for (size_t i = 0; i < COUNT(formats); i++) {
        uint32_t count = 0;

        if (!str_is(format, formats[i].format))
            continue;
        while (count < COUNT(formats[i].examples) && formats[i].examples[count])
            count++;
        return str_of(formats[i].examples[draw(m, count)]);
    }
    return (str){NULL, 0};
}

/* ---- any text ---- */

static size_t pick_length(struct maker *m, size_t least, size_t most)
{
    size_t usual = least + 12;

    if (most > TEXT_LONGEST)
        most = least > TEXT_LONGEST ? least : TEXT_LONGEST;
    if (usual > most)
        usual = most;
    switch (draw(m, 8)) {
    case 0:
        return least;
    case 1:
        return draw(m, 4) ? usual : most;
    default:
        return least + draw(m, (uint32_t)(usual - least) + 1);
    }
}

/* Mostly letters; now and then what a careless reader of text stumbles over. */
static void add_character(struct maker *m, struct buf *out)
{
    static const char *const others[] = {
        " ",
        "0",
        "-",
        "_",
        ".",
        "'",
        "\"",
        "\\",
        "/",
        "&",
        "<",
        ">",
        "%",
        ";",
        "|",
        "$",
        "`",
        "(",
        "{",
        "*",
        "#",
        "=",
        ",",
        ":",
        "@",
        "+",
        "?",
        "[",
        "\n",
        "\xc3\xa9",
        "\xe6\xbc\xa2",
        "\xf0\x9f\x98\x80",
    };

    if (draw(m, 8))
        buf_addc(out, (char)('a' + draw(m, 26)));
    else
        buf_add(out, str_of(others[draw(m, COUNT(others))]));
}

static bool any_text(struct maker *m, size_t length, struct json *ret)
{
    CLEANUP(buf_free) struct buf out = {0};

    for (size_t i = 0; i < length; i++)
        add_character(m, &out);
    return !out.failed && set_text(m, JSON_STRING, buf_str(&out), ret);
}

/* A text for every pattern that stands there: made by one of them, tried with the others. */
static bool by_patterns(struct maker *m, const struct facets *f, size_t longest,
                        struct json *ret)
{
    const struct json *found = NULL;
    uint32_t seen = 0;
    str text;

    for (unsigned i = 0; i < f->count; i++) {
        const struct json *pattern = json_get(f->list[i], STR("pattern"));

        if (pattern && pattern->kind == JSON_STRING && draw(m, ++seen) == 0)
            found = pattern;
    }
    if (!found || !pattern_text(m, found->text, longest, &text))
        return false;
    return set_text(m, JSON_STRING, text, ret);
}

bool make_text(struct maker *m, const struct facets *f, struct json *ret)
{
    const struct json *format = facets_get(f, "format");
    size_t least, most;
    str example;

    facets_bounds(f, "minLength", "maxLength", &least, &most);
    if (least > most || least > TEXT_LONGEST * 4)
        return false;
    if (facets_get(f, "pattern") && by_patterns(m, f, most, ret))
        return true;
    example = format && format->kind == JSON_STRING ? format_example(m, format->text)
                                                    : (str){NULL, 0};
    if (example.at)
        return set_text(m, JSON_STRING, example, ret);
    return any_text(m, pick_length(m, least, most), ret);
}
