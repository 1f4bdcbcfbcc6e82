/*
 * fnward.secrets as somebody left it in a repository: refused with its place, or read; and what
 * is read is written and read back the same.
 */
#include "seal/seal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool ok)
{
    if (!ok)
        abort();
}

static void write_again(struct arena *a, const struct seal *s)
{
    CLEANUP(buf_free) struct buf first = {0};
    CLEANUP(buf_free) struct buf second = {0};
    struct seal *read;
    struct err e = {0};

    seal_text(s, &first);
    expect(seal_parse(a, "again", buf_str(&first), &read, &e));
    seal_text(read, &second);
    expect(str_equal(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct seal *s;
    struct err e = {0};

    if (seal_parse(a, "fuzz", (str){(const char *)data, size}, &s, &e))
        write_again(a, s);
    else
        expect(e.code != ERR_NONE);
    return 0;
}
