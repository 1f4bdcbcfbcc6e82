/* Python's lock files: Pipfile.lock, poetry.lock, pdm.lock, uv.lock, pylock.toml. */
#include "lockfile/build.h"

static bool has_word(const struct json *list, const char *word)
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++)
        if (list->items[i].kind == JSON_STRING && str_is(list->items[i].text, word))
            return true;
    return false;
}

static bool has_items(const struct json *v)
{
    return v && (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT) && v->count;
}

/* ---- Pipfile.lock ---- */

static bool add_pipfile(struct builder *b, const struct json_member *m, bool dev)
{
    str version = json_get_str(&m->value, STR("version"));
    struct lockfile_package p = {.ecosystem = STR("PyPI"),
                                 .name = python_name(b, m->name),
                                 .dev = dev,
                                 .pinned = true,
                                 .has_integrity =
                                     has_items(json_get(&m->value, STR("hashes")))};
    uint32_t i;

    p.version = str_starts(version, STR("==")) ? str_sub(version, 2, version.len) : version;
    if (json_get_str(&m->value, STR("git")).len) {
        p.source = SOURCE_GIT;
        p.origin = json_get_str(&m->value, STR("ref"));
    } else if (json_get_str(&m->value, STR("path")).len) {
        p.source = SOURCE_PATH;
        p.origin = json_get_str(&m->value, STR("path"));
    }
    p.direct = json_get_str(&m->value, STR("index")).len > 0;
    if (!p.version.len && p.source == SOURCE_REGISTRY)
        return add_note(b, m->at, "'%.*s' has no version", STR_ARG(str_sub(m->name, 0, 80)));
    return add_package(b, &p, m->at, &i) && add_key(b, i, p.name);
}

bool read_pipfile(struct builder *b)
{
    static const char *const groups[] = {"default", "develop"};
    struct json *v;

    if (!read_json(b, &v))
        return false;
    b->marks_known = true;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct json *list = json_get(v, str_of(groups[g]));

        for (uint32_t i = 0; list && list->kind == JSON_OBJECT && i < list->count; i++) {
            /* What both groups have is there for use. */
            if (g == 1 && find_key(b, python_name(b, list->members[i].name)) != LOCKFILE_ROOT)
                continue;
            if (!add_pipfile(b, &list->members[i], g == 1))
                return false;
        }
    }
    return true;
}

/* ---- the formats in TOML ---- */

/* Each package of the list under `name`, its own name and version read. */
static bool each_package(struct builder *b, const char *name,
                         bool (*add)(struct builder *b, const struct json *one,
                                     struct lockfile_package *p))
{
    const struct json *list;
    struct json *v;

    if (!read_toml(b, &v))
        return false;
    list = json_get(v, str_of(name));
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const struct json *one = &list->items[i];
        struct lockfile_package p = {.ecosystem = STR("PyPI"),
                                     .name = python_name(b, json_get_str(one, STR("name"))),
                                     .version = json_get_str(one, STR("version")),
                                     .pinned = true};

        if (p.name.len ? !add(b, one, &p) : !add_note(b, one->at, "a package without a name"))
            return false;
    }
    return true;
}

static bool add_named(struct builder *b, const struct json *v, const struct lockfile_package *p,
                      uint32_t *i)
{
    return add_package(b, p, v->at, i) && add_key(b, *i, p->name);
}

/* Poetry: what a package needs is a table by name. */
static bool poetry_needs(struct builder *b, uint32_t by, const struct json *list)
{
    for (uint32_t i = 0; list && list->kind == JSON_OBJECT && i < list->count; i++)
        if (!add_need(b, by, python_name(b, list->members[i].name), STR(""), 0))
            return false;
    return true;
}

static void poetry_source(struct lockfile_package *p, const struct json *source)
{
    str type = json_get_str(source, STR("type"));

    if (str_is(type, "git")) {
        p->source = SOURCE_GIT;
        p->origin = json_get_str(source, STR("resolved_reference"));
    } else if (str_is(type, "directory") || str_is(type, "file")) {
        p->source = SOURCE_PATH;
        p->origin = json_get_str(source, STR("url"));
    } else if (str_is(type, "url")) {
        p->source = SOURCE_URL;
        p->origin = json_get_str(source, STR("url"));
    } else {
        p->origin = json_get_str(source, STR("url"));
    }
}

static bool add_poetry(struct builder *b, const struct json *one, struct lockfile_package *p)
{
    const struct json *groups = json_get(one, STR("groups"));
    uint32_t at;

    p->optional = json_is_true(json_get(one, STR("optional")));
    p->dev = str_is(json_get_str(one, STR("category")), "dev") ||
             (groups && !has_word(groups, "main"));
    p->has_integrity = has_items(json_get(one, STR("files")));
    poetry_source(p, json_get(one, STR("source")));
    return add_named(b, one, p, &at) && poetry_needs(b, at, json_get(one, STR("dependencies")));
}

