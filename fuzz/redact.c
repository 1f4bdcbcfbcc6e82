/*
 * Output cut into pieces: what a stream lets through is what the whole text becomes, and none
 * of the secrets, in no form that is known.
 *
 * The input is the text; its first bytes choose where it is cut.
 */
#include "redact/redact.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last is looked for by its first 32 bytes, and checked after 64. */
static const char *const secrets[] = {
    "abab", "ababab", "bababab c", "a longer secret, \"quoted\"\n",
    "a secret whose length is more than that of everything before, and then"};
static const char *const names[] = {"A", "B", "C", "D", "E"};

static void expect(bool ok)
{
    if (!ok)
        abort();
}

static struct redact *redactor(void)
{
    static const struct redact_key key = {"always the same"};
    static struct redact_mark marks[COUNT(secrets) * REDACT_FORMS_MAX];
    struct redact *r = NULL;
    struct err e = {0};
    size_t count = 0;

    for (uint32_t i = 0; i < COUNT(secrets); i++)
        count += redact_marks(&key, str_of(secrets[i]), i, marks + count);
    expect(redact_new(&key, marks, count, names, &r, &e));
    return r;
}

static size_t in_pieces(const struct redact *r, str text, uint8_t step, struct buf *out)
{
    struct redact_stream s = {.by = r};
    size_t found = 0;

    while (text.len) {
        str piece = str_sub(text, 0, 1 + step % 37);

        step = (uint8_t)(step * 5 + 3);
        found += redact_stream_add(&s, piece, out);
        text = str_sub(text, piece.len, text.len);
    }
    found += redact_stream_flush(&s, out);
    redact_stream_free(&s);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redact *r = redactor();
    str text = {(const char *)data, size};
    CLEANUP(buf_free) struct buf whole = {0};
    CLEANUP(buf_free) struct buf pieces = {0};
    size_t found = redact_text(r, text, &whole);

    expect(in_pieces(r, text, size ? data[0] : 0, &pieces) == found);
    expect(str_equal(buf_str(&pieces), found ? buf_str(&whole) : text));
    expect(found || !whole.len);
    for (size_t i = 0; i < COUNT(secrets); i++)
        expect(str_find_str(buf_str(&pieces), str_of(secrets[i])) == pieces.len);
    redact_free(r);
    return 0;
}
