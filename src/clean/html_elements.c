/* The elements and attributes that can be allowed, and those that never are. */
#include "clean/html.h"

static const struct html_element elements[] = {
    {STR_INIT("a"), HTML_INLINE, " href ", true},
    {STR_INIT("abbr"), HTML_INLINE, "", false},
    {STR_INIT("b"), HTML_INLINE, "", true},
    {STR_INIT("bdi"), HTML_INLINE, "", false},
    {STR_INIT("bdo"), HTML_INLINE, "", false},
    {STR_INIT("blockquote"), HTML_BLOCK, " cite ", true},
    {STR_INIT("br"), HTML_VOID, "", true},
    {STR_INIT("cite"), HTML_INLINE, "", false},
    {STR_INIT("code"), HTML_INLINE, "", true},
    {STR_INIT("dd"), HTML_BLOCK, "", false},
    {STR_INIT("del"), HTML_INLINE, " cite datetime ", false},
    {STR_INIT("dfn"), HTML_INLINE, "", false},
    {STR_INIT("div"), HTML_BLOCK, "", false},
    {STR_INIT("dl"), HTML_BLOCK, "", false},
    {STR_INIT("dt"), HTML_BLOCK, "", false},
    {STR_INIT("em"), HTML_INLINE, "", true},
    {STR_INIT("figcaption"), HTML_BLOCK, "", false},
    {STR_INIT("figure"), HTML_BLOCK, "", false},
    {STR_INIT("h1"), HTML_BLOCK, "", false},
    {STR_INIT("h2"), HTML_BLOCK, "", false},
    {STR_INIT("h3"), HTML_BLOCK, "", false},
    {STR_INIT("h4"), HTML_BLOCK, "", false},
    {STR_INIT("h5"), HTML_BLOCK, "", false},
    {STR_INIT("h6"), HTML_BLOCK, "", false},
    {STR_INIT("hr"), HTML_VOID_BLOCK, "", false},
    {STR_INIT("i"), HTML_INLINE, "", true},
    {STR_INIT("img"), HTML_VOID, " src alt width height ", false},
    {STR_INIT("ins"), HTML_INLINE, " cite datetime ", false},
    {STR_INIT("kbd"), HTML_INLINE, "", false},
    {STR_INIT("li"), HTML_BLOCK, " value ", true},
    {STR_INIT("mark"), HTML_INLINE, "", false},
    {STR_INIT("ol"), HTML_BLOCK, " start ", true},
    {STR_INIT("p"), HTML_BLOCK, "", true},
    {STR_INIT("pre"), HTML_BLOCK, "", true},
    {STR_INIT("q"), HTML_INLINE, " cite ", false},
    {STR_INIT("s"), HTML_INLINE, "", false},
    {STR_INIT("samp"), HTML_INLINE, "", false},
    {STR_INIT("small"), HTML_INLINE, "", false},
    {STR_INIT("span"), HTML_INLINE, "", false},
    {STR_INIT("strong"), HTML_INLINE, "", true},
    {STR_INIT("sub"), HTML_INLINE, "", false},
    {STR_INIT("sup"), HTML_INLINE, "", false},
    {STR_INIT("time"), HTML_INLINE, " datetime ", false},
    {STR_INIT("u"), HTML_INLINE, "", false},
    {STR_INIT("ul"), HTML_BLOCK, "", true},
    {STR_INIT("var"), HTML_INLINE, "", false},
    {STR_INIT("wbr"), HTML_VOID, "", false},
    {STR_INIT("table"), HTML_TABLE, "", false},
    /* allowed with their table */
    {STR_INIT("caption"), HTML_TABLE_CAPTION, "", false},
    {STR_INIT("thead"), HTML_TABLE_GROUP, "", false},
    {STR_INIT("tbody"), HTML_TABLE_GROUP, "", false},
    {STR_INIT("tfoot"), HTML_TABLE_GROUP, "", false},
    {STR_INIT("tr"), HTML_TABLE_ROW, "", false},
    {STR_INIT("th"), HTML_TABLE_CELL, " colspan rowspan ", false},
    {STR_INIT("td"), HTML_TABLE_CELL, " colspan rowspan ", false},
};

