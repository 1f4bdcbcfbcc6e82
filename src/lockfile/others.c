/* Cargo, Composer, NuGet, Gradle: each says all that it has to say in few words. */
#include "lockfile/build.h"

/* ---- Cargo.lock ---- */

/* "name", "name 1.0.0", "name 1.0.0 (registry+...)" */
static str cargo_key(struct builder *b, str need)
{
    str rest = need, name, version;

    str_cut(&rest, ' ', &name);
    if (!str_cut(&rest, ' ', &version))
        return name;
    return joined(b, "%.*s %.*s", STR_ARG(name), STR_ARG(version));
}

static void cargo_source(struct lockfile_package *p, str source)
{
    p->origin = source;
    if (str_starts(source, STR("git+"))) {
        p->source = SOURCE_GIT;
        p->origin = after_last(source, '#');
    } else if (!source.len) {
        p->source = SOURCE_PATH;
    }
}

static bool add_crate(struct builder *b, const struct json *v, uint32_t *i)
{
    struct lockfile_package p = {.ecosystem = STR("crates.io"),
                                 .name = json_get_str(v, STR("name")),
                                 .version = json_get_str(v, STR("version")),
                                 .pinned = true};
    str checksum = json_get_str(v, STR("checksum"));

    p.has_integrity = checksum.len > 0;
    if (p.has_integrity)
        p.hash = joined(b, "sha256:%.*s", STR_ARG(checksum));
    cargo_source(&p, json_get_str(v, STR("source")));
    return add_package(b, &p, v->at, i) && add_key(b, *i, p.name) &&
           add_key(b, *i, joined(b, "%.*s %.*s", STR_ARG(p.name), STR_ARG(p.version)));
}

/* Crates of the project itself stand in the list, without a source: they ask for the others. */
bool read_cargo(struct builder *b)
{
    const struct json *list;
    struct json *v;
    uint32_t at = 0;

    if (!read_toml(b, &v))
        return false;
    list = json_get(v, STR("package"));
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++)
        if (!add_crate(b, &list->items[i], &at))
            return false;
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const struct json *needs = json_get(&list->items[i], STR("dependencies"));
        bool ours = package_at(b, i)->source == SOURCE_PATH;

        for (uint32_t k = 0; needs && needs->kind == JSON_ARRAY && k < needs->count; k++)
            if (needs->items[k].kind == JSON_STRING &&
                !add_need(b, ours ? LOCKFILE_ROOT : i, cargo_key(b, needs->items[k].text),
                          STR(""), 0))
                return false;
    }
    b->marks_known = true;
    return true;
}

/* ---- composer.lock ---- */

static bool add_composer(struct builder *b, const struct json *list, bool dev)
{
    for (uint32_t i = 0; list && list->kind == JSON_ARRAY && i < list->count; i++) {
        const struct json *v = &list->items[i];
        const struct json *needs = json_get(v, STR("require"));
        struct lockfile_package p = {.ecosystem = STR("Packagist"),
                                     .name = json_get_str(v, STR("name")),
                                     .version = json_get_str(v, STR("version")),
                                     .dev = dev,
                                     .pinned = true};
        str hash = json_get_str(json_get(v, STR("dist")), STR("shasum"));
        uint32_t at;

        if (!p.name.len)
            continue;
        p.has_integrity = hash.len > 0;
        if (p.has_integrity)
            p.hash = joined(b, "sha1:%.*s", STR_ARG(hash));
        p.origin = json_get_str(json_get(v, STR("source")), STR("reference"));
        if (!add_package(b, &p, v->at, &at) || !add_key(b, at, p.name))
            return false;
        for (uint32_t k = 0; needs && needs->kind == JSON_OBJECT && k < needs->count; k++)
            if (!add_need(b, at, needs->members[k].name, STR(""), 0))
                return false;
    }
    return true;
}

bool read_composer(struct builder *b)
{
    struct json *v;

    if (!read_json(b, &v))
        return false;
    b->marks_known = true;
    return add_composer(b, json_get(v, STR("packages")), false) &&
           add_composer(b, json_get(v, STR("packages-dev")), true);
}

/* ---- packages.lock.json of NuGet ---- */

static bool add_nuget(struct builder *b, const struct json_member *m)
{
    const struct json *needs = json_get(&m->value, STR("dependencies"));
    struct lockfile_package p = {.ecosystem = STR("NuGet"),
                                 .name = m->name,
                                 .version = json_get_str(&m->value, STR("resolved")),
                                 .wanted = json_get_str(&m->value, STR("requested")),
                                 .pinned = true};
    str key = joined(b, "%.*s %.*s", STR_ARG(p.name), STR_ARG(p.version));
    str hash = json_get_str(&m->value, STR("contentHash"));
    uint32_t i = find_key(b, key);

    if (str_is(json_get_str(&m->value, STR("type")), "Project"))
        return true;
    p.direct = str_is(json_get_str(&m->value, STR("type")), "Direct");
    p.has_integrity = hash.len > 0;
    if (p.has_integrity)
        p.hash = joined(b, "sha512-%.*s", STR_ARG(hash));
    if (i == LOCKFILE_ROOT && (!add_package(b, &p, m->at, &i) || !add_key(b, i, key)))
        return false;
    if (!add_key(b, i, p.name))
        return false;
    for (uint32_t k = 0; needs && needs->kind == JSON_OBJECT && k < needs->count; k++)
        if (!add_need(b, i, needs->members[k].name, STR(""), 0))
            return false;
    return true;
}

bool read_nuget(struct builder *b)
{
    const struct json *targets;
    struct json *v;

    if (!read_json(b, &v))
        return false;
    targets = json_get(v, STR("dependencies"));
    b->marks_known = true;
    for (uint32_t t = 0; targets && targets->kind == JSON_OBJECT && t < targets->count; t++) {
        const struct json *list = &targets->members[t].value;

        for (uint32_t i = 0; list->kind == JSON_OBJECT && i < list->count; i++)
            if (!add_nuget(b, &list->members[i]))
                return false;
    }
    return true;
}

/* ---- gradle.lockfile ---- */

/* "group:artifact:version=configuration,configuration" */
bool read_gradle(struct builder *b)
{
    str rest = b->text, line;

    b->marks_known = true;
    while (str_cut(&rest, '\n', &line)) {
        uint32_t at = (uint32_t)(line.at - b->text.at), i;
        str trimmed = str_trim(line), what = trimmed, version;
        struct lockfile_package p = {.ecosystem = STR("Maven"), .pinned = true};

        if (!what.len || what.at[0] == '#' || str_starts(what, STR("empty=")))
            continue;
        what = str_sub(what, 0, str_find(what, '='));
        version = after_last(what, ':');
        p.name = before_last(what, ':');
        p.version = version;
        if (!p.name.len || !before_last(p.name, ':').len || !version.len) {
            if (!add_note(b, at, "'%.*s' is not group:artifact:version",
                          STR_ARG(str_sub(trimmed, 0, 80))))
                return false;
            continue;
        }
        if (!add_package(b, &p, at, &i))
            return false;
    }
    return true;
}
