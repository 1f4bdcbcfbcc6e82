/* What is installed says itself what it is: package.json in node_modules, and Python's METADATA. */
#include "lockfile/build.h"

static bool is_in(str path, const char *directory)
{
    str part;

    while (str_cut(&path, '/', &part))
        if (str_is(part, directory))
            return true;
    return false;
}

bool lockfile_in_installed(str path)
{
    static const char *const trees[] = {"node_modules", "site-packages", "dist-packages"};

    for (size_t i = 0; i < COUNT(trees); i++)
        if (is_in(path, trees[i]))
            return true;
    return false;
}

/* node_modules/NAME/package.json and node_modules/@SCOPE/NAME/package.json: deeper ones are parts. */
static bool is_npm(str path)
{
    str above = path_dir(path_dir(path));

    if (!str_is(path_base(path), "package.json"))
        return false;
    if (str_starts(path_base(above), STR("@")))
        above = path_dir(above);
    return str_is(path_base(above), "node_modules");
}

static bool is_python(str path)
{
    str directory = path_base(path_dir(path));

    return (str_is(path_base(path), "METADATA") && str_ends(directory, STR(".dist-info"))) ||
           (str_is(path_base(path), "PKG-INFO") && str_ends(directory, STR(".egg-info")));
}

static bool read_installed_npm(struct builder *b)
{
    struct lockfile_package p = {.ecosystem = STR("npm"), .pinned = true};
    struct json *v;
    uint32_t i;

    if (!read_json(b, &v))
        return false;
    p.name = json_get_str(v, STR("name"));
    p.version = json_get_str(v, STR("version"));
    if (!p.name.len)
        return add_note(b, 0, "this package has no name");
    return add_package(b, &p, 0, &i);
}

/* Headers as of mail, up to the first empty line. */
static bool read_installed_python(struct builder *b)
{
    struct lockfile_package p = {.ecosystem = STR("PyPI"), .pinned = true};
    str rest = b->text, line;
    uint32_t i;

    while (str_cut(&rest, '\n', &line) && str_trim(line).len) {
        size_t colon = str_find(line, ':');
        str value = str_trim(str_sub(line, colon + 1, line.len));

        if (str_equal_nocase(str_sub(line, 0, colon), STR("Name")) && !p.name.len)
            p.name = python_name(b, value);
        else if (str_equal_nocase(str_sub(line, 0, colon), STR("Version")) && !p.version.len)
            p.version = value;
    }
    if (!p.name.len)
        return add_note(b, 0, "this package has no name");
    return add_package(b, &p, 0, &i);
}

static const struct lockfile_format npm = {"installed", "npm", true, read_installed_npm};
static const struct lockfile_format python = {"installed", "PyPI", true, read_installed_python};

const struct lockfile_format *lockfile_installed_kind(str path)
{
    return is_npm(path) ? &npm : is_python(path) ? &python : NULL;
}
