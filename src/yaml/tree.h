/*
 * tree: what the files of this room share.
 */
#pragma once

#include "yaml/yaml.h"

/* Walks a text, turning offsets into lines and columns. Cheap as long as it goes forward. */
struct cursor {
    str text;
    size_t index; /* in characters, as libyaml counts, without a byte order mark */
    size_t byte;
    size_t line_start;
    unsigned line;
};

struct cursor cursor_start(str text);
void cursor_to_index(struct cursor *c, size_t index);
void cursor_to_byte(struct cursor *c, size_t byte);
/* From here, up to `end` or the end of the line. */
struct place cursor_place(const struct cursor *c, const char *file, size_t end);

/* What an unquoted scalar is by the YAML 1.2 core schema. */
enum yaml_kind scalar_kind(str text);
/* A YAML number as JSON writes it; false for infinities, NaN and what is past 64 bits in a
 * base other than ten. */
bool scalar_to_json_number(struct arena *a, str text, str *ret, struct err *e) MUST_USE;

/* Refuses a key that is given twice, naming both places. */
bool keys_unique(struct arena *a, const struct yaml *map, struct err *e) MUST_USE;