/* Gone with what stands in them. */
static const struct html_element dropped[] = {
    {STR_INIT("iframe"), HTML_DROP_RAW},      {STR_INIT("noembed"), HTML_DROP_RAW},
    {STR_INIT("noframes"), HTML_DROP_RAW},    {STR_INIT("noscript"), HTML_DROP_RAW},
    {STR_INIT("plaintext"), HTML_DROP_RAW},   {STR_INIT("script"), HTML_DROP_RAW},
    {STR_INIT("style"), HTML_DROP_RAW},       {STR_INIT("textarea"), HTML_DROP_RAW},
    {STR_INIT("title"), HTML_DROP_RAW},       {STR_INIT("xmp"), HTML_DROP_RAW},
    {STR_INIT("math"), HTML_DROP_NESTED},     {STR_INIT("object"), HTML_DROP_NESTED},
    {STR_INIT("select"), HTML_DROP_NESTED},   {STR_INIT("svg"), HTML_DROP_NESTED},
    {STR_INIT("template"), HTML_DROP_NESTED},
};

_Static_assert(COUNT(elements) <= 64, "a policy has a bit for each element");

const struct html_element *html_element_find(str name)
{
    for (size_t i = 0; i < COUNT(elements); i++)
        if (str_equal_nocase(elements[i].name, name))
            return &elements[i];
    for (size_t i = 0; i < COUNT(dropped); i++)
        if (str_equal_nocase(dropped[i].name, name))
            return &dropped[i];
    return NULL;
}

size_t html_element_index(const struct html_element *e)
{
    return (size_t)(e - elements);
}

/* ---- attributes ---- */

static bool is_number(str v)
{
    uint64_t n;

    return str_to_u64(v, 999999, &n);
}

static bool is_words(str v)
{
    for (size_t i = 0; i < v.len; i++) {
        char c = v.at[i];

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '-' &&
            c != '_' && c != ' ')
            return false;
    }
    return v.len > 0;
}

static bool is_language(str v)
{
    return v.len <= 35 && str_find(v, ' ') == v.len && str_find(v, '_') == v.len && is_words(v);
}

static bool is_direction(str v)
{
    return str_is(v, "ltr") || str_is(v, "rtl") || str_is(v, "auto");
}

static bool is_anything(str v)
{
    (void)v;
    return true;
}

static const struct attribute_kind {
    str name;
    bool global; /* any element may have it */
    bool usual;
    bool (*fits)(str value); /* NULL: a URL */
} kinds[] = {
    {STR_INIT("href"), false, true, NULL},
    {STR_INIT("src"), false, true, NULL},
    {STR_INIT("cite"), false, true, NULL},
    {STR_INIT("alt"), false, true, is_anything},
    {STR_INIT("width"), false, true, is_number},
    {STR_INIT("height"), false, true, is_number},
    {STR_INIT("colspan"), false, true, is_number},
    {STR_INIT("rowspan"), false, true, is_number},
    {STR_INIT("start"), false, true, is_number},
    {STR_INIT("value"), false, true, is_number},
    {STR_INIT("datetime"), false, true, is_anything},
    {STR_INIT("title"), true, false, is_anything},
    {STR_INIT("lang"), true, false, is_language},
    {STR_INIT("dir"), true, false, is_direction},
    {STR_INIT("class"), true, false, is_words},
};

static bool is_own(const struct html_element *e, str name)
{
    for (const char *at = e->attributes; (at = strstr(at, name.at)); at++)
        if (at[-1] == ' ' && at[name.len] == ' ')
            return true;
    return false;
}

