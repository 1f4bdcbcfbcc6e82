/* Expat's events to a tree. */
#include "lockfile/xml.h"

#include <expat.h>

enum { DEPTH_MAX = 64, ELEMENTS_MAX = 1 << 20, TEXT_MAX = 64 << 10 };

struct reading {
    struct arena *a;
    XML_Parser parser;
    struct xml *root, *at;
    unsigned depth;
    size_t elements;
    struct buf text; /* of the innermost element, until a child or its end */
    const char *refused;
};

static void refuse(struct reading *r, const char *why)
{
    if (!r->refused)
        r->refused = why;
    XML_StopParser(r->parser, XML_FALSE);
}

static void keep_text(struct reading *r)
{
    str words = str_trim(buf_str(&r->text)), copy = words;

    /* What stands between children counts for nothing in the files that we read. */
    if (words.len && r->at && !r->at->first) {
        copy = arena_str(r->a, words);
        r->at->text = copy;
    }
    if (words.len && !copy.at)
        refuse(r, "it needs too much memory");
    buf_clear(&r->text);
}

static str local_name(struct reading *r, const char *name)
{
    const char *colon = strrchr(name, ':');

    return arena_str(r->a, str_of(colon ? colon + 1 : name));
}

static void XMLCALL begin(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *r = self;
    struct xml *x = arena_alloc(r->a, sizeof(*x));

    (void)attributes;
    keep_text(r);
    if (!x || ++r->elements > ELEMENTS_MAX || ++r->depth > DEPTH_MAX) {
        refuse(r, "it has too many elements, or they are nested too deep");
        return;
    }
    *x = (struct xml){.name = local_name(r, name),
                      .at = (uint32_t)XML_GetCurrentByteIndex(r->parser),
                      .parent = r->at};
    if (!r->at)
        r->root = x;
    else if (r->at->last)
        r->at->last->next = x;
    else
        r->at->first = x;
    if (r->at)
        r->at->last = x;
    r->at = x;
}

static void XMLCALL end(void *self, const XML_Char *name)
{
    struct reading *r = self;

    (void)name;
    keep_text(r);
    r->at = r->at->parent;
    r->depth--;
}

static void XMLCALL characters(void *self, const XML_Char *at, int count)
{
    struct reading *r = self;

    buf_add(&r->text, (str){at, (size_t)count});
    if (r->text.failed)
        refuse(r, "an element has too much text");
}

static void XMLCALL doctype(void *self, const XML_Char *name, const XML_Char *system,
                            const XML_Char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    refuse(self, "it has a DOCTYPE, which is not read");
}

static void free_parser(XML_Parser *parser)
{
    if (*parser)
        XML_ParserFree(*parser);
}

bool xml_read(struct arena *a, str text, struct xml **ret, struct err *e)
{
    CLEANUP(free_parser) XML_Parser parser = XML_ParserCreate(NULL);
    struct reading r = {.a = a, .parser = parser, .text = {.max = TEXT_MAX}};
    enum XML_Status status;

    if (!parser || text.len > INT32_MAX)
        return err_limit(e);
    XML_SetUserData(parser, &r);
    XML_SetElementHandler(parser, begin, end);
    XML_SetCharacterDataHandler(parser, characters);
    XML_SetStartDoctypeDeclHandler(parser, doctype);
    status = XML_Parse(parser, text.at, (int)text.len, XML_TRUE);
    buf_free(&r.text);
    if (status != XML_STATUS_OK || r.refused)
        return err_at(e,
                      (struct place){.text = text,
                                     .line = (unsigned)XML_GetCurrentLineNumber(parser),
                                     .column = (unsigned)XML_GetCurrentColumnNumber(parser) + 1,
                                     .width = 1},
                      "this is not XML that can be read: %s",
                      r.refused ? r.refused : XML_ErrorString(XML_GetErrorCode(parser)));
    *ret = r.root;
    return true;
}

const struct xml *xml_get(const struct xml *x, const char *name)
{
    for (x = x ? x->first : NULL; x; x = x->next)
        if (str_is(x->name, name))
            return x;
    return NULL;
}

str xml_text(const struct xml *x, const char *name)
{
    const struct xml *child = xml_get(x, name);

    return child ? child->text : STR("");
}
