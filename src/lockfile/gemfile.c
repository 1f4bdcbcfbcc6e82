/* Bundler: Gemfile.lock, sections by their headings, gems by their indentation. */
#include "lockfile/build.h"

enum section { SECTION_NONE, SECTION_GEM, SECTION_GIT, SECTION_PATH, SECTION_DEPENDENCIES };

struct gems {
    enum section section;
    bool in_specs;
    str revision, remote;
    uint32_t gem; /* the last one */
};

static enum section heading(str line)
{
    static const struct {
        const char *word;
        enum section section;
    } headings[] = {{"GEM", SECTION_GEM},
                    {"GIT", SECTION_GIT},
                    {"PATH", SECTION_PATH},
                    {"PLUGIN SOURCE", SECTION_GEM},
                    {"DEPENDENCIES", SECTION_DEPENDENCIES}};

    for (size_t i = 0; i < COUNT(headings); i++)
        if (str_is(line, headings[i].word))
            return headings[i].section;
    return SECTION_NONE;
}

static size_t indentation(str line)
{
    size_t n = 0;

    while (n < line.len && line.at[n] == ' ')
        n++;
    return n;
}

/* "name (1.0.0)", "name (~> 1.0)", "name!" */
static str take_name(str *line)
{
    str s = str_trim(*line), name;

    name = str_sub(s, 0, str_find(s, ' '));
    *line = str_trim(str_sub(s, name.len, s.len));
    if (name.len && name.at[name.len - 1] == '!')
        name = str_sub(name, 0, name.len - 1);
    return name;
}

static str in_brackets(str s)
{
    return s.len > 1 && s.at[0] == '(' ? str_sub(s, 1, str_find(s, ')') - 1) : STR("");
}

static bool add_gem(struct builder *b, struct gems *g, str line, uint32_t at)
{
    str rest = line;
    struct lockfile_package p = {.ecosystem = STR("RubyGems"), .pinned = true};

    p.name = take_name(&rest);
    p.version = in_brackets(rest);
    /* "1.13.3-x86_64-linux": versions of gems have no dash, so that what follows is a platform. */
    p.version = str_sub(p.version, 0, str_find(p.version, '-'));
    if (g->section == SECTION_GIT) {
        p.source = SOURCE_GIT;
        p.origin = g->revision;
    } else if (g->section == SECTION_PATH) {
        p.source = SOURCE_PATH;
        p.origin = g->remote;
    }
    if (!p.name.len || !p.version.len)
        return add_note(b, at, "'%.*s' is not a gem and its version",
                        STR_ARG(str_sub(str_trim(line), 0, 80)));
    return add_package(b, &p, at, &g->gem) && add_key(b, g->gem, p.name);
}

static bool read_line(struct builder *b, struct gems *g, str line, uint32_t at)
{
    size_t depth = indentation(line);
    str trimmed = str_trim(line), rest = trimmed, name;

    if (g->section == SECTION_DEPENDENCIES) {
        name = take_name(&rest);
        return add_need(b, LOCKFILE_ROOT, name, in_brackets(rest), 0);
    }
    if (depth == 2) {
        g->in_specs = str_is(trimmed, "specs:");
        if (str_starts(trimmed, STR("revision: ")))
            g->revision = str_sub(trimmed, 10, trimmed.len);
        if (str_starts(trimmed, STR("remote: ")))
            g->remote = str_sub(trimmed, 8, trimmed.len);
        return true;
    }
    if (!g->in_specs)
        return true;
    if (depth == 4)
        return add_gem(b, g, trimmed, at);
    return depth != 6 || !b->file->count || add_need(b, g->gem, take_name(&rest), STR(""), 0);
}

bool read_gemfile(struct builder *b)
{
    struct gems g = {0};
    str rest = b->text, line;

    b->marks_known = true;
    while (str_cut(&rest, '\n', &line)) {
        uint32_t at = (uint32_t)(line.at - b->text.at);

        if (!str_trim(line).len)
            continue;
        if (line.at[0] != ' ')
            g = (struct gems){.section = heading(str_trim(line)), .gem = g.gem};
        else if (g.section != SECTION_NONE && !read_line(b, &g, line, at))
            return false;
    }
    return true;
}
