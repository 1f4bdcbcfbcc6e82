#include "schema/sources.h"
#include "schema/uri.h"

enum { DEPTH_MAX = 1000 };

/* ---- errors ---- */

static void write_token(struct buf *out, str name)
{
    buf_addc(out, '/');
    buf_add(out, name);
}

/* Writes the pointer to `wanted` below `v`; false when it is not there. */
static bool find_pointer(struct buf *out, const struct json *v, const struct json *wanted,
                         unsigned depth)
{
    size_t len = out->len;

    if (v == wanted)
        return true;
    for (uint32_t i = 0; depth && v->kind == JSON_OBJECT && i < v->count; i++) {
        write_token(out, v->members[i].name);
        if (find_pointer(out, &v->members[i].value, wanted, depth - 1))
            return true;
        out->len = len;
    }
    for (uint32_t i = 0; depth && v->kind == JSON_ARRAY && i < v->count; i++) {
        buf_addf(out, "/%u", i);
        if (find_pointer(out, &v->items[i], wanted, depth - 1))
            return true;
        out->len = len;
    }
    return false;
}

bool sources_fail(struct sources *s, const struct json *at, const char *format, ...)
{
    CLEANUP(buf_free) struct buf pointer = {.max = 4096};
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    *s->offset = 0;
    if (find_pointer(&pointer, s->root, at, DEPTH_MAX)) {
        *s->offset = at->at;
        return pointer.len
                   ? err_set(s->e, ERR_INPUT, "%s (at %.*s)", what, STR_ARG(buf_str(&pointer)))
                   : err_set(s->e, ERR_INPUT, "%s", what);
    }
    for (struct resource *r = s->resources; r; r = r->next) {
        buf_clear(&pointer);
        if (find_pointer(&pointer, r->root, at, DEPTH_MAX))
            return err_set(s->e, ERR_INPUT, "%s (at %.*s#%.*s)", what, STR_ARG(r->uri),
                           STR_ARG(buf_str(&pointer)));
    }
    return err_set(s->e, ERR_INPUT, "%s", what);
}

/* ---- spots ---- */

static uint32_t slot_of(const struct sources *s, const struct json *schema)
{
    uint32_t slot = (uint32_t)json_fold((uintptr_t)schema, 0x9e3779b97f4a7c15u);

    while (s->table[slot & s->mask] && s->spots[s->table[slot & s->mask] - 1].schema != schema)
        slot++;
    return slot & s->mask;
}

uint32_t sources_spot(const struct sources *s, const struct json *schema)
{
    return s->table ? s->table[slot_of(s, schema)] - 1 : NO_SPOT;
}

static bool grow(struct sources *s)
{
    uint32_t room = s->spot_room ? s->spot_room * 2 : 64;
    struct spot *spots = arena_array(s->a, room, sizeof(*spots));
    uint32_t *table = arena_array(s->a, (size_t)room * 2, sizeof(*table));

    if (!spots || !table)
        return err_limit(s->e);
    if (s->spot_count)
        memcpy(spots, s->spots, s->spot_count * sizeof(*spots));
    s->spots = spots;
    s->spot_room = room;
    s->table = table;
    s->mask = room * 2 - 1;
    for (uint32_t i = 0; i < s->spot_count; i++)
        table[slot_of(s, spots[i].schema)] = i + 1;
    return true;
}

static bool add_spot(struct sources *s, struct spot spot, uint32_t *ret)
{
    uint32_t slot;

    if (s->spot_count == s->spot_room && !grow(s))
        return false;
    slot = slot_of(s, spot.schema);
    if (s->table[slot]) {
        *ret = s->table[slot] - 1;
        return true;
    }
    s->spots[s->spot_count++] = spot;
    s->table[slot] = s->spot_count;
    *ret = s->spot_count - 1;
    return true;
}

void sources_pointer(const struct sources *s, uint32_t spot, struct buf *out)
{
    const struct spot *at = &s->spots[spot];

    if (at->parent == NO_SPOT) {
        buf_add(out, at->pointer);
        return;
    }
    sources_pointer(s, at->parent, out);
    pointer_add(out, at->keyword);
    if (at->name.at)
        pointer_add(out, at->name);
    else if (at->index != NO_SPOT)
        buf_addf(out, "/%u", at->index);
}

/* ---- resources and anchors ---- */

struct resource *sources_add(struct sources *s, str uri, const struct json *root,
                             struct meaning meaning)
{
    struct resource *r = arena_alloc(s->a, sizeof(*r));

    if (!r) {
        err_limit(s->e);
        return NULL;
    }
    *r = (struct resource){.next = s->resources, .uri = uri, .root = root, .meaning = meaning};
    s->resources = r;
    return r;
}

static bool add_anchor(struct sources *s, struct resource *in, const struct json *at, str name,
                       const struct json *schema, bool dynamic)
{
    struct anchor *anchor = arena_alloc(s->a, sizeof(*anchor));

    if (!anchor)
        return err_limit(s->e);
    if (ref_anchor(in, name))
        return sources_fail(s, at, "there are two anchors '%.*s'", STR_ARG(name));
    *anchor = (struct anchor){in->anchors, name, schema, dynamic};
    in->anchors = anchor;
    return true;
}

/* What a keyword of identity says; NULL when it is not there, or no string. */
static const struct json *identity(const struct json *schema, str name)
{
    const struct json *v = json_get(schema, name);

    return v && v->kind == JSON_STRING ? v : NULL;
}

