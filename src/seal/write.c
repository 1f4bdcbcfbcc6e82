/*
 * write: the file fnward.secrets. Equal stores make equal files, and every line has one subject,
 * so that a diff shows what was done.
 */
#include "seal/parts.h"

static void add_entry(struct buf *b, const struct sealed *s)
{
    char mark[2 * SEAL_MARK];

    hex_write(mark, s->mark, sizeof(s->mark));
    buf_addf(b, "\nsecret %.*s\nfunction %.*s\nchanged %.*s\nmark %.*s\n",
             STR_ARG(s->entry.name), STR_ARG(s->entry.function), STR_ARG(s->entry.changed),
             (int)sizeof(mark), mark);
    if (s->entry.rotate)
        buf_add(b, STR("rotate\n"));
    buf_add(b, s->cipher);
}

void seal_text(const struct seal *s, struct buf *ret)
{
    buf_add(ret, STR("fnward-secrets 1\n\n"));
    for (size_t i = 0; i < s->recipient_count; i++) {
        char text[AGE_TEXT_MAX];

        age_recipient_text(&s->recipients[i], text);
        buf_addf(ret, "recipient %s\n", text);
    }
    buf_add(ret, STR("\nkey\n"));
    buf_add(ret, s->key);
    for (size_t i = 0; i < s->count; i++)
        add_entry(ret, &s->entries[i]);
}

bool seal_write(const struct seal *s, const char *path, struct err *e)
{
    CLEANUP(buf_free) struct buf b = {.max = SEAL_FILE_MAX};

    seal_text(s, &b);
    if (b.failed)
        return err_set(e, ERR_LIMIT, "'%s' would be larger than the limit of %d bytes", path,
                       SEAL_FILE_MAX);
    return file_replace(path, buf_str(&b), 0644, e);
}
