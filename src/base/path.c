#include "base/base.h"

/* Appends one component, resolving "." and "..": never climbs above the root. */
static size_t add_component(char *out, size_t len, str part, bool absolute)
{
    if (!part.len || str_is(part, "."))
        return len;
    if (str_is(part, "..")) {
        size_t slash = len;

        while (slash && out[slash - 1] != '/')
            slash--;
        if (len && !str_is((str){out + slash, len - slash}, ".."))
            return slash ? slash - 1 : 0;
        if (absolute)
            return len;
    }
    if (len || absolute)
        out[len++] = '/';
    memcpy(out + len, part.at, part.len);
    return len + part.len;
}

str path_clean(struct arena *a, str path)
{
    bool absolute = path.len && path.at[0] == '/';
    char *out = arena_alloc(a, path.len + 3);
    str rest = path, part;
    size_t len = 0;

    if (!out)
        return (str){NULL, 0};
    while (str_cut(&rest, '/', &part))
        len = add_component(out, len, part, absolute);
    if (!len)
        out[len++] = absolute ? '/' : '.';
    out[len] = 0;
    return (str){out, len};
}

str path_join(struct arena *a, str base, str path)
{
    str joined;

    if (path.len && path.at[0] == '/')
        return path_clean(a, path);
    joined = arena_format(a, "%.*s/%.*s", STR_ARG(base), STR_ARG(path));
    return joined.at ? path_clean(a, joined) : joined;
}

static size_t last_slash(str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/')
            return i - 1;
    return path.len;
}

str path_dir(str path)
{
    size_t slash = last_slash(path);

    if (slash == path.len)
        return STR(".");
    return str_sub(path, 0, slash ? slash : 1);
}

str path_base(str path)
{
    size_t slash = last_slash(path);

    return slash == path.len ? path : str_sub(path, slash + 1, path.len);
}

bool path_is_below(str path, str root)
{
    if (str_is(root, "/"))
        return path.len && path.at[0] == '/';
    return str_starts(path, root) && (path.len == root.len || path.at[root.len] == '/');
}

bool path_c(struct arena *a, str path, const char **ret, struct err *e)
{
    str copy;

    if (path.len && memchr(path.at, 0, path.len))
        return err_set(e, ERR_INPUT, "a path must not contain a NUL byte");
    copy = arena_str(a, path);
    if (!copy.at)
        return err_limit(e);
    *ret = copy.at;
    return true;
}
