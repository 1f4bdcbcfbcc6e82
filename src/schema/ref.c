/* $ref, $anchor, $id and $schema: which subschema is meant, and in which draft. */
#include "schema/compiler.h"

/* ---- JSON pointers in a URI's fragment ---- */

static unsigned hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* Undoes %XX; the empty str with a NULL `at` when it is wrong or there is no memory. */
static str percent_decode(struct arena *a, str s)
{
    char *to = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < s.len; i++) {
        unsigned high, low;

        if (s.at[i] != '%') {
            to[n++] = s.at[i];
            continue;
        }
        high = i + 2 < s.len ? hex_value(s.at[i + 1]) : 16;
        low = i + 2 < s.len ? hex_value(s.at[i + 2]) : 16;
        if (high > 15 || low > 15)
            return (str){NULL, 0};
        to[n++] = (char)(high << 4 | low);
        i += 2;
    }
    return (str){to, to ? n : 0};
}

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

static bool fail_missing(struct compiler *c, const struct json *ref, const struct json *in,
                         str token)
{
    uint32_t count = in->kind == JSON_OBJECT ? in->count : 0;
    const char **names = arena_array(c->a, count, sizeof(*names));
    const char *nearest;

    for (uint32_t i = 0; names && i < count; i++)
        names[i] = arena_str(c->a, in->members[i].name).at;
    for (uint32_t i = 0; names && i < count; i++)
        if (!names[i])
            return err_limit(c->e);
    nearest = names ? did_you_mean(token, names, count) : NULL;
    compile_fail(c, ref, "'%.*s' refers to nothing: there is no '%.*s'", STR_ARG(ref->text),
                 STR_ARG(token));
    return nearest ? err_fix(c->e, "did you mean '%s'?", nearest) : false;
}

/* `pointer` is empty or begins with a slash. */
static bool follow_pointer(struct compiler *c, const struct json *ref, str pointer,
                           const struct json **ret)
{
    const struct json *v = c->source;
    str rest, part;
    char *token;

    pointer = percent_decode(c->a, pointer);
    token = arena_alloc(c->a, pointer.len + 1);
    if (!pointer.at || !token)
        return compile_fail(c, ref, "'%.*s' is not a JSON Pointer", STR_ARG(ref->text));
    rest = pointer.len ? str_sub(pointer, 1, pointer.len) : (str){NULL, 0};
    while (str_cut(&rest, '/', &part)) {
        const struct json *next;

        part = pointer_token(part, token);
        next = step_into(v, part);
        if (!next)
            return fail_missing(c, ref, v, part);
        v = next;
    }
    *ret = v;
    return true;
}

/* ---- $ref ---- */

/* The part behind '#', or false when the reference leaves this schema. */
static bool local_fragment(struct compiler *c, str ref, str *ret)
{
    str id = json_get_str(c->source, c->dialect == DRAFT_4 ? STR("id") : STR("$id"));

    id = str_sub(id, 0, str_find(id, '#'));
    if (id.len && str_starts(ref, id))
        ref = str_sub(ref, id.len, ref.len);
    if (ref.len && ref.at[0] != '#')
        return false;
    *ret = str_sub(ref, 1, ref.len);
    return true;
}

static bool wait_for_anchor(struct compiler *c, const struct json *source, str name,
                            const struct block **target)
{
    struct pending *p = arena_alloc(c->a, sizeof(*p));

    if (!p)
        return err_limit(c->e);
    *p = (struct pending){c->pending, name, source, target};
    c->pending = p;
    return true;
}

bool add_ref(struct site *s, const struct keyword *k, const struct json *value)
{
    struct compiler *c = s->c;
    struct step *step = compile_step(s, k->op, value);
    const struct block **target = arena_alloc(c->a, sizeof(*target));
    const struct json *source = NULL;
    str fragment;

    if (!target)
        return err_limit(c->e);
    step->blocks = target;
    step->block_count = 1;
    if (!local_fragment(c, value->text, &fragment)) {
        compile_fail(c, value, "'%.*s' refers to another schema", STR_ARG(value->text));
        return err_fix(c->e, "copy it below $defs and refer to it as '#/$defs/name'");
    }
    if (fragment.len && fragment.at[0] != '/')
        return wait_for_anchor(c, value, fragment, target);
    if (!follow_pointer(c, value, fragment, &source))
        return false;
    if (!shape_is_schema(source))
        return compile_fail(c, value, "'%.*s' refers to what is no schema",
                            STR_ARG(value->text));
    *target = compile_block(c, source);
    return *target != NULL;
}

