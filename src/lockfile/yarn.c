/* Yarn: yarn.lock of version 1, a format of its own, and of berry, which is YAML. */
#include "lockfile/build.h"

/* "name@range", "@scope/name@range": before and behind the "@" that is not the first. */
static bool split_descriptor(str s, str *name, str *range)
{
    size_t at = 1 + str_find(str_sub(s, 1, s.len), '@');

    if (!s.len || at >= s.len)
        return false;
    *name = str_sub(s, 0, at);
    *range = str_sub(s, at + 1, s.len);
    return true;
}

static bool is_address(str s)
{
    return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

/* "#" and a commit, or "#commit=" and one; registries have a file and a checksum there. */
static bool ends_with_commit(str where)
{
    str commit = after_last(where, '#');

    if (str_find_str(where, STR("/-/")) < where.len || commit.len == where.len)
        return false;
    return commit.len == 40 || str_starts(commit, STR("commit"));
}

static void read_source(struct lockfile_package *p, str where)
{
    p->origin = where;
    if (str_find_str(where, STR("file:")) == 0 || str_starts(where, STR("link:")) ||
        str_starts(where, STR("portal:")) || str_starts(where, STR("workspace:"))) {
        p->source = SOURCE_PATH;
    } else if (is_git(where) || ends_with_commit(where) ||
               str_find_str(where, STR("codeload.github.com")) < where.len) {
        p->source = SOURCE_GIT;
        p->origin = after_last(where, str_find(where, '#') < where.len ? '#' : '/');
        if (str_starts(p->origin, STR("commit")))
            p->origin = str_sub(p->origin, 7, p->origin.len);
    } else if (is_address(where) && str_find_str(where, STR("/-/")) == where.len) {
        p->source = SOURCE_URL;
    }
}

/* ---- version 1 ---- */

static str unquote(str s)
{
    s = str_trim(s);
    return s.len > 1 && s.at[0] == '"' && s.at[s.len - 1] == '"' ? str_sub(s, 1, s.len - 2) : s;
}

/* The word that a line begins with, quotes taken off. */
static str first_word(str *line)
{
    str s = str_trim(*line), word;
    size_t end;

    if (s.len && s.at[0] == '"') {
        end = 1 + str_find(str_sub(s, 1, s.len), '"');
        word = str_sub(s, 1, end - 1);
        *line = str_trim(str_sub(s, end + 1, s.len));
        return word;
    }
    end = str_find(s, ' ');
    word = str_sub(s, 0, end);
    *line = str_trim(str_sub(s, end, s.len));
    return word;
}

struct entry {
    str descriptors; /* as they stand, commas between them */
    struct lockfile_package package;
    uint32_t at;
    bool open;
    size_t needs; /* those of this entry begin here */
};

static bool end_entry(struct builder *b, struct entry *e)
{
    str rest = e->descriptors, one, range;
    uint32_t i;

    if (!e->open)
        return true;
    e->open = false;
    if (!add_package(b, &e->package, e->at, &i))
        return false;
    for (size_t k = e->needs; k < b->need_count; k++)
        b->needs[k].by = i;
    while (str_cut(&rest, ',', &one)) {
        one = unquote(one);
        if (!add_key(b, i, one))
            return false;
        /* "alias@npm:name@range" is name. */
        if (split_descriptor(one, &one, &range) && str_starts(range, STR("npm:")))
            split_descriptor(str_sub(range, 4, range.len), &package_at(b, i)->name, &range);
    }
    return true;
}

static bool begin_entry(struct builder *b, struct entry *e, str line)
{
    str first, range;

    *e = (struct entry){.descriptors = str_sub(line, 0, line.len - 1),
                        .at = (uint32_t)(line.at - b->text.at),
                        .needs = b->need_count};
    first = unquote(str_sub(e->descriptors, 0, str_find(e->descriptors, ',')));
    if (!split_descriptor(first, &e->package.name, &range)) {
        e->package.name = first;
        range = STR("");
    }
    e->package.ecosystem = STR("npm");
    e->package.pinned = true;
    if (str_starts(range, STR("file:")))
        read_source(&e->package, range);
    e->open = true;
    return true;
}

static bool read_property(struct builder *b, struct entry *e, str line, bool *inside)
{
    bool nested = str_starts(line, STR("    "));
    str rest = line, word = first_word(&rest);

    if (nested && *inside)
        return add_need(b, 0, joined(b, "%.*s@%.*s", STR_ARG(word), STR_ARG(unquote(rest))),
                        unquote(rest), 0);
    *inside = str_is(word, "dependencies:") || str_is(word, "optionalDependencies:");
    if (str_is(word, "version"))
        e->package.version = unquote(rest);
    else if (str_is(word, "resolved") && e->package.source == SOURCE_REGISTRY)
        read_source(&e->package, unquote(rest));
    else if (str_is(word, "integrity")) {
        e->package.hash = unquote(rest);
        e->package.has_integrity = true;
    }
    return true;
}

static bool read_version_1(struct builder *b)
{
    struct entry e = {0};
    bool inside = false;
    str rest = b->text, line;

    while (str_cut(&rest, '\n', &line)) {
        str trimmed = str_trim(line);

        if (!trimmed.len || trimmed.at[0] == '#')
            continue;
        if (line.at[0] != ' ' && trimmed.at[trimmed.len - 1] == ':') {
            inside = false;
            if (!end_entry(b, &e) || !begin_entry(b, &e, trimmed))
                return false;
        } else if (e.open && !read_property(b, &e, line, &inside)) {
            return false;
        } else if (!e.open && line.at[0] != ' ' &&
                   !add_note(b, (uint32_t)(line.at - b->text.at),
                             "this line is not understood")) {
            return false;
        }
    }
    return end_entry(b, &e);
}

/* ---- berry ---- */

/* "npm:1.0.0", "npm:1.0.0::__archiveUrl=...", "virtual:hash#npm:1.0.0", "patch:name@npm%3A...". */
static str without_virtual(str range)
{
    size_t hash = str_find(range, '#');

    return str_starts(range, STR("virtual:")) && hash < range.len
               ? str_sub(range, hash + 1, range.len)
               : range;
}

static bool add_berry_keys(struct builder *b, uint32_t i, str descriptors)
{
    str one;

    while (str_cut(&descriptors, ',', &one))
        if (!add_key(b, i, str_trim(one)))
            return false;
    return true;
}

static bool add_berry_needs(struct builder *b, uint32_t by, const struct json *list,
                            unsigned flags)
{
    for (uint32_t i = 0; list && list->kind == JSON_OBJECT && i < list->count; i++) {
        const struct json_member *m = &list->members[i];
        str range = m->value.kind == JSON_STRING || m->value.kind == JSON_NUMBER ? m->value.text
                                                                                 : STR("");
        bool has_kind = str_find(range, ':') < range.len;
        str key = joined(b, has_kind ? "%.*s@%.*s" : "%.*s@npm:%.*s", STR_ARG(m->name),
                         STR_ARG(range));

        if (!add_need(b, by, key, range, flags))
            return false;
    }
    return true;
}

/* A part of the project is no package, but what it needs is direct. */
static bool add_workspace(struct builder *b, const struct json *v)
{
    return add_berry_needs(b, LOCKFILE_ROOT, json_get(v, STR("dependencies")), 0);
}

static str version_text(const struct json *v)
{
    const struct json *version = json_get(v, STR("version"));

    return version && (version->kind == JSON_STRING || version->kind == JSON_NUMBER)
               ? version->text
               : STR("");
}

static bool add_berry(struct builder *b, const struct json_member *m)
{
    str resolution = json_get_str(&m->value, STR("resolution")), range;
    struct lockfile_package p = {.ecosystem = STR("npm"), .pinned = true};
    uint32_t i;

    if (!split_descriptor(resolution, &p.name, &range))
        return add_note(b, m->at, "'%.*s' has no resolution", STR_ARG(str_sub(m->name, 0, 80)));
    range = without_virtual(range);
    if (str_starts(range, STR("workspace:")))
        return add_workspace(b, &m->value);
    p.version = version_text(&m->value);
    p.has_integrity = json_get(&m->value, STR("checksum")) != NULL;
    if (!str_starts(range, STR("npm:")) && !str_starts(range, STR("patch:")))
        read_source(&p, range);
    return add_package(b, &p, m->at, &i) && add_berry_keys(b, i, m->name) &&
           add_berry_needs(b, i, json_get(&m->value, STR("dependencies")), 0);
}

static bool read_berry(struct builder *b)
{
    struct json *v;

    if (!read_yaml(b, &v))
        return false;
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++)
        if (!str_is(v->members[i].name, "__metadata") && !add_berry(b, &v->members[i]))
            return false;
    return true;
}

bool read_yarn(struct builder *b)
{
    return str_find_str(b->text, STR("__metadata:")) < b->text.len ? read_berry(b)
                                                                   : read_version_1(b);
}
