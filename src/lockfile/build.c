/* Packages, their keys and who needs them, while a file is read; and what follows from them. */
#include "lockfile/build.h"
#include "toml/toml.h"
#include "yaml/yaml.h"

static const struct json_limits limits = {
    .bytes = LOCKFILE_BYTES_MAX, .depth = 64, .nodes = 1 << 22, .repeats = true};

enum { FIRST_KEYS = 64 };

static unsigned line_of(const struct builder *b, uint32_t at)
{
    return json_place(b->text, NULL, at, 0).line;
}

bool add_package(struct builder *b, const struct lockfile_package *p, uint32_t at,
                 uint32_t *ret)
{
    struct lockfile *f = b->file;

    if (f->count == LOCKFILE_PACKAGES_MAX)
        return err_set(b->e, ERR_LIMIT, "more than %d packages", LOCKFILE_PACKAGES_MAX);
    if (!arena_grow(b->a, &f->packages, f->count, &b->capacity, sizeof(*f->packages)))
        return err_limit(b->e);
    f->packages[f->count] = *p;
    f->packages[f->count].needed_by = LOCKFILE_ROOT;
    f->packages[f->count].line = at; /* an offset until finish() */
    *ret = (uint32_t)f->count++;
    return true;
}

struct lockfile_package *package_at(struct builder *b, uint32_t i)
{
    return &b->file->packages[i];
}

/* ---- keys ---- */

static size_t slot_of(const struct key *keys, size_t capacity, str key)
{
    size_t slot = str_hash(key, 0) & (capacity - 1);

    while (keys[slot].package && !str_equal(keys[slot].text, key))
        slot = (slot + 1) & (capacity - 1);
    return slot;
}

static bool grow_keys(struct builder *b)
{
    size_t capacity = b->key_capacity ? 2 * b->key_capacity : FIRST_KEYS;
    struct key *keys = arena_array(b->a, capacity, sizeof(*keys));

    if (!keys)
        return err_limit(b->e);
    for (size_t i = 0; i < b->key_capacity; i++)
        if (b->keys[i].package)
            keys[slot_of(keys, capacity, b->keys[i].text)] = b->keys[i];
    b->keys = keys;
    b->key_capacity = capacity;
    return true;
}

/* Of packages with the same key the first stays. */
bool add_key(struct builder *b, uint32_t package, str key)
{
    size_t slot;

    if (2 * b->key_count >= b->key_capacity && !grow_keys(b))
        return false;
    slot = slot_of(b->keys, b->key_capacity, key);
    if (b->keys[slot].package)
        return true;
    b->keys[slot] = (struct key){key, package + 1};
    b->key_count++;
    return true;
}

uint32_t find_key(const struct builder *b, str key)
{
    size_t slot = b->key_capacity ? slot_of(b->keys, b->key_capacity, key) : 0;

    return b->key_capacity && b->keys[slot].package ? b->keys[slot].package - 1 : LOCKFILE_ROOT;
}

bool add_need(struct builder *b, uint32_t by, str key, str wanted, unsigned flags)
{
    if (!arena_grow(b->a, &b->needs, b->need_count, &b->need_capacity, sizeof(*b->needs)))
        return err_limit(b->e);
    b->needs[b->need_count++] = (struct need){by, flags, key, wanted};
    return true;
}

bool add_note(struct builder *b, uint32_t at, const char *format, ...)
{
    struct lockfile *f = b->file;
    char words[256];
    va_list args;
    str copy;

    if (f->note_count == LOCKFILE_NOTES_MAX)
        return true;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    copy = arena_str(b->a, str_of(words));
    if (!copy.at)
        return err_limit(b->e);
    f->notes[f->note_count++] = (struct lockfile_note){line_of(b, at), copy};
    return true;
}

/* ---- what follows ---- */

/* A package is as near to the project as the nearest who needs it; breadth first. */
struct walk {
    uint32_t *queue, *first; /* needs, by who has them: first[package], next[need] */
    uint32_t *next;
    bool *seen, *for_use; /* reached at all; reached other than for development */
    size_t count;
};

static bool walk_make(struct builder *b, struct walk *w)
{
    size_t n = b->file->count + 1, m = b->need_count + 1;

    *w = (struct walk){.queue = arena_array(b->a, 2 * n, sizeof(*w->queue)),
                       .first = arena_array(b->a, n, sizeof(*w->first)),
                       .next = arena_array(b->a, m, sizeof(*w->next)),
                       .seen = arena_array(b->a, n, sizeof(*w->seen)),
                       .for_use = arena_array(b->a, n, sizeof(*w->for_use))};
    if (!w->queue || !w->first || !w->next || !w->seen || !w->for_use)
        return err_limit(b->e);
    for (size_t i = b->need_count; i-- > 0;) {
        uint32_t by = b->needs[i].by;
        uint32_t *first = &w->first[by == LOCKFILE_ROOT ? b->file->count : by];

        w->next[i] = *first;
        *first = (uint32_t)i + 1;
    }
    return true;
}

