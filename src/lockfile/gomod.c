/* Go: go.mod, and go.sum for the modules that a go.mod before 1.17 does not list. */
#include "lockfile/build.h"

enum { REPLACES_MAX = 4096 };

struct replace {
    str from, from_version, to, to_version; /* from_version empty: all */
};

struct module_file {
    struct replace *replaces;
    size_t replace_count;
    str go, toolchain;
};

static str word(str *line)
{
    str s = str_trim(*line), w;

    w = str_sub(s, 0,
                str_find(s, ' ') < str_find(s, '\t') ? str_find(s, ' ') : str_find(s, '\t'));
    *line = str_trim(str_sub(s, w.len, s.len));
    if (w.len > 1 && (w.at[0] == '"' || w.at[0] == '`'))
        w = str_sub(w, 1, w.len - 2);
    return w;
}

static str without_v(str version)
{
    return version.len && version.at[0] == 'v' ? str_sub(version, 1, version.len) : version;
}

static bool add_module(struct builder *b, str name, str version, bool direct, uint32_t at)
{
    struct lockfile_package p = {.ecosystem = STR("Go"),
                                 .name = name,
                                 .version = without_v(version),
                                 .direct = direct,
                                 .pinned = true,
                                 .has_integrity = true};
    str key = joined(b, "%.*s %.*s", STR_ARG(name), STR_ARG(p.version));
    uint32_t i;

    if (find_key(b, key) != LOCKFILE_ROOT)
        return true;
    return add_package(b, &p, at, &i) && add_key(b, i, key);
}

static bool read_require(struct builder *b, str line, uint32_t at)
{
    size_t comment = str_find_str(line, STR("//"));
    bool indirect =
        str_find_str(str_sub(line, comment, line.len), STR("indirect")) < line.len - comment;
    str rest = str_sub(line, 0, comment), name = word(&rest), version = word(&rest);

    if (!name.len || !version.len)
        return add_note(b, at, "this line requires no module");
    return add_module(b, name, version, !indirect, at);
}

/* "a v1.0.0 => b v1.1.0", "a => ../b" */
static bool read_replace(struct builder *b, struct module_file *m, str line, uint32_t at)
{
    size_t arrow = str_find_str(line, STR("=>"));
    str from = str_sub(line, 0, arrow);
    str to = str_sub(line, arrow + 2, str_find_str(line, STR("//")) - arrow - 2);
    struct replace r = {.from = word(&from)};

    if (arrow >= line.len)
        return add_note(b, at, "this line replaces nothing");
    if (m->replace_count == REPLACES_MAX)
        return err_set(b->e, ERR_LIMIT, "more than %d replacements", REPLACES_MAX);
    to = str_sub(line, arrow + 2, line.len);
    to = str_sub(to, 0, str_find_str(to, STR("//")));
    r.from_version = without_v(word(&from));
    r.to = word(&to);
    r.to_version = without_v(word(&to));
    m->replaces[m->replace_count++] = r;
    return true;
}

static bool read_line(struct builder *b, struct module_file *m, str verb, str line, uint32_t at)
{
    if (str_is(verb, "require"))
        return read_require(b, line, at);
    if (str_is(verb, "replace"))
        return read_replace(b, m, line, at);
    if (str_is(verb, "go"))
        m->go = word(&line);
    else if (str_is(verb, "toolchain"))
        m->toolchain = word(&line);
    return true;
}

static bool read_lines(struct builder *b, struct module_file *m)
{
    str rest = b->text, line, block = STR("");

    while (str_cut(&rest, '\n', &line)) {
        uint32_t at = (uint32_t)(line.at - b->text.at);
        str trimmed = str_trim(line), verb;

        if (!trimmed.len || str_starts(trimmed, STR("//")))
            continue;
        if (block.len) {
            if (trimmed.at[0] == ')')
                block = STR("");
            else if (!read_line(b, m, block, trimmed, at))
                return false;
            continue;
        }
        verb = word(&trimmed);
        if (trimmed.len && trimmed.at[0] == '(')
            block = verb;
        else if (!read_line(b, m, verb, trimmed, at))
            return false;
    }
    return true;
}

/* A replacement by a directory has no version that anybody else knows. */
static void apply_replaces(struct builder *b, const struct module_file *m)
{
    for (size_t i = 0; i < b->file->count; i++) {
        struct lockfile_package *p = package_at(b, (uint32_t)i);

        for (size_t k = 0; k < m->replace_count; k++) {
            const struct replace *r = &m->replaces[k];

            if (!str_equal(r->from, p->name) ||
                (r->from_version.len && !str_equal(r->from_version, p->version)))
                continue;
            p->name = r->to;
            p->version = r->to_version;
            if (!r->to_version.len) {
                p->source = SOURCE_PATH;
                p->origin = r->to;
            }
            break;
        }
    }
}

/* Two that are replaced by the same are one. */
static void drop_same(struct builder *b)
{
    size_t n = 0;

    for (size_t i = 0; i < b->file->count; i++) {
        struct lockfile_package *p = b->file->packages;
        size_t k = 0;

        while (k < n &&
               !(str_equal(p[k].name, p[i].name) && str_equal(p[k].version, p[i].version)))
            k++;
        if (k == n)
            p[n++] = p[i];
    }
    b->file->count = n;
}

static bool older_than_1_17(str go)
{
    str major;
    uint64_t n;

    return go.len && str_cut(&go, '.', &major) && str_is(major, "1") &&
           str_to_u64(str_sub(go, 0, str_find(go, '.')), 1000, &n) && n < 17;
}

/* Lines "MODULE VERSION h1:..." beside those with "/go.mod". */
static bool read_sum(struct builder *b)
{
    str path = path_join(b->a, path_dir(b->context->path), STR("go.sum")), text, line;
    struct err e = {0};
    const char *c;

    if (!path.at || !path_c(b->a, path, &c, &e) ||
        !b->context->files->read(b->context->files->self, b->a, c, LOCKFILE_BYTES_MAX, &text,
                                 &e))
        return add_note(b, 0, "go.sum, which lists the modules behind these, cannot be read");
    while (str_cut(&text, '\n', &line)) {
        str rest = line, name = word(&rest), version = word(&rest);

        if (name.len && version.len && !str_ends(version, STR("/go.mod")) &&
            !add_module(b, name, version, false, 0))
            return false;
    }
    return true;
}

/* The standard library is a module of its own to those who look for flaws in it. */
static bool add_standard_library(struct builder *b, const struct module_file *m)
{
    str version = m->toolchain.len ? m->toolchain : m->go;
    struct lockfile_package p = {.ecosystem = STR("Go"), .name = STR("stdlib"), .pinned = true};
    uint32_t i;

    if (str_starts(version, STR("go")))
        version = str_sub(version, 2, version.len);
    p.version = str_sub(version, 0, str_find(version, '-'));
    return !p.version.len || add_package(b, &p, 0, &i);
}

bool read_gomod(struct builder *b)
{
    struct module_file m = {.replaces = arena_array(b->a, REPLACES_MAX, sizeof(*m.replaces))};

    if (!m.replaces)
        return err_limit(b->e);
    b->marks_known = true;
    if (!read_lines(b, &m) || (older_than_1_17(m.go) && !read_sum(b)))
        return false;
    apply_replaces(b, &m);
    drop_same(b);
    return add_standard_library(b, &m);
}
