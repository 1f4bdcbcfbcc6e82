/* What the files of this room share. Private to it. */
#pragma once

#include "toml/toml.h"

struct node {
    struct node *next, *first, *last; /* of its parent; its own parts */
    struct node *parent;
    str key;
    enum json_kind kind;
    uint32_t at, key_at, count;
    str text;
    bool opened; /* a table that a header has named */
    bool closed; /* written inline: nothing may be added */
    bool dotted; /* a table that a dotted key has made: a header may not open it */
    bool of_tables; /* an array that [[headers]] made */
};

struct reader {
    struct arena *a;
    str text;
    size_t at;
    struct node *root, *table; /* where key = value goes */
    struct node **slots; /* every named node, by its parent and key */
    size_t slot_count, named, nodes;
    unsigned depth;
    struct err *e;
};

bool fail_at(struct reader *r, size_t at, const char *format, ...) PRINTF_LIKE(3, 4);
bool at_end(const struct reader *r);
/* '\0' at the end; `ahead` bytes further on. */
char peek(const struct reader *r, size_t ahead);
bool looking_at(const struct reader *r, const char *word);
void skip_blanks(struct reader *r); /* spaces and tabs */
/* Blanks, ends of lines and comments. */
bool skip_lines(struct reader *r) MUST_USE;
/* What may follow on the line of a header or a pair: a comment, then its end. */
bool end_line(struct reader *r) MUST_USE;

struct node *node_new(struct reader *r, struct node *parent, enum json_kind kind, size_t at);
/* NULL when there is none. */
struct node *node_find(struct reader *r, const struct node *parent, str key);
/* What has the key, or a new table. NULL on failure. */
struct node *node_table(struct reader *r, struct node *parent, str key, size_t at);
bool node_name(struct reader *r, struct node *n, str key, size_t key_at) MUST_USE;
/* To the tree that everybody reads. */
bool node_export(struct reader *r, const struct node *n, struct json *ret) MUST_USE;

bool date_is(str s); /* or a time, or both */
bool string_read(struct reader *r, str *ret) MUST_USE; /* any of the four kinds */
bool value_read(struct reader *r, struct node *parent, struct node **ret) MUST_USE;
bool pair_read(struct reader *r, struct node *table) MUST_USE;
/* One part of a dotted key, bare or quoted. */
bool key_read(struct reader *r, str *ret) MUST_USE;
