/* Bun: bun.lock, JSON with comments and commas where none belong. */
#include "lockfile/build.h"

/* Overwritten by blanks, so that places stay what they are. */
static void blank(char *at, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (at[i] != '\n')
            at[i] = ' ';
}

static size_t skip_string(const char *at, size_t i, size_t len)
{
    for (i++; i < len && at[i] != '"'; i++)
        if (at[i] == '\\')
            i++;
    return i;
}

static size_t skip_comment(char *at, size_t i, size_t len)
{
    size_t end = i + 2;

    if (at[i + 1] == '/')
        while (end < len && at[end] != '\n')
            end++;
    else
        while (end < len && !(at[end] == '/' && at[end - 1] == '*' && end > i + 2))
            end++;
    end = end < len ? end + 1 : len;
    blank(at, i, end);
    return end - 1;
}

static void to_json(char *at, size_t len)
{
    size_t comma = len; /* the last one that only blanks follow */

    for (size_t i = 0; i < len; i++) {
        char c = at[i];

        if (c == '/' && i + 1 < len && (at[i + 1] == '/' || at[i + 1] == '*')) {
            i = skip_comment(at, i, len);
            continue;
        }
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
            continue;
        if ((c == '}' || c == ']') && comma < len)
            at[comma] = ' ';
        comma = c == ',' ? i : len;
        if (c == '"')
            i = skip_string(at, i, len);
    }
}

static const struct json *item(const struct json *v, uint32_t i)
{
    return v->kind == JSON_ARRAY && i < v->count ? &v->items[i] : NULL;
}

/* The object of the entry: the second or third item, by where the package is from. */
static const struct json *details(const struct json *v)
{
    for (uint32_t i = 1; i < 3; i++)
        if (item(v, i) && item(v, i)->kind == JSON_OBJECT)
            return item(v, i);
    return NULL;
}

static bool add_entry(struct builder *b, const struct json_member *m)
{
    const struct json *first = item(&m->value, 0);
    struct lockfile_package p = {.ecosystem = STR("npm"), .pinned = true};
    size_t at;
    str what;
    uint32_t i;

    if (!first || first->kind != JSON_STRING)
        return add_note(b, m->at, "'%.*s' is not a package", STR_ARG(str_sub(m->name, 0, 80)));
    what = first->text;
    at = 1 + str_find(str_sub(what, 1, what.len), '@');
    p.name = str_sub(what, 0, at);
    p.version = str_sub(what, at + 1, what.len);
    if (str_starts(p.version, STR("workspace:")))
        return true;
    if (is_git(p.version) || str_starts(p.version, STR("file:")) ||
        str_starts(p.version, STR("link:")) || str_starts(p.version, STR("http"))) {
        p.source = is_git(p.version)        ? SOURCE_GIT
                   : p.version.at[0] == 'h' ? SOURCE_URL
                                            : SOURCE_PATH;
        p.origin = p.source == SOURCE_GIT ? after_last(p.version, '#') : p.version;
        p.version = STR("");
    }
    p.has_integrity = item(&m->value, 3) != NULL;
    if (p.has_integrity && item(&m->value, 3)->kind == JSON_STRING)
        p.hash = item(&m->value, 3)->text;
    return add_package(b, &p, m->at, &i) && add_key(b, i, m->name);
}

/* "a/b" is the b of a: looked for from the innermost outwards. */
static str resolve(struct builder *b, str path, str name)
{
    for (;;) {
        str key = path.len ? joined(b, "%.*s/%.*s", STR_ARG(path), STR_ARG(name)) : name;

        if (find_key(b, key) != LOCKFILE_ROOT || !path.len)
            return key;
        path = before_last(path, '/');
    }
}

static bool add_needs(struct builder *b, uint32_t by, str path, const struct json *v,
                      const char *kind, unsigned flags)
{
    const struct json *list = json_get(v, str_of(kind));

    for (uint32_t i = 0; list && list->kind == JSON_OBJECT && i < list->count; i++) {
        const struct json_member *m = &list->members[i];

        if (!add_need(b, by, resolve(b, path, m->name),
                      m->value.kind == JSON_STRING ? m->value.text : STR(""), flags))
            return false;
    }
    return true;
}

static bool add_all_needs(struct builder *b, uint32_t by, str path, const struct json *v)
{
    return add_needs(b, by, path, v, "dependencies", 0) &&
           add_needs(b, by, path, v, "optionalDependencies", NEED_OPTIONAL) &&
           add_needs(b, by, path, v, "peerDependencies", NEED_PEER);
}

static bool read_packages(struct builder *b, const struct json *packages)
{
    for (uint32_t i = 0; i < packages->count; i++)
        if (!add_entry(b, &packages->members[i]))
            return false;
    for (uint32_t i = 0; i < packages->count; i++) {
        const struct json_member *m = &packages->members[i];
        uint32_t by = find_key(b, m->name);

        if (by != LOCKFILE_ROOT && !add_all_needs(b, by, m->name, details(&m->value)))
            return false;
    }
    return true;
}

bool read_bun(struct builder *b)
{
    str copy = arena_str(b->a, b->text);
    const struct json *packages, *workspaces;
    struct json *v;

    if (!copy.at)
        return err_limit(b->e);
    to_json((char *)copy.at, copy.len);
    b->text = copy;
    if (!read_json(b, &v))
        return false;
    packages = json_get(v, STR("packages"));
    workspaces = json_get(v, STR("workspaces"));
    if (packages && packages->kind == JSON_OBJECT && !read_packages(b, packages))
        return false;
    for (uint32_t i = 0; workspaces && workspaces->kind == JSON_OBJECT && i < workspaces->count;
         i++) {
        const struct json *w = &workspaces->members[i].value;

        if (!add_all_needs(b, LOCKFILE_ROOT, STR(""), w) ||
            !add_needs(b, LOCKFILE_ROOT, STR(""), w, "devDependencies", NEED_DEV))
            return false;
    }
    return true;
}
