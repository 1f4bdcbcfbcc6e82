/*
 * HTML inside this room: a tokenizer by the WHATWG's rules, and a writer that lets through a
 * closed list of elements and attributes. What is written is what a browser's parser would
 * build from it: balanced, at most HTML_DEPTH deep, nested as it would be, without what makes
 * parsers change their ways (foreign content, raw text, templates, forms), so that it can't mean
 * anything else when it is parsed again.
 */
#pragma once

#include "clean/parts.h"

enum { HTML_ATTRIBUTES_MAX = 64, HTML_DEPTH = 64 };

/* ---- html_read.c ---- */

enum html_kind { HTML_TEXT, HTML_START, HTML_END };

struct html_attribute {
    str name, value; /* as they stand, references included */
};

/* Comments, declarations and what stands in them are passed over. */
struct html_token {
    enum html_kind kind;
    str text; /* of HTML_TEXT, as it stands; else the element's name */
    struct html_attribute
        attributes[HTML_ATTRIBUTES_MAX]; /* names may repeat: the first counts */
    size_t attribute_count;
};

struct html_reader {
    str in;
    size_t at;
};

bool html_next(struct html_reader *r, struct html_token *t);
/* Passes over an element whose start tag was read, its content and its end tag. `raw`: the
 * content is text up to the end tag, else other elements nest in it. */
void html_skip(struct html_reader *r, str name, bool raw);

/* ---- html_reference.c ---- */

/* The bytes of the character reference at in[i], an ampersand, and its one or two code points
 * (codes[1] is 0 for one); 0 when it is none. */
size_t html_reference(str in, size_t i, bool in_attribute, uint32_t codes[2]);

/* ---- html_elements.c ---- */

enum html_what {
    HTML_INLINE,
    HTML_VOID, /* has no end tag */
    HTML_VOID_BLOCK,
    HTML_BLOCK, /* ends an open p, as what follows but the last two */
    HTML_TABLE,
    HTML_TABLE_GROUP,
    HTML_TABLE_ROW,
    HTML_TABLE_CELL,
    HTML_TABLE_CAPTION,
    HTML_DROP_RAW, /* never allowed, gone with its content */
    HTML_DROP_NESTED,
};

struct html_element {
    str name;
    enum html_what what;
    const char *attributes; /* of its own, with spaces around each */
    bool usual; /* allowed when the contract names no elements */
};
const struct html_element *html_element_find(str name);
/* Of one that can be allowed, below 64. */
size_t html_element_index(const struct html_element *e);

struct html_policy {
    uint64_t elements; /* bit: html_element_index() */
    uint64_t attributes; /* bit: index in html_attribute_kinds, for every element that has it */
    struct url_schemes schemes;
};

/* Whether `value`, decoded, may stand in the attribute; if so, what is to stand there. */
bool html_attribute_value(struct arena *a, const struct html_policy *p,
                          const struct html_element *e, str name, str value, struct buf *ret);

/* ---- html_write.c ---- */

struct html_writer {
    struct arena *a;
    const struct html_policy *policy;
    struct buf out, value, made; /* the last two: one attribute's */
    const struct html_element *open[HTML_DEPTH];
    size_t depth;
    bool at_pre; /* a line feed would be taken for none of the text's */
};

/* How many bytes of a text are written as they stand. */
size_t html_plain_length(str text);
void html_write_text(struct html_writer *w, str text);
/* `t` may be NULL: without attributes. */
void html_write_start(struct html_writer *w, const struct html_element *e,
                      const struct html_token *t);
/* Ends elements until `depth` are open. */
void html_close_to(struct html_writer *w, size_t depth);

/* ---- html_nest.c ---- */

void html_open(struct html_writer *w, const struct html_element *e, const struct html_token *t);
void html_close(struct html_writer *w, const struct html_element *e);
/* Whether a text may stand here: among the rows of a table nothing but white space. */
bool html_takes_text(const struct html_writer *w, str text);