/* Up to draft 7 an id that is only a fragment names a place, later $anchor does. */
static bool read_anchors(struct sources *s, const struct json *schema, struct resource *in)
{
    enum dialect dialect = in->meaning.dialect;
    const struct json *id = identity(schema, dialect == DRAFT_4 ? STR("id") : STR("$id"));
    const struct json *anchor = identity(schema, STR("$anchor"));
    const struct json *dynamic = identity(schema, STR("$dynamicAnchor"));
    const struct json *recursive = json_get(schema, STR("$recursiveAnchor"));

    if (dialect <= DRAFT_7)
        return !id || !uri_fragment(id->text).len || id->text.at[0] != '#' ||
               add_anchor(s, in, id, uri_fragment(id->text), schema, false);
    if (anchor && !add_anchor(s, in, anchor, anchor->text, schema, false))
        return false;
    if (dialect == DRAFT_2019)
        return !recursive || recursive->kind != JSON_TRUE || schema != in->root ||
               add_anchor(s, in, recursive, RECURSIVE_ANCHOR, schema, true);
    return !dynamic || add_anchor(s, in, dynamic, dynamic->text, schema, true);
}

/* The resource that a schema is in: one of its own where it has an id. */
static bool enter_resource(struct sources *s, const struct json *schema, struct resource **in)
{
    struct meaning meaning = (*in)->meaning;
    const struct json *id;
    struct resource *own;
    str uri;

    if (json_get(schema, STR("$schema")) && json_get(schema, STR("$id")) &&
        !dialect_read(s, schema, meaning, &meaning))
        return false;
    id = identity(schema, meaning.dialect == DRAFT_4 ? STR("id") : STR("$id"));
    if (!id || !uri_without_fragment(id->text).len ||
        (dialect_ignores_siblings(meaning) && identity(schema, STR("$ref"))))
        return true;
    uri = uri_resolve(s->a, (*in)->uri, uri_without_fragment(id->text));
    if (!uri.at)
        return err_limit(s->e);
    if (schema == (*in)->root) {
        (*in)->uri = uri;
        return true;
    }
    own = sources_add(s, uri, schema, meaning);
    if (own)
        *in = own;
    return own != NULL;
}

/* ---- the walk ---- */

static bool walk(struct sources *s, struct spot spot, unsigned depth, uint32_t *ret);

static bool walk_into(struct sources *s, uint32_t parent, struct spot spot, unsigned depth)
{
    uint32_t ignored;

    spot.parent = parent;
    spot.in = s->spots[parent].in;
    return !shape_is_schema(spot.schema) || walk(s, spot, depth + 1, &ignored);
}

static bool walk_list(struct sources *s, uint32_t parent, str keyword, const struct json *v,
                      unsigned depth)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (!walk_into(s, parent,
                       (struct spot){.schema = &v->items[i], .keyword = keyword, .index = i},
                       depth))
            return false;
    return true;
}

static bool walk_map(struct sources *s, uint32_t parent, str keyword, const struct json *v,
                     unsigned depth)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (!walk_into(s, parent,
                       (struct spot){.schema = &v->members[i].value,
                                     .keyword = keyword,
                                     .name = v->members[i].name},
                       depth))
            return false;
    return true;
}

static bool walk_keyword(struct sources *s, uint32_t parent, const struct json_member *m,
                         unsigned depth)
{
    const struct keyword *k = keyword_find(m->name, s->spots[parent].in->meaning);
    const struct json *v = &m->value;

    if (!k || k->shape < SCHEMA || k->shape == REFUSED)
        return true;
    if (v->kind == JSON_ARRAY)
        return k->shape == SCHEMA || walk_list(s, parent, m->name, v, depth);
    if (k->shape == SCHEMAS_BY_NAME || k->shape == DEPENDENCIES)
        return v->kind != JSON_OBJECT || walk_map(s, parent, m->name, v, depth);
    return walk_into(s, parent,
                     (struct spot){.schema = v, .keyword = m->name, .index = NO_SPOT}, depth);
}

static bool walk(struct sources *s, struct spot spot, unsigned depth, uint32_t *ret)
{
    uint32_t at = sources_spot(s, spot.schema);

    if (at != NO_SPOT) {
        *ret = at;
        return true;
    }
    if (depth > DEPTH_MAX)
        return sources_fail(s, spot.schema, "this schema nests more than %d levels", DEPTH_MAX);
    if (spot.schema->kind == JSON_OBJECT && !enter_resource(s, spot.schema, &spot.in))
        return false;
    if (spot.in->root == spot.schema) {
        spot.parent = NO_SPOT;
        spot.pointer = STR("");
    }
    if (!add_spot(s, spot, &at))
        return false;
    *ret = at;
    if (spot.schema->kind != JSON_OBJECT)
        return true;
    if (!read_anchors(s, spot.schema, spot.in))
        return false;
    for (uint32_t i = 0; i < spot.schema->count; i++)
        if (!walk_keyword(s, at, &spot.schema->members[i], depth))
            return false;
    return true;
}

bool sources_index(struct sources *s, const struct json *schema, struct resource *in,
                   str pointer, uint32_t *ret)
{
    return walk(
        s, (struct spot){.schema = schema, .in = in, .parent = NO_SPOT, .pointer = pointer}, 0,
        ret);
}

bool sources_read(struct sources *s)
{
    const struct schema_options *o = s->options;
    struct meaning meaning = dialect_of_option(o->dialect);
    struct resource *r;
    uint32_t ignored;

    s->document_done = arena_array(s->a, o->document_count + 1, sizeof(bool));
    if (!s->document_done)
        return err_limit(s->e);
    if (!shape_is_schema(s->root))
        return sources_fail(s, s->root, "a schema is an object, true or false");
    if (!dialect_read(s, s->root, meaning, &meaning))
        return false;
    r = sources_add(s, o->base.at ? uri_without_fragment(o->base) : STR(""), s->root, meaning);
    return r && sources_index(s, s->root, r, STR(""), &ignored);
}
