/* $schema: which draft, and which of its vocabularies. */
#include "schema/sources.h"
#include "schema/uri.h"

static const struct {
    str uri;
    struct meaning meaning;
} dialects[] = {
    {STR_INIT("https://json-schema.org/draft/2020-12/schema"), {DRAFT_2020, IN_STANDARD}},
    {STR_INIT("https://json-schema.org/draft/2019-09/schema"), {DRAFT_2019, IN_STANDARD}},
    {STR_INIT("http://json-schema.org/draft-07/schema"), {DRAFT_7, IN_STANDARD}},
    {STR_INIT("http://json-schema.org/draft-06/schema"), {DRAFT_6, IN_STANDARD}},
    {STR_INIT("http://json-schema.org/draft-04/schema"), {DRAFT_4, IN_STANDARD}},
    {STR_INIT("https://spec.openapis.org/oas/3.1/dialect/base"),
     {DRAFT_2020, IN_STANDARD | IN_OPENAPI_3_1}},
};

static const struct {
    str name;
    unsigned vocabularies, in_2019;
} vocabularies[] = {
    {STR_INIT("core"), IN_CORE, IN_CORE},
    {STR_INIT("applicator"), IN_APPLICATOR, IN_APPLICATOR | IN_UNEVALUATED},
    {STR_INIT("unevaluated"), IN_UNEVALUATED, 0},
    {STR_INIT("validation"), IN_VALIDATION, IN_VALIDATION},
    {STR_INIT("meta-data"), IN_METADATA, IN_METADATA},
    {STR_INIT("format"), 0, IN_FORMAT},
    {STR_INIT("format-annotation"), IN_FORMAT, 0},
    {STR_INIT("format-assertion"), IN_FORMAT | IN_ASSERTION, 0},
    {STR_INIT("content"), IN_CONTENT, IN_CONTENT},
};

struct meaning dialect_of_option(enum schema_dialect dialect)
{
    static const struct meaning meanings[] = {
        [SCHEMA_2020_12] = {DRAFT_2020, IN_STANDARD},
        [SCHEMA_2019_09] = {DRAFT_2019, IN_STANDARD},
        [SCHEMA_DRAFT_7] = {DRAFT_7, IN_STANDARD},
        [SCHEMA_DRAFT_6] = {DRAFT_6, IN_STANDARD},
        [SCHEMA_DRAFT_4] = {DRAFT_4, IN_STANDARD},
        [SCHEMA_OPENAPI_3_1] = {DRAFT_2020, IN_STANDARD | IN_OPENAPI_3_1},
        [SCHEMA_OPENAPI_3_0] = {DRAFT_4, IN_STANDARD | IN_OPENAPI_3_0},
    };

    return meanings[dialect];
}

bool dialect_ignores_siblings(struct meaning m)
{
    return m.dialect <= DRAFT_7;
}

/* Some write an empty fragment, some http for https and the reverse. */
static str bare_uri(str uri)
{
    if (str_ends(uri, STR("#")))
        uri.len--;
    if (str_starts(uri, STR("https://")))
        return str_sub(uri, 8, uri.len);
    return str_starts(uri, STR("http://")) ? str_sub(uri, 7, uri.len) : uri;
}

static bool find_standard(str uri, struct meaning *ret)
{
    for (size_t i = 0; i < COUNT(dialects); i++)
        if (str_equal(bare_uri(uri), bare_uri(dialects[i].uri))) {
            *ret = dialects[i].meaning;
            return true;
        }
    return false;
}

static const struct json *find_document(const struct sources *s, str uri)
{
    const struct schema_options *o = s->options;

    for (size_t i = 0; i < o->document_count; i++)
        if (str_equal(uri_without_fragment(o->documents[i].uri), uri_without_fragment(uri)) ||
            str_equal(json_get_str(o->documents[i].root, STR("$id")), uri))
            return o->documents[i].root;
    return NULL;
}

/* What the vocabulary brings; false when it is none of the standard's. */
static bool find_vocabulary(str uri, unsigned *ret)
{
    str at = STR("https://json-schema.org/draft/"), name;
    bool in_2019;

    if (!str_starts(uri, at))
        return false;
    in_2019 = str_starts(str_sub(uri, at.len, uri.len), STR("2019-09/vocab/"));
    name = str_sub(uri, at.len + sizeof("2019-09/vocab/") - 1, uri.len);
    for (size_t i = 0; i < COUNT(vocabularies); i++)
        if (str_equal(name, vocabularies[i].name)) {
            *ret = in_2019 ? vocabularies[i].in_2019 : vocabularies[i].vocabularies;
            return true;
        }
    return false;
}

/* A vocabulary that is not known may be ignored only where the metaschema says so. */
static bool read_vocabularies(struct sources *s, const struct json *site,
                              const struct json *list, struct meaning *ret)
{
    ret->vocabularies &= ~(unsigned)IN_STANDARD;
    for (uint32_t i = 0; list->kind == JSON_OBJECT && i < list->count; i++) {
        unsigned found = 0;

        if (!find_vocabulary(list->members[i].name, &found) &&
            list->members[i].value.kind == JSON_TRUE) {
            sources_fail(s, site, "$schema demands the vocabulary '%.*s', which is not known",
                         STR_ARG(list->members[i].name));
            return err_fix(s->e, "name it with false in the metaschema's $vocabulary");
        }
        ret->vocabularies |= found;
    }
    return true;
}

static bool read_custom(struct sources *s, const struct json *site, unsigned depth,
                        struct meaning *ret)
{
    const struct json *metaschema = find_document(s, site->text);
    const struct json *vocabulary = json_get(metaschema, STR("$vocabulary"));
    const struct json *above = json_get(metaschema, STR("$schema"));

    if (!metaschema || depth > 4) {
        sources_fail(s, site, "$schema names a dialect that fnward does not know");
        return err_fix(s->e, "write \"%s\"", dialects[0].uri.at);
    }
    if (above && above->kind == JSON_STRING && !find_standard(above->text, ret) &&
        !read_custom(s, above, depth + 1, ret))
        return false;
    return !vocabulary || read_vocabularies(s, site, vocabulary, ret);
}

bool dialect_read(struct sources *s, const struct json *root, struct meaning otherwise,
                  struct meaning *ret)
{
    const struct json *v = json_get(root, STR("$schema"));
    str openapi = json_get_str(root, STR("openapi"));
    struct meaning meaning = otherwise;

    if (str_starts(openapi, STR("3.0")))
        meaning = dialect_of_option(SCHEMA_OPENAPI_3_0);
    if (str_starts(openapi, STR("3.1")))
        meaning = dialect_of_option(SCHEMA_OPENAPI_3_1);
    if (openapi.len)
        v = json_get(root, STR("jsonSchemaDialect"));
    if (v && (v->kind != JSON_STRING ||
              (!find_standard(v->text, &meaning) && !read_custom(s, v, 0, &meaning)))) {
        if (v->kind != JSON_STRING)
            sources_fail(s, v, "$schema names a dialect that fnward does not know");
        return false;
    }
    *ret = meaning;
    return true;
}
