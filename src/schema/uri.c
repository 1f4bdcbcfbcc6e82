#include "schema/uri.h"

str uri_without_fragment(str uri)
{
    return str_sub(uri, 0, str_find(uri, '#'));
}

str uri_fragment(str uri)
{
    return str_sub(uri, str_find(uri, '#') + 1, uri.len);
}

struct parts {
    str scheme, authority, path, query; /* each with what marks it: "http:", "//host", "?q" */
};

static size_t scheme_length(str s)
{
    size_t n = 0;

    while (n < s.len && (((s.at[n] | 0x20) >= 'a' && (s.at[n] | 0x20) <= 'z') ||
                         (n && ((s.at[n] >= '0' && s.at[n] <= '9') || s.at[n] == '+' ||
                                s.at[n] == '-' || s.at[n] == '.'))))
        n++;
    return n && n < s.len && s.at[n] == ':' ? n + 1 : 0;
}

static struct parts split(str s)
{
    struct parts p = {0};
    size_t n = scheme_length(s);

    p.scheme = str_sub(s, 0, n);
    s = str_sub(s, n, s.len);
    if (str_starts(s, STR("//"))) {
        for (n = 2; n < s.len && s.at[n] != '/' && s.at[n] != '?';)
            n++;
        p.authority = str_sub(s, 0, n);
        s = str_sub(s, n, s.len);
    }
    n = str_find(s, '?');
    p.path = str_sub(s, 0, n);
    p.query = str_sub(s, n, s.len);
    return p;
}

/* Takes the last segment off, the slash before it as well. */
static void drop_segment(struct buf *path)
{
    while (path->len && path->at[path->len - 1] != '/')
        path->len--;
    if (path->len)
        path->len--;
}

/* RFC 3986, 5.2.4. */
static void add_without_dots(struct buf *out, str path)
{
    CLEANUP(buf_free) struct buf clean = {0};
    bool slash = path.len && path.at[0] == '/', dots = false;
    str segment;

    path = str_sub(path, slash, path.len);
    while (str_cut(&path, '/', &segment)) {
        dots = str_is(segment, ".") || str_is(segment, "..");
        if (str_is(segment, ".."))
            drop_segment(&clean);
        if (dots)
            continue;
        if (slash || clean.len)
            buf_addc(&clean, '/');
        buf_add(&clean, segment);
        slash = true;
    }
    if (dots)
        buf_addc(&clean, '/');
    buf_add(out, buf_str(&clean));
    out->failed |= clean.failed;
}

static str path_before(str path)
{
    while (path.len && path.at[path.len - 1] != '/')
        path.len--;
    return path;
}

static void write_resolved(struct buf *out, struct parts base, struct parts ref)
{
    CLEANUP(buf_free) struct buf joined = {0};
    bool has_path = ref.scheme.len || ref.authority.len || ref.path.len;

    buf_add(out, ref.scheme.len ? ref.scheme : base.scheme);
    buf_add(out, ref.scheme.len || ref.authority.len ? ref.authority : base.authority);
    if (!has_path) {
        buf_add(out, base.path);
        buf_add(out, ref.query.len ? ref.query : base.query);
        return;
    }
    if (!ref.scheme.len && !ref.authority.len && ref.path.at[0] != '/') {
        buf_add(&joined, path_before(base.path));
        if (!joined.len && base.authority.len)
            buf_addc(&joined, '/');
    }
    buf_add(&joined, ref.path);
    /* An opaque path, as a URN has it, has no segments. */
    if (buf_str(&joined).len && !str_starts(buf_str(&joined), STR("/")) &&
        (ref.scheme.len ? ref.scheme : base.scheme).len)
        buf_add(out, buf_str(&joined));
    else
        add_without_dots(out, buf_str(&joined));
    buf_add(out, ref.query);
}

str uri_resolve(struct arena *a, str base, str ref)
{
    CLEANUP(buf_free) struct buf out = {0};
    str fragment = str_sub(ref, str_find(ref, '#'), ref.len);

    write_resolved(&out, split(uri_without_fragment(base)), split(uri_without_fragment(ref)));
    buf_add(&out, fragment);
    return out.failed ? (str){NULL, 0} : arena_str(a, buf_str(&out));
}

static unsigned hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

str uri_decode(struct arena *a, str s)
{
    char *to = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < s.len; i++) {
        unsigned high, low;

        if (s.at[i] != '%') {
            to[n++] = s.at[i];
            continue;
        }
        high = i + 2 < s.len ? hex_value(s.at[i + 1]) : 16;
        low = i + 2 < s.len ? hex_value(s.at[i + 2]) : 16;
        if (high > 15 || low > 15)
            return (str){NULL, 0};
        to[n++] = (char)(high << 4 | low);
        i += 2;
    }
    return (str){to, to ? n : 0};
}

void pointer_add(struct buf *out, str name)
{
    buf_addc(out, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '~' || name.at[i] == '/')
            buf_add(out, name.at[i] == '~' ? STR("~0") : STR("~1"));
        else
            buf_addc(out, name.at[i]);
    }
}