/* ---- $anchor and $id ---- */

static const struct anchor *find_anchor(const struct compiler *c, str name)
{
    for (const struct anchor *at = c->anchors; at; at = at->next)
        if (str_equal(at->name, name))
            return at;
    return NULL;
}

bool add_anchor(struct site *s, const struct keyword *k, const struct json *value)
{
    struct compiler *c = s->c;
    struct anchor *anchor = arena_alloc(c->a, sizeof(*anchor));

    (void)k;
    if (!anchor)
        return err_limit(c->e);
    if (find_anchor(c, value->text))
        return compile_fail(c, value, "there are two anchors '%.*s'", STR_ARG(value->text));
    *anchor = (struct anchor){c->anchors, value->text, s->schema};
    c->anchors = anchor;
    return true;
}

bool ref_resolve_anchors(struct compiler *c)
{
    for (struct pending *p = c->pending; p; p = p->next) {
        const struct anchor *anchor = find_anchor(c, p->anchor);

        if (!anchor) {
            compile_fail(c, p->source, "there is no anchor '%.*s'", STR_ARG(p->anchor));
            return err_fix(c->e, "to refer to a definition write '#/$defs/%.*s'",
                           STR_ARG(p->anchor));
        }
        *p->target = compile_block(c, anchor->schema);
        if (!*p->target)
            return false;
    }
    return true;
}

bool add_id(struct site *s, const struct keyword *k, const struct json *value)
{
    bool has_fragment = str_find(value->text, '#') + 1 < value->text.len;

    if (str_is(str_of(k->name), "id") && s->c->dialect != DRAFT_4) {
        compile_fail(s->c, value, "'id' is not a JSON Schema keyword");
        return err_fix(s->c->e, "write '$id'");
    }
    if (s->schema == s->c->source && !has_fragment)
        return true;
    compile_fail(s->c, value, "'%s' %s is not followed by this version", k->name,
                 has_fragment ? "with a fragment" : "below the top");
    return err_fix(s->c->e, "remove it, and refer to the place as '#/...'");
}

/* ---- $schema ---- */

static const struct {
    str uri;
    enum dialect dialect;
} dialects[] = {
    {STR_INIT("https://json-schema.org/draft/2020-12/schema"), DRAFT_2020},
    {STR_INIT("https://json-schema.org/draft/2019-09/schema"), DRAFT_2019},
    {STR_INIT("http://json-schema.org/draft-07/schema"), DRAFT_7},
    {STR_INIT("http://json-schema.org/draft-06/schema"), DRAFT_6},
    {STR_INIT("http://json-schema.org/draft-04/schema"), DRAFT_4},
};

/* Some write an empty fragment, some http for https and the reverse. */
static str bare_uri(str uri)
{
    if (str_ends(uri, STR("#")))
        uri.len--;
    if (str_starts(uri, STR("https://")))
        return str_sub(uri, 8, uri.len);
    return str_starts(uri, STR("http://")) ? str_sub(uri, 7, uri.len) : uri;
}

bool dialect_read(struct compiler *c)
{
    static const enum dialect by_option[] = {
        [SCHEMA_2020_12] = DRAFT_2020,  [SCHEMA_2019_09] = DRAFT_2019,
        [SCHEMA_DRAFT_7] = DRAFT_7,     [SCHEMA_DRAFT_6] = DRAFT_6,
        [SCHEMA_DRAFT_4] = DRAFT_4,     [SCHEMA_OPENAPI_3_1] = DRAFT_2020,
        [SCHEMA_OPENAPI_3_0] = DRAFT_4,
    };
    const struct json *v = json_get(c->source, STR("$schema"));

    c->dialect = by_option[c->options->dialect];
    if (!v)
        return true;
    for (size_t i = 0; v->kind == JSON_STRING && i < COUNT(dialects); i++)
        if (str_equal(bare_uri(v->text), bare_uri(dialects[i].uri))) {
            c->dialect = dialects[i].dialect;
            return true;
        }
    compile_fail(c, v, "$schema names a dialect that fnward does not know");
    return err_fix(c->e, "write \"%s\"", dialects[0].uri.at);
}

bool add_dialect(struct site *s, const struct keyword *k, const struct json *value)
{
    (void)k;
    if (s->schema == s->c->source)
        return true;
    return compile_fail(s->c, value, "$schema stands at the top of a schema only");
}
