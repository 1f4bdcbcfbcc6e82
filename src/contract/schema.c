/*
 * schema: the JSON Schemas that a contract holds or names. What they say is for the room
 * schema; here they are found and read.
 */
#include "contract/read.h"

enum { SCHEMA_BYTES_MAX = 1 << 20 };

struct schema_file {
    str name;
    const struct json *source;
    const struct schema_file *next;
};

static const char example[] = "schemas/order.json, or {type: object, properties: {id: {type: "
                              "integer}}}";

static bool must_be_object(struct reader *r, struct place at, const struct json *source)
{
    if (source->kind == JSON_OBJECT)
        return true;
    err_at(r->e, at, "a JSON Schema here must be an object");
    return err_fix(r->e, "for example: {type: object, additionalProperties: false}");
}

static bool parse(struct reader *r, str text, const char *name, struct json **ret)
{
    struct yaml *y;

    if (str_ends(str_of(name), STR(".json"))) {
        struct json_limits limits = {SCHEMA_BYTES_MAX, YAML_DEPTH_MAX, YAML_NODES_MAX};

        if (json_read(r->a, text, &limits, ret, r->e))
            return true;
        r->e->at.file = name;
        return false;
    }
    return yaml_read(r->a, text, name, &y, r->e) && yaml_to_json(r->a, y, ret, r->e);
}

static bool load(struct reader *r, const struct yaml *value, str path, struct schema_file *file)
{
    struct json *source;
    str text;

    if (!r->files->read(r->files->self, r->a, path.at, SCHEMA_BYTES_MAX, &text, r->e)) {
        r->e->at = value->at;
        return err_fix(r->e, "a schema's path counts from the contract's directory");
    }
    if (!parse(r, text, file->name.at, &source))
        return false;
    file->source = source;
    return must_be_object(r, value->at, source);
}

/* Reads each file once, however often it is named. */
static const struct schema_file *find_file(struct reader *r, const struct yaml *value, str path)
{
    str name = str_sub(path, r->contract->root.len + 1, path.len);
    struct schema_file *file;

    if (str_is(r->contract->root, "/"))
        name = str_sub(path, 1, path.len);
    for (const struct schema_file *f = r->schemas; f; f = f->next)
        if (str_equal(f->name, name))
            return f;
    file = arena_alloc(r->a, sizeof(*file));
    if (!file) {
        err_limit(r->e);
        return NULL;
    }
    *file = (struct schema_file){.name = name, .next = r->schemas};
    if (!load(r, value, path, file))
        return NULL;
    r->schemas = file;
    return file;
}

static bool read_inline(struct reader *r, const struct yaml *value, struct contract_schema *ret)
{
    struct json *source;

    if (!yaml_to_json(r->a, value, &source, r->e))
        return false;
    *ret = (struct contract_schema){
        .source = source, .name = str_of(r->contract->file), .at = value->at};
    return true;
}

bool read_schema(struct reader *r, const struct yaml *value, struct contract_schema *ret)
{
    const struct schema_file *file;
    str path;

    if (value->kind == YAML_MAP)
        return read_inline(r, value, ret);
    if (value->kind != YAML_STRING || !value->text.len || value->tag.len) {
        err_at(r->e, value->at, "a JSON Schema or the name of its file must stand here, not %s",
               value->kind == YAML_STRING ? "this" : yaml_kind_name(value->kind));
        return err_fix(r->e, "for example: %s", example);
    }
    if (!path_in_project(r, value, "a schema", &path))
        return false;
    file = find_file(r, value, path);
    if (!file)
        return false;
    *ret =
        (struct contract_schema){.source = file->source, .name = file->name, .at = value->at};
    return true;
}
