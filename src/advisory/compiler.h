/* What the compiler holds until it writes. Private to the room. */
#pragma once

#include "advisory/layout.h"
#include "json/json.h"

/* Rows that grow. */
struct rows {
    char *at;
    size_t count, capacity, size; /* of one row */
};

/* Texts by their content, each once. */
struct texts {
    struct buf bytes;
    uint32_t *slots; /* offset + 1, or 0 */
    size_t count, capacity;
};

struct advisory_compiler {
    struct arena *scratch; /* of the record that is being read */
    struct texts texts;
    /* Rows as in the file, but that those of records which were replaced are still among them. */
    struct rows records, affected, ranges, events, lists;
    struct rows names; /* struct named, one for each affected row */
    struct rows facts; /* struct fact: what is known of a CVE from elsewhere */
    bool failed; /* no memory: said by advisory_write() */
};

/* The package that an affected row is of. */
struct named {
    uint32_t ecosystem, name, affected;
};

struct fact {
    uint32_t cve, exploited, epss; /* as in record_row */
};

/* Both return NULL, and 0, without memory, after setting `failed`. */
void *rows_add(struct advisory_compiler *c, struct rows *r, size_t size) MUST_USE;
/* The offset of the text, cut to TEXT_MAX bytes at the border of a character. */
uint32_t text_add(struct advisory_compiler *c, str s);
str text_at(const struct advisory_compiler *c, uint32_t text);

#define NOT_KEPT UINT32_MAX

/* What is left of the records once replaced and withdrawn ones are out. */
struct merged {
    uint32_t *place; /* by index of the record: where it stands in the file, or NOT_KEPT */
    struct record_row *records;
    uint32_t count;
    size_t withdrawn, exploited, scored;
};

/* Of records with the same id the last modified stays; records that share an id or an alias get one
 * group; what is known of a CVE is told of every record of its group. */
bool records_merge(struct advisory_compiler *c, struct merged *ret, struct err *e) MUST_USE;
void merged_free(struct merged *m);
