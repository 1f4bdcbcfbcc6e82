/* Names of files, and paths below a root. Nothing is decoded: "%2e" is four characters. */
#include "clean/parts.h"

enum { NAME_MAX_BYTES = 255, PATH_MAX_BYTES = 4096, EXTENSION_MAX = 16 };

/* ---- file names ---- */

static const struct code_range hidden_codes[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},      {0x61c, 0x61c},
    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},  {0xfdd0, 0xfdef},
    {0xfeff, 0xfeff}, {0xfff9, 0xffff}, {0xe0000, 0xe0fff}};

/* What some file system or shell takes for more than a letter, or nobody can see. */
static bool is_in_no_name(uint32_t code)
{
    return (code < 0x80 && code && strchr("/\\:*?\"<>|", (int)code)) ||
           code_in(hidden_codes, COUNT(hidden_codes), code) || (code & 0xfffe) == 0xfffe;
}

/* Windows' devices, with any ending. */
static bool is_reserved(str name)
{
    static const str devices[] = {STR_INIT("CON"),    STR_INIT("PRN"),    STR_INIT("AUX"),
                                  STR_INIT("NUL"),    STR_INIT("CONIN$"), STR_INIT("CONOUT$"),
                                  STR_INIT("CLOCK$"), STR_INIT("COM"),    STR_INIT("LPT")};
    str stem = str_trim(str_sub(name, 0, str_find(name, '.')));

    for (size_t i = 0; i < COUNT(devices); i++) {
        str rest = str_sub(stem, devices[i].len, stem.len);

        if (!str_equal_nocase(str_sub(stem, 0, devices[i].len), devices[i]))
            continue;
        if (i + 2 < COUNT(devices)
                ? rest.len == 0
                : (rest.len == 1 && rest.at[0] >= '0' && rest.at[0] <= '9') ||
                      str_is(rest, "\u00b9") || str_is(rest, "\u00b2") ||
                      str_is(rest, "\u00b3"))
            return true;
    }
    return false;
}

/* Shortened before its extension, when that is a short one. */
static bool add_shortened(struct buf *out, str name, size_t most)
{
    size_t dot = name.len;

    while (dot && name.at[dot - 1] != '.')
        dot--;
    if (name.len <= most || dot < 2 || name.len - dot > EXTENSION_MAX ||
        name.len - dot + 1 >= most) {
        buf_add(out, str_utf8_cut(name, most));
    } else {
        buf_add(out, str_utf8_cut(name, most - (name.len - dot + 1)));
        buf_add(out, str_sub(name, dot - 1, name.len));
    }
    return !out->failed;
}

/* Dots and spaces at the ends, which hide a file or vanish on some systems. */
static str without_ends(str s)
{
    while (s.len && (s.at[0] == '.' || s.at[0] == ' '))
        s = str_sub(s, 1, s.len);
    while (s.len && (s.at[s.len - 1] == '.' || s.at[s.len - 1] == ' '))
        s.len--;
    return s;
}

bool clean_file_name_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    static const char *const names[] = {"max"};
    size_t *most = arena_alloc(r->a, sizeof(*most));
    const struct json *max = v ? json_get(v, STR("max")) : NULL;
    uint64_t n = NAME_MAX_BYTES;

    if (!most)
        return err_limit(r->e);
    if (v && !clean_members(r, v, names, COUNT(names)))
        return false;
    if (max &&
        (max->kind != JSON_NUMBER || !str_to_u64(max->text, NAME_MAX_BYTES, &n) || n < 8))
        return clean_wrong(r, max, "'max' is a number of bytes from 8 to %d", NAME_MAX_BYTES);
    *most = n;
    *ret = most;
    return true;
}

enum cleaned clean_file_name(struct cleaning *c, str text, str *ret)
{
    CLEANUP(buf_free) struct buf safe = {.max = CLEAN_TEXT_MAX}, out = {.max = CLEAN_TEXT_MAX};
    const size_t *most = c->with;
    str name;

