/* pip: requirements.txt and its relatives, with the files that they include. */
#include "lockfile/build.h"

enum { INCLUDES_MAX = 64, INCLUDE_DEPTH_MAX = 8, LINE_MAX_BYTES = 16384 };

struct includes {
    str seen[INCLUDES_MAX];
    size_t count;
};

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

static bool is_alnum(char c)
{
    return is_name(c) && c != '-' && c != '_' && c != '.';
}

static str skip_blanks(str s)
{
    while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = str_sub(s, 1, s.len);
    return s;
}

static str take_name(str *s)
{
    str whole = *s;
    size_t n = 0;

    while (n < whole.len && is_name(whole.at[n]))
        n++;
    *s = skip_blanks(str_sub(whole, n, whole.len));
    return str_sub(whole, 0, n);
}

/* "[security, socks]" */
static void skip_extras(str *s)
{
    if (s->len && s->at[0] == '[')
        *s = skip_blanks(str_sub(*s, str_find(*s, ']') + 1, s->len));
}

/* From " --hash=", " -C" or ";" on. */
static str without_options(str s)
{
    for (size_t i = 0; i + 1 < s.len; i++) {
        if (s.at[i] == ';')
            return str_sub(s, 0, i);
        if ((s.at[i] == ' ' || s.at[i] == '\t') && s.at[i + 1] == '-')
            return str_sub(s, 0, i);
    }
    return s;
}

/* One "==" and nothing else, without a "*". */
static bool is_pin(str wanted, str *version)
{
    size_t skip = str_starts(wanted, STR("===")) ? 3 : str_starts(wanted, STR("==")) ? 2 : 0;

    *version = str_trim(str_sub(wanted, skip, wanted.len));
    return skip && version->len && str_find(*version, ',') == version->len &&
           str_find(*version, '*') == version->len && str_find(*version, '$') == version->len &&
           str_find(*version, ' ') == version->len;
}

static bool is_range(str s)
{
    return s.len && strchr("=<>!~", s.at[0]);
}

static bool add_requirement(struct builder *b, str line, uint32_t at)
{
    str s = line;
    struct lockfile_package p = {.ecosystem = STR("PyPI"), .direct = true};
    str name = take_name(&s);
    uint32_t i;

    skip_extras(&s);
    if (!name.len || !is_alnum(name.at[0]) || !is_alnum(name.at[name.len - 1]))
        return add_note(b, at, "'%.*s' names no package", STR_ARG(str_sub(line, 0, 80)));
    p.name = python_name(b, name);
    p.has_integrity = str_find_str(line, STR("--hash=")) < line.len;
    if (s.len && s.at[0] == '@') {
        p.origin = str_trim(without_options(str_sub(s, 1, s.len)));
        p.source = is_git(p.origin) ? SOURCE_GIT : SOURCE_URL;
        p.pinned = true;
    } else {
        p.wanted = str_trim(without_options(s));
        /* "(==1.0)" is how the oldest tools wrote it. */
        if (p.wanted.len > 1 && p.wanted.at[0] == '(')
            p.wanted = str_trim(str_sub(p.wanted, 1, p.wanted.len - 2));
        if (p.wanted.len && !is_range(p.wanted))
            return add_note(b, at, "'%.*s' is not understood", STR_ARG(str_sub(line, 0, 80)));
        p.pinned = is_pin(p.wanted, &p.version);
        if (!p.pinned)
            p.version = STR("");
    }
    return add_package(b, &p, at, &i);
}

/* ---- lines ---- */

static bool is_address(str s)
{
    size_t colon = str_find_str(s, STR("://"));

    return colon < s.len && str_find(s, ' ') > colon;
}

static bool read_text(struct builder *b, str text, str path, struct includes *seen,
                      unsigned depth);

/* "-r FILE", "--requirement=FILE": what it names. */
static bool option_value(str line, const char *letter, const char *word, str *ret)
{
    str prefix = str_starts(line, str_of(letter)) ? str_of(letter)
                 : str_starts(line, str_of(word)) ? str_of(word)
                                                  : STR("");

    if (!prefix.len)
        return false;
    *ret = str_trim(str_sub(line, prefix.len, line.len));
    if (ret->len && ret->at[0] == '=')
        *ret = str_trim(str_sub(*ret, 1, ret->len));
    return true;
}

