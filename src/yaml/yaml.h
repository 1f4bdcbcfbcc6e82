/*
 * yaml: YAML text as a tree whose every node knows its place. The only room that knows libyaml.
 *
 * Scalars are typed by the YAML 1.2 core schema, so that `on` and `no` are words. Refused:
 * duplicate keys, more than one document, aliases that multiply past the limits, and whatever
 * is past YAML_*_MAX. JSON is read as well, being YAML.
 */
#pragma once

#include "base/base.h"
#include "json/json.h"

enum {
    YAML_BYTES_MAX = 4 << 20,
    YAML_DEPTH_MAX = 100,
    YAML_NODES_MAX = 200000, /* each alias counts as all that it stands for */
    YAML_ANCHORS_MAX = 256,
};

enum yaml_kind { YAML_NULL, YAML_BOOL, YAML_NUMBER, YAML_STRING, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    bool truth; /* YAML_BOOL */
    bool quoted; /* a scalar written in quotes, or as a block */
    str tag; /* "!Ref" for CloudFormation's; empty for none and for the standard ones */
    str text; /* a scalar's text */
    struct place at; /* of a block map or list: its first key or dash */
    uint32_t offset; /* the same place, in bytes from the start of the text */
    struct yaml *next; /* the next item or entry of the list or map that holds this */
    struct yaml *first; /* YAML_LIST: items; YAML_MAP: keys, each with its `value` */
    struct yaml *value; /* of a key */
    size_t count;
};

/* `file` is for places in errors and outlives the result, as `text` does. */
bool yaml_read(struct arena *a, str text, const char *file, struct yaml **ret,
               struct err *e) MUST_USE;
/* The same tree from JSON that was read already, `text` being what it was read from. */
bool yaml_from_json(struct arena *a, const struct json *j, str text, const char *file,
                    struct yaml **ret, struct err *e) MUST_USE;

/* The value under a key, or NULL when there is none or `map` is not a map (or is NULL). */
const struct yaml *yaml_get(const struct yaml *map, const char *key);
/* As JSON: numbers become JSON numbers; refuses tags, non-string keys and what JSON has no
 * words for (.inf, .nan). Offsets are those in the YAML text. */
bool yaml_to_json(struct arena *a, const struct yaml *y, struct json **ret,
                  struct err *e) MUST_USE;