    for (size_t i = 0, n; i < text.len; i += n) {
        uint32_t code;

        n = code_at(text, i, &code);
        if (is_in_no_name(code))
            buf_addc(&safe, '_');
        else
            buf_add(&safe, str_sub(text, i, n));
    }
    name = without_ends(buf_str(&safe));
    if (!name.len)
        return cleaned_refuse(c, "leaves no name of a file");
    /* A name that begins so would be an option to a program. */
    if (name.at[0] == '-' || is_reserved(name))
        buf_addc(&out, '_');
    if (safe.failed || !add_shortened(&out, name, *most - out.len))
        return cleaned_refuse(c, "is too long");
    out.len = without_ends(buf_str(&out)).len;
    return cleaned_as(c, text, &out, ret);
}

/* ---- paths ---- */

/* Why these bytes are in no path that is safe, or NULL. */
static const char *path_fault(str path)
{
    str rest = path, part;

    if (path.len && path.at[0] == '/')
        return "is an absolute path";
    if (path.len > 1 && path.at[1] == ':')
        return "is a path on a drive";
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.at[i] < 0x20 || path.at[i] == '\\' || path.at[i] == 0x7f)
            return "is a path with a backslash or a control character";
    while (str_cut(&rest, '/', &part)) {
        if (str_is(part, ".."))
            return "is a path that leads upwards";
        if (part.len > NAME_MAX_BYTES)
            return "is a path with a name that is too long";
    }
    return path.len > PATH_MAX_BYTES ? "is a path that is too long" : NULL;
}

/* The names of `path`, joined behind what is there. */
static void add_names(struct buf *out, str path)
{
    str part;

    while (str_cut(&path, '/', &part)) {
        if (!part.len || str_is(part, "."))
            continue;
        if (out->len && out->at[out->len - 1] != '/')
            buf_addc(out, '/');
        buf_add(out, part);
    }
}

bool clean_path_read(struct clean_reader *r, const struct json *v, const void **ret)
{
    CLEANUP(buf_free) struct buf out = {0};
    str *root = arena_alloc(r->a, sizeof(*root));

    if (!root)
        return err_limit(r->e);
    if (v && (v->kind != JSON_STRING || !v->text.len))
        return clean_wrong(r, v,
                           "'path' takes the root that the paths are below, as in "
                           "'uploads/'");
    if (v) {
        str below = v->text.at[0] == '/' ? str_sub(v->text, 1, v->text.len) : v->text;
        const char *fault = path_fault(below);

        if (fault)
            return clean_wrong(r, v, "the root '%.*s' %s", STR_ARG(v->text), fault);
        if (below.len < v->text.len)
            buf_addc(&out, '/');
        add_names(&out, below);
    }
    *root = arena_str(r->a, buf_str(&out));
    *ret = root;
    return root->at || err_limit(r->e);
}

/* What comes behind `root` in a path that stands below it already; `path` itself when not. */
static str behind_root(str root, str path)
{
    if (root.len && str_starts(path, root) && path.len > root.len &&
        (path.at[root.len] == '/' || root.at[root.len - 1] == '/'))
        return str_sub(path, root.len, path.len).at[0] == '/'
                   ? str_sub(path, root.len + 1, path.len)
                   : str_sub(path, root.len, path.len);
    return path;
}

enum cleaned clean_path(struct cleaning *c, str text, str *ret)
{
    CLEANUP(buf_free) struct buf out = {.max = 2 * PATH_MAX_BYTES};
    const str *root = c->with;
    str path = behind_root(*root, text);
    const char *fault = path_fault(path);

    if (fault)
        return cleaned_refuse(c, fault);
    buf_add(&out, *root);
    add_names(&out, path);
    if (out.len == root->len)
        return cleaned_refuse(c, "is a path without a name");
    if (out.len > PATH_MAX_BYTES)
        return cleaned_refuse(c, "is a path that is too long");
    return cleaned_as(c, text, &out, ret);
}