static bool include(struct builder *b, str from, str name, uint32_t at, struct includes *seen,
                    unsigned depth)
{
    str path = path_join(b->a, path_dir(from), name), text;
    struct err e = {0};
    const char *c;

    if (!path.at)
        return err_limit(b->e);
    if (!path_is_below(path, b->context->root) || is_address(name))
        return add_note(b, at, "'%.*s' is outside of the project",
                        STR_ARG(str_sub(name, 0, 80)));
    for (size_t i = 0; i < seen->count; i++)
        if (str_equal(seen->seen[i], path))
            return true;
    if (depth == INCLUDE_DEPTH_MAX || seen->count == INCLUDES_MAX)
        return add_note(b, at, "too many files that include each other");
    seen->seen[seen->count++] = path;
    if (!path_c(b->a, path, &c, &e) ||
        !b->context->files->read(b->context->files->self, b->a, c, LOCKFILE_BYTES_MAX, &text,
                                 &e))
        return add_note(b, at, "'%.*s' cannot be read", STR_ARG(str_sub(name, 0, 80)));
    return read_text(b, text, path, seen, depth + 1);
}

static bool is_path(str s)
{
    return str_starts(s, STR("./")) || str_starts(s, STR("../")) || str_starts(s, STR("/")) ||
           str_ends(s, STR(".whl")) || str_ends(s, STR(".tar.gz"));
}

static bool read_line(struct builder *b, str line, uint32_t at, str path, struct includes *seen,
                      unsigned depth)
{
    str value;

    if (option_value(line, "-r", "--requirement", &value))
        return include(b, path, value, at, seen, depth);
    /* Constraints say what a package would be, if something asked for it. */
    if (option_value(line, "-c", "--constraint", &value))
        return true;
    if (option_value(line, "-e", "--editable", &value))
        return add_note(b, at, "'%.*s' is installed from its source",
                        STR_ARG(str_sub(value, 0, 80)));
    if (line.at[0] == '-')
        return true; /* options of pip */
    if (is_address(line) || is_path(line))
        return add_note(b, at, "'%.*s' is installed from a file or an address",
                        STR_ARG(str_sub(line, 0, 80)));
    return add_requirement(b, line, at);
}

/* "#" begins a comment at the start of a line and behind a blank. */
static str without_comment(str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == '#' && (!i || line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
            return str_sub(line, 0, i);
    return line;
}

/* A line that ends with a backslash goes on in the next one. */
static bool read_text(struct builder *b, str text, str path, struct includes *seen,
                      unsigned depth)
{
    CLEANUP(buf_free) struct buf whole = {.max = LINE_MAX_BYTES};
    str rest = text, line;
    bool ours = text.at == b->text.at;
    uint32_t at = 0;

    while (str_cut(&rest, '\n', &line)) {
        bool more =
            str_ends(str_trim(line), STR("\\")) && !str_starts(str_trim(line), STR("#"));
        str part = str_trim(without_comment(line)), copy;

        if (!whole.len)
            at = ours ? (uint32_t)(line.at - text.at) : 0;
        if (more)
            part = str_sub(part, 0, part.len - 1);
        buf_add(&whole, part);
        if (more) {
            buf_addc(&whole, ' ');
            continue;
        }
        copy = str_trim(buf_str(&whole));
        if (whole.failed)
            return err_set(b->e, ERR_LIMIT, "a line of more than %d bytes", LINE_MAX_BYTES);
        copy = copy.len ? arena_str(b->a, copy) : STR("");
        buf_clear(&whole);
        if (!copy.at)
            return err_limit(b->e);
        if (copy.len && !read_line(b, copy, at, path, seen, depth))
            return false;
    }
    return true;
}

bool read_requirements(struct builder *b)
{
    struct includes seen = {.seen = {b->context->path}, .count = 1};

    b->marks_known = true;
    return read_text(b, b->text, b->context->path, &seen, 0);
}