bool read_poetry(struct builder *b)
{
    b->marks_known = true;
    return each_package(b, "package", add_poetry);
}

/* "typing-extensions>=4.0; python_version < '3.8'" */
static str requirement_name(struct builder *b, str s)
{
    size_t n = 0;

    while (n < s.len && !strchr(" [(<>=!~;@", s.at[n]))
        n++;
    return python_name(b, str_sub(s, 0, n));
}

static bool add_pdm(struct builder *b, const struct json *one, struct lockfile_package *p)
{
    const struct json *groups = json_get(one, STR("groups"));
    const struct json *needs = json_get(one, STR("dependencies"));
    bool in_use = !groups || has_word(groups, "default");
    uint32_t at;

    p->origin = json_get_str(one, STR("revision"));
    p->source = p->origin.len ? SOURCE_GIT : SOURCE_REGISTRY;
    p->has_integrity = has_items(json_get(one, STR("files")));
    p->dev = !in_use && has_word(groups, "dev");
    p->optional = !in_use && !p->dev;
    if (!add_named(b, one, p, &at))
        return false;
    for (uint32_t k = 0; needs && needs->kind == JSON_ARRAY && k < needs->count; k++)
        if (needs->items[k].kind == JSON_STRING &&
            !add_need(b, at, requirement_name(b, needs->items[k].text), STR(""), 0))
            return false;
    return true;
}

bool read_pdm(struct builder *b)
{
    b->marks_known = true;
    return each_package(b, "package", add_pdm);
}

/* uv and pylock: what a package needs are tables with a name. */
static bool named_needs(struct builder *b, uint32_t by, const struct json *list, unsigned flags)
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++)
        if (!add_need(b, by, python_name(b, json_get_str(&list->items[i], STR("name"))),
                      STR(""), flags))
            return false;
    return true;
}

static bool grouped_needs(struct builder *b, const struct json *groups, unsigned flags)
{
    for (uint32_t i = 0; groups && groups->kind == JSON_OBJECT && i < groups->count; i++)
        if (!named_needs(b, LOCKFILE_ROOT, &groups->members[i].value, flags))
            return false;
    return true;
}

/* What uv was run for is in the list itself. */
static bool uv_project(struct builder *b, const struct json *one)
{
    return named_needs(b, LOCKFILE_ROOT, json_get(one, STR("dependencies")), 0) &&
           grouped_needs(b, json_get(one, STR("optional-dependencies")), NEED_OPTIONAL) &&
           grouped_needs(b, json_get(one, STR("dev-dependencies")), NEED_DEV);
}

static void uv_source(struct lockfile_package *p, const struct json *source)
{
    static const struct {
        const char *name;
        enum lockfile_source source;
    } kinds[] = {{"git", SOURCE_GIT},          {"url", SOURCE_URL},
                 {"path", SOURCE_PATH},        {"directory", SOURCE_PATH},
                 {"editable", SOURCE_PATH},    {"virtual", SOURCE_PATH},
                 {"registry", SOURCE_REGISTRY}};

    for (size_t i = 0; i < COUNT(kinds); i++) {
        str where = json_get_str(source, str_of(kinds[i].name));

        if (!where.len)
            continue;
        p->source = kinds[i].source;
        p->origin = p->source == SOURCE_GIT ? after_last(where, '#') : where;
        return;
    }
}

static bool has_files(const struct json *one)
{
    return has_items(json_get(one, STR("wheels"))) || json_get(one, STR("sdist")) != NULL;
}

static bool add_uv(struct builder *b, const struct json *one, struct lockfile_package *p)
{
    const struct json *source = json_get(one, STR("source"));
    uint32_t at;

    if (json_get_str(source, STR("virtual")).len || json_get_str(source, STR("editable")).len)
        return uv_project(b, one);
    uv_source(p, source);
    p->has_integrity = has_files(one);
    return add_named(b, one, p, &at) &&
           named_needs(b, at, json_get(one, STR("dependencies")), 0);
}

bool read_uv(struct builder *b)
{
    return each_package(b, "package", add_uv);
}

static bool add_pylock(struct builder *b, const struct json *one, struct lockfile_package *p)
{
    const struct json *vcs = json_get(one, STR("vcs"));
    const struct json *directory = json_get(one, STR("directory"));
    uint32_t at;

    if (vcs) {
        p->source = SOURCE_GIT;
        p->origin = json_get_str(vcs, STR("commit-id"));
    } else if (directory) {
        p->source = SOURCE_PATH;
        p->origin = json_get_str(directory, STR("path"));
    }
    p->has_integrity = has_files(one);
    return add_named(b, one, p, &at) &&
           named_needs(b, at, json_get(one, STR("dependencies")), 0);
}

bool read_pylock(struct builder *b)
{
    b->marks_known = true;
    return each_package(b, "packages", add_pylock);
}
