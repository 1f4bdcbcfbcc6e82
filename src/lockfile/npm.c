/* npm: package-lock.json and npm-shrinkwrap.json, versions 1 to 3. */
#include "lockfile/build.h"

/* "npm:name@1.0.0", what an alias stands for. */
static bool take_alias(str *name, str *version)
{
    str target = *version;

    if (!str_starts(target, STR("npm:")))
        return false;
    target = str_sub(target, 4, target.len);
    if (before_last(target, '@').len) {
        *name = before_last(target, '@');
        *version = after_last(target, '@');
    } else {
        *name = target;
        *version = STR("");
    }
    return true;
}

static void read_source(struct lockfile_package *p, str where)
{
    p->origin = where;
    if (is_git(where)) {
        p->source = SOURCE_GIT;
        p->origin = str_find(where, '#') < where.len ? after_last(where, '#') : where;
    } else if (str_starts(where, STR("file:"))) {
        p->source = SOURCE_PATH;
    } else if (str_find_str(where, STR("/-/")) == where.len && where.len) {
        p->source = SOURCE_URL;
    }
}

static void read_marks(struct lockfile_package *p, const struct json *v)
{
    p->dev =
        json_is_true(json_get(v, STR("dev"))) || json_is_true(json_get(v, STR("devOptional")));
    p->optional = json_is_true(json_get(v, STR("optional"))) ||
                  json_is_true(json_get(v, STR("devOptional")));
    p->peer = json_is_true(json_get(v, STR("peer")));
    p->hash = json_get_str(v, STR("integrity"));
    p->has_integrity = p->hash.len > 0;
    p->pinned = true;
}

/* ---- versions 2 and 3: packages by their paths ---- */

static const str modules = STR_INIT("node_modules/");

/* "node_modules/a/node_modules/@b/c" is @b/c. */
static str name_of(str path)
{
    for (size_t i = path.len; i-- > 0;)
        if (str_starts(str_sub(path, i, path.len), modules) && (!i || path.at[i - 1] == '/'))
            return str_sub(path, i + modules.len, path.len);
    return after_last(path, '/');
}

/* Where Node looks for `name` from a package: its own node_modules, then those above it. */
static str resolve(struct builder *b, str path, str name)
{
    for (;;) {
        str key = path.len ? joined(b, "%.*s/node_modules/%.*s", STR_ARG(path), STR_ARG(name))
                           : joined(b, "node_modules/%.*s", STR_ARG(name));

        if (find_key(b, key) != LOCKFILE_ROOT || !path.len)
            return key;
        path = before_last(path, '/');
        while (path.len && !str_is(after_last(path, '/'), "node_modules"))
            path = before_last(path, '/');
        path = before_last(path, '/');
    }
}

static const struct {
    const char *name;
    unsigned flags;
} kinds[] = {{"dependencies", 0},
             {"devDependencies", NEED_DEV},
             {"optionalDependencies", NEED_OPTIONAL},
             {"peerDependencies", NEED_PEER}};

static bool add_needs(struct builder *b, uint32_t by, str path, const struct json *v)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const struct json *list = json_get(v, str_of(kinds[k].name));

        /* What a package needs for its own development is not installed with it. */
        if (!list || list->kind != JSON_OBJECT || (kinds[k].flags == NEED_DEV && path.len))
            continue;
        for (uint32_t i = 0; i < list->count; i++) {
            const struct json_member *m = &list->members[i];
            str wanted = m->value.kind == JSON_STRING ? m->value.text : STR("");

            if (!add_need(b, by, resolve(b, path, m->name), wanted, kinds[k].flags))
                return false;
        }
    }
    return true;
}

static bool add_path(struct builder *b, const struct json_member *m)
{
    const struct json *v = &m->value;
    struct lockfile_package p = {.ecosystem = STR("npm"),
                                 .name = json_get_str(v, STR("name")),
                                 .version = json_get_str(v, STR("version"))};
    bool is_ours = !str_starts(m->name, modules) &&
                   str_find_str(m->name, STR("/node_modules/")) == m->name.len;
    uint32_t i;

    if (!m->name.len || json_is_true(json_get(v, STR("link"))))
        return true; /* the project; a link to one of its parts */
    if (!p.name.len)
        p.name = name_of(m->name);
    read_marks(&p, v);
    read_source(&p, json_get_str(v, STR("resolved")));
    if (is_ours) {
        p.source = SOURCE_PATH;
        p.origin = m->name;
    }
    return add_package(b, &p, m->at, &i) && add_key(b, i, m->name);
}

/* A link is the package that it leads to. */
static bool add_link(struct builder *b, const struct json_member *m)
{
    uint32_t to = find_key(b, json_get_str(&m->value, STR("resolved")));

    return !json_is_true(json_get(&m->value, STR("link"))) || to == LOCKFILE_ROOT ||
           add_key(b, to, m->name);
}

