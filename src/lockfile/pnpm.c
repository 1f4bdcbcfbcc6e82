/* pnpm: pnpm-lock.yaml of versions 5 to 9. */
#include "lockfile/build.h"

/* "1.2.3(react@18.0.0)", "1.2.3_react@18.0.0": without what it was built beside. */
static str without_peers(str version)
{
    size_t bracket = str_find(version, '('), joint = str_find(version, '_');

    return str_sub(version, 0, bracket < joint ? bracket : joint);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "/name/1.0.0", "/@scope/name/1.0.0" of version 5; "/name@1.0.0" of 6; "name@1.0.0" of 9. A host
 * may stand in front. */
static void split_path(str path, str *name, str *version)
{
    size_t bracket = str_find(path, '(');
    str plain = str_sub(path, 0, bracket), last;

    if (plain.len && plain.at[0] == '/')
        plain = str_sub(plain, 1, plain.len);
    last = after_last(plain, '/');
    if (str_find_str(plain, STR("@http")) < plain.len) {
        *name = str_sub(plain, 0, str_find_str(plain, STR("@http")));
        *version = STR("");
    } else if (is_digit(last.len ? last.at[0] : 'x') && before_last(plain, '/').len) {
        *version = without_peers(last);
        *name = before_last(plain, '/');
    } else if (str_find(str_sub(plain, 1, plain.len), '@') + 1 < plain.len) {
        size_t at = 1 + str_find(str_sub(plain, 1, plain.len), '@');

        *name = str_sub(plain, 0, at);
        *version = without_peers(str_sub(plain, at + 1, plain.len));
    } else {
        *name = *version = STR("");
    }
    /* "registry.example.org/foo", "registry.example.org/@foo/bar" */
    if (str_find(*name, '.') < str_find(*name, '/') && name->at[0] != '@')
        *name = str_sub(*name, str_find(*name, '/') + 1, name->len);
}

static str text_of(const struct json *v, str name)
{
    const struct json *t = json_get(v, name);

    return t && (t->kind == JSON_STRING || t->kind == JSON_NUMBER) ? t->text : STR("");
}

static void read_source(struct lockfile_package *p, const struct json *resolution)
{
    str tarball = json_get_str(resolution, STR("tarball"));

    p->hash = json_get_str(resolution, STR("integrity"));
    p->has_integrity = p->hash.len > 0;
    p->origin = text_of(resolution, STR("commit"));
    if (p->origin.len) {
        p->source = SOURCE_GIT;
    } else if (json_get_str(resolution, STR("directory")).len) {
        p->source = SOURCE_PATH;
        p->origin = json_get_str(resolution, STR("directory"));
    } else if (str_find_str(tarball, STR("codeload.github.com")) < tarball.len) {
        p->source = SOURCE_GIT;
        p->origin = after_last(tarball, '/');
    } else if (str_starts(tarball, STR("file:"))) {
        p->source = SOURCE_PATH;
        p->origin = tarball;
    } else if (tarball.len) {
        p->source = SOURCE_URL;
        p->origin = tarball;
    }
}

/* How others name it: by its path, by "name/version" or by "name@version", peers included. */
static str need_key(struct builder *b, str name, str version)
{
    str key = joined(b, "/%.*s/%.*s", STR_ARG(name), STR_ARG(version));

    if (find_key(b, key) != LOCKFILE_ROOT)
        return key;
    key = joined(b, "/%.*s@%.*s", STR_ARG(name), STR_ARG(version));
    if (find_key(b, key) != LOCKFILE_ROOT)
        return key;
    key = joined(b, "%.*s@%.*s", STR_ARG(name), STR_ARG(version));
    return find_key(b, key) != LOCKFILE_ROOT ? key : version;
}

static bool add_entry(struct builder *b, const struct json_member *m)
{
    const struct json *v = &m->value;
    struct lockfile_package p = {.ecosystem = STR("npm"), .pinned = true};
    uint32_t i;

    split_path(m->name, &p.name, &p.version);
    if (text_of(v, STR("name")).len)
        p.name = text_of(v, STR("name"));
    if (text_of(v, STR("version")).len)
        p.version = text_of(v, STR("version"));
    read_source(&p, json_get(v, STR("resolution")));
    if (!p.name.len || (!p.version.len && p.source == SOURCE_REGISTRY))
        return add_note(b, m->at, "'%.*s' is not a package and its version",
                        STR_ARG(str_sub(m->name, 0, 80)));
    p.dev = json_is_true(json_get(v, STR("dev")));
    p.optional = json_is_true(json_get(v, STR("optional")));
    b->marks_known |= json_get(v, STR("dev")) != NULL;
    return add_package(b, &p, m->at, &i) && add_key(b, i, m->name);
}

static bool add_needs(struct builder *b, uint32_t by, const struct json *list,
                      const struct json *specifiers, unsigned flags)
{
    for (uint32_t i = 0; list && list->kind == JSON_OBJECT && i < list->count; i++) {
        const struct json_member *m = &list->members[i];
        bool nested = m->value.kind == JSON_OBJECT;
        str version = nested ? text_of(&m->value, STR("version"))
                      : m->value.kind == JSON_STRING || m->value.kind == JSON_NUMBER
                          ? m->value.text
                          : STR("");
        str wanted =
            nested ? text_of(&m->value, STR("specifier")) : text_of(specifiers, m->name);

        if (!add_need(b, by, need_key(b, m->name, version), wanted, flags))
            return false;
    }
    return true;
}

static bool add_project(struct builder *b, const struct json *v)
{
    const struct json *specifiers = json_get(v, STR("specifiers"));

    return add_needs(b, LOCKFILE_ROOT, json_get(v, STR("dependencies")), specifiers, 0) &&
           add_needs(b, LOCKFILE_ROOT, json_get(v, STR("optionalDependencies")), specifiers,
                     NEED_OPTIONAL) &&
           add_needs(b, LOCKFILE_ROOT, json_get(v, STR("devDependencies")), specifiers,
                     NEED_DEV);
}

/* Version 9 keeps what packages need apart, by paths with their peers. */
static bool add_snapshots(struct builder *b, const struct json *snapshots)
{
    for (uint32_t i = 0; snapshots && snapshots->kind == JSON_OBJECT && i < snapshots->count;
         i++) {
        str path = snapshots->members[i].name;
        uint32_t package = find_key(b, str_sub(path, 0, str_find(path, '(')));

        if (package != LOCKFILE_ROOT && !add_key(b, package, path))
            return false;
    }
    for (uint32_t i = 0; snapshots && snapshots->kind == JSON_OBJECT && i < snapshots->count;
         i++) {
        const struct json *v = &snapshots->members[i].value;
        uint32_t by = find_key(b, snapshots->members[i].name);

        if (by != LOCKFILE_ROOT &&
            (!add_needs(b, by, json_get(v, STR("dependencies")), NULL, 0) ||
             !add_needs(b, by, json_get(v, STR("optionalDependencies")), NULL, NEED_OPTIONAL)))
            return false;
    }
    return true;
}

static bool add_entries(struct builder *b, const struct json *packages)
{
    for (uint32_t i = 0; i < packages->count; i++)
        if (!add_entry(b, &packages->members[i]))
            return false;
    for (uint32_t i = 0; i < packages->count; i++) {
        const struct json *v = &packages->members[i].value;
        uint32_t by = find_key(b, packages->members[i].name);

        if (by != LOCKFILE_ROOT &&
            (!add_needs(b, by, json_get(v, STR("dependencies")), NULL, 0) ||
             !add_needs(b, by, json_get(v, STR("optionalDependencies")), NULL, NEED_OPTIONAL)))
            return false;
    }
    return true;
}

bool read_pnpm(struct builder *b)
{
    const struct json *packages, *importers;
    struct json *v;

    if (!read_yaml(b, &v))
        return false;
    packages = json_get(v, STR("packages"));
    importers = json_get(v, STR("importers"));
    if (packages && packages->kind == JSON_OBJECT && !add_entries(b, packages))
        return false;
    if (!add_snapshots(b, json_get(v, STR("snapshots"))) || !add_project(b, v))
        return false;
    for (uint32_t i = 0; importers && importers->kind == JSON_OBJECT && i < importers->count;
         i++)
        if (!add_project(b, &importers->members[i].value))
            return false;
    return true;
}