static void reach(struct builder *b, struct walk *w, const struct need *n, bool use)
{
    uint32_t to = find_key(b, n->key);
    struct lockfile_package *p;

    if (to == LOCKFILE_ROOT)
        return;
    p = package_at(b, to);
    if (n->by == LOCKFILE_ROOT) {
        p->direct = true;
        if (!p->wanted.len)
            p->wanted = n->wanted;
    }
    use = use && !(n->flags & NEED_DEV);
    if (w->seen[to] && (w->for_use[to] || !use))
        return;
    if (!w->seen[to] && !b->marks_known)
        p->optional = n->flags & NEED_OPTIONAL;
    if (!w->seen[to] && !p->direct)
        p->needed_by = n->by;
    w->seen[to] = true;
    w->for_use[to] |= use;
    w->queue[w->count++] = to;
}

static void reach_from(struct builder *b, struct walk *w, uint32_t by, bool use)
{
    uint32_t i = w->first[by == LOCKFILE_ROOT ? b->file->count : by];

    for (; i; i = w->next[i - 1])
        reach(b, w, &b->needs[i - 1], use);
}

/* Needs of what is not in the file (another platform's, a peer that is absent) are left out. */
static bool keep_needs(struct builder *b)
{
    struct lockfile *f = b->file;

    f->needs = arena_array(b->a, b->need_count + 1, sizeof(*f->needs));
    if (!f->needs)
        return err_limit(b->e);
    for (size_t i = 0; i < b->need_count; i++) {
        uint32_t to = find_key(b, b->needs[i].key);

        if (to != LOCKFILE_ROOT && to != b->needs[i].by)
            f->needs[f->need_count++] =
                (struct lockfile_need){b->needs[i].by, to, b->needs[i].wanted};
    }
    return true;
}

/* From offsets to lines, in one pass where packages stand in their order, as they nearly always do. */
static void number_lines(struct builder *b)
{
    uint32_t at = 0;
    unsigned line = 1;

    for (size_t i = 0; i < b->file->count; i++) {
        struct lockfile_package *p = &b->file->packages[i];
        const char *found;

        if (p->line < at) {
            at = 0;
            line = 1;
        }
        while (at < p->line && (found = memchr(b->text.at + at, '\n', p->line - at))) {
            at = (uint32_t)(found - b->text.at) + 1;
            line++;
        }
        at = p->line;
        p->line = line;
    }
}

/* Nothing that a file names may move the cursor of whoever reads of it. */
static str without_controls(struct builder *b, str s)
{
    char *copy = NULL;

    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] >= 0x20 && s.at[i] != 0x7f)
            continue;
        if (!copy)
            copy = (char *)arena_str(b->a, s).at;
        if (!copy)
            return STR("");
        copy[i] = '?';
    }
    return copy ? (str){copy, s.len} : s;
}

static void clean_words(struct builder *b, struct lockfile_package *p)
{
    p->name = without_controls(b, p->name);
    p->version = without_controls(b, p->version);
    p->wanted = without_controls(b, p->wanted);
    p->origin = without_controls(b, p->origin);
}

bool finish(struct builder *b)
{
    struct walk w;

    if (!keep_needs(b) || !walk_make(b, &w))
        return false;
    reach_from(b, &w, LOCKFILE_ROOT, true);
    for (size_t i = 0; i < w.count; i++)
        reach_from(b, &w, w.queue[i], w.for_use[w.queue[i]]);
    for (size_t i = 0; i < b->file->count; i++) {
        struct lockfile_package *p = &b->file->packages[i];

        clean_words(b, p);
        if (!b->marks_known && w.seen[i])
            p->dev = !w.for_use[i];
        if (p->direct)
            p->needed_by = LOCKFILE_ROOT;
    }
    number_lines(b);
    return true;
}

/* ---- small things ---- */

str joined(struct builder *b, const char *format, ...)
{
    char words[2048];
    va_list args;
    str copy;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    copy = arena_str(b->a, str_of(words));
    return copy.at ? copy : STR("");
}

bool read_json(struct builder *b, struct json **ret)
{
    return json_read(b->a, b->text, &limits, ret, b->e);
}

bool read_toml(struct builder *b, struct json **ret)
{
    return toml_read(b->a, b->text, ret, b->e);
}

bool read_yaml(struct builder *b, struct json **ret)
{
    struct yaml *tree;

    return yaml_read(b->a, b->text, NULL, &tree, b->e) && yaml_to_json(b->a, tree, ret, b->e);
}

bool json_is_true(const struct json *v)
{
    return v && v->kind == JSON_TRUE;
}

static size_t last_of(str s, char c)
{
    size_t i = s.len;

    while (i > 0 && s.at[i - 1] != c)
        i--;
    return i;
}

str after_last(str s, char c)
{
    return str_sub(s, last_of(s, c), s.len);
}

str before_last(str s, char c)
{
    size_t i = last_of(s, c);

    return str_sub(s, 0, i ? i - 1 : 0);
}

str python_name(struct builder *b, str name)
{
    str copy = arena_str(b->a, name);
    char *out = (char *)copy.at;
    size_t n = 0;

    for (size_t i = 0; out && i < name.len; i++) {
        char c = name.at[i];

        if (c != '-' && c != '_' && c != '.')
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        else if (!n || out[n - 1] != '-')
            out[n++] = '-';
    }
    return out ? (str){out, n} : STR("");
}

bool is_git(str s)
{
    static const char *const starts[] = {
        "git+", "git:", "git@", "github:", "gitlab:", "bitbucket:", "ssh:"};

    for (size_t i = 0; i < COUNT(starts); i++)
        if (str_starts(s, str_of(starts[i])))
            return true;
    return str_find_str(s, STR(".git#")) < s.len || str_ends(s, STR(".git"));
}
