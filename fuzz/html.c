/*
 * HTML and text without it. What comes out is held to a grammar so narrow that no parser can
 * read it in another way: tags of allowed elements in lower case, each closed in order,
 * attributes of a short list in double quotes, every other < > & and quote a reference.
 */
#include "clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char all[] =
    "{\"html\": {\"elements\": [\"a\",\"b\",\"i\",\"p\",\"div\",\"ul\",\"ol\",\"li\",\"pre\",\"h1\","
    "\"h2\",\"img\",\"br\",\"hr\",\"dl\",\"dt\",\"dd\",\"q\",\"blockquote\",\"table\"], \"attributes\": "
    "[\"href\",\"src\",\"alt\",\"title\",\"class\",\"cite\",\"dir\",\"lang\",\"width\"]}}";

static const char *const elements[] = {
    "a",     "b",       "i",     "p",     "div",   "ul", "ol", "li",
    "pre",   "h1",      "h2",    "dl",    "dt",    "dd", "q",  "blockquote",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"};
static const char *const voids[] = {"img", "br", "hr"};
static const char *const attributes[] = {"href", "src", "alt",  "title", "class",
                                         "cite", "dir", "lang", "width", "rel"};
static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#96;"};

static size_t one_of(str word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(word, list[i]))
            return i;
    return n;
}

static str take_word(str *rest)
{
    size_t n = 0;

    while (n < rest->len && ((rest->at[n] >= 'a' && rest->at[n] <= 'z') ||
                             (rest->at[n] >= '0' && rest->at[n] <= '9')))
        n++;
    *rest = str_sub(*rest, n, rest->len);
    return (str){rest->at - n, n};
}

static void demand_character(str *rest)
{
    unsigned char c = (unsigned char)rest->at[0];

    demand(c != '<' && c != '>' && c != '"' && c != '`' && c != 0x7f &&
           (c >= 0x20 || c == '\t' || c == '\n'));
    if (c != '&') {
        *rest = str_sub(*rest, 1, rest->len);
        return;
    }
    for (size_t i = 0; i < COUNT(references); i++)
        if (str_starts(*rest, str_of(references[i]))) {
            *rest = str_sub(*rest, strlen(references[i]), rest->len);
            return;
        }
    demand(false);
}

static void demand_attributes(str *rest)
{
    while (rest->len && rest->at[0] == ' ') {
        bool is_url;
        str name;

        *rest = str_sub(*rest, 1, rest->len);
        name = take_word(rest);
        demand(one_of(name, attributes, COUNT(attributes)) < COUNT(attributes));
        is_url = str_is(name, "href") || str_is(name, "src") || str_is(name, "cite");
        demand(str_starts(*rest, STR("=\"")));
        *rest = str_sub(*rest, 2, rest->len);
        demand(!is_url || str_starts(*rest, STR("http://")) ||
               str_starts(*rest, STR("https://")) || str_starts(*rest, STR("mailto:")));
        while (rest->len && rest->at[0] != '"')
            demand_character(rest);
        demand(rest->len > 0);
        *rest = str_sub(*rest, 1, rest->len);
    }
    demand(rest->len && rest->at[0] == '>');
    *rest = str_sub(*rest, 1, rest->len);
}

static void demand_grammar(str rest)
{
    size_t open[64], depth = 0;

    while (rest.len) {
        bool is_end = str_starts(rest, STR("</"));
        str name;

        if (rest.at[0] != '<') {
            demand_character(&rest);
            continue;
        }
        rest = str_sub(rest, is_end ? 2 : 1, rest.len);
        name = take_word(&rest);
        if (is_end) {
            demand(depth && open[--depth] == one_of(name, elements, COUNT(elements)));
            demand(rest.len && rest.at[0] == '>');
            rest = str_sub(rest, 1, rest.len);
            continue;
        }
        if (one_of(name, voids, COUNT(voids)) == COUNT(voids)) {
            demand(depth < COUNT(open));
            open[depth++] = one_of(name, elements, COUNT(elements));
            demand(open[depth - 1] < COUNT(elements));
        }
        demand_attributes(&rest);
    }
    demand(depth == 0);
}

static void demand_no_markup(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '<')
            demand(i + 1 < text.len && !memchr("/!?", text.at[i + 1], 3) &&
                   !((text.at[i + 1] | 0x20) >= 'a' && (text.at[i + 1] | 0x20) <= 'z'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct clean *html = read_rules(a, str_of(all)), *text = read_rules(a, STR("\"text\""));
    str given = {(const char *)data, size}, out;

    demand(html && text);
    if (clean_twice(html, a, given, &out))
        demand_grammar(out);
    if (clean_twice(text, a, given, &out))
        demand_no_markup(out);
    return 0;
}
