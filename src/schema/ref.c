/* $ref and its kin: which subschema is meant. */
#include "schema/sources.h"
#include "schema/uri.h"

/* ---- documents ---- */

static struct resource *find_resource(const struct sources *s, str uri)
{
    for (struct resource *r = s->resources; r; r = r->next)
        if (str_equal(r->uri, uri))
            return r;
    return NULL;
}

static bool add_document(struct sources *s, str uri, const struct json *root,
                         struct meaning meaning, struct resource **ret)
{
    struct resource *r;
    uint32_t ignored;

    if (!dialect_read(s, root, meaning, &meaning))
        return false;
    r = sources_add(s, uri, root, meaning);
    if (!r || !sources_index(s, root, r, STR(""), &ignored))
        return false;
    *ret = r;
    return true;
}

static bool add_metaschema(struct sources *s, str uri, struct resource **ret)
{
    static const struct json_limits limits = {.bytes = 1 << 16, .depth = 32, .nodes = 4096};
    struct json *root;

    for (uint32_t i = 0; i < metaschema_count; i++) {
        if (!str_equal(uri, metaschemas[i].uri))
            continue;
        return json_read(s->a, *metaschemas[i].text, &limits, &root, s->e) &&
               add_document(s, uri, root, dialect_of_option(SCHEMA_2020_12), ret);
    }
    return true;
}

/* Documents whose URI it is; then all of them, since one may give itself another name. */
static bool add_documents(struct sources *s, str uri, struct meaning meaning,
                          struct resource **ret)
{
    const struct schema_options *o = s->options;

    for (unsigned any = 0; any < 2 && !*ret; any++) {
        for (size_t i = 0; i < o->document_count; i++) {
            struct resource *r;

            if (s->document_done[i] ||
                (!any && !str_equal(uri_without_fragment(o->documents[i].uri), uri)))
                continue;
            s->document_done[i] = true;
            if (!add_document(s, uri_without_fragment(o->documents[i].uri),
                              o->documents[i].root, meaning, &r))
                return false;
            /* Found by its place, whatever it calls itself. */
            *ret = any ? find_resource(s, uri) : r;
            if (*ret)
                return true;
        }
    }
    return true;
}

static bool load(struct sources *s, const struct resource *from, const struct json *site,
                 str uri, struct resource **ret)
{
    struct resource *r = find_resource(s, uri);

    for (size_t i = 0; !r && i < s->options->document_count; i++)
        if (s->document_done[i] &&
            str_equal(uri_without_fragment(s->options->documents[i].uri), uri))
            r = s->spots[sources_spot(s, s->options->documents[i].root)].in;
    if (!r &&
        (!add_metaschema(s, uri, &r) || (!r && !add_documents(s, uri, from->meaning, &r))))
        return false;
    if (!r) {
        sources_fail(s, site, "'%.*s' refers to another schema", STR_ARG(site->text));
        return err_fix(s->e, "copy it below $defs and refer to it as '#/$defs/name'");
    }
    *ret = r;
    return true;
}

/* ---- JSON Pointers ---- */

/* Undoes ~0 and ~1, in place in `to`. */
static str pointer_token(str s, char *to)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '~' && i + 1 < s.len && (s.at[i + 1] == '0' || s.at[i + 1] == '1'))
            to[n++] = s.at[++i] == '0' ? '~' : '/';
        else
            to[n++] = s.at[i];
    }
    return (str){to, n};
}

static const struct json *step_into(const struct json *v, str token)
{
    uint64_t i;

    if (v->kind == JSON_OBJECT)
        return json_get(v, token);
    if (v->kind != JSON_ARRAY || !v->count || (token.len > 1 && token.at[0] == '0') ||
        !str_to_u64(token, v->count - 1, &i))
        return NULL;
    return &v->items[i];
}

static bool fail_missing(struct sources *s, const struct json *ref, const struct json *in,
                         str token)
{
    uint32_t count = in->kind == JSON_OBJECT ? in->count : 0;
    const char **names = arena_array(s->a, count, sizeof(*names));
    const char *nearest;

    for (uint32_t i = 0; names && i < count; i++) {
        names[i] = arena_str(s->a, in->members[i].name).at;
        if (!names[i])
            return err_limit(s->e);
    }
    nearest = names ? did_you_mean(token, names, count) : NULL;
    sources_fail(s, ref, "'%.*s' refers to nothing: there is no '%.*s'", STR_ARG(ref->text),
                 STR_ARG(token));
    return nearest ? err_fix(s->e, "did you mean '%s'?", nearest) : false;
}

/* `pointer` is empty or begins with a slash. The way may lead into resources inside. */
static bool follow_pointer(struct sources *s, const struct json *site, str pointer,
                           struct resource *in, struct reference *ret)
{
    const struct json *v = in->root;
    char *token = arena_alloc(s->a, pointer.len + 1);
    str rest = pointer.len ? str_sub(pointer, 1, pointer.len) : (str){NULL, 0}, part;
    uint32_t spot;

    if (!token)
        return err_limit(s->e);
    while (str_cut(&rest, '/', &part)) {
        const struct json *next;

        part = pointer_token(part, token);
        next = step_into(v, part);
        if (!next)
            return fail_missing(s, site, v, part);
        v = next;
        spot = sources_spot(s, v);
        if (spot != NO_SPOT)
            in = s->spots[spot].in;
    }
    if (!shape_is_schema(v))
        return sources_fail(s, site, "'%.*s' refers to what is no schema", STR_ARG(site->text));
    spot = sources_spot(s, v);
    if (spot == NO_SPOT && !sources_index(s, v, in, pointer, &spot))
        return false;
    *ret = (struct reference){.schema = v, .in = s->spots[spot].in};
    return true;
}

/* ---- anchors ---- */

const struct anchor *ref_anchor(const struct resource *in, str name)
{
    for (const struct anchor *at = in->anchors; at; at = at->next)
        if (str_equal(at->name, name))
            return at;
    return NULL;
}

static bool follow_anchor(struct sources *s, const struct json *site, str name,
                          struct resource *in, struct reference *ret)
{
    const struct anchor *anchor = ref_anchor(in, name);

    if (!anchor) {
        sources_fail(s, site, "there is no anchor '%.*s'", STR_ARG(name));
        return err_fix(s->e, "to refer to a definition write '#/$defs/%.*s'", STR_ARG(name));
    }
    *ret = (struct reference){
        .schema = anchor->schema,
        .in = in,
        .dynamic = anchor->dynamic ? name : STR(""),
    };
    return true;
}

bool ref_resolve(struct sources *s, const struct resource *in, const struct json *site,
                 struct reference *ret)
{
    str uri = uri_resolve(s->a, in->uri, site->text), fragment;
    struct resource *target = NULL;

    if (!uri.at)
        return err_limit(s->e);
    fragment = uri_decode(s->a, uri_fragment(uri));
    if (!fragment.at)
        return sources_fail(s, site, "'%.*s' is not a JSON Pointer", STR_ARG(site->text));
    if (!load(s, in, site, uri_without_fragment(uri), &target))
        return false;
    if (fragment.len && fragment.at[0] != '/')
        return follow_anchor(s, site, fragment, target, ret);
    return follow_pointer(s, site, fragment, target, ret);
}
