/* Package URLs: how tools name a package to each other. */
#include "lockfile/lockfile.h"

static const struct purl_type {
    const char *ecosystem, *type;
    char joint; /* between namespace and name, as the ecosystem writes it; 0: there is none */
    bool lower;
} types[] = {
    {"npm", "npm", '/', false},    {"PyPI", "pypi", 0, true},
    {"Go", "golang", '/', true},   {"crates.io", "cargo", 0, false},
    {"RubyGems", "gem", 0, false}, {"Packagist", "composer", '/', true},
    {"NuGet", "nuget", 0, false},  {"Maven", "maven", ':', false},
};

/* All but letters, digits and ".-_~:" as %XX. */
static void add_encoded(struct buf *out, str s, bool lower)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool upper = c >= 'A' && c <= 'Z';

        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
            (c && strchr(".-_~:", c)))
            buf_addc(out, upper && lower ? (char)(c | 0x20) : c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

/* The parts of "a/b/c", each encoded, "/" between them; empty ones have no place in a URL. */
static void add_name(struct buf *out, const struct purl_type *t, str name)
{
    bool first = true;
    str part;

    if (!t->joint) {
        add_encoded(out, name, t->lower);
        return;
    }
    while (str_cut(&name, t->joint, &part)) {
        if (!part.len)
            continue;
        if (!first)
            buf_addc(out, '/');
        add_encoded(out, part, t->lower);
        first = false;
    }
}

static bool is_commit(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f')))
            return false;
    return s.len >= 7;
}

/* Go's modules have a "v" before their versions, which OSV and we leave out; its library has none. */
static void add_version(struct buf *out, const struct purl_type *t,
                        const struct lockfile_package *p)
{
    str version = p->version;

    if (!version.len && p->source == SOURCE_GIT && is_commit(p->origin))
        version = p->origin;
    if (!version.len)
        return;
    buf_addc(out, '@');
    if (strcmp(t->type, "golang") == 0 && version.at[0] >= '0' && version.at[0] <= '9' &&
        str_find(p->name, '/') < p->name.len)
        buf_addc(out, 'v');
    add_encoded(out, version, false);
}

void lockfile_purl(struct buf *out, const struct lockfile_package *p)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!str_is(p->ecosystem, types[i].ecosystem))
            continue;
        buf_addf(out, "pkg:%s/", types[i].type);
        add_name(out, &types[i], p->name);
        add_version(out, &types[i], p);
        return;
    }
}