static bool read_paths(struct builder *b, const struct json *packages)
{
    b->marks_known = true;
    for (uint32_t i = 0; i < packages->count; i++)
        if (!add_path(b, &packages->members[i]))
            return false;
    for (uint32_t i = 0; i < packages->count; i++)
        if (!add_link(b, &packages->members[i]))
            return false;
    for (uint32_t i = 0; i < packages->count; i++) {
        const struct json_member *m = &packages->members[i];
        uint32_t by = m->name.len ? find_key(b, m->name) : LOCKFILE_ROOT;

        if ((!m->name.len || by != LOCKFILE_ROOT) && !add_needs(b, by, m->name, &m->value))
            return false;
    }
    return true;
}

/* ---- version 1: packages inside packages ---- */

enum { NESTING_MAX = 60 };

static bool read_nested(struct builder *b, const struct json *list, str path, unsigned depth);

static bool add_nested(struct builder *b, const struct json_member *m, str path, unsigned depth)
{
    str key = path.len ? joined(b, "%.*s/node_modules/%.*s", STR_ARG(path), STR_ARG(m->name))
                       : joined(b, "node_modules/%.*s", STR_ARG(m->name));
    struct lockfile_package p = {.ecosystem = STR("npm"),
                                 .name = m->name,
                                 .version = json_get_str(&m->value, STR("version"))};
    uint32_t i;

    read_marks(&p, &m->value);
    read_source(&p, json_get_str(&m->value, STR("resolved")));
    if (!take_alias(&p.name, &p.version) &&
        (is_git(p.version) || str_starts(p.version, STR("file:")) ||
         str_starts(p.version, STR("http")))) {
        read_source(&p, p.version);
        p.version = STR("");
    }
    return add_package(b, &p, m->at, &i) && add_key(b, i, key) &&
           read_nested(b, json_get(&m->value, STR("dependencies")), key, depth + 1);
}

static bool read_nested(struct builder *b, const struct json *list, str path, unsigned depth)
{
    if (!list || list->kind != JSON_OBJECT)
        return true;
    if (depth > NESTING_MAX)
        return err_set(b->e, ERR_LIMIT, "packages nested more than %d deep", NESTING_MAX);
    for (uint32_t i = 0; i < list->count; i++)
        if (!add_nested(b, &list->members[i], path, depth))
            return false;
    return true;
}

static bool nested_needs(struct builder *b, const struct json *list, str path)
{
    for (uint32_t i = 0; list && list->kind == JSON_OBJECT && i < list->count; i++) {
        const struct json_member *m = &list->members[i];
        str key = path.len
                      ? joined(b, "%.*s/node_modules/%.*s", STR_ARG(path), STR_ARG(m->name))
                      : joined(b, "node_modules/%.*s", STR_ARG(m->name));
        const struct json *needs = json_get(&m->value, STR("requires"));

        for (uint32_t k = 0; needs && needs->kind == JSON_OBJECT && k < needs->count; k++)
            if (!add_need(b, find_key(b, key), resolve(b, key, needs->members[k].name), STR(""),
                          0))
                return false;
        if (!nested_needs(b, json_get(&m->value, STR("dependencies")), key))
            return false;
    }
    return true;
}

/* The file does not say which ones are direct: those that no other needs. */
static bool root_needs(struct builder *b, const struct json *list)
{
    bool *needed = arena_array(b->a, b->file->count + 1, sizeof(*needed));

    if (!needed)
        return err_limit(b->e);
    for (size_t i = 0; i < b->need_count; i++) {
        uint32_t to = find_key(b, b->needs[i].key);

        needed[to == LOCKFILE_ROOT ? b->file->count : to] = true;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        str key = joined(b, "node_modules/%.*s", STR_ARG(list->members[i].name));
        uint32_t to = find_key(b, key);

        if (to != LOCKFILE_ROOT && !needed[to] && !add_need(b, LOCKFILE_ROOT, key, STR(""), 0))
            return false;
    }
    return true;
}

bool read_package_lock(struct builder *b)
{
    const struct json *packages, *nested;
    struct json *v;

    if (!read_json(b, &v))
        return false;
    packages = json_get(v, STR("packages"));
    nested = json_get(v, STR("dependencies"));
    if (packages && packages->kind == JSON_OBJECT)
        return read_paths(b, packages);
    if (!nested)
        return true;
    if (nested->kind != JSON_OBJECT)
        return add_note(b, nested->at, "'dependencies' is not an object");
    b->marks_known = true;
    return read_nested(b, nested, STR(""), 0) && nested_needs(b, nested, STR("")) &&
           root_needs(b, nested);
}
