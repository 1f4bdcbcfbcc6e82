/*
 * read: the file fnward.secrets, line by line. What it does not know it refuses, with the place.
 */
#include "seal/parts.h"

#include <errno.h>

struct reader {
    const char *file;
    str text, rest, line; /* of the whole, what is left, and the present line */
    unsigned number;
    struct err *e;
};

static bool refuse(struct reader *r, const char *what)
{
    struct place at = {r->file, r->text, r->number, 1, (unsigned)r->line.len};

    if (str_starts(r->line, STR("<<<<<<<")) || str_starts(r->line, STR(">>>>>>>"))) {
        err_at(r->e, at, "a merge left its marks here");
        return err_fix(r->e, "keep one side of each block, whole: from 'secret' to its END");
    }
    err_at(r->e, at, "%s", what);
    return err_fix(r->e, "only 'fnward seal' writes this file: restore it as it was written");
}

static bool next_line(struct reader *r)
{
    if (!r->rest.len || !str_cut(&r->rest, '\n', &r->line))
        return false;
    r->number++;
    return true;
}

/* Whether the line is this word and a value, or the word by itself. */
static bool has_word(const struct reader *r, const char *word, str *value)
{
    str rest = r->line, first;

    if (!str_cut(&rest, ' ', &first) || !str_is(first, word))
        return false;
    *value = rest;
    return true;
}

static bool take_value(struct reader *r, const char *word, str *ret)
{
    char what[64];

    if (next_line(r) && has_word(r, word, ret) && ret->len)
        return true;
    snprintf(what, sizeof(what), "'%s' and its value are expected here", word);
    return refuse(r, what);
}

/* From the present line to the one that ends the armor. */
static bool take_armor(struct reader *r, str *ret)
{
    const char *start = r->line.at;

    if (!str_is(r->line, "-----BEGIN AGE ENCRYPTED FILE-----"))
        return refuse(r, "a sealed value is expected here");
    while (next_line(r))
        if (str_is(r->line, "-----END AGE ENCRYPTED FILE-----") && r->rest.at) {
            *ret = (str){start, (size_t)(r->rest.at - start)};
            return true;
        }
    return refuse(r, "the sealed value has no end");
}

static bool read_recipient(struct reader *r, struct seal *s, str value)
{
    struct age_recipient recipient;
    struct err ignored = {0};

    if (!age_recipient_parse(value, &recipient, &ignored))
        return refuse(r, "this is not an age recipient");
    if (s->recipient_count == AGE_RECIPIENTS_MAX)
        return refuse(r, "there are too many recipients");
    return seal_recipient_add(s, &recipient) || refuse(r, "this recipient is there already");
}

static bool read_key(struct reader *r, struct seal *s, str value)
{
    if (value.len || s->key.len)
        return refuse(r, "one 'key' is expected, by itself");
    return next_line(r) ? take_armor(r, &s->key) : refuse(r, "the key is missing");
}

static bool take_mark(struct reader *r, uint8_t ret[SEAL_MARK])
{
    str hex;

    if (!take_value(r, "mark", &hex))
        return false;
    return hex_read(hex, ret, SEAL_MARK) || refuse(r, "a mark is 64 hexadecimal digits");
}

static bool take_entry(struct reader *r, struct sealed *to)
{
    str nothing;
    struct err ignored = {0};

    if (!seal_name_check(to->entry.name, &ignored))
        return refuse(r, "this name can't be a secret's");
    if (!take_value(r, "function", &to->entry.function))
        return false;
    if (!seal_function_check(to->entry.function, &ignored))
        return refuse(r, "this name can't be a function's");
    if (!take_value(r, "changed", &to->entry.changed))
        return false;
    if (!seal_date_is_well_formed(to->entry.changed))
        return refuse(r, "a date is written as 2026-01-31");
    if (!take_mark(r, to->mark) || !next_line(r))
        return r->e->code ? false : refuse(r, "a sealed value is expected here");
    to->entry.rotate = has_word(r, "rotate", &nothing) && !nothing.len;
    if (to->entry.rotate && !next_line(r))
        return refuse(r, "a sealed value is expected here");
    return take_armor(r, &to->cipher);
}

static bool read_entry(struct reader *r, struct seal *s, str name)
{
    struct sealed new = {.entry.name = name};
    size_t i;

    if (s->count == SEAL_ENTRIES_MAX)
        return refuse(r, "there are too many secrets");
    if (!take_entry(r, &new))
        return false;
    i = seal_position(s, new.entry.function, name);
    if (seal_is_at(s, i, new.entry.function, name))
        return refuse(r, "this secret of this function is there already, further up");
    memmove(s->entries + i + 1, s->entries + i, (s->count - i) * sizeof(*s->entries));
    s->entries[i] = new;
    s->count++;
    return true;
}

static bool read_block(struct reader *r, struct seal *s)
{
    static const struct {
        const char *word;
        bool (*read)(struct reader *r, struct seal *s, str value);
    } blocks[] = {{"recipient", read_recipient}, {"key", read_key}, {"secret", read_entry}};
    str value;

    for (size_t i = 0; i < COUNT(blocks); i++)
        if (has_word(r, blocks[i].word, &value))
            return blocks[i].read(r, s, value);
    return refuse(r, "'recipient', 'key' or 'secret' is expected here");
}

static bool read_all(struct reader *r, struct seal *s)
{
    if (!next_line(r) || !str_is(r->line, "fnward-secrets 1"))
        return refuse(r, "the first line is not 'fnward-secrets 1'");
    while (next_line(r))
        if (r->line.len && !read_block(r, s))
            return false;
    if (!s->key.len || !s->recipient_count)
        return refuse(r, "the file has no recipient or no key");
    return true;
}

static struct seal *new_store(struct arena *a, const char *file)
{
    struct seal *s = arena_alloc(a, sizeof(*s));

    if (!s)
        return NULL;
    s->arena = a;
    s->file = arena_str(a, str_of(file)).at;
    s->entries = arena_array(a, SEAL_ENTRIES_MAX + 1, sizeof(*s->entries));
    return s->file && s->entries ? s : NULL;
}

bool seal_parse(struct arena *a, const char *file, str text, struct seal **ret, struct err *e)
{
    struct seal *s = new_store(a, file);
    str copy = arena_str(a, text);
    struct reader r = {.text = copy, .rest = copy, .e = e};

    if (!s || !copy.at)
        return err_limit(e);
    r.file = s->file;
    if (!read_all(&r, s))
        return false;
    *ret = s;
    return true;
}

bool seal_read(struct arena *a, const char *path, struct seal **ret, struct err *e)
{
    struct seal *empty;
    str text;

    if (file_read(a, path, SEAL_FILE_MAX, &text, e))
        return seal_parse(a, path, text, ret, e);
    if (e->sysno != ENOENT)
        return false;
    *e = (struct err){0};
    empty = new_store(a, path);
    if (!empty)
        return err_limit(e);
    *ret = empty;
    return true;
}
