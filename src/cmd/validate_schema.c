/* The schema of fnward validate, and the documents that its references may reach. */
#include "cmd/validate.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SCHEMA_BYTES_MAX = 64 << 20, FOLDER_DEPTH_MAX = 16 };

/* A path as part of a URI. */
static str uri_path(struct arena *a, str path)
{
    CLEANUP(buf_free) struct buf b = {0};

    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.at[i];

        if (c <= 0x20 || c >= 0x7f || strchr("\"#%<>?[\\]^`{|}", c))
            buf_addf(&b, "%%%02X", c);
        else
            buf_addc(&b, (char)c);
    }
    return arena_str(a, buf_str(&b));
}

static str file_uri(struct arena *a, const char *path)
{
    CLEANUP(buf_free) struct buf b = {0};
    char *real = realpath(path, NULL);

    buf_add(&b, STR("file://"));
    buf_add(&b, uri_path(a, str_of(real ? real : path)));
    free(real);
    return arena_str(a, buf_str(&b));
}

static bool read_source(struct arena *a, const char *file, struct validate_source *ret,
                        struct err *e)
{
    struct json *root;

    ret->file = strcmp(file, "-") == 0 ? "stdin" : file;
    if (strcmp(file, "-") == 0 ? !fd_read_all(a, 0, SCHEMA_BYTES_MAX, &ret->text, e)
                               : !file_read(a, file, SCHEMA_BYTES_MAX, &ret->text, e))
        return false;
    if (!validate_parse(a, ret->text, ret->file, &root, e))
        return false;
    ret->root = root;
    return true;
}

/* ---- --schema-dir [URI=]DIR ---- */

struct folder {
    struct validator *v;
    struct schema_document *documents;
    struct validate_source *sources;
    size_t count;
    str uri; /* what the directory stands for; empty: its own file:// URI */
    size_t root_len; /* of the directory's path */
    struct err *e;
};

static bool is_schema_name(str name)
{
    return str_ends(name, STR(".json")) || str_ends(name, STR(".yaml")) ||
           str_ends(name, STR(".yml"));
}

static bool add_document(struct folder *f, str uri, const struct validate_source *source)
{
    if (f->count == VALIDATE_DOCUMENTS_MAX)
        return err_set(f->e, ERR_LIMIT, "more than %d schemas in the schema directory",
                       VALIDATE_DOCUMENTS_MAX);
    if (!uri.at)
        return err_limit(f->e);
    f->sources[f->count] = *source;
    f->documents[f->count++] = (struct schema_document){.uri = uri, .root = source->root};
    return true;
}

/* By its place in the directory; a schema's own $id is known to the compiler. */
static bool add_file(struct folder *f, str path)
{
    struct validate_source source;
    str inside = uri_path(f->v->a, str_sub(path, f->root_len + 1, path.len));
    str uri = f->uri.len ? arena_format(f->v->a, "%.*s%.*s", STR_ARG(f->uri), STR_ARG(inside))
                         : file_uri(f->v->a, path.at);
    str id;

    if (!read_source(f->v->a, path.at, &source, f->e) || !add_document(f, uri, &source))
        return false;
    id = json_get_str(source.root, STR("$id"));
    return !id.len || str_starts(id, STR("#")) || add_document(f, id, &source);
}

static void close_directory(DIR **d)
{
    if (*d)
        closedir(*d);
}

static bool walk(struct folder *f, str path, unsigned depth)
{
    CLEANUP(close_directory) DIR *d = opendir(path.at);
    struct dirent *entry;

    if (!d)
        return err_sys(f->e, "cannot open '%s'", path.at);
    if (depth > FOLDER_DEPTH_MAX)
        return err_set(f->e, ERR_LIMIT, "'%s' is more than %d directories deep", path.at,
                       FOLDER_DEPTH_MAX);
    while ((entry = readdir(d))) {
        str inside = path_join(f->v->a, path, str_of(entry->d_name));
        struct stat st;

        if (!inside.at)
            return err_limit(f->e);
        if (entry->d_name[0] == '.' || lstat(inside.at, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode)
                ? !walk(f, inside, depth + 1)
                : S_ISREG(st.st_mode) && is_schema_name(inside) && !add_file(f, inside))
            return false;
    }
    return true;
}

static bool load_folder(struct validator *v, const char *argument, struct err *e)
{
    struct folder f = {.v = v, .e = e};
    const char *equals = strstr(argument, "=");
    str path = path_clean(v->a, str_of(equals ? equals + 1 : argument));

    f.documents = arena_array(v->a, VALIDATE_DOCUMENTS_MAX, sizeof(*f.documents));
    f.sources = arena_array(v->a, VALIDATE_DOCUMENTS_MAX, sizeof(*f.sources));
    if (!f.documents || !f.sources || !path.at)
        return err_limit(e);
    if (equals)
        f.uri = (str){argument, (size_t)(equals - argument)};
    f.root_len = path.len;
    if (!walk(&f, path, 0))
        return false;
    v->options.documents = f.documents;
    v->options.document_count = f.count;
    v->pinned = f.sources;
    return true;
}

bool validate_load(struct validator *v, const char *file, const char *schema_dir, struct err *e)
{
    struct validate_source *s = &v->schema_source;
    uint32_t offset = 0;

    if (!read_source(v->a, file, s, e))
        return false;
    v->options.base = strcmp(file, "-") == 0 ? STR("urn:fnward:stdin") : file_uri(v->a, file);
    v->options.lenient = true;
    if (!v->options.base.at)
        return err_limit(e);
    if (schema_dir && !load_folder(v, schema_dir, e))
        return false;
    if (schema_compile(v->a, s->root, &v->options, &v->schema, &offset, e))
        return true;
    e->at = json_value_place(s->text, s->file, offset);
    if (strstr(e->what, "refers to another schema"))
        return err_fix(e, "--schema-dir [URI=]DIR names the directory that has it");
    return false;
}

/* ---- where a keyword stands ---- */

static bool find_in(const struct validate_source *s, str pointer, struct validate_source *ret)
{
    if (!json_pointer(s->root, pointer, NULL))
        return false;
    *ret = *s;
    return true;
}

/* The root of a document may have given itself another name than the one it was loaded by. */
static bool is_called(const struct json *root, str base, str uri)
{
    str id = json_get_str(root, STR("$id"));

    return str_equal(uri, base) || (id.len && str_equal(uri, id));
}

bool validate_find(const struct validator *v, const struct schema_problem *p,
                   struct validate_source *ret, str *pointer)
{
    str rest = p->keyword_uri, uri;

    if (!rest.len || !str_cut(&rest, '#', &uri) || !rest.at)
        return false;
    *pointer = rest;
    if (is_called(v->schema_source.root, v->options.base, uri))
        return find_in(&v->schema_source, rest, ret);
    for (size_t i = 0; i < v->options.document_count; i++)
        if (is_called(v->pinned[i].root, v->options.documents[i].uri, uri))
            return find_in(&v->pinned[i], rest, ret);
    return false;
}