bool html_attribute_value(struct arena *a, const struct html_policy *p,
                          const struct html_element *e, str name, str value, struct buf *ret)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const struct attribute_kind *k = &kinds[i];

        if (!str_equal_nocase(k->name, name))
            continue;
        if (!(p->attributes & 1ull << i) || (!k->global && !is_own(e, k->name)))
            return false;
        if (!k->fits)
            return !url_canonical(a, &p->schemes, value, ret);
        buf_add(ret, value);
        return k->fits(value);
    }
    return false;
}

/* ---- the rule's parameters ---- */

static bool fail_element(struct clean_reader *r, const struct json *at)
{
    const struct html_element *e = html_element_find(at->text);
    const char *names[COUNT(elements)], *nearest;
    size_t n = 0;

    if (e && e->what > HTML_TABLE && e->what < HTML_DROP_RAW)
        return clean_wrong(r, at, "'%.*s' is allowed with its 'table'", STR_ARG(at->text));
    if (e)
        return clean_wrong(r, at, "the element '%.*s' is never allowed", STR_ARG(at->text));
    for (size_t i = 0; i < COUNT(elements) && elements[i].what <= HTML_TABLE; i++)
        names[n++] = elements[i].name.at;
    nearest = did_you_mean(at->text, names, n);
    clean_wrong(r, at, "'%.*s' is no element that can be allowed", STR_ARG(at->text));
    return nearest ? err_fix(r->e, "did you mean '%s'?", nearest) : false;
}

static bool read_elements(struct clean_reader *r, const struct json *v, uint64_t *ret)
{
    str *names;
    size_t count;

    if (!clean_words(r, v, &names, &count))
        return false;
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        const struct html_element *e = html_element_find(names[i]);

        if (!e || e->what > HTML_TABLE || !str_equal(e->name, names[i]))
            return fail_element(r, &v->items[i]);
        *ret |= 1ull << html_element_index(e);
        for (size_t k = 0; e->what == HTML_TABLE && k < COUNT(elements); k++)
            *ret |= (uint64_t)(elements[k].what > HTML_TABLE) << k;
    }
    return true;
}

static bool read_attributes(struct clean_reader *r, const struct json *v, uint64_t *ret)
{
    str *names;
    size_t count;

    if (!clean_words(r, v, &names, &count))
        return false;
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bit = 0;

        for (size_t k = 0; k < COUNT(kinds); k++)
            if (str_equal(kinds[k].name, names[i]))
                bit = 1ull << k;
        if (!bit)
            return clean_wrong(r, &v->items[i], "'%.*s' is no attribute that can be allowed",
                               STR_ARG(names[i]));
        *ret |= bit;
    }
    return true;
}

static void set_usual(struct html_policy *p)
{
    static str usual_schemes[] = {STR_INIT("https"), STR_INIT("http"), STR_INIT("mailto")};

    *p = (struct html_policy){.schemes = {usual_schemes, COUNT(usual_schemes)}};
    for (size_t i = 0; i < COUNT(elements); i++)
        p->elements |= (uint64_t)elements[i].usual << i;
    for (size_t i = 0; i < COUNT(kinds); i++)
        p->attributes |= (uint64_t)kinds[i].usual << i;
}

bool clean_html_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    static const char *const names[] = {"elements", "attributes", "schemes"};
    const struct json *list[COUNT(names)] = {0};
    struct html_policy *p = arena_alloc(r->a, sizeof(*p));

    if (!p)
        return err_limit(r->e);
    if (v && !clean_members(r, v, names, COUNT(names)))
        return false;
    for (size_t i = 0; v && i < COUNT(names); i++)
        list[i] = json_get(v, str_of(names[i]));
    set_usual(p);
    if ((list[0] && !read_elements(r, list[0], &p->elements)) ||
        (list[1] && !read_attributes(r, list[1], &p->attributes)) ||
        (list[2] && !url_schemes_read(r, list[2], &p->schemes)))
        return false;
    *ret = p;
    return true;
}
