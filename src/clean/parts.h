/* What the files of this room share. */
#pragma once

#include "clean/clean.h"

enum cleaned { CLEANED_SAME, CLEANED_CHANGED, CLEANED_REFUSED };

/* One rule at work on one text. */
struct cleaning {
    struct arena *a;
    const void *with; /* the rule's parameters as its reader left them */
    const char *why; /* set on refusal */
};

typedef enum cleaned clean_run(struct cleaning *c, str text, str *ret);

/* A rule's parameters being read. */
struct clean_reader {
    struct arena *a;
    const char *rule;
    const struct json *at; /* what is wrong */
    struct err *e;
};

typedef bool clean_parameters(struct clean_reader *r, const struct json *v, const void **ret);

/* ---- rules.c ---- */

bool clean_wrong(struct clean_reader *r, const struct json *at, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Every member of `v`, an object, is one of `names`. */
bool clean_members(struct clean_reader *r, const struct json *v, const char *const *names,
                   size_t count) MUST_USE;
/* A list of texts. */
bool clean_words(struct clean_reader *r, const struct json *v, str **ret,
                 size_t *count) MUST_USE;

/* ---- what the rules do ---- */

clean_run clean_trim, clean_collapse, clean_newlines; /* space.c */
clean_run clean_strip; /* strip.c; the set is its parameter */
clean_run clean_strip_zero_width;
clean_run clean_nfc, clean_nfkc, clean_lower, clean_upper, clean_fold; /* unicode.c */
clean_run clean_file_name, clean_path, clean_email, clean_url, clean_text_only, clean_html;

clean_parameters clean_strip_control_read, clean_strip_bidi_read, clean_strip_variation_read,
    clean_strip_noncharacters_read, clean_strip_tags_read, clean_strip_private_read;
clean_parameters clean_file_name_read, clean_path_read, clean_url_read, clean_html_read;

/* ---- code points ---- */

/* Decodes valid UTF-8 at s[i], i < s.len, and says how many bytes it takes. */
size_t code_at(str s, size_t i, uint32_t *code);
/* The start of the code point that ends before s[i], i > 0. */
size_t code_before(str s, size_t i);
/* The number of bytes before the first that is not ASCII. */
size_t ascii_prefix(str s);
bool is_space_code(uint32_t code); /* White_Space */

struct code_range {
    uint32_t from, to;
};
/* `ranges` are in order. */
bool code_in(const struct code_range *ranges, size_t count, uint32_t code);

/* ---- the end of a rule ---- */

/* The text that a rule made: CLEANED_SAME when it is the one that it was given. */
enum cleaned cleaned_as(struct cleaning *c, str given, const struct buf *made, str *ret);
enum cleaned cleaned_refuse(struct cleaning *c, const char *why);

/* ---- hosts and URLs ---- */

/* A domain name in lower case as A-labels; false when it is none. */
bool host_domain(struct arena *a, str name, str *ret) MUST_USE;
/* A domain name, IPv4 address or IPv6 address in brackets, each in its one form. */
bool host_canonical(struct arena *a, str host, str *ret) MUST_USE;

struct url_schemes {
    str *names;
    size_t count;
};
/* NULL, or why it is none. */
const char *url_canonical(struct arena *a, const struct url_schemes *allowed, str url,
                          struct buf *ret);
bool url_schemes_read(struct clean_reader *r, const struct json *v,
                      struct url_schemes *ret) MUST_USE;
