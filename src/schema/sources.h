/*
 * Documents, the resources in them that have an URI of their own, and where each subschema
 * stands: all that a reference needs. Private to the room.
 */
#pragma once

#include "schema/keyword.h"
#include "schema/schema.h"

struct anchor {
    struct anchor *next;
    str name;
    const struct json *schema;
    bool dynamic;
};

struct resource {
    struct resource *next;
    str uri; /* without a fragment */
    const struct json *root;
    struct meaning meaning;
    struct anchor *anchors;
    uint32_t emitted; /* its URI in the program, or 0 */
};

/* The name under which $recursiveAnchor stands among the dynamic anchors: no text can. */
#define RECURSIVE_ANCHOR STR("#")

#define NO_SPOT UINT32_MAX

/* Where a subschema stands. */
struct spot {
    const struct json *schema;
    struct resource *in;
    uint32_t parent; /* NO_SPOT: `pointer` says it all */
    uint32_t index; /* of an item */
    str keyword, name; /* name.at is NULL: an item, or nothing when index is NO_SPOT */
    str pointer;
};

struct sources {
    struct arena *a;
    const struct schema_options *options;
    const struct json *root;
    struct err *e;
    uint32_t *offset;
    struct resource *resources;
    struct spot *spots;
    uint32_t spot_count, spot_room;
    uint32_t *table, mask; /* spots by the address of their schema: index + 1 */
    bool *document_done;
    unsigned metaschemas_done;
};

/* Sets the error: "<words> (at /pointer)", and the offset. Returns false. */
bool sources_fail(struct sources *s, const struct json *at, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Notes the ids and anchors of the source. */
bool sources_read(struct sources *s) MUST_USE;
/* Notes those of a document, or a part of one that no keyword leads to. */
bool sources_index(struct sources *s, const struct json *schema, struct resource *in,
                   str pointer, uint32_t *ret) MUST_USE;
struct resource *sources_add(struct sources *s, str uri, const struct json *root,
                             struct meaning meaning);
/* NO_SPOT when no keyword leads there. */
uint32_t sources_spot(const struct sources *s, const struct json *schema);
/* The JSON Pointer from the resource's root. */
void sources_pointer(const struct sources *s, uint32_t spot, struct buf *out);

/* What `$schema` means; for a document without one, `otherwise`. */
bool dialect_read(struct sources *s, const struct json *root, struct meaning otherwise,
                  struct meaning *ret) MUST_USE;
struct meaning dialect_of_option(enum schema_dialect dialect);
bool dialect_ignores_siblings(struct meaning m); /* of $ref */

/* Where a reference from `in` leads. `site` is blamed. */
struct reference {
    const struct json *schema;
    struct resource *in;
    str dynamic; /* the name of the dynamic anchor that it was resolved by, or "" */
};
bool ref_resolve(struct sources *s, const struct resource *in, const struct json *site,
                 struct reference *ret) MUST_USE;
const struct anchor *ref_anchor(const struct resource *in, str name);

/* The standard's own schemas: their texts by URI. */
struct metaschema {
    str uri;
    const str *text;
};
extern const struct metaschema metaschemas[];
extern const uint32_t metaschema_count;
